//! Why a fetch failed, as different roles may learn it. The exact reason tells whoever may choose a URI what is
//! reachable from this host: closed or filtered, there or not. So a viewer learns one reason for all of them, in a
//! constant shape, and operators learn the exact one (attack case F-06).

use crate::accounts::{Caller, Permission};
use crate::component::contract::evidence::UnavailableReason;
use crate::fetch::failure::reason_name;

/// How much somebody may learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insight {
    /// That it failed.
    Generic,
    /// Why it failed.
    Exact,
}

impl Insight {
    /// What a caller may learn.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        if caller.may(Permission::ReadReasons) { Self::Exact } else { Self::Generic }
    }
}

/// The one reason that says nothing.
pub const GENERIC: &str = "unavailable";

/// The reason in the contract's words, or the one that says nothing. That this host was told to stay offline is no
/// secret and concerns no other host.
#[must_use]
pub fn shown(reason: UnavailableReason, insight: Insight) -> &'static str {
    match (reason, insight) {
        (UnavailableReason::Offline, _) => reason_name(reason),
        (_, Insight::Generic) => GENERIC,
        (_, Insight::Exact) => reason_name(reason),
    }
}

/// What the engine is told of why something could not be had, where its document goes to whoever asked: to those who
/// may not learn which, every reason is the same one. No decision rests on the difference.
#[must_use]
pub fn told(insight: Insight) -> fn(UnavailableReason) -> UnavailableReason {
    match insight {
        Insight::Exact => |reason| reason,
        Insight::Generic => |reason| match reason {
            UnavailableReason::Offline => UnavailableReason::Offline,
            _ => UnavailableReason::Connection,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Account, Role, Scope, Token};

    const ALL: [UnavailableReason; 11] = [
        UnavailableReason::Offline,
        UnavailableReason::ForbiddenAddress,
        UnavailableReason::UnsupportedUri,
        UnavailableReason::NameResolution,
        UnavailableReason::Connection,
        UnavailableReason::Timeout,
        UnavailableReason::TooLarge,
        UnavailableReason::Redirect,
        UnavailableReason::HttpStatus,
        UnavailableReason::ContentType,
        UnavailableReason::CrossOrigin,
    ];

    #[test]
    fn who_learns_the_exact_reason_is_the_roles_table() {
        let caller = |role| {
            let account = Account {
                name: "alice".to_owned(),
                role,
                disabled: false,
                has_password: false,
                locked_until: 0,
                created_at: 0,
                created_by: String::new(),
                version: 1,
            };
            let token = Token {
                id: String::new(),
                account: "alice".to_owned(),
                scope: Scope::All,
                description: String::new(),
                created_at: 0,
                created_by: String::new(),
                expires_at: 1,
                revoked_at: None,
                last_used_at: None,
            };
            Insight::of(&Caller { account, token })
        };
        assert_eq!(caller(Role::Viewer), Insight::Generic);
        for role in [Role::Operator, Role::TrustAdmin, Role::Auditor] {
            assert_eq!(caller(role), Insight::Exact, "{role:?}");
        }
    }

    #[test]
    fn a_viewer_learns_one_reason_and_an_operator_which() {
        let generic: Vec<_> = ALL.iter().map(|reason| shown(*reason, Insight::Generic)).collect();
        assert_eq!(generic.first(), Some(&"offline"));
        assert!(generic.iter().skip(1).all(|shown| *shown == GENERIC), "{generic:?}");
        let generic: Vec<_> = ALL.iter().skip(1).map(|reason| told(Insight::Generic)(*reason)).collect();
        assert!(generic.iter().all(|reason| *reason == UnavailableReason::Connection), "{generic:?}");
        assert!(ALL.iter().all(|reason| told(Insight::Exact)(*reason) == *reason));
        let mut exact: Vec<_> = ALL.iter().map(|reason| shown(*reason, Insight::Exact)).collect();
        assert!(exact.contains(&"timeout"));
        exact.sort_unstable();
        exact.dedup();
        assert_eq!(exact.len(), ALL.len());
    }
}
