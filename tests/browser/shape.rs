//! The contract's types in the shapes of the component's JavaScript, as JSON: records are objects with names in camel
//! case, variants have `tag` and `val`, flags are objects of truths. Octets are `{"octets": base64}` and integers of 64
//! bits `{"integer": decimal}` until `parity.js` makes of them what they are.

use base64ct::{Base64, Encoding};
use host_server::component::contract::evidence::{Answered, Item};
use host_server::component::contract::management::{
    Cluster, Entry, Features, Node, NodeRole, Operation, Origin, Place, Product, RequestFields, Room,
    Tombstone, Upload,
};
use host_server::component::contract::request::{ReferenceIdentifier, Validation};
use serde_json::{Value, json};

/// `list<u8>`.
pub(crate) fn octets(octets: &[u8]) -> Value {
    json!({ "octets": Base64::encode_string(octets) })
}

/// `s64`.
pub(crate) fn integer(number: i64) -> Value {
    json!({ "integer": number.to_string() })
}

pub(crate) fn variant(tag: &str, value: Value) -> Value {
    json!({ "tag": tag, "val": value })
}

fn all<T>(items: &[T], shape: fn(&T) -> Value) -> Value {
    items.iter().map(shape).collect()
}

/// `request.validation`.
pub(crate) fn question(from: &Validation) -> Value {
    json!({
        "target": octets(&from.target),
        "untrusted": all(&from.untrusted, |der| octets(der)),
        "at": integer(from.at),
        "purpose": from.purpose,
        "names": all(&from.names, reference),
        "nonceSeed": from.nonce_seed.as_deref().map(octets),
        "answersSignatureChecks": from.answers_signature_checks,
    })
}

fn reference(from: &ReferenceIdentifier) -> Value {
    match from {
        ReferenceIdentifier::Dns(text) => variant("dns", json!(text)),
        ReferenceIdentifier::Ip(address) => variant("ip", octets(address)),
        ReferenceIdentifier::Mail(text) => variant("mail", json!(text)),
        ReferenceIdentifier::Uri(text) => variant("uri", json!(text)),
    }
}

/// `evidence.item`, as far as tests bring any along.
pub(crate) fn item(from: &Item) -> Value {
    let answered = |from: &Answered| json!({ "requestId": from.request_id, "body": octets(&from.body) });
    match from {
        Item::Crl(body) => variant("crl", answered(body)),
        Item::OcspResponse(body) => variant("ocsp-response", answered(body)),
        other => panic!("no scenario brings {other:?}"),
    }
}

/// `management.cluster`.
pub(crate) fn cluster(from: &Cluster) -> Value {
    json!({
        "product": match from.product {
            Product::Imp => "imp",
            Product::Ucm => "ucm",
        },
        "release": from.release,
        "nodes": all(&from.nodes, node),
        "entries": all(&from.entries, entry),
        "tombstones": all(&from.tombstones, tombstone),
        "requests": all(&from.requests, |waiting| json!({
            "purpose": waiting.purpose, "node": waiting.node, "request": octets(&waiting.request),
        })),
        "features": features(from.features),
    })
}

fn features(from: Features) -> Value {
    json!({
        "commonCriteria": from.contains(Features::COMMON_CRITERIA),
        "fips": from.contains(Features::FIPS),
        "mixedMode": from.contains(Features::MIXED_MODE),
        "sipOauth": from.contains(Features::SIP_OAUTH),
        "samlSso": from.contains(Features::SAML_SSO),
        "emcc": from.contains(Features::EMCC),
        "manualPhoneReset": from.contains(Features::MANUAL_PHONE_RESET),
    })
}

fn node(from: &Node) -> Value {
    let role = match from.role {
        NodeRole::Publisher => "publisher",
        NodeRole::Subscriber => "subscriber",
    };
    json!({ "name": from.name, "role": role })
}

fn entry(from: &Entry) -> Value {
    let origin = match from.origin {
        Origin::Copied => "copied",
        Origin::Issued => "issued",
        Origin::SelfSigned => "self-signed",
        Origin::Uploaded => "uploaded",
    };
    json!({
        "place": place(&from.place),
        "certificate": octets(&from.certificate),
        "origin": origin,
        "activeFrom": from.active_from.map(integer),
    })
}

fn tombstone(from: &Tombstone) -> Value {
    json!({ "place": place(&from.place), "fingerprint": octets(&from.fingerprint) })
}

fn place(from: &Place) -> Value {
    json!({ "room": room(&from.room), "node": from.node })
}

fn room(from: &Room) -> Value {
    match from {
        Room::Identity(name) => variant("identity", json!(name)),
        Room::Trust(name) => variant("trust", json!(name)),
    }
}

/// `management.operation`.
pub(crate) fn operation(from: &Operation) -> Value {
    match from {
        Operation::Completeness => json!({ "tag": "completeness" }),
        Operation::Delete(gone) => variant(
            "delete",
            json!({ "room": room(&gone.room), "node": gone.node, "fingerprint": octets(&gone.fingerprint) }),
        ),
        Operation::Exchange => json!({ "tag": "exchange" }),
        Operation::Join(joining) => {
            variant("join", json!({ "node": joining.node, "view": all(&joining.view, entry) }))
        }
        Operation::Leave(name) => variant("leave", json!(name)),
        Operation::Regenerate(anew) => variant(
            "regenerate",
            json!({ "places": all(&anew.places, place), "usageProfile": anew.usage_profile }),
        ),
        Operation::Request(fields) => variant("request", request_fields(fields)),
        Operation::Reuse(reuse) => {
            variant("reuse", json!({ "source": reuse.source, "target": reuse.target, "node": reuse.node }))
        }
        Operation::Role(wanted) => variant("role", node(wanted)),
        Operation::SelfSigned(fields) => {
            variant("self-signed", json!({ "common": request_fields(&fields.common), "years": fields.years }))
        }
        Operation::Upgrade(release) => variant("upgrade", json!(release)),
        Operation::Upload(file) => variant("upload", upload(file)),
    }
}

fn upload(from: &Upload) -> Value {
    json!({
        "room": room(&from.room),
        "node": from.node,
        "file": octets(&from.file),
        "revive": from.revive,
        "usageProfile": from.usage_profile,
        "extraNames": from.extra_names,
    })
}

fn request_fields(from: &RequestFields) -> Value {
    let subject = &from.subject;
    json!({
        "purpose": from.purpose,
        "node": from.node,
        "subject": {
            "country": subject.country,
            "state": subject.state,
            "locality": subject.locality,
            "organization": subject.organization,
            "organizationalUnit": subject.organizational_unit,
            "includeOrganizationalUnit": subject.include_organizational_unit,
            "commonName": subject.common_name,
        },
        "domains": from.domains,
        "parentDomain": from.parent_domain,
        "key": { "keyType": from.key.key_type, "bits": from.key.bits, "hash": from.key.hash },
        "usageProfile": from.usage_profile,
    })
}
