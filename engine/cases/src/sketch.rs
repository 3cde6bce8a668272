//! A chain as a case sketches it, from the anchor down, and the certificates that it comes to. What a sketch does not say
//! follows from its place: all but the last are authorities, the first one signs itself, every other is signed by the one
//! before it.

use engine_capsule::Name;

use crate::certificate::{Party, Plan, Signature};
use crate::extension::{self, Critical};
use crate::key::{self, Key};
use crate::moment::DAY;
use crate::{der, name};

/// Where a responder is that no certificate names otherwise, and where a list is.
const RESPONDER: &str = "http://ocsp.example/";
const LISTS: &str = "http://crl.example/";

/// How a moment is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// As such.
    At(i64),
    /// In days from the moment of the question.
    Days(i64),
}

/// What a key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// One on P-256, which can sign.
    #[default]
    P256,
    /// A modulus of so many bits, which nobody can sign with.
    Rsa(u32),
}

/// What becomes of a certificate of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It is a trust anchor.
    Anchor,
    /// It is distrusted.
    Distrusted,
    /// Nobody has it.
    Missing,
    /// It is given with the question.
    Supplied,
}

/// An extension as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raw {
    pub(crate) kind: Vec<u8>,
    pub(crate) critical: Critical,
    pub(crate) value: Vec<u8>,
}

/// One certificate, as far as it is sketched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) name: String,
    pub(crate) key_name: Option<String>,
    pub(crate) subject: Option<Vec<u8>>,
    pub(crate) issuer: Option<Vec<u8>>,
    pub(crate) key: KeyKind,
    /// Where the key is written, or the certificate.
    pub(crate) key_at: usize,
    pub(crate) not_before: Option<When>,
    pub(crate) not_after: Option<When>,
    pub(crate) is_authority: Option<bool>,
    pub(crate) path_length: Option<u8>,
    pub(crate) key_usage: Option<Vec<u8>>,
    pub(crate) extended_key_usage: Option<Vec<Vec<u8>>>,
    pub(crate) dns: Vec<Name>,
    pub(crate) ip: Vec<Name>,
    pub(crate) mail: Vec<Name>,
    pub(crate) uri: Vec<Name>,
    pub(crate) ocsp_uri: Option<String>,
    pub(crate) crl_uri: Option<String>,
    pub(crate) policies: Vec<Vec<u8>>,
    pub(crate) permitted: Vec<Vec<u8>>,
    pub(crate) excluded: Vec<Vec<u8>>,
    pub(crate) serial: Option<Vec<u8>>,
    pub(crate) signed_by: Option<(String, usize)>,
    pub(crate) signature: Signature,
    pub(crate) trust: Option<Trust>,
    pub(crate) extensions: Vec<Raw>,
}

/// Which sources a case answers about a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    pub(crate) ocsp: bool,
    pub(crate) crl: bool,
}

/// A certificate that was issued.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) name: String,
    pub(crate) certificate: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Party,
    /// The name, in the chain, of who signed it.
    pub(crate) issuer_name: String,
    pub(crate) trust: Trust,
}

/// The place in the chain of who signs the certificate at `place`.
pub(crate) fn signer(chain: &[Sketch], place: usize) -> Option<usize> {
    let named = chain.get(place)?.signed_by.as_ref();
    match named {
        Some((name, _)) => chain.iter().position(|other| other.name == *name),
        None => Some(place.saturating_sub(1)),
    }
}

/// Issues a chain at a moment. Whoever read it knows that every signer is in it and can sign.
pub(crate) fn issue(chain: &[Sketch], at: i64, sources: impl Fn(&str) -> Sources) -> Vec<Issued> {
    let issued = chain.iter().enumerate().filter_map(|(place, sketch)| {
        let issuer_place = signer(chain, place)?;
        let issuer = chain.get(issuer_place)?;
        let name = sketch.issuer.clone().unwrap_or_else(|| issuer.subject());
        let party = Party { name, key: issuer.signing_key() };
        let of_place = OfPlace {
            at,
            is_last: place.saturating_add(1) == chain.len() && chain.len() > 1,
            sources: if issuer_place == place { Sources::default() } else { sources(&sketch.name) },
        };
        let certificate = party.issue(&sketch.plan(&of_place, &party.key), sketch.signature);
        let default = if place == 0 { Trust::Anchor } else { Trust::Supplied };
        Some(Issued {
            name: sketch.name.clone(),
            certificate,
            serial: sketch.serial_number(),
            issuer: party,
            issuer_name: issuer.name.clone(),
            trust: sketch.trust.unwrap_or(default),
        })
    });
    issued.collect()
}

/// What follows from the place in the chain.
struct OfPlace {
    at: i64,
    is_last: bool,
    sources: Sources,
}

impl When {
    fn at(self, now: i64) -> i64 {
        match self {
            Self::At(moment) => moment,
            Self::Days(days) => now.saturating_add(days.saturating_mul(DAY)),
        }
    }
}

impl Sketch {
    /// The encoding of its name.
    pub(crate) fn subject(&self) -> Vec<u8> {
        self.subject.clone().unwrap_or_else(|| name::common_name(&self.name))
    }

    pub(crate) fn signing_key(&self) -> Key {
        Key::of_name(&[], self.key_name.as_ref().unwrap_or(&self.name))
    }

    fn serial_number(&self) -> Vec<u8> {
        let made = || {
            let mut octets = key::derived(b"serial", &[self.name.as_bytes()]).to_vec();
            octets.truncate(8);
            // positive, and as long for every name
            if let Some(first) = octets.first_mut() {
                *first = (*first & 0x7f) | 0x40;
            }
            octets
        };
        self.serial.clone().unwrap_or_else(made)
    }

    fn plan(&self, place: &OfPlace, issuer: &Key) -> Plan {
        let is_authority = self.is_authority.unwrap_or(!place.is_last);
        let (before, after) = if is_authority { (-365, 3650) } else { (-30, 60) };
        let (public_key_info, subject_key) = match self.key {
            KeyKind::P256 => {
                let key = self.signing_key();
                (key.public_key_info(), key.point().to_vec())
            }
            KeyKind::Rsa(bits) => {
                let key = key::made_rsa_key(self.key_name.as_ref().unwrap_or(&self.name), bits);
                (key::rsa_public_key_info(&key), key)
            }
        };
        let mut extensions = self.constraints(is_authority);
        extensions.extend(self.sources(place));
        extensions.push(extension::subject_key_identifier(&key::identifier(&subject_key)));
        extensions.push(extension::authority_key_identifier(&key::identifier(issuer.point())));
        extensions
            .extend(self.extensions.iter().map(|raw| extension::any(&raw.kind, raw.critical, &raw.value)));
        Plan {
            subject: self.subject(),
            public_key_info,
            serial: self.serial_number(),
            not_before: self.not_before.unwrap_or(When::Days(before)).at(place.at),
            not_after: self.not_after.unwrap_or(When::Days(after)).at(place.at),
            extensions,
        }
    }

    /// What it may be used for, and by which names.
    fn constraints(&self, is_authority: bool) -> Vec<Vec<u8>> {
        let mut extensions = Vec::new();
        if is_authority {
            extensions.push(extension::authority(self.path_length));
        }
        // keyCertSign and cRLSign; digitalSignature
        let usual: &[u8] = if is_authority { &[5, 6] } else { &[0] };
        let usages = self.key_usage.as_deref().unwrap_or(usual);
        if !usages.is_empty() {
            extensions.push(extension::key_usage(usages));
        }
        let usual = || ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"].into_iter().filter_map(der::oid_content);
        let usages = match &self.extended_key_usage {
            Some(usages) => usages.clone(),
            None if is_authority => Vec::new(),
            None => usual().collect(),
        };
        if !usages.is_empty() {
            extensions.push(extension::extended_key_usage(&usages));
        }
        let names = [&self.dns, &self.ip, &self.mail, &self.uri].into_iter().flatten().cloned();
        let names: Vec<Name> = names.collect();
        if !names.is_empty() {
            // RFC 5280 4.2.1.6: the only name of a certificate without a subject is critical
            let is_nameless = self.subject() == der::sequence(&[]);
            let critical = if is_nameless { Critical::Yes } else { Critical::No };
            extensions.push(extension::subject_alt_names(&names, critical));
        }
        if !self.policies.is_empty() {
            extensions.push(extension::policies(&self.policies));
        }
        if !self.permitted.is_empty() || !self.excluded.is_empty() {
            extensions.push(extension::name_constraints(&self.permitted, &self.excluded));
        }
        extensions
    }

    /// Where its status is to be had: as it says, or from where the case answers.
    fn sources(&self, place: &OfPlace) -> Vec<Vec<u8>> {
        let list = || {
            let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
            let name: String = self.name.chars().map(plain).collect();
            format!("{LISTS}{name}.crl")
        };
        let ocsp = self.ocsp_uri.clone().or_else(|| place.sources.ocsp.then(|| RESPONDER.to_owned()));
        let crl = self.crl_uri.clone().or_else(|| place.sources.crl.then(list));
        let named = |uri: Option<String>| uri.filter(|uri| !uri.is_empty());
        let ocsp = named(ocsp).map(|uri| extension::responder(&uri));
        ocsp.into_iter().chain(named(crl).map(|uri| extension::distribution_point(&uri))).collect()
    }
}
