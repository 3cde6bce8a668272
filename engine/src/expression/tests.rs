//! What expressions mean, held to the semantics of cel-spec (its sections, and the files of its conformance tests by
//! name), and what no expression can do.

mod random;
mod refused;

use super::evaluate::Run;
use super::fact::{Fact, Record, TABLE};
use super::*;
use crate::time::Instant;

/// Facts of a path of three: the position of a certificate is its path length, and the anchor has none.
pub(super) struct Sample;

impl Facts for Sample {
    fn fact(&self, fact: Fact, place: usize, item: usize) -> Result<Value, Failure> {
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        match fact {
            Fact::At => Ok(Value::Time(Instant::from_unix(1_767_225_600))),
            Fact::Mode => text("standard"),
            Fact::Purpose => text(""),
            Fact::Names => Ok(Value::texts(&mut ["a.example", "ä"].into_iter().map(str::to_owned))),
            Fact::Target | Fact::Certificate => Ok(Value::Record(0, 0)),
            Fact::Anchor => Ok(Value::Record(2, 0)),
            Fact::Path | Fact::Status => {
                Ok(Value::List((0..3).map(|place| Value::Record(place, 0)).collect()))
            }
            Fact::Position => Ok(Value::Int(0)),
            Fact::PathLength if place < 2 => Ok(Value::count(place)),
            Fact::IsAuthority => Ok(Value::Bool(place > 0)),
            Fact::Key | Fact::Subject => Ok(Value::Record(place, 0)),
            Fact::Issuer => Ok(Value::Record(place, 1)),
            Fact::Bits => Ok(Value::Int(2048)),
            Fact::Kind => text("rsa"),
            Fact::Word => text("good"),
            Fact::Text => text(if item == 1 { "CN=issuer" } else { "CN=subject" }),
            _ => Err(Failure::Absent),
        }
    }
}

/// Evaluates without asking whether facts have a say in it.
pub(super) fn outcome(text: &str) -> Result<bool, Failure> {
    let root =
        parse::parse(text, Scope::Certificate).unwrap_or_else(|problem| panic!("{text}: {problem:?}")).root;
    let mut budget = Budget::new(Limits::DEFAULT);
    let value = Run::new(&Sample, &mut budget).value(&root)?;
    Ok(value == Value::Bool(true))
}

#[track_caller]
fn all_true(cases: &[&str]) {
    for case in cases {
        assert_eq!(outcome(case), Ok(true), "{case}");
    }
}

#[track_caller]
fn fail(failure: Failure, cases: &[&str]) {
    for case in cases {
        assert_eq!(outcome(case), Err(failure), "{case}");
    }
}

/// integer_math.textproto
#[test]
fn whole_numbers_are_computed_and_never_wrap() {
    all_true(&[
        "40 + 2 == 42",
        "42 - 12 - 7 == 23",
        "-30 == 4 - 34",
        "--5 == 5",
        "-(5) == -5",
        "42 * -1 == -42",
        "7 / 2 == 3 && -7 / 2 == -3",
        "7 % 5 == 2 && -7 % 5 == -2 && 7 % -5 == 2",
        "0x55555555 == 1431655765",
        "9223372036854775807 > -9223372036854775808",
        "2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 10 - 4 * 2 == 2",
        "9223372036854775807 + -9223372036854775807 == 0",
    ]);
    fail(
        Failure::Overflow,
        &[
            "9223372036854775807 + 1 == 0",
            "-9223372036854775808 - 1 == 0",
            "-(-9223372036854775808) == 0",
            "5000000000 * 5000000000 == 0",
            "-9223372036854775808 / -1 == 0",
            "-9223372036854775808 % -1 == 0",
        ],
    );
    fail(Failure::DivisionByZero, &["5 / 0 == 0", "5 % 0 == 0"]);
}

/// logic.textproto; langdef.md, "Logical Operators": either side absorbs what went wrong on the other.
#[test]
fn and_and_or_take_the_side_that_settles_them() {
    all_true(&[
        "true && true",
        "!(true && false)",
        "true || false",
        "true || 1 / 0 == 1",
        "1 / 0 == 1 || true",
        "!(false && 1 / 0 == 1)",
        "!(1 / 0 == 1 && false)",
        "1 / 0 == 1 || 1 % 0 == 1 || true",
        "!!true",
        "false || false && false || true",
        "true ? true : 1 / 0 == 1",
        "false ? 1 / 0 == 1 : true",
        "(true ? 1 : 2) == 1",
        "false ? true : false ? false : true",
    ]);
    fail(
        Failure::DivisionByZero,
        &[
            "1 / 0 == 1 && true",
            "true && 1 / 0 == 1",
            "1 / 0 == 1 || false",
            "!(1 / 0 == 1)",
            "1 / 0 == 1 ? true : true",
        ],
    );
}

/// comparisons.textproto
#[test]
fn values_are_compared_within_one_type() {
    all_true(&[
        "1 == 1 && 1 != 2",
        "1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2 && !(2 < 2) && !(2 > 2)",
        "\"a\" < \"b\" && \"Abc\" < \"aBC\" && \"a\" < \"aa\" && \"\" < \"a\"",
        "'\\u00ff' < '\\u0101'",
        "true == true && true != false",
        "[1, 2] == [1, 2] && [1, 2] != [2, 1] && [1] != [1, 1]",
        "1 in [3, 2, 1] && !(0 in [1]) && 'a' in ['a'] && [1] in [[1], [2]]",
        "(1 == 2) == false",
        "duration('1h') > duration('59m59s')",
    ]);
}

/// string.textproto; langdef.md, "String and Bytes Values": characters are code points.
#[test]
fn texts_are_searched_joined_and_measured() {
    all_true(&[
        "'foobar'.contains('oba') && !'foobar'.contains('x') && 'a'.contains('')",
        "'foobar'.startsWith('foo') && !'foobar'.startsWith('oob')",
        "'foobar'.endsWith('bar') && !'foobar'.endsWith('foo') && 'ä'.endsWith('ä')",
        "'he' + 'llo' == 'hello' && '' + '' == ''",
        "size('ä😁') == 2 && 'abc'.size() == 3 && size('') == 0",
        "\"\\\"\\\\\\n\\r\\t\\'\" == '\"\\\\\\u000a\\u000d\\u0009\\''",
        "r'\\n' == '\\\\n' && R\"\\\" == '\\\\'",
    ]);
}

/// lists.textproto, macros.textproto; langdef.md, "Macros"
#[test]
fn lists_are_indexed_joined_and_asked_about() {
    all_true(&[
        "[7, 8, 9][0] == 7 && [7, 8, 9][2] == 9",
        "[1] + [2] == [1, 2] && size([1, 2] + [3]) == 3 && [1, 2,].size() == 2",
        "[1, 2, 3].exists(e, e > 1) && ![1, 2, 3].exists(e, e == 7)",
        "[1, 2, 3].all(e, e > 0) && ![1, 2, 3].all(e, e == 2)",
        "[6, 7, 8].exists_one(foo, foo % 5 == 2) && ![0, 1, 2].exists_one(e, e > 0)",
        "[1, 2, 3].map(n, n * n) == [1, 4, 9] && [1].map(n, [n]) == [[1]]",
        "[2, 4, 5].filter(n, n % 2 == 0) == [2, 4]",
        "[[1], [2]].exists(l, l.exists(e, e == 2))",
        // what settles it absorbs what went wrong elsewhere
        "[1, 0, 2].exists(n, 2 / n == 1)",
        "![1, 0].all(n, 2 / n == 1)",
        // of no element all is true, and exists false
        "[1].filter(n, n > 1).all(n, n > 1) && ![1].filter(n, n > 1).exists(n, n == n)",
    ]);
    fail(Failure::OutOfBounds, &["[7][1] == 7", "[7][-1] == 7"]);
    fail(
        Failure::DivisionByZero,
        &[
            "[0, 1].exists(n, 2 / n == 1)",
            "[0, 2].all(n, 2 / n == 1)",
            "[2, 0].exists_one(n, 2 / n == 1)",
            "[0].map(n, 1 / n) == [1]",
            "[0].filter(n, 1 / n == 1) == [0]",
        ],
    );
}

/// timestamps.textproto
#[test]
fn moments_and_durations_are_computed_within_their_ranges() {
    all_true(&[
        "timestamp('2009-02-13T23:31:30Z') - timestamp('2009-02-13T23:31:00Z') == duration('30s')",
        "timestamp('2009-02-13T23:31:30Z') + duration('1m') == timestamp('2009-02-13T23:32:30Z')",
        "duration('1m') + timestamp('2009-02-13T23:31:30Z') == timestamp('2009-02-13T23:32:30Z')",
        "timestamp('2009-02-13T23:31:30Z') - duration('24h') == timestamp('2009-02-12T23:31:30Z')",
        "timestamp('2009-02-13T23:31:30+01:30') == timestamp('2009-02-13T22:01:30Z')",
        "timestamp('2009-02-13T23:31:30-00:01') == timestamp('2009-02-13T23:32:30Z')",
        "duration('1h2m3s') == duration('3723s') && duration('-1h') < duration('0s')",
        "duration('10s') + duration('-5s') - duration('3s') == duration('2s')",
        "timestamp('0001-01-01T00:00:00Z') < timestamp('9999-12-31T23:59:59Z')",
        "duration('315576000000s') > duration('0s')",
    ]);
    fail(
        Failure::Overflow,
        &[
            "timestamp('9999-12-31T23:59:59Z') + duration('1s') > at",
            "timestamp('0001-01-01T00:00:00Z') - duration('1s') < at",
            "duration('315576000000s') + duration('1s') > duration('0s')",
            "duration('-315576000000s') - duration('1s') < duration('0s')",
        ],
    );
}

#[test]
fn facts_are_selected_and_asked_for() {
    all_true(&[
        "at == timestamp('2026-01-01T00:00:00Z')",
        "'ä' in names && size(names) == 2",
        "target.subject.text == 'CN=subject' && target.issuer.text == 'CN=issuer'",
        "has(target.path_length) && !has(anchor.path_length) && has(target.key)",
        "path[1].path_length == 1 && path.exists_one(c, !has(c.path_length))",
        "path.filter(c, c.is_authority).size() == 2",
        "certificate.key.bits == 2048 && position == 0",
        "status.all(s, s.status == 'good')",
        "path.all(c, !has(c.path_length) || c.path_length < 2)",
    ]);
    fail(
        Failure::Absent,
        &["anchor.path_length == 0", "path.all(c, c.path_length < 2)", "size(target.uris) == 0"],
    );
}

/// Every fact is named and typed once, and its page for people says the same.
#[test]
fn the_table_of_facts_is_whole_and_shown_to_people() {
    let page = include_str!("../../rules.md");
    for row in TABLE {
        let same = TABLE.iter().filter(|other| (other.record, other.name) == (row.record, row.name));
        assert_eq!(same.count(), 1, "{}", row.name);
        assert_eq!(row.fact.name(), row.name);
        let presence = match row.presence {
            fact::Presence::Always => "",
            fact::Presence::EachCertificate => "each = \"certificate\"",
            fact::Presence::Optional => "may be absent",
        };
        let shown = format!("| `{}` | {} | {presence} |", row.name, row.kind.word());
        let heading = format!("### {}\n", row.record.word());
        let section = page.split(&heading).nth(1).unwrap_or_else(|| panic!("{heading}"));
        let section = section.split("\n#").next().unwrap_or_default();
        assert!(section.contains(&shown), "{heading}{shown}");
    }
    let shown = page.lines().filter(|line| line.starts_with("| `")).count();
    let operators = 18;
    assert_eq!(shown, TABLE.len() + operators, "a row for a fact that is none");
    assert!(TABLE.iter().any(|row| row.record == Record::Extension));
}

fn explained(text: &str) -> Vec<(String, String)> {
    let expression = Expression::read(text, Scope::Certificate).unwrap();
    let reasons = expression.explain(&Sample, &mut Budget::new(Limits::DEFAULT));
    reasons.into_iter().map(|reason| (reason.part, reason.value)).collect()
}

#[test]
fn an_explanation_names_what_decided_and_nothing_else() {
    let check = |text: &str, expected: &[(&str, &str)]| {
        let expected: Vec<_> =
            expected.iter().map(|(part, value)| ((*part).to_owned(), (*value).to_owned())).collect();
        assert_eq!(explained(text), expected, "{text}");
    };
    check("target.key.bits < 3072", &[("target.key.bits", "2048")]);
    check("purpose == 'x' || target.key.bits < 3072", &[("target.key.bits", "2048")]);
    check("purpose == 'x' && target.key.bits < 3072", &[("purpose", "\"\"")]);
    check("!(purpose == 'x') && position == 0", &[("purpose", "\"\""), ("position", "0")]);
    check("purpose == 'x' || position == 1", &[("purpose", "\"\""), ("position", "0")]);
    check(
        "has(anchor.path_length) ? true : position == 0",
        &[("has(anchor.path_length)", "false"), ("position", "0")],
    );
    check("path.exists(c, c.is_authority)", &[("c.is_authority", "true")]);
    check("path.all(c, c.key.bits > 1)", &[("path.all(c, c.key.bits > 1)", "true")]);
    check("names.exists(n, n.endsWith('.example'))", &[("n", "\"a.example\"")]);
    check(
        "at + duration('1h') > at",
        &[
            ("at + duration(\"3600s\")", "timestamp(\"2026-01-01T01:00:00Z\")"),
            ("at", "timestamp(\"2026-01-01T00:00:00Z\")"),
        ],
    );
    check("anchor.path_length > 1 && position == 0", &[("anchor.path_length", "absent"), ("position", "0")]);
    check("names == names ? true : false", &[("names", "[\"a.example\", \"ä\"]")]);
}

/// What is offered as another value does turn the answer, and nothing is offered where none does.
#[test]
fn another_value_of_one_fact_turns_what_is_true() {
    let turned = |text: &str| {
        let expression = Expression::read(text, Scope::Certificate).unwrap();
        assert_eq!(expression.holds(&Sample, &mut Budget::new(Limits::DEFAULT)), Ok(true), "{text}");
        expression.turn(&Sample).map(|turn| (turn.part, turn.from, turn.to))
    };
    let check = |text: &str, part: &str, from: &str, to: &str| {
        assert_eq!(turned(text), Some((part.to_owned(), from.to_owned(), to.to_owned())), "{text}");
    };
    check("target.key.bits < 3072", "target.key.bits", "2048", "3072");
    check("target.key.bits <= 2048", "target.key.bits", "2048", "2049");
    check("3072 > target.key.bits", "target.key.bits", "2048", "3072");
    check("!(target.key.bits >= 3072)", "target.key.bits", "2048", "3072");
    check("target.key.bits != 4096", "target.key.bits", "2048", "4096");
    check("purpose == 'x' || target.key.bits < 3072", "target.key.bits", "2048", "3072");
    check("size(names) > 1", "size(names)", "2", "1");
    check("purpose != 'x' && !(mode in ['common-criteria'])", "purpose", "\"\"", "\"x\"");
    check("!(mode in ['common-criteria'])", "mode", "\"standard\"", "\"common-criteria\"");
    check("!target.is_authority", "target.is_authority", "false", "true");
    check("path.size() == 3 && path.all(c, c.key.bits > 1)", "size(path)", "3", "4");
    let late = "timestamp(\"2026-01-01T00:00:00Z\")";
    check("at >= timestamp('2025-01-01T00:00:00Z')", "at", late, "timestamp(\"2024-12-31T23:59:59Z\")");
    // one value is not enough, none is written out, or each element has its own
    assert_eq!(turned("target.key.bits < 3072 || names == names"), None);
    assert_eq!(turned("target.key.bits < 3072 || target.key.bits >= 3072 - position"), None);
    assert_eq!(turned("path.exists(c, c.key.bits == 2048)"), None);
    assert_eq!(turned("mode == 'standard'"), None);
}

#[test]
fn an_explanation_is_bounded() {
    let many =
        (0..20).map(|n| format!("position == {n} + target.key.bits * 0")).collect::<Vec<_>>().join(" || ");
    assert!(explained(&many).len() <= MAXIMUM_REASONS);
    let long = format!("names[0] + '{}' != mode", "ä".repeat(300));
    let reasons = explained(&long);
    assert!(reasons.iter().all(|(part, value)| part.len() <= 200 && value.len() <= 200), "{reasons:?}");
    assert!(reasons[0].1.ends_with('…') && reasons[0].1.len() > 190, "{reasons:?}");
    let expression = Expression::read("target.key.bits < 3072", Scope::Path).unwrap();
    let none = expression.explain(&Sample, &mut Budget::new(Limits { rule_steps: 0, ..Limits::DEFAULT }));
    assert_eq!(none, []);
}

#[test]
fn steps_are_paid_for_and_run_out() {
    let expression = Expression::read("names.exists(n, n == 'ä')", Scope::Path).unwrap();
    let mut budget = Budget::new(Limits::DEFAULT);
    assert_eq!(expression.holds(&Sample, &mut budget), Ok(true));
    let needed = budget.spent().rule_steps;
    assert!((5..100).contains(&needed), "{needed}");
    let with =
        |rule_steps| expression.holds(&Sample, &mut Budget::new(Limits { rule_steps, ..Limits::DEFAULT }));
    assert_eq!(with(needed), Ok(true));
    assert_eq!(with(needed - 1), Err(Failure::Budget));
}

/// What doubles at each step costs more than there is, long before it fills the memory.
#[test]
fn what_grows_is_paid_for_as_it_grows() {
    let doubling = ["a", "b", "c", "d", "e", "f", "g", "h"].iter().fold("names".to_owned(), |text, name| {
        format!("{text}.map({name}, {name} + {name} + {name} + {name} + {name} + {name} + {name} + {name})")
    });
    let expression = Expression::read(&format!("size({doubling}) == 2"), Scope::Path).unwrap();
    let mut budget = Budget::new(Limits::DEFAULT);
    assert_eq!(expression.holds(&Sample, &mut budget), Err(Failure::Budget));
    assert!(budget.spent().rule_steps <= Limits::DEFAULT.rule_steps);
    // and nothing absorbs a budget that is spent
    let absorbing = format!("size({doubling}) == 2 || mode == 'standard'");
    let expression = Expression::read(&absorbing, Scope::Path).unwrap();
    assert_eq!(expression.holds(&Sample, &mut Budget::new(Limits::DEFAULT)), Err(Failure::Budget));
}
