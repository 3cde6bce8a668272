//! For which certificates and reasons a CRL speaks: RFC 5280 6.3.3 (b) and (d), with the distribution points of
//! 4.2.1.13 and 5.2.5. It looks at no signature and no entry.

use super::crl::{CertificateList, IssuingDistributionPoint};
use super::crl_rejected::CrlRejected;
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::extension::{DistributionPoint, DistributionPointName};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::{Name, RelativeDistinguishedName};

/// A set of revocation reasons, as ReasonFlags writes it (RFC 5280 4.2.1.13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons(u16);

impl Reasons {
    /// No reason.
    pub const NONE: Self = Self(0);
    /// "All-reasons" of RFC 5280 6.3.1: every flag but the unused one.
    pub const ALL: Self = Self(0x7f80);

    /// Those of a ReasonFlags field; an absent one means all.
    #[must_use]
    pub fn of_flags(flags: Option<u16>) -> Self {
        flags.map_or(Self::ALL, |flags| Self(flags & Self::ALL.0))
    }

    /// Those in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The flags, bit 0 of ReasonFlags at the top.
    #[must_use]
    pub fn flags(self) -> u16 {
        self.0
    }
}

/// The distribution points of a certificate, and after them the one that RFC 5280 6.3.3 assumes for CRLs of the
/// certificate's issuer that no distribution point names.
#[must_use]
pub(super) fn distribution_points(certificate: &Certificate) -> Vec<DistributionPoint> {
    let issuer = GeneralName::DirectoryName(certificate.issuer.clone());
    let assumed = DistributionPoint {
        name: Some(DistributionPointName::Full(vec![issuer])),
        reasons: None,
        crl_issuer: Vec::new(),
    };
    let own = certificate.extensions.crl_distribution_points.iter().flatten().cloned();
    own.chain(std::iter::once(assumed)).collect()
}

/// The reasons for which `list` speaks about `certificate` by any of its distribution points: the union of the
/// interim reasons masks of RFC 5280 6.3.3 (d).
///
/// # Errors
/// [`BudgetExceeded`] when the names may not be compared any more; within it, why no distribution point leads
/// to this list.
pub(super) fn check_scope(
    certificate: &Certificate,
    points: &[DistributionPoint],
    list: &CertificateList,
    budget: &mut Budget,
) -> Result<Result<Reasons, CrlRejected>, BudgetExceeded> {
    let mut reasons = None;
    let mut refused = CrlRejected::IssuerMismatch;
    for point in points {
        match check_point(certificate, point, list, budget)? {
            Ok(interim) => reasons = Some(interim.union(reasons.unwrap_or_default())),
            // The later a rule is asked, the more specific its answer.
            Err(reason) if refused == CrlRejected::IssuerMismatch => refused = reason,
            Err(_) => {}
        }
    }
    Ok(match reasons {
        None => Err(refused),
        // An empty BIT STRING in onlySomeReasons, or reasons that have nothing in common.
        Some(Reasons::NONE) => Err(CrlRejected::NoReasons),
        Some(reasons) => Ok(reasons),
    })
}

fn check_point(
    certificate: &Certificate,
    point: &DistributionPoint,
    list: &CertificateList,
    budget: &mut Budget,
) -> Result<Result<Reasons, CrlRejected>, BudgetExceeded> {
    let issuing = list.extensions.issuing_distribution_point.as_ref();
    if let Err(rejected) = check_issuer(certificate, point, list) {
        return Ok(Err(rejected));
    }
    if let Some(issuing) = issuing {
        charge_names(point, issuing, budget)?;
        let checked =
            check_names(certificate, point, list, issuing).and_then(|()| check_kind(certificate, issuing));
        if let Err(rejected) = checked {
            return Ok(Err(rejected));
        }
    }
    Ok(Ok(interim_reasons(point, issuing)))
}

/// RFC 5280 6.3.3 (b)(1): the CRL is by the certificate's issuer, or by a cRLIssuer of the distribution point and
/// then says that it is indirect.
fn check_issuer(
    certificate: &Certificate,
    point: &DistributionPoint,
    list: &CertificateList,
) -> Result<(), CrlRejected> {
    if point.crl_issuer.is_empty() {
        return if list.issuer == certificate.issuer { Ok(()) } else { Err(CrlRejected::IssuerMismatch) };
    }
    if !directory_names(&point.crl_issuer).any(|name| *name == list.issuer) {
        return Err(CrlRejected::IssuerMismatch);
    }
    let issuing = &list.extensions.issuing_distribution_point;
    match issuing {
        Some(issuing) if issuing.indirect_crl => Ok(()),
        _ => Err(CrlRejected::NotIndirect),
    }
}

/// RFC 5280 6.3.3 (b)(2)(i): a name of the CRL's distribution point is one of the certificate's, or one of its
/// cRLIssuer where the certificate's has no name.
fn check_names(
    certificate: &Certificate,
    point: &DistributionPoint,
    list: &CertificateList,
    issuing: &IssuingDistributionPoint,
) -> Result<(), CrlRejected> {
    let Some(name) = &issuing.name else { return Ok(()) };
    let of_list = resolve(name, Some(&list.issuer));
    let of_point = match &point.name {
        Some(name) => resolve(name, relative_base(certificate, point)),
        None => point.crl_issuer.iter().map(PointName::General).collect(),
    };
    let matched = of_list.iter().any(|one| of_point.iter().any(|other| one.is(other)));
    if matched { Ok(()) } else { Err(CrlRejected::DistributionPointMismatch) }
}

/// RFC 5280 6.3.3 (b)(2)(ii) to (iv): the CRL speaks for certificates of this kind.
fn check_kind(certificate: &Certificate, issuing: &IssuingDistributionPoint) -> Result<(), CrlRejected> {
    let is_ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    if issuing.only_contains_attribute_certs {
        return Err(CrlRejected::OnlyAttributeCertificates);
    }
    if issuing.only_contains_user_certs && is_ca {
        return Err(CrlRejected::OnlyUserCertificates);
    }
    if issuing.only_contains_ca_certs && !is_ca {
        return Err(CrlRejected::OnlyCaCertificates);
    }
    Ok(())
}

/// RFC 5280 6.3.3 (d): the reasons both sides name.
fn interim_reasons(point: &DistributionPoint, issuing: Option<&IssuingDistributionPoint>) -> Reasons {
    let of_list = Reasons::of_flags(issuing.and_then(|issuing| issuing.only_some_reasons));
    Reasons::of_flags(point.reasons).intersection(of_list)
}

/// Every name of one side is compared with every name of the other: paid before it is done.
fn charge_names(
    point: &DistributionPoint,
    issuing: &IssuingDistributionPoint,
    budget: &mut Budget,
) -> Result<(), BudgetExceeded> {
    let count = |name: &Option<DistributionPointName>| match name {
        Some(DistributionPointName::Full(names)) => names.len(),
        Some(DistributionPointName::RelativeToIssuer(_)) | None => 1,
    };
    let of_point = count(&point.name).max(point.crl_issuer.len());
    let comparisons = of_point.saturating_mul(count(&issuing.name));
    budget.name_comparisons(u32::try_from(comparisons).unwrap_or(u32::MAX))
}

/// One name of a distribution point, made absolute.
enum PointName<'a> {
    General(&'a GeneralName),
    Relative(&'a Name, RelativeDistinguishedName),
}

impl PointName<'_> {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::General(one), Self::General(other)) => one == other,
            (Self::Relative(base, relative), Self::Relative(other_base, other_relative)) => {
                base == other_base && relative.comparable() == other_relative.comparable()
            }
            (Self::Relative(base, relative), Self::General(GeneralName::DirectoryName(name)))
            | (Self::General(GeneralName::DirectoryName(name)), Self::Relative(base, relative)) => {
                name.is_relative(base, relative)
            }
            _ => false,
        }
    }
}

/// The names of a distribution point. A relative name without a base, or one that cannot be read, matches nothing.
fn resolve<'a>(name: &'a DistributionPointName, base: Option<&'a Name>) -> Vec<PointName<'a>> {
    match name {
        DistributionPointName::Full(names) => names.iter().map(PointName::General).collect(),
        DistributionPointName::RelativeToIssuer(content) => {
            let relative = RelativeDistinguishedName::of_content(content, "nameRelativeToCRLIssuer").ok();
            base.zip(relative)
                .map(|(base, relative)| PointName::Relative(base, relative))
                .into_iter()
                .collect()
        }
    }
}

/// What a certificate's relative name is relative to: the one name in cRLIssuer, or the certificate issuer
/// (RFC 5280 4.2.1.13). With several names there it is relative to none.
fn relative_base<'a>(certificate: &'a Certificate, point: &'a DistributionPoint) -> Option<&'a Name> {
    if point.crl_issuer.is_empty() {
        return Some(&certificate.issuer);
    }
    let mut names = directory_names(&point.crl_issuer);
    names.next().filter(|_| names.next().is_none())
}

fn directory_names(names: &[GeneralName]) -> impl Iterator<Item = &Name> {
    names.iter().filter_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    })
}
