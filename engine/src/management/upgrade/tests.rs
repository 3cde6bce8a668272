use pki::certificate::Sketch;

use super::*;
use crate::management::model::{certificate, cluster, codes, identity, now, removed, trust};

fn ending(label: &str, to: &str) -> crate::certificate::Certificate {
    certificate(Sketch::ca(label).valid("2020-01-01T00:00:00Z", to))
}

// R-TS-9
#[test]
fn expired_certificates_of_trust_stores_are_left_behind_and_each_is_named() {
    let expired = ending("expired", "2025-12-31T23:59:59Z");
    let last = ending("last", "2026-01-01T00:00:00Z");
    let cluster = cluster(2)
        .with(trust("tomcat-trust"), &["a", "b"], &expired)
        .with(trust("ipsec-trust"), &["b"], &last)
        .with(identity("tomcat"), &["a"], &expired);
    let planned = |release: &str| plan_upgrade(&cluster, Release::from_text(release).unwrap(), now());
    for release in ["12.5(1)SU6", "12.5(1)SU7", "14SU2", "15", "15SU3"] {
        let plan = planned(release);
        assert_eq!(codes(&plan), ["upgrade.expired"; 2], "{release}");
        let fingerprint = expired.fingerprint;
        let expected = [("tomcat-trust", Some("a"), fingerprint), ("tomcat-trust", Some("b"), fingerprint)];
        assert_eq!(removed(&plan), expected);
    }
    for release in ["11.5(1)SU9", "12.5(1)SU5", "14", "14SU1"] {
        assert_eq!(planned(release), Plan::default(), "{release}");
    }
}
