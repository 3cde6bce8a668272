//! One certificate: where it lies, who issued it, what is known of its revocation, and every field of it with the labels
//! and identifiers that the engine gives (R-SHOW-4 to R-SHOW-13).

mod place;
mod checks;
mod keep;

use sycamore::prelude::*;

use super::deletion;
use crate::document::catalogue::Catalogue;
use crate::document::certificate::Document;
use crate::document::description::Description;
use crate::document::entry::{Entry, Listed};
use crate::place as address;
use crate::server::load::{Loaded, load};
use crate::server::{Asked, encoded};
use crate::text::certificate;
use crate::widget::loaded::loaded;
use crate::widget::{description, validity};

/// The page.
pub(super) fn page(fingerprint: String) -> View {
    let path = format!("/api/v1/certificates/{}", encoded(&fingerprint));
    let document = load(&["certificates"], move || Asked::get(path.clone()).document::<Document>());
    let catalogue = load(&["cluster"], || Asked::get("/api/v1/catalogue").document::<Catalogue>());
    let doomed = deletion::asked();
    let dialog = deletion::dialog(doomed, || address::go("#/certificates"));
    let (found, checks) = (fingerprint.clone(), checks::checks(&fingerprint));
    let keep = keep::keep(fingerprint, document);
    let issuer = issuer(document);
    let shown = loaded(document, move |document| {
        let head = document.places.first().map(head);
        let places: Vec<View> =
            document.places.iter().map(|entry| place::place(entry, catalogue, doomed)).collect();
        view! { (head) (places) }
    });
    let fields = move || match document.get_clone() {
        Loaded::Here(document) => fields(&document.certificate),
        _ => View::new(),
    };
    view! {
        p { a(href="#/certificates") { (certificate::BACK) } }
        (shown)
        p(class="aside mono") { (found) }
        div(class="columns") { (issuer) (checks) (keep) }
        (fields())
        (dialog)
    }
}

/// Every field, as it is shown before an upload too; fingerprints are among the first (R-SHOW-12).
fn fields(described: &Description) -> View {
    let description = description::description(described);
    view! {
        section(class="card") {
            h2 { (certificate::FIELDS) }
            (description)
        }
    }
}

fn head(entry: &Entry) -> View {
    let (name, subject) = (entry.called(), engine_wording::escape(&entry.subject));
    let validity = validity::at_a_glance(&entry.not_before, &entry.not_after);
    view! {
        h1 { (name) }
        p { (subject) }
        (validity)
    }
}

/// Links to certificates here whose subject is this one's issuer. By the names alone: whether one of them has signed it is
/// the engine's to say.
fn issuer(document: ReadSignal<Loaded<Document>>) -> View {
    let names = move || document.with(issuer_names);
    let listed = load(&["certificates"], move || {
        let names = names();
        async move {
            let Some((_, common_name)) = names else { return Ok(Listed { items: Vec::new(), next: None }) };
            let path = format!("/api/v1/certificates?limit=500&common_name={}", encoded(&common_name));
            Asked::get(path).document::<Listed>().await
        }
    });
    let links = loaded(listed, move |listed: &Listed| {
        let Some((issuer, _)) = names() else { return View::new() };
        let mut found: Vec<&Entry> = listed.items.iter().filter(|entry| entry.subject == issuer).collect();
        found.dedup_by(|one, other| one.fingerprint == other.fingerprint);
        let own = document.with(|document| subject(document).is_some_and(|subject| subject == issuer));
        links(&found, own)
    });
    let name = move || names().map(|(issuer, _)| engine_wording::escape(&issuer)).unwrap_or_default();
    view! {
        section(class="card") {
            h2 { (certificate::ISSUED_BY) }
            p { (name()) }
            (links)
        }
    }
}

fn links(found: &[&Entry], is_self_issued: bool) -> View {
    if is_self_issued {
        return view! { p { (certificate::BY_ITSELF) } };
    }
    if found.is_empty() {
        return view! { p { (certificate::ISSUER_NOT_HERE) } };
    }
    let items: Vec<View> = found
        .iter()
        .map(|entry| {
            let (address, name) = (format!("#/certificates/{}", entry.fingerprint), entry.called());
            let room = entry.room.clone();
            view! { li { a(href=address) { (name) } " (" (room) ")" } }
        })
        .collect();
    view! { ul { (items) } p(class="aside") { (certificate::BY_NAME) } }
}

/// The issuer's name, and the common name in it, by which the server can be asked.
fn issuer_names(document: &Loaded<Document>) -> Option<(String, String)> {
    let Loaded::Here(document) = document else { return None };
    let issuer = document.certificate.field(certificate::ISSUER_DN)?;
    let common_name = issuer.fields.iter().rfind(|field| field.label == certificate::CN)?;
    Some((issuer.value.clone(), common_name.value.clone()))
}

fn subject(document: &Loaded<Document>) -> Option<String> {
    let Loaded::Here(document) = document else { return None };
    Some(document.certificate.value(certificate::SUBJECT_DN).to_owned())
}
