//! Every level of every code: taken, or refused with the clause that leaves no room; and `engine/levels.md`, which shows
//! the same to authors.

use super::*;

const LEVELS: [&str; 4] = ["ignore", "inform", "warn", "deny"];

#[test]
fn every_code_takes_every_level_or_none_with_the_clause_that_forbids_it() {
    for code in Code::ALL {
        for word in LEVELS {
            let text = format!("[levels]\n\"{}\" = \"{word}\"", code.as_str());
            let level = Level::from_word(word).unwrap();
            if !code.is_fixed() {
                assert_eq!(sound(&text).levels.of(*code), level, "{text}");
                continue;
            }
            let error = refused(&text);
            assert_eq!((error.line, error.column, error.code()), (2, 1, "settings.fixed-level"), "{text}");
            let clause = error.details().into_iter().find(|detail| detail.name == "clause");
            assert_eq!(clause.map(|detail| detail.value), Some(Value::text(code.clause())), "{text}");
        }
        assert!(code.clause().contains(char::is_numeric), "{} cites nothing", code.as_str());
    }
}

/// R-CC-14: what the mode raises stays raised, whatever a document says.
#[test]
fn what_a_mode_raises_is_not_lowered() {
    for code in Code::ALL.iter().filter(|code| !code.is_fixed()) {
        let strict = parse_in_mode("", Mode::CommonCriteria).unwrap();
        let text = format!("[levels]\n\"{}\" = \"ignore\"", code.as_str());
        let lowered = parse_in_mode(&text, Mode::CommonCriteria).unwrap().levels.of(*code);
        let raised = parse_in_mode("", Mode::Standard).unwrap().levels.of(*code) != strict.levels.of(*code);
        assert!(!raised || lowered == strict.levels.of(*code), "{}", code.as_str());
    }
}

/// Why a level is the author's to choose; where the code is fixed, why it is not.
fn room(code: Code) -> &'static str {
    let clause = code.clause();
    if code.is_fixed() {
        match code {
            Code::BudgetExceeded => "what was not judged is not accepted",
            Code::SignatureAlgorithmNotAccepted | Code::KeyNotAccepted | Code::KeySize => {
                "what is accepted stands in `[algorithms]`"
            }
            Code::PathTooLong => "how long a path may be stands in `path.maximum-intermediates`",
            Code::IdentityMismatch => "who asks for a name is told whether it is there",
            Code::CustomDenied | Code::CustomFailed => "the effect stands in `[[rules]]`",
            _ => "the clause refuses the path",
        }
    } else if clause.starts_with("CA/Browser") {
        "asked of public authorities alone"
    } else if code.as_str().starts_with("revocation.") {
        "what follows is left to local policy"
    } else if code.is_custom() {
        "the deployment's own"
    } else if code.as_str().contains("anchor") {
        "an anchor is trusted for reasons of its own (RFC 5280 6.1.1 (d))"
    } else {
        "asked of who issues; RFC 5280 6.1 does not check it"
    }
}

fn page() -> String {
    let level = |document: &str, mode: Mode, code: Code| {
        parse_in_mode(document, mode).unwrap().levels.of(code).word()
    };
    let mut page = String::from(
        "# Levels\n\nWhat happens when a rule is not met, for every code of a finding: `ignore`, `inform`, `warn` or `deny`. A \
         code whose clause leaves no room always denies, and a document that names it in `[levels]` is refused with that \
         clause (`settings.fixed-level`). Every other takes all four; Common Criteria mode raises some of them afterwards, and \
         no document lowers those.\n\nThe columns after the first two are what holds where a document says nothing: in the plain \
         profile, with `strictness = \"pedantic\"`, in `public-web`, and in Common Criteria mode. This page is held to the \
         engine by a test.\n\n| code | may be | plain | pedantic | public-web | Common Criteria | clause | because |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let may_be = if code.is_fixed() { "deny" } else { "any" };
        let cells = [
            format!("`{}`", code.as_str()),
            may_be.to_owned(),
            level("", Mode::Standard, *code).to_owned(),
            level("strictness = \"pedantic\"", Mode::Standard, *code).to_owned(),
            level("profile = \"public-web\"", Mode::Standard, *code).to_owned(),
            level("", Mode::CommonCriteria, *code).to_owned(),
            code.clause().to_owned(),
            room(*code).to_owned(),
        ];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page
}

#[test]
fn the_page_for_authors_says_what_the_engine_does() {
    let page = page();
    let committed = include_str!("../../../../levels.md");
    assert!(committed == page, "engine/levels.md is to be:\n{page}");
}
