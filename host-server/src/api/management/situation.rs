//! What a plan is made from: a slice of the state of one moment, what is set for the cluster, and the policy in force.

use super::Order;
use super::cluster::ClusterSettings;
use crate::api::Shared;
use crate::api::error::{ApiError, of_storage};
use crate::component::contract::management as wit;
use crate::storage::{
    By, Held, Node, NodeRole, Origin, PendingRequest, Place, Room, Select, State, StorageFault, Tombstone,
    Usage, Version,
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

/// Every certificate. More than bears on an operation changes no outcome.
pub(super) fn everything() -> Vec<Select> {
    vec![Select { room: None, by: By::All }]
}

/// No certificate: what bears on a form are the nodes and the settings.
pub(super) fn nothing() -> Vec<Select> {
    Vec::new()
}

impl Situation {
    /// What questions that change nothing are asked about.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) async fn read_for(app: &Shared, selects: Vec<Select>) -> Result<Self, ApiError> {
        Self::of(app, &selects, None).await
    }

    /// Reads it. The settings are read after the state: where they are later ones, the state has a later version too,
    /// and nothing that was planned with both is applied.
    ///
    /// # Errors
    /// What the storage can do wrong, and more than can be planned with.
    pub(super) async fn read(app: &Shared, order: &Order) -> Result<Self, ApiError> {
        Self::of(app, &order.selects, order.joining.as_ref()).await
    }

    async fn of(app: &Shared, selects: &[Select], joining: Option<&Node>) -> Result<Self, ApiError> {
        let mut state = app.storage.state_for(selects).await.map_err(of_state)?;
        let settings = ClusterSettings::read(app).await?;
        let policy = app.storage.active_policy("").await.map_err(of_storage)?;
        let joining = joining.filter(|node| !state.nodes.iter().any(|known| known.name == node.name));
        state.nodes.extend(joining.cloned());
        let policy = policy.map(|policy| policy.document).unwrap_or_default();
        Ok(Self { state, settings, policy, is_joined: joining.is_some() })
    }

    pub(super) fn version(&self) -> Version {
        self.state.version
    }

    pub(super) fn requests(&self) -> &[PendingRequest] {
        &self.state.requests
    }

    /// The cluster in the words of the contract.
    pub(super) fn cluster(&self) -> wit::Cluster {
        wit::Cluster {
            product: self.settings.product(),
            release: self.settings.release().to_owned(),
            nodes: self.state.nodes.iter().map(node).collect(),
            entries: self.state.entries.iter().map(entry).collect(),
            tombstones: self.state.tombstones.iter().map(tombstone).collect(),
            requests: self.state.requests.iter().map(request).collect(),
            features: self.settings.features(),
        }
    }
}

fn of_state(fault: StorageFault) -> ApiError {
    match fault {
        StorageFault::TooMuch { .. } => {
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "cluster.too-large", fault.to_string())
        }
        other => of_storage(other),
    }
}

fn node(node: &Node) -> wit::Node {
    let role = match node.role {
        NodeRole::Publisher => wit::NodeRole::Publisher,
        NodeRole::Subscriber => wit::NodeRole::Subscriber,
    };
    wit::Node { name: node.name.clone(), role }
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

pub(super) fn place(place: &Place) -> wit::Place {
    wit::Place { room: room(&place.room), node: place.node.clone() }
}

pub(super) fn room(room: &Room) -> wit::Room {
    match room.usage {
        Usage::Identity => wit::Room::Identity(room.name.clone()),
        Usage::Trust => wit::Room::Trust(room.name.clone()),
    }
}
