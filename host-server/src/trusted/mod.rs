//! What this node decides by: one version of the state, whole, loaded and tried before it is used and never changed
//! afterwards. What a certificate in a trust store is believed as the engine says; nothing is judged here.
//!
//! [`snapshot`] is one version; [`View`] is the one in use, and whether a later one could not be loaded; [`follow`]
//! brings it up to date.

pub mod snapshot;
pub mod follow;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::storage::Version;

pub use self::snapshot::{Candidate, LoadFault, Snapshot};

/// How long a question waits for a version that this node knows of and has not loaded yet.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is in use, and what became of the newest version that was tried.
#[derive(Clone, Default)]
struct Standing {
    snapshot: Option<Arc<Snapshot>>,
    tried: Version,
    fault: Option<LoadFault>,
}

/// The version in use.
pub struct View {
    standing: watch::Sender<Standing>,
    generations: AtomicU64,
}

impl Default for View {
    fn default() -> Self {
        Self { standing: watch::Sender::new(Standing::default()), generations: AtomicU64::new(1) }
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl View {
    /// The snapshot in use, once a version that is known of was tried: what was changed at this node holds for the
    /// next question here. One that cannot be loaded leaves the one before it in use; `None` where there is none.
    pub async fn current(&self, known: Version) -> Option<Arc<Snapshot>> {
        let mut standing = self.standing.subscribe();
        let tried = standing.wait_for(|standing| standing.tried >= known);
        // a node that is behind for longer says so in `/readyz` and in the list of nodes; what it waited for is not
        // held while it is looked at again
        drop(timeout(PATIENCE, tried).await);
        self.standing.borrow().snapshot.clone()
    }

    /// The version in use.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.standing.borrow().snapshot.as_ref().map(|snapshot| snapshot.version)
    }

    /// Whether there is a snapshot in use, and no later version that could not be loaded.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        let standing = self.standing.borrow();
        match (&standing.fault, &standing.snapshot) {
            (Some(fault), _) => Err(fault.to_string()),
            (None, None) => Err("nothing was loaded yet".to_owned()),
            (None, Some(_)) => Ok(()),
        }
    }

    /// A number that no other attempt to load has: what was prepared for one that failed is never used for another.
    fn next_generation(&self) -> u64 {
        self.generations.fetch_add(1, Ordering::Relaxed)
    }

    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.standing.borrow().snapshot.clone()
    }

    fn is_tried(&self, version: Version) -> bool {
        let standing = self.standing.borrow();
        standing.tried >= version && standing.fault.is_none()
    }

    /// A snapshot comes into use.
    fn put(&self, snapshot: Arc<Snapshot>) {
        let tried = snapshot.version;
        self.standing.send_replace(Standing { snapshot: Some(snapshot), tried, fault: None });
    }

    /// A version could not be loaded; what is in use stays.
    fn failed(&self, version: Version, fault: LoadFault) {
        self.standing.send_modify(|standing| {
            standing.tried = version.max(standing.tried);
            standing.fault = Some(fault);
        });
    }
}
