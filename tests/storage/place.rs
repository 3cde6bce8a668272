//! Where a test keeps its things: a temporary directory, or a database of its own; gone when the test ends.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use host_server::storage::{FILE, Location, Storage};
use sqlx::AnyPool;

use crate::postgres::{self, Server};

pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("assayer storage-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn location(&self) -> Location {
        Location::Directory(self.0.clone())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A place, and what keeps it there.
pub(crate) enum Home {
    Embedded(Directory),
    Shared { url: String, _server: Arc<Server> },
}

impl Home {
    pub(crate) fn embedded() -> Self {
        Self::Embedded(Directory::new())
    }

    pub(crate) fn shared() -> Self {
        let server = postgres::server();
        let url = server.database();
        Self::Shared { url, _server: server }
    }

    pub(crate) fn location(&self) -> Location {
        match self {
            Self::Embedded(directory) => directory.location(),
            Self::Shared { url, .. } => Location::Postgres(url.clone()),
        }
    }

    pub(crate) async fn open(&self) -> Storage {
        Storage::open(&self.location()).await.unwrap()
    }

    /// A connection past everything the storage sees to.
    pub(crate) async fn past(&self) -> AnyPool {
        sqlx::any::install_default_drivers();
        let url = match self {
            Self::Embedded(directory) => sqlite_url(&directory.0.join(FILE)),
            Self::Shared { url, .. } => url.clone(),
        };
        AnyPool::connect(&url).await.unwrap()
    }

    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded(_))
    }
}

pub(crate) fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.to_str().unwrap().replace(' ', "%20"))
}

/// Runs a test to its end.
pub(crate) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
