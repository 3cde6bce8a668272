//! What the engine refuses, in words: its codes and values given to `engine-wording`.

use super::contract::{Refusal, Value};

/// Why an input cannot be used.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    engine_wording::refusal(&refusal.code, &refusal.input, &values(refusal))
}

/// What is wrong with an input, without the input and the place in it.
pub(crate) fn sentence(refusal: &Refusal) -> String {
    engine_wording::refusal_sentence(&refusal.code, &values(refusal))
}

fn values(refusal: &Refusal) -> Vec<(&str, String)> {
    refusal.details.iter().map(|detail| (detail.name.as_str(), text(&detail.value))).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Octets(octets) => data_encoding::HEXLOWER.encode(octets),
        Value::Oid(text) | Value::Text(text) => text.clone(),
        Value::Time(seconds) => moment(*seconds),
    }
}

/// A moment as RFC 3339 writes it.
pub(crate) fn moment(seconds: i64) -> String {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "dates of certificates are far below 2^53"
    )]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(seconds as f64 * 1_000.0));
    let text = String::from(date.to_iso_string());
    text.replace(".000Z", "Z")
}
