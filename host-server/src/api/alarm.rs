//! Alarms: listed, shown, answered. An answer is audited where it is made; what it keeps from being told the engine
//! says.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, Problem, of_storage};
use super::extract::{Body, InPath, InQuery};
use crate::alarm::document::{EventDetails, ExpiryDetails};
use crate::cli::question::{moment, shown};
use crate::storage::{Alarm, AlarmFilter, AlarmState, Answer, AnswerFault};

/// The most alarms in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;
/// The longest time for which an alarm can be put off, in seconds: a year.
const LONGEST_SNOOZE: i64 = 366 * 24 * 60 * 60;

/// An alarm.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AlarmDocument {
    /// The same on every channel, however often it is sent.
    id: String,
    /// Its kind, such as `expiry.last-day`.
    kind: String,
    /// `critical`, `error`, `warning` or `notice`.
    severity: String,
    /// What became of it.
    state: StateWord,
    /// When it was raised.
    raised_at: String,
    /// It is not told again before this moment.
    snoozed_until: Option<String>,
    /// When it was answered last.
    answered_at: Option<String>,
    /// By whom: an account, or `monitor` where the matter is over; null where nobody answered.
    answered_by: Option<String>,
    /// What it is about, in words.
    subject: String,
    /// The certificate that expires; null where the alarm is about something else.
    certificate: Option<ExpiryDetails>,
    /// What happened; null where something expires.
    event: Option<EventDetails>,
}

/// A page of alarms.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlarmPage {
    /// The newest first.
    items: Vec<AlarmDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// What became of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateWord {
    /// Somebody knows.
    Acknowledged,
    /// Nobody answered yet, or only put it off.
    Open,
    /// It is over, or another one took its place.
    Resolved,
}

/// Which alarms, and which part of the list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlarmQuery {
    /// In this state.
    #[param(inline)]
    state: Option<StateWord>,
    /// Of this kind, such as `expiry.expired`.
    kind: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// An answer to an alarm.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AlarmAnswer {
    /// What is answered.
    answer: AnswerWord,
    /// With `snooze`: not told again before this moment (RFC 3339), within a year.
    until: Option<String>,
}

/// Answers to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerWord {
    /// Known: told again only when it comes further.
    Acknowledge,
    /// It is over. Where it is not, it is told again when it is due.
    Resolve,
    /// Not told again before a moment.
    Snooze,
}

/// The alarms, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/alarms",
    operation_id = "alarms",
    tag = "monitoring",
    params(AlarmQuery),
    responses(
        (status = 200, description = "A page of alarms.", body = AlarmPage),
        (status = 422, description = "`after` is not the `next` of a page.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn alarms(
    State(app): State<Shared>,
    InQuery(query): InQuery<AlarmQuery>,
) -> Result<Json<AlarmPage>, ApiError> {
    let after = query.after.as_deref().map(|text| cursor(text).ok_or_else(|| unusable("after", NEXT)));
    let filter = AlarmFilter {
        state: query.state.map(state),
        code: query.kind.filter(|kind| !kind.is_empty()),
        after: after.transpose()?,
    };
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let mut found = app.storage.alarms(&filter, most.saturating_add(1)).await.map_err(of_storage)?;
    let more = found.len() > usize::try_from(most).unwrap_or(1);
    found.truncate(usize::try_from(most).unwrap_or(1));
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.raised_at, last.id));
    Ok(Json(AlarmPage { items: found.into_iter().map(AlarmDocument::of).collect(), next }))
}

/// One alarm.
#[utoipa::path(
    get,
    path = "/api/v1/alarms/{id}",
    operation_id = "alarm",
    tag = "monitoring",
    params(("id" = String, Path, description = "The alarm's number.")),
    responses((status = 200, description = "The alarm.", body = AlarmDocument))
)]
pub(super) async fn alarm(
    State(app): State<Shared>,
    InPath(id): InPath<String>,
) -> Result<Json<AlarmDocument>, ApiError> {
    let found = app.storage.alarm(&id).await.map_err(of_storage)?;
    found.map(|alarm| Json(AlarmDocument::of(alarm))).ok_or_else(|| of_answer(AnswerFault::Missing))
}

/// Answers an alarm.
#[utoipa::path(
    patch,
    path = "/api/v1/alarms/{id}",
    operation_id = "answer-alarm",
    tag = "monitoring",
    params(("id" = String, Path, description = "The alarm's number.")),
    request_body(content = AlarmAnswer, description = "The answer."),
    responses(
        (status = 200, description = "It was answered.", body = AlarmDocument),
        (status = 409, description = "It is resolved already.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn answer(
    State(app): State<Shared>,
    called: Called,
    InPath(id): InPath<String>,
    Body(given): Body<AlarmAnswer>,
) -> Result<Json<AlarmDocument>, ApiError> {
    let (by, now) = called.by();
    let answer = read(&given, now)?;
    let answered = app.storage.answer_alarm(&id, answer, (by, now)).await.map_err(of_answer)?;
    Ok(Json(AlarmDocument::of(answered)))
}

fn read(given: &AlarmAnswer, now: i64) -> Result<Answer, ApiError> {
    match (given.answer, &given.until) {
        (AnswerWord::Acknowledge, None) => Ok(Answer::Acknowledge),
        (AnswerWord::Resolve, None) => Ok(Answer::Resolve),
        (AnswerWord::Snooze, Some(text)) => {
            let until = moment(text).map_err(|expected| unusable("until", expected))?;
            let longest = now.saturating_add(LONGEST_SNOOZE);
            if until <= now || until > longest {
                let expected =
                    format!("expected a moment after {} and not after {}", shown(now), shown(longest));
                return Err(unusable("until", expected));
            }
            Ok(Answer::Snooze(until))
        }
        _ => Err(unusable("until", "expected a moment with `snooze`, and with nothing else")),
    }
}

const NEXT: &str = "expected the `next` of a page";

fn cursor(text: &str) -> Option<(i64, String)> {
    let (raised_at, id) = text.split_once('.')?;
    let known = id.len() == 32 && id.bytes().all(|octet| octet.is_ascii_hexdigit());
    raised_at.parse().ok().filter(|_| known).map(|raised_at| (raised_at, id.to_owned()))
}

fn unusable(input: &str, expected: impl Into<std::borrow::Cow<'static, str>>) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn of_answer(fault: AnswerFault) -> ApiError {
    let detail = fault.to_string();
    match fault {
        AnswerFault::Missing => ApiError::new(StatusCode::NOT_FOUND, "alarm.missing", detail),
        AnswerFault::Resolved => ApiError::new(StatusCode::CONFLICT, "alarm.resolved", detail),
        AnswerFault::Storage(fault) => of_storage(fault),
    }
}

impl AlarmDocument {
    /// The document of an alarm, as the API shows it and webhooks are sent it.
    #[must_use]
    pub fn of(alarm: Alarm) -> Self {
        Self {
            certificate: serde_json::from_str(&alarm.document).ok(),
            event: serde_json::from_str(&alarm.document).ok(),
            id: alarm.id,
            kind: alarm.code,
            severity: alarm.severity.word().to_owned(),
            state: match alarm.state {
                AlarmState::Acknowledged => StateWord::Acknowledged,
                AlarmState::Open => StateWord::Open,
                AlarmState::Resolved => StateWord::Resolved,
            },
            raised_at: shown(alarm.raised_at),
            snoozed_until: alarm.snoozed_until.map(shown),
            answered_at: alarm.answered_at.map(shown),
            answered_by: Some(alarm.answered_by).filter(|by| !by.is_empty()),
            subject: alarm.subject,
        }
    }
}

fn state(word: StateWord) -> AlarmState {
    match word {
        StateWord::Acknowledged => AlarmState::Acknowledged,
        StateWord::Open => AlarmState::Open,
        StateWord::Resolved => AlarmState::Resolved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answer: AnswerWord, until: Option<&str>) -> Result<Answer, String> {
        let given = AlarmAnswer { answer, until: until.map(str::to_owned) };
        read(&given, 0).map_err(|error| error.code().to_owned())
    }

    #[test]
    fn only_a_snooze_has_an_end_and_that_lies_within_a_year() {
        let refused = Err("request.value".to_owned());
        assert_eq!(asked(AnswerWord::Acknowledge, None), Ok(Answer::Acknowledge));
        assert_eq!(asked(AnswerWord::Acknowledge, Some("1970-01-02T00:00:00Z")), refused);
        assert_eq!(asked(AnswerWord::Snooze, None), refused);
        assert_eq!(asked(AnswerWord::Snooze, Some("tomorrow")), refused);
        assert_eq!(asked(AnswerWord::Snooze, Some("1970-01-01T00:00:00Z")), refused);
        assert_eq!(asked(AnswerWord::Snooze, Some("1970-01-01T00:00:01Z")), Ok(Answer::Snooze(1)));
        assert_eq!(
            asked(AnswerWord::Snooze, Some("1971-01-02T00:00:00Z")),
            Ok(Answer::Snooze(LONGEST_SNOOZE))
        );
        assert_eq!(asked(AnswerWord::Snooze, Some("1971-01-02T00:00:01Z")), refused);
    }

    #[test]
    fn a_cursor_is_one_of_ours() {
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(cursor(&format!("7.{id}")), Some((7, id.to_owned())));
        for none in
            ["", "7", "7.", &format!("x.{id}"), &format!("7.{id}0"), "7.x123456789abcdef0123456789abcdef"]
        {
            assert_eq!(cursor(none), None, "{none}");
        }
    }
}
