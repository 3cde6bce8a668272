//! Any octets as one certificate: decoding ends without panic, what decodes is kept whole, and its description is
//! bounded and holds no control character.
#![no_main]

use engine::certificate::Certificate;
use engine::certificate::describe::{MAXIMUM_FIELDS, describe, describe_document};
use libfuzzer_sys::fuzz_target;

/// Lines that follow the bounded ones: what was left out, and the fingerprints.
const CLOSING_LINES: usize = 8;

fuzz_target!(|octets: &[u8]| {
    let Ok(certificate) = Certificate::decode(octets) else { return };
    assert_eq!(certificate.der, octets);
    assert!(!certificate.signed_part().is_empty());
    let fields = describe(&certificate);
    assert!(fields.len() <= MAXIMUM_FIELDS + CLOSING_LINES);
    assert!(fields.iter().all(|field| !format!("{}{}", field.label, field.value).contains(char::is_control)));
    assert!(!describe_document(&certificate).contains(char::is_control));
});
