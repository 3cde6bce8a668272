//! The usages that the documents list in prose for each purpose (R-CSRX-1 to R-CSRX-6): supersets of the table rows.
//! A returned certificate may have any of them; what is asked for, and what must be there, is the table's (D-15).
//!
//! For tomcat the prose lists keyAgreement and ipsecEndSystem, and its own note says that neither is required
//! (R-CSRX-3): a superset is never required, so the note holds here by itself. The prose names no purpose of
//! cup-xmpp-s2s, TVS or ITLRecovery: of those, what the table requires is all that is foreseen.

use super::key_usage_table::{Usage, Usages};
use super::release::Product;
use crate::oid;
use crate::settings::KeyUsageBit;

const SERVER: Usage = Usage::Extended(oid::KP_SERVER_AUTH);
const CLIENT: Usage = Usage::Extended(oid::KP_CLIENT_AUTH);
const IPSEC: Usage = Usage::Extended(oid::KP_IPSEC_END_SYSTEM);
const SIGN: Usage = Usage::Key(KeyUsageBit::DigitalSignature);
const ENCIPHER_KEYS: Usage = Usage::Key(KeyUsageBit::KeyEncipherment);
const ENCIPHER_DATA: Usage = Usage::Key(KeyUsageBit::DataEncipherment);
const AGREE: Usage = Usage::Key(KeyUsageBit::KeyAgreement);
const ISSUE: Usage = Usage::Key(KeyUsageBit::KeyCertSign);

/// R-CSRX-1.
const CAPF: &[Usage] = &[SERVER, SIGN, ISSUE];
/// R-CSRX-2, R-CSRX-4, R-CSRX-6: tomcat, ipsec, cup and cup-xmpp have one and the same list.
const WITH_IPSEC: &[Usage] = &[SERVER, CLIENT, IPSEC, SIGN, ENCIPHER_KEYS, ENCIPHER_DATA, AGREE];
/// R-CSRX-5.
const CALL_MANAGER: &[Usage] = &[SERVER, CLIENT, SIGN, ENCIPHER_KEYS, ENCIPHER_DATA, AGREE];

/// The list that the documents have for a purpose; empty where they have none.
#[must_use]
pub fn listed(product: Product, purpose: &str) -> &'static [Usage] {
    match (product, purpose) {
        (Product::Ucm, "CAPF") => CAPF,
        (Product::Ucm, "CallManager" | "CallManager-ECDSA") => CALL_MANAGER,
        (_, "tomcat" | "tomcat-ECDSA" | "ipsec") => WITH_IPSEC,
        (Product::Imp, "cup" | "cup-ECDSA" | "cup-xmpp" | "cup-xmpp-ECDSA") => WITH_IPSEC,
        _ => &[],
    }
}

/// Whether a returned certificate may have `usage` without a word: it is required, or listed.
#[must_use]
pub fn is_foreseen(usage: &Usage, listed: &[Usage], required: &Usages) -> bool {
    required.has(usage) || listed.contains(usage)
}

/// A usage to be switched on by hand at an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The usage.
    pub usage: Usage,
    /// It must be there; otherwise it is only in the documents' list.
    pub needed: bool,
}

/// What somebody who runs an authority that ignores extensionRequest is told (R-UP-29): the documents' list for the
/// purpose, in its order, and what is required beyond it.
#[must_use]
pub fn by_hand(listed: &[Usage], required: &Usages) -> Vec<ByHand> {
    let extended = required.extended.iter().cloned().map(Usage::Extended);
    let beyond = extended.chain(required.key.bits().map(Usage::Key)).filter(|usage| !listed.contains(usage));
    let all = listed.iter().cloned().chain(beyond);
    all.map(|usage| ByHand { needed: required.has(&usage), usage }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::management::key_usage_table::{Cell, TABLE, UsageProfile, required, row};
    use crate::management::purpose::KeyType;

    fn required_of(product: Product, purpose: &str) -> Usages {
        let row: Vec<_> = row(product, purpose).unwrap().usages().collect();
        required(&row, KeyType::Rsa, UsageProfile::UcmCompat)
    }

    fn words(product: Product, purpose: &str) -> Vec<&'static str> {
        listed(product, purpose).iter().map(Usage::word).collect()
    }

    const EXTENDED: [&str; 3] = ["serverAuth", "clientAuth", "ipsecEndSystem"];
    const KEY: [&str; 4] = ["digitalSignature", "keyEncipherment", "dataEncipherment", "keyAgreement"];

    #[test]
    fn the_lists_are_the_documents() {
        // R-CSRX-1
        assert_eq!(words(Product::Ucm, "CAPF"), ["serverAuth", "digitalSignature", "keyCertSign"]);
        let all = [&EXTENDED[..], &KEY].concat();
        // R-CSRX-2, R-CSRX-4
        for purpose in ["tomcat", "tomcat-ECDSA", "ipsec"] {
            assert_eq!(words(Product::Ucm, purpose), all);
        }
        // R-CSRX-5
        assert_eq!(words(Product::Ucm, "CallManager"), [&EXTENDED[..2], &KEY].concat());
        // R-CSRX-6
        for purpose in ["cup", "cup-xmpp"] {
            assert_eq!(words(Product::Imp, purpose), all);
        }
        assert!(words(Product::Ucm, "TVS").is_empty() && words(Product::Ucm, "cup").is_empty());
    }

    #[test]
    fn every_list_holds_what_the_table_requires() {
        for row in TABLE {
            let list = listed(row.product, row.purpose);
            let required = row.usages().filter(|(_, cell)| *cell == Cell::Yes);
            for (usage, _) in required {
                assert!(list.is_empty() || list.contains(&usage), "{} {}", row.purpose, usage.word());
            }
        }
    }

    #[test]
    fn the_note_on_tomcat_requires_neither() {
        // R-CSRX-3
        let required = required_of(Product::Ucm, "tomcat");
        let list = listed(Product::Ucm, "tomcat");
        for usage in [AGREE, IPSEC] {
            assert!(!required.has(&usage) && is_foreseen(&usage, list, &required));
        }
        assert!(!is_foreseen(&ISSUE, list, &required));
    }

    #[test]
    fn what_is_switched_on_by_hand_is_the_documents_list() {
        // R-UP-29
        let told = |product, purpose: &str| -> Vec<_> {
            let required = required_of(product, purpose);
            let list = by_hand(listed(product, purpose), &required);
            list.iter().map(|one| (one.usage.word(), one.needed)).collect()
        };
        let capf = [("serverAuth", true), ("digitalSignature", true), ("keyCertSign", true)];
        assert_eq!(told(Product::Ucm, "CAPF"), capf);
        let call_manager = [
            ("serverAuth", true),
            ("clientAuth", true),
            ("digitalSignature", true),
            ("keyEncipherment", false),
            ("dataEncipherment", true),
            ("keyAgreement", false),
        ];
        assert_eq!(told(Product::Ucm, "CallManager"), call_manager);
        let tvs: Vec<_> = told(Product::Ucm, "TVS").into_iter().map(|(word, _)| word).collect();
        let expected =
            ["serverAuth", "clientAuth", "digitalSignature", "keyEncipherment", "dataEncipherment"];
        assert_eq!(tvs, expected);
    }
}
