//! rustls-webpki with aws-lc-rs: path and host name, certificates decoded each time.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::chains::{AT, Chain, NAME};

pub(crate) struct Peer {
    anchors: [TrustAnchor<'static>; 1],
    leaf: CertificateDer<'static>,
    intermediates: [CertificateDer<'static>; 1],
    at: UnixTime,
    name: ServerName<'static>,
}

impl Peer {
    pub(crate) fn new(chain: &Chain) -> Result<Self, String> {
        let root = CertificateDer::from(chain.root.clone());
        let anchor = anchor_from_trusted_cert(&root).map_err(|error| error.to_string())?.to_owned();
        let seconds = u64::try_from(AT).map_err(|error| error.to_string())?;
        Ok(Self {
            anchors: [anchor],
            leaf: CertificateDer::from(chain.leaf.clone()),
            intermediates: [CertificateDer::from(chain.intermediate.clone())],
            at: UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            name: ServerName::try_from(NAME).map_err(|error| error.to_string())?,
        })
    }

    pub(crate) fn judge(&self) -> Result<(), String> {
        let leaf = EndEntityCert::try_from(&self.leaf).map_err(|error| error.to_string())?;
        leaf.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &self.anchors,
            &self.intermediates,
            self.at,
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map_err(|error| error.to_string())?;
        leaf.verify_is_valid_for_subject_name(&self.name).map_err(|error| error.to_string())
    }
}
