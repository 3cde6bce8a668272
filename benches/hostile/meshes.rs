//! Certificates that certify one another, so that there are more paths than anybody can walk; and policies
//! that double at each step.

use pki::certificate::{Issued, Sketch};
use pki::der;
use pki::key::Key;

use super::{Case, Input, judge};

const POOL: &str = "[limits]\ncertificates = 1024";

pub(crate) fn inputs() -> Vec<Input> {
    let mut all = vec![
        one_name(200, Anchor::Unrelated),
        one_name(200, Anchor::OfTheSameName),
        one_name(31, Anchor::OfTheSameName),
        long_names(),
        long_identifiers(),
    ];
    all.extend([Way::None, Way::Open, Way::Tampered, Way::ExpiredAnchor, Way::Excluded].map(many_names));
    all.extend([doubling(2, 8), doubling(40, 8), doubling(200, 8)]);
    all
}

#[derive(Clone, Copy, PartialEq)]
enum Anchor {
    Unrelated,
    OfTheSameName,
}

/// Each certified by the next, all of one name and one key identifier: each may have issued each.
fn one_name(size: usize, end: Anchor) -> Input {
    let identifier = || der::octet_string(&[7; 20]);
    let sketch = |number: usize| {
        let name = format!("mesh{number}");
        let key = Key::p256(&name);
        Sketch::ca(&name).subject("CN=mesh").key(key).extension("subjectKeyIdentifier", false, identifier())
    };
    let mesh: Vec<Issued> = (0..size)
        .map(|number| sketch(number).issued_by(&sketch((number + 1) % size).authority()).issue())
        .collect();
    let subject = if end == Anchor::OfTheSameName { "CN=mesh" } else { "CN=elsewhere" };
    let anchor =
        Sketch::ca("anchor").subject(subject).extension("subjectKeyIdentifier", false, identifier()).issue();
    let leaf = Sketch::leaf("leaf").issued_by(&mesh[0]).issue();
    let (policy, limits) = if size < 32 { ("", "shipped limits") } else { (POOL, "limit raised") };
    let end = if end == Anchor::OfTheSameName { "anchor of that name" } else { "anchor elsewhere" };
    judge(
        format!("mesh of {size} of one name, {end}, {limits}"),
        Case::of(&leaf, &anchor, &mesh).under(policy),
    )
}

/// Thirty of one name of 30,000 octets; the only way out is tampered with. Comparing names is the work.
fn long_names() -> Input {
    let name = format!("CN={}", "n".repeat(30_000));
    let sketch = |number: usize| {
        let key = format!("mesh{number}");
        let identifier = der::octet_string(&[7; 20]);
        let sketch = Sketch::ca(&key).subject(&name).key(Key::p256(&key));
        sketch.extension("subjectKeyIdentifier", false, identifier)
    };
    let hub = sketch(0).authority();
    let mut mesh: Vec<Issued> = (0..30).map(|number| sketch(number).issued_by(&hub).issue()).collect();
    let anchor = Sketch::ca("anchor").issue();
    mesh.push(sketch(0).issued_by(&anchor).tamper_signature().issue());
    let leaf = Sketch::leaf("leaf").issued_by(&hub).issue();
    judge("mesh of 31 of one name of 30,000 octets", Case::of(&leaf, &anchor, &mesh))
}

/// Key identifiers of 15,000 octets that do not match, on paths that all end at a path length constraint.
fn long_identifiers() -> Input {
    let root = Sketch::ca("root").path_length(0).issue();
    let identifier = |number: usize| der::octet_string(&vec![number.to_le_bytes()[0]; 15_000]);
    let mut pool: Vec<Issued> = Vec::new();
    let sketch = |level: usize, twin: usize| {
        Sketch::ca(&format!("ca{level}-{twin}"))
            .subject(&format!("CN=ca{level}"))
            .key(Key::p256(&format!("ca{level}")))
            .extension("subjectKeyIdentifier", false, identifier(level * 2 + twin))
    };
    for level in 0..7 {
        for twin in 0..2 {
            let above = if level == 6 { root.clone() } else { sketch(level + 1, 0).authority() };
            let other = pki::extension::authority_key_identifier(&vec![0xee; 15_000]);
            let issued = sketch(level, twin).issued_by(&above);
            pool.push(issued.extension("authorityKeyIdentifier", false, other).issue());
        }
    }
    let leaf = Sketch::leaf("leaf").issued_by(&sketch(0, 0).authority()).issue();
    judge("128 paths with key identifiers of 15,000 octets", Case::of(&leaf, &root, &pool))
}

/// What lies at the far end of a mesh.
#[derive(Clone, Copy, Debug)]
enum Way {
    None,
    Open,
    Tampered,
    ExpiredAnchor,
    Excluded,
}

/// Twenty-four CAs, each truly certified by each of the others.
fn many_names(way: Way) -> Input {
    let size = 24;
    let authority = |number: usize| Sketch::ca(&format!("ca{number}")).authority();
    let pairs = (0..size).flat_map(|subject| (0..size).map(move |issuer| (subject, issuer)));
    let mut mesh: Vec<Issued> = pairs
        .filter(|(subject, issuer)| subject != issuer)
        .map(|(subject, issuer)| Sketch::ca(&format!("ca{subject}")).issued_by(&authority(issuer)).issue())
        .collect();
    let anchor = match way {
        Way::ExpiredAnchor => Sketch::ca("anchor").valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        Way::Excluded => Sketch::ca("anchor").excluded_dns("example"),
        _ => Sketch::ca("anchor"),
    };
    let anchor = anchor.issue();
    let last = Sketch::ca(&format!("ca{}", size - 1)).issued_by(&anchor);
    match way {
        Way::None => {}
        Way::Tampered => mesh.push(last.tamper_signature().issue()),
        _ => mesh.push(last.issue()),
    }
    let leaf = Sketch::leaf("leaf").dns("a.example").issued_by(&authority(0)).issue();
    judge(
        format!("24 CAs certify each other, way out: {way:?}, limit raised"),
        Case::of(&leaf, &anchor, &mesh).under(POOL),
    )
}

/// Each CA maps each of `width` policies to each of `width` others (CVE-2023-0464).
fn doubling(width: usize, depth: usize) -> Input {
    let policies: Vec<String> = (0..width).map(|number| format!("1.2.{}", number + 1)).collect();
    let words: Vec<&str> = policies.iter().map(String::as_str).collect();
    // As many pairs as fit into a certificate.
    let pairs = words.iter().flat_map(|from| words.iter().map(move |to| (*from, *to))).take(4_000);
    let pairs: Vec<(&str, &str)> = pairs.collect();
    let root = Sketch::ca("root").issue();
    let mut chain: Vec<Issued> = Vec::new();
    for number in 0..depth {
        let sketch = Sketch::ca(&format!("ca{number}")).issued_by(chain.last().unwrap_or(&root));
        let sketch = sketch.policies(&words).policy_mappings(&pairs).policy_constraints(Some(0), None);
        chain.push(sketch.issue());
    }
    let leaf = Sketch::leaf("leaf").issued_by(chain.last().unwrap_or(&root)).policies(&words[..1]).issue();
    judge(format!("{width} policies mapped to {width} at {depth} steps"), Case::of(&leaf, &root, &chain))
}
