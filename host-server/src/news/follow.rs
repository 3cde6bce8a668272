//! The one task that looks whether anything is another by now: at once where the state of the cluster changes, here or on
//! another node, and every second for what changes beside it. Nothing is looked at while nobody listens.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;

use super::{Changed, News};
use crate::app::App;
use crate::storage::{Part, Position, Storage, StorageFault};

/// How often it is looked for what nobody tells of.
const EVERY: Duration = Duration::from_secs(1);
/// The most records of the audit that are read to say what became another.
const RECORDS: i64 = 1_000;

/// Acts by how their names begin, and what they make another; the first that fits counts. An act that is not here makes
/// everything another.
const ACTS: [(&str, &[Part]); 17] = [
    ("account.", &[Part::Accounts]),
    ("alarm.", &[Part::Alarms]),
    ("certificate.checked", &[Part::Checks]),
    ("certificate.described", &[Part::Certificates]),
    ("certificate.", &[Part::Certificates, Part::Checks, Part::Requests]),
    ("channel.", &[Part::Monitor]),
    ("check.", &[Part::Checks]),
    ("cluster.set", &[Part::Cluster]),
    ("cluster.", &[Part::Cluster, Part::Certificates, Part::Checks]),
    ("connection.", &[Part::Checks, Part::Connections]),
    ("lists.", &[Part::Lists]),
    ("monitor.", &[Part::Monitor]),
    ("node.", &[Part::Certificates, Part::Checks, Part::Nodes, Part::Requests]),
    ("policy.", &[Part::Policy]),
    ("request.refused", &[]),
    ("request.", &[Part::Requests]),
    ("token.", &[Part::Accounts]),
];

/// Looks until it is dropped, or until the storage ends.
pub async fn follow(app: Arc<App>) {
    let (news, storage) = (&app.news, &app.storage);
    let mut versions = storage.watch();
    let mut failed = false;
    loop {
        news.listened().await;
        let _seen = *versions.borrow_and_update();
        match look(news, storage).await {
            Ok(()) => failed = false,
            Err(fault) => {
                // once, however often it is tried again
                if !failed {
                    tracing::error!(%fault, "what is shown could not be compared with what is kept");
                }
                failed = true;
            }
        }
        let (mut changed, mut woken) = (pin!(versions.changed()), pin!(news.wake.notified()));
        let next = poll_fn(|context| match changed.as_mut().poll(context) {
            Poll::Ready(changed) => Poll::Ready(changed.is_ok()),
            Poll::Pending => woken.as_mut().poll(context).map(|()| true),
        });
        if timeout(EVERY, next).await == Ok(false) {
            return;
        }
    }
}

/// One look.
pub(super) async fn look(news: &News, storage: &Storage) -> Result<(), StorageFault> {
    let (before, wanted) = (news.position(), news.wanted.load(Ordering::Relaxed));
    let pulse = storage.pulse().await?;
    let changed = match before {
        Some(before) => since(storage, &before, &pulse.position).await?,
        None => None,
    };
    news.put((pulse, wanted), changed);
    Ok(())
}

/// What became another between two positions; `None` where nothing did.
///
/// # Errors
/// What a database can do wrong.
pub async fn since(
    storage: &Storage,
    before: &Position,
    now: &Position,
) -> Result<Option<Changed>, StorageFault> {
    if before == now {
        return Ok(None);
    }
    let records = now.audit.saturating_sub(before.audit);
    // a database that was brought back to an earlier time, or another one
    if !(0..=RECORDS).contains(&records) {
        return Ok(Some(Changed::Everything));
    }
    let mut parts: BTreeSet<Part> = now.marked_since(before).collect();
    if records > 0 {
        parts.insert(Part::Audit);
        for (what, is_refused) in storage.acts_after(before.audit, records).await? {
            match made_other(&what, is_refused) {
                Some(others) => parts.extend(others),
                None => return Ok(Some(Changed::Everything)),
            }
        }
    }
    Ok(Some(Changed::Parts(parts)))
}

/// What an act makes another. One that was refused makes nothing another but accounts, which may be locked by it.
fn made_other(what: &str, is_refused: bool) -> Option<&'static [Part]> {
    let (_, parts) = ACTS.iter().find(|(begin, _)| what.starts_with(begin))?;
    Some(if is_refused && !what.starts_with("account.") { &[] } else { parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_makes_another_what_it_is_about() {
        for (what, is_refused, expected) in [
            (
                "certificate.uploaded",
                false,
                Some([Part::Certificates, Part::Checks, Part::Requests].as_slice()),
            ),
            ("certificate.uploaded", true, Some(&[])),
            ("certificate.checked", false, Some(&[Part::Checks])),
            ("request.made", false, Some(&[Part::Requests])),
            ("request.refused", true, Some(&[])),
            ("account.signed-in", true, Some(&[Part::Accounts])),
            ("cluster.upgraded", false, Some(&[Part::Cluster, Part::Certificates, Part::Checks])),
            ("storage.restored", false, None),
        ] {
            assert_eq!(made_other(what, is_refused), expected, "{what}");
        }
    }
}
