//! Choices that cannot stand together. Looked at once every value is sound by itself; the error stands at
//! the later of the two, or at the one that is written when the other is the profile's.

mod management;
mod rules;

use super::key::{self, word_of};
use super::problem::DocumentProblem;
use super::reader::{Entry, Reader};
use crate::finding::{Code, Level};
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::periodic::Switch;
use crate::settings::revocation::{StatusSource, UriChoice};
use crate::settings::{Fips, Mode, Settings, fips, profile};

/// What the document itself says of the choices below, and the mode that the caller asks for.
#[derive(Debug)]
pub(super) struct Written<'d> {
    /// The mode that the caller asks for.
    pub(super) asked: Mode,
    /// `profile`.
    pub(super) profile: Option<Entry<'d>>,
    /// `common-criteria`.
    pub(super) common_criteria: Option<(bool, Entry<'d>)>,
    /// `fips`.
    pub(super) fips: Option<(bool, Entry<'d>)>,
    /// `revocation.undetermined`, as a level.
    pub(super) undetermined: Option<(Level, Entry<'d>)>,
    /// `levels."revocation.undetermined"`.
    pub(super) undetermined_level: Option<Entry<'d>>,
    /// `ocsp.uri`.
    pub(super) ocsp_uri: Option<Entry<'d>>,
    /// `ocsp.configured`.
    pub(super) ocsp_configured: Option<Entry<'d>>,
    /// `crl.uri`.
    pub(super) crl_uri: Option<Entry<'d>>,
    /// `crl.configured`.
    pub(super) crl_configured: Option<Entry<'d>>,
    /// `monitoring.e-mail`.
    pub(super) e_mail: Option<Entry<'d>>,
    /// `periodic.validity-check`.
    pub(super) validity_check: Option<Entry<'d>>,
    /// Every `identities.trust-store`.
    pub(super) trust_stores: Vec<Entry<'d>>,
    /// Every `stores.copied-to`.
    pub(super) copied_to: Vec<Entry<'d>>,
    /// Every element of `rules.purposes`.
    pub(super) rule_purposes: Vec<Entry<'d>>,
    /// `algorithms.signatures`, one by one.
    pub(super) signatures: Vec<(SignatureAlgorithm, Entry<'d>)>,
    /// `algorithms.keys`.
    pub(super) keys: Option<Entry<'d>>,
    /// `algorithms.rsa-minimum-bits`.
    pub(super) rsa_minimum_bits: Option<Entry<'d>>,
    /// `algorithms.rsa-maximum-bits`.
    pub(super) rsa_maximum_bits: Option<Entry<'d>>,
}

/// Every rule about what was written.
pub(super) fn check<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    mode_of_profile(reader, settings, written);
    fips_below_common_criteria(reader, settings, written);
    undetermined_twice(reader, settings, written);
    ocsp_without_uri(reader, settings, written);
    crl_without_uri(reader, settings, written);
    validity_check_without_hours(reader, settings, written);
    mail_without_address(reader, settings, written);
    rsa_range(reader, settings, written);
    signatures_without_key(reader, settings, written);
    management::check(reader, &settings.management, written);
    rules::check(reader, settings, written);
}

/// No RSA key could ever be accepted.
fn rsa_range<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let (minimum, maximum) = (settings.algorithms.rsa_minimum_bits, settings.algorithms.rsa_maximum_bits);
    if minimum <= maximum {
        return;
    }
    let minimum_is_later = match (&written.rsa_minimum_bits, &written.rsa_maximum_bits) {
        (Some(minimum), Some(maximum)) => minimum.at > maximum.at,
        (minimum, _) => minimum.is_some(),
    };
    let (entry, with, value) = if minimum_is_later {
        (&written.rsa_minimum_bits, "algorithms.rsa-maximum-bits", maximum)
    } else {
        (&written.rsa_maximum_bits, "algorithms.rsa-minimum-bits", minimum)
    };
    contradiction(reader, entry.as_ref(), with, value.to_string());
}

/// A signature algorithm that no accepted kind of key can make. Whoever lists it expects it to work.
fn signatures_without_key<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let keys = &settings.algorithms.keys;
    let has_key =
        |algorithm: SignatureAlgorithm| algorithm.key_kinds().iter().any(|kind| keys.contains(kind));
    for (algorithm, entry) in &written.signatures {
        if !has_key(*algorithm) {
            let kinds: Vec<_> = algorithm.key_kinds().iter().map(|kind| kind.word()).collect();
            contradiction(reader, Some(entry), "algorithms.keys", kinds.join(", "));
        }
    }
    if written.signatures.is_empty() {
        let lost = settings.algorithms.signatures.iter().find(|algorithm| !has_key(**algorithm));
        if let Some(algorithm) = lost {
            let word = algorithm.word().to_owned();
            contradiction(reader, written.keys.as_ref(), "algorithms.signatures", word);
        }
    }
}

/// The mode is part of the profiles for network devices: without it they would not be what they are called.
fn mode_of_profile<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let Some((false, off)) = &written.common_criteria else { return };
    if settings.profile.mode() == Mode::CommonCriteria {
        let profile = Choice::new(written.profile.as_ref(), "profile", settings.profile.word());
        later_of(reader, &profile, &Choice::new(Some(off), "common-criteria", "false"));
    }
}

/// R-CC-14, D-2: Common Criteria mode stands on the FIPS algorithm profile.
fn fips_below_common_criteria<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let Some((false, off)) = &written.fips else { return };
    if written.mode(settings) == Mode::CommonCriteria {
        later_of(reader, &written.mode_choice(settings), &Choice::new(Some(off), "fips", "false"));
    }
}

/// D-3: one choice with two names. Warn, inform and ignore all allow.
fn undetermined_twice<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let (Some((wanted, entry)), Some(other)) = (&written.undetermined, &written.undetermined_level) else {
        return;
    };
    let level = settings.levels.of(Code::RevocationUndetermined);
    if (level == Level::Deny) != (*wanted == Level::Deny) {
        let word = if *wanted == Level::Deny { "deny" } else { "allow" };
        let alias = Choice::new(Some(entry), "revocation.undetermined", word);
        later_of(
            reader,
            &alias,
            &Choice::new(Some(other), "levels.\"revocation.undetermined\"", level.word()),
        );
    }
}

/// R-OCSP-15: whoever chooses configured responders names one. Where OCSP is not asked nothing is missing.
fn ocsp_without_uri<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let ocsp = &settings.ocsp;
    let is_asked = settings.revocation.sources.contains(&StatusSource::Ocsp);
    if is_asked && ocsp.uri != UriChoice::Certificate && ocsp.configured.is_empty() {
        let uri = Choice::new(written.ocsp_uri.as_ref(), "ocsp.uri", word_of(key::URI_CHOICES, &ocsp.uri));
        later_of(reader, &uri, &Choice::new(written.ocsp_configured.as_ref(), "ocsp.configured", NO_URI));
    }
}

/// R-CRL-13: the same for CRLs.
pub(super) fn crl_without_uri<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let crl = &settings.crl;
    let is_asked = settings.revocation.sources.contains(&StatusSource::Crl);
    if is_asked && crl.uri != UriChoice::Certificate && crl.configured.is_empty() {
        let uri = Choice::new(written.crl_uri.as_ref(), "crl.uri", word_of(key::URI_CHOICES, &crl.uri));
        later_of(reader, &uri, &Choice::new(written.crl_configured.as_ref(), "crl.configured", NO_URI));
    }
}

/// R-REV-7: connections are checked again at some interval: their own, or that of the periodic check (R-REV-8).
fn validity_check_without_hours<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let periodic = &settings.periodic;
    let has_interval = periodic.check == Switch::Enabled || periodic.validity_check_hours.is_some();
    if periodic.validity_check == Switch::Enabled && !has_interval {
        let entry = written.validity_check.as_ref();
        contradiction(reader, entry, "periodic.validity-check-hours", "number of hours".to_owned());
    }
}

/// R-MON-11, R-MON-13: mail is sent to somebody.
fn mail_without_address<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let monitoring = &settings.monitoring;
    if monitoring.e_mail == Switch::Enabled && monitoring.addresses.is_empty() {
        contradiction(reader, written.e_mail.as_ref(), "monitoring.addresses", "address".to_owned());
    }
}

/// What an empty list of URIs lacks.
const NO_URI: &str = "URI";

/// Rules about what is left once the FIPS profile and Common Criteria mode have taken away what they do not accept:
/// a document of which nothing is left was meant for something else, and would refuse every certificate.
pub(super) fn check_narrowed<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    if settings.fips == Fips::Off {
        return;
    }
    // An algorithm does not outlast its kinds of key, so a list of keys is never emptied alone.
    if settings.algorithms.signatures.is_empty() {
        narrowed_signatures(reader, settings, written);
    }
    if settings.algorithms.rsa_minimum_bits > settings.algorithms.rsa_maximum_bits {
        narrowed_rsa_range(reader, settings, written);
    }
}

/// The FIPS profile is told as the cause only where it takes every algorithm; otherwise the profile's own list does.
fn narrowed_signatures<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let is_approved = |(algorithm, _): &(SignatureAlgorithm, Entry<'d>)| fips::approves_signature(*algorithm);
    let cause = if written.signatures.iter().any(is_approved) {
        written.mode_choice(settings)
    } else {
        written.fips_or_mode_choice(settings)
    };
    let first = written.signatures.first();
    let word = first.map_or("", |(algorithm, _)| algorithm.word());
    later_of(reader, &cause, &Choice::new(first.map(|(_, entry)| entry), "algorithms.signatures", word));
}

/// Either bound may be the one that the document asks for and the narrowing does not have.
fn narrowed_rsa_range<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let accepted = profile::algorithms(settings.profile);
    let algorithms = &settings.algorithms;
    if algorithms.rsa_maximum_bits < accepted.rsa_minimum_bits {
        let value = algorithms.rsa_maximum_bits.to_string();
        let maximum = Choice::new(written.rsa_maximum_bits.as_ref(), "algorithms.rsa-maximum-bits", value);
        later_of(reader, &written.fips_or_mode_choice(settings), &maximum);
    } else {
        let value = algorithms.rsa_minimum_bits.to_string();
        let minimum = Choice::new(written.rsa_minimum_bits.as_ref(), "algorithms.rsa-minimum-bits", value);
        later_of(reader, &written.mode_choice(settings), &minimum);
    }
}

/// One of two choices that contradict each other, as far as it is written.
struct Choice<'c, 'd> {
    entry: Option<&'c Entry<'d>>,
    key: &'static str,
    value: String,
}

impl<'c, 'd> Choice<'c, 'd> {
    fn new(entry: Option<&'c Entry<'d>>, key: &'static str, value: impl Into<String>) -> Self {
        Self { entry, key, value: value.into() }
    }

    fn at(&self) -> Option<usize> {
        self.entry.map(|entry| entry.at)
    }
}

impl<'d> Written<'d> {
    /// Nothing is written, and the caller asks for `asked`.
    pub(super) fn nothing(asked: Mode) -> Self {
        Self {
            asked,
            profile: None,
            common_criteria: None,
            fips: None,
            undetermined: None,
            undetermined_level: None,
            ocsp_uri: None,
            ocsp_configured: None,
            crl_uri: None,
            crl_configured: None,
            e_mail: None,
            validity_check: None,
            trust_stores: Vec::new(),
            copied_to: Vec::new(),
            rule_purposes: Vec::new(),
            signatures: Vec::new(),
            keys: None,
            rsa_minimum_bits: None,
            rsa_maximum_bits: None,
        }
    }

    /// The mode in force: of the profile, of the document or of the caller, whichever turns it on.
    pub(super) fn mode(&self, settings: &Settings) -> Mode {
        let is_written = matches!(self.common_criteria, Some((true, _)));
        let written = if is_written { Mode::CommonCriteria } else { Mode::Standard };
        written.max(self.asked).max(settings.profile.mode())
    }

    /// The FIPS algorithm profile in force, the mode aside.
    pub(super) fn fips(&self) -> Fips {
        if matches!(self.fips, Some((true, _))) { Fips::On } else { Fips::Off }
    }

    /// The choice that turns the mode on. The caller's stands nowhere in the text.
    fn mode_choice(&self, settings: &Settings) -> Choice<'_, 'd> {
        if settings.profile.mode() == Mode::CommonCriteria {
            return Choice::new(self.profile.as_ref(), "profile", settings.profile.word());
        }
        let written = self.common_criteria.as_ref().filter(|(is_on, _)| *is_on);
        Choice::new(written.map(|(_, entry)| entry), "common-criteria", "true")
    }

    /// The choice that turns the FIPS profile on: its own key, or whatever turns on the mode.
    fn fips_or_mode_choice(&self, settings: &Settings) -> Choice<'_, 'd> {
        match &self.fips {
            Some((true, entry)) => Choice::new(Some(entry), "fips", "true"),
            _ => self.mode_choice(settings),
        }
    }
}

/// Refuses the later of two choices and names the other; the one that is written where only one is.
fn later_of<'d>(reader: &mut Reader<'d>, one: &Choice<'_, 'd>, other: &Choice<'_, 'd>) {
    let (told, with) = if one.at() > other.at() { (one, other) } else { (other, one) };
    contradiction(reader, told.entry, with.key, with.value.clone());
}

fn contradiction<'d>(reader: &mut Reader<'d>, entry: Option<&Entry<'d>>, with: &'static str, value: String) {
    let (at, key) = entry.map_or((0, ""), |entry| (entry.at, entry.key.as_str()));
    reader.refuse(at, key, || DocumentProblem::Contradiction { with, value });
}
