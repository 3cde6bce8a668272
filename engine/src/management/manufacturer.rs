//! The roots that sign the certificates phones are made with (R-PHONE-12): whoever believes them believes every phone ever
//! made, so that they belong where phones ask for certificates of the cluster's own, and nowhere else. Data.

use super::entity::common_name;
use super::release::{RELEASE_12_5_SU3, Release};
use crate::certificate::Certificate;

/// Their common names, as the documents list them (R-PHONE-12, R-PHONE-13).
const NAMES: [&str; 7] = [
    "CAP-RTP-001",
    "CAP-RTP-002",
    "Cisco Manufacturing CA",
    "Cisco Root CA 2048",
    "Cisco Manufacturing CA SHA2",
    "Cisco Root CA M2",
    "ACT2 SUDI CA",
];

/// Whether the certificate is called like one of them; the documents write the names as those of files, too.
#[must_use]
pub fn is_root(certificate: &Certificate) -> bool {
    let name = common_name(&certificate.subject).unwrap_or_default().replace('_', " ");
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(&name))
}

/// The trust store that the certificates phones are made with are validated against (R-PHONE-14, R-PHONE-16, R-PHONE-17).
#[must_use]
pub fn store(release: Release) -> &'static str {
    if release < RELEASE_12_5_SU3 { "CallManager-trust" } else { "CAPF-trust" }
}

#[cfg(test)]
mod tests {
    use pki::certificate::Sketch;

    use super::*;
    use crate::management::model::{catalogue, certificate, cluster, codes, planned, trust, upload, values};
    use crate::management::plan::Plan;

    fn put(release: &str, store: &str, name: &str) -> Plan {
        let root = certificate(Sketch::ca("root").subject(&format!("O=Cisco Systems,CN={name}")));
        let mut there = cluster(1);
        there.release = Release::from_text(release).unwrap();
        assert!(catalogue(&there).store(store).is_some());
        planned(&there, &upload(trust(store), None, &[&root]))
    }

    // R-PHONE-12, R-PHONE-17
    #[test]
    fn a_root_of_the_manufacturer_is_told_where_phones_would_be_believed_by_it() {
        for name in NAMES {
            let plan = put("15", "CallManager-trust", name);
            assert_eq!(codes(&plan), ["upload.manufacturer-root"], "{name}");
            assert_eq!(values(&plan, "upload.manufacturer-root", "accepted"), ["CAPF-trust"]);
            assert!(!plan.is_refused());
        }
        assert_eq!(codes(&put("15", "CallManager-trust", "cisco_manufacturing_ca")).len(), 1);
        assert_eq!(codes(&put("15", "CallManager-trust", "Cisco Manufacturing CA 4")), [""; 0]);
        assert_eq!(codes(&put("15", "tomcat-trust", NAMES[0])), ["upload.manufacturer-root"]);
    }

    // R-PHONE-14, R-PHONE-16, R-PHONE-17: on either side of 12.5(1)SU3
    #[test]
    fn the_store_that_phones_are_validated_against_changes_with_the_release() {
        for (release, expected) in [
            ("12.5(1)", "CallManager-trust"),
            ("12.5(1)SU2", "CallManager-trust"),
            ("12.5(1)SU3", "CAPF-trust"),
            ("14", "CAPF-trust"),
        ] {
            assert_eq!(store(Release::from_text(release).unwrap()), expected, "{release}");
        }
        assert_eq!(codes(&put("12.5(1)SU2", "CallManager-trust", NAMES[2])), [""; 0]);
        // In CAPF-trust it is at home; its copy (D-26) is not.
        let plan = put("15", "CAPF-trust", NAMES[2]);
        assert_eq!(codes(&plan), ["upload.copied", "upload.manufacturer-root"]);
        assert_eq!(values(&plan, "upload.manufacturer-root", "place"), ["CallManager-trust"]);
    }
}
