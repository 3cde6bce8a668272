//! What a change of certificates asks of people and other systems: services to restart, on which node and of which kind
//! (R-SVC-1 to R-SVC-22), trust lists, phones, metadata, backups. Data and advice; nothing is restarted here.
//!
//! Where the documents' lists differ, D-17 decides: the longer list, and CAPF and TVS restart by themselves. They name
//! no kind of service (R-SVC-21) and nothing for IM and Presence purposes or releases before 14; those rows, and the
//! kinds, are the ones of the product's control centre.

use std::borrow::Cow;

use super::cluster::{Cluster, Features, Place, Room};
use super::plan::{Action, Advice, Need, Service, ServiceKind};
use super::purpose::{Catalogue, IdentityPurpose, Scope};
use super::release::{Product, RELEASE_14, RELEASE_14_SU1, Release};
use crate::settings::revocation::{RevocationSettings, StatusSource};

/// What was done to a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// It was deleted from a trust store.
    Delete,
    /// It was made anew here.
    Regenerate,
    /// It was uploaded.
    Upload,
}

/// A change to give advice about.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What was done.
    pub operation: Operation,
    /// Where.
    pub room: &'a Room,
    /// On which node; `None` for all.
    pub node: Option<&'a str>,
}

/// A change outside the certificate stores after which services are restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    /// The keys for OAuth refresh logins were made anew (R-SVC-19).
    AuthorizationKeys,
    /// An entry was made in a centralised deployment (R-SVC-20).
    CentralisedDeployment,
    /// The parameter for HTTPS ciphers was changed (R-SVC-18).
    HttpsCiphers,
    /// A policy document was saved in which OCSP is on (R-OCSP-20).
    RealTimeOcsp,
}

const fn feature(name: &'static str) -> Service {
    Service { name: Cow::Borrowed(name), kind: ServiceKind::Feature }
}

const fn network(name: &'static str) -> Service {
    Service { name: Cow::Borrowed(name), kind: ServiceKind::Network }
}

const TOMCAT: Service = network("Cisco Tomcat");
const DRS_LOCAL: Service = network("Cisco DRF Local");
const DRS_MASTER: Service = network("Cisco DRF Master");
const UDS_TOMCAT: Service = network("Cisco UDS Tomcat");
const AXL_TOMCAT: Service = network("Cisco AXL Tomcat");
const IPSEC: Service = network("IPsec");
const CALL_MANAGER: Service = feature("Cisco CallManager");
const CTI_MANAGER: Service = feature("Cisco CTIManager");
const HAPROXY: Service = network("Cisco HAProxy");
const TFTP: Service = feature("Cisco Tftp");
const CAPF: Service = feature("Cisco Certificate Authority Proxy Function");
const TVS: Service = network("Cisco Trust Verification Service");
const SIP_PROXY: Service = feature("Cisco SIP Proxy");
const PRESENCE_ENGINE: Service = feature("Cisco Presence Engine");
const XCP_ROUTER: Service = network("Cisco XCP Router");
const XCP_FEDERATION: Service = feature("Cisco XCP XMPP Federation Connection Manager");
const XCP_AUTHENTICATION: Service = feature("Cisco XCP Authentication Service");
const SYSLOG_AGENT: Service = network("Cisco Syslog Agent");
const FILE_BEAT: Service = network("FileBeat");
const LOOKUP: Service = network("Cisco Intercluster Lookup Service");
const LOCATION_BANDWIDTH: Service = feature("Cisco Location Bandwidth Manager");

/// Services that use a purpose's certificate, in the releases from `from` up to but without `until`.
struct Row {
    purposes: &'static [&'static str],
    from: Option<Release>,
    until: Option<Release>,
    services: &'static [Service],
    need: Need,
    rules: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        purposes: &["tomcat", "tomcat-ECDSA"],
        from: None,
        until: Some(RELEASE_14),
        services: &[TOMCAT],
        need: Need::Required,
        rules: &["R-SVC-22", "R-RGN-22"],
    },
    Row {
        purposes: &["tomcat", "tomcat-ECDSA"],
        from: Some(RELEASE_14),
        until: None,
        services: &[TOMCAT, DRS_LOCAL, DRS_MASTER, UDS_TOMCAT, AXL_TOMCAT],
        need: Need::Required,
        rules: &["R-SVC-2", "R-SVC-22", "R-RGN-22"],
    },
    Row {
        purposes: &["ipsec"],
        from: None,
        until: None,
        services: &[IPSEC],
        need: Need::Required,
        rules: &["R-SVC-5", "R-SVC-22"],
    },
    Row {
        purposes: &["CallManager", "CallManager-ECDSA"],
        from: None,
        until: Some(RELEASE_14),
        services: &[CALL_MANAGER, CTI_MANAGER],
        need: Need::Required,
        rules: &["R-SVC-22"],
    },
    Row {
        purposes: &["CallManager", "CallManager-ECDSA"],
        from: Some(RELEASE_14),
        until: Some(RELEASE_14_SU1),
        services: &[CALL_MANAGER, CTI_MANAGER, HAPROXY],
        need: Need::Required,
        rules: &["R-SVC-8", "R-SVC-22"],
    },
    Row {
        purposes: &["CallManager"],
        from: Some(RELEASE_14_SU1),
        until: None,
        services: &[CALL_MANAGER, HAPROXY],
        need: Need::Required,
        rules: &["R-SVC-9", "R-SVC-10", "R-SVC-22"],
    },
    Row {
        purposes: &["CallManager-ECDSA"],
        from: Some(RELEASE_14_SU1),
        until: None,
        services: &[CALL_MANAGER, HAPROXY],
        need: Need::Required,
        rules: &["R-SVC-11", "R-SVC-22"],
    },
    Row {
        purposes: &["CAPF"],
        from: None,
        until: None,
        services: &[CAPF],
        need: Need::Automatic,
        rules: &["R-SVC-12", "R-RGN-15"],
    },
    Row {
        purposes: &["TVS"],
        from: None,
        until: None,
        services: &[TVS],
        need: Need::Automatic,
        rules: &["R-SVC-14", "R-RGN-17"],
    },
    Row {
        purposes: &["ITLRecovery"],
        from: None,
        until: None,
        services: &[TFTP],
        need: Need::Required,
        rules: &["R-ITL-6"],
    },
    Row {
        purposes: &["cup", "cup-ECDSA"],
        from: None,
        until: None,
        services: &[SIP_PROXY, PRESENCE_ENGINE],
        need: Need::Required,
        rules: &["R-SVC-22"],
    },
    Row {
        purposes: &["cup-xmpp", "cup-xmpp-ECDSA"],
        from: None,
        until: None,
        services: &[XCP_ROUTER],
        need: Need::Required,
        rules: &["R-SVC-22"],
    },
    Row {
        purposes: &["cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA"],
        from: None,
        until: None,
        services: &[XCP_FEDERATION],
        need: Need::Required,
        rules: &["R-SVC-22"],
    },
];

/// The command that updates the CTL, on the publisher (R-ITL-19).
pub const CTL_COMMAND: &str = "utils ctl update CTLFile";

/// Whether the CTL client may be used instead of [`CTL_COMMAND`] (R-ITL-22).
#[must_use]
pub fn has_ctl_client(release: Release) -> bool {
    release < RELEASE_14
}

/// What uses the certificate of a purpose (R-SVC-1, R-SVC-6, R-SVC-7, R-SVC-13, R-SVC-14).
#[must_use]
pub fn used_by(features: Features, purpose: &IdentityPurpose) -> Vec<String> {
    let always: &[&'static str] = match purpose.name.as_str() {
        "tomcat" | "tomcat-ECDSA" => &["WebServices", "Cisco DRF Services"],
        "ipsec" => &["IPsec connections with Unified CM, MGCP, H.323 and IM and Presence"],
        "CallManager" | "CallManager-ECDSA" => &["SIP", "SIP trunk", "SCCP", "TFTP"],
        "CAPF" => &["locally significant certificates of endpoints"],
        "TVS" => &["secondary trust verification of phones"],
        _ => &[],
    };
    let tomcat = is_tomcat(&purpose.name);
    let oauth = (tomcat && features.sip_oauth).then_some("CallManager services with SIP OAuth");
    let built_in = always.iter().copied().chain(oauth).map(str::to_owned);
    built_in.chain(purpose.used_by.iter().cloned()).collect()
}

/// What uses a trust store besides the services of its purposes (R-TS-33).
#[must_use]
pub fn store_used_by(store: &str) -> &'static [&'static str] {
    if store == "tomcat-trust" { &["DirSync"] } else { &[] }
}

fn is_tomcat(purpose: &str) -> bool {
    purpose == "tomcat" || purpose == "tomcat-ECDSA"
}

/// What has to be done after a change, in this order: for a restart one row for each service on each node (R-SVC-21,
/// R-RGN-8, R-RGN-14, R-UP-17).
#[must_use]
pub fn advise(cluster: &Cluster, catalogue: &Catalogue, change: &Change<'_>) -> Vec<Advice> {
    let mut advice = follow_up(cluster, catalogue, change);
    if change.operation == Operation::Regenerate {
        advice.push(backup());
    }
    advice
}

/// The services that hold connections made with certificates in these places, or believed by them: each is restarted so
/// that none of them lives on (R-CRL-10).
#[must_use]
pub fn advise_restarts(cluster: &Cluster, catalogue: &Catalogue, places: &[Place]) -> Vec<Advice> {
    let follow = |place: &Place| {
        let change = Change { operation: Operation::Delete, room: &place.room, node: place.node.as_deref() };
        follow_up(cluster, catalogue, &change)
    };
    let advice = places.iter().flat_map(follow);
    once(advice.filter(|advice| advice.action.service().is_some()).collect())
}

/// R-RGN-10, R-RGN-26.
pub(super) fn backup() -> Advice {
    cluster_wide(Action::Backup, Need::Required, &["R-RGN-10", "R-RGN-11", "R-RGN-26"])
}

/// As [`advise`], without the backup that ends a regeneration.
pub(super) fn follow_up(cluster: &Cluster, catalogue: &Catalogue, change: &Change<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    match change.room {
        Room::Identity(purpose) if purpose == RECOVERY && change.operation == Operation::Regenerate => {
            // The same step may come twice, so nothing is struck out.
            return recovery(cluster, catalogue, change);
        }
        Room::Identity(purpose) => {
            // R-RGN-21: for the TFTP certificate phones come first; R-RGN-15, R-RGN-17: for CAPF and TVS the CTL.
            let phones = phones(cluster, purpose);
            let ctl = trust_list(cluster, purpose, change.operation);
            let ordered = if purpose == TFTP_PURPOSE { [phones, ctl] } else { [ctl, phones] };
            let [first, second] = ordered;
            let services = services(cluster, catalogue, purpose, change);
            let parts =
                if purpose == TFTP_PURPOSE { [first, second, services] } else { [first, services, second] };
            advice.extend(parts.into_iter().flatten());
            advice.extend(afterwards(cluster, purpose, change));
        }
        Room::Trust(store) => {
            if change.operation == Operation::Upload {
                let purposes = catalogue.purposes.iter().filter(|purpose| purpose.trust_store == *store);
                let needs = purposes.map(|purpose| ctl_need(&purpose.name));
                advice.extend(mixed(
                    cluster,
                    needs.max().unwrap_or(Need::Recommended),
                    &["R-ITL-20", "R-ITL-22"],
                ));
            }
            // A service reads its trust store when it starts; one that restarts by itself does so for its own
            // certificate only.
            for purpose in believers(cluster, catalogue, store) {
                advice.extend(services(cluster, catalogue, &purpose.name, change));
            }
        }
    }
    once(advice)
}

/// The certificate from which trust lists are recovered.
pub(super) const RECOVERY: &str = "ITLRecovery";

/// What is made sure of before [`RECOVERY`] is made anew: otherwise no phone believes what comes after (R-ITL-2, R-ITL-9,
/// R-ITL-10).
pub(super) fn before_recovery(cluster: &Cluster) -> Vec<Advice> {
    if cluster.product != Product::Ucm {
        return Vec::new();
    }
    let itl = cluster_wide(Action::VerifyItl, Need::Required, &["R-ITL-2", "R-ITL-9"]);
    let ctl = cluster_wide(Action::VerifyCtl, Need::Required, &["R-ITL-10"]);
    [Some(itl), cluster.features.mixed_mode.then_some(ctl)].into_iter().flatten().collect()
}

/// Trust lists signed by the certificate that phones know while they learn of the new one, then by the new one; all
/// phones are reset after either (R-ITL-4 to R-ITL-7, R-ITL-12 to R-ITL-15).
fn recovery(cluster: &Cluster, catalogue: &Catalogue, change: &Change<'_>) -> Vec<Advice> {
    let mixed_mode = cluster.features.mixed_mode;
    let publisher = cluster.publisher().map(str::to_owned);
    let (sign, rules): (_, &[_]) =
        if mixed_mode { (Action::SignCtl, &["R-ITL-12"]) } else { (Action::SignItl, &["R-ITL-4"]) };
    let reset = |rules| cluster_wide(Action::ResetPhones, Need::Required, rules);
    let mut advice = vec![
        Advice { action: sign, node: publisher, need: Need::Required, rules },
        reset(if mixed_mode { &["R-ITL-13"] } else { &["R-ITL-5"] }),
    ];
    advice.extend(mixed(cluster, Need::Required, &["R-ITL-14", "R-RGN-9", "R-ITL-22"]));
    advice.extend(services(cluster, catalogue, RECOVERY, change));
    advice.push(reset(if mixed_mode { &["R-ITL-15"] } else { &["R-ITL-7"] }));
    if cluster.features.saml_sso {
        advice.push(cluster_wide(Action::ReprovisionSaml, Need::Recommended, &["R-ITL-17"]));
    }
    advice
}

/// The certificate that signs what phones download.
pub(super) const TFTP_PURPOSE: &str = "CallManager";

fn believers<'c>(
    cluster: &'c Cluster,
    catalogue: &'c Catalogue,
    store: &'c str,
) -> impl Iterator<Item = &'c IdentityPurpose> {
    let restarts = |purpose: &&IdentityPurpose| {
        let rows = ROWS.iter().filter(|row| row.applies(cluster.release, &purpose.name));
        let own = !purpose.restart.is_empty();
        purpose.name != RECOVERY && (own || rows.into_iter().any(|row| row.need == Need::Required))
    };
    catalogue.purposes.iter().filter(move |purpose| purpose.trust_store == *store).filter(restarts)
}

impl Row {
    fn applies(&self, release: Release, purpose: &str) -> bool {
        self.purposes.contains(&purpose)
            && self.from.is_none_or(|from| release >= from)
            && self.until.is_none_or(|until| release < until)
    }
}

fn services(cluster: &Cluster, catalogue: &Catalogue, purpose: &str, change: &Change<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    if let Some(own) = catalogue.purpose(purpose) {
        let node = if own.scope == Scope::Publisher { cluster.publisher() } else { change.node };
        for name in &own.restart {
            let service = Service { name: Cow::Owned(name.clone()), kind: ServiceKind::Feature };
            advice.extend(on_nodes(cluster, node, &(service, Need::Required, &["R-SVC-22", "R-UP-17"])));
        }
    }
    for row in ROWS.iter().filter(|row| row.applies(cluster.release, purpose)) {
        // R-SVC-13: CAPF runs on the publisher.
        let node = if purpose == "CAPF" { cluster.publisher() } else { change.node };
        let restarts = row.services.iter().cloned();
        advice.extend(restarts.flat_map(|service| on_nodes(cluster, node, &(service, row.need, row.rules))));
    }
    if is_tomcat(purpose) && change.operation == Operation::Upload && cluster.product == Product::Ucm {
        // Otherwise TFTP goes on offering the old self-signed certificate.
        let tftp = (TFTP, Need::Required, &["R-UP-21", "R-SVC-4"][..]);
        advice.extend(on_nodes(cluster, change.node, &tftp));
    }
    if purpose == TFTP_PURPOSE && cluster.features.mixed_mode && change.operation != Operation::Delete {
        let tftp = (TFTP, Need::Required, &["R-SVC-15", "R-ITL-23"][..]);
        advice.extend(on_nodes(cluster, change.node, &tftp));
    }
    advice
}

type Restart = (Service, Need, &'static [&'static str]);

fn on_nodes(cluster: &Cluster, node: Option<&str>, (service, need, rules): &Restart) -> Vec<Advice> {
    let names = cluster.nodes.iter().map(|node| node.name.as_str());
    let reached = names.filter(|name| node.is_none_or(|only| only == *name));
    let advice = |name: &str| Advice {
        action: Action::RestartService(service.clone()),
        node: Some(name.to_owned()),
        need: *need,
        rules,
    };
    reached.map(advice).collect()
}

/// R-RGN-12, R-RGN-13, R-RGN-16, R-SVC-17: phones are reset when a TVS, CAPF or TFTP certificate is updated, by
/// themselves unless the parameter says otherwise. R-RGN-21: before the CTL is updated all have restarted.
fn phones(cluster: &Cluster, purpose: &str) -> Vec<Advice> {
    if !resets_phones(purpose) || cluster.product != Product::Ucm {
        return Vec::new();
    }
    let reset = if cluster.features.manual_phone_reset { Need::Required } else { Need::Automatic };
    let rules = &["R-RGN-12", "R-RGN-13", "R-RGN-16", "R-SVC-17"];
    let mut advice = vec![cluster_wide(Action::ResetPhones, reset, rules)];
    if purpose == TFTP_PURPOSE {
        advice.push(cluster_wide(Action::AwaitPhones, Need::Required, &["R-RGN-21"]));
    }
    advice
}

fn resets_phones(purpose: &str) -> bool {
    ["TVS", "CAPF", TFTP_PURPOSE].contains(&purpose)
}

/// R-RGN-9, R-UP-26, R-ITL-20, D-18.
fn trust_list(cluster: &Cluster, purpose: &str, operation: Operation) -> Vec<Advice> {
    let need = ctl_need(purpose);
    match operation {
        Operation::Delete => Vec::new(),
        Operation::Upload => mixed(cluster, need, &["R-ITL-20", "R-UP-26", "R-ITL-22"]),
        Operation::Regenerate if need == Need::Required => {
            mixed(cluster, need, &["R-RGN-9", "R-RGN-15", "R-RGN-21", "R-ITL-22"])
        }
        Operation::Regenerate if purpose == "TVS" => mixed(cluster, need, &["R-RGN-17", "R-ITL-22"]),
        Operation::Regenerate => Vec::new(),
    }
}

/// D-18: what the CTL holds needs it; for the rest, TVS among them, it does no harm.
fn ctl_need(purpose: &str) -> Need {
    if ["CAPF", RECOVERY, TFTP_PURPOSE].contains(&purpose) { Need::Required } else { Need::Recommended }
}

/// A new CTL, where one is in use, which then reaches the phones by itself (R-ITL-21).
fn mixed(cluster: &Cluster, need: Need, rules: &'static [&'static str]) -> Vec<Advice> {
    if !cluster.features.mixed_mode || cluster.product != Product::Ucm {
        return Vec::new();
    }
    vec![
        Advice { action: Action::UpdateCtl, node: cluster.publisher().map(str::to_owned), need, rules },
        cluster_wide(Action::DistributeCtl, Need::Automatic, &["R-ITL-21"]),
    ]
}

/// What follows the restarts.
fn afterwards(cluster: &Cluster, purpose: &str, change: &Change<'_>) -> Vec<Advice> {
    let features = cluster.features;
    let tomcat = is_tomcat(purpose);
    let anew = change.operation == Operation::Regenerate;
    let ucm = cluster.product == Product::Ucm;
    let mut advice = Vec::new();
    if ucm && anew && features.emcc && (tomcat || purpose == TFTP_PURPOSE) {
        let rules = &["R-RGN-21", "R-RGN-22", "R-BULK-15"];
        advice.push(cluster_wide(Action::RepeatBulkProvisioning, Need::Required, rules));
    }
    if ucm && tomcat && features.sip_oauth && cluster.release >= RELEASE_14 {
        advice.push(cluster_wide(Action::ResetPhones, Need::Required, &["R-RGN-23"]));
    }
    if tomcat && features.saml_sso {
        advice.push(cluster_wide(Action::ReprovisionSaml, Need::Required, &["R-SVC-3"]));
    }
    advice
}

/// The same advice twice is one.
fn once(advice: Vec<Advice>) -> Vec<Advice> {
    let mut kept: Vec<Advice> = Vec::new();
    for one in advice {
        if !kept.iter().any(|known| known.action == one.action && known.node == one.node) {
            kept.push(one);
        }
    }
    kept
}

pub(super) fn cluster_wide(action: Action, need: Need, rules: &'static [&'static str]) -> Advice {
    Advice { action, node: None, need, rules }
}

/// Services to restart after a change outside the certificate stores (R-SVC-18 to R-SVC-20, R-OCSP-20).
#[must_use]
pub fn advise_occasion(cluster: &Cluster, occasion: Occasion) -> Vec<Advice> {
    let (services, rules): (&[Service], &'static [&'static str]) = match (occasion, cluster.product) {
        (Occasion::AuthorizationKeys, _) => (&[XCP_AUTHENTICATION], &["R-SVC-19"]),
        (Occasion::CentralisedDeployment, _) => (&[XCP_AUTHENTICATION], &["R-SVC-20"]),
        (Occasion::HttpsCiphers, _) => (&[TOMCAT], &["R-SVC-18"]),
        // The rule names no service. These are the ones whose TLS clients ask in real time (R-OCSP-18): syslog, FileBeat,
        // SIP, ILS and LBM.
        (Occasion::RealTimeOcsp, Product::Ucm) => (
            &[SYSLOG_AGENT, FILE_BEAT, CALL_MANAGER, LOOKUP, LOCATION_BANDWIDTH],
            &["R-OCSP-20", "R-OCSP-18"],
        ),
        (Occasion::RealTimeOcsp, Product::Imp) => {
            (&[SYSLOG_AGENT, FILE_BEAT, SIP_PROXY], &["R-OCSP-20", "R-OCSP-18"])
        }
    };
    let restarts = services.iter().cloned().map(|service| (service, Need::Required, rules));
    restarts.flat_map(|restart| on_nodes(cluster, None, &restart)).collect()
}

/// Services to restart after a policy document was saved: none where OCSP is off in it (R-OCSP-20, R-OCSP-21).
#[must_use]
pub fn advise_saved(cluster: &Cluster, revocation: &RevocationSettings) -> Vec<Advice> {
    if !revocation.sources.contains(&StatusSource::Ocsp) {
        return Vec::new();
    }
    advise_occasion(cluster, Occasion::RealTimeOcsp)
}

#[cfg(test)]
mod tests;
