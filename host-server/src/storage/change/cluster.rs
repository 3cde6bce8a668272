//! Nodes, sealed keys, and requests that wait. Names here are as they are kept: [`super::make`] saw to that.

use std::collections::BTreeSet;

use super::{ApplyFault, Stamp};
use crate::storage::database::Work;
use crate::storage::own_scope;
use crate::storage::record::{NodeRole, PendingRequest, SealedKey, node_text, text};

/// What is already there is named in the fault; anything else is the storage's.
fn taken(what: &'static str, name: &str, error: sqlx::Error) -> ApplyFault {
    match error.as_database_error() {
        Some(found) if found.is_unique_violation() => ApplyFault::Taken(what, name.to_owned()),
        _ => error.into(),
    }
}

pub(super) async fn add_node(work: &mut Work, name: &str, role: NodeRole) -> Result<(), ApplyFault> {
    if name.is_empty() {
        return Err(ApplyFault::Missing("node with", "an empty name".to_owned()));
    }
    sqlx::query("INSERT INTO nodes (name, role) VALUES ($1, $2)")
        .bind(name.to_owned())
        .bind(role.word())
        .execute(&mut **work)
        .await
        .map_err(|error| taken("node, or a publisher", name, error))?;
    Ok(())
}

/// What lies on the node alone goes with it. The publisher is never taken out: nobody would be it any more.
pub(super) async fn remove_node(work: &mut Work, name: &str, stamp: &Stamp) -> Result<(), ApplyFault> {
    let gone = sqlx::query("DELETE FROM nodes WHERE name = $1 AND role <> 'publisher'")
        .bind(name.to_owned())
        .execute(&mut **work)
        .await?;
    if gone.rows_affected() == 0 {
        return Err(ApplyFault::Missing("subscriber", name.to_owned()));
    }
    // one that comes back under this name begins anew
    sqlx::query("UPDATE policies SET active = 0 WHERE scope = $1")
        .bind(own_scope(name))
        .execute(&mut **work)
        .await?;
    for statement in [
        "DELETE FROM entries WHERE node = $1",
        "DELETE FROM requests WHERE node = $1",
        "DELETE FROM loaded WHERE node = $1",
    ] {
        sqlx::query(statement).bind(name.to_owned()).execute(&mut **work).await?;
    }
    let unused = "DELETE FROM certificates \
                  WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.fingerprint = certificates.fingerprint)";
    sqlx::query(unused).execute(&mut **work).await?;
    Ok(crate::storage::check::leave_all(work, stamp.now).await?)
}

pub(super) async fn set_role(work: &mut Work, name: &str, role: NodeRole) -> Result<(), ApplyFault> {
    let done = sqlx::query("UPDATE nodes SET role = $1 WHERE name = $2")
        .bind(role.word())
        .bind(name.to_owned())
        .execute(&mut **work)
        .await
        .map_err(|error| taken("publisher", name, error))?;
    match done.rows_affected() {
        0 => Err(ApplyFault::Missing("node", name.to_owned())),
        _ => Ok(()),
    }
}

pub(super) async fn require_node(work: &mut Work, name: &str) -> Result<(), ApplyFault> {
    let row = sqlx::query("SELECT 1 FROM nodes WHERE name = $1")
        .bind(name.to_owned())
        .fetch_optional(&mut **work)
        .await?;
    row.map(|_| ()).ok_or_else(|| ApplyFault::Missing("node", name.to_owned()))
}

pub(super) async fn put_key(work: &mut Work, key: &SealedKey, stamp: &Stamp) -> Result<(), ApplyFault> {
    let id = text(&key.id);
    sqlx::query("INSERT INTO keys (id, purpose, algorithm, sealed, added_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.clone())
        .bind(text(&key.purpose))
        .bind(text(&key.algorithm))
        .bind(key.sealed.clone())
        .bind(stamp.now)
        .execute(&mut **work)
        .await
        .map_err(|error| taken("key", &id, error))?;
    Ok(())
}

pub(super) async fn drop_key(work: &mut Work, id: &str) -> Result<(), ApplyFault> {
    let row = sqlx::query("SELECT 1 FROM requests WHERE key_id = $1")
        .bind(id.to_owned())
        .fetch_optional(&mut **work)
        .await?;
    if row.is_some() {
        return Err(ApplyFault::Taken("request that needs the key", id.to_owned()));
    }
    let done = sqlx::query("DELETE FROM keys WHERE id = $1").bind(id.to_owned()).execute(&mut **work).await?;
    match done.rows_affected() {
        0 => Err(ApplyFault::Missing("key", id.to_owned())),
        _ => Ok(()),
    }
}

/// The keys of the certificates in slots.
pub(super) async fn keys_in_slots(work: &mut Work) -> Result<BTreeSet<String>, ApplyFault> {
    let text = "SELECT DISTINCT key_id FROM entries WHERE usage = 'identity' AND key_id <> ''";
    let rows = sqlx::query(text).fetch_all(&mut **work).await?;
    rows.iter().map(|row| Ok(sqlx::Row::try_get(row, 0)?)).collect()
}

/// Destroys those of the keys that nothing uses any more, and names them. Where a slot's certificate came before its key
/// was kept with it, nobody knows, and none is destroyed.
pub(super) async fn destroy_unused(
    work: &mut Work,
    keys: BTreeSet<String>,
) -> Result<Vec<String>, ApplyFault> {
    let mut destroyed = Vec::new();
    for key in keys {
        let done = sqlx::query(
            "DELETE FROM keys WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM requests WHERE key_id = $1) \
             AND NOT EXISTS (SELECT 1 FROM entries WHERE usage = 'identity' AND key_id IN ($1, ''))",
        )
        .bind(key.clone())
        .execute(&mut **work)
        .await?;
        if done.rows_affected() > 0 {
            destroyed.push(key);
        }
    }
    Ok(destroyed)
}

pub(super) async fn put_request(
    work: &mut Work,
    request: &PendingRequest,
    stamp: &Stamp,
) -> Result<(), ApplyFault> {
    let key = text(&request.key_id);
    let row =
        sqlx::query("SELECT 1 FROM keys WHERE id = $1").bind(key.clone()).fetch_optional(&mut **work).await?;
    if row.is_none() {
        return Err(ApplyFault::Missing("key", key));
    }
    if let Some(node) = &request.node {
        require_node(work, &text(node)).await?;
    }
    sqlx::query(
        "INSERT INTO requests (purpose, node, der, key_id, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (purpose, node) DO UPDATE SET der = excluded.der, key_id = excluded.key_id, \
         added_at = excluded.added_at, added_by = excluded.added_by",
    )
    .bind(text(&request.purpose))
    .bind(node_text(request.node.as_deref()))
    .bind(request.der.clone())
    .bind(key)
    .bind(stamp.now)
    .bind(stamp.who.clone())
    .execute(&mut **work)
    .await?;
    Ok(())
}

pub(super) async fn drop_request(
    work: &mut Work,
    purpose: &str,
    node: Option<&str>,
) -> Result<(), ApplyFault> {
    sqlx::query("DELETE FROM requests WHERE purpose = $1 AND node = $2")
        .bind(text(purpose))
        .bind(node_text(node))
        .execute(&mut **work)
        .await?;
    Ok(())
}
