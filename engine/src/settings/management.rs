//! What the administrator chose about certificates of our own: identity purposes and trust stores beside those of the
//! product, how the key-usage tables are read for requests (D-24), and what becomes of names that nobody asked for
//! (D-25). What follows from it is `management`'s; here a document says it.

use super::KeyUsageBit;
use crate::oid::Oid;

/// Everything chosen about certificates of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagementSettings {
    /// How the key-usage tables are read, unless an operation says otherwise (D-24).
    pub usage_profile: UsageProfile,
    /// What becomes of names that were not asked for, unless an operation says otherwise (D-25).
    pub extra_names: ExtraNames,
    /// Trust stores beside the product's, in the order of the document.
    pub stores: Vec<TrustStore>,
    /// Identity purposes beside the product's, in the order of the document.
    pub identities: Vec<OwnIdentity>,
}

/// How the tables are read for elliptic-curve keys (D-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsageProfile {
    /// As the documents print them.
    #[default]
    UcmCompat,
    /// Without what RFC 8813 3 forbids.
    StrictPkix,
}

/// What becomes of names in a certificate that were not asked for (D-25).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExtraNames {
    /// They are refused, as the product does.
    #[default]
    Refuse,
    /// They are told.
    Warn,
}

/// Family of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// Elliptic curve.
    Ec,
    /// RSA.
    Rsa,
}

/// Whose a certificate is (R-SIMP-5 to R-SIMP-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The cluster's.
    Cluster,
    /// Each node's own.
    Node,
    /// The publisher's own.
    Publisher,
}

/// A set of certificates that a service believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustStore {
    /// Its name, such as `tomcat-trust`.
    pub name: String,
    /// Where a certificate goes that is put in (R-REP-1, R-REP-2).
    pub replication: Replication,
    /// Where a certificate is taken out that is deleted (R-DEL-6, R-DEL-7).
    pub deletion: Replication,
    /// It is changed on the publisher only (R-REP-4, R-DEL-8).
    pub publisher_only: bool,
    /// The store that its roots are copied to (R-REP-3, D-26), and the identity certificate of its purpose (R-REP-9).
    pub copied_to: Option<String>,
}

/// How far a change of a trust store goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replication {
    /// To every node.
    Cluster,
    /// No further than the node it was made on.
    Node,
}

/// An identity purpose that a document defines, with its row of the key-usage table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnIdentity {
    /// Its name, such as `radius`.
    pub name: String,
    /// The family of its key.
    pub key_type: KeyType,
    /// The trust store that holds the authorities of its certificate.
    pub trust_store: String,
    /// Whose the certificate is.
    pub scope: Scope,
    /// A self-signed certificate may be for many servers.
    pub multi_server_self_signed: bool,
    /// A certificate by an authority may be for many servers.
    pub multi_server_issued: bool,
    /// A certificate by an authority is for the publisher only.
    pub publisher_only: bool,
    /// The key usages that a certificate must have, in the order of the bits.
    pub key_usage: Vec<KeyUsageBit>,
    /// The extended key usages that a certificate must have.
    pub extended_key_usage: Vec<Oid>,
    /// What uses the certificate, in words for people.
    pub used_by: Vec<String>,
    /// Services to restart when the certificate, or its trust store, changes.
    pub restart: Vec<String>,
}

/// The product's own identity purposes, of which a document cannot have another.
pub const BUILT_IN_IDENTITIES: &[&str] = &[
    "CallManager",
    "CallManager-ECDSA",
    "tomcat",
    "tomcat-ECDSA",
    "ipsec",
    "CAPF",
    "TVS",
    "ITLRecovery",
    "cup",
    "cup-ECDSA",
    "cup-xmpp",
    "cup-xmpp-ECDSA",
    "cup-xmpp-s2s",
    "cup-xmpp-s2s-ECDSA",
];

/// The product's own trust stores, of which a document cannot have another.
pub const BUILT_IN_STORES: &[&str] = &[
    "tomcat-trust",
    "CallManager-trust",
    "Phone-SAST-trust",
    "CAPF-trust",
    "ipsec-trust",
    "Userlicensing-trust",
    "TVS-trust",
    "Phone-CTL-trust",
    "phone-edge-trust",
    "cup-trust",
    "cup-xmpp-trust",
];

/// The product's store from which certificates go on to another: nothing is copied into it.
pub const BUILT_IN_COPIED: &str = "CAPF-trust";
