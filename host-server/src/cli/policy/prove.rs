//! `assayer policy prove`: the whole decision table of a document, in both modes, and what its author asserts of it. The
//! rows are the engine's, for every purpose, with what the document's own rules do; that the mode only ever refuses more is
//! compared here, row by row. Where own rules may go either way, what is asserted must hold both ways.

use clap::Args;
use serde::Serialize;
use toml_edit::Document as Toml;

use super::assertion::{Assertion, Row, Words, Wrong};
use super::check::json;
use super::{Accepted, session};
use crate::cli::page::{Ink, Page};
use crate::cli::{Console, Exit, Failure, Format, said, written};
use crate::component::Session;
use crate::component::contract::policy::{Decision, OwnRules, StatusAnswer};
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::{StatusSource, TrustModel};

/// The options of `policy prove`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document (TOML).
    #[arg(value_name = "FILE")]
    pub file: String,
    /// What is to hold, such as `purpose=server-auth: allow => status=good`. Names: mode, purpose, about, source, model,
    /// answer, asked, status, rules, decision.
    #[arg(long = "assert", value_name = "EXPR")]
    pub assertions: Vec<String>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// What stands for a question without a purpose.
const NO_PURPOSE: &str = "none";
const AS_WRITTEN: &str = "as-written";
const COMMON_CRITERIA: &str = "common-criteria";

#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    sha256: String,
    holds: bool,
    monotone: bool,
    purposes: Vec<String>,
    table: Vec<&'a Row>,
    assertions: Vec<Asserted<'a>>,
}

#[derive(Serialize)]
struct Asserted<'a> {
    assertion: &'a str,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    counterexample: Option<&'a Row>,
}

/// What follows for one purpose, without Common Criteria mode and with it.
struct Table {
    purpose: String,
    written: Vec<Decision>,
    strict: Vec<Decision>,
}

/// Runs `policy prove`.
///
/// # Errors
/// When the document or an assertion cannot be used, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    let policy = Accepted::read(&mut session, &arguments.file)?;
    let purposes = purposes(&policy.canonical);
    let made = purposes.iter().map(|purpose| Table::of(&mut session, &policy, purpose));
    let tables: Vec<Table> = made.collect::<Result<_, Failure>>()?;
    let looser =
        tables.iter().find_map(|table| Some((looser(&table.written, &table.strict)?, &table.purpose)));
    let looser =
        looser.and_then(|(decision, purpose)| rows(decision, COMMON_CRITERIA, purpose).into_iter().next());
    let all = tables.iter().map(|table| (&table.written, AS_WRITTEN, &table.purpose));
    let all = all.chain(tables.iter().map(|table| (&table.strict, COMMON_CRITERIA, &table.purpose)));
    let rows: Vec<Row> = all
        .flat_map(|(decisions, mode, purpose)| decisions.iter().flat_map(move |one| rows(one, mode, purpose)))
        .collect();
    let asserted = assertions(&arguments.assertions, &rows)?;
    let holds = looser.is_none() && asserted.iter().all(|one| one.holds);
    let output = match arguments.format {
        Format::Json => console.document(&json(&Document {
            file: &arguments.file,
            sha256: policy.hash(),
            holds,
            monotone: looser.is_none(),
            table: rows.iter().collect(),
            purposes,
            assertions: asserted,
        })?),
        Format::Text => {
            let mut page = Page::new(console.looks.drawing);
            draw_table(&mut page, &tables);
            draw_end(&mut page, &tables, looser.as_ref(), &asserted);
            console.page(&page.into_text())
        }
    };
    written(output, if holds { Exit::Allow } else { Exit::Deny })
}

impl Table {
    fn of(session: &mut Session, policy: &Accepted, purpose: &str) -> Result<Self, Failure> {
        let asked = Some(purpose).filter(|purpose| *purpose != NO_PURPOSE);
        let written = table(session, policy, (Mode::AsWritten, asked))?;
        let strict = table(session, policy, (Mode::CommonCriteria, asked))?;
        Ok(Self { purpose: purpose.to_owned(), written, strict })
    }
}

/// The purposes of a document in the engine's own form, and none.
fn purposes(canonical: &str) -> Vec<String> {
    let mut names = vec![NO_PURPOSE.to_owned()];
    let Ok(document) = Toml::parse(canonical) else { return names };
    let list = document.get("purposes").and_then(toml_edit::Item::as_array_of_tables);
    let found = list.into_iter().flatten().filter_map(|one| one.get("name")?.as_str().map(str::to_owned));
    names.extend(found);
    names
}

/// A mode that the document cannot stand with is its author's to know of.
fn table(
    session: &mut Session,
    policy: &Accepted,
    (mode, purpose): (Mode, Option<&str>),
) -> Result<Vec<Decision>, Failure> {
    let found = session.decision_table(&policy.text, mode, purpose).map_err(said::fault)?;
    found.map_err(|refusal| match mode {
        Mode::AsWritten => said::refusal("policy", &refusal),
        Mode::CommonCriteria => said::refusal("with Common Criteria mode", &refusal),
    })
}

/// What becomes of the paths of a row, own rules included; later is stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Allowed,
    /// A rule of the document's own may deny, by facts that are in no row.
    Open,
    Denied,
}

fn outcome(decision: &Decision) -> Outcome {
    match (decision.allowed, decision.rules) {
        (false, _) | (_, OwnRules::Deny) => Outcome::Denied,
        (true, OwnRules::MayDeny) => Outcome::Open,
        (true, OwnRules::Pass) => Outcome::Allowed,
    }
}

/// The first row that the mode allows and the document as it is written does not.
fn looser<'d>(written: &[Decision], strict: &'d [Decision]) -> Option<&'d Decision> {
    let pairs = written.iter().zip(strict);
    pairs.filter(|(written, strict)| outcome(strict) < outcome(written)).map(|(_, strict)| strict).next()
}

/// A decision as rows: both ways where own rules may go either way, so that what is asserted is held to the worse.
fn rows(decision: &Decision, mode: &str, purpose: &str) -> Vec<Row> {
    let words: &[&str] = match outcome(decision) {
        Outcome::Allowed => &["allow"],
        Outcome::Open => &["allow", "deny"],
        Outcome::Denied => &["deny"],
    };
    words.iter().map(|word| row(decision, (mode, purpose), word)).collect()
}

fn row(decision: &Decision, (mode, purpose): (&str, &str), verdict: &str) -> Row {
    Row::from([
        ("mode", mode.to_owned()),
        ("purpose", purpose.to_owned()),
        ("about", about(decision).to_owned()),
        ("source", source(decision.source).to_owned()),
        ("model", model(decision.model).to_owned()),
        ("answer", answer(decision.answer).to_owned()),
        ("asked", if decision.asked { "yes" } else { "no" }.to_owned()),
        ("status", decision.status.clone()),
        ("rules", rules(decision.rules).to_owned()),
        ("decision", verdict.to_owned()),
    ])
}

fn rules(rules: OwnRules) -> &'static str {
    match rules {
        OwnRules::Pass => "pass",
        OwnRules::MayDeny => "may-deny",
        OwnRules::Deny => "deny",
    }
}

fn about(decision: &Decision) -> &'static str {
    if decision.about_issuer { "issuer" } else { "target" }
}

/// As it stands in the table for people.
fn cell(decision: &Decision) -> String {
    let verdict = match outcome(decision) {
        Outcome::Allowed => "allow",
        Outcome::Open => "allow?",
        Outcome::Denied => "deny",
    };
    format!("{verdict} {}", decision.status)
}

fn source(source: StatusSource) -> &'static str {
    match source {
        StatusSource::Ocsp => "ocsp",
        StatusSource::Crl => "crl",
    }
}

fn model(model: TrustModel) -> &'static str {
    match model {
        TrustModel::IssuingAuthority => "issuing-authority",
        TrustModel::Delegate => "delegate",
        TrustModel::Designated => "designated",
        TrustModel::CrlIssuer => "crl-issuer",
    }
}

fn answer(answer: StatusAnswer) -> &'static str {
    match answer {
        StatusAnswer::Good => "good",
        StatusAnswer::Revoked => "revoked",
        StatusAnswer::OnHold => "on-hold",
        StatusAnswer::Unknown => "unknown",
        StatusAnswer::Nothing => "nothing",
    }
}

fn assertions<'a>(texts: &'a [String], rows: &'a [Row]) -> Result<Vec<Asserted<'a>>, Failure> {
    let words = Words::of(rows);
    let read = |text: &'a String| {
        let assertion = Assertion::read(text, &words).map_err(|wrong| unreadable(text, &wrong))?;
        let counterexample = assertion.counterexample(rows);
        Ok(Asserted { assertion: text, holds: counterexample.is_none(), counterexample })
    };
    texts.iter().map(read).collect()
}

fn unreadable(text: &str, wrong: &Wrong) -> Failure {
    let found = format!("column {} of \"{}\" is no assertion", wrong.column, engine_wording::escape(text));
    Failure::of_input("--assert", found, format!("expected {}", wrong.expected))
}

/// One line for each row, or one for each group of purposes where these differ.
fn draw_table(page: &mut Page, tables: &[Table]) {
    let lines = lines(tables);
    let differs = lines.iter().any(|line| line.purposes.len() < tables.len());
    let line = |cells: [&str; 7], purposes: &str| {
        let [about, source, model, answer, asked, written, strict] = cells;
        let text = format!("{about:<8}{source:<6}{model:<19}{answer:<9}{asked:<7}{written:<21}{strict}");
        if differs { format!("{text:<92}{purposes}") } else { text }
    };
    let heading = ["about", "from", "signed by", "answer", "asked", "as written", "Common Criteria"];
    page.line(("", ""), &[Ink::Bold.span(line(heading, "purpose"))]);
    for Line { written: one, strict, purposes } in &lines {
        let asked = if one.asked { "yes" } else { "no" };
        let cells = [about(one), source(one.source), model(one.model), answer(one.answer), asked];
        let [about, source, model, answer, asked] = cells;
        let purposes = if purposes.len() == tables.len() { "any".to_owned() } else { purposes.join(", ") };
        let text = line([about, source, model, answer, asked, &cell(one), &cell(strict)], &purposes);
        let ink = if outcome(one) == Outcome::Denied { Ink::Dim } else { Ink::Plain };
        page.line(("", ""), &[ink.span(text)]);
    }
}

/// A row, and the purposes for which it says the same.
struct Line<'t> {
    written: &'t Decision,
    strict: &'t Decision,
    purposes: Vec<&'t str>,
}

fn lines(tables: &[Table]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let count = tables.iter().map(|table| table.written.len()).max().unwrap_or_default();
    for place in 0..count {
        let first = lines.len();
        for table in tables {
            let pair = table.written.get(place).zip(table.strict.get(place));
            let Some((written, strict)) = pair else { continue };
            let same = |line: &&mut Line<'_>| {
                cell(line.written) == cell(written) && cell(line.strict) == cell(strict)
            };
            match lines.iter_mut().skip(first).find(same) {
                Some(line) => line.purposes.push(&table.purpose),
                None => lines.push(Line { written, strict, purposes: vec![&table.purpose] }),
            }
        }
    }
    lines
}

fn draw_end(page: &mut Page, tables: &[Table], looser: Option<&Row>, asserted: &[Asserted<'_>]) {
    page.gap();
    if lines(tables).iter().all(|line| line.purposes.len() == tables.len()) {
        let purposes: Vec<&str> = tables.iter().map(|table| table.purpose.as_str()).collect();
        let text = format!("The same for every purpose: {}.", purposes.join(", "));
        page.line(("", ""), &[Ink::Plain.span(text)]);
    }
    let decisions = || tables.iter().flat_map(|table| table.written.iter().chain(&table.strict));
    if decisions().any(|decision| outcome(decision) == Outcome::Open) {
        let text = "allow? means that a rule of the document's own may deny, by facts that no row has.";
        page.line(("", ""), &[Ink::Plain.span(text)]);
    }
    let word = |holds: bool| if holds { Ink::Good.span("holds") } else { Ink::Bad.span("FAILS") };
    let mode = "  Common Criteria mode allows nothing that is denied without it";
    page.line(("", "       "), &[word(looser.is_none()), Ink::Plain.span(mode)]);
    if let Some(row) = looser {
        counterexample(page, row);
    }
    for one in asserted {
        page.line(("", "       "), &[word(one.holds), Ink::Plain.span(format!("  {}", one.assertion))]);
        if let Some(row) = one.counterexample {
            counterexample(page, row);
        }
    }
}

fn counterexample(page: &mut Page, row: &Row) {
    let words: Vec<String> = row.iter().map(|(name, word)| format!("{name}={word}")).collect();
    let text = format!("but: {}", words.join(", "));
    page.line(("       ", "       "), &[Ink::Doubtful.span(text)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_only_tightens_with_the_mode() {
        let mut session = session().unwrap();
        for profile in ["rfc5280", "public-web", "uc-legacy", "ndcpp-2.2e", "ndcpp-3.0e", "ndcpp-4.0"] {
            let text = format!("profile = \"{profile}\"");
            let mut of = |mode| session.decision_table(&text, mode, None).unwrap().unwrap();
            let (written, strict) = (of(Mode::AsWritten), of(Mode::CommonCriteria));
            assert_eq!(written.len(), 46);
            assert!(looser(&written, &strict).is_none(), "{profile}");
            assert!(written.iter().any(|one| one.allowed) && written.iter().any(|one| !one.allowed));
        }
    }

    #[test]
    fn a_row_that_the_mode_makes_looser_is_noticed() {
        let mut session = session().unwrap();
        let table = session.decision_table("", Mode::AsWritten, None).unwrap().unwrap();
        let denied: Vec<Decision> =
            table.iter().cloned().map(|decision| Decision { allowed: false, ..decision }).collect();
        assert!(looser(&denied, &table).is_some());
        assert!(looser(&table, &denied).is_none());
    }

    /// A rule of the document's own is a row's where the row has its facts, and either way where it has not.
    #[test]
    fn own_rules_take_part() {
        let prove = |rule: &str, assertion: &str| {
            let text = format!("[[rules]]\nid = \"r\"\neffect = \"deny\"\nmessage = \"m\"\n{rule}\n");
            let mut session = session().unwrap();
            let canonical = super::super::canonical(&mut session, "", &text).unwrap();
            let policy = Accepted { text, canonical };
            let purposes = purposes(&policy.canonical);
            let tables: Vec<Table> =
                purposes.iter().map(|purpose| Table::of(&mut session, &policy, purpose).unwrap()).collect();
            let rows: Vec<Row> = tables
                .iter()
                .flat_map(|table| table.written.iter().flat_map(|one| rows(one, AS_WRITTEN, &table.purpose)))
                .collect();
            let assertion = Assertion::read(assertion, &Words::of(&rows)).unwrap();
            let differs = lines(&tables).iter().any(|line| line.purposes.len() < tables.len());
            let looser = tables.iter().any(|table| looser(&table.written, &table.strict).is_some());
            (assertion.counterexample(&rows).cloned(), differs, looser)
        };
        let undetermined = "when = \"status[0].status == 'undetermined'\"";
        let (counterexample, differs, looser) =
            prove(undetermined, "about=target: allow => status!=undetermined");
        assert_eq!((counterexample, differs, looser), (None, false, false));
        let one = format!("{undetermined}\npurposes = [\"server-auth\"]");
        let (counterexample, differs, _) = prove(&one, "about=target: allow => status!=undetermined");
        assert!(counterexample.is_some_and(|row| row["purpose"] == NO_PURPOSE) && differs);
        let (counterexample, ..) =
            prove(&one, "purpose=server-auth, about=target: allow => status!=undetermined");
        assert_eq!(counterexample, None);
        let short = "when = 'target.key.kind == \"rsa\"'";
        for assertion in ["status=good: allow", "status=good: deny"] {
            let (counterexample, ..) = prove(short, assertion);
            assert_eq!(
                counterexample.map(|row| row["rules"].clone()).as_deref(),
                Some("may-deny"),
                "{assertion}"
            );
        }
        let (_, _, looser) = prove("when = \"mode == 'standard'\"", "allow");
        assert!(looser, "an author may make of the mode what it is not");
    }
}
