//! What the subject of a certificate presents besides subjectAltName, and how a presented name is written in
//! a finding: bounded, and each name a value of its own. No rule lives here.

use std::net::IpAddr;

use crate::certificate::general_name::GeneralName;
use crate::certificate::name::{Attribute, Name};
use crate::certificate::name_syntax::{PresentedDnsName, address_of};
use crate::finding::Value;
use crate::oid::{self, Oid};

/// Most characters of one name that a finding shows: a DNS name (253) fits.
const MAXIMUM_SHOWN: usize = 256;

/// What a common name identifies when it stands in for a missing subjectAltName (RFC 9525 2 says never; the
/// setting `common_name_fallback` may say otherwise).
#[derive(Clone, Copy, Debug)]
pub(super) enum CommonNameIdentifier<'a> {
    Address(IpAddr),
    Dns(PresentedDnsName<'a>),
}

impl<'a> CommonNameIdentifier<'a> {
    /// `None` for a text that is neither an address nor a DNS name, and so never matches one.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        match text.parse() {
            Ok(address) => Some(Self::Address(address)),
            Err(_) => PresentedDnsName::parse(text).ok().map(Self::Dns),
        }
    }
}

/// The common names of `subject`.
pub(super) fn common_names(subject: &Name) -> impl Iterator<Item = &Attribute> {
    attributes(subject, oid::COMMON_NAME)
}

/// The electronic mail addresses in `subject` (RFC 5280 4.1.2.6).
pub(super) fn email_addresses(subject: &Name) -> impl Iterator<Item = &Attribute> {
    attributes(subject, oid::EMAIL_ADDRESS)
}

fn attributes(subject: &Name, kind: Oid) -> impl Iterator<Item = &Attribute> {
    subject.rdns.iter().flat_map(|rdn| &rdn.attributes).filter(move |attribute| attribute.kind == kind)
}

/// A name as a finding shows it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'a> {
    Attribute(&'a Attribute),
    Directory(&'a Name),
    General(&'a GeneralName),
}

impl Shown<'_> {
    /// Octets of the name itself, as far as a comparison may look at them.
    pub(super) fn octets(self) -> usize {
        match self {
            Self::Attribute(attribute) => attribute.value.len(),
            Self::Directory(name) => name.der.len(),
            Self::General(name) => match name {
                GeneralName::DirectoryName(name) => name.der.len(),
                GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => {
                    text.len()
                }
                GeneralName::IpAddress(octets)
                | GeneralName::X400Address(octets)
                | GeneralName::EdiPartyName(octets)
                | GeneralName::OtherName(_, octets) => octets.len(),
                GeneralName::RegisteredId(_) => 0,
            },
        }
    }

    /// Text cut to a bound; octets only where there is no text.
    pub(super) fn value(self) -> Value {
        match self {
            Self::Attribute(attribute) => Value::Text(cut(&attribute_text(attribute))),
            Self::Directory(name) => Value::Text(directory_text(name)),
            Self::General(name) => general_value(name),
        }
    }
}

fn general_value(name: &GeneralName) -> Value {
    match name {
        GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => {
            Value::Text(cut(text))
        }
        GeneralName::DirectoryName(name) => Value::Text(directory_text(name)),
        GeneralName::IpAddress(octets) => address_value(octets),
        GeneralName::OtherName(kind, _) | GeneralName::RegisteredId(kind) => Value::Oid(kind.clone()),
        GeneralName::X400Address(octets) | GeneralName::EdiPartyName(octets) => cut_octets(octets),
    }
}

/// An address, an address and its mask, or the octets as they stand.
fn address_value(octets: &[u8]) -> Value {
    let halves = octets.split_at_checked(octets.len() / 2).unwrap_or_default();
    match (address_of(octets), address_of(halves.0), address_of(halves.1)) {
        (Some(address), ..) => Value::text(address.to_string()),
        (None, Some(base), Some(mask)) => Value::text(format!("{base}/{mask}")),
        _ => cut_octets(octets),
    }
}

fn cut_octets(octets: &[u8]) -> Value {
    Value::Octets(octets.iter().copied().take(MAXIMUM_SHOWN).collect())
}

fn cut(text: &str) -> String {
    text.chars().take(MAXIMUM_SHOWN).collect()
}

/// `CN=a, O=b`, in the order of the encoding; work is bounded before anything is joined.
fn directory_text(name: &Name) -> String {
    let attributes = name.rdns.iter().flat_map(|rdn| &rdn.attributes).take(MAXIMUM_SHOWN);
    let parts: Vec<String> = attributes.map(labelled_text).collect();
    cut(&parts.join(", "))
}

fn labelled_text(attribute: &Attribute) -> String {
    let text = cut(&attribute_text(attribute));
    match oid::label(&attribute.kind) {
        Some(label) => format!("{label}={text}"),
        None => format!("{}={text}", attribute.kind),
    }
}

fn attribute_text(attribute: &Attribute) -> String {
    match &attribute.text {
        Some(text) => cut(text),
        None => attribute.value.iter().take(MAXIMUM_SHOWN).map(|octet| format!("{octet:02x}")).collect(),
    }
}
