//! `assayer policy diff`: what one document says otherwise than another, by meaning. Which way a setting goes is the
//! engine's answer.

use clap::Args;
use serde::Serialize;

use super::check::json;
use super::{Accepted, session};
use crate::cli::page::{Ink, Page};
use crate::cli::{Console, Exit, Failure, Format, said, written};
use crate::component::contract::policy::{Difference, Effect};

/// The options of `policy diff`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document as it was.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The policy document as it is to be.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

#[derive(Serialize)]
struct Document<'a> {
    old: Named<'a>,
    new: Named<'a>,
    differences: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    file: &'a str,
    sha256: String,
}

#[derive(Serialize)]
struct Told<'a> {
    key: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
    effect: &'static str,
}

/// Runs `policy diff`.
///
/// # Errors
/// When a document cannot be used, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    let old = Accepted::read(&mut session, &arguments.old)?;
    let new = Accepted::read(&mut session, &arguments.new)?;
    let found = session.policy_differences(&old.text, &new.text).map_err(said::fault)?;
    let found = found.map_err(|refusal| said::refusal(&refusal.input, &refusal))?;
    let output = match arguments.format {
        Format::Json => console.document(&json(&Document {
            old: Named { file: &arguments.old, sha256: old.hash() },
            new: Named { file: &arguments.new, sha256: new.hash() },
            differences: found.iter().map(told).collect(),
        })?),
        Format::Text => {
            let mut page = Page::new(console.looks.drawing);
            draw(&mut page, arguments, &found);
            console.page(&page.into_text())
        }
    };
    written(output, if found.is_empty() { Exit::Allow } else { Exit::Deny })
}

fn told(difference: &Difference) -> Told<'_> {
    Told {
        key: &difference.key,
        old: difference.before.as_deref(),
        new: difference.after.as_deref(),
        effect: word(difference.effect),
    }
}

fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Stricter => "stricter",
        Effect::Looser => "looser",
        Effect::Other => "other",
    }
}

fn draw(page: &mut Page, arguments: &Arguments, found: &[Difference]) {
    let heading = format!("{} → {}: {}", arguments.old, arguments.new, summary(found));
    page.line(("", "  "), &[Ink::Bold.span(heading)]);
    for difference in found {
        let ink = match difference.effect {
            Effect::Stricter => Ink::Good,
            Effect::Looser => Ink::Bad,
            Effect::Other => Ink::Doubtful,
        };
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not there".to_owned());
        let change = format!("{} → {}", value(&difference.before), value(&difference.after));
        page.entry((2, 12), &[ink.span(word(difference.effect))], &[Ink::Bold.span(difference.key.clone())]);
        page.line(("              ", "              "), &[Ink::Plain.span(change)]);
    }
}

/// Such as `3 settings differ (2 stricter, 1 other)`.
fn summary(found: &[Difference]) -> String {
    let counted = [Effect::Stricter, Effect::Looser, Effect::Other].map(|effect| {
        let count = found.iter().filter(|difference| difference.effect == effect).count();
        (count, word(effect))
    });
    let counted: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match found.len() {
        0 => "the same policy".to_owned(),
        1 => format!("1 setting differs ({})", counted.join(", ")),
        several => format!("{several} settings differ ({})", counted.join(", ")),
    }
}
