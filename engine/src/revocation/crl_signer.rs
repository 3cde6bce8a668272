//! CRL issuers beside the certificates of the path: their own certification path to the same trust anchor, RFC
//! 5280 6.3.3 (f). This is the one place of this stage that builds and validates a path.

use std::collections::BTreeMap;

use super::crl_check::{CertificateContext, CrlAnswer, CrlRules, CrlStatus, check_crls};
use super::crl_index::IndexedCrl;
use super::crl_issuer::{CrlIssuer, CrlWork, IssuerStanding};
use super::undetermined::UndeterminedReason;
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::path::build::{Builder, Step};
use crate::path::validate::{Context, Memory, judge, working_dsa_parameters};
use crate::path::{CandidatePath, Pool};
use crate::settings::revocation::CrlSettings;
use crate::trust::store::TrustStore;

/// Every certificate that may have signed a CRL for the certificates of one path.
#[derive(Debug)]
pub struct CrlSigners<'a> {
    issuers: Vec<CrlIssuer<'a>>,
    anchor: Option<&'a Certificate>,
    context: Context<'a>,
    store: &'a TrustStore,
    /// Candidates that were removed, and why.
    refused: Vec<(&'a Certificate, UndeterminedReason)>,
}

/// What CRLs say about one certificate, and why some of them were set aside for their issuer.
#[derive(Debug)]
pub struct CrlOutcome {
    /// What the others say.
    pub answer: CrlAnswer,
    /// By their place among the CRLs, those whose issuer has no valid path.
    pub set_aside: BTreeMap<usize, UndeterminedReason>,
}

impl<'a> CrlSigners<'a> {
    /// The certificates of the path, which are validated, and all others at hand, which are not.
    #[must_use]
    pub fn new(path: &CandidatePath, context: Context<'a>, store: &'a TrustStore) -> Self {
        let on_path = path.certificates(context.pool);
        let inherited = working_dsa_parameters(&on_path);
        let mut issuers: Vec<CrlIssuer<'a>> = on_path
            .iter()
            .zip(inherited)
            .map(|(certificate, inherited)| CrlIssuer {
                certificate,
                standing: IssuerStanding::Validated,
                inherited,
            })
            .collect();
        let others = (0..context.pool.len()).filter(|number| !path.numbers().contains(number));
        for member in others.filter_map(|number| context.pool.get(number)) {
            let standing = IssuerStanding::Unvalidated;
            issuers.push(CrlIssuer { certificate: member.certificate, standing, inherited: None });
        }
        Self { issuers, anchor: on_path.last().copied(), context, store, refused: Vec::new() }
    }

    /// The certificate of this fingerprint.
    #[must_use]
    pub fn find(&self, fingerprint: &[u8; 32]) -> Option<&'a Certificate> {
        let found = self.issuers.iter().find(|issuer| issuer.certificate.fingerprint == *fingerprint);
        found.map(|issuer| issuer.certificate)
    }

    /// Asks every CRL about one certificate; an issuer that turns out to be needed is validated first, once.
    ///
    /// # Errors
    /// [`BudgetExceeded`].
    pub fn ask(
        &mut self,
        certificate: &Certificate,
        crls: &[&'a IndexedCrl],
        settings: &CrlSettings,
        work: &mut CrlWork<'_>,
    ) -> Result<CrlOutcome, BudgetExceeded> {
        let rules = CrlRules { settings, algorithms: &self.context.settings.algorithms };
        let subject = CertificateContext { certificate, at: self.context.at };
        // Each turn validates one issuer or removes it, so there are no more turns than issuers.
        loop {
            let answer = check_crls(&subject, crls, &self.issuers, &rules, work)?;
            let Some(needed) = answer.needs_issuer_path.first().copied() else {
                let set_aside = self.set_aside(&answer, crls, work);
                return Ok(CrlOutcome { answer, set_aside });
            };
            self.validate(needed.issuer, crls, settings, work)?;
        }
    }

    /// A CRL has no issuer because the one that signed it was removed.
    fn set_aside(
        &self,
        answer: &CrlAnswer,
        crls: &[&'a IndexedCrl],
        work: &CrlWork<'_>,
    ) -> BTreeMap<usize, UndeterminedReason> {
        let reasons = answer.rejected.iter().filter_map(|(number, _)| {
            let crl = crls.get(*number)?;
            let signed = |(certificate, _): &&(&Certificate, _)| work.has_verified(crl, certificate);
            let (_, reason) = self.refused.iter().find(signed)?;
            Some((*number, reason.clone()))
        });
        reasons.collect()
    }

    /// Validates one issuer, or removes it from the candidates.
    fn validate(
        &mut self,
        place: usize,
        crls: &[&'a IndexedCrl],
        settings: &CrlSettings,
        work: &mut CrlWork<'_>,
    ) -> Result<(), BudgetExceeded> {
        let Some(candidate) = self.issuers.get(place).copied() else { return Ok(()) };
        let certificate = candidate.certificate;
        let reason = if !self.has_path(certificate, work.budget)? {
            UndeterminedReason::CrlIssuerPath
        } else if self.is_revoked(certificate, crls, settings, work)? {
            UndeterminedReason::CrlIssuerRevoked
        } else {
            if let Some(issuer) = self.issuers.get_mut(place) {
                issuer.standing = IssuerStanding::Validated;
            }
            return Ok(());
        };
        self.refused.push((certificate, reason));
        self.issuers.remove(place);
        Ok(())
    }

    /// A CRL of an issuer that is validated already lists this one. Nothing is fetched for it, and no further issuer
    /// is validated for it, so that this ends.
    fn is_revoked(
        &self,
        certificate: &Certificate,
        crls: &[&'a IndexedCrl],
        settings: &CrlSettings,
        work: &mut CrlWork<'_>,
    ) -> Result<bool, BudgetExceeded> {
        let validated: Vec<CrlIssuer<'a>> = self
            .issuers
            .iter()
            .filter(|issuer| issuer.standing == IssuerStanding::Validated)
            .copied()
            .collect();
        let rules = CrlRules { settings, algorithms: &self.context.settings.algorithms };
        let subject = CertificateContext { certificate, at: self.context.at };
        let answer = check_crls(&subject, crls, &validated, &rules, work)?;
        Ok(matches!(answer.status, CrlStatus::Revoked(_)))
    }

    /// There is a valid path from `certificate` to the anchor of the path that is being checked.
    fn has_path(&self, certificate: &'a Certificate, budget: &mut Budget) -> Result<bool, BudgetExceeded> {
        let others = (0..self.context.pool.len()).filter_map(|number| self.context.pool.get(number));
        let others: Vec<&Certificate> = others.map(|member| member.certificate).collect();
        let pool = Pool::new(certificate, &others, self.store);
        let context = Context { pool: &pool, purpose: None, names: &[], ..self.context };
        let mut builder = Builder::new(&pool, context.at, context.settings.path.maximum_intermediates);
        let mut memory = Memory::default();
        while let Step::Candidate(path) = builder.next_path(budget)? {
            let is_ours = self.ends_at_anchor(&path, &pool);
            let judged = judge(path, &context, &mut memory, budget)?;
            match judged.outcome {
                Ok(_) if is_ours => return Ok(true),
                Ok(_) => {}
                Err(reach) => {
                    if reach.teach(&mut builder).is_break() {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(false)
    }

    fn ends_at_anchor(&self, path: &CandidatePath, pool: &Pool<'_>) -> bool {
        let last = path.certificates(pool).last().copied();
        let same = |one: &Certificate, two: &Certificate| {
            one.subject == two.subject && one.public_key == two.public_key
        };
        path.numbers().len() > 1 && last.zip(self.anchor).is_some_and(|(last, anchor)| same(last, anchor))
    }
}
