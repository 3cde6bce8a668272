//! Every fact that a custom rule may see, once: its name, its type, and whether it may be absent. What stands here is
//! found by finished stages; where each comes from is `policy::custom`'s. `engine/rules.md` shows the same table to
//! people, which a test holds to this one.

use super::kind::Kind;

/// What a rule is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Each certificate of the path, the anchor's included, one after another.
    Certificate,
    /// The path as a whole, once.
    Path,
}

/// A group of facts that stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// One certificate of the path.
    Certificate,
    /// One extension of a certificate.
    Extension,
    /// The public key of a certificate.
    Key,
    /// A distinguished name.
    Name,
    /// What is known by itself.
    Question,
    /// The revocation status of a certificate.
    Status,
}

impl Record {
    /// The word for its type.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Extension => "extension",
            Self::Key => "key",
            Self::Name => "name",
            Self::Question => "question",
            Self::Status => "status",
        }
    }
}

/// Whether a fact is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Always,
    /// It is where rules are asked for each certificate.
    EachCertificate,
    /// It may be absent: `has()` says, and reading it where it is absent fails.
    Optional,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The fact.
    pub fact: Fact,
    /// The record that has it.
    pub record: Record,
    /// Its name in expressions.
    pub name: &'static str,
    pub(super) kind: Kind,
    /// Whether it is there.
    pub presence: Presence,
}

macro_rules! facts {
    ($($record:ident { $($(#[doc = $doc:literal])+ $fact:ident = $name:literal, $kind:expr, $presence:ident;)+ })+) => {
        /// A fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact { $($($(#[doc = $doc])+ $fact,)+)+ }

        /// Every fact.
        pub const TABLE: &[Row] = &[$($(Row {
            fact: Fact::$fact,
            record: Record::$record,
            name: $name,
            kind: $kind,
            presence: Presence::$presence,
        }),+),+];
    };
}

const TEXTS: Kind = Kind::TEXT.list();
const CERTIFICATE: Kind = Kind::record(Record::Certificate);
const NAME: Kind = Kind::record(Record::Name);

facts! {
    Question {
        /// The moment of validation.
        At = "at", Kind::TIME, Always;
        /// `standard` or `common-criteria`.
        Mode = "mode", Kind::TEXT, Always;
        /// The purpose asked for, or no text at all.
        Purpose = "purpose", Kind::TEXT, Always;
        /// The names asked for.
        Names = "names", TEXTS, Always;
        /// The certificate asked about: the first of the path.
        Target = "target", CERTIFICATE, Always;
        /// The path, the target first and the trust anchor last.
        Path = "path", CERTIFICATE.list(), Always;
        /// The trust anchor: the last of the path.
        Anchor = "anchor", CERTIFICATE, Always;
        /// The revocation status of each certificate of the path, in its order.
        Status = "status", Kind::record(Record::Status).list(), Always;
        /// The certificate that the rule is asked about.
        Certificate = "certificate", CERTIFICATE, EachCertificate;
        /// Its place in the path, from 0.
        Position = "position", Kind::INT, EachCertificate;
    }
    Certificate {
        /// Whose it is.
        Subject = "subject", NAME, Always;
        /// Who issued it.
        Issuer = "issuer", NAME, Always;
        /// Its serial number, the octets in lower-case hexadecimal.
        SerialNumber = "serial_number", Kind::TEXT, Always;
        /// The first moment of its validity.
        NotBefore = "not_before", Kind::TIME, Always;
        /// The last moment of its validity.
        NotAfter = "not_after", Kind::TIME, Always;
        /// Its public key.
        Key = "key", Kind::record(Record::Key), Always;
        /// What it was signed with, as in `algorithms.signatures`; dotted where that has no word.
        SignatureAlgorithm = "signature_algorithm", Kind::TEXT, Always;
        /// Its key usages; absent where it has no such extension, which allows them all.
        KeyUsage = "key_usage", TEXTS, Optional;
        /// Its extended key usages, by the words of `purposes`, or dotted; absent where it has no such extension.
        ExtendedKeyUsage = "extended_key_usage", TEXTS, Optional;
        /// Its DNS names.
        DnsNames = "dns_names", TEXTS, Always;
        /// Its addresses.
        IpAddresses = "ip_addresses", TEXTS, Always;
        /// Its addresses for mail.
        MailAddresses = "mail_addresses", TEXTS, Always;
        /// Its URIs.
        Uris = "uris", TEXTS, Always;
        /// Its basicConstraints say that it is an authority.
        IsAuthority = "is_authority", Kind::BOOL, Always;
        /// pathLenConstraint.
        PathLength = "path_length", Kind::INT, Optional;
        /// Its certificate policies, dotted.
        Policies = "policies", TEXTS, Always;
        /// SHA-256 of the whole encoding, in lower-case hexadecimal.
        Fingerprint = "fingerprint", Kind::TEXT, Always;
        /// Its extensions.
        Extensions = "extensions", Kind::record(Record::Extension).list(), Always;
        /// Subject and issuer are the same name.
        SelfIssued = "self_issued", Kind::BOOL, Always;
    }
    Name {
        /// The whole name (RFC 4514).
        Text = "text", Kind::TEXT, Always;
        /// Every commonName.
        CommonName = "common_name", TEXTS, Always;
        /// Every organizationName.
        Organization = "organization", TEXTS, Always;
        /// Every organizationalUnitName.
        OrganizationalUnit = "organizational_unit", TEXTS, Always;
        /// Every countryName.
        Country = "country", TEXTS, Always;
        /// Every stateOrProvinceName.
        State = "state", TEXTS, Always;
        /// Every localityName.
        Locality = "locality", TEXTS, Always;
        /// Every serialNumber of a person or device.
        DeviceNumber = "device_number", TEXTS, Always;
        /// Every emailAddress.
        Mail = "mail", TEXTS, Always;
        /// Every domainComponent.
        DomainComponent = "domain_component", TEXTS, Always;
    }
    Key {
        /// Its kind, as in `algorithms.keys`.
        Kind = "kind", Kind::TEXT, Always;
        /// Its size: of the modulus, the prime, the curve. Absent for ML-DSA.
        Bits = "bits", Kind::INT, Optional;
    }
    Extension {
        /// Its identifier, dotted.
        Oid = "oid", Kind::TEXT, Always;
        /// It is critical.
        Critical = "critical", Kind::BOOL, Always;
    }
    Status {
        /// `good`, `unknown`, `undetermined` or `not-asked`; a revoked one is never accepted.
        Word = "status", Kind::TEXT, Always;
        /// `ocsp` or `crl`: what said so.
        Source = "source", Kind::TEXT, Optional;
        /// By which trust model it is believed.
        Model = "model", Kind::TEXT, Optional;
        /// Until when it is fresh.
        FreshUntil = "fresh_until", Kind::TIME, Optional;
    }
}

impl Fact {
    /// Its name in expressions.
    #[must_use]
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.fact == self).map_or("", |row| row.name)
    }
}

impl Fact {
    /// Every word that it can be, where these are known; of others, none.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Mode => &["standard", "common-criteria"],
            Self::Model => &["issuing-authority", "delegate", "designated", "crl-issuer"],
            Self::Source => &["ocsp", "crl"],
            Self::Word => &["good", "unknown", "undetermined", "not-asked"],
            _ => &[],
        }
    }

    /// Whether it counts something, and so is never below nothing.
    pub(super) fn is_count(self) -> bool {
        matches!(self, Self::Bits | Self::PathLength | Self::Position)
    }
}

/// The facts of `record` that an expression of `scope` may name.
pub(super) fn visible(record: Record, scope: Scope) -> impl Iterator<Item = &'static Row> {
    let hidden = move |row: &Row| row.presence == Presence::EachCertificate && scope != Scope::Certificate;
    TABLE.iter().filter(move |row| row.record == record && !hidden(row))
}
