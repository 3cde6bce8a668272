//! What one policy says otherwise than another, setting by setting, and which way each goes. Compared are the canonical
//! texts, so that two spellings of one policy differ in nothing. It judges no certificate: `stricter` is said of a
//! setting alone, and only where it is so for every certificate.

use super::canonical;
use crate::settings::Settings;

/// A setting that has another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The whole key, such as `revocation.depth` or `purposes."sip".key-usage`.
    pub key: String,
    /// The value before, as TOML; `None` where it was not there.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// Which way it goes.
    pub effect: Effect,
}

/// Which way a changed setting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// With the same answers believed about revocation, it allows nothing that was not allowed before.
    Stricter,
    /// The other way round.
    Looser,
    /// Neither can be said: it decides nothing, or it changes which answers are believed, or both.
    Other,
}

/// Which values are the stricter ones.
#[derive(Clone, Copy)]
enum Order {
    /// This word, as TOML; what the others do is all the same.
    Word(&'static str),
    /// Larger numbers.
    More,
    /// Smaller numbers.
    Less,
    /// Lists that hold fewer words. No list at all, and a list that holds `any`, hold every word.
    Fewer,
}

/// Settings whose values have an order. What says who is believed about revocation has none: to believe less may deny
/// (R-CC-2), and may silence an answer that revokes.
const ORDERS: &[(&str, Order)] = &[
    ("strictness", Order::Word("\"pedantic\"")),
    // DT-6: nothing is allowed with the mode that is not allowed without it.
    ("common-criteria", Order::Word("true")),
    ("fips", Order::Word("true")),
    ("path.maximum-intermediates", Order::Less),
    ("path.initial-policy-set", Order::Fewer),
    ("path.explicit-policy", Order::Word("true")),
    ("path.inhibit-policy-mapping", Order::Word("true")),
    ("path.inhibit-any-policy", Order::Word("true")),
    ("path.missing-issuer", Order::Word("\"refuse\"")),
    ("anchors.validity", Order::Word("true")),
    ("anchors.constraints", Order::Word("true")),
    ("anchors.form", Order::Word("true")),
    ("algorithms.signatures", Order::Fewer),
    ("algorithms.keys", Order::Fewer),
    ("algorithms.rsa-minimum-bits", Order::More),
    ("algorithms.rsa-maximum-bits", Order::Less),
    ("algorithms.dsa-minimum-bits", Order::More),
    ("names.wildcards", Order::Word("\"refuse\"")),
    ("names.common-name-fallback", Order::Word("false")),
    // D-7
    ("revocation.depth", Order::Word("\"all\"")),
    // Reaching a limit is a refusal; those on answers only silence them.
    ("limits.signatures", Order::Less),
    ("limits.signature-cost", Order::Less),
    ("limits.build-steps", Order::Less),
    ("limits.candidate-paths", Order::Less),
    ("limits.name-comparisons", Order::Less),
    ("limits.policy-edges", Order::Less),
    ("limits.certificates", Order::Less),
    ("limits.certificate-octets", Order::Less),
];

/// The level of `revocation.undetermined` by its other name (D-3), which would be told twice.
const OTHER_NAME: &str = "revocation.undetermined";
/// What is the name of an item in a list of tables.
const NAMES: [&str; 2] = ["name", "id"];

/// What `after` says otherwise than `before`, in the order of the canonical form; what is no more there comes last.
#[must_use]
pub fn differences(before: &Settings, after: &Settings) -> Vec<Difference> {
    let (before, after) = (lines(&canonical::format(before)), lines(&canonical::format(after)));
    let mut found = Vec::new();
    for line in &after {
        compare(line, value(&before, &line.key), Some(&line.value), &before, &mut found);
    }
    for line in &before {
        if value(&after, &line.key).is_none() {
            compare(line, Some(&line.value), None, &after, &mut found);
        }
    }
    found
}

/// One setting of a canonical text.
struct Line {
    key: String,
    value: String,
    /// The key of the name of the item in a list of tables that it belongs to.
    item: Option<String>,
}

fn compare(
    line: &Line,
    before: Option<&str>,
    after: Option<&str>,
    others: &[Line],
    found: &mut Vec<Difference>,
) {
    // Of an item that the other document does not have, the name tells enough.
    let is_part = line.item.as_ref().is_some_and(|item| *item != line.key && value(others, item).is_none());
    if before != after && !is_part && line.key != OTHER_NAME {
        let effect = match order_of(&line.key) {
            Some(order) if line.item.as_ref() != Some(&line.key) => effect(order, before, after),
            _ => Effect::Other,
        };
        let owned = |value: Option<&str>| value.map(str::to_owned);
        found.push(Difference { key: line.key.clone(), before: owned(before), after: owned(after), effect });
    }
}

fn value<'l>(lines: &'l [Line], key: &str) -> Option<&'l str> {
    lines.iter().find(|line| line.key == key).map(|line| line.value.as_str())
}

/// The lines of a canonical text, each with its whole key.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut above, mut item) = (String::new(), None);
    for line in text.lines() {
        if let Some(table) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            table.clone_into(&mut above);
            item = Some(String::new());
        } else if let Some(table) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            above = [table, "."].concat();
            item = None;
        } else if let Some((key, value)) = line.split_once(" = ") {
            if NAMES.contains(&key) && item.as_ref().is_some_and(String::is_empty) {
                above = [above.as_str(), ".", value, "."].concat();
                item = Some([above.as_str(), key].concat());
            }
            let key = [above.as_str(), key].concat();
            lines.push(Line { key, value: value.to_owned(), item: item.clone() });
        }
    }
    lines
}

fn order_of(key: &str) -> Option<Order> {
    if key.starts_with("levels.") {
        return Some(Order::Word("\"deny\""));
    }
    if key.starts_with("purposes.") {
        return Some(Order::Fewer);
    }
    ORDERS.iter().find(|(known, _)| *known == key).map(|(_, order)| *order)
}

fn effect(order: Order, before: Option<&str>, after: Option<&str>) -> Effect {
    let number = |value: Option<&str>| value.and_then(|text| text.parse::<u32>().ok());
    let (tightens, loosens) = match order {
        Order::Word(strictest) => (after == Some(strictest), before == Some(strictest)),
        Order::More => (number(after) > number(before), number(after) < number(before)),
        Order::Less => (number(after) < number(before), number(after) > number(before)),
        Order::Fewer => (is_within(after, before), is_within(before, after)),
    };
    match (tightens, loosens) {
        (true, false) => Effect::Stricter,
        (false, true) => Effect::Looser,
        _ => Effect::Other,
    }
}

/// Whether every word of one list is in the other.
fn is_within(inner: Option<&str>, outer: Option<&str>) -> bool {
    let Some(outer) = outer.filter(|list| *list != "[\"any\"]") else { return true };
    let Some(inner) = inner else { return false };
    words(inner).all(|word| words(outer).any(|known| known == word))
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.trim_start_matches('[').trim_end_matches(']').split(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::document::parse;
    use crate::settings::{Profile, Strictness};

    fn told(before: &str, after: &str) -> Vec<(String, Effect)> {
        let found = differences(&parse(before).unwrap(), &parse(after).unwrap());
        found.into_iter().map(|difference| (difference.key, difference.effect)).collect()
    }

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[(&str, Effect)]) {
        let expected: Vec<_> = expected.iter().map(|(key, effect)| ((*key).to_owned(), *effect)).collect();
        assert_eq!(told(before, after), expected);
        let turned = expected.into_iter().map(|(key, effect)| {
            let effect = match effect {
                Effect::Stricter => Effect::Looser,
                Effect::Looser => Effect::Stricter,
                Effect::Other => Effect::Other,
            };
            (key, effect)
        });
        let mut turned: Vec<_> = turned.collect();
        let mut back = told(after, before);
        turned.sort_by(|one, other| one.0.cmp(&other.0));
        back.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(back, turned, "the way back");
    }

    #[test]
    fn two_spellings_of_one_policy_differ_in_nothing() {
        check("", "profile = \"rfc5280\"\n[path]\nmaximum-intermediates = 8\n", &[]);
        check("path.explicit-policy = true", "[path]\nexplicit-policy = true # said\n", &[]);
        for profile in Profile::ALL {
            let settings = Settings::of_profile(profile, Strictness::Standard);
            assert_eq!(differences(&settings, &settings), []);
        }
    }

    #[test]
    fn each_kind_of_order_goes_both_ways() {
        check("", "revocation.depth = \"all\"", &[("revocation.depth", Effect::Stricter)]);
        check("", "path.maximum-intermediates = 7", &[("path.maximum-intermediates", Effect::Stricter)]);
        check("", "algorithms.rsa-minimum-bits = 3072", &[("algorithms.rsa-minimum-bits", Effect::Stricter)]);
        check(
            "",
            "path.initial-policy-set = [\"2.23.140.1.2.1\"]",
            &[("path.initial-policy-set", Effect::Stricter)],
        );
        check(
            "",
            "revocation.undetermined = \"deny\"",
            &[("levels.\"revocation.undetermined\"", Effect::Stricter)],
        );
        check(
            "",
            "algorithms.keys = [\"p-256\"]\nalgorithms.signatures = [\"ecdsa-sha256\"]",
            &[("algorithms.signatures", Effect::Stricter), ("algorithms.keys", Effect::Stricter)],
        );
    }

    #[test]
    fn what_has_no_order_is_neither() {
        let level = |word: &str| format!("levels.\"certificate.serial-zero\" = \"{word}\"");
        check(&level("inform"), &level("warn"), &[("levels.\"certificate.serial-zero\"", Effect::Other)]);
        check("", "ocsp.nonce = \"required\"", &[("ocsp.nonce", Effect::Other)]);
        check("", "ocsp.maximum-age-seconds = 60", &[("ocsp.maximum-age-seconds", Effect::Other)]);
        check("", "revocation.sources = [\"crl\"]", &[("revocation.sources", Effect::Other)]);
        let keys = |one: &str| {
            format!("algorithms.keys = [\"rsa\", \"{one}\"]\nalgorithms.signatures = [\"rsa-pkcs1-sha256\"]")
        };
        check(&keys("p-256"), &keys("p-384"), &[("algorithms.keys", Effect::Other)]);
    }

    #[test]
    fn a_purpose_is_told_by_its_name_and_a_known_one_by_its_usages() {
        let own = |usage: &str| format!("[[purposes]]\nname = \"sip\"\n{usage}");
        let usage = "extended-key-usage = \"serverAuth\"\n";
        check("", &own(usage), &[("purposes.\"sip\".name", Effect::Other)]);
        check(&own(""), &own(usage), &[("purposes.\"sip\".extended-key-usage", Effect::Stricter)]);
        let bits = |list: &str| own(&format!("key-usage = [{list}]"));
        let (one, two) = (bits("\"digitalSignature\""), bits("\"digitalSignature\", \"keyAgreement\""));
        check(&two, &one, &[("purposes.\"sip\".key-usage", Effect::Stricter)]);
        let other = own("extended-key-usage = \"clientAuth\"\n");
        check(&own(usage), &other, &[("purposes.\"sip\".extended-key-usage", Effect::Other)]);
    }

    /// DT-6: whatever the mode changes in a document, it makes nothing looser.
    #[test]
    fn common_criteria_mode_makes_nothing_looser() {
        for document in
            ["", "profile = \"public-web\"", "profile = \"uc-legacy\"", "names.common-name-fallback = true"]
        {
            let found = told(document, &format!("common-criteria = true\n{document}"));
            assert!(found.contains(&("common-criteria".to_owned(), Effect::Stricter)));
            assert!(found.iter().all(|(_, effect)| *effect != Effect::Looser), "{found:?}");
        }
    }

    #[test]
    fn every_order_is_of_a_key_there_is() {
        let known = lines(&canonical::format(&Settings::default()));
        for (key, _) in ORDERS {
            assert!(value(&known, key).is_some(), "{key}");
        }
    }
}
