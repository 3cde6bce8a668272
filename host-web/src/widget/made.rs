//! What keys are made for, and what was made: requests and certificates as PEM, to copy or to keep as a file.

use data_encoding::HEXLOWER;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::{download, notice};
use crate::document::entry::Listed;
use crate::document::outcome::Made;
use crate::document::plan::Unsigned;
use crate::engine;
use crate::server::{Asked, encoded};
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
    let name = create_signal(format!("{}-{}.{ending}", made.purpose, made.node.as_deref().unwrap_or("ms")));
    if made.kind == "certificate" {
        let pem = made.pem.clone();
        spawn_local_scoped(async move {
            if let Some(called) = file_name(&pem).await {
                name.set(format!("{called}.{ending}"));
            }
        });
    }
    let pem = pem(&heading, &made.pem, name);
    notice::notice(notice::Weight::Good, heading, pem)
}

/// The name of a certificate's file: its common name, and with its serial number where another certificate is called the
/// same (R-CSR-13, R-SS-4).
async fn file_name(pem: &str) -> Option<String> {
    let engine = engine::engine().await.ok()?;
    let bundle = engine.read_bundle(pem.as_bytes()).ok()?;
    let keys = engine.index_keys(bundle.certificates.first()?).ok()?;
    let (name, fingerprint) = (keys.common_name?, HEXLOWER.encode(&keys.fingerprint));
    let path = format!("/api/v1/certificates?limit=500&common_name={}", encoded(&name));
    let listed = Asked::get(path).document::<Listed>().await;
    let is_taken = listed.is_ok_and(|listed| {
        let mut others = listed.items.iter().filter(|other| other.fingerprint != fingerprint);
        // file systems may take letters of either case for the same
        others.any(|other| other.common_name.eq_ignore_ascii_case(&name))
    });
    let name = if is_taken { format!("{name}_{}", keys.serial_number) } else { name };
    Some(download::file_name(&name)).filter(|name| !name.is_empty())
}

/// PEM with a button to copy it and one to keep it as a file of this name.
pub(crate) fn pem(label: &str, pem: &str, name: Signal<String>) -> View {
    let (shown, copied, kept, label) = (pem.to_owned(), pem.to_owned(), pem.to_owned(), label.to_owned());
    let said = create_signal("");
    let copy = move |_| {
        download::copy(&copied);
        said.set(trial::COPIED);
    };
    let save =
        move |_| download::save(&name.get_clone_untracked(), "application/x-pem-file", kept.as_bytes());
    view! {
        pre(tabindex="0", role="region", aria-label=label) { (shown) }
        div(class="buttons") {
            button(r#type="button", on:click=copy) { (trial::COPY) }
            button(r#type="button", on:click=save) { (trial::DOWNLOAD) }
            span(class="aside") { (name.get_clone()) }
            span(role="status") { (said.get()) }
        }
    }
}
