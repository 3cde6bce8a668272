//! Base64 as PEM uses it (RFC 4648 4): padded, canonical, fed line by line so that a fault has a line.

/// Decodes lines of base64; white space inside and around them is passed over (RFC 7468 2).
#[derive(Default)]
pub(super) struct Base64 {
    octets: Vec<u8>,
    group: u32,
    characters: u8,
    padding: u8,
}

impl Base64 {
    /// Takes one line; `Err` for a character that cannot stand there.
    pub(super) fn feed(&mut self, line: &[u8]) -> Result<(), ()> {
        line.iter().filter(|octet| !octet.is_ascii_whitespace()).try_for_each(|octet| self.character(*octet))
    }

    fn character(&mut self, character: u8) -> Result<(), ()> {
        let value = match character {
            // One or two `=`, and only to complete a group of four.
            b'=' if self.characters >= 2 => {
                self.padding = self.padding.saturating_add(1);
                0
            }
            _ if self.padding > 0 => return Err(()),
            _ => sextet(character).ok_or(())?,
        };
        self.group = (self.group << 6) | value;
        self.characters = self.characters.saturating_add(1);
        if self.characters == 4 { self.complete() } else { Ok(()) }
    }

    fn complete(&mut self) -> Result<(), ()> {
        let [_, octets @ ..] = self.group.to_be_bytes();
        let kept = 3_usize.saturating_sub(usize::from(self.padding));
        let (octets, unused) = octets.split_at_checked(kept).ok_or(())?;
        // RFC 4648 3.5: bits that are padded over are zero, so that one value has one encoding.
        if unused.iter().any(|octet| *octet != 0) {
            return Err(());
        }
        self.octets.extend(octets);
        // After padding nothing may follow: `characters` stays at 4 and refuses another `=`.
        if self.padding == 0 {
            self.characters = 0;
        }
        self.group = 0;
        Ok(())
    }

    /// The octets; `None` when the last group is not complete.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        let complete = self.characters == 0 || (self.characters == 4 && self.padding > 0);
        complete.then_some(self.octets)
    }
}

fn sextet(character: u8) -> Option<u32> {
    let (first, offset) = match character {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'+' => return Some(62),
        b'/' => return Some(63),
        _ => return None,
    };
    u32::from(character.saturating_sub(first)).checked_add(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Option<Vec<u8>> {
        let mut decoder = Base64::default();
        text.lines().try_for_each(|line| decoder.feed(line.as_bytes())).ok()?;
        decoder.finish()
    }

    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (text, octets) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9v\n YmFy\t", "foobar"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(octets.as_bytes()), "{text}");
        }
        assert_eq!(decode("+/+/"), Some(vec![0xfb, 0xff, 0xbf]));
    }

    #[test]
    fn what_is_not_canonical_base64_is_refused() {
        for text in [
            "Z", "Zg", "Zg=", "Zg===", "Zg====", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zg=a", "Zm9-",
            "Zm9v=",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
