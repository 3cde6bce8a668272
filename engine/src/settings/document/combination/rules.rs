//! What a deployment's own rules refer to: the purposes that they name exist. A rule for a purpose that is misspelled
//! would never be asked.

use super::Written;
use crate::settings::Settings;
use crate::settings::document::reader::Reader;

/// Every purpose that a rule names.
pub(super) fn check<'d>(reader: &mut Reader<'d>, settings: &Settings, written: &Written<'d>) {
    let known: Vec<&str> = settings.purposes.iter().map(|purpose| purpose.name.as_str()).collect();
    for entry in &written.rule_purposes {
        let Some(found) = reader.text(entry).filter(|found| !known.contains(found)) else { continue };
        reader.unknown_name((entry.at, &entry.key), found, &known);
    }
}
