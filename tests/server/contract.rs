//! Holds every answer to the committed description: its status is documented, its media type too, and its body meets
//! the schema.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::client::{Asked, Reply};

/// The top of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The committed description.
pub(crate) fn description() -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    DESCRIPTION.get_or_init(|| {
        let text = fs::read_to_string(project().join("host-server/openapi.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    })
}

/// Fails unless the answer is one that the description foresees. Requests to paths or with methods that it does not
/// have must be told so.
pub(crate) fn check(asked: &Asked, reply: &Reply) {
    let method = if asked.method == "HEAD" { "get".to_owned() } else { asked.method.to_lowercase() };
    let path = asked.path.split('?').next().unwrap();
    let Some(item) = item(path) else {
        assert_eq!(reply.status, 404, "{asked:?}");
        return check_problem(asked, reply);
    };
    let takes_any = item["get"]["x-any-method"] == true;
    let method = if takes_any { "get".to_owned() } else { method };
    let Some(operation) = item.get(&method) else {
        assert_eq!(reply.status, 405, "{asked:?}");
        assert!(reply.header("allow").is_some());
        return check_problem(asked, reply);
    };
    let documented = operation["responses"].get(reply.status.to_string());
    let documented = documented.unwrap_or_else(|| panic!("{} is not documented for {asked:?}", reply.status));
    if asked.method == "HEAD" || reply.body.is_empty() {
        return;
    }
    let media_type = reply.media_type();
    let content = documented["content"].get(media_type);
    let content = content.unwrap_or_else(|| panic!("`{media_type}` is not documented: {asked:?} {reply:?}"));
    if media_type.ends_with("json") {
        check_schema(&content["schema"], reply);
    }
    if reply.status >= 400 {
        check_problem(asked, reply);
    }
}

/// The description's item for a path with or without parameters.
fn item(path: &str) -> Option<&'static Value> {
    let paths = description()["paths"].as_object().unwrap();
    // Envoy appends the path of its client
    let path = match path.strip_prefix("/v1/decide/ext-authz/") {
        Some(rest) => &path[..path.len() - rest.len() + rest.find('/').unwrap_or(rest.len())],
        None => path,
    };
    let fits = |template: &str| {
        let (mut wanted, mut found) = (template.split('/'), path.split('/'));
        loop {
            match (wanted.next(), found.next()) {
                (None, None) => return true,
                (Some(wanted), Some(found)) if wanted == found || wanted.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    paths.get(path).or_else(|| paths.iter().find(|(template, _)| fits(template)).map(|(_, item)| item))
}

fn check_schema(schema: &Value, reply: &Reply) {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": description()["components"],
    });
    let validator = jsonschema::validator_for(&whole).unwrap();
    let document = reply.json();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{document}", errors.join("\n"));
}

/// A problem document says the same as the answer around it.
fn check_problem(asked: &Asked, reply: &Reply) {
    assert_eq!(reply.media_type(), "application/problem+json", "{asked:?} {reply:?}");
    if asked.method == "HEAD" {
        return;
    }
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status, "{asked:?}");
    let number = reply.header("x-request-id").unwrap();
    assert_eq!(problem["instance"], format!("urn:uuid:{number}"));
    for member in ["type", "title", "detail", "code"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member} of {problem}");
    }
}
