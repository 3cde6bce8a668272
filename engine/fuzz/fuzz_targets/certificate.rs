//! Any octets as one certificate: decoding ends without panic, and what decodes is kept whole.
#![no_main]

use engine::certificate::Certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let Ok(certificate) = Certificate::decode(octets) {
        assert_eq!(certificate.der, octets);
        assert!(!certificate.signed_part().is_empty());
    }
});
