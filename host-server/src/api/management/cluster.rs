//! What plans need to know of the cluster besides its state, and the purposes and trust stores that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slice::Edition;
use super::{Terms, WriteQuery, answer, put_document};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::Body;
use crate::api::version::tag;
use crate::audit::{AuditRecord, Details};
use crate::component::contract::management::{self as wit, Features};
use crate::storage::{Change, Room, Usage};

/// The scope that the settings are kept in.
pub(crate) const SCOPE: &str = "cluster";

/// What is set for the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClusterSettings {
    /// Whose catalogue of purposes applies.
    pub(super) product: ProductWord,
    /// The release, such as `12.5(1)SU6`, `14` or `15SU3`.
    #[schema(max_length = 64)]
    release: String,
    /// What is switched on.
    #[serde(default)]
    pub(super) features: Vec<FeatureWord>,
}

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProductWord {
    /// Unified Communications Manager.
    Ucm,
    /// IM and Presence Service.
    Imp,
}

/// What can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureWord {
    /// Common Criteria mode.
    CommonCriteria,
    /// FIPS mode.
    Fips,
    /// Mixed mode: a certificate trust list is in use.
    MixedMode,
    /// SIP OAuth.
    SipOauth,
    /// SAML single sign-on.
    SamlSso,
    /// Extension Mobility Cross Cluster.
    Emcc,
    /// Phones are reset by hand when a certificate is updated.
    ManualPhoneReset,
}

/// The purposes and trust stores there are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Catalogue {
    /// What is set for the cluster, from which the rest follows.
    cluster: ClusterSettings,
    /// Slots for our own certificates.
    purposes: Vec<PurposeDocument>,
    /// Trust stores.
    trust_stores: Vec<StoreDocument>,
}

/// A slot for our own certificates.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PurposeDocument {
    /// Its name.
    name: String,
    /// `rsa` or `ec`.
    key_type: String,
    /// The trust store that holds the authorities of its certificate.
    trust_store: String,
    /// `cluster`, `node` or `publisher`.
    scope: String,
    /// A self-signed certificate may be for many servers.
    multi_server_self_signed: bool,
    /// A certificate by an authority may be for many servers.
    multi_server_issued: bool,
    /// A certificate by an authority is for the publisher only.
    publisher_only: bool,
    /// What uses it.
    used_by: Vec<String>,
}

/// A trust store.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StoreDocument {
    /// Its name.
    name: String,
    /// A certificate that is put in goes to every node.
    replicated: bool,
    /// A certificate that is taken out goes from every node.
    deleted_everywhere: bool,
    /// It is changed on the publisher only.
    publisher_only: bool,
    /// The store that its roots are copied to.
    copied_to: Option<String>,
    /// What uses it besides the services of its purposes.
    used_by: Vec<String>,
}

impl Default for ClusterSettings {
    fn default() -> Self {
        Self { product: ProductWord::Ucm, release: "15".to_owned(), features: Vec::new() }
    }
}

impl ClusterSettings {
    /// What is set, or what is set where nobody set anything.
    ///
    /// # Errors
    /// What the storage can do wrong.
    pub(super) async fn read(app: &Shared) -> Result<Self, ApiError> {
        let stored = app.storage.active_policy(SCOPE).await.map_err(of_storage)?;
        Self::of(stored.as_ref().map(|stored| stored.document.as_str()))
    }

    /// What is set by a document of the scope [`SCOPE`], or where there is none.
    ///
    /// # Errors
    /// A document that is none of ours.
    pub(crate) fn of(document: Option<&str>) -> Result<Self, ApiError> {
        let Some(document) = document else { return Ok(Self::default()) };
        serde_json::from_str(document).map_err(ApiError::fault)
    }

    /// What the catalogue follows from.
    pub(crate) fn edition(&self, policy: &str) -> Edition {
        let (release, policy) = (self.release.clone(), policy.to_owned());
        Edition { product: self.product(), release, features: self.features(), policy }
    }

    /// The change to the same settings in another release.
    ///
    /// # Errors
    /// Never, as far as is known: settings can always be written.
    pub(super) fn upgraded(self, release: &str) -> Result<Change, ApiError> {
        let settings = Self { release: release.to_owned(), ..self };
        let document = serde_json::to_string(&settings).map_err(ApiError::fault)?;
        Ok(Change::PutPolicy { scope: SCOPE.to_owned(), document })
    }

    pub(super) fn product(&self) -> wit::Product {
        match self.product {
            ProductWord::Ucm => wit::Product::Ucm,
            ProductWord::Imp => wit::Product::Imp,
        }
    }

    pub(super) fn release(&self) -> &str {
        &self.release
    }

    pub(super) fn features(&self) -> Features {
        self.features.iter().fold(Features::empty(), |all, one| {
            all | match one {
                FeatureWord::CommonCriteria => Features::COMMON_CRITERIA,
                FeatureWord::Fips => Features::FIPS,
                FeatureWord::MixedMode => Features::MIXED_MODE,
                FeatureWord::SipOauth => Features::SIP_OAUTH,
                FeatureWord::SamlSso => Features::SAML_SSO,
                FeatureWord::Emcc => Features::EMCC,
                FeatureWord::ManualPhoneReset => Features::MANUAL_PHONE_RESET,
            }
        })
    }
}

/// What is set for the cluster.
#[utoipa::path(
    get,
    path = "/api/v1/cluster",
    operation_id = "cluster",
    tag = "certificates",
    responses((status = 200, description = "The settings; `ETag` is the version.", body = ClusterSettings))
)]
pub(in crate::api) async fn cluster(State(app): State<Shared>) -> Result<Response, ApiError> {
    let version = app.storage.version().await.map_err(of_storage)?;
    Ok(answer(version, ClusterSettings::read(&app).await?))
}

/// Sets what plans follow from. Certificates stay as they are.
#[utoipa::path(
    put,
    path = "/api/v1/cluster",
    operation_id = "set-cluster",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = ClusterSettings, description = "The settings."),
    responses(
        (status = 200, description = "They are set, or would be; `ETag` is the version.", body = ClusterSettings),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn set(
    State(app): State<Shared>,
    terms: Terms,
    Body(settings): Body<ClusterSettings>,
) -> Result<Response, ApiError> {
    // a release that there is not is the engine's refusal
    read_catalogue(&app, settings.clone(), in_force(&app).await?).await?;
    let document = serde_json::to_string(&settings).map_err(ApiError::fault)?;
    let (who, now) = terms.by.by();
    let details = Details::none().text("settings", &document);
    let record = AuditRecord::done(now, who, "cluster.set", "").with_details(details);
    let version = put_document(&app, &terms, (SCOPE, &document), &record).await?;
    Ok(answer(version, settings))
}

/// The purposes and trust stores there are.
#[utoipa::path(
    get,
    path = "/api/v1/catalogue",
    operation_id = "catalogue",
    tag = "certificates",
    responses((status = 200, description = "The catalogue of the product and release.", body = Catalogue))
)]
pub(in crate::api) async fn catalogue(State(app): State<Shared>) -> Result<Response, ApiError> {
    let version = app.storage.version().await.map_err(of_storage)?;
    let settings = ClusterSettings::read(&app).await?;
    let catalogue = read_catalogue(&app, settings, in_force(&app).await?).await?;
    Ok(([(ETAG, tag(version.0))], Json(catalogue)).into_response())
}

/// The names of the trust stores that follow from a document of settings and a policy document.
///
/// # Errors
/// A document or a release that cannot be read, and no answer.
pub(crate) async fn store_names(
    app: &Shared,
    document: Option<&str>,
    policy: &str,
) -> Result<BTreeSet<String>, ApiError> {
    let catalogue = read_catalogue(app, ClusterSettings::of(document)?, policy.to_owned()).await?;
    Ok(catalogue.trust_stores.into_iter().map(|store| store.name).collect())
}

/// The release that is set.
///
/// # Errors
/// Settings that cannot be read.
pub(crate) fn release(document: Option<&str>) -> Result<String, ApiError> {
    Ok(ClusterSettings::of(document)?.release)
}

/// Whether every slot and store that holds anything is there under another policy.
///
/// # Errors
/// The first that is not.
pub(super) async fn keeps_rooms(app: &Shared, policy: &str) -> Result<(), ApiError> {
    let catalogue = read_catalogue(app, ClusterSettings::read(app).await?, policy.to_owned()).await?;
    let has = |room: &Room| match room.usage {
        Usage::Identity => catalogue.purposes.iter().any(|purpose| purpose.name == room.name),
        Usage::Trust => catalogue.trust_stores.iter().any(|store| store.name == room.name),
    };
    let used = app.storage.rooms_in_use().await.map_err(of_storage)?;
    let Some(room) = used.iter().find(|room| !has(room)) else { return Ok(()) };
    let (kind, name) = (room.usage.word(), &room.name);
    let detail = format!(
        "the document has no {kind} `{name}` any more, and something is kept there; keep it, or take out what is in it first"
    );
    Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "policy.room-in-use", detail).about("document"))
}

/// What slots and stores are used by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Slots: the trust store that belongs to it, and what uses it.
    slots: BTreeMap<String, (String, Vec<String>)>,
    /// Stores: what uses them besides.
    stores: BTreeMap<String, Vec<String>>,
}

impl Uses {
    /// The trust store that holds the authorities of a slot's certificate.
    #[must_use]
    pub fn store_of(&self, slot: &str) -> Option<&str> {
        self.slots.get(slot).map(|(store, _)| store.as_str())
    }

    /// What uses a slot.
    #[must_use]
    pub fn of_slot(&self, slot: &str) -> Vec<String> {
        self.slots.get(slot).map(|(_, used_by)| used_by.clone()).unwrap_or_default()
    }

    /// What uses a store, the services of its slots among them.
    #[must_use]
    pub fn of_store(&self, store: &str) -> Vec<String> {
        let own = self.stores.get(store).into_iter().flatten();
        let of_slots =
            self.slots.values().filter(|(known, _)| known == store).flat_map(|(_, used_by)| used_by);
        let all: BTreeSet<&String> = own.chain(of_slots).collect();
        all.into_iter().cloned().collect()
    }
}

/// What slots and stores are used by, under the settings and the policy in force.
///
/// # Errors
/// Settings that cannot be read, and no answer.
pub(crate) async fn uses(app: &Shared) -> Result<Uses, ApiError> {
    let catalogue = read_catalogue(app, ClusterSettings::read(app).await?, in_force(app).await?).await?;
    let slot = |purpose: PurposeDocument| (purpose.name, (purpose.trust_store, purpose.used_by));
    Ok(Uses {
        slots: catalogue.purposes.into_iter().map(slot).collect(),
        stores: catalogue.trust_stores.into_iter().map(|store| (store.name, store.used_by)).collect(),
    })
}

/// The policy document in force; empty text where there is none.
pub(super) async fn in_force(app: &Shared) -> Result<String, ApiError> {
    let policy = app.storage.active_policy("").await.map_err(of_storage)?;
    Ok(policy.map(|policy| policy.document).unwrap_or_default())
}

async fn read_catalogue(
    app: &Shared,
    settings: ClusterSettings,
    policy: String,
) -> Result<Catalogue, ApiError> {
    let settings = Arc::new(settings);
    let asked = Arc::clone(&settings);
    let found = app
        .pool
        .ask(move |session| session.catalogue(&policy, asked.product(), asked.release(), asked.features()));
    let found = found.await?.map_err(|refusal| document::refused(&refusal.input, &refusal));
    let (purposes, stores) = found?;
    Ok(Catalogue {
        cluster: Arc::unwrap_or_clone(settings),
        purposes: purposes.into_iter().map(purpose).collect(),
        trust_stores: stores.into_iter().map(store).collect(),
    })
}

fn purpose(from: wit::IdentityPurpose) -> PurposeDocument {
    PurposeDocument {
        name: from.name,
        key_type: from.key_type,
        trust_store: from.trust_store,
        scope: from.scope,
        multi_server_self_signed: from.multi_server_self_signed,
        multi_server_issued: from.multi_server_issued,
        publisher_only: from.publisher_only,
        used_by: from.used_by,
    }
}

fn store(from: wit::TrustStore) -> StoreDocument {
    StoreDocument {
        name: from.name,
        replicated: from.replicated,
        deleted_everywhere: from.deleted_everywhere,
        publisher_only: from.publisher_only,
        copied_to: from.copied_to,
        used_by: from.used_by,
    }
}
