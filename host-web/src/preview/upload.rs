//! What an upload would do, planned by the engine in this page from what the server keeps or, where that is too much, by
//! the server when it is asked; and the upload itself, once somebody asks for it, under the version that the plan was made
//! from. Nothing is judged.

use std::rc::Rc;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::file::File;
use super::snapshot::{self, Snapshot};
use crate::document::plan::Plan;
use crate::engine::contract::{Cluster, Operation, Upload};
use crate::engine::{self, Problem};
use crate::server::{Answer, Asked, Failure};

/// What is to be put where.
#[derive(Clone, PartialEq)]
pub(crate) struct Wanted {
    /// `identity:…` or `trust:…`.
    pub(crate) room: String,
    /// The node; the publisher where none is named.
    pub(crate) node: Option<String>,
    /// The file.
    pub(crate) file: Vec<u8>,
    /// What is written beside it.
    pub(crate) description: String,
    /// What was deleted is wanted back.
    pub(crate) revive: bool,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unplanned {
    /// The engine.
    Engine(Problem),
    /// The server.
    Server(Failure),
}

/// A plan, what it is of, and what it was made from.
#[derive(Clone)]
pub(crate) struct Planned {
    /// This would be uploaded, and nothing else.
    pub(crate) wanted: Wanted,
    /// The plan.
    pub(crate) plan: Plan,
    /// From this.
    pub(crate) basis: Basis,
}

/// What a plan was made from.
#[derive(Clone)]
pub(crate) enum Basis {
    /// By the engine in this page, from what the server keeps.
    Snapshot(Rc<Snapshot>),
    /// By the server, which was asked; the version of what it keeps.
    Server(Option<String>),
}

impl Basis {
    fn version(&self) -> Option<&str> {
        match self {
            Self::Snapshot(snapshot) => snapshot.version.as_deref(),
            Self::Server(version) => version.as_deref(),
        }
    }

    /// What the server keeps, where this page knows it.
    pub(crate) fn cluster(&self) -> Option<&Cluster> {
        match self {
            Self::Snapshot(snapshot) => Some(&snapshot.cluster),
            Self::Server(_) => None,
        }
    }
}

/// What became of an upload.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Outcome {
    /// What was done.
    pub(crate) plan: Plan,
}

/// What came and went between two snapshots, by subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Difference {
    /// New.
    pub(crate) came: Vec<String>,
    /// Gone.
    pub(crate) went: Vec<String>,
}

/// All certificates of all files as one file: PEM.
pub(crate) fn together(files: &[Rc<File>]) -> Vec<u8> {
    let mut text = String::new();
    for certificate in files.iter().flat_map(|file| file.certificates()) {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let base64 = BASE64.encode(&certificate.encoding);
        let mut rest = base64.as_str();
        while !rest.is_empty() {
            // base64 is ASCII: every place is the end of a character
            let (line, after) = rest.split_at(rest.len().min(64));
            text.push_str(line);
            text.push('\n');
            rest = after;
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text.into_bytes()
}

/// Plans.
///
/// # Errors
/// [`Unplanned`].
pub(crate) async fn planned(wanted: &Wanted, at: i64) -> Result<Planned, Unplanned> {
    let snapshot = snapshot::at_hand(&wanted.room).await.map_err(Unplanned::Server)?;
    let plan = plan(wanted, &snapshot, at).await.map_err(Unplanned::Engine)?;
    Ok(Planned { wanted: wanted.clone(), plan, basis: Basis::Snapshot(snapshot) })
}

/// Asks the server, which is sent the file and changes nothing.
///
/// # Errors
/// [`Unplanned`].
pub(crate) async fn asked(wanted: &Wanted) -> Result<Planned, Unplanned> {
    let asked = Asked::write("POST", "/api/v1/certificates?dry_run").json(&request(wanted));
    let (outcome, version) = asked.versioned::<Outcome>().await.map_err(Unplanned::Server)?;
    Ok(Planned { wanted: wanted.clone(), plan: outcome.plan, basis: Basis::Server(version) })
}

/// Whether the server keeps more than is planned with in a page.
pub(crate) fn is_too_large(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(problem) if problem.code == "snapshot.too-large")
}

async fn plan(wanted: &Wanted, snapshot: &Snapshot, at: i64) -> engine::Answer<Plan> {
    let unknown = || Problem::Fault(wanted.room.clone());
    let operation = Operation::Upload(Upload {
        room: snapshot::room(&wanted.room).ok_or_else(unknown)?,
        node: wanted.node.clone(),
        file: ByteBuf::from(wanted.file.clone()),
        revive: wanted.revive,
        usage_profile: None,
        extra_names: None,
    });
    let validator = engine::engine().await?.validator(&snapshot.policy)?;
    let document = validator.plan(&snapshot.cluster, &operation, at)?;
    serde_json::from_str(&document).map_err(|error| Problem::Fault(error.to_string()))
}

/// The document of an upload.
#[derive(Serialize)]
struct Request<'a> {
    file: String,
    kind: &'a str,
    room: &'a str,
    node: Option<&'a str>,
    description: &'a str,
    revive: bool,
}

fn request(wanted: &Wanted) -> Request<'_> {
    let (kind, room) = wanted.room.split_once(':').unwrap_or(("", &wanted.room));
    let text = std::str::from_utf8(&wanted.file).ok().filter(|text| text.contains("-----BEGIN"));
    Request {
        file: text.map_or_else(|| BASE64.encode(&wanted.file), str::to_owned),
        kind,
        room,
        node: wanted.node.as_deref(),
        description: &wanted.description,
        revive: wanted.revive,
    }
}

/// Sends the file of a plan with what is written beside it, if nothing has changed since the plan was made.
///
/// # Errors
/// [`Failure`]; with the status 412 where something has.
pub(crate) async fn upload(planned: &Planned, description: String) -> Answer<Outcome> {
    let wanted = Wanted { description, ..planned.wanted.clone() };
    let asked = Asked::write("POST", "/api/v1/certificates").json(&request(&wanted));
    asked.if_match(planned.basis.version()).document().await
}

/// Whether a failure says that something was changed in between (RFC 9110 15.5.13).
pub(crate) fn is_stale(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(problem) if problem.status == 412)
}

/// What came and went between two snapshots of the same room.
pub(crate) async fn difference(before: &Cluster, after: &Cluster) -> Difference {
    let only = |one: &Cluster, other: &Cluster| -> Vec<ByteBuf> {
        let is_new = |encoding: &&ByteBuf| !other.entries.iter().any(|entry| entry.certificate == **encoding);
        one.entries.iter().map(|entry| &entry.certificate).filter(is_new).cloned().collect()
    };
    let Ok(engine) = engine::engine().await else { return Difference::default() };
    let named = |encodings: Vec<ByteBuf>| -> Vec<String> {
        encodings.iter().filter_map(|one| engine.index_keys(one).ok()).map(|keys| keys.subject).collect()
    };
    Difference { came: named(only(after, before)), went: named(only(before, after)) }
}
