//! The domain words of the storage: nodes, places, certificates in their places, what waits and what was removed.
//! The words are those of the engine's plans; what the engine says of a certificate is kept as it says it.

/// The version of the cluster's state: it grows by one with every change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub i64);

/// SHA-256 of a certificate's encoding.
pub type Fingerprint = [u8; 32];

macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is kept and shown as.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a certificate is here for (R-SHOW-2).
    Usage {
        /// It proves who we are.
        Identity = "identity",
        /// It is believed.
        Trust = "trust",
    }
}

words! {
    /// The role of a node.
    NodeRole {
        /// The one from which everything is managed.
        Publisher = "publisher",
        /// Any other.
        Subscriber = "subscriber",
    }
}

words! {
    /// How a certificate came to its place.
    Origin {
        /// Copied here from another place by a rule.
        Copied = "copied",
        /// Returned by an authority for a request made here.
        Issued = "issued",
        /// Made here and signed by its own key.
        SelfSigned = "self-signed",
        /// Uploaded.
        Uploaded = "uploaded",
    }
}

/// An identity slot or a trust store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Room {
    /// Which of the two.
    pub usage: Usage,
    /// Its name, such as `tomcat` or `tomcat-trust`.
    pub name: String,
}

/// Where a certificate lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The slot or store.
    pub room: Room,
    /// The node; `None` for what is the cluster's, on every node there is or will be.
    pub node: Option<String>,
}

impl Place {
    /// Whether what lies there lies on this node too.
    #[must_use]
    pub fn is_on(&self, node: &str) -> bool {
        self.node.as_deref().is_none_or(|own| own == node)
    }
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: NodeRole,
}

/// What the engine says of a certificate, for finding it again; opaque here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// SHA-256 of its encoding.
    pub fingerprint: Fingerprint,
    /// Equal for one entity, as the engine compares subjects.
    pub subject_key: String,
    /// The same of its issuer.
    pub issuer_key: String,
    /// The subject in words.
    pub subject: String,
    /// The common name; empty when there is none.
    pub common_name: String,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// The kind of its key in words.
    pub key_type: String,
    /// The size of its key in bits.
    pub key_bits: i64,
    /// notBefore.
    pub not_before: i64,
    /// notAfter.
    pub not_after: i64,
    /// Whether it belongs to an authority.
    pub is_authority: bool,
    /// What the private key of a slot's certificate is kept under; empty for what is only believed.
    pub key_id: String,
}

/// A certificate in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number here; never used again for another.
    pub id: i64,
    /// Where it lies.
    pub place: Place,
    /// What the engine says of it.
    pub facts: Facts,
    /// How it came there.
    pub origin: Origin,
    /// It is not in use before this moment (D-29).
    pub active_from: Option<i64>,
    /// What an administrator wrote beside it.
    pub description: String,
    /// When it was put there.
    pub added_at: i64,
    /// By whom.
    pub added_by: String,
    /// The version of the state it came with.
    pub version: Version,
}

/// A certificate that was removed and must not come back by itself (D-21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Where it lay.
    pub place: Place,
    /// SHA-256 of its encoding.
    pub fingerprint: Fingerprint,
    /// When it was removed.
    pub removed_at: i64,
    /// By whom.
    pub removed_by: String,
}

/// A signing request that waits for its certificate, at most one for each purpose and node (R-CSR-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRequest {
    /// The identity purpose.
    pub purpose: String,
    /// The node; `None` for a multi-server request.
    pub node: Option<String>,
    /// The request, PKCS #10 in DER.
    pub der: Vec<u8>,
    /// The key it was made with.
    pub key_id: String,
}

/// A private key at rest: encrypted before it came here, never opened here.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// Its number or name, chosen by the caller.
    pub id: String,
    /// The identity purpose.
    pub purpose: String,
    /// Its algorithm in words.
    pub algorithm: String,
    /// Encrypted PKCS #8.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedKey")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// The node as it is kept: the empty text is the cluster.
pub(super) fn node_text(node: Option<&str>) -> String {
    text(node.unwrap_or_default())
}

/// The node as it is given out.
pub(super) fn node_of(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Text as both databases can keep it: PostgreSQL has no U+0000, so it is shown as the sign for it.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}
