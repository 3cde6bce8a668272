//! The smallest change of input or setting that would flip a finding. Change codes and values only; it makes
//! no change itself. Where nothing short of another certificate or another answer would help, [`beyond_settings`] says
//! so: a bad signature stays bad. What it needs of the settings, a rule has put into the finding's details.

use super::{Code, Detail, Finding, Level, Levels, Value};
use crate::time::Instant;

/// The shortest key that settings can accept, in bits. The policy document is held to these three by a test.
pub const SHORTEST_KEY: u64 = 512;
/// The longest RSA key that settings can accept, in bits.
pub const LONGEST_KEY: u64 = 8192;
/// The longest path that settings can accept, in intermediate certificates.
pub const LONGEST_PATH: u64 = 30;
/// The greatest age of an OCSP response that settings can accept, in seconds.
pub const OLDEST_OCSP: u64 = 31_622_400;
/// The greatest age of a CRL that settings can accept, in seconds.
pub const OLDEST_CRL: u64 = 4_294_967_295;

/// A change that would flip a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterfactual {
    /// The kind of change, one of [`Counterfactual::CHANGES`].
    pub change: &'static str,
    /// With which values. `setting` is a key of the policy document.
    pub details: Vec<Detail>,
}

impl Counterfactual {
    /// Every kind of change.
    pub const CHANGES: [&'static str; 17] = [
        "accept-algorithm",
        "accept-key",
        "ask-for-name",
        "at-or-after",
        "at-or-before",
        "configure-source",
        "obtain-status",
        "other-certificate",
        "other-purpose",
        "other-value",
        "raise-age",
        "raise-limit",
        "set-effect",
        "set-level",
        "set-maximum",
        "set-minimum",
        "supply-issuer",
    ];
}

/// The smallest change that would flip `finding`; `None` when it refuses nothing, or when nothing that is asked or set
/// would help.
#[must_use]
pub fn counterfactual(finding: &Finding, levels: &Levels) -> Option<Counterfactual> {
    if levels.of(finding.code) != Level::Deny {
        return None;
    }
    match finding.code {
        // RFC 5280 6.1.3 (a)(2): both ends belong to the period.
        Code::Expired => carried("at-or-before", finding, &["notAfter"]),
        Code::NotYetValid => carried("at-or-after", finding, &["notBefore"]),
        Code::SignatureAlgorithmNotAccepted => {
            let change = carried("accept-algorithm", finding, &["algorithm"]);
            change.map(|change| with_setting(change, "algorithms.signatures"))
        }
        Code::KeyNotAccepted => accept_key(finding),
        Code::KeySize => key_size(finding),
        Code::IdentityMismatch => ask_for_name(finding),
        Code::IssuerNotFound => supply_issuer(finding),
        Code::PathTooLong => longer_path(finding),
        Code::BudgetExceeded => raise_limit(finding),
        Code::ExtendedKeyUsageNotForPurpose => other_purpose(finding),
        Code::CustomDenied => other_value(finding).or_else(|| set_effect(finding)),
        Code::CustomFailed => set_effect(finding),
        Code::RevocationUndetermined => Some(
            raise_age(finding)
                .or_else(|| configure_source(finding))
                .unwrap_or_else(|| set_level(finding.code)),
        ),
        code if code.is_fixed() => None,
        code => Some(set_level(code)),
    }
}

/// What would flip a finding that no setting and no other question does.
#[must_use]
pub fn beyond_settings(finding: &Finding) -> Counterfactual {
    let change = match finding.code {
        Code::RevocationUnknown
        | Code::RevocationUndetermined
        | Code::RevocationConflict
        | Code::RevocationNotChecked
        | Code::ResponderUnchecked
        | Code::StatusEvidenceRefused => "obtain-status",
        _ => "other-certificate",
    };
    Counterfactual { change, details: vec![text("code", finding.code.as_str())] }
}

/// RFC 6960 3.2 (5), RFC 5280 5.1.2.4: an answer with nothing against it but that the settings take none of its age.
fn raise_age(finding: &Finding) -> Option<Counterfactual> {
    let (setting, oldest) = match text_of(finding, "reason")? {
        "ocsp.too-old" => ("ocsp.maximum-age-seconds", OLDEST_OCSP),
        "crl.too-old" => ("crl.maximum-age-seconds", OLDEST_CRL),
        _ => return None,
    };
    let (at, this_update) = (time_of(finding, "at")?, time_of(finding, "thisUpdate")?);
    let age = u64::try_from(at.unix().checked_sub(this_update.unix())?).ok()?;
    let maximum = number_of(finding, "maximumAgeSeconds")?;
    (age <= oldest).then(|| change_number("raise-age", setting, maximum, age))
}

/// D-6: the certificate names nobody who could be asked.
fn configure_source(finding: &Finding) -> Option<Counterfactual> {
    let setting = match text_of(finding, "reason")? {
        "ocsp.no-responder-uri" => "ocsp.configured",
        "crl.no-distribution-point" => "crl.configured",
        _ => return None,
    };
    Some(Counterfactual { change: "configure-source", details: vec![text("setting", setting)] })
}

/// A rule of the deployment's own that one fact with another value would not match.
fn other_value(finding: &Finding) -> Option<Counterfactual> {
    carried("other-value", finding, &["rule", "turnedPart", "turnedFrom", "turnedTo"])
}

fn set_level(code: Code) -> Counterfactual {
    let setting = format!("levels.\"{}\"", code.as_str());
    Counterfactual {
        change: "set-level",
        details: vec![
            text("setting", setting),
            text("code", code.as_str()),
            text("from", Level::Deny.word()),
            text("to", Level::Warn.word()),
        ],
    }
}

/// A rule of the deployment's own: its effect is its author's choice. One that denies only by the level of its code,
/// which a failure can show, has another, and that level is what can be changed.
fn set_effect(finding: &Finding) -> Option<Counterfactual> {
    let (rule, effect) = (text_of(finding, "rule")?, text_of(finding, "effect")?);
    match effect {
        "warn" => return Some(set_level(Code::CustomWarned)),
        "inform" => return Some(set_level(Code::CustomNoticed)),
        _ => {}
    }
    Some(Counterfactual {
        change: "set-effect",
        details: vec![
            text("setting", format!("rules.\"{rule}\".effect")),
            text("rule", rule),
            text("from", Level::Deny.word()),
            text("to", Level::Warn.word()),
        ],
    })
}

/// Keys are described as `rsa 2048` or `p-256`; the setting takes the first word. One that is only known by
/// its identifier has no word there.
fn accept_key(finding: &Finding) -> Option<Counterfactual> {
    let described = text_of(finding, "key")?;
    let kind = described.split(' ').next().filter(|kind| KEY_KINDS.contains(kind))?;
    let details = vec![text("setting", "algorithms.keys"), text("key", kind)];
    Some(Counterfactual { change: "accept-key", details })
}

/// The words of `algorithms.keys`. Settings come later in the order of dependence; a test holds these to them.
pub const KEY_KINDS: [&str; 10] =
    ["rsa", "p-256", "p-384", "p-521", "ed25519", "ed448", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87", "dsa"];

/// Only RSA has a longest accepted size, so a maximum that no RSA setting reaches tells a DSA key.
fn key_size(finding: &Finding) -> Option<Counterfactual> {
    let (bits, minimum) = (number_of(finding, "bits")?, number_of(finding, "minimum")?);
    let maximum = number_of(finding, "maximum").unwrap_or(u64::MAX);
    if !(SHORTEST_KEY..=LONGEST_KEY).contains(&bits) {
        return None;
    }
    if bits > maximum {
        return Some(change_number("set-maximum", "algorithms.rsa-maximum-bits", maximum, bits));
    }
    let is_rsa = maximum <= LONGEST_KEY;
    let setting = if is_rsa { "algorithms.rsa-minimum-bits" } else { "algorithms.dsa-minimum-bits" };
    (bits < minimum).then(|| change_number("set-minimum", setting, minimum, bits))
}

/// One name that the certificate does present; asking for it is the reader's choice, not a proof.
fn ask_for_name(finding: &Finding) -> Option<Counterfactual> {
    let presented = text_of(finding, "presented")?;
    let name = presented.split(", ").next().filter(|name| !name.is_empty())?;
    Some(Counterfactual { change: "ask-for-name", details: vec![text("name", name)] })
}

fn supply_issuer(finding: &Finding) -> Option<Counterfactual> {
    carried("supply-issuer", finding, &["issuer"]).map(|mut change| {
        change.details.extend(detail(finding, "keyIdentifier").cloned());
        change
    })
}

fn longer_path(finding: &Finding) -> Option<Counterfactual> {
    let (needed, maximum) = (number_of(finding, "intermediates")?, number_of(finding, "maximum")?);
    let possible = needed > maximum && needed <= LONGEST_PATH;
    possible.then(|| change_number("raise-limit", "path.maximum-intermediates", maximum, needed))
}

fn raise_limit(finding: &Finding) -> Option<Counterfactual> {
    let setting = format!("limits.{}", text_of(finding, "limit")?);
    carried("raise-limit", finding, &["allowed"]).map(|change| with_setting(change, setting))
}

fn other_purpose(finding: &Finding) -> Option<Counterfactual> {
    text_of(finding, "presented").filter(|presented| !presented.is_empty())?;
    carried("other-purpose", finding, &["presented"])
}

/// A change whose values are these of the finding; `None` when one is missing.
fn carried(change: &'static str, finding: &Finding, names: &[&str]) -> Option<Counterfactual> {
    let details: Option<Vec<Detail>> = names.iter().map(|name| detail(finding, name).cloned()).collect();
    details.map(|details| Counterfactual { change, details })
}

fn with_setting(mut change: Counterfactual, setting: impl Into<String>) -> Counterfactual {
    change.details.insert(0, text("setting", setting));
    change
}

fn change_number(change: &'static str, setting: &str, from: u64, to: u64) -> Counterfactual {
    let number = |name, value| Detail { name, value: Value::Number(value) };
    Counterfactual { change, details: vec![text("setting", setting), number("from", from), number("to", to)] }
}

fn text(name: &'static str, value: impl Into<String>) -> Detail {
    Detail { name, value: Value::text(value) }
}

fn detail<'f>(finding: &'f Finding, name: &str) -> Option<&'f Detail> {
    finding.details.iter().find(|detail| detail.name == name)
}

fn text_of<'f>(finding: &'f Finding, name: &str) -> Option<&'f str> {
    match &detail(finding, name)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn time_of(finding: &Finding, name: &str) -> Option<Instant> {
    match detail(finding, name)?.value {
        Value::Time(moment) => Some(moment),
        _ => None,
    }
}

fn number_of(finding: &Finding, name: &str) -> Option<u64> {
    match detail(finding, name)?.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn finding(code: Code, details: &[(&'static str, Value)]) -> Finding {
        let details = details.iter().map(|(name, value)| Detail { name, value: value.clone() }).collect();
        Finding { code, severity: Severity::Deny, subject: None, details }
    }

    /// The change and its values as one line, such as `set-level code=x`.
    fn change(code: Code, details: &[(&'static str, Value)]) -> Option<String> {
        let change = counterfactual(&finding(code, details), &Levels::default())?;
        assert!(Counterfactual::CHANGES.contains(&change.change), "{}", change.change);
        let shown = |value: &Value| match value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Time(time) => time.to_string(),
            other => format!("{other:?}"),
        };
        let details: Vec<_> = change
            .details
            .iter()
            .map(|detail| format!(" {}={}", detail.name, shown(&detail.value)))
            .collect();
        Some(format!("{}{}", change.change, details.concat()))
    }

    #[track_caller]
    fn check(code: Code, details: &[(&'static str, Value)], expected: &str) {
        assert_eq!(change(code, details).as_deref(), Some(expected));
    }

    #[test]
    fn another_moment_helps_against_a_validity_period() {
        let (end, now) = (Value::Time(Instant::from_unix(0)), Value::Time(Instant::from_unix(1)));
        let expired = [("notAfter", end.clone()), ("at", now.clone())];
        check(Code::Expired, &expired, "at-or-before notAfter=1970-01-01T00:00:00Z");
        let early = [("notBefore", now), ("at", end)];
        check(Code::NotYetValid, &early, "at-or-after notBefore=1970-01-01T00:00:01Z");
        assert_eq!(change(Code::Expired, &[]), None);
    }

    #[test]
    fn an_adjustable_rule_can_be_set_to_warn() {
        let expected = "set-level setting=levels.\"certificate.serial-too-long\" code=certificate.serial-too-long from=deny to=warn";
        check(Code::SerialTooLong, &[], expected);
        assert_eq!(change(Code::SerialNegative, &[]), None, "it warns by default");
        let mut levels = Levels::default();
        levels.set(Code::SerialNegative, Level::Deny).unwrap();
        let change = counterfactual(&finding(Code::SerialNegative, &[]), &levels).unwrap();
        assert_eq!(change.change, "set-level");
    }

    #[test]
    fn settings_may_accept_another_algorithm_or_key() {
        let algorithm = [("algorithm", Value::text("rsa-pkcs1-sha1"))];
        let expected = "accept-algorithm setting=algorithms.signatures algorithm=rsa-pkcs1-sha1";
        check(Code::SignatureAlgorithmNotAccepted, &algorithm, expected);
        for (key, kind) in [("dsa 1024", "dsa"), ("p-256", "p-256"), ("dsa with inherited parameters", "dsa")]
        {
            let expected = format!("accept-key setting=algorithms.keys key={kind}");
            check(Code::KeyNotAccepted, &[("key", Value::text(key))], &expected);
        }
        assert_eq!(change(Code::KeyNotAccepted, &[("key", Value::text("1.3.132.0.33"))]), None);
    }

    fn sizes(bits: u64, minimum: u64, maximum: u64) -> [(&'static str, Value); 3] {
        [
            ("bits", Value::Number(bits)),
            ("minimum", Value::Number(minimum)),
            ("maximum", Value::Number(maximum)),
        ]
    }

    #[test]
    fn sizes_can_be_accepted_as_far_as_settings_reach() {
        let minimum = |bits| format!("set-minimum setting=algorithms.rsa-minimum-bits from=2048 to={bits}");
        check(Code::KeySize, &sizes(2047, 2048, 8192), &minimum(2047));
        check(Code::KeySize, &sizes(512, 2048, 8192), &minimum(512));
        assert_eq!(change(Code::KeySize, &sizes(511, 2048, 8192)), None);
        let maximum = "set-maximum setting=algorithms.rsa-maximum-bits from=4096 to=8192";
        check(Code::KeySize, &sizes(8192, 2048, 4096), maximum);
        assert_eq!(change(Code::KeySize, &sizes(8193, 2048, 4096)), None);
        let dsa = "set-minimum setting=algorithms.dsa-minimum-bits from=2048 to=1024";
        check(Code::KeySize, &sizes(1024, 2048, u64::from(u32::MAX)), dsa);
    }

    #[test]
    fn a_presented_name_can_be_asked_for() {
        let names =
            [("expected", Value::text("a.example")), ("presented", Value::text("b.example, c.example"))];
        check(Code::IdentityMismatch, &names, "ask-for-name name=b.example");
        assert_eq!(change(Code::IdentityMismatch, &[("presented", Value::text(""))]), None);
        assert_eq!(change(Code::IdentityMismatch, &names[..1]), None);
    }

    #[test]
    fn a_missing_issuer_can_be_supplied() {
        check(Code::IssuerNotFound, &[("issuer", Value::text("CN=R"))], "supply-issuer issuer=CN=R");
        let both = [("issuer", Value::text("CN=R")), ("keyIdentifier", Value::Octets(vec![1]))];
        check(Code::IssuerNotFound, &both, "supply-issuer issuer=CN=R keyIdentifier=Octets([1])");
    }

    #[test]
    fn limits_can_be_raised() {
        let path = |needed| [("intermediates", Value::Number(needed)), ("maximum", Value::Number(8))];
        check(Code::PathTooLong, &path(9), "raise-limit setting=path.maximum-intermediates from=8 to=9");
        check(Code::PathTooLong, &path(30), "raise-limit setting=path.maximum-intermediates from=8 to=30");
        assert_eq!(change(Code::PathTooLong, &path(31)), None);
        assert_eq!(change(Code::PathTooLong, &path(8)), None);
        let budget = [("limit", Value::text("signatures")), ("allowed", Value::Number(100))];
        check(Code::BudgetExceeded, &budget, "raise-limit setting=limits.signatures allowed=100");
    }

    #[test]
    fn another_purpose_may_be_met() {
        let usages = [("needed", Value::text("serverAuth")), ("presented", Value::text("clientAuth"))];
        check(Code::ExtendedKeyUsageNotForPurpose, &usages, "other-purpose presented=clientAuth");
        assert_eq!(change(Code::ExtendedKeyUsageNotForPurpose, &[("presented", Value::text(""))]), None);
    }

    #[test]
    fn the_effect_of_an_own_rule_can_be_changed() {
        let details = |effect| [("rule", Value::text("a-1")), ("effect", Value::text(effect))];
        let expected = "set-effect setting=rules.\"a-1\".effect rule=a-1 from=deny to=warn";
        check(Code::CustomDenied, &details("deny"), expected);
        check(Code::CustomFailed, &details("deny"), expected);
        let level = "set-level setting=levels.\"custom.warned\" code=custom.warned from=deny to=warn";
        check(Code::CustomFailed, &details("warn"), level);
        assert_eq!(change(Code::CustomDenied, &[]), None);
    }

    #[test]
    fn another_value_of_a_fact_is_smaller_than_another_effect() {
        let mut details = vec![("rule", Value::text("a-1")), ("effect", Value::text("deny"))];
        let turned = [("turnedPart", "target.key.bits"), ("turnedFrom", "2048"), ("turnedTo", "3072")];
        details.extend(turned.map(|(name, value)| (name, Value::text(value))));
        let expected = "other-value rule=a-1 turnedPart=target.key.bits turnedFrom=2048 turnedTo=3072";
        check(Code::CustomDenied, &details, expected);
    }

    #[test]
    fn an_answer_that_is_only_too_old_can_be_accepted() {
        let times = |reason: &str, age: i64| {
            vec![
                ("reason", Value::text(reason)),
                ("thisUpdate", Value::Time(Instant::from_unix(1_000))),
                ("maximumAgeSeconds", Value::Number(60)),
                ("at", Value::Time(Instant::from_unix(age.saturating_add(1_000)))),
            ]
        };
        let code = Code::RevocationUndetermined;
        let mut levels = Levels::default();
        levels.deny(code);
        let made = |details: &[(&'static str, Value)]| {
            let change = counterfactual(&finding(code, details), &levels).unwrap();
            (change.change, change.details)
        };
        for (reason, setting) in
            [("ocsp.too-old", "ocsp.maximum-age-seconds"), ("crl.too-old", "crl.maximum-age-seconds")]
        {
            let expected = change_number("raise-age", setting, 60, 172_800);
            assert_eq!(made(&times(reason, 172_800)), (expected.change, expected.details));
        }
        assert_eq!(made(&times("ocsp.too-old", 31_622_400)).0, "raise-age");
        assert_eq!(made(&times("ocsp.too-old", 31_622_401)).0, "set-level");
        assert_eq!(made(&times("ocsp.stale", 172_800)).0, "set-level");
        assert_eq!(made(&[("reason", Value::text("ocsp.no-responder-uri"))]).0, "configure-source");
        assert_eq!(made(&[]).0, "set-level");
    }

    #[test]
    fn nothing_helps_against_what_is_wrong_with_the_certificate() {
        for code in
            [Code::SignatureInvalid, Code::NotPermitted, Code::Excluded, Code::Distrusted, Code::NotCa]
        {
            let details = [("name", Value::text("a"))];
            assert_eq!(change(code, &details), None);
            let beyond = beyond_settings(&finding(code, &details));
            assert_eq!(
                (beyond.change, beyond.details),
                ("other-certificate", vec![text("code", code.as_str())])
            );
        }
    }

    #[test]
    fn no_change_is_offered_for_a_level_that_cannot_change() {
        for code in Code::ALL {
            let offered = change(*code, &[]).is_some_and(|change| change.starts_with("set-level"));
            assert_eq!(offered, !code.is_fixed() && code.default_level() == Level::Deny, "{}", code.as_str());
        }
    }
}
