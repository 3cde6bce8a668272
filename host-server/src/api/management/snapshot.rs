//! Everything that the plan of an upload, a deletion, a reuse or a request for one slot or store is made from, in one
//! document in the words of the contract, so that whoever has the same engine computes the same plan without us. Nothing
//! is planned here.

use axum::extract::State;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer;
use super::cluster::{FeatureWord, ProductWord};
use super::situation::Situation;
use crate::api::Shared;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::InQuery;
use crate::api::version::tag;
use crate::cli::console;
use crate::component::contract::management as wit;

/// What plans for a slot or store are made from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SnapshotDocument {
    /// The cluster, as the contract's `cluster`.
    cluster: ClusterDocument,
    /// The policy document in force (TOML); empty where the defaults hold.
    policy: String,
    /// The server's time, in seconds since 1970-01-01T00:00:00Z.
    at: i64,
    /// SHA-256 of the engine that plans here, in hexadecimal.
    engine: String,
    /// The version of the state it is of.
    version: i64,
}

/// What of a cluster bears on plans for a slot or store. Octets are base64.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClusterDocument {
    /// Whose catalogue of purposes applies.
    product: ProductWord,
    /// The release.
    release: String,
    /// The nodes.
    nodes: Vec<NodeInCluster>,
    /// Certificates in their places.
    entries: Vec<EntryInCluster>,
    /// Certificates that were deleted and must not come back by replication.
    tombstones: Vec<TombstoneInCluster>,
    /// Signing requests that wait for their certificates.
    requests: Vec<RequestInCluster>,
    /// What is switched on.
    features: Vec<FeatureWord>,
}

/// One server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NodeInCluster {
    /// Its name.
    name: String,
    /// `publisher` or `subscriber`.
    role: &'static str,
}

/// A slot or a store, by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoomDocument {
    /// The slot of an identity purpose.
    Identity(String),
    /// A trust store.
    Trust(String),
}

/// Where a certificate lies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceDocument {
    /// The slot or store.
    room: RoomDocument,
    /// The node; null for what is the cluster's.
    node: Option<String>,
}

/// A certificate in its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct EntryInCluster {
    /// Where it lies.
    place: PlaceDocument,
    /// The certificate: base64 of DER.
    certificate: String,
    /// How it came: `copied`, `issued`, `self-signed` or `uploaded`.
    origin: &'static str,
    /// It is not in use before this moment, in seconds since 1970-01-01T00:00:00Z.
    active_from: Option<i64>,
}

/// A certificate that was deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TombstoneInCluster {
    /// Where it lay.
    place: PlaceDocument,
    /// SHA-256 of its encoding: base64.
    fingerprint: String,
}

/// A signing request that waits for its certificate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RequestInCluster {
    /// The identity purpose.
    purpose: String,
    /// The node; null for a multi-server request.
    node: Option<String>,
    /// The request: base64 of PKCS #10 in DER.
    request: String,
}

/// The slot or store that plans are for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SnapshotQuery {
    /// `identity:` and the name of a slot, or `trust:` and the name of a store.
    #[param(example = "trust:tomcat-trust")]
    room: String,
}

/// What plans for a slot or store are made from.
///
/// The engine's `plan` of an upload of any file to it, of a deletion from it, of a reuse for it, or of a request or a
/// self-signed certificate for it gives from this document what a dry run gives here.
#[utoipa::path(
    get,
    path = "/api/v1/snapshot",
    operation_id = "snapshot",
    tag = "certificates",
    params(
        SnapshotQuery,
        ("If-None-Match" = Option<String>, Header, description = "The version that is at hand.")
    ),
    responses(
        (status = 200, description = "The document; `ETag` is the version.", body = SnapshotDocument),
        (status = 304, description = "That version is the newest."),
        (status = 409, description = "More than 2,000 certificates bear on such plans: ask for a dry run instead.",
            body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such slot or store.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn snapshot(
    State(app): State<Shared>,
    InQuery(query): InQuery<SnapshotQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let room = room(&query.room)?;
    let version = app.storage.version().await.map_err(of_storage)?;
    if has(&headers, version.0) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag(version.0))]).into_response());
    }
    let found = Situation::of_room(&app, &room).await?;
    let situation = found.ok_or_else(|| unknown(&query.room, "`/api/v1/catalogue` has those there are"))?;
    let version = situation.version();
    let document = SnapshotDocument {
        cluster: cluster(&situation),
        policy: situation.policy,
        at: console::clock(),
        engine: app.pool.engine().info().sha256.to_owned(),
        version: version.0,
    };
    Ok(answer(version, document))
}

fn room(text: &str) -> Result<wit::Room, ApiError> {
    match text.split_once(':') {
        Some(("identity", name)) => Ok(wit::Room::Identity(name.to_owned())),
        Some(("trust", name)) => Ok(wit::Room::Trust(name.to_owned())),
        _ => Err(unknown(text, "expected `identity:` or `trust:`, and a name")),
    }
}

fn unknown(text: &str, expected: &str) -> ApiError {
    let detail = format!("there is no slot or store `{text}`; {expected}");
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "snapshot.room", detail).about("room")
}

/// Whether whoever asks has this version already (RFC 9110 13.1.2).
fn has(headers: &HeaderMap, version: i64) -> bool {
    let version = tag(version);
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(str::trim);
    known.any(|known| known.strip_prefix("W/").unwrap_or(known).as_bytes() == version.as_bytes())
}

fn cluster(situation: &Situation) -> ClusterDocument {
    let cluster = situation.cluster();
    let settings = &situation.settings;
    ClusterDocument {
        product: settings.product,
        release: cluster.release,
        nodes: cluster.nodes.into_iter().map(node).collect(),
        entries: cluster.entries.into_iter().map(entry).collect(),
        tombstones: cluster.tombstones.into_iter().map(tombstone).collect(),
        requests: cluster.requests.into_iter().map(request).collect(),
        features: settings.features.clone(),
    }
}

fn node(node: wit::Node) -> NodeInCluster {
    let role = match node.role {
        wit::NodeRole::Publisher => "publisher",
        wit::NodeRole::Subscriber => "subscriber",
    };
    NodeInCluster { name: node.name, role }
}

fn place(place: wit::Place) -> PlaceDocument {
    let room = match place.room {
        wit::Room::Identity(name) => RoomDocument::Identity(name),
        wit::Room::Trust(name) => RoomDocument::Trust(name),
    };
    PlaceDocument { room, node: place.node }
}

fn entry(entry: wit::Entry) -> EntryInCluster {
    let origin = match entry.origin {
        wit::Origin::Copied => "copied",
        wit::Origin::Issued => "issued",
        wit::Origin::SelfSigned => "self-signed",
        wit::Origin::Uploaded => "uploaded",
    };
    let certificate = BASE64.encode(&entry.certificate);
    EntryInCluster { place: place(entry.place), certificate, origin, active_from: entry.active_from }
}

fn tombstone(gone: wit::Tombstone) -> TombstoneInCluster {
    TombstoneInCluster { place: place(gone.place), fingerprint: BASE64.encode(&gone.fingerprint) }
}

fn request(waiting: wit::PendingRequest) -> RequestInCluster {
    let request = BASE64.encode(&waiting.request);
    RequestInCluster { purpose: waiting.purpose, node: waiting.node, request }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_version_that_is_at_hand_is_found_among_others() {
        for (header, expected) in [
            ("\"7\"", true),
            ("W/\"7\"", true),
            ("\"6\", \"7\"", true),
            ("\"77\"", false),
            ("7", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(header))]);
            assert_eq!(has(&headers, 7), expected, "{header}");
        }
        assert!(!has(&HeaderMap::new(), 7));
    }

    #[test]
    fn a_slot_or_a_store_is_named_with_its_kind() {
        assert!(matches!(room("identity:tomcat"), Ok(wit::Room::Identity(name)) if name == "tomcat"));
        assert!(matches!(room("trust:a:b"), Ok(wit::Room::Trust(name)) if name == "a:b"));
        for none in ["", "tomcat", "slot:tomcat"] {
            assert_eq!(
                room(none).err().map(|error| error.code().to_owned()),
                Some("snapshot.room".to_owned())
            );
        }
    }
}
