//! Rows as domain words. A row that is none of ours is [`StorageFault::Broken`]: only somebody else can have written it.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::fault::StorageFault;
use super::record::{
    Entry, Facts, Fingerprint, Origin, PendingRequest, Place, Room, Tombstone, Usage, Version, node_of,
};

/// The columns of an entry, as [`entry`] reads them.
pub(super) const ENTRY: &str = "e.id, e.usage, e.room, e.node, e.fingerprint, e.subject_key, e.issuer_key, e.subject, \
                                e.common_name, e.serial, e.key_type, e.key_bits, e.not_before, e.not_after, \
                                e.is_authority, e.key_id, e.origin, e.active_from, e.description, e.added_at, e.added_by, \
                                e.version";

pub(super) fn broken(what: &str) -> StorageFault {
    StorageFault::Broken(format!("a row is none of ours ({what}); restore a backup"))
}

fn word<T>(row: &AnyRow, column: &str, read: fn(&str) -> Option<T>) -> Result<T, StorageFault> {
    let text: String = row.try_get(column)?;
    read(&text).ok_or_else(|| broken(column))
}

pub(super) fn place(row: &AnyRow) -> Result<Place, StorageFault> {
    Ok(Place { room: room(row)?, node: node_of(row.try_get("node")?) })
}

pub(super) fn room(row: &AnyRow) -> Result<Room, StorageFault> {
    Ok(Room { usage: word(row, "usage", Usage::from_word)?, name: row.try_get("room")? })
}

fn fingerprint(row: &AnyRow) -> Result<Fingerprint, StorageFault> {
    let octets: Vec<u8> = row.try_get("fingerprint")?;
    octets.try_into().map_err(|_| broken("fingerprint"))
}

pub(super) fn entry(row: &AnyRow) -> Result<Entry, StorageFault> {
    Ok(Entry {
        id: row.try_get("id")?,
        place: place(row)?,
        facts: Facts {
            fingerprint: fingerprint(row)?,
            subject_key: row.try_get("subject_key")?,
            issuer_key: row.try_get("issuer_key")?,
            subject: row.try_get("subject")?,
            common_name: row.try_get("common_name")?,
            serial: row.try_get("serial")?,
            key_type: row.try_get("key_type")?,
            key_bits: row.try_get("key_bits")?,
            not_before: row.try_get("not_before")?,
            not_after: row.try_get("not_after")?,
            is_authority: row.try_get::<i64, _>("is_authority")? == 1,
            key_id: row.try_get("key_id")?,
        },
        origin: word(row, "origin", Origin::from_word)?,
        active_from: row.try_get("active_from")?,
        description: row.try_get("description")?,
        added_at: row.try_get("added_at")?,
        added_by: row.try_get("added_by")?,
        version: Version(row.try_get("version")?),
    })
}

pub(super) fn tombstone(row: &AnyRow) -> Result<Tombstone, StorageFault> {
    Ok(Tombstone {
        place: place(row)?,
        fingerprint: fingerprint(row)?,
        removed_at: row.try_get("removed_at")?,
        removed_by: row.try_get("removed_by")?,
    })
}

pub(super) fn request(row: &AnyRow) -> Result<PendingRequest, StorageFault> {
    Ok(PendingRequest {
        purpose: row.try_get("purpose")?,
        node: node_of(row.try_get("node")?),
        der: row.try_get("der")?,
        key_id: row.try_get("key_id")?,
    })
}
