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
use crate::settings::document::key::{USAGE_PROFILES, word_of};

pub use crate::settings::management::UsageProfile;

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
    /// The first column: many servers may share the certificate (R-KUX-9). Of TVS the release decides (D-16), so the
    /// catalogue has the word.
    pub multi_server: Cell,
    /// The other columns.
    pub cells: [Cell; 8],
}

macro_rules! table {
    ($($product:ident $purpose:literal:
       $ms:tt $sa:tt $ca:tt $ip:tt $ds:tt $ke:tt $de:tt $kcs:tt $ka:tt;)*) => {
        &[$(Row {
            product: Product::$product,
            purpose: $purpose,
            multi_server: table!($ms),
            cells: [table!($sa), table!($ca), table!($ip), table!($ds), table!($ke), table!($de), table!($kcs), table!($ka)],
        }),*]
    };
    (Y) => { Cell::Yes };
    (N) => { Cell::No };
    (.) => { Cell::Blank };
}

/// Both tables. A row of the documents may name two purposes; here each has its own. That CAPF's is for the publisher
/// only (R-KUX-2), the catalogue says.
pub const TABLE: &[Row] = table! {
    //                        MS SA CA IP DS KE DE KCS KA
    Ucm "CallManager":         Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "CallManager-ECDSA":   Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "CAPF":                N  Y  N  .  Y  N  .  Y   .;
    Ucm "ipsec":               N  Y  Y  Y  Y  Y  Y  .   .;
    Ucm "tomcat":              Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "tomcat-ECDSA":        Y  Y  Y  .  Y  N  Y  .   .;
    Ucm "TVS":                 N  Y  Y  .  Y  Y  Y  .   .;
    Imp "cup":                 N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-ECDSA":           N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp":            Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-ECDSA":      Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-s2s":        Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "cup-xmpp-s2s-ECDSA":  Y  Y  Y  Y  Y  Y  Y  .   .;
    Imp "ipsec":               N  Y  Y  Y  Y  Y  Y  .   .;
    Imp "tomcat":              Y  Y  Y  .  Y  Y  Y  .   .;
    Imp "tomcat-ECDSA":        Y  Y  Y  .  Y  Y  Y  .   .;
};

/// The row of a purpose; `None` for one that no request is made for, such as ITLRecovery (R-CSR-7, D-14).
#[must_use]
pub fn row(product: Product, purpose: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.product == product && row.purpose == purpose)
}

impl UsageProfile {
    /// The word used in documents and requests.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(USAGE_PROFILES, &self)
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
}

/// What a row requires, and so asks for, for a key of this type.
#[must_use]
pub fn required(row: &[(Usage, Cell)], key_type: KeyType, profile: UsageProfile) -> Usages {
    let wanted = row.iter().filter(|(usage, cell)| {
        *cell == Cell::Yes && (profile == UsageProfile::UcmCompat || !is_forbidden(usage, key_type))
    });
    wanted.fold(Usages::default(), |usages, (usage, _)| usages.with(usage))
}

/// RFC 8813 3: with a key of id-ecPublicKey "keyEncipherment" and "dataEncipherment" MUST NOT be set.
#[must_use]
pub fn is_forbidden(usage: &Usage, key_type: KeyType) -> bool {
    use KeyUsageBit::{DataEncipherment, KeyEncipherment};
    key_type == KeyType::Ec && matches!(usage, Usage::Key(DataEncipherment | KeyEncipherment))
}

#[cfg(test)]
mod tests;
