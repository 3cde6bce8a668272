//! Which entry of a response answers the question, and what it says.

use super::*;

// Statuses (R-CC-7 to R-CC-13)

#[test]
fn the_three_statuses_are_read() {
    let case = Case::new();
    let with = |entry: Entry| case.accepted(&Response::signed_by(&case.root).entry(entry)).status();
    assert_eq!(with(case.good()), CertificateStatus::Good);
    assert_eq!(with(case.good().unknown()), CertificateStatus::Unknown);
    let at = Instant::from_unix(seconds("2025-06-01T00:00:00Z"));
    let reasons = [
        (None, None),
        (Some(0), Some(RevocationReason::Unspecified)),
        (Some(1), Some(RevocationReason::KeyCompromise)),
        (Some(6), Some(RevocationReason::CertificateHold)),
        (Some(10), Some(RevocationReason::AaCompromise)),
        // Undefined reasons: revoked all the same.
        (Some(7), None),
        (Some(11), None),
    ];
    for (number, reason) in reasons {
        let status = with(case.good().revoked("2025-06-01T00:00:00Z", number));
        assert_eq!(status, CertificateStatus::Revoked(Revocation { at, reason }), "{number:?}");
    }
}

#[test]
fn a_response_says_which_model_accepted_it_and_up_to_when() {
    let case = Case::new();
    let accepted = case.accepted(&case.direct());
    assert_eq!(accepted.model(), &ResponderModel::IssuingAuthority);
    assert_eq!(accepted.authorisation().responder_status(), ResponderStatus::IssuingAuthority);
    let until = Instant::from_unix(seconds(sketch::NEXT_UPDATE));
    assert_eq!(accepted.fresh_until(), FreshnessBound { until, by: BoundedBy::NextUpdate });
    assert_eq!(accepted.this_update(), Instant::from_unix(seconds(sketch::THIS_UPDATE)));
    assert_eq!(accepted.issuance(), Issuance::NotStated);
    assert!(accepted.extensions().is_empty() && accepted.set_aside().is_empty());
}

#[test]
fn never_issued_is_revoked_and_said_so() {
    let case = Case::new();
    let entry = case.good().revoked("1970-01-01T00:00:00Z", Some(6));
    let response =
        Response::signed_by(&case.root).entry(entry).extension("1.3.6.1.5.5.7.48.1.9", false, &[5, 0]);
    let accepted = case.accepted(&response);
    assert!(matches!(accepted.status(), CertificateStatus::Revoked(_)));
    assert_eq!(accepted.issuance(), Issuance::Denied);
    assert_eq!(accepted.extensions()[0].claim, ExtensionClaim::ExtendedRevoke);
    let later = Response::signed_by(&case.root).entry(case.good().revoked("1970-01-01T00:00:01Z", Some(6)));
    assert_eq!(case.accepted(&later).issuance(), Issuance::NotStated);
}

// Matching by recomputed CertID

#[test]
fn o_01_another_serial_number_is_another_certificate() {
    let case = Case::new();
    let response = Response::signed_by(&case.root).entry(case.good().serial(&[9]));
    assert_eq!(case.rejected(&response), OcspRejected::NoMatchingEntry { entries: 1 });
}

#[test]
fn o_02_o_03_only_other_certificates_are_answered_about() {
    let case = Case::new();
    let siblings = ["a", "b"].map(|label| Sketch::leaf(label).issued_by(&case.root).issue());
    let entries = siblings.map(|sibling| Entry::good(&sibling, &case.root));
    let response = entry(Response::signed_by(&case.root), &entries);
    assert_eq!(case.rejected(&response).code(), "ocsp.no-matching-entry");
}

#[test]
fn o_03_another_issuer_with_the_same_name_or_the_same_key_does_not_match() {
    let case = Case::new();
    for wrong in [
        case.good().issuer_name_hash(&[0; 20]),
        case.good().issuer_key_hash(&[0; 20]),
        case.good().issuer_key_hash(&[]),
        case.good().issuer_name_hash(&sketch::digest(Hash::Sha1, &case.root.subject)[..19]),
    ] {
        let response = Response::signed_by(&case.root).entry(wrong);
        assert_eq!(case.rejected(&response).code(), "ocsp.no-matching-entry");
    }
}

#[test]
fn o_04_the_matching_entry_counts_wherever_it_stands() {
    let case = Case::new();
    let sibling = Sketch::leaf("sibling").issued_by(&case.root).issue();
    let other = Entry::good(&sibling, &case.root);
    for entries in [[other.clone(), case.revoked()], [case.revoked(), other]] {
        let accepted = case.accepted(&entry(Response::signed_by(&case.root), &entries));
        assert!(matches!(accepted.status(), CertificateStatus::Revoked(_)));
    }
}

#[test]
fn o_04_of_several_matching_entries_the_worst_counts_in_any_order() {
    let case = Case::new();
    let (good, unknown, revoked) = (case.good(), case.good().unknown(), case.revoked());
    let answer = |entries: &[Entry]| case.accepted(&entry(Response::signed_by(&case.root), entries)).status();
    for pair in [[good.clone(), unknown.clone()], [unknown.clone(), good.clone()]] {
        assert_eq!(answer(&pair), CertificateStatus::Unknown);
    }
    let newer = good.this_update("2025-12-31T23:00:00Z");
    for three in [[newer.clone(), revoked.clone(), unknown.clone()], [revoked, unknown, newer]] {
        assert!(matches!(answer(&three), CertificateStatus::Revoked(_)));
    }
}

#[test]
fn of_equal_entries_the_most_recent_bounds_the_answer() {
    let case = Case::new();
    let newer = case.good().this_update("2025-12-31T23:00:00Z");
    for entries in [[case.good(), newer.clone()], [newer, case.good()]] {
        let accepted = case.accepted(&entry(Response::signed_by(&case.root), &entries));
        assert_eq!(accepted.this_update(), Instant::from_unix(seconds("2025-12-31T23:00:00Z")));
    }
}

#[test]
fn an_entry_that_says_revoked_and_is_stale_leaves_no_good() {
    let case = Case::new();
    let stale = case.revoked().next_update(Some("2025-12-31T13:00:00Z"));
    for entries in [[stale.clone(), case.good()], [case.good(), stale.clone()]] {
        let answer = case.rejected(&entry(Response::signed_by(&case.root), &entries));
        assert_eq!(answer.code(), "ocsp.stale");
    }
    // A stale good beside a fresh one is set aside; beside a fresh revoked one, so is a stale revoked one.
    let stale_good = case.good().next_update(Some("2025-12-31T13:00:00Z"));
    let accepted = case.accepted(&entry(Response::signed_by(&case.root), &[stale_good, case.good()]));
    assert_eq!(accepted.status(), CertificateStatus::Good);
    assert_eq!(accepted.set_aside()[0].code(), "ocsp.stale");
    let accepted = case.accepted(&entry(Response::signed_by(&case.root), &[stale, case.revoked()]));
    assert!(matches!(accepted.status(), CertificateStatus::Revoked(_)));
    assert_eq!(accepted.set_aside().len(), 1);
}

#[test]
fn a_revocation_that_is_only_too_old_is_told_and_is_no_status() {
    let case = Case::new();
    let body = |entry: Entry| Response::signed_by(&case.root).entry(entry).encode();
    let stale = case.rejection(&body(case.revoked().next_update(Some("2025-12-31T13:00:00Z"))));
    let reason = Some(RevocationReason::KeyCompromise);
    let revocation = Revocation { at: Instant::from_unix(seconds("2025-06-01T00:00:00Z")), reason };
    assert_eq!((stale.reason.code(), stale.revoked_before), ("ocsp.stale", Some(revocation)));
    let old = case.rejection(&body(case.revoked().this_update("2025-01-01T00:00:00Z").next_update(None)));
    assert_eq!((old.reason.code(), old.revoked_before), ("ocsp.too-old", Some(revocation)));
    // Not yet, not understood, not authentic: nothing is told.
    let soon = case.rejection(&body(case.revoked().this_update("2026-01-01T12:00:00Z")));
    assert_eq!((soon.reason.code(), soon.revoked_before), ("ocsp.too-soon", None));
    let unknown = case.rejection(&body(case.revoked().extension("1.2.3", true, &[5, 0])));
    assert_eq!((unknown.reason.code(), unknown.revoked_before), ("ocsp.unknown-critical-extension", None));
    let entry = case.revoked().next_update(Some("2025-12-31T13:00:00Z"));
    let forged = Response::signed_by(&case.root).entry(entry).tamper_signature().encode();
    assert_eq!(case.rejection(&forged).revoked_before, None);
}

#[test]
fn o_05_serial_numbers_are_compared_whole() {
    let mut case = Case::new();
    case.leaf = Sketch::leaf("leaf").issued_by(&case.root).serial(&[0x12, 0x34]).issue();
    for serial in [&[0x12][..], &[0x34], &[0x12, 0x34, 0], &[0x12, 0x34, 0x34], &[0x12, 0x35]] {
        let response = Response::signed_by(&case.root).entry(case.good().serial(serial));
        assert_eq!(case.rejected(&response).code(), "ocsp.no-matching-entry", "{serial:?}");
    }
    let padded = Response::signed_by(&case.root).entry(case.good().serial(&[0, 0x12, 0x34]));
    assert_eq!(case.rejected(&padded).code(), "ocsp.malformed");
    assert_eq!(case.accepted(&case.direct()).status(), CertificateStatus::Good);
}

#[test]
fn o_29_any_known_hash_matches_by_recomputation_alone() {
    let case = Case::new();
    let answer = |entry: Entry| Response::signed_by(&case.root).entry(entry);
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let response = answer(case.good().hash(hash));
        assert_eq!(case.accepted(&response).status(), CertificateStatus::Good, "{hash:?}");
        // Without parameters it is the same hash.
        let bare = pki::der::sequence(&[pki::der::oid(hash.oid())]);
        assert!(matches!(
            case.ask(&answer(case.good().hash(hash).hash_algorithm(&bare)).encode()),
            OcspAnswer::Accepted(_)
        ));
    }
    let sha256 = pki::der::sequence(&[pki::der::oid(Hash::Sha256.oid())]);
    let odd = pki::der::sequence(&[pki::der::oid(Hash::Sha1.oid()), pki::der::integer(&[1])]);
    for wrong in [
        case.good().hash(Hash::Sha224),
        case.good().hash_algorithm(&sha256),
        case.good().hash_algorithm(&odd),
    ] {
        assert_eq!(case.rejected(&answer(wrong)).code(), "ocsp.no-matching-entry");
    }
}

#[test]
fn a_question_about_another_issuers_certificate_is_not_answered() {
    let mut case = Case::new();
    let response = case.direct();
    let other = Sketch::ca("other").issue();
    case.leaf = Sketch::leaf("leaf").issued_by(&other).issue();
    assert_eq!(case.rejected(&response), OcspRejected::OtherIssuer);
}
