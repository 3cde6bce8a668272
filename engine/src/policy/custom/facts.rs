//! Where facts come from: what earlier stages decoded and found, and nothing else. Nothing is parsed again, nothing
//! judged, and every fact of the table has its line here.

use crate::certificate::Certificate;
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::certificate::name_syntax::address_of;
use crate::certificate::public_key::{KeyMaterial, PublicKey, bit_length};
use crate::expression::fact::Fact;
use crate::expression::value::{Facts, Failure, Value};
use crate::finding::trace::hexadecimal;
use crate::oid::{self, Oid};
use crate::path::validate::Context;
use crate::policy::status::source_word;
use crate::revocation::RevocationStatus;
use crate::revocation::record::{CertificateStatus, CheckOutcome, StatusCheck};
use crate::settings::Mode;
use crate::settings::algorithm::KeyKind;
use crate::settings::document::key;
use crate::signature;

/// The facts of one path.
pub(super) struct PathFacts<'a> {
    /// The target first, the trust anchor last.
    pub(super) certificates: Vec<&'a Certificate>,
    /// Their statuses; nobody looks for the anchor's.
    pub(super) statuses: &'a [CertificateStatus],
    pub(super) context: &'a Context<'a>,
    /// Where a rule is asked about each certificate, about which.
    pub(super) position: usize,
}

/// Which name of a certificate a record of a name is.
const SUBJECT: usize = 0;
const ISSUER: usize = 1;

impl Facts for PathFacts<'_> {
    fn fact(&self, fact: Fact, place: usize, item: usize) -> Result<Value, Failure> {
        let found = match fact {
            Fact::At => Some(Value::Time(self.context.at)),
            Fact::Mode => Some(Value::Text(mode_word(self.context.settings.mode).to_owned())),
            Fact::Purpose => Some(Value::Text(
                self.context.purpose.map(|purpose| purpose.name.clone()).unwrap_or_default(),
            )),
            Fact::Names => Some(Value::texts(&mut self.context.names.iter().map(|name| shown(name.name())))),
            Fact::Target => Some(Value::Record(0, 0)),
            Fact::Path | Fact::Status => {
                Some(Value::records(self.certificates.len(), |_, place| Value::Record(place, 0), 0))
            }
            Fact::Anchor => self.certificates.len().checked_sub(1).map(|last| Value::Record(last, 0)),
            Fact::Certificate => Some(Value::Record(self.position, 0)),
            Fact::Position => Some(Value::count(self.position)),
            Fact::Word | Fact::Source | Fact::Model | Fact::FreshUntil => {
                of_status(fact, self.statuses.get(place))
            }
            _ => self
                .certificates
                .get(place)
                .and_then(|certificate| of_certificate(fact, certificate, (place, item))),
        };
        found.ok_or(Failure::Absent)
    }
}

pub(super) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::CommonCriteria => "common-criteria",
        Mode::Standard => "standard",
    }
}

/// RFC 5280 4.1, 4.2.
fn of_certificate(fact: Fact, certificate: &Certificate, (place, item): (usize, usize)) -> Option<Value> {
    let extensions = &certificate.extensions;
    let basic = extensions.basic_constraints.as_ref();
    let alternative = |form: &str| {
        let names = extensions.subject_alt_name.iter().flatten().filter(move |name| name.form() == form);
        Value::texts(&mut names.map(shown))
    };
    Some(match fact {
        Fact::Subject => Value::Record(place, SUBJECT),
        Fact::Issuer => Value::Record(place, ISSUER),
        Fact::SerialNumber => Value::Text(hexadecimal(&certificate.serial_number)),
        Fact::NotBefore => Value::Time(certificate.validity.not_before),
        Fact::NotAfter => Value::Time(certificate.validity.not_after),
        Fact::Key => Value::Record(place, 0),
        Fact::SignatureAlgorithm => Value::Text(signed_with(certificate)),
        Fact::KeyUsage => Value::texts(&mut extensions.key_usage?.bits().map(|bit| bit.word().to_owned())),
        Fact::ExtendedKeyUsage => {
            Value::texts(&mut extensions.extended_key_usage.as_ref()?.iter().map(usage_word))
        }
        Fact::DnsNames => alternative("dNSName"),
        Fact::IpAddresses => alternative("iPAddress"),
        Fact::MailAddresses => alternative("rfc822Name"),
        Fact::Uris => alternative("uniformResourceIdentifier"),
        Fact::IsAuthority => Value::Bool(basic.is_some_and(|basic| basic.ca)),
        Fact::PathLength => Value::Int(i64::from(basic?.path_length?)),
        Fact::Policies => {
            let policies = extensions.certificate_policies.iter().flatten();
            Value::texts(&mut policies.map(|one| one.policy.to_string()))
        }
        Fact::Fingerprint => Value::Text(hexadecimal(&certificate.fingerprint)),
        Fact::Extensions => Value::records(extensions.all.len(), Value::Record, place),
        Fact::SelfIssued => Value::Bool(certificate.subject == certificate.issuer),
        Fact::Kind => Value::Text(key_word(&certificate.public_key)),
        Fact::Bits => Value::count(key_bits(&certificate.public_key)?),
        Fact::Oid => Value::Text(extensions.all.get(item)?.kind.to_string()),
        Fact::Critical => Value::Bool(extensions.all.get(item)?.critical),
        _ if item == ISSUER => of_name(fact, &certificate.issuer)?,
        _ => of_name(fact, &certificate.subject)?,
    })
}

/// As `algorithms.signatures` spells it.
fn signed_with(certificate: &Certificate) -> String {
    let algorithm = &certificate.signature_algorithm;
    signature::identify(algorithm)
        .map_or_else(|_| algorithm.algorithm.to_string(), |known| known.word().to_owned())
}

/// By the words of documents alone: a word that came to be known later would change what a rule means.
fn usage_word(usage: &Oid) -> String {
    let known = key::EXTENDED_KEY_USAGES.iter().find(|(_, known)| known == usage);
    known.map_or_else(|| usage.to_string(), |(word, _)| (*word).to_owned())
}

/// The values of an attribute wherever it stands; one that is no text as RFC 4514 2.4 writes it.
fn of_name(fact: Fact, name: &Name) -> Option<Value> {
    let kind = match fact {
        Fact::Text => return Some(Value::Text(name.to_string())),
        Fact::CommonName => oid::COMMON_NAME,
        Fact::Organization => oid::ORGANIZATION_NAME,
        Fact::OrganizationalUnit => oid::ORGANIZATIONAL_UNIT_NAME,
        Fact::Country => oid::COUNTRY_NAME,
        Fact::State => oid::STATE_OR_PROVINCE_NAME,
        Fact::Locality => oid::LOCALITY_NAME,
        Fact::DeviceNumber => oid::SERIAL_NUMBER,
        Fact::Mail => oid::EMAIL_ADDRESS,
        Fact::DomainComponent => oid::DOMAIN_COMPONENT,
        _ => return None,
    };
    let attributes = name.rdns.iter().flat_map(|rdn| &rdn.attributes).filter(|one| one.kind == kind);
    Some(Value::texts(&mut attributes.map(|one| match &one.text {
        Some(text) => text.clone(),
        None => format!("#{}", hexadecimal(&one.value)),
    })))
}

/// A name as people write it.
fn shown(name: &GeneralName) -> String {
    match name {
        GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => text.clone(),
        GeneralName::IpAddress(octets) => {
            address_of(octets).map_or_else(|| hexadecimal(octets), |address| address.to_string())
        }
        GeneralName::DirectoryName(name) => name.to_string(),
        GeneralName::RegisteredId(kind) => kind.to_string(),
        GeneralName::OtherName(_, octets)
        | GeneralName::X400Address(octets)
        | GeneralName::EdiPartyName(octets) => hexadecimal(octets),
    }
}

/// As `algorithms.keys` spells it; dotted where that has no word.
fn key_word(key: &PublicKey) -> String {
    key.kind().map_or_else(|| key.algorithm.algorithm.to_string(), |kind| kind.word().to_owned())
}

/// RFC 8017 2, FIPS 186-4 4.1, SEC 2, RFC 8032 5. Parameter sets of ML-DSA are no sizes.
fn key_bits(key: &PublicKey) -> Option<usize> {
    match &key.material {
        KeyMaterial::Rsa { modulus, .. } => Some(bit_length(modulus)),
        KeyMaterial::Dsa { parameters, .. } => {
            parameters.as_ref().map(|parameters| bit_length(&parameters.p))
        }
        _ => match key.kind()? {
            KeyKind::P256 | KeyKind::Ed25519 => Some(256),
            KeyKind::P384 => Some(384),
            KeyKind::P521 => Some(521),
            KeyKind::Ed448 => Some(456),
            _ => None,
        },
    }
}

/// R-CC-8, D-22: the status, and the first source that it rests on.
pub(super) fn of_status(fact: Fact, status: Option<&CertificateStatus>) -> Option<Value> {
    let word = status.map_or("not-asked", |status| word(&status.status));
    if fact == Fact::Word {
        return Some(Value::Text(word.to_owned()));
    }
    let status = status?;
    let is_behind = |check: &&StatusCheck| match status.status {
        RevocationStatus::Good => check.outcome == CheckOutcome::Good,
        RevocationStatus::Unknown => check.outcome == CheckOutcome::Unknown,
        _ => false,
    };
    let check = status.checks.iter().find(is_behind);
    match fact {
        Fact::FreshUntil => status.fresh_until.map(Value::Time),
        Fact::Source => Some(Value::Text(source_word(check?.source).to_owned())),
        _ => Some(Value::Text(check?.acceptance.as_ref()?.model.word().to_owned())),
    }
}

fn word(status: &RevocationStatus) -> &'static str {
    match status {
        RevocationStatus::Good => "good",
        RevocationStatus::NotAsked => "not-asked",
        RevocationStatus::Revoked(_) => "revoked",
        RevocationStatus::Undetermined(_) => "undetermined",
        RevocationStatus::Unknown => "unknown",
    }
}
