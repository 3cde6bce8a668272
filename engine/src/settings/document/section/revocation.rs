//! The tables `[revocation]`, `[ocsp]` and `[crl]`.

use std::ops::RangeInclusive;

use super::set;
use crate::settings::document::combination::Written;
use crate::settings::document::key;
use crate::settings::document::problem::DocumentProblem;
use crate::settings::document::reader::{Entry, Reader};
use crate::settings::document::uri;
use crate::settings::revocation::{CrlSettings, FreshnessSettings, OcspSettings, RevocationSettings};

/// Whose status is asked, from whom, and what follows when nobody answers (D-3, D-4, D-7). An empty list of sources
/// asks nobody (R-OCSP-10, R-CRL-12).
pub(super) fn revocation<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut RevocationSettings,
    written: &mut Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "sources" => {
                let sources = reader.words_or_none(&entry, key::SOURCES);
                settings.sources = sources.into_iter().map(|(source, _)| source).collect();
            }
            "ask" => set(&mut settings.ask, reader.word(&entry, key::ASKS)),
            "depth" => set(&mut settings.depth, reader.word(&entry, key::DEPTHS)),
            "undetermined" => {
                written.undetermined = reader.word(&entry, key::UNDETERMINED).map(|level| (level, entry));
            }
            "retry-seconds" => set(&mut settings.retry_seconds, reader.number(&entry, &key::RETRY_SECONDS)),
            _ => reader.unknown_key(&entry, key::REVOCATION),
        }
    }
}

/// R-OCSP-11 to R-OCSP-15, D-22, D-30.
pub(super) fn ocsp<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut OcspSettings,
    written: &mut Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "uri" => {
                set(&mut settings.uri, reader.word(&entry, key::URI_CHOICES));
                written.ocsp_uri = Some(entry);
            }
            "configured" => {
                settings.configured = uris(reader, &entry);
                written.ocsp_configured = Some(entry);
            }
            "method" => set(&mut settings.method, reader.word(&entry, key::METHODS)),
            "request-hash" => set(&mut settings.request_hash, reader.word(&entry, key::REQUEST_HASHES)),
            "nonce" => set(&mut settings.nonce, reader.word(&entry, key::NONCES)),
            "maximum-age-seconds" | "clock-skew-seconds" => {
                freshness(reader, &entry, &mut settings.freshness, &key::OCSP_AGE_SECONDS);
            }
            "produced-at" => set(&mut settings.produced_at, reader.word(&entry, key::PRODUCED_AT)),
            "designated-usage" => {
                set(&mut settings.designated_usage, reader.word(&entry, key::DESIGNATED_USAGES));
            }
            "designated-alone" => {
                set(&mut settings.designated_alone, reader.word(&entry, key::DESIGNATED_ALONE));
            }
            "responder-check" => {
                set(&mut settings.responder_check, reader.word(&entry, key::RESPONDER_CHECKS))
            }
            _ => reader.unknown_key(&entry, key::OCSP),
        }
    }
}

/// R-CRL-13, D-30.
pub(super) fn crl<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut CrlSettings,
    written: &mut Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "uri" => {
                set(&mut settings.uri, reader.word(&entry, key::URI_CHOICES));
                written.crl_uri = Some(entry);
            }
            "configured" => {
                settings.configured = uris(reader, &entry);
                written.crl_configured = Some(entry);
            }
            "maximum-age-seconds" | "clock-skew-seconds" => {
                freshness(reader, &entry, &mut settings.freshness, &key::CRL_AGE_SECONDS);
            }
            "missing-next-update" => {
                set(&mut settings.missing_next_update, reader.word(&entry, key::MISSING_FIELDS));
            }
            "missing-number" => set(&mut settings.missing_number, reader.word(&entry, key::MISSING_FIELDS)),
            "missing-authority-key-identifier" => {
                set(&mut settings.missing_authority_key_identifier, reader.word(&entry, key::MISSING_FIELDS));
            }
            _ => reader.unknown_key(&entry, key::CRL),
        }
    }
}

/// The bounds that `[ocsp]` and `[crl]` have in common.
fn freshness<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    settings: &mut FreshnessSettings,
    ages: &RangeInclusive<u32>,
) {
    if entry.name == "maximum-age-seconds" {
        set(&mut settings.maximum_age_seconds, reader.number(entry, ages));
    } else {
        set(&mut settings.clock_skew_seconds, reader.number(entry, &key::CLOCK_SKEW_SECONDS));
    }
}

/// Configured URIs in their order. None at all is sound by itself: the certificate may name them.
pub(in crate::settings::document) fn uris<'d>(reader: &mut Reader<'d>, list: &Entry<'d>) -> Vec<String> {
    let items = reader.items_or_none(list);
    let allowed = usize::try_from(key::MAXIMUM_URIS).unwrap_or(usize::MAX);
    if let Some(beyond) = items.get(allowed) {
        let found = items.len().to_string();
        let (minimum, maximum) = (0, key::MAXIMUM_URIS);
        reader.refuse(beyond.at, &list.key, || DocumentProblem::OutOfRange { found, minimum, maximum });
    }
    let mut uris: Vec<String> = Vec::new();
    for item in items.iter().take(allowed) {
        let Some(text) = reader.text(item) else { continue };
        if let Err(problem) = uri::check(text) {
            reader.refuse(item.at, &item.key, || DocumentProblem::uri(text, problem));
        } else if uris.iter().any(|known| known == text) {
            reader.duplicate(item);
        } else {
            uris.push(text.to_owned());
        }
    }
    uris
}
