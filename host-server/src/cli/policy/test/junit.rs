//! The outcome as JUnit XML: a suite for each file, a failure for each way in which a case came out otherwise, an error for
//! what could not be judged.

use std::fmt::Write as _;

use engine_cases::{Case, Difference};

use super::super::check::Problem;
use super::judge::{Judged, Outcome};
use super::page::sentence;
use super::suite::Suite;
use super::{Counts, Round};

/// Draws a round.
pub(super) fn xml(round: &Round, counts: Counts) -> String {
    let Counts { passed, failed, unusable, unreadable } = counts;
    let errors = unusable.saturating_add(unreadable);
    let total = passed.saturating_add(failed).saturating_add(errors);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = escaped(&round.policy);
    // writing to a string cannot fail
    let _ = writeln!(
        xml,
        "<testsuites name=\"{name}\" tests=\"{total}\" failures=\"{failed}\" errors=\"{errors}\">"
    );
    for (suite, judged) in &round.suites {
        write_suite(&mut xml, suite, judged);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn write_suite(xml: &mut String, suite: &Suite, judged: &[Judged]) {
    let count = |is: fn(&Outcome) -> bool| judged.iter().filter(|one| is(&one.outcome)).count();
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let unusable = count(|outcome| matches!(outcome, Outcome::Unusable(_)));
    let unreadable = usize::from(suite.cases.is_err());
    let (tests, errors) = (judged.len().saturating_add(unreadable), unusable.saturating_add(unreadable));
    let file = escaped(&suite.file);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    let _ = writeln!(xml, "  <testsuite name=\"{file}\" {counts}>");
    match &suite.cases {
        Ok(cases) => {
            for (case, judged) in cases.iter().zip(judged) {
                write_case(xml, &file, case, &judged.outcome);
            }
        }
        Err(problems) => {
            let _ = writeln!(xml, "    <testcase name=\"the file can be read\" classname=\"{file}\">");
            write_error(xml, &suite.file, problems);
            xml.push_str("    </testcase>\n");
        }
    }
    xml.push_str("  </testsuite>\n");
}

fn write_case(xml: &mut String, file: &str, case: &Case, outcome: &Outcome) {
    let name = escaped(&case.name);
    let place = format!("name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{}\"", case.line);
    match outcome {
        Outcome::Passed => {
            let _ = writeln!(xml, "    <testcase {place}/>");
        }
        Outcome::Failed(differences) => {
            let _ = writeln!(xml, "    <testcase {place}>");
            write_failure(xml, differences);
            xml.push_str("    </testcase>\n");
        }
        Outcome::Unusable(problem) => {
            let _ = writeln!(xml, "    <testcase {place}>");
            write_error(xml, file, std::slice::from_ref(problem));
            xml.push_str("    </testcase>\n");
        }
    }
}

/// One failure for a case, as readers of the format expect, with every difference in it.
fn write_failure(xml: &mut String, differences: &[Difference]) {
    let line = |difference: &Difference| {
        let about = difference.certificate.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        let Difference { field, expected, found, .. } = difference;
        format!("{field}{about}: expected {expected}, found {found}")
    };
    let mut text = String::new();
    for difference in differences {
        let _ = writeln!(text, "{}", line(difference));
        for finding in &difference.findings {
            let about = finding.certificate.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            let _ = writeln!(text, "  {} {about}{}", finding.code, sentence(finding));
        }
    }
    let message = differences.first().map(line).unwrap_or_default();
    let kind = differences.first().map_or("", |difference| difference.field);
    let (message, text) = (escaped(&message), escaped(&text));
    let _ = writeln!(xml, "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>");
}

fn write_error<P: std::borrow::Borrow<Problem>>(xml: &mut String, file: &str, problems: &[P]) {
    let line = |problem: &Problem| {
        let Problem { code, line, column, message, .. } = problem;
        format!("{file}:{line}:{column}: error[{code}]: {message}")
    };
    let problems: Vec<&Problem> = problems.iter().map(std::borrow::Borrow::borrow).collect();
    let text: String = problems.iter().map(|problem| format!("{}\n", line(problem))).collect();
    let (code, message) =
        problems.first().map(|problem| (problem.code.as_str(), problem.message.as_str())).unwrap_or_default();
    let (code, message, text) = (escaped(code), escaped(message), escaped(&text));
    let _ = writeln!(xml, "      <error type=\"{code}\" message=\"{message}\">{text}</error>");
}

/// As text or an attribute of XML 1.0; what no document may hold is shown by its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' => escaped.push('\n'),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(escaped, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_end_what_it_stands_in() {
        assert_eq!(escaped("<a b='c' d=\"e\">&]]>"), "&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;]]&gt;");
        assert_eq!(escaped("a\u{1b}[2J\u{0}\nb"), "a\\u{1b}[2J\\u{0}\nb");
    }
}
