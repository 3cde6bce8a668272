//! The form for a signing request or a self-signed certificate: fields that depend on each other as the engine offers them
//! (R-CSR-8, R-CSR-9, R-CSR-12, R-CSR-14, R-CSR-18, R-CSR-27, R-SS-3, R-SS-6, R-SS-11, R-SS-16), what it would do before
//! it is done, and what was made.

mod entered;

use sycamore::prelude::*;

use crate::document::catalogue::{Catalogue, Nodes, Purpose};
use crate::document::offer::Offer;
use crate::server::load::{Loaded, load};
use crate::server::{Asked, encoded, session};
use crate::text::{common, issue};
use crate::widget::loaded::loaded;
use crate::widget::trial::{self, Trial, Write};
use crate::widget::{entry, field, notice};
use entered::Entered;

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A signing request.
    Request,
    /// A self-signed certificate.
    SelfSigned,
}

impl Kind {
    const fn path(self) -> &'static str {
        match self {
            Self::Request => "/api/v1/requests",
            Self::SelfSigned => "/api/v1/self-signed",
        }
    }

    const fn form(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::SelfSigned => "self-signed",
        }
    }

    const fn many_servers(self, purpose: &Purpose) -> bool {
        match self {
            Self::Request => purpose.multi_server_issued,
            Self::SelfSigned => purpose.multi_server_self_signed,
        }
    }
}

/// The form, for those who may use it.
pub(super) fn form(kind: Kind) -> View {
    if !session::may("identities.manage") {
        return view! { p { (issue::NOT_ALLOWED) } };
    }
    let catalogue = load(&["cluster"], || Asked::get("/api/v1/catalogue").document::<Catalogue>());
    loaded(catalogue, move |catalogue| {
        let catalogue = catalogue.clone();
        let nodes = load(&["nodes"], || Asked::get("/api/v1/nodes").document::<Nodes>());
        loaded(nodes, move |nodes| filled(kind, catalogue.clone(), nodes))
    })
}

fn filled(kind: Kind, catalogue: Catalogue, nodes: &Nodes) -> View {
    let entered = Entered::new(kind, &catalogue, nodes);
    let trial = Trial::new(&["requests", "certificates"]);
    let offer = load(&["cluster", "nodes"], move || {
        let (purpose, node) = (entered.purpose.get_clone(), entered.node.get_clone());
        let node = if node.is_empty() { node } else { format!("&node={}", encoded(&node)) };
        let path = format!("/api/v1/offers/{}?form={}{node}", encoded(&purpose), kind.form());
        Asked::get(path).document::<Offer>()
    });
    entered.follow(offer);
    // what was tried is no longer what would be done
    create_effect(move || {
        entered.document(offer);
        trial.reset();
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = Some(entered.document(offer));
        trial.try_out(Write { method: "POST", path: kind.path().to_owned(), body });
    };
    let (done, make) = match kind {
        Kind::Request => (issue::REQUEST_DONE, issue::MAKE_REQUEST),
        Kind::SelfSigned => (issue::SELF_SIGNED_DONE, issue::MAKE_SELF_SIGNED),
    };
    let slot = slot(entered, &catalogue, nodes);
    let subject = subject(entered);
    let rest = move || match offer.get_clone() {
        Loaded::Waiting => trial::waiting(),
        Loaded::Here(offer) => offered(entered, &offer),
        Loaded::Failed(failure) => notice::failure(&failure),
    };
    let panel = trial::panel(trial, make, done);
    view! {
        form(class="issue", on:submit=submit) {
            div(class="columns") {
                (slot)
                (subject)
                (rest())
            }
            div(class="buttons") { button(r#type="submit", class="primary") { (crate::text::trial::PREVIEW) } }
        }
        (panel)
    }
}

/// Purpose and distribution. R-CSR-8, R-CSR-9, R-SS-3
fn slot(entered: Entered, catalogue: &Catalogue, nodes: &Nodes) -> View {
    let purposes = catalogue.purposes.iter().map(|purpose| (purpose.name.clone(), purpose.name.clone()));
    let purpose = field::choice(issue::PURPOSE, entered.purpose, purposes.collect());
    let (many, names) = (entered::many_servers(entered.kind, catalogue), nodes.names());
    let distribution = move || {
        let may_be_many = entered.purpose.with(|purpose| many.contains(purpose));
        let many = may_be_many.then(|| (String::new(), issue::MULTI_SERVER.to_owned()));
        let nodes = names.iter().map(|name| (name.clone(), name.clone())).chain(many);
        field::choice(issue::DISTRIBUTION, entered.node, nodes.collect())
    };
    view! {
        fieldset {
            legend { (issue::SLOT) }
            (purpose)
            (distribution())
        }
    }
}

/// R-CSR-12, R-CSR-14
fn subject(entered: Entered) -> View {
    let common_name = entry::hinted(issue::COMMON_NAME, entered.common_name, issue::COMMON_NAME_HINT);
    let lines: Vec<View> =
        entered.subject.into_iter().map(|(_, label, value)| field::line(label, value)).collect();
    let unit = field::switch(issue::INCLUDE_UNIT, entered.include_unit);
    view! {
        fieldset {
            legend { (issue::SUBJECT) }
            (common_name)
            (lines)
            (unit)
        }
    }
}

/// What depends on the purpose and the distribution: names where they are shown (R-SS-6, R-CSR-18), key and hash
/// (R-CSR-27, R-SS-11, R-SS-16), years.
fn offered(entered: Entered, offer: &Offer) -> View {
    let names = offer.names.then(|| {
        let domains = entry::lines(issue::DOMAINS, entered.domains, issue::DOMAINS_HINT);
        let parent = entry::hinted(issue::PARENT_DOMAIN, entered.parent_domain, issue::PARENT_DOMAIN_HINT);
        view! { fieldset { legend { (issue::NAMES) } (domains) (parent) } }
    });
    let key_type = if offer.key_type == "ec" { issue::EC } else { issue::RSA };
    let key_type = entry::fixed(issue::KEY_TYPE, key_type);
    let same = |word: String| (word.clone(), word);
    let lengths = offer.lengths.iter().map(|length| same(length.bits.to_string())).collect();
    let length = field::choice(issue::KEY_LENGTH, entered.bits, lengths);
    let known = offer.clone();
    let hash = move || {
        let hashes = known.hashes(&entered.bits.get_clone()).iter().map(|hash| same(hash.clone())).collect();
        field::choice(issue::HASH, entered.hash, hashes)
    };
    let years = (!offer.years.is_empty()).then(|| {
        let years = offer.years.iter().map(|years| same(years.to_string())).collect();
        field::choice(issue::YEARS, entered.years, years)
    });
    view! {
        (names)
        fieldset {
            legend { (issue::KEY) }
            (key_type)
            (length)
            (hash())
            (years)
        }
    }
}

/// A word for no node.
pub(super) fn node_said(node: Option<&str>) -> String {
    node.unwrap_or(issue::MULTI_SERVER).to_owned()
}

/// The choice of a node, or of the one that follows.
pub(super) fn node_choice(value: Signal<String>, nodes: &Nodes) -> View {
    let publisher = (String::new(), common::NONE.to_owned());
    let nodes = nodes.names().into_iter().map(|name| (name.clone(), name));
    field::choice(issue::DISTRIBUTION, value, [publisher].into_iter().chain(nodes).collect())
}
