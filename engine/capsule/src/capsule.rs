//! The capsule: named parts in order, sealed under one root; and leaving some of them out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::octets::{Digest, Salt};
use crate::read::Unreadable;
use crate::{FORMAT, VERSION, tree};

/// A capsule whose parts belong to its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capsule {
    root: Digest,
    parts: BTreeMap<String, Part>,
}

/// A part: its hash and, unless it was left out, what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    hash: Digest,
    opened: Option<Opened>,
}

/// What a part says, and the salt under which it is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The salt.
    pub salt: Salt,
    /// What it says.
    pub content: Content,
}

/// How much of a capsule is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// How many parts there are.
    pub parts: usize,
    /// The names of those that were left out.
    pub redacted: Vec<String>,
}

impl Part {
    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> Digest {
        self.hash
    }

    /// What it says; `None` where it was left out.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        self.opened.as_ref().map(|opened| &opened.content)
    }

    /// From what stands in a document.
    pub(crate) fn of(hash: Digest, opened: Option<Opened>) -> Self {
        Self { hash, opened }
    }
}

impl Capsule {
    /// Seals parts under a root. Each gets a salt, which must be unguessable; the order in which parts come plays no role
    /// but for which salt each gets.
    ///
    /// # Errors
    /// [`Unreadable`] where no reader would take it: a name that is none or comes twice, or more than the limits allow.
    pub fn seal(
        contents: impl IntoIterator<Item = (String, Content)>,
        mut salt: impl FnMut() -> Salt,
    ) -> Result<Self, Unreadable> {
        let mut parts = BTreeMap::new();
        for (name, content) in contents {
            let salt = salt();
            let hash = tree::part(&name, &salt, &printed(&content));
            let part = Part { hash, opened: Some(Opened { salt, content }) };
            if parts.insert(name.clone(), part).is_some() {
                return Err(Unreadable::Order { name });
            }
        }
        Self { root: Digest([0; 32]), parts }.rooted()
    }

    /// Computes the root over parts that are known to be sound.
    fn rooted(mut self) -> Result<Self, Unreadable> {
        self.root = self.computed();
        crate::read::within_limits(&self.parts)?;
        Ok(self)
    }

    fn computed(&self) -> Digest {
        tree::root(self.parts.iter().map(|(name, part)| (name.as_str(), part.hash)))
    }

    /// From what stands in a document. Nothing of it is verified yet.
    pub(crate) fn of(root: Digest, parts: BTreeMap<String, Part>) -> Self {
        Self { root, parts }
    }

    /// Finds out whether every part says what it was hashed with, and whether the root is the root of all.
    ///
    /// # Errors
    /// [`Unreadable::Altered`] with the first part that is another than it was, or [`Unreadable::OtherRoot`] where every
    /// part that is there agrees with its hash, and the hashes do not come to the root.
    pub fn verify(&self) -> Result<(), Unreadable> {
        for (name, part) in &self.parts {
            if let Some(Opened { salt, content }) = &part.opened
                && tree::part(name, salt, &printed(content)) != part.hash
            {
                return Err(Unreadable::Altered { name: name.clone() });
            }
        }
        let computed = self.computed();
        if computed == self.root {
            Ok(())
        } else {
            Err(Unreadable::OtherRoot { stated: self.root, computed })
        }
    }

    /// The root over all parts.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.root
    }

    /// The parts by name, in order.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &Part)> {
        self.parts.iter().map(|(name, part)| (name.as_str(), part))
    }

    /// What a part says, if it is there and was not left out.
    #[must_use]
    pub fn content(&self, name: &str) -> Option<&Content> {
        self.parts.get(name).and_then(Part::content)
    }

    /// Leaves a part out, or every part whose name begins with this and a slash; the root stays.
    ///
    /// How many parts it were; `None` where no part has such a name.
    pub fn redact(&mut self, name: &str) -> Option<usize> {
        let below = format!("{name}/");
        let named = self.parts.iter_mut().filter(|(known, _)| *known == name || known.starts_with(&below));
        let count = named.fold(0_usize, |count, (_, part)| {
            part.opened = None;
            count.saturating_add(1)
        });
        Some(count).filter(|count| *count > 0)
    }

    /// How much of it is there.
    #[must_use]
    pub fn state(&self) -> State {
        let redacted = self.parts.iter().filter(|(_, part)| part.opened.is_none());
        State { parts: self.parts.len(), redacted: redacted.map(|(name, _)| name.clone()).collect() }
    }

    /// The document: one line, and the only way to write this capsule.
    #[must_use]
    pub fn print(&self) -> String {
        let parts = self.parts.iter().map(|(name, part)| PartForm::of(name, part)).collect();
        let form = Form { format: FORMAT, version: VERSION, root: self.root, parts };
        // INVARIANT: nothing here fails to be written; there are no maps with other keys than text
        let mut text = serde_json::to_string(&form).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// What is hashed of what a part says: its only writing.
fn printed(content: &Content) -> Vec<u8> {
    serde_json::to_vec(content).unwrap_or_default()
}

#[derive(Serialize)]
struct Form<'a> {
    format: &'a str,
    version: u32,
    root: Digest,
    parts: Vec<PartForm<'a>>,
}

#[derive(Serialize)]
struct PartForm<'a> {
    name: &'a str,
    hash: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<Salt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a Content>,
}

impl<'a> PartForm<'a> {
    fn of(name: &'a str, part: &'a Part) -> Self {
        let opened = part.opened.as_ref();
        Self {
            name,
            hash: part.hash,
            salt: opened.map(|opened| opened.salt),
            content: opened.map(|opened| &opened.content),
        }
    }
}

/// A document that was read, before anything of it is believed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) format: String,
    pub(crate) version: u32,
    pub(crate) root: Digest,
    pub(crate) parts: Vec<PartDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartDocument {
    pub(crate) name: String,
    pub(crate) hash: Digest,
    pub(crate) salt: Option<Salt>,
    pub(crate) content: Option<Content>,
}
