//! All 144 cells against a copy of the documents' tables, and what the documents say about the tables as a whole.

use super::*;
use crate::management::purpose::Catalogue;
use crate::management::release::{RELEASE_14, Release};
use crate::settings::Settings;

/// The documents' tables, cell by cell: `true`, `false`, or `null` for a blank.
const CELLS: &str = include_str!("cells.json");
const KEYS: [&str; 9] = ["MS", "SA", "CA", "IP", "DS", "KE", "DE", "KCS", "KA"];
const BEFORE_14: Release = Release { major: 12, ..RELEASE_14 };

fn cell(row: &Row, word: &str) -> Cell {
    let found = COLUMNS.iter().position(|column| column.word() == word).unwrap();
    row.cells[found]
}

// R-KU-1, R-KU-2, R-KU-3, R-KU-4, R-KU-5, R-KU-6, R-KU-7, R-KU-8, R-KU-9, R-KU-10, R-KU-11, R-KU-12, R-KU-13,
// R-KU-14, R-KU-15, R-KU-16, R-KUX-1
#[test]
fn every_cell_is_the_documents() {
    let printed: serde_json::Value = serde_json::from_str(CELLS).unwrap();
    let mut compared = 0;
    for (product, word) in [(Product::Ucm, "ucm"), (Product::Imp, "imp")] {
        for (purpose, cells) in printed[word].as_object().unwrap() {
            let row = row(product, purpose).unwrap();
            let ours = [&[row.multi_server][..], &row.cells].concat();
            for (key, ours) in KEYS.into_iter().zip(ours) {
                let expected = match cells[key].as_bool() {
                    Some(true) => Cell::Yes,
                    Some(false) => Cell::No,
                    None => Cell::Blank,
                };
                assert_eq!(ours, expected, "R-KU.{word}.{purpose}.{key}");
                compared += 1;
            }
        }
    }
    assert_eq!((compared, TABLE.len()), (144, 16));
}

#[test]
fn the_columns_are_the_documents() {
    // R-CSRX-7
    let words: Vec<_> = COLUMNS.iter().map(Usage::word).collect();
    let expected = [
        "serverAuth",
        "clientAuth",
        "ipsecEndSystem",
        "digitalSignature",
        "keyEncipherment",
        "dataEncipherment",
        "keyCertSign",
        "keyAgreement",
    ];
    assert_eq!(words, expected);
    assert_eq!(oid::KP_SERVER_AUTH.to_string(), "1.3.6.1.5.5.7.3.1");
    assert_eq!(oid::KP_CLIENT_AUTH.to_string(), "1.3.6.1.5.5.7.3.2");
    assert_eq!(oid::KP_IPSEC_END_SYSTEM.to_string(), "1.3.6.1.5.5.7.3.5");
}

#[test]
fn what_holds_for_whole_columns() {
    for row in TABLE {
        let capf = row.purpose == "CAPF";
        // R-KUX-2
        let catalogue = Catalogue::of(row.product, RELEASE_14, &Settings::default());
        assert_eq!(catalogue.purpose(row.purpose).unwrap().publisher_only, capf);
        // R-KUX-3
        assert_eq!(cell(row, "keyAgreement"), Cell::Blank);
        // R-KUX-4
        assert_eq!(cell(row, "keyCertSign") == Cell::Yes, capf);
        // R-KUX-5, R-KUX-6
        let without = ["CallManager", "CallManager-ECDSA", "CAPF", "tomcat", "tomcat-ECDSA"];
        let enciphers = row.product == Product::Imp || !without.contains(&row.purpose);
        assert_eq!(cell(row, "keyEncipherment"), if enciphers { Cell::Yes } else { Cell::No });
        // R-KUX-7
        assert_eq!(cell(row, "clientAuth"), if capf { Cell::No } else { Cell::Yes });
        assert_eq!(cell(row, "serverAuth"), Cell::Yes);
        // R-KUX-8
        let ipsec = row.purpose == "ipsec" || row.purpose.starts_with("cup");
        assert_eq!(cell(row, "ipsecEndSystem"), if ipsec { Cell::Yes } else { Cell::Blank });
        // R-KUX-10
        assert_eq!(cell(row, "dataEncipherment"), if capf { Cell::Blank } else { Cell::Yes });
    }
}

#[test]
fn the_catalogue_says_the_same_of_many_servers_but_for_tvs() {
    // R-KUX-9; TVS by D-16.
    for (release, tvs) in [(BEFORE_14, false), (RELEASE_14, true)] {
        for row in TABLE {
            let catalogue = Catalogue::of(row.product, release, &Settings::default());
            let purpose = catalogue.purpose(row.purpose).unwrap();
            let expected = row.multi_server == Cell::Yes || (row.purpose == "TVS" && tvs);
            assert_eq!(purpose.multi_server_issued, expected, "{}", row.purpose);
        }
    }
}

#[test]
fn a_row_belongs_to_its_product() {
    // R-KUX-6
    assert_eq!(cell(row(Product::Ucm, "tomcat").unwrap(), "keyEncipherment"), Cell::No);
    assert_eq!(cell(row(Product::Imp, "tomcat").unwrap(), "keyEncipherment"), Cell::Yes);
    assert!(row(Product::Imp, "CAPF").is_none() && row(Product::Ucm, "ITLRecovery").is_none());
}

#[test]
fn what_is_required_follows_the_profile_for_elliptic_curves_only() {
    let row: Vec<_> = row(Product::Imp, "cup-ECDSA").unwrap().usages().collect();
    let bits = |key_type, profile| required(&row, key_type, profile).key.bits().collect::<Vec<_>>();
    use KeyUsageBit::{DataEncipherment, DigitalSignature, KeyEncipherment};
    let all = [DigitalSignature, KeyEncipherment, DataEncipherment];
    assert_eq!(bits(KeyType::Ec, UsageProfile::UcmCompat), all);
    assert_eq!(bits(KeyType::Ec, UsageProfile::StrictPkix), [DigitalSignature]);
    assert_eq!(bits(KeyType::Rsa, UsageProfile::StrictPkix), all);
    let extended = required(&row, KeyType::Ec, UsageProfile::StrictPkix).extended;
    assert_eq!(extended, [oid::KP_SERVER_AUTH, oid::KP_CLIENT_AUTH, oid::KP_IPSEC_END_SYSTEM]);
}

#[test]
fn words_are_the_documents() {
    let words = [UsageProfile::UcmCompat, UsageProfile::StrictPkix].map(UsageProfile::word);
    assert_eq!(words, ["ucm-compat", "strict-pkix"]);
    assert_eq!([Cell::Yes, Cell::No, Cell::Blank].map(Cell::word), ["Y", "N", "blank"]);
}
