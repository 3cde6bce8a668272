//! The forms of GeneralName (RFC 5280 4.2.1.6). No matching rules live here.

use super::name::Name;
use crate::der::{self, Decoded, Element, Problem, Reader};
use crate::oid::Oid;

/// One name of a subjectAltName, a distribution point or a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// `[0]` otherName: its type and the encoding of its value.
    OtherName(Oid, Vec<u8>),
    /// `[1]` rfc822Name, IA5 text.
    Rfc822Name(String),
    /// `[2]` dNSName, IA5 text.
    DnsName(String),
    /// `[3]` x400Address, undecoded.
    X400Address(Vec<u8>),
    /// `[4]` directoryName.
    DirectoryName(Name),
    /// `[5]` ediPartyName, undecoded.
    EdiPartyName(Vec<u8>),
    /// `[6]` uniformResourceIdentifier, IA5 text.
    Uri(String),
    /// `[7]` iPAddress: 4 or 16 octets in a name, 8 or 32 in a constraint. The decoder of each place checks.
    IpAddress(Vec<u8>),
    /// `[8]` registeredID.
    RegisteredId(Oid),
}

impl GeneralName {
    /// The RFC's word for this form.
    #[must_use]
    pub fn form(&self) -> &'static str {
        match self {
            Self::OtherName(..) => "otherName",
            Self::Rfc822Name(_) => "rfc822Name",
            Self::DnsName(_) => "dNSName",
            Self::X400Address(_) => "x400Address",
            Self::DirectoryName(_) => "directoryName",
            Self::EdiPartyName(_) => "ediPartyName",
            Self::Uri(_) => "uniformResourceIdentifier",
            Self::IpAddress(_) => "iPAddress",
            Self::RegisteredId(_) => "registeredID",
        }
    }

    /// The URI, if it is one that a host could fetch. Names of other forms, and URIs of other schemes than http and
    /// https, are not: a directory is not asked (attack case D-24).
    #[must_use]
    pub fn http_uri(&self) -> Option<&str> {
        let Self::Uri(uri) = self else { return None };
        let scheme = uri.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https")).then_some(uri)
    }
}

impl GeneralName {
    /// Reads one name; an iPAddress has 4 or 16 octets (RFC 5280 4.2.1.6).
    pub(crate) fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        decode_form(reader, field, [4, 16])
    }

    /// Reads the base of a subtree: as [`GeneralName::decode`], but an iPAddress is an address and a mask of
    /// 8 or 32 octets together (RFC 5280 4.2.1.10).
    pub(crate) fn decode_base(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        decode_form(reader, field, [8, 32])
    }

    /// Reads `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName` under `tag`.
    pub(crate) fn decode_list(
        reader: &mut Reader<'_>,
        tag: der::Tag,
        field: &'static str,
    ) -> Decoded<Vec<Self>> {
        reader.list_of(tag, field, |inner| Self::decode(inner, field))
    }
}

fn decode_form(
    reader: &mut Reader<'_>,
    field: &'static str,
    address_lengths: [usize; 2],
) -> Decoded<GeneralName> {
    let element = reader.any(field)?;
    match element.tag {
        0xa0 => decode_other_name(&element, field),
        0x81 => ia5_text(&element, field).map(GeneralName::Rfc822Name),
        0x82 => ia5_text(&element, field).map(GeneralName::DnsName),
        0xa3 => Ok(GeneralName::X400Address(element.encoded.to_vec())),
        0xa4 => decode_directory_name(&element, field),
        0xa5 => Ok(GeneralName::EdiPartyName(element.encoded.to_vec())),
        0x86 => ia5_text(&element, field).map(GeneralName::Uri),
        0x87 if address_lengths.contains(&element.content.len()) => {
            Ok(GeneralName::IpAddress(element.content.to_vec()))
        }
        0x87 => Err(element.malformed(field, Problem::OutOfRange)),
        0x88 => Oid::from_content(element.content)
            .map(GeneralName::RegisteredId)
            .ok_or_else(|| element.malformed(field, Problem::InvalidObjectIdentifier)),
        found => {
            let problem = Problem::UnexpectedTag { expected: der::context(2), found: Some(found) };
            Err(element.malformed(field, problem))
        }
    }
}

/// `OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }`, tagged implicitly.
fn decode_other_name(element: &Element<'_>, field: &'static str) -> Decoded<GeneralName> {
    let mut inner = Reader::inside(element);
    let kind = inner.oid(field)?;
    let mut explicit = inner.nested(der::context_constructed(0), field)?;
    let value = explicit.any(field)?.encoded.to_vec();
    explicit.finish(field)?;
    inner.finish(field)?;
    Ok(GeneralName::OtherName(kind, value))
}

/// Name is a CHOICE, so its tag is explicit (X.680 31.2.7).
fn decode_directory_name(element: &Element<'_>, field: &'static str) -> Decoded<GeneralName> {
    let mut inner = Reader::inside(element);
    let name = Name::decode(&mut inner, field)?;
    inner.finish(field)?;
    Ok(GeneralName::DirectoryName(name))
}

/// IA5String content: ASCII, NUL and other controls included. Whether it is a host name is judged elsewhere.
fn ia5_text(element: &Element<'_>, field: &'static str) -> Decoded<String> {
    let text = std::str::from_utf8(element.content).ok().filter(|text| text.is_ascii());
    text.map(str::to_owned).ok_or_else(|| element.malformed(field, Problem::InvalidCharacter))
}
