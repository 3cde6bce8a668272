//! The tables `[revocation]`, `[ocsp]` and `[crl]`: lists that may be empty, URIs, and what must go together.

use super::*;
use crate::settings::document::uri::UriProblem;

#[test]
fn no_source_at_all_may_be_asked() {
    assert_eq!(sound("revocation.sources = []").revocation.sources, []);
    let one = sound("revocation.sources = [\"crl\"]");
    assert_eq!(one.revocation.sources, [StatusSource::Crl]);
    check("revocation.sources = [\"ocsp\", \"ocsp\"]", 1, 31, "revocation.sources[1]", "settings.duplicate");
    check("revocation.sources = [\"ldap\"]", 1, 23, "revocation.sources[0]", "settings.unknown-word");
    check("revocation.sources = \"ocsp\"", 1, 22, "revocation.sources", "settings.wrong-type");
}

#[test]
fn the_order_of_sources_and_uris_is_kept() {
    let settings =
        sound("revocation.sources = [\"crl\", \"ocsp\"]\nocsp.configured = [\"http://b/\", \"http://a/\"]");
    assert_eq!(settings.revocation.sources, [StatusSource::Crl, StatusSource::Ocsp]);
    assert_eq!(settings.ocsp.configured, ["http://b/", "http://a/"]);
    let other =
        sound("revocation.sources = [\"ocsp\", \"crl\"]\nocsp.configured = [\"http://a/\", \"http://b/\"]");
    assert_ne!(settings_hash(&settings), settings_hash(&other));
}

#[test]
fn a_uri_that_no_host_could_fetch_is_refused_with_its_problem() {
    check("ocsp.configured = [\"http://a/\",\n \"ldap://b/\"]", 2, 2, "ocsp.configured[1]", "settings.uri");
    check("crl.configured = [\"http://u@a/\"]", 1, 19, "crl.configured[0]", "settings.uri");
    let expected = DocumentProblem::Uri { found: "http://a/ b".to_owned(), problem: UriProblem::Character };
    assert_eq!(refused("crl.configured = [\"http://a/ b\"]").problem, expected);
    let details = refused("crl.configured = [\"a\"]").details();
    let names: Vec<_> = details.iter().map(|detail| detail.name).collect();
    assert_eq!(names, ["line", "column", "key", "found", "problem"]);
    assert_eq!(details.last().unwrap().value, Value::text("scheme"));
    check("crl.configured = [1]", 1, 19, "crl.configured[0]", "settings.wrong-type");
    check("crl.configured = \"http://a/\"", 1, 18, "crl.configured", "settings.wrong-type");
    check(
        "ocsp.configured = [\"http://a/\", \"http://a/\"]",
        1,
        33,
        "ocsp.configured[1]",
        "settings.duplicate",
    );
}

#[test]
fn uris_are_accepted_up_to_their_number() {
    for table in ["ocsp", "crl"] {
        let text = |count: u32| {
            let uris: Vec<_> = (0..count).map(|n| format!("http://a/{n}")).collect();
            format!("{table}.configured = {uris:?}")
        };
        sound(&text(key::MAXIMUM_URIS));
        let error = refused(&text(key::MAXIMUM_URIS + 1));
        assert_eq!(
            (error.key.as_str(), error.code()),
            (&*format!("{table}.configured"), "settings.out-of-range")
        );
    }
    sound("ocsp.configured = []");
}

/// R-OCSP-15, R-CRL-13.
#[test]
fn a_configured_uri_is_needed_where_it_is_chosen_and_its_source_asked() {
    for table in ["ocsp", "crl"] {
        let key = format!("{table}.uri");
        let column = u32::try_from(table.len()).unwrap() + 8;
        for choice in ["configured", "certificate-else-configured"] {
            let alone = format!("{key} = \"{choice}\"");
            check(&alone, 1, column, &key, "settings.contradiction");
            let with_one = format!("{alone}\n{table}.configured = [\"http://a/\"]");
            sound(&with_one);
            let empty = format!("{alone}\n{table}.configured = []");
            check(&empty, 2, column + 7, &format!("{table}.configured"), "settings.contradiction");
            let empty_first = format!("{table}.configured = []\n{alone}");
            check(&empty_first, 2, column, &key, "settings.contradiction");
            // A source that is not asked lacks nothing.
            sound(&format!("{alone}\nrevocation.sources = []"));
            let other = if table == "ocsp" { "crl" } else { "ocsp" };
            sound(&format!("{alone}\nrevocation.sources = [\"{other}\"]"));
            let asked = format!("{alone}\nrevocation.sources = [\"{table}\"]");
            check(&asked, 1, column, &key, "settings.contradiction");
        }
        sound(&format!("{key} = \"certificate\""));
    }
    let expected = DocumentProblem::Contradiction { with: "ocsp.configured", value: "URI".to_owned() };
    assert_eq!(refused("ocsp.uri = \"configured\"").problem, expected);
}

#[test]
fn undetermined_is_the_level_of_its_code() {
    let level = |text: &str| sound(text).levels.of(Code::RevocationUndetermined);
    assert_eq!(level(""), Level::Warn);
    assert_eq!(level("revocation.undetermined = \"allow\""), Level::Warn);
    assert_eq!(level("revocation.undetermined = \"deny\""), Level::Deny);
    let both = |word, level| {
        format!("revocation.undetermined = \"{word}\"\n[levels]\n\"revocation.undetermined\" = \"{level}\"")
    };
    for (word, name, expected) in [
        ("allow", "warn", Level::Warn),
        ("allow", "inform", Level::Inform),
        ("allow", "ignore", Level::Ignore),
        ("deny", "deny", Level::Deny),
    ] {
        assert_eq!(level(&both(word, name)), expected);
    }
    let key = "levels.\"revocation.undetermined\"";
    for (word, name) in [("allow", "deny"), ("deny", "warn"), ("deny", "inform"), ("deny", "ignore")] {
        check(&both(word, name), 3, 29, key, "settings.contradiction");
        let expected =
            DocumentProblem::Contradiction { with: "revocation.undetermined", value: word.to_owned() };
        assert_eq!(refused(&both(word, name)).problem, expected);
    }
    let reversed = "[levels]\n\"revocation.undetermined\" = \"warn\"\n[revocation]\nundetermined = \"deny\"";
    check(reversed, 4, 16, "revocation.undetermined", "settings.contradiction");
    let expected = DocumentProblem::Contradiction {
        with: "levels.\"revocation.undetermined\"",
        value: "warn".to_owned(),
    };
    assert_eq!(refused(reversed).problem, expected);
}

#[test]
fn undetermined_written_either_way_is_the_same_settings() {
    let alias = sound("revocation.undetermined = \"deny\"");
    let level = sound("[levels]\n\"revocation.undetermined\" = \"deny\"");
    assert_eq!(alias, level);
    assert_eq!(settings_hash(&alias), settings_hash(&level));
    assert!(format(&alias).contains("\nundetermined = \"deny\"\n"));
    assert!(format(&Settings::default()).contains("\nundetermined = \"allow\"\n"));
}
