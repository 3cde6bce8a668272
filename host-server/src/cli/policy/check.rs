//! `assayer policy check`: everything that is wrong with documents, as a compiler says it, or the name of the policy.

use clap::Args;
use serde::Serialize;

use super::place::{excerpt, line_of};
use super::{canonical, hash, session};
use crate::cli::page::{Ink, Page};
use crate::cli::{Console, Exit, Failure, Format, file, said, written};
use crate::component::Session;
use crate::component::contract::request::Mode;
use crate::component::contract::types::Refusal;

/// The options of `policy check`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy documents (TOML).
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// What was found about one document.
#[derive(Serialize)]
struct Checked {
    file: String,
    accepted: bool,
    /// SHA-256 of the policy in the engine's own form.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    problems: Vec<Problem>,
    #[serde(skip)]
    text: String,
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) key: String,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nearest: Option<String>,
    pub(super) expected: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) other: Option<Other>,
}

/// The other of two choices that contradict each other.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Other {
    key: String,
    /// Where it is written; nowhere where it is as the profile has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Serialize)]
struct Document<'a> {
    files: &'a [Checked],
}

/// Runs `policy check`.
///
/// # Errors
/// When a file cannot be read, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    let checked = arguments.files.iter().map(|name| check(&mut session, name));
    let checked: Vec<Checked> = checked.collect::<Result<_, Failure>>()?;
    let exit = if checked.iter().all(|one| one.accepted) { Exit::Allow } else { Exit::Question };
    let output = match arguments.format {
        Format::Json => console.document(&json(&Document { files: &checked })?),
        Format::Text => {
            let mut page = Page::new(console.looks.drawing);
            for one in &checked {
                draw(&mut page, one);
            }
            console.page(&page.into_text())
        }
    };
    written(output, exit)
}

/// A JSON document of ours.
pub(super) fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(said::fault)
}

fn check(session: &mut Session, name: &str) -> Result<Checked, Failure> {
    let text = file::read_policy(name)?;
    let found = session.policy_problems(&text, Mode::AsWritten).map_err(said::fault)?;
    let problems: Vec<Problem> = found.iter().map(|refusal| problem(refusal, &text)).collect();
    let accepted = problems.is_empty();
    let sha256 = if accepted { Some(hash(&canonical(session, name, &text)?)) } else { None };
    Ok(Checked { file: name.to_owned(), accepted, sha256, problems, text })
}

fn problem(refusal: &Refusal, text: &str) -> Problem {
    let details = |name: &str| said::details(refusal, name);
    let first = |name: &str| details(name).into_iter().next();
    let number = |name: &str| first(name).and_then(|text| text.parse().ok()).unwrap_or(1);
    let other = first("with").map(|key| Other { line: line_of(text, &key), key });
    Problem {
        code: refusal.code.clone(),
        line: number("line"),
        column: number("column"),
        key: first("key").unwrap_or_default(),
        message: said::problem(refusal),
        nearest: first("nearest"),
        expected: details("expected"),
        other,
    }
}

fn draw(page: &mut Page, checked: &Checked) {
    for problem in &checked.problems {
        draw_problem(page, (&checked.file, &checked.text), problem);
        page.gap();
    }
    let verdict = match &checked.sha256 {
        Some(hash) => vec![Ink::Good.span("accepted"), Ink::Plain.span(format!("  sha256 {hash}"))],
        None => {
            let count = checked.problems.len();
            let plural = if count == 1 { "problem" } else { "problems" };
            vec![Ink::Bad.span("refused"), Ink::Plain.span(format!("  {count} {plural}"))]
        }
    };
    let mut spans = vec![Ink::Bold.span(format!("{}: ", checked.file))];
    spans.extend(verdict);
    page.line(("", ""), &spans);
}

/// A mistake in a file of this name and text, as a compiler says it.
pub(super) fn draw_problem(page: &mut Page, (file, text): (&str, &str), problem: &Problem) {
    let Problem { code, line, column, key, message, other, .. } = problem;
    let error = [Ink::Bad.span(format!("error[{code}]")), Ink::Bold.span(format!(": {message}"))];
    page.line(("", "  "), &error);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let place = format!("{margin}--> {file}:{line}:{column}");
    page.line(("", ""), &[Ink::Plain.span(place)]);
    let found = excerpt(text, *line, *column);
    page.line(("", ""), &[Ink::Dim.span(format!("{margin} |"))]);
    page.line(("", ""), &[Ink::Dim.span(format!("{number} | ")), Ink::Plain.span(found.line)]);
    page.line(("", ""), &[Ink::Dim.span(format!("{margin} | ")), Ink::Bad.span(found.mark)]);
    if !key.is_empty() {
        page.line(("", "    "), &[Ink::Dim.span(format!("{margin} = key: ")), Ink::Plain.span(key.clone())]);
    }
    if let Some(other) = other {
        let place = match other.line {
            Some(line) => format!("{} in line {line}", other.key),
            None => format!("{}, which is as the profile has it", other.key),
        };
        page.line(("", "    "), &[Ink::Dim.span(format!("{margin} = other: ")), Ink::Plain.span(place)]);
    }
}
