//! The contract's types as far as the page asks with them or reads them, in the shapes of its JavaScript: records are
//! objects, variants have `tag` and `val`, octets are `Uint8Array`. What the engine writes as a document is read in
//! [`crate::document`].

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// `types.refusal`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Refusal {
    /// Stable code.
    pub(crate) code: String,
    /// Which input.
    pub(crate) input: String,
    /// The values.
    pub(crate) details: Vec<Detail>,
}

/// `types.detail`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Detail {
    /// What the value is.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: Value,
}

/// `types.value`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Value {
    /// A count or a size.
    Number(u64),
    /// Octets.
    Octets(ByteBuf),
    /// An object identifier.
    Oid(String),
    /// Text, possibly hostile.
    Text(String),
    /// A moment.
    Time(i64),
}

/// `inspect.bundle`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Bundle {
    /// `der`, `pem`, `pkcs7-der` or `pkcs7-pem`.
    pub(crate) form: String,
    /// DER, in the order of the file.
    pub(crate) certificates: Vec<ByteBuf>,
}

/// `inspect.crl-keys`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CrlKeys {
    /// The issuer's comparable form.
    pub(crate) issuer_key: ByteBuf,
    /// The issuer as text.
    pub(crate) issuer: String,
    /// Its number, hexadecimal.
    pub(crate) number: Option<String>,
    /// thisUpdate.
    pub(crate) this_update: i64,
    /// nextUpdate.
    pub(crate) next_update: Option<i64>,
}

/// `management.keys`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    /// SHA-256 of the encoding.
    pub(crate) fingerprint: ByteBuf,
    /// The subject's comparable form.
    pub(crate) subject_key: ByteBuf,
    /// The issuer's.
    pub(crate) issuer_key: ByteBuf,
    /// Subject as text.
    pub(crate) subject: String,
    /// Issuer as text.
    pub(crate) issuer: String,
    /// The most specific common name.
    pub(crate) common_name: Option<String>,
    /// Kind and size of the key.
    pub(crate) key: String,
    /// The serial number, hexadecimal.
    pub(crate) serial_number: String,
    /// notBefore.
    pub(crate) not_before: i64,
    /// notAfter.
    pub(crate) not_after: i64,
    /// It belongs to an authority.
    pub(crate) authority: bool,
}

/// `evaluate.stored-as`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoredAs {
    /// A trust anchor.
    Anchor,
    /// Helps to build a path.
    Candidate,
    /// Trusted as a target.
    Itself,
    /// Not in use yet.
    Waiting,
}

/// `request.validation`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Validation {
    /// The certificate asked about.
    pub(crate) target: ByteBuf,
    /// What may help to build a path.
    pub(crate) untrusted: Vec<ByteBuf>,
    /// The moment of validation.
    pub(crate) at: i64,
    /// The purpose.
    pub(crate) purpose: Option<String>,
    /// The reference identifiers.
    pub(crate) names: Vec<ReferenceIdentifier>,
    /// 32 octets, or nothing.
    pub(crate) nonce_seed: Option<ByteBuf>,
    /// The page answers no signature checks.
    pub(crate) answers_signature_checks: bool,
}

/// `request.reference-identifier`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum ReferenceIdentifier {
    /// A DNS name.
    Dns(String),
    /// An IP address.
    Ip(ByteBuf),
    /// A mailbox.
    Mail(String),
    /// A URI.
    Uri(String),
}

/// `evidence.item`, as far as a page has any.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Item {
    /// A certificate that may help to build a path.
    Certificate(ByteBuf),
    /// The answer to a request for an issuer certificate.
    IssuerCertificates(Answered),
    /// An OCSP response.
    OcspResponse(Answered),
    /// A CRL.
    Crl(Answered),
    /// A request in vain.
    Unavailable(Unavailable),
}

/// `evidence.answered`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answered {
    /// The request.
    pub(crate) request_id: Option<String>,
    /// The body.
    pub(crate) body: ByteBuf,
}

/// `evidence.unavailable`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unavailable {
    /// The request.
    pub(crate) request_id: String,
    /// Why, a stable word.
    pub(crate) reason: String,
}

/// `evaluate.outcome`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It is decided.
    Decided(Verdict),
    /// These are needed first.
    Needs(Vec<Need>),
}

/// `verdict.verdict`: the document says everything, and the rest is said of it in short.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verdict {
    /// `allow`; whatever else it says is no permission.
    pub(crate) decision: String,
    /// SHA-256 of the settings in force.
    pub(crate) settings_hash: ByteBuf,
    /// SHA-256 over the canonical trace.
    pub(crate) trace_hash: ByteBuf,
    /// The JSON document.
    pub(crate) document: String,
}

/// `evidence.need`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Need {
    /// Names the request.
    pub(crate) id: String,
    /// What to get.
    pub(crate) what: Wanted,
    /// SHA-256 of the certificate that it is about.
    pub(crate) about: ByteBuf,
}

/// `evidence.wanted`: what it is, and where it would be had.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Wanted {
    /// An OCSP response.
    OcspResponse(Retrieval),
    /// A CRL.
    Crl(Retrieval),
    /// An issuer certificate.
    IssuerCertificate(Retrieval),
    /// Signature checks: a page never offers to answer any.
    SignatureChecks(serde::de::IgnoredAny),
}

/// `evidence.retrieval`, as far as it is told.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Retrieval {
    /// The URI, possibly hostile.
    pub(crate) uri: String,
    /// What is sent there.
    pub(crate) body: ByteBuf,
}

/// `management.plan`: the document says everything.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Plan {
    /// The JSON document.
    pub(crate) document: String,
}

/// `management.cluster`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Cluster {
    /// `ucm` or `imp`.
    pub(crate) product: String,
    /// The release.
    pub(crate) release: String,
    /// The nodes.
    pub(crate) nodes: Vec<Node>,
    /// Certificates in their places.
    pub(crate) entries: Vec<Entry>,
    /// Certificates that must not come back.
    pub(crate) tombstones: Vec<Tombstone>,
    /// Pending requests.
    pub(crate) requests: Vec<PendingRequest>,
    /// What is switched on.
    pub(crate) features: Features,
}

/// `management.node`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// `publisher` or `subscriber`.
    pub(crate) role: String,
}

/// `management.features`: flags are an object of truths.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Features {
    /// Common Criteria mode.
    pub(crate) common_criteria: bool,
    /// FIPS mode.
    pub(crate) fips: bool,
    /// A certificate trust list is in use.
    pub(crate) mixed_mode: bool,
    /// SIP OAuth.
    pub(crate) sip_oauth: bool,
    /// SAML single sign-on.
    pub(crate) saml_sso: bool,
    /// Extension Mobility Cross Cluster.
    pub(crate) emcc: bool,
    /// Phones are reset by hand.
    pub(crate) manual_phone_reset: bool,
}

/// `management.room`.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Room {
    /// An identity slot.
    Identity(String),
    /// A trust store.
    Trust(String),
}

/// `management.place`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Place {
    /// Slot or store.
    pub(crate) room: Room,
    /// The node.
    pub(crate) node: Option<String>,
}

/// `management.entry`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Where it lies.
    pub(crate) place: Place,
    /// DER.
    pub(crate) certificate: ByteBuf,
    /// How it came there.
    pub(crate) origin: String,
    /// Not in use before.
    pub(crate) active_from: Option<i64>,
}

/// `management.tombstone`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tombstone {
    /// Where it lay.
    pub(crate) place: Place,
    /// SHA-256 of its encoding.
    pub(crate) fingerprint: ByteBuf,
}

/// `management.pending-request`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PendingRequest {
    /// The purpose.
    pub(crate) purpose: String,
    /// The node.
    pub(crate) node: Option<String>,
    /// PKCS #10.
    pub(crate) request: ByteBuf,
}

/// `management.operation`, as far as it is previewed.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub(crate) enum Operation {
    /// Put certificates into a place.
    Upload(Upload),
}

/// `management.upload`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upload {
    /// Slot or store.
    pub(crate) room: Room,
    /// The node.
    pub(crate) node: Option<String>,
    /// The file.
    pub(crate) file: ByteBuf,
    /// What was deleted is wanted back.
    pub(crate) revive: bool,
    /// How key-usage tables are read.
    pub(crate) usage_profile: Option<String>,
    /// What becomes of names that were not asked for.
    pub(crate) extra_names: Option<String>,
}
