//! Acceptance rules and attack cases, with generated responses. Unless a test says otherwise: `root` issued
//! `leaf` and `delegate`, which holds id-kp-OCSPSigning; the question is asked at `pki::certificate::AT`.

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{AT, Issued, Sketch};
use pki::key::Key;
use pki::ocsp::{self as sketch, Entry, Response};
use pki::time::seconds;

use super::*;
use crate::budget::Limits;
use crate::oid::Oid;
use crate::revocation::RevocationReason;
use crate::revocation::freshness::BoundedBy;
use crate::revocation::responder::SignatureRefused;
use crate::revocation::responder::{
    DelegateRefused, DesignatedRefused, DesignatedScope, ResponderStatus, Unfit,
};
use crate::settings::Settings;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::revocation::NoncePolicy;
use crate::settings::revocation::{DesignatedUsage, FreshnessSettings};

const NONCE: Nonce = [7; 32];

/// The certificates of a case and what is asked.
struct Case {
    root: Issued,
    leaf: Issued,
    delegate: Issued,
    designated: Vec<(Issued, Option<Issued>)>,
    nonce: Option<Nonce>,
    settings: OcspSettings,
    at: &'static str,
    limits: Limits,
}

fn delegate(label: &str, issuer: &Issued) -> Sketch {
    Sketch::leaf(label).issued_by(issuer).eku(&["OCSPSigning"])
}

impl Case {
    fn new() -> Self {
        let root = Sketch::ca("root").issue();
        Self {
            leaf: Sketch::leaf("leaf").issued_by(&root).issue(),
            delegate: delegate("delegate", &root).issue(),
            root,
            designated: Vec::new(),
            nonce: None,
            settings: OcspSettings::DEFAULT,
            at: AT,
            limits: Limits::DEFAULT,
        }
    }

    fn good(&self) -> Entry {
        Entry::good(&self.leaf, &self.root)
    }

    fn revoked(&self) -> Entry {
        self.good().revoked("2025-06-01T00:00:00Z", Some(1))
    }

    /// Signed by the root, good.
    fn direct(&self) -> Response {
        Response::signed_by(&self.root).entry(self.good())
    }

    /// Signed by this delegate, good.
    fn by(&self, delegate: &Issued) -> Response {
        Response::delegated_to(delegate).entry(self.good())
    }

    fn designate(mut self, responder: &Issued, issuer: Option<&Issued>) -> Self {
        self.designated.push((responder.clone(), issuer.cloned()));
        self
    }

    fn ask(&self, body: &[u8]) -> OcspAnswer {
        self.ask_within(body, &mut Budget::new(self.limits.clone())).unwrap()
    }

    fn ask_within(&self, body: &[u8], budget: &mut Budget) -> Result<OcspAnswer, BudgetExceeded> {
        let decode = |issued: &Issued| Certificate::decode(&issued.der).unwrap();
        let (certificate, issuer) = (decode(&self.leaf), decode(&self.root));
        let pairs: Vec<_> = self
            .designated
            .iter()
            .map(|(responder, issuer)| (decode(responder), issuer.as_ref().map(decode)))
            .collect();
        let designated: Vec<_> = pairs
            .iter()
            .map(|(certificate, issuer)| Designated {
                certificate,
                scope: issuer.as_ref().map_or(DesignatedScope::AnyIssuer, DesignatedScope::Issuer),
            })
            .collect();
        let question = OcspQuestion {
            certificate: &certificate,
            issuer: &issuer,
            designated: &designated,
            at: Instant::from_unix(seconds(self.at)),
            nonce: self.nonce.as_ref(),
            settings: &self.settings,
            algorithms: &Settings::default().algorithms,
        };
        check_response(&question, body, budget)
    }

    fn accepted(&self, response: &Response) -> AcceptedResponse {
        match self.ask(&response.encode()) {
            OcspAnswer::Accepted(accepted) => *accepted,
            OcspAnswer::Rejected(rejection) => panic!("rejected: {rejection:?}"),
        }
    }

    fn rejected(&self, response: &Response) -> OcspRejected {
        self.rejected_body(&response.encode())
    }

    fn rejected_body(&self, body: &[u8]) -> OcspRejected {
        self.rejection(body).reason
    }

    fn rejection(&self, body: &[u8]) -> Rejection {
        match self.ask(body) {
            OcspAnswer::Accepted(accepted) => panic!("accepted: {accepted:?}"),
            OcspAnswer::Rejected(rejection) => rejection,
        }
    }

    fn not_authorised(&self, response: &Response) -> (DelegateRefused, DesignatedRefused) {
        match self.rejected(response) {
            OcspRejected::NotAuthorised(refused) => (refused.delegated, refused.designated),
            other => panic!("{other:?}"),
        }
    }
}

fn entry(response: Response, entries: &[Entry]) -> Response {
    entries.iter().cloned().fold(response, Response::entry)
}

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
