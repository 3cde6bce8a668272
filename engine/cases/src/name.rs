//! Names as text and as certificates have them: distinguished names (RFC 4514, RFC 5280 4.1.2.4) and general names
//! (RFC 5280 4.2.1.6).

use std::net::IpAddr;

use engine_capsule::{Name, Octets};

use crate::der;

/// The types of a distinguished name's attributes: as text has them, their identifiers, and the tag of their values.
const ATTRIBUTES: &[(&str, &str, u8)] = &[
    ("CN", "2.5.4.3", 0x0c),
    ("O", "2.5.4.10", 0x0c),
    ("OU", "2.5.4.11", 0x0c),
    ("C", "2.5.4.6", 0x13),
    ("ST", "2.5.4.8", 0x0c),
    ("L", "2.5.4.7", 0x0c),
    ("serialNumber", "2.5.4.5", 0x13),
    ("DC", "0.9.2342.19200300.100.1.25", 0x16),
    ("emailAddress", "1.2.840.113549.1.9.1", 0x16),
];

/// The types that a distinguished name may have, as text has them.
#[must_use]
pub fn attribute_types() -> Vec<&'static str> {
    ATTRIBUTES.iter().map(|(name, ..)| *name).collect()
}

/// A distinguished name of one commonName.
#[must_use]
pub fn common_name(text: &str) -> Vec<u8> {
    attribute("2.5.4.3", 0x0c, text).map(|one| der::sequence(&[one])).unwrap_or_default()
}

/// A distinguished name from text such as `CN=www.example.org, O=Example`, the last attribute first in the encoding; an
/// empty text is the empty name.
///
/// # Errors
/// The piece that is no attribute.
pub fn distinguished(text: &str) -> Result<Vec<u8>, String> {
    let mut attributes = Vec::new();
    for piece in pieces(text) {
        let wrong = || piece.trim().to_owned();
        let (kind, value) = piece.split_once('=').ok_or_else(wrong)?;
        let known = ATTRIBUTES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(kind.trim()));
        let (_, oid, tag) = known.ok_or_else(wrong)?;
        let value = unescaped(value.trim());
        let value = Some(value).filter(|value| !value.is_empty()).ok_or_else(wrong)?;
        attributes.push(attribute(oid, *tag, &value).ok_or_else(wrong)?);
    }
    attributes.reverse();
    Ok(der::sequence(&attributes))
}

/// The pieces between commas that no backslash stands before.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut is_escaped = false;
    for letter in text.chars() {
        match (letter, pieces.last_mut()) {
            (',', _) if !is_escaped => pieces.push(String::new()),
            (_, Some(piece)) => piece.push(letter),
            (_, None) => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

fn unescaped(text: &str) -> String {
    let mut letters = text.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next()),
            other => plain.push(other),
        }
    }
    plain
}

fn attribute(oid: &str, tag: u8, value: &str) -> Option<Vec<u8>> {
    let oid = der::oid(&der::oid_content(oid)?);
    Some(der::element(0x31, &der::sequence(&[oid, der::element(tag, value.as_bytes())])))
}

/// A name of a question, such as `dns:www.example.org`, `ip:192.0.2.1`, `mail:ada@example.org` or `uri:sip:ada@example.org`.
#[must_use]
pub fn asked_for(text: &str) -> Option<Name> {
    let (kind, value) = text.split_once(':').filter(|(_, value)| !value.is_empty())?;
    match kind {
        "dns" => Some(Name::Dns(value.to_owned())),
        "ip" => address(value).map(|octets| Name::Ip(Octets(octets))),
        "mail" => Some(Name::Mail(value.to_owned())),
        "uri" => Some(Name::Uri(value.to_owned())),
        _ => None,
    }
}

/// The octets of an IP address.
#[must_use]
pub fn address(text: &str) -> Option<Vec<u8>> {
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    })
}

/// The GeneralName of a name.
#[must_use]
pub fn general(name: &Name) -> Vec<u8> {
    match name {
        Name::Mail(text) => der::element(0x81, text.as_bytes()),
        Name::Dns(text) => der::element(0x82, text.as_bytes()),
        Name::Uri(text) => der::element(0x86, text.as_bytes()),
        Name::Ip(octets) => der::element(0x87, &octets.0),
    }
}

/// The base of a subtree: as [`asked_for`], but an address has the length of its network, such as `ip:192.0.2.0/24`
/// (RFC 5280 4.2.1.10).
#[must_use]
pub fn subtree(text: &str) -> Option<Vec<u8>> {
    let Some(network) = text.strip_prefix("ip:") else { return asked_for(text).map(|name| general(&name)) };
    let (base, length) = network.split_once('/')?;
    let octets = address(base)?;
    let length: usize = length.parse().ok().filter(|length| *length <= octets.len().saturating_mul(8))?;
    let mask = (0..octets.len()).map(|place| {
        let set = length.saturating_sub(place.saturating_mul(8)).min(8);
        u8::try_from(0xff00_u32 >> set & 0xff).unwrap_or_default()
    });
    let mask: Vec<u8> = mask.collect();
    Some(der::element(0x87, &[octets, mask].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguished_names_are_encoded_from_their_end() {
        let name = distinguished("CN=Smith\\, Ada, O=Example,C=GB").unwrap();
        let first = der::first(der::inside(&name, 0x30).unwrap()).unwrap();
        assert!(first.whole.ends_with(&[0x13, 2, b'G', b'B']));
        assert!(first.rest.ends_with(b"Smith, Ada"));
        assert_eq!(distinguished(""), Ok(vec![0x30, 0]));
        assert_eq!(distinguished("CN=a"), Ok(common_name("a")));
        for wrong in ["a", "CN=a, b", "X=a", "CN="] {
            assert!(distinguished(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_and_subtrees_have_their_forms() {
        assert_eq!(asked_for("dns:a.example"), Some(Name::Dns("a.example".to_owned())));
        assert_eq!(asked_for("ip:::1").map(|name| general(&name).len()), Some(18));
        for none in ["a.example", "dns:", "ip:a", "name:a"] {
            assert_eq!(asked_for(none), None, "{none}");
        }
        assert_eq!(subtree("ip:10.0.0.0/9"), Some(vec![0x87, 8, 10, 0, 0, 0, 0xff, 0x80, 0, 0]));
        assert_eq!(subtree("ip:10.0.0.0/33"), None);
        assert_eq!(subtree("dns:example.org"), Some(der::element(0x82, b"example.org")));
    }
}
