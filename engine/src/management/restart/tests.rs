//! The lists of services for each purpose and release, and what else follows, in its order.

use super::*;
use crate::management::release::{RELEASE_14_SU2, Release};
use crate::management::sample::{RELEASE_12, catalogue, cluster, cluster_of};

fn identity(cluster: &Cluster, operation: Operation, purpose: &str) -> Vec<Advice> {
    let room = Room::Identity(purpose.to_owned());
    let change = Change { operation, room: &room, node: Some("cm1.ex.com") };
    advise(cluster, &catalogue(cluster), &change)
}

fn used(features: Features, purpose: &str) -> Vec<String> {
    used_by(features, catalogue(&cluster()).purpose(purpose).unwrap())
}

/// What is advised, in words: services by name, the rest by its kind; then how urgent it is.
fn words(advice: &[Advice]) -> Vec<(String, Need)> {
    let word = |action: &Action| match action {
        Action::RestartService(service) => service.name.to_string(),
        other => format!("{other:?}"),
    };
    advice.iter().map(|one| (word(&one.action), one.need)).collect()
}

fn named(advice: &[Advice]) -> Vec<String> {
    words(advice).into_iter().map(|(word, _)| word).collect()
}

fn services(release: Release, purpose: &str) -> Vec<String> {
    let cluster = cluster_of(Product::Ucm, release);
    let advice = identity(&cluster, Operation::Regenerate, purpose);
    let restarts = advice.iter().filter(|one| matches!(one.action, Action::RestartService(_)));
    named(&restarts.cloned().collect::<Vec<_>>())
}

#[test]
fn tomcat_restarts_five_services_from_release_14() {
    // R-SVC-2, R-SVC-22
    let five =
        ["Cisco Tomcat", "Cisco DRF Local", "Cisco DRF Master", "Cisco UDS Tomcat", "Cisco AXL Tomcat"];
    for purpose in ["tomcat", "tomcat-ECDSA"] {
        assert_eq!(services(RELEASE_14, purpose), five);
        assert_eq!(services(RELEASE_12, purpose), five[..1]);
    }
}

#[test]
fn call_manager_restarts_by_release() {
    // R-SVC-8, R-SVC-9, R-SVC-10, R-SVC-11, D-17
    let all = ["Cisco CallManager", "Cisco CTIManager", "Cisco HAProxy"];
    for purpose in ["CallManager", "CallManager-ECDSA"] {
        assert_eq!(services(RELEASE_12, purpose), all[..2]);
        assert_eq!(services(RELEASE_14, purpose), all);
        for release in [RELEASE_14_SU1, RELEASE_14_SU2] {
            assert_eq!(services(release, purpose), ["Cisco CallManager", "Cisco HAProxy"]);
        }
    }
}

#[test]
fn capf_and_tvs_restart_by_themselves() {
    // R-SVC-12, R-SVC-14, R-SVC-16, R-RGN-15, R-RGN-17, D-17
    let cluster = cluster();
    for (purpose, name) in [("CAPF", CAPF.name.as_ref()), ("TVS", TVS.name.as_ref())] {
        let advice = identity(&cluster, Operation::Regenerate, purpose);
        let restart = words(&advice).into_iter().find(|(word, _)| word == name).unwrap();
        assert_eq!(restart.1, Need::Automatic);
    }
    // R-SVC-5
    assert_eq!(services(RELEASE_14, "ipsec"), ["IPsec"]);
    // R-ITL-6
    assert_eq!(services(RELEASE_14, "ITLRecovery"), ["Cisco Tftp"]);
}

#[test]
fn every_purpose_has_something_to_restart() {
    // R-SVC-22, R-RGN-8, R-RGN-14, R-UP-17
    for product in [Product::Ucm, Product::Imp] {
        let cluster = cluster_of(product, RELEASE_14);
        for purpose in &catalogue(&cluster).purposes {
            for operation in [Operation::Regenerate, Operation::Upload] {
                let advice = identity(&cluster, operation, &purpose.name);
                let restarts = advice.iter().any(|one| matches!(one.action, Action::RestartService(_)));
                assert!(restarts, "{}", purpose.name);
            }
        }
    }
}

#[test]
fn a_restart_is_of_a_service_on_a_node_and_of_a_kind() {
    // R-SVC-21
    let cluster = cluster();
    let room = Room::Identity("CallManager".to_owned());
    let change = Change { operation: Operation::Upload, room: &room, node: None };
    let rows: Vec<_> = advise(&cluster, &catalogue(&cluster), &change)
        .into_iter()
        .filter_map(|one| match one.action {
            Action::RestartService(service) => {
                Some((one.node.unwrap(), service.name.into_owned(), service.kind.word()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(rows.len(), 9);
    assert_eq!(rows[0], ("cm1.ex.com".to_owned(), "Cisco CallManager".to_owned(), "feature"));
    assert_eq!(rows[8], ("cm3.ex.com".to_owned(), "Cisco HAProxy".to_owned(), "network"));
    // R-SVC-13: CAPF runs on the publisher, wherever the change was made.
    let room = Room::Identity("CAPF".to_owned());
    let advice = advise(&cluster, &catalogue(&cluster), &Change { room: &room, ..change });
    let nodes: Vec<_> = advice
        .iter()
        .filter(|one| matches!(one.action, Action::RestartService(_)))
        .map(|one| one.node.as_deref())
        .collect();
    assert_eq!(nodes, [Some("cm1.ex.com")]);
}

#[test]
fn an_uploaded_tomcat_certificate_restarts_tftp_too() {
    // R-UP-21, R-SVC-4
    let has_tftp = |cluster: &Cluster, operation, purpose| {
        named(&identity(cluster, operation, purpose)).contains(&TFTP.name.to_string())
    };
    let ucm = cluster();
    for purpose in ["tomcat", "tomcat-ECDSA"] {
        assert!(has_tftp(&ucm, Operation::Upload, purpose));
        assert!(!has_tftp(&ucm, Operation::Regenerate, purpose));
        assert!(!has_tftp(&cluster_of(Product::Imp, RELEASE_14), Operation::Upload, purpose));
    }
    assert!(!has_tftp(&ucm, Operation::Upload, "ipsec"));
}

fn ctl(cluster: &Cluster, operation: Operation, purpose: &str) -> Option<Need> {
    let advice = identity(cluster, operation, purpose);
    let update = advice.iter().find(|one| one.action == Action::UpdateCtl)?;
    assert_eq!(update.node.as_deref(), Some("cm1.ex.com"));
    // R-ITL-21
    assert!(advice.iter().any(|one| one.action == Action::DistributeCtl && one.need == Need::Automatic));
    Some(update.need)
}

#[test]
fn the_ctl_is_updated_where_one_is_in_use() {
    // R-RGN-9, R-UP-26, R-ITL-20, R-SVC-8, R-SVC-9, R-SVC-11, R-RGN-17, D-18
    let (plain, mut mixed) = (cluster(), cluster());
    mixed.features.mixed_mode = true;
    for purpose in &catalogue(&plain).purposes {
        let name = purpose.name.as_str();
        let held = ["CAPF", "ITLRecovery", "CallManager"].contains(&name);
        for operation in [Operation::Regenerate, Operation::Upload, Operation::Delete] {
            assert_eq!(ctl(&plain, operation, name), None);
        }
        let upload = if held { Need::Required } else { Need::Recommended };
        assert_eq!(ctl(&mixed, Operation::Upload, name), Some(upload));
        let anew = match name {
            "TVS" => Some(Need::Recommended),
            _ => held.then_some(Need::Required),
        };
        assert_eq!(ctl(&mixed, Operation::Regenerate, name), anew, "{name}");
        assert_eq!(ctl(&mixed, Operation::Delete, name), None);
    }
}

#[test]
fn after_the_ctl_tftp_and_call_manager_restart() {
    // R-SVC-15, R-ITL-23, R-RGN-21, R-BULK-15
    let mut mixed = cluster();
    mixed.features.mixed_mode = true;
    mixed.features.emcc = true;
    let advice = named(&identity(&mixed, Operation::Regenerate, "CallManager"));
    let expected = [
        "ResetPhones",
        "AwaitPhones",
        "UpdateCtl",
        "DistributeCtl",
        "Cisco CallManager",
        "Cisco CTIManager",
        "Cisco HAProxy",
        "Cisco Tftp",
        "RepeatBulkProvisioning",
        "Backup",
    ];
    assert_eq!(advice, expected);
}

#[test]
fn capf_and_tvs_update_the_ctl_first() {
    // R-RGN-15, R-RGN-16, R-RGN-17, R-SVC-16, R-SVC-17
    let mut mixed = cluster();
    mixed.features.mixed_mode = true;
    for (purpose, service) in [("CAPF", CAPF.name.as_ref()), ("TVS", TVS.name.as_ref())] {
        let advice = named(&identity(&mixed, Operation::Regenerate, purpose));
        assert_eq!(advice, ["UpdateCtl", "DistributeCtl", service, "ResetPhones", "Backup"]);
    }
}

#[test]
fn phones_are_reset_by_themselves_unless_set_otherwise() {
    // R-RGN-12, R-RGN-13
    for (manual, need) in [(false, Need::Automatic), (true, Need::Required)] {
        let mut cluster = cluster();
        cluster.features.manual_phone_reset = manual;
        // For ITLRecovery they are reset by hand whatever is set: between two steps (R-ITL-5, R-ITL-7).
        for purpose in catalogue(&cluster).purposes.iter().filter(|purpose| purpose.name != RECOVERY) {
            let advice = words(&identity(&cluster, Operation::Regenerate, &purpose.name));
            let reset = advice.iter().find(|(word, _)| word == "ResetPhones").map(|(_, need)| *need);
            let triggers = ["TVS", "CAPF", "CallManager"].contains(&purpose.name.as_str());
            assert_eq!(reset, triggers.then_some(need), "{}", purpose.name);
        }
    }
}

#[test]
fn what_follows_tomcat() {
    // R-RGN-22, R-RGN-23, R-SVC-3
    let mut cluster = cluster();
    let follows = |cluster: &Cluster, operation| {
        let all = named(&identity(cluster, operation, "tomcat"));
        all.into_iter().skip_while(|word| word.starts_with("Cisco")).collect::<Vec<_>>()
    };
    assert_eq!(follows(&cluster, Operation::Regenerate), ["Backup"]);
    cluster.features.emcc = true;
    cluster.features.sip_oauth = true;
    cluster.features.saml_sso = true;
    let all = ["RepeatBulkProvisioning", "ResetPhones", "ReprovisionSaml", "Backup"];
    assert_eq!(follows(&cluster, Operation::Regenerate), all);
    assert_eq!(follows(&cluster, Operation::Upload), all[1..3]);
    cluster.release = RELEASE_12;
    assert_eq!(follows(&cluster, Operation::Regenerate), [all[0], all[2], all[3]]);
    assert!(!named(&identity(&cluster, Operation::Regenerate, "ipsec")).contains(&all[2].to_owned()));
}

#[test]
fn a_backup_ends_every_regeneration_and_nothing_else() {
    // R-RGN-10, R-RGN-26
    let cluster = cluster();
    for purpose in &catalogue(&cluster).purposes {
        let last = |operation| identity(&cluster, operation, &purpose.name).pop().unwrap().action;
        assert_eq!(last(Operation::Regenerate), Action::Backup);
        assert_ne!(last(Operation::Upload), Action::Backup);
    }
}

#[test]
fn a_trust_store_restarts_those_who_read_it() {
    // R-RGN-14, R-ITL-20
    let mut cluster = cluster();
    cluster.features.mixed_mode = true;
    let advice = |operation, store: &str| {
        let room = Room::Trust(store.to_owned());
        let change = Change { operation, room: &room, node: Some("cm2.ex.com") };
        words(&advise(&cluster, &catalogue(&cluster), &change))
    };
    assert_eq!(advice(Operation::Delete, "ipsec-trust"), [("IPsec".to_owned(), Need::Required)]);
    let upload = advice(Operation::Upload, "CallManager-trust");
    assert_eq!(upload[0], ("UpdateCtl".to_owned(), Need::Required));
    assert!(upload.iter().filter(|(word, _)| word == "Cisco CallManager").count() == 1);
    let other = [("UpdateCtl".to_owned(), Need::Recommended), ("DistributeCtl".to_owned(), Need::Automatic)];
    assert_eq!(advice(Operation::Upload, "Phone-CTL-trust"), other);
    assert!(advice(Operation::Delete, "CAPF-trust").is_empty());
}

#[test]
fn what_uses_a_certificate() {
    // R-SVC-1, R-SVC-6, R-SVC-7, R-SVC-13, R-SVC-14
    let mut cluster = cluster();
    assert_eq!(used(cluster.features, "tomcat"), ["WebServices", "Cisco DRF Services"]);
    cluster.features.sip_oauth = true;
    assert_eq!(used(cluster.features, "tomcat-ECDSA").len(), 3);
    assert_eq!(used(cluster.features, "CallManager"), ["SIP", "SIP trunk", "SCCP", "TFTP"]);
    for purpose in ["ipsec", "CAPF", "TVS"] {
        assert_eq!(used(cluster.features, purpose).len(), 1);
    }
    assert!(used(cluster.features, "ITLRecovery").is_empty());
}

#[test]
fn other_occasions_restart_a_service_on_every_node() {
    // R-SVC-18, R-SVC-19, R-SVC-20, R-OAUTH-16, R-OAUTH-17
    let cluster = cluster();
    for (occasion, service) in [
        (Occasion::AuthorizationKeys, XCP_AUTHENTICATION),
        (Occasion::CentralisedDeployment, XCP_AUTHENTICATION),
        (Occasion::HttpsCiphers, TOMCAT),
    ] {
        assert_eq!(named(&advise_occasion(&cluster, occasion)), [service.name.as_ref(); 3]);
    }
}

#[test]
fn saving_a_policy_restarts_what_asks_in_real_time_where_ocsp_is_on() {
    // R-OCSP-20, R-OCSP-21
    let saved = |cluster: &Cluster, sources: &[StatusSource]| {
        let revocation = RevocationSettings { sources: sources.to_vec(), ..RevocationSettings::shipped() };
        named(&advise_saved(cluster, &revocation))
    };
    let both = [StatusSource::Crl, StatusSource::Ocsp];
    let ucm = cluster();
    let every = |name: &str| [name.to_owned(), name.to_owned(), name.to_owned()];
    let expected = [SYSLOG_AGENT, FILE_BEAT, CALL_MANAGER, LOOKUP, LOCATION_BANDWIDTH];
    let expected: Vec<String> = expected.iter().flat_map(|service| every(&service.name)).collect();
    assert_eq!(saved(&ucm, &both), expected);
    assert_eq!(saved(&ucm, &both[1..]), expected);
    for off in [&[][..], &both[..1]] {
        assert!(saved(&ucm, off).is_empty());
    }
    let imp = cluster_of(Product::Imp, RELEASE_14);
    let nodes = imp.nodes.len();
    assert_eq!(saved(&imp, &both).len(), 3 * nodes);
    assert!(advise_saved(&imp, &RevocationSettings::shipped()).iter().all(|one| one.need == Need::Required));
}

#[test]
fn the_ctl_client_ends_with_release_14() {
    // R-ITL-19, R-ITL-22
    assert!(has_ctl_client(RELEASE_12) && !has_ctl_client(RELEASE_14) && !has_ctl_client(RELEASE_14_SU1));
    assert_eq!(CTL_COMMAND, "utils ctl update CTLFile");
}

#[test]
fn trust_lists_are_recovered_step_by_step() {
    // R-ITL-4, R-ITL-5, R-ITL-6, R-ITL-7
    let (plain, mut mixed) = (cluster(), cluster());
    let steps = |cluster: &Cluster| named(&identity(cluster, Operation::Regenerate, "ITLRecovery"));
    assert_eq!(steps(&plain), ["SignItl", "ResetPhones", "Cisco Tftp", "ResetPhones", "Backup"]);
    // R-ITL-12, R-ITL-13, R-ITL-14, R-ITL-15
    mixed.features.mixed_mode = true;
    let expected =
        ["SignCtl", "ResetPhones", "UpdateCtl", "DistributeCtl", "Cisco Tftp", "ResetPhones", "Backup"];
    assert_eq!(steps(&mixed), expected);
    // R-ITL-17
    mixed.features.saml_sso = true;
    let advice = identity(&mixed, Operation::Regenerate, "ITLRecovery");
    let saml: Vec<_> = advice.iter().filter(|one| one.action == Action::ReprovisionSaml).collect();
    assert_eq!((saml.len(), saml[0].need), (1, Need::Recommended));
    // Where no new one is made, the lists stay as they are.
    assert!(!named(&identity(&plain, Operation::Upload, "ITLRecovery")).contains(&"SignItl".to_owned()));
}

// R-CRL-10
#[test]
fn what_rests_on_a_place_is_restarted_once_on_each_of_its_nodes() {
    let cluster = cluster();
    let restarts = |places: &[Place]| advise_restarts(&cluster, &catalogue(&cluster), places);
    assert_eq!(restarts(&[]), []);
    let own = Place::on(Room::Identity("CallManager".to_owned()), "cm1.ex.com");
    let believed = Place::everywhere(Room::Trust("CallManager-trust".to_owned()));
    let one = restarts(std::slice::from_ref(&own));
    assert!(named(&one).contains(&"Cisco CallManager".to_owned()), "{:?}", named(&one));
    assert!(one.iter().all(|advice| advice.node.as_deref() == Some("cm1.ex.com")));
    let all = restarts(&[own, believed.clone(), believed]);
    let managers: Vec<_> = all
        .iter()
        .filter(|advice| advice.action.service().is_some_and(|one| one.name == "Cisco CallManager"))
        .collect();
    assert_eq!(managers.len(), cluster.nodes.len());
    assert!(all.iter().all(|advice| advice.action.service().is_some()));
    assert_eq!(restarts(&[Place::everywhere(Room::Trust("nothing".to_owned()))]), []);
}
