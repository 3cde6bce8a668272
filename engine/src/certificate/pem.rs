//! Writes PEM (RFC 7468) and the base64 in it (RFC 4648). Reading is [`super::bundle`]'s, which takes more than this writes.

/// RFC 7468 2: every line but the last has 64 characters.
const LINE: usize = 64;

/// One block, such as `CERTIFICATE REQUEST` (RFC 7468 7) or `CERTIFICATE` (RFC 7468 5).
#[must_use]
pub fn block(label: &str, der: &[u8]) -> String {
    let mut text = ["-----BEGIN ", label, "-----\n"].concat();
    for (position, character) in base64(der).chars().enumerate() {
        if position > 0 && position.is_multiple_of(LINE) {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&["\n-----END ", label, "-----\n"].concat());
    text
}

/// Base64 as RFC 4648 4 has it, with padding and without line breaks.
#[must_use]
pub fn base64(octets: &[u8]) -> String {
    let mut text = String::new();
    for group in octets.chunks(3) {
        let mut three = group.iter().copied().chain([0, 0]);
        let (first, second, third) = (three.next(), three.next(), three.next());
        let [first, second, third] = [first, second, third].map(Option::unwrap_or_default);
        let sextets = [first >> 2, (first << 4) | (second >> 4), (second << 2) | (third >> 6), third];
        // One octet fills two characters, two fill three, three fill four.
        let filled = group.len().saturating_add(1);
        text.extend(sextets.map(digit).into_iter().take(filled));
        text.extend(std::iter::repeat_n('=', 4_usize.saturating_sub(filled)));
    }
    text
}

/// The character of the low six bits.
fn digit(sextet: u8) -> char {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    ALPHABET.get(usize::from(sextet & 0x3f)).copied().map_or('A', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::bundle::read_bundle;
    use pki::certificate::Sketch;

    #[test]
    fn a_block_is_read_back() {
        let der = Sketch::leaf("pem").issue().der;
        let bundle = read_bundle(block("CERTIFICATE", &der).as_bytes()).unwrap();
        assert_eq!(bundle.certificates, [der]);
    }

    #[test]
    fn lines_have_64_characters() {
        // R-CSR-2
        let begin = "-----BEGIN CERTIFICATE REQUEST-----\n";
        let end = "\n-----END CERTIFICATE REQUEST-----\n";
        for (octets, lines) in [(0, 1), (47, 1), (48, 1), (49, 2), (96, 2), (97, 3)] {
            let text = block("CERTIFICATE REQUEST", &vec![0; octets]);
            let body = text.strip_prefix(begin).unwrap().strip_suffix(end).unwrap();
            let lengths: Vec<usize> = body.split('\n').map(str::len).collect();
            assert_eq!(lengths.len(), lines, "{octets}");
            assert!(lengths[..lines - 1].iter().all(|length| *length == LINE));
        }
    }

    #[test]
    fn base64_of_every_length() {
        for (octets, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(octets), text);
        }
    }
}
