//! Cases are lines `name | path | outcome`, the path from the anchor's side. A certificate: `ca` with its
//! pathLenConstraint, `no` without cA, `-` without basicConstraints, `s` self-issued; before `//` stands an anchor
//! whose constraints count. Outcome: `ok`, or the code and the place in the path of each finding.

use super::*;
use crate::certificate::extension::Extension;

fn constraints(word: &str) -> Option<BasicConstraints> {
    let limit = |rest: &str| (!rest.is_empty()).then(|| rest.parse().unwrap());
    match word.split_at_checked(2) {
        Some(("ca", rest)) => Some(BasicConstraints { ca: true, path_length: limit(rest) }),
        Some(("no", rest)) => Some(BasicConstraints { ca: false, path_length: limit(rest) }),
        _ => None,
    }
}

fn outcome(path: &str) -> String {
    let (anchor, path) = path.split_once(" // ").map_or((None, path), |(anchor, path)| (Some(anchor), path));
    let path: Vec<&str> = path.split(" / ").collect();
    let mut state = PathLengthState::new(path.len());
    if let Some(anchor) = anchor {
        state.constrain_by_anchor(constraints(anchor));
    }
    let mut findings = Vec::new();
    let (_target, intermediates) = path.split_last().unwrap();
    for (place, certificate) in intermediates.iter().enumerate() {
        let (own, self_issued) =
            certificate.split_once(' ').map_or((*certificate, false), |(own, _)| (own, true));
        let role = if self_issued { PathRole::SelfIssuedIntermediate } else { PathRole::Intermediate };
        let mut found = check_issuer(constraints(own));
        found.extend(state.prepare_next(constraints(own), role));
        findings.extend(found.into_iter().map(|(code, _)| format!("{} {place}", code.as_str())));
    }
    if findings.is_empty() { "ok".to_owned() } else { findings.join(", ") }
}

const CASES: &str = "
PKITS 4.6.1 | - / - | basic-constraints.missing 0
PKITS 4.6.3 | no / - | basic-constraints.not-ca 0
PKITS 4.6.5 | ca0 / ca / - | basic-constraints.path-length-exceeded 1
PKITS 4.6.6 | ca0 / ca / ca | basic-constraints.path-length-exceeded 1
PKITS 4.6.7 | ca0 / - | ok
PKITS 4.6.8 | ca0 / ca | ok
PKITS 4.6.9 | ca6 / ca0 / ca0 / - | basic-constraints.path-length-exceeded 2
PKITS 4.6.12 | ca6 / ca1 / ca1 / ca / ca | basic-constraints.path-length-exceeded 3
PKITS 4.6.14 | ca6 / ca4 / ca1 / ca / ca | ok
PKITS 4.6.16 | ca0 / ca s / ca / - | basic-constraints.path-length-exceeded 2
PKITS 4.6.17 | ca1 / ca s / ca / ca s / - | ok
a trusted key and the target | - | ok
a limit of the target counts nothing | ca0 / ca0 | ok
a limit may not be raised below | ca1 / ca2 / ca / - | basic-constraints.path-length-exceeded 2
a limit may be stated higher below | ca1 / ca2 / - | ok
a limit is lowered below | ca1 / ca0 / ca0 / - | basic-constraints.path-length-exceeded 2
a self-issued certificate sets a limit too | ca1 / ca0 s / ca / - | basic-constraints.path-length-exceeded 2
no limit at all | ca / ca / ca / ca / - | ok
a limit at the end of its range | ca4294967295 / ca / - | ok
a limit without cA is a limit | no0 / ca / - | basic-constraints.not-ca 0, basic-constraints.path-length-exceeded 1
an anchor's limit without cA | no0 // ca / - | basic-constraints.path-length-exceeded 0
each certificate beyond a limit is told | ca0 / ca / ca / - | basic-constraints.path-length-exceeded 1, basic-constraints.path-length-exceeded 2
an anchor's limit, kept | ca1 // ca / - | ok
an anchor's limit, broken | ca1 // ca / ca / - | basic-constraints.path-length-exceeded 1
an anchor that allows the target alone | ca0 // - | ok
an anchor that allows the target alone, and one between | ca0 // ca / - | basic-constraints.path-length-exceeded 0
an anchor without limit | ca // ca / ca / - | ok
an anchor without basicConstraints | - // ca / ca / - | ok
";

#[test]
fn path_lengths_and_issuers() {
    for line in CASES.lines().filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split(" | ").collect();
        assert_eq!(outcome(fields[1]), fields[2], "{line}");
    }
}

#[test]
fn intermediates_that_are_not_self_issued_are_limited() {
    use PathRole::{Intermediate, SelfIssuedIntermediate};
    let check = |roles: &[PathRole], maximum| check_intermediates(roles.iter().copied(), maximum);
    assert_eq!(check(&[], 0), []);
    assert_eq!(check(&[SelfIssuedIntermediate], 0), []);
    assert_eq!(check(&[Intermediate, SelfIssuedIntermediate], 1), []);
    let details = vec![("intermediates", Value::Number(1)), ("maximum", Value::Number(0))];
    assert_eq!(check(&[Intermediate], 0), [(Code::PathTooLong, details)]);
    let details = vec![("intermediates", Value::Number(2)), ("maximum", Value::Number(1))];
    assert_eq!(
        check(&[Intermediate, SelfIssuedIntermediate, Intermediate], 1),
        [(Code::PathTooLong, details)]
    );
}

#[test]
fn an_anchor_asserts_ca() {
    assert_eq!(check_anchor(constraints("ca")), []);
    assert_eq!(check_anchor(constraints("no")), [(Code::AnchorNotCa, vec![])]);
    assert_eq!(check_anchor(None), [(Code::AnchorNotCa, vec![])]);
}

#[test]
fn basic_constraints_of_a_ca_are_critical() {
    let check = |word: &str, critical| {
        let all = vec![Extension { kind: oid::BASIC_CONSTRAINTS, critical, value: vec![], offset: 0 }];
        check_critical(&Extensions { all, basic_constraints: constraints(word), ..Extensions::default() })
    };
    assert_eq!(check("ca", true), []);
    assert_eq!(check("no", false), []);
    assert_eq!(check("ca", false), [(Code::BasicConstraintsNotCritical, vec![])]);
    assert_eq!(check_critical(&Extensions::default()), []);
}

#[test]
fn a_path_length_needs_ca_and_a_key_that_signs_certificates() {
    let signs = Some(KeyUsage::EMPTY.with(KeyUsageBit::KeyCertSign));
    let other = Some(KeyUsage::EMPTY.with(KeyUsageBit::CrlSign));
    let check = |word: &str, usage| check_path_length_form(constraints(word), usage);
    let refused =
        |limit| vec![(Code::PathLengthWithoutCa, vec![("pathLenConstraint", Value::Number(limit))])];
    assert_eq!(check("ca0", signs), []);
    assert_eq!(check("ca0", None), []);
    assert_eq!(check("ca", other), []);
    assert_eq!(check("no", other), []);
    assert_eq!(check("-", other), []);
    assert_eq!(check("ca3", other), refused(3));
    assert_eq!(check("no3", signs), refused(3));
    assert_eq!(check("no0", None), refused(0));
}
