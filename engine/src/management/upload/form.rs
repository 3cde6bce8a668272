//! Rules about one uploaded certificate by itself: key size, wildcards, validity (R-TS-7, R-TS-8, R-TS-11, R-TS-34).

use super::{Draft, Given, Waiting};
use crate::certificate::Certificate;
use crate::certificate::general_name::GeneralName;
use crate::finding::Value;
use crate::management::code::ManagementCode;
use crate::management::entity::{common_name, modulus_bits};
use crate::time::Instant;

/// Longest RSA modulus in bits (R-TS-7, D-10).
const LONGEST_MODULUS: usize = 4096;
/// From here on some phones refuse a key in mixed mode (R-TS-34).
const MIXED_MODE_MODULUS: usize = 4096;

impl Draft<'_> {
    /// What holds for every certificate, wherever it goes, but its activation.
    pub(super) fn check_form(&mut self, given: Given<'_>) {
        self.check_key_size(given);
        self.check_wildcards(given);
        self.check_expiry(given);
    }

    fn check_key_size(&mut self, given: Given<'_>) {
        let Some(bits) = modulus_bits(given.certificate) else { return };
        let details =
            |accepted: usize| vec![("bits", Value::count(bits)), ("accepted", Value::count(accepted))];
        if bits > LONGEST_MODULUS {
            let details = details(LONGEST_MODULUS);
            self.plan.report(ManagementCode::UploadKeyTooLarge, given.about(), details);
        } else if bits >= MIXED_MODE_MODULUS && self.cluster.features.mixed_mode {
            let details = details(MIXED_MODE_MODULUS.saturating_sub(1));
            self.plan.report(ManagementCode::UploadMixedModeKey, given.about(), details);
        }
    }

    /// R-TS-8: in any label of the common name or of a DNS name, whole or in part.
    fn check_wildcards(&mut self, given: Given<'_>) {
        let details: Vec<_> = dns_names(given.certificate)
            .map(|name| ("dNSName", name))
            .chain(common_name(&given.certificate.subject).map(|name| ("commonName", name)))
            .filter(|(_, name)| name.contains('*'))
            .map(|(field, name)| (field, Value::text(name)))
            .collect();
        if !details.is_empty() {
            self.plan.report(ManagementCode::UploadWildcard, given.about(), details);
        }
    }

    /// R-TS-11, D-29. A validity that ends before it begins never comes.
    fn check_expiry(&mut self, given: Given<'_>) {
        let validity = given.certificate.validity;
        if validity.not_after < self.at || validity.not_after < validity.not_before {
            let details = vec![
                ("notBefore", Value::Time(validity.not_before)),
                ("notAfter", Value::Time(validity.not_after)),
                ("at", Value::Time(self.at)),
            ];
            self.plan.report(ManagementCode::UploadExpired, given.about(), details);
        }
    }

    /// D-29: from when the certificate is in use; nothing when it is now. Where it may not wait, that is reported.
    pub(super) fn activation(&mut self, given: Given<'_>, waiting: Waiting) -> Option<Instant> {
        let not_before = given.certificate.validity.not_before;
        if not_before <= self.at {
            return None;
        }
        let code = match waiting {
            Waiting::Accepted => ManagementCode::UploadInactive,
            Waiting::Refused => ManagementCode::UploadNotYetValid,
        };
        let details = vec![("notBefore", Value::Time(not_before)), ("at", Value::Time(self.at))];
        self.plan.report(code, given.about(), details);
        Some(not_before)
    }
}

/// The DNS names among the alternative names.
fn dns_names(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate.extensions.subject_alt_name.iter().flatten().filter_map(|name| match name {
        GeneralName::DnsName(text) => Some(text.as_str()),
        _ => None,
    })
}
