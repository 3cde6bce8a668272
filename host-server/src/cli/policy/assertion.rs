//! What a policy author asserts about the decision table: a small language, read once, every word of which is one that the
//! table has. It judges rows by comparing words, and knows nothing of what they mean.
//!
//! ```text
//! ASSERTION = [TERM {"," TERM} ":"] CLAIM
//! CLAIM     = TERMS ["=>" TERMS]          TERMS = TERM {"and" TERM}
//! TERM      = "allow" | "deny" | NAME ("=" | "!=") WORD
//! ```
//!
//! What stands before the colon says of which rows it is asserted.

use std::collections::BTreeMap;

/// A row of the table in words: `mode`, `purpose`, `about`, `source`, `model`, `answer`, `asked`, `status`, `decision`.
pub(super) type Row = BTreeMap<&'static str, String>;

/// Every name that rows have, and every word that stands there in some row.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(BTreeMap<&'static str, Vec<String>>);

impl Words {
    /// Those of a table.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut words = Self::default();
        for (name, word) in rows.iter().flatten() {
            let known = words.0.entry(name).or_default();
            if !known.contains(word) {
                known.push(word.clone());
            }
        }
        words
    }
}

/// An assertion that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assertion {
    scope: Vec<Term>,
    given: Vec<Term>,
    claimed: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    name: &'static str,
    is: bool,
    word: String,
}

/// Why a text is no assertion: the column, from 1, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) column: usize,
    pub(super) expected: String,
}

impl Assertion {
    /// Reads an assertion about rows with these words.
    ///
    /// # Errors
    /// [`Wrong`].
    pub(super) fn read(text: &str, words: &Words) -> Result<Self, Wrong> {
        let mut reader =
            Reader { tokens: tokens(text), next: 0, end: text.chars().count().saturating_add(1), words };
        let has_scope = reader.tokens.iter().any(|(_, token)| token == ":");
        let scope = if has_scope { reader.terms(",")? } else { Vec::new() };
        if has_scope {
            reader.expect(":")?;
        }
        let first = reader.terms("and")?;
        let (given, claimed) =
            if reader.takes("=>") { (first, reader.terms("and")?) } else { (Vec::new(), first) };
        match reader.tokens.get(reader.next) {
            None => Ok(Self { scope, given, claimed }),
            Some(_) => Err(reader.wrong("the end, `and` or `=>`".to_owned())),
        }
    }

    /// The first row that it does not hold of.
    pub(super) fn counterexample<'r>(&self, rows: &'r [Row]) -> Option<&'r Row> {
        let all = |terms: &[Term], row: &Row| terms.iter().all(|term| term.holds(row));
        rows.iter().find(|row| all(&self.scope, row) && all(&self.given, row) && !all(&self.claimed, row))
    }
}

impl Term {
    fn holds(&self, row: &Row) -> bool {
        row.get(self.name).is_some_and(|word| (*word == self.word) == self.is)
    }
}

struct Reader<'w> {
    tokens: Vec<(usize, String)>,
    next: usize,
    end: usize,
    words: &'w Words,
}

impl Reader<'_> {
    fn terms(&mut self, between: &str) -> Result<Vec<Term>, Wrong> {
        let mut terms = vec![self.term()?];
        while self.takes(between) {
            terms.push(self.term()?);
        }
        Ok(terms)
    }

    fn term(&mut self) -> Result<Term, Wrong> {
        let token = self.peek().to_owned();
        if token == "allow" || token == "deny" {
            self.next = self.next.saturating_add(1);
            return Ok(Term { name: "decision", is: true, word: token });
        }
        let known = self.words.0.iter().find(|(name, _)| **name == token);
        let Some((name, words)) = known else {
            let names: Vec<&str> = self.words.0.keys().copied().collect();
            return Err(self.wrong(format!("allow, deny or one of: {}", names.join(", "))));
        };
        self.next = self.next.saturating_add(1);
        let is = self.takes("=");
        if !is {
            self.expect("!=")?;
        }
        let word = self.peek().to_owned();
        if !words.contains(&word) {
            return Err(self.wrong(format!("one of: {}", words.join(", "))));
        }
        self.next = self.next.saturating_add(1);
        Ok(Term { name, is, word })
    }

    fn peek(&self) -> &str {
        self.tokens.get(self.next).map_or("", |(_, token)| token)
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let found = self.peek() == wanted;
        self.next = self.next.saturating_add(usize::from(found));
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Wrong> {
        if self.takes(wanted) { Ok(()) } else { Err(self.wrong(format!("`{wanted}`"))) }
    }

    fn wrong(&self, expected: String) -> Wrong {
        let column = self.tokens.get(self.next).map_or(self.end, |(column, _)| *column);
        Wrong { column, expected }
    }
}

/// Words and signs, each with its column.
fn tokens(text: &str) -> Vec<(usize, String)> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.' | '_');
    let mut tokens: Vec<(usize, String)> = Vec::new();
    let mut joins = None;
    for (place, letter) in text.chars().enumerate() {
        let kind = if is_word(letter) {
            'w'
        } else if matches!(letter, '=' | '!' | '>') {
            's'
        } else {
            letter
        };
        match tokens.last_mut().filter(|_| joins == Some(kind) && matches!(kind, 'w' | 's')) {
            Some((_, token)) => token.push(letter),
            None if letter.is_whitespace() => {}
            None => tokens.push((place.saturating_add(1), letter.to_string())),
        }
        joins = Some(kind);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |status: &str, decision: &str| {
            BTreeMap::from([("status", status.to_owned()), ("decision", decision.to_owned())])
        };
        vec![row("good", "allow"), row("unknown", "allow"), row("revoked", "deny")]
    }

    fn counterexample(text: &str) -> Option<String> {
        let rows = rows();
        let assertion = Assertion::read(text, &Words::of(&rows)).unwrap();
        assertion.counterexample(&rows).map(|row| row["status"].clone())
    }

    #[test]
    fn an_assertion_holds_or_has_its_first_counterexample() {
        assert_eq!(counterexample("status=revoked: deny"), None);
        assert_eq!(counterexample("allow => status=good"), Some("unknown".to_owned()));
        assert_eq!(counterexample("status!=unknown: allow=>status=good"), None);
        assert_eq!(counterexample("allow"), Some("revoked".to_owned()));
        assert_eq!(counterexample("allow and status!=good => status = unknown"), None);
        assert_eq!(counterexample("status=good, deny: allow"), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_column() {
        let rows = rows();
        let wrong = |text: &str| {
            let wrong = Assertion::read(text, &Words::of(&rows)).unwrap_err();
            (wrong.column, wrong.expected)
        };
        assert_eq!(wrong(""), (1, "allow, deny or one of: decision, status".to_owned()));
        assert_eq!(wrong("state=good: allow"), (1, "allow, deny or one of: decision, status".to_owned()));
        assert_eq!(wrong("status=bad"), (8, "one of: good, unknown, revoked".to_owned()));
        assert_eq!(wrong("status"), (7, "`!=`".to_owned()));
        assert_eq!(wrong("status == good"), (8, "`!=`".to_owned()));
        assert_eq!(wrong("allow deny"), (7, "the end, `and` or `=>`".to_owned()));
        assert_eq!(wrong("allow =>"), (9, "allow, deny or one of: decision, status".to_owned()));
    }
}
