//! How certificates of files belong together by their names, from each target upwards. Only names are compared: whether
//! signatures fit and whether a path may be relied on is the verdict's.

use super::file::Certificate;
use crate::engine::said::moment;
use crate::text::verdict;
use crate::widget::chain::{Link, Tie};

/// The longest chain that is drawn.
const LONGEST: usize = 16;

/// The chains in these certificates as their numbers, the target first; one for each that issued none of the others.
pub(crate) fn chains(certificates: &[Certificate]) -> Vec<Vec<usize>> {
    let issues_another = |issuer: &Certificate| {
        certificates
            .iter()
            .any(|other| !same(other, issuer) && other.keys.issuer_key == issuer.keys.subject_key)
    };
    let targets = (0..certificates.len()).filter(|number| {
        let target = certificates.get(*number);
        target.is_some_and(|target| !issues_another(target) && is_first(certificates, *number))
    });
    let targets: Vec<usize> = targets.collect();
    // a circle has no end to begin at
    let targets = if targets.is_empty() && !certificates.is_empty() { vec![0] } else { targets };
    targets.into_iter().map(|target| upwards(certificates, target)).collect()
}

fn same(one: &Certificate, other: &Certificate) -> bool {
    one.keys.fingerprint == other.keys.fingerprint
}

/// The same certificate may be in several files.
fn is_first(certificates: &[Certificate], number: usize) -> bool {
    let Some(certificate) = certificates.get(number) else { return false };
    !certificates.iter().take(number).any(|before| same(before, certificate))
}

fn upwards(certificates: &[Certificate], target: usize) -> Vec<usize> {
    let mut chain = vec![target];
    while let Some(last) = chain.last().and_then(|number| certificates.get(*number)) {
        if last.is_self_issued() || chain.len() >= LONGEST {
            break;
        }
        let above = (0..certificates.len()).find(|number| {
            let fits =
                certificates.get(*number).is_some_and(|one| one.keys.subject_key == last.keys.issuer_key);
            fits && !chain.contains(number)
        });
        match above {
            Some(above) => chain.push(above),
            None => break,
        }
    }
    chain
}

/// Whether a file of one chain has it in another order than from the target upwards.
pub(crate) fn is_out_of_order(certificates: &[Certificate]) -> bool {
    match chains(certificates).as_slice() {
        [chain] => chain.len() == certificates.len() && !chain.is_sorted(),
        _ => false,
    }
}

/// A chain as it is drawn.
pub(crate) fn links(certificates: &[Certificate], chain: &[usize]) -> Vec<Link> {
    let found: Vec<&Certificate> = chain.iter().filter_map(|number| certificates.get(*number)).collect();
    let last = found.len().saturating_sub(1);
    let links = found.iter().enumerate().map(|(place, certificate)| {
        let role = match (certificate.is_self_issued(), place) {
            (true, _) => verdict::SELF_ISSUED,
            (false, 0) => verdict::TARGET,
            _ => verdict::ISSUER,
        };
        let tie = match (place == last, certificate.is_self_issued()) {
            (true, true) => Tie::End,
            (true, false) => Tie::Missing(certificate.keys.issuer.clone()),
            (false, _) => Tie::Issued,
        };
        Link {
            subject: certificate.keys.subject.clone(),
            role,
            validity: (moment(certificate.keys.not_before), moment(certificate.keys.not_after)),
            status: Vec::new(),
            tie,
        }
    });
    links.collect()
}
