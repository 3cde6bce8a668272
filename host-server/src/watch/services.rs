//! The services to restart because of certificates in their places, as the engine says it for the cluster as it is set
//! up (R-CRL-10).

use super::expiry::WatchFault;
use crate::api::management::cluster::{self, ClusterSettings};
use crate::api::management::situation;
use crate::component::contract::management as wit;
use crate::component::pool::Pool;
use crate::storage::{Place, Storage};

/// The services to restart so that no connection lives on that rests on certificates in these places, each with its node.
/// None where the engine cannot tell for this cluster: what is told is told without them then, and not kept back.
///
/// # Errors
/// What the storage can do wrong, and an engine that gives no answer.
pub async fn to_restart(
    storage: &Storage,
    pool: &Pool,
    places: Vec<Place>,
) -> Result<Vec<String>, WatchFault> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let settings = storage.active_policy(cluster::SCOPE).await?;
    let settings = ClusterSettings::of(settings.as_ref().map(|stored| stored.document.as_str()));
    let settings = settings.map_err(|fault| WatchFault::Policy(fault.to_string()))?;
    let policy = storage.active_policy("").await?.map(|policy| policy.document).unwrap_or_default();
    let cluster = situation::cluster(&storage.state_for(&[]).await?, settings.edition(&policy));
    let places: Vec<wit::Place> = places.iter().map(situation::place).collect();
    let advised = pool.ask(move |session| session.restarts(&policy, &cluster, &places)).await?;
    Ok(match advised {
        Ok(advised) => advised.iter().map(words).collect(),
        Err(refusal) => {
            tracing::warn!(code = refusal.code, "it cannot be told which services to restart");
            Vec::new()
        }
    })
}

/// In words, such as `Cisco Tomcat on node-1`.
fn words(advice: &wit::Advice) -> String {
    let service = advice.concerning.clone().unwrap_or_default();
    match &advice.node {
        Some(node) => format!("{service} on {node}"),
        None => service,
    }
}
