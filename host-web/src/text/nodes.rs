//! Nodes, and what the cluster is set to.

pub(crate) const NAME: &str = "Nodes";
pub(crate) const PARTS: &str = "Nodes and cluster";
pub(crate) const CLUSTER: &str = "Cluster";
pub(crate) const NODE: &str = "Node";
pub(crate) const ROLE: &str = "Role";
pub(crate) const ROLES: [(&str, &str); 2] = [("publisher", "Publisher"), ("subscriber", "Subscriber")];
pub(crate) const THIS: &str = "answers here";
pub(crate) const VERSION: &str = "Version loaded";
pub(crate) const LOADED: &str = "{loaded} of {current}";
pub(crate) const NEVER: &str = "never said";
pub(crate) const CURRENT: &str = "current";
pub(crate) const BEHIND: &str = "behind";
pub(crate) const SEEN: &str = "Last seen";
pub(crate) const ACTIONS: &str = "Actions";
pub(crate) const OWN: &str = "Own settings";
pub(crate) const MAKE_PUBLISHER: &str = "Make publisher";
pub(crate) const MAKE_PUBLISHER_OF: &str = "Make {name} the publisher";
pub(crate) const LEAVE: &str = "Remove";
pub(crate) const LEAVE_OF: &str = "Remove {name}";
pub(crate) const LEFT: &str = "{name} is no longer a node";
pub(crate) const PUBLISHER_NOW: &str = "{name} is the publisher";
pub(crate) const JOIN: &str = "Let a node join";
pub(crate) const JOIN_NAME: &str = "Name of the new node";
pub(crate) const JOINED: &str = "{name} is a node";

pub(crate) const COMPLETENESS: &str = "What is missing on nodes";
pub(crate) const COMPLETE: &str = "Every node has what it needs";
pub(crate) const EXCHANGE: &str = "What has to be exchanged with other clusters";
pub(crate) const EXCHANGED: &str = "Nothing has to be exchanged";

pub(crate) const PRODUCT: &str = "Product";
pub(crate) const PRODUCTS: [(&str, &str); 2] =
    [("ucm", "Unified Communications Manager"), ("imp", "IM and Presence Service")];
pub(crate) const RELEASE: &str = "Release (such as 15SU3)";
pub(crate) const FEATURES: &str = "Switched on";
pub(crate) const FEATURE_NAMES: [(&str, &str); 7] = [
    ("common-criteria", "Common Criteria mode"),
    ("fips", "FIPS mode"),
    ("mixed-mode", "Mixed mode"),
    ("sip-oauth", "SIP OAuth"),
    ("saml-sso", "SAML single sign-on"),
    ("emcc", "Extension mobility cross cluster"),
    ("manual-phone-reset", "Phones are reset by hand"),
];
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVED: &str = "The cluster is set";
pub(crate) const CLUSTER_MEANS: &str = "Plans follow from this: which purposes and stores there are, and what has to be restarted. Certificates stay as they are.";
