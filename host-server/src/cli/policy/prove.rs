//! `assayer policy prove`: the whole decision table of a document, in both modes, and what its author asserts of it. The
//! rows are the engine's; that the mode only ever refuses more is compared here, row by row.

use clap::Args;
use serde::Serialize;
use toml_edit::Document as Toml;

use super::assertion::{Assertion, Row, Words, Wrong};
use super::check::json;
use super::{Accepted, session};
use crate::cli::page::{Ink, Page};
use crate::cli::{Console, Exit, Failure, Format, said, written};
use crate::component::Session;
use crate::component::contract::policy::{Decision, StatusAnswer};
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::{StatusSource, TrustModel};

/// The options of `policy prove`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document (TOML).
    #[arg(value_name = "FILE")]
    pub file: String,
    /// What is to hold, such as `purpose=server-auth: allow => status=good`. Names: mode, purpose, about, source, model,
    /// answer, asked, status, decision.
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

/// Runs `policy prove`.
///
/// # Errors
/// When the document or an assertion cannot be used, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    let policy = Accepted::read(&mut session, &arguments.file)?;
    let purposes = purposes(&policy.canonical);
    let written_rows = table(&mut session, &policy, Mode::AsWritten)?;
    let strict_rows = table(&mut session, &policy, Mode::CommonCriteria)?;
    let looser = looser(&written_rows, &strict_rows);
    let rows = [(&written_rows, AS_WRITTEN), (&strict_rows, COMMON_CRITERIA)];
    let rows: Vec<Row> = rows
        .iter()
        .flat_map(|(decisions, mode)| purposes.iter().map(move |purpose| (decisions, mode, purpose)))
        .flat_map(|(decisions, mode, purpose)| decisions.iter().map(move |one| row(one, mode, purpose)))
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
            draw_table(&mut page, &written_rows, &strict_rows);
            draw_end(&mut page, &purposes, looser, &asserted);
            console.page(&page.into_text())
        }
    };
    written(output, if holds { Exit::Allow } else { Exit::Deny })
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
fn table(session: &mut Session, policy: &Accepted, mode: Mode) -> Result<Vec<Decision>, Failure> {
    let found = session.decision_table(&policy.text, mode).map_err(said::fault)?;
    found.map_err(|refusal| match mode {
        Mode::AsWritten => said::refusal("policy", &refusal),
        Mode::CommonCriteria => said::refusal("with Common Criteria mode", &refusal),
    })
}

/// The first row that the mode allows and the document as it is written does not.
fn looser<'d>(written: &[Decision], strict: &'d [Decision]) -> Option<&'d Decision> {
    let pairs = written.iter().zip(strict);
    pairs.filter(|(written, strict)| strict.allowed && !written.allowed).map(|(_, strict)| strict).next()
}

fn row(decision: &Decision, mode: &str, purpose: &str) -> Row {
    Row::from([
        ("mode", mode.to_owned()),
        ("purpose", purpose.to_owned()),
        ("about", about(decision).to_owned()),
        ("source", source(decision.source).to_owned()),
        ("model", model(decision.model).to_owned()),
        ("answer", answer(decision.answer).to_owned()),
        ("asked", if decision.asked { "yes" } else { "no" }.to_owned()),
        ("status", decision.status.clone()),
        ("decision", verdict(decision).to_owned()),
    ])
}

fn about(decision: &Decision) -> &'static str {
    if decision.about_issuer { "issuer" } else { "target" }
}

fn verdict(decision: &Decision) -> &'static str {
    if decision.allowed { "allow" } else { "deny" }
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

fn draw_table(page: &mut Page, written: &[Decision], strict: &[Decision]) {
    let line = |cells: [&str; 7]| {
        let [about, source, model, answer, asked, written, strict] = cells;
        format!("{about:<8}{source:<6}{model:<19}{answer:<9}{asked:<7}{written:<21}{strict}")
    };
    let heading = ["about", "from", "signed by", "answer", "asked", "as written", "Common Criteria"];
    page.line(("", ""), &[Ink::Bold.span(line(heading))]);
    let cell = |decision: &Decision| format!("{} {}", verdict(decision), decision.status);
    for (one, other) in written.iter().zip(strict) {
        let asked = if one.asked { "yes" } else { "no" };
        let cells = [about(one), source(one.source), model(one.model), answer(one.answer), asked];
        let [about, source, model, answer, asked] = cells;
        let text = line([about, source, model, answer, asked, &cell(one), &cell(other)]);
        page.line(("", ""), &[if one.allowed { Ink::Plain } else { Ink::Dim }.span(text)]);
    }
}

fn draw_end(page: &mut Page, purposes: &[String], looser: Option<&Decision>, asserted: &[Asserted<'_>]) {
    page.gap();
    let text = format!("The same for every purpose: {}.", purposes.join(", "));
    page.line(("", ""), &[Ink::Plain.span(text)]);
    let word = |holds: bool| if holds { Ink::Good.span("holds") } else { Ink::Bad.span("FAILS") };
    let mode = "  Common Criteria mode allows nothing that is denied without it";
    page.line(("", "       "), &[word(looser.is_none()), Ink::Plain.span(mode)]);
    if let Some(decision) = looser {
        counterexample(page, &row(decision, COMMON_CRITERIA, NO_PURPOSE));
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
            let mut of = |mode| session.decision_table(&text, mode).unwrap().unwrap();
            let (written, strict) = (of(Mode::AsWritten), of(Mode::CommonCriteria));
            assert_eq!(written.len(), 46);
            assert!(looser(&written, &strict).is_none(), "{profile}");
            assert!(written.iter().any(|one| one.allowed) && written.iter().any(|one| !one.allowed));
        }
    }

    #[test]
    fn a_row_that_the_mode_makes_looser_is_noticed() {
        let mut session = session().unwrap();
        let table = session.decision_table("", Mode::AsWritten).unwrap().unwrap();
        let denied: Vec<Decision> =
            table.iter().cloned().map(|decision| Decision { allowed: false, ..decision }).collect();
        assert!(looser(&denied, &table).is_some());
        assert!(looser(&table, &denied).is_none());
    }
}
