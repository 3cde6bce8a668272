//! The outcome as a page: a line for each case, failures in full, and at the end what no case exercises.

use engine_cases::{Difference, Finding, Level};

use super::super::check::draw_problem;
use super::judge::{Judged, Outcome};
use super::suite::Suite;
use super::{Counts, Round};
use crate::cli::page::{Drawing, Ink, Page};

/// Under what stands beside a case.
const MARGIN: &str = "          ";

/// Draws a round; with `coverage`, everything that is counted.
pub(super) fn draw(round: &Round, counts: Counts, (coverage, drawing): (bool, Drawing)) -> String {
    let mut page = Page::new(drawing);
    for (suite, judged) in &round.suites {
        draw_suite(&mut page, suite, judged);
    }
    page.gap();
    draw_lacking(&mut page, round);
    if coverage {
        draw_coverage(&mut page, round);
    }
    let ink =
        if counts.failed.max(counts.unusable).max(counts.unreadable) == 0 { Ink::Good } else { Ink::Bad };
    page.line(("", "  "), &[ink.span(summary(counts))]);
    page.into_text()
}

fn draw_suite(page: &mut Page, suite: &Suite, judged: &[Judged]) {
    page.line(("", "  "), &[Ink::Bold.span(suite.file.clone())]);
    let cases = match &suite.cases {
        Ok(cases) => cases,
        Err(problems) => {
            for problem in problems {
                draw_problem(page, (&suite.file, &suite.text), problem);
                page.gap();
            }
            return;
        }
    };
    for (case, judged) in cases.iter().zip(judged) {
        let word = match &judged.outcome {
            Outcome::Passed => Ink::Good.span("passed"),
            Outcome::Failed(_) => Ink::Bad.span("FAILED"),
            Outcome::Unusable(_) => Ink::Bad.span("NOT JUDGED"),
        };
        page.entry((2, MARGIN.len()), &[word], &[Ink::Plain.span(case.name.clone())]);
        match &judged.outcome {
            Outcome::Passed => {}
            Outcome::Failed(differences) => {
                let place = format!("{}:{}", suite.file, case.line);
                page.line((MARGIN, MARGIN), &[Ink::Dim.span(place)]);
                if let Some(note) = &case.note {
                    page.line((MARGIN, MARGIN), &[Ink::Dim.span(note.clone())]);
                }
                for difference in differences {
                    draw_difference(page, difference);
                }
            }
            Outcome::Unusable(problem) => draw_problem(page, (&suite.file, &suite.text), problem),
        }
    }
}

fn draw_difference(page: &mut Page, difference: &Difference) {
    let Difference { field, certificate, expected, found, findings } = difference;
    let about = certificate.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
    let text = format!("{field}{about}: expected {expected}, found {found}");
    page.line((MARGIN, "            "), &[Ink::Plain.span(text)]);
    for finding in findings {
        let about = finding.certificate.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let text = format!("{} {about}{}", finding.code, sentence(finding));
        page.line(("            ", "              "), &[Ink::Dim.span(text)]);
    }
}

/// What a finding says, in the words that findings are told in.
pub(super) fn sentence(finding: &Finding) -> String {
    let details: Vec<(&str, String)> =
        finding.details.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    engine_wording::sentence(&finding.code, &details)
}

/// Levels that no case exercises and that are listed one by one; a document that is written out in full has more.
const MOST_LEVELS: usize = 5;

/// Rules and levels that no case exercises.
fn draw_lacking(page: &mut Page, round: &Round) {
    for rule in round.coverage.rules().iter().filter(|rule| rule.is_lacking()) {
        let lacks = match (rule.spoke, rule.silent) {
            (0, 0) => "no case asks it",
            (0, _) => "no case makes it speak",
            _ => "no case is judged without it",
        };
        let text = format!("rule {}: {lacks}", rule.id);
        page.line(("", "  "), &[Ink::Doubtful.span("not exercised  "), Ink::Plain.span(text)]);
    }
    let levels: Vec<_> = round.coverage.levels().iter().filter(|level| level.is_lacking()).collect();
    let texts = match levels.len() {
        0..=MOST_LEVELS => {
            let text = |level: &&Level| {
                format!("level {} = {}: no case has such a finding", level.code, level.level)
            };
            levels.iter().map(text).collect()
        }
        count => vec![format!("{count} levels: no case has such findings; --coverage lists them")],
    };
    for text in texts {
        page.line(("", "  "), &[Ink::Doubtful.span("not exercised  "), Ink::Plain.span(text)]);
    }
}

fn draw_coverage(page: &mut Page, round: &Round) {
    for rule in round.coverage.rules() {
        let text =
            format!("rule {}: spoke in {}, silent in {}", rule.id, cases(rule.spoke), cases(rule.silent));
        page.line(("", "  "), &[Ink::Plain.span(text)]);
    }
    for level in round.coverage.levels() {
        let text = format!("level {} = {}: found in {}", level.code, level.level, cases(level.found));
        page.line(("", "  "), &[Ink::Plain.span(text)]);
    }
}

fn cases(count: usize) -> String {
    match count {
        0 => "no case".to_owned(),
        1 => "1 case".to_owned(),
        several => format!("{several} cases"),
    }
}

/// Such as `3 cases: 2 passed, 1 failed`.
fn summary(counts: Counts) -> String {
    let Counts { passed, failed, unusable, unreadable } = counts;
    let total = passed.saturating_add(failed).saturating_add(unusable);
    let mut text = format!("{}: {passed} passed, {failed} failed", cases(total));
    if unusable > 0 {
        text = format!("{text}, {unusable} not judged");
    }
    match unreadable {
        0 => text,
        1 => format!("{text}; 1 file cannot be read as cases"),
        several => format!("{text}; {several} files cannot be read as cases"),
    }
}
