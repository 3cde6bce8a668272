//! What a person does with a page: opens it, clicks, types, presses keys, reads. Every act waits until it can be done.

use std::cell::RefCell;
use std::fs;
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::chromium;
use crate::console::{self, Message};
use crate::place::{Place, argument};
use crate::session::{Failure, Session};

/// What does not come within this time does not come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A Chromium with a window of 1280 by 900, a profile of its own and nothing open.
pub(crate) struct Browser {
    pub(crate) session: Session,
    /// What its console has said so far.
    pub(crate) said: RefCell<Vec<Message>>,
}

impl Browser {
    /// Starts one, as soon as fewer than two run. Where there is no Chromium it says so and gives none.
    pub(crate) fn start() -> Option<Self> {
        let browser = Self { session: Session::start()?, said: RefCell::default() };
        console::listen(&browser);
        Some(browser)
    }

    /// Opens a page and waits until it and what it names are loaded; what its scripts do then is not waited for.
    #[track_caller]
    pub(crate) fn open(&self, uri: &str) {
        done(self.session.ask("POST", "/url", &json!({ "url": uri })));
    }

    /// The address of the page.
    #[track_caller]
    pub(crate) fn address(&self) -> String {
        done(self.session.ask("GET", "/url", &Value::Null)).as_str().unwrap().to_owned()
    }

    /// Loads the page anew.
    #[track_caller]
    pub(crate) fn reload(&self) {
        done(self.session.ask("POST", "/refresh", &json!({})));
    }

    /// Goes back, as with the browser's button.
    #[track_caller]
    pub(crate) fn back(&self) {
        done(self.session.ask("POST", "/back", &json!({})));
    }

    /// Clicks, as soon as the element is shown, enabled and not covered.
    #[track_caller]
    pub(crate) fn click(&self, place: Place<'_>) {
        self.act(place, |element| {
            let enabled = self.session.ask("GET", &format!("/element/{element}/enabled"), &Value::Null)?;
            if enabled == false {
                return Ok(None);
            }
            self.session.ask("POST", &format!("/element/{element}/click"), &json!({})).map(Some)
        });
    }

    /// Types a text into the field with this label, instead of what was in it.
    #[track_caller]
    pub(crate) fn type_into(&self, label: &str, text: &str) {
        self.fill(Place::Label(label), text);
    }

    /// The same for a field that is named otherwise.
    #[track_caller]
    pub(crate) fn fill(&self, place: Place<'_>, text: &str) {
        self.act(place, |element| {
            self.session.ask("POST", &format!("/element/{element}/clear"), &json!({}))?;
            let typed = json!({ "text": text });
            self.session.ask("POST", &format!("/element/{element}/value"), &typed).map(Some)
        });
    }

    /// Chooses an option of the list with this label, by what it says.
    #[track_caller]
    pub(crate) fn choose(&self, label: &str, option: &str) {
        let pick = "const [list, wanted] = arguments;
            const option = [...list.options].find(option => option.label.trim() === wanted);
            if (!option) return null;
            list.value = option.value;
            list.dispatchEvent(new Event('input', { bubbles: true }));
            list.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        self.act(Place::Label(label), |element| {
            let chosen = json!({ "script": pick, "args": [argument(element), option] });
            Ok(self.session.ask("POST", "/execute/sync", &chosen)?.as_bool())
        });
    }

    /// Presses keys one after another, wherever the focus is: names as in `KeyboardEvent.key` with spaces between them,
    /// such as `Tab Tab Enter`, `Shift+Tab`, `Escape`, `ArrowDown`, `Control+a`. A space is `Space`.
    #[track_caller]
    pub(crate) fn press(&self, keys: &str) {
        let mut actions = Vec::new();
        for chord in keys.split_whitespace() {
            let codes: Vec<String> = chord.split('+').map(key).collect();
            actions.extend(codes.iter().map(|code| json!({ "type": "keyDown", "value": code })));
            actions.extend(codes.iter().rev().map(|code| json!({ "type": "keyUp", "value": code })));
        }
        let keyboard = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        done(self.session.ask("POST", "/actions", &keyboard));
    }

    /// Role and accessible name of what has the focus, as a screen reader would say them.
    #[track_caller]
    pub(crate) fn focused(&self) -> (String, String) {
        let active = done(self.session.ask("GET", "/element/active", &Value::Null));
        let element = active.as_object().and_then(|object| object.values().next()).cloned();
        let element = element.as_ref().and_then(Value::as_str).unwrap().to_owned();
        let of = |what: &str| {
            let found = done(self.session.ask("GET", &format!("/element/{element}/{what}"), &Value::Null));
            found.as_str().unwrap_or_default().to_owned()
        };
        (of("computedrole"), of("computedlabel"))
    }

    /// Presses Tab until this has the focus.
    #[track_caller]
    pub(crate) fn reach(&self, role: &str, name: &str) {
        let wanted = (role.to_owned(), name.to_owned());
        let mut passed = Vec::new();
        while self.focused() != wanted {
            passed.push(self.focused());
            assert!(passed.len() < 80, "{role} {name} is never reached: {passed:?}");
            self.press("Tab");
        }
    }

    /// Presses the keys of a text, one after another.
    #[track_caller]
    pub(crate) fn type_keys(&self, text: &str) {
        let key = |letter: char| if letter == ' ' { "Space".to_owned() } else { letter.to_string() };
        self.press(&text.chars().map(key).collect::<Vec<_>>().join(" "));
    }

    /// Waits until this is shown.
    #[track_caller]
    pub(crate) fn wait_for(&self, place: Place<'_>) {
        self.act(place, |_| Ok(Some(())));
    }

    /// Waits until this is shown no more.
    #[track_caller]
    pub(crate) fn wait_until_gone(&self, place: Place<'_>) {
        self.until(&format!("{place:?} to go"), || Ok(self.find(place)?.is_none().then_some(())));
    }

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub(crate) fn wait_until(&self, expression: &str) {
        let script = json!({ "script": format!("return Boolean({expression});"), "args": [] });
        self.until(expression, || {
            Ok((self.session.ask("POST", "/execute/sync", &script)? == true).then_some(()))
        });
    }

    /// Whether this is shown now.
    #[track_caller]
    pub(crate) fn shows(&self, place: Place<'_>) -> bool {
        match self.find(place) {
            Ok(found) => found.is_some(),
            Err(failure) => panic!("{place:?}: {failure}"),
        }
    }

    /// The text that is shown in an element, as soon as that is there.
    #[track_caller]
    pub(crate) fn text(&self, place: Place<'_>) -> String {
        let text = self.act(place, |element| {
            self.session.ask("GET", &format!("/element/{element}/text"), &Value::Null).map(Some)
        });
        text.as_str().unwrap_or_default().to_owned()
    }

    /// A property of an element, such as `value` or `checked`, as soon as that is there.
    #[track_caller]
    pub(crate) fn property(&self, place: Place<'_>, name: &str) -> Value {
        self.act(place, |element| {
            self.session.ask("GET", &format!("/element/{element}/property/{name}"), &Value::Null).map(Some)
        })
    }

    /// What a script returns. It is the body of a function with these `arguments`; what it promises is awaited, for at
    /// most 200 seconds. What it throws stops the test. The page's content security policy does not hold it.
    #[track_caller]
    pub(crate) fn script(&self, script: &str, arguments: &[Value]) -> Value {
        done(self.session.ask("POST", "/execute/sync", &json!({ "script": script, "args": arguments })))
    }

    /// The page's marks and measures: name, start and duration in milliseconds.
    #[track_caller]
    pub(crate) fn performance_marks(&self) -> Vec<(String, f64, f64)> {
        let script = "return ['mark', 'measure'].flatMap(kind => performance.getEntriesByType(kind))
            .map(entry => [entry.name, entry.startTime, entry.duration]);";
        let entries = self.script(script, &[]);
        let of = |entry: &Value| {
            let name = entry[0].as_str().unwrap_or_default().to_owned();
            (name, entry[1].as_f64().unwrap_or_default(), entry[2].as_f64().unwrap_or_default())
        };
        entries.as_array().into_iter().flatten().map(of).collect()
    }

    /// A picture of the window, as `target/screenshots/NAME.png`.
    #[track_caller]
    pub(crate) fn screenshot(&self, name: &str) {
        let picture = done(self.session.ask("GET", "/screenshot", &Value::Null));
        let picture = Base64::decode_vec(picture.as_str().unwrap()).unwrap();
        fs::write(chromium::screenshots().join(format!("{name}.png")), picture).unwrap();
    }

    /// Does something with an element, as soon as that is there and lets it be done.
    #[track_caller]
    pub(crate) fn act<T>(&self, place: Place<'_>, act: impl Fn(&str) -> Result<Option<T>, Failure>) -> T {
        self.until(&format!("{place:?}"), || match self.find(place)? {
            Some(element) => act(&element),
            None => Ok(None),
        })
    }

    #[track_caller]
    fn until<T>(&self, what: &str, look: impl Fn() -> Result<Option<T>, Failure>) -> T {
        let begin = Instant::now();
        let mut last;
        loop {
            match look() {
                Ok(Some(found)) => return found,
                Ok(None) => last = String::new(),
                Err(failure) if failure.is_passing() => last = format!(" ({failure})"),
                Err(failure) => panic!("{what}: {failure}"),
            }
            if begin.elapsed() > PATIENCE {
                panic!("waited in vain for {what}{last}; {}", self.sight());
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// What somebody would see instead of what was expected.
    fn sight(&self) -> String {
        self.screenshot("in-vain");
        let text = self.script("return document.body?.innerText ?? ''", &[]);
        let console: Vec<String> = self.console().iter().map(ToString::to_string).collect();
        format!(
            "at {} the page shows:\n{}\nthe console says:\n{}\n(target/screenshots/in-vain.png)",
            self.address(),
            text.as_str().unwrap_or_default(),
            console.join("\n")
        )
    }
}

#[track_caller]
fn done<T>(answer: Result<T, Failure>) -> T {
    match answer {
        Ok(value) => value,
        Err(failure) => panic!("{failure}"),
    }
}

/// WebDriver's code for a key.
fn key(name: &str) -> String {
    let code = match name {
        "Alt" => '\u{e00a}',
        "ArrowDown" => '\u{e015}',
        "ArrowLeft" => '\u{e012}',
        "ArrowRight" => '\u{e014}',
        "ArrowUp" => '\u{e013}',
        "Backspace" => '\u{e003}',
        "Control" => '\u{e009}',
        "Delete" => '\u{e017}',
        "End" => '\u{e010}',
        "Enter" => '\u{e007}',
        "Escape" => '\u{e00c}',
        "Home" => '\u{e011}',
        "PageDown" => '\u{e00f}',
        "PageUp" => '\u{e00e}',
        "Shift" => '\u{e008}',
        "Space" => ' ',
        "Tab" => '\u{e004}',
        other => {
            let mut letters = other.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => letter,
                _ => panic!("no key is called {other}"),
            }
        }
    };
    code.to_string()
}
