//! Every key, word and range of a policy document, once. The reader, the canonical form and the JSON Schema
//! for editors are all held to these lists.

use std::ops::RangeInclusive;

use crate::budget::Limits;
use crate::expression::fact::Scope as RuleScope;
use crate::finding::{Code, Level, Severity};
use crate::oid::{self, Oid};
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};
use crate::settings::management::{ExtraNames, KeyType, Scope, UsageProfile};
use crate::settings::periodic::{Connection, IntervalUnit, Switch};
use crate::settings::revocation::{
    Ask, Depth, DesignatedAlone, DesignatedUsage, MissingField, NoncePolicy, OcspMethod, ProducedAtRule,
    RequestHash, ResponderCheck, StatusSource, UriChoice,
};
use crate::settings::{KeyUsageBit, MissingIssuer, Profile, Strictness, Wildcards};

/// Keys of the document itself.
pub const DOCUMENT: &[&str] = &[
    "profile",
    "strictness",
    "common-criteria",
    "fips",
    "path",
    "anchors",
    "algorithms",
    "names",
    "revocation",
    "ocsp",
    "crl",
    "periodic",
    "issuance",
    "monitoring",
    "levels",
    "limits",
    "purposes",
    "stores",
    "identities",
    "rules",
];
/// Keys of the document of a node's own (R-CRL-14).
pub const OWN: &[&str] = &["crl"];
/// Keys of `[crl]` in the document of a node's own.
pub const OWN_CRL: &[&str] = &["enabled", "uri", "configured"];
/// Keys of `[path]`: the inputs of RFC 5280 6.1.1 (c) to (g), the longest path, and what a missing issuer means.
pub const PATH: &[&str] = &[
    "maximum-intermediates",
    "initial-policy-set",
    "explicit-policy",
    "inhibit-policy-mapping",
    "inhibit-any-policy",
    "missing-issuer",
];
/// Keys of `[anchors]`.
pub const ANCHORS: &[&str] = &["validity", "constraints", "form"];
/// Keys of `[algorithms]`.
pub const ALGORITHMS: &[&str] =
    &["signatures", "keys", "rsa-minimum-bits", "rsa-maximum-bits", "dsa-minimum-bits"];
/// Keys of `[names]`.
pub const NAMES: &[&str] = &["wildcards", "common-name-fallback"];
/// Keys of `[revocation]`.
pub const REVOCATION: &[&str] = &["sources", "ask", "depth", "undetermined", "retry-seconds"];
/// Keys of `[ocsp]`.
pub const OCSP: &[&str] = &[
    "uri",
    "configured",
    "method",
    "request-hash",
    "nonce",
    "maximum-age-seconds",
    "clock-skew-seconds",
    "produced-at",
    "designated-usage",
    "designated-alone",
    "responder-check",
];
/// Keys of `[crl]`.
pub const CRL: &[&str] = &[
    "uri",
    "configured",
    "maximum-age-seconds",
    "clock-skew-seconds",
    "missing-next-update",
    "missing-number",
    "missing-authority-key-identifier",
];
/// Keys of `[monitoring]`.
pub const MONITORING: &[&str] =
    &["monitor", "start-days", "every", "unit", "e-mail", "addresses", "locally-significant"];
/// Keys of `[periodic]`.
pub const PERIODIC: &[&str] =
    &["check", "every", "unit", "validity-check", "validity-check-hours", "long-lived"];
/// Keys of `[issuance]`.
pub const ISSUANCE: &[&str] = &["usage-profile", "extra-names"];
/// Keys of one of `[[stores]]`.
pub const STORE: &[&str] = &["name", "replicated", "deleted-everywhere", "publisher-only", "copied-to"];
/// Keys of one of `[[identities]]`.
pub const IDENTITY: &[&str] = &[
    "name",
    "key-type",
    "trust-store",
    "scope",
    "multi-server-self-signed",
    "multi-server-issued",
    "publisher-only",
    "key-usage",
    "extended-key-usage",
    "used-by",
    "restart",
];
/// Keys of one of `[[purposes]]`.
pub const PURPOSE: &[&str] = &["name", "extended-key-usage", "key-usage"];

/// Keys of one of `[[rules]]`.
pub const RULE: &[&str] = &["id", "when", "effect", "message", "purposes", "each"];

/// The word that stands for anyPolicy in `initial-policy-set`.
pub const ANY: &str = "any";
/// Stands in lists of expected words for any object identifier in dotted decimal.
pub const OBJECT_IDENTIFIER: &str = "object-identifier";

/// Accepted `maximum-intermediates`. 30 is beyond any PKI in use, and the policy graph grows with it.
pub const INTERMEDIATES: RangeInclusive<u32> = 0..=30;
/// Accepted RSA sizes. 512 lets test suites speak of old PKIs; above 8192 one verification costs too much.
pub const RSA_BITS: RangeInclusive<u32> = 512..=8192;
/// Accepted sizes of a DSA prime. 3072 is the largest that FIPS 186-4 4.2 defines.
pub const DSA_BITS: RangeInclusive<u32> = 512..=3072;
/// Accepted `retry-seconds`. At nothing a host would ask without end; after a day nobody would notice a repair.
pub const RETRY_SECONDS: RangeInclusive<u32> = 1..=86_400;
/// Accepted `ocsp.maximum-age-seconds`. Below a minute an answer is stale before it is used; 366 days are the longest
/// that CA/Browser Forum BR 4.9.7 lets any status information stand.
pub const OCSP_AGE_SECONDS: RangeInclusive<u32> = 60..=31_622_400;
/// Accepted `crl.maximum-age-seconds`. RFC 5280 5.1.2.5 leaves it to the issuer when the next list comes, and that of an
/// offline root may stand for years: the largest, 136 years, lets nextUpdate alone decide.
pub const CRL_AGE_SECONDS: RangeInclusive<u32> = 60..=u32::MAX;
/// Accepted `clock-skew-seconds`. An hour is a wrong time zone, and no skew to put up with beyond it.
pub const CLOCK_SKEW_SECONDS: RangeInclusive<u32> = 0..=3_600;
/// Most configured URIs of one kind. Ours: each may cost a host a timeout before a question is answered.
pub const MAXIMUM_URIS: u32 = 8;
/// Most purposes in one document. Ours: far more than any deployment tells apart.
pub const MAXIMUM_PURPOSES: u32 = 64;
/// Most trust stores, and most identity purposes, of a document's own. Ours: as many again as the product has.
pub const MAXIMUM_OWN: u32 = 8;
/// Most services of one identity purpose. Ours: more than any of the product's has.
pub const MAXIMUM_SERVICES: u32 = 8;
/// Most rules of a document's own. Ours: as many as purposes; more are a program and no policy.
pub const MAXIMUM_RULES: u32 = 64;
/// Most octets of the expressions and messages of all rules together, quotation marks counted twice. Ours: half of a
/// document, so that its canonical form is a document too.
pub const MAXIMUM_RULES_OCTETS: usize = 128 * 1024;
/// Longest message of a rule, in characters. Ours: a short paragraph.
pub const MAXIMUM_MESSAGE: usize = 500;
/// Longest name of a purpose, a store, a service or a rule, in characters.
pub const MAXIMUM_NAME: usize = 64;

/// Words of `profile`.
pub const PROFILES: &[(&str, Profile)] = &[
    ("rfc5280", Profile::Rfc5280),
    ("public-web", Profile::PublicWeb),
    ("uc-legacy", Profile::UcLegacy),
    ("ndcpp-2.2e", Profile::Ndcpp22e),
    ("ndcpp-3.0e", Profile::Ndcpp30e),
    ("ndcpp-4.0", Profile::Ndcpp40),
];
/// Words of `strictness`.
pub const STRICTNESSES: &[(&str, Strictness)] =
    &[("standard", Strictness::Standard), ("pedantic", Strictness::Pedantic)];
/// Words of `path.missing-issuer`.
pub const MISSING_ISSUER: &[(&str, MissingIssuer)] =
    &[("refuse", MissingIssuer::Refuse), ("ask", MissingIssuer::Ask)];
/// Words of switches, such as `periodic.check` and `monitoring.e-mail`: the reference documents call the same choice by two pairs
/// of words (D-20, R-REV-6).
pub const SWITCHES: &[(&str, Switch)] = &[
    ("enabled", Switch::Enabled),
    ("disabled", Switch::Disabled),
    ("True", Switch::Enabled),
    ("False", Switch::Disabled),
];
/// Words of `periodic.unit` and `monitoring.unit`.
pub const INTERVAL_UNITS: &[(&str, IntervalUnit)] =
    &[("hours", IntervalUnit::Hours), ("days", IntervalUnit::Days)];
/// Words of `periodic.long-lived`.
pub const CONNECTIONS: &[(&str, Connection)] =
    &[("cti", Connection::Cti), ("ipsec", Connection::Ipsec), ("ldap", Connection::Ldap)];
/// Range of `periodic.every` and `monitoring.every`, of either unit: at most a year of days.
pub const EVERY: RangeInclusive<u32> = 1..=366;
/// Range of `monitoring.start-days`: at most a year.
pub const START_DAYS: RangeInclusive<u32> = 1..=365;
/// Range of `periodic.validity-check-hours`: at most a year.
pub const VALIDITY_CHECK_HOURS: RangeInclusive<u32> = 1..=8_784;
/// Words of `issuance.usage-profile`, and of operations that say so themselves.
pub const USAGE_PROFILES: &[(&str, UsageProfile)] =
    &[("ucm-compat", UsageProfile::UcmCompat), ("strict-pkix", UsageProfile::StrictPkix)];
/// Words of `issuance.extra-names`, and of operations that say so themselves.
pub const EXTRA_NAMES: &[(&str, ExtraNames)] = &[("refuse", ExtraNames::Refuse), ("warn", ExtraNames::Warn)];
/// Words of `identities.key-type`.
pub const KEY_TYPES: &[(&str, KeyType)] = &[("ec", KeyType::Ec), ("rsa", KeyType::Rsa)];
/// Words of `identities.scope`.
pub const SCOPES: &[(&str, Scope)] =
    &[("cluster", Scope::Cluster), ("node", Scope::Node), ("publisher", Scope::Publisher)];
/// Words of `names.wildcards`.
pub const WILDCARDS: &[(&str, Wildcards)] =
    &[("leftmost-label", Wildcards::LeftmostLabel), ("refuse", Wildcards::Refuse)];
/// Words of `revocation.sources`.
pub const SOURCES: &[(&str, StatusSource)] = &[("ocsp", StatusSource::Ocsp), ("crl", StatusSource::Crl)];
/// Words of `revocation.ask`.
pub const ASKS: &[(&str, Ask)] = &[("until-known", Ask::UntilKnown), ("every-source", Ask::EverySource)];
/// Words of `revocation.depth`.
pub const DEPTHS: &[(&str, Depth)] = &[("leaf", Depth::Leaf), ("all", Depth::All)];
/// Words of `revocation.undetermined`, with the level of `revocation.undetermined` that each stands for (D-3).
pub const UNDETERMINED: &[(&str, Level)] = &[("allow", Level::Warn), ("deny", Level::Deny)];
/// Words of `ocsp.uri` and `crl.uri`.
pub const URI_CHOICES: &[(&str, UriChoice)] = &[
    ("certificate", UriChoice::Certificate),
    ("configured", UriChoice::Configured),
    ("certificate-else-configured", UriChoice::CertificateElseConfigured),
];
/// Words of `ocsp.method`.
pub const METHODS: &[(&str, OcspMethod)] = &[("post", OcspMethod::Post), ("get", OcspMethod::Get)];
/// Words of `ocsp.request-hash`.
pub const REQUEST_HASHES: &[(&str, RequestHash)] =
    &[("sha1", RequestHash::Sha1), ("sha256", RequestHash::Sha256)];
/// Words of `ocsp.nonce`.
pub const NONCES: &[(&str, NoncePolicy)] = &[
    ("match-if-present", NoncePolicy::MatchIfPresent),
    ("off", NoncePolicy::Off),
    ("required", NoncePolicy::Required),
];
/// Words of `ocsp.produced-at`.
pub const PRODUCED_AT: &[(&str, ProducedAtRule)] = &[
    ("not-in-future", ProducedAtRule::NotInFuture),
    ("within-certificate-validity", ProducedAtRule::WithinCertificateValidity),
];
/// Words of `ocsp.designated-usage`.
pub const DESIGNATED_USAGES: &[(&str, DesignatedUsage)] = &[
    ("any", DesignatedUsage::Any),
    ("ocsp-signing-where-present", DesignatedUsage::OcspSigningWherePresent),
];
/// Words of `ocsp.designated-alone`.
pub const DESIGNATED_ALONE: &[(&str, DesignatedAlone)] =
    &[("accept", DesignatedAlone::Accept), ("refuse", DesignatedAlone::Refuse)];
/// Words of `ocsp.responder-check`.
pub const RESPONDER_CHECKS: &[(&str, ResponderCheck)] = &[
    ("off", ResponderCheck::Off),
    ("where-named", ResponderCheck::WhereNamed),
    ("required", ResponderCheck::Required),
];
/// Words of the keys `missing-…` of `[crl]`.
pub const MISSING_FIELDS: &[(&str, MissingField)] =
    &[("accept", MissingField::Accept), ("refuse", MissingField::Refuse)];
/// Words of a level.
pub const LEVELS: &[(&str, Level)] =
    &[("deny", Level::Deny), ("warn", Level::Warn), ("inform", Level::Inform), ("ignore", Level::Ignore)];
/// Words of `rules.effect`. There is none that accepts.
pub const EFFECTS: &[(&str, Severity)] =
    &[("deny", Severity::Deny), ("warn", Severity::Warn), ("inform", Severity::Inform)];
/// Words of `rules.each`.
pub const SCOPES_OF_RULES: &[(&str, RuleScope)] =
    &[("certificate", RuleScope::Certificate), ("path", RuleScope::Path)];
/// Words of `purposes.extended-key-usage`, beside dotted decimal.
pub const EXTENDED_KEY_USAGES: &[(&str, Oid)] = &[
    ("serverAuth", oid::KP_SERVER_AUTH),
    ("clientAuth", oid::KP_CLIENT_AUTH),
    ("codeSigning", oid::KP_CODE_SIGNING),
    ("emailProtection", oid::KP_EMAIL_PROTECTION),
    ("ipsecEndSystem", oid::KP_IPSEC_END_SYSTEM),
    ("timeStamping", oid::KP_TIME_STAMPING),
    ("OCSPSigning", oid::KP_OCSP_SIGNING),
    ("ipsecIKE", oid::KP_IPSEC_IKE),
    ("cmcRA", oid::KP_CMC_RA),
];

/// Words of `purposes.key-usage`, in the order of the bits.
#[must_use]
pub fn key_usages() -> Vec<(&'static str, KeyUsageBit)> {
    KeyUsageBit::ALL.iter().map(|(bit, word)| (*word, *bit)).collect()
}

/// Words of `algorithms.signatures`.
#[must_use]
pub fn signatures() -> Vec<(&'static str, SignatureAlgorithm)> {
    SignatureAlgorithm::ALL.iter().map(|algorithm| (algorithm.word(), *algorithm)).collect()
}

/// Words of `algorithms.keys`.
#[must_use]
pub fn keys() -> Vec<(&'static str, KeyKind)> {
    KeyKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect()
}

/// The codes whose level a document may change.
#[must_use]
pub fn adjustable() -> Vec<&'static str> {
    Code::ALL.iter().filter(|code| !code.is_fixed()).map(|code| code.as_str()).collect()
}

/// One key of `[limits]`.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The key, the same name that a spent budget is reported under.
    pub word: &'static str,
    /// The accepted numbers.
    pub range: RangeInclusive<u32>,
    /// Where it is kept.
    pub slot: fn(&mut Limits) -> &mut u32,
}

/// The keys of `[limits]`. The hard maxima keep the work of one evaluation within some seconds even in a
/// browser, where a P-256 verification takes about 0.7 ms: most are ten times the shipped number.
#[must_use]
pub fn limits() -> [Limit; 12] {
    [
        Limit { word: "signatures", range: 1..=1_000, slot: |limits| &mut limits.signatures },
        // Fifty times: one verification under an RSA key of 8192 bits costs about as much as ten.
        Limit { word: "signature-cost", range: 1..=10_000, slot: |limits| &mut limits.signature_cost },
        Limit { word: "build-steps", range: 1..=2_000_000, slot: |limits| &mut limits.build_steps },
        Limit { word: "candidate-paths", range: 1..=2_000, slot: |limits| &mut limits.candidate_paths },
        Limit { word: "name-comparisons", range: 1..=2_500_000, slot: |limits| &mut limits.name_comparisons },
        Limit { word: "policy-edges", range: 1..=500_000, slot: |limits| &mut limits.policy_edges },
        // A pool of that many is a trust store, which is not sent with a question.
        Limit { word: "certificates", range: 1..=1_024, slot: |limits| &mut limits.certificates },
        // No certificate fits into 512 octets with a signature; one of 1 MiB carries something else.
        Limit {
            word: "certificate-octets",
            range: 512..=1_048_576,
            slot: |limits| &mut limits.certificate_octets,
        },
        Limit { word: "status-evidence", range: 1..=640, slot: |limits| &mut limits.status_evidence },
        // Both minima are below the smallest signed answer. A response of 1 MiB carries something else.
        Limit { word: "ocsp-octets", range: 512..=1_048_576, slot: |limits| &mut limits.ocsp_octets },
        // Twice: a list is held in memory as a whole, in a browser too.
        Limit { word: "crl-octets", range: 512..=67_108_864, slot: |limits| &mut limits.crl_octets },
        Limit { word: "rule-steps", range: 1..=1_000_000, slot: |limits| &mut limits.rule_steps },
    ]
}

/// The word of `value` in a table of words; every value of a type has one.
pub(crate) fn word_of<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    table.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}

/// The words of a table of words.
pub(super) fn words<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
    table.iter().map(|(word, _)| *word).collect()
}
