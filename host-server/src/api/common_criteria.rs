//! What turning Common Criteria mode on would break today: every certificate that proves who we are, and every one that
//! lies in a store and is no authority, judged twice with what was recorded, nothing fetched and nothing changed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::error::{ApiError, Problem, of_storage};
use super::extract::InQuery;
use super::management::cluster;
use crate::alarm::document::{self, PlaceDetails};
use crate::cli::question::shown;
use crate::cli::{console, said};
use crate::component::contract::verdict::{Decision, Severity, Verdict};
use crate::component::pool::Unanswered;
use crate::decide::both::{Asking, Both, Unjudged};
use crate::decide::{Believed, Decider, Undecided};
use crate::storage::{Filter, Fingerprint, KeptCertificate, Query, Usage};

/// The most certificates in one answer, and how many there are where nobody says.
const MOST: u16 = 200;
const USUAL: u16 = 100;
/// No answer takes much longer; it then ends sooner, and says where the next begins.
const LONGEST: Duration = Duration::from_secs(20);
/// Places that are told of a certificate.
const PLACES: u32 = 100;
/// Reasons that are told of a certificate.
const REASONS: usize = 32;

/// What Common Criteria mode would change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CommonCriteriaDocument {
    /// The moment for which it was judged.
    at: String,
    /// Certificates that were judged, on this page. One that lies in several slots or stores is judged for each.
    judged: u32,
    /// Those that are allowed as the policy is written and denied in the mode.
    flips: Vec<FlipDocument>,
    /// How many are denied either way.
    denied: u32,
    /// How many could not be judged: their store cannot be decided by, or the engine gave no answer.
    unjudged: u32,
    /// For how many of those that were judged nothing is recorded.
    without_evidence: u32,
    /// Lists above 1 MiB that were accepted for those that were judged and are not recorded.
    too_large: u32,
    /// thisUpdate of the oldest evidence there was.
    oldest_evidence: Option<String>,
    /// thisUpdate of the newest.
    newest_evidence: Option<String>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// A certificate that is allowed as the policy is written and denied in the mode.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FlipDocument {
    /// `identity` or `trust`.
    kind: String,
    /// The slot or store for which it was judged.
    room: String,
    /// SHA-256 of it, in hexadecimal.
    fingerprint: String,
    /// Its subject.
    subject: String,
    /// Where it lies in that slot or store.
    places: Vec<PlaceDetails>,
    /// What denies it in the mode.
    reasons: Vec<FlipReason>,
}

/// What denies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlipReason {
    /// A stable code, such as `revocation.undetermined`.
    code: String,
    /// The same for people.
    sentence: String,
}

/// Which part of the certificates.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CommonCriteriaQuery {
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// What turning Common Criteria mode on would break today.
///
/// Certificates in slots, and after them those in stores that are no authorities, are judged at this moment by this node's
/// stores, once under the policy as it is written and once in the mode, with the OCSP responses and lists that were accepted
/// when a decision or a check fetched them last. Nothing is fetched. A certificate in a store is judged as one that its
/// issuer there vouches for, and as itself where none is there. What has lapsed since, or was never recorded, is
/// undetermined, which the mode denies: such a flip has the code `revocation.undetermined`. A nonce of a recorded response
/// is not compared; where the policy requires one, no recorded response counts.
#[utoipa::path(
    get,
    path = "/api/v1/weather/common-criteria",
    operation_id = "common-criteria-weather",
    tag = "monitoring",
    params(CommonCriteriaQuery),
    responses(
        (status = 200, description = "What would change, a page of certificates at a time.", body = CommonCriteriaDocument),
        (status = 422, description = "`after` is not the `next` of a page.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn common_criteria(
    State(app): State<Shared>,
    InQuery(query): InQuery<CommonCriteriaQuery>,
) -> Result<Json<CommonCriteriaDocument>, ApiError> {
    let begun = Instant::now();
    let after = query.after.as_deref().map(|text| cursor(text).ok_or_else(unusable)).transpose()?;
    let after = after.as_ref().map(|(usage, room, fingerprint)| (*usage, room.as_str(), *fingerprint));
    let most = usize::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let page = i64::try_from(most).unwrap_or(1).saturating_add(1);
    let kept = app.storage.kept_leaves(after, page).await.map_err(of_storage)?;
    let asking = asking(&app).await?;
    let uses = cluster::uses(&app).await?;
    let mut counted = CommonCriteriaDocument { at: shown(asking.at), ..CommonCriteriaDocument::default() };
    let mut span = None;
    for (place, certificate) in kept.iter().enumerate() {
        if place >= most || (place > 0 && begun.elapsed() > LONGEST) {
            counted.next = place.checked_sub(1).and_then(|last| kept.get(last)).map(next);
            break;
        }
        let believed = believed(certificate, uses.store_of(&certificate.room));
        let Some(both) = judged(&asking, certificate, &believed).await? else {
            counted.unjudged = counted.unjudged.saturating_add(1);
            continue;
        };
        if count(&mut counted, &mut span, &both) {
            counted.flips.push(flip(&app, certificate, &both.in_mode).await?);
        }
    }
    counted.oldest_evidence = span.map(|(oldest, _)| shown(oldest));
    counted.newest_evidence = span.map(|(_, newest)| shown(newest));
    Ok(Json(counted))
}

async fn asking(app: &Shared) -> Result<Asking, ApiError> {
    let known = *app.storage.watch().borrow();
    let Some(snapshot) = app.trusted.current(known).await else {
        let detail = "the state could not be loaded, so nothing can be decided by it; the log says why";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "server.not-ready", detail));
    };
    let decider = app.decider();
    // whoever waits for a decision goes before, and what would be is no decision
    let decider = Decider {
        pool: decider.pool.in_background(),
        fetcher: None,
        recorder: None,
        comparer: None,
        ..decider
    };
    Ok(Asking {
        storage: app.storage.clone(),
        decider,
        snapshot: Arc::clone(&snapshot),
        at: console::clock(),
    })
}

/// Whom a certificate is judged by; nobody where its store is not known.
fn believed(certificate: &KeptCertificate, store: Option<&str>) -> Vec<Believed> {
    match certificate.usage {
        Usage::Identity => store.map(|store| Believed::Store(store.to_owned())).into_iter().collect(),
        Usage::Trust => {
            let room = || certificate.room.clone();
            vec![Believed::StoreBeside(room()), Believed::Store(room())]
        }
    }
}

/// `None` where there are no verdicts.
async fn judged(
    asking: &Asking,
    certificate: &KeptCertificate,
    believed: &[Believed],
) -> Result<Option<Both>, ApiError> {
    let has = |store: &Believed| match store {
        Believed::Store(name) | Believed::StoreBeside(name) => asking.snapshot.has(name),
        Believed::Anchors(_) => true,
    };
    if !believed.iter().all(has) {
        return Ok(None);
    }
    match asking.judge(certificate, believed).await {
        Ok(both) => Ok(both),
        Err(Unjudged::Storage(fault)) => Err(of_storage(fault)),
        Err(Unjudged::Undecided(Undecided::Unanswered(Unanswered::Overloaded))) => {
            Err(Unanswered::Overloaded.into())
        }
        Err(Unjudged::Undecided(undecided)) => {
            let fingerprint = HEXLOWER.encode(&certificate.fingerprint);
            tracing::warn!(fingerprint, %undecided, "a certificate could not be judged for another mode");
            Ok(None)
        }
    }
}

/// Counts what was judged; whether it flips.
fn count(counted: &mut CommonCriteriaDocument, span: &mut Option<(i64, i64)>, both: &Both) -> bool {
    counted.judged = counted.judged.saturating_add(1);
    let left_out = both.evidence.iter().filter(|one| one.body.is_none()).count();
    counted.too_large = counted.too_large.saturating_add(u32::try_from(left_out).unwrap_or(u32::MAX));
    if left_out == both.evidence.len() {
        counted.without_evidence = counted.without_evidence.saturating_add(1);
    }
    for moment in both.evidence.iter().filter(|one| one.body.is_some()).filter_map(|one| one.this_update) {
        let (oldest, newest) = span.unwrap_or((moment, moment));
        *span = Some((oldest.min(moment), newest.max(moment)));
    }
    match (both.as_written.decision, both.in_mode.decision) {
        (Decision::Allow, Decision::Deny) => true,
        (Decision::Allow, Decision::Allow) => false,
        // nothing that is denied without the mode is allowed in it (DT-6)
        (Decision::Deny, _) => {
            counted.denied = counted.denied.saturating_add(1);
            false
        }
    }
}

async fn flip(
    app: &Shared,
    certificate: &KeptCertificate,
    in_mode: &Verdict,
) -> Result<FlipDocument, ApiError> {
    let filter = Filter {
        fingerprint: Some(certificate.fingerprint),
        usage: Some(certificate.usage),
        room: Some(certificate.room.clone()),
        ..Filter::default()
    };
    let found = app.storage.list(&Query { filter, size: PLACES, ..Query::default() }).await;
    let entries = found.map_err(|fault| ApiError::fault(format!("{fault:?}")))?.entries;
    let subject = entries.first().map(|entry| entry.facts.subject.clone()).unwrap_or_default();
    Ok(FlipDocument {
        kind: certificate.usage.word().to_owned(),
        room: certificate.room.clone(),
        fingerprint: HEXLOWER.encode(&certificate.fingerprint),
        subject,
        places: entries.iter().map(document::place).collect(),
        reasons: reasons(in_mode),
    })
}

fn reasons(verdict: &Verdict) -> Vec<FlipReason> {
    let denies = verdict.findings.iter().filter(|finding| finding.severity == Severity::Deny);
    let mut known = BTreeSet::new();
    let told =
        denies.map(|finding| FlipReason { code: finding.code.clone(), sentence: said::finding(finding) });
    told.filter(|reason| known.insert((reason.code.clone(), reason.sentence.clone()))).take(REASONS).collect()
}

fn next(last: &KeptCertificate) -> String {
    format!("{}.{}.{}", last.usage.word(), HEXLOWER.encode(&last.fingerprint), last.room)
}

fn cursor(text: &str) -> Option<(Usage, String, Fingerprint)> {
    let (usage, rest) = text.split_once('.')?;
    let (fingerprint, room) = rest.split_once('.')?;
    let fingerprint = HEXLOWER.decode(fingerprint.as_bytes()).ok()?.try_into().ok()?;
    Some((Usage::from_word(usage)?, room.to_owned(), fingerprint))
}

fn unusable() -> ApiError {
    let expected = "expected the `next` of a page";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about("after")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_the_next_begins() {
        for room in ["tomcat", "with.dots", ""] {
            let last = KeptCertificate {
                usage: Usage::Trust,
                room: room.to_owned(),
                fingerprint: [0xab; 32],
                der: Vec::new(),
            };
            assert_eq!(cursor(&next(&last)), Some((Usage::Trust, room.to_owned(), [0xab; 32])));
        }
        for wrong in ["", "trust", "trust.ab.tomcat", "other.ab.tomcat", "trust..x"] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
    }
}
