//! Two CRLs of one issuer, verified and compared, for whoever watches what an authority revokes (R-CRL-5, D-23). It
//! decides about no certificate.

use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::der::Malformed;
use crate::finding::{Detail, Value};
use crate::request;
use crate::revocation::crl_difference::{Difference, compare};
use crate::revocation::crl_index::IndexedCrl;
use crate::revocation::crl_issuer::{
    CrlIssuer, CrlWork, Found, IssuerStanding, Signers, VerifiedCrl, find_issuer,
};
use crate::revocation::crl_rejected::CrlRejected;
use crate::revocation::supplied::check_size;
use crate::settings::Settings;
use crate::validator::Validator;

/// A CRL, the one that came before it, and their issuer.
#[derive(Debug)]
pub struct ComparedCrls<'v> {
    settings: &'v Settings,
    before: IndexedCrl,
    after: IndexedCrl,
    issuer: Certificate,
}

/// Why two CRLs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// One of the three inputs does not decode.
    Malformed(Input, Malformed),
    /// The issuer did not sign this list, or may not.
    NotVerified(Input, CrlRejected),
    /// They are of other scopes, or one is a delta CRL and the other is not.
    OtherScope,
    /// The settings allow no signature.
    BudgetExceeded(BudgetExceeded),
}

/// One of the inputs of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The later list.
    After,
    /// The earlier list.
    Before,
    /// Their issuer.
    Issuer,
}

impl<'v> ComparedCrls<'v> {
    /// Decodes both lists and their issuer's certificate, all DER.
    ///
    /// # Errors
    /// [`Incomparable::Malformed`].
    pub fn new(
        validator: &'v Validator,
        before: Vec<u8>,
        after: Vec<u8>,
        issuer: &[u8],
    ) -> Result<Self, Incomparable> {
        let settings = validator.settings();
        let decode = |der: Vec<u8>, input| {
            check_size(&der, settings.limits.crl_octets)
                .and_then(|()| IndexedCrl::decode(der))
                .map_err(|malformed| Incomparable::Malformed(input, malformed))
        };
        let issuer = request::decode(issuer, settings)
            .map_err(|malformed| Incomparable::Malformed(Input::Issuer, malformed))?;
        Ok(Self {
            settings,
            before: decode(before, Input::Before)?,
            after: decode(after, Input::After)?,
            issuer,
        })
    }

    /// Verifies both and compares them.
    ///
    /// # Errors
    /// [`Incomparable`].
    pub fn difference(&self) -> Result<Difference<'_>, Incomparable> {
        let mut budget = Budget::new(self.settings.limits.clone());
        let mut work = CrlWork::new(&mut budget);
        let before = self.verify(&self.before, Input::Before, &mut work)?;
        let after = self.verify(&self.after, Input::After, &mut work)?;
        compare(&before, &after).map_err(|_| Incomparable::OtherScope)
    }

    fn verify<'s>(
        &'s self,
        crl: &'s IndexedCrl,
        input: Input,
        work: &mut CrlWork<'_>,
    ) -> Result<VerifiedCrl<'s>, Incomparable> {
        let standing = IssuerStanding::Validated;
        let issuers = [CrlIssuer { certificate: &self.issuer, standing, inherited: None }];
        let signers = Signers { issuers: &issuers, subject: None };
        match find_issuer(crl, &signers, &self.settings.algorithms, work) {
            Ok(Found::Verified(verified)) => Ok(verified),
            Ok(Found::Rejected(rejected)) => Err(Incomparable::NotVerified(input, rejected)),
            // The one candidate is given as validated.
            Ok(Found::NeedsPath(_)) => {
                Err(Incomparable::NotVerified(input, CrlRejected::IssuerCertificateMissing))
            }
            Err(exceeded) => Err(Incomparable::BudgetExceeded(exceeded)),
        }
    }
}

impl Input {
    /// The input's name in a refusal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::Before => "before",
            Self::Issuer => "issuer",
        }
    }
}

impl Incomparable {
    /// The stable text of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(..) => "input.malformed",
            Self::NotVerified(_, rejected) => rejected.code(),
            Self::OtherScope => "crl.not-comparable",
            Self::BudgetExceeded(_) => "path.budget-exceeded",
        }
    }

    /// The input concerned.
    #[must_use]
    pub fn input(&self) -> &'static str {
        match self {
            Self::Malformed(input, _) | Self::NotVerified(input, _) => input.word(),
            Self::OtherScope | Self::BudgetExceeded(_) => "question",
        }
    }

    /// The values compared.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        match self {
            Self::Malformed(_, malformed) => malformed.details(),
            Self::BudgetExceeded(exceeded) => {
                vec![Detail { name: "limit", value: Value::text(exceeded.limit) }]
            }
            Self::NotVerified(..) | Self::OtherScope => Vec::new(),
        }
    }
}
