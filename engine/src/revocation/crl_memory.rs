//! Which of the CRLs that a validator keeps were verified already, and under whose key: a large list is hashed once,
//! not for every question. What is remembered changes no verdict, and is charged like the work it saves.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// The fingerprints of a CRL and of the certificate whose key signed it.
type Pair = ([u8; 32], [u8; 32]);

/// Most that is remembered. Ours: a CRL has one issuer, or a few certificates of it.
const MAXIMUM_PAIRS: usize = 4_096;

/// The kept CRLs, and what is known about their signatures.
#[derive(Clone, Debug, Default)]
pub struct CrlMemory {
    kept: BTreeSet<[u8; 32]>,
    // A validator is asked by one caller at a time and shares this with nobody.
    verified: RefCell<BTreeSet<Pair>>,
}

impl CrlMemory {
    /// This CRL is kept.
    pub fn keep(&mut self, crl: [u8; 32]) {
        self.kept.insert(crl);
    }

    /// The signature of this CRL was verified with this certificate's key.
    pub(super) fn remember(&self, crl: [u8; 32], issuer: [u8; 32]) {
        if !self.kept.contains(&crl) {
            return;
        }
        if let Ok(mut verified) = self.verified.try_borrow_mut()
            && verified.len() < MAXIMUM_PAIRS
        {
            verified.insert((crl, issuer));
        }
    }

    /// Whether it was.
    pub(super) fn knows(&self, crl: [u8; 32], issuer: [u8; 32]) -> bool {
        self.verified.try_borrow().is_ok_and(|verified| verified.contains(&(crl, issuer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_kept_is_remembered() {
        let mut memory = CrlMemory::default();
        memory.remember([1; 32], [2; 32]);
        assert!(!memory.knows([1; 32], [2; 32]));
        memory.keep([1; 32]);
        memory.remember([1; 32], [2; 32]);
        assert!(memory.knows([1; 32], [2; 32]));
        assert!(!memory.knows([1; 32], [3; 32]));
        assert!(!memory.knows([2; 32], [2; 32]));
    }
}
