//! What a file says for all its cases, and a case for itself.

use engine_capsule::{Mode, Name, Reason};

use super::problem::Problem;
use super::reader::{Entry, Reader};
use super::{Known, certificate};
use crate::answers::{self, Answers, NOTHING, REASONS, Source};
use crate::case::{About, Content, Given};
use crate::name;
use crate::sketch::Sketch;

/// The keys that a file may have for all its cases.
pub(super) const KEYS: &[&str] = &[
    "at",
    "purpose",
    "names",
    "mode",
    "chain",
    "certificate",
    "untrusted",
    "anchors",
    "ocsp",
    "crl",
    "unavailable",
];
/// Those of real certificates, which go instead of a sketched chain.
const REAL: [&str; 3] = ["certificate", "untrusted", "anchors"];
/// Words of `mode`.
const MODES: &[(&str, Mode)] = &[("as-written", Mode::AsWritten), ("common-criteria", Mode::CommonCriteria)];
const NAMES: &str = "a name such as \"dns:www.example.org\", \"ip:192.0.2.1\", \"mail:ada@example.org\" or \
                     \"uri:sip:ada@example.org\"";

/// What was said so far.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) at: Option<i64>,
    pub(super) purpose: Option<String>,
    pub(super) names: Vec<Name>,
    pub(super) mode: Mode,
    pub(super) chain: Vec<Sketch>,
    certificate: Option<Given>,
    untrusted: Vec<Given>,
    anchors: Vec<Given>,
    pub(super) ocsp: Answers,
    pub(super) crl: Answers,
    /// Lists and OCSP responses that are given beforehand.
    pub(super) files: Vec<Given>,
    pub(super) unavailable: Reason,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            at: None,
            purpose: None,
            names: Vec::new(),
            mode: Mode::AsWritten,
            chain: Vec::new(),
            certificate: None,
            untrusted: Vec::new(),
            anchors: Vec::new(),
            ocsp: Answers::default(),
            crl: Answers::default(),
            files: Vec::new(),
            unavailable: Reason::Offline,
        }
    }
}

impl Terms {
    /// Takes back what the entries of a case go instead of.
    pub(super) fn make_room(&mut self, entries: &[Entry<'_>]) {
        let has = |name: &str| entries.iter().any(|entry| entry.name == name);
        if has("chain") {
            (self.certificate, self.untrusted, self.anchors) = (None, Vec::new(), Vec::new());
        }
        if has("certificate") {
            self.chain = Vec::new();
        }
    }

    /// One key; `false` where it is none of these.
    pub(super) fn apply<'d>(
        &mut self,
        reader: &mut Reader<'d>,
        entry: &Entry<'d>,
        known: Option<&Known>,
    ) -> bool {
        match entry.name {
            "at" => self.at = reader.moment(entry),
            "purpose" => self.purpose = purpose(reader, entry, known),
            "names" => self.names = reader.forms(entry, NAMES, name::asked_for),
            "mode" => self.mode = reader.word(entry, MODES).unwrap_or(Mode::AsWritten),
            "chain" => self.chain = certificate::chain(reader, entry),
            "certificate" => self.certificate = given(reader, entry, Content::Certificates),
            "untrusted" => self.untrusted = all_given(reader, entry, Content::Certificates),
            "anchors" => self.anchors = all_given(reader, entry, Content::Certificates),
            "ocsp" => self.answers(reader, entry, Source::Ocsp),
            "crl" => self.answers(reader, entry, Source::Crl),
            "unavailable" => {
                self.unavailable = reader.word(entry, REASONS).unwrap_or(Reason::Offline);
            }
            _ => return false,
        }
        true
    }

    /// A word for all certificates, a table of words by certificate, or a list of files.
    fn answers<'d>(&mut self, reader: &mut Reader<'d>, entry: &Entry<'d>, source: Source) {
        let (answers, content) = match source {
            Source::Ocsp => (&mut self.ocsp, Content::OcspResponse),
            Source::Crl => (&mut self.crl, Content::Crls),
        };
        answers.at = entry.at;
        if entry.value.is_array() {
            (answers.all, answers.each) = (None, std::collections::BTreeMap::new());
            self.files.retain(|file| file.content != content);
            self.files.extend(all_given(reader, entry, content));
        } else if entry.value.is_table() {
            for entry in reader.entries(entry) {
                if let Some(Some(says)) = saying(reader, &entry, source) {
                    answers.each.insert(entry.name.to_owned(), says);
                }
            }
        } else if let Some(says) = saying(reader, entry, source) {
            (answers.all, answers.each) = (says, std::collections::BTreeMap::new());
            self.files.retain(|file| file.content != content);
        }
    }

    /// What goes together in one table.
    pub(super) fn check(&self, reader: &mut Reader<'_>, entries: &[Entry<'_>]) {
        let find = |name: &str| entries.iter().find(|entry| entry.name == name);
        if find("chain").is_some()
            && let Some(entry) = REAL.into_iter().find_map(find)
        {
            let instead = "give a sketched chain, or certificates as they are";
            reader.refuse(entry.key_at, &entry.key, Problem::contradiction("chain", instead));
        }
    }

    /// What is asked about: a sketched chain, or certificates as they are.
    pub(super) fn about(&self, reader: &mut Reader<'_>, item: &Entry<'_>) -> Option<About> {
        match &self.certificate {
            None if self.chain.is_empty() => {
                reader.refuse_missing(item, "chain");
                None
            }
            None => {
                certificate::check(reader, &self.chain);
                let names: Vec<&str> = self.chain.iter().map(|sketch| sketch.name.as_str()).collect();
                for (answers, key) in [(&self.ocsp, "ocsp"), (&self.crl, "crl")] {
                    for name in answers.each.keys().filter(|name| !names.contains(&name.as_str())) {
                        reader.refuse(answers.at, key, Problem::unknown_word(name, &names));
                    }
                }
                Some(About::Sketched(self.chain.clone()))
            }
            Some(certificate) => {
                if self.anchors.is_empty() {
                    reader.refuse_missing(item, "anchors");
                }
                for (answers, key) in [(&self.ocsp, "ocsp"), (&self.crl, "crl")] {
                    if answers.is_signed() {
                        let instead =
                            "only a sketched chain can sign an answer; give files, as in [\"answer.der\"]";
                        reader.refuse(answers.at, key, Problem::contradiction("certificate", instead));
                    }
                }
                Some(About::Given {
                    certificate: certificate.clone(),
                    untrusted: self.untrusted.clone(),
                    anchors: self.anchors.clone(),
                })
            }
        }
    }
}

/// A purpose that the policy has; empty for none.
fn purpose<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, known: Option<&Known>) -> Option<String> {
    let text = reader.text(entry)?;
    if let Some(known) =
        known.filter(|known| !text.is_empty() && !known.purposes.iter().any(|name| name == text))
    {
        let purposes: Vec<&str> = known.purposes.iter().map(String::as_str).collect();
        reader.unknown_word(entry, text, &purposes);
    }
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// What a word says; nothing where it takes back what was said.
fn saying<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, source: Source) -> Option<Option<answers::Says>> {
    let word = reader.text(entry)?;
    if word == NOTHING {
        return Some(None);
    }
    let says = answers::says(word, source);
    if says.is_none() {
        let words = answers::words(source);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        reader.unknown_word(entry, word, &words);
    }
    says.map(Some)
}

fn given<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, content: Content) -> Option<Given> {
    let text = reader.some_text(entry)?.to_owned();
    let (line, column) = reader.place(entry.at);
    Some(Given { content, text, line, column, key: entry.key.clone() })
}

fn all_given<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, content: Content) -> Vec<Given> {
    let items = reader.items(entry);
    items.iter().filter_map(|item| given(reader, item, content)).collect()
}
