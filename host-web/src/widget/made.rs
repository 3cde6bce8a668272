//! What keys are made for, and what was made: requests and certificates as PEM, to copy or to keep as a file.

use sycamore::prelude::*;

use super::{download, notice};
use crate::document::outcome::Made;
use crate::document::plan::Unsigned;
use crate::text::{self, common, trial};

/// What would be made.
pub(crate) fn planned(unsigned: &[Unsigned]) -> View {
    if unsigned.is_empty() {
        return View::new();
    }
    let items: Vec<View> = unsigned
        .iter()
        .map(|one| {
            let sentence =
                if one.years.is_some() { trial::KEY_AND_CERTIFICATE } else { trial::KEY_AND_REQUEST };
            let node = one.node.as_deref().unwrap_or(trial::MANY_SERVERS);
            let (bits, years) = (one.bits.to_string(), one.years.unwrap_or_default().to_string());
            let values = [
                ("purpose", one.purpose.as_str()),
                ("node", node),
                ("type", &one.key_type.to_uppercase()),
                ("bits", &bits),
                ("hash", &one.hash),
                ("years", &years),
            ];
            let said = text::with(sentence, &values);
            view! { li { (said) } }
        })
        .collect();
    view! {
        h3 { (trial::WOULD_BE_MADE) }
        ul(class="findings") { (items) }
    }
}

/// What was made.
pub(crate) fn made(made: &[Made]) -> View {
    let shown: Vec<View> = made.iter().map(one).collect();
    shown.into()
}

fn one(made: &Made) -> View {
    let heading = if made.kind == "request" { trial::REQUEST_MADE } else { trial::CERTIFICATE_MADE };
    let node = made.node.as_deref().unwrap_or(common::EVERY_NODE);
    let heading = text::with(heading, &[("purpose", made.purpose.as_str()), ("node", node)]);
    let ending = if made.kind == "request" { "csr" } else { "pem" };
    let name = format!("{}-{}.{ending}", made.purpose, made.node.as_deref().unwrap_or("ms"));
    let pem = pem(&heading, &made.pem, name);
    notice::notice(notice::Weight::Good, heading, pem)
}

/// PEM with a button to copy it and one to keep it as a file of this name.
pub(crate) fn pem(label: &str, pem: &str, name: String) -> View {
    let (shown, copied, kept, label) = (pem.to_owned(), pem.to_owned(), pem.to_owned(), label.to_owned());
    let said = create_signal("");
    let copy = move |_| {
        download::copy(&copied);
        said.set(trial::COPIED);
    };
    let save = move |_| download::save(&name, "application/x-pem-file", kept.as_bytes());
    view! {
        pre(tabindex="0", role="region", aria-label=label) { (shown) }
        div(class="buttons") {
            button(r#type="button", on:click=copy) { (trial::COPY) }
            button(r#type="button", on:click=save) { (trial::DOWNLOAD) }
            span(role="status") { (said.get()) }
        }
    }
}
