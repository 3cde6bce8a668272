//! notBefore and notAfter (RFC 5280 4.1.2.5, 6.1.3 (a)(2)).

use super::Observation;
use crate::certificate::{Certificate, Validity};
use crate::finding::{Code, Value};
use crate::time::{Instant, TimeForm};

/// The certificate is valid at `at`; both ends are inclusive. RFC 5280 6.1.3 (a)(2); R-CC-9, R-OCSP-22.
#[must_use]
pub fn check_validity(certificate: &Certificate, at: Instant) -> Vec<Observation> {
    let Validity { not_before, not_after, .. } = certificate.validity;
    let now = ("at", Value::Time(at));
    if not_after < not_before {
        let ends = vec![("notBefore", Value::Time(not_before)), ("notAfter", Value::Time(not_after))];
        return vec![(Code::ValidityReversed, ends)];
    }
    if at < not_before {
        return vec![(Code::NotYetValid, vec![("notBefore", Value::Time(not_before)), now])];
    }
    if at > not_after {
        return vec![(Code::Expired, vec![("notAfter", Value::Time(not_after)), now])];
    }
    Vec::new()
}

/// Years to 2049 are UTCTime, later ones GeneralizedTime (RFC 5280 4.1.2.5).
#[must_use]
pub fn check_form(certificate: &Certificate) -> Vec<Observation> {
    // 2050-01-01T00:00:00Z
    const FIRST_GENERALIZED: Instant = Instant::from_unix(2_524_608_000);
    let validity = certificate.validity;
    let wrong = |time: Instant, form: TimeForm| {
        let expected = if time < FIRST_GENERALIZED { TimeForm::UtcTime } else { TimeForm::GeneralizedTime };
        form != expected
    };
    let ends = [
        ("notBefore", validity.not_before, validity.not_before_form),
        ("notAfter", validity.not_after, validity.not_after_form),
    ];
    ends.into_iter()
        .filter(|(_, time, form)| wrong(*time, *form))
        .map(|(name, time, _)| (Code::ValidityForm, vec![(name, Value::Time(time))]))
        .collect()
}
