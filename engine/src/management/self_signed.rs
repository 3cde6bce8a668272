//! Certificates made here and signed with their own key (R-SS-1 to R-SS-22): what a form offers, what is refused, and
//! what a host then signs. [`completed`] says where the finished certificate goes; a service believes a self-signed
//! certificate because it lies in a trust store, never because it signs itself.

use super::cluster::{Cluster, Entry, Features, Origin, Place, Room};
use super::code::ManagementCode as Code;
use super::distribution::{Distribution, NameFields, Site, check_publisher, report_multi_server};
use super::encode::{Content, Form, Unsigned, dns_name};
use super::issuance::{Offered, RequestFields, conclude, find_purpose, required_usages};
use super::key_choice::{check_key, offered_lengths};
use super::key_usage_table::{Usage, UsageProfile, Usages};
use super::plan::{About, Effect, Plan};
use super::purpose::{Catalogue, IdentityPurpose, Replication, Scope};
use crate::certificate::Certificate;
use crate::finding::Value;
use crate::settings::KeyUsageBit;

/// The fields of the form for a self-signed certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfSignedFields {
    /// What requests have too.
    pub common: RequestFields,
    /// Years of validity; `None` for the default (R-SS-18, R-SS-19).
    pub years: Option<u8>,
}

/// The years of validity that are offered, the default first (R-SS-18, R-SS-19).
pub const YEARS: &[u8] = &[5, 10, 20];

/// What the form for a self-signed certificate shows.
#[must_use]
pub fn offered(purpose: &IdentityPurpose, features: Features) -> Offered {
    Offered {
        key_type: purpose.key_type,
        lengths: offered_lengths(purpose.key_type, features),
        multi_server: purpose.multi_server_self_signed,
        publisher_only: purpose.scope == Scope::Publisher,
        names: purpose.names,
        years: YEARS,
    }
}

/// Plans a self-signed certificate. There is something to sign unless the plan is refused.
#[must_use]
pub fn plan_self_signed(
    cluster: &Cluster,
    catalogue: &Catalogue,
    fields: &SelfSignedFields,
) -> (Plan, Option<Unsigned>) {
    let mut plan = Plan::default();
    let drafted = draft(&mut plan, cluster, catalogue, fields);
    conclude(plan, drafted)
}

fn draft(
    plan: &mut Plan,
    cluster: &Cluster,
    catalogue: &Catalogue,
    fields: &SelfSignedFields,
) -> Option<Unsigned> {
    let common = &fields.common;
    let purpose = find_purpose(plan, catalogue, &common.purpose)?;
    let site = Site::find(plan, cluster, &common.distribution, &common.names)?;
    if site.multi_server && !purpose.multi_server_self_signed {
        report_multi_server(plan, cluster, purpose);
    }
    if purpose.scope == Scope::Publisher {
        check_publisher(plan, cluster, (&purpose.name, site.name));
    }
    let suggested = own_common_name(&site, catalogue, purpose);
    let common_name = common.subject.common_name.as_deref().unwrap_or(&suggested);
    common.subject.check(plan, common_name);
    let names = if purpose.names {
        if !lies_beside_hosts(catalogue, purpose) {
            site.check_common_name(plan, purpose.key_type, common_name);
        }
        site.protected(plan, cluster, &common.names, common_name)
    } else {
        refuse_names(plan, catalogue, common);
        Vec::new()
    };
    check_key(plan, purpose, common.key, cluster.features);
    let years = check_years(plan, fields.years);
    Some(Unsigned {
        purpose: purpose.name.clone(),
        node: site.node(),
        key: common.key,
        algorithm: common.key.algorithm()?,
        form: Form::SelfSigned { years },
        content: Content {
            subject: common.subject.encode(common_name),
            usages: usages(plan, purpose, common.profile),
            names: names.iter().flat_map(|name| dns_name(name)).collect(),
        },
    })
}

/// The common name that a form shows before anything is entered (R-SS-8 to R-SS-10); `None` where there is no such
/// node.
#[must_use]
pub fn suggested_common_name(
    cluster: &Cluster,
    catalogue: &Catalogue,
    purpose: &IdentityPurpose,
    distribution: &Distribution,
    names: &NameFields,
) -> Option<String> {
    let site = Site::find(&mut Plan::default(), cluster, distribution, names)?;
    Some(own_common_name(&site, catalogue, purpose))
}

/// R-SS-8 is said of the purposes with host names. The certificates of ITLRecovery, CAPF and whatever else is copied
/// come to lie in a trust store where a name stands once (R-TS-19): under the host's own they would displace the host's.
fn own_common_name(site: &Site<'_>, catalogue: &Catalogue, purpose: &IdentityPurpose) -> String {
    let name = site.common_name(purpose.key_type);
    if lies_beside_hosts(catalogue, purpose) { [&purpose.name, "-", &name].concat() } else { name }
}

fn lies_beside_hosts(catalogue: &Catalogue, purpose: &IdentityPurpose) -> bool {
    purpose.name == "ITLRecovery" || catalogue.second_store(purpose).is_some()
}

/// R-SS-6: the field is shown for some purposes only, so a value for another is a mistake.
fn refuse_names(plan: &mut Plan, catalogue: &Catalogue, common: &RequestFields) {
    if common.names.domains.as_ref().is_some_and(|domains| !domains.is_empty()) {
        let shown = catalogue.purposes.iter().filter(|purpose| purpose.names);
        let accepted = shown.map(|purpose| ("accepted", Value::text(&purpose.name)));
        let found = [("field", Value::text("domains")), ("purpose", Value::text(&common.purpose))];
        plan.report(Code::DomainsNotOffered, About::OPERATION, found.into_iter().chain(accepted).collect());
    }
}

/// R-SS-18, R-SS-19.
fn check_years(plan: &mut Plan, years: Option<u8>) -> u8 {
    let default = YEARS.first().copied().unwrap_or_default();
    let years = years.unwrap_or(default);
    if !YEARS.contains(&years) {
        let accepted = YEARS.iter().map(|offer| ("accepted", Value::Number(u64::from(*offer))));
        let found = [("field", Value::text("validity")), ("found", Value::Number(u64::from(years)))];
        plan.report(Code::ValidityNotOffered, About::OPERATION, found.into_iter().chain(accepted).collect());
    }
    years
}

/// The table's usages. ITLRecovery has no row: its key signs trust lists and nothing else.
pub(super) fn usages(plan: &mut Plan, purpose: &IdentityPurpose, profile: UsageProfile) -> Usages {
    if purpose.usages.is_empty() {
        return Usages::default().with(&Usage::Key(KeyUsageBit::DigitalSignature));
    }
    required_usages(plan, purpose, profile)
}

/// What a host applies once it has signed: the certificate into its slot, over what is there, and where the purpose's
/// store is copied on, as CAPF's is to CallManager-trust, also there on every node that has it, so that phones can
/// register (R-REP-9).
#[must_use]
pub fn completed(
    cluster: &Cluster,
    catalogue: &Catalogue,
    unsigned: &Unsigned,
    certificate: &Certificate,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    let slot = Place { room: Room::Identity(unsigned.purpose.clone()), node: unsigned.node.clone() };
    put(&mut effects, cluster, (slot, Origin::SelfSigned), certificate);
    let purpose = catalogue.purpose(&unsigned.purpose);
    if let Some(second) = purpose.and_then(|purpose| catalogue.second_store(purpose)) {
        let node = if second.replication == Replication::Node { unsigned.node.clone() } else { None };
        let place = Place { room: Room::Trust(second.name.clone()), node };
        put(&mut effects, cluster, (place, Origin::Copied), certificate);
    }
    effects
}

/// Puts a certificate to its place; a slot holds one, and a trust store one of each name (R-RGN-5, R-TS-19). What is
/// for every node takes the place of what single nodes have.
fn put(effects: &mut Vec<Effect>, cluster: &Cluster, to: (Place, Origin), certificate: &Certificate) {
    let (place, origin) = to;
    let gives_way = |entry: &&Entry| {
        let here = entry.place == place || (place.node.is_none() && entry.place.room == place.room);
        let same_kind = match place.room {
            Room::Identity(_) => true,
            Room::Trust(_) => entry.certificate.subject == certificate.subject,
        };
        here && same_kind && entry.certificate.fingerprint != certificate.fingerprint
    };
    for entry in cluster.entries.iter().filter(gives_way) {
        let place = entry.place.clone();
        effects.push(Effect::Remove { place, fingerprint: entry.certificate.fingerprint });
    }
    let certificate = Box::new(certificate.clone());
    effects.push(Effect::Store { place, certificate, origin, active_from: None });
}

#[cfg(test)]
mod tests;
