//! Each file as people see it: what it is, and every certificate in it.

use std::rc::Rc;

use engine_wording::escape;
use sycamore::prelude::*;

use super::file::{Certificate, Content, File};
use super::take::{self, Taken};
use super::{order, status};
use crate::engine::contract::CrlKeys;
use crate::engine::said;
use crate::text::{self, description, preview, verdict};
use crate::widget::notice::{Weight, badge, engine_problem, notice};
use crate::widget::{chain, time};

/// A file with its number among the files of this visit.
pub(crate) fn file(taken: Taken, number: usize, file: &Rc<File>) -> View {
    let name = escape(&file.name);
    let label = text::with(preview::FORGET, &[("name", &name)]);
    let content = content(taken, file);
    view! {
        section(class="card file") {
            div(class="head") {
                h2 { (name) }
                button(r#type="button", aria-label=label, on:click=move |_| take::forget(taken, Some(number))) {
                    (preview::FORGET_SHORT)
                }
            }
            (content)
        }
    }
}

fn content(taken: Taken, file: &Rc<File>) -> View {
    match &file.content {
        Content::Certificates { form, certificates } => of_certificates(form, certificates),
        Content::Lists(lists) => {
            let (lists, status) = (of_lists(taken, lists), status::of(taken, file));
            view! { (lists) (status) }
        }
        Content::Response(carried) => {
            let (response, status) = (of_response(&file.octets, carried), status::of(taken, file));
            view! { (response) (status) }
        }
        Content::Request(fields) => {
            let more = view! { p { (preview::REQUEST_MORE) } };
            let what = notice(Weight::Note, preview::REQUEST, more);
            let fields = crate::widget::description::description(fields);
            view! { (what) (fields) }
        }
        Content::Secret(problem) => {
            let why = engine_problem(problem);
            view! { (why) p { (preview::SECRET) } }
        }
        Content::TooLarge(size) => {
            let words = [("size", megabytes(*size)), ("most", megabytes(super::file::MAXIMUM_OCTETS))];
            let words = words.each_ref().map(|(name, value)| (*name, value.as_str()));
            notice(Weight::Bad, text::with(preview::TOO_LARGE, &words), View::new())
        }
        Content::Unusable(problem) => engine_problem(problem),
    }
}

fn megabytes(octets: f64) -> String {
    format!("{:.0}", octets / 1_048_576.0)
}

fn of_certificates(form: &str, certificates: &[Certificate]) -> View {
    // a PKCS #7 message is a set (RFC 2315 9.1): only plain PEM has an order that somebody chose
    let is_text = form == "pem";
    let known = preview::FORMS.iter().find(|(word, _)| *word == form);
    let form = known.map_or(form, |(_, said)| said).to_owned();
    let count = text::counted(certificates.len(), preview::ONE_CERTIFICATE, preview::CERTIFICATES);
    let order = if is_text && order::is_out_of_order(certificates) {
        notice(Weight::Warning, preview::OUT_OF_ORDER, view! { p { (preview::RIGHT_ORDER) } })
    } else {
        View::new()
    };
    let chains: Vec<View> = if certificates.len() > 1 {
        let chains = order::chains(certificates);
        chains.iter().map(|one| chain::chain(verdict::OF_FILES, &order::links(certificates, one))).collect()
    } else {
        Vec::new()
    };
    let is_alone = certificates.len() == 1;
    let shown: Vec<View> =
        certificates.iter().map(|one| if is_alone { certificate(one) } else { folded(one) }).collect();
    view! {
        p { (form) ": " (count) }
        (order)
        (chains)
        (shown)
    }
}

/// One of several, folded behind its name.
fn folded(certificate: &Certificate) -> View {
    let name = called(certificate);
    let content = self::certificate(certificate);
    view! {
        details {
            summary { (name) }
            (content)
        }
    }
}

fn called(certificate: &Certificate) -> String {
    let keys = &certificate.keys;
    keys.common_name.as_deref().map_or_else(|| chain::named(&keys.subject), escape)
}

/// A certificate: what it is called, how long it still holds, and what is in it.
pub(crate) fn certificate(certificate: &Certificate) -> View {
    let keys = &certificate.keys;
    let name = called(certificate);
    let left = time::left(&said::moment(keys.not_before), &said::moment(keys.not_after));
    let kind = if keys.authority { description::AUTHORITY } else { description::NO_AUTHORITY };
    let (kind, key) = (badge(Weight::Note, kind), badge(Weight::Note, keys.key.clone()));
    let fields = crate::widget::description::description(&certificate.description);
    view! {
        article(class="certificate") {
            h3 { (name) }
            p { (left) " " (kind) " " (key) }
            (fields)
        }
    }
}

fn of_lists(taken: Taken, lists: &[(Vec<u8>, CrlKeys)]) -> View {
    let count = text::counted(lists.len(), preview::ONE_LIST, preview::LISTS);
    let shown: Vec<View> = lists.iter().map(|(list, keys)| of_list(taken, list, keys)).collect();
    view! {
        p { (count) }
        (shown)
        p(class="aside") { (preview::LIST_MORE) }
    }
}

/// What a list says of itself, each field with its name and its identifier (RFC 5280 5.1, 5.2.3).
fn of_list(taken: Taken, list: &[u8], keys: &CrlKeys) -> View {
    let (issuer, key) = (chain::named(&keys.issuer), keys.issuer_key.clone());
    let number = keys.number.clone().unwrap_or_else(|| preview::NOT_GIVEN.to_owned());
    let this_update = time::moment(&said::moment(keys.this_update));
    let next_update = keys.next_update.map(|next| time::moment(&said::moment(next)));
    let next_update = next_update.unwrap_or_else(|| preview::NOT_GIVEN.into());
    let standing = standing(keys);
    let (fingerprint, size) = (status::fingerprint(list), octets(list));
    let at_hand = move || {
        let files = taken.files.get_clone();
        let by_name = |one: &&Certificate| one.keys.subject_key == key;
        let found = files.iter().flat_map(|file| file.certificates()).find(by_name);
        found.map_or(preview::ISSUER_ABSENT, |_| preview::ISSUER_THERE)
    };
    view! {
        dl(class="values") {
            dt { (preview::LIST_ISSUER) } dd { (issuer) span(class="beside") { (at_hand()) } }
            dt { (preview::LIST_NUMBER) span(class="beside") { (preview::LIST_NUMBER_OID) } } dd { (number) }
            dt { (preview::THIS_UPDATE) } dd { (this_update) }
            dt { (preview::NEXT_UPDATE) } dd { (next_update) " " (standing) }
            dt { (preview::FINGERPRINT) } dd { code { (fingerprint) } }
            dt { (preview::SIZE) } dd { (size) }
        }
    }
}

/// Whether a newer list should be there by now, by the clock of this machine.
fn standing(keys: &CrlKeys) -> View {
    let now = time::now();
    match keys.next_update {
        _ if now < keys.this_update => badge(Weight::Warning, preview::NOT_YET),
        Some(next) if next < now => badge(Weight::Warning, preview::OVERDUE),
        _ => View::new(),
    }
}

fn octets(octets: &[u8]) -> String {
    text::counted(octets.len(), preview::ONE_OCTET, preview::OCTETS)
}

fn of_response(response: &[u8], carried: &[Certificate]) -> View {
    let count = text::counted(carried.len(), preview::ONE_CARRIED, preview::CARRIED);
    let shown: Vec<View> = carried.iter().map(certificate).collect();
    let (fingerprint, size) = (status::fingerprint(response), octets(response));
    view! {
        p { (preview::RESPONSE) " " (count) }
        dl(class="values") {
            dt { (preview::FINGERPRINT) } dd { code { (fingerprint) } }
            dt { (preview::SIZE) } dd { (size) }
        }
        (shown)
        p(class="aside") { (preview::RESPONSE_MORE) }
    }
}
