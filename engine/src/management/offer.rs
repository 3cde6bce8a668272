//! What a form shows for a purpose before anything is entered: keys, hashes, years and the suggested common name, for a
//! request or for a self-signed certificate (R-CSR-10, R-CSR-11, R-CSR-17, R-CSR-27, R-SS-6, R-SS-8 to R-SS-10,
//! R-SS-18). What is then entered, the operations judge.

use super::cluster::Cluster;
use super::distribution::{Distribution, NameFields};
use super::issuance::{self, Offered};
use super::purpose::{Catalogue, IdentityPurpose};
use super::self_signed;
use super::unplannable::Unplannable;

/// What a form shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The choices.
    pub offered: Offered,
    /// The common name; `None` where there is no such node.
    pub common_name: Option<String>,
}

/// What the form of a request shows.
///
/// # Errors
/// [`Unplannable::Word`] for an unknown purpose, [`Unplannable::RequestNotOffered`] for one that no request is made for.
pub fn for_request(
    cluster: &Cluster,
    catalogue: &Catalogue,
    purpose: &str,
    distribution: &Distribution,
) -> Result<Offer, Unplannable> {
    let purpose = find(catalogue, purpose)?;
    let offered = issuance::offered(purpose, cluster.features)
        .ok_or_else(|| Unplannable::RequestNotOffered { purpose: purpose.name.clone() })?;
    let names = NameFields::default();
    let common_name = issuance::suggested_common_name(cluster, purpose, distribution, &names);
    Ok(Offer { offered, common_name })
}

/// What the form of a self-signed certificate shows.
///
/// # Errors
/// [`Unplannable::Word`] for an unknown purpose.
pub fn for_self_signed(
    cluster: &Cluster,
    catalogue: &Catalogue,
    purpose: &str,
    distribution: &Distribution,
) -> Result<Offer, Unplannable> {
    let purpose = find(catalogue, purpose)?;
    let names = NameFields::default();
    let common_name = self_signed::suggested_common_name(cluster, catalogue, purpose, distribution, &names);
    Ok(Offer { offered: self_signed::offered(purpose, cluster.features), common_name })
}

fn find<'c>(catalogue: &'c Catalogue, purpose: &str) -> Result<&'c IdentityPurpose, Unplannable> {
    catalogue.purpose(purpose).ok_or_else(|| Unplannable::Word {
        input: "purpose",
        found: purpose.to_owned(),
        accepted: catalogue.purposes.iter().map(|known| known.name.clone()).collect(),
    })
}
