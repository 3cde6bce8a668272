//! The table `[issuance]`, and the lists `[[stores]]` and `[[identities]]`: what a deployment has of its own.

use std::collections::BTreeSet;

use super::{bounded, extended_key_usage, name, plain_name, set};
use crate::order;
use crate::settings::document::combination::Written;
use crate::settings::document::key;
use crate::settings::document::problem::{DocumentProblem, quote};
use crate::settings::document::reader::{Entry, Reader};
use crate::settings::management::{
    BUILT_IN_IDENTITIES, BUILT_IN_STORES, KeyType, ManagementSettings, OwnIdentity, Replication, Scope,
    TrustStore,
};

/// D-24, D-25.
pub(super) fn issuance<'d>(reader: &mut Reader<'d>, table: &Entry<'d>, settings: &mut ManagementSettings) {
    for entry in &reader.entries(table) {
        match entry.name {
            "usage-profile" => set(&mut settings.usage_profile, reader.word(entry, key::USAGE_PROFILES)),
            "extra-names" => set(&mut settings.extra_names, reader.word(entry, key::EXTRA_NAMES)),
            _ => reader.unknown_key(entry, key::ISSUANCE),
        }
    }
}

/// Trust stores beside the product's.
pub(super) fn stores<'d>(
    reader: &mut Reader<'d>,
    list: &Entry<'d>,
    settings: &mut ManagementSettings,
    written: &mut Written<'d>,
) {
    let mut seen = BTreeSet::new();
    for item in &bounded(reader, list, key::MAXIMUM_OWN) {
        let store = store(reader, item, &mut seen, written);
        settings.stores.push(store);
    }
}

fn store<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    seen: &mut BTreeSet<String>,
    written: &mut Written<'d>,
) -> TrustStore {
    let mut store = TrustStore {
        name: String::new(),
        replication: Replication::Node,
        deletion: Replication::Node,
        publisher_only: false,
        copied_to: None,
    };
    let mut deleted_everywhere = None;
    let entries = needed(reader, table, &["name"]);
    for entry in entries {
        match entry.name {
            "name" => set(&mut store.name, own_name(reader, &entry, BUILT_IN_STORES, seen)),
            "replicated" => set(&mut store.replication, reader.boolean(&entry).map(extent)),
            "deleted-everywhere" => {
                deleted_everywhere = reader.boolean(&entry).map(|value| (extent(value), entry));
            }
            "publisher-only" => set(&mut store.publisher_only, reader.boolean(&entry)),
            "copied-to" => {
                store.copied_to = reader.text(&entry).map(str::to_owned);
                written.copied_to.push(entry);
            }
            _ => reader.unknown_key(&entry, key::STORE),
        }
    }
    // What came to every node and goes from one would be believed by the others.
    store.deletion = store.replication;
    if let Some((deletion, entry)) = deleted_everywhere {
        if deletion == Replication::Node && store.replication == Replication::Cluster {
            let value = "true".to_owned();
            reader.refuse(entry.at, &entry.key, || DocumentProblem::Contradiction {
                with: "stores.replicated",
                value,
            });
        }
        store.deletion = deletion;
    }
    store
}

fn extent(everywhere: bool) -> Replication {
    if everywhere { Replication::Cluster } else { Replication::Node }
}

/// Identity purposes beside the product's.
pub(super) fn identities<'d>(
    reader: &mut Reader<'d>,
    list: &Entry<'d>,
    settings: &mut ManagementSettings,
    written: &mut Written<'d>,
) {
    let mut seen = BTreeSet::new();
    for item in &bounded(reader, list, key::MAXIMUM_OWN) {
        let identity = identity(reader, item, &mut seen, written);
        settings.identities.push(identity);
    }
}

fn identity<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    seen: &mut BTreeSet<String>,
    written: &mut Written<'d>,
) -> OwnIdentity {
    let mut own = nobody();
    for entry in needed(reader, table, &["name", "key-type", "trust-store", "key-usage"]) {
        match entry.name {
            "name" => set(&mut own.name, own_name(reader, &entry, BUILT_IN_IDENTITIES, seen)),
            "key-type" => set(&mut own.key_type, reader.word(&entry, key::KEY_TYPES)),
            "trust-store" => {
                set(&mut own.trust_store, reader.text(&entry).map(str::to_owned));
                written.trust_stores.push(entry);
            }
            "scope" => set(&mut own.scope, reader.word(&entry, key::SCOPES)),
            "multi-server-self-signed" => set(&mut own.multi_server_self_signed, reader.boolean(&entry)),
            "multi-server-issued" => set(&mut own.multi_server_issued, reader.boolean(&entry)),
            "publisher-only" => set(&mut own.publisher_only, reader.boolean(&entry)),
            "key-usage" => {
                let bits = reader.words(&entry, &key::key_usages());
                own.key_usage = bits.into_iter().map(|(bit, _)| bit).collect();
                order::sort(&mut own.key_usage);
            }
            "extended-key-usage" => own.extended_key_usage = extended_key_usages(reader, &entry),
            "used-by" => own.used_by = services(reader, &entry),
            "restart" => own.restart = services(reader, &entry),
            _ => reader.unknown_key(&entry, key::IDENTITY),
        }
    }
    own
}

fn nobody() -> OwnIdentity {
    OwnIdentity {
        name: String::new(),
        key_type: KeyType::Rsa,
        trust_store: String::new(),
        scope: Scope::Node,
        multi_server_self_signed: false,
        multi_server_issued: false,
        publisher_only: false,
        key_usage: Vec::new(),
        extended_key_usage: Vec::new(),
        used_by: Vec::new(),
        restart: Vec::new(),
    }
}

/// The entries of a table that cannot be without some.
pub(super) fn needed<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    keys: &[&'static str],
) -> Vec<Entry<'d>> {
    let entries = reader.entries(table);
    let missing = keys.iter().find(|key| !entries.iter().any(|entry| entry.name == **key));
    if let Some(missing) = missing.filter(|_| table.is_table()) {
        reader.refuse(table.at, &table.key, || DocumentProblem::MissingKey { missing });
    }
    entries
}

/// A name that neither the product has, in letters of either case, nor the document before.
fn own_name<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    built_in: &[&str],
    seen: &mut BTreeSet<String>,
) -> Option<String> {
    let name = plain_name(reader, entry)?;
    if built_in.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        reader.refuse(entry.at, &entry.key, || DocumentProblem::BuiltIn { found: quote(&name) });
    }
    if !seen.insert(name.clone()) {
        reader.duplicate(entry);
    }
    Some(name)
}

fn extended_key_usages<'d>(reader: &mut Reader<'d>, list: &Entry<'d>) -> Vec<crate::oid::Oid> {
    let mut usages = Vec::new();
    for item in &bounded(reader, list, key::MAXIMUM_OWN) {
        let Some(usage) = extended_key_usage(reader, item) else { continue };
        if usages.contains(&usage) {
            reader.duplicate(item);
        }
        usages.push(usage);
    }
    usages
}

/// Names of services as people know them.
fn services<'d>(reader: &mut Reader<'d>, list: &Entry<'d>) -> Vec<String> {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b" -._/()".contains(&octet);
    let accepted = "ASCII letters, digits, spaces and -._/()";
    let mut names = Vec::new();
    for item in &bounded(reader, list, key::MAXIMUM_SERVICES) {
        let Some(name) = name(reader, item, (accepted, plain)) else { continue };
        if names.contains(&name) {
            reader.duplicate(item);
        }
        names.push(name);
    }
    names
}
