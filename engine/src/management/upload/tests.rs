mod form;
mod trusted;
mod identity;

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::der;
use pki::key::Key;

use super::*;
use crate::management::cluster::{Origin, Place, Tombstone};
use crate::management::model::{
    apply, at, catalogue, certificate, cluster, codes, decode, identity, now, places, planned, removed,
    settings, stored, trust, upload, values,
};
use crate::management::plan::Effect;

const ALL: [&str; 3] = ["a", "b", "c"];

/// What uploading these to tomcat-trust of an empty cluster of three finds.
#[track_caller]
fn check_trust(certificates: &[&Certificate], expected: &[(&str, Option<usize>)]) {
    let cluster = cluster(3);
    let plan = planned(&cluster, &upload(trust("tomcat-trust"), None, certificates));
    assert_eq!(places(&plan), expected);
    assert_eq!(plan.effects.is_empty(), plan.is_refused());
}

fn root() -> Issued {
    Sketch::ca("root").issue()
}

fn valid(label: &str, from: &str, to: &str) -> Certificate {
    certificate(Sketch::ca(label).valid(from, to))
}
