//! Each case is a root or a small family, a certificate, and the lists about it. Unless it says otherwise the
//! root issued certificate and list, and the question is asked a day after thisUpdate.

use pki::certificate::{Issued, Sketch};
use pki::crl::{CrlSketch, PointName, Scope, certificate_issuer, distribution_point, reason_code};
use pki::extension::Extension;
use pki::key::Key;
use pki::{der as write, time};

use super::super::crl_issuer::IssuerStanding;
use super::*;
use crate::budget::{Budget, Limits};
use crate::settings::revocation::FreshnessSettings;
use crate::settings::{Profile, Settings, Strictness};

const SERIAL: &[u8] = &[0x51];
const PART_1: PointName<'_> = PointName::Full(&["uri:http://a.example/1"]);
const PART_2: PointName<'_> = PointName::Full(&["uri:http://a.example/2"]);

fn root() -> Issued {
    Sketch::ca("root").issue()
}

fn leaf() -> Sketch {
    Sketch::leaf("leaf").issued_by(&root()).serial(SERIAL)
}

/// A certificate with these distribution points.
fn pointed(points: &[Vec<u8>]) -> Issued {
    leaf().extension("cRLDistributionPoints", false, write::sequence(points)).issue()
}

fn point(name: &PointName<'_>) -> Vec<u8> {
    distribution_point(Some(name), &[], &[])
}

fn list() -> CrlSketch {
    CrlSketch::by(&root())
}

/// The question with everything that can be varied.
struct Question {
    at: &'static str,
    issuers: Vec<(Issued, IssuerStanding)>,
    missing: MissingField,
    limits: Limits,
    freshness: FreshnessSettings,
    accepted: bool,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            at: pki::certificate::AT,
            issuers: vec![(root(), IssuerStanding::Validated)],
            missing: MissingField::Accept,
            limits: Limits::DEFAULT,
            freshness: FreshnessSettings { maximum_age_seconds: 864_000, clock_skew_seconds: 0 },
            accepted: true,
        }
    }
}

impl Question {
    fn with(issuers: &[&Issued]) -> Self {
        let issuers = issuers.iter().map(|&issuer| (issuer.clone(), IssuerStanding::Validated)).collect();
        Self { issuers, ..Self::default() }
    }

    fn try_ask(&self, certificate: &Issued, crls: &[CrlSketch]) -> Result<CrlAnswer, BudgetExceeded> {
        let certificate = Certificate::decode(&certificate.der).unwrap();
        let decoded: Vec<(Certificate, IssuerStanding)> = self
            .issuers
            .iter()
            .map(|(issuer, standing)| (Certificate::decode(&issuer.der).unwrap(), *standing))
            .collect();
        let issuers: Vec<CrlIssuer<'_>> = decoded
            .iter()
            .map(|(certificate, standing)| CrlIssuer { certificate, standing: *standing, inherited: None })
            .collect();
        let lists: Vec<IndexedCrl> =
            crls.iter().map(|sketch| IndexedCrl::decode(sketch.issue()).unwrap()).collect();
        let mut algorithms = Settings::of_profile(Profile::Rfc5280, Strictness::Standard).algorithms;
        if !self.accepted {
            algorithms.signatures.clear();
        }
        let settings = CrlSettings {
            freshness: self.freshness,
            missing_next_update: self.missing,
            missing_number: self.missing,
            missing_authority_key_identifier: self.missing,
            ..CrlSettings::DEFAULT
        };
        let rules = CrlRules { settings: &settings, algorithms: &algorithms };
        let subject =
            CertificateContext { certificate: &certificate, at: Instant::from_unix(time::seconds(self.at)) };
        let mut budget = Budget::new(self.limits.clone());
        let mut work = CrlWork::new(&mut budget);
        check_crls(&subject, &lists.iter().collect::<Vec<_>>(), &issuers, &rules, &mut work)
    }

    fn ask(&self, certificate: &Issued, crls: &[CrlSketch]) -> CrlAnswer {
        self.try_ask(certificate, crls).unwrap()
    }

    /// The status and the codes of what was refused.
    fn outcome(&self, certificate: &Issued, crls: &[CrlSketch]) -> (&'static str, Vec<&'static str>) {
        let answer = self.ask(certificate, crls);
        (word(answer.status), answer.rejected.iter().map(|(_, reason)| reason.code()).collect())
    }
}

fn word(status: CrlStatus) -> &'static str {
    match status {
        CrlStatus::Good => "good",
        CrlStatus::Revoked(_) => "revoked",
        CrlStatus::Undetermined => "undetermined",
    }
}

fn outcome(certificate: &Issued, crls: &[CrlSketch]) -> (&'static str, Vec<&'static str>) {
    Question::default().outcome(certificate, crls)
}

fn refused(code: &'static str) -> (&'static str, Vec<&'static str>) {
    ("undetermined", vec![code])
}

fn good() -> (&'static str, Vec<&'static str>) {
    ("good", vec![])
}

fn revoked() -> (&'static str, Vec<&'static str>) {
    ("revoked", vec![])
}

#[test]
fn a_certificate_is_good_when_a_sound_list_does_not_hold_it() {
    let answer = Question::default().ask(&leaf().issue(), &[list().revoke(&[0x52])]);
    assert_eq!((answer.status, answer.covered), (CrlStatus::Good, Reasons::ALL));
    assert_eq!((answer.used, answer.rejected), (vec![0], vec![]));
    assert_eq!(answer.fresh_until.unwrap().to_string(), pki::crl::NEXT_UPDATE);
}

#[test]
fn a_listed_certificate_is_revoked_with_date_and_reason() {
    let answer = Question::default().ask(&leaf().issue(), &[list().revoke_because(SERIAL, 1)]);
    let CrlStatus::Revoked(revocation) = answer.status else { panic!() };
    assert_eq!(revocation.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(revocation.at.to_string(), pki::crl::THIS_UPDATE);
}

#[test]
fn no_list_says_nothing() {
    let answer = Question::default().ask(&leaf().issue(), &[]);
    assert_eq!((answer.status, answer.covered), (CrlStatus::Undetermined, Reasons::NONE));
    assert_eq!(answer.fresh_until, None);
}

#[test]
fn c_11_a_list_of_another_issuer_says_nothing() {
    let other = Sketch::ca("other").issue();
    let question = Question::with(&[&root(), &other]);
    let lists = [CrlSketch::by(&other).revoke(SERIAL)];
    assert_eq!(question.outcome(&leaf().issue(), &lists), refused("crl.issuer-mismatch"));
    // Named like the root, signed by the other.
    let forged = [CrlSketch::by(&other).issuer_name("CN=root")];
    assert_eq!(question.outcome(&leaf().issue(), &forged), refused("crl.signature-invalid"));
}

#[test]
fn c_01_every_distribution_point_of_the_certificate_is_compared() {
    let others: Vec<Vec<u8>> = ["2", "3", "4"]
        .map(|number| point(&PointName::Full(&[&format!("uri:http://a.example/{number}")])))
        .to_vec();
    let scope = Scope::default().name(&PART_1);
    for position in 0..=others.len() {
        let mut points = others.clone();
        points.insert(position, point(&PART_1));
        let certificate = pointed(&points);
        assert_eq!(outcome(&certificate, &[list().scope(&scope)]), good(), "{position}");
        assert_eq!(outcome(&certificate, &[list().scope(&scope).revoke(SERIAL)]), revoked(), "{position}");
    }
    let lists = [list().scope(&scope).revoke(SERIAL)];
    assert_eq!(outcome(&pointed(&others), &lists), refused("crl.distribution-point-mismatch"));
    assert_eq!(outcome(&leaf().issue(), &lists), refused("crl.distribution-point-mismatch"));
}

#[test]
fn c_02_distribution_points_match_in_every_form_and_not_otherwise() {
    let several = PointName::Full(&["uri:ldap://a.example", "directory:CN=root,CN=part 1"]);
    let directory = PointName::Full(&["directory:CN=ROOT,CN=Part  1"]);
    let other = PointName::Full(&["directory:CN=part 1"]);
    let (relative, other_relative) = (PointName::Relative("CN=part 1"), PointName::Relative("CN=part 2"));
    let cases = [
        (&several, &several, true),
        (&several, &directory, true),
        (&directory, &several, true),
        (&relative, &relative, true),
        (&relative, &directory, true),
        (&directory, &relative, true),
        (&several, &relative, true),
        (&relative, &other_relative, false),
        (&relative, &other, false),
        (&other, &relative, false),
        (&PART_1, &PART_2, false),
        (&PART_1, &relative, false),
    ];
    for (of_certificate, of_list, matches) in cases {
        let lists = [list().scope(&Scope::default().name(of_list))];
        let expected = if matches { good() } else { refused("crl.distribution-point-mismatch") };
        assert_eq!(
            outcome(&pointed(&[point(of_certificate)]), &lists),
            expected,
            "{of_certificate:?} {of_list:?}"
        );
    }
}

#[test]
fn the_certificates_issuer_is_the_name_of_the_assumed_distribution_point() {
    let named = list().scope(&Scope::default().name(&PointName::Full(&["directory:CN=root"])));
    assert_eq!(outcome(&leaf().issue(), std::slice::from_ref(&named)), good());
    assert_eq!(outcome(&pointed(&[point(&PART_1)]), &[named]), good());
}

#[test]
fn c_18_lists_speak_for_the_kind_of_certificate_they_hold() {
    let authority = Sketch::ca("sub").issued_by(&root()).serial(SERIAL).issue();
    let with = |flag: u8| [list().scope(&Scope::default().flag(flag)).revoke(SERIAL)];
    assert_eq!(outcome(&leaf().issue(), &with(1)), revoked());
    assert_eq!(outcome(&authority, &with(1)), refused("crl.only-user-certificates"));
    assert_eq!(outcome(&authority, &with(2)), revoked());
    assert_eq!(outcome(&leaf().issue(), &with(2)), refused("crl.only-ca-certificates"));
    assert_eq!(outcome(&leaf().issue(), &with(5)), refused("crl.only-attribute-certificates"));
    let both = [list().scope(&Scope::default().flag(1).flag(2))];
    assert_eq!(outcome(&leaf().issue(), &both), refused("crl.scope-contradictory"));
}

#[test]
fn reasons_add_up_over_lists_and_points() {
    let first = ["keyCompromise", "cACompromise", "affiliationChanged", "superseded"];
    let second = ["cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise"];
    let some = |reasons: &[&str]| list().scope(&Scope::default().reasons(reasons));
    let (one, two) = (some(&first), some(&second));
    assert_eq!(outcome(&leaf().issue(), &[one.clone(), two.clone()]), good());
    assert_eq!(outcome(&leaf().issue(), std::slice::from_ref(&one)).0, "undetermined");
    assert_eq!(outcome(&leaf().issue(), &[one.clone(), two.clone().revoke(SERIAL)]), revoked());
    assert_eq!(outcome(&leaf().issue(), &[one.revoke(SERIAL)]), revoked());
    // The distribution point asks for less than the list says, and the list alone is not in the assumed one.
    let asked = pointed(&[distribution_point(Some(&PART_1), &first, &[])]);
    let answer = Question::default().ask(&asked, &[list().scope(&Scope::default().name(&PART_1))]);
    assert_eq!((answer.status, answer.covered.flags()), (CrlStatus::Undetermined, 0x7800));
}

#[test]
fn c_03_a_list_for_no_reason_covers_none() {
    let empty = Scope::default().field(&write::implicit(3, &[0]));
    assert_eq!(outcome(&leaf().issue(), &[list().scope(&empty)]), refused("crl.no-reasons"));
    let unused = Scope::default().reasons(&["unused"]);
    assert_eq!(outcome(&leaf().issue(), &[list().scope(&unused)]), refused("crl.no-reasons"));
}

#[test]
fn c_04_a_list_with_an_unknown_critical_extension_says_nothing() {
    let odd = |critical| Extension::new("1.2.3.4", critical, vec![5, 0]);
    let certificate = leaf().issue();
    let in_list = |critical| [list().extension("1.2.3.4", critical, vec![5, 0]).revoke(SERIAL)];
    assert_eq!(outcome(&certificate, &in_list(true)), refused("crl.critical-extension"));
    assert_eq!(outcome(&certificate, &in_list(false)), revoked());
    let in_entry = |critical| [list().entry(SERIAL, &[odd(critical)])];
    assert_eq!(outcome(&certificate, &in_entry(true)), refused("crl.critical-entry-extension"));
    assert_eq!(outcome(&certificate, &in_entry(false)), revoked());
    let in_other_entry = [list().entry(&[1], &[odd(true)])];
    assert_eq!(outcome(&certificate, &in_other_entry), refused("crl.critical-entry-extension"));
}

#[test]
fn c_15_lists_are_used_from_this_update_to_next_update() {
    let ask = |at: &'static str| Question { at, ..Question::default() }.outcome(&leaf().issue(), &[list()]);
    assert_eq!(ask("2025-12-30T23:59:59Z"), refused("crl.not-yet-valid"));
    assert_eq!(ask("2025-12-31T00:00:00Z"), good());
    assert_eq!(ask("2026-01-07T00:00:00Z"), good());
    assert_eq!(ask("2026-01-07T00:00:01Z"), refused("crl.expired"));
    let aged = |maximum_age_seconds| Question {
        freshness: FreshnessSettings { maximum_age_seconds, clock_skew_seconds: 0 },
        ..Question::default()
    };
    assert_eq!(aged(86_400).outcome(&leaf().issue(), &[list()]), good());
    assert_eq!(aged(86_399).outcome(&leaf().issue(), &[list()]), refused("crl.too-old"));
    let reversed = [list().next_update("2025-12-30T00:00:00Z")];
    assert_eq!(outcome(&leaf().issue(), &reversed), refused("crl.times-reversed"));
}

#[test]
fn what_rfc_5280_asks_an_issuer_to_write_may_be_demanded() {
    let strict = Question { missing: MissingField::Refuse, ..Question::default() };
    let cases = [
        (list(), good()),
        (list().without_next_update(), refused("crl.next-update-missing")),
        (list().without("cRLNumber"), refused("crl.number-missing")),
        (list().without("authorityKeyIdentifier"), refused("crl.authority-key-identifier-missing")),
    ];
    for (sketch, expected) in cases {
        assert_eq!(outcome(&leaf().issue(), std::slice::from_ref(&sketch)), good());
        assert_eq!(strict.outcome(&leaf().issue(), &[sketch]), expected);
    }
}

#[test]
fn c_19_the_issuer_may_sign_lists_or_says_nothing_about_usage() {
    let lists = [list().revoke(SERIAL)];
    let with = |root: Sketch| Question::with(&[&root.issue()]).outcome(&leaf().issue(), &lists);
    let ca = || Sketch::ca("root");
    assert_eq!(with(ca().key_usage(&["keyCertSign"])), refused("crl.issuer-without-crl-sign"));
    assert_eq!(with(ca().key_usage(&["cRLSign"])), revoked());
    assert_eq!(with(ca().without("keyUsage")), revoked());
}

#[test]
fn a_signature_must_hold() {
    let certificate = leaf().issue();
    assert_eq!(outcome(&certificate, &[list().tamper_signature()]), refused("crl.signature-invalid"));
    let other_key = [list().signed_with(&Key::p256("mallory"))];
    assert_eq!(outcome(&certificate, &other_key), refused("crl.signature-invalid"));
    let other_kind = [list().signed_with(&Key::ed25519("mallory"))];
    assert_eq!(outcome(&certificate, &other_kind), refused("crl.signature-key-mismatch"));
    let inner = [list().inner_algorithm(&pki::algorithm::Algorithm::Ed25519.identifier())];
    assert_eq!(outcome(&certificate, &inner), refused("crl.algorithm-mismatch"));
    let strict = Question { accepted: false, ..Question::default() };
    assert_eq!(strict.outcome(&certificate, &[list()]), refused("crl.algorithm-not-accepted"));
    let nobody = Question { issuers: Vec::new(), ..Question::default() };
    assert_eq!(nobody.outcome(&certificate, &[list()]), refused("crl.issuer-certificate-missing"));
}

#[test]
fn another_key_of_the_issuer_may_sign_when_it_is_validated() {
    let second = Sketch::ca("second key").subject("CN=root").issued_by(&root()).issue();
    let lists = [CrlSketch::by(&second).revoke(SERIAL)];
    let certificate = leaf().issue();
    assert_eq!(Question::with(&[&root(), &second]).outcome(&certificate, &lists), revoked());
    let issuers = vec![(root(), IssuerStanding::Validated), (second, IssuerStanding::Unvalidated)];
    let answer = Question { issuers, ..Question::default() }.ask(&certificate, &lists);
    assert_eq!(answer.status, CrlStatus::Undetermined);
    assert_eq!(answer.needs_issuer_path, [NeedsIssuerPath { crl: 0, issuer: 1 }]);
    assert_eq!(outcome(&certificate, &lists), refused("crl.signature-invalid"));
}

#[test]
fn c_17_indirect_lists_need_a_point_that_names_their_issuer() {
    let lister = Sketch::leaf("lister").issued_by(&root()).key_usage(&["cRLSign"]).issue();
    let question = Question::with(&[&root(), &lister]);
    let certificate = pointed(&[distribution_point(None, &[], &["directory:CN=lister"])]);
    let scope = Scope::default().flag(4);
    let of_root = certificate_issuer(&["directory:CN=root"]);
    let by = || CrlSketch::by(&lister).scope(&scope);
    assert_eq!(question.outcome(&certificate, &[by()]), good());
    // The serial number stands under the lister itself, then under the root, then after another of the root's.
    assert_eq!(question.outcome(&certificate, &[by().revoke(SERIAL)]), good());
    assert_eq!(
        question.outcome(&certificate, &[by().entry(SERIAL, std::slice::from_ref(&of_root))]),
        revoked()
    );
    let after = by().entry(&[1], std::slice::from_ref(&of_root)).revoke(SERIAL);
    assert_eq!(question.outcome(&certificate, &[after]), revoked());
    let back = by()
        .entry(&[1], std::slice::from_ref(&of_root))
        .entry(&[2], &[certificate_issuer(&["directory:CN=lister"])])
        .revoke(SERIAL);
    assert_eq!(question.outcome(&certificate, &[back]), good());
    // No such point, and no such statement.
    let plain = [by().entry(SERIAL, std::slice::from_ref(&of_root))];
    assert_eq!(question.outcome(&leaf().issue(), &plain), refused("crl.issuer-mismatch"));
    assert_eq!(question.outcome(&certificate, &[CrlSketch::by(&lister)]), refused("crl.not-indirect"));
    let undeclared = [list().entry(SERIAL, &[of_root])];
    assert_eq!(outcome(&leaf().issue(), &undeclared), refused("crl.certificate-issuer-not-indirect"));
}

#[test]
fn an_issuing_points_name_may_be_that_of_the_crl_issuer() {
    let lister = Sketch::leaf("lister").issued_by(&root()).key_usage(&["cRLSign"]).issue();
    let question = Question::with(&[&root(), &lister]);
    let certificate = pointed(&[distribution_point(None, &[], &["directory:CN=lister"])]);
    let with = |name: &PointName<'_>| [CrlSketch::by(&lister).scope(&Scope::default().name(name).flag(4))];
    assert_eq!(question.outcome(&certificate, &with(&PointName::Full(&["directory:CN=lister"]))), good());
    let mismatch = refused("crl.distribution-point-mismatch");
    assert_eq!(question.outcome(&certificate, &with(&PART_1)), mismatch);
    // A relative name of the certificate's is relative to the cRLIssuer, as the list's is.
    let relative = PointName::Relative("CN=part 1");
    let certificate = pointed(&[distribution_point(Some(&relative), &[], &["directory:CN=lister"])]);
    assert_eq!(question.outcome(&certificate, &with(&relative)), good());
    let two = ["directory:CN=lister", "directory:CN=other"];
    let ambiguous = pointed(&[distribution_point(Some(&relative), &[], &two)]);
    assert_eq!(question.outcome(&ambiguous, &with(&relative)), mismatch);
}

#[test]
fn c_18_a_delta_revokes_and_releases() {
    let certificate = leaf().issue();
    let base = || list().number(5);
    let held = || base().revoke_because(SERIAL, 6);
    let delta = || list().number(6).delta(5).this_update("2025-12-31T12:00:00Z");
    let removed = || delta().entry(SERIAL, &[reason_code(8)]);
    assert_eq!(outcome(&certificate, &[base(), delta()]), good());
    assert_eq!(outcome(&certificate, &[base(), delta().revoke(SERIAL)]), revoked());
    assert_eq!(outcome(&certificate, &[held()]), revoked());
    assert_eq!(outcome(&certificate, &[held(), delta()]), revoked());
    assert_eq!(outcome(&certificate, &[held(), removed()]), good());
    assert_eq!(outcome(&certificate, &[removed(), held()]), good());
    // What is revoked for good is not taken back.
    assert_eq!(outcome(&certificate, &[base().revoke_because(SERIAL, 1), removed()]), revoked());
    assert_eq!(outcome(&certificate, &[base().revoke(SERIAL), removed()]), revoked());
}

#[test]
fn c_06_a_delta_is_combined_only_with_the_list_it_continues() {
    let certificate = leaf().issue();
    let held = |number: u64| list().number(number).revoke_because(SERIAL, 6);
    let removed = || list().number(6).delta(4).entry(SERIAL, &[reason_code(8)]);
    assert_eq!(outcome(&certificate, &[held(4), removed()]), good());
    assert_eq!(outcome(&certificate, &[held(5), removed()]), good());
    assert_eq!(outcome(&certificate, &[held(3), removed()]), ("revoked", vec!["crl.delta-base-mismatch"]));
    assert_eq!(outcome(&certificate, &[held(6), removed()]), ("revoked", vec!["crl.delta-not-newer"]));
    let alone = refused("crl.delta-without-complete");
    assert_eq!(outcome(&certificate, &[removed()]), alone);
    assert_eq!(outcome(&certificate, &[list().number(6).delta(4)]), alone);
    let numberless = [list().number(5), removed().without("cRLNumber")];
    assert_eq!(outcome(&certificate, &numberless), ("good", vec!["crl.number-missing"]));
    let base_numberless = [held(5).without("cRLNumber"), removed()];
    assert_eq!(outcome(&certificate, &base_numberless), ("revoked", vec!["crl.delta-without-complete"]));
    let other_scope = [held(5), removed().scope(&Scope::default().flag(1))];
    assert_eq!(outcome(&certificate, &other_scope), ("revoked", vec!["crl.delta-without-complete"]));
    let other_identifier = [held(5), removed().without("authorityKeyIdentifier")];
    assert_eq!(outcome(&certificate, &other_identifier), ("revoked", vec!["crl.delta-without-complete"]));
}

#[test]
fn a_delta_that_says_revoked_is_believed_unless_a_complete_list_is_as_new() {
    let certificate = leaf().issue();
    let delta = || list().number(6).delta(5).revoke(SERIAL);
    assert_eq!(outcome(&certificate, &[delta()]), ("revoked", vec!["crl.delta-without-complete"]));
    assert_eq!(
        outcome(&certificate, &[list().number(4), delta()]),
        ("revoked", vec!["crl.delta-base-mismatch"])
    );
    assert_eq!(outcome(&certificate, &[list().number(6), delta()]), ("good", vec!["crl.delta-not-newer"]));
}

#[test]
fn the_newest_list_of_a_scope_counts_in_any_order() {
    let certificate = leaf().issue();
    let old = list().number(1);
    let new = list().number(2).this_update("2025-12-31T12:00:00Z").revoke(SERIAL);
    let superseded = ("revoked", vec!["crl.superseded"]);
    assert_eq!(outcome(&certificate, &[old.clone(), new.clone()]), superseded);
    assert_eq!(outcome(&certificate, &[new, old]), superseded);
    let held = list().number(1).revoke_because(SERIAL, 6);
    let released = list().number(2);
    assert_eq!(outcome(&certificate, &[held, released]), ("good", vec!["crl.superseded"]));
    // Number and time disagree: both count, so revoked wins.
    let higher = list().number(9);
    let later = list().number(8).this_update("2025-12-31T12:00:00Z").revoke(SERIAL);
    assert_eq!(outcome(&certificate, &[higher, later]), revoked());
    // A forged newer list takes nobody's place.
    let forged = list().number(99).tamper_signature();
    let lists = [list().revoke(SERIAL), forged];
    assert_eq!(outcome(&certificate, &lists), ("revoked", vec!["crl.signature-invalid"]));
}

#[test]
fn remove_from_crl_in_a_complete_list_revokes_nobody() {
    assert_eq!(outcome(&leaf().issue(), &[list().revoke_because(SERIAL, 8)]), good());
}

#[test]
fn work_is_bounded() {
    let few = |limits: Limits| Question { limits, ..Question::default() };
    let none = few(Limits { signatures: 0, ..Limits::DEFAULT });
    assert_eq!(none.try_ask(&leaf().issue(), &[list()]).unwrap_err().limit, "signatures");
    let unsigned = [CrlSketch::by(&Sketch::ca("other").issue())];
    assert!(none.try_ask(&leaf().issue(), &unsigned).is_ok());
    let named = Scope::default().name(&PART_1);
    let nameless = few(Limits { name_comparisons: 0, ..Limits::DEFAULT });
    let exceeded = nameless.try_ask(&pointed(&[point(&PART_1)]), &[list().scope(&named)]).unwrap_err();
    assert_eq!(exceeded.limit, "name-comparisons");
    // The same list twice is verified once.
    let one = few(Limits { signatures: 1, ..Limits::DEFAULT });
    assert_eq!(one.outcome(&leaf().issue(), &[list(), list()]), good());
}

#[test]
fn no_certificate_vouches_for_itself() {
    // Named like the root that issued it, and allowed to sign lists.
    let usurper = leaf().subject("CN=root").key_usage(&["cRLSign"]).issue();
    let own = CrlSketch::by(&usurper);
    let question = Question::with(&[&usurper, &root()]);
    assert_eq!(question.outcome(&usurper, std::slice::from_ref(&own)), refused("crl.issuer-is-subject"));
    assert_eq!(question.outcome(&usurper, &[own, list().revoke(SERIAL)]).0, "revoked");
    assert_eq!(question.outcome(&usurper, &[list()]), good());
}
