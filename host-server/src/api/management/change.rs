//! Effects of a plan as changes of what is kept. What is indexed of a certificate the engine says.

use data_encoding::HEXLOWER;

use crate::audit::Details;
use crate::component::contract::management as wit;
use crate::component::contract::types::Refusal;
use crate::component::{Answer, Fault, Session};
use crate::storage::{Change, Facts, Fingerprint, NewEntry, NodeRole, Origin, Place, Room, Usage};

/// The change that an effect asks for.
///
/// # Errors
/// A certificate that the engine cannot read.
pub fn of_effect(session: &mut Session, effect: &wit::Effect, description: &str) -> Answer<Change> {
    Ok(Ok(match effect {
        wit::Effect::Store(entry) => match facts(session, entry)? {
            Ok(facts) => Change::Store(Box::new(NewEntry {
                place: place(&entry.place),
                facts,
                der: entry.certificate.clone(),
                origin: origin(entry.origin),
                active_from: entry.active_from,
                description: description.to_owned(),
            })),
            Err(refusal) => return Ok(Err(refusal)),
        },
        wit::Effect::Remove(gone) => {
            Change::Remove { place: place(&gone.place), fingerprint: fingerprint(&gone.fingerprint)? }
        }
        wit::Effect::Revive(back) => {
            Change::Revive { place: place(&back.place), fingerprint: fingerprint(&back.fingerprint)? }
        }
        wit::Effect::DropRequest((purpose, node)) => {
            Change::DropRequest { purpose: purpose.clone(), node: node.clone() }
        }
        wit::Effect::RemoveNode(name) => Change::RemoveNode { name: name.clone() },
        wit::Effect::SetRole(node) => Change::SetRole { name: node.name.clone(), role: role(node.role) },
    }))
}

/// What the engine says of a certificate. A slot's has a private key of ours.
fn facts(session: &mut Session, entry: &wit::Entry) -> Result<Result<Facts, Refusal>, Fault> {
    let keys = match session.index_keys(&entry.certificate)? {
        Ok(keys) => keys,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let key_id = match entry.place.room {
        wit::Room::Identity(_) => session.public_key_fingerprint(&entry.certificate)?,
        wit::Room::Trust(_) => Ok(Vec::new()),
    };
    let key_id = match key_id {
        Ok(key_id) => HEXLOWER.encode(&key_id),
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(Ok(Facts {
        fingerprint: fingerprint(&keys.fingerprint)?,
        subject_key: HEXLOWER.encode(&keys.subject_key),
        issuer_key: HEXLOWER.encode(&keys.issuer_key),
        subject: keys.subject,
        common_name: keys.common_name.unwrap_or_default(),
        serial: keys.serial_number,
        key_bits: bits(&keys.key),
        key_type: keys.key,
        not_before: keys.not_before,
        not_after: keys.not_after,
        is_authority: keys.authority,
        key_id,
    }))
}

/// The size that stands at the end of a key in words, such as `rsa 2048` and `p-256`.
fn bits(key: &str) -> i64 {
    key.rsplit([' ', '-']).next().and_then(|size| size.parse().ok()).unwrap_or(0)
}

fn fingerprint(octets: &[u8]) -> Result<Fingerprint, Fault> {
    octets.try_into().map_err(|_| Fault::Trap("a fingerprint of the engine's is not one".to_owned()))
}

fn place(from: &wit::Place) -> Place {
    let (usage, name) = match &from.room {
        wit::Room::Identity(name) => (Usage::Identity, name.clone()),
        wit::Room::Trust(name) => (Usage::Trust, name.clone()),
    };
    Place { room: Room { usage, name }, node: from.node.clone() }
}

fn origin(from: wit::Origin) -> Origin {
    match from {
        wit::Origin::Copied => Origin::Copied,
        wit::Origin::Issued => Origin::Issued,
        wit::Origin::SelfSigned => Origin::SelfSigned,
        wit::Origin::Uploaded => Origin::Uploaded,
    }
}

fn role(from: wit::NodeRole) -> NodeRole {
    match from {
        wit::NodeRole::Publisher => NodeRole::Publisher,
        wit::NodeRole::Subscriber => NodeRole::Subscriber,
    }
}

/// What the audit says of changes.
pub(super) fn details(changes: &[Change]) -> Details {
    let at = |place: &Place, fingerprint: &Fingerprint| {
        let node = place.node.as_deref().unwrap_or("every node");
        format!("{} on {node}: {}", place.room.name, HEXLOWER.encode(fingerprint))
    };
    let (mut stored, mut removed, mut revived) = (Vec::new(), Vec::new(), Vec::new());
    let (mut keys, mut nodes) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Store(new) => stored.push(at(&new.place, &new.facts.fingerprint)),
            Change::Remove { place, fingerprint } => removed.push(at(place, fingerprint)),
            Change::Revive { place, fingerprint } => revived.push(at(place, fingerprint)),
            Change::PutKey(key) => keys.push(key.id.clone()),
            Change::RemoveNode { name } => nodes.push(format!("{name}: gone")),
            Change::SetRole { name, role } => nodes.push(format!("{name}: {}", role.word())),
            _ => {}
        }
    }
    let lists =
        [("stored", stored), ("removed", removed), ("revived", revived), ("keys", keys), ("nodes", nodes)];
    let told = lists.into_iter().filter(|(_, list)| !list.is_empty());
    told.fold(Details::none(), |details, (name, list)| details.list(name, list))
}

#[cfg(test)]
mod tests {
    use super::bits;

    #[test]
    fn the_size_of_a_key_stands_at_the_end_of_its_words() {
        for (key, expected) in [("rsa 2048", 2048), ("p-256", 256), ("ed25519", 0), ("", 0), ("rsa x", 0)] {
            assert_eq!(bits(key), expected, "{key}");
        }
    }
}
