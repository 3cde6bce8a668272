//! Who is told by mail: the recipients of the policy in force (R-MON-11, R-MON-13). An alarm waits for `mail` when it is
//! raised, in the same transaction; here that becomes one delivery for each recipient, once, so that whoever is put into
//! the policy or taken out of it later changes nothing about what is on its way.

use super::{MAIL, MAIL_TO};
use crate::component::Session;
use crate::component::contract::request::Mode;
use crate::component::pool::Pool;
use crate::storage::Storage;
use crate::watch::expiry::WatchFault;

/// How long at most the alarms of a run that is under way wait for the others, in seconds.
const GATHERING: i64 = 600;

/// The recipients of the policy in force; nobody where mail is off (R-MON-11).
///
/// # Errors
/// [`WatchFault`].
pub async fn in_force(storage: &Storage, pool: &Pool) -> Result<Vec<String>, WatchFault> {
    let policy = storage.active_policy("").await?;
    let policy = policy.map(|policy| policy.document).unwrap_or_default();
    let asked = move |session: &mut Session| match session.validator(&policy, Mode::AsWritten)? {
        Ok(validator) => session.recipients(&validator).map(Ok),
        Err(refusal) => Ok(Err(refusal.code)),
    };
    pool.ask(asked).await?.map_err(WatchFault::Policy)
}

/// Makes of every alarm that waits for `mail` one delivery for each recipient; where there is none, of none. Those of a
/// run that is under way wait until it is over, so that they come in one digest.
///
/// # Errors
/// [`WatchFault`]; what waits goes on waiting.
pub async fn address(storage: &Storage, pool: &Pool, now: i64) -> Result<(), WatchFault> {
    let Some(oldest) = storage.oldest_waiting(MAIL).await? else { return Ok(()) };
    if now.saturating_sub(oldest) < GATHERING && storage.is_any_job_under_way(now).await? {
        return Ok(());
    }
    let recipients = in_force(storage, pool).await?;
    let lanes: Vec<String> = recipients.iter().map(|address| format!("{MAIL_TO}{address}")).collect();
    Ok(storage.spread(MAIL, &lanes, now).await?)
}
