//! One function per table of the document. Each starts from the settings of the profile and changes what is
//! written; values that were refused leave no trace, as the document is refused with them.

pub(super) mod revocation;
mod periodic;
mod management;
mod monitoring;
mod rules;

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::combination::{self, Written};
use super::key;
use super::problem::{DocumentProblem, quote};
use super::reader::{Entry, Reader, entries_of};
use crate::finding::{Code, Level};
use crate::oid::{self, Oid};
use crate::order;
use crate::settings::{Fips, Mode, Profile, Purpose, Settings, Strictness, common_criteria, fips};

/// The document as a whole, for a caller who asks for `asked`.
pub(super) fn document<'d>(reader: &mut Reader<'d>, table: &'d DeTable<'d>, asked: Mode) -> Settings {
    let entries = entries_of(table, "");
    let mut written = Written::nothing(asked);
    let mut settings = start(reader, &entries, &mut written);
    for entry in &entries {
        match entry.name {
            "profile" | "strictness" | "common-criteria" | "fips" => {}
            "path" => path(reader, entry, &mut settings),
            "anchors" => anchors(reader, entry, &mut settings),
            "algorithms" => algorithms(reader, entry, &mut settings, &mut written),
            "names" => names(reader, entry, &mut settings),
            "revocation" => revocation::revocation(reader, entry, &mut settings.revocation, &mut written),
            "ocsp" => revocation::ocsp(reader, entry, &mut settings.ocsp, &mut written),
            "crl" => revocation::crl(reader, entry, &mut settings.crl, &mut written),
            "periodic" => periodic::periodic(reader, entry, &mut settings.periodic, &mut written),
            "issuance" => management::issuance(reader, entry, &mut settings.management),
            "monitoring" => monitoring::monitoring(reader, entry, &mut settings.monitoring, &mut written),
            "levels" => levels(reader, entry, &mut settings, &mut written),
            "limits" => limits(reader, entry, &mut settings),
            "purposes" => purposes(reader, entry, &mut settings),
            "stores" => management::stores(reader, entry, &mut settings.management, &mut written),
            "identities" => management::identities(reader, entry, &mut settings.management, &mut written),
            "rules" => rules::rules(reader, entry, &mut settings.rules, &mut written),
            _ => reader.unknown_key(entry, key::DOCUMENT),
        }
    }
    take_undetermined(&mut settings, &written);
    if reader.is_sound() {
        combination::check(reader, &settings, &written);
    }
    if reader.is_sound() {
        narrow(reader, &mut settings, &written);
    }
    settings
}

/// What has a say in everything else comes first wherever it stands: the rest are changes to the profile.
fn start<'d>(reader: &mut Reader<'d>, entries: &[Entry<'d>], written: &mut Written<'d>) -> Settings {
    let (mut profile, mut strictness) = (Profile::Rfc5280, Strictness::Standard);
    for entry in entries {
        match entry.name {
            "profile" => {
                profile = reader.word(entry, key::PROFILES).unwrap_or(profile);
                written.profile = Some(entry.clone());
            }
            "strictness" => strictness = reader.word(entry, key::STRICTNESSES).unwrap_or(strictness),
            "common-criteria" => {
                written.common_criteria = reader.boolean(entry).map(|value| (value, entry.clone()));
            }
            "fips" => written.fips = reader.boolean(entry).map(|value| (value, entry.clone())),
            _ => {}
        }
    }
    Settings::of_profile(profile, strictness)
}

/// `revocation.undetermined` is another way to write the level of that code. Where both are written the level says
/// more, and `combination` holds the two together.
fn take_undetermined(settings: &mut Settings, written: &Written<'_>) {
    let Some((level, _)) = &written.undetermined else { return };
    let is_denied = settings.levels.of(Code::RevocationUndetermined) == Level::Deny;
    if written.undetermined_level.is_none() && is_denied != (*level == Level::Deny) {
        // The code is adjustable, so no level is refused.
        let _ = settings.levels.set(Code::RevocationUndetermined, *level);
    }
}

/// What only takes away is applied last, so that nothing in the document goes around it (R-CC-14, D-2).
pub(super) fn narrow<'d>(reader: &mut Reader<'d>, settings: &mut Settings, written: &Written<'d>) {
    match (written.mode(settings), written.fips()) {
        (Mode::CommonCriteria, _) => common_criteria::apply(settings),
        (Mode::Standard, Fips::On) => fips::apply(settings),
        (Mode::Standard, Fips::Off) => {}
    }
    combination::check_narrowed(reader, settings, written);
}

pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// RFC 5280 6.1.1 (c) to (g).
fn path<'d>(reader: &mut Reader<'d>, table: &Entry<'d>, settings: &mut Settings) {
    let path = &mut settings.path;
    for entry in &reader.entries(table) {
        match entry.name {
            "maximum-intermediates" => {
                set(&mut path.maximum_intermediates, reader.number(entry, &key::INTERMEDIATES));
            }
            "initial-policy-set" => path.initial_policy_set = initial_policy_set(reader, entry),
            "explicit-policy" => set(&mut path.explicit_policy, reader.boolean(entry)),
            "inhibit-policy-mapping" => set(&mut path.inhibit_policy_mapping, reader.boolean(entry)),
            "inhibit-any-policy" => set(&mut path.inhibit_any_policy, reader.boolean(entry)),
            "missing-issuer" => set(&mut path.missing_issuer, reader.word(entry, key::MISSING_ISSUER)),
            _ => reader.unknown_key(entry, key::PATH),
        }
    }
}

/// user-initial-policy-set, RFC 5280 6.1.1 (c). Beside anyPolicy nothing else may stand: whoever wrote a
/// policy there meant to demand it, and anyPolicy would undo that.
fn initial_policy_set<'d>(reader: &mut Reader<'d>, list: &Entry<'d>) -> BTreeSet<Oid> {
    let mut set = BTreeSet::new();
    for item in &reader.items(list) {
        let Some(text) = reader.text(item) else { continue };
        let policy = if text == key::ANY { Some(oid::ANY_POLICY) } else { Oid::from_dotted(text) };
        let Some(policy) = policy else {
            reader.unknown_word(item, text, &[key::ANY, key::OBJECT_IDENTIFIER]);
            continue;
        };
        let other = if policy == oid::ANY_POLICY { set.first() } else { set.get(&oid::ANY_POLICY) };
        if let Some(other) = other.filter(|other| **other != policy) {
            let value = policy_word(other);
            reader.refuse(item.at, &item.key, || DocumentProblem::Contradiction {
                with: "path.initial-policy-set",
                value,
            });
        }
        if !set.insert(policy) {
            reader.duplicate(item);
        }
    }
    set
}

/// A policy as `initial-policy-set` spells it.
pub(super) fn policy_word(policy: &Oid) -> String {
    if *policy == oid::ANY_POLICY { key::ANY.to_owned() } else { policy.to_string() }
}

/// RFC 5280 6.1.1 (d), RFC 5937.
fn anchors<'d>(reader: &mut Reader<'d>, table: &Entry<'d>, settings: &mut Settings) {
    let anchors = &mut settings.anchors;
    for entry in &reader.entries(table) {
        match entry.name {
            "validity" => set(&mut anchors.validity, reader.boolean(entry)),
            "constraints" => set(&mut anchors.constraints, reader.boolean(entry)),
            "form" => set(&mut anchors.form, reader.boolean(entry)),
            _ => reader.unknown_key(entry, key::ANCHORS),
        }
    }
}

fn algorithms<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut Settings,
    written: &mut Written<'d>,
) {
    let algorithms = &mut settings.algorithms;
    for entry in reader.entries(table) {
        match entry.name {
            "signatures" => {
                written.signatures = reader.words(&entry, &key::signatures());
                algorithms.signatures =
                    order::set(written.signatures.iter().map(|(algorithm, _)| *algorithm));
            }
            "keys" => {
                algorithms.keys =
                    order::set(reader.words(&entry, &key::keys()).into_iter().map(|(kind, _)| kind));
                written.keys = Some(entry);
            }
            "rsa-minimum-bits" => {
                set(&mut algorithms.rsa_minimum_bits, reader.number(&entry, &key::RSA_BITS));
                written.rsa_minimum_bits = Some(entry);
            }
            "rsa-maximum-bits" => {
                set(&mut algorithms.rsa_maximum_bits, reader.number(&entry, &key::RSA_BITS));
                written.rsa_maximum_bits = Some(entry);
            }
            "dsa-minimum-bits" => {
                set(&mut algorithms.dsa_minimum_bits, reader.number(&entry, &key::DSA_BITS));
            }
            _ => reader.unknown_key(&entry, key::ALGORITHMS),
        }
    }
}

/// RFC 9525 6.3.
fn names<'d>(reader: &mut Reader<'d>, table: &Entry<'d>, settings: &mut Settings) {
    let names = &mut settings.names;
    for entry in &reader.entries(table) {
        match entry.name {
            "wildcards" => set(&mut names.wildcards, reader.word(entry, key::WILDCARDS)),
            "common-name-fallback" => set(&mut names.common_name_fallback, reader.boolean(entry)),
            _ => reader.unknown_key(entry, key::NAMES),
        }
    }
}

/// A fixed code is refused even with `deny`: a document that names it lets people think it could be changed.
fn levels<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut Settings,
    written: &mut Written<'d>,
) {
    for entry in &reader.entries(table) {
        if entry.is_table() {
            reader.refuse(entry.key_at, &entry.key, || DocumentProblem::UnquotedCode);
            continue;
        }
        let Some(code) = Code::from_code(entry.name) else {
            reader.unknown_key(entry, &key::adjustable());
            continue;
        };
        if code.is_fixed() {
            reader.refuse(entry.key_at, &entry.key, || DocumentProblem::FixedLevel { code });
            continue;
        }
        let Some(level) = reader.word(entry, key::LEVELS) else { continue };
        if settings.levels.set(code, level).is_err() {
            reader.refuse(entry.key_at, &entry.key, || DocumentProblem::FixedLevel { code });
        }
        if code == Code::RevocationUndetermined {
            written.undetermined_level = Some(entry.clone());
        }
    }
}

fn limits<'d>(reader: &mut Reader<'d>, table: &Entry<'d>, settings: &mut Settings) {
    let known = key::limits();
    for entry in &reader.entries(table) {
        match known.iter().find(|limit| limit.word == entry.name) {
            Some(limit) => set((limit.slot)(&mut settings.limits), reader.number(entry, &limit.range)),
            None => {
                let words: Vec<_> = known.iter().map(|limit| limit.word).collect();
                reader.unknown_key(entry, &words);
            }
        }
    }
}

/// A purpose replaces the one of its name as a whole, or is added.
fn purposes<'d>(reader: &mut Reader<'d>, list: &Entry<'d>, settings: &mut Settings) {
    let mut seen = BTreeSet::new();
    for item in &bounded(reader, list, key::MAXIMUM_PURPOSES) {
        let Some((purpose, name)) = purpose(reader, item) else { continue };
        if !seen.insert(purpose.name.clone()) {
            reader.duplicate(&name);
        }
        match settings.purposes.iter_mut().find(|known| known.name == purpose.name) {
            Some(known) => *known = purpose,
            None => settings.purposes.push(purpose),
        }
    }
}

/// The values of a list of at most `maximum`.
fn bounded<'d>(reader: &mut Reader<'d>, list: &Entry<'d>, maximum: u32) -> Vec<Entry<'d>> {
    let mut items = reader.items(list);
    let allowed = usize::try_from(maximum).unwrap_or(usize::MAX);
    if let Some(beyond) = items.get(allowed) {
        let found = items.len().to_string();
        reader.refuse(beyond.at, &list.key, || DocumentProblem::OutOfRange { found, minimum: 1, maximum });
    }
    items.truncate(allowed);
    items
}

fn purpose<'d>(reader: &mut Reader<'d>, table: &Entry<'d>) -> Option<(Purpose, Entry<'d>)> {
    let mut name = None;
    let mut purpose = Purpose { name: String::new(), extended_key_usage: None, key_usage_any_of: Vec::new() };
    let is_table = table.is_table();
    for entry in reader.entries(table) {
        match entry.name {
            "name" => {
                set(&mut purpose.name, plain_name(reader, &entry));
                name = Some(entry);
            }
            "extended-key-usage" => purpose.extended_key_usage = extended_key_usage(reader, &entry),
            "key-usage" => {
                let bits = reader.words(&entry, &key::key_usages());
                purpose.key_usage_any_of = bits.into_iter().map(|(bit, _)| bit).collect();
                order::sort(&mut purpose.key_usage_any_of);
            }
            _ => reader.unknown_key(&entry, key::PURPOSE),
        }
    }
    if name.is_none() && is_table {
        reader.refuse(table.at, &table.key, || DocumentProblem::MissingKey { missing: "name" });
    }
    Some((purpose, name?))
}

/// Names are asked for on command lines and in URLs, so they are plain.
fn plain_name<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<String> {
    let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
    name(reader, entry, ("lower-case letters, digits and hyphens", plain))
}

/// A name made of accepted characters. None of them is one that TOML would escape.
fn name<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    (accepted, is_accepted): (&'static str, fn(u8) -> bool),
) -> Option<String> {
    let name = reader.text(entry)?;
    if name.is_empty() {
        reader.refuse(entry.at, &entry.key, || DocumentProblem::Empty);
    }
    if name.len() > key::MAXIMUM_NAME || !name.bytes().all(is_accepted) {
        reader.refuse(entry.at, &entry.key, || DocumentProblem::Name { found: quote(name), accepted });
    }
    Some(name.to_owned())
}

/// RFC 5280 4.2.1.12: by its short name, or in dotted decimal.
fn extended_key_usage<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<Oid> {
    let text = reader.text(entry)?;
    let known = key::EXTENDED_KEY_USAGES.iter().find(|(word, _)| *word == text);
    let usage = known.map(|(_, usage)| usage.clone()).or_else(|| Oid::from_dotted(text));
    if usage.is_none() {
        let mut expected = key::words(key::EXTENDED_KEY_USAGES);
        expected.push(key::OBJECT_IDENTIFIER);
        reader.unknown_word(entry, text, &expected);
    }
    usage
}
