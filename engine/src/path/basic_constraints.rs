//! cA, pathLenConstraint and the counting of certificates: RFC 5280 6.1.2 (k), 6.1.4 (k) to (m), and the form
//! rules of 4.2.1.9. keyUsage is judged elsewhere, and what an anchor is trusted for is a setting.
//!
//! The last certificate of a path is the target: it is not an intermediate, so no limit counts it, whatever its
//! own basicConstraints say (RFC 5280 4.2.1.9). Self-issued intermediates are not counted either.

use crate::certificate::Certificate;
use crate::certificate::extension::{BasicConstraints, Extensions};
use crate::certificate::key_usage::KeyUsage;
use crate::finding::{Code, Value};
use crate::oid;
use crate::settings::KeyUsageBit;

/// The values compared, as a finding reports them.
type Details = Vec<(&'static str, Value)>;

/// What a certificate is to its path. The trust anchor is none of these: it is an input (RFC 5280 6.1.1 (d)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRole {
    /// It issued the next certificate, and was issued under another name.
    Intermediate,
    /// It issued the next certificate, and has the same name as its issuer.
    SelfIssuedIntermediate,
    /// The last certificate.
    Target,
}

impl PathRole {
    /// The role of a certificate that issued another one of the path.
    #[must_use]
    pub fn of_intermediate(certificate: &Certificate) -> Self {
        if certificate.is_self_issued() { Self::SelfIssuedIntermediate } else { Self::Intermediate }
    }
}

/// max_path_length: how many intermediates may still follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathLengthState {
    remaining: u32,
}

impl PathLengthState {
    /// RFC 5280 6.1.2 (k): initially the length of the path, anchor not counted and target counted. That bounds
    /// nothing by itself.
    #[must_use]
    pub fn new(path_length: usize) -> Self {
        Self { remaining: u32::try_from(path_length).unwrap_or(u32::MAX) }
    }

    /// Starts from what the anchor's certificate allows below itself (RFC 5937 3.2), as 6.1.4 (m) would.
    pub fn constrain_by_anchor(&mut self, anchor: Option<BasicConstraints>) {
        self.tighten(anchor);
    }

    /// RFC 5280 6.1.4 (l) and (m), before the certificate that this one issued. Empty when it may be there. Must
    /// not be called for the target, which no pathLenConstraint counts.
    #[must_use]
    pub fn prepare_next(&mut self, own: Option<BasicConstraints>, role: PathRole) -> Vec<(Code, Details)> {
        let mut findings = Vec::new();
        if role == PathRole::Intermediate {
            match self.remaining.checked_sub(1) {
                Some(remaining) => self.remaining = remaining,
                None => {
                    findings.push((Code::PathLengthExceeded, vec![("max_path_length", Value::Number(0))]))
                }
            }
        }
        self.tighten(own);
        findings
    }

    fn tighten(&mut self, constraints: Option<BasicConstraints>) {
        // Without cA, pathLenConstraint means nothing (RFC 5280 4.2.1.9). It limits all the same, because whether
        // an anchor must assert cA is a setting, and a limit that was written is never to be widened by one.
        if let Some(limit) = constraints.and_then(|constraints| constraints.path_length) {
            self.remaining = self.remaining.min(limit);
        }
    }
}

/// A certificate that issued another asserts cA (RFC 5280 6.1.4 (k)). This holds for versions 1 and 2 too, which
/// cannot say so: we accept no other means of knowing.
#[must_use]
pub fn check_issuer(constraints: Option<BasicConstraints>) -> Vec<(Code, Details)> {
    match constraints {
        None => vec![(Code::BasicConstraintsMissing, vec![])],
        Some(BasicConstraints { ca: false, .. }) => vec![(Code::NotCa, vec![])],
        Some(BasicConstraints { ca: true, .. }) => vec![],
    }
}

/// A trust anchor's certificate asserts cA (RFC 5280 4.2.1.9). 6.1 itself does not look at it.
#[must_use]
pub fn check_anchor(constraints: Option<BasicConstraints>) -> Vec<(Code, Details)> {
    if constraints.is_some_and(|constraints| constraints.ca) {
        return vec![];
    }
    vec![(Code::AnchorNotCa, vec![])]
}

/// Where its constraints count, a trust anchor does not say that it is no CA (RFC 5937 3.2). One that says nothing,
/// as certificates of version 1 cannot, is a matter of form.
#[must_use]
pub fn check_anchor_constraint(constraints: Option<BasicConstraints>) -> Vec<(Code, Details)> {
    match constraints {
        Some(_) => check_anchor(constraints),
        None => vec![],
    }
}

/// basicConstraints of a CA is critical (RFC 5280 4.2.1.9); that of an end entity need not be.
#[must_use]
pub fn check_critical(extensions: &Extensions) -> Vec<(Code, Details)> {
    let is_ca = extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    if is_ca && !extensions.is_critical(&oid::BASIC_CONSTRAINTS) {
        return vec![(Code::BasicConstraintsNotCritical, vec![])];
    }
    vec![]
}

/// pathLenConstraint is there only with cA and, where keyUsage is present, with keyCertSign (RFC 5280 4.2.1.9).
#[must_use]
pub fn check_path_length_form(
    constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
) -> Vec<(Code, Details)> {
    let Some(BasicConstraints { ca, path_length: Some(limit) }) = constraints else {
        return vec![];
    };
    let signs_certificates = key_usage.is_none_or(|usage| usage.has(KeyUsageBit::KeyCertSign));
    if ca && signs_certificates {
        return vec![];
    }
    vec![(Code::PathLengthWithoutCa, vec![("pathLenConstraint", Value::Number(limit.into()))])]
}

/// A path has at most `maximum` intermediates that are not self-issued: our own input, counted like
/// pathLenConstraint. `intermediates` are the roles of all certificates between anchor and target.
#[must_use]
pub fn check_intermediates(
    intermediates: impl IntoIterator<Item = PathRole>,
    maximum: u32,
) -> Vec<(Code, Details)> {
    let counted = intermediates.into_iter().filter(|role| *role == PathRole::Intermediate).count();
    if u32::try_from(counted).is_ok_and(|counted| counted <= maximum) {
        return vec![];
    }
    let details = vec![("intermediates", Value::count(counted)), ("maximum", Value::Number(maximum.into()))];
    vec![(Code::PathTooLong, details)]
}

#[cfg(test)]
mod tests;
