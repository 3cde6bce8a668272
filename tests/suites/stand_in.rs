//! Certificates that a row leaves out. One is asked with where a suite has an OCSP response and no certificate: of the
//! serial number that the response speaks of, by the issuer whose response it is to be. Nobody signed it; the runner
//! answers for that one signature. Another certifies a key that a row trusts. What does not have the shape expected here
//! is not the runner's to judge: it gives no stand-in, or one that the response does not speak of.

use pki::certificate::Issued;

/// A stand-in.
pub(crate) struct StandIn {
    /// The certificate, DER.
    pub(crate) certificate: Vec<u8>,
    /// What a signature would be over.
    pub(crate) signed_part: Vec<u8>,
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const GENERALIZED_TIME: u8 = 0x18;

/// The identifier of basicConstraints, a whole encoding.
const BASIC_CONSTRAINTS: [u8; 5] = [0x06, 3, 0x55, 0x1d, 0x13];
/// sha256WithRSAEncryption and rsaEncryption, ecdsa-with-SHA256 and id-ecPublicKey, whole encodings.
const RSA_SHA256: [u8; 13] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 0x05, 0];
const RSA: [u8; 11] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const ECDSA_SHA256: [u8; 10] = [0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const EC: [u8; 9] = [0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

/// The certificate that `response` speaks of first, as if `issuer` had issued it and it was valid at this time.
pub(crate) fn issued_by(issuer: &[u8], response: &[u8], at: i64) -> Option<StandIn> {
    let serial = serial_number(response).unwrap_or_else(|| vec![INTEGER, 1, 1]);
    let (_, key) = subject_and_key(issuer)?;
    let (algorithm, signature) = algorithm_for(key)?;
    let common_name = write(SEQUENCE, &[&[0x06, 3, 0x55, 4, 3], &write(0x0c, &[b"stand-in"])]);
    let validity = write(SEQUENCE, &[&time(at.checked_sub(86_400)?)?, &time(at.checked_add(86_400)?)?]);
    let signed_part = write(
        SEQUENCE,
        &[
            &[0xa0, 3, INTEGER, 1, 2],
            &serial,
            &algorithm,
            subject(issuer)?,
            &validity,
            &write(SEQUENCE, &[&write(0x31, &[&common_name])]),
            key,
        ],
    );
    let signature = write(0x03, &[&[0], &signature]);
    Some(StandIn { certificate: write(SEQUENCE, &[&signed_part, &algorithm, &signature]), signed_part })
}

/// `certificate`, its name, key and extensions, as if `root` had issued it to a CA.
pub(crate) fn certified_by(root: &Issued, certificate: &[u8]) -> Option<Vec<u8>> {
    let fields = fields(certificate)?;
    let at = usize::from(fields.first()?.tag == 0xa0);
    let [serial, _, _, validity, subject, key, rest @ ..] = fields.get(at..)? else { return None };
    let extensions = rest.iter().find(|field| field.tag == 0xa3);
    let extensions = extensions.map_or(Some(&[][..]), |field| Some(only(field.content)?.content))?;
    let of_ca = if extensions.windows(BASIC_CONSTRAINTS.len()).any(|part| part == BASIC_CONSTRAINTS) {
        Vec::new()
    } else {
        let value = write(OCTET_STRING, &[&write(SEQUENCE, &[&[0x01, 1, 0xff]])]);
        write(SEQUENCE, &[&BASIC_CONSTRAINTS, &[0x01, 1, 0xff], &value])
    };
    let algorithm = write(SEQUENCE, &[&ECDSA_SHA256]);
    let signed_part = write(
        SEQUENCE,
        &[
            &[0xa0, 3, INTEGER, 1, 2],
            serial.encoded,
            &algorithm,
            &root.subject,
            validity.encoded,
            subject.encoded,
            key.encoded,
            &write(0xa3, &[&write(SEQUENCE, &[extensions, &of_ca])]),
        ],
    );
    let signature = root.key.sign(root.key.algorithm(), &signed_part);
    Some(write(SEQUENCE, &[&signed_part, &algorithm, &write(0x03, &[&[0], &signature])]))
}

/// The subject of a certificate, a whole encoding.
pub(crate) fn subject(certificate: &[u8]) -> Option<&[u8]> {
    subject_and_key(certificate).map(|(subject, _)| subject)
}

/// The fields of tbsCertificate.
fn fields(certificate: &[u8]) -> Option<Vec<Element<'_>>> {
    inside(*inside(only(certificate)?)?.first()?)
}

fn subject_and_key(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let fields = fields(certificate)?;
    let versioned = usize::from(fields.first()?.tag == 0xa0);
    Some((fields.get(versioned + 4)?.encoded, fields.get(versioned + 5)?.encoded))
}

/// serialNumber of the first entry, a whole encoding: RFC 6960 4.2.1.
fn serial_number(response: &[u8]) -> Option<Vec<u8>> {
    let bytes = inside(only(inside(only(response)?)?.get(1)?.content)?)?;
    let basic = bytes.iter().find(|field| field.tag == OCTET_STRING)?;
    let data = inside(*inside(only(basic.content)?)?.first()?)?;
    let entries = data.iter().find(|field| field.tag == SEQUENCE)?;
    let entry = inside(elements(entries.content)?.into_iter().next()?)?;
    let identifier = inside(entry.into_iter().next()?)?;
    identifier.get(3).map(|serial| serial.encoded.to_vec())
}

/// An algorithm for this key, and a signature of a form it could have.
fn algorithm_for(key: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let fields = inside(only(key)?)?;
    let algorithm = fields.first()?.content;
    if algorithm.starts_with(&RSA) {
        // What a key of so many octets could have signed: as long, and smaller than the modulus.
        let octets = fields.get(1)?.content.get(1..)?;
        let modulus = inside(only(octets)?)?.first()?.content;
        let length = modulus.iter().skip_while(|octet| **octet == 0).count();
        let mut signature = vec![1; length];
        *signature.first_mut()? = 0;
        return Some((write(SEQUENCE, &[&RSA_SHA256]), signature));
    }
    let one = [INTEGER, 1, 1];
    let signature = write(SEQUENCE, &[&one, &one]);
    algorithm.starts_with(&EC).then(|| (write(SEQUENCE, &[&ECDSA_SHA256]), signature))
}

fn time(at: i64) -> Option<Vec<u8>> {
    let time = jiff::Timestamp::from_second(at).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let text = time.strftime("%Y%m%d%H%M%SZ").to_string();
    // RFC 5280 4.1.2.5: two digits for years before 2050.
    let short = text.get(2..).filter(|_| (1950..2050).contains(&time.year()));
    Some(
        short.map_or_else(
            || write(GENERALIZED_TIME, &[text.as_bytes()]),
            |text| write(0x17, &[text.as_bytes()]),
        ),
    )
}

/// One element of an encoding.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    encoded: &'a [u8],
}

fn only(encoded: &[u8]) -> Option<Element<'_>> {
    elements(encoded)?.first().copied()
}

fn inside(element: Element<'_>) -> Option<Vec<Element<'_>>> {
    elements(element.content)
}

fn elements(mut rest: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while let [tag, first, tail @ ..] = rest {
        let (header, length) = match first {
            0..=0x7f => (2, usize::from(*first)),
            0x81..=0x84 => {
                let octets = tail.get(..usize::from(first & 0x7f))?;
                let length = octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
                (2 + octets.len(), length)
            }
            _ => return None,
        };
        let end = header + length;
        found.push(Element { tag: *tag, content: rest.get(header..end)?, encoded: rest.get(..end)? });
        rest = rest.get(end..)?;
    }
    Some(found)
}

fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = length.iter().skip_while(|octet| **octet == 0).count().max(1);
    let octets = &length[length.len() - significant..];
    let mut encoded = vec![tag];
    if content.len() > 0x7f {
        encoded.push(0x80 | octets.len().to_be_bytes()[7]);
    }
    encoded.extend_from_slice(octets);
    encoded.extend(content);
    encoded
}
