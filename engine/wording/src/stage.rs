//! The checks that stand behind an allow, for people: what each one established and the clause it rests on. They
//! claim only what no setting can switch off.

/// One check of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// The clause it rests on.
    pub clause: &'static str,
    /// What holds when it has passed.
    pub established: &'static str,
    /// What holds when the certificate is itself the trust anchor; `None` when nothing is asked of it then.
    pub established_alone: Option<&'static str>,
    /// When it is part of a decision.
    pub asked: Asked,
    /// The first words of the codes that it reports.
    pub subjects: &'static [&'static str],
}

/// When a check is part of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// In every decision.
    Always,
    /// When a purpose was asked for.
    WithPurpose,
    /// When a name was asked for.
    WithName,
    /// When revocation was asked for.
    WithRevocation,
}

/// Every check, in the order of the decision.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "signatures",
        clause: "RFC 5280 6.1.3 (a)(1)",
        established: "each verifies under the key of the certificate above",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["signature"],
    },
    Stage {
        name: "algorithms",
        clause: "NIST SP 800-131A 3",
        established: "every key and algorithm is accepted by the policy",
        established_alone: Some("the key is accepted by the policy"),
        asked: Asked::Always,
        subjects: &["algorithm"],
    },
    Stage {
        name: "validity",
        clause: "RFC 5280 6.1.3 (a)(2)",
        established: "the moment is within every period below the anchor",
        established_alone: Some("the moment is within the validity period"),
        asked: Asked::Always,
        subjects: &["validity"],
    },
    Stage {
        name: "chaining",
        clause: "RFC 5280 6.1.3 (a)(4)",
        established: "every issuer is the subject of the certificate above",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["path", "trust"],
    },
    Stage {
        name: "issuers",
        clause: "RFC 5280 6.1.4 (k)-(n)",
        established: "every issuer may sign certificates, at its depth",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["basic-constraints", "key-usage"],
    },
    Stage {
        name: "extensions",
        clause: "RFC 5280 6.1.4 (o), 6.1.5 (f)",
        established: "every critical extension was processed",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["extension"],
    },
    Stage {
        name: "name constraints",
        clause: "RFC 5280 6.1.3 (b), (c)",
        established: "every name is permitted, and none is excluded",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["name-constraints"],
    },
    Stage {
        name: "policies",
        clause: "RFC 5280 6.1.3 (d)-(f), 6.1.5 (g)",
        established: "a policy is valid, or none is required",
        established_alone: None,
        asked: Asked::Always,
        subjects: &["certificate-policies", "policy-mappings", "policy-constraints", "inhibit-any-policy"],
    },
    Stage {
        name: "purpose",
        clause: "RFC 5280 4.2.1.12",
        established: "the usages of the certificate allow",
        established_alone: Some("the usages of the certificate allow"),
        asked: Asked::WithPurpose,
        subjects: &["extended-key-usage"],
    },
    Stage {
        name: "identity",
        clause: "RFC 9525 6",
        established: "the certificate carries",
        established_alone: Some("the certificate carries"),
        asked: Asked::WithName,
        subjects: &["identity"],
    },
    Stage {
        name: "revocation",
        clause: "RFC 5280 6.1.3 (a)(3)",
        established: "no certificate is revoked",
        established_alone: None,
        asked: Asked::WithRevocation,
        subjects: &["revocation"],
    },
];

/// Why nothing is asked of a certificate that is itself a trust anchor.
pub const TRUSTED_AS_IT_IS: &str = "nothing to check: the certificate is itself the trust anchor";

/// What the check of revocation established where it was asked about some certificates only.
pub const NONE_ASKED_ABOUT_IS_REVOKED: &str = "no certificate that was asked about is revoked";

/// Why a certificate is allowed, in one sentence.
#[must_use]
pub fn allowed(certificates: usize, warnings: usize) -> String {
    let path = match certificates {
        0 | 1 => "It is itself a trust anchor".to_owned(),
        2 => "A trust anchor issued it and every check passed".to_owned(),
        more => format!("A path of {more} certificates leads to a trust anchor and every check passed"),
    };
    match warnings {
        0 => path,
        1 => format!("{path}, with one warning"),
        more => format!("{path}, with {more} warnings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_named_once_and_says_something() {
        for (place, stage) in STAGES.iter().enumerate() {
            assert!(STAGES.iter().skip(place + 1).all(|other| other.name != stage.name), "{}", stage.name);
            assert!(!stage.established.is_empty() && !stage.clause.is_empty() && !stage.subjects.is_empty());
        }
    }

    #[test]
    fn warnings_are_counted() {
        assert_eq!(allowed(1, 0), "It is itself a trust anchor");
        assert_eq!(allowed(2, 1), "A trust anchor issued it and every check passed, with one warning");
        assert_eq!(
            allowed(3, 2),
            "A path of 3 certificates leads to a trust anchor and every check passed, with 2 warnings"
        );
    }
}
