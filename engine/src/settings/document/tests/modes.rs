//! Common Criteria mode and the FIPS profile as keys: who turns them on, what cannot stand beside them, and that the
//! mode never gives what it should take (DT-6).

use super::random::{Random, document};
use super::*;
use crate::settings::management::{ExtraNames, ManagementSettings};
use crate::settings::{AlgorithmSettings, Mode, NameSettings, PathSettings};

fn in_common_criteria(text: &str) -> Result<Settings, DocumentError> {
    parse_in_mode(text, Mode::CommonCriteria)
}

#[test]
fn the_mode_is_off_unless_a_profile_a_document_or_a_caller_turns_it_on() {
    assert_eq!(sound("").mode, Mode::Standard);
    assert_eq!(sound("common-criteria = false").mode, Mode::Standard);
    assert_eq!(sound("common-criteria = true").mode, Mode::CommonCriteria);
    assert_eq!(sound("profile = \"ndcpp-3.0e\"").mode, Mode::CommonCriteria);
    assert_eq!(in_common_criteria("").unwrap().mode, Mode::CommonCriteria);
    assert_eq!(in_common_criteria("common-criteria = false").unwrap().mode, Mode::CommonCriteria);
    assert_eq!(parse_in_mode("common-criteria = true", Mode::Standard).unwrap().mode, Mode::CommonCriteria);
    check("common-criteria = 1", 1, 19, "common-criteria", "settings.wrong-type");
}

#[test]
fn a_caller_turns_on_what_the_document_would() {
    for seed in 0..1_000 {
        let text = document(&mut Random(seed));
        let text: Vec<_> = text.lines().filter(|line| !line.starts_with("common-criteria")).collect();
        let text = text.join("\n");
        let written = parse(&format!("common-criteria = true\n{text}"));
        match (in_common_criteria(&text), written) {
            (Ok(by_caller), Ok(by_document)) => assert_eq!(by_caller, by_document, "{text}"),
            (Err(by_caller), Err(by_document)) => {
                assert_eq!(by_caller.code(), by_document.code(), "{text}");
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
}

#[test]
fn the_fips_profile_is_a_choice_of_its_own_and_part_of_the_mode() {
    assert_eq!(sound("").fips, Fips::Off);
    assert_eq!(sound("fips = false").fips, Fips::Off);
    let alone = sound("fips = true");
    assert_eq!((alone.fips, alone.mode), (Fips::On, Mode::Standard));
    assert_eq!(alone.levels.of(Code::RevocationUnknown), Level::Warn);
    assert_eq!(sound("common-criteria = true").fips, Fips::On);
    assert_eq!(sound("common-criteria = true\nfips = true").fips, Fips::On);
    let text = "[algorithms]\nsignatures = [\"rsa-pkcs1-sha1\", \"rsa-pkcs1-sha256\"]";
    let narrowed = sound(&format!("fips = true\n{text}"));
    assert_eq!(narrowed.algorithms.signatures, BTreeSet::from([SignatureAlgorithm::RsaPkcs1Sha256]));
}

/// R-CC-14, D-2.
#[test]
fn the_mode_without_the_fips_profile_is_refused_at_the_later_one() {
    check("common-criteria = true\nfips = false", 2, 8, "fips", "settings.contradiction");
    check("fips = false\ncommon-criteria = true", 2, 19, "common-criteria", "settings.contradiction");
    check("fips = false\nprofile = \"ndcpp-4.0\"", 2, 11, "profile", "settings.contradiction");
    check("profile = \"ndcpp-4.0\"\nfips = false", 2, 8, "fips", "settings.contradiction");
    let expected = |with, value: &str| DocumentProblem::Contradiction { with, value: value.to_owned() };
    let error = refused("fips = false\ncommon-criteria = true");
    assert_eq!(error.problem, expected("fips", "false"));
    let error = refused("profile = \"ndcpp-4.0\"\nfips = false");
    assert_eq!(error.problem, expected("profile", "ndcpp-4.0"));
    // A caller's choice stands nowhere in the text.
    let error = in_common_criteria("fips = false").unwrap_err();
    assert_eq!((error.line, error.column, error.key.as_str()), (1, 8, "fips"));
    assert_eq!(error.problem, expected("common-criteria", "true"));
    sound("common-criteria = false\nfips = false");
}

#[test]
fn a_profile_that_has_the_mode_cannot_be_without_it() {
    for word in ["ndcpp-2.2e", "ndcpp-3.0e", "ndcpp-4.0"] {
        let text = format!("profile = \"{word}\"\ncommon-criteria = false");
        check(&text, 2, 19, "common-criteria", "settings.contradiction");
        let expected = DocumentProblem::Contradiction { with: "profile", value: word.to_owned() };
        assert_eq!(refused(&text).problem, expected);
        assert_eq!(in_common_criteria(&text).unwrap_err().problem, expected);
        let text = format!("common-criteria = false\nprofile = \"{word}\"");
        check(&text, 2, 11, "profile", "settings.contradiction");
        sound(&format!("profile = \"{word}\"\ncommon-criteria = true\nfips = true"));
    }
    for word in ["rfc5280", "public-web", "uc-legacy"] {
        sound(&format!("profile = \"{word}\"\ncommon-criteria = false"));
    }
}

#[test]
fn a_document_of_whose_algorithms_nothing_is_left_is_refused_at_the_later_one() {
    let sha1 = "algorithms.signatures = [\"ecdsa-sha1\"]";
    check(&format!("fips = true\n{sha1}"), 2, 26, "algorithms.signatures[0]", "settings.contradiction");
    check(&format!("{sha1}\nfips = true"), 2, 8, "fips", "settings.contradiction");
    check(&format!("{sha1}\ncommon-criteria = true"), 2, 19, "common-criteria", "settings.contradiction");
    sound(&format!("{sha1}\nfips = false"));
    let expected = |with, value: &str| DocumentProblem::Contradiction { with, value: value.to_owned() };
    let error = refused(&format!("{sha1}\nfips = true"));
    assert_eq!(error.problem, expected("algorithms.signatures", "ecdsa-sha1"));
    assert_eq!(in_common_criteria(sha1).unwrap_err().problem, expected("common-criteria", "true"));
    // Each edition holds a document to its own list.
    let lattice = "algorithms = { keys = [\"ml-dsa-87\"], signatures = [\"ml-dsa-87\"] }";
    sound(&format!("profile = \"ndcpp-4.0\"\n{lattice}"));
    let error = refused(&format!("profile = \"ndcpp-3.0e\"\n{lattice}"));
    assert_eq!((error.line, error.key.as_str()), (2, "algorithms.signatures[0]"));
    assert_eq!(error.problem, expected("profile", "ndcpp-3.0e"));
    // The FIPS profile would accept this one.
    let error = refused(&format!("fips = true\nprofile = \"ndcpp-3.0e\"\n{lattice}"));
    assert_eq!(error.problem, expected("profile", "ndcpp-3.0e"));
}

/// A profile may know the hash and not the curve.
#[test]
fn an_algorithm_goes_with_its_last_kind_of_key() {
    let text = "profile = \"uc-legacy\"\n[algorithms]\nkeys = [\"p-521\", \"rsa\"]\n\
                signatures = [\"ecdsa-sha512\", \"rsa-pss-sha256\"]";
    assert_eq!(sound(text).algorithms.signatures.len(), 2);
    let settings = in_common_criteria(text).unwrap();
    assert_eq!(settings.algorithms.signatures, BTreeSet::from([SignatureAlgorithm::RsaPssSha256]));
    assert_eq!(parse(&format(&settings)), Ok(settings));
    let alone =
        "profile = \"uc-legacy\"\nalgorithms = { keys = [\"p-521\"], signatures = [\"ecdsa-sha512\"] }";
    sound(alone);
    assert_eq!(in_common_criteria(alone).unwrap_err().key, "algorithms.signatures[0]");
}

#[test]
fn rsa_sizes_of_which_nothing_is_left_are_refused_at_the_later_one() {
    let short = "algorithms = { rsa-minimum-bits = 1024, rsa-maximum-bits = 2047 }";
    sound(short);
    check(&format!("fips = true\n{short}"), 2, 60, "algorithms.rsa-maximum-bits", "settings.contradiction");
    check(&format!("{short}\nfips = true"), 2, 8, "fips", "settings.contradiction");
    let fits = sound("fips = true\nalgorithms = { rsa-minimum-bits = 1024, rsa-maximum-bits = 2048 }");
    assert_eq!((fits.algorithms.rsa_minimum_bits, fits.algorithms.rsa_maximum_bits), (2048, 2048));
    let long = "profile = \"uc-legacy\"\nalgorithms = { rsa-minimum-bits = 4097, rsa-maximum-bits = 8192 }";
    sound(long);
    let error = in_common_criteria(long).unwrap_err();
    assert_eq!((error.key.as_str(), error.column), ("algorithms.rsa-minimum-bits", 35));
}

#[test]
fn the_canonical_text_gives_every_profile_step_and_mode_again() {
    for profile in Profile::ALL {
        for strictness in Strictness::ALL {
            let text = format!("profile = {:?}\nstrictness = {:?}", profile.word(), strictness.word());
            for mode in [Mode::Standard, Mode::CommonCriteria] {
                let settings = parse_in_mode(&text, mode).unwrap();
                let canonical = format(&settings);
                assert_eq!(parse(&canonical).as_ref(), Ok(&settings), "{canonical}");
                assert_eq!(format(&parse(&canonical).unwrap()), canonical);
                if mode == profile.mode() {
                    assert_eq!(settings, Settings::of_profile(profile, strictness));
                }
            }
        }
    }
}

/// DT-6, for any document: the mode only takes away. Applied to its own result it changes nothing.
#[test]
fn the_mode_is_at_least_as_strict_in_every_field() {
    let (mut compared, mut changed) = (0, 0);
    for seed in 0..6_000 {
        let text = document(&mut Random(seed));
        let Ok(after) = in_common_criteria(&text) else { continue };
        let before = parse(&text).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
        assert_eq!(weaker(&before, &after), Vec::<&str>::new(), "{text}");
        assert_eq!(in_common_criteria(&format(&after)).as_ref(), Ok(&after));
        compared += 1;
        changed += u32::from(before != after);
    }
    assert!(compared > 1_000 && changed > 300, "{compared} {changed}");
}

/// The same for the FIPS profile alone.
#[test]
fn the_fips_profile_is_at_least_as_strict_in_every_field() {
    let mut compared = 0;
    for seed in 0..2_000 {
        let text = document(&mut Random(seed));
        let text: Vec<_> = text.lines().filter(|line| !line.starts_with("fips")).collect();
        let text = text.join("\n");
        let (Ok(before), Ok(after)) = (parse(&text), parse(&format!("fips = true\n{text}"))) else {
            continue;
        };
        assert_eq!(weaker(&before, &after), Vec::<&str>::new(), "{text}");
        compared += 1;
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn a_weaker_field_is_noticed() {
    let settings = Settings::of_profile(Profile::Ndcpp40, Strictness::Standard);
    assert_eq!(weaker(&settings, &settings), Vec::<&str>::new());
    let check = |name: &'static str, change: fn(&mut Settings)| {
        let mut changed = settings.clone();
        change(&mut changed);
        assert_eq!(weaker(&settings, &changed), [name]);
    };
    check("mode", |settings| settings.mode = Mode::Standard);
    check("fips", |settings| settings.fips = Fips::Off);
    check("levels", |settings| settings.levels.set(Code::RevocationUnknown, Level::Warn).unwrap());
    check("anchors", |settings| settings.anchors.validity = false);
    check("algorithms", |settings| settings.algorithms.rsa_minimum_bits -= 1);
    check("names", |settings| settings.names.common_name_fallback = true);
    check("revocation", |settings| settings.revocation.depth = Depth::Leaf);
    check("ocsp", |settings| settings.ocsp.designated_usage = DesignatedUsage::Any);
    check("crl", |settings| settings.crl.missing_next_update = MissingField::Accept);
    check("management", |settings| settings.management.extra_names = ExtraNames::Warn);
    check("purposes", |settings| settings.purposes[0].extended_key_usage = None);
}

/// The fields of `after` that accept something which `before` does not. A field that is added to the settings does
/// not compile until it is compared here.
fn weaker(before: &Settings, after: &Settings) -> Vec<&'static str> {
    let Settings {
        profile,
        mode,
        fips,
        strictness,
        levels,
        limits,
        path,
        anchors,
        algorithms,
        names,
        revocation,
        ocsp,
        crl,
        periodic,
        management,
        monitoring,
        purposes,
        rules,
    } = after;
    let anchor = |after: bool, before: bool| after || !before;
    let fields = [
        ("profile", *profile == before.profile),
        ("mode", *mode >= before.mode),
        ("fips", *fips >= before.fips),
        ("strictness", *strictness == before.strictness),
        ("levels", Code::ALL.iter().all(|code| levels.of(*code) >= before.levels.of(*code))),
        ("limits", *limits == before.limits),
        ("path", path_is_as_strict(&before.path, path)),
        (
            "anchors",
            anchor(anchors.validity, before.anchors.validity)
                && anchor(anchors.constraints, before.anchors.constraints)
                && anchor(anchors.form, before.anchors.form),
        ),
        ("algorithms", algorithms_are_as_strict(&before.algorithms, algorithms)),
        ("names", names_are_as_strict(before.names, *names)),
        ("revocation", revocation_is_as_strict(&before.revocation, revocation)),
        ("ocsp", ocsp_is_as_strict(&before.ocsp, ocsp)),
        ("crl", crl_is_as_strict(&before.crl, crl)),
        ("periodic", *periodic == before.periodic),
        ("management", management_is_as_strict(&before.management, management)),
        ("monitoring", *monitoring == before.monitoring),
        ("rules", *rules == before.rules),
        ("purposes", purposes_are_as_strict(&before.purposes, purposes)),
    ];
    fields.into_iter().filter(|(_, as_strict)| !as_strict).map(|(name, _)| name).collect()
}

fn management_is_as_strict(before: &ManagementSettings, after: &ManagementSettings) -> bool {
    let ManagementSettings { usage_profile, extra_names, stores, identities } = after;
    *usage_profile == before.usage_profile
        && (*extra_names == ExtraNames::Refuse || *extra_names == before.extra_names)
        && *stores == before.stores
        && *identities == before.identities
}

fn path_is_as_strict(before: &PathSettings, after: &PathSettings) -> bool {
    let PathSettings {
        missing_issuer,
        maximum_intermediates,
        initial_policy_set,
        explicit_policy,
        inhibit_policy_mapping,
        inhibit_any_policy,
    } = after;
    *missing_issuer == before.missing_issuer
        && *maximum_intermediates <= before.maximum_intermediates
        && *initial_policy_set == before.initial_policy_set
        && *explicit_policy >= before.explicit_policy
        && *inhibit_policy_mapping >= before.inhibit_policy_mapping
        && *inhibit_any_policy >= before.inhibit_any_policy
}

fn algorithms_are_as_strict(before: &AlgorithmSettings, after: &AlgorithmSettings) -> bool {
    let AlgorithmSettings { signatures, keys, rsa_minimum_bits, rsa_maximum_bits, dsa_minimum_bits } = after;
    signatures.is_subset(&before.signatures)
        && keys.is_subset(&before.keys)
        && *rsa_minimum_bits >= before.rsa_minimum_bits
        && *rsa_maximum_bits <= before.rsa_maximum_bits
        && *dsa_minimum_bits >= before.dsa_minimum_bits
        && !signatures.is_empty()
        && !keys.is_empty()
}

fn names_are_as_strict(before: NameSettings, after: NameSettings) -> bool {
    let NameSettings { wildcards, common_name_fallback } = after;
    (wildcards == Wildcards::Refuse || wildcards == before.wildcards)
        && common_name_fallback <= before.common_name_fallback
}

fn revocation_is_as_strict(before: &RevocationSettings, after: &RevocationSettings) -> bool {
    let RevocationSettings { sources, ask, depth, retry_seconds } = after;
    *sources == before.sources
        && (*ask == Ask::EverySource || *ask == before.ask)
        && (*depth == Depth::All || *depth == before.depth)
        && *retry_seconds == before.retry_seconds
}

fn ocsp_is_as_strict(before: &OcspSettings, after: &OcspSettings) -> bool {
    let OcspSettings {
        uri,
        configured,
        method,
        responder_check,
        request_hash,
        nonce,
        freshness,
        produced_at,
        designated_usage,
        designated_alone,
    } = after;
    *uri == before.uri
        && *configured == before.configured
        && *method == before.method
        && (*responder_check == ResponderCheck::Required || *responder_check == before.responder_check)
        && *request_hash == before.request_hash
        && (*nonce == NoncePolicy::Required || *nonce == before.nonce)
        && freshness_is_as_strict(before.freshness, *freshness)
        && (*produced_at == ProducedAtRule::WithinCertificateValidity || *produced_at == before.produced_at)
        && (*designated_usage == DesignatedUsage::OcspSigningWherePresent
            || *designated_usage == before.designated_usage)
        && (*designated_alone == DesignatedAlone::Refuse || *designated_alone == before.designated_alone)
}

fn crl_is_as_strict(before: &CrlSettings, after: &CrlSettings) -> bool {
    let CrlSettings {
        uri,
        configured,
        freshness,
        missing_next_update,
        missing_number,
        missing_authority_key_identifier,
    } = after;
    let missing = |after: MissingField, before| after == MissingField::Refuse || after == before;
    *uri == before.uri
        && *configured == before.configured
        && freshness_is_as_strict(before.freshness, *freshness)
        && missing(*missing_next_update, before.missing_next_update)
        && missing(*missing_number, before.missing_number)
        && missing(*missing_authority_key_identifier, before.missing_authority_key_identifier)
}

fn freshness_is_as_strict(before: FreshnessSettings, after: FreshnessSettings) -> bool {
    let FreshnessSettings { maximum_age_seconds, clock_skew_seconds } = after;
    maximum_age_seconds <= before.maximum_age_seconds && clock_skew_seconds <= before.clock_skew_seconds
}

fn purposes_are_as_strict(before: &[Purpose], after: &[Purpose]) -> bool {
    let as_strict = |(before, after): (&Purpose, &Purpose)| {
        let Purpose { name, extended_key_usage, key_usage_any_of } = after;
        *name == before.name
            && (before.extended_key_usage.is_none() || *extended_key_usage == before.extended_key_usage)
            && *key_usage_any_of == before.key_usage_any_of
    };
    before.len() == after.len() && before.iter().zip(after).all(as_strict)
}
