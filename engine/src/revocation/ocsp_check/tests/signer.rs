//! Who may sign a response: the authority, its delegates and designated responders.

use super::*;

// Who signs

#[test]
fn o_06_o_07_a_signer_needs_ocsp_signing_by_name() {
    let case = Case::new();
    for usages in [
        &["serverAuth"][..],
        &["any"],
        &["serverAuth", "clientAuth"],
        // Truncated, extended and neighbouring identifiers.
        &["1.3.6.1.5.5.7.3"],
        &["1.3.6.1.5.5.7.3.9.1"],
        &["1.3.6.1.5.5.7.3.8"],
    ] {
        let signer = Sketch::leaf("sibling").issued_by(&case.root).eku(usages).issue();
        let refused = case.not_authorised(&case.by(&signer));
        let expected = (DelegateRefused::OcspSigningMissing, DesignatedRefused::NotDesignated);
        assert_eq!(refused, expected, "{usages:?}");
    }
    let none = Sketch::leaf("sibling").issued_by(&case.root).issue();
    assert_eq!(case.not_authorised(&case.by(&none)).0, DelegateRefused::OcspSigningMissing);
    let among = Sketch::leaf("among").issued_by(&case.root).eku(&["serverAuth", "OCSPSigning"]).issue();
    assert_eq!(case.accepted(&case.by(&among)).model(), &ResponderModel::Delegate);
}

#[test]
fn o_08_the_authoritys_name_alone_authorises_nobody() {
    let case = Case::new();
    let imposter = Sketch::ca("imposter").subject("CN=root").eku(&["OCSPSigning"]);
    let imposter = imposter.key_usage(&["digitalSignature"]).issue();
    let (delegated, _) = case.not_authorised(&case.by(&imposter));
    assert_eq!(delegated, DelegateRefused::Signature(SignatureRefused::Invalid));
    // The same without bringing its certificate along: the root's key does not verify it.
    let response = Response::signed_by(&imposter).entry(case.good());
    assert_eq!(case.rejected(&response), OcspRejected::Signature(SignatureRefused::Invalid));
}

#[test]
fn o_09_o_24_a_delegate_of_another_authority_is_refused() {
    let case = Case::new();
    let other = Sketch::ca("other").issue();
    let foreign = delegate("foreign", &other).issue();
    let expected = (DelegateRefused::OtherIssuer, DesignatedRefused::NotDesignated);
    assert_eq!(case.not_authorised(&case.by(&foreign)), expected);
}

#[test]
fn o_10_a_delegate_is_valid_at_the_moment_of_the_question() {
    let case = Case::new();
    let valid = |from: &str, to: &str| delegate("timed", &case.root).valid(from, to).issue();
    for (from, to) in [
        ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("2026-01-02T00:00:00Z", "2030-01-01T00:00:00Z"),
        // Expired between thisUpdate and the question.
        ("2024-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
        ("2026-01-01T00:00:01Z", "2030-01-01T00:00:00Z"),
    ] {
        let (delegated, _) = case.not_authorised(&case.by(&valid(from, to)));
        assert!(matches!(delegated, DelegateRefused::Unfit(Unfit::NotValid { .. })), "{from} {to}");
    }
    for (from, to) in [("2024-01-01T00:00:00Z", AT), (AT, "2030-01-01T00:00:00Z")] {
        assert_eq!(case.accepted(&case.by(&valid(from, to))).model(), &ResponderModel::Delegate);
    }
}

#[test]
fn o_11_a_designated_responders_signature_is_verified_all_the_same() {
    let responder = Sketch::leaf("responder").issue();
    let case = Case::new().designate(&responder, None);
    let response = case.by(&responder).tamper_signature();
    assert_eq!(case.rejected(&response), OcspRejected::Signature(SignatureRefused::Invalid));
}

#[test]
fn o_12_nocheck_counts_in_the_delegates_certificate_alone() {
    let no_check = |sketch: Sketch| sketch.extension("ocspNoCheck", false, vec![5, 0]).issue();
    let mut case = Case::new();
    let accepted = case.accepted(&case.by(&case.delegate));
    let certificate = Certificate::decode(&case.delegate.der).unwrap();
    let must_be_checked = ResponderStatus::MustBeChecked { certificate: &certificate };
    assert_eq!(accepted.authorisation().responder_status(), must_be_checked);
    let unasked = no_check(delegate("unasked", &case.root));
    let accepted = case.accepted(&case.by(&unasked));
    assert_eq!(accepted.authorisation().responder_status(), ResponderStatus::NoCheck);
    // In the leaf, in the authority, in a certificate that did not sign: irrelevant.
    case.root = no_check(Sketch::ca("root"));
    case.leaf = no_check(Sketch::leaf("leaf").issued_by(&case.root));
    let accepted = case.accepted(&case.by(&case.delegate).certificate(&unasked.der));
    assert_eq!(accepted.authorisation().responder_status(), must_be_checked);
}

#[test]
fn o_21_every_lawful_signer_is_accepted_by_name_and_by_key() {
    let responder = Sketch::leaf("responder").issue();
    let case = Case::new().designate(&responder, None);
    for (signer, model) in [(&case.root, 0), (&case.delegate, 1), (&responder, 2)] {
        for response in [case.by(signer), case.by(signer).by_key()] {
            let accepted = case.accepted(&response);
            let found = match accepted.model() {
                ResponderModel::IssuingAuthority => 0,
                ResponderModel::Delegate => 1,
                ResponderModel::Designated { .. } => 2,
            };
            assert_eq!((found, accepted.status()), (model, CertificateStatus::Good));
        }
    }
}

#[test]
fn o_22_a_key_hash_is_not_a_subject_key_identifier() {
    let mut case = Case::new();
    let identifier = pki::der::octet_string(&[3; 20]);
    case.root = Sketch::ca("root").extension("subjectKeyIdentifier", false, identifier).issue();
    case.leaf = Sketch::leaf("leaf").issued_by(&case.root).issue();
    assert_eq!(case.accepted(&case.direct().by_key()).model(), &ResponderModel::IssuingAuthority);
    assert_eq!(case.rejected(&case.direct().by_key_hash(&[3; 20])), OcspRejected::SignerUnknown);
}

#[test]
fn o_24_a_wrong_responder_id_or_version_is_refused() {
    let case = Case::new();
    let wrong_name = case.direct().by_name("CN=elsewhere");
    assert_eq!(case.rejected(&wrong_name), OcspRejected::SignerUnknown);
    // The delegate's identity over the root's signature.
    let named_delegate = case.by(&case.delegate).key(Key::p256("root"));
    assert_eq!(case.rejected(&named_delegate).code(), "ocsp.signature.invalid");
    for (number, code) in [(1, "ocsp.malformed"), (0xff, "ocsp.malformed")] {
        assert_eq!(case.rejected(&case.direct().version(number)).code(), code, "{number}");
    }
    assert_eq!(case.accepted(&case.direct().version(0)).status(), CertificateStatus::Good);
    for length in [0, 19, 21] {
        let response = case.direct().by_key_hash(&vec![1; length]);
        assert_eq!(case.rejected(&response).code(), "ocsp.malformed", "{length}");
    }
}

#[test]
fn o_26_a_responder_whose_key_does_not_decode_is_no_signer() {
    let case = Case::new();
    let bad = delegate("bad", &case.root).public_key_info(&[0x30, 3, 1, 1, 0xff]).issue();
    assert_eq!(case.rejected(&case.by(&bad)).code(), "ocsp.responder.malformed");
    // A sound structure around no point of the curve.
    let curve =
        pki::der::sequence(&[pki::der::oid("1.2.840.10045.2.1"), pki::der::oid("1.2.840.10045.3.1.7")]);
    let point = [&[4][..], &[0xff; 64]].concat();
    let info = pki::der::sequence(&[curve, pki::der::bit_string(0, &point)]);
    let off = delegate("off", &case.root).public_key_info(&info).issue();
    assert_eq!(case.rejected(&case.by(&off)).code(), "ocsp.signature.key-unusable");
    // One that is of no use beside the signer's does no harm.
    assert_eq!(case.accepted(&case.direct().certificate(&bad.der)).status(), CertificateStatus::Good);
}

#[test]
fn o_28_a_delegate_is_issued_directly_and_by_the_same_key() {
    let case = Case::new();
    let sub = Sketch::ca("sub").issued_by(&case.root).issue();
    let below = delegate("below", &sub).issue();
    assert_eq!(case.not_authorised(&case.by(&below).certificate(&sub.der)).0, DelegateRefused::OtherIssuer);
    // The authority's name with its new key.
    let renewed = Sketch::ca("root-2").subject("CN=root").issue();
    let crossed = delegate("crossed", &renewed).issue();
    let (delegated, _) = case.not_authorised(&case.by(&crossed).certificate(&renewed.der));
    assert_eq!(delegated, DelegateRefused::Signature(SignatureRefused::Invalid));
    // The authority's key under another name is not the authority.
    let alias = Sketch::ca("alias").key(Key::p256("root")).issue();
    assert_eq!(case.not_authorised(&case.by(&alias)).0, DelegateRefused::OtherIssuer);
    // Another certificate of the authority, same name and key, is.
    let again = Sketch::ca("root").serial(&[3]).issue();
    assert_eq!(case.accepted(&case.by(&again)).model(), &ResponderModel::IssuingAuthority);
}

#[test]
fn o_30_a_delegate_that_answers_about_itself_settles_nothing() {
    let mut case = Case::new();
    case.leaf = case.delegate.clone();
    let response = Response::delegated_to(&case.delegate).entry(case.good());
    let accepted = case.accepted(&response);
    let status = accepted.authorisation().responder_status();
    assert!(matches!(status, ResponderStatus::MustBeChecked { .. }));
}

#[test]
fn a_delegate_must_be_fit_to_sign() {
    let case = Case::new();
    let refused = |sketch: Sketch| case.not_authorised(&case.by(&sketch.issue())).0;
    let base = || delegate("unfit", &case.root);
    let unfit = DelegateRefused::Unfit;
    assert_eq!(refused(base().key_usage(&["keyEncipherment"])), unfit(Unfit::DigitalSignatureMissing));
    let oid = Oid::from_dotted("1.2.3").unwrap();
    let unknown = base().extension("1.2.3", true, vec![5, 0]);
    assert_eq!(refused(unknown), unfit(Unfit::UnknownCriticalExtension(oid)));
    let weak = base().key(Key::rsa("rsa-1024"));
    assert_eq!(refused(weak), unfit(Unfit::KeyNotAccepted));
    let differ = base().inner_algorithm(&Algorithm::Ed25519.identifier());
    assert_eq!(refused(differ), unfit(Unfit::AlgorithmsDiffer));
    let tampered = DelegateRefused::Signature(SignatureRefused::Invalid);
    assert_eq!(refused(base().tamper_signature()), tampered);
    let plain = base().without("keyUsage").extension("1.2.3", false, vec![5, 0]).issue();
    assert_eq!(case.accepted(&case.by(&plain)).model(), &ResponderModel::Delegate);
}

#[test]
fn the_settings_decide_which_signatures_are_accepted() {
    let mut case = Case::new();
    case.root = Sketch::ca("root").key(Key::rsa("rsa-2048-1")).issue();
    case.leaf = Sketch::leaf("leaf").issued_by(&case.root).issue();
    let sha1 = case.direct().algorithm(Algorithm::RsaPkcs1(Hash::Sha1));
    let refused = SignatureRefused::AlgorithmNotAccepted(SignatureAlgorithm::RsaPkcs1Sha1);
    assert_eq!(case.rejected(&sha1), OcspRejected::Signature(refused));
    let sha256 = case.direct().algorithm(Algorithm::RsaPkcs1(Hash::Sha256));
    assert_eq!(case.accepted(&sha256).status(), CertificateStatus::Good);
    // SHA-1 without its NULL is read as what it is, and refused for the same reason.
    let bare = pki::der::sequence(&[pki::der::oid("1.2.840.113549.1.1.5")]);
    assert_eq!(case.rejected(&sha1.algorithm_identifier(&bare)), OcspRejected::Signature(refused));
    let other = pki::der::sequence(&[pki::der::oid("1.2.840.113549.1.1.5"), pki::der::integer(&[1])]);
    assert_eq!(
        case.rejected(&case.direct().algorithm_identifier(&other)).code(),
        "ocsp.signature.unsupported"
    );
}

// Trusted Responder Model (R-OCSP-4 to R-OCSP-6, D-22; ND-4a, DT-3)

#[test]
fn r_ocsp_1_a_signer_that_both_models_accept_is_a_delegate() {
    let case = Case::new();
    let delegate = case.delegate.clone();
    let case = case.designate(&delegate, None);
    assert_eq!(case.accepted(&case.by(&delegate)).model(), &ResponderModel::Delegate);
    // Also where it does not bring its certificate along.
    let response = Response::signed_by(&delegate).entry(case.good());
    assert_eq!(case.accepted(&response).model(), &ResponderModel::Delegate);
}

#[test]
fn r_ocsp_4_a_designated_responder_is_accepted_after_the_first_model_refused() {
    let other = Sketch::ca("other").issue();
    let responder = Sketch::leaf("responder").issued_by(&other).eku(&["OCSPSigning"]).issue();
    let case = Case::new().designate(&responder, None);
    for response in [case.by(&responder), Response::signed_by(&responder).entry(case.good())] {
        let accepted = case.accepted(&response);
        let refused = DelegateRefused::OtherIssuer;
        assert_eq!(accepted.model(), &ResponderModel::Designated { delegated_refused: refused });
        assert_eq!(accepted.authorisation().responder_status(), ResponderStatus::Designated);
        assert_eq!(accepted.authorisation().certificate().der, responder.der);
    }
}

#[test]
fn r_ocsp_5_the_designated_certificate_is_this_very_one() {
    let responder = Sketch::leaf("responder").issue();
    let lookalike = Sketch::leaf("responder").key(Key::p256("lookalike")).issue();
    let case = Case::new().designate(&responder, None);
    let expected = (DelegateRefused::OtherIssuer, DesignatedRefused::NotDesignated);
    assert_eq!(case.not_authorised(&case.by(&lookalike)), expected);
    let unlisted = Sketch::leaf("unlisted").issue();
    assert_eq!(case.not_authorised(&case.by(&unlisted)), expected);
}

#[test]
fn a_designation_for_one_issuer_is_not_one_for_another() {
    let responder = Sketch::leaf("responder").issue();
    let case = Case::new();
    let (root, other) = (case.root.clone(), Sketch::ca("other").issue());
    let renewed = Sketch::ca("root-2").subject("CN=root").issue();
    let case = case.designate(&responder, Some(&other)).designate(&responder, Some(&renewed));
    assert_eq!(case.not_authorised(&case.by(&responder)).1, DesignatedRefused::OtherIssuer);
    let case = case.designate(&responder, Some(&root));
    assert!(matches!(case.accepted(&case.by(&responder)).model(), ResponderModel::Designated { .. }));
}

#[test]
fn dt_3_a_delegate_without_ocsp_signing_is_rescued_by_its_own_issuers_designation_alone() {
    let case = Case::new();
    let root = case.root.clone();
    let sibling = Sketch::leaf("sibling").issued_by(&root).eku(&["serverAuth"]).issue();
    let case = case.designate(&sibling, None);
    let expected = (DelegateRefused::OcspSigningMissing, DesignatedRefused::NotRescued);
    assert_eq!(case.not_authorised(&case.by(&sibling)), expected);
    let mut case = case.designate(&sibling, Some(&root));
    let model = ResponderModel::Designated { delegated_refused: DelegateRefused::OcspSigningMissing };
    assert_eq!(case.accepted(&case.by(&sibling)).model(), &model);
    // ND-4a: under Common Criteria an extKeyUsage that is present holds OCSPSigning.
    case.settings.designated_usage = DesignatedUsage::OcspSigningWherePresent;
    assert_eq!(case.not_authorised(&case.by(&sibling)).1, DesignatedRefused::OcspSigningMissing);
}

#[test]
fn under_common_criteria_a_designated_certificate_without_usages_is_accepted() {
    let (bare, meant) = (Sketch::leaf("bare").issue(), Sketch::leaf("meant").eku(&["OCSPSigning"]).issue());
    let wrong = Sketch::leaf("wrong").eku(&["serverAuth"]).issue();
    let mut case = Case::new().designate(&bare, None).designate(&meant, None).designate(&wrong, None);
    assert!(matches!(case.ask(&case.by(&wrong).encode()), OcspAnswer::Accepted(_)));
    case.settings.designated_usage = DesignatedUsage::OcspSigningWherePresent;
    for responder in [&bare, &meant] {
        assert!(matches!(case.accepted(&case.by(responder)).model(), ResponderModel::Designated { .. }));
    }
    assert_eq!(case.not_authorised(&case.by(&wrong)).1, DesignatedRefused::OcspSigningMissing);
}

#[test]
fn a_designated_responder_must_be_fit_to_sign() {
    let expired = Sketch::leaf("expired").valid("2020-01-01T00:00:00Z", "2025-01-01T00:00:00Z").issue();
    let sealed = Sketch::leaf("sealed").key_usage(&["keyAgreement"]).issue();
    let case = Case::new().designate(&expired, None).designate(&sealed, None);
    let refused = |responder: &Issued| case.not_authorised(&case.by(responder)).1;
    assert!(matches!(refused(&expired), DesignatedRefused::Unfit(Unfit::NotValid { .. })));
    assert_eq!(refused(&sealed), DesignatedRefused::Unfit(Unfit::DigitalSignatureMissing));
}
