//! Certificates as an authority might return them: the request's own content, and every way to differ from it.

use pki::certificate::{Issued, Sketch};
use pki::key::Key;

use super::*;
use crate::finding::Severity;
use crate::management::issuance::plan_request;
use crate::management::key_usage_table::TABLE;
use crate::management::purpose::Catalogue;
use crate::management::release::RELEASE_14;
use crate::management::sample::{
    catalogue, cluster, cluster_of, codes, fields, key, request_like, sign, values, with_usages,
};
use crate::settings::Settings;

/// Root issues what was asked for, but for what a test changes.
struct Case {
    product: Product,
    purpose: &'static str,
    profile: UsageProfile,
    extra_names: ExtraNames,
    unit: Option<&'static str>,
}

impl Case {
    fn of(purpose: &'static str) -> Self {
        Self {
            product: Product::Ucm,
            purpose,
            profile: UsageProfile::UcmCompat,
            extra_names: ExtraNames::Refuse,
            unit: None,
        }
    }

    fn pending(&self) -> PendingRequest {
        let cluster = cluster_of(self.product, RELEASE_14);
        let mut fields = fields(self.purpose);
        fields.profile = self.profile;
        fields.subject.organizational_unit = self.unit.map(str::to_owned);
        fields.subject.include_organizational_unit = self.unit.is_some();
        let unsigned = plan_request(&cluster, &catalogue(&cluster), &fields).1.unwrap();
        PendingRequest {
            purpose: unsigned.purpose.clone(),
            node: unsigned.node.clone(),
            der: sign(&unsigned),
        }
    }

    fn sketch(&self) -> Sketch {
        let root = Sketch::ca("root").issue();
        let elliptic = self.purpose.ends_with("-ECDSA");
        let name = if elliptic { "cm1-EC.ex.com" } else { "cm1.ex.com" };
        let sketch = Sketch::leaf("server")
            .issued_by(&root)
            .key(key(fields(self.purpose).key))
            .subject(&format!("C=GB,L=London,O=Example Ltd,CN={name}"))
            .dns("cm1.ex.com")
            .dns("ex.com");
        if elliptic { sketch.dns(name) } else { sketch }
    }

    fn check(&self, issued: &Issued) -> Plan {
        let certificate = Certificate::decode(&issued.der).unwrap();
        let catalogue = Catalogue::of(self.product, RELEASE_14, &Settings::default());
        let expectation = Expectation {
            product: self.product,
            purpose: catalogue.purpose(self.purpose).unwrap(),
            profile: self.profile,
            extra_names: self.extra_names,
        };
        let mut plan = Plan::default();
        let about = About::input(0, &certificate);
        check_returned(&mut plan, about, &self.pending(), &certificate, &expectation);
        assert!(plan.findings.iter().all(|finding| finding.position == Some(0)));
        plan
    }
}

const TOMCAT_KEY: [&str; 2] = ["digitalSignature", "dataEncipherment"];
const BOTH: [&str; 2] = ["serverAuth", "clientAuth"];

/// For tomcat's key and subject, without names and usages.
fn bare() -> Sketch {
    let root = Sketch::ca("root").issue();
    let sketch = Sketch::leaf("server").issued_by(&root).key(Key::rsa("rsa-2048-1"));
    sketch.subject("C=GB,L=London,O=Example Ltd,CN=cm1.ex.com")
}

fn tomcat() -> Sketch {
    Case::of("tomcat").sketch().key_usage(&TOMCAT_KEY).eku(&BOTH)
}

fn found(sketch: Sketch) -> Plan {
    Case::of("tomcat").check(&sketch.issue())
}

#[test]
fn what_was_asked_for_is_accepted() {
    // R-KUX-11, R-UP-28
    assert!(found(tomcat()).findings.is_empty());
    let capf = Case::of("CAPF");
    let issued = capf.sketch().key_usage(&["digitalSignature", "keyCertSign"]).eku(&["serverAuth"]).issue();
    assert!(capf.check(&issued).findings.is_empty());
}

/// The other way round: the tables' own usages, and a request made from the certificate.
#[test]
fn a_certificate_answers_the_request_that_asks_for_exactly_it() {
    for row in TABLE {
        let catalogue = Catalogue::of(row.product, RELEASE_14, &Settings::default());
        let purpose = catalogue.purpose(row.purpose).unwrap();
        let key = key(fields(row.purpose).key);
        let sketch = Sketch::leaf("server").key(key).subject("OU=Voice,CN=a").dns("a.ex.com").ip("192.0.2.1");
        let issued = with_usages(sketch, row.product, row.purpose).issue();
        let certificate = Certificate::decode(&issued.der).unwrap();
        let pending =
            PendingRequest { purpose: row.purpose.to_owned(), node: None, der: request_like(&certificate) };
        let (profile, extra_names) = (UsageProfile::UcmCompat, ExtraNames::Refuse);
        let expectation = Expectation { product: row.product, purpose, profile, extra_names };
        let mut plan = Plan::default();
        check_returned(&mut plan, About::OPERATION, &pending, &certificate, &expectation);
        assert!(plan.findings.is_empty(), "{} {:?}", row.purpose, codes(&plan));
    }
}

#[test]
fn another_key_is_refused() {
    // R-UP-8, R-UP-10
    let plan = found(tomcat().key(Key::rsa("rsa-2048-2")));
    assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.key-differs"], true));
}

#[test]
fn names_are_the_same_set() {
    // R-CSR-17, R-CSR-18, D-25
    let plan = found(tomcat().dns("evil.example"));
    assert_eq!(codes(&plan), ["returned.name-extra"]);
    let named = values(&plan, "returned.name-extra", "name");
    assert_eq!((named, plan.is_refused()), (vec![Value::text("dNSName evil.example")], true));
    let lenient = Case { extra_names: ExtraNames::Warn, ..Case::of("tomcat") };
    let plan = lenient.check(&tomcat().dns("evil.example").issue());
    assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.name-added"], false));
    let nothing = found(tomcat().without("subjectAltName"));
    assert_eq!(codes(&nothing), ["returned.name-missing"]);
    assert_eq!(values(&nothing, "returned.name-missing", "name").len(), 2);
    let other_form = found(tomcat().ip("192.0.2.1").mail("a@ex.com").uri("sip:a@ex.com"));
    assert_eq!(values(&other_form, "returned.name-extra", "name").len(), 3);
    // The same set in another order, with other letter case, and one name twice.
    let swapped = bare().dns("EX.com").dns("CM1.ex.com").dns("ex.com");
    assert!(found(swapped.key_usage(&TOMCAT_KEY).eku(&BOTH)).findings.is_empty());
}

#[test]
fn an_extra_name_does_not_hide_a_missing_one() {
    let sketch = bare().dns("cm1.ex.com").dns("other.ex.com");
    let plan = found(sketch.key_usage(&TOMCAT_KEY).eku(&BOTH));
    assert_eq!(codes(&plan), ["returned.name-missing", "returned.name-extra"]);
}

#[test]
fn a_unit_may_be_left_out_and_other_attributes_changed() {
    // R-UP-19
    let with = Case { unit: Some("Voice"), ..Case::of("tomcat") };
    let plan = with.check(&tomcat().issue());
    assert_eq!((codes(&plan), plan.findings[0].severity), (vec!["returned.unit-removed"], Severity::Inform));
    let kept = tomcat().subject("C=GB,L=London,O=Example Ltd,OU=Voice,CN=cm1.ex.com");
    assert!(with.check(&kept.issue()).findings.is_empty());
    assert!(found(tomcat().subject("O=Example Limited,CN=CM1.ex.com")).findings.is_empty());
}

#[test]
fn another_common_name_is_told() {
    // R-CSR-14
    for subject in ["O=Example Ltd,CN=cm2.ex.com", "O=Example Ltd", "CN=cm1.ex.com,CN=cm2.ex.com"] {
        let plan = found(tomcat().subject(subject));
        assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.common-name-differs"], false));
    }
}

#[test]
fn what_the_table_requires_must_be_there() {
    // R-UP-28, R-KUX-7, R-KUX-8
    let missing = "returned.usage-missing";
    let plan = found(Case::of("tomcat").sketch().key_usage(&["dataEncipherment"]).eku(&BOTH));
    assert_eq!((codes(&plan), plan.is_refused()), (vec![missing], true));
    assert_eq!(values(&plan, missing, "usage"), [Value::text("digitalSignature")]);
    assert_eq!(values(&plan, missing, "table"), [Value::text("Y")]);
    let plan = found(Case::of("tomcat").sketch().key_usage(&TOMCAT_KEY).eku(&["serverAuth"]));
    assert_eq!(values(&plan, missing, "usage"), [Value::text("clientAuth")]);
    let none = found(Case::of("tomcat").sketch().without("keyUsage").without("extKeyUsage"));
    assert_eq!(codes(&none), [missing, missing, missing, "returned.data-encipherment-removed"]);
    let cup = Case { product: Product::Imp, ..Case::of("cup") };
    let three = ["digitalSignature", "keyEncipherment", "dataEncipherment"];
    let issued = cup.sketch().key_usage(&three).eku(&BOTH).issue();
    assert_eq!(values(&cup.check(&issued), missing, "usage"), [Value::text("ipsecEndSystem")]);
}

#[test]
fn data_encipherment_is_not_removed() {
    // R-UP-27, R-KUX-10
    let plan = found(Case::of("tomcat").sketch().key_usage(&["digitalSignature"]).eku(&BOTH));
    assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.data-encipherment-removed"], true));
    let capf = Case::of("CAPF");
    let issued = capf.sketch().key_usage(&["digitalSignature", "keyCertSign"]).eku(&["serverAuth"]).issue();
    assert!(capf.check(&issued).findings.is_empty());
}

#[test]
fn with_an_elliptic_curve_it_depends_on_the_profile() {
    // R-UP-27, D-24
    let compatible = Case::of("tomcat-ECDSA");
    let strict = Case { profile: UsageProfile::StrictPkix, ..Case::of("tomcat-ECDSA") };
    let without = compatible.sketch().key_usage(&["digitalSignature"]).eku(&BOTH).issue();
    let with = compatible.sketch().key_usage(&TOMCAT_KEY).eku(&BOTH).issue();
    assert_eq!(codes(&compatible.check(&without)), ["returned.data-encipherment-removed"]);
    assert!(compatible.check(&with).findings.is_empty());
    assert!(strict.check(&without).findings.is_empty());
    assert_eq!(codes(&strict.check(&with)), ["returned.usage-unwanted"]);
}

#[test]
fn what_must_not_be_asked_for_is_a_warning() {
    // R-KUX-5, R-KUX-7, D-24
    let unwanted = "returned.usage-unwanted";
    let three = ["digitalSignature", "keyEncipherment", "dataEncipherment"];
    let plan = found(Case::of("tomcat").sketch().key_usage(&three).eku(&BOTH));
    assert_eq!((codes(&plan), plan.is_refused()), (vec![unwanted], false));
    assert_eq!(values(&plan, unwanted, "usage"), [Value::text("keyEncipherment")]);
    let capf = Case::of("CAPF");
    let issued = capf.sketch().key_usage(&["digitalSignature", "keyCertSign"]).eku(&BOTH).issue();
    assert_eq!(values(&capf.check(&issued), unwanted, "usage"), [Value::text("clientAuth")]);
}

#[test]
fn what_the_prose_lists_is_accepted_and_nothing_else() {
    // R-CSRX-1, R-CSRX-2, R-CSRX-3, R-CSRX-4, R-CSRX-5, R-CSRX-6, D-15
    let four = ["digitalSignature", "dataEncipherment", "keyAgreement"];
    let three = ["serverAuth", "clientAuth", "ipsecEndSystem"];
    assert!(found(Case::of("tomcat").sketch().key_usage(&four).eku(&three)).findings.is_empty());
    let unforeseen = "returned.usage-unforeseen";
    let call_manager = Case::of("CallManager");
    let plan = call_manager.check(&call_manager.sketch().key_usage(&four).eku(&three).issue());
    assert_eq!((codes(&plan), plan.is_refused()), (vec![unforeseen], false));
    assert_eq!(values(&plan, unforeseen, "usage"), [Value::text("ipsecEndSystem")]);
    // R-KUX-4
    let issuing = ["digitalSignature", "dataEncipherment", "keyCertSign"];
    let plan = found(Case::of("tomcat").sketch().key_usage(&issuing).eku(&BOTH));
    assert_eq!(values(&plan, unforeseen, "usage"), [Value::text("keyCertSign")]);
    let odd = ["serverAuth", "clientAuth", "1.2.3.4"];
    let plan = found(Case::of("tomcat").sketch().key_usage(&TOMCAT_KEY).eku(&odd));
    assert_eq!(values(&plan, unforeseen, "usage"), [Value::Oid(Oid::from_dotted("1.2.3.4").unwrap())]);
}

/// A request made elsewhere, or under the other profile, may ask for more than the table requires.
#[test]
fn what_was_asked_for_beyond_the_table_and_is_dropped_is_told() {
    // R-UP-28
    let asked = Case::of("tomcat-ECDSA").pending();
    let catalogue = catalogue(&cluster());
    let issued = Case::of("tomcat-ECDSA").sketch().key_usage(&["digitalSignature"]).eku(&BOTH).issue();
    let certificate = Certificate::decode(&issued.der).unwrap();
    let expectation = Expectation {
        product: Product::Ucm,
        purpose: catalogue.purpose("tomcat-ECDSA").unwrap(),
        profile: UsageProfile::StrictPkix,
        extra_names: ExtraNames::Refuse,
    };
    let mut plan = Plan::default();
    check_returned(&mut plan, About::OPERATION, &asked, &certificate, &expectation);
    assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.usage-dropped"], false));
    let mut alone = Plan::default();
    check_usages(&mut alone, About::OPERATION, (None, &certificate), &expectation);
    assert!(alone.findings.is_empty());
}

#[test]
fn a_request_that_cannot_be_read_is_no_match() {
    // R-CSR-1
    let certificate = Certificate::decode(&tomcat().issue().der).unwrap();
    let catalogue = catalogue(&cluster());
    let expectation = Expectation {
        product: Product::Ucm,
        purpose: catalogue.purpose("tomcat").unwrap(),
        profile: UsageProfile::UcmCompat,
        extra_names: ExtraNames::Refuse,
    };
    let pending = PendingRequest { purpose: "tomcat".to_owned(), node: None, der: vec![0x30, 0] };
    let mut plan = Plan::default();
    check_returned(&mut plan, About::OPERATION, &pending, &certificate, &expectation);
    assert_eq!((codes(&plan), plan.is_refused()), (vec!["returned.request-unreadable"], true));
}
