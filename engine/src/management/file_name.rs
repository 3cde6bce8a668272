//! The name under which a certificate is listed and downloaded (R-CSR-12, R-CSR-13, R-SS-4): its common name, or where
//! that is taken, its common name and serial number; of voice mail devices a hash of the subject (R-TS-24). A name is text from a certificate, so only letters, digits and
//! three marks of it are kept: it can neither leave its folder nor hide its ending.

use crate::certificate::Certificate;
use crate::finding::trace::hexadecimal;
use crate::oid;

/// Longest name without the serial number: with it, and with an ending, it stays below the 255 octets of file systems.
const MAXIMUM: usize = 150;

/// The name of `certificate` among the names that are `taken`, without an ending such as `.pem`.
#[must_use]
pub fn file_name<'t>(certificate: &Certificate, taken: impl IntoIterator<Item = &'t str>) -> String {
    let serial = hexadecimal(&certificate.serial_number);
    let name = match common_name(certificate) {
        Some(name) => safe(name),
        None => return serial,
    };
    // File systems may take letters of either case for the same.
    if taken.into_iter().any(|other| other.eq_ignore_ascii_case(&name)) {
        [&name, "_", &serial].concat()
    } else {
        name
    }
}

/// The name of a certificate that a voice mail server gave to one of its devices: a hash of the subject in its comparable
/// form, so that one name is one entity (R-TS-23, R-TS-24).
#[must_use]
pub fn subject_hash_name(certificate: &Certificate) -> String {
    hexadecimal(&certificate.subject.key())
}

fn common_name(certificate: &Certificate) -> Option<&str> {
    let mut attributes = certificate.subject.rdns.iter().rev().flat_map(|rdn| &rdn.attributes);
    let text = attributes.find(|attribute| attribute.kind == oid::COMMON_NAME)?.text.as_deref()?;
    text.chars().any(|letter| letter.is_ascii_alphanumeric()).then_some(text)
}

/// Every other character becomes `_`, and so does a point at the beginning, which hides a file.
fn safe(text: &str) -> String {
    let kept = |(position, letter): (usize, char)| {
        let plain = letter.is_ascii_alphanumeric() || letter == '-' || (letter == '.' && position > 0);
        if plain { letter } else { '_' }
    };
    text.chars().take(MAXIMUM).enumerate().map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::certificate::Sketch;

    fn name(subject: &str, taken: &[&str]) -> String {
        let issued = Sketch::leaf("file").subject(subject).serial(&[0x12, 0xab]).issue();
        file_name(&Certificate::decode(&issued.der).unwrap(), taken.iter().copied())
    }

    #[test]
    fn the_common_name_and_with_a_collision_the_serial_number_too() {
        // R-CSR-12, R-CSR-13, R-SS-4
        assert_eq!(name("CN=cm1-ms.example.com", &[]), "cm1-ms.example.com");
        assert_eq!(name("CN=cm1", &["cm2"]), "cm1");
        assert_eq!(name("CN=cm1", &["cm1"]), "cm1_12ab");
        assert_eq!(name("CN=cm1", &["CM1"]), "cm1_12ab");
    }

    #[test]
    fn a_device_is_named_by_the_hash_of_its_subject() {
        // R-TS-24
        let named = |subject: &str, serial: u8| {
            let issued = Sketch::leaf("device").subject(subject).serial(&[serial]).issue();
            subject_hash_name(&Certificate::decode(&issued.der).unwrap())
        };
        let own = named("CN=voicemail-port1", 1);
        assert_eq!(own.len(), 64);
        assert!(own.bytes().all(|octet| octet.is_ascii_hexdigit()));
        // RFC 5280 7.1: letter case and the rest of the certificate play no part.
        assert_eq!(own, named("CN=VoiceMail-Port1", 2));
        assert_ne!(own, named("CN=voicemail-port2", 1));
    }

    #[test]
    fn without_a_common_name_the_serial_number_stands_alone() {
        assert_eq!(name("O=Example", &[]), "12ab");
        assert_eq!(name("CN=...", &[]), "12ab");
    }

    #[test]
    fn no_name_leaves_its_folder() {
        assert_eq!(safe("../../etc/passwd"), "_._.._etc_passwd");
        assert_eq!(safe("a\\b\0c d\u{202e}e"), "a_b_c_d_e");
        assert_eq!(safe(".ssh"), "_ssh");
        assert_eq!(safe(&"a".repeat(1000)).len(), MAXIMUM);
    }
}
