//! The four roles and what each may, as one table. An account has one role; a token may do less than its account.

use crate::storage::record::words;

words! {
    /// What an account is for.
    Role {
        /// Reads what was done, and changes nothing.
        Auditor = "auditor",
        /// Looks after identities, requests and monitoring.
        Operator = "operator",
        /// Decides whom to believe, by which policy, and who may do what.
        TrustAdmin = "trust-admin",
        /// Looks, and asks for decisions.
        Viewer = "viewer",
    }
}

words! {
    /// What may be done.
    Permission {
        /// Make, change and disable accounts, and the tokens of others.
        ManageAccounts = "accounts.manage",
        /// Answer alarms, and have what expires looked at.
        ManageAlarms = "alarms.manage",
        /// Make requests, self-signed certificates and identities, and fill slots.
        ManageIdentities = "identities.manage",
        /// Add nodes and give them roles; make copies of what is kept.
        ManageNodes = "nodes.manage",
        /// Store policy documents and put them in force.
        ManagePolicy = "policy.manage",
        /// Put certificates into trust stores and take them out.
        ManageTrust = "trust.manage",
        /// Ask for a decision.
        Decide = "decide",
        /// Read the audit.
        ReadAudit = "audit.read",
        /// Read certificates, nodes, policies and verdicts.
        Read = "read",
        /// Read why exactly a fetch failed: it tells of the network inside.
        ReadReasons = "reasons.read",
    }
}

impl Role {
    /// Whether the role has the permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        let permitted: &[Permission] = match self {
            Self::Auditor => &[P::Read, P::ReadAudit, P::ReadReasons],
            Self::Operator => &[P::Read, P::ReadReasons, P::Decide, P::ManageIdentities, P::ManageAlarms],
            Self::TrustAdmin => &[
                P::Read,
                P::ReadReasons,
                P::ReadAudit,
                P::Decide,
                P::ManageIdentities,
                P::ManageAlarms,
                P::ManageTrust,
                P::ManagePolicy,
                P::ManageNodes,
                P::ManageAccounts,
            ],
            Self::Viewer => &[P::Read, P::Decide],
        };
        permitted.contains(&permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        assert!(Role::ALL.iter().all(|role| Role::from_word(role.word()) == Some(*role)));
        assert!(Permission::ALL.iter().all(|one| Permission::from_word(one.word()) == Some(*one)));
        assert_eq!(Role::from_word("administrator"), None);
    }

    #[test]
    fn who_reads_the_audit_and_who_changes_what_is_believed() {
        let with = |permission| {
            Role::ALL.iter().filter(|role| role.may(permission)).map(|role| role.word()).collect::<Vec<_>>()
        };
        assert_eq!(with(Permission::ReadAudit), ["auditor", "trust-admin"]);
        assert_eq!(with(Permission::ManageTrust), ["trust-admin"]);
        assert_eq!(with(Permission::ManageAccounts), ["trust-admin"]);
        assert_eq!(with(Permission::ManageIdentities), ["operator", "trust-admin"]);
        assert_eq!(with(Permission::ManageAlarms), ["operator", "trust-admin"]);
        assert_eq!(with(Permission::ReadReasons), ["auditor", "operator", "trust-admin"]);
        assert_eq!(with(Permission::Decide), ["operator", "trust-admin", "viewer"]);
        assert_eq!(with(Permission::Read).len(), 4);
    }
}
