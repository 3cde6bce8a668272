//! Scenarios as questions to a server's decider, and the decider of a server that is put together and not started.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use host_server::app::App;
use host_server::component::contract::request::{Mode, ReferenceIdentifier};
use host_server::config::Configuration;
use host_server::decide::{Asked, Believed};
use host_server::storage::Location;
use pki::scenario::Run;

/// A directory of its own, removed at the end.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("assayer-capsules-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server on a database of its own, that nobody can reach.
pub(crate) async fn server(place: &Place, configuration: &str) -> Arc<App> {
    let configuration = Configuration::read(configuration).unwrap();
    let location = Location::Directory(place.0.clone());
    let (app, _) = App::open(&configuration, &location, None).await.unwrap();
    Arc::new(app)
}

/// The question of a scenario, where a server can be asked it: it believes anchors and nobody else.
pub(crate) fn asked(run: &Run, mode: Mode, at: i64) -> Option<Asked> {
    let has_others =
        !run.trusted_leaves.is_empty() || !run.distrusted.is_empty() || !run.responders.is_empty();
    if has_others {
        return None;
    }
    Some(Asked {
        certificate: run.target.clone(),
        untrusted: run.untrusted.clone(),
        believed: Believed::Anchors(run.anchors.clone()),
        purpose: run.purpose.clone(),
        names: run.names.iter().map(|name| reference_identifier(name)).collect(),
        at,
        policy: Some(run.settings.clone()),
        mode,
        crls: run.crls.clone(),
        responses: run.responses.clone(),
        online: false,
    })
}

fn reference_identifier(text: &str) -> ReferenceIdentifier {
    let (kind, name) = text.split_once(':').unwrap();
    match kind {
        "dns" => ReferenceIdentifier::Dns(name.to_owned()),
        "mail" => ReferenceIdentifier::Mail(name.to_owned()),
        "uri" => ReferenceIdentifier::Uri(name.to_owned()),
        "ip" => match name.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => ReferenceIdentifier::Ip(address.octets().to_vec()),
            Ok(IpAddr::V6(address)) => ReferenceIdentifier::Ip(address.octets().to_vec()),
            Err(_) => ReferenceIdentifier::Ip(Vec::new()),
        },
        other => panic!("{other}"),
    }
}
