//! Cases are lines `name | inputs | path | outcome`, the path from the anchor's side. Policies are numbers, `*` is
//! anyPolicy. Inputs: the initial policy set, then `e`, `i`, `a` for initial-explicit-policy,
//! initial-policy-mapping-inhibit and initial-any-policy-inhibit. A certificate: `p` certificatePolicies, `m`
//! policyMappings, `e` requireExplicitPolicy, `i` inhibitPolicyMapping, `a` inhibitAnyPolicy, `s` self-issued, `-`
//! nothing of this; before `//` stands an anchor whose constraints count. Outcome: the user-constrained set,
//! `none` for an empty one, or the reason for refusal.

#![expect(clippy::arithmetic_side_effects, reason = "a wrapped number in a test fails the test")]

mod tree;

use super::*;
use crate::budget::Limits;
use crate::certificate::extension::Extension;
use crate::settings::MissingIssuer;

#[derive(Clone, Debug, Default)]
struct Sketch {
    extensions: Extensions,
    self_issued: bool,
}

#[derive(Clone, Debug)]
struct Case {
    settings: PathSettings,
    anchor: Option<Sketch>,
    path: Vec<Sketch>,
}

fn policy(word: &str) -> Oid {
    if word == "*" { oid::ANY_POLICY } else { Oid::from_dotted(&format!("1.2.3.{word}")).unwrap() }
}

fn information(word: &str) -> PolicyInformation {
    PolicyInformation { policy: policy(word), qualifiers: vec![] }
}

fn mapping(word: &str) -> PolicyMapping {
    let (issuer, subject) = word.split_once('>').unwrap();
    PolicyMapping { issuer_domain: policy(issuer), subject_domain: policy(subject) }
}

fn sketch(text: &str) -> Sketch {
    let mut sketch = Sketch::default();
    let extensions = &mut sketch.extensions;
    for word in text.split_whitespace() {
        let (kind, rest) = word.split_at(1);
        match kind {
            "p" => extensions.certificate_policies = Some(list(rest).map(information).collect()),
            "m" => extensions.policy_mappings = Some(list(rest).map(mapping).collect()),
            "e" => constraints(extensions).require_explicit_policy = Some(rest.parse().unwrap()),
            "i" => constraints(extensions).inhibit_policy_mapping = Some(rest.parse().unwrap()),
            "a" => extensions.inhibit_any_policy = Some(rest.parse().unwrap()),
            "s" => sketch.self_issued = true,
            _ => assert_eq!(word, "-"),
        }
    }
    sketch
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|word| !word.is_empty())
}

fn constraints(extensions: &mut Extensions) -> &mut PolicyConstraints {
    let none = PolicyConstraints { require_explicit_policy: None, inhibit_policy_mapping: None };
    extensions.policy_constraints.get_or_insert(none)
}

fn case(inputs: &str, path: &str) -> Case {
    let (set, flags) = inputs.split_once(' ').unwrap_or((inputs, ""));
    let settings = PathSettings {
        missing_issuer: MissingIssuer::Refuse,
        maximum_intermediates: 8,
        initial_policy_set: list(set).map(policy).collect(),
        explicit_policy: flags.contains('e'),
        inhibit_policy_mapping: flags.contains('i'),
        inhibit_any_policy: flags.contains('a'),
    };
    let (anchor, path) = path.split_once(" // ").map_or((None, path), |(anchor, path)| (Some(anchor), path));
    Case { settings, anchor: anchor.map(sketch), path: path.split(" / ").map(sketch).collect() }
}

fn run(case: &Case, budget: &mut Budget) -> Result<ValidPolicies, PolicyRefusal> {
    let mut state = PolicyState::new(&case.settings, case.path.len());
    if let Some(anchor) = &case.anchor {
        state.constrain_by_anchor(&(&anchor.extensions).into(), budget)?;
    }
    let (target, intermediates) = case.path.split_last().unwrap();
    for sketch in intermediates {
        let role = if sketch.self_issued { PathRole::SelfIssuedIntermediate } else { PathRole::Intermediate };
        state.process(&(&sketch.extensions).into(), role, budget)?;
        state.prepare_next(&(&sketch.extensions).into(), role, budget)?;
    }
    state.process(&(&target.extensions).into(), PathRole::Target, budget)?;
    state.finish(&(&target.extensions).into())
}

fn outcome(inputs: &str, path: &str) -> String {
    match run(&case(inputs, path), &mut Budget::new(Limits::DEFAULT)) {
        Ok(valid) if valid.user_constrained.is_empty() => "none".to_owned(),
        Ok(valid) => words(&valid.user_constrained),
        Err(PolicyRefusal::NoValidPolicy { .. }) => "none-valid".to_owned(),
        Err(PolicyRefusal::MappingOfAnyPolicy(_)) => "maps-any".to_owned(),
        Err(PolicyRefusal::Duplicate(_)) => "duplicate".to_owned(),
        Err(PolicyRefusal::BudgetExceeded(_)) => "budget".to_owned(),
    }
}

fn words(set: &BTreeSet<Oid>) -> String {
    let word = |oid: &Oid| {
        if *oid == oid::ANY_POLICY { "*".into() } else { oid.to_string().replacen("1.2.3.", "", 1) }
    };
    set.iter().map(word).collect::<Vec<String>>().join(",")
}

fn check(table: &str) {
    for line in table.lines().filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split(" | ").collect();
        assert_eq!(outcome(fields[1], fields[2]), fields[3], "{line}");
    }
}

/// NIST PKITS 4.8 to 4.12.
const PKITS: &str = "
4.8.1.1 | * e | p1 / p1 | 1
4.8.1.2 | 1 e | p1 / p1 | 1
4.8.1.3 | 2 e | p1 / p1 | none-valid
4.8.1.4 | 1,2 e | p1 / p1 | 1
4.8.3.1 | * | p1 / p2 / p2 | none
4.8.3.2 | * e | p1 / p2 / p2 | none-valid
4.8.3.3 | 1,2 e | p1 / p2 / p2 | none-valid
4.8.5 | * | p1 / p2 e0 / p1 | none-valid
4.8.6.1 | * | p1,2,3,4 e0 / p1,2,3 / p1,2 / p1 | 1
4.8.6.2 | 1 | p1,2,3,4 e0 / p1,2,3 / p1,2 / p1 | 1
4.8.6.3 | 2 | p1,2,3,4 e0 / p1,2,3 / p1,2 / p1 | none-valid
4.8.7 | * | p1,2,3 e0 / p1,2 / p1 / p2 | none-valid
4.8.8 | * | p1,2 e0 / p1 / p2 / p2 | none-valid
4.8.9 | * | p1,2,3 e0 / p1,2 / p2 / p1 / p1 | none-valid
4.8.10.1 | * | p1,2 e0 / p1,2 | 1,2
4.8.10.2 | 1 | p1,2 e0 / p1,2 | 1
4.8.10.3 | 2 | p1,2 e0 / p1,2 | 2
4.8.11.1 | * | p* e0 / p* | *
4.8.11.2 | 1 | p* e0 / p* | 1
4.8.13.1 | 1 | p1,2,3 e0 / p1,2,3 | 1
4.8.13.2 | 2 | p1,2,3 e0 / p1,2,3 | 2
4.8.13.3 | 3 | p1,2,3 e0 / p1,2,3 | 3
4.8.15 | * | p1 | 1
4.8.16 | * | p1 / p1,2 | 1
4.8.18.1 | 1 | p1,2 e0 / p1,* | 1
4.8.18.2 | 2 | p1,2 e0 / p1,* | 2
4.9.1 | * | p1 e10 / p1 / p1 / p1 / - | none
4.9.2 | * | p1 e5 / p1 / p1 / p1 / - | none
4.9.4 | * | p1 e0 / p1 / p1 / p1 / p1 | 1
4.9.5 | * | p1 e7 / p1 e2 / p1 e4 / p1 / - | none-valid
4.9.7 | * | p1 e2 / p1 s / p1 / - | none-valid
4.9.8 | * | p1 e2 / p1 s / p1 / p1 s / - | none-valid
4.10.2.1 | * | p1 m1>2 e0 / p1 | none-valid
4.10.2.2 | * i | p1 m1>2 e0 / p1 | none-valid
4.10.3.1 | 1 | p1,2 m1>3 e0 / p2,5 m2>4,5>7 / p3,4 m4>8 / p8 | none-valid
4.10.3.2 | 2 | p1,2 m1>3 e0 / p2,5 m2>4,5>7 / p3,4 m4>8 / p8 | 2
4.10.6.1 | 1 | p1 m1>2,1>3,1>4 e0 / p2,4 m2>5,4>6 / p5 | 1
4.10.6.2 | 6 | p1 m1>2,1>3,1>4 e0 / p2,4 m2>5,4>6 / p5 | none-valid
4.10.7 | * | p* m*>1 e0 / p1 | maps-any
4.10.8 | * | p1 m1>* e0 / p* | maps-any
4.10.9 | * | p* m1>2 e0 / p1 | 1
4.10.11 | * | p1 / p* m1>2 e0 / p2 | 1
4.10.12.1 | 1 | p1,2 m1>3 e0 / p3,* | 1
4.10.12.2 | 2 | p1,2 m1>3 e0 / p3,* | 2
4.10.13.1 | * | p1,* m1>2 e0 / p2 | 1
4.10.13.2 | 1,2 | p1,* m1>2 e0 / p2 | 1
4.10.13.3 | 2 | p1,* m1>2 e0 / p2 | none-valid
4.11.2 | * | p1,2 e0 i1 / p1,2 m1>3,2>4 / p3 | 1
4.11.6 | * | p1,2 e0 i1 / p1,2 i5 / p1,2 m1>3 / p3 | none-valid
4.11.7 | * | p1 e0 i1 / p1 s / p1 m1>2 / p2 | 1
4.11.8 | * | p1 e0 i1 / p1 s / p1 m1>2 / p2 m2>3 / p3 | none-valid
4.11.9 | * | p1 e0 i1 / p1 s / p1 m1>2 / p2 m2>3 / p2 | none-valid
4.11.10 | * | p1 e0 i1 / p1 s / p1 m1>2 / p2 m2>3 s / p3 | none-valid
4.11.11 | * | p1 e0 i1 / p1 s / p1 m1>2 / p2 m2>3 s / p2 | none-valid
4.12.2 | * | p1 e0 a0 / p*,1 | 1
4.12.3.1 | * | p1 e0 a1 / p* / p1 | 1
4.12.3.2 | * a | p1 e0 a1 / p* / p1 | none-valid
4.12.4 | * | p1 e0 a1 / p* / p* | none-valid
4.12.5 | * | p1 e0 a5 / p1 a1 / p1 / p* | none-valid
4.12.6 | * | p1 e0 a1 / p1 a5 / p* | none-valid
4.12.8 | * | p1 e0 a1 / p1 s / p* / p* / p1 | none-valid
4.12.9 | * | p1 e0 a1 / p1 s / p* / p* s / p1 | 1
";

/// Chains of BoringSSL: an anchor alone, and one whose constraints count.
const ANCHORS: &str = "
policies-inhibit-anypolicy-by-root-fail::main | * | p* e0 / p5 | 5
policies-inhibit-anypolicy-by-root-fail::ta-with-constraints | * | a0 // p* e0 / p5 | none-valid
policies-inhibit-anypolicy-by-root-ok::main | * | p* e0 / p5 | 5
policies-inhibit-anypolicy-by-root-ok::ta-with-constraints | * | a1 // p* e0 / p5 | 5
policies-inhibit-mapping-by-root-fail::main | * | p4 m4>5 e0 / p5 | 4
policies-inhibit-mapping-by-root-fail::ta-with-constraints | * | i0 // p4 m4>5 e0 / p5 | none-valid
policies-inhibit-mapping-by-root-ok::main | * | p4 m4>5 e0 / p5 | 4
policies-inhibit-mapping-by-root-ok::ta-with-constraints | * | i1 // p4 m4>5 e0 / p5 | 4
policies-on-root-ok::main | * | p4 e0 / p4 | 4
policies-on-root-ok::ta-with-constraints | * | p4 e0 i0 a0 // p4 e0 / p4 | 4
policies-on-root-wrong::main | * | p4 e0 / p4 | 4
policies-on-root-wrong::ta-with-constraints | * | p5 // p4 e0 / p4 | none-valid
policies-required-by-root-fail::main | * | - / - | none
policies-required-by-root-fail::ta-with-constraints | * | e2 // - / - | none-valid
policies-required-by-root-ok::main | * | - / - | none
policies-required-by-root-ok::ta-with-constraints | * | e3 // - / - | none
policy-mappings-on-root-ok::main | * | p5 e0 / p5 | 5
policy-mappings-on-root-ok::ta-with-constraints | * | p4 m4>5 // p5 e0 / p5 | 4
";

/// Ours: boundaries that the two suites leave open.
const EDGES: &str = "
no certificate speaks of policies | * | - / - | none
no certificate speaks of policies, explicit | * e | - / - | none-valid
one certificate of the path is silent | * | p1 / - / p1 | none
the target alone is silent, explicit | * e | p1 / - | none-valid
an empty list is no policy | * | p / p1 | none
an empty list is no policy, explicit | * e | p / p1 | none-valid
the user accepts nothing | , | p1 / p1 | none
the user accepts nothing, explicit | , e | p1 / p1 | none-valid
the user accepts any and one | 1,* e | p1,2 / p1,2 | 1,2
two mappings meet | * e | p1,2 m1>3,2>3 / p3 | 1,2
two mappings meet, one accepted | 2 e | p1,2 m1>3,2>3 / p3 | 2
a mapping stands twice | * e | p1 m1>2,1>2 / p2 | 1
a mapped policy is no longer itself | * e | p1 m1>2 / p1 | none-valid
two policies change places | 1 e | p1,2 m1>2,2>1 / p2 | 1
a mapping of a policy that is not there | * e | p1 m3>1 / p1 | 1
a mapping under anyPolicy | 1 e | p* m1>2 / p2 | 1
a mapping under anyPolicy hides the subject's own policy | 2 e | p* m1>2 / p2 | none-valid
an inhibited mapping ends the policy | * i | p1 m1>2 / p1 | none
an inhibited mapping leaves the others | * ie | p1,3 m1>2 / p3 | 3
anyPolicy survives an inhibited mapping | * ie | p* m1>2 / p2 | 2
anyPolicy carries expected policies | * e | p1 m1>2 / p* | 1
anyPolicy in the target, any accepted | * e | p1 / p* | 1
anyPolicy first inhibited | * ae | p* / p1 | none-valid
anyPolicy first inhibited, self-issued | * ae | p* s / p1 | 1
anyPolicy inhibited in the target | * ae | p1 / p* | none-valid
requireExplicitPolicy 0 in the target | * | p1 / p2 e0 | none-valid
requireExplicitPolicy 1 in the target | * | p1 / p2 e1 | none
inhibitAnyPolicy in the target is too late | * e | p1 / p* a0 | 1
requireExplicitPolicy 2 with two below | * | p1 e2 / p1 / - | none-valid
requireExplicitPolicy 3 with two below | * | p1 e3 / p1 / - | none
requireExplicitPolicy 1 and the target | * | p1 e1 / - | none-valid
requireExplicitPolicy 2 and the target | * | p1 e2 / - | none
numbers at the end of their range | * | p1 e4294967295 i4294967295 a4294967295 / p* | 1
a policy named twice | * | p1,1 / p1 | duplicate
a policy named twice in the target | * | p1 / p1,1 | duplicate
anyPolicy named twice | * | p*,* / p1 | duplicate
a policy named twice after the graph has ended | * | - / p1,2,1 | duplicate
anyPolicy mapped after the graph has ended | * | - / p1 m1>* / p1 | maps-any
anyPolicy mapped among others | * | p1 m1>2,*>3 / p2 | maps-any
an anchor that says nothing | * e | - // p1 / p1 | 1
an anchor that allows any policy | * e | p* // p1 / p1 | 1
an anchor that allows any policy under anyPolicy inhibited | * ae | p* // p1 / p1 | 1
an anchor that allows two | * e | p1,2 // p1,2,3 / p1,2,3 | 1,2
an anchor under anyPolicy in the path | 2 e | p1,2 // p* / p* | 2
an anchor whose policies the user does not accept | 3 e | p1,2 // p* / p* | none-valid
an anchor that maps without policies | * e | m4>5 // p5 / p5 | 4
an anchor that maps where that is inhibited | * ie | p4 m4>5 // p5 / p5 | none-valid
an anchor that maps anyPolicy | * | m4>* // p5 / p5 | maps-any
an anchor that names a policy twice | * | p4,4 // p4 / p4 | duplicate
an anchor and the target alone | * | e1 // - | none-valid
an anchor and the target alone, one more | * | e2 // - | none
";

#[test]
fn the_cases_of_nist_pkits() {
    check(PKITS);
}

#[test]
fn an_anchor_counts_only_where_its_constraints_do() {
    check(ANCHORS);
}

#[test]
fn boundaries() {
    check(EDGES);
}

#[test]
fn a_missing_policy_is_refused_at_the_certificate_that_lacks_it() {
    let case = case("* e", "p1 / p2 / p2");
    let mut budget = Budget::new(Limits::DEFAULT);
    let mut state = PolicyState::new(&case.settings, case.path.len());
    let [first, second, _] = &case.path[..] else { panic!() };
    assert_eq!(state.process(&(&first.extensions).into(), PathRole::Intermediate, &mut budget), Ok(()));
    assert_eq!(state.prepare_next(&(&first.extensions).into(), PathRole::Intermediate, &mut budget), Ok(()));
    let refused = PolicyRefusal::NoValidPolicy { authority_constrained: BTreeSet::new() };
    let second = (&second.extensions).into();
    assert_eq!(state.process(&second, PathRole::Intermediate, &mut budget), Err(refused));
}

#[test]
fn an_issuer_says_more_than_the_user_accepts() {
    let valid = run(&case("1", "p1,2 / p1,2"), &mut Budget::new(Limits::DEFAULT)).unwrap();
    assert_eq!((&*words(&valid.authority_constrained), &*words(&valid.user_constrained)), ("1,2", "1"));
    let valid = run(&case("1,3", "p* / p*"), &mut Budget::new(Limits::DEFAULT)).unwrap();
    assert_eq!((&*words(&valid.authority_constrained), &*words(&valid.user_constrained)), ("*", "1,3"));
}

#[test]
fn a_refusal_says_what_it_compared() {
    let mut budget = Budget::new(Limits { policy_edges: 2, ..Limits::DEFAULT });
    let mut refusal = |inputs: &str, path: &str| run(&case(inputs, path), &mut budget).unwrap_err().finding();
    let number = |name: &str| Value::Oid(policy(name));
    assert_eq!(refusal("*", "p7,7 / p7"), (Code::PolicyDuplicate, vec![("policy", number("7"))]));
    assert_eq!(
        refusal("*", "m7>* / p7"),
        (
            Code::MappingOfAnyPolicy,
            vec![("issuerDomainPolicy", number("7")), ("subjectDomainPolicy", number("*"))]
        )
    );
    assert_eq!(refusal("8 e", "p7"), (Code::NoValidPolicy, vec![("authority-constrained", number("7"))]));
    let limit = vec![("limit", Value::text("policy-edges")), ("allowed", Value::Number(2))];
    assert_eq!(refusal("*", "p7 / p7"), (Code::BudgetExceeded, limit));
}

/// A path in which both policies are mapped to both of the next two at every depth: the tree of RFC 5280 would have
/// 2 to the power of `depth` leaves (CVE-2023-0464).
fn doubling(depth: usize) -> Case {
    let next = |level: usize| (1 + level % 2 * 2, 2 + level % 2 * 2);
    let mut path: Vec<String> = Vec::new();
    for level in 0..depth {
        let ((a, b), (c, d)) = (next(level), next(level + 1));
        path.push(format!("p{a},{b} m{a}>{c},{a}>{d},{b}>{c},{b}>{d}"));
    }
    path.push(format!("p{},{}", next(depth).0, next(depth).1));
    case("* e", &path.join(" / "))
}

#[test]
fn doubling_mappings_cost_the_same_at_every_depth() {
    let spent = |depth| {
        let mut budget = Budget::new(Limits::DEFAULT);
        let valid = run(&doubling(depth), &mut budget).unwrap();
        assert_eq!(words(&valid.user_constrained), "1,2");
        budget.spent().policy_edges
    };
    let per_level = spent(2) - spent(1);
    assert!(per_level <= 12, "{per_level}");
    assert_eq!(spent(32), spent(1) + 31 * per_level);
}

#[test]
fn a_budget_that_just_fits_is_enough_and_one_edge_less_is_not() {
    let mut budget = Budget::new(Limits::DEFAULT);
    let path = doubling(8);
    run(&path, &mut budget).unwrap();
    let needed = budget.spent().policy_edges;
    let with = |edges| run(&path, &mut Budget::new(Limits { policy_edges: edges, ..Limits::DEFAULT }));
    assert!(with(needed).is_ok());
    for less in 0..needed {
        let exceeded = BudgetExceeded { limit: "policy-edges", allowed: less };
        assert_eq!(with(less), Err(PolicyRefusal::BudgetExceeded(exceeded)));
    }
}

#[test]
fn many_mappings_under_any_policy_stop_at_the_budget() {
    // Every depth keeps what the last one mapped and maps as many again.
    let map =
        |level: usize| (0..3000).map(|n| format!("{n}>{}", n + 3000 * level)).collect::<Vec<_>>().join(",");
    let path: Vec<String> = (1..9).map(|level| format!("p* m{}", map(level))).collect();
    assert_eq!(outcome("*", &format!("{} / p*", path.join(" / "))), "budget");
}

fn with_extension(mut extensions: Extensions, kind: Oid, critical: bool) -> Extensions {
    extensions.all.push(Extension { kind, critical, value: vec![], offset: 0 });
    extensions
}

fn codes(findings: Vec<(Code, Details)>) -> Vec<Code> {
    findings.into_iter().map(|(code, _)| code).collect()
}

#[test]
fn policies_and_mappings_have_their_form() {
    let of = |text: &str| sketch(text).extensions;
    assert_eq!(codes(check_duplicates(&of("p1,2"))), []);
    assert_eq!(codes(check_duplicates(&of("-"))), []);
    assert_eq!(
        check_duplicates(&of("p1,2,1")),
        [(Code::PolicyDuplicate, vec![("policy", Value::Oid(policy("1")))])]
    );
    assert_eq!(codes(check_mappings(&of("-"))), []);
    assert_eq!(codes(check_mappings(&of("m1>2"))), []);
    assert_eq!(
        codes(check_mappings(&of("m1>2,*>2,1>*"))),
        [Code::MappingOfAnyPolicy, Code::MappingOfAnyPolicy]
    );
}

#[test]
fn policy_constraints_hold_something_and_are_critical() {
    let check = |text: &str, critical| {
        codes(check_constraints(&with_extension(sketch(text).extensions, oid::POLICY_CONSTRAINTS, critical)))
    };
    assert_eq!(codes(check_constraints(&sketch("-").extensions)), []);
    assert_eq!(check("e0", true), []);
    assert_eq!(check("i0", true), []);
    assert_eq!(check("e0", false), [Code::PolicyConstraintsNotCritical]);
    let mut empty = Extensions::default();
    constraints(&mut empty);
    let empty = |critical| with_extension(empty.clone(), oid::POLICY_CONSTRAINTS, critical);
    assert_eq!(codes(check_constraints(&empty(true))), [Code::PolicyConstraintsEmpty]);
    let both = [Code::PolicyConstraintsEmpty, Code::PolicyConstraintsNotCritical];
    assert_eq!(codes(check_constraints(&empty(false))), both);
}

#[test]
fn inhibit_any_policy_is_critical() {
    let check = |text: &str, critical| {
        let extensions = with_extension(sketch(text).extensions, oid::INHIBIT_ANY_POLICY, critical);
        codes(check_inhibit_any_policy(&extensions))
    };
    assert_eq!(codes(check_inhibit_any_policy(&sketch("-").extensions)), []);
    assert_eq!(check("a0", true), []);
    assert_eq!(check("a0", false), [Code::InhibitAnyPolicyNotCritical]);
}
