//! Any octets as an uploaded file: PEM, DER or PKCS #7. What is read holds certificates, and each of them decodes; or
//! it holds revocation lists, and then no file is both.
#![no_main]

use engine::certificate::Certificate;
use engine::certificate::bundle::{MAXIMUM_CERTIFICATES, read_bundle, read_crls};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| match read_bundle(file) {
    Ok(bundle) => {
        assert!((1..=MAXIMUM_CERTIFICATES).contains(&bundle.certificates.len()));
        assert!(bundle.certificates.iter().all(|der| Certificate::decode(der).is_ok()));
        assert!(read_crls(file).is_err());
    }
    Err(refused) => {
        assert!(!refused.code().is_empty());
        assert!(!read_crls(file).is_ok_and(|lists| lists.is_empty()));
    }
});
