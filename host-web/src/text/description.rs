//! What is in a certificate. Labels come from the engine; here are the names that releases before 14SU2 had for them
//! (R-SHOW-4 to R-SHOW-9), and what stands around them.

pub(crate) const EARLIER: [(&str, &str); 6] = [
    ("IssuerDN", "Issuer Name"),
    ("Start Date", "Validity From"),
    ("Final Date", "To"),
    ("SubjectDN", "Subject Name"),
    ("Public Key", "Key"),
    ("Modulus", "Key Value"),
];
pub(crate) const CRITICAL: &str = "critical";
pub(crate) const EVERYTHING: &str = "Every field and extension";
pub(crate) const LONG: &str = "{number} characters";
pub(crate) const AUTHORITY: &str = "Authority";
pub(crate) const NO_AUTHORITY: &str = "No authority";
