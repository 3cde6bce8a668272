//! The candidate policy: proposed, looked at, promoted and dropped. It is held to everything that the policy in force is
//! held to, and decides nothing. It comes into force by promotion alone: as it was looked at, in the place of the policy
//! that it was compared with, and by the same checks as any other.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::{self, PolicyForm, PolicyOutcome, RestartAdvice, Written};
use super::{TRIES, Terms, WriteQuery, answer, commit, conflict};
use crate::api::Shared;
use crate::api::access::Called;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::InQuery;
use crate::api::version::{IfMatch, stale};
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::storage::{CandidateCounts, CandidatePolicy, Change, Version};

/// How the candidate stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateStanding {
    /// The number of the policy in force; null where the defaults hold.
    active: Option<i64>,
    /// The candidate; null where there is none.
    #[schema(required)]
    candidate: Option<CandidateDocument>,
}

/// A policy document that decides nothing: every decision is judged by it besides, and what would be another is counted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateDocument {
    /// Its version, which no other candidate ever has: what `If-Match` names.
    version: i64,
    /// The document (TOML), as it was written.
    document: String,
    /// When it was proposed.
    proposed_at: String,
    /// By whom.
    proposed_by: String,
    /// The number of the policy in force at that time; null where the defaults held.
    against: Option<i64>,
    /// It is in force no longer: later decisions were compared with another policy than earlier ones.
    active_changed: bool,
    /// When it was last written down what came of it, by any node; null where nothing was.
    noted_at: Option<String>,
    /// What came of it, of all nodes together.
    total: ComparisonCounts,
    /// The same by purpose.
    purposes: Vec<PurposeCounts>,
}

/// What came of a candidate for one purpose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PurposeCounts {
    /// Its name; null for questions without one.
    purpose: Option<String>,
    /// How many.
    counts: ComparisonCounts,
}

/// How many decisions would have been others. Each counts under one beside `compared`.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ComparisonCounts {
    /// All that were judged under the candidate: those below without `undecided` and `dropped`.
    compared: i64,
    /// Those that stay as they were.
    same: i64,
    /// The same decision, with something else that is another, such as a new warning.
    otherwise: i64,
    /// Allowed, and denied under the candidate.
    allow_to_deny: i64,
    /// Denied, and allowed under the candidate.
    deny_to_allow: i64,
    /// The candidate asks for evidence that was not at hand; nothing is fetched for it, so what it would decide is not known.
    asks_for_more: i64,
    /// The question is none under the candidate: it has no such purpose, say.
    cannot_be_asked: i64,
    /// They could not be judged.
    undecided: i64,
    /// They found no room to wait in, or no time before a server stopped.
    dropped: i64,
}

/// What became of a proposal.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateOutcome {
    /// It is the candidate; false for a dry run.
    applied: bool,
    /// Its version; null for a dry run.
    version: Option<i64>,
    /// Everything that it says, and every default beside it, as one document (TOML).
    settings: String,
    /// What would have to be restarted were it in force.
    advice: Vec<RestartAdvice>,
}

/// How a promotion is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PromotionQuery {
    /// Show what would be done, and change nothing.
    #[serde(default, deserialize_with = "super::switch")]
    #[param(value_type = bool, required = false)]
    dry_run: bool,
    /// The number of the policy in force that it replaces, where that is another than it was proposed against.
    replaces: Option<i64>,
}

/// The candidate, and what came of it so far.
#[utoipa::path(
    get,
    path = "/api/v1/policies/candidate",
    operation_id = "candidate",
    tag = "decisions",
    responses((status = 200, description = "How it stands; `ETag` is the candidate's version, `\"0\"` where there is none.",
        body = CandidateStanding))
)]
pub(in crate::api) async fn standing(State(app): State<Shared>) -> Result<Response, ApiError> {
    let seen = Seen::look(&app).await?;
    Ok(answer(Version(seen.name()), seen.standing(&app).await?))
}

/// Proposes a policy: from then on every decision is judged by it besides, and none is made by it.
#[utoipa::path(
    put,
    path = "/api/v1/policies/candidate",
    operation_id = "propose-policy",
    tag = "decisions",
    params(WriteQuery, ("If-Match" = Option<String>, Header,
        description = "The version of the candidate that it replaces; `\"0\"` where there is to be none.")),
    request_body(description = "The document.",
        content((PolicyForm = "application/json"), (String = "application/toml"))),
    responses(
        (status = 200, description = "It is the candidate, or could be, and what was counted for another is forgotten; \
            `ETag` is its version, for a dry run that of the candidate there is.", body = CandidateOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The document could not be put in force: `line` and `column` say where, `detail` \
            what was expected. The candidate there is stays.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn propose(
    State(app): State<Shared>,
    terms: Terms,
    Written(text): Written,
) -> Result<Response, ApiError> {
    let (settings, advice) = policy::checked(&app, &text).await?;
    let (who, now) = terms.by.by();
    let details = Details::none().text("document", &text);
    let record = AuditRecord::done(now, who, "policy.proposed", policy::DEPLOYMENT).with_details(details);
    let change = [Change::ProposePolicy { document: text }];
    for _ in 0..TRIES {
        let seen = Seen::look(&app).await?;
        seen.check(terms.seen)?;
        if terms.dry_run {
            let outcome = CandidateOutcome { applied: false, version: None, settings, advice };
            return Ok(answer(Version(seen.name()), outcome));
        }
        if let Some(version) = commit(&app, seen.version, &change, record.clone()).await? {
            let outcome = CandidateOutcome { applied: true, version: Some(version.0), settings, advice };
            return Ok(answer(version, outcome));
        }
    }
    Err(crowded())
}

/// Promotes the candidate: it comes into force, and is no candidate any more.
#[utoipa::path(
    post,
    path = "/api/v1/policies/candidate/promotion",
    operation_id = "promote-policy",
    tag = "decisions",
    params(PromotionQuery, ("If-Match" = String, Header, description = "The version of the candidate that was seen.")),
    responses(
        (status = 200, description = "It is in force, or would be; `ETag` is the version of the state.",
            body = PolicyOutcome),
        (status = 404, description = "There is no candidate.", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "The policy in force is another than it was proposed against, and `replaces` does \
            not name it; or others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The document cannot be put in force any more. It stays the candidate.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn promote(
    State(app): State<Shared>,
    called: Called,
    IfMatch(version): IfMatch,
    InQuery(query): InQuery<PromotionQuery>,
) -> Result<Response, ApiError> {
    let (who, now) = called.by();
    for _ in 0..TRIES {
        let seen = Seen::look(&app).await?;
        let candidate = seen.candidate.as_ref().ok_or_else(none)?;
        seen.check(Some(version))?;
        seen.still_replaces(candidate, query.replaces)?;
        let (settings, advice) = policy::checked(&app, &candidate.document).await?;
        let outcome = PolicyOutcome { applied: !query.dry_run, settings, advice };
        if query.dry_run {
            return Ok(answer(seen.version, outcome));
        }
        let details = seen.details(&app, candidate).await?.text("document", &candidate.document);
        let record = AuditRecord::done(now, who, "policy.promoted", policy::DEPLOYMENT).with_details(details);
        let document = candidate.document.clone();
        let put = Change::PutPolicy { scope: policy::STORED.to_owned(), document };
        // on the version that was looked at: both or neither
        if let Some(version) = commit(&app, seen.version, &[put, Change::DropCandidate], record).await? {
            return Ok(answer(version, outcome));
        }
    }
    Err(crowded())
}

/// Drops the candidate, and what was counted for it.
#[utoipa::path(
    delete,
    path = "/api/v1/policies/candidate",
    operation_id = "drop-candidate",
    tag = "decisions",
    params(("If-Match" = Option<String>, Header, description = "The version of the candidate that was seen.")),
    responses(
        (status = 200, description = "There is none any more.", body = CandidateStanding),
        (status = 404, description = "There is no candidate.", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn drop_candidate(
    State(app): State<Shared>,
    super::Editor(called, super::SeenVersion(version)): super::Editor,
) -> Result<Response, ApiError> {
    let (who, now) = called.by();
    for _ in 0..TRIES {
        let seen = Seen::look(&app).await?;
        let candidate = seen.candidate.as_ref().ok_or_else(none)?;
        seen.check(version)?;
        let details = seen.details(&app, candidate).await?;
        let record = AuditRecord::done(now, who, "policy.dropped", policy::DEPLOYMENT).with_details(details);
        if commit(&app, seen.version, &[Change::DropCandidate], record).await?.is_some() {
            return Ok(answer(Version(0), CandidateStanding { active: seen.active, candidate: None }));
        }
    }
    Err(crowded())
}

/// What was seen of one version of the state.
struct Seen {
    version: Version,
    active: Option<i64>,
    candidate: Option<CandidatePolicy>,
}

impl Seen {
    async fn look(app: &Shared) -> Result<Self, ApiError> {
        // where they are later ones than the version, a change on that version is refused as stale
        let version = app.storage.version().await.map_err(of_storage)?;
        let active = app.storage.active_policy(policy::STORED).await.map_err(of_storage)?;
        let candidate = app.storage.candidate().await.map_err(of_storage)?;
        Ok(Self { version, active: active.map(|active| active.number), candidate })
    }

    /// The version of the candidate; 0 where there is none.
    fn name(&self) -> i64 {
        self.candidate.as_ref().map_or(0, |candidate| candidate.version)
    }

    /// Whether the candidate is the one that was seen before, where that is said.
    fn check(&self, seen: Option<i64>) -> Result<(), ApiError> {
        if seen.is_none_or(|seen| seen == self.name()) { Ok(()) } else { Err(stale()) }
    }

    fn is_against(&self, candidate: &CandidatePolicy) -> bool {
        candidate.against == self.active.unwrap_or(0)
    }

    /// Nobody replaces a policy by a candidate that was compared with another one, unless they say which they replace.
    fn still_replaces(&self, candidate: &CandidatePolicy, replaces: Option<i64>) -> Result<(), ApiError> {
        if self.is_against(candidate) && replaces.is_none() || replaces.is_some() && replaces == self.active {
            return Ok(());
        }
        let active = self.active.unwrap_or(0);
        let detail = format!(
            "the policy in force is number {active}, and the candidate was proposed against number {}: propose it again, \
             or say that it replaces number {active} (`replaces={active}`)",
            candidate.against
        );
        Err(ApiError::new(StatusCode::CONFLICT, "policy.active-changed", detail).about("replaces"))
    }

    async fn standing(&self, app: &Shared) -> Result<CandidateStanding, ApiError> {
        let Some(candidate) = &self.candidate else {
            return Ok(CandidateStanding { active: self.active, candidate: None });
        };
        let (counts, noted_at) = app.storage.candidate_counts(candidate.version).await.map_err(of_storage)?;
        let total = counts.values().fold(CandidateCounts::default(), CandidateCounts::and);
        let purpose = |(purpose, counts): (String, CandidateCounts)| PurposeCounts {
            purpose: Some(purpose).filter(|purpose| !purpose.is_empty()),
            counts: ComparisonCounts::of(&counts),
        };
        let document = CandidateDocument {
            version: candidate.version,
            document: candidate.document.clone(),
            proposed_at: shown(candidate.added_at),
            proposed_by: candidate.added_by.clone(),
            against: Some(candidate.against).filter(|number| *number > 0),
            active_changed: !self.is_against(candidate),
            noted_at: noted_at.map(shown),
            total: ComparisonCounts::of(&total),
            purposes: counts.into_iter().map(purpose).collect(),
        };
        Ok(CandidateStanding { active: self.active, candidate: Some(document) })
    }

    /// What the audit keeps of a candidate that goes: what was known of it then.
    async fn details(&self, app: &Shared, candidate: &CandidatePolicy) -> Result<Details, ApiError> {
        let (counts, _) = app.storage.candidate_counts(candidate.version).await.map_err(of_storage)?;
        let total = counts.values().fold(CandidateCounts::default(), CandidateCounts::and);
        let details =
            Details::none().number("candidate", candidate.version).number("against", candidate.against);
        let details = details.number("compared", total.compared());
        Ok(total.each().into_iter().fold(details, |details, (word, count)| details.number(word, count)))
    }
}

impl ComparisonCounts {
    fn of(counts: &CandidateCounts) -> Self {
        Self {
            compared: counts.compared(),
            same: counts.same,
            otherwise: counts.otherwise,
            allow_to_deny: counts.allow_to_deny,
            deny_to_allow: counts.deny_to_allow,
            asks_for_more: counts.asks_for_more,
            cannot_be_asked: counts.cannot_be_asked,
            undecided: counts.undecided,
            dropped: counts.dropped,
        }
    }
}

fn none() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "policy.no-candidate", "there is no candidate policy; propose one")
}

fn crowded() -> ApiError {
    conflict("others kept changing the state; try again")
}
