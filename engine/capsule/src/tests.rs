//! The format as whole: every capsule that is printed is read as it was, every changed bit is found, and whatever is left
//! out, the root stays. Capsules are made from a seed.

use super::*;

/// Pseudo-random numbers (Knuth's MMIX generator), the upper half of each.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn octets(&mut self, most: usize) -> Octets {
        let length = self.next(most);
        Octets((0..length).map(|_| self.next(256) as u8).collect())
    }

    fn text(&mut self) -> String {
        let letters = ['a', 'Z', '.', '"', '\\', '\n', '\u{1}', 'é', '\u{1f600}', ' '];
        (0..self.next(12)).map(|_| letters[self.next(letters.len())]).collect()
    }

    fn moment(&mut self) -> i64 {
        self.next(1 << 31) as i64 - (1 << 30)
    }

    fn some<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Option<T> {
        (self.next(2) == 0).then(|| make(self))
    }

    fn several<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.next(4)).map(|_| make(self)).collect()
    }

    fn answer(&mut self) -> Answer {
        Answer { request: self.some(Self::text), body: self.octets(40) }
    }

    fn trusted(&mut self) -> Trusted {
        let certificate = self.octets(40);
        match self.next(3) {
            0 => Trusted::Anchor { role: Role::IssuerAndLeaf, certificate },
            1 => Trusted::Stored { active_from: self.some(Self::moment), at: self.moment(), certificate },
            _ => Trusted::Responder { issuer: self.some(|random| random.octets(9)), certificate },
        }
    }

    fn evidence(&mut self) -> Evidence {
        match self.next(5) {
            0 => Evidence::Certificate(self.octets(40)),
            1 => Evidence::IssuerCertificates(self.answer()),
            2 => Evidence::OcspResponse(self.answer()),
            3 => Evidence::Crl(self.answer()),
            _ => Evidence::Unavailable { request: self.text(), reason: Reason::NameResolution },
        }
    }

    fn name(&mut self) -> Name {
        match self.next(4) {
            0 => Name::Dns(self.text()),
            1 => Name::Ip(self.octets(17)),
            2 => Name::Mail(self.text()),
            _ => Name::Uri(self.text()),
        }
    }

    fn record(&mut self) -> Record {
        let digest = Digest([self.next(256) as u8; 32]);
        Record {
            engine: Engine { sha256: digest, version: self.text() },
            recording: self.some(|random| Recording { at: random.moment(), by: random.text() }),
            question: Question {
                target: self.octets(40),
                untrusted: self.several(|random| random.octets(20)),
                at: self.moment(),
                purpose: self.some(Self::text),
                names: self.several(Self::name),
                nonce_seed: self.some(|random| random.octets(33)),
            },
            policy: self.text(),
            mode: Mode::CommonCriteria,
            trusted: self.several(Self::trusted),
            evidence: self.several(Self::evidence),
            verdict: Verdict { decision: Decision::Deny, settings: digest, trace: digest },
            document: self.text(),
        }
    }

    fn salt(&mut self) -> Salt {
        Salt(std::array::from_fn(|_| self.next(256) as u8))
    }

    fn capsule(&mut self) -> Capsule {
        let (record, mut salts) = (self.record(), Self(self.next(1 << 30) as u64));
        record.seal(|| salts.salt()).unwrap()
    }
}

fn refused(text: &str) -> Unreadable {
    Capsule::read(text.as_bytes()).unwrap_err()
}

#[test]
fn what_is_printed_is_read_as_it_was() {
    let mut random = Random(1);
    for _ in 0..300 {
        let record = random.record();
        let mut salts = Random(7);
        let capsule = record.clone().seal(|| salts.salt()).unwrap();
        let text = capsule.print();
        let read = Capsule::read(text.as_bytes()).unwrap();
        assert_eq!(read, capsule);
        assert_eq!(read.print(), text);
        assert_eq!(Record::of(&read), Ok(record));
    }
}

#[test]
fn every_flipped_bit_is_found_and_none_reads_as_another_capsule() {
    let mut random = Random(2);
    let mut named = 0;
    for _ in 0..2 {
        let mut capsule = random.capsule();
        if random.next(2) == 0 {
            capsule.redact("policy");
        }
        let text = capsule.print().into_bytes();
        for place in 0..text.len() {
            for bit in 0..8 {
                let mut altered = text.clone();
                altered[place] ^= 1 << bit;
                let found = Capsule::read(&altered).unwrap_err();
                named += usize::from(matches!(found, Unreadable::Altered { .. }));
            }
        }
    }
    assert!(named > 500, "{named}");
}

#[test]
fn a_part_that_was_altered_is_named() {
    let text = Random(3).capsule().print();
    let altered = text.replacen("\"mode\":\"common-criteria\"", "\"mode\":\"as-written\"", 1);
    assert_ne!(altered, text);
    assert_eq!(refused(&altered), Unreadable::Altered { name: "policy/mode".to_owned() });
    // whoever alters the hash as well does not come to the root
    let parsed = Capsule::parse(altered.as_bytes()).unwrap();
    let mut salts = Random(0);
    let contents = parsed.parts().map(|(name, part)| (name.to_owned(), part.content().unwrap().clone()));
    let forged = Capsule::seal(contents, || salts.salt()).unwrap();
    let stated = parsed.root().to_string();
    let with_stated_root = forged.print().replacen(&forged.root().to_string(), &stated, 1);
    assert!(matches!(refused(&with_stated_root), Unreadable::OtherRoot { .. }));
}

#[test]
fn whatever_is_left_out_the_root_stays() {
    let mut random = Random(4);
    for _ in 0..100 {
        let whole = random.capsule();
        let names: Vec<String> = whole.parts().map(|(name, _)| name.to_owned()).collect();
        let mut capsule = whole.clone();
        let chosen: Vec<&String> = names.iter().filter(|_| random.next(3) == 0).collect();
        for name in &chosen {
            assert_eq!(capsule.redact(name), Some(1));
        }
        let read = Capsule::read(capsule.print().as_bytes()).unwrap();
        assert_eq!(read.root(), whole.root());
        assert_eq!(read.state().redacted.iter().collect::<Vec<_>>(), chosen);
        let needed = chosen.iter().any(|name| *name != "about/recording");
        assert_eq!(matches!(Record::of(&read), Err(Incomplete::Redacted(_))), needed);
        // a part that was left out is not put back with other words, nor taken away
        if let Some(name) = chosen.first() {
            let hash = whole.parts().find(|(known, _)| known == name).unwrap().1.hash();
            let entry = format!("{{\"name\":\"{name}\",\"hash\":\"{hash}\"}}");
            let text = read.print();
            let without = text.replacen(&format!("{entry},"), "", 1);
            if without != text {
                assert!(matches!(refused(&without), Unreadable::OtherRoot { .. }));
            }
        }
    }
}

#[test]
fn parts_are_left_out_by_name_or_with_everything_below_it() {
    let mut record = Random(5).record();
    record.trusted = vec![Random(0).trusted(), Random(1).trusted()];
    let mut capsule = record.seal(|| Salt([0; 16])).unwrap();
    assert_eq!(capsule.redact("trust"), Some(2));
    assert_eq!(capsule.redact("policy/mode"), Some(1));
    for unknown in ["", "trus", "trust/", "trust/0", "policy/modes", "/"] {
        assert_eq!(capsule.redact(unknown), None, "{unknown}");
    }
    assert_eq!(capsule.state().redacted, ["policy/mode", "trust/00001", "trust/00002"]);
}

#[test]
fn the_order_in_which_parts_come_plays_no_role() {
    let contents = [("b", 1), ("a/c", 2), ("a", 3)].map(|(name, at)| (name.to_owned(), Content::Moment(at)));
    let forward = Capsule::seal(contents.clone(), || Salt([1; 16])).unwrap();
    let backward = Capsule::seal(contents.into_iter().rev(), || Salt([1; 16])).unwrap();
    assert_eq!(forward.print(), backward.print());
}

#[test]
fn a_salt_keeps_a_hash_from_telling_what_it_is_of() {
    let one = |salt| Capsule::seal([("a".to_owned(), Content::Moment(0))], || Salt([salt; 16])).unwrap();
    let hash = |capsule: &Capsule| capsule.parts().next().unwrap().1.hash();
    assert_ne!(hash(&one(1)), hash(&one(2)));
    assert_eq!(hash(&one(1)), hash(&one(1)));
    // and the same content under another name is another
    let named = Capsule::seal([("b".to_owned(), Content::Moment(0))], || Salt([1; 16])).unwrap();
    assert_ne!(hash(&named), hash(&one(1)));
}

#[test]
fn what_is_no_capsule_is_told_from_one_that_is_broken() {
    let text = Random(6).capsule().print();
    assert_eq!(refused(""), Unreadable::Empty);
    assert_eq!(Capsule::read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap_err(), Unreadable::NotCapsule);
    assert_eq!(refused("{}"), Unreadable::NotCapsule);
    assert_eq!(refused("[1]"), Unreadable::NotCapsule);
    assert_eq!(refused(&text.replacen(FORMAT, "other-document", 1)), Unreadable::NotCapsule);
    assert_eq!(
        refused(&text.replacen("\"version\":1,", "\"version\":2,", 1)),
        Unreadable::Newer { version: 2 }
    );
    let later = format!("{{\"format\":\"{FORMAT}\",\"version\":9,\"sections\":[]}}");
    assert_eq!(refused(&later), Unreadable::Newer { version: 9 });
    let later = format!("{{\"format\":\"{FORMAT}\",\"version\":0,\"sections\":[]}}");
    assert_eq!(refused(&later), Unreadable::NotCapsule);
    // cut off anywhere, but for the line's end
    for octets in 1..text.len() - 1 {
        let found = Capsule::read(&text.as_bytes()[..octets]).unwrap_err();
        let is_told = matches!(found, Unreadable::Truncated { octets: told } if told == octets)
            || matches!(found, Unreadable::Malformed { .. });
        assert!(is_told, "{octets}: {found}");
    }
    let cut = Capsule::read(&text.as_bytes()[..text.len() - 1]).unwrap_err();
    assert_eq!(cut, Unreadable::NotCanonical { offset: text.len() - 1 });
}

#[test]
fn what_is_written_otherwise_is_refused_with_the_place() {
    let text = Random(6).capsule().print();
    let spaced = text.replacen("{\"format\"", "{ \"format\"", 1);
    assert_eq!(refused(&spaced), Unreadable::NotCanonical { offset: 1 });
    assert_eq!(refused(&format!("{text}\n")), Unreadable::NotCanonical { offset: text.len() });
    let head = format!("\"format\":\"{FORMAT}\",\"version\":1,");
    let turned = text.replacen(&head, &format!("\"version\":1,\"format\":\"{FORMAT}\","), 1);
    assert!(matches!(refused(&turned), Unreadable::NotCanonical { .. }));
    for (from, to, expected) in [
        ("\"version\":1,", "\"version\":1,\"version\":1,", "duplicate field `version`"),
        ("\"version\":1,", "\"version\":1,\"comment\":0,", "unknown field `comment`"),
        ("\"version\":1,", "", "missing field `version`"),
        ("{\"mode\":", "{\"mood\":", "unknown variant `mood`"),
        ("\"salt\":\"", "\"salt\":\"0", "expected 16 octets in lower-case hexadecimal"),
    ] {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text);
        match refused(&altered) {
            Unreadable::Malformed { line: 1, column, expected: told } => {
                assert!(column > 1 && told.starts_with(expected), "{told}");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn names_and_sizes_are_limited() {
    let one = |name: &str| Capsule::seal([(name.to_owned(), Content::Moment(0))], || Salt([0; 16]));
    for name in ["a", "a/b-1/00001", &"a".repeat(LONGEST_NAME)] {
        assert!(one(name).is_ok(), "{name}");
    }
    for name in ["", "/", "a/", "/a", "a//b", "A", "a b", "é", &"a".repeat(LONGEST_NAME + 1)] {
        assert!(matches!(one(name), Err(Unreadable::Part { .. })), "{name}");
    }
    let many = |count: usize| {
        let contents = (0..count).map(|place| (format!("a/{place:05}"), Content::Moment(0)));
        Capsule::seal(contents, || Salt([0; 16]))
    };
    assert!(many(MOST_PARTS).is_ok());
    let most = MOST_PARTS;
    assert_eq!(many(most + 1), Err(Unreadable::TooLarge { found: most + 1, most, of: "parts" }));
    let twice = [("a".to_owned(), Content::Moment(0)), ("a".to_owned(), Content::Moment(0))];
    assert_eq!(Capsule::seal(twice, || Salt([0; 16])), Err(Unreadable::Order { name: "a".to_owned() }));
    let large = vec![b' '; MOST_OCTETS + 1];
    assert!(matches!(Capsule::read(&large), Err(Unreadable::TooLarge { of: "octets", .. })));
}

#[test]
fn a_capsule_that_is_no_decision_is_verified_and_not_decided() {
    let salt = || Salt([0; 16]);
    let of = |contents: &[(&str, Content)]| {
        let contents = contents.iter().map(|(name, content)| ((*name).to_owned(), content.clone()));
        Record::of(&Capsule::seal(contents, salt).unwrap()).unwrap_err()
    };
    assert_eq!(of(&[]), Incomplete::Missing("about/engine"));
    assert_eq!(of(&[("other", Content::Moment(0))]), Incomplete::Other("other".to_owned()));
    assert_eq!(of(&[("policy/mode", Content::Moment(0))]), Incomplete::Other("policy/mode".to_owned()));
    // numbers leave none out
    let name = "question/names/00002";
    assert_eq!(of(&[(name, Content::Name(Name::Dns(String::new())))]), Incomplete::Other(name.to_owned()));
}

#[test]
fn the_tree_is_what_it_was_when_the_format_was_fixed() {
    let contents = ["a", "b", "c"].map(|name| (name.to_owned(), Content::Moment(7)));
    let capsule = Capsule::seal(contents, || Salt([1; 16])).unwrap();
    let root = capsule.root().to_string();
    assert_eq!(root, "9cb43bd96ad519282c885033ee5ac3a8dd33e7311194764adb51aca61ddd638e");
}

#[test]
fn base64_and_hexadecimal_have_one_writing() {
    let octets = |text: &str| serde_json::from_str::<Octets>(&format!("\"{text}\"")).map(|octets| octets.0);
    assert_eq!(octets("AQI=").unwrap(), [1, 2]);
    assert_eq!(octets("").unwrap(), [0; 0]);
    for other in ["AQI", "AQJ=", "AQI==", "A", "AQI=\\n", "AQ-_"] {
        assert!(octets(other).is_err(), "{other}");
    }
    let digest = |text: &str| serde_json::from_str::<Digest>(&format!("\"{text}\""));
    assert!(digest(&"0a".repeat(32)).is_ok());
    for other in ["0A".repeat(32), "0a".repeat(31), "0a".repeat(33), "0".repeat(63)] {
        assert!(digest(&other).is_err(), "{other}");
    }
}
