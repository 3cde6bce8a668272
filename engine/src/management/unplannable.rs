//! Why an operation cannot be planned at all: an input that does not mean what it must, or more of it than is looked
//! at. One case per cause, with the values found; what speaks against an operation that is understood is a finding.

use super::encode::Unfit;
use crate::certificate::bundle::Refused;
use crate::der::Malformed;
use crate::finding::{Detail, Value};

/// Why nothing can be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unplannable {
    /// Another step of moving phones between clusters comes first (R-BULK-10).
    BulkOrder {
        /// That step.
        first: &'static str,
        /// The clusters that it is missing for; empty where no cluster took it.
        clusters: String,
    },
    /// A certificate is not one, or is too large to be looked at.
    Certificate {
        /// Which list or field it stands in.
        input: &'static str,
        /// Its place in the list.
        number: Option<usize>,
        /// What is wrong.
        malformed: Malformed,
    },
    /// An uploaded file yields no certificates.
    File(Refused),
    /// A fingerprint is not as long as SHA-256 makes it.
    Fingerprint {
        /// Which list or field it stands in.
        input: &'static str,
        /// Its octets.
        found: usize,
    },
    /// Two nodes have the same name.
    NodeTwice {
        /// The name.
        found: String,
    },
    /// No item of this number waits for a signature; of a refused operation none does.
    Number {
        /// The number asked for.
        found: usize,
        /// How many wait.
        planned: usize,
    },
    /// The certificate is not the one that was planned.
    OtherCertificate {
        /// In what it differs: `subject`, `key`, `signature`, or `form` where a request was planned.
        differs: &'static str,
    },
    /// The cluster has no publisher, or several.
    Publishers {
        /// How many.
        found: usize,
    },
    /// No release is written like this.
    Release {
        /// The text.
        found: String,
    },
    /// The cluster is of a release in which this cannot be done yet.
    ReleaseTooEarly {
        /// The cluster's release.
        found: String,
        /// The first in which it can.
        from: String,
    },
    /// A request for this purpose is never made (R-CSR-7).
    RequestNotOffered {
        /// The purpose.
        purpose: String,
    },
    /// More of something than one operation may bring.
    TooMany {
        /// What there is too much of.
        input: &'static str,
        /// How many were given.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// The key or particulars that a host gives for signing do not fit.
    Unfit(Unfit),
    /// A word that means nothing in its place.
    Word {
        /// The place.
        input: &'static str,
        /// The word.
        found: String,
        /// The words that mean something there.
        accepted: Vec<String>,
    },
}

/// Octets of a SHA-256 hash (FIPS 180-4).
const FINGERPRINT_OCTETS: usize = 32;

impl Unplannable {
    /// The stable text of this cause.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BulkOrder { .. } => "operation.bulk-order",
            Self::Certificate { .. } => "input.malformed",
            Self::File(refused) => refused.code(),
            Self::Fingerprint { .. } => "operation.fingerprint",
            Self::NodeTwice { .. } => "operation.node-twice",
            Self::Number { .. } => "operation.number",
            Self::OtherCertificate { .. } => "operation.other-certificate",
            Self::Publishers { .. } => "operation.publishers",
            Self::Release { .. } => "operation.release",
            Self::ReleaseTooEarly { .. } => "operation.release-too-early",
            Self::RequestNotOffered { .. } => "operation.request-not-offered",
            Self::TooMany { .. } => "operation.too-many",
            Self::Unfit(unfit) => unfit.code(),
            Self::Word { .. } => "operation.unknown-word",
        }
    }

    /// Which input it is about, with its place where it stands in a list, counted from 0.
    #[must_use]
    pub fn input(&self) -> String {
        match self {
            Self::Certificate { input, number: Some(number), .. } => {
                [input, " ", &number.to_string()].concat()
            }
            Self::Certificate { input, number: None, .. }
            | Self::Fingerprint { input, .. }
            | Self::TooMany { input, .. }
            | Self::Word { input, .. } => (*input).to_owned(),
            Self::BulkOrder { .. } => "step".to_owned(),
            Self::File(_) => "file".to_owned(),
            Self::NodeTwice { .. } | Self::Publishers { .. } => "nodes".to_owned(),
            Self::Number { .. } => "number".to_owned(),
            Self::OtherCertificate { .. } => "certificate".to_owned(),
            Self::Release { .. } | Self::ReleaseTooEarly { .. } => "release".to_owned(),
            Self::RequestNotOffered { .. } => "purpose".to_owned(),
            Self::Unfit(_) => "particulars".to_owned(),
        }
    }

    /// The values compared.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let detail = |name, value: Value| Detail { name, value: value.cut() };
        match self {
            Self::BulkOrder { first, clusters } => {
                vec![detail("first", Value::text(*first)), detail("clusters", Value::text(clusters))]
            }
            Self::Certificate { malformed, .. } => malformed.details(),
            Self::File(refused) => refused.details(),
            Self::Fingerprint { found, .. } => {
                let expected = detail("expected", Value::count(FINGERPRINT_OCTETS));
                vec![detail("found", Value::count(*found)), expected]
            }
            Self::Publishers { found } => {
                vec![detail("found", Value::count(*found)), detail("expected", Value::count(1))]
            }
            Self::Number { found, planned } => {
                vec![detail("found", Value::count(*found)), detail("planned", Value::count(*planned))]
            }
            Self::OtherCertificate { differs } => vec![detail("differs", Value::text(*differs))],
            Self::NodeTwice { found } | Self::Release { found } => vec![detail("found", Value::text(found))],
            Self::ReleaseTooEarly { found, from } => {
                vec![detail("found", Value::text(found)), detail("expected", Value::text(from))]
            }
            Self::RequestNotOffered { purpose } => vec![detail("purpose", Value::text(purpose))],
            Self::TooMany { found, limit, .. } => {
                vec![detail("found", Value::count(*found)), detail("limit", Value::count(*limit))]
            }
            Self::Unfit(unfit) => unfit.details(),
            Self::Word { found, accepted, .. } => {
                vec![
                    detail("found", Value::text(found)),
                    detail("expected", Value::text(accepted.join(", "))),
                ]
            }
        }
    }
}
