//! A client's certificate in a header, as nginx writes it: PEM in which everything but letters, digits and `-._~` is
//! escaped (RFC 3986 2.1). Read strictly: what is not exactly that was put there by somebody else.

use axum::http::{HeaderMap, StatusCode};

use crate::api::error::ApiError;

/// The header with the certificate: `$ssl_client_escaped_cert`.
pub(super) const CERTIFICATE: &str = "x-client-cert";
/// The header with what nginx thinks of it: `$ssl_client_verify`.
const VERIFY: &str = "x-client-verify";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// The client's certificate, as PEM; `None` where there was none.
///
/// # Errors
/// Headers that no proxy writes so.
pub(super) fn certificate(headers: &HeaderMap) -> Result<Option<Vec<u8>>, ApiError> {
    let certificate = single(headers, CERTIFICATE)?.filter(|text| !text.is_empty());
    match single(headers, VERIFY)? {
        None | Some("SUCCESS" | "") => {}
        Some(text) if text.starts_with("FAILED") => {}
        Some("NONE") => return Ok(None),
        Some(_) => return Err(unusable(VERIFY, "expected the value of `$ssl_client_verify`")),
    }
    certificate.map(|text| pem(text, CERTIFICATE, Many::No)).transpose()
}

/// Whether a header may hold several certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Many {
    /// One and no more.
    No,
    /// A chain.
    Yes,
}

/// Escaped PEM.
///
/// # Errors
/// What is not escaped so, and another number of certificates.
pub(super) fn pem(escaped: &str, name: &str, many: Many) -> Result<Vec<u8>, ApiError> {
    let text = unescape(escaped).ok_or_else(|| {
        unusable(name, "expected PEM in which everything but letters, digits and `-._~` is escaped")
    })?;
    let count = text.matches("-----BEGIN ").count();
    let fits = text.trim_start().starts_with(BEGIN) && count == text.matches(BEGIN).count();
    match (fits, count, many) {
        (true, 1, _) | (true, _, Many::Yes) => Ok(text.into_bytes()),
        (true, _, Many::No) => Err(unusable(name, "expected one certificate")),
        (false, ..) => Err(unusable(name, "expected a certificate as PEM")),
    }
}

/// The value of a header that stands there once, if at all.
///
/// # Errors
/// The header twice: nobody can tell which of them the proxy wrote.
pub(super) fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next(), values.next()) else {
        return Err(unusable(name, "expected the header once"));
    };
    let text = value.map(|value| value.to_str().map(str::trim));
    text.transpose().map_err(|_| unusable(name, "expected ASCII"))
}

/// A header that cannot be used.
pub(super) fn unusable(name: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "request.header", expected).about(name)
}

/// RFC 3986 2.1, with nothing unescaped but unreserved characters (2.3); the text is ASCII, as PEM is.
fn unescape(escaped: &str) -> Option<String> {
    let mut text = String::with_capacity(escaped.len());
    let mut octets = escaped.bytes();
    while let Some(octet) = octets.next() {
        let octet = match octet {
            b'%' => {
                let high = char::from(octets.next()?).to_digit(16)?;
                let low = char::from(octets.next()?).to_digit(16)?;
                u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?
            }
            b'-' | b'.' | b'_' | b'~' => octet,
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => return None,
        };
        let plain = octet.is_ascii_graphic() || matches!(octet, b' ' | b'\n' | b'\r');
        text.push(char::from(plain.then_some(octet)?));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const ESCAPED: &str = "-----BEGIN%20CERTIFICATE-----%0AMIIB%2B%2F%3D%3D%0A-----END%20CERTIFICATE-----%0A";
    const PLAIN: &[u8] = b"-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----\n";

    fn read(headers: &[(&'static str, &str)]) -> Result<Option<Vec<u8>>, String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        certificate(&map).map_err(|error| error.to_string())
    }

    #[test]
    fn one_certificate_is_read_as_nginx_escapes_it() {
        assert_eq!(read(&[(CERTIFICATE, ESCAPED)]), Ok(Some(PLAIN.to_vec())));
        let small = ESCAPED.replace("%2B%2F%3D%3D", "%2b%2f%3d%3d");
        assert_eq!(read(&[(CERTIFICATE, &small)]), Ok(Some(PLAIN.to_vec())));
    }

    #[test]
    fn no_certificate_is_told_from_one_that_cannot_be_read() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[(CERTIFICATE, "")]), Ok(None));
        assert_eq!(read(&[(CERTIFICATE, ""), (VERIFY, "NONE")]), Ok(None));
        // what contradicts itself is nobody
        assert_eq!(read(&[(CERTIFICATE, ESCAPED), (VERIFY, "NONE")]), Ok(None));
        for verify in ["SUCCESS", "FAILED", "FAILED:unable to verify the first certificate"] {
            assert!(read(&[(CERTIFICATE, ESCAPED), (VERIFY, verify)]).unwrap().is_some(), "{verify}");
        }
        assert!(read(&[(CERTIFICATE, ESCAPED), (VERIFY, "success")]).is_err());
        assert!(read(&[(CERTIFICATE, ESCAPED), (VERIFY, "SUCCESS"), (VERIFY, "SUCCESS")]).is_err());
    }

    #[test]
    fn what_no_proxy_writes_is_refused() {
        let twice = format!("{ESCAPED}{ESCAPED}");
        let key = ESCAPED.replace("CERTIFICATE", "PRIVATE%20KEY");
        let mixed = format!("{ESCAPED}{key}");
        let plain = String::from_utf8(PLAIN.to_vec()).unwrap().replace('\n', " ");
        let texts: [&str; 14] = [
            &twice,
            &key,
            &mixed,
            &plain,
            "hello",
            "%",
            "%2",
            "%GG",
            "%+1",
            "a+b",
            "%00",
            "%FF",
            &format!("x{ESCAPED}"),
            &ESCAPED.replace("%2B", "+"),
        ];
        for text in texts {
            assert!(read(&[(CERTIFICATE, text)]).is_err(), "{text}");
        }
        assert!(read(&[(CERTIFICATE, ESCAPED), (CERTIFICATE, ESCAPED)]).is_err());
        assert!(pem(&twice, CERTIFICATE, Many::Yes).is_ok());
        assert!(pem(&mixed, CERTIFICATE, Many::Yes).is_err());
    }
}
