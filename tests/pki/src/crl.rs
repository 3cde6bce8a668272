//! CRLs from a sketch (RFC 5280 5), with fixed keys and times so that bytes are reproducible. A sketch starts as
//! what RFC 5280 asks for and is changed from there; nothing that it is changed into is refused.

use crate::algorithm::Algorithm;
use crate::certificate::Issued;
use crate::extension::{self, Extension};
use crate::key::Key;
use crate::time::{self, Form};
use crate::{der, name};

/// thisUpdate of every sketch unless it says otherwise.
pub const THIS_UPDATE: &str = "2025-12-31T00:00:00Z";
/// nextUpdate of every sketch unless it says otherwise.
pub const NEXT_UPDATE: &str = "2026-01-07T00:00:00Z";

/// The bits of ReasonFlags in the order of RFC 5280 4.2.1.13.
const REASONS: &[&str] = &[
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
];

/// What a CRL is to hold.
#[derive(Clone, Debug)]
pub struct CrlSketch {
    key: Key,
    issuer: Vec<u8>,
    version: Vec<u8>,
    this_update: Vec<u8>,
    next_update: Vec<u8>,
    entries: Vec<u8>,
    list_anyway: bool,
    extensions: Vec<Extension>,
    inner_algorithm: Option<Vec<u8>>,
    algorithm: Algorithm,
    tampered: bool,
    trailing: Vec<u8>,
}

impl CrlSketch {
    /// A CRL of version 2 by `issuer`, number 1, naming its key, without entries.
    #[must_use]
    pub fn by(issuer: &Issued) -> Self {
        let sketch = Self {
            key: issuer.key.clone(),
            issuer: issuer.subject.clone(),
            version: der::number(1),
            this_update: time::encode(THIS_UPDATE, Form::ByYear),
            next_update: time::encode(NEXT_UPDATE, Form::ByYear),
            entries: Vec::new(),
            list_anyway: false,
            extensions: Vec::new(),
            inner_algorithm: None,
            algorithm: issuer.key.algorithm(),
            tampered: false,
            trailing: Vec::new(),
        };
        let key_identifier = extension::authority_key_identifier(&issuer.identifier);
        sketch.extension("authorityKeyIdentifier", false, key_identifier).number(1)
    }

    /// With this issuer name, whoever signs.
    #[must_use]
    pub fn issuer_name(mut self, text: &str) -> Self {
        self.issuer = name::distinguished(text);
        self
    }

    /// Signed with this key, whoever is named.
    #[must_use]
    pub fn signed_with(mut self, key: &Key) -> Self {
        self.key = key.clone();
        self.algorithm = key.algorithm();
        self
    }

    /// With these octets in place of the version field; none means version 1.
    #[must_use]
    pub fn version_raw(mut self, encoding: &[u8]) -> Self {
        self.version = encoding.to_vec();
        self
    }

    /// With this thisUpdate, RFC 3339 in UTC.
    #[must_use]
    pub fn this_update(mut self, text: &str) -> Self {
        self.this_update = time::encode(text, Form::ByYear);
        self
    }

    /// With this nextUpdate, RFC 3339 in UTC.
    #[must_use]
    pub fn next_update(mut self, text: &str) -> Self {
        self.next_update = time::encode(text, Form::ByYear);
        self
    }

    /// Without nextUpdate.
    #[must_use]
    pub fn without_next_update(mut self) -> Self {
        self.next_update.clear();
        self
    }

    /// With an entry for the certificate with these content octets as serial number.
    #[must_use]
    pub fn revoke(self, serial: &[u8]) -> Self {
        self.entry(serial, &[])
    }

    /// The same with a reason code.
    #[must_use]
    pub fn revoke_because(self, serial: &[u8], reason: u8) -> Self {
        self.entry(serial, &[reason_code(reason)])
    }

    /// With an entry of these extensions, revoked at the moment of thisUpdate.
    #[must_use]
    pub fn entry(self, serial: &[u8], extensions: &[Extension]) -> Self {
        let date = time::encode(THIS_UPDATE, Form::ByYear);
        let encoding = entry(serial, &date, extensions);
        self.entries_raw(&encoding)
    }

    /// With the whole encodings of further entries.
    #[must_use]
    pub fn entries_raw(mut self, encoding: &[u8]) -> Self {
        self.entries.extend(encoding);
        self
    }

    /// With the list of entries although there is none.
    #[must_use]
    pub fn empty_list(mut self) -> Self {
        self.list_anyway = true;
        self
    }

    /// With this cRLNumber.
    #[must_use]
    pub fn number(self, number: u64) -> Self {
        self.extension("cRLNumber", false, der::number(number))
    }

    /// A delta CRL to the base of this number.
    #[must_use]
    pub fn delta(self, base: u64) -> Self {
        self.extension("deltaCRLIndicator", true, der::number(base))
    }

    /// With this issuingDistributionPoint.
    #[must_use]
    pub fn scope(self, scope: &Scope) -> Self {
        self.extension("issuingDistributionPoint", true, scope.encode())
    }

    /// With this extension, by short name or dotted decimal, in place of one of the same type.
    #[must_use]
    pub fn extension(mut self, kind: &str, critical: bool, value: Vec<u8>) -> Self {
        let new = Extension::new(kind, critical, value);
        match self.extensions.iter_mut().find(|old| old.kind == new.kind) {
            Some(old) => *old = new,
            None => self.extensions.push(new),
        }
        self
    }

    /// Without this extension, by short name or dotted decimal; `*` stands for all.
    #[must_use]
    pub fn without(mut self, kind: &str) -> Self {
        let dotted = extension::dotted(kind);
        self.extensions.retain(|one| one.kind != dotted && kind != "*");
        self
    }

    /// With this whole AlgorithmIdentifier inside the signed part.
    #[must_use]
    pub fn inner_algorithm(mut self, identifier: &[u8]) -> Self {
        self.inner_algorithm = Some(identifier.to_vec());
        self
    }

    /// Signed with this algorithm instead of the key's usual one.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// With one bit of the signature changed.
    #[must_use]
    pub fn tamper_signature(mut self) -> Self {
        self.tampered = true;
        self
    }

    /// With these octets at the end of the signed part.
    #[must_use]
    pub fn trailing(mut self, octets: &[u8]) -> Self {
        self.trailing = octets.to_vec();
        self
    }

    /// The CRL.
    #[must_use]
    pub fn issue(&self) -> Vec<u8> {
        let signed = self.signed_part();
        let mut signature = self.key.sign(self.algorithm, &signed);
        if let Some(last) = signature.last_mut().filter(|_| self.tampered) {
            *last ^= 1;
        }
        der::sequence(&[signed, self.algorithm.identifier(), der::bit_string(0, &signature)])
    }

    fn signed_part(&self) -> Vec<u8> {
        let mut parts = vec![
            self.version.clone(),
            self.inner_algorithm.clone().unwrap_or_else(|| self.algorithm.identifier()),
            self.issuer.clone(),
            self.this_update.clone(),
            self.next_update.clone(),
        ];
        if !self.entries.is_empty() || self.list_anyway {
            parts.push(der::value(der::SEQUENCE, &self.entries));
        }
        if !self.extensions.is_empty() {
            let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::encode).collect();
            parts.push(der::explicit(0, &der::sequence(&extensions)));
        }
        parts.push(self.trailing.clone());
        der::sequence(&parts)
    }
}

/// One whole entry: serial number, the encoding of a time, extensions.
#[must_use]
pub fn entry(serial: &[u8], date: &[u8], extensions: &[Extension]) -> Vec<u8> {
    let mut parts = vec![der::integer(serial), date.to_vec()];
    if !extensions.is_empty() {
        parts.push(der::sequence(&extensions.iter().map(Extension::encode).collect::<Vec<_>>()));
    }
    der::sequence(&parts)
}

/// The entry extension reasonCode.
#[must_use]
pub fn reason_code(reason: u8) -> Extension {
    Extension::new("cRLReason", false, der::value(0x0a, &[reason]))
}

/// The entry extension certificateIssuer, with general names as [`name::general`] reads them.
#[must_use]
pub fn certificate_issuer(names: &[&str]) -> Extension {
    let names: Vec<Vec<u8>> = names.iter().map(|name| name::general(name)).collect();
    Extension::new("certificateIssuer", true, der::sequence(&names))
}

/// The name of a distribution point: general names, or one relative to the CRL issuer.
#[derive(Clone, Debug)]
pub enum PointName<'a> {
    /// fullName, as [`name::general`] reads each.
    Full(&'a [&'a str]),
    /// nameRelativeToCRLIssuer, such as `CN=part 1`.
    Relative(&'a str),
}

impl PointName<'_> {
    fn encode(&self) -> Vec<u8> {
        let choice = match self {
            Self::Full(names) => {
                let names: Vec<Vec<u8>> = names.iter().map(|name| name::general(name)).collect();
                der::implicit_constructed(0, &names.concat())
            }
            Self::Relative(text) => {
                // The Name's SEQUENCE and the SET in it have short lengths here: their content follows.
                let name = name::distinguished(text);
                der::implicit_constructed(1, &name[4..])
            }
        };
        der::explicit(0, &choice)
    }
}

/// An issuingDistributionPoint (RFC 5280 5.2.5).
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The whole encodings of its fields.
    fields: Vec<Vec<u8>>,
}

impl Scope {
    /// With this distributionPoint.
    #[must_use]
    pub fn name(self, name: &PointName<'_>) -> Self {
        self.field(&name.encode())
    }

    /// With the field of this number set to TRUE: 1 user, 2 CA, 4 indirect, 5 attribute certificates.
    #[must_use]
    pub fn flag(self, number: u8) -> Self {
        self.field(&der::implicit(number, &[0xff]))
    }

    /// With onlySomeReasons, in the RFC's words.
    #[must_use]
    pub fn reasons(self, words: &[&str]) -> Self {
        self.field(&der::implicit(3, &reason_flags(words)))
    }

    /// With the whole encoding of a further field.
    #[must_use]
    pub fn field(mut self, encoding: &[u8]) -> Self {
        self.fields.push(encoding.to_vec());
        self
    }

    fn encode(&self) -> Vec<u8> {
        der::sequence(&self.fields)
    }
}

/// One DistributionPoint of a certificate (RFC 5280 4.2.1.13): name, reasons in the RFC's words, and the general
/// names of cRLIssuer.
#[must_use]
pub fn distribution_point(name: Option<&PointName<'_>>, reasons: &[&str], crl_issuer: &[&str]) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = name.map(PointName::encode).into_iter().collect();
    if !reasons.is_empty() {
        parts.push(der::implicit(1, &reason_flags(reasons)));
    }
    if !crl_issuer.is_empty() {
        let names: Vec<Vec<u8>> = crl_issuer.iter().map(|name| name::general(name)).collect();
        parts.push(der::implicit_constructed(2, &names.concat()));
    }
    der::sequence(&parts)
}

/// The content of ReasonFlags.
fn reason_flags(words: &[&str]) -> Vec<u8> {
    let bit = |word: &&str| {
        let found = REASONS.iter().position(|known| known == word);
        u32::try_from(found.unwrap_or_else(|| panic!("no reason is called {word}"))).expect("below nine")
    };
    let bits: Vec<u32> = words.iter().map(bit).collect();
    der::named_bits(&bits)[2..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Sketch;
    use x509_cert::der::Decode;

    #[test]
    fn another_decoder_reads_what_was_written() {
        let root = Sketch::ca("root").issue();
        let scope = Scope::default().name(&PointName::Full(&["uri:http://a.example/1"])).flag(1);
        let sketch = CrlSketch::by(&root).revoke_because(&[7], 1).revoke(&[1, 2]).scope(&scope);
        let crl =
            x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&sketch.issue())
                .expect("a CRL");
        let entries = crl.tbs_cert_list.revoked_certificates.expect("entries");
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].serial_number.as_bytes(), [7]);
        assert_eq!(crl.tbs_cert_list.crl_extensions.expect("extensions").len(), 3);
    }
}
