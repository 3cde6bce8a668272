//! Wording of what a person has to do after a change: one imperative for each action.

use crate::template::{Row, rows};

/// The wording of every action.
pub const ROWS: &[Row] = rows! {
    "await-phones", "Wait for phones",
        "wait until all phones have restarted";
    "backup", "Make a backup",
        "make a backup of the system";
    "distribute-ctl", "New trust list spreads",
        "the new certificate trust list reaches the TFTP servers and the phones";
    "regenerate", "Make certificate anew",
        "make the certificate for {concerning} anew";
    "renew-multi-server", "Renew shared certificate",
        "have a new certificate for many servers made for {concerning}";
    "repeat-bulk-provisioning", "Repeat bulk provisioning",
        "repeat bulk provisioning";
    "reprovision-saml", "Provision metadata anew",
        "provision the metadata anew on the identity provider";
    "reset-phones", "Reset phones",
        "reset the phones";
    "restart-service", "Restart a service",
        "restart {concerning}[ ({serviceKind} service)]";
    "update-ctl", "Update trust list",
        "update the certificate trust list (CTL)";
};
