//! What a signing request must, may and must not hold, and the request that follows from an administrator's fields:
//! [`plan_request`] yields what was found, and what a host then signs. A request changes nothing but the one that it
//! overwrites (R-CSR-4); the host keeps the new one as a [`PendingRequest`] once it is signed.

use super::cluster::{Cluster, Features, PendingRequest};
use super::code::ManagementCode as Code;
use super::distribution::{Distribution, NameFields, Site, check_publisher, report_multi_server};
use super::encode::{Content, Form, Unsigned, dns_name};
use super::key_choice::{KeyChoice, OfferedLength, check_key, offered_lengths};
use super::key_usage_table::{Cell, Usage, UsageProfile, Usages, is_forbidden, required};
use super::plan::{About, Effect, Plan};
use super::purpose::{Catalogue, IdentityPurpose, KeyType};
use super::subject_fields::SubjectFields;
use crate::finding::Value;

/// The fields of a form for a request; one for a self-signed certificate has them too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFields {
    /// The identity purpose.
    pub purpose: String,
    /// For whom the certificate is (R-CSR-9).
    pub distribution: Distribution,
    /// The subject.
    pub subject: SubjectFields,
    /// The host names to be protected.
    pub names: NameFields,
    /// The key to be made.
    pub key: KeyChoice,
    /// How the key-usage tables are read.
    pub profile: UsageProfile,
}

/// What a form shows for a purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The one key type (R-CSR-19, R-SS-1, R-SS-2).
    pub key_type: KeyType,
    /// Key lengths, each with the hashes that go with it.
    pub lengths: Vec<OfferedLength>,
    /// Many servers may share the certificate.
    pub multi_server: bool,
    /// It is asked for on the publisher only.
    pub publisher_only: bool,
    /// The host names are shown (R-CSR-17, R-SS-6).
    pub names: bool,
    /// The years of validity, the first chosen beforehand; none for a request.
    pub years: &'static [u8],
}

/// What the form for a request shows; `None` for a purpose that no request is made for (R-CSR-7, D-14).
#[must_use]
pub fn offered(purpose: &IdentityPurpose, features: Features) -> Option<Offered> {
    (!purpose.usages.is_empty()).then(|| Offered {
        key_type: purpose.key_type,
        lengths: offered_lengths(purpose.key_type, features),
        multi_server: purpose.multi_server_issued,
        publisher_only: purpose.publisher_only,
        names: true,
        years: &[],
    })
}

/// The common name that a form shows before anything is entered (R-CSR-10, R-CSR-11, R-CSR-14, R-SS-8 to R-SS-10);
/// `None` where there is no such node.
#[must_use]
pub fn suggested_common_name(
    cluster: &Cluster,
    purpose: &IdentityPurpose,
    distribution: &Distribution,
    names: &NameFields,
) -> Option<String> {
    let site = Site::find(&mut Plan::default(), cluster, distribution, names)?;
    Some(site.common_name(purpose.key_type))
}

/// Plans a signing request. There is something to sign unless the plan is refused.
#[must_use]
pub fn plan_request(
    cluster: &Cluster,
    catalogue: &Catalogue,
    fields: &RequestFields,
) -> (Plan, Option<Unsigned>) {
    let mut plan = Plan::default();
    let drafted = draft(&mut plan, cluster, catalogue, fields);
    if let Some(unsigned) = &drafted {
        overwrite(&mut plan, cluster, unsigned);
    }
    conclude(plan, drafted)
}

/// A refused plan has nothing to sign.
pub(super) fn conclude(plan: Plan, drafted: Option<Unsigned>) -> (Plan, Option<Unsigned>) {
    let plan = plan.concluded();
    let drafted = drafted.filter(|_| !plan.is_refused());
    (plan, drafted)
}

fn draft(
    plan: &mut Plan,
    cluster: &Cluster,
    catalogue: &Catalogue,
    fields: &RequestFields,
) -> Option<Unsigned> {
    let purpose = find_purpose(plan, catalogue, &fields.purpose)?;
    check_requested(plan, catalogue, purpose)?;
    let site = Site::find(plan, cluster, &fields.distribution, &fields.names)?;
    if site.multi_server && !purpose.multi_server_issued {
        report_multi_server(plan, cluster, purpose);
    }
    if purpose.publisher_only {
        check_publisher(plan, cluster, (&purpose.name, site.name));
    }
    fields.subject.check_needed(plan);
    let suggested = site.common_name(purpose.key_type);
    let common_name = fields.subject.common_name.as_deref().unwrap_or(&suggested);
    fields.subject.check(plan, common_name);
    let names = site.protected(plan, cluster, &fields.names, common_name);
    check_key(plan, purpose, fields.key, cluster.features);
    let usages = required_usages(plan, purpose, fields.profile);
    Some(Unsigned {
        purpose: purpose.name.clone(),
        node: site.node(),
        key: fields.key,
        algorithm: fields.key.algorithm()?,
        form: Form::Request,
        content: Content {
            subject: fields.subject.encode(common_name),
            usages,
            names: names.iter().flat_map(|name| dns_name(name)).collect(),
        },
    })
}

/// Reports a purpose that no request is made for (R-CSR-7, R-CSR-8, D-14).
fn check_requested(plan: &mut Plan, catalogue: &Catalogue, purpose: &IdentityPurpose) -> Option<()> {
    if !purpose.usages.is_empty() {
        return Some(());
    }
    let others = catalogue.purposes.iter().filter(|other| !other.usages.is_empty());
    let accepted = others.map(|other| ("accepted", Value::text(&other.name)));
    let details = [("field", Value::text("purpose")), ("found", Value::text(&purpose.name))];
    plan.report(Code::RequestNotOffered, About::OPERATION, details.into_iter().chain(accepted).collect());
    None
}

/// The purpose of this name, reported where the catalogue has none (R-TS-25, R-TS-26).
pub(super) fn find_purpose<'c>(
    plan: &mut Plan,
    catalogue: &'c Catalogue,
    name: &str,
) -> Option<&'c IdentityPurpose> {
    let found = catalogue.purpose(name);
    if found.is_none() {
        let accepted = catalogue.purposes.iter().map(|purpose| ("accepted", Value::text(&purpose.name)));
        let details = [("field", Value::text("purpose")), ("found", Value::text(name))];
        plan.report(Code::PurposeUnknown, About::OPERATION, details.into_iter().chain(accepted).collect());
    }
    found
}

/// What the purpose's row requires under the profile. Where the table and RFC 8813 3 disagree, both are named (D-24).
pub(super) fn required_usages(plan: &mut Plan, purpose: &IdentityPurpose, profile: UsageProfile) -> Usages {
    let key_type = purpose.key_type;
    for (usage, cell) in &purpose.usages {
        if *cell == Cell::Yes && is_forbidden(usage, key_type) {
            report_elliptic(plan, purpose, usage, profile);
        }
    }
    required(&purpose.usages, key_type, profile)
}

fn report_elliptic(plan: &mut Plan, purpose: &IdentityPurpose, usage: &Usage, profile: UsageProfile) {
    let asked_for = match profile {
        UsageProfile::UcmCompat => "yes",
        UsageProfile::StrictPkix => "no",
    };
    let details = vec![
        ("purpose", Value::text(&purpose.name)),
        ("usage", Value::text(usage.word())),
        ("profile", Value::text(profile.word())),
        ("askedFor", Value::text(asked_for)),
    ];
    plan.report(Code::UsageNotForEllipticCurve, About::OPERATION, details);
}

/// A new request overwrites those of its purpose for the same servers (R-CSR-4).
fn overwrite(plan: &mut Plan, cluster: &Cluster, unsigned: &Unsigned) {
    let shares = |pending: &&PendingRequest| {
        pending.purpose == unsigned.purpose
            && (pending.node.is_none() || unsigned.node.is_none() || pending.node == unsigned.node)
    };
    for pending in cluster.requests.iter().filter(shares) {
        let node = pending.node.as_deref().unwrap_or("multi-server");
        let details = vec![("purpose", Value::text(&pending.purpose)), ("distribution", Value::text(node))];
        plan.report(Code::RequestOverwritten, About::OPERATION, details);
        let (purpose, node) = (pending.purpose.clone(), pending.node.clone());
        plan.effects.push(Effect::DropRequest { purpose, node });
    }
}

#[cfg(test)]
mod tests;
