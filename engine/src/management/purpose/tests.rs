mod own;

use super::*;
use crate::management::release::Release;
use crate::settings::management::{BUILT_IN_COPIED, BUILT_IN_IDENTITIES, BUILT_IN_STORES};

fn ucm(release: &str) -> Catalogue {
    Catalogue::of(Product::Ucm, Release::from_text(release).unwrap(), &Settings::default())
}

// R-SIMP-1, R-CIPH-6: with an elliptic-curve one for Tomcat
#[test]
fn there_are_eight_identity_purposes() {
    let names: Vec<String> = ucm("15").purposes.into_iter().map(|purpose| purpose.name).collect();
    let expected =
        ["CallManager", "CallManager-ECDSA", "tomcat", "tomcat-ECDSA", "ipsec", "CAPF", "TVS", "ITLRecovery"];
    assert_eq!(names, expected);
}

// R-TS-25, R-TS-26, R-TS-27
#[test]
fn the_trust_stores_of_the_document_are_there() {
    for name in [
        "tomcat-trust",
        "ipsec-trust",
        "CAPF-trust",
        "Userlicensing-trust",
        "TVS-trust",
        "Phone-SAST-trust",
        "Phone-CTL-trust",
        "CallManager-trust",
    ] {
        assert!(ucm("15").store(name).is_some_and(|store| !store.publisher_only), "{name}");
    }
    assert!(ucm("15").store("phone-edge-trust").unwrap().publisher_only);
    assert_eq!(ucm("15").store("trust"), None);
}

// R-SIMP-5 to R-SIMP-12, R-KUX-9, R-ITL-25, D-16
#[test]
fn many_servers_are_supported_as_in_the_table() {
    use Scope::{Cluster, Node, Publisher};
    // purpose; before 14: self-signed, issued, scope; from 14 on the same
    let rows = [
        ("tomcat", (false, true, Node), (true, true, Cluster)),
        ("tomcat-ECDSA", (false, true, Node), (true, true, Cluster)),
        ("CallManager", (false, true, Node), (true, true, Cluster)),
        ("CallManager-ECDSA", (false, true, Node), (true, true, Cluster)),
        ("TVS", (false, false, Node), (true, true, Cluster)),
        ("CAPF", (false, false, Node), (true, false, Publisher)),
        ("ipsec", (false, false, Node), (false, false, Node)),
        ("ITLRecovery", (false, false, Node), (false, false, Cluster)),
    ];
    for (name, before, from) in rows {
        for (release, expected) in [("12.5(1)SU9", before), ("14", from), ("15SU3", from)] {
            let catalogue = ucm(release);
            let purpose = catalogue.purpose(name).unwrap();
            let found = (purpose.multi_server_self_signed, purpose.multi_server_issued, purpose.scope);
            assert_eq!(found, expected, "{name} in {release}");
        }
    }
}

// R-KU-8 to R-KU-16, R-KUX-9
#[test]
fn the_other_product_has_its_own_purposes() {
    let imp = Catalogue::of(Product::Imp, Release::from_text("15").unwrap(), &Settings::default());
    let shared = |name: &str| imp.purpose(name).unwrap().multi_server_issued;
    for name in ["cup", "cup-ECDSA", "ipsec"] {
        assert!(!shared(name), "{name}");
    }
    for name in ["cup-xmpp", "cup-xmpp-ECDSA", "cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA", "tomcat", "tomcat-ECDSA"]
    {
        assert!(shared(name), "{name}");
    }
    assert_eq!(imp.purposes.len(), 9);
}

// R-UP-6, R-REP-3
#[test]
fn every_store_that_is_named_exists() {
    for catalogue in
        [ucm("12.5(1)"), ucm("15"), Catalogue::of(Product::Imp, RELEASE_14, &Settings::default())]
    {
        for purpose in &catalogue.purposes {
            assert!(catalogue.store(&purpose.trust_store).is_some(), "{}", purpose.name);
        }
        for second in catalogue.stores.iter().filter_map(|store| store.copied_to.as_ref()) {
            assert!(catalogue.store(second).is_some_and(|store| store.copied_to.is_none()), "{second}");
        }
    }
}

/// A policy document cannot have them: the names are the same ones, and none is missing.
#[test]
fn the_names_that_documents_cannot_have_are_those_of_the_catalogues() {
    let catalogues = [ucm("15"), Catalogue::of(Product::Imp, RELEASE_14, &Settings::default())];
    let mut purposes: Vec<&str> =
        catalogues.iter().flat_map(|one| &one.purposes).map(|purpose| purpose.name.as_str()).collect();
    let mut stores: Vec<&str> =
        catalogues.iter().flat_map(|one| &one.stores).map(|store| store.name.as_str()).collect();
    let sorted = |names: &mut Vec<&str>| {
        names.sort_unstable();
        names.dedup();
    };
    let (mut known_purposes, mut known_stores) = (BUILT_IN_IDENTITIES.to_vec(), BUILT_IN_STORES.to_vec());
    for names in [&mut purposes, &mut stores, &mut known_purposes, &mut known_stores] {
        sorted(names);
    }
    assert_eq!((purposes, stores), (known_purposes, known_stores));
    let copied = catalogues.iter().flat_map(|one| &one.stores).filter(|store| store.copied_to.is_some());
    assert_eq!(copied.map(|store| store.name.as_str()).collect::<Vec<_>>(), [BUILT_IN_COPIED]);
}
