//! What a plan leaves to be signed: a key is made, sealed under the server's passphrase, signs what the engine made, and
//! the engine puts both together. A key that is kept is named by the SHA-256 of its public key.

use std::sync::Arc;

use aws_lc_rs::rand;
use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::Order;
use super::plan::{self, Planned};
use super::situation::Situation;
use crate::api::Shared;
use crate::api::document;
use crate::api::error::ApiError;
use crate::cli::console;
use crate::component::contract::management::{Cluster, Effect, KeyChoice, Operation, Particulars, Unsigned};
use crate::component::contract::types::Refusal;
use crate::component::{Answer, Fault, Session};
use crate::keys::generate::generate_blocking;
use crate::keys::{Approval, KeyFault, KeyKind, PrivateKey, SignatureAlgorithmWord, seal};
use crate::storage::{Change, PendingRequest, SealedKey};
use axum::http::StatusCode;

/// Octets of chance in a serial number: RFC 5280 4.1.2.2 has no more.
const SERIAL: usize = 20;

/// Keys that were made for items, kept while a write is planned anew.
#[derive(Default)]
pub(super) struct Keys {
    made: Vec<(Unsigned, Arc<Key>)>,
}

/// A key for one item.
struct Key {
    private: PrivateKey,
    public: Vec<u8>,
    sealed: SealedKey,
    serial: [u8; SERIAL],
}

/// What items come to.
#[derive(Default)]
pub(super) struct Items {
    pub(super) changes: Vec<Change>,
    pub(super) documents: Vec<MadeDocument>,
}

/// A request or certificate that was made and signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct MadeDocument {
    /// The identity purpose.
    purpose: String,
    /// The node; null for many servers.
    node: Option<String>,
    /// `request` or `certificate`.
    kind: &'static str,
    /// SHA-256 of its public key, in hexadecimal, under which its key is kept.
    key: String,
    /// It, as PEM.
    pem: String,
}

/// One item on its way through the engine.
struct Work {
    number: u32,
    item: Unsigned,
    algorithm: SignatureAlgorithmWord,
    key: Arc<Key>,
    approval: Approval,
}

/// An item that failed: by the engine's refusal, or by the key.
enum Unmade {
    Refused(Refusal),
    Key(KeyFault),
}

/// An item that was signed: the octets, and the key of its subject where it is a certificate.
type Signed = (Work, Vec<u8>, Option<String>);

/// Makes and signs everything that is planned; `None` where the state is another by now.
///
/// # Errors
/// No passphrase, a key that cannot be made here, and an input that the engine cannot use.
pub(super) async fn items(
    app: &Shared,
    (situation, order): (&Situation, &Order),
    planned: &Planned,
    keys: &mut Keys,
) -> Result<Option<Items>, ApiError> {
    let mut work = Vec::new();
    for (number, item) in (0..).zip(&planned.plan.unsigned) {
        let word = SignatureAlgorithmWord::of_word(&item.algorithm);
        let algorithm = word.ok_or_else(|| unsupported(&item.algorithm))?;
        let key = keys.of(app, item).await?;
        let approval = app.approval;
        work.push(Work { number, item: item.clone(), algorithm, key, approval });
    }
    if work.is_empty() {
        return Ok(Some(Items::default()));
    }
    let (cluster, operation) = (situation.cluster(), Arc::clone(&order.operation));
    let policy = situation.policy.clone();
    let signed = app.pool.ask(move |session| sign(session, &policy, (&cluster, &operation), work));
    let signed = signed.await?.map_err(of_unmade)?;
    // a certificate takes the place of others of its subject, which is known only now that it is made
    let subjects = signed.iter().filter_map(|(_, _, subject)| subject.clone()).collect();
    let Some(cluster) = situation.cluster_with((app, order), subjects).await? else { return Ok(None) };
    let (operation, description) = (Arc::clone(&order.operation), order.description.clone());
    let policy = situation.policy.clone();
    let waiting = situation.requests().to_vec();
    let placed = app.pool.ask(move |session| {
        let mut items = Items::default();
        for (work, der, _) in signed {
            let placed = work.placed(session, &policy, (&cluster, &operation), &der)?;
            let changes = match placed {
                Ok(effects) => plan::changes(session, &effects, &description)?,
                Err(refusal) => Err(refusal),
            };
            match changes {
                Ok(changes) => items.add(&work, der, &waiting, changes),
                Err(refusal) => return Ok(Err(Unmade::Refused(refusal))),
            }
        }
        Ok(Ok(items))
    });
    placed.await?.map(Some).map_err(of_unmade)
}

/// Signs each item.
fn sign(
    session: &mut Session,
    policy: &str,
    planned: (&Cluster, &Operation),
    work: Vec<Work>,
) -> Result<Result<Vec<Signed>, Unmade>, Fault> {
    let mut all = Vec::new();
    for one in work {
        let der = match one.sign(session, policy, planned)? {
            Ok(der) => der,
            Err(unmade) => return Ok(Err(unmade)),
        };
        let keys = if one.item.years.is_some() { Some(session.index_keys(&der)?) } else { None };
        match keys.transpose() {
            Ok(keys) => all.push((one, der, keys.map(|keys| HEXLOWER.encode(&keys.subject_key)))),
            Err(refusal) => return Ok(Err(Unmade::Refused(refusal))),
        }
    }
    Ok(Ok(all))
}

fn of_unmade(unmade: Unmade) -> ApiError {
    match unmade {
        Unmade::Refused(refusal) => document::refused(&refusal.input, &refusal),
        Unmade::Key(fault) => of_key(fault),
    }
}

impl Items {
    /// With an item, and what its certificate changes.
    fn add(&mut self, work: &Work, der: Vec<u8>, waiting: &[PendingRequest], changes: Vec<Change>) {
        self.documents.push(work.document(&der));
        self.changes.push(Change::PutKey(work.key.sealed.clone()));
        self.changes.extend(changes);
        if work.item.years.is_none() {
            self.changes.extend(work.keep_request(der, waiting));
        }
    }
}

impl Keys {
    /// The key for an item: the one made for it before, or a new one.
    async fn of(&mut self, app: &Shared, item: &Unsigned) -> Result<Arc<Key>, ApiError> {
        let same = |made: &Unsigned| {
            (&made.purpose, &made.node, &made.algorithm) == (&item.purpose, &item.node, &item.algorithm)
                && (&made.key.key_type, made.key.bits) == (&item.key.key_type, item.key.bits)
        };
        if let Some((_, key)) = self.made.iter().find(|(made, _)| same(made)) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(Key::make(app, item).await?);
        self.made.push((item.clone(), Arc::clone(&key)));
        Ok(key)
    }
}

impl Key {
    /// Makes and seals a key on a thread that may compute.
    async fn make(app: &Shared, item: &Unsigned) -> Result<Self, ApiError> {
        if app.passphrase.is_none() {
            let detail = "the server was started without a passphrase, so no private key can be kept; start it \
                          with `--passphrase-file`";
            return Err(ApiError::new(StatusCode::CONFLICT, "keys.no-passphrase", detail));
        }
        let kind = kind(item).ok_or_else(|| unsupported(&item.key.key_type))?;
        let (app, purpose) = (Arc::clone(app), item.purpose.clone());
        let made = tokio::task::spawn_blocking(move || {
            let passphrase = app.passphrase.as_ref().ok_or(KeyFault::Seal)?;
            let private = generate_blocking(kind)?;
            let public = private.subject_public_key_info()?;
            let sealed = SealedKey {
                id: HEXLOWER.encode(&Sha256::digest(&public)),
                purpose,
                algorithm: kind.name().to_owned(),
                sealed: seal::seal(&private, passphrase)?,
            };
            let mut serial = [0; SERIAL];
            rand::fill(&mut serial).map_err(|_| KeyFault::Generate)?;
            Ok(Self { private, public, sealed, serial })
        });
        made.await.unwrap_or(Err(KeyFault::Generate)).map_err(of_key)
    }
}

impl Work {
    /// The whole request or certificate.
    fn sign(
        &self,
        session: &mut Session,
        policy: &str,
        planned: (&Cluster, &Operation),
    ) -> Result<Result<Vec<u8>, Unmade>, Fault> {
        let particulars = Particulars {
            public_key: self.key.public.clone(),
            serial: self.key.serial.to_vec(),
            not_before: console::clock(),
        };
        let octets = match session.to_be_signed(policy, planned, self.number, &particulars)? {
            Ok(octets) => octets,
            Err(refusal) => return Ok(Err(Unmade::Refused(refusal))),
        };
        let signature = match self.key.private.sign(self.algorithm, &octets, self.approval) {
            Ok(signature) => signature,
            Err(fault) => return Ok(Err(Unmade::Key(fault))),
        };
        let whole: Answer<Vec<u8>> = session.assemble(&octets, self.algorithm.word(), &signature);
        Ok(whole?.map_err(Unmade::Refused))
    }

    /// Where a certificate that was made goes; a request goes nowhere.
    fn placed(
        &self,
        session: &mut Session,
        policy: &str,
        planned: (&Cluster, &Operation),
        der: &[u8],
    ) -> Answer<Vec<Effect>> {
        if self.item.years.is_none() {
            return Ok(Ok(Vec::new()));
        }
        session.place_self_signed(policy, planned, self.number, der)
    }

    /// A request waits with its key; the one that waited before, and its key, are gone (R-CSR-4).
    fn keep_request(&self, der: Vec<u8>, waiting: &[PendingRequest]) -> Vec<Change> {
        let (purpose, node) = (self.item.purpose.clone(), self.item.node.clone());
        let before = waiting.iter().find(|one| one.purpose == purpose && one.node == node);
        let dropped = before.map(|one| Change::DropKey { id: one.key_id.clone() });
        let key_id = self.key.sealed.id.clone();
        let put = Change::PutRequest(PendingRequest { purpose, node, der, key_id });
        std::iter::once(put).chain(dropped).collect()
    }

    fn document(&self, der: &[u8]) -> MadeDocument {
        let (kind, label) = match self.item.years {
            None => ("request", REQUEST),
            Some(_) => ("certificate", CERTIFICATE),
        };
        let key = self.key.sealed.id.clone();
        let (purpose, node) = (self.item.purpose.clone(), self.item.node.clone());
        MadeDocument { purpose, node, kind, key, pem: pem(label, der) }
    }
}

/// The label of a certificate (RFC 7468 5.1).
pub(super) const CERTIFICATE: &str = "CERTIFICATE";
/// The label of a request (RFC 7468 7).
pub(super) const REQUEST: &str = "CERTIFICATE REQUEST";

/// PEM, in lines of 64 letters (RFC 7468 2).
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    // 48 octets are 64 letters
    for line in der.chunks(48) {
        text.push_str(&BASE64.encode(line));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

fn kind(item: &Unsigned) -> Option<KeyKind> {
    match (item.key.key_type.as_str(), item.key.bits) {
        ("rsa", 2048) => Some(KeyKind::Rsa2048),
        ("rsa", 3072) => Some(KeyKind::Rsa3072),
        ("rsa", 4096) => Some(KeyKind::Rsa4096),
        ("ec", 256) => Some(KeyKind::P256),
        ("ec", 384) => Some(KeyKind::P384),
        _ => None,
    }
}

/// Whether there is such a key here, and signs with that hash in every mode.
pub(super) fn can_make(choice: &KeyChoice) -> bool {
    match (choice.key_type.as_str(), choice.bits, choice.hash.as_str()) {
        ("rsa", 2048 | 3072 | 4096, _) => true,
        ("ec", 256, hash) => hash == "SHA256",
        ("ec", 384, hash) => hash == "SHA384",
        _ => false,
    }
}

fn unsupported(found: &str) -> ApiError {
    let detail = format!(
        "found `{found}`; keys that are made here are RSA of 2048, 3072 or 4096 bits, P-256 and P-384, with \
         SHA256, SHA384 or SHA512"
    );
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "keys.unsupported", detail).about("key")
}

fn of_key(fault: KeyFault) -> ApiError {
    match fault {
        KeyFault::Mismatch { algorithm, .. } => unsupported(algorithm.word()),
        KeyFault::UnapprovedPair => {
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "keys.unsupported", fault.to_string())
                .about("key")
        }
        other => ApiError::fault(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_has_lines_of_64_letters() {
        let text = pem(CERTIFICATE, &[0; 49]);
        let lengths: Vec<usize> = text.lines().map(str::len).collect();
        assert_eq!(lengths, [27, 64, 4, 25]);
        assert_eq!(pem(REQUEST, &[]).lines().count(), 2);
    }
}
