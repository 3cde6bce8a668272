//! What is expected of a case, and how a verdict's document differs from it. Findings come with their values, so that a host
//! words them as it words every finding.

use engine_capsule::Decision;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::case::{Case, Prepared};
use crate::sketch::Issued;

/// What must come out of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The decision.
    pub decision: Option<Decision>,
    /// Findings that there must be.
    pub codes: Vec<Wanted>,
    /// Findings that there must not be.
    pub without: Vec<Wanted>,
    /// The statuses of certificates, by what these are called.
    pub statuses: Vec<(String, String)>,
}

/// A finding, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its code.
    pub code: Option<String>,
    /// The rule of the document's own that it comes from.
    pub rule: Option<String>,
    /// The certificate that it is about.
    pub certificate: Option<String>,
    /// How much it weighs: `deny`, `warn` or `inform`.
    pub severity: Option<String>,
}

/// A way in which a verdict is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What differs: `decision`, `codes`, `without` or `statuses`.
    pub field: &'static str,
    /// The certificate that it is about, as the case calls it.
    pub certificate: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// The findings that tell why.
    pub findings: Vec<Finding>,
}

/// A finding of a verdict's document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// How much it weighs.
    pub severity: String,
    /// The certificate that it is about, as the case calls it.
    pub certificate: Option<String>,
    /// The rule of the document's own that it comes from.
    pub rule: Option<String>,
    /// The values compared, by their names.
    pub details: Vec<(String, String)>,
}

/// What stands before the identifier of a rule of the document's own.
const OWN_RULE: &str = "own:";

/// How the certificates of a case are called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels(Vec<(String, String)>);

impl Labels {
    /// Those of a sketched chain.
    pub(crate) fn of(issued: &[Issued]) -> Self {
        let label = |one: &Issued| (one.name.clone(), hexadecimal(&Sha256::digest(&one.certificate)));
        Self(issued.iter().map(label).collect())
    }

    /// What a certificate of a document is called: by its fingerprint or its place.
    fn called(&self, fingerprint: &str, place: Option<u64>) -> String {
        let named = self.0.iter().find(|(_, known)| known == fingerprint);
        match (named, place) {
            (Some((name, _)), _) => name.clone(),
            (None, Some(0)) => "target".to_owned(),
            (None, Some(place)) => format!("certificate {place}"),
            (None, None) => fingerprint.to_owned(),
        }
    }

    /// Whether a certificate of a path with so many certificates is called so.
    fn is_called(&self, label: &str, fingerprint: &str, (place, count): (usize, usize)) -> bool {
        if !self.0.is_empty() {
            return self.0.iter().any(|(name, known)| name == label && known == fingerprint);
        }
        match label {
            "target" => place == 0,
            "issuer" => place == 1,
            "anchor" => place.saturating_add(1) == count,
            _ => false,
        }
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member).and_then(Value::as_str)
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl Case {
    /// How a verdict's document differs from what is expected; nothing where the case passes.
    #[must_use]
    pub fn differences(&self, prepared: &Prepared, document: &Value) -> Vec<Difference> {
        let labels = &prepared.labels;
        let found = findings(document, labels);
        let mut differences = Vec::new();
        differences.extend(self.decision(document, &found));
        let is_found = |wanted: &Wanted| {
            let raw = list(document, "findings");
            raw.iter()
                .zip(&found)
                .filter(|(raw, one)| is_wanted(wanted, raw, one, (labels, document)))
                .map(|(_, one)| one.clone())
                .collect::<Vec<_>>()
        };
        for wanted in &self.expected.codes {
            if is_found(wanted).is_empty() {
                differences.push(missing(wanted, &found));
            }
        }
        for wanted in &self.expected.without {
            let findings = is_found(wanted);
            if !findings.is_empty() {
                differences.push(Difference {
                    field: "without",
                    certificate: findings.first().and_then(|finding| finding.certificate.clone()),
                    expected: format!("no {}", wanted.told()),
                    found: told(&findings),
                    findings,
                });
            }
        }
        for (label, status) in &self.expected.statuses {
            differences.extend(of_status(label, status, (labels, document)));
        }
        differences
    }

    fn decision(&self, document: &Value, found: &[Finding]) -> Option<Difference> {
        let expected = self.expected.decision?.word();
        let decision = text(document, "decision").unwrap_or_default();
        if decision == expected {
            return None;
        }
        // what refused it; what was let pass
        let severity = if decision == "deny" { "deny" } else { "warn" };
        let findings: Vec<Finding> =
            found.iter().filter(|finding| finding.severity == severity).cloned().collect();
        Some(Difference {
            field: "decision",
            certificate: None,
            expected: expected.to_owned(),
            found: decision.to_owned(),
            findings,
        })
    }
}

/// The findings of a document, in its order.
#[must_use]
pub(crate) fn findings(document: &Value, labels: &Labels) -> Vec<Finding> {
    let finding = |finding: &Value| {
        let place = finding.get("position").and_then(Value::as_u64);
        let own = list(finding, "rules")
            .iter()
            .filter_map(Value::as_str)
            .find_map(|rule| rule.strip_prefix(OWN_RULE));
        let detail = |detail: &Value| {
            let value = detail.get("value")?;
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((text(detail, "name")?.to_owned(), shown))
        };
        Finding {
            code: text(finding, "code").unwrap_or_default().to_owned(),
            severity: text(finding, "severity").unwrap_or_default().to_owned(),
            certificate: text(finding, "certificate").map(|fingerprint| labels.called(fingerprint, place)),
            rule: own.map(str::to_owned),
            details: list(finding, "details").iter().filter_map(detail).collect(),
        }
    };
    list(document, "findings").iter().map(finding).collect()
}

fn is_wanted(wanted: &Wanted, raw: &Value, finding: &Finding, (labels, document): (&Labels, &Value)) -> bool {
    let place = raw.get("position").and_then(Value::as_u64).and_then(|place| usize::try_from(place).ok());
    let fingerprint = text(raw, "certificate").unwrap_or_default();
    let count = list(document, "path").len();
    let is_about =
        |label: &String| place.is_some_and(|place| labels.is_called(label, fingerprint, (place, count)));
    wanted.code.as_ref().is_none_or(|code| *code == finding.code)
        && wanted.rule.as_ref().is_none_or(|rule| Some(rule) == finding.rule.as_ref())
        && wanted.severity.as_ref().is_none_or(|severity| *severity == finding.severity)
        && wanted.certificate.as_ref().is_none_or(is_about)
}

impl Wanted {
    /// In a few words.
    fn told(&self) -> String {
        let mut told = match (&self.code, &self.rule) {
            (Some(code), Some(rule)) => format!("{code} of rule {rule}"),
            (Some(code), None) => code.clone(),
            (None, rule) => format!("finding of rule {}", rule.as_deref().unwrap_or_default()),
        };
        if let Some(severity) = &self.severity {
            told = format!("{told} ({severity})");
        }
        if let Some(certificate) = &self.certificate {
            told = format!("{told} about {certificate}");
        }
        told
    }
}

/// A finding that is not there. What is there is told instead, what is like it first.
fn missing(wanted: &Wanted, found: &[Finding]) -> Difference {
    let is_like = |finding: &&Finding| {
        wanted.code.as_ref() == Some(&finding.code) || (wanted.rule.is_some() && wanted.rule == finding.rule)
    };
    let mut findings: Vec<Finding> = found.iter().filter(is_like).cloned().collect();
    if findings.is_empty() {
        findings = found.iter().filter(|finding| finding.severity == "deny").cloned().collect();
    }
    if findings.is_empty() {
        findings = found.iter().filter(|finding| finding.severity == "warn").cloned().collect();
    }
    Difference {
        field: "codes",
        certificate: wanted.certificate.clone(),
        expected: wanted.told(),
        found: told(&findings),
        findings,
    }
}

fn told(findings: &[Finding]) -> String {
    let one = |finding: &Finding| match &finding.certificate {
        Some(certificate) => format!("{} ({}) about {certificate}", finding.code, finding.severity),
        None => format!("{} ({})", finding.code, finding.severity),
    };
    if findings.is_empty() {
        "no such finding".to_owned()
    } else {
        findings.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

fn of_status(label: &str, expected: &str, (labels, document): (&Labels, &Value)) -> Option<Difference> {
    let path = list(document, "path");
    let certificate = path.iter().enumerate().find(|(place, certificate)| {
        let fingerprint = text(certificate, "fingerprint").unwrap_or_default();
        labels.is_called(label, fingerprint, (*place, path.len()))
    });
    let found = match certificate {
        None => "it is not in the path".to_owned(),
        Some((_, certificate)) => {
            let status = certificate.get("status")?;
            let word = text(status, "status").unwrap_or_default();
            if word == expected {
                return None;
            }
            match text(status, "reason") {
                Some(reason) => format!("{word} ({reason})"),
                None => word.to_owned(),
            }
        }
    };
    Some(Difference {
        field: "statuses",
        certificate: Some(label.to_owned()),
        expected: expected.to_owned(),
        found,
        findings: Vec::new(),
    })
}
