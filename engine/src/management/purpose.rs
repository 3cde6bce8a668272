//! What there is to manage: the identity purposes and trust stores of each product, as a release has them, and those
//! that a policy document adds. Data; the operations read it.

use super::key_usage_table::{Cell, Usage, row};
use super::release::{Product, RELEASE_14, Release};
use crate::settings::document::key::{KEY_TYPES, SCOPES, word_of};
use crate::settings::management::OwnIdentity;
use crate::settings::{KeyUsageBit, Settings};

pub use crate::settings::management::{KeyType, Replication, Scope, TrustStore};

/// The purposes and trust stores of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Identity purposes.
    pub purposes: Vec<IdentityPurpose>,
    /// Trust stores.
    pub stores: Vec<TrustStore>,
}

/// A purpose for which a server has a certificate and key of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPurpose {
    /// Its name, such as `tomcat`.
    pub name: String,
    /// The family of its key (R-SS-1, R-SS-2, D-12).
    pub key_type: KeyType,
    /// The trust store that holds the authorities of its certificate.
    pub trust_store: String,
    /// Whose the certificate is.
    pub scope: Scope,
    /// A self-signed certificate may be for many servers (R-SIMP-4 to R-SIMP-12).
    pub multi_server_self_signed: bool,
    /// A certificate by an authority may be for many servers (R-KUX-9, D-16).
    pub multi_server_issued: bool,
    /// A certificate by an authority is for the publisher only (R-REP-8, R-KUX-2).
    pub publisher_only: bool,
    /// Its key signs certificates (R-KUX-4).
    pub signs: bool,
    /// The form of a self-signed certificate shows the host names (R-SS-6).
    pub names: bool,
    /// Its row of the key-usage table; empty for one that no request is made for (R-CSR-7, D-14).
    pub usages: Vec<(Usage, Cell)>,
    /// What uses it, where a policy document says so.
    pub used_by: Vec<String>,
    /// Services to restart after a change, where a policy document says so.
    pub restart: Vec<String>,
}

impl KeyType {
    /// The word used in documents and requests.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(KEY_TYPES, &self)
    }
}

impl Scope {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(SCOPES, &self)
    }
}

impl Catalogue {
    /// What `product` has in `release` (R-SIMP-1, R-TS-25 to R-TS-27), and what the settings add. What they say of a
    /// store that only another product has is not of this one.
    #[must_use]
    pub fn of(product: Product, release: Release, settings: &Settings) -> Self {
        let mut catalogue = match product {
            Product::Ucm => Self { purposes: ucm_purposes(release), stores: ucm_stores() },
            Product::Imp => Self { purposes: imp_purposes(), stores: imp_stores() },
        };
        for purpose in &mut catalogue.purposes {
            purpose.usages = row(product, &purpose.name).into_iter().flat_map(|row| row.usages()).collect();
        }
        catalogue.add(settings);
        catalogue
    }

    fn add(&mut self, settings: &Settings) {
        self.stores.extend(settings.management.stores.iter().cloned());
        let names: Vec<String> = self.stores.iter().map(|store| store.name.clone()).collect();
        for store in &mut self.stores {
            store.copied_to.take_if(|second| !names.contains(second));
        }
        let identities = settings.management.identities.iter();
        self.purposes.extend(identities.filter(|own| names.contains(&own.trust_store)).map(of_document));
    }

    /// The store that the certificate of `purpose` is copied to (R-REP-9).
    pub(super) fn second_store(&self, purpose: &IdentityPurpose) -> Option<&TrustStore> {
        self.store(self.store(&purpose.trust_store)?.copied_to.as_deref()?)
    }

    /// The identity purpose called `name`.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<&IdentityPurpose> {
        self.purposes.iter().find(|purpose| purpose.name == name)
    }

    /// The trust store called `name`.
    #[must_use]
    pub fn store(&self, name: &str) -> Option<&TrustStore> {
        self.stores.iter().find(|store| store.name == name)
    }
}

/// A purpose that a document defines. Every usage of its row is required (D-24).
fn of_document(own: &OwnIdentity) -> IdentityPurpose {
    let extended = own.extended_key_usage.iter().cloned().map(Usage::Extended);
    let key = own.key_usage.iter().copied().map(Usage::Key);
    IdentityPurpose {
        name: own.name.clone(),
        key_type: own.key_type,
        trust_store: own.trust_store.clone(),
        scope: own.scope,
        multi_server_self_signed: own.multi_server_self_signed,
        multi_server_issued: own.multi_server_issued,
        // What is the publisher's own is asked for there, too.
        publisher_only: own.publisher_only || own.scope == Scope::Publisher,
        signs: own.key_usage.contains(&KeyUsageBit::KeyCertSign),
        names: true,
        usages: extended.chain(key).map(|usage| (usage, Cell::Yes)).collect(),
        used_by: own.used_by.clone(),
        restart: own.restart.clone(),
    }
}

/// One of the product's.
fn built_in(name: &str, key_type: KeyType, trust_store: &str) -> IdentityPurpose {
    IdentityPurpose {
        name: name.to_owned(),
        key_type,
        trust_store: trust_store.to_owned(),
        scope: Scope::Node,
        multi_server_self_signed: false,
        multi_server_issued: false,
        // R-REP-8 has no release: the reference documents ask for it before 14 too, where every node has a
        // self-signed one (R-SIMP-10).
        publisher_only: name == "CAPF",
        signs: name == "CAPF",
        names: WITH_NAMES.contains(&name),
        usages: Vec::new(),
        used_by: Vec::new(),
        restart: Vec::new(),
    }
}

/// The product's purposes whose form of a self-signed certificate shows the host names (R-SS-6).
pub(super) const WITH_NAMES: [&str; 5] =
    ["tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA", "TVS"];

/// The eight of R-SIMP-1, by the rows R-SIMP-5 to R-SIMP-12; TVS by D-16.
fn ucm_purposes(release: Release) -> Vec<IdentityPurpose> {
    let later = release >= RELEASE_14;
    let shared = if later { Scope::Cluster } else { Scope::Node };
    let capf = if later { Scope::Publisher } else { Scope::Node };
    let row = |name: &str, key_type, trust_store: &str, scope, self_signed, issued| IdentityPurpose {
        scope,
        multi_server_self_signed: self_signed,
        multi_server_issued: issued,
        ..built_in(name, key_type, trust_store)
    };
    vec![
        row("CallManager", KeyType::Rsa, "CallManager-trust", shared, later, true),
        row("CallManager-ECDSA", KeyType::Ec, "CallManager-trust", shared, later, true),
        row("tomcat", KeyType::Rsa, "tomcat-trust", shared, later, true),
        row("tomcat-ECDSA", KeyType::Ec, "tomcat-trust", shared, later, true),
        row("ipsec", KeyType::Rsa, "ipsec-trust", Scope::Node, false, false),
        row("CAPF", KeyType::Rsa, "CAPF-trust", capf, later, false),
        row("TVS", KeyType::Rsa, "TVS-trust", shared, later, later),
        row("ITLRecovery", KeyType::Rsa, "CallManager-trust", shared, false, false),
    ]
}

/// The nine rows of the key-usage table (R-KU-8 to R-KU-16).
fn imp_purposes() -> Vec<IdentityPurpose> {
    let row = |name: &str, key_type, trust_store: &str, multi_server| IdentityPurpose {
        scope: if multi_server { Scope::Cluster } else { Scope::Node },
        multi_server_issued: multi_server,
        ..built_in(name, key_type, trust_store)
    };
    vec![
        row("cup", KeyType::Rsa, "cup-trust", false),
        row("cup-ECDSA", KeyType::Ec, "cup-trust", false),
        row("cup-xmpp", KeyType::Rsa, "cup-xmpp-trust", true),
        row("cup-xmpp-ECDSA", KeyType::Ec, "cup-xmpp-trust", true),
        row("cup-xmpp-s2s", KeyType::Rsa, "cup-xmpp-trust", true),
        row("cup-xmpp-s2s-ECDSA", KeyType::Ec, "cup-xmpp-trust", true),
        row("ipsec", KeyType::Rsa, "ipsec-trust", false),
        row("tomcat", KeyType::Rsa, "tomcat-trust", true),
        row("tomcat-ECDSA", KeyType::Ec, "tomcat-trust", true),
    ]
}

fn store(name: &str, replication: Replication, deletion: Replication) -> TrustStore {
    TrustStore { name: name.to_owned(), replication, deletion, publisher_only: false, copied_to: None }
}

/// R-TS-25 to R-TS-27, R-REP-1, R-REP-2, R-REP-4, R-DEL-6 to R-DEL-8. Two names are our reading: "common trust
/// store for Tomcat and web applications" is `tomcat-trust`, and `IPSec-trust` is written `ipsec-trust` like its purpose.
fn ucm_stores() -> Vec<TrustStore> {
    use Replication::{Cluster, Node};
    vec![
        store("tomcat-trust", Cluster, Cluster),
        store("CallManager-trust", Cluster, Cluster),
        store("Phone-SAST-trust", Cluster, Cluster),
        // D-21: not replicated when put in, taken out everywhere
        TrustStore { copied_to: Some("CallManager-trust".to_owned()), ..store("CAPF-trust", Node, Cluster) },
        store("ipsec-trust", Node, Node),
        store("Userlicensing-trust", Node, Node),
        store("TVS-trust", Node, Node),
        store("Phone-CTL-trust", Node, Node),
        // our reading of R-REP-4 and R-DEL-8: what is changed on the publisher only is the cluster's
        TrustStore { publisher_only: true, ..store("phone-edge-trust", Cluster, Cluster) },
    ]
}

/// The stores of the purposes above; tomcat-trust as in R-REP-1.
fn imp_stores() -> Vec<TrustStore> {
    use Replication::{Cluster, Node};
    vec![
        store("tomcat-trust", Cluster, Cluster),
        store("cup-trust", Node, Node),
        store("cup-xmpp-trust", Node, Node),
        store("ipsec-trust", Node, Node),
    ]
}

#[cfg(test)]
mod tests;
