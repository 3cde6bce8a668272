//! The certificates that are kept: listed by criteria that all hold (R-SHOW-1 to R-SHOW-3), shown, and downloaded as
//! they came (R-SHOW-11).

use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::answer;
use super::make::{CERTIFICATE, pem};
use crate::api::Shared;
use crate::api::document::{self, Inspection};
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::{InPath, InQuery};
use crate::api::version::tag;
use crate::cli::question::{moment, shown};
use crate::storage::{
    Cursor, Direction, Entry, Filter, Fingerprint, ListFault, NodeFilter, Query, Sort, Usage, Version,
};

/// A certificate in its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct EntryDocument {
    /// SHA-256 of its encoding, in hexadecimal.
    fingerprint: String,
    /// `identity` or `trust`.
    kind: String,
    /// The slot or store.
    room: String,
    /// The node; null for every one.
    node: Option<String>,
    /// Its subject.
    subject: String,
    /// Its common name; empty where it has none.
    common_name: String,
    /// Its serial number, in hexadecimal.
    serial_number: String,
    /// The kind and size of its key, such as `rsa 2048` and `p-256`.
    key_type: String,
    /// When its validity begins.
    not_before: String,
    /// When its validity ends.
    not_after: String,
    /// It belongs to an authority.
    is_authority: bool,
    /// How it came: `copied`, `issued`, `self-signed` or `uploaded`.
    origin: String,
    /// It is not in use before this moment.
    active_from: Option<String>,
    /// What an administrator wrote beside it.
    description: String,
    /// When it was put there.
    added_at: String,
    /// By whom.
    added_by: String,
    /// The version it came with.
    version: i64,
}

/// A page of certificates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertificatePage {
    /// In the order asked for.
    items: Vec<EntryDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// A certificate, where it lies, and everything in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CertificateDocument {
    /// SHA-256 of its encoding, in hexadecimal.
    fingerprint: String,
    /// Where it lies.
    places: Vec<EntryDocument>,
    /// Every field and extension, as the engine describes them.
    #[schema(value_type = Inspection)]
    certificate: Value,
}

/// Criteria, all of which hold, the order, and the page.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CertificateQuery {
    /// The common name contains this, in any case.
    common_name: Option<String>,
    /// The validity ends before this moment (RFC 3339).
    expires_before: Option<String>,
    /// The validity ends after this moment (RFC 3339).
    expires_after: Option<String>,
    /// The key is of this kind and size, such as `rsa 2048`.
    key_type: Option<String>,
    /// Our own, or those that are believed.
    kind: Option<KindWord>,
    /// The slot or store.
    room: Option<String>,
    /// In effect on this node: its own and the cluster's.
    node: Option<String>,
    /// SHA-256 of the encoding, in hexadecimal.
    fingerprint: Option<String>,
    /// What is sorted by.
    #[param(inline)]
    sort: Option<SortWord>,
    /// Which way.
    #[param(inline)]
    direction: Option<DirectionWord>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// What a certificate is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindWord {
    /// It proves who we are.
    Identity,
    /// It is believed.
    Trust,
}

/// Orders of the list.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SortWord {
    /// By common name.
    CommonName,
    /// By the end of the validity.
    Expiry,
    /// By the kind of key.
    KeyType,
    /// Our own before those that are believed.
    Kind,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DirectionWord {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl KindWord {
    pub(super) fn usage(self) -> Usage {
        match self {
            Self::Identity => Usage::Identity,
            Self::Trust => Usage::Trust,
        }
    }
}

/// The certificates that meet every criterion.
#[utoipa::path(
    get,
    path = "/api/v1/certificates",
    operation_id = "certificates",
    tag = "certificates",
    params(CertificateQuery),
    responses(
        (status = 200, description = "A page; `ETag` is the version.", body = CertificatePage),
        (status = 422, description = "A criterion, or `after`, is none.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn certificates(
    State(app): State<Shared>,
    InQuery(query): InQuery<CertificateQuery>,
) -> Result<Response, ApiError> {
    let version = app.storage.version().await.map_err(of_storage)?;
    let page = app.storage.list(&asked(query)?).await.map_err(of_list)?;
    let next = page.next.map(|next| next.as_str().to_owned());
    Ok(answer(version, CertificatePage { items: page.entries.iter().map(entry).collect(), next }))
}

/// How a certificate is downloaded.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DownloadQuery {
    /// The name of the file, for DER and PEM: letters, digits, spaces, `.`, `_` and `-`, and no `.` at the beginning. Where
    /// it is left out, the fingerprint.
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
}

/// A certificate and where it lies; as DER or PEM, octet for octet as it came (R-SHOW-11).
#[utoipa::path(
    get,
    path = "/api/v1/certificates/{fingerprint}",
    operation_id = "certificate",
    tag = "certificates",
    params(
        ("fingerprint" = String, Path, description = "SHA-256 of its encoding, in hexadecimal."),
        DownloadQuery
    ),
    responses((status = 200, description = "The certificate, in the form that `Accept` asks for.", content(
        (CertificateDocument = "application/json"), (String = "application/pkix-cert"),
        (String = "application/x-pem-file"))),
        (status = 422, description = "`name` is no name of a file.", body = Problem,
            content_type = "application/problem+json"))
)]
pub(in crate::api) async fn certificate(
    State(app): State<Shared>,
    InPath(text): InPath<String>,
    InQuery(query): InQuery<DownloadQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let chosen = query.name.map(file_name).transpose()?;
    let missing =
        || ApiError::new(StatusCode::NOT_FOUND, "certificate.missing", "there is no such certificate");
    let fingerprint = fingerprint(&text).ok_or_else(missing)?;
    let version = app.storage.version().await.map_err(of_storage)?;
    let found = app.storage.certificate(&fingerprint).await.map_err(of_storage)?;
    let der = found.ok_or_else(missing)?;
    let name = HEXLOWER.encode(&fingerprint);
    match wanted(&headers) {
        Form::Der => {
            let name = chosen.unwrap_or_else(|| format!("{name}.cer"));
            Ok(file(version, "application/pkix-cert", &name, der))
        }
        Form::Pem => {
            let (text, name) = (pem(CERTIFICATE, &der), chosen.unwrap_or_else(|| format!("{name}.pem")));
            Ok(file(version, "application/x-pem-file", &name, text.into_bytes()))
        }
        Form::Json => {
            let filter = Filter { fingerprint: Some(fingerprint), ..Filter::default() };
            let query = Query { filter, size: 500, ..Query::default() };
            let places = app.storage.list(&query).await.map_err(of_list)?;
            let described = app.pool.ask(move |session| session.describe_document(&der)).await?;
            let described = described.map_err(|refusal| document::refused("certificate", &refusal))?;
            let certificate = serde_json::from_str(&described).map_err(ApiError::fault)?;
            let places = places.entries.iter().map(entry).collect();
            Ok(answer(version, CertificateDocument { fingerprint: name, places, certificate }))
        }
    }
}

/// The forms of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Der,
    Pem,
}

/// The first form that `Accept` names; JSON where it names none.
fn wanted(headers: &HeaderMap) -> Form {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let types = accepted.flat_map(|value| value.split(','));
    let mut forms = types.filter_map(|found| match found.split(';').next().unwrap_or_default().trim() {
        "application/pkix-cert" => Some(Form::Der),
        "application/x-pem-file" => Some(Form::Pem),
        "application/json" => Some(Form::Json),
        _ => None,
    });
    forms.next().unwrap_or(Form::Json)
}

/// A name that no system takes for more than the name of one file.
fn file_name(name: String) -> Result<String, ApiError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '.' | '_' | '-');
    if (1..=100).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.') {
        return Ok(name);
    }
    let expected =
        "expected up to 100 letters, digits, spaces, `.`, `_` and `-`, and no `.` at the beginning";
    Err(unusable("name", expected.to_owned()))
}

/// A file to be saved under a name.
pub(super) fn file(version: Version, media_type: &'static str, name: &str, octets: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    ([(ETAG, tag(version.0))], headers, octets).into_response()
}

/// A fingerprint in hexadecimal, in any case.
pub(super) fn fingerprint(text: &str) -> Option<Fingerprint> {
    HEXLOWER.decode(text.to_ascii_lowercase().as_bytes()).ok()?.try_into().ok()
}

fn asked(query: CertificateQuery) -> Result<Query, ApiError> {
    let time = |name: &str, text: Option<String>| {
        let read = text.filter(|text| !text.is_empty()).map(|text| moment(&text)).transpose();
        read.map_err(|expected| unusable(name, expected))
    };
    let expected = "expected SHA-256 in hexadecimal: 64 digits";
    let fingerprint = query
        .fingerprint
        .as_deref()
        .map(|text| fingerprint(text).ok_or_else(|| unusable("fingerprint", expected.to_owned())));
    let filter = Filter {
        common_name_contains: query.common_name,
        expires_before: time("expires_before", query.expires_before)?,
        expires_after: time("expires_after", query.expires_after)?,
        key_type: query.key_type,
        usage: query.kind.map(KindWord::usage),
        room: query.room,
        node: query.node.map(NodeFilter::On),
        fingerprint: fingerprint.transpose()?,
    };
    let sort = match query.sort {
        None | Some(SortWord::CommonName) => Sort::CommonName,
        Some(SortWord::Expiry) => Sort::Expiry,
        Some(SortWord::KeyType) => Sort::KeyType,
        Some(SortWord::Kind) => Sort::Usage,
    };
    let direction = match query.direction {
        None | Some(DirectionWord::Ascending) => Direction::Ascending,
        Some(DirectionWord::Descending) => Direction::Descending,
    };
    let after = query.after.as_deref().map(Cursor::of_text);
    Ok(Query { filter, sort, direction, after, size: u32::from(query.limit.unwrap_or(100)) })
}

fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

pub(super) fn of_list(fault: ListFault) -> ApiError {
    match fault {
        ListFault::Cursor => unusable("after", fault.to_string()),
        ListFault::Storage(fault) => of_storage(fault),
    }
}

pub(super) fn entry(entry: &Entry) -> EntryDocument {
    let facts = &entry.facts;
    EntryDocument {
        fingerprint: HEXLOWER.encode(&facts.fingerprint),
        kind: entry.place.room.usage.word().to_owned(),
        room: entry.place.room.name.clone(),
        node: entry.place.node.clone(),
        subject: facts.subject.clone(),
        common_name: facts.common_name.clone(),
        serial_number: facts.serial.clone(),
        key_type: facts.key_type.clone(),
        not_before: shown(facts.not_before),
        not_after: shown(facts.not_after),
        is_authority: facts.is_authority,
        origin: entry.origin.word().to_owned(),
        active_from: entry.active_from.map(shown),
        description: entry.description.clone(),
        added_at: shown(entry.added_at),
        added_by: entry.added_by.clone(),
        version: entry.version.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_first_form_that_is_accepted_is_answered() {
        for (accept, expected) in [
            ("*/*", Form::Json),
            ("application/pkix-cert", Form::Der),
            ("text/html, application/x-pem-file;q=0.5, application/json", Form::Pem),
            ("application/json, application/pkix-cert", Form::Json),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wanted(&headers), expected, "{accept}");
        }
        assert_eq!(wanted(&HeaderMap::new()), Form::Json);
    }

    // R-SHOW-11
    #[test]
    fn a_chosen_name_is_the_name_of_one_file() {
        for name in ["a", "my tomcat_1-2.pem", "a..b", &"a".repeat(100)] {
            assert_eq!(file_name(name.to_owned()).ok().as_deref(), Some(name));
        }
        for none in ["", ".pem", "a/b", "a\\b", "a\"b", "a\r\nb", "\u{e9}", &"a".repeat(101)] {
            let refused = file_name(none.to_owned()).err();
            assert_eq!(
                refused.map(|error| error.code().to_owned()),
                Some("request.value".to_owned()),
                "{none}"
            );
        }
    }

    #[test]
    fn a_fingerprint_has_64_digits() {
        assert_eq!(fingerprint(&"AB".repeat(32)), Some([0xab; 32]));
        for none in ["", &"ab".repeat(31), &"ab".repeat(33), &"xy".repeat(32)] {
            assert_eq!(fingerprint(none), None, "{none}");
        }
    }
}
