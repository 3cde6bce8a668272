//! What is in use is judged again with a real responder: a certificate that is revoked meanwhile is told once, and so is
//! whoever owns a connection with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use host_server::api::management::change;
use host_server::app::App;
use host_server::audit::AuditRecord;
use host_server::component::contract::management::{
    Effect, Entry as Given, Origin, Place as GivenPlace, Room as GivenRoom,
};
use host_server::config::Configuration;
use host_server::storage::{
    AlarmFilter, AlarmState, Change, Check, CheckFilter, CheckStatus, Class, ConnectionState, Decided,
    Fingerprint, Location, NewConnection,
};
use host_server::trusted::follow;
use host_server::watch::recheck::Rechecks;
use host_server::watch::recheck::judge::OfServer;
use sha2::{Digest, Sha256};

use crate::authority::Entry;
use crate::world::World;

/// A server's parts on a directory of their own, and a clock that can be set forward.
struct Kept {
    app: Arc<App>,
    directory: PathBuf,
    ahead: Arc<AtomicI64>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.directory);
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn act(what: &str) -> AuditRecord {
    AuditRecord::done(now(), "alice", what, "test")
}

impl Kept {
    async fn open(world: &World, policy: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("assayer-recheck-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let mut configuration = Configuration::default();
        configuration.fetch.online = true;
        configuration.fetch.allow = vec!["127.0.0.0/8".to_owned().try_into().unwrap()];
        configuration.fetch.ports = vec![world.ocsp.address().port(), world.web.address().port()];
        let location = Location::Directory(directory.clone());
        let (app, _) = App::open(&configuration, &location, None).await.unwrap();
        let kept = Self { app: Arc::new(app), directory, ahead: Arc::default() };
        let document = policy.to_owned();
        kept.apply(vec![Change::PutPolicy { scope: String::new(), document }]).await;
        kept
    }

    async fn apply(&self, changes: Vec<Change>) {
        let version = self.app.storage.version().await.unwrap();
        let version = self.app.storage.apply(version, &changes, act("test.change")).await.unwrap();
        follow::load(&self.app, version).await;
    }

    async fn store(&self, der: &[u8], room: GivenRoom, node: Option<String>) {
        let place = GivenPlace { room, node };
        let entry = Given { place, certificate: der.to_vec(), origin: Origin::Uploaded, active_from: None };
        let change = self.app.pool.ask(move |session| change::of_effect(session, &Effect::Store(entry), ""));
        self.apply(vec![change.await.unwrap().unwrap()]).await;
    }

    fn rechecks(&self) -> Rechecks<OfServer> {
        let ahead = Arc::clone(&self.ahead);
        let clock = Arc::new(move || now() + ahead.load(Ordering::SeqCst));
        let parts = (&self.app.storage, &self.app.pool);
        Rechecks::of(parts, OfServer::new(&self.app), &self.app.node, Vec::new(), clock)
    }

    /// Has everything looked at again, when nothing that was fetched before is of use.
    async fn again(&self, rechecks: &mut Rechecks<OfServer>) {
        let ahead = self.ahead.fetch_add(601, Ordering::SeqCst) + 601;
        self.app.storage.ask_for_checks(&CheckFilter::default(), now() + ahead).await.unwrap();
        rechecks.step().await.unwrap();
    }

    async fn check(&self, der: &[u8]) -> Check {
        let fingerprint: Fingerprint = Sha256::digest(der).into();
        let filter = CheckFilter { fingerprint: Some(fingerprint), ..CheckFilter::default() };
        self.app.storage.checks(&filter, 1).await.unwrap().remove(0)
    }

    /// States of the alarms of a kind.
    async fn alarms(&self, code: &str) -> Vec<AlarmState> {
        let filter = AlarmFilter { code: Some(code.to_owned()), ..AlarmFilter::default() };
        let found = self.app.storage.alarms(&filter, 10).await.unwrap();
        found.into_iter().map(|alarm| alarm.state).collect()
    }
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}

const POLICY: &str = "[periodic]\ncheck = \"enabled\"\nvalidity-check = \"enabled\"\n";

// R-OCSP-7, R-OCSP-8, R-OCSP-9, R-REV-4
#[test]
fn what_is_revoked_meanwhile_is_told_once_and_its_connection_is_to_be_cut() {
    let mut world = World::naming("ocsp");
    world.respond("ca", &[]);
    run(async {
        let kept = Kept::open(&world, POLICY).await;
        let [root, ca, leaf, other] =
            ["root", "ca", "good", "unlisted"].map(|name| world.authority.der(name));
        for authority in [&root, &ca] {
            kept.store(authority, GivenRoom::Trust("tomcat-trust".to_owned()), None).await;
        }
        let node = kept.app.node.clone();
        kept.store(&leaf, GivenRoom::Identity("tomcat".to_owned()), Some(node)).await;
        // a peer's certificate that is believed as itself has a status all the same
        kept.store(&other, GivenRoom::Trust("tomcat-trust".to_owned()), None).await;
        let new = NewConnection {
            id: "1".to_owned(),
            class: Class::Ldap,
            peer: "www.example.org".to_owned(),
            der: leaf.clone(),
            fingerprint: Sha256::digest(&leaf).into(),
            subject: "CN=good".to_owned(),
            serial: "1001".to_owned(),
            issuer: "ca".to_owned(),
            chain: vec![ca.clone()],
            store: "tomcat-trust".to_owned(),
            purpose: "server-auth".to_owned(),
        };
        kept.app.storage.register(&new, act("connection.registered")).await.unwrap();
        let mut rechecks = kept.rechecks();
        assert_eq!(rechecks.step().await.unwrap().done, 5);
        let found = kept.check(&leaf).await;
        assert_eq!(
            (found.status, found.decision, found.verdict.len()),
            (CheckStatus::Good, Some(Decided::Allow), 32)
        );
        assert_eq!(kept.check(&root).await.status, CheckStatus::NotAsked);
        assert_eq!(kept.check(&other).await.status, CheckStatus::Unknown);
        assert_eq!(kept.alarms("revocation.unknown").await, [AlarmState::Open]);
        let state = async || kept.app.storage.connection("1").await.unwrap().unwrap().state;
        assert_eq!(state().await, ConnectionState::Good);
        assert_eq!(kept.alarms("revocation.revoked").await, []);
        world.authority.index(&[("1001", Entry::Revoked("keyCompromise")), ("1004", Entry::Valid)]);
        world.respond("ca", &[]);
        for _ in 0..2 {
            kept.again(&mut rechecks).await;
            let found = kept.check(&leaf).await;
            assert_eq!((found.status, found.decision), (CheckStatus::Revoked, Some(Decided::Deny)));
            assert_eq!(kept.alarms("revocation.revoked").await, [AlarmState::Open]);
            assert_eq!(kept.alarms("connection.cut").await, [AlarmState::Open]);
            assert_eq!(state().await, ConnectionState::Cut);
        }
        assert_eq!(kept.check(&other).await.status, CheckStatus::Good);
        assert_eq!(kept.alarms("revocation.unknown").await, [AlarmState::Resolved]);
        assert!(kept.app.storage.end_connection("1", act("connection.ended")).await.unwrap());
        assert_eq!(kept.alarms("connection.cut").await, [AlarmState::Resolved]);
        // nobody answers any more: what was seen of the revocation stands
        world.in_front(vec![crate::fault::Step::Reset]);
        kept.again(&mut rechecks).await;
        let found = kept.check(&other).await;
        assert_eq!((found.status, found.failures), (CheckStatus::Undetermined, 1));
        assert_eq!(kept.alarms("revocation.revoked").await, [AlarmState::Open]);
        assert!(kept.alarms("revocation.undetermined").await.contains(&AlarmState::Open));
        kept.app.storage.close().await;
    });
}
