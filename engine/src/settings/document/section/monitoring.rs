//! The table `[monitoring]`.

use super::set;
use crate::settings::document::combination::Written;
use crate::settings::document::key;
use crate::settings::document::problem::{DocumentProblem, quote};
use crate::settings::document::reader::{Entry, Reader};
use crate::settings::monitoring::{self, AddressProblem, MAXIMUM_ADDRESSES, MonitoringSettings};

/// R-MON-2, R-MON-9 to R-MON-13.
pub(super) fn monitoring<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut MonitoringSettings,
    written: &mut Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "monitor" => set(&mut settings.monitor, reader.word(&entry, key::SWITCHES)),
            "start-days" => set(&mut settings.start_days, reader.number(&entry, &key::START_DAYS)),
            "every" => set(&mut settings.every, reader.number(&entry, &key::EVERY)),
            "unit" => set(&mut settings.unit, reader.word(&entry, key::INTERVAL_UNITS)),
            "e-mail" => {
                set(&mut settings.e_mail, reader.word(&entry, key::SWITCHES));
                written.e_mail = Some(entry);
            }
            "addresses" => set(&mut settings.addresses, addresses(reader, &entry)),
            "locally-significant" => {
                set(&mut settings.locally_significant, reader.word(&entry, key::SWITCHES));
            }
            _ => reader.unknown_key(&entry, key::MONITORING),
        }
    }
}

/// R-MON-13.
fn addresses<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<Vec<String>> {
    let text = reader.text(entry)?;
    match monitoring::addresses(text) {
        Ok(found) => return Some(found),
        Err(AddressProblem::Unusable(found)) => {
            reader.refuse(entry.at, &entry.key, || DocumentProblem::Address { found: quote(&found) });
        }
        Err(AddressProblem::TooMany) => {
            let found = text.split(';').count().to_string();
            let maximum = u32::try_from(MAXIMUM_ADDRESSES).unwrap_or(u32::MAX);
            let problem = || DocumentProblem::OutOfRange { found, minimum: 0, maximum };
            reader.refuse(entry.at, &entry.key, problem);
        }
    }
    None
}
