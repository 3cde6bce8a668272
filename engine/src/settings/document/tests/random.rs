//! The round trip over random documents, and damaged text, from a small generator with fixed seeds.

#![expect(
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "test arithmetic on small numbers; a mistake fails the test"
)]

use super::*;

/// splitmix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn coin(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }

    fn within(&mut self, range: &std::ops::RangeInclusive<u32>) -> u32 {
        range.start() + (self.next() % u64::from(range.end() - range.start() + 1)) as u32
    }

    fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// Some of the words, in a random order, at least one.
    fn some(&mut self, words: &[&str]) -> String {
        let mut left = words.to_vec();
        let count = 1 + self.below(words.len());
        let chosen: Vec<_> = (0..count).map(|_| left.remove(self.below(left.len()))).collect();
        format!("{chosen:?}")
    }
}

/// The tables about revocation.
fn revocation(random: &mut Random, line: &mut impl FnMut(&mut Random, String)) {
    let mut word = |random: &mut Random, key: &str, words: Vec<&'static str>| {
        let word = random.pick(&words);
        line(random, format!("{key} = {word:?}"));
    };
    word(random, "revocation.ask", key::words(key::ASKS));
    word(random, "revocation.depth", key::words(key::DEPTHS));
    word(random, "ocsp.uri", key::words(key::URI_CHOICES));
    word(random, "ocsp.method", key::words(key::METHODS));
    word(random, "ocsp.request-hash", key::words(key::REQUEST_HASHES));
    word(random, "path.missing-issuer", key::words(key::MISSING_ISSUER));
    word(random, "ocsp.nonce", key::words(key::NONCES));
    word(random, "ocsp.produced-at", key::words(key::PRODUCED_AT));
    word(random, "ocsp.designated-usage", key::words(key::DESIGNATED_USAGES));
    word(random, "ocsp.designated-alone", key::words(key::DESIGNATED_ALONE));
    word(random, "ocsp.responder-check", key::words(key::RESPONDER_CHECKS));
    word(random, "periodic.check", key::words(key::SWITCHES));
    word(random, "periodic.unit", key::words(key::INTERVAL_UNITS));
    for switch in ["monitor", "locally-significant"] {
        word(random, &format!("monitoring.{switch}"), key::words(key::SWITCHES));
    }
    word(random, "monitoring.unit", key::words(key::INTERVAL_UNITS));
    word(random, "crl.uri", key::words(key::URI_CHOICES));
    for field in ["missing-next-update", "missing-number", "missing-authority-key-identifier"] {
        word(random, &format!("crl.{field}"), key::words(key::MISSING_FIELDS));
    }
    let connections =
        if random.coin() { random.some(&key::words(key::CONNECTIONS)) } else { "[]".to_owned() };
    line(random, format!("periodic.long-lived = {connections}"));
    let every = random.within(&key::EVERY);
    line(random, format!("periodic.every = {every}"));
    let (often, start) = (random.within(&key::EVERY), random.within(&key::START_DAYS));
    line(random, format!("monitoring.every = {often}"));
    line(random, format!("monitoring.start-days = {start}"));
    if random.coin() {
        let (switch, list) =
            (random.pick(&key::words(key::SWITCHES)), random.pick(&["a@x", " a'`{b}@y ;c@z-1.example"]));
        line(random, format!("monitoring.e-mail = {switch:?}\nmonitoring.addresses = {list:?}"));
    }
    if random.coin() {
        let hours = random.within(&key::VALIDITY_CHECK_HOURS);
        let switch = random.pick(&key::words(key::SWITCHES));
        line(
            random,
            format!("periodic.validity-check-hours = {hours}\nperiodic.validity-check = {switch:?}"),
        );
    }
    let sources = if random.coin() { random.some(&key::words(key::SOURCES)) } else { "[]".to_owned() };
    line(random, format!("revocation.sources = {sources}"));
    for (table, ages) in [("ocsp", &key::OCSP_AGE_SECONDS), ("crl", &key::CRL_AGE_SECONDS)] {
        let uris =
            random.some(&["http://a.example/", "https://b.example:8443/x?y=%20", "HTTP://[2001:db8::1]/'"]);
        line(random, format!("{table}.configured = {uris}"));
        let age = random.within(ages);
        line(random, format!("{table}.maximum-age-seconds = {age}"));
        let skew = random.within(&key::CLOCK_SKEW_SECONDS);
        line(random, format!("{table}.clock-skew-seconds = {skew}"));
    }
    let retry = random.within(&key::RETRY_SECONDS);
    line(random, format!("revocation.retry-seconds = {retry}"));
}

/// A document with about half of all keys.
pub(super) fn document(random: &mut Random) -> String {
    let mut text = String::new();
    let mut line = |random: &mut Random, line: String| {
        if random.coin() {
            text.push_str(&line);
            text.push('\n');
        }
    };
    let profile = random.pick(&key::words(key::PROFILES));
    line(random, format!("profile = {profile:?}"));
    let strictness = random.pick(&key::words(key::STRICTNESSES));
    line(random, format!("strictness = {strictness:?}"));
    let number = random.within(&key::INTERMEDIATES);
    line(random, format!("path.maximum-intermediates = {number}"));
    let policies =
        if random.coin() { "[\"any\"]".to_owned() } else { random.some(&["1.2.3", "2.999.1", "0.9.0"]) };
    line(random, format!("path.initial-policy-set = {policies}"));
    for flag in ["path.explicit-policy", "path.inhibit-policy-mapping", "path.inhibit-any-policy"]
        .into_iter()
        .chain(["anchors.validity", "anchors.constraints", "anchors.form", "names.common-name-fallback"])
    {
        let value = random.coin();
        line(random, format!("{flag} = {value}"));
    }
    let signatures = random.some(&key::words(&key::signatures()));
    line(random, format!("algorithms.signatures = {signatures}"));
    let (low, high) = (random.within(&(512..=2048)), random.within(&(2048..=8192)));
    let keys = key::words(&key::keys());
    let keys = if random.coin() { format!("{keys:?}") } else { random.some(&keys) };
    line(random, format!("algorithms.keys = {keys}"));
    line(random, format!("algorithms.rsa-minimum-bits = {low}"));
    line(random, format!("algorithms.rsa-maximum-bits = {high}"));
    let dsa = random.within(&key::DSA_BITS);
    line(random, format!("algorithms.dsa-minimum-bits = {dsa}"));
    let mode = random.coin();
    line(random, format!("common-criteria = {mode}"));
    let fips = random.coin();
    line(random, format!("fips = {fips}"));
    revocation(random, &mut line);
    let extra = random.pick(&key::words(key::EXTRA_NAMES));
    line(random, format!("issuance.extra-names = {extra:?}"));
    let profile = random.pick(&key::words(key::USAGE_PROFILES));
    line(random, format!("issuance.usage-profile = {profile:?}"));
    let wildcards = random.pick(&key::words(key::WILDCARDS));
    line(random, format!("names.wildcards = {wildcards:?}"));
    for code in key::adjustable() {
        let level = random.pick(&key::words(key::LEVELS));
        line(random, format!("levels.{code:?} = {level:?}"));
    }
    for limit in key::limits() {
        let value = random.within(&limit.range);
        line(random, format!("limits.{} = {value}", limit.word));
    }
    for name in ["sip", "server-auth", "a-9", "ipsec"] {
        let usage = random.pick(&["serverAuth", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0", "1.2.3", "OCSPSigning"]);
        let bits = random.some(&key::words(&key::key_usages()));
        let optional = random.pick(&["", "extended", "both"]);
        let extended = if optional.is_empty() { "" } else { &format!("extended-key-usage = {usage:?}\n") };
        let bits = if optional == "both" { &format!("key-usage = {bits}\n") } else { "" };
        line(random, format!("[[purposes]]\n{extended}{bits}name = {name:?}"));
    }
    own(random, &mut line);
    for id in ["a", "b-2", "c"] {
        let effect = random.pick(&key::words(key::EFFECTS));
        let when = random.pick(&RULES);
        let message = random.pick(&["no", r#"say \"no\" to C:\\x"#, "ä – ö"]);
        let each = random.pick(&["", "each = \"certificate\"\n", "each = \"path\"\n"]);
        let purposes = random.pick(&["", "purposes = [\"server-auth\"]\n"]);
        line(
            random,
            format!(
                "[[rules]]\nid = {id:?}\nwhen = {when}\n{each}{purposes}effect = {effect:?}\nmessage = \"{message}\""
            ),
        );
    }
    text
}

/// Expressions in every kind of string.
const RULES: [&str; 5] = [
    r#""target.key.bits<2048""#,
    r#"'target.subject.text == "C:\\x\n"'"#,
    "\"\"\"\n!('a' in names)  // a remark\n && path . all(c, c.self_issued)\"\"\"",
    r#"'''status.exists(s, has(s.source) && s.source == "ocsp") ? purpose == 'x' : at > timestamp("2026-01-01T01:00:00+01:00")'''"#,
    r#"'target.not_after - at < duration("36h")'"#,
];

/// What a deployment has of its own.
fn own(random: &mut Random, line: &mut impl FnMut(&mut Random, String)) {
    let [everywhere, one, other] = [random.coin(), random.coin(), random.coin()];
    let copied = random.pick(&["", "copied-to = \"tomcat-trust\"\n", "copied-to = \"CAPF-trust\"\n"]);
    line(
        random,
        format!(
            "[[stores]]\n{copied}name = \"radius-trust\"\nreplicated = {everywhere}\npublisher-only = {one}\n\
             [[stores]]\nname = \"b\"\ndeleted-everywhere = {other}"
        ),
    );
    for name in ["radius", "ldap-9"] {
        let key_type = random.pick(&key::words(key::KEY_TYPES));
        let scope = random.pick(&key::words(key::SCOPES));
        let bits = random.some(&key::words(&key::key_usages()));
        let usages = random.some(&["serverAuth", "1.3.6.1.5.5.7.3.14", "clientAuth"]);
        let services = random.some(&["FreeRADIUS", "a b.c-d_e/f (g)"]);
        let [one, other] = [random.coin(), random.coin()];
        line(
            random,
            format!(
                "[[identities]]\nrestart = {services}\nkey-usage = {bits}\nextended-key-usage = {usages}\n\
                 scope = {scope:?}\nkey-type = {key_type:?}\nname = {name:?}\ntrust-store = \"tomcat-trust\"\n\
                 multi-server-issued = {one}\nmulti-server-self-signed = {other}"
            ),
        );
    }
}

#[test]
fn the_canonical_text_of_any_settings_gives_them_again() {
    let mut sound = 0;
    for seed in 0..4_000 {
        let text = document(&mut Random(seed));
        match parse(&text) {
            Ok(settings) => {
                sound += 1;
                let canonical = format(&settings);
                assert_eq!(parse(&canonical).as_ref(), Ok(&settings), "{text}\n---\n{canonical}");
                assert_eq!(format(&parse(&canonical).unwrap()), canonical);
            }
            // A random choice of algorithms may leave one without its key, and so on.
            Err(error) => assert_eq!(error.code(), "settings.contradiction", "{text}\n{error:?}"),
        }
    }
    assert!(sound > 1_000, "{sound}");
}

#[test]
fn damaged_text_is_read_or_refused_within_its_lines_and_never_panics() {
    let pieces = [
        "[", "]", "[[", "]]", "{", "}", "=", ".", "\"", "'", "\"\"\"", "\n", "\r", ",", "#", "\\u", "0x",
        "ä", "-", "_", "1e5", "\0",
    ];
    let whole = format(&Settings::default());
    for seed in 0..3_000 {
        let mut random = Random(seed);
        let mut text = whole.clone();
        for _ in 0..1 + random.below(4) {
            let boundaries: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let start = random.pick(&boundaries);
            let end =
                boundaries.iter().copied().find(|at| *at >= start + random.below(9)).unwrap_or(text.len());
            text.replace_range(start..end, random.pick(&pieces));
        }
        if let Err(error) = parse(&text) {
            let line = text.split('\n').nth(error.line as usize - 1).expect("a line of the text");
            assert!(error.column as usize <= line.chars().count() + 1, "{error:?}");
        }
    }
}

#[test]
fn equal_settings_have_an_equal_hash_however_they_were_written() {
    let short = sound("[levels]\n\"certificate.version\" = \"warn\"\n[limits]\nsignatures = 100");
    assert_eq!(settings_hash(&short), settings_hash(&Settings::default()));
    assert_eq!(short, Settings::default());
    let usage = |usage| sound(&format!("[[purposes]]\nname = \"a\"\nextended-key-usage = \"{usage}\""));
    assert_eq!(settings_hash(&usage("serverAuth")), settings_hash(&usage("1.3.6.1.5.5.7.3.1")));
    let other = sound("limits.signatures = 101");
    assert_ne!(settings_hash(&other), settings_hash(&Settings::default()));
    assert_eq!(
        settings_hash(&other),
        <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(format(&other)))
    );
}

#[test]
fn the_canonical_text_is_complete_and_in_order() {
    let text = format(&Settings::default());
    assert!(text.starts_with(
        "profile = \"rfc5280\"\nstrictness = \"standard\"\ncommon-criteria = false\nfips = false\n\n[path]\nmaximum-intermediates = 8\n"
    ));
    let mut at = 0;
    let keys = [
        key::PATH,
        key::ANCHORS,
        key::ALGORITHMS,
        key::NAMES,
        key::REVOCATION,
        key::OCSP,
        key::CRL,
        key::ISSUANCE,
    ];
    let keys = keys.concat().into_iter().map(str::to_owned);
    let codes = key::adjustable().into_iter().map(|code| format!("\"{code}\""));
    let limits = key::limits().into_iter().map(|limit| limit.word.to_owned());
    for key in keys.chain(codes).chain(limits).chain(key::PURPOSE.iter().map(|key| (*key).to_owned())) {
        at += text[at..].find(&format!("\n{key} = ")).unwrap_or_else(|| panic!("{key}")) + 1;
    }
}

#[test]
fn a_document_to_start_from_means_its_profile_with_and_without_its_comment_marks() {
    for profile in Profile::ALL {
        let expected = Settings::of_profile(profile, Strictness::Standard);
        let text = annotated(profile);
        assert_eq!(sound(&text), expected);
        let uncommented: Vec<_> = text
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .collect();
        assert_eq!(format(&sound(&uncommented.join("\n"))), format(&expected));
        assert!(uncommented.iter().filter(|line| line.starts_with("# ")).count() >= 12);
    }
}
