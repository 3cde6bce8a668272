//! Certificates from a sketch, with fixed keys and times so that bytes are reproducible. A sketch starts as
//! what RFC 5280 asks for and is changed from there; nothing that it is changed into is refused.

use sha2::{Digest, Sha256};

use crate::algorithm::Algorithm;
use crate::broken::{self, Damage};
use crate::extension::{self, Extension};
use crate::key::Key;
use crate::time::{self, Form};
use crate::{der, name};

/// Every sketch is valid from this moment unless it says otherwise.
pub const NOT_BEFORE: &str = "2024-01-01T00:00:00Z";
/// Every sketch is valid up to this moment unless it says otherwise.
pub const NOT_AFTER: &str = "2034-01-01T00:00:00Z";
/// A moment at which every unchanged sketch is valid.
pub const AT: &str = "2026-01-01T00:00:00Z";

/// An issued certificate, and what is needed to issue others with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The name of its sketch.
    pub label: String,
    /// The whole encoding.
    pub der: Vec<u8>,
    /// Its key pair.
    pub key: Key,
    /// The encoding of its subject.
    pub subject: Vec<u8>,
    /// Its subjectKeyIdentifier, which those it issues name.
    pub identifier: Vec<u8>,
    /// The content octets of its serial number.
    pub serial: Vec<u8>,
}

/// What a certificate is to hold.
#[derive(Clone, Debug)]
pub struct Sketch {
    label: String,
    ca: bool,
    key: Key,
    issuer: Option<Issued>,
    subject: Vec<u8>,
    issuer_name: Option<Vec<u8>>,
    serial: Vec<u8>,
    validity: Vec<u8>,
    version: Option<u8>,
    public_key_info: Option<Vec<u8>>,
    outer_algorithm: Option<Vec<u8>>,
    inner_algorithm: Option<Vec<u8>>,
    algorithm: Option<Algorithm>,
    unique_identifiers: Vec<u8>,
    names: Vec<Vec<u8>>,
    permitted: Vec<String>,
    excluded: Vec<String>,
    extensions: Vec<Extension>,
    without: Vec<String>,
    critical: Vec<(String, bool)>,
    signature: Signature,
    damage: Vec<(String, Damage)>,
    damage_after: Vec<(String, Damage)>,
}

#[derive(Clone, Debug)]
enum Signature {
    True,
    Tampered,
    Given(Vec<u8>),
}

impl Sketch {
    /// A CA certificate called `label`: `CN=label`, key `p-256:label`, basicConstraints and keyUsage critical.
    #[must_use]
    pub fn ca(label: &str) -> Self {
        let sketch = Self::bare(label, true);
        let basic = extension::basic_constraints(Some(true), None);
        sketch.extension("basicConstraints", true, basic).key_usage(&["keyCertSign", "cRLSign"])
    }

    /// An end-entity certificate called `label`: `CN=label`, key `p-256:label`, keyUsage critical.
    #[must_use]
    pub fn leaf(label: &str) -> Self {
        Self::bare(label, false).key_usage(&["digitalSignature"])
    }

    fn bare(label: &str, ca: bool) -> Self {
        Self {
            label: label.to_owned(),
            ca,
            key: Key::p256(label),
            issuer: None,
            subject: name::distinguished(&format!("CN={label}")),
            issuer_name: None,
            serial: serial_of(label),
            validity: validity(NOT_BEFORE, NOT_AFTER, Form::ByYear),
            version: Some(2),
            public_key_info: None,
            outer_algorithm: None,
            inner_algorithm: None,
            algorithm: None,
            unique_identifiers: Vec::new(),
            names: Vec::new(),
            permitted: Vec::new(),
            excluded: Vec::new(),
            extensions: Vec::new(),
            without: Vec::new(),
            critical: Vec::new(),
            signature: Signature::True,
            damage: Vec::new(),
            damage_after: Vec::new(),
        }
    }

    /// Issued by `issuer`; without this it is self-signed.
    #[must_use]
    pub fn issued_by(mut self, issuer: &Issued) -> Self {
        self.issuer = Some(issuer.clone());
        self
    }

    /// With this key pair.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = key;
        self
    }

    /// With this SubjectPublicKeyInfo instead of the key's own.
    #[must_use]
    pub fn public_key_info(mut self, encoding: &[u8]) -> Self {
        self.public_key_info = Some(encoding.to_vec());
        self
    }

    /// With these content octets as serial number.
    #[must_use]
    pub fn serial(mut self, content: &[u8]) -> Self {
        self.serial = content.to_vec();
        self
    }

    /// Valid from and up to these moments, RFC 3339 in UTC.
    #[must_use]
    pub fn valid(self, not_before: &str, not_after: &str) -> Self {
        self.valid_as(not_before, not_after, Form::ByYear)
    }

    /// The same with both times in the given ASN.1 form.
    #[must_use]
    pub fn valid_as(mut self, not_before: &str, not_after: &str, form: Form) -> Self {
        self.validity = validity(not_before, not_after, form);
        self
    }

    /// With the whole encodings of notBefore and notAfter.
    #[must_use]
    pub fn valid_raw(mut self, not_before: &[u8], not_after: &[u8]) -> Self {
        self.validity = der::sequence(&[not_before.to_vec(), not_after.to_vec()]);
        self
    }

    /// With this subject, as [`name::distinguished`] reads it.
    #[must_use]
    pub fn subject(mut self, text: &str) -> Self {
        self.subject = name::distinguished(text);
        self
    }

    /// With this issuer name, whoever signs.
    #[must_use]
    pub fn issuer_name(mut self, text: &str) -> Self {
        self.issuer_name = Some(name::distinguished(text));
        self
    }

    /// With this dNSName as well.
    #[must_use]
    pub fn dns(self, text: &str) -> Self {
        self.san_raw(&name::dns(text))
    }

    /// With this iPAddress as well.
    #[must_use]
    pub fn ip(self, text: &str) -> Self {
        self.san_raw(&name::ip(text))
    }

    /// With this rfc822Name as well.
    #[must_use]
    pub fn mail(self, text: &str) -> Self {
        self.san_raw(&name::mail(text))
    }

    /// With this uniformResourceIdentifier as well.
    #[must_use]
    pub fn uri(self, text: &str) -> Self {
        self.san_raw(&name::uri(text))
    }

    /// With this whole encoding of a GeneralName as well.
    #[must_use]
    pub fn san_raw(mut self, general_name: &[u8]) -> Self {
        self.names.push(general_name.to_vec());
        self
    }

    /// With these extended key usages, by word or dotted decimal.
    #[must_use]
    pub fn eku(self, usages: &[&str]) -> Self {
        self.extension("extKeyUsage", false, extension::extended_key_usage(usages))
    }

    /// With these key usages, in the RFC's words.
    #[must_use]
    pub fn key_usage(self, usages: &[&str]) -> Self {
        self.extension("keyUsage", true, extension::key_usage(usages))
    }

    /// With basicConstraints that assert cA and this pathLenConstraint.
    #[must_use]
    pub fn path_length(self, length: u32) -> Self {
        let integer = der::number(length.into());
        self.extension(
            "basicConstraints",
            true,
            extension::basic_constraints(Some(true), Some(&integer[2..])),
        )
    }

    /// With basicConstraints that do not assert cA.
    #[must_use]
    pub fn not_ca(self) -> Self {
        self.extension("basicConstraints", true, extension::basic_constraints(None, None))
    }

    /// With this permitted subtree as well, as [`name::general`] reads it.
    #[must_use]
    pub fn permitted(mut self, base: &str) -> Self {
        self.permitted.push(base.to_owned());
        self
    }

    /// With this excluded subtree as well, as [`name::general`] reads it.
    #[must_use]
    pub fn excluded(mut self, base: &str) -> Self {
        self.excluded.push(base.to_owned());
        self
    }

    /// With this permitted DNS subtree as well.
    #[must_use]
    pub fn permitted_dns(self, base: &str) -> Self {
        self.permitted(&format!("dns:{base}"))
    }

    /// With this excluded DNS subtree as well.
    #[must_use]
    pub fn excluded_dns(self, base: &str) -> Self {
        self.excluded(&format!("dns:{base}"))
    }

    /// With these certificate policies; `any` stands for anyPolicy.
    #[must_use]
    pub fn policies(self, policies: &[&str]) -> Self {
        let policies: Vec<String> = policies.iter().map(|&policy| policy.to_owned()).collect();
        self.extension("certificatePolicies", false, extension::certificate_policies(&policies))
    }

    /// With these pairs of issuer domain and subject domain policy.
    #[must_use]
    pub fn policy_mappings(self, pairs: &[(&str, &str)]) -> Self {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|&(issuer, subject)| (issuer.to_owned(), subject.to_owned())).collect();
        self.extension("policyMappings", true, extension::policy_mappings(&pairs))
    }

    /// With requireExplicitPolicy and inhibitPolicyMapping.
    #[must_use]
    pub fn policy_constraints(self, explicit: Option<u32>, mapping: Option<u32>) -> Self {
        self.extension("policyConstraints", true, extension::policy_constraints(explicit, mapping))
    }

    /// With inhibitAnyPolicy.
    #[must_use]
    pub fn inhibit_any(self, certificates: u32) -> Self {
        self.extension("inhibitAnyPolicy", true, extension::inhibit_any_policy(certificates))
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

    /// With this extension although there may be one of its type already.
    #[must_use]
    pub fn extension_again(mut self, kind: &str, critical: bool, value: Vec<u8>) -> Self {
        self.extensions.push(Extension::new(kind, critical, value));
        self
    }

    /// Without this extension, by short name or dotted decimal.
    #[must_use]
    pub fn without(mut self, kind: &str) -> Self {
        self.without.push(extension::dotted(kind));
        self
    }

    /// With this extension's criticality changed.
    #[must_use]
    pub fn critical(mut self, kind: &str, critical: bool) -> Self {
        self.critical.push((extension::dotted(kind), critical));
        self
    }

    /// Of this version, 1 to 3; versions 1 and 2 have no extensions.
    #[must_use]
    pub fn version(mut self, version: u8) -> Self {
        self.version = (version > 1).then(|| version - 1);
        if version < 3 {
            self.without.push("*".to_owned());
        }
        self
    }

    /// With this number in the version field, whatever it means.
    #[must_use]
    pub fn version_number(mut self, number: u8) -> Self {
        self.version = Some(number);
        self
    }

    /// Signed with this algorithm instead of the issuer key's usual one.
    #[must_use]
    pub fn signature_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// With this whole AlgorithmIdentifier inside the signed part.
    #[must_use]
    pub fn inner_algorithm(mut self, identifier: &[u8]) -> Self {
        self.inner_algorithm = Some(identifier.to_vec());
        self
    }

    /// With this whole AlgorithmIdentifier outside the signed part.
    #[must_use]
    pub fn outer_algorithm(mut self, identifier: &[u8]) -> Self {
        self.outer_algorithm = Some(identifier.to_vec());
        self
    }

    /// With one bit of the signature changed.
    #[must_use]
    pub fn tamper_signature(mut self) -> Self {
        self.signature = Signature::Tampered;
        self
    }

    /// With these octets as signature.
    #[must_use]
    pub fn signature(mut self, octets: &[u8]) -> Self {
        self.signature = Signature::Given(octets.to_vec());
        self
    }

    /// With issuerUniqueID.
    #[must_use]
    pub fn issuer_unique_id(mut self) -> Self {
        self.unique_identifiers.extend(der::implicit(1, &[0, 0x55]));
        self
    }

    /// With subjectUniqueID.
    #[must_use]
    pub fn subject_unique_id(mut self) -> Self {
        self.unique_identifiers.extend(der::implicit(2, &[0, 0x55]));
        self
    }

    /// With damage at a named position (see [`broken`]), done before signing where that is possible, so
    /// that the signature is true of the damaged bytes.
    #[must_use]
    pub fn damage(mut self, position: &str, damage: Damage) -> Self {
        let list = if position.starts_with("signed.") { &mut self.damage } else { &mut self.damage_after };
        list.push((position.to_owned(), damage));
        self
    }

    /// Name, key and key identifier alone, with an empty encoding: enough to issue others, so that two may
    /// issue each other.
    #[must_use]
    pub fn authority(&self) -> Issued {
        Issued {
            label: self.label.clone(),
            der: Vec::new(),
            key: self.key.clone(),
            subject: self.subject.clone(),
            identifier: self.subject_identifier(),
            serial: self.serial.clone(),
        }
    }

    /// The certificate.
    #[must_use]
    pub fn issue(self) -> Issued {
        let signer = self.issuer.as_ref().map_or_else(|| self.key.clone(), |issuer| issuer.key.clone());
        let algorithm = self.algorithm.unwrap_or_else(|| signer.algorithm());
        let signed = self.damage.iter().fold(self.signed_part(algorithm), |encoding, (position, damage)| {
            let within = position.strip_prefix("signed.").expect("a position in the signed part");
            broken::at(&encoding, &format!("part.{within}"), damage)
        });
        let signature = match &self.signature {
            Signature::True => signer.sign(algorithm, &signed),
            Signature::Tampered => tampered(signer.sign(algorithm, &signed)),
            Signature::Given(octets) => octets.clone(),
        };
        let outer = self.outer_algorithm.clone().unwrap_or_else(|| algorithm.identifier());
        let whole = der::sequence(&[signed, outer, der::bit_string(0, &signature)]);
        let whole = self
            .damage_after
            .iter()
            .fold(whole, |encoding, (position, damage)| broken::at(&encoding, position, damage));
        Issued {
            identifier: self.subject_identifier(),
            label: self.label,
            der: whole,
            key: self.key,
            subject: self.subject,
            serial: self.serial,
        }
    }

    fn signed_part(&self, algorithm: Algorithm) -> Vec<u8> {
        let issuer_name = match (&self.issuer_name, &self.issuer) {
            (Some(given), _) => given.clone(),
            (None, Some(issuer)) => issuer.subject.clone(),
            (None, None) => self.subject.clone(),
        };
        let mut parts = Vec::new();
        parts.extend(self.version.map(|number| der::explicit(0, &der::integer(&[number]))));
        parts.push(der::integer(&self.serial));
        parts.push(self.inner_algorithm.clone().unwrap_or_else(|| algorithm.identifier()));
        parts.push(issuer_name);
        parts.push(self.validity.clone());
        parts.push(self.subject.clone());
        parts.push(self.public_key_info.clone().unwrap_or_else(|| self.key.subject_public_key_info()));
        parts.push(self.unique_identifiers.clone());
        let extensions: Vec<Vec<u8>> = self.all_extensions().iter().map(Extension::encode).collect();
        if !extensions.is_empty() {
            parts.push(der::explicit(3, &der::sequence(&extensions)));
        }
        der::sequence(&parts)
    }

    /// Key identifiers, names and constraints join what was asked for; then criticality and absence apply.
    fn all_extensions(&self) -> Vec<Extension> {
        let mut list =
            vec![Extension::new("subjectKeyIdentifier", false, der::octet_string(&self.key.identifier()))];
        if let Some(issuer) = &self.issuer {
            let value = extension::authority_key_identifier(&issuer.identifier);
            list.push(Extension::new("authorityKeyIdentifier", false, value));
        }
        if !self.names.is_empty() {
            // RFC 5280 4.1.2.6: critical when the subject is empty.
            let critical = self.subject == der::sequence(&[]);
            list.push(Extension::new("subjectAltName", critical, extension::general_names(&self.names)));
        }
        if !self.permitted.is_empty() || !self.excluded.is_empty() {
            let value = extension::name_constraints(&self.permitted, &self.excluded);
            list.push(Extension::new("nameConstraints", true, value));
        }
        list.retain(|default| self.extensions.iter().all(|given| given.kind != default.kind));
        list.extend(self.extensions.iter().cloned());
        list.retain(|one| !self.without.iter().any(|kind| *kind == one.kind || kind == "*"));
        for one in &mut list {
            let changed = self.critical.iter().rfind(|(kind, _)| *kind == one.kind);
            one.critical = changed.map_or(one.critical, |(_, critical)| *critical);
        }
        list
    }

    fn subject_identifier(&self) -> Vec<u8> {
        let given = self.extensions.iter().find(|one| one.kind == extension::dotted("subjectKeyIdentifier"));
        given.map_or_else(|| self.key.identifier(), |one| one.value.get(2..).unwrap_or_default().to_vec())
    }

    /// Whether it was begun as a CA certificate.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.ca
    }
}

fn validity(not_before: &str, not_after: &str, form: Form) -> Vec<u8> {
    der::sequence(&[time::encode(not_before, form), time::encode(not_after, form)])
}

/// Eight octets that differ between names: positive and minimal.
fn serial_of(label: &str) -> Vec<u8> {
    let mut octets = Sha256::digest(label)[..8].to_vec();
    octets[0] = octets[0] & 0x3f | 0x40;
    octets
}

/// Changes the lowest bit of the last octet, which keeps a DER signature well-formed.
fn tampered(mut signature: Vec<u8>) -> Vec<u8> {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
    signature
}
