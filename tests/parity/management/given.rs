//! The same input for the engine crate: types of the contract to what the crate is given.

use engine::management::cluster::{Features, Node, NodeRole, Origin, PendingRequest, Place, Room};
use engine::management::distribution::NameFields;
use engine::management::given::{
    GivenCluster, GivenEntry, GivenFields, GivenKey, GivenOperation, GivenTombstone,
};
use engine::management::release::Product;
use engine::management::reuse::Reuse;
use engine::management::subject_fields::SubjectFields;
use engine::management::upload::Revival;
use engine::time::Instant;
use host_server::component::contract::management as wit;

pub(crate) fn cluster(from: &wit::Cluster) -> GivenCluster {
    let on = |flag| from.features.contains(flag);
    GivenCluster {
        product: match from.product {
            wit::Product::Ucm => Product::Ucm,
            wit::Product::Imp => Product::Imp,
        },
        release: from.release.clone(),
        nodes: from.nodes.iter().map(node).collect(),
        entries: from.entries.iter().map(entry).collect(),
        tombstones: from.tombstones.iter().map(tombstone).collect(),
        requests: from.requests.iter().map(pending).collect(),
        features: Features {
            common_criteria: on(wit::Features::COMMON_CRITERIA),
            fips: on(wit::Features::FIPS),
            mixed_mode: on(wit::Features::MIXED_MODE),
            sip_oauth: on(wit::Features::SIP_OAUTH),
            saml_sso: on(wit::Features::SAML_SSO),
            emcc: on(wit::Features::EMCC),
            manual_phone_reset: on(wit::Features::MANUAL_PHONE_RESET),
        },
    }
}

fn node(from: &wit::Node) -> Node {
    let role = match from.role {
        wit::NodeRole::Publisher => NodeRole::Publisher,
        wit::NodeRole::Subscriber => NodeRole::Subscriber,
    };
    Node { name: from.name.clone(), role }
}

fn pending(from: &wit::PendingRequest) -> PendingRequest {
    PendingRequest { purpose: from.purpose.clone(), node: from.node.clone(), der: from.request.clone() }
}

fn tombstone(from: &wit::Tombstone) -> GivenTombstone {
    GivenTombstone { place: place(&from.place), fingerprint: from.fingerprint.clone() }
}

fn entry(from: &wit::Entry) -> GivenEntry {
    GivenEntry {
        place: place(&from.place),
        certificate: from.certificate.clone(),
        origin: match from.origin {
            wit::Origin::SelfSigned => Origin::SelfSigned,
            wit::Origin::Issued => Origin::Issued,
            wit::Origin::Uploaded => Origin::Uploaded,
            wit::Origin::Copied => Origin::Copied,
        },
        active_from: from.active_from.map(Instant::from_unix),
    }
}

fn place(from: &wit::Place) -> Place {
    Place { room: room(&from.room), node: from.node.clone() }
}

fn room(from: &wit::Room) -> Room {
    match from {
        wit::Room::Identity(name) => Room::Identity(name.clone()),
        wit::Room::Trust(name) => Room::Trust(name.clone()),
    }
}

pub(crate) fn operation(from: &wit::Operation) -> GivenOperation {
    match from.clone() {
        wit::Operation::Upload(upload) => GivenOperation::Upload {
            room: room(&upload.room),
            node: upload.node,
            file: upload.file,
            revival: if upload.revive { Revival::Revive } else { Revival::Refuse },
            profile: upload.usage_profile,
            extra_names: upload.extra_names,
        },
        wit::Operation::Delete(deletion) => GivenOperation::Delete {
            room: room(&deletion.room),
            node: deletion.node,
            fingerprint: deletion.fingerprint,
        },
        wit::Operation::Reuse(reuse) => {
            GivenOperation::Reuse(Reuse { from: reuse.source, to: reuse.target, node: reuse.node })
        }
        wit::Operation::Join(joining) => {
            GivenOperation::Join { node: joining.node, view: joining.view.iter().map(entry).collect() }
        }
        wit::Operation::Leave(name) => GivenOperation::Leave(name),
        wit::Operation::Role(wanted) => GivenOperation::Role(node(&wanted)),
        wit::Operation::Upgrade(release) => GivenOperation::Upgrade(release),
        wit::Operation::Request(fields) => GivenOperation::Request(request_fields(fields)),
        wit::Operation::SelfSigned(fields) => {
            GivenOperation::SelfSigned { common: request_fields(fields.common), years: fields.years }
        }
        wit::Operation::Regenerate(anew) => GivenOperation::Regenerate {
            places: anew.places.iter().map(place).collect(),
            profile: anew.usage_profile,
        },
        wit::Operation::Completeness => GivenOperation::Completeness,
        wit::Operation::Exchange => GivenOperation::Exchange,
    }
}

fn request_fields(from: wit::RequestFields) -> GivenFields {
    let subject = from.subject;
    GivenFields {
        purpose: from.purpose,
        node: from.node,
        subject: SubjectFields {
            country: subject.country,
            state: subject.state,
            locality: subject.locality,
            organization: subject.organization,
            organizational_unit: subject.organizational_unit,
            include_organizational_unit: subject.include_organizational_unit,
            common_name: subject.common_name,
        },
        names: NameFields { domains: from.domains, parent_domain: from.parent_domain },
        key: GivenKey { key_type: from.key.key_type, bits: from.key.bits, hash: from.key.hash },
        profile: from.usage_profile,
    }
}
