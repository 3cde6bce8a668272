//! Requests for every purpose, distribution and profile, as they are read back, and what refuses them.

use super::*;
use crate::certificate::general_name::GeneralName;
use crate::certificate::signing_request::SigningRequest;
use crate::finding::Severity;
use crate::management::key_choice::Hash;
use crate::management::key_usage_table::TABLE;
use crate::management::release::Product;
use crate::management::release::RELEASE_14;
use crate::management::sample::{
    RELEASE_12, catalogue, cluster, cluster_of, codes, fields, for_many, sign, values,
};
use crate::oid;
use crate::settings::KeyUsageBit;

fn plan(cluster: &Cluster, fields: &RequestFields) -> (Plan, Option<Unsigned>) {
    plan_request(cluster, &catalogue(cluster), fields)
}

fn refused(cluster: &Cluster, fields: &RequestFields) -> Vec<&'static str> {
    let (plan, unsigned) = plan(cluster, fields);
    assert!(plan.is_refused() && unsigned.is_none() && plan.effects.is_empty());
    codes(&plan)
}

fn signed(cluster: &Cluster, fields: &RequestFields) -> SigningRequest {
    SigningRequest::decode(&sign(&plan(cluster, fields).1.unwrap())).unwrap()
}

fn hosts(request: &SigningRequest) -> Vec<&str> {
    let names = request.extensions.subject_alt_name.iter().flatten();
    names
        .map(|name| match name {
            GeneralName::DnsName(host) => host.as_str(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_request_asks_for_what_its_row_requires() {
    // R-KUX-11, R-CSR-7, R-CSR-8, R-KU-1, R-KU-3, R-KU-7, R-KU-8
    for row in TABLE {
        let cluster = cluster_of(row.product, RELEASE_14);
        let request = signed(&cluster, &fields(row.purpose));
        for (usage, cell) in row.usages() {
            let found = Usages {
                key: request.extensions.key_usage.unwrap(),
                extended: request.extensions.extended_key_usage.clone().unwrap(),
            };
            assert_eq!(found.has(&usage), cell == Cell::Yes, "{} {}", row.purpose, usage.word());
        }
        assert_eq!(request.attributes, [oid::EXTENSION_REQUEST]);
    }
}

#[test]
fn a_request_for_many_servers_names_them_all() {
    // R-CSR-3, R-CSR-10, R-CSR-11, R-CSR-17, R-CSR-18
    let cluster = cluster();
    let request = signed(&cluster, &for_many("CallManager"));
    assert_eq!(request.subject.to_string(), "CN=cm1-ms.ex.com,O=Example Ltd,L=London,C=GB");
    assert_eq!(hosts(&request), ["cm1-ms.ex.com", "cm1.ex.com", "cm2.ex.com", "cm3.ex.com", "ex.com"]);
    let request = signed(&cluster, &for_many("CallManager-ECDSA"));
    assert_eq!(request.subject.to_string(), "CN=cm1-EC-ms.ex.com,O=Example Ltd,L=London,C=GB");
    let (plan, unsigned) = plan(&cluster, &for_many("tomcat"));
    assert!(plan.findings.is_empty() && unsigned.unwrap().node.is_none());
}

#[test]
fn a_request_for_one_node_names_it() {
    // R-CSR-9, R-CSR-14
    let cluster = cluster();
    let other =
        RequestFields { distribution: Distribution::Node("cm2.ex.com".to_owned()), ..fields("tomcat") };
    assert_eq!(hosts(&signed(&cluster, &other)), ["cm2.ex.com", "ex.com"]);
    assert_eq!(plan(&cluster, &other).1.unwrap().node.as_deref(), Some("cm2.ex.com"));
    let mut own = fields("tomcat");
    own.subject.common_name = Some("voice.ex.com".to_owned());
    let request = signed(&cluster, &own);
    assert_eq!(request.subject.to_string(), "CN=voice.ex.com,O=Example Ltd,L=London,C=GB");
    assert_eq!(hosts(&request), ["voice.ex.com", "cm1.ex.com", "ex.com"]);
    let nobody = RequestFields { distribution: Distribution::Node("cm9".to_owned()), ..fields("tomcat") };
    assert_eq!(refused(&cluster, &nobody), ["management.node-unknown"]);
}

#[test]
fn a_unit_is_in_the_request_only_where_it_is_included() {
    // R-CSR-15, R-CSR-16
    let cluster = cluster();
    let mut with = fields("tomcat");
    with.subject.organizational_unit = Some("Voice".to_owned());
    assert!(!signed(&cluster, &with).subject.to_string().contains("OU="));
    with.subject.include_organizational_unit = true;
    assert!(signed(&cluster, &with).subject.to_string().contains("OU=Voice"));
}

#[test]
fn many_servers_only_where_the_purpose_and_release_have_it() {
    // R-KUX-9, D-16
    for (release, tvs) in [(RELEASE_12, false), (RELEASE_14, true)] {
        let cluster = cluster_of(Product::Ucm, release);
        for purpose in ["CallManager", "CallManager-ECDSA", "tomcat", "tomcat-ECDSA"] {
            assert!(!plan(&cluster, &for_many(purpose)).0.is_refused());
        }
        for purpose in ["ipsec", "CAPF"] {
            assert_eq!(refused(&cluster, &for_many(purpose)), ["issuance.multi-server-not-offered"]);
        }
        assert_eq!(plan(&cluster, &for_many("TVS")).0.is_refused(), !tvs);
    }
    let imp = cluster_of(Product::Imp, RELEASE_14);
    for (purpose, many) in
        [("cup", false), ("cup-xmpp", true), ("cup-xmpp-s2s-ECDSA", true), ("ipsec", false)]
    {
        assert_eq!(!plan(&imp, &for_many(purpose)).0.is_refused(), many, "{purpose}");
    }
}

#[test]
fn capf_is_asked_for_on_the_publisher_only() {
    // R-KUX-2, R-SIMP-3
    for release in [RELEASE_12, RELEASE_14] {
        let cluster = cluster_of(Product::Ucm, release);
        assert!(!plan(&cluster, &fields("CAPF")).0.is_refused());
        let distribution = Distribution::Node("cm2.ex.com".to_owned());
        let elsewhere = RequestFields { distribution, ..fields("CAPF") };
        assert_eq!(refused(&cluster, &elsewhere), ["management.publisher-only"]);
    }
}

#[test]
fn no_request_is_made_for_what_no_document_has() {
    // R-CSR-7, R-CSR-8, D-14
    let cluster = cluster();
    assert_eq!(refused(&cluster, &fields("ITLRecovery")), ["issuance.request-not-offered"]);
    let (plan, _) = plan(&cluster, &fields("ITLRecovery"));
    assert_eq!(values(&plan, "issuance.request-not-offered", "accepted").len(), 7);
    assert_eq!(refused(&cluster, &fields("nothing")), ["management.purpose-unknown"]);
}

#[test]
fn what_is_missing_or_wrong_is_all_told_at_once() {
    // R-CSR-3, R-TS-8
    let cluster = cluster();
    let mut bad = fields("tomcat");
    bad.subject = SubjectFields { common_name: Some("*.ex.com".to_owned()), ..SubjectFields::default() };
    bad.names.parent_domain = Some("ex com".to_owned());
    bad.key.hash = Hash::Sha1;
    let expected = [
        "issuance.field-missing",
        "issuance.field-missing",
        "issuance.field-missing",
        "issuance.wildcard-requested",
        "issuance.host-name-invalid",
        "issuance.hash-broken",
    ];
    assert_eq!(refused(&cluster, &bad), expected);
    let mut long = fields("tomcat");
    long.subject.organization = Some("a".repeat(65));
    assert_eq!(refused(&cluster, &long), ["issuance.field-too-long"]);
    let mut invalid = fields("tomcat");
    invalid.subject.country = Some("uk".to_owned());
    assert_eq!(refused(&cluster, &invalid), ["issuance.field-invalid"]);
}

#[test]
fn in_fips_and_common_criteria_mode_short_keys_and_sha_1_are_refused() {
    // R-CC-15, R-CSR-28, D-13
    for (fips, common_criteria) in [(true, false), (false, true), (true, true)] {
        let mut cluster = cluster();
        cluster.features = Features { fips, common_criteria, ..Features::default() };
        let mut short = fields("tomcat");
        short.key.bits = 1024;
        assert_eq!(refused(&cluster, &short), ["issuance.key-too-short-for-fips"]);
        let mut broken = fields("tomcat");
        broken.key.hash = Hash::Sha1;
        assert_eq!(refused(&cluster, &broken), ["issuance.hash-broken"]);
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let mut sound = fields("tomcat");
            sound.key.hash = hash;
            assert!(plan(&cluster, &sound).1.is_some());
        }
    }
    let mut legacy = fields("tomcat");
    legacy.key.bits = 1024;
    let (plan, unsigned) = plan(&cluster(), &legacy);
    assert_eq!((codes(&plan), unsigned.is_some()), (vec!["issuance.key-length-legacy"], true));
}

#[test]
fn elliptic_curves_by_the_documents_or_by_the_rfc_and_both_are_told() {
    // R-KU-2, R-KU-6, R-KUX-10, D-24
    let cluster = cluster();
    for (profile, asked_for) in [(UsageProfile::UcmCompat, "yes"), (UsageProfile::StrictPkix, "no")] {
        let fields = RequestFields { profile, ..fields("tomcat-ECDSA") };
        let (plan, _) = plan(&cluster, &fields);
        let code = "issuance.usage-not-for-elliptic-curve";
        assert_eq!((codes(&plan), plan.findings[0].severity), (vec![code], Severity::Inform));
        assert_eq!(values(&plan, code, "askedFor"), [Value::text(asked_for)]);
        let key = signed(&cluster, &fields).extensions.key_usage.unwrap();
        assert_eq!(key.has(KeyUsageBit::DataEncipherment), asked_for == "yes");
        assert!(key.has(KeyUsageBit::DigitalSignature));
    }
    let rsa = RequestFields { profile: UsageProfile::StrictPkix, ..fields("tomcat") };
    assert!(plan(&cluster, &rsa).0.findings.is_empty());
}

#[test]
fn a_new_request_overwrites_the_old_one_of_its_servers() {
    // R-CSR-4
    let pending = |purpose: &str, node: Option<&str>| PendingRequest {
        purpose: purpose.to_owned(),
        node: node.map(str::to_owned),
        der: Vec::new(),
    };
    let mut cluster = cluster();
    cluster.requests = vec![
        pending("tomcat", Some("cm1.ex.com")),
        pending("tomcat", Some("cm2.ex.com")),
        pending("tomcat-ECDSA", Some("cm1.ex.com")),
        pending("tomcat", None),
    ];
    let dropped = |fields: &RequestFields| -> Vec<Option<String>> {
        let (plan, _) = plan(&cluster, fields);
        let code = "issuance.request-overwritten";
        assert!(codes(&plan).iter().all(|found| *found == code));
        let nodes = plan.effects.iter().map(|effect| match effect {
            Effect::DropRequest { purpose, node } if *purpose == fields.purpose => node.clone(),
            other => panic!("{other:?}"),
        });
        nodes.collect()
    };
    let (one, two) = (Some("cm1.ex.com".to_owned()), Some("cm2.ex.com".to_owned()));
    assert_eq!(dropped(&fields("tomcat")), [one.clone(), None]);
    assert_eq!(dropped(&for_many("tomcat")), [one, two, None]);
    assert!(dropped(&fields("CallManager")).is_empty());
    let mut bad = fields("tomcat");
    bad.key.hash = Hash::Sha1;
    assert_eq!(refused(&cluster, &bad), ["issuance.hash-broken", "issuance.request-overwritten"][..1]);
}

#[test]
fn a_form_shows_what_is_accepted() {
    // R-CSR-19, R-CSR-27
    let cluster = cluster();
    let catalogue = catalogue(&cluster);
    for purpose in &catalogue.purposes {
        let Some(offered) = offered(purpose, cluster.features) else {
            assert_eq!(purpose.name, "ITLRecovery");
            continue;
        };
        assert_eq!(offered.publisher_only, purpose.name == "CAPF");
        assert!(offered.names && offered.years.is_empty());
        for length in offered.lengths {
            let hash = length.hashes[0];
            let key = KeyChoice { key_type: offered.key_type, bits: length.bits, hash };
            let fields = RequestFields { key, ..fields(&purpose.name) };
            assert!(plan(&cluster, &fields).1.is_some());
        }
        let many = plan(&cluster, &for_many(&purpose.name)).1.is_some();
        assert_eq!(offered.multi_server, many);
        let names = NameFields::default();
        let suggested = suggested_common_name(&cluster, purpose, &Distribution::MultiServer, &names);
        assert!(suggested.unwrap().ends_with("-ms.ex.com"));
    }
}

/// Xorshift, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.rem_euclid(u64::try_from(bound).unwrap())).unwrap()
    }

    /// Text that is mostly sound, and now and then anything but.
    fn text(&mut self) -> String {
        const PARTS: [&str; 16] = [
            "a", "GB", "cm1", ".ex", ".com", "-", "1", "É", " ", "*", "\0", "\u{202e}", "_", "xn--a", "", "Z",
        ];
        let bound = if self.below(4) == 0 { 16 } else { 7 };
        (0..self.below(5)).map(|_| PARTS[self.below(bound)]).collect()
    }

    fn maybe(&mut self) -> Option<String> {
        (self.below(3) > 0).then(|| self.text())
    }
}

#[test]
fn whatever_is_entered_is_refused_or_makes_a_request_that_says_it() {
    let (cluster, mut random) = (cluster(), Random(0x5eed));
    let mut accepted = 0;
    for _ in 0..3000 {
        let mut fields = if random.below(2) == 0 { fields("tomcat-ECDSA") } else { for_many("tomcat-ECDSA") };
        fields.subject.country = if random.below(4) == 0 { random.maybe() } else { Some("GB".to_owned()) };
        fields.subject.organization = random.maybe();
        fields.subject.common_name = random.maybe();
        fields.subject.organizational_unit = random.maybe();
        fields.subject.include_organizational_unit = random.below(4) == 0;
        fields.names.domains = (random.below(2) == 0).then(|| vec![random.text(), random.text()]);
        fields.names.parent_domain = random.maybe();
        let (plan, unsigned) = plan(&cluster, &fields);
        assert_eq!(plan.is_refused(), unsigned.is_none());
        let Some(unsigned) = unsigned else { continue };
        accepted += 1;
        let request = SigningRequest::decode(&sign(&unsigned)).unwrap();
        let subject = request.subject.rdns.iter().flat_map(|rdn| &rdn.attributes);
        let said = |kind: &oid::Oid| {
            let mut texts = subject.clone().filter(|one| one.kind == *kind);
            texts.next().and_then(|one| one.text.clone())
        };
        assert_eq!(said(&oid::ORGANIZATION_NAME), fields.subject.organization);
        let unit = fields.subject.organizational_unit.filter(|_| fields.subject.include_organizational_unit);
        assert_eq!(said(&oid::ORGANIZATIONAL_UNIT_NAME), unit);
        assert!(hosts(&request).iter().all(|host| !host.contains(['*', '\0', ' ', '_'])));
    }
    assert!((50..2500).contains(&accepted), "{accepted}");
}
