//! Keeping a copy of a certificate, octet for octet, under a name that one chooses (R-SHOW-11).

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use crate::document::certificate::Document;
use crate::server::load::Loaded;
use crate::server::{Asked, Failure, encoded};
use crate::text::certificate;
use crate::widget::{download, entry, notice};

/// Forms of the file: its media type, its ending.
const FORMS: [(&str, &str, &str); 2] = [
    (certificate::AS_PEM, "application/x-pem-file", "pem"),
    (certificate::AS_DER, "application/pkix-cert", "cer"),
];

/// The form.
pub(super) fn keep(fingerprint: String, document: ReadSignal<Loaded<Document>>) -> View {
    let (name, failed) = (create_signal(String::new()), create_signal(None::<Failure>));
    create_effect(move || {
        let called = document.with(|document| match document {
            Loaded::Here(document) => document.places.first().map(|entry| entry.called()),
            _ => None,
        });
        if let Some(called) = called
            && name.with_untracked(String::is_empty)
        {
            name.set(download::file_name(&called));
        }
    });
    let buttons: Vec<View> = FORMS
        .into_iter()
        .map(|(said, media_type, ending)| {
            let path = format!("/api/v1/certificates/{}", encoded(&fingerprint));
            let save = move |_| {
                let asked = Asked::get(path.clone());
                spawn_local_scoped(async move {
                    match asked.octets(media_type).await {
                        Ok(octets) => {
                            let wanted = download::file_name(&name.get_clone_untracked());
                            let wanted =
                                if wanted.is_empty() { certificate::FILE.to_owned() } else { wanted };
                            download::save(&format!("{wanted}.{ending}"), media_type, &octets);
                        }
                        Err(failure) => failed.set(Some(failure)),
                    }
                });
            };
            view! { button(r#type="button", on:click=save) { (said) } }
        })
        .collect();
    let line = entry::hinted(certificate::FILE_NAME, name, certificate::FILE_NAME_HINT);
    let failure = move || failed.with(|failed| failed.as_ref().map(notice::failure));
    view! {
        section(class="card") {
            h2 { (certificate::KEEP) }
            (line)
            div(class="buttons") { (buttons) }
            (failure())
        }
    }
}
