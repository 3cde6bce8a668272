//! `assayer serve` as its clients see it: real processes of the program on free ports of the loopback interface. Every
//! answer is held to the published description, whatever the test asks for.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod client;
mod contract;
mod process;
mod start;
mod decisions;
mod capsules;
mod replays;
mod wrong;
mod access;
#[path = "../storage/postgres.rs"]
mod postgres;
mod cluster;
#[path = "../transcripts/transcript.rs"]
mod transcript;
mod managed;
mod management;
mod alarms;
#[path = "../hosts/smtp.rs"]
#[expect(dead_code, reason = "tests of the message itself need more of it")]
mod smtp;
mod channels;
mod rechecks;
#[path = "../hosts/fault.rs"]
#[expect(dead_code, reason = "the tests of fetching use the rest")]
mod fault;
#[path = "../peers/authority.rs"]
mod authority;
mod lists;
mod membership;
mod terminal;
mod bulk;
mod readme;
mod limits;
mod full;
mod trusted;
mod policy;
mod candidates;
mod scopes;
mod secure;
mod identity;
mod stop;
mod keys;
#[path = "../peers/responder.rs"]
mod responder;
mod clients;
mod live;
mod weathers;
mod proxies;
mod events;
mod snapshots;
mod gathering;
mod summaries;
mod description;
