//! Many names against many constraints, and against a reference identifier, also on many paths.

use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use pki::{der, name};

use super::{Case, Input, judge};

pub(crate) fn inputs() -> Vec<Input> {
    let dns = |number: usize| name::dns(&two(number));
    let wildcard = |number: usize| name::dns(&format!("*.{}", two(number)));
    let label = |number: usize| name::dns(&format!("{}.{}", "l".repeat(60), two(number)));
    let directory = |number: usize| name::directory(&format!("CN={}{number}", "  Long  Name  ".repeat(7)));
    let mail = |number: usize| name::mail(&format!("{}@{}", "m".repeat(60), two(number)));
    let host = |number: usize| name::mail(&two(number));
    let uri = |number: usize| name::uri(&format!("https://{}/{}", two(number), "u".repeat(60)));
    let authority = |number: usize| name::uri(&two(number));
    vec![
        against("DNS names", 10_000, (&dns, &|_| name::dns("0a"))),
        against("DNS names", 500, (&label, &|_| name::dns(&format!("{}.0a", "l".repeat(60))))),
        against("wildcards", 5_000, (&dns, &|_| name::dns("*.0a"))),
        against("wildcards", 500, (&dns, &wildcard)),
        against("directory names", 500, (&directory, &|number| directory(number + 1_000))),
        against("directory names", 600, (&directory, &|number| directory(number + 1_000))),
        against("mailboxes", 500, (&host, &|number| mail(number + 1))),
        against("URIs", 500, (&authority, &|number| uri(number + 1))),
        many_paths(35, 1_800),
        identity(1),
        identity(7),
    ]
}

/// Two letters.
fn two(number: usize) -> String {
    let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap_or_default());
    format!("{}{}", letter(number / 26), letter(number))
}

type Make<'a> = &'a dyn Fn(usize) -> Vec<u8>;

fn many(count: usize, make: Make<'_>) -> Vec<u8> {
    (0..count).flat_map(make).collect()
}

fn constraints(count: usize, base: Make<'_>) -> Vec<u8> {
    let trees: Vec<u8> = (0..count).flat_map(|number| der::sequence(&[base(number)])).collect();
    der::sequence(&[der::implicit_constructed(1, &trees)])
}

fn against(kind: &str, count: usize, (base, presented): (Make<'_>, Make<'_>)) -> Input {
    let root = Sketch::ca("root").issue();
    let ca = Sketch::ca("ca").issued_by(&root);
    let ca = ca.extension("nameConstraints", true, constraints(count, base)).issue();
    let names = der::value(der::SEQUENCE, &many(count, presented));
    let leaf = Sketch::leaf("leaf").issued_by(&ca).extension("subjectAltName", false, names).issue();
    judge(format!("{count} constraints on {count} {kind}"), Case::of(&leaf, &root, &[ca]))
}

/// Two certificates at each of seven levels: 128 paths, all refused at the end by a path length constraint.
fn paths(lowest: impl Fn(Sketch) -> Sketch) -> (Issued, Vec<Issued>, Issued) {
    let root = Sketch::ca("root").path_length(0).issue();
    let sketch = |level: usize, twin: usize| {
        let name = format!("ca{level}");
        Sketch::ca(&format!("{name}-{twin}")).subject(&format!("CN={name}")).key(Key::p256(&name))
    };
    let mut pool = Vec::new();
    for level in 0..7 {
        for twin in 0..2 {
            let above = if level == 6 { root.clone() } else { sketch(level + 1, 0).authority() };
            let issued = sketch(level, twin).issued_by(&above);
            pool.push(if level == 0 { lowest(issued) } else { issued }.issue());
        }
    }
    (root, pool, sketch(0, 0).authority())
}

/// Few constraints on few long names, again on each of many paths.
fn many_paths(count: usize, octets: usize) -> Input {
    let long = |number: usize| name::directory(&format!("CN={}{:04}", "n".repeat(octets - 40), number));
    let value = constraints(count, &long);
    let (root, pool, issuer) = paths(|sketch| sketch.extension("nameConstraints", true, value.clone()));
    let names = der::value(der::SEQUENCE, &many(count, &|number| long(number + 1_000)));
    let leaf = Sketch::leaf("leaf").issued_by(&issuer).extension("subjectAltName", false, names).issue();
    judge(
        format!("{count} constraints on {count} names of {octets} octets, 128 paths"),
        Case::of(&leaf, &root, &pool),
    )
}

/// Ten thousand names, of which the last is the one asked for.
fn identity(levels: usize) -> Input {
    let names = [many(10_000, &|_| name::dns("0a")), name::dns("b.example")].concat();
    let names = der::value(der::SEQUENCE, &names);
    let (root, pool, issuer) = if levels == 1 {
        let root = Sketch::ca("root").issue();
        (root.clone(), Vec::new(), root)
    } else {
        paths(|sketch| sketch)
    };
    let leaf = Sketch::leaf("leaf").issued_by(&issuer).extension("subjectAltName", false, names).issue();
    let paths = if levels == 1 { "one path" } else { "128 paths" };
    judge(
        format!("the last of 10,001 names matches, {paths}"),
        Case::of(&leaf, &root, &pool).named("b.example"),
    )
}
