//! Certificates into a trust store: one for each entity, authorities only after their issuers, roots of CAPF into a
//! second store (R-TS-12 to R-TS-22, R-UP-3, R-UP-5, R-UP-13, R-REP-1 to R-REP-4, D-8, D-21, D-26).

use super::{Draft, Given, Revival};
use crate::certificate::Certificate;
use crate::finding::{Code, Value};
use crate::management::cluster::{Entry, Node, NodeRole, Origin, Place, Room, Tombstone};
use crate::management::code::ManagementCode;
use crate::management::entity::{is_authority, shares_only_common_name};
use crate::management::manufacturer;
use crate::management::plan::{About, Effect};
use crate::management::purpose::{Replication, TrustStore};
use crate::management::replacement::{self, Replacement};
use crate::management::replication::{self, Change};

impl<'a> Draft<'a> {
    /// Puts the certificates into `store` from `node`, issuers before those they issued.
    pub(super) fn put_into_store(&mut self, store: &TrustStore, node: &Node, given: &[Given<'a>]) {
        if store.publisher_only {
            replication::check_publisher(self.cluster, node, &store.name, &mut self.plan);
        }
        given.iter().for_each(|one| self.check_form(*one));
        self.check_entities(given);
        // R-TS-11: validity and form come before any search; what they refuse is not looked at further.
        if self.plan.is_refused() {
            return;
        }
        let ordered = self.order_by_issuer(store, node, given);
        if self.plan.is_refused() {
            return;
        }
        for one in ordered {
            if !is_authority(one.certificate) {
                self.hint_purposes(store, one);
            }
            self.place(store, node, one, Origin::Uploaded);
            let is_root = is_authority(one.certificate) && one.certificate.is_self_issued();
            if let Some(second) = store.copied_to.as_deref().filter(|_| is_root) {
                self.copy(second, node, one);
                self.check_root_node(store, node, one);
            }
        }
    }

    /// R-UP-5: a certificate of our own would go to one of the purposes that use the store.
    fn hint_purposes(&mut self, store: &TrustStore, given: Given<'_>) {
        let mut details = vec![("place", Value::text(store.name.as_str()))];
        let purposes = self.catalogue.purposes.iter().filter(|purpose| purpose.trust_store == store.name);
        details.extend(purposes.map(|purpose| ("purpose", Value::text(purpose.name.as_str()))));
        self.plan.report(ManagementCode::UploadEndEntity, given.about(), details);
    }

    /// R-REP-3, R-REP-9, D-26: the same certificate into a second store, under that store's own rules.
    pub(super) fn copy(&mut self, second: &str, node: &Node, given: Given<'_>) {
        let catalogue = self.catalogue;
        let Some(store) = catalogue.store(second) else { return self.unknown_room(second) };
        if store.publisher_only {
            replication::check_publisher(self.cluster, node, second, &mut self.plan);
        }
        let details = vec![("place", Value::text(second))];
        self.plan.report(ManagementCode::UploadCopied, given.about(), details);
        self.place(store, node, given, Origin::Copied);
    }

    /// R-REP-8: the root of CAPF belongs on the publisher, and R-REP-2 leaves it where it is put.
    fn check_root_node(&mut self, store: &TrustStore, node: &Node, given: Given<'_>) {
        if node.role != NodeRole::Publisher && store.replication == Replication::Node {
            let details = vec![
                ("place", Value::text(store.name.as_str())),
                ("found", Value::text(node.name.as_str())),
                ("accepted", Value::text(self.cluster.publisher().unwrap_or_default())),
            ];
            self.plan.report(ManagementCode::UploadRootOnSubscriber, given.about(), details);
        }
    }

    /// R-TS-18, R-TS-21: of two certificates of one entity in one file, which is meant would follow from their order.
    fn check_entities(&mut self, given: &[Given<'a>]) {
        for (number, one) in given.iter().enumerate() {
            let mut earlier = given.iter().take(number);
            if let Some(first) = earlier.find(|other| other.certificate.subject == one.certificate.subject) {
                let mut details = vec![("first", Value::count(first.position))];
                details.extend(replacement::compare(first.certificate, one.certificate));
                self.plan.report(ManagementCode::UploadEntityTwice, one.about(), details);
                self.advise_names(*one);
            }
        }
    }

    fn advise_names(&mut self, given: Given<'_>) {
        let details = replacement::suggest_names(given.certificate, self.at);
        self.plan.report(ManagementCode::ReplacementNaming, given.about(), details);
    }

    /// R-UP-13: every authority after its issuer, which is in the store or in the file; others last. What has no issuer
    /// is reported and left out.
    fn order_by_issuer(&mut self, store: &TrustStore, node: &Node, given: &[Given<'a>]) -> Vec<Given<'a>> {
        let mut pool = self.remaining(store, node, given);
        let (mut waiting, others): (Vec<Given<'a>>, Vec<Given<'a>>) =
            given.iter().partition(|one| is_authority(one.certificate));
        let mut ordered = Vec::new();
        loop {
            let (ready, rest): (Vec<Given<'a>>, Vec<Given<'a>>) =
                waiting.into_iter().partition(|one| self.unvouched(one.certificate, &pool).is_none());
            waiting = rest;
            if ready.is_empty() {
                break;
            }
            pool.extend(ready.iter().map(|one| one.certificate));
            ordered.extend(ready);
        }
        for one in waiting {
            self.report_unvouched(store, one, &pool);
        }
        for one in others {
            // A peer's certificate is believed by itself (R-TS-30, R-TRB-8); an issuer that is there must have made it.
            match self.unvouched(one.certificate, &pool) {
                None | Some(Unvouched::IssuerMissing) => ordered.push(one),
                Some(_) => self.report_unvouched(store, one, &pool),
            }
        }
        ordered
    }

    /// What of the store stays beside the given certificates and may vouch: those of other entities that have not
    /// expired.
    pub(super) fn remaining(
        &self,
        store: &TrustStore,
        node: &Node,
        given: &[Given<'a>],
    ) -> Vec<&'a Certificate> {
        let room = Room::Trust(store.name.clone());
        let entries = self.cluster.entries.iter();
        let standing = entries.filter(|entry| entry.place.room == room && entry.place.is_on(&node.name));
        standing
            .map(|entry| &entry.certificate)
            .filter(|certificate| certificate.validity.not_after >= self.at)
            .filter(|certificate| given.iter().all(|one| one.certificate.subject != certificate.subject))
            .collect()
    }

    fn unvouched(&mut self, certificate: &Certificate, pool: &[&Certificate]) -> Option<Unvouched> {
        if certificate.is_self_issued() {
            return self.links.refusal(certificate, certificate).map(Unvouched::SelfSignature);
        }
        let mut refused = Unvouched::IssuerMissing;
        for issuer in pool.iter().filter(|issuer| issuer.subject == certificate.issuer) {
            match self.links.refusal(certificate, issuer) {
                None => return None,
                Some(code) => refused = Unvouched::Signature(code),
            }
        }
        Some(refused)
    }

    fn report_unvouched(&mut self, store: &TrustStore, given: Given<'_>, pool: &[&Certificate]) {
        let mut details = vec![
            ("place", Value::text(store.name.as_str())),
            ("subject", Value::Text(given.certificate.subject.to_string())),
            ("issuer", Value::Text(given.certificate.issuer.to_string())),
        ];
        let (code, problem) = match self.unvouched(given.certificate, pool) {
            None => return,
            Some(Unvouched::IssuerMissing) => (ManagementCode::UploadIssuerMissing, None),
            Some(Unvouched::SelfSignature(problem)) => (ManagementCode::UploadSelfSignature, Some(problem)),
            Some(Unvouched::Signature(problem)) => (ManagementCode::UploadSignature, Some(problem)),
        };
        details.extend(problem.map(|problem| ("because", Value::text(problem.as_str()))));
        self.plan.report(code, given.about(), details);
    }

    /// Puts one certificate into a store, under the rule of one certificate for each entity (D-8).
    pub(super) fn place(&mut self, store: &TrustStore, node: &Node, given: Given<'_>, origin: Origin) {
        let place = replication::place(store, Change::Put, &node.name);
        let nodes = replication::reach(self.cluster, store, Change::Put, &node.name);
        let cluster = self.cluster;
        let reached = |entry: &&'a Entry| {
            entry.place.room == place.room && nodes.iter().any(|name| entry.place.is_on(name))
        };
        let existing: Vec<&'a Entry> = cluster.entries.iter().filter(reached).collect();
        self.check_common_names(given, &existing, store);
        self.check_manufacturer(given, store);
        match replacement::decide(&existing, given.certificate) {
            Replacement::Add => {}
            Replacement::Keep => {
                let details = vec![("place", Value::text(store.name.as_str()))];
                self.plan.report(ManagementCode::UploadUnchanged, given.about(), details);
                let holds = |name: &&str| {
                    let mut same = existing.iter().filter(|entry| entry.place.is_on(name));
                    same.any(|entry| entry.certificate.fingerprint == given.certificate.fingerprint)
                };
                if nodes.iter().all(holds) {
                    return;
                }
            }
            Replacement::Replace { .. } => self.replace(given, &existing, store),
            Replacement::Refuse(code) => return self.refuse(code, given, &existing),
        }
        self.lift_tombstones(&place, given);
        let active_from = self.activation(given, self.waiting);
        let certificate = Box::new(given.certificate.clone());
        self.plan.effects.push(Effect::Store { place, certificate, origin, active_from });
    }

    /// R-PHONE-12.
    fn check_manufacturer(&mut self, given: Given<'_>, store: &TrustStore) {
        let home = manufacturer::store(self.cluster.release);
        if store.name != home && manufacturer::is_root(given.certificate) {
            let details = vec![("place", Value::text(store.name.as_str())), ("accepted", Value::text(home))];
            self.plan.report(ManagementCode::ManufacturerRoot, given.about(), details);
        }
    }

    fn check_common_names(&mut self, given: Given<'_>, existing: &[&Entry], store: &TrustStore) {
        let (subject, name) = (&given.certificate.subject, store.name.as_str());
        for entry in existing {
            let other = &entry.certificate;
            if shares_only_common_name(subject, &other.subject) {
                let details = vec![
                    ("place", Value::text(name)),
                    ("subject", Value::Text(subject.to_string())),
                    ("existing", Value::Text(other.subject.to_string())),
                ];
                self.plan.report(ManagementCode::ReplacementCommonName, given.about(), details);
            }
        }
    }

    fn replace(&mut self, given: Given<'_>, existing: &[&'a Entry], store: &TrustStore) {
        for entry in same_entity(existing, given.certificate) {
            let mut details = vec![("place", Value::text(store.name.as_str()))];
            details.extend(replacement::compare(&entry.certificate, given.certificate));
            self.plan.report(ManagementCode::ReplacementReplaces, given.about(), details);
            self.check_gap(&entry.certificate, given);
            self.check_dependants(&entry.certificate, given.certificate, existing, store);
            let (place, fingerprint) = (entry.place.clone(), entry.certificate.fingerprint);
            self.plan.effects.push(Effect::Remove { place, fingerprint });
        }
    }

    fn refuse(&mut self, code: ManagementCode, given: Given<'_>, existing: &[&Entry]) {
        for entry in same_entity(existing, given.certificate) {
            let mut details = vec![("place", Value::text(entry.place.room.name()))];
            details.extend(replacement::compare(&entry.certificate, given.certificate));
            self.plan.report(code, given.about(), details);
        }
        self.advise_names(given);
    }

    /// R-TS-14 replaces at once and D-29 waits: in between the entity has nothing in use.
    fn check_gap(&mut self, old: &Certificate, given: Given<'_>) {
        let begins = given.certificate.validity.not_before;
        if begins > self.at && old.validity.not_before <= self.at && old.validity.not_after >= self.at {
            let details = vec![
                ("subject", Value::Text(old.subject.to_string())),
                ("existing", Value::Octets(old.fingerprint.to_vec())),
                ("notBefore", Value::Time(begins)),
                ("at", Value::Time(self.at)),
            ];
            self.plan.report(ManagementCode::ReplacementGap, given.about(), details);
        }
    }

    /// D-8: what the replaced key signed and the new one did not, in the store and in the slots that rest on it.
    fn check_dependants(
        &mut self,
        old: &Certificate,
        new: &Certificate,
        existing: &[&'a Entry],
        store: &TrustStore,
    ) {
        if old.public_key.der == new.public_key.der {
            return;
        }
        let rests = |room: &Room| match room {
            Room::Trust(_) => false,
            Room::Identity(name) => {
                self.catalogue.purpose(name).is_some_and(|purpose| purpose.trust_store == store.name)
            }
        };
        let slots = self.cluster.entries.iter().filter(|entry| rests(&entry.place.room));
        let children: Vec<&'a Entry> = existing
            .iter()
            .copied()
            .chain(slots)
            .filter(|entry| {
                entry.certificate.issuer == old.subject && entry.certificate.subject != old.subject
            })
            .filter(|entry| !self.is_uploaded(entry))
            .collect();
        for child in children {
            let refusal = self.links.refusal(&child.certificate, new);
            let unsigned =
                [Code::SignatureInvalid, Code::SignatureKeyMismatch, Code::SignatureKeyUnusable, Code::NotCa];
            if let Some(problem) = refusal.filter(|code| unsigned.contains(code)) {
                let details = vec![
                    ("place", Value::text(child.place.room.name())),
                    ("node", Value::text(child.place.node.as_deref().unwrap_or_default())),
                    ("subject", Value::Text(child.certificate.subject.to_string())),
                    ("issuer", Value::Text(old.subject.to_string())),
                    ("because", Value::text(problem.as_str())),
                ];
                let about = About::stored(&child.certificate);
                self.plan.report(ManagementCode::ReplacementBreaksChain, about, details);
            }
        }
    }

    /// The upload itself replaces this entry.
    fn is_uploaded(&self, entry: &Entry) -> bool {
        let mut uploaded = self.upload.certificates.iter();
        matches!(entry.place.room, Room::Trust(_))
            && uploaded.any(|certificate| certificate.subject == entry.certificate.subject)
    }

    /// D-21: a tombstone at the very place, or in the whole cluster, has to be lifted by an administrator. One that
    /// another node left is lifted on the way, or that node would drop the certificate when it joins again.
    fn lift_tombstones(&mut self, place: &Place, given: Given<'_>) {
        let fingerprint = given.certificate.fingerprint;
        let cluster = self.cluster;
        let buried: Vec<&Tombstone> = cluster
            .tombstones
            .iter()
            .filter(|one| one.place.room == place.room && one.fingerprint == fingerprint)
            .filter(|one| place.node.as_deref().is_none_or(|name| one.place.is_on(name)))
            .collect();
        let decided = |one: &&&Tombstone| one.place.node.is_none() || one.place.node == place.node;
        if let Some(stone) = buried.iter().find(decided) {
            let code = match self.upload.revival {
                Revival::Refuse => ManagementCode::UploadDeletedBefore,
                Revival::Revive => ManagementCode::UploadRevived,
            };
            let details = vec![
                ("place", Value::text(stone.place.room.name())),
                ("node", Value::text(stone.place.node.as_deref().unwrap_or_default())),
                ("subject", Value::Text(given.certificate.subject.to_string())),
            ];
            self.plan.report(code, given.about(), details);
        }
        for one in buried {
            self.plan.effects.push(Effect::Revive { place: one.place.clone(), fingerprint });
        }
    }
}

/// Why nothing vouches for an uploaded certificate.
enum Unvouched {
    IssuerMissing,
    SelfSignature(Code),
    Signature(Code),
}

/// The entries of the same entity that are another certificate.
fn same_entity<'e>(existing: &[&'e Entry], certificate: &Certificate) -> Vec<&'e Entry> {
    let entity = existing.iter().filter(|entry| entry.certificate.subject == certificate.subject);
    entity.copied().filter(|entry| entry.certificate.fingerprint != certificate.fingerprint).collect()
}
