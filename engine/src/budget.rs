//! `Budget`: every work limit, its number and where the number comes from. Nobody else counts work, and
//! because the counters are the engine's own, a limit is reached at the same step on every host.
//!
//! It also carries [`Outsourced`], which goes the same way through the stages, and never looks at it: a check
//! costs the same whoever does its arithmetic.

use crate::outsourced::Outsourced;

/// The work limits of one evaluation. Sizes of inputs are in octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Signature verifications. From rustls-webpki, which took 100 from its own measurements of real paths.
    pub signatures: u32,
    /// Cost of these verifications, in units of one P-256 verification: bounds the time where keys are large.
    pub signature_cost: u32,
    /// Steps of the path builder. From mozilla::pkix by way of rustls-webpki.
    pub build_steps: u32,
    /// Candidate paths judged whole. Ours: 100 signatures can vouch for no more links than that.
    pub candidate_paths: u32,
    /// Comparisons of a name with a constraint. From Go's crypto/x509.
    pub name_comparisons: u32,
    /// Edges of the certificate policy graph. Ours; RFC 9618 bounds it by mappings times depth.
    pub policy_edges: u32,
    /// Certificates in one request, the target included. Ours; raised by settings where a pool is larger.
    pub certificates: u32,
    /// Size of one certificate.
    pub certificate_octets: u32,
    /// OCSP responses and CRLs that one question may bring. Ours: two sources for every certificate of the longest
    /// path that settings may allow.
    pub status_evidence: u32,
    /// Size of one OCSP response. Ours: a signed answer is some kilobytes, its certificates included.
    pub ocsp_octets: u32,
    /// Size of one CRL. Ours: the largest that public authorities issue are below that.
    pub crl_octets: u32,
    /// Steps of evaluating custom rules. Ours: ten rules that look at every name of a long path take a hundredth of it,
    /// and all of it is spent in some milliseconds.
    pub rule_steps: u32,
}

impl Limits {
    /// The shipped limits.
    pub const DEFAULT: Self = Self {
        signatures: 100,
        signature_cost: 200,
        build_steps: 200_000,
        candidate_paths: 200,
        name_comparisons: 250_000,
        policy_edges: 50_000,
        certificates: 32,
        certificate_octets: 64 * 1024,
        status_evidence: 64,
        ocsp_octets: 100 * 1024,
        crl_octets: 32 * 1024 * 1024,
        rule_steps: 100_000,
    };
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetExceeded {
    /// The name of the limit, as in a policy document.
    pub limit: &'static str,
    /// Its number.
    pub allowed: u32,
}

/// What one evaluation has spent. Starts at nothing; a charge that does not fit is refused.
#[derive(Clone, Debug)]
pub struct Budget {
    limits: Limits,
    spent: Spent,
    outsourced: Outsourced,
}

/// The counters of a [`Budget`], as a verdict reports them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Signature verifications.
    pub signatures: u32,
    /// Their cost, in units of one P-256 verification.
    pub signature_cost: u32,
    /// Steps of the path builder.
    pub build_steps: u32,
    /// Candidate paths judged.
    pub candidate_paths: u32,
    /// Comparisons of a name with a constraint.
    pub name_comparisons: u32,
    /// Edges of the certificate policy graph.
    pub policy_edges: u32,
    /// Steps of evaluating custom rules.
    pub rule_steps: u32,
}

impl Budget {
    /// An untouched budget.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::outsourcing(limits, Outsourced::default())
    }

    /// An untouched budget for a host that may answer signature checks.
    #[must_use]
    pub fn outsourcing(limits: Limits, outsourced: Outsourced) -> Self {
        Self { limits, spent: Spent::default(), outsourced }
    }

    /// The signature checks of the host.
    #[must_use]
    pub fn outsourced(&self) -> &Outsourced {
        &self.outsourced
    }

    /// The same, for asking.
    pub fn outsourced_mut(&mut self) -> &mut Outsourced {
        &mut self.outsourced
    }

    /// What has been spent so far.
    #[must_use]
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// Charges one signature verification of `cost` units.
    ///
    /// # Errors
    /// [`BudgetExceeded`] when the count or the cost does not fit.
    pub fn signature(&mut self, cost: u32) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.signatures, 1, self.limits.signatures, "signatures")?;
        charge(&mut self.spent.signature_cost, cost, self.limits.signature_cost, "signature-cost")
    }

    /// Charges one step of the path builder.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn build_step(&mut self) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.build_steps, 1, self.limits.build_steps, "build-steps")
    }

    /// Charges one candidate path.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn candidate_path(&mut self) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.candidate_paths, 1, self.limits.candidate_paths, "candidate-paths")
    }

    /// Charges `count` comparisons of a name with a constraint, before they are made.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn name_comparisons(&mut self, count: u32) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.name_comparisons, count, self.limits.name_comparisons, "name-comparisons")
    }

    /// Charges `count` edges of the certificate policy graph, before they are drawn.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn policy_edges(&mut self, count: u32) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.policy_edges, count, self.limits.policy_edges, "policy-edges")
    }

    /// Charges `count` steps of evaluating custom rules.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn rule_steps(&mut self, count: u32) -> Result<(), BudgetExceeded> {
        charge(&mut self.spent.rule_steps, count, self.limits.rule_steps, "rule-steps")
    }
}

fn charge(spent: &mut u32, amount: u32, allowed: u32, limit: &'static str) -> Result<(), BudgetExceeded> {
    match spent.checked_add(amount).filter(|sum| *sum <= allowed) {
        Some(sum) => {
            *spent = sum;
            Ok(())
        }
        None => Err(BudgetExceeded { limit, allowed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_fits_up_to_the_limit_and_not_beyond() {
        let mut budget = Budget::new(Limits { name_comparisons: 10, ..Limits::DEFAULT });
        assert_eq!(budget.name_comparisons(10), Ok(()));
        let refused = BudgetExceeded { limit: "name-comparisons", allowed: 10 };
        assert_eq!(budget.name_comparisons(1), Err(refused));
        assert_eq!(budget.spent().name_comparisons, 10);
    }

    #[test]
    fn a_charge_near_the_end_of_the_counter_is_refused_not_wrapped() {
        let mut budget = Budget::new(Limits { policy_edges: u32::MAX, ..Limits::DEFAULT });
        assert!(budget.policy_edges(u32::MAX).is_ok());
        assert!(budget.policy_edges(1).is_err());
    }
}
