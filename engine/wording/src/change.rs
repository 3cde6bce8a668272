//! Wording of counterfactuals: the change that would flip a finding. It says neither that
//! the change is wise nor that everything else would then pass.

use crate::Details;
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
    "configure-source", "Name somebody who can be asked",
        "This check could pass if the policy document named somebody to ask in {setting}";
    "obtain-status", "Obtain an answer about its status",
        "This check would pass with an authentic and fresh answer, of everybody who is asked, that says the certificate is good";
    "other-certificate", "Have another certificate issued",
        "This check would pass for a certificate";
    "other-purpose", "Ask about another purpose",
        "This check would pass for a purpose that the certificate names: {presented}";
    "other-value", "Have another certificate issued",
        "The rule \"{rule}\" would not match if {turnedPart} were {turnedTo} instead of {turnedFrom}";
    "raise-age", "Accept older answers",
        "This check could pass if {setting} were at least {to}[ instead of {from}] in the policy document";
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

/// The change that nothing of the settings makes.
pub(crate) const OTHER_CERTIFICATE: &str = "other-certificate";

/// What is demanded of a certificate, to follow "a certificate"; by the code of the rule that it does not meet.
pub const DEMANDS: &[(&str, &str)] = &[
    ("path.issuer-not-found", "whose issuer is trusted or leads to one that is"),
    ("path.budget-exceeded", "that is judged with less work"),
    ("path.too-long", "with fewer certificates between it and a trusted one"),
    ("trust.distrusted", "whose path holds none that is marked as distrusted"),
    ("revocation.revoked", "that has not been revoked"),
    ("signature.invalid", "whose signature verifies under its issuer's key"),
    ("signature.algorithm-mismatch", "that names one and the same signature algorithm in both places"),
    ("signature.algorithm-unsupported", "signed with an algorithm that is known here"),
    ("signature.key-mismatch", "signed with an algorithm that goes with its issuer's key"),
    ("signature.key-unusable", "issued with a key that can be used here"),
    ("algorithm.signature-not-accepted", "signed with an algorithm that the policy accepts"),
    ("algorithm.key-not-accepted", "with a kind of key that the policy accepts"),
    ("algorithm.key-size", "with a key of a size that the policy accepts"),
    ("algorithm.explicit-curve", "whose elliptic curve is given by its name"),
    ("validity.expired", "that is valid at this moment"),
    ("validity.not-yet-valid", "that is valid at this moment"),
    ("validity.reversed", "whose validity does not end before it begins"),
    ("certificate.issuer-empty", "that names its issuer"),
    ("certificate.subject-empty", "of an authority that has a name"),
    ("extension.unknown-critical", "without critical extensions that are not known here"),
    ("basic-constraints.missing", "whose issuers say in basicConstraints that they are authorities"),
    ("basic-constraints.not-ca", "whose issuers say in basicConstraints that they are authorities"),
    ("basic-constraints.path-length-exceeded", "with no more issuers than each pathLenConstraint allows"),
    ("key-usage.cert-sign-missing", "whose issuers may sign certificates by their keyUsage"),
    ("extended-key-usage.not-for-purpose", "whose extKeyUsage names the purpose"),
    ("identity.mismatch", "that names what was asked for"),
    ("name-constraints.not-permitted", "whose names all lie in permitted subtrees"),
    ("name-constraints.excluded", "whose names lie in no excluded subtree"),
    ("name-constraints.unsupported", "without names of the form that is constrained and not known here"),
    ("name-constraints.syntax", "whose issuers' nameConstraints are well formed"),
    ("certificate-policies.none-valid", "with a policy that is demanded, and that its issuers have too"),
    ("certificate-policies.duplicate", "that states each policy once"),
    ("certificate-policies.unknown-qualifier", "without critical policy qualifiers that are not known here"),
    ("policy-mappings.any-policy", "whose issuers map neither from nor to anyPolicy"),
];

/// The phrase for the rule that `details` name.
pub(crate) fn demanded(details: Details<'_>) -> &'static str {
    let code = details.iter().find(|(name, _)| *name == "code").map(|(_, code)| code.as_str());
    DEMANDS
        .iter()
        .find(|(known, _)| Some(*known) == code)
        .map_or("that meets this rule", |(_, demand)| demand)
}
