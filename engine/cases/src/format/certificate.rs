//! A certificate of a sketched chain: each key to what it says. The same keys change a certificate of the file's chain for
//! one case.

use super::problem::Problem;
use super::reader::{Entry, Reader};
use crate::certificate::Signature;
use crate::extension::{Critical, EXTENDED_KEY_USAGES, KEY_USAGES};
use crate::sketch::{self, KeyKind, Raw, Sketch, Trust, When};
use crate::{der, name};

/// The keys of a certificate.
pub(super) const KEYS: &[&str] = &[
    "name",
    "subject",
    "issuer",
    "key",
    "key-name",
    "not-before",
    "not-after",
    "ca",
    "path-length",
    "key-usage",
    "extended-key-usage",
    "dns",
    "ip",
    "mail",
    "uri",
    "ocsp-uri",
    "crl-uri",
    "policies",
    "permitted",
    "excluded",
    "serial",
    "signed-by",
    "signature",
    "trust",
    "extensions",
];
const EXTENSION_KEYS: &[&str] = &["oid", "critical", "value"];
/// Words of `trust`.
const TRUST: &[(&str, Trust)] = &[
    ("anchor", Trust::Anchor),
    ("distrusted", Trust::Distrusted),
    ("missing", Trust::Missing),
    ("supplied", Trust::Supplied),
];
/// Words of `signature`.
const SIGNATURES: &[(&str, Signature)] =
    &[("true", Signature::True), ("broken", Signature::Broken), ("stranger", Signature::Stranger)];
/// Sizes of a made modulus: from what no policy takes to the most that the engine verifies with.
const RSA_BITS: (i64, i64) = (512, 8192);
/// Days before and after the moment of a question: a thousand years.
const DAYS: (i64, i64) = (-365_000, 365_000);
/// The most certificates of a chain. Ours: as many as a question may have.
const MOST_CERTIFICATES: usize = 32;
const DISTINGUISHED_NAME: &str = "a name such as \"CN=www.example.org, O=Example\"; the types are CN, O, OU, C, ST, L, \
                                  serialNumber, DC and emailAddress";
const IDENTIFIER: &str = "an object identifier such as \"1.3.6.1.4.1.32473.1\"";
const SUBTREE: &str = "a subtree such as \"dns:example.org\", \"mail:example.org\", \"uri:.example.org\" or \"ip:192.0.2.0/24\"";

/// A chain, from the anchor down.
pub(super) fn chain<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Vec<Sketch> {
    let mut chain: Vec<Sketch> = Vec::new();
    let items = reader.items(entry);
    if items.is_empty() {
        reader.refuse(entry.at, &entry.key, Problem::empty());
    }
    if items.len() > MOST_CERTIFICATES {
        reader.refuse(entry.at, &entry.key, Problem::too_many("certificates", MOST_CERTIFICATES));
        return chain;
    }
    for item in items {
        let mut sketch = Sketch { key_at: item.at, ..Sketch::default() };
        let entries = reader.entries(&item);
        let name = entries.iter().find(|entry| entry.name == "name");
        match name {
            Some(entry) => sketch.name = reader.some_text(entry).unwrap_or_default().to_owned(),
            None => reader.refuse(item.at, &item.key, Problem::missing_key("name")),
        }
        if let (Some(entry), true) = (name, chain.iter().any(|other| other.name == sketch.name)) {
            reader.refuse(entry.at, &entry.key, Problem::duplicate(&sketch.name));
        }
        for entry in entries.iter().filter(|entry| entry.name != "name") {
            apply(reader, entry, &mut sketch);
        }
        chain.push(sketch);
    }
    chain
}

/// Changes certificates of a chain by their names.
pub(super) fn change<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, chain: &mut [Sketch]) {
    for named in reader.entries(entry) {
        let Some(place) = chain.iter().position(|sketch| sketch.name == named.name) else {
            let names: Vec<&str> = chain.iter().map(|sketch| sketch.name.as_str()).collect();
            reader.refuse(named.key_at, &named.key, Problem::unknown_word(named.name, &names));
            continue;
        };
        for entry in reader.entries(&named) {
            if let Some(sketch) = chain.get_mut(place) {
                apply(reader, &entry, sketch);
            }
        }
    }
}

/// What holds of a whole chain: every signer is in it, and can sign.
pub(super) fn check(reader: &mut Reader<'_>, chain: &[Sketch]) {
    let names: Vec<&str> = chain.iter().map(|sketch| sketch.name.as_str()).collect();
    let mut signing = vec![false; chain.len()];
    for (place, sketch) in chain.iter().enumerate() {
        match (sketch::signer(chain, place), &sketch.signed_by) {
            (Some(signer), _) => {
                if let Some(signs) = signing.get_mut(signer) {
                    *signs = true;
                }
            }
            (None, Some((name, at))) => {
                reader.refuse(*at, "signed-by", Problem::unknown_word(name, &names));
            }
            (None, None) => {}
        }
    }
    for (place, (sketch, signs)) in chain.iter().zip(signing).enumerate() {
        let is_last = place.saturating_add(1) == chain.len();
        let is_authority = sketch.is_authority.unwrap_or(!is_last);
        if matches!(sketch.key, KeyKind::Rsa(_)) && (signs || is_authority) {
            reader.refuse(sketch.key_at, "key", Problem::rsa_authority(&sketch.name));
        }
    }
}

/// One key of a certificate.
fn apply<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, sketch: &mut Sketch) {
    match entry.name {
        "key" => {
            sketch.key = key(reader, entry).unwrap_or_default();
            sketch.key_at = entry.at;
        }
        "key-name" => sketch.key_name = reader.some_text(entry).map(str::to_owned),
        "not-before" => sketch.not_before = when(reader, entry),
        "not-after" => sketch.not_after = when(reader, entry),
        "ca" => sketch.is_authority = reader.boolean(entry),
        "path-length" => {
            sketch.path_length = reader.number(entry, (0, 127)).and_then(|number| u8::try_from(number).ok());
        }
        "serial" => sketch.serial = serial(reader, entry),
        "signed-by" => sketch.signed_by = reader.text(entry).map(|name| (name.to_owned(), entry.at)),
        "signature" => sketch.signature = reader.word(entry, SIGNATURES).unwrap_or_default(),
        "trust" => sketch.trust = reader.word(entry, TRUST),
        "extensions" => {
            let items = reader.items(entry);
            sketch.extensions = items.iter().filter_map(|item| extension(reader, item)).collect();
        }
        _ => apply_names_and_usages(reader, entry, sketch),
    }
}

fn apply_names_and_usages<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, sketch: &mut Sketch) {
    let distinguished = |text: &str| name::distinguished(text).ok();
    let general = |kind: &'static str| move |text: &str| name::asked_for(&format!("{kind}:{text}"));
    match entry.name {
        "subject" => sketch.subject = reader.form(entry, DISTINGUISHED_NAME, distinguished),
        "issuer" => sketch.issuer = reader.form(entry, DISTINGUISHED_NAME, distinguished),
        "key-usage" => {
            let words: Vec<(&str, u8)> = KEY_USAGES.into_iter().zip(0_u8..).collect();
            sketch.key_usage = Some(reader.words(entry, &words));
        }
        "extended-key-usage" => sketch.extended_key_usage = Some(usages(reader, entry)),
        "dns" => sketch.dns = reader.forms(entry, "a DNS name", general("dns")),
        "ip" => sketch.ip = reader.forms(entry, "an IP address such as \"192.0.2.1\"", general("ip")),
        "mail" => sketch.mail = reader.forms(entry, "a mailbox such as \"ada@example.org\"", general("mail")),
        "uri" => sketch.uri = reader.forms(entry, "a URI", general("uri")),
        "ocsp-uri" => sketch.ocsp_uri = reader.text(entry).map(str::to_owned),
        "crl-uri" => sketch.crl_uri = reader.text(entry).map(str::to_owned),
        "policies" => {
            let read = |text: &str| der::oid_content(if text == "any" { "2.5.29.32.0" } else { text });
            sketch.policies = reader.forms(entry, IDENTIFIER, read);
        }
        "permitted" => sketch.permitted = reader.forms(entry, SUBTREE, name::subtree),
        "excluded" => sketch.excluded = reader.forms(entry, SUBTREE, name::subtree),
        _ => reader.unknown_key(entry, KEYS),
    }
}

/// `p-256`, or `rsa` and a size.
fn key<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<KeyKind> {
    let text = reader.text(entry)?;
    let size = text.strip_prefix("rsa").and_then(|size| size.trim_start_matches([' ', '-']).parse().ok());
    match size {
        _ if text == "p-256" => Some(KeyKind::P256),
        Some(bits) if (RSA_BITS.0..=RSA_BITS.1).contains(&i64::from(bits)) => Some(KeyKind::Rsa(bits)),
        Some(bits) => {
            reader.refuse(entry.at, &entry.key, Problem::out_of_range(&bits.to_string(), RSA_BITS));
            None
        }
        None => {
            reader.unknown_word(entry, text, &["p-256", "rsa 1024", "rsa 2048", "rsa 3072", "rsa 4096"]);
            None
        }
    }
}

/// A moment, or days from the moment of the question.
fn when<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<When> {
    if entry.value.is_integer() {
        return reader.number(entry, DAYS).map(When::Days);
    }
    reader.moment(entry).map(When::At)
}

/// A number, or octets in hexadecimal.
fn serial<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<Vec<u8>> {
    if entry.value.is_integer() {
        let number = reader.number(entry, (0, i64::MAX))?;
        return Some(number.to_be_bytes().to_vec());
    }
    reader.form(entry, "a number, or octets in hexadecimal such as \"0a1b\"", hexadecimal)
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let is_plain = !text.is_empty()
        && text.len().is_multiple_of(2)
        && text.bytes().all(|octet| octet.is_ascii_hexdigit());
    let octet = |place: usize| {
        let start = place.saturating_mul(2);
        u8::from_str_radix(text.get(start..start.saturating_add(2))?, 16).ok()
    };
    (0..text.len() >> 1_u32).map(octet).collect::<Option<Vec<u8>>>().filter(|_| is_plain)
}

fn usages<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Vec<Vec<u8>> {
    let words: Vec<&str> = EXTENDED_KEY_USAGES.iter().map(|(word, _)| *word).collect();
    let mut usages = Vec::new();
    for item in reader.items(entry) {
        let Some(text) = reader.text(&item) else { continue };
        let known = EXTENDED_KEY_USAGES.iter().find(|(word, _)| *word == text);
        match der::oid_content(known.map_or(text, |(_, oid)| oid)) {
            Some(content) => usages.push(content),
            None => reader.unknown_word(&item, text, &words),
        }
    }
    usages
}

fn extension<'d>(reader: &mut Reader<'d>, item: &Entry<'d>) -> Option<Raw> {
    let (mut kind, mut critical, mut value) = (None, Critical::No, vec![0x05, 0]);
    for entry in reader.entries(item) {
        match entry.name {
            "oid" => kind = reader.form(&entry, IDENTIFIER, der::oid_content),
            "critical" => {
                critical = if reader.boolean(&entry)? { Critical::Yes } else { Critical::No };
            }
            "value" => value = reader.form(&entry, "octets in hexadecimal such as \"0500\"", hexadecimal)?,
            _ => reader.unknown_key(&entry, EXTENSION_KEYS),
        }
    }
    if kind.is_none() {
        reader.refuse(item.at, &item.key, Problem::missing_key("oid"));
    }
    Some(Raw { kind: kind?, critical, value })
}
