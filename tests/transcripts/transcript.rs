//! Transcripts in a document: what was typed after `$ ` (and `> ` for further lines), and what came back.
//! `…` in an expected line stands for any text; a line of `…` alone for any lines.

/// A command and what it should print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// What was typed.
    pub(crate) command: String,
    /// What came back.
    pub(crate) expected: Vec<String>,
}

/// Every exchange in the `console` blocks of a document, in order.
pub(crate) fn exchanges(document: &str) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            exchanges.push(Exchange { command: command.to_owned(), expected: Vec::new() });
        } else if let Some(exchange) = exchanges.last_mut().filter(|_| inside) {
            let more = if line == ">" { Some("") } else { line.strip_prefix("> ") };
            match more.filter(|_| exchange.expected.is_empty()) {
                Some(more) => exchange.command.extend(["\n", more]),
                None => exchange.expected.push(line.to_owned()),
            }
        }
    }
    exchanges
}

/// Whether lines are as expected.
pub(crate) fn matches(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line.trim() == "…" => {
            (0..=found.len()).any(|skip| matches(rest, &found[skip..]))
        }
        Some((line, rest)) => found
            .split_first()
            .is_some_and(|(first, others)| line_matches(line, first) && matches(rest, others)),
    }
}

fn line_matches(expected: &str, found: &str) -> bool {
    match expected.split_once('…') {
        None => expected == found,
        Some((head, rest)) => found.strip_prefix(head).is_some_and(|tail| {
            let mut places = tail.char_indices().map(|(place, _)| place).chain([tail.len()]);
            places.any(|place| line_matches(rest, &tail[place..]))
        }),
    }
}

#[test]
fn exchanges_are_found_in_console_blocks_alone() {
    let document = "$ no\n```console\n$ a \\\n> b\nout\n> quoted\n$ c\n```\n```sh\n$ no\n```\n";
    let exchange = |command: &str, expected: &[&str]| Exchange {
        command: command.to_owned(),
        expected: expected.iter().map(|line| (*line).to_owned()).collect(),
    };
    assert_eq!(exchanges(document), [exchange("a \\\nb", &["out", "> quoted"]), exchange("c", &[])]);
}

#[test]
fn only_marked_places_may_differ() {
    let check = |expected: &[&str], found: &[&str]| {
        let expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
        matches(&expected, found)
    };
    assert!(check(&["a", "b"], &["a", "b"]));
    assert!(!check(&["a", "b"], &["a"]));
    assert!(!check(&["a"], &["a", "b"]));
    assert!(check(&["a … c"], &["a b c"]));
    assert!(!check(&["a … c"], &["a b d"]));
    assert!(check(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(!check(&["a", "…", "d"], &["a", "b", "c"]));
}
