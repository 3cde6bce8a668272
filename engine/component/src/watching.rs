//! Converts what is watched, and calls the engine.

use engine::policy::expiry::{self, Silenced, Stage, Watched, WatchedKind};
use engine::settings::Settings;
use engine::settings::periodic::Switch;
use engine::time::Instant;

use crate::bindings::exports::assayer::engine::{types, watching};

pub(crate) fn expiry(
    settings: &Settings,
    watched: &[watching::Watched],
    at: types::Instant,
) -> Vec<watching::Expiry> {
    let (settings, at) = (&settings.monitoring, Instant::from_unix(at));
    let of = |one: &watching::Watched| {
        let one = read(one);
        let stage = expiry::stage(settings, &one, at).map(written);
        watching::Expiry { stage, is_due: expiry::to_tell(settings, &one, at).is_some() }
    };
    watched.iter().map(of).collect()
}

pub(crate) fn seconds(
    settings: &Settings,
    soonest: Option<types::Instant>,
    at: types::Instant,
) -> Option<u64> {
    expiry::interval_seconds(&settings.monitoring, soonest.map(Instant::from_unix), Instant::from_unix(at))
}

pub(crate) fn look_ahead(settings: &Settings) -> Option<u64> {
    expiry::look_ahead_seconds(&settings.monitoring)
}

/// R-MON-11: nobody where mail is off.
pub(crate) fn recipients(settings: &Settings) -> Vec<String> {
    let monitoring = &settings.monitoring;
    if monitoring.e_mail == Switch::Enabled { monitoring.addresses.clone() } else { Vec::new() }
}

fn read(from: &watching::Watched) -> Watched {
    Watched {
        kind: kind(from.kind),
        begins: Instant::from_unix(from.begins),
        expires: Instant::from_unix(from.expires),
        told: from.told.map(|told| (Instant::from_unix(told.at), stage(told.stage))),
        silenced: from.silenced.map(|silenced| match silenced {
            watching::Silenced::Acknowledged(known) => Silenced::Acknowledged(stage(known)),
            watching::Silenced::Until(moment) => Silenced::Until(Instant::from_unix(moment)),
        }),
    }
}

fn kind(from: watching::WatchedKind) -> WatchedKind {
    match from {
        watching::WatchedKind::Certificate => WatchedKind::Certificate,
        watching::WatchedKind::LocallySignificant => WatchedKind::LocallySignificant,
        watching::WatchedKind::Responder => WatchedKind::Responder,
        watching::WatchedKind::RevocationList => WatchedKind::RevocationList,
    }
}

fn stage(from: watching::Stage) -> Stage {
    match from {
        watching::Stage::Approaching => Stage::Approaching,
        watching::Stage::LastDay => Stage::LastDay,
        watching::Stage::Expired => Stage::Expired,
    }
}

fn written(from: Stage) -> watching::Stage {
    match from {
        Stage::Approaching => watching::Stage::Approaching,
        Stage::LastDay => watching::Stage::LastDay,
        Stage::Expired => watching::Stage::Expired,
    }
}
