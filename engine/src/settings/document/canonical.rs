//! Settings back to text: the complete document in one fixed form, so that equal settings have equal text and
//! an equal hash. Reading that text gives the same settings again.

mod management;
mod rules;

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::key;
use super::section::policy_word;
use crate::finding::{Code, Level};
use crate::oid::Oid;
use crate::settings::monitoring::MonitoringSettings;
use crate::settings::periodic::PeriodicSettings;
use crate::settings::revocation::{CrlSettings, FreshnessSettings, OcspSettings};
use crate::settings::{Fips, Mode, Profile, Purpose, Settings, Strictness};

/// The complete document: every key, in the order of [`key`], without comments.
#[must_use]
pub fn format(settings: &Settings) -> String {
    let mut page = Page::default();
    page.line("profile", &quoted(settings.profile.word()));
    page.line("strictness", &quoted(settings.strictness.word()));
    page.line("common-criteria", &(settings.mode == Mode::CommonCriteria));
    page.line("fips", &(settings.fips == Fips::On));
    path(&mut page, settings);
    anchors(&mut page, settings);
    algorithms(&mut page, settings);
    names(&mut page, settings);
    revocation(&mut page, settings);
    ocsp(&mut page, &settings.ocsp);
    crl(&mut page, &settings.crl);
    periodic(&mut page, &settings.periodic);
    management::issuance(&mut page, &settings.management);
    monitoring(&mut page, &settings.monitoring);
    levels(&mut page, settings);
    limits(&mut page, settings);
    settings.purposes.iter().for_each(|wanted| purpose(&mut page, wanted));
    settings.management.stores.iter().for_each(|own| management::store(&mut page, own));
    settings.management.identities.iter().for_each(|own| management::identity(&mut page, own));
    settings.rules.iter().for_each(|own| rules::rule(&mut page, own));
    page.text
}

/// SHA-256 of the canonical text: equal for equal settings, however they were written.
#[must_use]
pub fn settings_hash(settings: &Settings) -> [u8; 32] {
    Sha256::digest(format(settings).as_bytes()).into()
}

/// The text under construction.
#[derive(Debug, Default)]
struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.text.push_str(heading);
        self.text.push('\n');
    }

    /// The word of `value` in `table`.
    fn word<T: PartialEq>(&mut self, key: &str, table: &[(&'static str, T)], value: &T) {
        self.line(key, &quoted(key::word_of(table, value)));
    }

    fn line(&mut self, key: &str, value: &dyn std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{key} = {value}");
    }
}

/// In quotation marks. Words, identifiers, URIs, addresses and names of purposes hold nothing that TOML would escape.
fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

fn list<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| quoted(word.as_ref())).collect();
    format!("[{}]", words.join(", "))
}

fn path(page: &mut Page, settings: &Settings) {
    let path = &settings.path;
    page.heading("[path]");
    page.line("maximum-intermediates", &path.maximum_intermediates);
    page.line("initial-policy-set", &list(path.initial_policy_set.iter().map(policy_word)));
    page.line("explicit-policy", &path.explicit_policy);
    page.line("inhibit-policy-mapping", &path.inhibit_policy_mapping);
    page.line("inhibit-any-policy", &path.inhibit_any_policy);
    page.word("missing-issuer", key::MISSING_ISSUER, &path.missing_issuer);
}

fn anchors(page: &mut Page, settings: &Settings) {
    page.heading("[anchors]");
    page.line("validity", &settings.anchors.validity);
    page.line("constraints", &settings.anchors.constraints);
    page.line("form", &settings.anchors.form);
}

fn algorithms(page: &mut Page, settings: &Settings) {
    let algorithms = &settings.algorithms;
    page.heading("[algorithms]");
    page.line("signatures", &list(algorithms.signatures.iter().map(|algorithm| algorithm.word())));
    page.line("keys", &list(algorithms.keys.iter().map(|kind| kind.word())));
    page.line("rsa-minimum-bits", &algorithms.rsa_minimum_bits);
    page.line("rsa-maximum-bits", &algorithms.rsa_maximum_bits);
    page.line("dsa-minimum-bits", &algorithms.dsa_minimum_bits);
}

fn names(page: &mut Page, settings: &Settings) {
    page.heading("[names]");
    page.word("wildcards", key::WILDCARDS, &settings.names.wildcards);
    page.line("common-name-fallback", &settings.names.common_name_fallback);
}

fn revocation(page: &mut Page, settings: &Settings) {
    let revocation = &settings.revocation;
    let denies = settings.levels.of(Code::RevocationUndetermined) == Level::Deny;
    page.heading("[revocation]");
    page.line("sources", &list(revocation.sources.iter().map(|source| key::word_of(key::SOURCES, source))));
    page.word("ask", key::ASKS, &revocation.ask);
    page.word("depth", key::DEPTHS, &revocation.depth);
    page.word("undetermined", key::UNDETERMINED, if denies { &Level::Deny } else { &Level::Warn });
    page.line("retry-seconds", &revocation.retry_seconds);
}

fn ocsp(page: &mut Page, ocsp: &OcspSettings) {
    page.heading("[ocsp]");
    page.word("uri", key::URI_CHOICES, &ocsp.uri);
    page.line("configured", &list(&ocsp.configured));
    page.word("method", key::METHODS, &ocsp.method);
    page.word("request-hash", key::REQUEST_HASHES, &ocsp.request_hash);
    page.word("nonce", key::NONCES, &ocsp.nonce);
    freshness(page, &ocsp.freshness);
    page.word("produced-at", key::PRODUCED_AT, &ocsp.produced_at);
    page.word("designated-usage", key::DESIGNATED_USAGES, &ocsp.designated_usage);
    page.word("designated-alone", key::DESIGNATED_ALONE, &ocsp.designated_alone);
    page.word("responder-check", key::RESPONDER_CHECKS, &ocsp.responder_check);
}

fn crl(page: &mut Page, crl: &CrlSettings) {
    page.heading("[crl]");
    page.word("uri", key::URI_CHOICES, &crl.uri);
    page.line("configured", &list(&crl.configured));
    freshness(page, &crl.freshness);
    page.word("missing-next-update", key::MISSING_FIELDS, &crl.missing_next_update);
    page.word("missing-number", key::MISSING_FIELDS, &crl.missing_number);
    let identifier = &crl.missing_authority_key_identifier;
    page.word("missing-authority-key-identifier", key::MISSING_FIELDS, identifier);
}

fn periodic(page: &mut Page, periodic: &PeriodicSettings) {
    page.heading("[periodic]");
    page.word("check", key::SWITCHES, &periodic.check);
    page.line("every", &periodic.every);
    page.word("unit", key::INTERVAL_UNITS, &periodic.unit);
    page.word("validity-check", key::SWITCHES, &periodic.validity_check);
    if let Some(hours) = periodic.validity_check_hours {
        page.line("validity-check-hours", &hours);
    }
    let long_lived = periodic.long_lived.iter();
    page.line("long-lived", &list(long_lived.map(|connection| key::word_of(key::CONNECTIONS, connection))));
}

fn monitoring(page: &mut Page, monitoring: &MonitoringSettings) {
    page.heading("[monitoring]");
    page.word("monitor", key::SWITCHES, &monitoring.monitor);
    page.line("start-days", &monitoring.start_days);
    page.line("every", &monitoring.every);
    page.word("unit", key::INTERVAL_UNITS, &monitoring.unit);
    page.word("e-mail", key::SWITCHES, &monitoring.e_mail);
    page.line("addresses", &quoted(&monitoring.addresses.join("; ")));
    page.word("locally-significant", key::SWITCHES, &monitoring.locally_significant);
}

fn freshness(page: &mut Page, freshness: &FreshnessSettings) {
    page.line("maximum-age-seconds", &freshness.maximum_age_seconds);
    page.line("clock-skew-seconds", &freshness.clock_skew_seconds);
}

fn levels(page: &mut Page, settings: &Settings) {
    page.heading("[levels]");
    for code in Code::ALL.iter().filter(|code| !code.is_fixed()) {
        page.line(&quoted(code.as_str()), &quoted(settings.levels.of(*code).word()));
    }
}

fn limits(page: &mut Page, settings: &Settings) {
    let mut limits = settings.limits.clone();
    page.heading("[limits]");
    for limit in key::limits() {
        page.line(limit.word, (limit.slot)(&mut limits));
    }
}

fn purpose(page: &mut Page, purpose: &Purpose) {
    page.heading("[[purposes]]");
    page.line("name", &quoted(&purpose.name));
    if let Some(usage) = &purpose.extended_key_usage {
        page.line("extended-key-usage", &quoted(&usage_word(usage)));
    }
    if !purpose.key_usage_any_of.is_empty() {
        page.line("key-usage", &list(purpose.key_usage_any_of.iter().map(|bit| bit.word())));
    }
}

/// The short name where a document may use it, otherwise dotted decimal.
fn usage_word(usage: &Oid) -> String {
    let known = key::EXTENDED_KEY_USAGES.iter().find(|(_, known)| known == usage);
    known.map_or_else(|| usage.to_string(), |(word, _)| (*word).to_owned())
}

/// A document to start from: the settings of `profile` as comments, with what each table is for.
#[must_use]
pub fn annotated(profile: Profile) -> String {
    let settings = Settings::of_profile(profile, Strictness::Standard);
    let mut text = String::from(INTRODUCTION);
    let mut remarks = REMARKS.iter().peekable();
    for line in format(&settings).lines() {
        // Remarks stand in the order of the document, so each is used once.
        if let Some((_, remark)) = remarks.next_if(|(start, _)| line.starts_with(start)) {
            push_line(&mut text, "# ", remark);
        }
        push_line(&mut text, if is_kept(line) { "" } else { "#" }, line);
    }
    text
}

/// The profile is what the rest stands on, and an empty table says nothing; all other lines show a default.
fn is_kept(line: &str) -> bool {
    let table = line.starts_with('[') && !line.starts_with("[[");
    line.is_empty() || line.starts_with("profile") || table
}

fn push_line(text: &mut String, mark: &str, line: &str) {
    text.push_str(mark);
    text.push_str(line);
    text.push('\n');
}

const INTRODUCTION: &str = "\
# Policy document. A line that starts with # shows a default: remove the # and change the value.
# An unknown key, word or value is refused with its line and column.

";

/// What is said before the line that starts like this.
const REMARKS: &[(&str, &str)] = &[
    (
        "profile",
        "rfc5280; public-web: the CA/Browser Forum baseline requirements as well; uc-legacy; and with Common \
         Criteria mode ndcpp-2.2e, ndcpp-3.0e, ndcpp-4.0.",
    ),
    ("strictness", "standard, or pedantic: refuse all that RFC 5280 forbids an issuer to write."),
    (
        "common-criteria",
        "Only ever tightens: an unknown or undetermined status denies, for every certificate of a path.",
    ),
    (
        "fips",
        "Narrows the algorithms below to those of FIPS 186-5 and FIPS 204. Common Criteria mode needs it.",
    ),
    ("[path]", "Inputs of RFC 5280 6.1.1. Self-issued certificates are not counted as intermediates."),
    ("initial-policy-set", "\"any\" alone, or certificate policies in dotted decimal."),
    (
        "missing-issuer",
        "refuse, or ask where the certificate says that its issuer is, before anything is verified.",
    ),
    ("[anchors]", "What of a trust anchor's own certificate is enforced."),
    ("[algorithms]", "Accepted in every certificate of a path."),
    ("[names]", "How a certificate's names are matched (RFC 9525). Wildcards: leftmost-label or refuse."),
    (
        "[revocation]",
        "Sources in their order; none: nothing is asked. Undetermined: allow or deny when nobody answers.",
    ),
    ("[ocsp]", "URI from the certificate, configured, or certificate-else-configured."),
    (
        "[crl]",
        "The same; and what follows when a list lacks a field that RFC 5280 asks for: accept or refuse.",
    ),
    (
        "[periodic]",
        "How often certificates in use are checked again; validity-check: also those behind long-lived connections.",
    ),
    (
        "[issuance]",
        "How the key-usage tables are read (ucm-compat, strict-pkix), and names nobody asked for: refuse or warn.",
    ),
    (
        "[monitoring]",
        "From how many days before it expires something is told, how often again, and to whom (separated by semicolons).",
    ),
    ("[levels]", "deny, warn, inform or ignore, for each rule whose standard leaves room."),
    ("[limits]", "The work one question may cost. Reaching a limit is a refusal."),
    (
        "[[purposes]]",
        "A purpose replaces the one of the same name as a whole, or is added. [[stores]], [[identities]] and [[rules]] add more.",
    ),
];
