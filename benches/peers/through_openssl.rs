//! OpenSSL: `X509_verify_cert` with host name, purpose and time, certificates decoded each time.

use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId, X509StoreContext};

use crate::chains::{AT, Chain, NAME};

pub(crate) struct Peer {
    store: X509Store,
    leaf: Vec<u8>,
    intermediate: Vec<u8>,
}

impl Peer {
    pub(crate) fn new(chain: &Chain) -> Result<Self, String> {
        let build = || {
            let mut store = X509StoreBuilder::new()?;
            store.add_cert(X509::from_der(&chain.root)?)?;
            let mut parameters = X509VerifyParam::new()?;
            parameters.set_host(NAME)?;
            parameters.set_time(AT);
            parameters.set_purpose(X509PurposeId::SSL_SERVER)?;
            store.set_param(&parameters)?;
            Ok::<_, openssl::error::ErrorStack>(store.build())
        };
        let store = build().map_err(|error| error.to_string())?;
        Ok(Self { store, leaf: chain.leaf.clone(), intermediate: chain.intermediate.clone() })
    }

    pub(crate) fn judge(&self) -> Result<(), String> {
        let verify = || {
            let leaf = X509::from_der(&self.leaf)?;
            let mut untrusted = Stack::new()?;
            untrusted.push(X509::from_der(&self.intermediate)?)?;
            let mut context = X509StoreContext::new()?;
            context
                .init(&self.store, &leaf, &untrusted, |context| Ok((context.verify_cert()?, context.error())))
        };
        match verify() {
            Ok((true, _)) => Ok(()),
            Ok((false, reason)) => Err(format!("OpenSSL refuses: {}", reason.error_string())),
            Err(error) => Err(error.to_string()),
        }
    }
}
