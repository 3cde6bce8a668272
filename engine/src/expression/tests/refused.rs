//! Texts that are no expressions here: each with its place and its reason.

use super::*;

#[track_caller]
fn problem(text: &str) -> (usize, ProblemKind) {
    let problem = Expression::read(text, Scope::Path).expect_err(text);
    (problem.at, problem.kind)
}

#[test]
fn the_types_of_both_sides_are_told() {
    for (text, at, expected, found) in [
        ("target.key.bits == '2048'", 19, "int", "string"),
        ("target.key.bits < at", 18, "int", "timestamp"),
        ("'a' in 'abc'", 7, "list(string)", "string"),
        ("1 in names", 5, "list(int)", "list(string)"),
        ("at + 1 > at", 5, "duration", "int"),
        ("at - 1 > at", 5, "timestamp or duration", "int"),
        ("true + true", 0, "int or string or timestamp or duration", "bool"),
        ("target == anchor", 0, "bool or int or string or timestamp or duration", "certificate"),
        ("path == path", 0, "bool or int or string or timestamp or duration", "list(certificate)"),
        ("true < false", 0, "int or string or timestamp or duration", "bool"),
        ("!position", 0, "", ""),
        ("mode && true", 0, "bool", "string"),
        ("true || 1", 8, "bool", "int"),
        ("!mode", 1, "bool", "string"),
        ("-mode == mode", 1, "int", "string"),
        ("mode ? true : false", 0, "bool", "string"),
        ("true ? 1 : 'a'", 11, "int", "string"),
        ("names[mode] == mode", 6, "int", "string"),
        ("mode[0] == mode", 0, "list", "string"),
        ("mode.all(c, true)", 0, "list", "string"),
        ("names.all(n, n)", 13, "bool", "string"),
        ("names.filter(n, 1) == names", 16, "bool", "int"),
        ("size(1) == 1", 5, "string or list", "int"),
        ("1.size() == 1", 0, "string or list", "int"),
        ("mode.contains(1)", 14, "string", "int"),
        ("names.contains('a')", 0, "string", "list(string)"),
        ("path.key.bits == 1", 0, "certificate", "list(certificate)"),
        ("mode.key == 1", 0, "a record", "string"),
        ("[1, 'a'] == [1]", 4, "int", "string"),
        ("mode", 0, "bool", "string"),
    ] {
        if expected.is_empty() {
            continue;
        }
        let kind = ProblemKind::Type { expected: expected.to_owned(), found: found.to_owned() };
        assert_eq!(problem(text), (at, kind), "{text}");
    }
}

#[test]
fn a_name_that_nothing_has_is_told_with_those_there_are() {
    for (text, at, found, one_of) in [
        ("targt.key.bits == 1", 0, "targt", "target"),
        ("target.keys.bits == 1", 7, "keys", "key"),
        ("target.key.bit == 1", 11, "bit", "bits"),
        ("path.exist(c, true)", 5, "exist", "exists"),
        ("path.exists(c, d.self_issued)", 15, "d", "c"),
        ("path.exists(c, true) && c.self_issued", 24, "c", "path"),
        ("length(names) == 1", 0, "length", "size"),
        // only where each certificate is asked about
        ("certificate.self_issued", 0, "certificate", "target"),
        ("position == 0", 0, "position", "purpose"),
        // no fact of a name is one of a certificate
        ("target.text == 'a'", 7, "text", "subject"),
    ] {
        let (place, kind) = problem(text);
        let ProblemKind::Name { found: name, expected } = kind else { panic!("{text}: {kind:?}") };
        assert_eq!((place, name.as_str()), (at, found), "{text}");
        assert!(expected.iter().any(|name| name == one_of), "{text}: {expected:?}");
    }
}

#[test]
fn what_is_no_expression_is_told_with_what_belongs_there() {
    for (text, at) in [
        ("", 0),
        ("  ", 2),
        ("// only a remark", 16),
        ("mode ==", 7),
        ("mode = mode", 5),
        ("mode == mode mode", 13),
        ("(mode == mode", 13),
        ("mode == mode)", 12),
        ("names[0", 7),
        ("mode & mode", 5),
        ("mode == 'a", 8),
        ("mode == \"a\nb\"", 8),
        ("mode == '\\q'", 9),
        ("mode == '\\ud800'", 9),
        ("mode == '\\u12'", 9),
        ("1x == 1", 0),
        ("0x == 1", 0),
        ("9223372036854775808 == 1", 0),
        ("99999999999999999999 == 1", 0),
        ("a ? b", 0),
        ("true ? true", 11),
        ("target.", 7),
        ("target.in == 1", 7),
        ("if == 1", 0),
        ("path.exists(true, true)", 12),
        ("path.exists(path, true)", 12),
        ("path.exists(c, path.exists(c, true))", 27),
        ("path.exists(c)", 13),
        ("has(target)", 4),
        ("has(mode == mode)", 4),
        ("timestamp(mode) > at", 10),
        ("timestamp('2026-13-01T00:00:00Z') > at", 10),
        ("timestamp('2026-01-01 00:00:00Z') > at", 10),
        ("timestamp('2026-01-01T00:00:00') > at", 10),
        ("timestamp('2026-01-01T00:00:00.5Z') > at", 10),
        ("timestamp('2026-01-01T00:00:00+24:00') > at", 10),
        ("timestamp('0001-01-01T00:00:00+00:01') > at", 10),
        ("timestamp('0000-12-31T00:00:00Z') > at", 10),
        ("at - at > duration('1')", 19),
        ("at - at > duration('1d')", 19),
        ("at - at > duration('')", 19),
        ("at - at > duration('-')", 19),
        ("at - at > duration('1.5h')", 19),
        ("at - at > duration('+1h')", 19),
        ("at - at > duration('315576000001s')", 19),
        ("mode == 'a' @", 12),
        ("mode == `a`", 8),
    ] {
        let (place, kind) = problem(text);
        let is_expected = matches!(kind, ProblemKind::Syntax { .. })
            || (text.starts_with("a ?") && matches!(kind, ProblemKind::Name { .. }));
        assert!(is_expected, "{text}: {kind:?}");
        assert_eq!(place, at, "{text}: {kind:?}");
    }
}

#[test]
fn what_cel_has_and_this_has_not_is_told_as_such() {
    for (text, at, found) in [
        ("1.5 == 1", 0, "double"),
        ("1e3 == 1", 0, "double"),
        ("1u == 1", 0, "uint"),
        ("b'a' == mode", 0, "bytes"),
        ("mode == null", 8, "null"),
        ("names == []", 9, "[]"),
        ("{'a': 1} == 1", 0, "{"),
        ("mode.matches('a')", 5, "matches"),
        ("string(1) == mode", 0, "string"),
        ("int(at) == 1", 0, "int"),
        ("type(at) == 1", 0, "type"),
    ] {
        assert_eq!(problem(text), (at, ProblemKind::Unsupported { found: found.to_owned() }), "{text}");
    }
}

#[test]
fn what_no_fact_has_a_say_in_is_refused() {
    for (text, holds) in [
        ("true", true),
        ("1 == 2", false),
        ("purpose == 'x' || true", true),
        ("false && purpose == 'x'", false),
        ("[1].exists(n, n == 1) || target.self_issued", true),
        ("true ? 'a' == 'a' : purpose == 'x'", true),
    ] {
        assert_eq!(problem(text), (0, ProblemKind::Constant(holds)), "{text}");
    }
    // however the same value of a fact of few words is written
    for (text, at, holds) in [
        ("mode in ['standard', 'common-criteria']", 0, true),
        ("mode == 'standard' || target.self_issued || mode == 'common-criteria'", 44, true),
        ("target.self_issued && !target.self_issued", 22, false),
        ("target.self_issued || !target.self_issued", 22, true),
        ("!(target.self_issued || !target.self_issued)", 24, false),
        ("target.key.bits > 1 && target.key.bits < 3 && target.key.bits != 2", 46, false),
        ("target.key.bits < 0", 0, false),
        ("size(names) >= 0", 0, true),
        ("size(names) > 0 && 0 == size(names)", 19, false),
        ("purpose == 'a' && purpose == 'b'", 18, false),
        ("purpose < 'a' && purpose > 'b'", 17, false),
        ("!(purpose in ['a', 'b']) && (purpose == 'a' && target.self_issued)", 28, false),
        ("at < timestamp('2026-01-01T00:00:00Z') && at >= timestamp('2026-01-01T00:00:00Z')", 42, false),
        ("path.exists(c, c.key.bits > 5 && c.key.bits < 3)", 33, false),
        ("path.all(c, c.self_issued || !c.self_issued)", 29, true),
        ("target.self_issued ? size(names) < 0 : size(names) < 0", 0, false),
    ] {
        assert_eq!(problem(text), (at, ProblemKind::Constant(holds)), "{text}");
    }
    assert_eq!(problem("1 / 0 == 1"), (0, ProblemKind::Fails(Failure::DivisionByZero)));
    assert_eq!(problem("[1][1] == 1 || purpose == 'x'").1, ProblemKind::Fails(Failure::OutOfBounds));
}

/// What can come out both ways is read, however odd it looks.
#[test]
fn what_can_come_out_both_ways_is_read() {
    for text in [
        "target.key.bits > 1 && target.key.bits < 3",
        "target.key.bits > 1 || target.key.bits < 3 || target.self_issued && names == names",
        "target.key.bits < 3 && anchor.key.bits > 5",
        "path.exists(c, c.key.bits < 3) && path.exists(c, c.key.bits > 5)",
        "path.exists(c, c.self_issued || !c.self_issued)",
        "mode == 'standard' && purpose == 'common-criteria'",
        "purpose != '' && purpose < 'a'",
        "purpose > 'a' && purpose < 'b'",
        "target.path_length - 1 < 0",
        "status[0].status == 'good' || status[0].status == 'unknown'",
        "size(names) > 0 && size(target.dns_names) == 0",
    ] {
        let read = Expression::read(text, Scope::Path);
        let is_tautology = text.contains("> 1 || ");
        assert_eq!(read.is_ok(), !is_tautology, "{text}: {read:?}");
    }
    // beyond 64 bounds nothing is said
    let bounds = |count: usize| format!("purpose == 'a'{}", " && purpose == 'b'".repeat(count));
    assert!(Expression::read(&bounds(63), Scope::Path).is_err());
    assert!(Expression::read(&bounds(64), Scope::Path).is_ok());
}

/// `status` is one of few words, and no other word is one that means anything.
#[test]
fn a_word_that_a_fact_never_is_is_told_with_those_it_can_be() {
    for (text, at, found, one_of) in [
        ("status[0].status == 'goood'", 20, "goood", "good"),
        ("status[0].status == 'revoked' || target.self_issued", 20, "revoked", "good"),
        ("'commoncriteria' != mode", 0, "commoncriteria", "common-criteria"),
        ("status.exists(s, s.source in ['ocsp', 'crls'])", 29, "crls", "crl"),
        ("has(status[0].model) && status[0].model == 'delegated'", 43, "delegated", "delegate"),
    ] {
        let (place, kind) = problem(text);
        let ProblemKind::Name { found: name, expected } = kind else { panic!("{text}: {kind:?}") };
        assert_eq!((place, name.as_str()), (at, found), "{text}");
        assert!(expected.iter().any(|word| word == one_of), "{text}: {expected:?}");
    }
}

#[test]
fn length_and_depth_have_their_limits() {
    let long = |octets: usize| format!("purpose == '{:x<1$}'", "", octets - "purpose == ''".len());
    assert!(
        Expression::read(&long(MAXIMUM_OCTETS), Scope::Path)
            .is_ok_and(|read| read.to_string().len() == MAXIMUM_OCTETS)
    );
    assert_eq!(problem(&long(MAXIMUM_OCTETS + 1)), (0, ProblemKind::TooLong));
    // the canonical text counts too, which may be the longer one
    let spread = format!("purpose=='{:x<1$}'", "", MAXIMUM_OCTETS - "purpose==''".len());
    assert_eq!(problem(&spread), (0, ProblemKind::TooLong));
    let deep = |levels: usize| format!("{}target.self_issued", "!".repeat(levels));
    let allowed = usize::try_from(MAXIMUM_DEPTH).unwrap() - 2;
    assert!(Expression::read(&deep(allowed), Scope::Path).is_ok());
    assert_eq!(problem(&deep(allowed + 1)).1, ProblemKind::TooDeep);
    let sum = |operands: usize| format!("{} == 1", vec!["size(mode)"; operands].join(" + "));
    assert!(Expression::read(&sum(allowed), Scope::Path).is_ok());
    assert_eq!(problem(&sum(allowed + 1)).1, ProblemKind::TooDeep);
    // conditions that stand side by side are no depth
    let wide = vec!["purpose == 'a'"; 200].join(" || ");
    assert!(Expression::read(&wide, Scope::Path).is_ok());
    // hostile nesting ends before the stack does
    for open in ["(", "!", "-", "[", "size(", "has(", "true?", "true?true:"] {
        let text = open.repeat(MAXIMUM_OCTETS / open.len());
        assert!(matches!(problem(&text).1, ProblemKind::TooDeep | ProblemKind::Syntax { .. }), "{open}");
    }
}
