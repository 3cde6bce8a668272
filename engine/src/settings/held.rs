//! What of the settings cannot be loosened while Common Criteria mode or the FIPS profile is on. A change that would be
//! undone at once must not be offered as one that helps. Decides nothing about certificates.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::{Fips, Mode, Settings, common_criteria, fips};
use crate::finding::counterfactual::{Counterfactual, beyond_settings, counterfactual};
use crate::finding::{Code, Finding, Level, Value};

impl Settings {
    /// What would flip a finding that refuses: the smallest change that these settings would not take back, or what the
    /// certificate or an answer about it would have to be.
    #[must_use]
    pub fn change_against(&self, finding: &Finding) -> Counterfactual {
        let change = counterfactual(finding, &self.levels).filter(|change| !self.holds_against(change));
        change.unwrap_or_else(|| beyond_settings(finding))
    }

    /// Whether these settings would take `change` back as long as their mode and FIPS profile stay as they are
    /// (R-CC-14, D-2). Changes of the question, and of what neither speaks of, are never taken back.
    #[must_use]
    pub fn holds_against(&self, change: &Counterfactual) -> bool {
        if (self.mode, self.fips) == (Mode::Standard, Fips::Off) {
            return false;
        }
        let mut loosened = self.clone();
        if loosen(&mut loosened, change).is_none() || loosened == *self {
            return false;
        }
        match (self.mode, self.fips) {
            (Mode::CommonCriteria, _) => common_criteria::apply(&mut loosened),
            (Mode::Standard, Fips::On) => fips::apply(&mut loosened),
            (Mode::Standard, Fips::Off) => {}
        }
        loosened == *self
    }
}

/// Makes the change; `None` for one that is none of the settings'.
fn loosen(settings: &mut Settings, change: &Counterfactual) -> Option<()> {
    let algorithms = &mut settings.algorithms;
    match change.change {
        "set-level" => {
            let level = Level::from_word(text(change, "to")?)?;
            settings.levels.set(Code::from_code(text(change, "code")?)?, level).ok()
        }
        "accept-algorithm" => {
            algorithms.signatures.insert(SignatureAlgorithm::from_word(text(change, "algorithm")?)?);
            Some(())
        }
        "accept-key" => {
            algorithms.keys.insert(KeyKind::from_word(text(change, "key")?)?);
            Some(())
        }
        "raise-age" => {
            let freshness = match text(change, "setting")? {
                "ocsp.maximum-age-seconds" => &mut settings.ocsp.freshness,
                "crl.maximum-age-seconds" => &mut settings.crl.freshness,
                _ => return None,
            };
            freshness.maximum_age_seconds = number(change, "to")?;
            Some(())
        }
        "set-minimum" | "set-maximum" => {
            let size = match text(change, "setting")? {
                "algorithms.rsa-minimum-bits" => &mut algorithms.rsa_minimum_bits,
                "algorithms.rsa-maximum-bits" => &mut algorithms.rsa_maximum_bits,
                "algorithms.dsa-minimum-bits" => &mut algorithms.dsa_minimum_bits,
                _ => return None,
            };
            *size = number(change, "to")?;
            Some(())
        }
        _ => None,
    }
}

fn text<'c>(change: &'c Counterfactual, name: &str) -> Option<&'c str> {
    match value(change, name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn number(change: &Counterfactual, name: &str) -> Option<u32> {
    match value(change, name)? {
        Value::Number(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

fn value<'c>(change: &'c Counterfactual, name: &str) -> Option<&'c Value> {
    change.details.iter().find(|detail| detail.name == name).map(|detail| &detail.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Detail, Severity};
    use crate::settings::document::{parse, parse_in_mode};

    fn change(change: &'static str, details: &[(&'static str, &str)]) -> Counterfactual {
        let details = details.iter().map(|(name, text)| {
            let value = text.parse().map_or_else(|_| Value::text(*text), Value::Number);
            Detail { name, value }
        });
        Counterfactual { change, details: details.collect() }
    }

    fn level(code: &str) -> Counterfactual {
        change("set-level", &[("code", code), ("to", "warn")])
    }

    #[track_caller]
    fn check(text: &str, mode: Mode, held: &[Counterfactual], free: &[Counterfactual]) {
        let settings = parse_in_mode(text, mode).unwrap();
        for change in held {
            assert!(settings.holds_against(change), "{change:?}");
        }
        for change in free {
            assert!(!settings.holds_against(change), "{change:?}");
        }
    }

    #[test]
    fn every_code_that_denies_has_a_change_that_its_settings_would_not_take_back() {
        for mode in [Mode::Standard, Mode::CommonCriteria] {
            let mut settings = parse_in_mode("", mode).unwrap();
            for code in Code::ALL {
                settings.levels.deny(*code);
            }
            for code in Code::ALL {
                let finding =
                    Finding { code: *code, severity: Severity::Deny, subject: None, details: Vec::new() };
                let change = settings.change_against(&finding);
                assert!(Counterfactual::CHANGES.contains(&change.change), "{change:?}");
                assert!(!settings.holds_against(&change), "{change:?}");
                let is_level = change.change == "set-level";
                assert!(!(is_level && code.is_fixed()), "a level that cannot be changed: {change:?}");
            }
        }
        let mut settings = parse_in_mode("", Mode::CommonCriteria).unwrap();
        let change = |settings: &Settings, code| {
            settings
                .change_against(&Finding {
                    code,
                    severity: Severity::Deny,
                    subject: None,
                    details: Vec::new(),
                })
                .change
        };
        assert_eq!(change(&settings, Code::RevocationUndetermined), "obtain-status");
        assert_eq!(change(&settings, Code::RsaExponent), "other-certificate");
        settings = parse_in_mode("levels.\"revocation.undetermined\" = \"deny\"", Mode::Standard).unwrap();
        assert_eq!(change(&settings, Code::RevocationUndetermined), "set-level");
    }

    #[test]
    fn what_the_mode_raises_is_held_and_the_rest_is_free() {
        let sha1 = change("accept-algorithm", &[("algorithm", "rsa-pkcs1-sha1")]);
        let dsa = change("accept-key", &[("key", "dsa")]);
        let short = change("set-minimum", &[("setting", "algorithms.rsa-minimum-bits"), ("to", "1024")]);
        let long = change("set-maximum", &[("setting", "algorithms.rsa-maximum-bits"), ("to", "8192")]);
        let held = [level("revocation.unknown"), level("certificate.unique-identifier"), sha1, dsa, short];
        let free = [
            level("certificate.serial-too-long"),
            level("revocation.revoked"),
            long.clone(),
            change("raise-limit", &[("setting", "limits.signatures"), ("allowed", "100")]),
            change("ask-for-name", &[("name", "a.example")]),
            change("set-level", &[]),
        ];
        check("", Mode::CommonCriteria, &held, &free);
        check("", Mode::Standard, &[], &held);
        check("profile = \"uc-legacy\"", Mode::CommonCriteria, &[long], &[]);
    }

    #[test]
    fn the_fips_profile_holds_its_own_alone() {
        let settings = parse("fips = true").unwrap();
        assert!(settings.holds_against(&level("algorithm.rsa-exponent")));
        assert!(!settings.holds_against(&level("revocation.unknown")));
        assert!(settings.holds_against(&change("accept-key", &[("key", "dsa")])));
    }
}
