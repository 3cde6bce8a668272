//! Reference identifiers against presented identifiers (RFC 9525 6). A match of any reference with any
//! presented identifier of its kind is enough; no reference at all never matches.
//!
//! Each kind is compared with its own form of subjectAltName alone: a dNSName that spells an address is no
//! address (RFC 9525 6.2). The common name is looked at only under `common_name_fallback`, only where there is no
//! subjectAltName of any form, and only where there is exactly one. Work is linear in the names presented;
//! what is reported is not: findings show the first few.
//!
//! Where we differ from the text: a wildcard needs two labels after it, since nobody may hold every name
//! under a top-level domain (RFC 9525 7.1 leaves that to the implementation).

use std::net::{IpAddr, Ipv6Addr};

use super::name_constraints::Observation;
use super::presented::{CommonNameIdentifier, Shown, common_names};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::certificate::name_syntax::{DnsName, Host, Mailbox, NameFault, PresentedDnsName, Uri, address_of};
use crate::finding::{Code, Value};
use crate::settings::{NameSettings, Wildcards};

/// Most identifiers of either kind that a finding shows. Ours: an error text must not grow with the certificate.
const MAXIMUM_SHOWN: usize = 8;
/// Fewest labels after a wildcard.
const LABELS_AFTER_WILDCARD: usize = 2;

/// What the certificate's holder is expected to be called (RFC 9525 6.1). Always sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceIdentifier {
    /// The name as it was given, in the form it is compared with; shown in findings.
    name: GeneralName,
}

impl ReferenceIdentifier {
    /// A DNS-ID. One trailing dot, the mark of an absolute name, is dropped (RFC 9525 6.3 compares labels).
    ///
    /// # Errors
    /// Why `text` is no host name; a wildcard is none.
    pub fn dns(text: &str) -> Result<Self, NameFault> {
        let relative = text.strip_suffix('.').unwrap_or(text);
        DnsName::parse(relative).map(|name| Self { name: GeneralName::DnsName(name.as_str().to_owned()) })
    }

    /// An IP-ID, of 4 or 16 octets.
    ///
    /// # Errors
    /// [`NameFault::Address`] for any other number of octets.
    pub fn address(octets: &[u8]) -> Result<Self, NameFault> {
        address_of(octets).map(Self::of_address).ok_or(NameFault::Address)
    }

    /// A mailbox.
    ///
    /// # Errors
    /// Why `text` is none.
    pub fn mail(text: &str) -> Result<Self, NameFault> {
        Mailbox::parse(text).map(|_| Self { name: GeneralName::Rfc822Name(text.to_owned()) })
    }

    /// A URI-ID: the scheme and the host of `text` count, the rest does not (RFC 9525 6.1.1, 6.5).
    ///
    /// # Errors
    /// Why `text` is no absolute URI, or [`NameFault::HostMissing`].
    pub fn uri(text: &str) -> Result<Self, NameFault> {
        let uri = Uri::parse(text)?;
        uri.host.map(|_| Self { name: GeneralName::Uri(text.to_owned()) }).ok_or(NameFault::HostMissing)
    }

    /// The subject name itself, compared whole (RFC 5280 7.1).
    ///
    /// # Errors
    /// [`NameFault::Empty`]: an empty name identifies nobody.
    pub fn directory(name: Name) -> Result<Self, NameFault> {
        if name.is_empty() {
            Err(NameFault::Empty)
        } else {
            Ok(Self { name: GeneralName::DirectoryName(name) })
        }
    }

    /// What a client was asked to connect to: an address literal, IPv6 with or without brackets, or else a
    /// host name.
    ///
    /// # Errors
    /// Why `text` is none of these.
    pub fn host(text: &str) -> Result<Self, NameFault> {
        if let Some(literal) = text.strip_prefix('[') {
            let address = literal.strip_suffix(']').and_then(|literal| literal.parse::<Ipv6Addr>().ok());
            return address.map(|address| Self::of_address(address.into())).ok_or(NameFault::Address);
        }
        match text.parse() {
            Ok(address) => Ok(Self::of_address(address)),
            Err(_) => Self::dns(text),
        }
    }

    fn of_address(address: IpAddr) -> Self {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        Self { name: GeneralName::IpAddress(octets) }
    }

    /// The name and its form, as it is compared.
    #[must_use]
    pub fn name(&self) -> &GeneralName {
        &self.name
    }
}

/// Checks that one of `references` matches an identifier presented by the certificate (RFC 9525 6).
///
/// # Errors
/// [`Code::IdentityMismatch`] with the expected and the first presented identifiers and their number.
pub fn check_identity(
    references: &[ReferenceIdentifier],
    subject: &Name,
    alternative: Option<&[GeneralName]>,
    settings: &NameSettings,
) -> Result<(), Observation> {
    let expected: Vec<Expected<'_>> = references.iter().filter_map(|one| Expected::read(&one.name)).collect();
    let any =
        |presented: Identifier<'_>| expected.iter().any(|one| one.matches(&presented, settings.wildcards));
    let matched = match alternative {
        Some(names) => names.iter().filter_map(Identifier::read).any(any),
        None if settings.common_name_fallback => common_name_identifier(subject).is_some_and(any),
        None => false,
    };
    // A subject is presented whether or not there are alternative names.
    if matched || any(Identifier::Directory(subject)) {
        return Ok(());
    }
    Err((Code::IdentityMismatch, mismatch_details(references, subject, alternative)))
}

/// A reference identifier, read once for all presented ones.
enum Expected<'a> {
    Address(IpAddr),
    Directory(&'a Name),
    Dns(DnsName<'a>),
    Mail(Mailbox<'a>),
    Uri(&'a str, Host<'a>),
}

impl<'a> Expected<'a> {
    /// INVARIANT: every constructor of [`ReferenceIdentifier`] has read the same name before, so `None` does
    /// not happen; if it did, nothing would match.
    fn read(name: &'a GeneralName) -> Option<Self> {
        match name {
            GeneralName::DirectoryName(name) => Some(Self::Directory(name)),
            GeneralName::DnsName(text) => DnsName::parse(text).ok().map(Self::Dns),
            GeneralName::IpAddress(octets) => address_of(octets).map(Self::Address),
            GeneralName::Rfc822Name(text) => Mailbox::parse(text).ok().map(Self::Mail),
            GeneralName::Uri(text) => {
                let uri = Uri::parse(text).ok()?;
                uri.host.map(|host| Self::Uri(uri.scheme, host))
            }
            GeneralName::OtherName(..)
            | GeneralName::X400Address(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => None,
        }
    }

    fn matches(&self, presented: &Identifier<'_>, wildcards: Wildcards) -> bool {
        match (self, presented) {
            // RFC 9525 6.4: octets, so the families never meet.
            (Self::Address(expected), Identifier::Address(address)) => expected == address,
            (Self::Directory(expected), Identifier::Directory(name)) => expected == name,
            (Self::Dns(expected), Identifier::Dns(name)) => dns_matches(*expected, *name, wildcards),
            (Self::Mail(expected), Identifier::Mail(mailbox)) => expected.equals(mailbox),
            // RFC 9525 6.5: scheme and host both match; no wildcard here.
            (Self::Uri(scheme, host), Identifier::Uri(presented_scheme, presented_host)) => {
                scheme.eq_ignore_ascii_case(presented_scheme) && host.equals(*presented_host)
            }
            _ => false,
        }
    }
}

/// RFC 9525 6.3: a wildcard stands for exactly one label.
fn dns_matches(expected: DnsName<'_>, presented: PresentedDnsName<'_>, wildcards: Wildcards) -> bool {
    match (presented, wildcards) {
        (PresentedDnsName::Exact(name), _) => expected.equals(name),
        (PresentedDnsName::Wildcard(_), Wildcards::Refuse) => false,
        (PresentedDnsName::Wildcard(parent), Wildcards::LeftmostLabel) => {
            parent.labels() >= LABELS_AFTER_WILDCARD
                && expected.parent().is_some_and(|expected_parent| expected_parent.equals(parent))
        }
    }
}

/// A presented identifier; one with a wrong syntax is none.
enum Identifier<'a> {
    Address(IpAddr),
    Directory(&'a Name),
    Dns(PresentedDnsName<'a>),
    Mail(Mailbox<'a>),
    Uri(&'a str, Host<'a>),
}

impl<'a> Identifier<'a> {
    fn read(name: &'a GeneralName) -> Option<Self> {
        match name {
            GeneralName::DnsName(text) => PresentedDnsName::parse(text).ok().map(Self::Dns),
            GeneralName::IpAddress(octets) => address_of(octets).map(Self::Address),
            GeneralName::Rfc822Name(text) => Mailbox::parse(text).ok().map(Self::Mail),
            GeneralName::Uri(text) => {
                let uri = Uri::parse(text).ok()?;
                uri.host.map(|host| Self::Uri(uri.scheme, host))
            }
            // A directory reference is about the subject; the others have no reference identifier.
            GeneralName::DirectoryName(_)
            | GeneralName::OtherName(..)
            | GeneralName::X400Address(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => None,
        }
    }
}

/// The one common name of `subject`. Two would leave open which of them counts, so neither does.
fn common_name_identifier(subject: &Name) -> Option<Identifier<'_>> {
    let mut names = common_names(subject);
    let only = names.next().filter(|_| names.next().is_none())?;
    match CommonNameIdentifier::parse(only.text.as_deref()?)? {
        CommonNameIdentifier::Address(address) => Some(Identifier::Address(address)),
        CommonNameIdentifier::Dns(name) => Some(Identifier::Dns(name)),
    }
}

fn mismatch_details(
    references: &[ReferenceIdentifier],
    subject: &Name,
    alternative: Option<&[GeneralName]>,
) -> Vec<(&'static str, Value)> {
    let mut details = Vec::new();
    for reference in references.iter().take(MAXIMUM_SHOWN) {
        details.push(("form", Value::text(reference.name.form())));
        details.push(("expected", Shown::General(&reference.name).value()));
    }
    if !subject.is_empty() {
        details.push(("subject", Shown::Directory(subject).value()));
    }
    let presented = alternative.unwrap_or_default();
    for name in presented.iter().take(MAXIMUM_SHOWN) {
        details.push(("form", Value::text(name.form())));
        details.push(("presented", Shown::General(name).value()));
    }
    details.push(("presentedNames", Value::count(presented.len())));
    details
}
