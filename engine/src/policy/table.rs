//! The decision table of a document: what follows from each answer about revocation that can be believed, by source,
//! trust model and place in the path (D-1 to D-4, D-7; R-CC-1 to R-CC-6). The rows go through the functions that decide
//! about certificates; nothing is decided again here, and no certificate is looked at.

use super::custom::row::{Concerned, OwnRules, own_rules, steps};
use super::status::{is_unchecked, observe};
use crate::budget::Budget;
use crate::finding::{Code, Findings, Severity};
use crate::revocation::certificate_status::{Reach, status_of};
use crate::revocation::freshness::{BoundedBy, FreshnessBound};
use crate::revocation::ocsp_check::Issuance;
use crate::revocation::record::{Acceptance, CertificateStatus, CheckOutcome, StatusCheck, TrustModel};
use crate::revocation::undetermined::UndeterminedReason;
use crate::revocation::{Revocation, RevocationReason, RevocationStatus};
use crate::settings::Settings;
use crate::settings::revocation::StatusSource;
use crate::time::Instant;

/// What may come of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked,
    /// Revoked for a time.
    OnHold,
    /// A responder does not know the certificate. No CRL says so.
    Unknown,
    /// Nothing usable.
    Nothing,
}

/// One row: an answer about one certificate of a path. Of the others the issuing authority's responder says good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Place of the certificate in the path; 0 is the target, 1 an issuer below the anchor.
    pub position: usize,
    /// The source.
    pub source: StatusSource,
    /// By which model its signer is accepted.
    pub model: TrustModel,
    /// What it says.
    pub answer: Answer,
    /// Whether the settings ask this source about this certificate. What is supplied is looked at all the same.
    pub is_asked: bool,
    /// The status that follows.
    pub status: RevocationStatus,
    /// What is observed, and how much it weighs.
    pub findings: Vec<(Code, Severity)>,
    /// What own rules do where that allows a path; they are asked about no other.
    pub rules: OwnRules,
}

impl Row {
    /// Whether a path is allowed, as far as revocation goes.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.findings.iter().all(|(_, severity)| *severity != Severity::Deny)
    }
}

/// The models by which the signers of each source are accepted.
const SIGNERS: [(StatusSource, TrustModel); 5] = [
    (StatusSource::Ocsp, TrustModel::IssuingAuthority),
    (StatusSource::Ocsp, TrustModel::Delegate),
    (StatusSource::Ocsp, TrustModel::Designated),
    (StatusSource::Crl, TrustModel::IssuingAuthority),
    (StatusSource::Crl, TrustModel::CrlIssuer),
];
const ANSWERS: [Answer; 5] =
    [Answer::Good, Answer::Revoked, Answer::OnHold, Answer::Unknown, Answer::Nothing];

/// Every row of a question for `purpose`, in a fixed order: target before issuer, then by source, model and answer.
#[must_use]
pub fn decision_table(settings: &Settings, purpose: Option<&str>) -> Vec<Row> {
    let (mut rows, mut budget) = (Vec::new(), steps());
    for position in 0..2 {
        for (source, model) in SIGNERS {
            for answer in ANSWERS {
                if source == StatusSource::Ocsp || answer != Answer::Unknown {
                    let asked = Asked { settings, purpose, position };
                    rows.push(row(asked, (source, model), answer, &mut budget));
                }
            }
        }
    }
    rows
}

/// What a row is about, whatever the answer.
#[derive(Clone, Copy)]
struct Asked<'a> {
    settings: &'a Settings,
    purpose: Option<&'a str>,
    position: usize,
}

fn row(
    Asked { settings, purpose, position }: Asked<'_>,
    (source, model): (StatusSource, TrustModel),
    answer: Answer,
    budget: &mut Budget,
) -> Row {
    let good =
        || status(settings, 0, check((StatusSource::Ocsp, TrustModel::IssuingAuthority), Answer::Good));
    let concerned = status(settings, position, check((source, model), answer));
    let is_asked = Reach::of(position, &settings.revocation) == Reach::Ask
        && settings.revocation.sources.contains(&source);
    let (status, other) = (concerned.clone(), good());
    let statuses = if position == 0 { [concerned, good()] } else { [good(), concerned] };
    let mut findings = Findings::new(&settings.levels);
    for (code, details) in statuses.iter().flat_map(observe) {
        findings.report(code, None, details);
    }
    if is_unchecked(&statuses, settings.revocation.depth) {
        findings.report(Code::RevocationNotChecked, None, Vec::new());
    }
    let findings = findings.into_list().into_iter().map(|finding| (finding.code, finding.severity)).collect();
    let rules = OwnRules::Pass;
    let mut row =
        Row { position, source, model, answer, is_asked, status: status.status.clone(), findings, rules };
    if row.is_allowed() {
        let concerned = Concerned { position, status: &status, other: &other };
        row.rules = own_rules(settings, purpose, concerned, budget);
    }
    row
}

fn status(settings: &Settings, position: usize, check: StatusCheck) -> CertificateStatus {
    let checks = vec![check];
    let (status, conflict) = status_of(&checks, Reach::of(position, &settings.revocation), settings);
    CertificateStatus { status, checks, conflict, responder_unchecked: None, fresh_until: None }
}

fn check((source, model): (StatusSource, TrustModel), answer: Answer) -> StatusCheck {
    let at = Instant::from_unix(0);
    let revoked = |reason| CheckOutcome::Revoked(Revocation { at, reason });
    let outcome = match answer {
        Answer::Good => CheckOutcome::Good,
        Answer::Revoked => revoked(None),
        Answer::OnHold => revoked(Some(RevocationReason::CertificateHold)),
        Answer::Unknown => CheckOutcome::Unknown,
        Answer::Nothing => CheckOutcome::Nothing(UndeterminedReason::NothingAtHand),
    };
    let acceptance = (answer != Answer::Nothing).then(|| Box::new(accepted_by(model, at)));
    StatusCheck { acceptance, ..StatusCheck::of(source, outcome) }
}

/// Only the model bears on what follows; the rest says who it was.
fn accepted_by(model: TrustModel, at: Instant) -> Acceptance {
    Acceptance {
        model,
        delegated_refused: None,
        signer: [0; 32],
        signer_subject: String::new(),
        this_update: at,
        produced_at: None,
        fresh_until: FreshnessBound { until: at, by: BoundedBy::MaximumAge },
        issuance: Issuance::NotStated,
        extensions: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Mode;
    use crate::settings::document::parse_in_mode;

    fn table(document: &str, mode: Mode) -> Vec<Row> {
        decision_table(&parse_in_mode(document, mode).unwrap(), None)
    }

    fn allowed(document: &str, mode: Mode, position: usize, answer: Answer) -> Vec<bool> {
        let rows = table(document, mode).into_iter();
        rows.filter(|row| row.position == position && row.answer == answer)
            .map(|row| row.is_allowed())
            .collect()
    }

    // R-CC-1, R-CC-2, R-CC-4
    #[test]
    fn the_table_of_the_reference_documents() {
        for position in 0..2 {
            for answer in [Answer::Revoked, Answer::OnHold] {
                for mode in [Mode::Standard, Mode::CommonCriteria] {
                    assert_eq!(allowed("", mode, position, answer), [false; 5]);
                }
            }
            assert_eq!(allowed("", Mode::Standard, position, Answer::Unknown), [true; 3]);
            assert_eq!(allowed("", Mode::CommonCriteria, position, Answer::Unknown), [false; 3]);
            assert_eq!(allowed("", Mode::Standard, position, Answer::Nothing), [true; 5]);
            assert_eq!(allowed("", Mode::CommonCriteria, position, Answer::Nothing), [false; 5]);
            assert_eq!(allowed("", Mode::CommonCriteria, position, Answer::Good), [true; 5]);
        }
    }

    #[test]
    fn depth_and_sources_say_who_is_asked() {
        let asked = |document: &str| -> Vec<(usize, StatusSource)> {
            let mut asked: Vec<_> = table(document, Mode::Standard)
                .into_iter()
                .filter(|row| row.is_asked)
                .map(|row| (row.position, row.source))
                .collect();
            asked.dedup();
            asked
        };
        let (ocsp, crl) = (StatusSource::Ocsp, StatusSource::Crl);
        assert_eq!(asked(""), [(0, ocsp), (0, crl)]);
        assert_eq!(asked("revocation.sources = [\"crl\"]\nrevocation.depth = \"all\""), [(0, crl), (1, crl)]);
        assert_eq!(asked("revocation.sources = []"), []);
        let leaf = table("", Mode::Standard);
        let issuer = leaf.iter().find(|row| row.position == 1 && row.answer == Answer::Nothing).unwrap();
        assert_eq!(issuer.status, RevocationStatus::NotAsked);
    }

    // of a designated responder alone, good settles nothing in the newest profile.
    #[test]
    fn the_trust_model_matters_where_the_settings_say_so() {
        let good = |document: &str| allowed(document, Mode::Standard, 0, Answer::Good);
        assert_eq!(good("profile = \"ndcpp-4.0\""), [true, true, false, true, true]);
        assert_eq!(good("profile = \"ndcpp-3.0e\""), [true; 5]);
    }

    /// What own rules do, for the answers good, revoked, on hold, unknown and nothing about the target, from OCSP.
    fn ruled(when: &str, purpose: Option<&str>) -> String {
        let rules = |position: usize| {
            let document = format!(
                "[[rules]]\nid = \"r\"\nwhen = '''{when}'''\neffect = \"deny\"\nmessage = \"m\"\n{}",
                if when.contains("position") { "each = \"certificate\"\n" } else { "" }
            );
            let settings = parse_in_mode(&document, Mode::Standard).unwrap();
            let rows = decision_table(&settings, purpose);
            let of_one = rows.into_iter().filter(move |row| {
                row.position == position
                    && row.model == TrustModel::Delegate
                    && row.source == StatusSource::Ocsp
            });
            of_one
                .map(|row| match (row.is_allowed(), row.rules) {
                    (false, _) => '-',
                    (true, OwnRules::Deny) => 'd',
                    (true, OwnRules::MayDeny) => '?',
                    (true, OwnRules::Pass) => 'p',
                })
                .collect::<String>()
        };
        format!("{} {}", rules(0), rules(1))
    }

    /// Good, revoked, on hold, unknown, nothing: of the target, then of an issuer.
    #[test]
    fn own_rules_are_judged_as_far_as_a_row_goes() {
        for (when, expected) in [
            ("status[0].status != 'good'", "p--dd p--pp"),
            ("status.exists(s, s.status == 'unknown')", "p--dp p--dp"),
            ("status[position].status == 'unknown'", "p--dp p--dp"),
            ("position == 0 && status[0].status == 'undetermined'", "p--pd p--pp"),
            ("mode == 'common-criteria'", "p--pp p--pp"),
            ("mode == 'standard'", "d--dd d--dd"),
            ("purpose == 'server-auth'", "p--pp p--pp"),
            // facts that no row knows
            ("target.key.bits < 3072", "?--?? ?--??"),
            ("status[0].status == 'unknown' && target.key.bits < 3072", "p--?p p--pp"),
            ("status[0].status == 'unknown' || target.self_issued", "?--d? ?--??"),
            ("size(status) > 3", "?--?? ?--??"),
            ("status[1].status == 'not-asked'", "?--?? ?--??"),
            ("position > 3", "?--?? ?--??"),
            ("position > 2 && mode == 'common-criteria'", "p--pp p--pp"),
            ("has(status[0].model) && status[0].model == 'delegate'", "d--dp p--pp"),
        ] {
            assert_eq!(ruled(when, None), expected, "{when}");
        }
        assert_eq!(ruled("purpose == 'server-auth'", Some("server-auth")), "d--dd d--dd");
        assert_eq!(ruled("purpose == 'server-auth'", Some("client-auth")), "p--pp p--pp");
    }

    #[test]
    fn a_rule_that_only_warns_refuses_no_row_unless_its_level_does() {
        let of = |levels: &str| {
            let rule = "[[rules]]\nid = \"r\"\nwhen = \"mode == 'standard'\"\neffect = \"warn\"\nmessage = \"m\"\n\
                        purposes = [\"server-auth\"]\n";
            let settings = parse_in_mode(&format!("{levels}{rule}"), Mode::Standard).unwrap();
            let said = |purpose| decision_table(&settings, purpose)[0].rules;
            (said(None), said(Some("server-auth")))
        };
        assert_eq!(of(""), (OwnRules::Pass, OwnRules::Pass));
        let denied = "[levels]\n\"custom.warned\" = \"deny\"\n";
        assert_eq!(of(denied), (OwnRules::Pass, OwnRules::Deny));
    }

    #[test]
    fn nothing_is_asked_and_the_settings_may_refuse_that() {
        let document = "revocation.sources = []\n[levels]\n\"revocation.not-checked\" = \"deny\"\n";
        assert_eq!(allowed(document, Mode::Standard, 0, Answer::Nothing), [false; 5]);
        assert_eq!(allowed(document, Mode::Standard, 0, Answer::Good), [true; 5]);
    }
}
