//! The same octets from the engine crate and from the component, whoever asked what before.

use crate::cases::{every_certificate, runs};
use crate::component::{Answer, ask, engine};
use crate::edge;

/// What the engine crate says, in the component's words.
fn natively(run: &pki::scenario::Run) -> Answer {
    let edge::Answer { decision, deny, document, trace_hash, .. } = edge::ask(run);
    match (decision, deny.as_slice()) {
        ("refuse", [(code, input)]) => Answer::Refused(code.clone(), input.clone()),
        _ => Answer::Decided { allows: decision == "allow", document, trace_hash },
    }
}

#[test]
fn every_scenario_gives_the_same_octets() {
    let engine = engine();
    let mut decided = 0;
    for (name, run) in runs() {
        let answer = ask(&mut engine.session().unwrap(), &run);
        assert_eq!(answer, natively(&run), "{name}: {}", run.title);
        decided += usize::from(matches!(answer, Answer::Decided { .. }));
    }
    assert!(decided > 300, "{decided}");
}

/// Attack case O-18: nothing is kept from one question that a later one could be answered with.
#[test]
fn a_session_gives_the_same_octets_whatever_was_asked_before() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut before: Option<(pki::scenario::Run, Answer)> = None;
    for (name, run) in runs() {
        let answer = ask(&mut session, &run);
        assert_eq!(answer, natively(&run), "{name}: {}", run.title);
        assert_eq!(answer, ask(&mut session, &run), "{name}: {} asked again", run.title);
        if let Some((earlier, said)) = &before {
            assert_eq!(&ask(&mut session, earlier), said, "{} after another", earlier.title);
        }
        before = Some((run, answer));
    }
}

#[test]
fn every_certificate_is_described_in_the_same_octets() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut described = 0;
    for (name, der) in every_certificate() {
        let natively = engine_description(&der);
        let answer = session.describe_document(&der).unwrap();
        assert_eq!(answer.is_ok(), natively.is_some(), "{name}");
        if let (Ok(document), Some(natively)) = (answer, natively) {
            assert_eq!(document, natively, "{name}");
            let fields = session.describe(&der).unwrap().unwrap();
            assert!(fields.len() > 10, "{name}: {} fields", fields.len());
            described += 1;
        }
    }
    assert!(described > 200, "{described}");
}

/// A request that waits says the same on every host, as DER and as PEM.
#[test]
fn a_request_is_described_in_the_same_octets() {
    use ::engine::certificate::signing_request::SigningRequest;
    let mut session = engine().session().unwrap();
    let asked = "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=cm1 \
                 -addext extendedKeyUsage=serverAuth -outform DER";
    let made = std::process::Command::new("openssl").args(asked.split_whitespace()).output().unwrap();
    let der = made.stdout;
    let request = SigningRequest::decode(&der).unwrap();
    let natively = ::engine::certificate::describe::describe_request_document(&request);
    for label in ["CN=cm1", "p-256", "serverAuth"] {
        assert!(natively.contains(label), "{label}: {natively}");
    }
    let pem = ::engine::certificate::pem::block("CERTIFICATE REQUEST", &der);
    for file in [der.as_slice(), pem.as_bytes()] {
        assert_eq!(session.describe_request_document(file).unwrap().unwrap(), natively);
    }
    let refused = session.describe_request_document(b"hello").unwrap().unwrap_err();
    assert_eq!(refused.code, "input.text");
    let mut broken = der.clone();
    broken.truncate(der.len() - 1);
    assert!(session.describe_request_document(&broken).unwrap().is_err());
}

fn engine_description(der: &[u8]) -> Option<String> {
    let certificate = ::engine::certificate::Certificate::decode(der).ok()?;
    Some(::engine::certificate::describe::describe_document(&certificate))
}
