//! Inputs made to cost much. What is asserted is the work counted, never time: counted work is the same on
//! every machine, and its limits are the engine's own (attack cases P-01, P-05, P-08, D-01, D-04).

use pki::broken::nested;
use pki::certificate::{AT, Issued, Sketch};
use pki::key::Key;
use pki::scenario::Run;
use pki::{der, name, time};

use crate::edge::{Answer, ask, describe};

fn run(title: &str, target: &Issued, anchors: &[&Issued], untrusted: &[Issued], settings: &str) -> Run {
    let bytes = |issued: &Issued| issued.der.clone();
    let all = std::iter::once(target).chain(anchors.iter().copied()).chain(untrusted);
    Run {
        title: title.to_owned(),
        target: bytes(target),
        anchors: anchors.iter().map(|anchor| bytes(anchor)).collect(),
        untrusted: untrusted.iter().map(bytes).collect(),
        at: time::seconds(AT),
        settings: settings.to_owned(),
        labels: all.map(|issued| (issued.der.clone(), issued.label.clone())).collect(),
        ..Run::default()
    }
}

fn assert_within_limits(answer: &Answer) {
    for (limit, most) in [
        ("signatures", 100),
        ("signature-cost", 200),
        ("build-steps", 200_000),
        ("candidate-paths", 200),
        ("name-comparisons", 250_000),
        ("policy-edges", 50_000),
        ("rule-steps", 100_000),
    ] {
        assert!(answer.spent[limit] <= most, "{limit}: {}", answer.spent[limit]);
    }
}

/// A CA called `mesh` whose key is `number`, all with the same key identifier, certified by key `by`.
fn same_name(number: usize, by: &Issued) -> Issued {
    let identifier = der::octet_string(&[7; 20]);
    Sketch::ca(&format!("mesh{number}"))
        .subject("CN=mesh")
        .key(Key::p256(&format!("mesh{number}")))
        .extension("subjectKeyIdentifier", false, identifier)
        .issued_by(by)
        .issue()
}

/// P-01: n certificates of one name and one key identifier, each signed by the next, the anchor by none.
#[test]
fn a_mesh_of_one_name_stays_within_the_budget() {
    let identifier = der::octet_string(&[7; 20]);
    let authority = |number: usize| {
        Sketch::ca(&format!("mesh{number}"))
            .subject("CN=mesh")
            .key(Key::p256(&format!("mesh{number}")))
            .extension("subjectKeyIdentifier", false, identifier.clone())
            .authority()
    };
    for size in [2, 10, 200] {
        let mesh: Vec<Issued> =
            (0..size).map(|number| same_name(number, &authority((number + 1) % size))).collect();
        let anchor = Sketch::ca("anchor")
            .subject("CN=mesh")
            .extension("subjectKeyIdentifier", false, identifier.clone())
            .issue();
        let leaf = Sketch::leaf("leaf").issued_by(&mesh[0]).issue();
        let answer = ask(&run("mesh", &leaf, &[&anchor], &mesh, "limits.certificates = 1024"));
        assert_eq!(answer.decision, "deny", "{size}");
        assert_within_limits(&answer);
    }
}

/// P-01: fourteen CAs, each certified by each of the others; the anchor has certified the last.
#[test]
fn a_mesh_of_many_names_stays_within_the_budget() {
    let size = 14;
    let authority = |number: usize| Sketch::ca(&format!("ca{number}")).authority();
    let cross = |subject: usize, issuer: usize| {
        Sketch::ca(&format!("ca{subject}")).issued_by(&authority(issuer)).issue()
    };
    let pairs = (0..size).flat_map(|subject| (0..size).map(move |issuer| (subject, issuer)));
    let mesh: Vec<Issued> =
        pairs.filter(|(subject, issuer)| subject != issuer).map(|(a, b)| cross(a, b)).collect();
    let leaf = Sketch::leaf("leaf").issued_by(&authority(0)).issue();
    let stranger = Sketch::ca("stranger").issue();
    let answer = ask(&run("mesh", &leaf, &[&stranger], &mesh, "limits.certificates = 1024"));
    assert_eq!(answer.deny[0].0, "path.issuer-not-found", "no anchor is near");
    assert_within_limits(&answer);

    let anchor = Sketch::ca("anchor").issue();
    let mut reachable = mesh;
    reachable.push(Sketch::ca("ca13").issued_by(&anchor).issue());
    let answer = ask(&run("mesh", &leaf, &[&anchor], &reachable, "limits.certificates = 1024"));
    assert_eq!(answer.decision, "allow", "{:?}", answer.deny);
    assert_within_limits(&answer);
}

/// P-01: a mesh whose only way to the anchor carries a tampered signature, so that every path must fail.
#[test]
fn a_mesh_with_a_false_way_out_stays_within_the_budget() {
    let size = 14;
    let authority = |number: usize| Sketch::ca(&format!("ca{number}")).authority();
    let pairs = (0..size).flat_map(|subject| (0..size).map(move |issuer| (subject, issuer)));
    let mut mesh: Vec<Issued> = pairs
        .filter(|(subject, issuer)| subject != issuer)
        .map(|(a, b)| Sketch::ca(&format!("ca{a}")).issued_by(&authority(b)).issue())
        .collect();
    let anchor = Sketch::ca("anchor").issue();
    mesh.push(Sketch::ca("ca13").issued_by(&anchor).tamper_signature().issue());
    let leaf = Sketch::leaf("leaf").issued_by(&authority(0)).issue();
    let answer = ask(&run("mesh", &leaf, &[&anchor], &mesh, "limits.certificates = 1024"));
    assert_eq!(answer.decision, "deny");
    assert_within_limits(&answer);
}

/// P-05: each CA maps each of `width` policies to each of `width` others; a tree would grow without bound.
#[test]
fn policies_that_double_at_each_step_stay_within_the_budget() {
    let answer = doubling(2, 8, "");
    assert_eq!(answer.decision, "allow", "{:?}", answer.deny);
    assert!(answer.spent["policy-edges"] < 1_000, "{}", answer.spent["policy-edges"]);
    let answer = doubling(40, 8, "");
    assert_within_limits(&answer);
    // Twice as deep is about twice the work.
    let (half, whole) =
        (doubling(10, 4, "").spent["policy-edges"], doubling(10, 8, "").spent["policy-edges"]);
    assert!(whole <= half * 3, "{half} edges at depth 4, {whole} at depth 8");
}

fn doubling(width: usize, depth: usize, settings: &str) -> Answer {
    let policies: Vec<String> = (0..width).map(|number| format!("1.2.{}", number + 1)).collect();
    let words: Vec<&str> = policies.iter().map(String::as_str).collect();
    let pairs: Vec<(&str, &str)> =
        words.iter().flat_map(|from| words.iter().map(move |to| (*from, *to))).collect();
    let root = Sketch::ca("root").issue();
    let mut chain: Vec<Issued> = Vec::new();
    for number in 0..depth {
        let issuer = chain.last().unwrap_or(&root);
        let sketch = Sketch::ca(&format!("ca{number}")).issued_by(issuer);
        let sketch = sketch.policies(&words).policy_mappings(&pairs).policy_constraints(Some(0), None);
        chain.push(sketch.issue());
    }
    let leaf = Sketch::leaf("leaf").issued_by(chain.last().unwrap()).policies(&words[..1]).issue();
    ask(&run("doubling", &leaf, &[&root], &chain, settings))
}

/// P-08: ten thousand constraints against ten thousand names would be a hundred million comparisons.
#[test]
fn ten_thousand_constraints_on_ten_thousand_names_stay_within_the_budget() {
    let two = |number: usize| {
        let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap());
        format!("{}{}", letter(number / 26), letter(number))
    };
    let root = Sketch::ca("root").issue();
    let tree = |number: usize| der::sequence(&[name::dns(&two(number))]);
    let trees: Vec<u8> = (0..10_000).flat_map(tree).collect();
    let constraints = der::sequence(&[der::implicit_constructed(1, &trees)]);
    let ca = Sketch::ca("ca").issued_by(&root).extension("nameConstraints", true, constraints).issue();
    let names: Vec<u8> = (0..10_000).flat_map(|_| name::dns("0a")).collect();
    let leaf = Sketch::leaf("leaf").issued_by(&ca);
    let leaf = leaf.extension("subjectAltName", false, der::value(der::SEQUENCE, &names)).issue();
    assert!(ca.der.len() <= 65_536 && leaf.der.len() <= 65_536, "both fit the cap");
    let answer = ask(&run("constraints", &leaf, &[&root], &[ca], ""));
    assert_eq!(answer.deny, [("path.budget-exceeded".to_owned(), "question".to_owned())]);
    assert_within_limits(&answer);
    assert!(answer.document.len() < 64 * 1024, "the verdict does not grow with its input");
}

/// D-22: a verdict on ten thousand names that do not match stays small.
#[test]
fn ten_thousand_names_that_do_not_match_give_a_small_verdict() {
    let root = Sketch::ca("root").issue();
    let names: Vec<u8> = (0..10_000).flat_map(|_| name::dns("0a")).collect();
    let leaf = Sketch::leaf("leaf").issued_by(&root);
    let leaf = leaf.extension("subjectAltName", false, der::value(der::SEQUENCE, &names)).issue();
    let mut run = run("names", &leaf, &[&root], &[], "");
    run.names = vec!["dns:b.example".to_owned()];
    let answer = ask(&run);
    assert_eq!(answer.deny, [("identity.mismatch".to_owned(), "leaf".to_owned())]);
    assert!(answer.document.len() < 64 * 1024, "{}", answer.document.len());
}

const LARGE: &str = "limits.certificate-octets = 1048576";

/// D-01: nesting of 100,000 wherever a certificate has room for it.
#[test]
fn deep_nesting_is_refused_or_left_alone_but_never_followed() {
    let deep = nested(100_000);
    let root = Sketch::ca("root").issue();
    let whole = Issued { der: deep.clone(), ..root.clone() };
    assert_eq!(ask(&run("whole", &whole, &[&root], &[], LARGE)).decision, "refuse");

    let places: [(&str, &str, Sketch); 5] = [
        ("unknown extension", "allow", Sketch::leaf("leaf").extension("1.2.3.4", false, deep.clone())),
        ("other name", "allow", Sketch::leaf("leaf").san_raw(&name::other("1.2.3", &deep))),
        ("keyUsage", "refuse", Sketch::leaf("leaf").extension("keyUsage", true, deep.clone())),
        ("nameConstraints", "refuse", Sketch::leaf("leaf").extension("nameConstraints", true, deep.clone())),
        ("x400Address", "allow", Sketch::leaf("leaf").san_raw(&der::implicit_constructed(3, &deep))),
    ];
    for (place, expected, sketch) in places {
        let leaf = sketch.issued_by(&root).issue();
        describe(&leaf.der);
        let answer = ask(&run(place, &leaf, &[&root], &[], LARGE));
        assert!(answer.decision == expected || answer.decision == "refuse", "{place}: {}", answer.decision);
        if expected == "refuse" {
            assert_eq!(answer.decision, "refuse", "{place}");
        }
    }
}

/// D-01: indefinite lengths nested as deep.
#[test]
fn deep_indefinite_nesting_is_refused() {
    let root = Sketch::ca("root").issue();
    let whole = Issued { der: pki::broken::nested_indefinite(100_000), ..root.clone() };
    assert_eq!(ask(&run("whole", &whole, &[&root], &[], LARGE)).decision, "refuse");
}

/// D-04: an object identifier as large as a certificate may be.
#[test]
fn a_huge_object_identifier_is_refused() {
    let root = Sketch::ca("root").issue();
    let huge = der::sequence(&[der::value(der::OBJECT_IDENTIFIER, &[0x81; 60_000])]);
    let leaf = Sketch::leaf("leaf").issued_by(&root).extension("extKeyUsage", false, huge).issue();
    assert_eq!(ask(&run("huge", &leaf, &[&root], &[], "")).decision, "refuse");
}

/// P-03: from one certificate to a thousand.
#[test]
fn bags_of_certificates_up_to_a_thousand_are_judged() {
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
    let bag: Vec<Issued> = (0..1_000)
        .map(|number| Sketch::leaf(&format!("bag{number}")).key(Key::p256("bag")).issue())
        .collect();
    for size in [1, 16, 17, 100, 1_000] {
        let answer = ask(&run("bag", &leaf, &[&root], &bag[..size], "limits.certificates = 1024"));
        assert_eq!(answer.decision, "allow", "{size}");
        assert_within_limits(&answer);
    }
}

/// The cap on one certificate, on both sides.
#[test]
fn a_certificate_may_be_as_large_as_the_cap_and_no_larger() {
    // Ed25519 signatures are always 64 octets, so that a size can be met exactly.
    let root = Sketch::ca("root").key(Key::ed25519("root")).issue();
    let padded = |octets: usize| {
        let leaf = Sketch::leaf("leaf").issued_by(&root);
        leaf.extension("1.2.3.4", false, vec![0; octets]).issue()
    };
    let overhead = padded(60_000).der.len() - 60_000;
    let (fits, beyond) = (padded(65_536 - overhead), padded(65_537 - overhead));
    assert_eq!((fits.der.len(), beyond.der.len()), (65_536, 65_537));
    assert_eq!(ask(&run("fits", &fits, &[&root], &[], "")).decision, "allow");
    assert_eq!(ask(&run("beyond", &beyond, &[&root], &[], "")).decision, "refuse");
}

/// Called `ca`, with the key identifier that all of them have.
fn alike(sketch: Sketch) -> Sketch {
    sketch.subject("CN=ca").extension("subjectKeyIdentifier", false, der::octet_string(&[7; 20]))
}

/// `size` issuers of the right name, with keys that did not sign, which nothing but a verification tells apart.
fn flood(size: usize, key: fn(&str) -> Key, settings: &str) -> Answer {
    let root = Sketch::ca("root").issue();
    let candidate = |number: usize| {
        let name = format!("ca{number}");
        alike(Sketch::ca(&name).key(key(&name)).issued_by(&root)).issue()
    };
    let pool: Vec<Issued> = (0..size).map(candidate).collect();
    let signer = alike(Sketch::ca("signer").key(key("signer"))).authority();
    let leaf = Sketch::leaf("leaf").issued_by(&signer).issue();
    ask(&run("flood", &leaf, &[&root], &pool, settings))
}

/// A kind of key, how one of a name is made, and what it costs.
type KeyCost = (&'static str, fn(&str) -> Key, u32);

/// D-16: many candidate issuers; the cost of their keys, not their number, is what ends the search.
#[test]
fn floods_of_issuers_stop_at_the_cost_of_their_keys() {
    let kinds: [KeyCost; 6] = [
        ("p-256", Key::p256, 1),
        ("p-384", Key::p384, 5),
        ("p-521", Key::p521, 9),
        ("ed25519", Key::ed25519, 1),
        ("ml-dsa-65", Key::ml_dsa_65, 1),
        ("ml-dsa-87", Key::ml_dsa_87, 2),
    ];
    for (kind, key, cost) in kinds {
        let answer = flood(110, key, "limits.certificates = 1024");
        let verified = (200 / cost).min(100);
        assert!(answer.deny.contains(&("path.budget-exceeded".to_owned(), "question".to_owned())), "{kind}");
        assert_eq!(
            answer.spent["signatures"].min(100),
            (verified + 1).min(100),
            "{kind}: the last is refused"
        );
        assert_eq!(answer.spent["signature-cost"], verified * cost, "{kind}");
        assert_within_limits(&answer);
        assert!(answer.document.len() < 128 * 1024, "{kind}: {}", answer.document.len());
    }
    // Below the limits every candidate is tried, and none is the reason to stop.
    let answer = flood(31, Key::p256, "");
    assert_eq!(answer.deny, [("signature.invalid".to_owned(), "leaf".to_owned())]);
    assert_eq!(answer.spent["signatures"], 31);
}

/// D-22: what one finding keeps of a value is bounded, because it is repeated on every path.
#[test]
fn long_values_on_many_paths_give_a_small_verdict() {
    let root = Sketch::ca("root").path_length(0).issue();
    let sketch = |level: usize, twin: usize| {
        let own = der::octet_string(&vec![u8::try_from(level * 2 + twin).unwrap(); 15_000]);
        Sketch::ca(&format!("ca{level}-{twin}"))
            .subject(&format!("CN=ca{level}"))
            .key(Key::p256(&format!("ca{level}")))
            .extension("subjectKeyIdentifier", false, own)
    };
    let other = pki::extension::authority_key_identifier(&[0xee; 15_000]);
    let mut pool = Vec::new();
    for (level, twin) in (0..5).flat_map(|level| [(level, 0), (level, 1)]) {
        let above = if level == 4 { root.clone() } else { sketch(level + 1, 0).authority() };
        let issued = sketch(level, twin).issued_by(&above);
        pool.push(issued.extension("authorityKeyIdentifier", false, other.clone()).issue());
    }
    let leaf = Sketch::leaf("leaf").issued_by(&sketch(0, 0).authority()).issue();
    let answer = ask(&run("identifiers", &leaf, &[&root], &pool, ""));
    assert_eq!(answer.decision, "deny");
    assert_eq!(answer.spent["candidate-paths"], 32, "all of them are judged");
    assert!(answer.document.len() < 512 * 1024, "{}", answer.document.len());
}

/// P-01: where names are long, a step of the builder costs what it costs where they are short.
#[test]
fn a_mesh_of_long_names_takes_the_steps_of_a_mesh_of_short_ones() {
    let steps = |length: usize| {
        let name = format!("CN={}", "n".repeat(length));
        let sketch = |number: usize| {
            let key = format!("mesh{number}");
            alike(Sketch::ca(&key).key(Key::p256(&key))).subject(&name)
        };
        let hub = sketch(0).authority();
        let mut mesh: Vec<Issued> = (0..30).map(|number| sketch(number).issued_by(&hub).issue()).collect();
        let anchor = Sketch::ca("anchor").issue();
        mesh.push(sketch(0).issued_by(&anchor).tamper_signature().issue());
        let leaf = Sketch::leaf("leaf").issued_by(&hub).issue();
        let answer = ask(&run("mesh", &leaf, &[&anchor], &mesh, ""));
        assert_eq!(answer.decision, "deny");
        assert_within_limits(&answer);
        answer.spent
    };
    assert_eq!(steps(10), steps(25_000));
}
