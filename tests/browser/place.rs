//! Which element is meant, as a person would name it: by role and accessible name, by label, by the text that is
//! shown; or by a CSS selector. Names and roles are those of Chromium's own accessibility tree.
//!
//! What is not shown is not found, except by `Css` for elements that are there to be filled by scripts.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::session::Failure;

/// An element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// The first that this selector fits and that is shown; shadow trees that are open are looked through.
    Css(&'a str),
    /// The first with this role and accessible name, as a screen reader would say them: `Role("button", "Upload")`.
    Role(&'a str, &'a str),
    /// The form's field with this label.
    Label(&'a str),
    /// The innermost that shows this text, white space apart.
    Text(&'a str),
}

/// Roles of what can be filled in.
const FIELDS: [&str; 12] = [
    "textbox",
    "searchbox",
    "combobox",
    "spinbutton",
    "checkbox",
    "switch",
    "radio",
    "listbox",
    "slider",
    "Date",
    "DateTime",
    "InputTime",
];

/// Finds by selector and by text: through the document and every open shadow tree.
const FIND: &str = r"
const [kind, wanted] = arguments;
const roots = [document];
for (let at = 0; at < roots.length; at++)
  for (const element of roots[at].querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
const shown = element => element.checkVisibility({ visibilityProperty: true });
if (kind === 'css') {
  for (const root of roots) for (const element of root.querySelectorAll(wanted)) if (shown(element)) return element;
  return null;
}
const flat = text => (text ?? '').replace(/\s+/g, ' ').trim();
const has = element => flat(element.innerText).includes(flat(wanted));
const inner = element => {
  if (!shown(element) && getComputedStyle(element).display !== 'contents') return null;
  if (!has(element)) return null;
  for (const child of element.children) { const found = inner(child); if (found) return found; }
  return element;
};
for (const root of roots)
  for (const element of root === document ? [document.body] : root.children) {
    const found = element && inner(element);
    if (found) return found;
  }
return null;
";

/// The name under which WebDriver speaks of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// The element, as WebDriver knows it, if it is there now.
    pub(crate) fn find(&self, place: Place<'_>) -> Result<Option<String>, Failure> {
        let by_script = |kind: &str, wanted: &str| {
            let found = self.session.ask(
                "POST",
                "/execute/sync",
                &json!({ "script": FIND, "args": [kind, wanted] }),
            )?;
            Ok(id(&found))
        };
        match place {
            Place::Css(selector) => by_script("css", selector),
            Place::Text(text) => by_script("text", text),
            Place::Role(role, name) => self.accessible_element(name, |found| found == role),
            Place::Label(name) => self.accessible_element(name, |found| FIELDS.contains(&found)),
        }
    }

    /// The first of the accessibility tree with a name and a fitting role.
    fn accessible_element(&self, name: &str, fits: impl Fn(&str) -> bool) -> Result<Option<String>, Failure> {
        let document = self.session.devtools("DOM.getDocument", &json!({ "depth": 0 }))?;
        let asked = json!({ "backendNodeId": document["root"]["backendNodeId"], "accessibleName": name });
        let tree = self.session.devtools("Accessibility.queryAXTree", &asked)?;
        let mut nodes = tree["nodes"].as_array().into_iter().flatten();
        let found =
            nodes.find(|node| node["ignored"] == false && node["role"]["value"].as_str().is_some_and(&fits));
        let Some(found) = found else { return Ok(None) };
        let node = json!({ "backendNodeId": found["backendDOMNodeId"] });
        let object = self.session.devtools("DOM.resolveNode", &node)?["object"]["objectId"].take();
        let remember = "function () { globalThis.assayerFound = this; }";
        let call = json!({ "objectId": object, "functionDeclaration": remember });
        self.session.devtools("Runtime.callFunctionOn", &call)?;
        let taken = "const found = globalThis.assayerFound; delete globalThis.assayerFound; return found;";
        let taken = json!({ "script": taken, "args": [] });
        Ok(id(&self.session.ask("POST", "/execute/sync", &taken)?))
    }
}

fn id(value: &Value) -> Option<String> {
    value[ELEMENT].as_str().map(str::to_owned)
}

/// An element as an argument of a script.
pub(crate) fn argument(element: &str) -> Value {
    json!({ ELEMENT: element })
}
