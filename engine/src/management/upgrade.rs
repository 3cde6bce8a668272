//! What an upgrade leaves behind: expired certificates in trust stores (R-TS-9). Identity certificates go along,
//! expired or not: a server without one cannot be reached to be given another.

use super::cluster::{Cluster, Room};
use super::code::ManagementCode;
use super::plan::{About, Effect, Plan};
use super::release::{RELEASE_12_5_SU6, RELEASE_14, RELEASE_14_SU2, Release};
use crate::finding::Value;
use crate::time::Instant;

/// Plans what an upgrade to `release` made at `at` does not import; each certificate is reported. A host sends the
/// whole of the trust stores.
#[must_use]
pub fn plan_upgrade(cluster: &Cluster, release: Release, at: Instant) -> Plan {
    let mut plan = Plan::default();
    if !leaves_expired(release) {
        return plan;
    }
    for entry in &cluster.entries {
        let not_after = entry.certificate.validity.not_after;
        let is_trust = matches!(entry.place.room, Room::Trust(_));
        if is_trust && not_after < at {
            let details = vec![
                ("place", Value::text(entry.place.room.name())),
                ("node", Value::text(entry.place.node.as_deref().unwrap_or_default())),
                ("subject", Value::Text(entry.certificate.subject.to_string())),
                ("notAfter", Value::Time(not_after)),
                ("at", Value::Time(at)),
            ];
            plan.report(ManagementCode::UpgradeExpired, About::stored(&entry.certificate), details);
            let (place, fingerprint) = (entry.place.clone(), entry.certificate.fingerprint);
            plan.effects.push(Effect::Remove { place, fingerprint });
        }
    }
    plan.concluded()
}

/// R-TS-9: from 12.5(1)SU6 on in its line, and from 14SU2 on. 14 and 14SU1 are later and do not.
fn leaves_expired(release: Release) -> bool {
    (RELEASE_12_5_SU6..RELEASE_14).contains(&release) || release >= RELEASE_14_SU2
}

#[cfg(test)]
mod tests;
