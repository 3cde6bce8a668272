//! The purposes and trust stores there are, as the server's catalogue has them.

use serde::Deserialize;

/// The catalogue.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Catalogue {
    /// Slots for our own certificates.
    pub(crate) purposes: Vec<Purpose>,
    /// Trust stores.
    pub(crate) trust_stores: Vec<Store>,
}

/// A slot.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Purpose {
    /// Its name.
    pub(crate) name: String,
    /// `rsa` or `ec`.
    pub(crate) key_type: String,
    /// The store of its authorities.
    pub(crate) trust_store: String,
    /// A self-signed certificate may be for many servers.
    pub(crate) multi_server_self_signed: bool,
    /// A certificate by an authority may be.
    pub(crate) multi_server_issued: bool,
    /// What uses it.
    pub(crate) used_by: Vec<String>,
}

/// A trust store.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Store {
    /// Its name.
    pub(crate) name: String,
    /// What uses it besides the services of its purposes.
    pub(crate) used_by: Vec<String>,
}

impl Catalogue {
    /// What uses a slot or a store: for a store, the purposes whose authorities it holds as well.
    pub(crate) fn users(&self, kind: &str, room: &str) -> Vec<String> {
        if kind == "identity" {
            let slot = self.purposes.iter().find(|purpose| purpose.name == room);
            return slot.map(|purpose| purpose.used_by.clone()).unwrap_or_default();
        }
        let of_purposes = self.purposes.iter().filter(|purpose| purpose.trust_store == room);
        let store = self.trust_stores.iter().filter(|store| store.name == room);
        let users = of_purposes.map(|purpose| purpose.name.clone());
        users.chain(store.flat_map(|store| store.used_by.clone())).collect()
    }

    /// Every slot and every store, by name.
    pub(crate) fn rooms(&self) -> Vec<String> {
        let slots = self.purposes.iter().map(|purpose| purpose.name.clone());
        slots.chain(self.trust_stores.iter().map(|store| store.name.clone())).collect()
    }
}

/// The nodes of the cluster.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Nodes {
    /// By name.
    pub(crate) items: Vec<Node>,
}

/// A node.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// `publisher` or `subscriber`.
    pub(crate) role: String,
}

impl Nodes {
    /// Their names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.items.iter().map(|node| node.name.clone()).collect()
    }

    /// The publisher.
    pub(crate) fn publisher(&self) -> Option<&str> {
        self.items.iter().find(|node| node.role == "publisher").map(|node| node.name.as_str())
    }
}
