//! The exports of `management`, and its types of the contract to types of the engine and back: one function per type, no
//! defaults, no decisions. First the calls, then what comes in, then what goes out.

use engine::management::cluster::{
    Cluster, Features, Node, NodeRole, Origin, PendingRequest, Place, Room, Tombstone,
};
use engine::management::distribution::NameFields;
use engine::management::encode::{Particulars, Unsigned};
use engine::management::entity::{Keys, public_key_fingerprint};
use engine::management::given::{
    self, GivenCluster, GivenEntry, GivenFields, GivenKey, GivenOperation, GivenTombstone,
};
use engine::management::key_choice::{KeyChoice, OfferedLength};
use engine::management::offer::{self, Offer};
use engine::management::operation::{self, Operation, Planned};
use engine::management::plan::{Advice, Effect, ManagementFinding, Need};
use engine::management::purpose::{Catalogue, IdentityPurpose, Replication, TrustStore};
use engine::management::release::Product;
use engine::management::reuse::Reuse;
use engine::management::subject_fields::SubjectFields;
use engine::management::unplannable::Unplannable;
use engine::management::upload::Revival;
use engine::management::{bulk, form, node_policy, restart};
use engine::settings::{Settings, document};
use engine::time::Instant;

use crate::Component;
use crate::bindings::exports::assayer::engine::management as wit;
use crate::bindings::exports::assayer::engine::types::Refusal;
use crate::convert::{self, detail, fingerprint, list, saturated, severity};

impl wit::Guest for Component {
    fn catalogue(
        policy: String,
        product: wit::Product,
        release: String,
        features: wit::Features,
    ) -> Result<(Vec<wit::IdentityPurpose>, Vec<wit::TrustStore>), Refusal> {
        let release = given::release(&release).map_err(unplannable)?;
        let catalogue = Catalogue::of(self::product(product), release, &settings(&policy)?);
        let features = self::features(features);
        let purposes = list(catalogue.purposes, |purpose| identity_purpose(purpose, features));
        Ok((purposes, list(catalogue.stores, trust_store)))
    }

    fn restarts(
        policy: String,
        cluster: wit::Cluster,
        places: Vec<wit::Place>,
    ) -> Result<Vec<wit::Advice>, Refusal> {
        let cluster = self::cluster(cluster).read().map_err(unplannable)?;
        let catalogue = Catalogue::of(cluster.product, cluster.release, &settings(&policy)?);
        let advised = restart::advise_restarts(&cluster, &catalogue, &list(places, place));
        Ok(list(advised, advice))
    }

    fn bulk(
        step: wit::BulkStep,
        cluster: String,
        directory: wit::BulkDirectory,
        emcc: bool,
    ) -> Result<wit::BulkWork, Refusal> {
        let step = match step {
            wit::BulkStep::Export => bulk::Step::Export,
            wit::BulkStep::Consolidate => bulk::Step::Consolidate,
            wit::BulkStep::Import => bulk::Step::Import,
        };
        let held = bulk::Directory {
            exported: &directory.exported,
            consolidated: &directory.consolidated,
            imported: &directory.imported,
        };
        let emcc = if emcc { bulk::CrossCluster::InUse } else { bulk::CrossCluster::Absent };
        let work = bulk::plan_step(step, &cluster, held, emcc).map_err(unplannable)?;
        Ok(wit::BulkWork {
            purposes: words(&work.purposes),
            store: work.store.to_owned(),
            advice: list(work.advice, advice),
            others: work.others,
        })
    }

    fn index_keys(certificate: Vec<u8>) -> Result<wit::Keys, Refusal> {
        let certificate = given::single(&certificate).map_err(unplannable)?;
        // the keys of a certificate are the same wherever it lies
        let keys = Keys::of(&certificate, &Room::Trust(String::new()));
        Ok(wit::Keys {
            fingerprint: fingerprint(certificate.fingerprint),
            subject_key: keys.subject_key.to_vec(),
            issuer_key: keys.issuer_key.to_vec(),
            subject: certificate.subject.to_string(),
            issuer: certificate.issuer.to_string(),
            common_name: keys.common_name,
            key: keys.key,
            serial_number: keys.serial_number,
            not_before: keys.not_before.unix(),
            not_after: keys.not_after.unix(),
            authority: keys.is_authority,
        })
    }

    fn public_key_fingerprint(certificate: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        let certificate = given::single(&certificate).map_err(unplannable)?;
        Ok(fingerprint(public_key_fingerprint(&certificate)))
    }

    fn offer(
        policy: String,
        cluster: wit::Cluster,
        purpose: String,
        node: Option<String>,
        self_signed: bool,
    ) -> Result<wit::Offered, Refusal> {
        let cluster = self::cluster(cluster).read().map_err(unplannable)?;
        let catalogue = Catalogue::of(cluster.product, cluster.release, &settings(&policy)?);
        let offer = if self_signed { offer::for_self_signed } else { offer::for_request };
        let offer = offer(&cluster, &catalogue, &purpose, &given::distribution(node));
        offer.map(offered).map_err(unplannable)
    }

    fn to_be_signed(
        policy: String,
        cluster: wit::Cluster,
        operation: wit::Operation,
        number: u32,
        particulars: wit::Particulars,
    ) -> Result<Vec<u8>, Refusal> {
        let item = Drafted::read(&policy, cluster, operation)?.item(number)?;
        let drawn = Particulars {
            serial: &particulars.serial,
            not_before: Instant::from_unix(particulars.not_before),
        };
        let octets = item.to_be_signed(&particulars.public_key, &drawn);
        octets.map_err(|unfit| unplannable(Unplannable::Unfit(unfit)))
    }

    fn assemble(to_be_signed: Vec<u8>, algorithm: String, signature: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        operation::assembled(&to_be_signed, &algorithm, &signature).map_err(unplannable)
    }

    fn place_self_signed(
        policy: String,
        cluster: wit::Cluster,
        operation: wit::Operation,
        number: u32,
        certificate: Vec<u8>,
    ) -> Result<Vec<wit::Effect>, Refusal> {
        let drafted = Drafted::read(&policy, cluster, operation)?;
        let item = drafted.item(number)?;
        let certificate = given::single(&certificate).map_err(unplannable)?;
        let Drafted { cluster, catalogue, .. } = &drafted;
        let effects = operation::place_self_signed(cluster, catalogue, &item, &certificate);
        Ok(list(effects.map_err(unplannable)?, effect))
    }
}

/// Plans under the settings of a validator.
pub(crate) fn plan(
    settings: &Settings,
    cluster: wit::Cluster,
    operation: wit::Operation,
    at: i64,
) -> Result<wit::Plan, Refusal> {
    let Drafted { cluster, catalogue, operation } = Drafted::under(settings, cluster, operation)?;
    let planned = operation::plan(&cluster, &catalogue, settings, &operation, Instant::from_unix(at));
    Ok(self::planned(planned))
}

/// What has to be restarted after a policy document with these settings was saved.
pub(crate) fn restart_advice(
    settings: &Settings,
    cluster: wit::Cluster,
) -> Result<Vec<wit::Advice>, Refusal> {
    let cluster = self::cluster(cluster).read().map_err(unplannable)?;
    Ok(list(restart::advise_saved(&cluster, &settings.revocation), advice))
}

/// What an operation is planned from.
struct Drafted {
    cluster: Cluster,
    catalogue: Catalogue,
    operation: Operation,
}

impl Drafted {
    fn under(settings: &Settings, cluster: wit::Cluster, operation: wit::Operation) -> Result<Self, Refusal> {
        let cluster = self::cluster(cluster).read().map_err(unplannable)?;
        let operation = self::operation(operation).read(settings).map_err(unplannable)?;
        let catalogue = Catalogue::of(cluster.product, cluster.release, settings);
        Ok(Self { cluster, catalogue, operation })
    }

    fn read(policy: &str, cluster: wit::Cluster, operation: wit::Operation) -> Result<Self, Refusal> {
        Self::under(&settings(policy)?, cluster, operation)
    }

    fn item(&self, number: u32) -> Result<Unsigned, Refusal> {
        let planned = operation::draft(&self.cluster, &self.catalogue, &self.operation);
        planned.item(usize::try_from(number).unwrap_or(usize::MAX)).cloned().map_err(unplannable)
    }
}

fn settings(policy: &str) -> Result<Settings, Refusal> {
    document::parse(policy).map_err(|error| convert::document_error(&error))
}

// what comes in

fn cluster(from: wit::Cluster) -> GivenCluster {
    GivenCluster {
        product: product(from.product),
        release: from.release,
        nodes: list(from.nodes, node),
        entries: list(from.entries, entry),
        tombstones: list(from.tombstones, tombstone),
        requests: list(from.requests, pending_request),
        features: features(from.features),
    }
}

fn product(from: wit::Product) -> Product {
    match from {
        wit::Product::Ucm => Product::Ucm,
        wit::Product::Imp => Product::Imp,
    }
}

fn node(from: wit::Node) -> Node {
    Node { name: from.name, role: node_role(from.role) }
}

fn node_role(from: wit::NodeRole) -> NodeRole {
    match from {
        wit::NodeRole::Publisher => NodeRole::Publisher,
        wit::NodeRole::Subscriber => NodeRole::Subscriber,
    }
}

fn features(from: wit::Features) -> Features {
    use wit::Features as From;
    let on = |flag: From| from.bits() & flag.bits() != 0;
    Features {
        common_criteria: on(From::COMMON_CRITERIA),
        fips: on(From::FIPS),
        mixed_mode: on(From::MIXED_MODE),
        sip_oauth: on(From::SIP_OAUTH),
        saml_sso: on(From::SAML_SSO),
        emcc: on(From::EMCC),
        manual_phone_reset: on(From::MANUAL_PHONE_RESET),
    }
}

fn room(from: wit::Room) -> Room {
    match from {
        wit::Room::Identity(name) => Room::Identity(name),
        wit::Room::Trust(name) => Room::Trust(name),
    }
}

fn place(from: wit::Place) -> Place {
    Place { room: room(from.room), node: from.node }
}

fn entry(from: wit::Entry) -> GivenEntry {
    GivenEntry {
        place: place(from.place),
        certificate: from.certificate,
        origin: origin(from.origin),
        active_from: from.active_from.map(Instant::from_unix),
    }
}

fn origin(from: wit::Origin) -> Origin {
    match from {
        wit::Origin::SelfSigned => Origin::SelfSigned,
        wit::Origin::Issued => Origin::Issued,
        wit::Origin::Uploaded => Origin::Uploaded,
        wit::Origin::Copied => Origin::Copied,
    }
}

fn tombstone(from: wit::Tombstone) -> GivenTombstone {
    GivenTombstone { place: place(from.place), fingerprint: from.fingerprint }
}

fn pending_request(from: wit::PendingRequest) -> PendingRequest {
    PendingRequest { purpose: from.purpose, node: from.node, der: from.request }
}

fn operation(from: wit::Operation) -> GivenOperation {
    use wit::Operation as From;
    match from {
        From::Upload(upload) => GivenOperation::Upload {
            room: room(upload.room),
            node: upload.node,
            file: upload.file,
            revival: revival(upload.revive),
            profile: upload.usage_profile,
            extra_names: upload.extra_names,
        },
        From::Delete(deletion) => GivenOperation::Delete {
            room: room(deletion.room),
            node: deletion.node,
            fingerprint: deletion.fingerprint,
        },
        From::Reuse(reuse) => {
            GivenOperation::Reuse(Reuse { from: reuse.source, to: reuse.target, node: reuse.node })
        }
        From::Join(joining) => GivenOperation::Join { node: joining.node, view: list(joining.view, entry) },
        From::Leave(name) => GivenOperation::Leave(name),
        From::Role(wanted) => GivenOperation::Role(node(wanted)),
        From::Upgrade(release) => GivenOperation::Upgrade(release),
        From::Request(fields) => GivenOperation::Request(request_fields(fields)),
        From::SelfSigned(fields) => {
            GivenOperation::SelfSigned { common: request_fields(fields.common), years: fields.years }
        }
        From::Regenerate(anew) => {
            GivenOperation::Regenerate { places: list(anew.places, place), profile: anew.usage_profile }
        }
        From::Completeness => GivenOperation::Completeness,
        From::Exchange => GivenOperation::Exchange,
    }
}

fn revival(revive: bool) -> Revival {
    if revive { Revival::Revive } else { Revival::Refuse }
}

fn request_fields(from: wit::RequestFields) -> GivenFields {
    GivenFields {
        purpose: from.purpose,
        node: from.node,
        subject: subject_fields(from.subject),
        names: NameFields { domains: from.domains, parent_domain: from.parent_domain },
        key: GivenKey { key_type: from.key.key_type, bits: from.key.bits, hash: from.key.hash },
        profile: from.usage_profile,
    }
}

fn subject_fields(from: wit::SubjectFields) -> SubjectFields {
    SubjectFields {
        country: from.country,
        state: from.state,
        locality: from.locality,
        organization: from.organization,
        organizational_unit: from.organizational_unit,
        include_organizational_unit: from.include_organizational_unit,
        common_name: from.common_name,
    }
}

/// R-CRL-14.
pub(crate) fn check_node_policy(release: &str, role: wit::NodeRole) -> Result<(), Refusal> {
    let release = given::release(release).map_err(unplannable)?;
    node_policy::check(release, node_role(role)).map_err(unplannable)
}

// what goes out

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn unplannable(from: Unplannable) -> Refusal {
    convert::refusal(from.code(), &from.input(), from.details())
}

fn planned(from: Planned) -> wit::Plan {
    let document = form::document(&from);
    wit::Plan {
        effects: list(from.plan.effects, effect),
        findings: list(from.plan.findings, finding),
        advice: list(from.plan.advice, advice),
        unsigned: list(from.unsigned, unsigned),
        document,
    }
}

fn effect(from: Effect) -> wit::Effect {
    match from {
        Effect::Store { place, certificate, origin, active_from } => wit::Effect::Store(wit::Entry {
            place: place_out(place),
            certificate: certificate.der.clone(),
            origin: origin_out(origin),
            active_from: active_from.map(|moment| moment.unix()),
        }),
        Effect::Remove { place, fingerprint } => wit::Effect::Remove(grave(Tombstone { place, fingerprint })),
        Effect::Revive { place, fingerprint } => wit::Effect::Revive(grave(Tombstone { place, fingerprint })),
        Effect::DropRequest { purpose, node } => wit::Effect::DropRequest((purpose, node)),
        Effect::RemoveNode(name) => wit::Effect::RemoveNode(name),
        Effect::SetRole(node) => wit::Effect::SetRole(node_out(node)),
    }
}

fn node_out(from: Node) -> wit::Node {
    let role = match from.role {
        NodeRole::Publisher => wit::NodeRole::Publisher,
        NodeRole::Subscriber => wit::NodeRole::Subscriber,
    };
    wit::Node { name: from.name, role }
}

fn grave(from: Tombstone) -> wit::Tombstone {
    wit::Tombstone { place: place_out(from.place), fingerprint: fingerprint(from.fingerprint) }
}

fn place_out(from: Place) -> wit::Place {
    let room = match from.room {
        Room::Identity(name) => wit::Room::Identity(name),
        Room::Trust(name) => wit::Room::Trust(name),
    };
    wit::Place { room, node: from.node }
}

fn origin_out(from: Origin) -> wit::Origin {
    match from {
        Origin::SelfSigned => wit::Origin::SelfSigned,
        Origin::Issued => wit::Origin::Issued,
        Origin::Uploaded => wit::Origin::Uploaded,
        Origin::Copied => wit::Origin::Copied,
    }
}

fn finding(from: ManagementFinding) -> wit::ManagementFinding {
    wit::ManagementFinding {
        code: from.code.as_str().to_owned(),
        severity: severity(from.severity),
        position: from.position.map(saturated),
        certificate: from.certificate.map(fingerprint),
        clause: from.code.clause().to_owned(),
        rules: words(from.code.rules()),
        details: list(from.details, detail),
    }
}

fn words(from: &[&str]) -> Vec<String> {
    from.iter().map(|rule| (*rule).to_owned()).collect()
}

fn advice(from: Advice) -> wit::Advice {
    wit::Advice {
        action: from.action.word().to_owned(),
        concerning: from.action.concerning().map(str::to_owned),
        service_kind: from.action.service().map(|service| service.kind.word().to_owned()),
        node: from.node,
        need: match from.need {
            Need::Automatic => wit::AdviceNeed::Automatic,
            Need::Recommended => wit::AdviceNeed::Recommended,
            Need::Required => wit::AdviceNeed::Required,
        },
        rules: words(from.rules),
    }
}

fn unsigned(from: Unsigned) -> wit::Unsigned {
    wit::Unsigned {
        purpose: from.purpose,
        node: from.node,
        key: key_choice(from.key),
        algorithm: from.algorithm.word().to_owned(),
        years: from.form.years(),
    }
}

fn key_choice(from: KeyChoice) -> wit::KeyChoice {
    wit::KeyChoice {
        key_type: from.key_type.word().to_owned(),
        bits: from.bits,
        hash: from.hash.word().to_owned(),
    }
}

fn offered(from: Offer) -> wit::Offered {
    let Offer { offered, common_name } = from;
    wit::Offered {
        key_type: offered.key_type.word().to_owned(),
        lengths: list(offered.lengths, offered_length),
        multi_server: offered.multi_server,
        publisher_only: offered.publisher_only,
        names: offered.names,
        years: offered.years.to_vec(),
        common_name,
    }
}

fn offered_length(from: OfferedLength) -> (u16, Vec<String>) {
    (from.bits, from.hashes.iter().map(|hash| hash.word().to_owned()).collect())
}

fn identity_purpose(from: IdentityPurpose, features: Features) -> wit::IdentityPurpose {
    wit::IdentityPurpose {
        used_by: restart::used_by(features, &from),
        name: from.name,
        key_type: from.key_type.word().to_owned(),
        trust_store: from.trust_store,
        scope: from.scope.word().to_owned(),
        multi_server_self_signed: from.multi_server_self_signed,
        multi_server_issued: from.multi_server_issued,
        publisher_only: from.publisher_only,
    }
}

fn trust_store(from: TrustStore) -> wit::TrustStore {
    wit::TrustStore {
        used_by: words(restart::store_used_by(&from.name)),
        name: from.name,
        replicated: from.replication == Replication::Cluster,
        deleted_everywhere: from.deletion == Replication::Cluster,
        publisher_only: from.publisher_only,
        copied_to: from.copied_to,
    }
}
