//! Documents that the engine makes: handed on byte for byte, described by the schemas that the command line's outputs
//! have too.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::error::ApiError;
use crate::cli::said;
use crate::component::contract::types::{self, Refusal};
use axum::http::StatusCode;

/// Every field of the certificates in a file, as the engine describes them.
#[derive(Clone, Debug)]
pub struct Inspection;

/// A verdict, as the engine writes it.
#[derive(Clone, Debug)]
pub struct VerdictDocument;

/// A decision that was recorded, as a file.
#[derive(Clone, Debug)]
pub struct CapsuleFile;

/// The settings of a policy document, in their groups, as the documents name them (R-REV-10).
#[derive(Clone, Debug)]
pub struct PolicySettings;

/// The schemas that stand in for those of the types above, by their names in the description.
pub(super) const SCHEMAS: [(&str, &str); 4] = [
    ("PolicySettings", include_str!("../../../engine/schema/policy.schema.json")),
    ("Inspection", include_str!("../../schema/inspect.schema.json")),
    ("CapsuleFile", include_str!("../../../engine/capsule/schema/capsule.schema.json")),
    ("VerdictDocument", include_str!("../../schema/verdict.schema.json")),
];

impl PartialSchema for Inspection {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().into()
    }
}

impl ToSchema for Inspection {}

impl PartialSchema for VerdictDocument {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().into()
    }
}

impl ToSchema for VerdictDocument {}

impl PartialSchema for CapsuleFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().into()
    }
}

impl ToSchema for CapsuleFile {}

impl PartialSchema for PolicySettings {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().into()
    }
}

impl ToSchema for PolicySettings {}

/// A JSON Schema as a part of the description: its own references lead into it.
pub(super) fn embedded(name: &str, schema: &str) -> Option<Value> {
    let inside = schema.replace("\"#/$defs/", &format!("\"#/components/schemas/{name}/$defs/"));
    let mut schema: Value = serde_json::from_str(&inside).ok()?;
    schema.as_object_mut()?.remove("$schema");
    Some(schema)
}

/// A document of the engine's as an answer.
pub(super) fn answer(document: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], document).into_response()
}

/// An input that the engine cannot use, in its code and in words.
pub(super) fn refused(input: &str, refusal: &Refusal) -> ApiError {
    let detail = said::refusal(input, refusal).to_string();
    let number = |name: &str| {
        refusal.details.iter().find(|detail| detail.name == name).and_then(|detail| match detail.value {
            types::Value::Number(number) => Some(number),
            _ => None,
        })
    };
    let place = number("line").zip(number("column"));
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code.clone(), detail).about(input).at(place)
}
