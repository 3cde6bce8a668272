//! Any octets as one OCSP response: decoding ends without panic, and what decodes has a signed part.
#![no_main]

use engine::revocation::ocsp::{MAXIMUM_OCTETS, OcspResponse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(response) = OcspResponse::decode(octets) else { return };
    assert!(octets.len() <= MAXIMUM_OCTETS);
    if let OcspResponse::Basic(basic) = response {
        assert!(!basic.signed_part.is_empty());
    }
});
