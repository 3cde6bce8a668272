//! Every field of a certificate, with the label that administrators know and the identifier beside it (R-SHOW-4 to
//! R-SHOW-10). Fingerprints come first (R-SHOW-12), long values are folded.

use sycamore::prelude::*;

use crate::document::certificate::{Described, Field};
use crate::text::{certificate, common};
use crate::widget::notice::{Weight, badge};

/// A longer value is folded.
const FOLDED: usize = 120;
/// How much of it is seen then.
const SEEN: usize = 48;

/// Everything in it.
pub(super) fn fields(described: &Described) -> View {
    let (fingerprints, rest): (Vec<&Field>, Vec<&Field>) =
        described.fields.iter().partition(|field| field.label.ends_with(certificate::FINGERPRINT));
    let fingerprints: Vec<View> = fingerprints.into_iter().map(field).collect();
    let rest: Vec<View> = rest.into_iter().map(field).collect();
    view! {
        section(class="card") {
            h2 { (certificate::FINGERPRINTS) }
            dl(class="values") { (fingerprints) }
        }
        section(class="card") {
            h2 { (certificate::FIELDS) }
            dl(class="values") { (rest) }
        }
    }
}

fn field(from: &Field) -> View {
    let (label, oid) = (engine_wording::escape(&from.label), from.oid.clone());
    let oid = oid.map(|oid| view! { " " span(class="aside mono") { (oid) } });
    let critical = from.critical.map(|critical| {
        let (weight, word) = if critical {
            (Weight::Warning, certificate::CRITICAL)
        } else {
            (Weight::Note, certificate::NOT_CRITICAL)
        };
        badge(weight, word)
    });
    let value = from.value.as_deref().map(value);
    let below = if from.fields.is_empty() {
        View::new()
    } else {
        let below: Vec<View> = from.fields.iter().map(field).collect();
        view! { dl(class="values") { (below) } }
    };
    view! {
        dt { (label) (oid) }
        dd { (critical) " " (value) (below) }
    }
}

fn value(value: &str) -> View {
    let whole = engine_wording::escape(value);
    if whole.chars().count() <= FOLDED {
        return view! { span { (whole) } };
    }
    let begin: String = whole.chars().take(SEEN).collect();
    view! {
        details {
            summary { span(class="mono") { (begin) " …" } " " span(class="aside") { (common::MORE) } }
            span(class="mono") { (whole) }
        }
    }
}
