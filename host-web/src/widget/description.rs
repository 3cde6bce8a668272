//! What is in a certificate: first what proves whose it is (R-TS-36), then everything, each field with its name and its
//! identifier (R-SHOW-4 to R-SHOW-10), and its fingerprints (R-SHOW-12).

use sycamore::prelude::*;

use super::notice::{Weight, badge};
use crate::document::description::{Description, Field};
use crate::text::{self, description as said};

/// What is shown first: holder, key and signature, then who issued it, when it holds, and its fingerprints.
const FIRST: [&str; 8] = [
    "SubjectDN",
    "Public Key",
    "Signature",
    "IssuerDN",
    "Start Date",
    "Final Date",
    "SHA-256 Fingerprint",
    "SHA-1 Fingerprint",
];
/// Values longer than this are folded.
const LONG: usize = 130;

/// The most important fields, and everything in a fold beneath them.
pub(crate) fn description(description: &Description) -> View {
    let first = FIRST.iter().filter_map(|label| description.field(label));
    let first: Vec<View> = first.map(|field| line(field, View::new())).collect();
    let all = fields(&description.fields);
    view! {
        dl(class="values") { (first) }
        details {
            summary { (said::EVERYTHING) }
            (all)
        }
    }
}

/// Fields with all that belongs to them.
pub(crate) fn fields(fields: &[Field]) -> View {
    let lines: Vec<View> = fields
        .iter()
        .map(|field| {
            let inner = if field.fields.is_empty() { View::new() } else { self::fields(&field.fields) };
            line(field, inner)
        })
        .collect();
    view! { dl(class="values") { (lines) } }
}

fn line(field: &Field, inner: View) -> View {
    let label = field.label.clone();
    let earlier = said::EARLIER.iter().find(|(known, _)| *known == field.label);
    let beside = earlier.map(|(_, earlier)| (*earlier).to_owned()).into_iter().chain(field.oid.clone());
    let beside = beside.collect::<Vec<_>>().join(" · ");
    let critical = match field.critical {
        Some(true) => badge(Weight::Note, said::CRITICAL),
        _ => View::new(),
    };
    let value = value(&field.value);
    view! {
        dt { (label) " " (critical) span(class="beside") { (beside) } }
        dd { (value) (inner) }
    }
}

/// A value; what is long is folded behind its beginning.
fn value(value: &str) -> View {
    let shown = value.to_owned();
    let length = value.chars().count();
    if length <= LONG {
        return view! { span { (shown) } };
    }
    let begin: String = value.chars().take(32).collect();
    let number = text::with(said::LONG, &[("number", &length.to_string())]);
    view! {
        details {
            summary { code { (begin) "…" } " (" (number) ")" }
            code { (shown) }
        }
    }
}
