//! The state that a plan is made from: nodes, certificates in their places, pending requests. A host gives what
//! bears on the operation; what that is, each operation says.

use super::release::{Product, Release};
use crate::certificate::Certificate;
use crate::time::Instant;

/// What a host knows of a cluster when it asks for a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Which catalogue of purposes applies.
    pub product: Product,
    /// Which edition of the rules applies.
    pub release: Release,
    /// The nodes, the publisher among them.
    pub nodes: Vec<Node>,
    /// Certificates in their places.
    pub entries: Vec<Entry>,
    /// Certificates that were deleted and must not come back by replication (D-21).
    pub tombstones: Vec<Tombstone>,
    /// Signing requests that wait for their certificates, at most one for each purpose and node (R-CSR-4).
    pub requests: Vec<PendingRequest>,
    /// What is switched on in the deployment.
    pub features: Features,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name, unique in the cluster.
    pub name: String,
    /// Its role.
    pub role: NodeRole,
}

/// The role of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeRole {
    /// The first node, from which everything is managed.
    Publisher,
    /// Any other node.
    Subscriber,
}

/// Where a certificate lies: an identity slot or a trust store, on one node or on all.
///
/// An entry without a node lies on every node, and an effect without a node is for every node: a host may keep one
/// row for the cluster or one for each node. An identity certificate of a node's own stands before one of the
/// cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The slot or store.
    pub room: Room,
    /// The node; `None` for what is the cluster's.
    pub node: Option<String>,
}

/// An identity slot or a trust store, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// The slot of an identity purpose, such as `tomcat`: it holds one certificate, whose key is ours.
    Identity(String),
    /// A trust store, such as `tomcat-trust`.
    Trust(String),
}

impl Place {
    /// A place on every node.
    #[must_use]
    pub fn everywhere(room: Room) -> Self {
        Self { room, node: None }
    }

    /// A place on one node.
    #[must_use]
    pub fn on(room: Room, node: &str) -> Self {
        Self { room, node: Some(node.to_owned()) }
    }

    /// Whether it is a place of `node`, be it among others.
    #[must_use]
    pub fn is_on(&self, node: &str) -> bool {
        self.node.as_deref().is_none_or(|own| own == node)
    }
}

impl Room {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Identity(name) | Self::Trust(name) => name,
        }
    }
}

/// A certificate in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies.
    pub place: Place,
    /// The certificate.
    pub certificate: Certificate,
    /// How it came there.
    pub origin: Origin,
    /// It is not in use before this moment (D-29).
    pub active_from: Option<Instant>,
}

/// How a certificate came to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Made here and signed by its own key.
    SelfSigned,
    /// Returned by an authority for a request made here.
    Issued,
    /// Uploaded.
    Uploaded,
    /// Copied here from another place by a rule.
    Copied,
}

/// A certificate that was deleted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tombstone {
    /// Where it lay.
    pub place: Place,
    /// SHA-256 of its encoding.
    pub fingerprint: [u8; 32],
}

/// A signing request that waits for its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRequest {
    /// The identity purpose.
    pub purpose: String,
    /// The node; `None` for a multi-server request.
    pub node: Option<String>,
    /// The request, PKCS #10 in DER.
    pub der: Vec<u8>,
}

/// What is switched on in a deployment and changes what has to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the deployment, each named")]
pub struct Features {
    /// Common Criteria mode.
    pub common_criteria: bool,
    /// FIPS mode.
    pub fips: bool,
    /// Mixed mode: a certificate trust list (CTL) is in use (R-RGN-9, R-TS-34).
    pub mixed_mode: bool,
    /// SIP OAuth is enabled (R-RGN-23).
    pub sip_oauth: bool,
    /// SAML single sign-on is enabled (R-SVC-3).
    pub saml_sso: bool,
    /// Extension Mobility Cross Cluster is in use (R-RGN-21, R-RGN-22).
    pub emcc: bool,
    /// Phones are reset by hand instead of automatically when a certificate is updated (R-RGN-12, R-RGN-13).
    pub manual_phone_reset: bool,
}

impl Cluster {
    /// The publisher's name.
    #[must_use]
    pub fn publisher(&self) -> Option<&str> {
        self.nodes.iter().find(|node| node.role == NodeRole::Publisher).map(|node| node.name.as_str())
    }

    /// The node called `name`.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The certificates in `room` as `node` sees them: its own and those of the cluster.
    pub fn standing<'c>(&'c self, room: &'c Room, node: &'c str) -> impl Iterator<Item = &'c Entry> {
        self.entries.iter().filter(move |entry| entry.place.room == *room && entry.place.is_on(node))
    }

    /// The identity certificate that `node` uses for a purpose: its own before the cluster's.
    #[must_use]
    pub fn identity(&self, purpose: &str, node: &str) -> Option<&Entry> {
        let room = Room::Identity(purpose.to_owned());
        let own = |entry: &&Entry| entry.place.room == room && entry.place.node.as_deref() == Some(node);
        let shared = |entry: &&Entry| entry.place.room == room && entry.place.node.is_none();
        self.entries.iter().find(own).or_else(|| self.entries.iter().find(shared))
    }

    /// The certificates at `place`.
    pub fn at<'c>(&'c self, place: &'c Place) -> impl Iterator<Item = &'c Entry> {
        self.entries.iter().filter(move |entry| entry.place == *place)
    }
}
