//! Identity certificates made anew with their own names and a key of the same type and length (R-RGN-2, R-RGN-4 to
//! R-RGN-6), one or several at once, in the order that leaves phones able to verify what they download (R-RGN-18 to
//! R-RGN-21), with what a person has to do in between. No key ever enters; what a host signs is yielded.

use super::cluster::{Cluster, Entry, Origin, Place, Room};
use super::code::ManagementCode as Code;
use super::distribution::check_publisher;
use super::encode::{Content, Form, Unsigned};
use super::issuance::find_purpose;
use super::key_choice::{KeyChoice, check_key};
use super::key_usage_table::UsageProfile;
use super::plan::{About, Action, Advice, Need, Plan};
use super::purpose::{Catalogue, IdentityPurpose, Scope};
use super::restart::{
    Change, Operation, RECOVERY, TFTP_PURPOSE, backup, before_recovery, cluster_wide, follow_up,
};
use super::self_signed::{YEARS, usages};
use super::subject_fields::{report_missing, report_wildcard};
use crate::certificate::Certificate;
use crate::certificate::general_name::GeneralName;
use crate::der::{self, Reader};
use crate::finding::Value;
use crate::oid;
use crate::order;

/// Plans to make the certificates at `places` anew. What is to be signed comes in the order in which the host signs
/// and puts it into place; the plan's advice says what happens between. A refused plan has nothing to sign. Whether a
/// certificate has expired plays no part (R-RGN-2).
#[must_use]
pub fn plan_regeneration(
    cluster: &Cluster,
    catalogue: &Catalogue,
    places: &[Place],
    profile: UsageProfile,
) -> (Plan, Vec<Unsigned>) {
    let mut plan = Plan::default();
    let mut drafted: Vec<Unsigned> = Vec::new();
    for (position, place) in places.iter().enumerate() {
        // Asked for twice is asked for once.
        if places.iter().take(position).any(|earlier| earlier == place) {
            continue;
        }
        drafted.extend(draft(&mut plan, cluster, catalogue, (place, profile)));
    }
    let ordered = order(&mut plan, drafted);
    advise(&mut plan, cluster, catalogue, &ordered);
    let plan = plan.concluded();
    let ordered = if plan.is_refused() { Vec::new() } else { ordered };
    (plan, ordered)
}

fn draft(
    plan: &mut Plan,
    cluster: &Cluster,
    catalogue: &Catalogue,
    (place, profile): (&Place, UsageProfile),
) -> Option<Unsigned> {
    let name = match &place.room {
        Room::Identity(name) => name,
        // R-RGN-4: only what is listed as type `cert`.
        Room::Trust(name) => {
            plan.report(Code::RegenerationOfTrust, About::OPERATION, vec![("found", Value::text(name))]);
            return None;
        }
    };
    let purpose = find_purpose(plan, catalogue, name)?;
    check_place(plan, cluster, purpose, place)?;
    let entry = find_entry(plan, cluster, place)?;
    report_issued(plan, entry);
    check_certificate_names(plan, &entry.certificate);
    let key = find_key(plan, name, &entry.certificate)?;
    check_key(plan, purpose, key, cluster.features);
    Some(Unsigned {
        purpose: name.clone(),
        node: place.node.clone(),
        key,
        algorithm: key.algorithm()?,
        form: Form::SelfSigned { years: YEARS.first().copied().unwrap_or_default() },
        content: Content {
            subject: entry.certificate.subject.der.clone(),
            usages: usages(plan, purpose, profile),
            names: host_names(&entry.certificate),
        },
    })
}

/// The node is in the cluster, and the publisher where the purpose is its own (R-SIMP-3, R-ITL-3).
fn check_place(plan: &mut Plan, cluster: &Cluster, purpose: &IdentityPurpose, place: &Place) -> Option<()> {
    let Some(name) = &place.node else { return Some(()) };
    if cluster.node(name).is_none() {
        let accepted = cluster.nodes.iter().map(|node| ("accepted", Value::text(&node.name)));
        let details = [("field", Value::text("distribution")), ("found", Value::text(name))];
        plan.report(Code::NodeUnknown, About::OPERATION, details.into_iter().chain(accepted).collect());
        return None;
    }
    if purpose.scope == Scope::Publisher || purpose.name == RECOVERY {
        check_publisher(plan, cluster, (&purpose.name, name));
    }
    Some(())
}

/// The certificate in the slot.
fn find_entry<'c>(plan: &mut Plan, cluster: &'c Cluster, place: &'c Place) -> Option<&'c Entry> {
    let found = cluster.at(place).next();
    if found.is_none() {
        let node = place.node.as_deref().unwrap_or("multi-server");
        let details = vec![("purpose", Value::text(place.room.name())), ("distribution", Value::text(node))];
        plan.report(Code::RegenerationOfNothing, About::OPERATION, details);
    }
    found
}

/// R-RGN-6: a key of the same type and length, where such keys are made here.
fn find_key(plan: &mut Plan, purpose: &str, certificate: &Certificate) -> Option<KeyChoice> {
    let found = KeyChoice::like(&certificate.public_key);
    if found.is_none() {
        let key = Value::text(certificate.public_key.describe());
        let details = vec![("purpose", Value::text(purpose)), ("found", key)];
        plan.report(Code::RegenerationKeyUnknown, About::stored(certificate), details);
    }
    found
}

/// R-RGN-5: overwriting a certificate by an authority is allowed, and seldom meant.
fn report_issued(plan: &mut Plan, entry: &Entry) {
    if matches!(entry.origin, Origin::Issued | Origin::Uploaded) {
        let details = vec![
            ("purpose", Value::text(entry.place.room.name())),
            ("issuer", Value::text(entry.certificate.issuer.to_string())),
        ];
        plan.report(Code::RegenerationOverwritesIssued, About::stored(&entry.certificate), details);
    }
}

/// What an authority may have certified and what is not made here: no subject, which a self-signed certificate needs as
/// its issuer (RFC 5280 4.1.2.4), and wildcards (R-TS-8).
fn check_certificate_names(plan: &mut Plan, certificate: &Certificate) {
    if certificate.subject.is_empty() {
        report_missing(plan, "commonName");
    }
    for name in certificate.extensions.subject_alt_name.iter().flatten() {
        if let GeneralName::DnsName(host) = name
            && host.contains('*')
        {
            report_wildcard(plan, "domains", host);
        }
    }
}

/// The names of subjectAltName, as they stand, without the list around them.
fn host_names(certificate: &Certificate) -> Vec<u8> {
    let Some(extension) = certificate.extensions.find(&oid::SUBJECT_ALT_NAME) else { return Vec::new() };
    let list = Reader::new(&extension.value).element(der::SEQUENCE, "subjectAltName");
    list.map(|list| list.content.to_vec()).unwrap_or_default()
}

/// R-RGN-18, R-RGN-19: TVS before TFTP, TFTP last; the rest as asked for.
fn order(plan: &mut Plan, drafted: Vec<Unsigned>) -> Vec<Unsigned> {
    let rank = |unsigned: &Unsigned| match unsigned.purpose.as_str() {
        TFTP_PURPOSE => 2,
        "TVS" => 1,
        _ => 0,
    };
    let mut ordered = drafted.clone();
    order::sort_by_key(&mut ordered, rank);
    let last = drafted.iter().position(|unsigned| unsigned.purpose == TFTP_PURPOSE);
    let after = last.and_then(|last| drafted.get(last..)).unwrap_or_default();
    // R-RGN-20: otherwise trust lists would have to be deleted from every phone by hand.
    if after.iter().any(|unsigned| unsigned.purpose != TFTP_PURPOSE) {
        let names = |name, list: &[Unsigned]| -> Vec<_> {
            list.iter().map(|unsigned| (name, Value::text(&unsigned.purpose))).collect()
        };
        let details = [names("asked", &drafted), names("order", &ordered)].concat();
        plan.report(Code::RegenerationReordered, About::OPERATION, details);
    }
    ordered
}

/// One step after another, with a wait before the TFTP certificate where others come first (R-RGN-18, R-RGN-19).
fn advise(plan: &mut Plan, cluster: &Cluster, catalogue: &Catalogue, ordered: &[Unsigned]) {
    let mut others_first = false;
    for unsigned in ordered {
        let of_tftp = unsigned.purpose == TFTP_PURPOSE;
        if of_tftp && others_first {
            let rules = &["R-RGN-18", "R-RGN-19", "R-RGN-20"];
            plan.advice.push(cluster_wide(Action::AwaitPhones, Need::Required, rules));
        }
        others_first = !of_tftp;
        if unsigned.purpose == RECOVERY {
            plan.advice.extend(before_recovery(cluster));
        }
        plan.advice.push(Advice {
            action: Action::Regenerate(unsigned.purpose.clone()),
            node: unsigned.node.clone(),
            need: Need::Required,
            rules: &["R-RGN-5", "R-RGN-6"],
        });
        let room = Room::Identity(unsigned.purpose.clone());
        let change = Change { operation: Operation::Regenerate, room: &room, node: unsigned.node.as_deref() };
        plan.advice.extend(follow_up(cluster, catalogue, &change));
    }
    if !ordered.is_empty() {
        plan.advice.push(backup());
    }
}

#[cfg(test)]
mod tests;
