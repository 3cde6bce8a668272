//! Any octets as one CRL: decoding ends without panic, what decodes is kept whole, and every entry is found again.
#![no_main]

use engine::revocation::crl_index::IndexedCrl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(crl) = IndexedCrl::decode(octets.to_vec()) else { return };
    assert_eq!(crl.list().der, octets);
    assert!(!crl.list().signed_part().is_empty());
    assert_eq!(crl.sorted().count(), crl.entry_count());
    for entry in crl.sorted().filter(|entry| entry.certificate_issuer.is_none()) {
        assert!(crl.find(&crl.list().issuer, entry.serial_number).is_some());
    }
});
