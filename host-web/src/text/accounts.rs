//! Accounts and their tokens.

pub(crate) const NAME: &str = "Accounts";
pub(crate) const PARTS: &str = "Accounts and tokens";
pub(crate) const TOKENS: &str = "Tokens";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const ROLE: &str = "Role";
pub(crate) const ROLES: [(&str, &str); 4] = [
    ("viewer", "Viewer: may look"),
    ("operator", "Operator: may judge, ask, and change what is no matter of trust"),
    ("trust-admin", "Trust administrator: may do everything"),
    ("auditor", "Auditor: may look, and read what was done"),
];
pub(crate) const STATE: &str = "State";
pub(crate) const ENABLED: &str = "may sign in";
pub(crate) const TOKENS_ONLY: &str = "tokens only";
pub(crate) const DISABLED: &str = "disabled";
pub(crate) const MADE: &str = "Made";
pub(crate) const MADE_BY: &str = "By";
pub(crate) const ACTIONS: &str = "Actions";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const CHANGE_OF: &str = "Change {name}";
pub(crate) const DISABLE: &str = "Disable";
pub(crate) const DISABLE_OF: &str = "Disable {name}";
pub(crate) const DISABLE_ASKED: &str =
    "Disable {name}? Neither its password nor its tokens work until it is enabled again.";
pub(crate) const DISABLED_NOW: &str = "{name} is disabled";
pub(crate) const ENABLE: &str = "Enable";
pub(crate) const ENABLE_OF: &str = "Enable {name}";
pub(crate) const ENABLED_NOW: &str = "{name} is enabled";

pub(crate) const NEW: &str = "New account";
pub(crate) const NEW_NAME: &str = "Name";
pub(crate) const PASSWORD: &str = "Password (at least 12 characters; empty: tokens only)";
pub(crate) const NEW_PASSWORD: &str = "New password (at least 12 characters; empty: it stays)";
pub(crate) const MAKE: &str = "Make the account";
pub(crate) const MADE_NOW: &str = "The account {name} is made";
pub(crate) const SAVE: &str = "Save";
pub(crate) const CHANGED: &str = "{name} is changed";

pub(crate) const DESCRIPTION: &str = "What it is for";
pub(crate) const EXPIRES: &str = "Ends";
pub(crate) const LAST_USED: &str = "Last used";
pub(crate) const MAY: &str = "May";
pub(crate) const MAY_ALL: &str = "all that the account may";
pub(crate) const REVOKED: &str = "revoked";
pub(crate) const ENDED: &str = "ended";
pub(crate) const VALID: &str = "valid";
pub(crate) const REVOKE: &str = "Revoke";
pub(crate) const REVOKE_OF: &str = "Revoke {name}";
pub(crate) const REVOKE_ASKED: &str = "Revoke the token {name}? Whoever uses it is signed out at once.";
pub(crate) const REVOKED_NOW: &str = "The token {name} is revoked";
pub(crate) const NEW_TOKEN: &str = "New token";
pub(crate) const OF_ACCOUNT: &str = "For the account";
pub(crate) const HOLDS: &str = "Ends after";
pub(crate) const SPANS: [(&str, &str); 4] =
    [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("364", "364 days")];
pub(crate) const SCOPE: &str = "Permissions (separated by spaces; empty: all that the account may)";
pub(crate) const MAKE_TOKEN: &str = "Make the token";
pub(crate) const TOKEN_MADE: &str = "The token is made";
pub(crate) const SECRET: &str = "The token, shown this once";
pub(crate) const SECRET_MEANS: &str =
    "Copy it now: it is not kept anywhere and cannot be shown again. Whoever has it can act as the account.";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
