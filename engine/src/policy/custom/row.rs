//! What own rules say of a row of the decision table, of which only mode, purpose and statuses are known. Every length of
//! path and every place of the certificate concerned is tried as far as a rule can tell them apart; what then is not
//! certain, and what other facts have a say in, may refuse. It never says less than `check` would do.

use super::facts::{mode_word, of_status};
use super::{code_of, is_for};
use crate::budget::{Budget, Limits};
use crate::expression::fact::{Fact, Scope};
use crate::expression::value::{Facts, Failure, Value};
use crate::finding::Level;
use crate::revocation::RevocationStatus;
use crate::revocation::record::CertificateStatus;
use crate::settings::Settings;
use crate::settings::custom::CustomRule;
use crate::settings::revocation::Depth;

/// What own rules do about paths that a row allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnRules {
    /// One of them refuses every such path.
    Deny,
    /// Facts that no row knows decide.
    MayDeny,
    /// None of them refuses one.
    Pass,
}

/// Steps that are spent on one table. Ours: a rule costs some ten in each row.
const STEPS: u32 = 2_000_000;
/// The longest path that is tried, the anchor included. Expressions that tell longer ones apart are not judged.
const LONGEST: usize = 5;

/// The steps of one table.
#[must_use]
pub fn steps() -> Budget {
    Budget::new(Limits { rule_steps: STEPS, ..Limits::DEFAULT })
}

/// The statuses of a row: that of the certificate concerned, which is the target or an issuer, and of every other.
#[derive(Clone, Copy, Debug)]
pub struct Concerned<'a> {
    /// Place of the certificate concerned: 0 is the target.
    pub position: usize,
    /// Its status.
    pub status: &'a CertificateStatus,
    /// That of every other certificate.
    pub other: &'a CertificateStatus,
}

/// What the rules of `settings` for `purpose` do about paths of a row.
#[must_use]
pub fn own_rules(
    settings: &Settings,
    purpose: Option<&str>,
    concerned: Concerned<'_>,
    budget: &mut Budget,
) -> OwnRules {
    let refuses = |rule: &&CustomRule| settings.levels.of(code_of(rule.effect)) == Level::Deny;
    let rules: Vec<&CustomRule> =
        settings.rules.iter().filter(|rule| is_for(rule, purpose)).filter(refuses).collect();
    if rules.is_empty() {
        return OwnRules::Pass;
    }
    let mut said = Vec::new();
    for statuses in arrangements(concerned, settings.revocation.depth) {
        let facts = RowFacts { settings, purpose, statuses, position: 0, tells_lengths_apart: false };
        said.push(worst(rules.iter().map(|rule| one(rule, facts.clone(), budget))));
    }
    match said.first() {
        Some(first) if said.iter().all(|other| other == first) => *first,
        _ => OwnRules::MayDeny,
    }
}

/// The worst of what several rules, or certificates, come to: one refusal is enough.
fn worst(said: impl Iterator<Item = OwnRules>) -> OwnRules {
    said.fold(OwnRules::Pass, |worst, one| match (worst, one) {
        (OwnRules::Deny, _) | (_, OwnRules::Deny) => OwnRules::Deny,
        (OwnRules::MayDeny, _) | (_, OwnRules::MayDeny) => OwnRules::MayDeny,
        _ => OwnRules::Pass,
    })
}

/// The statuses below the anchor of paths of every length and place. Where nobody but the target is asked about, other
/// certificates may have no status.
fn arrangements(concerned: Concerned<'_>, depth: Depth) -> Vec<Vec<CertificateStatus>> {
    let unasked = CertificateStatus { status: RevocationStatus::NotAsked, ..concerned.other.clone() };
    let mut others = vec![concerned.other.clone()];
    if depth == Depth::Leaf {
        others.push(unasked);
    }
    let mut all = Vec::new();
    for length in 2..=LONGEST {
        let below = length.saturating_sub(1);
        let places = if concerned.position == 0 { 0..1 } else { 1..below };
        for place in places {
            for other in &others {
                let status = |at: usize| match at {
                    at if at == place => concerned.status.clone(),
                    // what nobody was asked about is an issuer
                    0 => concerned.other.clone(),
                    _ => other.clone(),
                };
                all.push((0..below).map(status).collect());
            }
        }
    }
    all
}

fn one(rule: &CustomRule, facts: RowFacts<'_>, budget: &mut Budget) -> OwnRules {
    let places = match rule.each {
        Scope::Certificate => facts.statuses.len().saturating_add(1),
        Scope::Path => 1,
    };
    let tells_lengths_apart = rule.when.tells_lengths_apart();
    worst((0..places).map(|position| {
        let facts = RowFacts { position, tells_lengths_apart, ..facts.clone() };
        match rule.when.holds(&facts, budget) {
            Ok(true) => OwnRules::Deny,
            Ok(false) => OwnRules::Pass,
            Err(_) => OwnRules::MayDeny,
        }
    }))
}

#[derive(Clone)]
struct RowFacts<'a> {
    settings: &'a Settings,
    purpose: Option<&'a str>,
    statuses: Vec<CertificateStatus>,
    position: usize,
    tells_lengths_apart: bool,
}

impl Facts for RowFacts<'_> {
    fn fact(&self, fact: Fact, place: usize, _item: usize) -> Result<Value, Failure> {
        match fact {
            Fact::Mode => Ok(Value::Text(mode_word(self.settings.mode).to_owned())),
            Fact::Purpose => Ok(Value::Text(self.purpose.unwrap_or_default().to_owned())),
            Fact::Position | Fact::Status if self.tells_lengths_apart => Err(Failure::Unknown),
            Fact::Position => Ok(Value::count(self.position)),
            Fact::Status => {
                let length = self.statuses.len().saturating_add(1);
                Ok(Value::records(length, |_, place| Value::Record(place, 0), 0))
            }
            Fact::Word | Fact::Source | Fact::Model => {
                of_status(fact, self.statuses.get(place)).ok_or(Failure::Absent)
            }
            _ => Err(Failure::Unknown),
        }
    }
}
