//! Files and texts that go into a page and come out of it: dropped, chosen, pasted, downloaded.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::place::{Place, argument};

/// Drops real `File`s on an element, as a person's mouse would: over it first, and only where the page lets them be
/// dropped.
const DROP: &str = r"
const [target, files] = arguments;
const carried = new DataTransfer();
for (const [name, octets] of files)
  carried.items.add(new File([Uint8Array.from(atob(octets), letter => letter.charCodeAt(0))], name));
const box = target.getBoundingClientRect();
const tell = kind => target.dispatchEvent(new DragEvent(kind, {
  bubbles: true, cancelable: true, composed: true, dataTransfer: carried,
  clientX: box.x + box.width / 2, clientY: box.y + box.height / 2,
}));
tell('dragenter');
const refused = tell('dragover');
if (!refused) tell('drop');
return !refused;
";

impl Browser {
    /// Drops files on an element. A page that does not stop the browser from opening them itself gets none, and the test
    /// ends.
    #[track_caller]
    pub(crate) fn drop_files(&self, place: Place<'_>, files: &[(&str, &[u8])]) {
        let files: Vec<[String; 2]> =
            files.iter().map(|(name, octets)| [(*name).to_owned(), Base64::encode_string(octets)]).collect();
        let taken = self.act(place, |element| {
            let script = json!({ "script": DROP, "args": [argument(element), files] });
            self.session.ask("POST", "/execute/sync", &script).map(Some)
        });
        assert_eq!(taken, true, "{place:?} takes no files: nothing there prevents the default of `dragover`");
    }

    /// Chooses files in the `<input type=file>` that a selector names, which need not be shown itself.
    #[track_caller]
    pub(crate) fn choose_files(&self, selector: &str, files: &[(&str, &[u8])]) {
        let paths: Vec<String> = files
            .iter()
            .map(|(name, octets)| {
                let path = self.session.directory.join("files").join(name);
                fs::write(&path, octets).unwrap();
                path.to_str().unwrap().to_owned()
            })
            .collect();
        self.wait_until(&format!("document.querySelector({})", Value::from(selector)));
        let find = json!({ "using": "css selector", "value": selector });
        let found = self.session.ask("POST", "/element", &find).unwrap_or_else(|failure| panic!("{failure}"));
        let id = found.as_object().and_then(|object| object.values().next()).and_then(Value::as_str).unwrap();
        let typed = json!({ "text": paths.join("\n") });
        let chosen = self.session.ask("POST", &format!("/element/{id}/value"), &typed);
        chosen.unwrap_or_else(|failure| panic!("{selector}: {failure}"));
    }

    /// Pastes a text where the focus is, through the clipboard and Control+V.
    #[track_caller]
    pub(crate) fn paste(&self, text: &str) {
        let may = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        let granted = self.session.devtools("Browser.grantPermissions", &may);
        granted.unwrap_or_else(|failure| panic!("{failure}"));
        self.script("return navigator.clipboard.writeText(arguments[0])", &[json!(text)]);
        self.press("Control+v");
    }

    /// The octets of a file that the page lets people download, as soon as they are all there.
    #[track_caller]
    pub(crate) fn downloaded(&self, name: &str) -> Vec<u8> {
        let path = self.session.directory.join("downloads").join(name);
        let begin = Instant::now();
        // Chromium writes under another name and renames at the end
        while !path.exists() {
            let there = listed(path.parent().unwrap());
            assert!(begin.elapsed() < Duration::from_secs(30), "no {name} was downloaded, but {there:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        fs::read(path).unwrap()
    }
}

fn listed(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().filter_map(Result::ok).map(|entry| entry.path()).collect()
}
