//! Any octets as an uploaded file: PEM, DER or PKCS #7. What is read holds certificates, and each of them decodes.
#![no_main]

use engine::certificate::Certificate;
use engine::certificate::bundle::{MAXIMUM_CERTIFICATES, read_bundle};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| match read_bundle(file) {
    Ok(bundle) => {
        assert!((1..=MAXIMUM_CERTIFICATES).contains(&bundle.certificates.len()));
        assert!(bundle.certificates.iter().all(|der| Certificate::decode(der).is_ok()));
    }
    Err(refused) => assert!(!refused.code().is_empty()),
});
