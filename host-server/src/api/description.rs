//! The published description: what the handlers say of themselves, with the problems that every handler of a kind can
//! answer added from one table, and with the engine's own schemas in the place of its documents.

use serde_json::{Value, json};
use utoipa::OpenApi;

use super::access::{ANY_METHOD, PERMISSIONS};
use super::document;
use super::error::{PROBLEM_JSON, Problem};

/// What the description says of itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Assayer",
        description = "Decides whether certificates may be trusted, says why, and looks after them.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
    ),
    components(schemas(Problem, document::PolicySettings)),
    tags(
        (name = "health", description = "Whether the server is up and can decide."),
        (name = "decisions", description = "Questions about certificates."),
        (name = "certificates", description = "Certificates that are kept, trust stores and requests."),
        (name = "monitoring", description = "What expires, what is judged again, and the alarms about it."),
        (name = "administration", description = "Accounts, tokens, nodes and the audit record.")
    )
)]
pub(super) struct Description;

/// Problems by status, and when they are answered.
const PROBLEMS: [(&str, When, &str); 15] = [
    ("400", When::Parameters, "A parameter or the body cannot be read."),
    ("401", When::Protected, "There is no token, or not a valid one."),
    ("403", When::Protected, "The token does not allow this."),
    ("404", When::Place, "There is no such thing."),
    ("405", When::Always, "The path does not take this method."),
    ("408", When::Body, "The body did not come in time."),
    ("412", When::Edit, "It was changed in between: `If-Match` names another version."),
    ("413", When::Body, "The body is too large."),
    ("415", When::Body, "The body is of another media type."),
    ("422", When::Body, "The body can be read, but what it holds cannot be used."),
    ("428", When::NamedEdit, "`If-Match` is missing: what is edited must be named in its version."),
    ("500", When::Always, "The server failed."),
    ("503", When::Always, "The server is overloaded or not ready; `Retry-After` says when to ask again."),
    ("507", When::Body, "No space is left for the database: nothing was changed."),
    ("507", When::Protected, "No space is left for the database: nothing was changed."),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    Body,
    Edit,
    NamedEdit,
    Parameters,
    Place,
    Protected,
}

/// The description as a document, from what the router collected.
pub(super) fn document(collected: &utoipa::openapi::OpenApi) -> String {
    let mut description = serde_json::to_value(collected).unwrap_or_default();
    if let Some(schemas) = description.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in document::SCHEMAS {
            if let (true, Some(schema)) = (schemas.contains_key(name), document::embedded(name, schema)) {
                schemas.insert(name.to_owned(), schema);
            }
        }
    }
    if let Some(paths) = description.pointer_mut("/paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                add_permission(method, path, operation);
                add_problems(path, operation);
            }
        }
    }
    if let Some(components) = description.pointer_mut("/components").and_then(Value::as_object_mut) {
        let bearer = json!({ "type": "http", "scheme": "bearer", "description": "A token of an account." });
        components.insert("securitySchemes".to_owned(), json!({ "token": bearer }));
    }
    let mut text = serde_json::to_string_pretty(&description).unwrap_or_default();
    text.push('\n');
    text
}

/// The token and the permission that an operation needs, from the table that the guard reads.
fn add_permission(method: &str, path: &str, operation: &mut Value) {
    let found =
        PERMISSIONS.iter().find(|(known, route, _)| known.eq_ignore_ascii_case(method) && *route == path);
    if let (Some((_, _, permission)), Some(operation)) = (found, operation.as_object_mut()) {
        operation.insert("security".to_owned(), json!([{ "token": [] }]));
        operation.insert("x-permission".to_owned(), json!(permission.word()));
        if ANY_METHOD.contains(&path) {
            operation.insert("x-any-method".to_owned(), json!(true));
        }
    }
}

/// The statuses that an operation can answer besides its own.
fn add_problems(path: &str, operation: &mut Value) {
    let has = |name: &str| operation.get(name).is_some_and(|found| !found.is_null());
    let body = has("requestBody");
    let applies = |when: When| match when {
        When::Always => true,
        When::Body => body,
        When::Edit => header(operation, "if-match").is_some(),
        When::NamedEdit => header(operation, "if-match").is_some_and(is_required),
        When::Parameters => body || has("parameters"),
        When::Place => path.contains('{'),
        When::Protected => has("security"),
    };
    let added: Vec<_> = PROBLEMS.iter().filter(|(_, when, _)| applies(*when)).collect();
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, _, description) in added {
        let problem = json!({
            "description": description,
            "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } }
        });
        responses.entry((*status).to_owned()).or_insert(problem);
    }
}

/// The parameter that is a header of this name.
fn header<'o>(operation: &'o Value, name: &str) -> Option<&'o Value> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.into_iter().flatten().find(|parameter| {
        let found = parameter.get("name").and_then(Value::as_str);
        parameter.get("in").and_then(Value::as_str) == Some("header")
            && found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    })
}

fn is_required(parameter: &Value) -> bool {
    parameter.get("required").and_then(Value::as_bool) == Some(true)
}
