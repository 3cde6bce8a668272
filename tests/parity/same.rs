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

fn engine_description(der: &[u8]) -> Option<String> {
    let certificate = ::engine::certificate::Certificate::decode(der).ok()?;
    Some(::engine::certificate::describe::describe_document(&certificate))
}
