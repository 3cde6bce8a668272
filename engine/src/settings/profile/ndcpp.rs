//! The collaborative protection profile for network devices (NDcPP) in its three editions. Common Criteria mode is part
//! of each; here stands only what one edition has and another has not.
//!
//! The editions 2.2e and 3.0e give the same settings. Both offer SHA-1 as a selection (FCS_COP.1), and we never take it.
//! For the responder test, 2.2e asks about "the OCSP signing purpose" (ND-4) and 3.0e about an extKeyUsage that lacks
//! it (ND-4a). A delegated responder must always have it (RFC 6960 4.2.2.2), which meets both; a designated one must
//! where it names usages. They stay two profiles because a report cites the edition it was asked for.
//!
//! Known deviation: read to the letter, ND-4 asks it of a designated responder without any extKeyUsage too. No setting
//! says that; whoever needs it designates only responders that have it.

use std::collections::BTreeSet;

use crate::finding::Code;
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};
use crate::settings::revocation::{Ask, DesignatedAlone};
use crate::settings::{Profile, Settings};

/// What an edition accepts besides RSA and the three NIST curves.
pub(super) fn extend_algorithms(
    profile: Profile,
    signatures: &mut BTreeSet<SignatureAlgorithm>,
    keys: &mut BTreeSet<KeyKind>,
) {
    // NDcPP 4.0 FCS_COP.1/SigGen adds ML-DSA-87, LMS and XMSS; the engine verifies neither of the last two.
    if profile == Profile::Ndcpp40 {
        signatures.insert(SignatureAlgorithm::MlDsa87);
        keys.insert(KeyKind::MlDsa87);
    }
}

/// What an edition demands beyond Common Criteria mode, whatever a document says. Only ever tightens.
pub(in crate::settings) fn demand(settings: &mut Settings) {
    if settings.profile == Profile::Ndcpp40 {
        do_not_rest_on_own_responder(settings);
        ask_every_source(settings);
        process_every_extension(settings);
    }
}

/// R-12, DT-7: NDcPP 4.0 B.4.1 takes "local OCSP responder" from the selection.
fn do_not_rest_on_own_responder(settings: &mut Settings) {
    settings.ocsp.designated_alone = DesignatedAlone::Refuse;
}

/// FP-9, FP-10: each source alone says revoked, and must be heard although another one says good.
fn ask_every_source(settings: &mut Settings) {
    settings.revocation.ask = Ask::EverySource;
}

/// R-09, FP-7: of each extension that is processed, the absent and the wrong value fail too.
fn process_every_extension(settings: &mut Settings) {
    settings.levels.deny(Code::AuthorityKeyIdentifierMismatch);
    settings.levels.deny(Code::KeyUsageMissing);
    settings.levels.deny(Code::KeyUsageEmpty);
}
