//! What becomes of recorded decisions, as it comes: for people as entries, a table by purpose and one line, for programs as
//! one JSON document. Nothing is kept but counts, so any number of decisions can be told.

use std::collections::BTreeMap;

use engine_capsule::{Cause, Change, Class, Concerned, Counts, Decision, Outcome, Recording, Tally};
use serde::Serialize;
use serde_json::json;

use super::source::Place;
use crate::capsule::under::Judged;
use crate::cli::page::{Ink, Page};
use crate::cli::policy::check::json as text_of;
use crate::cli::{Console, Exit, Failure, Format, question, written};

/// The column in which entries stand.
const COLUMN: usize = 15;
/// The same as a margin.
const MARGIN: &str = "               ";

/// What is told so far.
pub(super) struct Telling<'a> {
    policy: (&'a str, String),
    engine: &'static str,
    format: Format,
    tally: Tally,
    /// Flips of every kind.
    flips: u64,
    /// Capsules that could not be read.
    unusable: u64,
    /// Capsules that were passed over, being older than was asked for.
    passed: u64,
    /// How many decisions another engine made.
    of_other_engines: u64,
    is_begun: bool,
    is_first: bool,
}

/// One capsule that is told.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told<'j> {
    capsule: String,
    recorded_at: Option<String>,
    recorded_by: Option<&'j str>,
    purpose: Option<&'j str>,
    class: &'static str,
    /// Another answer is given than was.
    flip: bool,
    certificate: Option<&'j Concerned>,
    before: Option<Decision>,
    after: Option<Decision>,
    causes: &'j [Cause],
    /// What the policy asks for beyond what was recorded.
    asked: &'j [String],
    /// Why there is no decision.
    reason: Option<&'j str>,
}

impl<'a> Telling<'a> {
    /// Nothing yet.
    pub(super) fn begin(policy: (&'a str, String), engine: &'static str, format: Format) -> Self {
        Self {
            policy,
            engine,
            format,
            tally: Tally::default(),
            flips: 0,
            unusable: 0,
            passed: 0,
            of_other_engines: 0,
            is_begun: false,
            is_first: true,
        }
    }

    /// Tells what became of a decision, where it is not the same; `None` was passed over.
    pub(super) fn tell(
        &mut self,
        console: &mut Console<'_>,
        place: &Place,
        judged: Option<Judged>,
    ) -> Result<(), Failure> {
        let Some(judged) = judged else {
            self.passed = self.passed.saturating_add(1);
            return Ok(());
        };
        let class = judged.outcome.as_ref().map_or(Class::Undecided, Outcome::class);
        self.tally.add(judged.purpose.as_deref(), class);
        if judged.engine.to_string() != self.engine {
            self.of_other_engines = self.of_other_engines.saturating_add(1);
        }
        if matches!(class, Class::Same | Class::Otherwise) {
            return Ok(());
        }
        let told = told(place, &judged, class);
        self.flips = self.flips.saturating_add(u64::from(told.flip));
        self.write(console, &told)
    }

    /// Names a capsule that cannot be used.
    pub(super) fn unusable(
        &mut self,
        console: &mut Console<'_>,
        place: &Place,
        why: &str,
    ) -> Result<(), Failure> {
        self.unusable = self.unusable.saturating_add(1);
        let told = Told {
            capsule: place.to_string(),
            recorded_at: None,
            recorded_by: None,
            purpose: None,
            class: "unusable",
            flip: false,
            certificate: None,
            before: None,
            after: None,
            causes: &[],
            asked: &[],
            reason: Some(why),
        };
        self.write(console, &told)
    }

    fn write(&mut self, console: &mut Console<'_>, told: &Told<'_>) -> Result<(), Failure> {
        let output = match self.format {
            Format::Json => {
                let head = self.head()?;
                let separator = if self.is_first { "" } else { ",\n" };
                self.is_first = false;
                let text = format!("{head}{separator}{}", text_of(told)?);
                console.output.write_all(text.as_bytes())
            }
            Format::Text => {
                let mut page = Page::new(console.looks.drawing);
                draw(&mut page, told);
                console.page(&page.into_text())
            }
        };
        written(output, Exit::Allow).map(drop)
    }

    /// What the document begins with, once.
    fn head(&mut self) -> Result<String, Failure> {
        if std::mem::replace(&mut self.is_begun, true) {
            return Ok(String::new());
        }
        let (file, sha256) = &self.policy;
        let (policy, engine) = (text_of(&json!({ "file": file, "sha256": sha256 }))?, self.engine);
        Ok(format!("{{\"policy\":{policy},\"engine\":\"{engine}\",\"decisions\":[\n"))
    }

    /// Tells the counts; how the program ends.
    pub(super) fn end(mut self, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let all = self.tally.all();
        if all.total() == 0 && self.unusable == 0 && self.format == Format::Text {
            let remedy = "name files with --capsules, or a server that records decisions with --server";
            return Err(Failure::of_input(self.policy.0, "there is no decision to be judged", remedy));
        }
        let output = match self.format {
            Format::Json => {
                let text = format!("{}\n],{}}}\n", self.head()?, self.foot(&all)?);
                console.output.write_all(text.as_bytes()).and_then(|()| console.output.flush())
            }
            Format::Text => {
                let mut page = Page::new(console.looks.drawing);
                self.draw_counts(&mut page, &all);
                console.page(&page.into_text())
            }
        };
        written(output, self.exit(&all))
    }

    /// What could not be judged may be anything, so nothing can be said of all.
    fn exit(&self, all: &Counts) -> Exit {
        let is_whole = self.unusable == 0 && all.undecided == 0 && all.total() > 0;
        match (is_whole, self.flips) {
            (true, 0) => Exit::Allow,
            (true, _) => Exit::Deny,
            (false, _) => Exit::Question,
        }
    }

    fn foot(&self, all: &Counts) -> Result<String, Failure> {
        #[derive(Serialize)]
        struct Row<'r> {
            purpose: Option<&'r str>,
            #[serde(flatten)]
            counts: &'r Counts,
        }
        let rows: Vec<Row<'_>> =
            self.tally.purposes().map(|(purpose, counts)| Row { purpose, counts }).collect();
        let members = BTreeMap::from([
            ("counts", text_of(all)?),
            ("purposes", text_of(&rows)?),
            ("flips", self.flips.to_string()),
            ("unusable", self.unusable.to_string()),
            ("passed-over", self.passed.to_string()),
            ("of-other-engines", self.of_other_engines.to_string()),
        ]);
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        Ok(members.join(","))
    }

    fn draw_counts(&self, page: &mut Page, all: &Counts) {
        if self.flips > 0 || self.unusable > 0 || all.undecided > 0 || all.asks_for_more > 0 {
            page.gap();
        }
        let head = format!(
            "{:<24}{:>8}{:>11}{:>9}{:>10}{:>11}{:>11}{:>11}",
            "purpose", "same", "otherwise", "to deny", "to allow", "asks more", "no longer", "undecided"
        );
        page.line(("", ""), &[Ink::Dim.span(head)]);
        for (purpose, counts) in self.tally.purposes() {
            let [same, otherwise, deny, allow, asks, none, undecided] = counts.each().map(|(_, count)| count);
            let row = format!(
                "{:<24}{same:>8}{otherwise:>11}{deny:>9}{allow:>10}{asks:>11}{none:>11}{undecided:>11}",
                purpose.unwrap_or("none in particular")
            );
            page.line(("", ""), &[Ink::Plain.span(row)]);
        }
        let ink = match self.exit(all) {
            Exit::Allow => Ink::Good,
            _ => Ink::Bad,
        };
        page.line(("", "  "), &[ink.span(self.summary(all))]);
        if self.of_other_engines > 0 {
            let count = counted(self.of_other_engines, "was", "were");
            let note = format!("{count} of them made by another engine than {}", self.engine);
            page.line(("", "  "), &[Ink::Dim.span(note)]);
        }
    }

    /// Such as `20 decisions under new.toml: 3 flips; 1 capsule unusable`.
    fn summary(&self, all: &Counts) -> String {
        let decisions = counted(all.total(), "decision", "decisions");
        let flips = match self.flips {
            0 => "no flip".to_owned(),
            flips => counted(flips, "flip", "flips"),
        };
        let mut line = format!("{decisions} under {}: {flips}", self.policy.0);
        if all.undecided > 0 {
            line.push_str(&format!("; {} undecided", all.undecided));
        }
        if self.unusable > 0 {
            line.push_str(&format!("; {} unusable", counted(self.unusable, "capsule", "capsules")));
        }
        if self.passed > 0 {
            line.push_str(&format!("; {} recorded before that", self.passed));
        }
        line
    }
}

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

fn told<'j>(place: &Place, judged: &'j Judged, class: Class) -> Told<'j> {
    let outcome = judged.outcome.as_ref().ok();
    let compared = outcome.and_then(Outcome::compared);
    let (certificate, before, reason) = match &judged.outcome {
        Ok(Outcome::CannotBeAsked { certificate, before, reason }) => {
            (Some(certificate), Some(*before), Some(reason.as_str()))
        }
        Ok(Outcome::Decided(compared) | Outcome::AsksForMore { then: compared, .. }) => {
            (Some(&compared.certificate), Some(compared.before), None)
        }
        Err(why) => (None, None, Some(why.as_str())),
    };
    let asked = match outcome {
        Some(Outcome::AsksForMore { asked, .. }) => asked.as_slice(),
        _ => &[],
    };
    let recording = judged.recording.as_ref();
    Told {
        capsule: place.to_string(),
        recorded_at: recording.map(|recording| question::shown(recording.at)),
        recorded_by: recording.map(|Recording { by, .. }| by.as_str()),
        purpose: judged.purpose.as_deref(),
        class: class.word(),
        flip: outcome.is_some_and(Outcome::is_flip),
        certificate,
        before,
        after: compared.map(|compared| compared.after),
        causes: compared.map(|compared| compared.causes.as_slice()).unwrap_or_default(),
        asked,
        reason,
    }
}

fn draw(page: &mut Page, told: &Told<'_>) {
    let (ink, word) = heading(told);
    let subject = told.certificate.map(|certificate| certificate.subject.as_str());
    let subject = match subject {
        Some("") => "a certificate without a subject",
        Some(subject) => subject,
        None => &told.capsule,
    };
    page.entry((0, COLUMN), &[ink.span(word)], &[Ink::Bold.span(subject)]);
    let mut line = |ink: Ink, text: String| page.line((MARGIN, MARGIN), &[ink.span(text)]);
    if let Some(Concerned { serial_number, fingerprint, .. }) = told.certificate {
        let purpose = told.purpose.map_or_else(String::new, |purpose| format!(", for {purpose}"));
        line(Ink::Plain, format!("serial {serial_number}{purpose}"));
        line(Ink::Plain, format!("sha256 {fingerprint}"));
        let recorded = match (&told.recorded_at, told.recorded_by) {
            (Some(at), Some(by)) => format!("recorded {at} by {by}, "),
            _ => String::new(),
        };
        line(Ink::Dim, format!("{recorded}in {}", told.capsule));
    }
    if let (false, Some(before), Some(after)) = (told.asked.is_empty(), told.before, told.after) {
        for asked in told.asked {
            line(Ink::Plain, format!("asks for {asked}, which was not recorded"));
        }
        let became = if before == after { "stays" } else { "becomes" };
        line(Ink::Plain, format!("{} {became} {}, where that cannot be had", before.word(), after.word()));
    }
    for cause in told.causes {
        line(Ink::Plain, reason_of(cause));
        line(Ink::Dim, format!("{} ({})", cause.code, cited(cause)));
    }
    if let Some(reason) = told.reason {
        line(Ink::Plain, reason.to_owned());
    }
}

/// A decision in a few words.
fn heading(told: &Told<'_>) -> (Ink, &'static str) {
    match told.class {
        "allow-to-deny" => (Ink::Bad, "allow → deny"),
        "deny-to-allow" => (Ink::Bad, "deny → allow"),
        "asks-for-more" => (Ink::Doubtful, "asks for more"),
        "cannot-be-asked" => (Ink::Bad, "no longer asked"),
        "undecided" => (Ink::Doubtful, "undecided"),
        _ => (Ink::Bad, "unusable"),
    }
}

/// Why, such as `no longer denied: …` or `…; a warning before`.
fn reason_of(cause: &Cause) -> String {
    let weighs = |level: &str| match level {
        "warn" => "a warning",
        "inform" => "a note",
        _ => "weighed otherwise",
    };
    let sentence = &cause.sentence;
    match (cause.change, cause.elsewhere.as_deref()) {
        (Change::New, None) => sentence.clone(),
        (Change::New, Some(level)) => format!("{sentence}; {} before", weighs(level)),
        (Change::Gone, None) => format!("no longer refused: {sentence}"),
        (Change::Gone, Some(level)) => format!("only {} now: {sentence}", weighs(level)),
    }
}

/// What a finding rests on: its clause, its rules and, of a rule of the deployment's own, the expression.
fn cited(cause: &Cause) -> String {
    let clause = std::iter::once(cause.clause.clone()).filter(|clause| !clause.is_empty());
    let own = cause.own.iter().map(|own| own.expression.clone());
    clause.chain(cause.rules.iter().cloned()).chain(own).collect::<Vec<_>>().join("; ")
}
