//! The key-usage tables, as data, laid out like the documents' (R-KU-1 to R-KU-16, R-KUX-1): what a request for each
//! purpose asks for. Who may ask, and what an authority returned, is judged elsewhere.
//!
//! `Y` is required, `N` must not be asked for, and a blank cell is not asked for (D-24). The tables ask for
//! dataEncipherment with elliptic-curve keys, which RFC 8813 3 forbids: [`UsageProfile`] chooses between the two.

use super::purpose::KeyType;
use super::release::Product;
use crate::certificate::key_usage::KeyUsage;
use crate::oid::{self, Oid};
use crate::settings::KeyUsageBit;

/// A cell of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// `Y`: required.
    Yes,
    /// `N`: must not be asked for.
    No,
    /// Blank: not asked for.
    Blank,
}

impl Cell {
    /// The cell as the documents print it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "Y",
            Self::No => "N",
            Self::Blank => "blank",
        }
    }
}

/// A column of the tables that names a usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// A purpose of extKeyUsage.
    Extended(Oid),
    /// A bit of keyUsage.
    Key(KeyUsageBit),
}

impl Usage {
    /// The RFC's word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Extended(oid) => oid::label(oid).unwrap_or_default(),
            Self::Key(bit) => bit.word(),
        }
    }
}

/// The columns after the first, in the order of the documents.
pub const COLUMNS: [Usage; 8] = [
    Usage::Extended(oid::KP_SERVER_AUTH),
    Usage::Extended(oid::KP_CLIENT_AUTH),
    Usage::Extended(oid::KP_IPSEC_END_SYSTEM),
    Usage::Key(KeyUsageBit::DigitalSignature),
    Usage::Key(KeyUsageBit::KeyEncipherment),
    Usage::Key(KeyUsageBit::DataEncipherment),
    Usage::Key(KeyUsageBit::KeyCertSign),
    Usage::Key(KeyUsageBit::KeyAgreement),
];

/// One purpose's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which of the two tables it stands in: the tables differ for one and the same purpose (R-KUX-6).
    pub product: Product,
    /// The purpose.
    pub purpose: &'static str,
    /// Asked for on the publisher only (R-KUX-2).
    pub publisher_only: bool,
    /// The first column: many servers may share the certificate (R-KUX-9). Of TVS the release decides (D-16), so the
    /// catalogue has the word.
    pub multi_server: Cell,
    /// The other columns.
    pub cells: [Cell; 8],
}

macro_rules! table {
    ($($product:ident $purpose:literal $where:ident:
       $ms:tt $sa:tt $ca:tt $ip:tt $ds:tt $ke:tt $de:tt $kcs:tt $ka:tt;)*) => {
        &[$(Row {
            product: Product::$product,
            purpose: $purpose,
            publisher_only: table!($where),
            multi_server: table!($ms),
            cells: [table!($sa), table!($ca), table!($ip), table!($ds), table!($ke), table!($de), table!($kcs), table!($ka)],
        }),*]
    };
    (everywhere) => { false };
    (publisher) => { true };
    (Y) => { Cell::Yes };
    (N) => { Cell::No };
    (.) => { Cell::Blank };
}

/// Both tables. A row of the documents may name two purposes; here each has its own.
pub const TABLE: &[Row] = table! {
    //                                   MS SA CA IP DS KE DE KCS KA
    Ucm "CallManager"        everywhere: Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "CallManager-ECDSA"  everywhere: Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "CAPF"               publisher:  N  Y  N  .  Y  N  .  Y   .;
    Ucm "ipsec"              everywhere: N  Y  Y  Y  Y  Y  Y  .   .;
    Ucm "tomcat"             everywhere: Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "tomcat-ECDSA"       everywhere: Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "TVS"                everywhere: N  Y  Y  .  Y  Y  Y  .   .;
    Imp "cup"                everywhere: N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-ECDSA"          everywhere: N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp"           everywhere: Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-ECDSA"     everywhere: Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-s2s"       everywhere: Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-s2s-ECDSA" everywhere: Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "ipsec"              everywhere: N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "tomcat"             everywhere: Y  Y  Y  .  Y  Y  Y  .   .;
    Imp "tomcat-ECDSA"       everywhere: Y  Y  Y  .  Y  Y  Y  .   .;
};

/// The row of a purpose; `None` for one that no request is made for, such as ITLRecovery (R-CSR-7, D-14).
#[must_use]
pub fn row(product: Product, purpose: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.product == product && row.purpose == purpose)
}

/// How the tables are read for elliptic-curve keys (D-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsageProfile {
    /// As the documents print them.
    #[default]
    UcmCompat,
    /// Without what RFC 8813 3 forbids.
    StrictPkix,
}

impl UsageProfile {
    /// Reads the word used in documents and requests.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ucm-compat" => Some(Self::UcmCompat),
            "strict-pkix" => Some(Self::StrictPkix),
            _ => None,
        }
    }

    /// The word used in documents and requests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::UcmCompat => "ucm-compat",
            Self::StrictPkix => "strict-pkix",
        }
    }
}

/// Usages that go into a request or certificate together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usages {
    /// keyUsage.
    pub key: KeyUsage,
    /// extKeyUsage; where it is empty the extension is left out.
    pub extended: Vec<Oid>,
}

impl Usages {
    /// Whether `usage` is among them.
    #[must_use]
    pub fn has(&self, usage: &Usage) -> bool {
        match usage {
            Usage::Extended(oid) => self.extended.contains(oid),
            Usage::Key(bit) => self.key.has(*bit),
        }
    }

    pub(super) fn with(mut self, usage: &Usage) -> Self {
        match usage {
            Usage::Extended(oid) => self.extended.push(oid.clone()),
            Usage::Key(bit) => self.key = self.key.with(*bit),
        }
        self
    }
}

impl Row {
    /// The cells with the usages they are about.
    pub fn usages(&self) -> impl Iterator<Item = (Usage, Cell)> {
        COLUMNS.into_iter().zip(self.cells)
    }

    /// What is required, and so asked for, for a key of this type.
    #[must_use]
    pub fn required(&self, key_type: KeyType, profile: UsageProfile) -> Usages {
        let wanted = self.usages().filter(|(usage, cell)| {
            *cell == Cell::Yes && (profile == UsageProfile::UcmCompat || !is_forbidden(usage, key_type))
        });
        wanted.fold(Usages::default(), |usages, (usage, _)| usages.with(&usage))
    }
}

/// RFC 8813 3: with a key of id-ecPublicKey "keyEncipherment" and "dataEncipherment" MUST NOT be set.
#[must_use]
pub fn is_forbidden(usage: &Usage, key_type: KeyType) -> bool {
    use KeyUsageBit::{DataEncipherment, KeyEncipherment};
    key_type == KeyType::Ec && matches!(usage, Usage::Key(DataEncipherment | KeyEncipherment))
}

#[cfg(test)]
mod tests;
