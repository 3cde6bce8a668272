//! One who listens: what they are told as text of server-sent events (WHATWG HTML 9.2), for as long as their token holds.
//! Only what they may see is told to them. The last event of each telling has the position as its id, so that whoever
//! comes back with it misses nothing.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Changed, Subscription, Telling};
use crate::accounts::{Accounts, Caller, Permission};
use crate::cli::console;
use crate::storage::{Part, Pulse};

/// How long it is silent at most: proxies take longer silence for a connection that is dead.
const BEAT: Duration = Duration::from_secs(15);
/// How long one who does not read is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who listens.
pub struct Listener {
    /// What they hear.
    pub subscription: Subscription,
    /// Who it is.
    pub caller: Arc<Caller>,
    /// Whether they still may.
    pub accounts: Accounts,
    /// Where the text goes.
    pub text: mpsc::Sender<String>,
}

/// What comes next.
enum Next {
    Beat,
    Lagged,
    Over,
    Told(Arc<Telling>),
}

impl Listener {
    /// Says `first`, and then everything that is told, until the token ends, the client goes or the server stops.
    pub async fn listen(mut self, first: String) {
        let mut text = first;
        while !text.is_empty() && self.send(std::mem::take(&mut text)).await {
            text = match self.text().await {
                Some(text) => text,
                None => return,
            };
        }
    }

    /// The next text, which is never empty; `None` where it is over.
    async fn text(&mut self) -> Option<String> {
        loop {
            let (telling, changed) = match self.next().await {
                Next::Beat => return Some(":\n\n".to_owned()),
                Next::Over => return None,
                Next::Lagged => (None, Changed::Everything),
                Next::Told(telling) if telling.number <= self.subscription.number => continue,
                Next::Told(telling) => {
                    let changed = telling.changed.clone();
                    (Some(telling), changed)
                }
            };
            if touches_accounts(&changed) {
                self.look_at_token().await?;
            }
            if let Some(telling) = telling {
                self.subscription.pulse = telling.pulse.clone();
            }
            let text = changes(&self.subscription.pulse, &changed, &self.caller);
            if !text.is_empty() {
                return Some(text);
            }
        }
    }

    /// Waits for whatever comes first.
    async fn next(&mut self) -> Next {
        let left = self.caller.token.expires_at.saturating_sub(console::clock());
        if left <= 0 {
            return Next::Over;
        }
        let Subscription { told, over, .. } = &mut self.subscription;
        let (mut told, mut over, mut gone) =
            (pin!(told.recv()), pin!(over.wait_for(|over| *over)), pin!(self.text.closed()));
        let first = poll_fn(|context| {
            if gone.as_mut().poll(context).is_ready() || over.as_mut().poll(context).is_ready() {
                return Poll::Ready(Next::Over);
            }
            told.as_mut().poll(context).map(|told| match told {
                Ok(telling) => Next::Told(telling),
                Err(RecvError::Lagged(_)) => Next::Lagged,
                Err(RecvError::Closed) => Next::Over,
            })
        });
        let wait = BEAT.min(Duration::from_secs(left.unsigned_abs()));
        timeout(wait, first).await.unwrap_or(Next::Beat)
    }

    /// Whether it was taken; one who does not read for long is let go.
    async fn send(&mut self, text: String) -> bool {
        let over = &mut self.subscription.over;
        let (mut sent, mut over) = (pin!(self.text.send(text)), pin!(over.wait_for(|over| *over)));
        let sent = poll_fn(|context| {
            if over.as_mut().poll(context).is_ready() {
                return Poll::Ready(false);
            }
            sent.as_mut().poll(context).map(|sent| sent.is_ok())
        });
        timeout(PATIENCE, sent).await.unwrap_or(false)
    }

    /// Looks at the token again, which may have been revoked, or at the account, which may do less by now; `None` where
    /// it holds no more, or that cannot be found out.
    async fn look_at_token(&mut self) -> Option<()> {
        let again = self.accounts.look_again(&self.caller.token, console::clock()).await;
        let caller = again.ok().flatten().filter(|caller| caller.may(Permission::Read))?;
        self.caller = Arc::new(caller);
        Some(())
    }
}

fn touches_accounts(changed: &Changed) -> bool {
    match changed {
        Changed::Everything => true,
        Changed::Parts(parts) => parts.contains(&Part::Accounts),
    }
}

/// The events of a telling, as one text: empty where the caller may see none of it.
pub fn changes(pulse: &Pulse, changed: &Changed, caller: &Caller) -> String {
    let words: Vec<&str> = match changed {
        Changed::Everything => vec!["everything"],
        Changed::Parts(parts) => {
            parts.iter().filter(|part| caller.may(needed(**part))).map(|part| part.word()).collect()
        }
    };
    let mut text = String::new();
    for (place, word) in words.iter().enumerate() {
        if place.saturating_add(1) == words.len() {
            // after the last of them, so that whoever missed some of them is told of all again
            text.push_str(&format!("id: {}\n", pulse.position));
        }
        text.push_str(&event("changed", &ChangedData { what: word, version: pulse.version.0 }));
    }
    text
}

#[derive(Serialize)]
struct ChangedData<'w> {
    what: &'w str,
    version: i64,
}

/// An event with its data on one line.
pub fn event(name: &str, data: &impl Serialize) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}

/// What somebody needs to be told of a part.
fn needed(part: Part) -> Permission {
    match part {
        Part::Accounts => Permission::ManageAccounts,
        Part::Audit => Permission::ReadAudit,
        _ => Permission::Read,
    }
}
