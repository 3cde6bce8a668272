//! What was entered into the form, kept in step with what is offered, and the document that is sent.

use serde_json::{Map, Value, json};
use sycamore::prelude::*;

use super::Kind;
use crate::document::catalogue::{Catalogue, Nodes};
use crate::document::offer::Offer;
use crate::server::load::Loaded;
use crate::text::issue;

/// Chosen beforehand where it is offered; shorter keys are there to be chosen on purpose.
const USUAL_BITS: u32 = 2048;

/// What was entered.
#[derive(Clone, Copy)]
pub(super) struct Entered {
    pub(super) kind: Kind,
    pub(super) purpose: Signal<String>,
    /// Empty for many servers.
    pub(super) node: Signal<String>,
    pub(super) common_name: Signal<String>,
    /// The common name that follows from purpose and node.
    default_name: Signal<String>,
    /// The rest of the subject: the API's word, the label, what was entered.
    pub(super) subject: [(&'static str, &'static str, Signal<String>); 5],
    pub(super) include_unit: Signal<bool>,
    pub(super) domains: Signal<String>,
    pub(super) parent_domain: Signal<String>,
    pub(super) bits: Signal<String>,
    pub(super) hash: Signal<String>,
    pub(super) years: Signal<String>,
    /// The node to fall back on where many servers are not offered.
    publisher: Signal<String>,
    /// Purposes that many servers may share.
    many: Signal<Vec<String>>,
}

/// The purposes that many servers may share.
pub(super) fn many_servers(kind: Kind, catalogue: &Catalogue) -> Vec<String> {
    let many = catalogue.purposes.iter().filter(|purpose| kind.many_servers(purpose));
    many.map(|purpose| purpose.name.clone()).collect()
}

impl Entered {
    /// Nothing but the first purpose on the publisher.
    pub(super) fn new(kind: Kind, catalogue: &Catalogue, nodes: &Nodes) -> Self {
        let text = |text: &str| create_signal(text.to_owned());
        let publisher = nodes.publisher().unwrap_or_default();
        let purpose = catalogue.purposes.first().map_or("", |purpose| &purpose.name);
        let subject = [
            ("organization", issue::ORGANIZATION),
            ("organizational-unit", issue::UNIT),
            ("locality", issue::LOCALITY),
            ("state", issue::STATE),
            ("country", issue::COUNTRY),
        ];
        Self {
            kind,
            purpose: text(purpose),
            node: text(publisher),
            common_name: text(""),
            default_name: text(""),
            subject: subject.map(|(word, label)| (word, label, text(""))),
            include_unit: create_signal(false),
            domains: text(""),
            parent_domain: text(""),
            bits: text(""),
            hash: text(""),
            years: text(""),
            publisher: text(publisher),
            many: create_signal(many_servers(kind, catalogue)),
        }
    }

    /// Keeps what was entered in step with what is offered.
    pub(super) fn follow(self, offer: ReadSignal<Loaded<Offer>>) {
        create_effect(move || {
            let purpose = self.purpose.get_clone();
            let is_many = self.node.with_untracked(String::is_empty);
            if is_many && !self.many.with_untracked(|many| many.contains(&purpose)) {
                self.node.set(self.publisher.get_clone_untracked());
            }
        });
        create_effect(move || {
            if let Loaded::Here(offer) = offer.get_clone() {
                self.adopt(&offer);
            }
        });
        create_effect(move || {
            let bits = self.bits.get_clone();
            let Loaded::Here(offer) = offer.get_clone() else { return };
            if let Some(first) = offer.hashes(&bits).first()
                && !offer.hashes(&bits).contains(&self.hash.get_clone_untracked())
            {
                self.hash.set(first.clone());
            }
        });
    }

    /// The default common name (R-CSR-14), unless another was entered; a length and a validity that are offered.
    fn adopt(self, offer: &Offer) {
        let name = offer.common_name.clone().unwrap_or_default();
        let entered = self.common_name.get_clone_untracked();
        if entered.is_empty() || entered == self.default_name.get_clone_untracked() {
            self.common_name.set(name.clone());
        }
        self.default_name.set(name);
        let bits: Vec<u32> = offer.lengths.iter().map(|length| length.bits).collect();
        let usual = bits.iter().find(|bits| **bits == USUAL_BITS).or_else(|| bits.first());
        fit(self.bits, &bits, usual);
        fit(self.years, &offer.years, offer.years.first());
    }

    /// The document that is sent. Whatever reads it runs again when anything is entered.
    pub(super) fn document(self, offer: ReadSignal<Loaded<Offer>>) -> Value {
        let key_type = match offer.get_clone() {
            Loaded::Here(offer) => offer.key_type,
            _ => String::new(),
        };
        let mut subject = Map::new();
        let common_name = self.common_name.get_clone();
        if common_name != self.default_name.get_clone() {
            put(&mut subject, "common-name", &common_name);
        }
        for (word, _, value) in self.subject {
            put(&mut subject, word, &value.get_clone());
        }
        subject.insert("include-organizational-unit".to_owned(), json!(self.include_unit.get()));
        let bits: u32 = self.bits.get_clone().parse().unwrap_or_default();
        let mut fields = Map::new();
        put(&mut fields, "purpose", &self.purpose.get_clone());
        put(&mut fields, "node", &self.node.get_clone());
        put(&mut fields, "parent-domain", &self.parent_domain.get_clone());
        let domains = self.domains.get_clone();
        let domains: Vec<&str> = domains.split_whitespace().collect();
        if !domains.is_empty() {
            fields.insert("domains".to_owned(), json!(domains));
        }
        fields.insert("subject".to_owned(), Value::Object(subject));
        fields.insert(
            "key".to_owned(),
            json!({ "type": key_type, "bits": bits, "hash": self.hash.get_clone() }),
        );
        let years: Option<u32> = self.years.get_clone().parse().ok();
        match self.kind {
            Kind::Request => Value::Object(fields),
            Kind::SelfSigned => json!({ "fields": fields, "years": years }),
        }
    }
}

/// Something that is offered, where what was chosen is not.
fn fit(chosen: Signal<String>, offered: &[u32], otherwise: Option<&u32>) {
    let is_offered = chosen.with_untracked(|chosen| offered.iter().any(|one| one.to_string() == *chosen));
    if !is_offered {
        chosen.set(otherwise.map(u32::to_string).unwrap_or_default());
    }
}

/// What is left empty is left out.
fn put(document: &mut Map<String, Value>, word: &str, value: &str) {
    let value = value.trim();
    if !value.is_empty() {
        document.insert(word.to_owned(), json!(value));
    }
}
