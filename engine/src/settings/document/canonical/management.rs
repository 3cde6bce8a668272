//! What a deployment has of its own, back to text.

use super::{Page, list, quoted, usage_word};
use crate::settings::document::key;
use crate::settings::management::{ManagementSettings, OwnIdentity, Replication, TrustStore};

pub(super) fn issuance(page: &mut Page, settings: &ManagementSettings) {
    page.heading("[issuance]");
    page.word("usage-profile", key::USAGE_PROFILES, &settings.usage_profile);
    page.word("extra-names", key::EXTRA_NAMES, &settings.extra_names);
}

pub(super) fn store(page: &mut Page, store: &TrustStore) {
    page.heading("[[stores]]");
    page.line("name", &quoted(&store.name));
    page.line("replicated", &(store.replication == Replication::Cluster));
    page.line("deleted-everywhere", &(store.deletion == Replication::Cluster));
    page.line("publisher-only", &store.publisher_only);
    if let Some(second) = &store.copied_to {
        page.line("copied-to", &quoted(second));
    }
}

pub(super) fn identity(page: &mut Page, own: &OwnIdentity) {
    page.heading("[[identities]]");
    page.line("name", &quoted(&own.name));
    page.word("key-type", key::KEY_TYPES, &own.key_type);
    page.line("trust-store", &quoted(&own.trust_store));
    page.word("scope", key::SCOPES, &own.scope);
    page.line("multi-server-self-signed", &own.multi_server_self_signed);
    page.line("multi-server-issued", &own.multi_server_issued);
    page.line("publisher-only", &own.publisher_only);
    page.line("key-usage", &list(own.key_usage.iter().map(|bit| bit.word())));
    let lists = [
        ("extended-key-usage", own.extended_key_usage.iter().map(usage_word).collect()),
        ("used-by", own.used_by.clone()),
        ("restart", own.restart.clone()),
    ];
    for (key, words) in lists.iter().filter(|(_, words)| !words.is_empty()) {
        page.line(key, &list(words));
    }
}
