//! The response as a whole: times, status, form, extensions, nonce and the work it may cost.

use super::*;

// Freshness and producedAt

#[test]
fn o_15_only_a_fresh_answer_counts() {
    let mut case = Case::new();
    case.settings.freshness = FreshnessSettings { maximum_age_seconds: 86_400, clock_skew_seconds: 60 };
    let answer = |entry: Entry| case.rejected(&Response::signed_by(&case.root).entry(entry)).code();
    assert_eq!(answer(case.good().next_update(Some("2025-12-31T23:58:59Z"))), "ocsp.stale");
    assert_eq!(answer(case.good().this_update("2026-01-01T00:01:01Z")), "ocsp.too-soon");
    assert_eq!(answer(case.good().this_update("2024-12-31T00:00:00Z").next_update(None)), "ocsp.too-old");
    assert_eq!(answer(case.good().this_update("2025-12-30T23:58:59Z")), "ocsp.too-old");
    let reversed = case.good().next_update(Some("2025-12-31T11:59:59Z"));
    assert_eq!(answer(reversed), "ocsp.update-reversed");
    // Utterly stale, and revoked: still no answer.
    assert_eq!(answer(case.revoked().this_update("2020-01-01T00:00:00Z").next_update(None)), "ocsp.too-old");
    for fresh in [
        case.good().next_update(Some("2025-12-31T23:59:00Z")),
        case.good().this_update("2026-01-01T00:01:00Z"),
        case.good().this_update("2025-12-30T23:59:00Z"),
        case.good().next_update(None),
    ] {
        let response = Response::signed_by(&case.root).entry(fresh);
        assert_eq!(case.accepted(&response).status(), CertificateStatus::Good);
    }
}

#[test]
fn produced_at_has_come_and_lies_where_the_settings_ask() {
    let mut case = Case::new();
    case.leaf = Sketch::leaf("leaf")
        .issued_by(&case.root)
        .valid("2025-12-31T12:00:01Z", "2030-01-01T00:00:00Z")
        .issue();
    let at = |text: &str| case.direct().produced_at(text);
    assert_eq!(case.rejected(&at("2026-01-01T00:05:01Z")).code(), "ocsp.produced-in-future");
    assert_eq!(case.accepted(&at("2026-01-01T00:05:00Z")).status(), CertificateStatus::Good);
    let (early, first) = (at("2025-12-31T12:00:00Z"), at("2025-12-31T12:00:01Z"));
    assert_eq!(case.accepted(&early).status(), CertificateStatus::Good);
    case.settings.produced_at = ProducedAtRule::WithinCertificateValidity;
    assert_eq!(case.rejected(&early).code(), "ocsp.produced-outside-validity");
    assert_eq!(case.accepted(&first).status(), CertificateStatus::Good);
}

// Answers that are none

#[test]
fn o_13_o_14_an_error_status_is_never_an_answer() {
    let case = Case::new();
    for (number, code) in [
        (1, "ocsp.failed.malformed-request"),
        (2, "ocsp.failed.internal-error"),
        (3, "ocsp.failed.try-later"),
        (4, "ocsp.failed.undefined"),
        (5, "ocsp.failed.signature-required"),
        (6, "ocsp.failed.unauthorized"),
        (7, "ocsp.failed.undefined"),
    ] {
        assert_eq!(case.rejected_body(&sketch::failed(number)).code(), code);
        // Even with a sound response behind it.
        assert_eq!(case.rejected(&case.direct().status(number)).code(), code);
        let status = case.ask(&sketch::failed(number)).status();
        assert!(matches!(status, RevocationStatus::Undetermined(UndeterminedReason::Ocsp(_))));
    }
}

#[test]
fn o_16_o_17_what_is_no_response_is_no_answer() {
    let case = Case::new();
    for body in [&[][..], &[0x30, 0], &[0x30, 2, 0x0a, 0], &[0x30, 0x80, 0, 0], b"good"] {
        assert_eq!(case.rejected_body(body).code(), "ocsp.malformed", "{body:?}");
    }
    assert_eq!(case.rejected_body(&sketch::failed(0)), OcspRejected::WithoutBytes);
    assert_eq!(case.rejected(&case.direct().kind("1.3.6.1.5.5.7.48.1")).code(), "ocsp.other-type");
    let empty = Response::signed_by(&case.root);
    assert_eq!(case.rejected(&empty), OcspRejected::NoMatchingEntry { entries: 0 });
    let after = [case.direct().encode(), vec![0]].concat();
    assert_eq!(case.rejected_body(&after).code(), "ocsp.malformed");
    let huge = vec![0x30; crate::revocation::ocsp::MAXIMUM_OCTETS + 1];
    assert_eq!(case.rejected_body(&huge).code(), "ocsp.malformed");
}

#[test]
fn o_16_no_shorter_body_is_accepted_and_none_panics() {
    let case = Case::new();
    let body = case.by(&case.delegate).nonce(&NONCE).encode();
    for end in 0..body.len() {
        assert_eq!(case.rejected_body(&body[..end]).code(), "ocsp.malformed", "{end}");
    }
}

#[test]
fn no_changed_octet_makes_revoked_good() {
    let case = Case::new();
    let body = Response::delegated_to(&case.delegate).entry(case.revoked()).encode();
    for position in 0..body.len() {
        for change in [0x01, 0x80] {
            let mut changed = body.clone();
            changed[position] ^= change;
            if let OcspAnswer::Accepted(accepted) = case.ask(&changed) {
                let status = accepted.status();
                assert!(matches!(status, CertificateStatus::Revoked(_)), "{position} {change}");
            }
        }
    }
}

#[test]
fn o_16_a_bad_signature_is_no_answer() {
    let case = Case::new();
    for response in
        [case.direct(), case.by(&case.delegate), Response::signed_by(&case.root).entry(case.revoked())]
    {
        let refused = OcspRejected::Signature(SignatureRefused::Invalid);
        assert_eq!(case.rejected(&response.tamper_signature()), refused);
    }
}

#[test]
fn o_18_the_same_question_has_the_same_answer() {
    let case = Case::new();
    let bodies =
        [case.direct(), Response::signed_by(&case.root).entry(case.revoked())].map(|one| one.encode());
    let first = bodies.clone().map(|body| case.ask(&body));
    assert_eq!(first, bodies.map(|body| case.ask(&body)));
}

// Extensions

#[test]
fn o_23_a_critical_extension_that_is_not_known_is_refused_in_both_places() {
    let case = Case::new();
    let kind = Oid::from_dotted("1.2.3").unwrap();
    let refused = |place| OcspRejected::UnknownCriticalExtension { kind: kind.clone(), place };
    let whole = case.direct().extension("1.2.3", true, &[5, 0]);
    assert_eq!(case.rejected(&whole), refused(ExtensionPlace::Response));
    let single = Response::signed_by(&case.root).entry(case.good().extension("1.2.3", true, &[5, 0]));
    assert_eq!(case.rejected(&single), refused(ExtensionPlace::SingleResponse));
    // Not critical: kept for the report. R-CC-10
    let entry = case.good().extension("1.2.3", false, &[1]);
    let accepted =
        case.accepted(&Response::signed_by(&case.root).entry(entry).extension("1.2.4", false, &[2]));
    let surfaced: Vec<_> =
        accepted.extensions().iter().map(|one| (one.place, one.value.as_slice())).collect();
    assert_eq!(surfaced, [(ExtensionPlace::Response, &[2][..]), (ExtensionPlace::SingleResponse, &[1])]);
    // An unknown critical extension of another certificate's entry is none of ours.
    let other = Sketch::leaf("other").issued_by(&case.root).issue();
    let theirs = Entry::good(&other, &case.root).extension("1.2.3", true, &[5, 0]);
    assert_eq!(case.accepted(&case.direct().entry(theirs)).status(), CertificateStatus::Good);
}

#[test]
fn r_cc_10_claims_are_surfaced() {
    let case = Case::new();
    let cutoff = pki::time::encode("2020-01-01T00:00:00Z", pki::time::Form::Generalized);
    let entry = case.good().extension("1.3.6.1.5.5.7.48.1.6", false, &cutoff);
    let accepted = case.accepted(&Response::signed_by(&case.root).entry(entry));
    let claim = ExtensionClaim::ArchiveCutoff(Instant::from_unix(seconds("2020-01-01T00:00:00Z")));
    assert_eq!(accepted.extensions()[0].claim, claim);
    let broken = case.good().extension("1.3.6.1.5.5.7.48.1.6", false, &[5, 0]);
    assert_eq!(case.rejected(&Response::signed_by(&case.root).entry(broken)).code(), "ocsp.malformed");
}

#[test]
fn r_cc_8_a_certificate_hash_asserts_issuance_and_must_be_the_certificates() {
    let case = Case::new();
    let with = |hash: Hash, octets: &[u8]| {
        let identifier = pki::der::sequence(&[pki::der::oid(hash.oid())]);
        let value = pki::der::sequence(&[identifier, pki::der::octet_string(octets)]);
        Response::signed_by(&case.root).entry(case.good().extension("1.3.36.8.3.13", false, &value))
    };
    let right = sketch::digest(Hash::Sha256, &case.leaf.der);
    assert_eq!(case.accepted(&with(Hash::Sha256, &right)).issuance(), Issuance::Asserted);
    for wrong in [with(Hash::Sha256, &[0; 32]), with(Hash::Sha384, &right), with(Hash::Sha224, &right)] {
        assert_eq!(case.rejected(&wrong), OcspRejected::CertificateHashMismatch);
    }
}

#[test]
fn o_27_the_nonce_is_as_the_policy_asks() {
    let mut case = Case::new();
    case.nonce = Some(NONCE);
    let response = || case.direct();
    let all = [
        (response(), "ocsp.nonce.missing", "good"),
        (response().nonce(&NONCE), "good", "good"),
        (response().nonce(&[8; 32]), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (response().nonce(&NONCE[..31]), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (response().nonce(&[7; 33]), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (response().nonce(&[7; 128]), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (response().nonce(&[7; 129]), "ocsp.nonce.length", "ocsp.nonce.length"),
        (response().nonce(&[]), "ocsp.nonce.length", "ocsp.nonce.length"),
        (response().extension(sketch::NONCE, false, &NONCE), "ocsp.malformed", "ocsp.malformed"),
        (response().nonce(&NONCE).nonce(&NONCE), "ocsp.malformed", "ocsp.malformed"),
        (response().extension(sketch::NONCE, true, &[&[4, 32][..], &NONCE].concat()), "good", "good"),
    ];
    let responses = all.map(|(response, required, present)| (response.encode(), required, present));
    let word = |answer: OcspAnswer| match answer {
        OcspAnswer::Accepted(_) => "good",
        OcspAnswer::Rejected(rejection) => rejection.reason.code(),
    };
    for (body, required, present) in &responses {
        case.settings.nonce = NoncePolicy::Required;
        assert_eq!(word(case.ask(body)), *required);
        case.settings.nonce = NoncePolicy::MatchIfPresent;
        assert_eq!(word(case.ask(body)), *present);
    }
    // Off looks at none; only what does not decode is refused.
    case.settings.nonce = NoncePolicy::Off;
    let refused = responses.iter().filter(|(body, ..)| word(case.ask(body)) != "good").count();
    assert_eq!(refused, 1);
}

#[test]
fn o_27_without_a_nonce_of_our_own_there_is_nothing_to_compare() {
    let mut case = Case::new();
    let foreign = case.direct().nonce(&[8; 32]);
    assert_eq!(case.accepted(&foreign).status(), CertificateStatus::Good);
    case.settings.nonce = NoncePolicy::Required;
    assert_eq!(case.rejected(&foreign), OcspRejected::NonceMissing);
}

// Work

#[test]
fn work_is_bounded_whatever_a_response_brings_along() {
    let case = Case::new();
    let mut response = case.by(&case.delegate).tamper_signature();
    for number in 0..20 {
        let other = Key::p256(&format!("other-{number}"));
        response = response.certificate(&delegate("delegate", &case.root).key(other).issue().der);
    }
    let mut budget = Budget::new(Limits::DEFAULT);
    let answer = case.ask_within(&response.encode(), &mut budget).unwrap();
    assert!(matches!(answer, OcspAnswer::Rejected(Rejection { reason: OcspRejected::Signature(_), .. })));
    assert_eq!(budget.spent().signatures, 4);
}

#[test]
fn an_exhausted_budget_is_neither_good_nor_rejected() {
    let case = Case::new();
    for allowed in [0, 1] {
        let limits = Limits { signatures: allowed, ..Limits::DEFAULT };
        let answer = case.ask_within(&case.by(&case.delegate).encode(), &mut Budget::new(limits));
        assert_eq!(answer.unwrap_err().limit, "signatures");
    }
    let limits = Limits { signatures: 2, ..Limits::DEFAULT };
    assert!(case.ask_within(&case.by(&case.delegate).encode(), &mut Budget::new(limits)).is_ok());
}

#[test]
fn what_is_refused_without_arithmetic_costs_no_signature() {
    let case = Case::new();
    let sibling = Sketch::leaf("sibling").issued_by(&case.root).issue();
    let response = Response::signed_by(&case.root).entry(Entry::good(&sibling, &case.root));
    let mut budget = Budget::new(Limits::DEFAULT);
    assert!(case.ask_within(&response.encode(), &mut budget).is_ok());
    assert_eq!(budget.spent().signatures, 0);
}
