//! A cluster and an operation as a host gives them, in octets and words, and read: every certificate decoded once,
//! every word known, and no more of anything than one plan looks at. What is read is sound; what the rules say of it is
//! the operations' business.

use std::collections::BTreeSet;

use super::cluster::{
    Cluster, Entry, Features, Node, NodeRole, Origin, PendingRequest, Place, Room, Tombstone,
};
use super::deletion::Deletion;
use super::distribution::{Distribution, NameFields};
use super::issuance::RequestFields;
use super::key_choice::{Hash, KeyChoice};
use super::key_usage_table::UsageProfile;
use super::operation::Operation;
use super::release::{Product, Release};
use super::replication::Joining;
use super::reuse::Reuse;
use super::self_signed::SelfSignedFields;
use super::subject_fields::SubjectFields;
use super::unplannable::Unplannable;
use super::upload::{Revival, Upload};
use crate::budget::Limits;
use crate::certificate::Certificate;
use crate::certificate::{bundle, signing_request};
use crate::der::{Malformed, Problem};
use crate::settings::document::key::{EXTRA_NAMES, KEY_TYPES, USAGE_PROFILES};
use crate::settings::management::ExtraNames;
use crate::settings::{Mode, Settings};
use crate::time::Instant;

/// Most entries of one operation, those of a joining node included. Ours: twenty nodes with a hundred certificates each,
/// and no more than are planned for in a quarter of a second within 64 MiB.
pub const MAXIMUM_ENTRIES: usize = 2_000;
/// Most nodes. Ours: six times the ten that the reference documents count certificates for (R-SIMP-13).
pub const MAXIMUM_NODES: usize = 64;
/// The most purposes that there are: nine of a product, and those that a policy document may add.
const MAXIMUM_PURPOSES: usize = 17;
/// Most places to be made anew at once. Ours: every purpose on every node.
pub const MAXIMUM_PLACES: usize = MAXIMUM_PURPOSES * MAXIMUM_NODES;
/// Most requests that wait: one for each purpose and node, and one for many servers (R-CSR-4).
pub const MAXIMUM_REQUESTS: usize = MAXIMUM_PLACES + MAXIMUM_PURPOSES;
/// Most tombstones. Ours: every entry replaced once.
pub const MAXIMUM_TOMBSTONES: usize = MAXIMUM_ENTRIES;

/// What a host knows of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCluster {
    /// Which catalogue of purposes applies.
    pub product: Product,
    /// The release as text.
    pub release: String,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Certificates in their places.
    pub entries: Vec<GivenEntry>,
    /// Certificates that were deleted.
    pub tombstones: Vec<GivenTombstone>,
    /// Signing requests that wait.
    pub requests: Vec<PendingRequest>,
    /// What is switched on.
    pub features: Features,
}

/// A certificate in its place, not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenEntry {
    /// Where it lies.
    pub place: Place,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// How it came there.
    pub origin: Origin,
    /// It is not in use before this moment.
    pub active_from: Option<Instant>,
}

/// A certificate that was deleted, by its fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenTombstone {
    /// Where it lay.
    pub place: Place,
    /// SHA-256 of its encoding.
    pub fingerprint: Vec<u8>,
}

/// What an administrator wants, as a host gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenOperation {
    /// Find certificates that nodes lack.
    Completeness,
    /// Take a certificate out of a trust store.
    Delete {
        /// The slot or store.
        room: Room,
        /// The node the administrator stands on.
        node: Option<String>,
        /// SHA-256 of the certificate's encoding.
        fingerprint: Vec<u8>,
    },
    /// Find copies of nodes' certificates that are missing or differ.
    Exchange,
    /// A node joins.
    Join {
        /// Its name.
        node: String,
        /// The certificates it holds.
        view: Vec<GivenEntry>,
    },
    /// The node of this name leaves.
    Leave(String),
    /// Make certificates anew.
    Regenerate {
        /// Their places.
        places: Vec<Place>,
        /// How the key-usage tables are read; `None` as the settings say.
        profile: Option<String>,
    },
    /// Make a signing request.
    Request(GivenFields),
    /// Use one purpose's certificate for another.
    Reuse(Reuse),
    /// Give a node this role.
    Role(Node),
    /// Make a self-signed certificate.
    SelfSigned {
        /// What requests have too.
        common: GivenFields,
        /// Years of validity.
        years: Option<u8>,
    },
    /// Upgrade to this release.
    Upgrade(String),
    /// Put certificates into a trust store or an identity slot.
    Upload {
        /// The slot or store.
        room: Room,
        /// The node the administrator stands on.
        node: Option<String>,
        /// The file.
        file: Vec<u8>,
        /// What happens to a certificate that was deleted or replaced before.
        revival: Revival,
        /// How the key-usage tables are read; `None` as the settings say.
        profile: Option<String>,
        /// What becomes of names that were not asked for; `None` as the settings say.
        extra_names: Option<String>,
    },
}

/// The fields of a form for a request, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFields {
    /// The identity purpose.
    pub purpose: String,
    /// The node it is for; `None` for every node of the cluster.
    pub node: Option<String>,
    /// The subject.
    pub subject: SubjectFields,
    /// The host names to be protected.
    pub names: NameFields,
    /// The key to be made.
    pub key: GivenKey,
    /// How the key-usage tables are read; `None` as the settings say.
    pub profile: Option<String>,
}

/// The key to be made, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenKey {
    /// Its family.
    pub key_type: String,
    /// Its length in bits.
    pub bits: u16,
    /// The hash function.
    pub hash: String,
}

impl GivenCluster {
    /// Reads it.
    ///
    /// # Errors
    /// [`Unplannable`].
    pub fn read(self) -> Result<Cluster, Unplannable> {
        check_number("nodes", self.nodes.len(), MAXIMUM_NODES)?;
        check_nodes(&self.nodes)?;
        check_number("tombstones", self.tombstones.len(), MAXIMUM_TOMBSTONES)?;
        check_number("requests", self.requests.len(), MAXIMUM_REQUESTS)?;
        for request in &self.requests {
            // Each is decoded to see which certificate answers it.
            check_number("request octets", request.der.len(), signing_request::MAXIMUM_OCTETS)?;
        }
        Ok(Cluster {
            product: self.product,
            release: release(&self.release)?,
            nodes: self.nodes,
            entries: entries("entry", self.entries)?,
            tombstones: self.tombstones.into_iter().map(tombstone).collect::<Result<_, _>>()?,
            requests: self.requests,
            features: self.features,
        })
    }
}

impl GivenOperation {
    /// Reads it. What it does not say is as in the settings (D-24, D-25).
    ///
    /// # Errors
    /// [`Unplannable`].
    pub fn read(self, settings: &Settings) -> Result<Operation, Unplannable> {
        Ok(match self {
            Self::Completeness => Operation::Completeness,
            Self::Delete { room, node, fingerprint } => {
                let fingerprint = self::fingerprint("fingerprint", &fingerprint)?;
                Operation::Delete(Deletion { room, node, fingerprint })
            }
            Self::Exchange => Operation::Exchange,
            Self::Join { node, view } => Operation::Join(Joining { node, view: entries("view", view)? }),
            Self::Leave(node) => Operation::Leave(node),
            Self::Regenerate { places, profile } => {
                check_number("places", places.len(), MAXIMUM_PLACES)?;
                Operation::Regenerate { places, profile: usage_profile(profile, settings)? }
            }
            Self::Request(fields) => Operation::Request(fields.read(settings)?),
            Self::Reuse(reuse) => Operation::Reuse(reuse),
            Self::Role(node) => Operation::Role(node),
            Self::SelfSigned { common, years } => {
                Operation::SelfSigned(SelfSignedFields { common: common.read(settings)?, years })
            }
            Self::Upgrade(text) => Operation::Upgrade(release(&text)?),
            Self::Upload { room, node, file, revival, profile, extra_names } => {
                let profile = usage_profile(profile, settings)?;
                let extra_names = self::extra_names(extra_names, settings)?;
                let certificates = file_certificates(&file)?;
                Operation::Upload {
                    upload: Upload { room, node, certificates, revival },
                    profile,
                    extra_names,
                }
            }
        })
    }
}

impl GivenFields {
    fn read(self, settings: &Settings) -> Result<RequestFields, Unplannable> {
        Ok(RequestFields {
            purpose: self.purpose,
            distribution: distribution(self.node),
            subject: self.subject,
            names: self.names,
            key: self.key.read()?,
            profile: usage_profile(self.profile, settings)?,
        })
    }
}

impl GivenKey {
    fn read(&self) -> Result<KeyChoice, Unplannable> {
        let hashes = [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512];
        let key_type = word("key-type", &self.key_type, KEY_TYPES)?;
        let hash = word("hash", &self.hash, &hashes.map(|known| (known.word(), known)))?;
        Ok(KeyChoice { key_type, bits: self.bits, hash })
    }
}

/// A node, or every node where none is named.
#[must_use]
pub fn distribution(node: Option<String>) -> Distribution {
    node.map_or(Distribution::MultiServer, Distribution::Node)
}

/// Decodes a certificate of the size that the shipped limits allow.
///
/// # Errors
/// [`Malformed`].
fn certificate(der: &[u8]) -> Result<Certificate, Malformed> {
    let limit = usize::try_from(Limits::DEFAULT.certificate_octets).unwrap_or(usize::MAX);
    if der.len() > limit {
        return Err(Malformed { offset: 0, field: "certificate", problem: Problem::TooLarge { limit } });
    }
    Certificate::decode(der)
}

/// Reads a certificate that stands alone.
///
/// # Errors
/// [`Unplannable::Certificate`].
pub fn single(der: &[u8]) -> Result<Certificate, Unplannable> {
    let refused = |malformed| Unplannable::Certificate { input: "certificate", number: None, malformed };
    certificate(der).map_err(refused)
}

/// Reads a release.
///
/// # Errors
/// [`Unplannable::Release`].
pub fn release(text: &str) -> Result<Release, Unplannable> {
    Release::from_text(text).ok_or_else(|| Unplannable::Release { found: text.to_owned() })
}

fn entries(input: &'static str, given: Vec<GivenEntry>) -> Result<Vec<Entry>, Unplannable> {
    check_number(input, given.len(), MAXIMUM_ENTRIES)?;
    let read = |(number, entry): (usize, GivenEntry)| {
        let GivenEntry { place, certificate, origin, active_from } = entry;
        let decoded = self::certificate(&certificate).map_err(|malformed| Unplannable::Certificate {
            input,
            number: Some(number),
            malformed,
        });
        Ok(Entry { place, certificate: decoded?, origin, active_from })
    };
    given.into_iter().enumerate().map(read).collect()
}

fn tombstone(given: GivenTombstone) -> Result<Tombstone, Unplannable> {
    let fingerprint = fingerprint("tombstones", &given.fingerprint)?;
    Ok(Tombstone { place: given.place, fingerprint })
}

fn file_certificates(file: &[u8]) -> Result<Vec<Certificate>, Unplannable> {
    let bundle = bundle::read_bundle(file).map_err(Unplannable::File)?;
    let decode = |(number, der): (usize, &Vec<u8>)| {
        certificate(der).map_err(|malformed| Unplannable::Certificate {
            input: "file",
            number: Some(number),
            malformed,
        })
    };
    bundle.certificates.iter().enumerate().map(decode).collect()
}

fn fingerprint(input: &'static str, octets: &[u8]) -> Result<[u8; 32], Unplannable> {
    octets.try_into().map_err(|_| Unplannable::Fingerprint { input, found: octets.len() })
}

fn usage_profile(text: Option<String>, settings: &Settings) -> Result<UsageProfile, Unplannable> {
    let own = settings.management.usage_profile;
    text.map_or(Ok(own), |text| word("usage-profile", &text, USAGE_PROFILES))
}

/// Common Criteria mode is loosened by no operation.
fn extra_names(text: Option<String>, settings: &Settings) -> Result<ExtraNames, Unplannable> {
    let own = settings.management.extra_names;
    let asked = text.map_or(Ok(own), |text| word("extra-names", &text, EXTRA_NAMES))?;
    Ok(if settings.mode == Mode::CommonCriteria { ExtraNames::Refuse } else { asked })
}

/// The value that `found` stands for.
///
/// # Errors
/// [`Unplannable::Word`].
fn word<T: Copy>(input: &'static str, found: &str, known: &[(&'static str, T)]) -> Result<T, Unplannable> {
    let value = known.iter().find(|(word, _)| *word == found).map(|(_, value)| *value);
    value.ok_or_else(|| Unplannable::Word {
        input,
        found: found.to_owned(),
        accepted: known.iter().map(|(word, _)| (*word).to_owned()).collect(),
    })
}

/// Every node has a name of its own, and one of them is the publisher: the rules about both mean one node.
fn check_nodes(nodes: &[Node]) -> Result<(), Unplannable> {
    let mut names = BTreeSet::new();
    if let Some(twice) = nodes.iter().find(|node| !names.insert(node.name.as_str())) {
        return Err(Unplannable::NodeTwice { found: twice.name.clone() });
    }
    match nodes.iter().filter(|node| node.role == NodeRole::Publisher).count() {
        1 => Ok(()),
        found => Err(Unplannable::Publishers { found }),
    }
}

fn check_number(input: &'static str, found: usize, limit: usize) -> Result<(), Unplannable> {
    if found <= limit { Ok(()) } else { Err(Unplannable::TooMany { input, found, limit }) }
}

#[cfg(test)]
mod tests;
