//! More questions than can be answered: none is answered wrong, some are turned away at once with the time to come back,
//! and afterwards all is as before. `cargo run --release -p benches -- load` measures the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::client::Reply;
use crate::front::{assayer, auth_request};
use crate::process::Server;
use crate::realm::Realm;

/// The oracle: what each leaf is answered with in Common Criteria mode.
const ORACLE: [(&str, u16, &str); 4] = [
    ("good", 204, ""),
    ("revoked", 403, "revocation.revoked"),
    ("held", 403, "revocation.revoked"),
    ("unlisted", 403, "revocation.unknown"),
];

/// How questions were answered.
#[derive(Default)]
struct Tally {
    right: AtomicUsize,
    shed: AtomicUsize,
}

impl Tally {
    /// Counts an answer, which is right or a turning away.
    fn count(&self, reply: &Reply, (leaf, status, code): (&str, u16, &str)) {
        if reply.status == 503 {
            assert!(reply.header("retry-after").is_some_and(|after| after.parse::<u32>().is_ok()));
            assert_eq!(reply.header("x-assayer-decision"), None);
            self.shed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let found = (reply.status, reply.header("x-assayer-code").unwrap_or_default());
        assert_eq!(found.0, status, "{leaf}: {}", reply.text());
        assert!(status == 204 || found.1 == code, "{leaf}: {found:?}");
        self.right.fetch_add(1, Ordering::Relaxed);
    }
}

/// So many clients at once, each with every leaf so many times.
fn drive(server: &Server, realm: &Realm, clients: usize, times: usize) -> Tally {
    let tally = Tally::default();
    thread::scope(|scope| {
        for client in 0..clients {
            let tally = &tally;
            scope.spawn(move || {
                for turn in 0..times * ORACLE.len() {
                    let row = ORACLE[(client + turn) % ORACLE.len()];
                    tally.count(&server.ask(auth_request(realm, "on", row.0)), row);
                }
            });
        }
    });
    tally
}

#[test]
fn no_answer_is_wrong_under_overload_and_all_is_well_afterwards() {
    let realm = Realm::new();
    // whoever asks the same at the same time may be answered together, so there is room for one question alone
    let narrow = "[decide]\nat-once = 1\nqueue = 0\n";
    let server = assayer(&realm, narrow);
    let calm = drive(&server, &realm, 1, 1);
    assert_eq!((calm.right.into_inner(), calm.shed.into_inner()), (4, 0));
    let pressed = drive(&server, &realm, 24, 3);
    assert!(pressed.shed.into_inner() > 0, "some are turned away");
    assert!(pressed.right.into_inner() > 0, "and some are not");
    let after = drive(&server, &realm, 1, 2);
    assert_eq!((after.right.into_inner(), after.shed.into_inner()), (8, 0));
    assert_eq!(server.get("/readyz").status, 200);
}
