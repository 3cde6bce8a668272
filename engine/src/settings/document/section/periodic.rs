//! The table `[periodic]`.

use super::set;
use crate::order;
use crate::settings::document::combination::Written;
use crate::settings::document::key;
use crate::settings::document::reader::{Entry, Reader};
use crate::settings::periodic::PeriodicSettings;

/// R-REV-1 to R-REV-7.
pub(super) fn periodic<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    settings: &mut PeriodicSettings,
    written: &mut Written<'d>,
) {
    for entry in reader.entries(table) {
        match entry.name {
            "check" => set(&mut settings.check, reader.word(&entry, key::SWITCHES)),
            "every" => set(&mut settings.every, reader.number(&entry, &key::EVERY)),
            "unit" => set(&mut settings.unit, reader.word(&entry, key::INTERVAL_UNITS)),
            "validity-check" => {
                set(&mut settings.validity_check, reader.word(&entry, key::SWITCHES));
                written.validity_check = Some(entry);
            }
            "validity-check-hours" => {
                settings.validity_check_hours = reader.number(&entry, &key::VALIDITY_CHECK_HOURS);
            }
            "long-lived" => {
                let connections = reader.words_or_none(&entry, key::CONNECTIONS);
                settings.long_lived = order::set(connections.into_iter().map(|(connection, _)| connection));
            }
            _ => reader.unknown_key(&entry, key::PERIODIC),
        }
    }
}
