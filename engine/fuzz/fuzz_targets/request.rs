//! Any octets as one signing request: decoding ends without panic, and what decodes is kept whole.
#![no_main]

use engine::certificate::signing_request::SigningRequest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(request) = SigningRequest::decode(octets) else { return };
    assert_eq!(request.der, octets);
    assert!(!request.signed_part().is_empty());
});
