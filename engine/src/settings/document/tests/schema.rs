//! The JSON Schema for editors says the same as the lists in [`key`].

use serde_json::Value as Json;

use super::*;

fn schema() -> Json {
    serde_json::from_str(include_str!("../../../../schema/policy.schema.json")).unwrap()
}

fn at<'j>(schema: &'j Json, pointer: &str) -> &'j Json {
    schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"))
}

fn sorted<S: ToString>(words: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    words.sort_unstable();
    words
}

#[track_caller]
fn check_keys(table: &Json, expected: &[&str]) {
    assert_eq!(sorted(table["properties"].as_object().unwrap().keys()), sorted(expected));
    assert_eq!(table["additionalProperties"], Json::Bool(false));
    assert_eq!(table["type"], "object");
}

#[track_caller]
fn check_words<T>(words: &Json, expected: &[(&'static str, T)]) {
    let words: Vec<_> = words["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(words, key::words(expected));
}

#[track_caller]
fn check_range(number: &Json, expected: &std::ops::RangeInclusive<u32>) {
    assert_eq!(number["type"], "integer");
    assert_eq!(number["minimum"], *expected.start());
    assert_eq!(number["maximum"], *expected.end());
}

#[test]
fn every_key_is_in_the_schema_and_no_other() {
    let schema = schema();
    check_keys(&schema, key::DOCUMENT);
    let limits: Vec<_> = key::limits().iter().map(|limit| limit.word).collect();
    for (table, keys) in [
        ("path", key::PATH),
        ("anchors", key::ANCHORS),
        ("algorithms", key::ALGORITHMS),
        ("names", key::NAMES),
        ("revocation", key::REVOCATION),
        ("ocsp", key::OCSP),
        ("crl", key::CRL),
        ("periodic", key::PERIODIC),
        ("issuance", key::ISSUANCE),
        ("monitoring", key::MONITORING),
        ("levels", &key::adjustable()),
        ("limits", &limits),
    ] {
        check_keys(at(&schema, &format!("/properties/{table}")), keys);
    }
    check_keys(at(&schema, "/properties/purposes/items"), key::PURPOSE);
    check_keys(at(&schema, "/properties/stores/items"), key::STORE);
    check_keys(at(&schema, "/properties/identities/items"), key::IDENTITY);
    check_keys(at(&schema, "/properties/rules/items"), key::RULE);
}

#[test]
fn every_word_is_in_the_schema_and_no_other() {
    let schema = schema();
    let place = |pointer: &str| at(&schema, &format!("/properties/{pointer}"));
    check_words(place("profile"), key::PROFILES);
    check_words(place("strictness"), key::STRICTNESSES);
    check_words(place("path/properties/missing-issuer"), key::MISSING_ISSUER);
    check_words(place("names/properties/wildcards"), key::WILDCARDS);
    check_words(place("revocation/properties/sources/items"), key::SOURCES);
    check_words(place("revocation/properties/ask"), key::ASKS);
    check_words(place("revocation/properties/depth"), key::DEPTHS);
    check_words(place("revocation/properties/undetermined"), key::UNDETERMINED);
    check_words(place("ocsp/properties/uri"), key::URI_CHOICES);
    check_words(place("ocsp/properties/method"), key::METHODS);
    check_words(place("ocsp/properties/request-hash"), key::REQUEST_HASHES);
    check_words(place("ocsp/properties/nonce"), key::NONCES);
    check_words(place("ocsp/properties/produced-at"), key::PRODUCED_AT);
    check_words(place("ocsp/properties/designated-usage"), key::DESIGNATED_USAGES);
    check_words(place("ocsp/properties/designated-alone"), key::DESIGNATED_ALONE);
    check_words(place("ocsp/properties/responder-check"), key::RESPONDER_CHECKS);
    check_words(place("crl/properties/uri"), key::URI_CHOICES);
    for key in ["missing-next-update", "missing-number", "missing-authority-key-identifier"] {
        check_words(place(&format!("crl/properties/{key}")), key::MISSING_FIELDS);
    }
    for switch in ["monitor", "e-mail", "locally-significant"] {
        check_words(place(&format!("monitoring/properties/{switch}")), key::SWITCHES);
    }
    check_words(place("monitoring/properties/unit"), key::INTERVAL_UNITS);
    check_words(place("periodic/properties/check"), key::SWITCHES);
    check_words(place("periodic/properties/validity-check"), key::SWITCHES);
    check_words(place("periodic/properties/unit"), key::INTERVAL_UNITS);
    check_words(place("periodic/properties/long-lived/items"), key::CONNECTIONS);
    check_words(place("algorithms/properties/signatures/items"), &key::signatures());
    check_words(place("algorithms/properties/keys/items"), &key::keys());
    check_words(place("issuance/properties/usage-profile"), key::USAGE_PROFILES);
    check_words(place("issuance/properties/extra-names"), key::EXTRA_NAMES);
    check_words(place("identities/items/properties/key-type"), key::KEY_TYPES);
    check_words(place("identities/items/properties/scope"), key::SCOPES);
    check_words(place("rules/items/properties/effect"), key::EFFECTS);
    check_words(place("rules/items/properties/each"), key::SCOPES_OF_RULES);
    check_words(at(&schema, "/$defs/extended-key-usage/anyOf/0"), key::EXTENDED_KEY_USAGES);
    check_words(at(&schema, "/$defs/key-usage"), &key::key_usages());
    for list in ["purposes", "identities"] {
        let usages = place(&format!("{list}/items/properties/key-usage/items"));
        assert_eq!(usages["$ref"], "#/$defs/key-usage");
    }
    check_words(at(&schema, "/$defs/level"), key::LEVELS);
    assert_eq!(place("path/properties/initial-policy-set/items/anyOf/0/const"), key::ANY);
}

#[test]
fn every_level_is_in_the_schema_with_its_clause() {
    let schema = schema();
    let levels = at(&schema, "/properties/levels/properties");
    for code in Code::ALL.iter().filter(|code| !code.is_fixed()) {
        let level = &levels[code.as_str()];
        assert_eq!(level["$ref"], "#/$defs/level", "{}", code.as_str());
        assert_eq!(level["description"], code.clause(), "{}", code.as_str());
    }
}

#[test]
fn every_range_is_in_the_schema() {
    let schema = schema();
    let place = |pointer: &str| at(&schema, &format!("/properties/{pointer}"));
    check_range(place("path/properties/maximum-intermediates"), &key::INTERMEDIATES);
    check_range(place("algorithms/properties/rsa-minimum-bits"), &key::RSA_BITS);
    check_range(place("algorithms/properties/rsa-maximum-bits"), &key::RSA_BITS);
    check_range(place("algorithms/properties/dsa-minimum-bits"), &key::DSA_BITS);
    check_range(place("revocation/properties/retry-seconds"), &key::RETRY_SECONDS);
    check_range(place("periodic/properties/every"), &key::EVERY);
    check_range(place("monitoring/properties/every"), &key::EVERY);
    check_range(place("monitoring/properties/start-days"), &key::START_DAYS);
    check_range(place("periodic/properties/validity-check-hours"), &key::VALIDITY_CHECK_HOURS);
    for (table, ages) in [("ocsp", &key::OCSP_AGE_SECONDS), ("crl", &key::CRL_AGE_SECONDS)] {
        check_range(place(&format!("{table}/properties/maximum-age-seconds")), ages);
        check_range(place(&format!("{table}/properties/clock-skew-seconds")), &key::CLOCK_SKEW_SECONDS);
        let configured = place(&format!("{table}/properties/configured"));
        assert_eq!(configured["maxItems"], key::MAXIMUM_URIS);
        assert_eq!(configured["items"]["maxLength"], uri::MAXIMUM_OCTETS);
    }
    for limit in key::limits() {
        check_range(place(&format!("limits/properties/{}", limit.word)), &limit.range);
    }
    assert_eq!(place("purposes")["maxItems"], key::MAXIMUM_PURPOSES);
    for list in ["stores", "identities"] {
        assert_eq!(place(list)["maxItems"], key::MAXIMUM_OWN);
    }
    let rules = place("rules");
    assert_eq!(rules["maxItems"], key::MAXIMUM_RULES);
    assert_eq!(rules["items"]["properties"]["when"]["maxLength"], crate::expression::MAXIMUM_OCTETS);
    assert_eq!(rules["items"]["properties"]["message"]["maxLength"], key::MAXIMUM_MESSAGE);
    assert_eq!(rules["items"]["properties"]["purposes"]["maxItems"], key::MAXIMUM_PURPOSES);
    assert_eq!(place("identities/items/properties/extended-key-usage")["maxItems"], key::MAXIMUM_OWN);
    assert_eq!(at(&schema, "/$defs/services/maxItems"), key::MAXIMUM_SERVICES);
    let services = format!("^[A-Za-z0-9 ._/()-]{{1,{}}}$", key::MAXIMUM_NAME);
    assert_eq!(at(&schema, "/$defs/services/items/pattern"), &services);
    let name = format!("^[a-z0-9-]{{1,{}}}$", key::MAXIMUM_NAME);
    assert_eq!(at(&schema, "/$defs/name/pattern"), &name);
    assert_eq!(place("purposes/items/properties/name/pattern"), &name);
}

#[test]
fn every_ready_word_of_the_types_is_in_the_lists() {
    assert_eq!(key::PROFILES.len(), Profile::ALL.len());
    assert_eq!(key::STRICTNESSES.len(), Strictness::ALL.len());
    for (word, profile) in key::PROFILES {
        assert_eq!(*word, profile.word());
    }
    for (word, strictness) in key::STRICTNESSES {
        assert_eq!(*word, strictness.word());
    }
    for (word, level) in key::LEVELS {
        assert_eq!((*word, Level::from_word(word)), (level.word(), Some(*level)));
    }
    for (word, effect) in key::EFFECTS {
        assert_eq!(*word, effect.word());
    }
    for (word, usage) in key::EXTENDED_KEY_USAGES {
        assert_eq!(oid::label(usage), Some(*word));
    }
}
