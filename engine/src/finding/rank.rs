//! Which of several refused paths says most about why: one table, so that the answer is always the same
//! (attack case P-26).

use super::{Code, Finding, Severity};

/// How telling a code is; smaller says more. A wrong guess of the path builder says least, then what is
/// wrong with a certificate wherever it stands, then what is wrong with the path as asked about.
#[must_use]
pub fn code(code: Code) -> u8 {
    match code {
        Code::Distrusted | Code::Revoked => 0,
        Code::IdentityMismatch => 1,
        Code::Expired | Code::NotYetValid => 2,
        Code::NotPermitted | Code::Excluded | Code::NoValidPolicy | Code::PathLengthExceeded => 3,
        Code::RevocationUnknown | Code::RevocationUndetermined => 3,
        Code::SignatureInvalid | Code::SignatureKeyMismatch => 5,
        Code::IssuerNotFound | Code::PathTooLong | Code::BudgetExceeded => 6,
        _ => 4,
    }
}

/// How telling the refusal of a path is: by its least telling reason, then by how many there are.
#[must_use]
pub fn of(findings: &[Finding]) -> (u8, usize) {
    let denials = findings.iter().filter(|finding| finding.severity == Severity::Deny);
    let worst = denials.clone().map(|finding| code(finding.code)).max().unwrap_or(u8::MAX);
    (worst, denials.count())
}
