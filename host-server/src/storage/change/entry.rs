//! Certificates into their places and out of them. What lies on every node is one row without a node; when it is
//! taken from one node alone, it becomes a row on each of the others.

use sha2::{Digest, Sha256};

use super::{ApplyFault, NewEntry, Stamp};
use crate::storage::check;
use crate::storage::database::Work;
use crate::storage::fault::StorageFault;
use crate::storage::record::{Fingerprint, Place, Usage, node_text, text};
use crate::storage::state::folded;

/// How much of a name decides its place in a list, in characters: an index of PostgreSQL takes no more than 2,700
/// octets. `state` cuts the names it looks for at the same place.
const SORTED: usize = 128;

/// A place and a certificate, as they are bound: $1 to $4.
struct Spot {
    usage: &'static str,
    room: String,
    fingerprint: Vec<u8>,
    node: String,
}

impl Spot {
    fn of(place: &Place, fingerprint: &Fingerprint) -> Self {
        Self {
            usage: place.room.usage.word(),
            room: text(&place.room.name),
            fingerprint: fingerprint.to_vec(),
            node: node_text(place.node.as_deref()),
        }
    }

    async fn execute(&self, work: &mut Work, statement: &'static str) -> Result<u64, StorageFault> {
        let done = sqlx::query(statement)
            .bind(self.usage)
            .bind(self.room.clone())
            .bind(self.fingerprint.clone())
            .bind(self.node.clone())
            .execute(&mut **work)
            .await?;
        Ok(done.rows_affected())
    }

    async fn finds(&self, work: &mut Work, statement: &'static str) -> Result<bool, StorageFault> {
        let row = sqlx::query(statement)
            .bind(self.usage)
            .bind(self.room.clone())
            .bind(self.fingerprint.clone())
            .bind(self.node.clone())
            .fetch_optional(&mut **work)
            .await?;
        Ok(row.is_some())
    }
}

pub(super) async fn store(work: &mut Work, new: &NewEntry, stamp: &Stamp) -> Result<(), ApplyFault> {
    let fingerprint = new.facts.fingerprint;
    if Fingerprint::from(Sha256::digest(&new.der)) != fingerprint {
        return Err(ApplyFault::OtherFingerprint);
    }
    let spot = Spot::of(&new.place, &fingerprint);
    if let Some(node) = &new.place.node {
        super::cluster::require_node(work, &text(node)).await?;
    }
    // D-21
    let buried = "SELECT 1 FROM tombstones WHERE usage = $1 AND room = $2 AND fingerprint = $3 \
                  AND (node = '' OR $4 = '' OR node = $4)";
    if spot.finds(work, buried).await? {
        return Err(ApplyFault::Buried { place: new.place.clone(), fingerprint });
    }
    let held = "SELECT 1 FROM entries WHERE usage = $1 AND room = $2 AND fingerprint = $3 \
                AND (node = '' OR node = $4)";
    if spot.finds(work, held).await? {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO certificates (fingerprint, der) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
    )
    .bind(fingerprint.to_vec())
    .bind(new.der.clone())
    .execute(&mut **work)
    .await?;
    for node in missing_nodes(work, &spot).await? {
        insert(work, new, &node, stamp).await?;
    }
    Ok(())
}

/// Where rows are needed: the place itself, or, where some nodes have the certificate already, each of the others.
async fn missing_nodes(work: &mut Work, spot: &Spot) -> Result<Vec<String>, StorageFault> {
    let some = "SELECT 1 FROM entries WHERE usage = $1 AND room = $2 AND fingerprint = $3 AND node <> $4";
    if !spot.node.is_empty() || !spot.finds(work, some).await? {
        return Ok(vec![spot.node.clone()]);
    }
    let rows = sqlx::query(
        "SELECT name FROM nodes WHERE name NOT IN \
         (SELECT node FROM entries WHERE usage = $1 AND room = $2 AND fingerprint = $3) ORDER BY name",
    )
    .bind(spot.usage)
    .bind(spot.room.clone())
    .bind(spot.fingerprint.clone())
    .fetch_all(&mut **work)
    .await?;
    rows.iter().map(|row| Ok(sqlx::Row::try_get(row, 0)?)).collect()
}

async fn insert(work: &mut Work, new: &NewEntry, node: &str, stamp: &Stamp) -> Result<(), StorageFault> {
    let facts = &new.facts;
    let name = folded(&facts.common_name);
    sqlx::query(
        "INSERT INTO entries (usage, room, node, fingerprint, subject_key, issuer_key, subject, common_name, \
         common_name_folded, common_name_sort, serial, key_type, key_bits, not_before, not_after, is_authority, \
         origin, active_from, description, added_at, added_by, version, key_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23)",
    )
    .bind(new.place.room.usage.word())
    .bind(text(&new.place.room.name))
    .bind(node.to_owned())
    .bind(facts.fingerprint.to_vec())
    .bind(text(&facts.subject_key))
    .bind(text(&facts.issuer_key))
    .bind(text(&facts.subject))
    .bind(text(&facts.common_name))
    .bind(name.clone())
    .bind(name.chars().take(SORTED).collect::<String>())
    .bind(text(&facts.serial))
    .bind(text(&facts.key_type))
    .bind(facts.key_bits)
    .bind(facts.not_before)
    .bind(facts.not_after)
    .bind(i64::from(facts.is_authority))
    .bind(new.origin.word())
    .bind(new.active_from)
    .bind(text(&new.description))
    .bind(stamp.now)
    .bind(stamp.who.clone())
    .bind(stamp.version.0)
    .bind(text(&facts.key_id))
    .execute(&mut **work)
    .await?;
    // R-OCSP-8
    check::enter(work, &new.place, facts, (new.origin, stamp.now)).await
}

pub(super) async fn remove(
    work: &mut Work,
    place: &Place,
    fingerprint: &Fingerprint,
    stamp: &Stamp,
) -> Result<(), ApplyFault> {
    let spot = Spot::of(place, fingerprint);
    if place.node.is_some() {
        split(work, &spot, stamp).await?;
    }
    let take = "DELETE FROM entries WHERE usage = $1 AND room = $2 AND fingerprint = $3 \
                AND ($4 = '' OR node = $4)";
    spot.execute(work, take).await?;
    sqlx::query(
        "DELETE FROM certificates WHERE fingerprint = $1 \
         AND NOT EXISTS (SELECT 1 FROM entries WHERE fingerprint = $1)",
    )
    .bind(fingerprint.to_vec())
    .execute(&mut **work)
    .await?;
    check::leave(work, &place.room, fingerprint, stamp.now).await?;
    // a slot is filled by its administrator alone; only what is believed could come back by a routine
    if place.room.usage == Usage::Trust {
        sqlx::query(
            "INSERT INTO tombstones (usage, room, fingerprint, node, removed_at, removed_by) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (usage, room, fingerprint, node) DO NOTHING",
        )
        .bind(spot.usage)
        .bind(spot.room)
        .bind(spot.fingerprint)
        .bind(spot.node)
        .bind(stamp.now)
        .bind(stamp.who.clone())
        .execute(&mut **work)
        .await?;
    }
    Ok(())
}

/// What lies on every node lies on each of the others from now on.
async fn split(work: &mut Work, spot: &Spot, stamp: &Stamp) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO entries (usage, room, node, fingerprint, subject_key, issuer_key, subject, common_name, \
         common_name_folded, common_name_sort, serial, key_type, key_bits, not_before, not_after, is_authority, \
         origin, active_from, description, added_at, added_by, version, key_id) \
         SELECT e.usage, e.room, n.name, e.fingerprint, e.subject_key, e.issuer_key, e.subject, e.common_name, \
         e.common_name_folded, e.common_name_sort, e.serial, e.key_type, e.key_bits, e.not_before, e.not_after, \
         e.is_authority, e.origin, e.active_from, e.description, e.added_at, e.added_by, $5, e.key_id \
         FROM entries e CROSS JOIN nodes n \
         WHERE e.usage = $1 AND e.room = $2 AND e.fingerprint = $3 AND e.node = '' AND n.name <> $4 \
         ON CONFLICT (usage, room, fingerprint, node) DO NOTHING",
    )
    .bind(spot.usage)
    .bind(spot.room.clone())
    .bind(spot.fingerprint.clone())
    .bind(spot.node.clone())
    .bind(stamp.version.0)
    .execute(&mut **work)
    .await?;
    let whole =
        "DELETE FROM entries WHERE usage = $1 AND room = $2 AND fingerprint = $3 AND node = '' AND $4 <> ''";
    spot.execute(work, whole).await?;
    Ok(())
}

pub(super) async fn revive(
    work: &mut Work,
    place: &Place,
    fingerprint: &Fingerprint,
) -> Result<(), ApplyFault> {
    let lift = "DELETE FROM tombstones WHERE usage = $1 AND room = $2 AND fingerprint = $3 AND node = $4";
    Spot::of(place, fingerprint).execute(work, lift).await?;
    Ok(())
}

pub(super) async fn describe(
    work: &mut Work,
    (place, fingerprint): (&Place, &Fingerprint),
    description: &str,
    stamp: &Stamp,
) -> Result<(), ApplyFault> {
    let spot = Spot::of(place, fingerprint);
    let done = sqlx::query(
        "UPDATE entries SET description = $5, version = $6 \
         WHERE usage = $1 AND room = $2 AND fingerprint = $3 AND node = $4",
    )
    .bind(spot.usage)
    .bind(spot.room)
    .bind(spot.fingerprint)
    .bind(spot.node)
    .bind(text(description))
    .bind(stamp.version.0)
    .execute(&mut **work)
    .await?;
    match done.rows_affected() {
        0 => Err(ApplyFault::Missing("certificate in", place.room.name.clone())),
        _ => Ok(()),
    }
}
