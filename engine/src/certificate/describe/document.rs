//! The description as one JSON document. Members stand in one fixed order, so that every host writes the
//! same bytes; lines that belong to another are nested under its `fields`.

use serde::Serialize;

use super::{Field, describe, describe_request};
use crate::certificate::Certificate;
use crate::certificate::signing_request::SigningRequest;

/// A line and the lines that belong to it.
#[derive(Serialize)]
struct Node {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    critical: Option<bool>,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Self>,
}

#[derive(Serialize)]
struct Document {
    fields: Vec<Node>,
}

/// The same as [`describe`], as JSON.
#[must_use]
pub fn describe_document(certificate: &Certificate) -> String {
    written(describe(certificate))
}

/// The same as [`describe_request`], as JSON.
#[must_use]
pub fn describe_request_document(request: &SigningRequest) -> String {
    written(describe_request(request))
}

fn written(fields: Vec<Field>) -> String {
    // Strings, booleans and lists always serialise.
    serde_json::to_string(&Document { fields: nest(fields) }).unwrap_or_default()
}

/// Puts every line under the last one above that is less deep.
fn nest(fields: Vec<Field>) -> Vec<Node> {
    let mut open: Vec<(u8, Node)> = Vec::new();
    let mut roots = Vec::new();
    for field in fields {
        while open.last().is_some_and(|(depth, _)| *depth >= field.depth) {
            close(&mut open, &mut roots);
        }
        let oid = field.oid.map(|oid| oid.to_string());
        let node = Node {
            label: field.label,
            oid,
            critical: field.critical,
            value: field.value,
            fields: Vec::new(),
        };
        open.push((field.depth, node));
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

fn close(open: &mut Vec<(u8, Node)>, roots: &mut Vec<Node>) {
    let Some((_, node)) = open.pop() else { return };
    match open.last_mut() {
        Some((_, parent)) => parent.fields.push(node),
        None => roots.push(node),
    }
}
