//! Encodings made to be slow to read: deep, of many parts, or with one part that is huge.

use pki::certificate::{Issued, Sketch};
use pki::{broken, der, name};

use super::{Case, Input, Work, judge};

const LARGE: &str = "[limits]\ncertificate-octets = 1048576\n";

pub(crate) fn inputs() -> Vec<Input> {
    let root = Sketch::ca("root").issue();
    let leaf = |sketch: Sketch| sketch.issued_by(&root).issue();
    let deep = broken::nested(100_000);
    let names = |count: usize| der::value(der::SEQUENCE, &name::dns("0a").repeat(count));
    let identifier =
        |octets: usize| der::value(der::OBJECT_IDENTIFIER, &[vec![0x81; octets], vec![1]].concat());
    let huge = identifier(1_040_000);
    let usages = der::value(der::SEQUENCE, &der::oid("1.2.3").repeat(250_000));
    let subject: Vec<String> = (0..60_000).map(|_| "CN=a".to_owned()).collect();
    let certificates = [
        ("100,000 values one in the other", Issued { der: deep.clone(), ..root.clone() }),
        ("the same in an extension", leaf(Sketch::leaf("leaf").extension("1.2.3.4", false, deep.clone()))),
        ("the same in a name", leaf(Sketch::leaf("leaf").san_raw(&name::other("1.2.3", &deep)))),
        ("1 MiB of extensions", leaf(extensions(80_000))),
        ("1 MiB of object identifier", leaf(usage(&huge))),
        ("1 MiB of extended key usages", leaf(Sketch::leaf("leaf").extension("extKeyUsage", false, usages))),
        ("1 MiB of names", leaf(Sketch::leaf("leaf").extension("subjectAltName", false, names(260_000)))),
        ("1 MiB of subject", leaf(Sketch::leaf("leaf").subject(&subject.join(",")))),
    ];
    let mut all = Vec::new();
    for (label, issued) in certificates {
        let case = Case::of(&issued, &root, &[]).under(LARGE).named("b.example");
        all.push(judge(format!("{label}, judged, limit raised"), case));
        all.push(Input { label: format!("{label}, described"), work: Work::Describe(issued.der) });
    }
    let full = leaf(extensions(4_500));
    let pool: Vec<Issued> = (0..31).map(|number| leaf(extensions(4_500).serial(&[1, number]))).collect();
    all.push(judge("32 certificates of 64 KiB of extensions", Case::of(&full, &root, &pool)));
    all.push(Input { label: "1 MiB of PEM armour".to_owned(), work: Work::Read(armour()) });
    all
}

fn usage(identifier: &[u8]) -> Sketch {
    Sketch::leaf("leaf").extension("extKeyUsage", false, der::sequence(&[identifier.to_vec()]))
}

/// As many extensions, each of another type and empty.
fn extensions(count: usize) -> Sketch {
    (0..count).fold(Sketch::leaf("leaf"), |sketch, number| {
        sketch.extension_again(&format!("1.2.{}.{}", number / 128, number % 128), false, Vec::new())
    })
}

fn armour() -> Vec<u8> {
    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".repeat(19_000).into_bytes()
}
