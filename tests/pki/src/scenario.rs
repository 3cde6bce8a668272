//! Scenarios as data (TOML): certificates as sketches, the question asked of them, and what the answer must
//! be, in words. It reads and issues; it judges nothing and knows no judge, so that any edge (crate,
//! component, server, browser) can run the same files.
//!
//! ```toml
//! # root -> leaf
//! title = "A leaf expires"
//! rules = ["R-CC-9"]
//! attack = []
//!
//! [[certificate]]
//! name = "root"
//! ca = true
//!
//! [[certificate]]
//! name = "leaf"
//! issuer = "root"
//!
//! [question]
//! target = "leaf"
//! anchors = ["root"]
//!
//! [[case]]
//! title = "one second after its last moment"
//! with.at = "2034-01-01T00:00:01Z"
//! decision = "deny"
//! deny = [["validity.expired", "leaf"]]
//! ```

mod status;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::algorithm::Algorithm;
use crate::broken::Damage;
use crate::certificate::{AT, Issued, NOT_AFTER, NOT_BEFORE, Sketch};
use crate::key::Key;
use crate::time::{self, Form};
use crate::{der, extension, hexadecimal, name};
use status::{CrlLines, ResponseLines};

/// One file: a situation and the questions asked about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// Rules of the catalogue that it exercises.
    pub rules: Vec<String>,
    /// Attack cases and evidence tests that it covers, such as `P-04` or `ND-1b-i`.
    pub attack: Vec<String>,
    certificate: Vec<CertificateSketch>,
    #[serde(default)]
    chain: Vec<Chain>,
    #[serde(default)]
    crl: Vec<CrlLines>,
    #[serde(default)]
    response: Vec<ResponseLines>,
    question: Question,
    case: Vec<Case>,
}

/// A question; in a case, what differs from the scenario's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Question {
    target: Option<String>,
    anchors: Option<Vec<String>>,
    trusted_leaves: Option<Vec<String>>,
    distrusted: Option<Vec<String>>,
    untrusted: Option<Vec<String>>,
    /// CRLs and OCSP responses that are supplied, by the names of their sketches.
    crls: Option<Vec<String>>,
    responses: Option<Vec<String>>,
    /// Designated responders: a certificate alone, or followed by the issuer it is designated for.
    responders: Option<Vec<Vec<String>>>,
    at: Option<String>,
    purpose: Option<String>,
    names: Option<Vec<String>>,
    settings: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    title: String,
    #[serde(default)]
    with: Question,
    decision: String,
    #[serde(default)]
    deny: Vec<(String, String)>,
    warn: Option<Vec<(String, String)>>,
    inform: Option<Vec<(String, String)>>,
    path: Option<Vec<String>>,
    policies: Option<Vec<String>>,
    wrong_today: Option<String>,
}

/// A run of CA certificates `name1`, `name2` …, each issued by the one before, the first by `issuer`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    name: String,
    issuer: String,
    length: usize,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct CertificateSketch {
    name: String,
    ca: bool,
    issuer: Option<String>,
    key: Option<String>,
    public_key: Option<String>,
    subject: Option<String>,
    issuer_name: Option<String>,
    serial: Option<String>,
    valid: Option<[String; 2]>,
    time_form: Option<String>,
    version: Option<u8>,
    algorithm: Option<String>,
    inner_algorithm: Option<String>,
    outer_algorithm: Option<String>,
    dns: Vec<String>,
    san: Vec<String>,
    key_usage: Option<Vec<String>>,
    eku: Option<Vec<String>>,
    path_length: Option<u32>,
    not_ca: bool,
    permitted: Vec<String>,
    excluded: Vec<String>,
    policies: Option<Vec<String>>,
    policy_mappings: Option<Vec<(String, String)>>,
    require_explicit_policy: Option<u32>,
    inhibit_policy_mapping: Option<u32>,
    inhibit_any_policy: Option<u32>,
    extension: Vec<RawExtension>,
    without: Vec<String>,
    critical: BTreeMap<String, bool>,
    unique_identifiers: bool,
    authority_issuer_and_serial: bool,
    authority_key_identifier: Option<String>,
    tamper_signature: bool,
    damage: Vec<DamageSketch>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExtension {
    kind: String,
    #[serde(default)]
    critical: bool,
    value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DamageSketch {
    at: String,
    what: String,
    #[serde(default)]
    octets: String,
    #[serde(default)]
    count: usize,
}

/// A case with every certificate issued: bytes and expectations, nothing left to read.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Scenario and case, for messages.
    pub title: String,
    /// The certificate asked about.
    pub target: Vec<u8>,
    /// Certificates that issue.
    pub anchors: Vec<Vec<u8>>,
    /// Certificates that are trusted themselves.
    pub trusted_leaves: Vec<Vec<u8>>,
    /// Certificates that are distrusted.
    pub distrusted: Vec<Vec<u8>>,
    /// Certificates that may help.
    pub untrusted: Vec<Vec<u8>>,
    /// CRLs that are supplied.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses that are supplied.
    pub responses: Vec<Vec<u8>>,
    /// Designated responders, and the issuer each is designated for; nothing stands for any.
    pub responders: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// The moment of validation, in seconds since 1970.
    pub at: i64,
    /// The purpose, if one is asked for.
    pub purpose: Option<String>,
    /// Reference identifiers as `dns:a.example`, `ip:192.0.2.1`, `mail:…`, `uri:…`.
    pub names: Vec<String>,
    /// The policy document.
    pub settings: String,
    /// What must come out.
    pub expected: Expected,
    /// Why it does not come out so yet: a known fault that we live with. A run that comes out right
    /// although it has this must fail, so that the line goes when the fault goes.
    pub wrong_today: Option<String>,
    /// Every certificate's bytes and the name of its sketch.
    pub labels: Vec<(Vec<u8>, String)>,
}

/// What must come out of a [`Run`]. Certificates are given by the name of their sketch, `question` stands
/// for the question as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// `allow`, `deny`, or `refuse` and then one code of a refusal in `deny`, with the input in the place of
    /// the certificate.
    pub decision: String,
    /// Exactly the findings that refuse: code and certificate, sorted, each once.
    pub deny: Vec<(String, String)>,
    /// Exactly the findings to look at, sorted; not compared when absent.
    pub warn: Option<Vec<(String, String)>>,
    /// Exactly the findings worth knowing, sorted; not compared when absent.
    pub inform: Option<Vec<(String, String)>>,
    /// The path, the target first; not compared when absent.
    pub path: Option<Vec<String>>,
    /// The valid policies; not compared when absent.
    pub policies: Option<Vec<String>>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The TOML reader's message.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Every case, ready to run.
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        let issued = self.issue();
        self.case.iter().map(|case| self.run(case, &issued)).collect()
    }

    /// Every certificate of the scenario by the name of its sketch.
    #[must_use]
    pub fn issue(&self) -> BTreeMap<String, Issued> {
        let mut sketches = self.certificate.clone();
        for chain in &self.chain {
            let link = |number: usize| CertificateSketch {
                name: format!("{}{number}", chain.name),
                ca: true,
                issuer: Some(match number {
                    1 => chain.issuer.clone(),
                    _ => format!("{}{}", chain.name, number - 1),
                }),
                ..CertificateSketch::default()
            };
            sketches.extend((1..=chain.length).map(link));
        }
        let authorities: BTreeMap<String, Issued> =
            sketches.iter().map(|sketch| (sketch.name.clone(), sketch.plain().authority())).collect();
        sketches.iter().map(|sketch| (sketch.name.clone(), sketch.complete(&authorities).issue())).collect()
    }

    fn run(&self, case: &Case, issued: &BTreeMap<String, Issued>) -> Run {
        let bytes = |name: &String| {
            let found = issued.get(name);
            found.unwrap_or_else(|| panic!("{}: no certificate is called {name}", self.title)).der.clone()
        };
        let list = |with: &Option<Vec<String>>, base: &Option<Vec<String>>| -> Vec<Vec<u8>> {
            with.as_ref().or(base.as_ref()).map(|names| names.iter().map(bytes).collect()).unwrap_or_default()
        };
        let (with, base) = (&case.with, &self.question);
        let purpose = with.purpose.as_ref().or(base.purpose.as_ref()).filter(|purpose| *purpose != "none");
        let at = with.at.as_deref().or(base.at.as_deref()).unwrap_or(AT);
        Run {
            title: format!("{}: {}", self.title, case.title),
            target: bytes(with.target.as_ref().or(base.target.as_ref()).expect("a target")),
            anchors: list(&with.anchors, &base.anchors),
            trusted_leaves: list(&with.trusted_leaves, &base.trusted_leaves),
            distrusted: list(&with.distrusted, &base.distrusted),
            untrusted: list(&with.untrusted, &base.untrusted),
            crls: with.crls.as_ref().or(base.crls.as_ref()).map_or_else(Vec::new, |names| {
                names.iter().map(|name| status::crl(&self.crl, name, issued)).collect()
            }),
            responses: with.responses.as_ref().or(base.responses.as_ref()).map_or_else(Vec::new, |names| {
                names.iter().map(|name| status::response(&self.response, name, issued)).collect()
            }),
            responders: with.responders.as_ref().or(base.responders.as_ref()).map_or_else(Vec::new, |list| {
                list.iter().map(|one| (bytes(&one[0]), one.get(1).map(bytes))).collect()
            }),
            at: time::seconds(at),
            purpose: purpose.cloned(),
            names: with.names.as_ref().or(base.names.as_ref()).cloned().unwrap_or_default(),
            settings: with.settings.as_ref().or(base.settings.as_ref()).cloned().unwrap_or_default(),
            expected: case.expected(),
            wrong_today: case.wrong_today.clone(),
            labels: issued.values().map(|issued| (issued.der.clone(), issued.label.clone())).collect(),
        }
    }
}

impl Case {
    fn expected(&self) -> Expected {
        let sorted = |list: &Vec<(String, String)>| {
            let mut list = list.clone();
            list.sort();
            list.dedup();
            list
        };
        Expected {
            decision: self.decision.clone(),
            deny: sorted(&self.deny),
            warn: self.warn.as_ref().map(sorted),
            inform: self.inform.as_ref().map(sorted),
            path: self.path.clone(),
            policies: self.policies.clone(),
        }
    }
}

impl CertificateSketch {
    /// Without its issuer: enough to know name, key and key identifier.
    fn plain(&self) -> Sketch {
        let mut sketch = if self.ca { Sketch::ca(&self.name) } else { Sketch::leaf(&self.name) };
        if let Some(key) = &self.key {
            sketch = sketch.key(Key::from_text(key));
        }
        if let Some(subject) = &self.subject {
            sketch = sketch.subject(subject);
        }
        sketch
    }

    fn complete(&self, authorities: &BTreeMap<String, Issued>) -> Sketch {
        let authority = |name: &String| {
            authorities.get(name).unwrap_or_else(|| panic!("{}: no issuer is called {name}", self.name))
        };
        let issuer = self.issuer.as_ref().map(authority);
        let sketch = issuer.map_or_else(|| self.plain(), |issuer| self.plain().issued_by(issuer));
        let sketch = self.names(self.fields(sketch));
        let sketch = self.policies(self.usages(sketch));
        let sketch = self.identifiers(sketch, issuer);
        self.last(sketch)
    }

    fn fields(&self, mut sketch: Sketch) -> Sketch {
        if let Some(kind) = &self.public_key {
            let key = self.key.as_ref().map_or_else(|| Key::p256(&self.name), |key| Key::from_text(key));
            sketch = match kind.as_str() {
                "explicit" => sketch.public_key_info(&key.explicit_public_key_info()),
                encoding => sketch.public_key_info(&hexadecimal(encoding)),
            };
        }
        if let Some(issuer) = &self.issuer_name {
            sketch = sketch.issuer_name(issuer);
        }
        if let Some(serial) = &self.serial {
            sketch = sketch.serial(&hexadecimal(serial));
        }
        let form = match self.time_form.as_deref() {
            None => Form::ByYear,
            Some("utc") => Form::Utc,
            Some("generalized") => Form::Generalized,
            Some(other) => panic!("no form of time is called {other}"),
        };
        let [from, to] = self.valid.clone().unwrap_or([NOT_BEFORE.to_owned(), NOT_AFTER.to_owned()]);
        sketch = sketch.valid_as(&from, &to, form);
        if let Some(version) = self.version {
            sketch = sketch.version(version);
        }
        if self.unique_identifiers {
            sketch = sketch.issuer_unique_id().subject_unique_id();
        }
        sketch
    }

    fn names(&self, mut sketch: Sketch) -> Sketch {
        for text in &self.dns {
            sketch = sketch.dns(text);
        }
        for text in &self.san {
            sketch = sketch.san_raw(&name::general(text));
        }
        for base in &self.permitted {
            sketch = sketch.permitted(base);
        }
        for base in &self.excluded {
            sketch = sketch.excluded(base);
        }
        sketch
    }

    fn usages(&self, mut sketch: Sketch) -> Sketch {
        if let Some(list) = &self.key_usage {
            sketch = sketch.key_usage(&list.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(list) = &self.eku {
            sketch = sketch.eku(&list.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(length) = self.path_length {
            sketch = sketch.path_length(length);
        }
        if self.not_ca { sketch.not_ca() } else { sketch }
    }

    fn policies(&self, mut sketch: Sketch) -> Sketch {
        if let Some(list) = &self.policies {
            sketch = sketch.policies(&list.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(pairs) = &self.policy_mappings {
            sketch = sketch.extension("policyMappings", true, extension::policy_mappings(pairs));
        }
        if self.require_explicit_policy.is_some() || self.inhibit_policy_mapping.is_some() {
            sketch = sketch.policy_constraints(self.require_explicit_policy, self.inhibit_policy_mapping);
        }
        match self.inhibit_any_policy {
            Some(certificates) => sketch.inhibit_any(certificates),
            None => sketch,
        }
    }

    fn identifiers(&self, mut sketch: Sketch, issuer: Option<&Issued>) -> Sketch {
        if let Some(identifier) = &self.authority_key_identifier {
            let value = extension::authority_key_identifier(&hexadecimal(identifier));
            sketch = sketch.extension("authorityKeyIdentifier", false, value);
        }
        if self.authority_issuer_and_serial {
            let issuer = issuer.expect("an issuer to name");
            let (key, name, serial) = (&issuer.identifier, &issuer.subject, &issuer.serial);
            let value = extension::authority_key_identifier_with_serial(key, name, serial);
            sketch = sketch.extension("authorityKeyIdentifier", false, value);
        }
        sketch
    }

    /// What overrides the rest: extensions in full, absence, criticality, algorithms, damage.
    fn last(&self, mut sketch: Sketch) -> Sketch {
        for raw in &self.extension {
            sketch = sketch.extension(&raw.kind, raw.critical, hexadecimal(&raw.value));
        }
        for kind in &self.without {
            sketch = sketch.without(kind);
        }
        for (kind, critical) in &self.critical {
            sketch = sketch.critical(kind, *critical);
        }
        if let Some(word) = &self.algorithm {
            sketch = sketch.signature_algorithm(Algorithm::from_word(word));
        }
        if let Some(text) = &self.inner_algorithm {
            sketch = sketch.inner_algorithm(&identifier(text));
        }
        if let Some(text) = &self.outer_algorithm {
            sketch = sketch.outer_algorithm(&identifier(text));
        }
        if self.tamper_signature {
            sketch = sketch.tamper_signature();
        }
        self.damage.iter().fold(sketch, |sketch, damage| sketch.damage(&damage.at, damage.kind()))
    }
}

/// An AlgorithmIdentifier: the word of an algorithm, a dotted decimal without parameters, or a dotted decimal
/// and `+null`.
fn identifier(text: &str) -> Vec<u8> {
    match text.strip_suffix("+null") {
        Some(dotted) => der::sequence(&[der::oid(dotted), der::null()]),
        None if text.starts_with(|first: char| first.is_ascii_digit()) => der::sequence(&[der::oid(text)]),
        None => Algorithm::from_word(text).identifier(),
    }
}

impl DamageSketch {
    fn kind(&self) -> Damage {
        let octets = hexadecimal(&self.octets);
        match self.what.as_str() {
            "tag" => Damage::Tag(octets[0]),
            "content" => Damage::Content(octets),
            "replace" => Damage::Replace(octets),
            "append-inside" => Damage::AppendInside(octets),
            "append-after" => Damage::AppendAfter(octets),
            "remove" => Damage::Remove,
            "duplicate" => Damage::Duplicate,
            "indefinite-length" => Damage::IndefiniteLength,
            "padded-length" => Damage::PaddedLength(self.count),
            "overlong" => Damage::Overlong(self.count),
            "truncate" => Damage::Truncate(self.count),
            "flip-bit" => Damage::FlipBit(self.count),
            other => panic!("no damage is called {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        title = "A leaf expires"
        rules = ["R-CC-9"]
        attack = []
        certificate = [
            { name = "root", ca = true },
            { name = "leaf", issuer = "root", dns = ["a.example"] },
        ]
        question = { target = "leaf", anchors = ["root"] }

        [[case]]
        title = "in time"
        decision = "allow"

        [[case]]
        title = "too late"
        with.at = "2034-01-01T00:00:01Z"
        decision = "deny"
        deny = [["validity.expired", "leaf"], ["validity.expired", "root"]]
    "#;

    #[test]
    fn a_scenario_gives_a_run_for_each_case() {
        let runs = Scenario::parse(TEXT).expect("reads").runs();
        assert_eq!(runs.len(), 2);
        let root = Sketch::ca("root").issue();
        assert_eq!(runs[0].anchors, std::slice::from_ref(&root.der));
        assert_eq!(runs[0].target, Sketch::leaf("leaf").issued_by(&root).dns("a.example").issue().der);
        assert_eq!(runs[1].at, time::seconds("2034-01-01T00:00:01Z"));
        assert_eq!(runs[1].expected.deny.len(), 2);
    }

    #[test]
    fn a_key_that_is_not_known_is_refused() {
        assert!(Scenario::parse(&TEXT.replace("dns =", "dsn =")).is_err());
        assert!(Scenario::parse(&TEXT.replace("with.at", "with.when")).is_err());
    }

    #[test]
    fn two_that_issue_each_other_can_be_sketched() {
        let text = TEXT.replace("ca = true }", "ca = true, issuer = \"leaf\" }");
        let issued = Scenario::parse(&text).expect("reads").issue();
        assert!(issued["root"].der.windows(6).any(|octets| octets == [0x0c, 4, b'l', b'e', b'a', b'f']));
        assert!(issued["leaf"].der.windows(6).any(|octets| octets == [0x0c, 4, b'r', b'o', b'o', b't']));
    }
}
