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
                "mode",
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
        let Ok((root, reads_time)) = parse::parse(&text, Scope::Certificate) else { continue };
        let expression = Expression { root, reads_time };
        let printed = expression.to_string();
        let again = parse::parse(&printed, Scope::Certificate)
            .map(|(root, reads_time)| Expression { root, reads_time });
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
        ("size(names)>1&&mode!='a'", " names . size( )\n > 1 // why\n\t&& ( mode != \"a\" ) ");
    assert_eq!(read(tight), read(wide));
    assert_eq!(read(tight).to_string(), "size(names) > 1 && mode != \"a\"");
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
