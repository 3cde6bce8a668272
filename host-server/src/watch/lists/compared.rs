//! What the engine says of a list that was downloaded: who signed it, and how it differs from the one before it. The
//! issuer is found among the certificates that are kept; several may have its name, and each is tried.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Lists, only_list};
use crate::component::contract::evaluate::CrlDifference;
use crate::component::contract::inspect::CrlKeys;
use crate::component::contract::request::Mode;
use crate::component::{Answer, Fault, Session, Validator};
use crate::decide;
use crate::storage::{Fingerprint, KeptList, ListClaim};
use crate::watch::expiry::WatchFault;

/// Certificates of one name that are tried as the issuer of a list.
const ISSUERS: i64 = 16;

/// What came of a download.
pub(super) enum Compared {
    /// Nothing came: why.
    Unreachable(&'static str),
    /// What came is no list, or nobody who is kept here signed it: why, and whom it names as its issuer.
    Unverified { reason: String, issuer: String },
    /// A list by somebody who is kept here.
    Verified(Box<Verified>),
}

/// A list by somebody who is kept here.
pub(super) struct Verified {
    pub(super) keys: CrlKeys,
    pub(super) der: Vec<u8>,
    pub(super) sha256: Fingerprint,
    /// SHA-256 of the issuer's public key.
    pub(super) issuer_public_key: Fingerprint,
    /// How it differs from the one before it; `None` for the first.
    pub(super) difference: Option<CrlDifference>,
}

impl Compared {
    /// Why nothing is taken; empty where something is, or the same is there.
    pub(super) fn trouble(&self) -> &str {
        match self {
            Self::Unreachable(reason) => reason,
            Self::Unverified { reason, .. } => reason,
            Self::Verified(list) if list.is_rollback() => "crl.rollback",
            Self::Verified(_) => "",
        }
    }

    /// What takes the place of the list before it: nothing that is older (D-23).
    pub(super) fn taken(&self, uri: &str, now: i64) -> Option<KeptList> {
        let Self::Verified(list) = self else { return None };
        (!list.is_rollback()).then(|| KeptList {
            uri: uri.to_owned(),
            issuer_public_key: list.issuer_public_key,
            issuer: list.keys.issuer.clone(),
            der: list.der.clone(),
            sha256: list.sha256,
            number: list.keys.number.clone().unwrap_or_default(),
            this_update: list.keys.this_update,
            next_update: list.keys.next_update,
            downloaded_at: now,
        })
    }
}

impl Verified {
    /// It must not take the place of the one before it.
    pub(super) fn is_rollback(&self) -> bool {
        let succession = self.difference.as_ref().map(|difference| difference.succession.as_str());
        !matches!(succession, None | Some("forward" | "same"))
    }
}

/// What is compared in one go.
struct Inputs {
    policy: String,
    list: Vec<u8>,
    issuers: Vec<Vec<u8>>,
    kept: Vec<KeptList>,
}

impl Lists {
    /// What the engine says of what was downloaded.
    pub(super) async fn compare(&self, claim: &ListClaim, body: &[u8]) -> Result<Compared, WatchFault> {
        let body = body.to_vec();
        let read = move |session: &mut Session| {
            let list = match only_list(session, &body)? {
                Ok(list) => list,
                Err(refusal) => return Ok(Err(refusal)),
            };
            Ok(session.index_crl(&list)?.map(|keys| (list, keys)))
        };
        let (list, keys) = match self.pool.ask_within(decide::ONLINE, read).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Compared::Unverified { reason: refusal.code, issuer: String::new() }),
        };
        let key = HEXLOWER.encode(&keys.issuer_key);
        let inputs = Inputs {
            policy: self.policy().await?,
            issuers: self.storage.kept_with_subject(&key, ISSUERS).await?,
            kept: self.storage.kept_lists(&claim.uri).await?,
            list,
        };
        let compared = self.pool.ask_within(decide::ONLINE, move |session| inputs.compare(session)).await?;
        let sha256 = |der: &[u8]| Sha256::digest(der).into();
        Ok(match compared.map_err(WatchFault::Policy)? {
            Ok((der, issuer_public_key, difference)) => Compared::Verified(Box::new(Verified {
                sha256: sha256(&der),
                keys,
                der,
                issuer_public_key,
                difference,
            })),
            Err(reason) => Compared::Unverified { reason, issuer: keys.issuer },
        })
    }
}

/// The list, its issuer's key, and how it differs from the one before it; or why it is not taken.
type Taken = Result<(Vec<u8>, Fingerprint, Option<CrlDifference>), String>;

impl Inputs {
    fn compare(self, session: &mut Session) -> Result<Result<Taken, String>, Fault> {
        let validator = match session.validator(&self.policy, Mode::AsWritten)? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(refusal.code)),
        };
        let mut reason = "crl.issuer-certificate-missing".to_owned();
        for issuer in &self.issuers {
            match self.by(session, &validator, issuer)? {
                Ok((key, difference)) => return Ok(Ok(Ok((self.list, key, difference)))),
                Err(refusal) => reason = refusal.code,
            }
        }
        Ok(Ok(Err(reason)))
    }

    /// The list as one of this issuer. A list that is compared with itself is verified and nothing else.
    fn by(
        &self,
        session: &mut Session,
        validator: &Validator,
        issuer: &[u8],
    ) -> Answer<(Fingerprint, Option<CrlDifference>)> {
        if let Err(refusal) = session.compare_crls(validator, &self.list, &self.list, issuer)? {
            return Ok(Err(refusal));
        }
        let key = match session.public_key_fingerprint(issuer)? {
            Ok(key) => Fingerprint::try_from(key)
                .map_err(|_| Fault::Trap("a fingerprint that is not of SHA-256".to_owned()))?,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(before) = self.kept.iter().find(|kept| kept.issuer_public_key == key) else {
            return Ok(Ok((key, None)));
        };
        let compared = session.compare_crls(validator, &before.der, &self.list, issuer)?;
        Ok(compared.map(|difference| (key, Some(difference))))
    }
}
