//! What of a deployment's own refers to something else: the stores that are named exist, and nothing is copied twice.

use super::Written;
use crate::settings::document::problem::{DocumentProblem, quote};
use crate::settings::document::reader::{Entry, Reader};
use crate::settings::management::{BUILT_IN_COPIED, BUILT_IN_STORES, ManagementSettings};

/// Every rule about the names of stores.
pub(super) fn check<'d>(reader: &mut Reader<'d>, settings: &ManagementSettings, written: &Written<'d>) {
    for entry in &written.trust_stores {
        known_store(reader, settings, entry);
    }
    for entry in &written.copied_to {
        if let Some(name) = known_store(reader, settings, entry) {
            // A copy that went on from store to store would end where nobody looks for it.
            let goes_on = settings.stores.iter().any(|store| store.name == name && store.copied_to.is_some());
            if goes_on || name == BUILT_IN_COPIED {
                let value = quote(name);
                reader.refuse(entry.at, &entry.key, || DocumentProblem::Contradiction {
                    with: "stores.copied-to",
                    value,
                });
            }
        }
    }
}

/// The name, where a store of the product or of the document has it.
fn known_store<'d>(
    reader: &mut Reader<'d>,
    settings: &ManagementSettings,
    entry: &Entry<'d>,
) -> Option<&'d str> {
    let found = reader.text(entry)?;
    let own = settings.stores.iter().map(|store| store.name.as_str());
    let known: Vec<&str> = BUILT_IN_STORES.iter().copied().chain(own).collect();
    if known.contains(&found) {
        return Some(found);
    }
    reader.unknown_name((entry.at, &entry.key), found, &known);
    None
}
