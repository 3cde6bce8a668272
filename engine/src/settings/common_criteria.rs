//! What Common Criteria mode adds to any settings (D-1 to D-3, D-7, D-31; the protection profile for network devices,
//! NDcPP, and the functional package for X.509, FP). Applied after everything else was read and to the settings as a
//! whole, so that no order of choices goes around it.
//!
//! Every function takes away or raises, none gives: what is refused without the mode is refused with it (DT-6), and
//! a second application changes nothing. Rules written `R-nn`, `ND-n`, `FP-n` and `DT-n` are those of these documents.

use super::management::ExtraNames;
use super::revocation::{Depth, DesignatedUsage, OcspSettings, RevocationSettings};
use super::{AlgorithmSettings, AnchorSettings, Mode, NameSettings, Purpose, Settings, fips, profile};
use crate::finding::{Code, Levels};
use crate::order;

/// Turns the mode on.
pub(super) fn apply(settings: &mut Settings) {
    settings.mode = Mode::CommonCriteria;
    // R-CC-14, D-2: the mode stands on the FIPS algorithm profile.
    fips::apply(settings);
    narrow_algorithms(&mut settings.algorithms, &profile::algorithms(settings.profile));
    deny_all_but_good(&mut settings.levels);
    deny_unasked_status(&mut settings.levels);
    ask_about_every_certificate(&mut settings.revocation);
    hold_designated_responders(&mut settings.ocsp);
    enforce_anchors(&mut settings.anchors);
    deny_issuers_that_are_no_authority(&mut settings.levels);
    deny_vague_extended_key_usage(&mut settings.levels);
    deny_other_usages(&mut settings.levels);
    name_usages(&mut settings.purposes);
    deny_unique_identifiers(&mut settings.levels);
    deny_unprocessed_key_identifiers(&mut settings.levels);
    match_names_strictly(&mut settings.names, &mut settings.levels);
    refuse_extra_names(&mut settings.management.extra_names);
    profile::ndcpp::demand(settings);
}

/// all that the profile does not list is refused. An algorithm of which no kind of key is left goes too,
/// as a document could not say it.
fn narrow_algorithms(algorithms: &mut AlgorithmSettings, accepted: &AlgorithmSettings) {
    order::keep(&mut algorithms.keys, |kind| accepted.keys.contains(&kind));
    let keys = &algorithms.keys;
    order::keep(&mut algorithms.signatures, |algorithm| {
        accepted.signatures.contains(&algorithm)
            && algorithm.key_kinds().iter().any(|kind| keys.contains(kind))
    });
    algorithms.rsa_minimum_bits = algorithms.rsa_minimum_bits.max(accepted.rsa_minimum_bits);
    algorithms.rsa_maximum_bits = algorithms.rsa_maximum_bits.min(accepted.rsa_maximum_bits);
    algorithms.dsa_minimum_bits = algorithms.dsa_minimum_bits.max(accepted.dsa_minimum_bits);
}

/// R-CC-2, D-3, R-10, DT-1: unknown and undetermined deny. Revoked denies in any mode (R-CC-1, D-1).
fn deny_all_but_good(levels: &mut Levels) {
    levels.deny(Code::RevocationUnknown);
    levels.deny(Code::RevocationUndetermined);
}

/// a status is known at every use, so settings without a source deny where nothing is supplied.
fn deny_unasked_status(levels: &mut Levels) {
    levels.deny(Code::RevocationNotChecked);
}

/// R-05, D-7: every certificate but the trust anchor.
fn ask_about_every_certificate(revocation: &mut RevocationSettings) {
    revocation.depth = Depth::All;
}

/// D-22, DT-3, ND-4a: a designated responder that names its usages names the signing of answers.
fn hold_designated_responders(ocsp: &mut OcspSettings) {
    ocsp.designated_usage = DesignatedUsage::OcspSigningWherePresent;
}

/// an expired anchor ends no path. R-03: it is an authority in form too, and its constraints bind.
fn enforce_anchors(anchors: &mut AnchorSettings) {
    *anchors = AnchorSettings { validity: true, constraints: true, form: true };
}

/// R-03, FP-1b to FP-1d: a certificate is an authority only with cA, and with keyCertSign where it names usages. For
/// intermediates this is fixed; here it holds for anchors, and for what would pass as one.
fn deny_issuers_that_are_no_authority(levels: &mut Levels) {
    levels.deny(Code::AnchorNotCa);
    levels.deny(Code::AnchorCertSignMissing);
    levels.deny(Code::CertSignWithoutCa);
    levels.deny(Code::PathLengthWithoutCa);
}

/// where a usage is required, neither no extKeyUsage nor anyExtendedKeyUsage will do. The rule is about the
/// certificate that is used; issuers mostly carry no extKeyUsage and need none (RFC 5280 4.2.1.12).
fn deny_vague_extended_key_usage(levels: &mut Levels) {
    levels.deny(Code::ExtendedKeyUsageMissing);
    levels.deny(Code::ExtendedKeyUsageAny);
}

/// R-07, FP-13: a usage that is named and is another one.
fn deny_other_usages(levels: &mut Levels) {
    levels.deny(Code::ExtendedKeyUsageOfIssuer);
    levels.deny(Code::KeyUsageNotForPurpose);
}

/// a purpose that every profile knows needs its usage, whatever the document made of its name. A purpose that
/// a document adds is the administrator's own.
fn name_usages(purposes: &mut [Purpose]) {
    for known in profile::purposes() {
        for purpose in purposes.iter_mut().filter(|purpose| purpose.name == known.name) {
            if purpose.extended_key_usage.is_none() {
                purpose.extended_key_usage.clone_from(&known.extended_key_usage);
            }
        }
    }
}

/// D-25: an authority's names are those that were asked for.
fn refuse_extra_names(extra_names: &mut ExtraNames) {
    *extra_names = ExtraNames::Refuse;
}

/// no unique identifiers.
fn deny_unique_identifiers(levels: &mut Levels) {
    levels.deny(Code::UniqueIdentifier);
}

/// both key identifiers are processed, so RFC 5280's own rules about them cannot be switched off.
fn deny_unprocessed_key_identifiers(levels: &mut Levels) {
    levels.deny(Code::AuthorityKeyIdentifierCritical);
    levels.deny(Code::AuthorityKeyIdentifierMissing);
    levels.deny(Code::SubjectKeyIdentifierCritical);
    levels.deny(Code::SubjectKeyIdentifierMissing);
}

/// D-31: no common name (attack P-18), no name of a broken form, no certificate without any name (FP-14). A wildcard
/// for the whole left-most label may stay: ND-C12-5 accepts it, and settings that refuse it keep refusing it.
fn match_names_strictly(names: &mut NameSettings, levels: &mut Levels) {
    names.common_name_fallback = false;
    levels.deny(Code::NameSyntax);
    levels.deny(Code::SubjectEmptyWithoutSan);
}

#[cfg(test)]
mod tests;
