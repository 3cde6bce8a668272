//! For whom a certificate is: one node or many servers, and the names that follow from it: the common name (R-CSR-10,
//! R-CSR-11, R-CSR-14, R-SS-8 to R-SS-10) and the host names it protects (R-CSR-17, R-CSR-18, R-SS-6, R-SS-7).

use super::cluster::{Cluster, NodeRole};
use super::code::ManagementCode as Code;
use super::plan::{About, Plan};
use super::purpose::{IdentityPurpose, KeyType};
use super::subject_fields::{MAXIMUM_NAMES, check_host_name};
use crate::certificate::name_syntax::DnsName;
use crate::finding::Value;

/// For whom a certificate is (R-CSR-9, R-SS-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// The node of this name.
    Node(String),
    /// Every node of the cluster.
    MultiServer,
}

/// The host names a certificate protects, as an administrator enters them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameFields {
    /// The names; `None` for those that follow from the distribution (R-CSR-17).
    pub domains: Option<Vec<String>>,
    /// The parent domain, which is protected as well (R-CSR-18); `None` for the one of the node's name.
    pub parent_domain: Option<String>,
}

/// A distribution with the node it is managed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// The node's name.
    pub(super) name: &'a str,
    /// The name's first label.
    host: &'a str,
    /// The domain the nodes are in.
    domain: Option<&'a str>,
    /// Many servers share the certificate.
    pub(super) multi_server: bool,
}

impl<'a> Site<'a> {
    /// Finds the node, and reports where there is none or where the purpose does not go with the distribution.
    pub(super) fn find(
        plan: &mut Plan,
        cluster: &'a Cluster,
        distribution: &'a Distribution,
        names: &'a NameFields,
    ) -> Option<Self> {
        let (name, multi_server) = match distribution {
            Distribution::Node(name) => (cluster.node(name).map(|node| node.name.as_str()), false),
            Distribution::MultiServer => (cluster.publisher(), true),
        };
        let Some(name) = name else {
            let found = match distribution {
                Distribution::Node(name) => Value::text(name),
                Distribution::MultiServer => Value::text("publisher"),
            };
            let accepted = cluster.nodes.iter().map(|node| ("accepted", Value::text(&node.name)));
            let details = [("field", Value::text("distribution")), ("found", found)];
            plan.report(Code::NodeUnknown, About::OPERATION, details.into_iter().chain(accepted).collect());
            return None;
        };
        let (host, own_domain) = match name.split_once('.') {
            Some((host, domain)) => (host, Some(domain)),
            None => (name, None),
        };
        let domain = names.parent_domain.as_deref().or(own_domain);
        Some(Self { name, host, domain, multi_server })
    }

    /// Where the certificate is managed: its node; `None` for one of many servers, which is the cluster's.
    pub(super) fn node(&self) -> Option<String> {
        (!self.multi_server).then(|| self.name.to_owned())
    }

    /// The common name that a form shows beforehand. With an elliptic-curve key it is never the host's own: the two
    /// families' certificates meet in one trust store, where a name stands once (R-SS-9, R-TS-19).
    pub(super) fn common_name(&self, key_type: KeyType) -> String {
        let mark = match (self.multi_server, key_type) {
            (true, KeyType::Ec) => "-EC-ms",
            (true, KeyType::Rsa) => "-ms",
            (false, KeyType::Ec) => "-EC",
            (false, KeyType::Rsa) => return self.name.to_owned(),
        };
        match self.domain {
            Some(domain) => [self.host, mark, ".", domain].concat(),
            None => [self.host, mark].concat(),
        }
    }

    /// The host names that a form shows beforehand: those of all nodes, or the node's, and the parent domain.
    fn automatic(&self, cluster: &Cluster) -> Vec<String> {
        let qualified = |name: &str| match self.domain {
            Some(domain) if !name.contains('.') => [name, ".", domain].concat(),
            _ => name.to_owned(),
        };
        if self.multi_server {
            cluster.nodes.iter().map(|node| qualified(&node.name)).collect()
        } else {
            vec![qualified(self.name)]
        }
    }

    /// The host names to be protected, each once. The common name is among them where it is a host name: an authority
    /// that follows the CA/Browser Forum's requirements (7.1.4.3) would add it, and nothing may be added (D-25).
    pub(super) fn protected(
        &self,
        plan: &mut Plan,
        cluster: &Cluster,
        names: &NameFields,
        common_name: &str,
    ) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let listed = names.domains.clone().unwrap_or_else(|| self.automatic(cluster));
        if listed.len() > MAXIMUM_NAMES {
            let found = ("found", Value::count(listed.len()));
            let details =
                vec![("field", Value::text("domains")), found, ("maximum", Value::count(MAXIMUM_NAMES))];
            plan.report(Code::FieldTooLong, About::OPERATION, details);
            return all;
        }
        let mut add = |name: &str| {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                all.push(name.to_owned());
            }
        };
        if DnsName::parse(common_name).is_ok() {
            add(common_name);
        }
        for name in listed.iter().filter(|name| check_host_name(plan, "domains", name)) {
            add(name);
        }
        if let Some(domain) = self.domain.filter(|domain| check_host_name(plan, "parentDomain", domain)) {
            add(domain);
        }
        all
    }

    /// Whether the common name is the host's: with an RSA key of one node it must be, with an elliptic-curve key it
    /// must not (R-SS-8, R-SS-9). The two ways to write a host's name are one.
    pub(super) fn check_common_name(&self, plan: &mut Plan, key_type: KeyType, common_name: &str) {
        let qualified = self.domain.map(|domain| [self.host, ".", domain].concat());
        let of_host = [Some(self.name), Some(self.host), qualified.as_deref()]
            .into_iter()
            .flatten()
            .any(|name| name.eq_ignore_ascii_case(common_name));
        let wrong = match key_type {
            KeyType::Ec => of_host,
            KeyType::Rsa => !of_host && !self.multi_server,
        };
        if wrong {
            let details = vec![
                ("field", Value::text("commonName")),
                ("found", Value::text(common_name)),
                ("host", Value::text(self.name)),
                ("accepted", Value::text(self.common_name(key_type))),
            ];
            plan.report(Code::CommonNameNotOfHost, About::OPERATION, details);
        }
    }
}

/// Reports a purpose that the publisher alone has, asked for elsewhere (R-KUX-2, R-SIMP-3).
pub(super) fn check_publisher(plan: &mut Plan, cluster: &Cluster, (purpose, node): (&str, &str)) {
    let subscriber = cluster.node(node).is_some_and(|node| node.role == NodeRole::Subscriber);
    if subscriber {
        let accepted = Value::text(cluster.publisher().unwrap_or_default());
        let details =
            vec![("place", Value::text(purpose)), ("found", Value::text(node)), ("accepted", accepted)];
        plan.report(Code::PublisherOnly, About::OPERATION, details);
    }
}

/// Reports a certificate for many servers where the purpose's is for one (R-KUX-9, D-16).
pub(super) fn report_multi_server(plan: &mut Plan, cluster: &Cluster, purpose: &IdentityPurpose) {
    let details = vec![
        ("field", Value::text("distribution")),
        ("purpose", Value::text(&purpose.name)),
        ("release", Value::text(cluster.release.to_string())),
        ("accepted", Value::text("one node")),
    ];
    plan.report(Code::MultiServerNotOffered, About::OPERATION, details);
}

#[cfg(test)]
mod tests;
