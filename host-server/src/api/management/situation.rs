//! What a plan is made from: a slice of the state of one moment, what is set for the cluster, and the policy in force.

use std::sync::Arc;

use super::cluster::ClusterSettings;
use super::slice::{self, Edition, Slice};
use super::{Order, TRIES, conflict};
use crate::api::Shared;
use crate::api::error::{ApiError, of_storage};
use crate::component::contract::management as wit;
use crate::storage::{
    Held, Node, NodeRole, Origin, PendingRequest, Place, Room, State, StorageFault, Tombstone, Usage, Version,
};
use axum::http::StatusCode;

/// A moment's state and settings.
pub(super) struct Situation {
    state: State,
    pub(super) settings: ClusterSettings,
    /// The policy document in force; the defaults where it is empty.
    pub(super) policy: String,
    /// The node that joins was not among the others.
    pub(super) is_joined: bool,
}

impl Situation {
    /// What forms follow from: the nodes, the settings and what waits; no certificate.
    ///
    /// # Errors
    /// What the storage can do wrong.
    pub(super) async fn without_certificates(app: &Shared) -> Result<Self, ApiError> {
        let state = app.storage.state_for(&[]).await.map_err(of_storage)?;
        let (settings, policy) = set(app).await?;
        Ok(Self::of(None, state, settings, policy))
    }

    /// Reads it. The settings are read after the state: where they are later ones, the state has a later version too,
    /// and nothing that was planned with both is applied.
    ///
    /// # Errors
    /// What the storage can do wrong, and more than can be planned with.
    pub(super) async fn read(app: &Shared, order: &Order) -> Result<Self, ApiError> {
        let mut known = set(app).await?;
        for _ in 0..TRIES {
            let slice = Self::slice(app, order, known.0.edition(&known.1)).await?;
            let state = slice.read(&app.storage).await.map_err(|fault| of_state(fault, order))?;
            let before = std::mem::replace(&mut known, set(app).await?);
            // what bears on the operation follows from the settings as well
            if before == known {
                let (settings, policy) = known;
                return Ok(Self::of(order.joining.as_ref(), state, settings, policy));
            }
        }
        Err(conflict("others kept changing the settings; try again"))
    }

    /// The same for whatever may be done with a slot or store; `None` where there is none of that name.
    ///
    /// # Errors
    /// What the storage can do wrong, and more than a plan is made from.
    pub(super) async fn of_room(app: &Shared, room: &wit::Room) -> Result<Option<Self>, ApiError> {
        let mut known = set(app).await?;
        for _ in 0..TRIES {
            let (edition, asked) = (known.0.edition(&known.1), room.clone());
            let slice = app.pool.ask(move |session| slice::of_room(session, &edition, &asked)).await?;
            let Some(slice) = slice else { return Ok(None) };
            let state = slice.read(&app.storage).await.map_err(too_large)?;
            let before = std::mem::replace(&mut known, set(app).await?);
            if before == known {
                let (settings, policy) = known;
                return Ok(Some(Self::of(None, state, settings, policy)));
            }
        }
        Err(conflict("others kept changing the settings; try again"))
    }

    async fn slice(app: &Shared, order: &Order, edition: Edition) -> Result<Slice, ApiError> {
        let operation = Arc::clone(&order.operation);
        Ok(app.pool.ask(move |session| slice::of(session, &edition, &operation)).await?)
    }

    fn of(joining: Option<&Node>, mut state: State, settings: ClusterSettings, policy: String) -> Self {
        let joining = joining.filter(|node| !state.nodes.iter().any(|known| known.name == node.name));
        state.nodes.extend(joining.cloned());
        Self { state, settings, policy, is_joined: joining.is_some() }
    }

    pub(super) fn version(&self) -> Version {
        self.state.version
    }

    pub(super) fn requests(&self) -> &[PendingRequest] {
        &self.state.requests
    }

    /// The cluster in the words of the contract.
    pub(super) fn cluster(&self) -> wit::Cluster {
        cluster(&self.state, self.settings.edition(&self.policy))
    }

    /// The same with everything of these subjects; `None` where the state is another by now.
    ///
    /// # Errors
    /// What the storage can do wrong, and more than can be planned with.
    pub(super) async fn cluster_with(
        &self,
        (app, order): (&Shared, &Order),
        subjects: Vec<String>,
    ) -> Result<Option<wit::Cluster>, ApiError> {
        let read = slice::of_subjects(subjects).read(&app.storage).await;
        let more = read.map_err(|fault| of_state(fault, order))?;
        if more.version != self.state.version {
            return Ok(None);
        }
        let mut state = self.state.clone();
        state.entries.extend(more.entries);
        state.entries.sort_by_key(|held| held.entry.id);
        state.entries.dedup_by_key(|held| held.entry.id);
        Ok(Some(cluster(&state, self.settings.edition(&self.policy))))
    }
}

/// What is set for the cluster, and the policy document in force.
async fn set(app: &Shared) -> Result<(ClusterSettings, String), ApiError> {
    let settings = ClusterSettings::read(app).await?;
    let policy = app.storage.active_policy("").await.map_err(of_storage)?;
    Ok((settings, policy.map(|policy| policy.document).unwrap_or_default()))
}

/// A state in the words of the contract.
#[must_use]
pub fn cluster(state: &State, edition: Edition) -> wit::Cluster {
    wit::Cluster {
        product: edition.product,
        release: edition.release,
        nodes: state.nodes.iter().map(node).collect(),
        entries: state.entries.iter().map(entry).collect(),
        tombstones: state.tombstones.iter().map(tombstone).collect(),
        requests: state.requests.iter().map(request).collect(),
        features: edition.features,
    }
}

/// The cluster with its nodes and nothing else, under a policy document.
pub(super) async fn nodes(app: &Shared, policy: &str) -> Result<wit::Cluster, ApiError> {
    let settings = ClusterSettings::read(app).await?;
    let nodes = app.storage.nodes().await.map_err(of_storage)?;
    let state = State { nodes, ..State::default() };
    Ok(cluster(&state, settings.edition(policy)))
}

fn too_large(fault: StorageFault) -> ApiError {
    let StorageFault::TooMuch { most } = fault else { return of_storage(fault) };
    let detail = format!(
        "more than {most} certificates bear on what may be done here, which is the most that are given out; ask with \
         `dry_run` what one upload or deletion would do"
    );
    ApiError::new(StatusCode::CONFLICT, "snapshot.too-large", detail)
}

fn of_state(fault: StorageFault, order: &Order) -> ApiError {
    let StorageFault::TooMuch { most } = fault else { return of_storage(fault) };
    let way = match *order.operation {
        wit::Operation::Join(_) => {
            "start the joining server on the same database with `--node`: what the cluster holds is in effect on it at \
             once"
        }
        wit::Operation::Delete(_) => "take out what rests on it first, beginning with what issued nothing",
        _ => "take out certificates that are of no use any more, or do it with fewer at once",
    };
    let detail =
        format!("more than {most} certificates bear on this, which is the most that are planned with; {way}");
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "cluster.too-large", detail)
}

fn node(node: &Node) -> wit::Node {
    wit::Node { name: node.name.clone(), role: role(node.role) }
}

pub(super) fn role(role: NodeRole) -> wit::NodeRole {
    match role {
        NodeRole::Publisher => wit::NodeRole::Publisher,
        NodeRole::Subscriber => wit::NodeRole::Subscriber,
    }
}

fn entry(held: &Held) -> wit::Entry {
    let origin = match held.entry.origin {
        Origin::Copied => wit::Origin::Copied,
        Origin::Issued => wit::Origin::Issued,
        Origin::SelfSigned => wit::Origin::SelfSigned,
        Origin::Uploaded => wit::Origin::Uploaded,
    };
    wit::Entry {
        place: place(&held.entry.place),
        certificate: held.der.clone(),
        origin,
        active_from: held.entry.active_from,
    }
}

fn tombstone(tombstone: &Tombstone) -> wit::Tombstone {
    wit::Tombstone { place: place(&tombstone.place), fingerprint: tombstone.fingerprint.to_vec() }
}

fn request(request: &PendingRequest) -> wit::PendingRequest {
    wit::PendingRequest {
        purpose: request.purpose.clone(),
        node: request.node.clone(),
        request: request.der.clone(),
    }
}

/// A place in the words of the contract.
pub(crate) fn place(place: &Place) -> wit::Place {
    wit::Place { room: room(&place.room), node: place.node.clone() }
}

pub(super) fn room(room: &Room) -> wit::Room {
    match room.usage {
        Usage::Identity => wit::Room::Identity(room.name.clone()),
        Usage::Trust => wit::Room::Trust(room.name.clone()),
    }
}
