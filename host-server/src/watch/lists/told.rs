//! What is told of a list, each once: that it changed (R-CRL-5), with the certificates that are kept here and the
//! services to restart (R-CRL-9, R-CRL-10); that an older one came; that nobody who is kept here signed it; that it lapsed.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;

use super::compared::{Compared, Verified};
use super::{Lists, about};
use crate::alarm::document::{self, AffectedCertificate, ListChange, ListedSerial, ListedSerials};
use crate::api::reason::GENERIC;
use crate::cli::question::shown;
use crate::component::contract::evaluate::{CrlChange, CrlChanges, CrlDifference};
use crate::storage::alarm::Severity;
use crate::storage::{Entry, KeptList, ListClaim, NewEvent, Place};
use crate::watch::expiry::WatchFault;
use crate::watch::services;

/// Connections that are named at most.
const CONNECTIONS: usize = 1_000;

/// What is told, by name.
type Values = Vec<(&'static str, String)>;

impl Lists {
    /// What is told of a download, with what is kept from the same place.
    pub(super) async fn events(
        &self,
        claim: &ListClaim,
        (compared, kept): (&Compared, &[KeptList]),
        now: i64,
    ) -> Result<Vec<NewEvent>, WatchFault> {
        let mut events = Vec::new();
        let mut superseded = None;
        match compared {
            Compared::Unreachable(_) => {}
            Compared::Unverified { reason, issuer } => {
                // once until something is taken again, whatever is served meanwhile
                let since = claim.trouble_since.unwrap_or(now);
                events.push(unverified(&claim.uri, (reason, issuer), since));
            }
            Compared::Verified(list) if list.is_rollback() => events.push(rollback(&claim.uri, list)),
            Compared::Verified(list) => {
                superseded = Some(list.issuer_public_key);
                let changed = list.difference.as_ref().filter(|difference| is_change(difference));
                if let Some(difference) = changed {
                    events.push(self.changed(&claim.uri, (list, difference)).await?);
                }
            }
        }
        let taken = compared.taken(&claim.uri, now);
        let stands = kept.iter().filter(|list| Some(list.issuer_public_key) != superseded).chain(&taken);
        let lapsed = stands.filter(|list| list.next_update.is_some_and(|end| end < now));
        events.extend(lapsed.map(|list| stale(list, compared)));
        Ok(events)
    }

    /// R-CRL-5: one alarm for each list that differs from the one before it.
    async fn changed(
        &self,
        uri: &str,
        (list, difference): (&Verified, &CrlDifference),
    ) -> Result<NewEvent, WatchFault> {
        let entries = self.concerned(list, difference).await?;
        let places: Vec<Place> = entries.iter().map(|(_, entry)| entry.place.clone()).collect();
        let services = services::to_restart(&self.storage, &self.pool, places).await?;
        let affected = affected(&entries);
        let (connections, is_listed) = self.connections(list, difference).await?;
        let mut values = values(uri, &list.keys.issuer);
        values.extend([
            ("added", difference.added.count.to_string()),
            ("removed", difference.removed.count.to_string()),
            ("changed", difference.changed.count.to_string()),
            ("affected", affected.len().to_string()),
            ("thisUpdate", shown(list.keys.this_update)),
        ]);
        values.extend(list.keys.next_update.map(|moment| ("nextUpdate", shown(moment))));
        values.extend((!connections.is_empty()).then(|| ("connections", connections.len().to_string())));
        let is_revoked = is_listed || affected.iter().any(|one| one.change == "added");
        let severity = if is_revoked { Severity::Critical } else { Severity::Warning };
        let entries: Vec<Entry> = entries.into_iter().map(|(_, entry)| entry).collect();
        let mut details = document::of_event("crl.changed", &values, &entries, services);
        details.list = Some(ListChange {
            added: listed(&difference.added),
            removed: listed(&difference.removed),
            changed: listed(&difference.changed),
            affected,
            connections,
        });
        let document = serde_json::to_string(&details).unwrap_or_default();
        let occurrence = HEXLOWER.encode(&list.sha256);
        let subject = list.keys.issuer.clone();
        Ok(NewEvent { watched: about(uri), occurrence, code: "crl.changed", severity, subject, document })
    }

    /// The certificates of the changes that are kept here, in all their places. Those of another issuer are named by an
    /// encoding that only the engine reads, and are told by their serial numbers alone.
    async fn concerned(
        &self,
        list: &Verified,
        difference: &CrlDifference,
    ) -> Result<Vec<(&'static str, Entry)>, WatchFault> {
        let issuer = HEXLOWER.encode(&list.keys.issuer_key);
        let mut found = Vec::new();
        for (change, changes) in
            [("added", &difference.added), ("removed", &difference.removed), ("changed", &difference.changed)]
        {
            let entries = self.storage.issued(&issuer, &own_serials(changes)).await?;
            found.extend(entries.into_iter().map(|entry| (change, entry)));
        }
        Ok(found)
    }

    /// The connections that last and are registered with a certificate of the changes, and whether one of them is listed
    /// now (R-REV-4).
    async fn connections(
        &self,
        list: &Verified,
        difference: &CrlDifference,
    ) -> Result<(Vec<String>, bool), WatchFault> {
        let issuer = HEXLOWER.encode(&list.keys.issuer_key);
        let (mut found, mut is_listed) = (Vec::new(), false);
        for changes in [&difference.added, &difference.removed, &difference.changed] {
            let rest = CONNECTIONS.saturating_sub(found.len());
            let some = self.storage.connections_issued(&issuer, &own_serials(changes), rest).await?;
            is_listed |= std::ptr::eq(changes, &difference.added) && !some.is_empty();
            found.extend(some);
        }
        Ok((found, is_listed))
    }
}

/// The serial numbers of the issuer's own certificates.
fn own_serials(changes: &CrlChanges) -> Vec<String> {
    let own = changes.first.iter().filter(|one| one.certificate_issuer.is_none());
    own.map(|one| one.serial_number.clone()).collect()
}

/// D-23: issued again with the same certificates is no change.
fn is_change(difference: &CrlDifference) -> bool {
    difference.added.count > 0 || difference.removed.count > 0 || difference.changed.count > 0
}

fn affected(entries: &[(&'static str, Entry)]) -> Vec<AffectedCertificate> {
    let mut affected: BTreeMap<_, AffectedCertificate> = BTreeMap::new();
    for (change, entry) in entries {
        let facts = &entry.facts;
        let one = affected.entry(facts.fingerprint).or_insert_with(|| AffectedCertificate {
            change: (*change).to_owned(),
            fingerprint: HEXLOWER.encode(&facts.fingerprint),
            subject: facts.subject.clone(),
            serial_number: facts.serial.clone(),
            places: Vec::new(),
        });
        one.places.push(document::place(entry));
    }
    affected.into_values().collect()
}

fn listed(changes: &CrlChanges) -> ListedSerials {
    let one = |change: &CrlChange| ListedSerial {
        serial_number: change.serial_number.clone(),
        reason: change.reason.clone(),
        is_of_another_issuer: change.certificate_issuer.is_some(),
    };
    ListedSerials { count: changes.count, first: changes.first.iter().map(one).collect() }
}

/// D-23: an alarm of its own. Each older list is told once, however often it comes.
fn rollback(uri: &str, list: &Verified) -> NewEvent {
    let succession = list.difference.as_ref().map(|difference| difference.succession.clone());
    let mut values = values(uri, &list.keys.issuer);
    values.extend([
        ("succession", succession.unwrap_or_default()),
        ("thisUpdate", shown(list.keys.this_update)),
    ]);
    let occurrence = HEXLOWER.encode(&list.sha256);
    event((uri, "crl.rollback"), (Severity::Critical, &list.keys.issuer), occurrence, &values)
}

fn unverified(uri: &str, (reason, issuer): (&str, &str), since: i64) -> NewEvent {
    let mut values = values(uri, issuer);
    values.push(("reason", engine_wording::status::why(reason, &[])));
    event((uri, "crl.unverified"), (Severity::Error, issuer), since.to_string(), &values)
}

/// Once for each list that lapses. Why the next could not be had is told to those who may learn it elsewhere.
fn stale(list: &KeptList, compared: &Compared) -> NewEvent {
    let mut values = values(&list.uri, &list.issuer);
    values.extend(list.next_update.map(|moment| ("nextUpdate", shown(moment))));
    let reason = match compared {
        Compared::Unreachable(_) => GENERIC,
        _ => compared.trouble(),
    };
    values.push(("reason", reason.to_owned()));
    let occurrence = HEXLOWER.encode(&list.sha256);
    event((&list.uri, "crl.stale"), (Severity::Error, &list.issuer), occurrence, &values)
}

fn values(uri: &str, issuer: &str) -> Values {
    vec![("uri", uri.to_owned()), ("issuer", issuer.to_owned())]
}

fn event(
    (uri, code): (&str, &'static str),
    (severity, issuer): (Severity, &str),
    occurrence: String,
    values: &Values,
) -> NewEvent {
    let details = document::of_event(code, values, &[], Vec::new());
    NewEvent {
        watched: about(uri),
        occurrence,
        code,
        severity,
        subject: if issuer.is_empty() { uri.to_owned() } else { issuer.to_owned() },
        document: serde_json::to_string(&details).unwrap_or_default(),
    }
}
