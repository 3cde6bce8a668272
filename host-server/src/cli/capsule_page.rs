//! A capsule as a page for people and as a document for programs: who asked what, when and of whom, what was decided and
//! why, and how much of it is there. It judges nothing; sentences come from `engine-wording`.

use std::collections::BTreeMap;

use engine_capsule::{Capsule, Content, Decision, Evidence, Mode, Trusted};
use serde_json::{Value, json};

use super::page::{Drawing, Ink, Page, Span};
use super::question;
use crate::capsule::form;
use crate::component::Info;

/// The column in which values stand.
const COLUMN: usize = 14;
/// The most findings that are shown.
const FINDINGS: usize = 20;

/// Draws a capsule.
#[must_use]
pub fn draw(name: &str, capsule: &Capsule, engine: &Info, drawing: Drawing) -> String {
    let mut page = Page::new(drawing);
    let seen = Seen::of(capsule);
    let (ink, word) = match seen.decision {
        Some(Decision::Allow) => (Ink::Good, "ALLOW"),
        Some(Decision::Deny) => (Ink::Bad, "DENY "),
        None => (Ink::Doubtful, "left out"),
    };
    let subject = seen.subject.clone().unwrap_or_else(|| "a certificate".to_owned());
    page.line(("", "       "), &[ink.span(word), Ink::Plain.span("  "), Ink::Bold.span(subject)]);
    page.gap();
    let mut entry = |label: &str, value: Span| page.entry((2, COLUMN), &[Ink::Dim.span(label)], &[value]);
    entry("file", Ink::Plain.span(name));
    entry("root", Ink::Plain.span(capsule.root().to_string()));
    entry("parts", seen.parts());
    for (label, value) in seen.entries(engine) {
        entry(label, Ink::Plain.span(value));
    }
    findings(&mut page, &seen);
    page.into_text()
}

fn findings(page: &mut Page, seen: &Seen<'_>) {
    if seen.findings.is_empty() {
        return;
    }
    page.heading("Findings");
    for finding in seen.findings.iter().take(FINDINGS) {
        let ink = match finding.severity.as_str() {
            "deny" => Ink::Bad,
            "warn" => Ink::Doubtful,
            _ => Ink::Plain,
        };
        page.entry((2, COLUMN), &[ink.span(finding.severity.clone())], &[Ink::Plain.span(&finding.sentence)]);
        page.line(("              ", "              "), &[Ink::Dim.span(&finding.code)]);
    }
}

/// Draws what came of deciding again.
#[must_use]
pub fn replayed(lines: &[(&'static str, String, Vec<String>)], counts: &str, drawing: Drawing) -> String {
    let mut page = Page::new(drawing);
    for (word, file, detail) in lines {
        let ink = if *word == "same" { Ink::Good } else { Ink::Bad };
        page.entry((0, COLUMN), &[ink.span(*word)], &[Ink::Bold.span(file)]);
        for line in detail {
            page.line(("              ", "              "), &[Ink::Plain.span(line)]);
        }
    }
    page.line(("", ""), &[Ink::Plain.span(counts)]);
    page.into_text()
}

/// The same as a document.
#[must_use]
pub fn document(name: &str, capsule: &Capsule, engine: &Info) -> Value {
    let seen = Seen::of(capsule);
    let parts: Vec<Value> = capsule
        .parts()
        .map(|(name, part)| json!({ "name": name, "hash": part.hash().to_string(), "redacted": part.content().is_none() }))
        .collect();
    let findings = seen.findings.iter().map(
        |finding| json!({ "code": finding.code, "severity": finding.severity, "sentence": finding.sentence }),
    );
    json!({
        "file": name,
        "root": capsule.root().to_string(),
        "parts": parts,
        "redacted": seen.redacted,
        "engine": seen.engine.map(|found| json!({
            "sha256": found.sha256.to_string(),
            "version": found.version,
            "is-this": found.sha256 == form::engine_hash(engine),
        })),
        "recorded": seen.recording.map(|found| json!({ "at": question::shown(found.at), "by": found.by })),
        "at": seen.at.map(question::shown),
        "purpose": seen.purpose,
        "names": seen.names,
        "subject": seen.subject,
        "decision": seen.decision.map(Decision::word),
        "trace-hash": seen.trace,
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// A finding, as the verdict document has it.
struct Finding {
    code: String,
    severity: String,
    sentence: String,
}

/// What can be seen of a capsule, however much of it was left out.
#[derive(Default)]
struct Seen<'a> {
    count: usize,
    redacted: Vec<String>,
    engine: Option<&'a engine_capsule::Engine>,
    recording: Option<&'a engine_capsule::Recording>,
    at: Option<i64>,
    purpose: Option<&'a str>,
    names: Vec<String>,
    policy: Option<&'a str>,
    mode: Option<Mode>,
    decision: Option<Decision>,
    trace: Option<String>,
    subject: Option<String>,
    findings: Vec<Finding>,
    /// How many of each kind.
    trusted: BTreeMap<&'static str, usize>,
    evidence: BTreeMap<&'static str, usize>,
}

impl<'a> Seen<'a> {
    fn of(capsule: &'a Capsule) -> Self {
        let state = capsule.state();
        let mut seen = Self { count: state.parts, redacted: state.redacted, ..Self::default() };
        for content in capsule.parts().filter_map(|(_, part)| part.content()) {
            seen.take(content);
        }
        seen
    }

    fn take(&mut self, content: &'a Content) {
        match content {
            Content::Engine(engine) => self.engine = Some(engine),
            Content::Recording(recording) => self.recording = Some(recording),
            Content::Moment(at) => self.at = Some(*at),
            Content::Purpose(purpose) => self.purpose = Some(purpose),
            Content::Name(name) => {
                self.names.push(question::name_shown(&form::reference_identifier(name)));
            }
            Content::Policy(policy) => self.policy = Some(policy),
            Content::Mode(mode) => self.mode = Some(*mode),
            Content::Verdict(verdict) => {
                (self.decision, self.trace) = (Some(verdict.decision), Some(verdict.trace.to_string()));
            }
            Content::Document(document) => self.read(document),
            Content::Trusted(trusted) => count(&mut self.trusted, trusted_word(trusted)),
            Content::Evidence(evidence) => count(&mut self.evidence, evidence_word(evidence)),
            Content::Certificate(_) | Content::NonceSeed(_) => {}
        }
    }

    /// Reads of the verdict document what is shown.
    fn read(&mut self, document: &str) {
        let document: Value = serde_json::from_str(document).unwrap_or(Value::Null);
        let subject = document.pointer("/path/0/subject").and_then(Value::as_str);
        self.subject = subject.filter(|subject| !subject.is_empty()).map(str::to_owned);
        let findings = document.get("findings").and_then(Value::as_array).into_iter().flatten();
        self.findings = findings.map(finding).collect();
    }

    fn parts(&self) -> Span {
        if self.redacted.is_empty() {
            return Ink::Good.span(format!("{}, all there and as they were hashed", self.count));
        }
        let names = self.redacted.join(", ");
        Ink::Doubtful.span(format!(
            "{}, the others as they were hashed; left out: {names}; it cannot be decided again without its inputs",
            self.count
        ))
    }

    fn entries(&self, engine: &Info) -> Vec<(&'static str, String)> {
        let mut entries = Vec::new();
        if let Some(recording) = self.recording {
            entries.push(("recorded", format!("{} by {}", question::shown(recording.at), recording.by)));
        }
        if let Some(found) = self.engine {
            let is_this = found.sha256 == form::engine_hash(engine);
            let whose =
                if is_this { "the engine of this program" } else { "another engine than this program's" };
            entries.push(("engine", format!("{}, {whose}", found.sha256)));
        }
        if let Some(at) = self.at {
            let purpose = self.purpose.map(|purpose| format!(" for {purpose}")).unwrap_or_default();
            let names = if self.names.is_empty() {
                String::new()
            } else {
                format!(" as {}", self.names.join(" or "))
            };
            entries.push(("asked", format!("at {}{purpose}{names}", question::shown(at))));
        }
        entries.extend(self.policy.map(|policy| ("policy", described(policy, self.mode))));
        entries.push(("trusted", counted(&self.trusted)));
        entries.push(("evidence", counted(&self.evidence)));
        entries.extend(self.trace.as_ref().map(|trace| ("trace", trace.clone())));
        entries
    }
}

fn described(policy: &str, mode: Option<Mode>) -> String {
    let document = match policy.lines().count() {
        0 => "the defaults".to_owned(),
        1 => "a document of 1 line".to_owned(),
        lines => format!("a document of {lines} lines"),
    };
    match mode {
        Some(Mode::CommonCriteria) => format!("{document}, in Common Criteria mode"),
        _ => document,
    }
}

fn count(counts: &mut BTreeMap<&'static str, usize>, word: &'static str) {
    let found = counts.entry(word).or_default();
    *found = found.saturating_add(1);
}

fn counted(counts: &BTreeMap<&'static str, usize>) -> String {
    let counted: Vec<String> = counts.iter().map(|(word, count)| format!("{word}: {count}")).collect();
    if counted.is_empty() { "nothing".to_owned() } else { counted.join(", ") }
}

fn trusted_word(trusted: &Trusted) -> &'static str {
    match trusted {
        Trusted::Anchor { .. } => "trust anchors",
        Trusted::Stored { .. } => "certificates of a trust store",
        Trusted::Responder { .. } => "designated responders",
    }
}

fn evidence_word(evidence: &Evidence) -> &'static str {
    match evidence {
        Evidence::Certificate(_) => "certificates",
        Evidence::IssuerCertificates(_) => "issuers' certificates",
        Evidence::OcspResponse(_) => "OCSP responses",
        Evidence::Crl(_) => "CRLs",
        Evidence::Unavailable { .. } => "could not be had",
    }
}

fn finding(finding: &Value) -> Finding {
    let word =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let code = word(finding, "code");
    let details = finding.get("details").and_then(Value::as_array).into_iter().flatten();
    let values: Vec<(String, String)> = details
        .map(|detail| {
            let value = match detail.get("value") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            (word(detail, "name"), value)
        })
        .collect();
    let values: Vec<(&str, String)> =
        values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    Finding { sentence: engine_wording::sentence(&code, &values), severity: word(finding, "severity"), code }
}
