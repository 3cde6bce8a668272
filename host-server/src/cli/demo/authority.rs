//! The demonstration's throw-away PKI: keys, certificates and a CRL, in memory. Everything it makes is sound except
//! where a step says otherwise (RFC 5280 4, 5). `engine-cases` writes it; here is what it says.

use engine_capsule::Name;
use engine_cases::certificate::{self, Holds, Plan, Signature};
use engine_cases::extension::{self, Critical};
use engine_cases::key::{self, Key};
use engine_cases::moment::DAY;
use engine_cases::{der, name};

const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// Somebody with a name, a key and a certificate.
#[derive(Debug)]
pub(super) struct Party {
    /// The name and the key.
    pub(super) party: certificate::Party,
    /// Its certificate, DER.
    pub(super) certificate: Vec<u8>,
    seed: Vec<u8>,
}

/// A certificate that the authority revoked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revoked {
    /// Its serial number.
    pub(super) serial: u8,
    /// The number of the reason, RFC 5280 5.3.1.
    pub(super) reason: u8,
}

/// Where the status of a certificate is to be had.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// A responder.
    pub(super) ocsp: Option<String>,
    /// A CRL.
    pub(super) crl: Option<String>,
}

impl Party {
    /// An authority of its own, with a key that follows from its name and a seed that nobody can guess.
    pub(super) fn authority(text: &str, seed: &[u8], now: i64) -> Self {
        let party = party(text, seed);
        // digitalSignature, keyCertSign and cRLSign
        let extensions = vec![extension::authority(None), extension::key_usage(&[0, 5, 6])];
        let plan = plan(&party, &party, (1, now), extensions);
        let certificate = party.issue(&plan, Signature::True);
        Self { party, certificate, seed: seed.to_vec() }
    }

    /// A responder that this authority delegates to (RFC 6960 4.2.2.2).
    pub(super) fn delegate(&self, name: &str, now: i64) -> Self {
        let extensions =
            vec![extension::key_usage(&[0]), extension::ocsp_signing(), extension::ocsp_no_check()];
        self.issue_to(name, (2, now), extensions)
    }

    /// A server whose status is to be had from these sources.
    pub(super) fn server(&self, name: &str, serial: u8, sources: &Sources, now: i64) -> Self {
        let usages: Vec<Vec<u8>> = der::oid_content(SERVER_AUTH).into_iter().collect();
        let mut extensions = vec![
            extension::key_usage(&[0]),
            extension::extended_key_usage(&usages),
            extension::subject_alt_names(&[Name::Dns(name.to_owned())], Critical::No),
        ];
        extensions.extend(sources.ocsp.as_deref().map(extension::responder));
        extensions.extend(sources.crl.as_deref().map(extension::distribution_point));
        self.issue_to(name, (serial, now), extensions)
    }

    fn issue_to(&self, text: &str, what: (u8, i64), extensions: Vec<Vec<u8>>) -> Self {
        let party = party(text, &self.seed);
        let plan = plan(&party, &self.party, what, extensions);
        let certificate = self.party.issue(&plan, Signature::True);
        Self { party, certificate, seed: self.seed.clone() }
    }

    /// Its list of revoked certificates.
    pub(super) fn crl(&self, revoked: &[Revoked], now: i64) -> Vec<u8> {
        let entry = |one: &Revoked| (vec![one.serial], now.saturating_sub(DAY), one.reason);
        let revoked: Vec<(Vec<u8>, i64, u8)> = revoked.iter().map(entry).collect();
        self.party.list(&revoked, Holds { from: now, until: now.saturating_add(DAY) }, Signature::True)
    }
}

fn party(text: &str, seed: &[u8]) -> certificate::Party {
    certificate::Party { name: name::common_name(text), key: Key::of_name(seed, text) }
}

fn plan(
    subject: &certificate::Party,
    issuer: &certificate::Party,
    (serial, now): (u8, i64),
    mut extensions: Vec<Vec<u8>>,
) -> Plan {
    let identifier = |party: &certificate::Party| key::identifier(party.key.point());
    extensions.push(extension::subject_key_identifier(&identifier(subject)));
    extensions.push(extension::authority_key_identifier(&identifier(issuer)));
    Plan {
        subject: subject.name.clone(),
        public_key_info: subject.key.public_key_info(),
        serial: vec![serial],
        not_before: now.saturating_sub(DAY),
        not_after: now.saturating_add(DAY.saturating_mul(7)),
        extensions,
    }
}
