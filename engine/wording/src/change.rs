//! Wording of counterfactuals: the change that would flip a finding. It says neither that
//! the change is wise nor that everything else would then pass.

use crate::template::{Row, rows};

/// The wording of every kind of change.
pub const ROWS: &[Row] = rows! {
    "accept-algorithm", "Accept the signature algorithm",
        "This check would pass if the policy document accepted \"{algorithm}\" in {setting}";
    "accept-key", "Accept the kind of key",
        "This check would pass if the policy document accepted \"{key}\" in {setting}";
    "ask-for-name", "Ask for a presented name",
        "This check would pass if the name asked for were \"{name}\", which the certificate does present";
    "at-or-after", "Ask about a later moment",
        "This check would pass at {notBefore} or later, when the certificate is valid";
    "at-or-before", "Ask about an earlier moment",
        "This check would have passed at {notAfter} or earlier, when the certificate was valid";
    "other-purpose", "Ask about another purpose",
        "This check would pass for a purpose that the certificate names: {presented}";
    "raise-limit", "Raise a limit",
        "This check could pass if {setting} were raised[ from {from}][ to {to}][ above {allowed}] in the policy document";
    "set-effect", "Change the effect of the rule",
        "This check would pass if the policy document gave its rule \"{rule}\" the effect \"{to}\"[ instead of \"{from}\"]";
    "set-level", "Change the level of a rule",
        "This check would pass if the policy document set the level of \"{code}\" to \"{to}\"[ instead of \"{from}\"]";
    "set-maximum", "Accept longer keys",
        "This check would pass if {setting} were at least {to}[ instead of {from}] in the policy document";
    "set-minimum", "Accept shorter keys",
        "This check would pass if {setting} were at most {to}[ instead of {from}] in the policy document";
    "supply-issuer", "Supply the issuer's certificate",
        "This check could pass if the certificate of the issuer \"{issuer}\"[ with key identifier {keyIdentifier}] were supplied or trusted";
};
