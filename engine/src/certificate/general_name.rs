//! The forms of GeneralName (RFC 5280 4.2.1.6). No matching rules live here.

use super::name::Name;
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
}
