//! Properties over random expressions: reading what was printed gives the same tree, and nothing panics or costs more
//! than the budget has.

use super::*;

/// A small generator of our own, so that a seed names a case.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // Marsaglia's xorshift; the state is never zero.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap().rem_euclid(bound)
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    fn of(&mut self, kind: char, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(kind);
        }
        let next = depth.saturating_sub(1);
        match (kind, self.below(9)) {
            ('b', 0) => format!("{} && {}", self.of('b', next), self.of('b', next)),
            ('b', 1) => format!("({}) || ({})", self.of('b', next), self.of('b', next)),
            ('b', 2) => format!("!({})", self.of('b', next)),
            ('b', 3) => {
                let operator = self.pick(&["==", "!=", "<", "<=", ">", ">="]);
                let kind = ['i', 's', 't', 'd'][self.below(4)];
                format!("({}) {operator} ({})", self.of(kind, next), self.of(kind, next))
            }
            ('b', 4) => format!("({}) in ({})", self.of('s', next), self.of('l', next)),
            ('b', 5) => {
                let which = self.pick(&["all", "exists", "exists_one"]);
                let variable = format!("v{depth}");
                format!("({}).{which}({variable}, {variable} == {})", self.of('l', next), self.of('s', next))
            }
            ('b', 6) => format!("({}).contains({})", self.of('s', next), self.of('s', next)),
            ('b', 7) => format!("{} == ({})", self.of('l', 0), self.of('l', next)),
            ('i', 0..=3) => {
                let operator = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({}) {operator} ({})", self.of('i', next), self.of('i', next))
            }
            ('i', 4) => format!("-({})", self.of('i', next)),
            ('i', 5) => format!("size({})", self.of('s', next)),
            ('i', 6) => format!("({}).size()", self.of('l', next)),
            ('s', 0..=2) => format!("({}) + ({})", self.of('s', next), self.of('s', next)),
            ('s', 3) => format!("({})[{}]", self.of('l', next), self.of('i', next)),
            ('l', 0) => format!("({}) + ({})", self.of('l', next), self.of('l', next)),
            ('l', 1) => format!("[{}, {}]", self.of('s', next), self.of('s', next)),
            ('l', 2) => format!("({}).map(m{depth}, m{depth} + m{depth})", self.of('l', next)),
            ('l', 3) => format!("({}).filter(f{depth}, {})", self.of('l', next), self.of('b', next)),
            ('t', 0..=2) => format!("({}) - ({})", self.of('t', next), self.of('d', next)),
            ('t', 3) => format!("({}) + ({})", self.of('d', next), self.of('t', next)),
            ('d', 0..=2) => format!("({}) - ({})", self.of('t', next), self.of('t', next)),
            ('d', 3) => format!("({}) + ({})", self.of('d', next), self.of('d', next)),
            (kind, 8) => {
                format!("(({}) ? ({}) : ({}))", self.of('b', next), self.of(kind, next), self.of(kind, next))
            }
            (kind, _) => self.leaf(kind),
        }
    }

    fn leaf(&mut self, kind: char) -> String {
        let leaves: &[&str] = match kind {
            'b' => &[
                "true",
                "false",
                "target.is_authority",
                "has(anchor.path_length)",
                "has(target.path_length)",
            ],
            'i' => &[
                "0",
                "-1",
                "7",
                "0xff",
                "position",
                "target.path_length",
                "anchor.path_length",
                "9223372036854775807",
                "-9223372036854775808",
            ],
            's' => &[
                "''",
                "purpose",
                "'a\\n\\\"ä'",
                "\"\\u0001\\\\\"",
                "r'\\d'",
                "target.subject.text",
                "certificate.issuer.text",
            ],
            'l' => &["names", "['a']", "target.dns_names", "path.map(p, p.key.kind)"],
            't' => &["at", "timestamp('0001-01-01T00:00:00Z')", "timestamp('9999-12-31T23:59:59+00:00')"],
            _ => &["duration('1h')", "duration('-315576000000s')", "duration('0s')"],
        };
        self.pick(leaves).to_owned()
    }
}

#[test]
fn what_is_printed_reads_as_the_same_tree() {
    let (mut read, mut failed, mut held) = (0, 0, 0);
    for seed in 1..20_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let depth = random.below(6);
        let text = random.of('b', depth);
        // One in a thousand names an absent variable or is too long; whatever is read must hold.
        let Ok(parsed) = parse::parse(&text, Scope::Certificate) else { continue };
        let expression = Expression { root: parsed.root, reads_time: parsed.reads_time };
        let printed = expression.to_string();
        let again = parse::parse(&printed, Scope::Certificate)
            .map(|parsed| Expression { root: parsed.root, reads_time: parsed.reads_time });
        assert_eq!(again.as_ref(), Ok(&expression), "{text}\n{printed}");
        assert_eq!(again.unwrap().to_string(), printed);
        let mut budget = Budget::new(Limits { rule_steps: 2_000, ..Limits::DEFAULT });
        let outcome = expression.holds(&Sample, &mut budget);
        let again =
            expression.holds(&Sample, &mut Budget::new(Limits { rule_steps: 2_000, ..Limits::DEFAULT }));
        assert_eq!(outcome, again, "{text}");
        assert_ne!(outcome, Err(Failure::Unknown), "{text}");
        let reasons = expression.explain(&Sample, &mut budget);
        assert!(reasons.len() <= MAXIMUM_REASONS && budget.spent().rule_steps <= 2_000);
        read += 1;
        failed += u32::from(outcome.is_err());
        held += u32::from(outcome == Ok(true));
    }
    assert!(read > 15_000 && failed > 1_000 && held > 3_000, "{read} {failed} {held}");
}

/// White space and remarks are no part of what is meant.
#[test]
fn white_space_leaves_no_trace() {
    let read = |text: &str| Expression::read(text, Scope::Path).unwrap();
    let (tight, wide) =
        ("size(names)>1&&purpose!='a'", " names . size( )\n > 1 // why\n\t&& ( purpose != \"a\" ) ");
    assert_eq!(read(tight), read(wide));
    assert_eq!(read(tight).to_string(), "size(names) > 1 && purpose != \"a\"");
}

#[test]
fn any_text_is_read_or_refused() {
    const PIECES: [&str; 30] = [
        "target",
        ".",
        "key",
        "bits",
        "(",
        ")",
        "[",
        "]",
        "==",
        "&&",
        "||",
        "!",
        "-",
        "?",
        ":",
        ",",
        "path",
        "exists",
        "c",
        "'a'",
        "\"",
        "\\",
        "1",
        "0x",
        " ",
        "in",
        "has",
        "ä",
        "timestamp",
        "//",
    ];
    for seed in 1..20_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let count = random.below(30);
        let text: String = (0..count).map(|_| random.pick(&PIECES)).collect();
        match Expression::read(&text, Scope::Path) {
            Ok(expression) => {
                let _ = expression.holds(&Sample, &mut Budget::new(Limits::DEFAULT));
            }
            Err(problem) => assert!(problem.at <= text.len(), "{text}"),
        }
    }
}

/// Facts that take every value in turn.
struct Given {
    position: i64,
    mode: &'static str,
    purpose: &'static str,
    self_issued: bool,
}

impl Facts for Given {
    fn fact(&self, fact: Fact, _place: usize, _item: usize) -> Result<Value, Failure> {
        match fact {
            Fact::Position => Ok(Value::Int(self.position)),
            Fact::Mode => Ok(Value::Text(self.mode.to_owned())),
            Fact::Purpose => Ok(Value::Text(self.purpose.to_owned())),
            Fact::Certificate => Ok(Value::Record(0, 0)),
            Fact::SelfIssued => Ok(Value::Bool(self.self_issued)),
            _ => Err(Failure::Absent),
        }
    }
}

fn given() -> Vec<Given> {
    let mut all = Vec::new();
    for position in 0..6 {
        for mode in ["standard", "common-criteria"] {
            for purpose in ["", "a", "a\0", "aa", "b", "c"] {
                for self_issued in [true, false] {
                    all.push(Given { position, mode, purpose, self_issued });
                }
            }
        }
    }
    all
}

fn of_few_facts(random: &mut Random, depth: usize) -> String {
    if depth > 0 {
        let next = depth.saturating_sub(1);
        let mut part = || of_few_facts(random, next);
        let (one, other) = (part(), part());
        return match random.below(7) {
            0..=2 => format!("({one}) && ({other})"),
            3..=4 => format!("({one}) || ({other})"),
            5 => format!("!({one})"),
            _ => format!("(({one}) ? ({other}) : certificate.self_issued)"),
        };
    }
    let operator = random.pick(&["==", "!=", "<", "<=", ">", ">="]);
    match random.below(6) {
        0..=1 => format!("position {operator} {}", random.below(6)),
        2 => format!("{} {operator} position", random.below(6)),
        3 => format!("purpose {operator} {}", random.pick(&["''", "'a'", "'b'"])),
        4 => {
            format!("mode {} '{}'", random.pick(&["==", "!="]), random.pick(&["standard", "common-criteria"]))
        }
        _ => "certificate.self_issued".to_owned(),
    }
}

/// What is refused as always the same is so for all facts there are, and the place is one of the text.
#[test]
fn what_is_called_settled_is_the_same_for_all_facts() {
    let (mut settled, mut open, mut same) = (0, 0, 0);
    for seed in 1..6_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let depth = 1 + random.below(3);
        let text = of_few_facts(&mut random, depth);
        let root = parse::parse(&text, Scope::Certificate)
            .unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
            .root;
        let expression = Expression { root, reads_time: false };
        let found: Vec<bool> = given()
            .iter()
            .map(|facts| expression.holds(facts, &mut Budget::new(Limits::DEFAULT)).unwrap())
            .collect();
        same += u32::from(found.iter().all(|truth| *truth == found[0]));
        match Expression::read(&text, Scope::Certificate) {
            Err(Problem { at, kind: ProblemKind::Constant(always) }) => {
                assert!(found.iter().all(|truth| *truth == always) && at < text.len(), "{text}");
                settled += 1;
            }
            Err(problem) => panic!("{text}: {problem:?}"),
            Ok(_) => open += 1,
        }
    }
    assert!(settled > 300 && open > 3_000 && settled * 10 > same * 5, "{settled} {open} {same}");
}

/// A value that is said to turn the answer turns it.
#[test]
fn what_is_offered_turns_the_answer() {
    let mut offered = 0;
    for seed in 1..3_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let depth = 1 + random.below(3);
        let Ok(expression) = Expression::read(&of_few_facts(&mut random, depth), Scope::Certificate) else {
            continue;
        };
        for facts in given() {
            let Some(turn) = expression.turn(&facts) else { continue };
            if expression.holds(&facts, &mut Budget::new(Limits::DEFAULT)) != Ok(true) {
                continue;
            }
            let number = turn.to.parse().unwrap_or_default();
            let text = turn.to.trim_matches('"').to_owned();
            let other = match turn.part.as_str() {
                "position" => Given { position: number, ..facts },
                "purpose" => Given { purpose: text.leak(), ..facts },
                "mode" => Given { mode: text.leak(), ..facts },
                _ => Given { self_issued: turn.to == "true", ..facts },
            };
            let turned = expression.holds(&other, &mut Budget::new(Limits::DEFAULT));
            assert_eq!(turned, Ok(false), "{expression}: {turn:?}");
            offered += 1;
        }
    }
    assert!(offered > 10_000, "{offered}");
}
