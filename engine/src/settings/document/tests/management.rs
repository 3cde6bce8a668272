//! The table `[issuance]` and the lists `[[stores]]` and `[[identities]]`: D-24, D-25, and what a deployment has of its own.

use super::{check, refused, sound};
use crate::oid::{self, Oid};
use crate::settings::KeyUsageBit;
use crate::settings::document::key;
use crate::settings::document::problem::DocumentProblem;
use crate::settings::management::{
    BUILT_IN_IDENTITIES, BUILT_IN_STORES, ExtraNames, KeyType, ManagementSettings, OwnIdentity, Replication,
    Scope, TrustStore, UsageProfile,
};

const RADIUS: &str = r#"
[[stores]]
name = "radius-trust"
replicated = true
publisher-only = true
copied-to = "tomcat-trust"

[[identities]]
name = "radius"
key-type = "ec"
trust-store = "radius-trust"
scope = "cluster"
multi-server-self-signed = true
multi-server-issued = true
publisher-only = true
key-usage = ["keyAgreement", "digitalSignature"]
extended-key-usage = ["serverAuth", "1.3.6.1.5.5.7.3.14"]
used-by = ["802.1X (wired)"]
restart = ["FreeRADIUS"]
"#;

#[test]
fn what_is_written_is_what_is_set() {
    let expected = ManagementSettings {
        usage_profile: UsageProfile::UcmCompat,
        extra_names: ExtraNames::Refuse,
        stores: vec![TrustStore {
            name: "radius-trust".to_owned(),
            replication: Replication::Cluster,
            deletion: Replication::Cluster,
            publisher_only: true,
            copied_to: Some("tomcat-trust".to_owned()),
        }],
        identities: vec![OwnIdentity {
            name: "radius".to_owned(),
            key_type: KeyType::Ec,
            trust_store: "radius-trust".to_owned(),
            scope: Scope::Cluster,
            multi_server_self_signed: true,
            multi_server_issued: true,
            publisher_only: true,
            key_usage: vec![KeyUsageBit::DigitalSignature, KeyUsageBit::KeyAgreement],
            extended_key_usage: vec![oid::KP_SERVER_AUTH, Oid::from_dotted("1.3.6.1.5.5.7.3.14").unwrap()],
            used_by: vec!["802.1X (wired)".to_owned()],
            restart: vec!["FreeRADIUS".to_owned()],
        }],
    };
    assert_eq!(sound(RADIUS).management, expected);
    assert_eq!(sound("").management, ManagementSettings::default());
    let issuance = sound("[issuance]\nusage-profile = \"strict-pkix\"\nextra-names = \"warn\"\n").management;
    assert_eq!((issuance.usage_profile, issuance.extra_names), (UsageProfile::StrictPkix, ExtraNames::Warn));
    // Common Criteria mode takes no name that nobody asked for.
    let strict = sound("common-criteria = true\nissuance.extra-names = \"warn\"").management;
    assert_eq!(strict.extra_names, ExtraNames::Refuse);
}

#[test]
fn what_is_left_out_is_the_least() {
    let text = "stores = [{ name = \"a\" }]\n[[identities]]\nname = \"b\"\nkey-type = \"rsa\"\n\
                trust-store = \"ipsec-trust\"\nkey-usage = [\"digitalSignature\"]";
    let management = sound(text).management;
    let [store] = management.stores.as_slice() else { panic!("{management:?}") };
    assert_eq!((store.replication, store.deletion), (Replication::Node, Replication::Node));
    assert!(!store.publisher_only && store.copied_to.is_none());
    let [own] = management.identities.as_slice() else { panic!("{management:?}") };
    assert!(!own.multi_server_self_signed && !own.multi_server_issued && !own.publisher_only);
    assert_eq!((own.scope, own.extended_key_usage.len(), own.restart.len()), (Scope::Node, 0, 0));
    // D-21: a deletion may go further than what was put in.
    let further = sound("stores = [{ name = \"a\", deleted-everywhere = true }]").management.stores;
    assert_eq!((further[0].replication, further[0].deletion), (Replication::Node, Replication::Cluster));
}

#[test]
fn wrong_words_and_keys_are_told_with_their_place() {
    check("issuance.usage-profile = \"strict\"", 1, 26, "issuance.usage-profile", "settings.unknown-word");
    check("issuance.extra-names = \"allow\"", 1, 24, "issuance.extra-names", "settings.unknown-word");
    check("[issuance]\nextra = 1", 2, 1, "issuance.extra", "settings.unknown-key");
    check("[[stores]]\nname = \"a\"\nreplicate = true", 3, 1, "stores[0].replicate", "settings.unknown-key");
    check("stores = [1]", 1, 11, "stores[0]", "settings.wrong-type");
    check("stores = []", 1, 10, "stores", "settings.empty");
    check("[[stores]]\nreplicated = true", 1, 1, "stores[0]", "settings.missing-key");
    check("stores = [{ name = \"A\" }]", 1, 20, "stores[0].name", "settings.name");
    check("stores = [{ name = \"a\" }, { name = \"a\" }]", 1, 36, "stores[1].name", "settings.duplicate");
    let replaced = |from: &str, to: &str| refused(&RADIUS.replace(from, to));
    let error = replaced("scope = \"cluster\"", "scope = \"clustr\"");
    let DocumentProblem::UnknownWord { nearest: Some("cluster"), .. } = error.problem else {
        panic!("{error:?}")
    };
    for (from, to, key, code) in [
        ("key-type = \"ec\"", "key-type = \"dsa\"", "key-type", "settings.unknown-word"),
        (
            "key-usage = [\"keyAgreement\", \"digitalSignature\"]",
            "key-usage = []",
            "key-usage",
            "settings.empty",
        ),
        ("\"keyAgreement\"", "\"digitalSignature\"", "key-usage[1]", "settings.duplicate"),
        ("\"1.3.6.1.5.5.7.3.14\"", "\"serverAuth\"", "extended-key-usage[1]", "settings.duplicate"),
        ("\"1.3.6.1.5.5.7.3.14\"", "\"eap\"", "extended-key-usage[1]", "settings.unknown-word"),
        ("\"FreeRADIUS\"", "\"a\", \"a\"", "restart[1]", "settings.duplicate"),
        ("\"FreeRADIUS\"", "'a\"b'", "restart[0]", "settings.name"),
        ("802.1X", "802\\\\1X", "used-by[0]", "settings.name"),
        ("restart", "restarts", "restarts", "settings.unknown-key"),
    ] {
        let error = replaced(from, to);
        assert_eq!((error.key, error.problem.code()), (format!("identities[0].{key}"), code), "{to}");
    }
    for missing in ["name", "key-type", "trust-store", "key-usage"] {
        let (store, identity) = RADIUS.split_at(RADIUS.find("[[identities]]").unwrap());
        let lines = identity.lines().filter(|line| !line.starts_with(&format!("{missing} =")));
        let text = format!("{store}{}", lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(refused(&text).problem, DocumentProblem::MissingKey { missing }, "{missing}");
    }
}

#[test]
fn names_of_the_product_are_refused_in_letters_of_either_case() {
    for name in BUILT_IN_IDENTITIES.iter().map(|name| name.to_lowercase()) {
        let error = refused(&RADIUS.replace("name = \"radius\"", &format!("name = {name:?}")));
        assert_eq!(error.problem, DocumentProblem::BuiltIn { found: name });
    }
    for name in BUILT_IN_STORES.iter().map(|name| name.to_lowercase()) {
        let error = refused(&format!("stores = [{{ name = {name:?} }}]"));
        assert_eq!((error.column, error.problem), (20, DocumentProblem::BuiltIn { found: name }));
    }
}

#[test]
fn stores_that_are_named_exist() {
    let error = refused(&RADIUS.replace("trust-store = \"radius-trust\"", "trust-store = \"radus-trust\""));
    let DocumentProblem::UnknownName { nearest, expected, .. } = &error.problem else { panic!("{error:?}") };
    assert_eq!(nearest.as_deref(), Some("radius-trust"));
    assert_eq!(expected.len(), BUILT_IN_STORES.len() + 1);
    assert_eq!((error.line, error.column, error.key.as_str()), (11, 15, "identities[0].trust-store"));
    assert_eq!(error.code(), "settings.unknown-word");
    let names: Vec<_> = error.details().into_iter().map(|detail| detail.name).collect();
    assert_eq!(names[3..6], ["found", "nearest", "expected"]);
    let error = refused(&RADIUS.replace("copied-to = \"tomcat-trust\"", "copied-to = \"web-trust\""));
    assert_eq!(error.code(), "settings.unknown-word");
}

#[test]
fn what_cannot_stand_together_is_refused() {
    let error =
        refused(&RADIUS.replace("publisher-only = true\ncopied", "deleted-everywhere = false\ncopied"));
    let expected = DocumentProblem::Contradiction { with: "stores.replicated", value: "true".to_owned() };
    assert_eq!((error.key.as_str(), error.problem), ("stores[0].deleted-everywhere", expected));
    // Nothing is copied to itself, in a circle, or on from a copy.
    for second in ["radius-trust", "CAPF-trust"] {
        let copied = format!("copied-to = {second:?}");
        let error = refused(&RADIUS.replace("copied-to = \"tomcat-trust\"", &copied));
        let expected = DocumentProblem::Contradiction { with: "stores.copied-to", value: second.to_owned() };
        assert_eq!((error.key.as_str(), error.problem), ("stores[0].copied-to", expected));
    }
    let chain =
        "stores = [{ name = \"a\", copied-to = \"b\" }, { name = \"b\", copied-to = \"ipsec-trust\" }]";
    check(chain, 1, 37, "stores[0].copied-to", "settings.contradiction");
}

#[test]
fn there_may_be_so_many_and_no_more() {
    let stores = |count: u32| {
        let list: Vec<_> = (0..count).map(|number| format!("{{ name = \"s{number}\" }}")).collect();
        format!("stores = [{}]", list.join(", "))
    };
    assert_eq!(sound(&stores(key::MAXIMUM_OWN)).management.stores.len(), 8);
    assert_eq!(refused(&stores(key::MAXIMUM_OWN + 1)).code(), "settings.out-of-range");
    let services = |count: u32| {
        let list: Vec<_> = (0..count).map(|number| format!("\"s{number}\"")).collect();
        RADIUS.replace("\"FreeRADIUS\"", &list.join(", "))
    };
    assert_eq!(sound(&services(key::MAXIMUM_SERVICES)).management.identities[0].restart.len(), 8);
    assert_eq!(refused(&services(key::MAXIMUM_SERVICES + 1)).code(), "settings.out-of-range");
    let named = |length: usize| format!("stores = [{{ name = \"{}\" }}]", "a".repeat(length));
    sound(&named(key::MAXIMUM_NAME));
    assert_eq!(refused(&named(key::MAXIMUM_NAME + 1)).code(), "settings.name");
    assert_eq!(refused(&named(0)).code(), "settings.empty");
}
