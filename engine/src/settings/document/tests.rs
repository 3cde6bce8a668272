//! Every problem with its exact place, ranges on both sides, and the round trip over random documents.

use std::collections::BTreeSet;

use super::*;
use crate::expression::Expression;
use crate::expression::fact::Scope;
use crate::finding::Severity;
use crate::finding::{Code, Level, Value};
use crate::oid::{self, Oid};
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};
use crate::settings::custom::CustomRule;
use crate::settings::revocation::{
    Ask, CrlSettings, Depth, DesignatedAlone, DesignatedUsage, FreshnessSettings, MissingField, NoncePolicy,
    OcspMethod, OcspSettings, ProducedAtRule, RequestHash, ResponderCheck, RevocationSettings, StatusSource,
    UriChoice,
};
use crate::settings::{Fips, KeyUsageBit, Profile, Purpose, Strictness, Wildcards};

mod modes;
mod random;
mod revocation;
mod periodic;
mod management;
mod monitoring;
mod rules;
mod schema;
mod levels;

fn sound(text: &str) -> Settings {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn refused(text: &str) -> DocumentError {
    parse(text).expect_err(text)
}

#[track_caller]
fn check(text: &str, line: u32, column: u32, key: &str, code: &str) {
    let error = refused(text);
    assert_eq!(
        (error.line, error.column, error.key.as_str(), error.code()),
        (line, column, key, code),
        "{error:?}"
    );
}

#[test]
fn an_empty_document_means_the_defaults() {
    for text in ["", "\n", "# nothing\n", "[path]\n[limits]\n", "\u{feff}"] {
        assert_eq!(sound(text), Settings::default(), "{text:?}");
    }
}

#[test]
fn every_key_is_taken() {
    let settings = sound(
        r#"
        profile = "public-web"
        strictness = "pedantic"
        common-criteria = false
        fips = false
        [path]
        maximum-intermediates = 3
        initial-policy-set = ["1.2.3", "2.999"]
        explicit-policy = true
        inhibit-policy-mapping = true
        inhibit-any-policy = true
        [anchors]
        validity = false
        constraints = false
        form = false
        [algorithms]
        signatures = ["ecdsa-sha256", "rsa-pkcs1-sha1"]
        keys = ["p-256", "rsa"]
        rsa-minimum-bits = 1024
        rsa-maximum-bits = 4096
        dsa-minimum-bits = 1024
        [names]
        wildcards = "refuse"
        common-name-fallback = true
        [revocation]
        sources = ["crl", "ocsp"]
        ask = "every-source"
        depth = "all"
        undetermined = "deny"
        retry-seconds = 9
        [ocsp]
        uri = "configured"
        configured = ["http://b.example/", "https://a.example/"]
        method = "get"
        request-hash = "sha256"
        nonce = "required"
        maximum-age-seconds = 3600
        clock-skew-seconds = 0
        produced-at = "within-certificate-validity"
        designated-usage = "ocsp-signing-where-present"
        designated-alone = "refuse"
        responder-check = "required"
        [crl]
        uri = "certificate-else-configured"
        configured = ["http://c.example/a.crl"]
        maximum-age-seconds = 7200
        clock-skew-seconds = 1
        missing-next-update = "accept"
        missing-number = "refuse"
        missing-authority-key-identifier = "refuse"
        [levels]
        "certificate.serial-negative" = "ignore"
        [limits]
        signatures = 1
        signature-cost = 2
        build-steps = 3
        candidate-paths = 4
        name-comparisons = 5
        policy-edges = 6
        certificates = 7
        certificate-octets = 800
        status-evidence = 9
        ocsp-octets = 1000
        crl-octets = 1100
        rule-steps = 1200
        [[purposes]]
        name = "sip"
        extended-key-usage = "1.3.6.1.5.5.7.3.20"
        key-usage = ["keyAgreement", "digitalSignature"]
        [[rules]]
        id = "short-lived"
        when = "at>certificate . not_after"
        effect = "warn"
        message = "it \"is\" old"
        purposes = ["sip"]
        each = "certificate"
        "#,
    );
    let mut expected = Settings::of_profile(Profile::PublicWeb, Strictness::Pedantic);
    expected.path.maximum_intermediates = 3;
    expected.path.initial_policy_set =
        ["1.2.3", "2.999"].iter().map(|text| Oid::from_dotted(text).unwrap()).collect();
    expected.path.explicit_policy = true;
    expected.path.inhibit_policy_mapping = true;
    expected.path.inhibit_any_policy = true;
    expected.anchors = crate::settings::AnchorSettings { validity: false, constraints: false, form: false };
    expected.algorithms.signatures =
        BTreeSet::from([SignatureAlgorithm::EcdsaSha256, SignatureAlgorithm::RsaPkcs1Sha1]);
    expected.algorithms.keys = BTreeSet::from([KeyKind::P256, KeyKind::Rsa]);
    expected.algorithms.rsa_minimum_bits = 1024;
    expected.algorithms.rsa_maximum_bits = 4096;
    expected.algorithms.dsa_minimum_bits = 1024;
    expected.names =
        crate::settings::NameSettings { wildcards: Wildcards::Refuse, common_name_fallback: true };
    expected.revocation = RevocationSettings {
        sources: vec![StatusSource::Crl, StatusSource::Ocsp],
        ask: Ask::EverySource,
        depth: Depth::All,
        retry_seconds: 9,
    };
    expected.ocsp = OcspSettings {
        uri: UriChoice::Configured,
        configured: vec!["http://b.example/".to_owned(), "https://a.example/".to_owned()],
        method: OcspMethod::Get,
        responder_check: ResponderCheck::Required,
        request_hash: RequestHash::Sha256,
        nonce: NoncePolicy::Required,
        freshness: FreshnessSettings { maximum_age_seconds: 3600, clock_skew_seconds: 0 },
        produced_at: ProducedAtRule::WithinCertificateValidity,
        designated_usage: DesignatedUsage::OcspSigningWherePresent,
        designated_alone: DesignatedAlone::Refuse,
    };
    expected.crl = CrlSettings {
        uri: UriChoice::CertificateElseConfigured,
        configured: vec!["http://c.example/a.crl".to_owned()],
        freshness: FreshnessSettings { maximum_age_seconds: 7200, clock_skew_seconds: 1 },
        missing_next_update: MissingField::Accept,
        missing_number: MissingField::Refuse,
        missing_authority_key_identifier: MissingField::Refuse,
    };
    expected.levels.set(Code::SerialNegative, Level::Ignore).unwrap();
    expected.levels.set(Code::RevocationUndetermined, Level::Deny).unwrap();
    expected.limits = crate::budget::Limits {
        signatures: 1,
        signature_cost: 2,
        build_steps: 3,
        candidate_paths: 4,
        name_comparisons: 5,
        policy_edges: 6,
        certificates: 7,
        certificate_octets: 800,
        status_evidence: 9,
        ocsp_octets: 1000,
        crl_octets: 1100,
        rule_steps: 1200,
    };
    expected.purposes.push(Purpose {
        name: "sip".to_owned(),
        extended_key_usage: Oid::from_dotted("1.3.6.1.5.5.7.3.20"),
        key_usage_any_of: vec![KeyUsageBit::DigitalSignature, KeyUsageBit::KeyAgreement],
    });
    expected.rules.push(CustomRule {
        id: "short-lived".to_owned(),
        when: Expression::read("at > certificate.not_after", Scope::Certificate).unwrap(),
        effect: Severity::Warn,
        message: "it \"is\" old".to_owned(),
        purposes: vec!["sip".to_owned()],
        each: Scope::Certificate,
    });
    assert_eq!(settings, expected);
}

#[test]
fn profile_and_strictness_count_wherever_they_stand() {
    let settings = sound("[levels]\n\"certificate.serial-zero\" = \"inform\"\n");
    assert_eq!(settings.levels.of(Code::SerialZero), Level::Inform);
    let settings =
        sound("levels = { \"certificate.serial-zero\" = \"inform\" }\nstrictness = \"pedantic\"\n");
    assert_eq!(settings.levels.of(Code::SerialZero), Level::Inform);
    assert_eq!(settings.levels.of(Code::SerialNegative), Level::Deny);
}

#[test]
fn a_purpose_replaces_the_one_of_its_name_as_a_whole() {
    let settings = sound("[[purposes]]\nname = \"server-auth\"\n");
    let expected =
        Purpose { name: "server-auth".to_owned(), extended_key_usage: None, key_usage_any_of: Vec::new() };
    assert_eq!(settings.purpose("server-auth"), Some(&expected));
    assert_eq!(settings.purposes.len(), Settings::default().purposes.len());
}

#[test]
fn any_stands_for_any_policy_in_both_spellings() {
    for word in ["any", "2.5.29.32.0"] {
        let settings = sound(&format!("path.initial-policy-set = [\"{word}\"]"));
        assert_eq!(settings.path.initial_policy_set, BTreeSet::from([oid::ANY_POLICY]));
    }
}

#[test]
fn syntax_is_refused_where_it_breaks() {
    check("profile = \"rfc5280\nstrictness = 1", 1, 19, "", "settings.syntax");
    check("[path]\nexplicit-policy = yes\n", 2, 19, "", "settings.syntax");
    check("[path\n", 1, 6, "", "settings.syntax");
    check("= 1", 1, 1, "", "settings.syntax");
    check(&format!("a = {}", "[".repeat(300)), 1, 85, "", "settings.syntax");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_one() {
    check("profil = \"rfc5280\"", 1, 1, "profil", "settings.unknown-key");
    check("[revoked]\nocsp = true", 1, 2, "revoked", "settings.unknown-key");
    check("[revocation]\nocsp = true", 2, 1, "revocation.ocsp", "settings.unknown-key");
    check("[ocsp]\nage = 1", 2, 1, "ocsp.age", "settings.unknown-key");
    check("[crl]\nnonce = \"off\"", 2, 1, "crl.nonce", "settings.unknown-key");
    check("[path]\n  explicit_policy = true", 2, 3, "path.explicit_policy", "settings.unknown-key");
    check("[anchors]\nvalid = true", 2, 1, "anchors.valid", "settings.unknown-key");
    check("[algorithms]\nkey = []", 2, 1, "algorithms.key", "settings.unknown-key");
    check("[names]\nwildcard = 1", 2, 1, "names.wildcard", "settings.unknown-key");
    check("[limits]\nsteps = 1", 2, 1, "limits.steps", "settings.unknown-key");
    check("[[purposes]]\nname = \"a\"\nusage = 1", 3, 1, "purposes[0].usage", "settings.unknown-key");
    check("[levels]\n\"path.nothing\" = \"warn\"", 2, 1, "levels.\"path.nothing\"", "settings.unknown-key");
    let expected = DocumentProblem::UnknownKey {
        found: "explicit_policy".to_owned(),
        nearest: Some("explicit-policy"),
        expected: key::PATH.to_vec(),
    };
    assert_eq!(refused("path.explicit_policy = true").problem, expected);
}

#[test]
fn another_type_is_refused_at_the_value() {
    check("profile = 1", 1, 11, "profile", "settings.wrong-type");
    check("path = 1", 1, 8, "path", "settings.wrong-type");
    check("[path]\nexplicit-policy = \"yes\"", 2, 19, "path.explicit-policy", "settings.wrong-type");
    check("[path]\nmaximum-intermediates = 1.5", 2, 25, "path.maximum-intermediates", "settings.wrong-type");
    check("[algorithms]\nkeys = \"rsa\"", 2, 8, "algorithms.keys", "settings.wrong-type");
    check("[algorithms]\nkeys = [\"rsa\",\n  1]", 3, 3, "algorithms.keys[1]", "settings.wrong-type");
    check("purposes = [1]", 1, 13, "purposes[0]", "settings.wrong-type");
    check("[purposes]\nname = \"a\"", 1, 1, "purposes", "settings.wrong-type");
    let expected = DocumentProblem::WrongType { expected: "boolean", found: "string" };
    assert_eq!(refused("names.common-name-fallback = \"no\"").problem, expected);
}

#[test]
fn an_unknown_word_is_refused_with_the_nearest_one() {
    check("profile = \"rfc3280\"", 1, 11, "profile", "settings.unknown-word");
    check("strictness = \"strict\"", 1, 14, "strictness", "settings.unknown-word");
    check("names.wildcards = \"any\"", 1, 19, "names.wildcards", "settings.unknown-word");
    check("algorithms.keys = [\"rsa\", \"p256\"]", 1, 27, "algorithms.keys[1]", "settings.unknown-word");
    check(
        "path.initial-policy-set = [\"1.2.\"]",
        1,
        28,
        "path.initial-policy-set[0]",
        "settings.unknown-word",
    );
    let level = "[levels]\n\"certificate.version\" = \"error\"";
    check(level, 2, 25, "levels.\"certificate.version\"", "settings.unknown-word");
    let usage = "[[purposes]]\nname = \"a\"\nextended-key-usage = \"serverauth\"";
    check(usage, 3, 22, "purposes[0].extended-key-usage", "settings.unknown-word");
    let DocumentProblem::UnknownWord { nearest, expected, .. } = refused(usage).problem else { panic!() };
    assert_eq!((nearest, expected.last()), (Some("serverAuth"), Some(&key::OBJECT_IDENTIFIER)));
}

#[test]
fn columns_are_characters_and_lines_end_as_on_either_system() {
    check("# ä€𝄞\r\nprofile = \"ä€𝄞\" # x\r\n", 2, 11, "profile", "settings.unknown-word");
    check("algorithms = { keys = [\"ä€𝄞\", \"x\"] }", 1, 24, "algorithms.keys[0]", "settings.unknown-word");
    check("algorithms.keys = [\"rsa\", # ä\n\"rsa\"]", 2, 1, "algorithms.keys[1]", "settings.duplicate");
    check("\"ä€\" = 1", 1, 1, "\"ä€\"", "settings.unknown-key");
    check("path = { \"ä€𝄞\" = 1 }", 1, 10, "path.\"ä€𝄞\"", "settings.unknown-key");
    check("\u{feff}x = 1", 1, 1, "x", "settings.unknown-key");
    check("path.\"\" = 1", 1, 6, "path.\"\"", "settings.unknown-key");
}

#[test]
fn every_number_is_accepted_from_its_minimum_to_its_maximum_and_no_further() {
    let mut numbers = vec![
        ("path.maximum-intermediates".to_owned(), key::INTERMEDIATES),
        ("algorithms.dsa-minimum-bits".to_owned(), key::DSA_BITS),
        ("algorithms.rsa-minimum-bits".to_owned(), key::RSA_BITS),
        ("revocation.retry-seconds".to_owned(), key::RETRY_SECONDS),
        ("monitoring.every".to_owned(), key::EVERY),
        ("monitoring.start-days".to_owned(), key::START_DAYS),
        ("periodic.every".to_owned(), key::EVERY),
        ("periodic.validity-check-hours".to_owned(), key::VALIDITY_CHECK_HOURS),
        ("ocsp.maximum-age-seconds".to_owned(), key::OCSP_AGE_SECONDS),
        ("ocsp.clock-skew-seconds".to_owned(), key::CLOCK_SKEW_SECONDS),
        ("crl.maximum-age-seconds".to_owned(), key::CRL_AGE_SECONDS),
        ("crl.clock-skew-seconds".to_owned(), key::CLOCK_SKEW_SECONDS),
    ];
    numbers.extend(key::limits().into_iter().map(|limit| (format!("limits.{}", limit.word), limit.range)));
    for (key, range) in numbers {
        for inside in [*range.start(), *range.end()] {
            sound(&format!("{key} = {inside}"));
        }
        for outside in [i64::from(*range.start()) - 1, i64::from(*range.end()) + 1] {
            let error = refused(&format!("{key} = {outside}"));
            let (minimum, maximum) = (*range.start(), *range.end());
            let expected = DocumentProblem::OutOfRange { found: outside.to_string(), minimum, maximum };
            assert_eq!((error.key.as_str(), error.problem), (key.as_str(), expected));
        }
    }
    sound("algorithms = { rsa-minimum-bits = 512, rsa-maximum-bits = 512 }");
    check(
        "algorithms.rsa-maximum-bits = 8193",
        1,
        31,
        "algorithms.rsa-maximum-bits",
        "settings.out-of-range",
    );
    check("algorithms.rsa-maximum-bits = 511", 1, 31, "algorithms.rsa-maximum-bits", "settings.out-of-range");
}

#[test]
fn a_number_beyond_every_integer_is_out_of_range_and_other_bases_are_read() {
    let error = refused("limits.signatures = 99999999999999999999999999999999999999999999999999");
    assert_eq!(error.code(), "settings.out-of-range");
    assert_eq!(refused("limits.signatures = 4294967297").code(), "settings.out-of-range");
    assert_eq!(sound("limits.signatures = 0x1f").limits.signatures, 31);
    assert_eq!(sound("limits.signatures = 1_000").limits.signatures, 1000);
}

#[test]
fn a_fixed_level_is_refused_whatever_it_is_set_to() {
    for level in ["ignore", "deny"] {
        let text =
            format!("[levels]\n\"certificate.version\" = \"deny\"\n \"validity.expired\" = \"{level}\"");
        check(&text, 3, 2, "levels.\"validity.expired\"", "settings.fixed-level");
        assert_eq!(refused(&text).problem, DocumentProblem::FixedLevel { code: Code::Expired });
    }
}

#[test]
fn a_code_without_quotation_marks_is_told_as_such() {
    check("[levels]\ncertificate.version = \"deny\"", 2, 1, "levels.certificate", "settings.unquoted-code");
    check("[levels.certificate]\nversion = \"deny\"", 1, 9, "levels.certificate", "settings.unquoted-code");
}

#[test]
fn empty_lists_and_names_are_refused() {
    check("algorithms.signatures = []", 1, 25, "algorithms.signatures", "settings.empty");
    check("algorithms.keys = []", 1, 19, "algorithms.keys", "settings.empty");
    check("path.initial-policy-set = []", 1, 27, "path.initial-policy-set", "settings.empty");
    check("purposes = []", 1, 12, "purposes", "settings.empty");
    check("[[purposes]]\nname = \"\"", 2, 8, "purposes[0].name", "settings.empty");
    check("[[purposes]]\nname = \"a\"\nkey-usage = []", 3, 13, "purposes[0].key-usage", "settings.empty");
}

#[test]
fn what_is_given_twice_is_refused_at_the_second() {
    check("profile = \"rfc5280\"\nprofile = \"rfc5280\"", 2, 1, "", "settings.duplicate");
    check("[path]\n[names]\n[path]", 3, 2, "", "settings.duplicate");
    check("algorithms.keys = [\"rsa\", \"rsa\"]", 1, 27, "algorithms.keys[1]", "settings.duplicate");
    let policies = "path.initial-policy-set = [\"any\", \"2.5.29.32.0\"]";
    check(policies, 1, 35, "path.initial-policy-set[1]", "settings.duplicate");
    let purposes = "[[purposes]]\nname = \"a\"\n[[purposes]]\nname = \"b\"\n[[purposes]]\nname = \"a\"";
    check(purposes, 6, 8, "purposes[2].name", "settings.duplicate");
    assert_eq!(refused(purposes).problem, DocumentProblem::Duplicate { found: "a".to_owned() });
}

#[test]
fn a_purpose_needs_a_plain_name() {
    check("[[purposes]]\nkey-usage = [\"cRLSign\"]", 1, 1, "purposes[0]", "settings.missing-key");
    for name in ["Sip", "a b", "ä", "a.b", &"a".repeat(65)] {
        let text = format!("[[purposes]]\nname = \"{name}\"");
        check(&text, 2, 8, "purposes[0].name", "settings.name");
    }
    sound(&format!("[[purposes]]\nname = \"{}\"", "a".repeat(64)));
}

#[test]
fn purposes_are_accepted_up_to_their_number() {
    let text =
        |count: u32| (0..count).map(|n| format!("[[purposes]]\nname = \"p{n}\"\n")).collect::<String>();
    sound(&text(key::MAXIMUM_PURPOSES));
    check(&text(key::MAXIMUM_PURPOSES + 1), 129, 1, "purposes", "settings.out-of-range");
}

#[test]
fn rsa_sizes_that_leave_nothing_are_refused_at_the_later_one() {
    let minimum = "algorithms.rsa-minimum-bits";
    let maximum = "algorithms.rsa-maximum-bits";
    check(&format!("{minimum} = 3072\n{maximum} = 2048"), 2, 31, maximum, "settings.contradiction");
    check(&format!("{maximum} = 2048\n{minimum} = 3072"), 2, 31, minimum, "settings.contradiction");
    check(&format!("{maximum} = 1024"), 1, 31, maximum, "settings.contradiction");
    let expected = DocumentProblem::Contradiction { with: minimum, value: "2048".to_owned() };
    assert_eq!(refused(&format!("{maximum} = 2047")).problem, expected);
    sound(&format!("{maximum} = 2048"));
    sound(&format!("{minimum} = 8192"));
}

#[test]
fn a_signature_algorithm_needs_an_accepted_kind_of_key() {
    let text = "[algorithms]\nkeys = [\"p-256\"]\nsignatures = [\"ecdsa-sha256\", \"rsa-pss-sha256\"]";
    check(text, 3, 31, "algorithms.signatures[1]", "settings.contradiction");
    let expected = DocumentProblem::Contradiction { with: "algorithms.keys", value: "rsa".to_owned() };
    assert_eq!(refused(text).problem, expected);
    // The profile's list counts too when the document does not replace it.
    check("algorithms.keys = [\"p-256\"]", 1, 19, "algorithms.keys", "settings.contradiction");
    sound("[algorithms]\nkeys = [\"p-256\", \"rsa\"]\nsignatures = [\"ecdsa-sha256\"]");
}

#[test]
fn any_policy_stands_alone() {
    let key = "path.initial-policy-set[1]";
    check("path.initial-policy-set = [\"any\", \"1.2.3\"]", 1, 35, key, "settings.contradiction");
    check("path.initial-policy-set = [\"1.2.3\", \"any\"]", 1, 37, key, "settings.contradiction");
}

#[test]
fn a_document_is_read_up_to_its_largest_size() {
    let text = |octets: usize| format!("#{}", " ".repeat(octets - 1));
    sound(&text(MAXIMUM_OCTETS));
    check(&text(MAXIMUM_OCTETS + 1), 1, 1, "", "settings.too-large");
}

#[test]
fn the_first_error_in_the_text_is_told() {
    check("[path]\nx = 1\n[anchors]\ny = 1", 2, 1, "path.x", "settings.unknown-key");
    check("[path]\n[limits]\nz = 1\n[anchors]\ny = 1", 3, 1, "limits.z", "settings.unknown-key");
    let apart = "[[purposes]]\nname = \"a\"\n[path]\nx = 1\n[[purposes]]\nname = \"\"";
    check(apart, 4, 1, "path.x", "settings.unknown-key");
    let combined = "algorithms.rsa-maximum-bits = 1024\nx = 1";
    check(combined, 2, 1, "x", "settings.unknown-key");
}

#[test]
fn details_hold_the_place_then_the_values() {
    let details = refused("\nstrictness = \"pedant\"").details();
    let names: Vec<_> = details.iter().map(|detail| detail.name).collect();
    assert_eq!(names, ["line", "column", "key", "found", "nearest", "expected", "expected"]);
    assert_eq!(details[0].value, Value::Number(2));
    assert_eq!(details[1].value, Value::Number(14));
    assert_eq!(details[2].value, Value::text("strictness"));
    assert_eq!(details[4].value, Value::text("pedantic"));
}

#[test]
fn every_kind_of_problem_has_its_code_listed() {
    let mut listed = DocumentProblem::CODES.to_vec();
    listed.dedup();
    assert_eq!(listed.len(), DocumentProblem::CODES.len());
    assert!(DocumentProblem::CODES.contains(&DocumentProblem::Empty.code()));
}

#[test]
fn the_document_that_the_readme_shows_is_read() {
    let readme = include_str!("../../../../README.md");
    let document = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let settings = sound(document);
    assert_eq!((settings.fips, settings.ocsp.configured.len()), (Fips::On, 1));
    assert_eq!(settings.levels.of(Code::RevocationUndetermined), Level::Deny);
}

#[test]
fn what_a_counterfactual_offers_is_accepted_here() {
    use crate::finding::counterfactual::{
        KEY_KINDS, LONGEST_KEY, LONGEST_PATH, OLDEST_CRL, OLDEST_OCSP, SHORTEST_KEY,
    };
    assert_eq!(key::words(&key::keys()), KEY_KINDS);
    assert_eq!(u64::from(*key::RSA_BITS.start()), SHORTEST_KEY);
    assert_eq!(u64::from(*key::RSA_BITS.end()), LONGEST_KEY);
    assert_eq!(u64::from(*key::DSA_BITS.start()), SHORTEST_KEY);
    assert_eq!(u64::from(*key::INTERMEDIATES.end()), LONGEST_PATH);
    assert_eq!(u64::from(*key::OCSP_AGE_SECONDS.end()), OLDEST_OCSP);
    assert_eq!(u64::from(*key::CRL_AGE_SECONDS.end()), OLDEST_CRL);
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let told = |text: &str| -> Vec<(u32, u32, &'static str)> {
        let found = problems(text, Mode::Standard);
        found.iter().map(|error| (error.line, error.column, error.code())).collect()
    };
    assert_eq!(told(""), []);
    let text = "[names]\nwildcard = 1\nwildcards = \"all\"\n[path]\nmaximum-intermediates = 31\n[crls]\n";
    let expected = [
        (2, 1, "settings.unknown-key"),
        (3, 13, "settings.unknown-word"),
        (5, 25, "settings.out-of-range"),
        (6, 2, "settings.unknown-key"),
    ];
    assert_eq!(told(text), expected);
    assert_eq!(
        told(
            "algorithms.rsa-minimum-bits = 4096\nalgorithms.rsa-maximum-bits = 2048\nocsp.uri = \"configured\""
        ),
        [(2, 31, "settings.contradiction"), (3, 12, "settings.contradiction"),]
    );
    assert_eq!(told("fips = \nprofil = 1\n"), [(1, 8, "settings.syntax")]);
    let many: String = (0..100).map(|number| format!("key-{number} = 1\n")).collect();
    let found = problems(&many, Mode::Standard);
    assert_eq!((found.len(), found.last().map(|error| error.line)), (MOST_PROBLEMS, Some(64)));
    assert_eq!(found.first(), parse(&many).err().as_ref());
}
