//! DT-1 to DT-6 as properties of generated cases: a chain, settings, designations, and any mixture of OCSP responses
//! and CRLs about anybody, true, false and foreign, in any order. What each piece of evidence is worth is known from
//! how it was made, and never from what the engine says of it.
//!
//! The engine crate is asked, with the signatures answered as a host answers them and each verified once: 100,000
//! cases, or as many as the environment variable `ASSAYER_EVIDENCE_CASES` says:
//! `ASSAYER_EVIDENCE_CASES=1000000 cargo test --release --test evidence property`.

use std::collections::BTreeMap;

use engine::evidence::{Answered, Item, SignatureCheck, Wanted};
use engine::revocation::RevocationStatus;
use engine::settings::Mode;
use engine::trust::TrustRole;
use engine::verdict::{Decision, Verdict};
use engine::{Outcome, Question, Request, Validator, evaluate};
use host_server::component::contract::evidence as contract;
use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{AT, Issued, Sketch};
use pki::crl::{CrlSketch, Scope};
use pki::ocsp::{Entry, Response, failed};
use pki::time;

use crate::family::delegate;

const WITHDRAWN: Algorithm = Algorithm::Ecdsa(Hash::Sha1);
const CASES: u64 = 100_000;
const REVOKED_AT: &str = "2025-06-01T00:00:00Z";

const SETTINGS: [&str; 9] = [
    "",
    "[algorithms]\nsignatures = [\"ecdsa-sha256\", \"ecdsa-sha1\"]\n",
    "revocation.depth = \"all\"\n",
    "[revocation]\nundetermined = \"deny\"\ndepth = \"all\"\n",
    "[revocation]\nsources = []\n",
    "[revocation]\nsources = [\"crl\"]\nask = \"every-source\"\n",
    "[ocsp]\ndesignated-alone = \"refuse\"\n",
    "profile = \"uc-legacy\"\n",
    "[levels]\n\"revocation.unknown\" = \"deny\"\n\"revocation.conflict\" = \"deny\"\n",
];

/// What a piece of evidence truly says, where its signer may say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Worth {
    Good,
    Revoked,
    Unknown,
    Nothing,
}

/// Under which designation, a bit, its signer may say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Signer {
    Authority,
    /// Refused by the first model; may when designated.
    Designated(usize),
    /// The same, and never in Common Criteria mode (ND-4a).
    DesignatedWithoutPurpose(usize),
    /// Never (DT-3).
    NeverRescued,
    /// The authority, with an algorithm that only some settings accept, and never Common Criteria mode.
    WithdrawnAlgorithm,
}

/// Designations: the stranger for any issuer, the plain one and the sibling for their issuer, the lost one for any.
const DESIGNATIONS: usize = 16;

struct Piece {
    item: Item,
    /// The place in the path of the certificate it is about; 2 is nobody there.
    about: usize,
    worth: Worth,
    signer: Signer,
}

struct Stage {
    root: Issued,
    ca: Issued,
    leaf: Issued,
    pieces: Vec<Piece>,
    responders: Vec<(usize, Issued, Option<Issued>)>,
}

fn answered(body: Vec<u8>) -> Answered {
    Answered { request_id: None, body }
}

impl Stage {
    fn new() -> Self {
        let root = Sketch::ca("root").issue();
        let ca = Sketch::ca("ca").issued_by(&root).issue();
        let leaf = Sketch::leaf("leaf").issued_by(&ca).issue();
        let other = Sketch::ca("foreign").issue();
        let foreign = Sketch::leaf("far").issued_by(&other).issue();
        let (pieces, responders) = (Vec::new(), Vec::new());
        let stage = Self { root: root.clone(), ca: ca.clone(), leaf: leaf.clone(), pieces, responders };
        stage.about(0, &leaf, &ca).about(1, &ca, &root).about(2, &foreign, &other)
    }

    /// Everything that anybody says about one certificate.
    fn about(mut self, about: usize, subject: &Issued, issuer: &Issued) -> Self {
        let label = |kind: &str| format!("{kind} of {}", issuer.label);
        let stranger = Sketch::leaf("stranger").eku(&["OCSPSigning"]).issue();
        let plain = Sketch::leaf(&label("plain")).issued_by(issuer).issue();
        let sibling = Sketch::leaf(&label("sibling")).issued_by(issuer).eku(&["serverAuth"]).issue();
        let lost = Sketch::leaf(&label("lost")).issued_by(issuer).eku(&["clientAuth"]).issue();
        let delegate = delegate(&label("delegate"), issuer).issue();
        let signers = [
            (issuer.clone(), Signer::Authority),
            (delegate, Signer::Authority),
            (stranger.clone(), Signer::Designated(1)),
            (plain.clone(), Signer::Designated(2)),
            (sibling.clone(), Signer::DesignatedWithoutPurpose(4)),
            (lost.clone(), Signer::NeverRescued),
        ];
        self.responders.push((1, stranger, None));
        self.responders.push((2, plain, Some(issuer.clone())));
        self.responders.push((4, sibling, Some(issuer.clone())));
        self.responders.push((8, lost, None));
        let good = || Entry::good(subject, issuer);
        let entries = [
            (good(), Worth::Good),
            (good().revoked(REVOKED_AT, Some(1)), Worth::Revoked),
            (good().revoked(REVOKED_AT, Some(6)), Worth::Revoked),
            (good().unknown(), Worth::Unknown),
            (good().next_update(Some("2025-12-31T13:00:00Z")), Worth::Nothing),
            (good().this_update("2026-01-01T12:00:00Z"), Worth::Nothing),
            (good().serial(&[9]), Worth::Nothing),
            (good().extension("1.2.3", true, &[5, 0]), Worth::Nothing),
        ];
        for (certificate, signer) in &signers {
            for (entry, worth) in &entries {
                let response = Response::delegated_to(certificate).entry(entry.clone());
                self.response(about, response.encode(), *worth, *signer);
                self.response(about, response.tamper_signature().encode(), Worth::Nothing, *signer);
            }
        }
        for (entry, worth) in &entries[..4] {
            let response = Response::signed_by(issuer).entry(entry.clone()).algorithm(WITHDRAWN);
            self.response(about, response.encode(), *worth, Signer::WithdrawnAlgorithm);
        }
        for body in [failed(3), failed(6), failed(0), Vec::new(), b"good".to_vec()] {
            self.response(about, body, Worth::Nothing, Signer::Authority);
        }
        self.lists(about, subject, issuer);
        self
    }

    fn response(&mut self, about: usize, body: Vec<u8>, worth: Worth, signer: Signer) {
        self.pieces.push(Piece { item: Item::OcspResponse(answered(body)), about, worth, signer });
    }

    fn lists(&mut self, about: usize, subject: &Issued, issuer: &Issued) {
        let list = || CrlSketch::by(issuer);
        let other = Sketch::ca("other").issue();
        let lists = [
            (list().revoke(&[9]), Worth::Good),
            (list().revoke_because(&subject.serial, 1), Worth::Revoked),
            (list().revoke_because(&subject.serial, 6), Worth::Revoked),
            (list().tamper_signature(), Worth::Nothing),
            (list().next_update("2025-12-31T12:00:00Z"), Worth::Nothing),
            (list().this_update("2026-01-01T12:00:00Z"), Worth::Nothing),
            (list().scope(&Scope::default().reasons(&["keyCompromise"])), Worth::Nothing),
            (list().scope(&Scope::default().flag(5)), Worth::Nothing),
            (list().extension("1.2.3.4", true, vec![5, 0]), Worth::Nothing),
            (CrlSketch::by(&other), Worth::Nothing),
            (CrlSketch::by(&other).issuer_name(&format!("CN={}", issuer.label)), Worth::Nothing),
            (list().number(2).delta(1).this_update("2025-12-31T12:00:00Z"), Worth::Nothing),
        ];
        for (sketch, worth) in lists {
            let item = Item::Crl(answered(sketch.issue()));
            self.pieces.push(Piece { item, about, worth, signer: Signer::Authority });
        }
        let withdrawn =
            [(list().revoke(&[9]), Worth::Good), (list().revoke_because(&subject.serial, 1), Worth::Revoked)];
        for (sketch, worth) in withdrawn {
            let item = Item::Crl(answered(sketch.algorithm(WITHDRAWN).issue()));
            self.pieces.push(Piece { item, about, worth, signer: Signer::WithdrawnAlgorithm });
        }
    }

    fn validator(&self, settings: &str, mode: Mode, designations: usize) -> Validator {
        let mut validator = Validator::new(settings, mode).unwrap();
        validator.add_anchor(&self.root.der, TrustRole::Issuer).unwrap();
        for (bit, responder, issuer) in &self.responders {
            if designations & bit != 0 {
                let issuer = issuer.as_ref().map(|issuer| issuer.der.as_slice());
                validator.designate_responder(&responder.der, issuer).unwrap();
            }
        }
        validator
    }
}

/// One generated case.
struct Case {
    settings: usize,
    designations: usize,
    chosen: Vec<usize>,
}

impl Case {
    fn generate(chance: &mut Chance, stage: &Stage) -> Self {
        let mut chosen: Vec<usize> = (0..chance.below(5)).map(|_| chance.below(stage.pieces.len())).collect();
        // Half of the cases get something worth having about each certificate, or few would be allowed.
        if chance.below(2) == 0 {
            for about in &[0, 1] {
                let good = |piece: &&usize| {
                    stage.pieces[**piece].about == *about && stage.pieces[**piece].worth == Worth::Good
                };
                let all: Vec<usize> = (0..stage.pieces.len()).collect();
                let goods: Vec<&usize> = all.iter().filter(good).collect();
                let at = chance.below(chosen.len() + 1);
                chosen.insert(at, *goods[chance.below(goods.len())]);
            }
        }
        Self { settings: chance.below(SETTINGS.len()), designations: chance.below(DESIGNATIONS), chosen }
    }

    /// Whether somebody who may say so in this mode says this about the certificate at this place of the path.
    fn says(&self, stage: &Stage, mode: Mode, place: usize, worth: Worth) -> bool {
        let pieces = self.chosen.iter().map(|piece| &stage.pieces[*piece]);
        pieces.filter(|piece| piece.about == place && piece.worth == worth).any(|piece| match piece.signer {
            Signer::Authority => true,
            Signer::Designated(bit) => self.designations & bit != 0,
            // ND-4a: in Common Criteria mode it proves nothing good, and is still heard against a certificate (DT-6).
            Signer::DesignatedWithoutPurpose(bit) => {
                self.designations & bit != 0 && (mode == Mode::Standard || worth != Worth::Good)
            }
            Signer::NeverRescued => false,
            // Heard against a certificate alone, as before.
            Signer::WithdrawnAlgorithm if mode == Mode::CommonCriteria => worth != Worth::Good,
            Signer::WithdrawnAlgorithm => SETTINGS[self.settings].contains("ecdsa-sha1"),
        })
    }
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound
    }
}

/// Asks with the signatures that are known already, and learns those that are not.
fn ask(
    validator: &Validator,
    stage: &Stage,
    case: &Case,
    known: &mut BTreeMap<String, bool>,
) -> Box<engine::verdict::Sealed> {
    let question = Question {
        target: &stage.leaf.der,
        untrusted: vec![&stage.ca.der],
        at: time::seconds(AT),
        answers_signature_checks: true,
        ..Question::default()
    };
    let request = Request::new(&question, validator.settings()).unwrap();
    let mut evidence: Vec<Item> = case.chosen.iter().map(|piece| stage.pieces[*piece].item.clone()).collect();
    for _ in 0..20 {
        match evaluate(validator, &request, &evidence).unwrap() {
            Outcome::Decided(sealed) => return sealed,
            Outcome::Needs(needs) => {
                let [need] = needs.as_slice() else { panic!("{needs:?}") };
                let Wanted::SignatureChecks(checks) = &need.wanted else { panic!("{need:?}") };
                evidence.extend(checks.iter().map(|check| {
                    let verifies = *known.entry(check.id.clone()).or_insert_with(|| verify(check));
                    Item::Signature { id: check.id.clone(), verifies }
                }));
            }
        }
    }
    panic!("asked twenty times")
}

fn verify(check: &SignatureCheck) -> bool {
    let check = contract::SignatureCheck {
        id: check.id.clone(),
        algorithm: check.algorithm.to_owned(),
        key: check.key.clone(),
        message: check.message.clone(),
        signature: check.signature.clone(),
    };
    match host_server::signature::answer("", std::slice::from_ref(&check)).as_slice() {
        [contract::Item::Signature(answer)] => answer.verifies,
        other => panic!("{other:?}"),
    }
}

fn check(case: &Case, stage: &Stage, mode: Mode, verdict: &Verdict) -> Result<(), &'static str> {
    let allows = verdict.decision == Decision::Allow;
    let subjects = verdict.path.iter().filter(|certificate| !certificate.anchor).enumerate();
    for (place, certificate) in subjects {
        let says = |worth| case.says(stage, mode, place, worth);
        if mode == Mode::CommonCriteria && allows && !says(Worth::Good) {
            return Err("DT-1: allowed without a good that is believed");
        }
        match certificate.status {
            RevocationStatus::Good if !says(Worth::Good) => {
                return Err("DT-2, DT-3, DT-4: good without a good that is believed");
            }
            RevocationStatus::Unknown if !says(Worth::Unknown) => {
                return Err("DT-2: unknown, and nobody who may say so said it");
            }
            _ => {}
        }
        if allows && says(Worth::Revoked) {
            return Err("DT-5: allowed although somebody who may say so says revoked");
        }
    }
    Ok(())
}

fn cases() -> u64 {
    std::env::var("ASSAYER_EVIDENCE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

#[test]
fn dt_1_to_dt_6_hold_over_generated_cases() {
    let stage = Stage::new();
    let seeds = [0x0dd1_5ea5_e0f0_0d5e, 0x5eed_0f0d_d1ce_0001];
    let halves = std::thread::scope(|scope| {
        let stage = &stage;
        let running = seeds.map(|seed| scope.spawn(move || check_cases(stage, seed, cases() / 2)));
        running.map(|half| half.join().unwrap())
    });
    let allowed = [0, 1].map(|mode| halves.iter().map(|half| half[mode]).sum::<u64>());
    println!("of {} cases {allowed:?} are allowed without and with the mode", cases());
    assert!(allowed[0] > cases() / 10 && allowed[1] > cases() / 50, "{allowed:?}: too few to show anything");
}

/// How many of these cases are allowed without and with the mode.
fn check_cases(stage: &Stage, seed: u64, count: u64) -> [u64; 2] {
    let mut validators: BTreeMap<(usize, usize), [Validator; 2]> = BTreeMap::new();
    let mut known = BTreeMap::new();
    let mut chance = Chance(seed);
    let mut allowed = [0_u64; 2];
    for number in 0..count {
        let case = Case::generate(&mut chance, stage);
        let key = (case.settings, case.designations);
        let both = validators.entry(key).or_insert_with(|| {
            [Mode::Standard, Mode::CommonCriteria]
                .map(|mode| stage.validator(SETTINGS[case.settings], mode, case.designations))
        });
        let [off, on] = both.each_ref().map(|validator| ask(validator, stage, &case, &mut known).verdict);
        let told = |verdict: &Verdict| {
            format!(
                "case {number} of {seed:x}: {:?} {:?} {:?}",
                SETTINGS[case.settings], case.designations, verdict.findings
            )
        };
        for (mode, verdict) in [(Mode::Standard, &off), (Mode::CommonCriteria, &on)] {
            check(&case, stage, mode, verdict).unwrap_or_else(|rule| panic!("{rule}: {}", told(verdict)));
        }
        // DT-6. A run that gave up may have given up before it found what the other one found (ARCHITECTURE.md).
        let gave_up =
            off.findings.iter().any(|one| one.finding.code == engine::finding::Code::BudgetExceeded);
        let decisions = [&off, &on].map(|verdict| verdict.decision == Decision::Allow);
        assert!(gave_up || decisions[0] || !decisions[1], "DT-6: {} {}", told(&off), told(&on));
        allowed.iter_mut().zip(decisions).for_each(|(count, allows)| *count += u64::from(allows));
    }
    allowed
}
