//! Stable machine codes of management, one line each, never renamed: dotted by subject, with the clause or decision
//! each rests on, the rules of the catalogue it implements, and its severity. Wording lives in `engine-wording`.

use crate::finding::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $clause:literal, [$($rule:literal),*], $severity:ident;)*) => {
        /// Which rule of management a finding is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ManagementCode { $($(#[doc = $doc])+ $name,)* }

        impl ManagementCode {
            /// Every code, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text of this code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The clause, or the decision, this rule rests on.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause),* }
            }

            /// The identifiers of the rule catalogue that this code implements.
            #[must_use]
            pub fn rules(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($rule),*]),* }
            }

            /// How much it weighs.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }
        }
    };
}

codes! {
    // Any operation
    /// No purpose or trust store of this name is in the catalogue.
    PurposeUnknown = "management.purpose-unknown", "RFC 5280 4.2.1.12", ["R-TS-25", "R-TS-26"], Deny;
    /// No node of this name is in the cluster.
    NodeUnknown = "management.node-unknown", "RFC 5280 4.2.1.6", ["R-CSR-9"], Deny;
    /// This is done on the publisher only.
    PublisherOnly = "management.publisher-only", "RFC 5280 4.2.1.6", ["R-REP-4", "R-REP-8", "R-KUX-2", "R-SIMP-3", "R-DEL-8"], Deny;

    // Uploads, replacement, deletion, replication

    // Requests, self-signed certificates, regeneration
}
