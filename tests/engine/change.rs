//! Chains that are allowed, and changes of their octets: at random with a fixed start, and in every place.

use engine::certificate::Certificate;
use pki::certificate::{AT, Issued, Sketch};
use pki::key::Key;
use pki::scenario::Run;
use pki::time;

/// A generator with a fixed start (xorshift64*), so that every run makes the same changes.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or_default() % bound.max(1)
    }

    pub(crate) fn octet(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// A chain of three.
pub(crate) struct Chain {
    pub(crate) root: Issued,
    pub(crate) ca: Issued,
    pub(crate) leaf: Issued,
}

/// A chain that is allowed, with as many extensions as it can have.
fn chain(root: Key, ca: Key) -> Chain {
    let root = Sketch::ca("root").key(root).issue();
    let ca = Sketch::ca("ca").key(ca).issued_by(&root).path_length(1).policies(&["1.2.3", "1.2.4"]);
    let ca = ca.policy_mappings(&[("1.2.4", "1.2.5")]).policy_constraints(Some(3), Some(3)).inhibit_any(4);
    let ca = ca.permitted_dns("example").excluded_dns("bad.example").permitted("ip:10.0.0.0/8").issue();
    let leaf = Sketch::leaf("leaf").issued_by(&ca).dns("a.example").dns("*.b.example").ip("10.0.0.1");
    let leaf = leaf.mail("a@b.example").uri("https://c.example/").eku(&["serverAuth", "clientAuth"]);
    let access = pki::extension::information_access("1.3.6.1.5.5.7.48.1", "http://o.example/");
    let leaf = leaf.policies(&["1.2.3"]).extension("authorityInfoAccess", false, access).issue();
    Chain { root, ca, leaf }
}

/// Chains of different kinds of key.
pub(crate) fn chains() -> Vec<Chain> {
    vec![
        chain(Key::p256("root"), Key::p384("ca")),
        chain(Key::rsa("rsa-2048-1"), Key::rsa("rsa-2048-2")),
        chain(Key::ed25519("root"), Key::p256("ca")),
    ]
}

/// The question whether `target` may be trusted as a server called `a.example`.
pub(crate) fn run(target: &[u8], untrusted: &[u8], anchor: &[u8]) -> Run {
    Run {
        title: "mutation".to_owned(),
        target: target.to_vec(),
        anchors: vec![anchor.to_vec()],
        untrusted: vec![untrusted.to_vec()],
        at: time::seconds(AT),
        purpose: Some("server-auth".to_owned()),
        names: vec!["dns:a.example".to_owned()],
        ..Run::default()
    }
}

/// One to three changes of any kind.
pub(crate) fn mutated(original: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut octets = original.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(octets.len());
        match chance.below(8) {
            0 => octets[at] ^= 1 << chance.below(8),
            1 => octets[at] = chance.octet(),
            2 => octets.truncate(at.max(1)),
            3 => octets.insert(at, chance.octet()),
            4 => {
                octets.remove(at);
                octets.push(0);
            }
            5 => {
                let other = chance.below(octets.len());
                octets.swap(at, other);
            }
            6 => damage_length(&mut octets, at, chance),
            _ => {
                let end = (at + chance.below(40)).min(octets.len());
                let piece = octets[at..end].to_vec();
                let place = chance.below(octets.len());
                octets.splice(place..place, piece);
            }
        }
    }
    octets
}

/// Three changes of each octet of `part`, which stands in `whole`.
pub(crate) fn changes_of(whole: &[u8], part: &[u8]) -> Vec<Vec<u8>> {
    let start = whole.windows(part.len()).position(|window| window == part).expect("the part is in there");
    let places = start..start + part.len();
    let change = |place: usize, with: u8| {
        let mut changed = whole.to_vec();
        changed[place] ^= with;
        changed
    };
    places.flat_map(|place| [0x01, 0x80, 0xff].map(|with| change(place, with))).collect()
}

/// The octets of the signature.
pub(crate) fn signature_of(issued: &Issued) -> Vec<u8> {
    Certificate::decode(&issued.der).expect("a certificate").signature
}

/// Another length in the first long form at or after `at`: what decoders of all kinds have tripped over.
fn damage_length(octets: &mut [u8], at: usize, chance: &mut Chance) {
    let long = octets.iter().skip(at).position(|octet| matches!(octet, 0x81..=0x84));
    let place = long.map_or(at, |offset| at + offset);
    let forms = [0x00, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff];
    octets[place] = forms[chance.below(forms.len())];
    if let Some(next) = octets.get_mut(place + 1) {
        *next = chance.octet();
    }
}
