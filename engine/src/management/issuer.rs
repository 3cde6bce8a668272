//! Who vouches for a certificate among others: the links by name, authority and signature that uploads and deletions
//! ask about, each verified once. It does not decide trust: a path that may be believed is `path`'s business, and what
//! is asked here is only whether a store would be whole (R-UP-1, R-UP-2, R-UP-13; RFC 5280 6.1.3 (a)(1), (a)(4)).

use super::entity::may_issue;
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::finding::Code;
use crate::path::link;
use crate::settings::Settings;
use crate::signature::{self, SignatureError, SignedData};

/// Links between certificates, under one budget.
#[derive(Debug)]
pub(super) struct Links<'s> {
    settings: &'s Settings,
    budget: Budget,
    judged: Vec<Judged>,
    exceeded: Option<BudgetExceeded>,
}

#[derive(Debug)]
struct Judged {
    child: [u8; 32],
    issuer: [u8; 32],
    refused: Option<Code>,
}

/// Whether a certificate leads to a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// It does.
    Complete,
    /// It does not: the issuer of this certificate is missing, or what is there in its name did not sign it.
    Broken {
        /// How many links were found before.
        links: usize,
        /// The name of the missing issuer.
        issuer: String,
        /// What spoke against the issuer that is there.
        refused: Option<Code>,
    },
}

impl<'s> Links<'s> {
    /// No link is known.
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, budget: Budget::new(settings.limits.clone()), judged: Vec::new(), exceeded: None }
    }

    /// The limit that was reached, if one was: the rest was not verified.
    pub(super) fn exceeded(&self) -> Option<BudgetExceeded> {
        self.exceeded
    }

    /// What speaks against `issuer` having issued `child`; nothing when it did. Of the same certificate twice: whether
    /// its own key signed it, whatever its algorithm is worth, because that signature vouches for nothing.
    pub(super) fn refusal(&mut self, child: &Certificate, issuer: &Certificate) -> Option<Code> {
        let known =
            |judged: &&Judged| judged.child == child.fingerprint && judged.issuer == issuer.fingerprint;
        if let Some(judged) = self.judged.iter().find(known) {
            return judged.refused;
        }
        let refused = self.judge(child, issuer).unwrap_or_else(|exceeded| {
            self.exceeded = Some(exceeded);
            Some(Code::BudgetExceeded)
        });
        self.judged.push(Judged { child: child.fingerprint, issuer: issuer.fingerprint, refused });
        refused
    }

    fn judge(&mut self, child: &Certificate, issuer: &Certificate) -> Result<Option<Code>, BudgetExceeded> {
        if child.fingerprint == issuer.fingerprint {
            return verify(child, issuer, &mut self.budget);
        }
        if !may_issue(issuer) {
            return Ok(Some(Code::NotCa));
        }
        let observed = link::check_link(child, issuer, None, self.settings, &mut self.budget)?;
        // A wrong key identifier under a right signature is a matter of form, which levels decide on a path.
        let codes = observed.into_iter().map(|(code, _)| code);
        Ok(codes.into_iter().find(|code| *code != Code::AuthorityKeyIdentifierMismatch))
    }

    /// Follows the issuers of `target` through `pool` up to a root that its own key signed. The target is not in the
    /// pool unless it is trusted itself.
    pub(super) fn chain(&mut self, target: &Certificate, pool: &[&Certificate]) -> Chain {
        let mut reached: Vec<(usize, &Certificate)> = vec![(0, target)];
        let mut next = 0_usize;
        let mut broken = None;
        while let Some((links, member)) = reached.get(next).copied() {
            next = next.saturating_add(1);
            let mut refused = None;
            let mut found = false;
            for issuer in pool.iter().filter(|issuer| issuer.subject == member.issuer) {
                match self.refusal(member, issuer) {
                    None if issuer.fingerprint == member.fingerprint => return Chain::Complete,
                    None => {
                        found = true;
                        if !reached.iter().any(|(_, seen)| seen.fingerprint == issuer.fingerprint) {
                            reached.push((links.saturating_add(1), issuer));
                        }
                    }
                    Some(code) => refused = Some(code),
                }
            }
            if !found {
                broken = Some(Chain::Broken { links, issuer: member.issuer.to_string(), refused });
            }
        }
        // Where every member has an issuer and none is a root, the issuers run in a circle.
        let circle = Chain::Broken { links: next, issuer: target.issuer.to_string(), refused: None };
        broken.unwrap_or(circle)
    }
}

/// Whether the arithmetic holds, and what is wrong where it does not.
pub(super) fn verify(
    child: &Certificate,
    issuer: &Certificate,
    budget: &mut Budget,
) -> Result<Option<Code>, BudgetExceeded> {
    let signed = SignedData {
        message: child.signed_part(),
        algorithm: &child.signature_algorithm,
        signature: &child.signature,
    };
    match signature::verify(&signed, &issuer.public_key, None, budget) {
        Ok(_) => Ok(None),
        Err(SignatureError::BudgetExceeded(exceeded)) => Err(exceeded),
        Err(SignatureError::Invalid) => Ok(Some(Code::SignatureInvalid)),
        Err(SignatureError::AlgorithmUnsupported) => Ok(Some(Code::SignatureAlgorithmUnsupported)),
        Err(SignatureError::KeyMismatch) => Ok(Some(Code::SignatureKeyMismatch)),
        Err(SignatureError::KeyUnusable) => Ok(Some(Code::SignatureKeyUnusable)),
    }
}

#[cfg(test)]
mod tests;
