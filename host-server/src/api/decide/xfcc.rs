//! `x-forwarded-client-cert`, as Envoy writes it: elements between commas, one for each proxy on the way, the nearest last;
//! in each, pairs of a key and a value between semicolons. A value with `,`, `;` or `=` in it stands between double quotes,
//! and a double quote in it is escaped by a backslash. Only the last element is looked at: the one that our own proxy wrote
//! about whoever is connected to it. All the same the whole header must be well-formed, or nobody knows which is the last.
//!
//! Envoy writes URI and DNS as the client's certificate has them, without quotes: a comma in one would begin another
//! element, with whatever the client likes to be taken for. So no element follows one that has them.

use axum::http::HeaderMap;

use super::header::{self, Many, unusable};
use crate::api::error::ApiError;

/// The header.
const NAME: &str = "x-forwarded-client-cert";

/// What the nearest proxy says of its client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// The certificate, as PEM.
    pub(super) certificate: Vec<u8>,
    /// The chain that it came with, itself included, as PEM.
    pub(super) chain: Option<Vec<u8>>,
    /// SHA-256 of the certificate, in hexadecimal.
    pub(super) hash: Option<String>,
}

/// The client; `None` where the header is not there.
///
/// # Errors
/// Headers that Envoy does not write, and those without a certificate.
pub(super) fn client(headers: &HeaderMap) -> Result<Option<Client>, ApiError> {
    let Some(text) = header::single(headers, NAME)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let pairs = last_element(text).ok_or_else(|| unusable(NAME, "expected elements as Envoy writes them"))?;
    let value = |wanted: &str| {
        let mut found = pairs.iter().filter(|(key, _)| key.eq_ignore_ascii_case(wanted));
        match (found.next(), found.next()) {
            (found, None) => Ok(found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())),
            _ => Err(unusable(NAME, "expected each of Cert, Chain and Hash once")),
        }
    };
    let (certificate, chain) = (value("Cert")?, value("Chain")?);
    let Some(certificate) = certificate.or(chain) else {
        let expected = "expected Cert; `set_current_client_cert_details: { cert: true }` makes Envoy send it";
        return Err(unusable(NAME, expected));
    };
    let many = if value("Cert")?.is_some() { Many::No } else { Many::Yes };
    Ok(Some(Client {
        certificate: header::pem(certificate, NAME, many)?,
        chain: chain.map(|chain| header::pem(chain, NAME, Many::Yes)).transpose()?,
        hash: value("Hash")?.map(str::to_owned),
    }))
}

type Pair = (String, String);

/// The pairs of the last element; `None` where the header is not well-formed.
fn last_element(text: &str) -> Option<Vec<Pair>> {
    let mut letters = text.chars().peekable();
    let mut pairs = Vec::new();
    let mut may_follow = true;
    loop {
        let mut key = String::new();
        loop {
            match letters.next()? {
                '=' => break,
                letter if letter.is_ascii_alphanumeric() => key.push(letter),
                // white space may follow a comma that another proxy wrote (RFC 9110 5.6.1)
                ' ' | '\t' if key.is_empty() && pairs.is_empty() => {}
                _ => return None,
            }
        }
        if key.is_empty() {
            return None;
        }
        let value = if letters.peek() == Some(&'"') {
            quoted(&mut letters)?
        } else {
            may_follow &= !["uri", "dns"].iter().any(|name| key.eq_ignore_ascii_case(name));
            plain(&mut letters)?
        };
        pairs.push((key, value));
        match letters.next() {
            None => return Some(pairs),
            Some(';') => {}
            Some(',') if may_follow => pairs.clear(),
            Some(_) => return None,
        }
    }
}

type Letters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

/// A value between double quotes; whatever stands behind them is not part of it.
fn quoted(letters: &mut Letters<'_>) -> Option<String> {
    letters.next();
    let mut value = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(value),
            '\\' => match letters.next()? {
                escaped @ ('"' | '\\') => value.push(escaped),
                // a backslash in a name stands for itself
                other => value.extend(['\\', other]),
            },
            letter => value.push(letter),
        }
    }
}

/// A value without quotes, up to what ends it.
fn plain(letters: &mut Letters<'_>) -> Option<String> {
    let mut value = String::new();
    while let Some(letter) = letters.next_if(|letter| !matches!(letter, ',' | ';')) {
        if matches!(letter, '"' | '=' | ' ' | '\t') {
            return None;
        }
        value.push(letter);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn pem(word: &str) -> String {
        format!("-----BEGIN%20CERTIFICATE-----%0A{word}%0A-----END%20CERTIFICATE-----%0A")
    }

    fn read(values: &[&str]) -> Result<Option<Client>, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(NAME, HeaderValue::from_str(value).unwrap());
        }
        client(&headers).map_err(|error| error.to_string())
    }

    fn certificate(value: &str) -> Option<String> {
        let client = read(&[value]).ok()??;
        let text = String::from_utf8(client.certificate).unwrap();
        Some(text.lines().nth(1).unwrap().to_owned())
    }

    #[test]
    fn the_last_element_is_the_nearest_peers() {
        let one = format!("Hash=ab;Cert=\"{}\";Subject=\"CN=a,O=b;c\"", pem("one"));
        assert_eq!(certificate(&one).as_deref(), Some("one"));
        let two = format!("By=spiffe://a;Cert=\"{}\"", pem("two"));
        assert_eq!(certificate(&format!("{one},{two}")).as_deref(), Some("two"));
        assert_eq!(certificate(&format!("{two}, {one}")).as_deref(), Some("one"));
        // what an element before says of quotes reaches no further than itself
        let hostile = format!("Subject=\"\\\",Cert=\\\"\";Cert=\"{}\"", pem("evil"));
        assert_eq!(certificate(&format!("{hostile},{two}")).as_deref(), Some("two"));
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[""]), Ok(None));
    }

    #[test]
    fn a_name_that_the_client_chose_begins_no_element() {
        let own =
            |uri: &str| format!("Hash=ab;Cert=\"{}\";URI={uri};DNS=a.example;DNS=b.example", pem("own"));
        assert_eq!(certificate(&own("spiffe://a")).as_deref(), Some("own"));
        assert_eq!(certificate(&own("")).as_deref(), Some("own"));
        let other = format!("Cert=\"{}\"", pem("other"));
        for hostile in
            [format!("x,{other}"), format!("x;{other}"), format!("x;Hash=cd,{other}"), "x\"".to_owned()]
        {
            assert!(read(&[&own(&hostile)]).is_err(), "{hostile}");
        }
        let dns = own("x").replace("b.example", &format!("b,{other}"));
        assert!(read(&[&dns]).is_err());
    }

    #[test]
    fn chain_and_hash_go_with_the_certificate() {
        let both = format!("{}{}", pem("leaf"), pem("issuing"));
        let read_one = |text: &str| read(&[text]).unwrap().unwrap();
        let client = read_one(&format!("hash=AB;cert=\"{}\";CHAIN=\"{both}\"", pem("leaf")));
        assert_eq!(client.hash.as_deref(), Some("AB"));
        assert_eq!(
            client.chain.map(|chain| chain.len()).unwrap_or_default() / 2,
            client.certificate.len() + 1
        );
        // a chain alone begins with the certificate
        let alone = read_one(&format!("Chain=\"{both}\""));
        assert_eq!(Some(&alone.certificate), alone.chain.as_ref());
    }

    #[test]
    fn what_is_not_well_formed_is_refused_wherever_it_stands() {
        let good = format!("Cert=\"{}\"", pem("good"));
        let two = format!("Cert=\"{}{}\"", pem("a"), pem("b"));
        for wrong in [
            "Cert",
            "=x",
            "Cert=\"",
            "Cert=\"a\"b",
            "Cert=\"a\" ;Hash=b",
            "Cert=a\"b",
            "Cert=a=b",
            "Cert=\"a\\",
            ",",
            ";",
            "Hash=ab;",
            "Hash=ab,",
            "Ha sh=ab",
            "Hash =ab",
            "\"Cert\"=a",
        ] {
            assert!(read(&[wrong]).is_err(), "{wrong}");
            // a broken element before a good one may have swallowed its beginning
            if !wrong.ends_with(',') && wrong != ";" {
                assert!(read(&[&format!("{wrong},{good}")]).is_err(), "{wrong},good");
            }
            assert!(read(&[&format!("{good},{wrong}")]).is_err(), "good,{wrong}");
        }
        for wrong in [
            "Hash=ab;Subject=\"CN=x\"".to_owned(),
            format!("{good};{good}"),
            format!("{good};Hash=a;hash=b"),
            format!("Cert=\"{}\"", pem("good").replace("%0A", "\\n")),
            two,
            "Cert=\"hello\"".to_owned(),
        ] {
            assert!(read(&[&wrong]).is_err(), "{wrong}");
        }
        // two headers are two stories
        assert!(read(&[&good, &good]).is_err());
    }
}
