//! Distinguished names and general names from text (RFC 5280 4.1.2.4, 4.2.1.6). Nothing is checked: a name
//! may hold any octets.

use crate::der;

const ATTRIBUTES: &[(&str, &str, u8)] = &[
    ("CN", "2.5.4.3", der::UTF8_STRING),
    ("SN", "2.5.4.4", der::UTF8_STRING),
    ("serialNumber", "2.5.4.5", der::PRINTABLE_STRING),
    ("C", "2.5.4.6", der::PRINTABLE_STRING),
    ("L", "2.5.4.7", der::UTF8_STRING),
    ("ST", "2.5.4.8", der::UTF8_STRING),
    ("O", "2.5.4.10", der::UTF8_STRING),
    ("OU", "2.5.4.11", der::UTF8_STRING),
    ("emailAddress", "1.2.840.113549.1.9.1", der::IA5_STRING),
    ("DC", "0.9.2342.19200300.100.1.25", der::IA5_STRING),
];

/// A Name from text such as `C=GB,O=Example,CN=leaf`: relative names in the order written, the first is the
/// most significant one. `+` joins the attributes of one relative name, `\` takes the next character as it
/// is. `CN=printable:text` asks for a PrintableString, `CN=#130161` gives a whole encoding. Empty text is
/// the empty name.
#[must_use]
pub fn distinguished(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return der::sequence(&[]);
    }
    let relative = |part: &String| {
        let mut attributes: Vec<Vec<u8>> = split(part, '+').iter().map(|text| attribute(text)).collect();
        attributes.sort();
        der::set(&attributes)
    };
    der::sequence(&split(text, ',').iter().map(relative).collect::<Vec<_>>())
}

fn attribute(text: &str) -> Vec<u8> {
    let (kind, value) = text.split_once('=').unwrap_or_else(|| panic!("no attribute: {text}"));
    let known = ATTRIBUTES.iter().find(|row| row.0 == kind);
    let oid = known.map_or(kind, |row| row.1);
    let encoding = match value.split_once(':') {
        Some(("printable", rest)) => der::text(der::PRINTABLE_STRING, &plain(rest)),
        Some(("ia5", rest)) => der::text(der::IA5_STRING, &plain(rest)),
        _ if value.starts_with('#') => crate::hexadecimal(&value[1..]),
        _ => der::text(known.map_or(der::UTF8_STRING, |row| row.2), &plain(value)),
    };
    der::sequence(&[der::oid(oid), encoding])
}

/// Splits at `separator` where no `\` stands before it; escapes stay for [`plain`].
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for character in text.chars() {
        if character == separator && !escaped {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("never empty").push(character);
        }
        escaped = character == '\\' && !escaped;
    }
    parts
}

/// Without the escapes.
fn plain(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        result.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    result
}

/// `[2]` dNSName.
#[must_use]
pub fn dns(text: &str) -> Vec<u8> {
    der::implicit(2, text.as_bytes())
}

/// `[1]` rfc822Name.
#[must_use]
pub fn mail(text: &str) -> Vec<u8> {
    der::implicit(1, text.as_bytes())
}

/// `[6]` uniformResourceIdentifier.
#[must_use]
pub fn uri(text: &str) -> Vec<u8> {
    der::implicit(6, text.as_bytes())
}

/// `[7]` iPAddress: from `192.0.2.1` or `2001:db8::1`, with `/24` or `/255.255.0.255` as a constraint.
///
/// # Panics
/// When `text` is not that.
#[must_use]
pub fn ip(text: &str) -> Vec<u8> {
    let Some((address, mask)) = text.split_once('/') else { return der::implicit(7, &address_octets(text)) };
    let address = address_octets(address);
    let mask = match mask.parse::<usize>() {
        Ok(prefix) => (0..address.len()).map(|at| prefix_octet(prefix, at)).collect(),
        Err(_) => address_octets(mask),
    };
    der::implicit(7, &[address, mask].concat())
}

fn prefix_octet(prefix: usize, position: usize) -> u8 {
    let ones = prefix.saturating_sub(position * 8).min(8);
    u8::try_from((0xff00_usize >> ones) & 0xff).expect("one octet")
}

fn address_octets(text: &str) -> Vec<u8> {
    match text.parse().unwrap_or_else(|_| panic!("not an address: {text}")) {
        std::net::IpAddr::V4(address) => address.octets().to_vec(),
        std::net::IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// `[4]` directoryName, explicit because Name is a CHOICE.
#[must_use]
pub fn directory(text: &str) -> Vec<u8> {
    der::explicit(4, &distinguished(text))
}

/// `[8]` registeredID.
#[must_use]
pub fn registered(dotted: &str) -> Vec<u8> {
    der::implicit(8, &der::oid_content(dotted))
}

/// `[0]` otherName with a whole encoding as its value.
#[must_use]
pub fn other(dotted: &str, value: &[u8]) -> Vec<u8> {
    der::implicit_constructed(0, &[der::oid(dotted), der::explicit(0, value)].concat())
}

/// A general name from text such as `dns:a.example`, `ip:192.0.2.1`, `mail:`, `uri:`, `directory:`,
/// `registered:1.2.3`, `other:1.2.3` (the value is NULL) or `raw:` and hexadecimal.
///
/// # Panics
/// When `text` is not that.
#[must_use]
pub fn general(text: &str) -> Vec<u8> {
    match text.split_once(':') {
        Some(("dns", rest)) => dns(rest),
        Some(("ip", rest)) => ip(rest),
        Some(("mail", rest)) => mail(rest),
        Some(("uri", rest)) => uri(rest),
        Some(("directory", rest)) => directory(rest),
        Some(("registered", rest)) => registered(rest),
        Some(("other", rest)) => other(rest, &der::null()),
        Some(("raw", rest)) => crate::hexadecimal(rest),
        _ => panic!("not a general name: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_can_be_escaped() {
        let one = distinguished("O=Example\\, Inc.,CN=a");
        let expected = der::sequence(&[
            der::set(&[der::sequence(&[der::oid("2.5.4.10"), der::text(der::UTF8_STRING, "Example, Inc.")])]),
            der::set(&[der::sequence(&[der::oid("2.5.4.3"), der::text(der::UTF8_STRING, "a")])]),
        ]);
        assert_eq!(one, expected);
    }

    #[test]
    fn prefixes_become_masks() {
        assert_eq!(ip("10.0.0.0/8"), der::implicit(7, &[10, 0, 0, 0, 255, 0, 0, 0]));
        assert_eq!(ip("10.0.0.0/13"), der::implicit(7, &[10, 0, 0, 0, 255, 248, 0, 0]));
        assert_eq!(ip("192.0.2.1"), der::implicit(7, &[192, 0, 2, 1]));
    }
}
