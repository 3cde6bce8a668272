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
        uri.service_host()
            .map(|_| Self { name: GeneralName::Uri(text.to_owned()) })
            .ok_or(NameFault::HostMissing)
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
                uri.service_host().map(|host| Self::Uri(uri.scheme, host))
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
                uri.service_host().map(|host| Self::Uri(uri.scheme, host))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oid::{self, Oid};

    const CN: Oid = oid::COMMON_NAME;
    const PLAIN: NameSettings =
        NameSettings { wildcards: Wildcards::LeftmostLabel, common_name_fallback: false };
    const NO_WILDCARDS: NameSettings =
        NameSettings { wildcards: Wildcards::Refuse, common_name_fallback: false };
    const FALLBACK: NameSettings =
        NameSettings { wildcards: Wildcards::LeftmostLabel, common_name_fallback: true };

    fn dns(text: &str) -> GeneralName {
        GeneralName::DnsName(text.to_owned())
    }

    fn mail(text: &str) -> GeneralName {
        GeneralName::Rfc822Name(text.to_owned())
    }

    fn uri(text: &str) -> GeneralName {
        GeneralName::Uri(text.to_owned())
    }

    fn ip(octets: &[u8]) -> GeneralName {
        GeneralName::IpAddress(octets.to_vec())
    }

    fn host(text: &str) -> ReferenceIdentifier {
        ReferenceIdentifier::host(text).unwrap()
    }

    fn common_name(text: &str) -> Name {
        Name::of_attributes(&[(CN, text)])
    }

    /// Whether an empty subject with these alternative names matches.
    fn matches(reference: &ReferenceIdentifier, alternative: &[GeneralName]) -> bool {
        let references = std::slice::from_ref(reference);
        check_identity(references, &Name::of_attributes(&[]), Some(alternative), &PLAIN).is_ok()
    }

    fn code(outcome: Result<(), Observation>) -> Option<Code> {
        outcome.err().map(|(code, _)| code)
    }

    #[test]
    fn a_dns_reference_meets_equal_names_and_one_label_wildcards() {
        for (reference, presented, expected) in [
            ("example.com", "example.com", true),
            ("EXAMPLE.com", "example.COM", true),
            ("example.com.", "example.com", true),
            ("example.com", "example.com.", false),
            ("example.com", "example2.com", false),
            ("abc.example.com", "example.com", false),
            ("example.com", "abc.example.com", false),
            ("foo.example.com", "*.example.com", true),
            ("FOO.Example.com", "*.example.COM", true),
            ("xn--628h.example.com", "*.example.com", true),
            ("example.com", "*.example.com", false),
            ("bar.foo.example.com", "*.example.com", false),
            ("foo.bar.example.com", "foo.*.example.com", false),
            ("baz.example.com", "ba*.example.com", false),
            ("xn--bliss-1b3c148a.example.com", "xn--*-1b3c148a.example.com", false),
            ("xn--628h.example.com", "\u{1f61c}.example.com", false),
            ("xn--628h.example.com", "XN--628H.example.com", true),
            ("example.com", "*", false),
            ("com", "*", false),
            ("example.com", "*.com", false),
            ("foo.localhost", "*.localhost", false),
            ("a.example.com", "*.a.example.com", false),
            ("example.com", "example.com\0", false),
            ("example.com", "example.com\0.evil.example", false),
            ("example.com", "", false),
            ("example.com", "a, example.com", false),
        ] {
            assert_eq!(matches(&host(reference), &[dns(presented)]), expected, "{reference} {presented:?}");
        }
    }

    #[test]
    fn wildcards_may_be_refused() {
        let subject = Name::of_attributes(&[]);
        let names = [dns("*.example.com"), dns("exact.example.com")];
        for (reference, refused) in [("foo.example.com", true), ("exact.example.com", false)] {
            let outcome = check_identity(&[host(reference)], &subject, Some(&names), &NO_WILDCARDS);
            assert_eq!(outcome.is_err(), refused, "{reference}");
        }
    }

    #[test]
    fn an_address_meets_octets_alone() {
        let four = [192, 0, 2, 1];
        let six: [u8; 16] = "2001:db8::1".parse::<Ipv6Addr>().unwrap().octets();
        let mapped: [u8; 16] = "::ffff:192.0.2.1".parse::<Ipv6Addr>().unwrap().octets();
        assert!(matches(&host("192.0.2.1"), &[ip(&four)]));
        assert!(matches(&host("2001:DB8:0::1"), &[ip(&six)]));
        assert!(matches(&host("[2001:db8::1]"), &[ip(&six)]));
        assert!(matches(&ReferenceIdentifier::address(&four).unwrap(), &[ip(&four)]));
        for wrong in [
            ip(&[192, 0, 2, 2]),
            ip(&mapped),
            ip(&[192, 0, 2, 1, 255, 255, 255, 255]),
            ip(b"192.0.2.1"),
            ip(&[]),
            dns("192.0.2.1"),
            dns("*.0.2.1"),
            uri("https://192.0.2.1/"),
        ] {
            assert!(!matches(&host("192.0.2.1"), std::slice::from_ref(&wrong)), "{wrong:?}");
        }
        assert!(!matches(&host("2001:db8::1"), &[dns("2001:db8::1")]));
        assert!(!matches(&host("::ffff:192.0.2.1"), &[ip(&four)]));
        // Four octets that spell a word are no host name.
        assert!(!matches(&host("test"), &[ip(b"test")]));
    }

    #[test]
    fn a_mailbox_meets_its_local_part_octet_for_octet() {
        let reference = ReferenceIdentifier::mail("user@example.com").unwrap();
        for (presented, expected) in [
            (mail("user@example.com"), true),
            (mail("user@EXAMPLE.com"), true),
            (mail("USER@example.com"), false),
            (mail("user@a.example.com"), false),
            (mail("user@example.com\0"), false),
            (mail("*@example.com"), false),
            (mail("a@b@example.com"), false),
            (dns("example.com"), false),
        ] {
            assert_eq!(matches(&reference, std::slice::from_ref(&presented)), expected, "{presented:?}");
        }
    }

    #[test]
    fn a_uri_meets_scheme_and_host() {
        let reference = ReferenceIdentifier::uri("https://example.com/a").unwrap();
        for (presented, expected) in [
            ("https://example.com", true),
            ("HTTPS://user@EXAMPLE.com:8443/b", true),
            ("http://example.com", false),
            ("https://example.com@evil.example/", false),
            ("https://*.com/", false),
            ("https:example.com", false),
            ("urn:example.com", false),
        ] {
            assert_eq!(matches(&reference, &[uri(presented)]), expected, "{presented}");
        }
        assert!(!matches(&reference, &[dns("example.com")]));
        assert!(!matches(&host("example.com"), &[uri("https://example.com/")]));
        let sip = ReferenceIdentifier::uri("sip:voice.example").unwrap();
        assert!(matches(&sip, &[uri("sip:VOICE.example")]));
        assert!(!matches(&sip, &[uri("sips:voice.example")]));
        assert!(!matches(&sip, &[uri("sip:alice@voice.example")]));
    }

    #[test]
    fn a_directory_reference_meets_the_whole_subject() {
        let reference =
            |parts: &[(Oid, &str)]| ReferenceIdentifier::directory(Name::of_attributes(parts)).unwrap();
        let subject = Name::of_attributes(&[(oid::ORGANIZATION_NAME, "Example"), (CN, "gateway")]);
        let outcome = |reference| check_identity(&[reference], &subject, None, &PLAIN).is_ok();
        assert!(outcome(reference(&[(oid::ORGANIZATION_NAME, "Example"), (CN, "Gateway")])));
        for wrong in [
            [(oid::ORGANIZATION_NAME, "Example"), (CN, "other")].as_slice(),
            &[(oid::ORGANIZATIONAL_UNIT_NAME, "Example"), (CN, "gateway")],
            &[(CN, "gateway"), (oid::ORGANIZATION_NAME, "Example")],
            &[(oid::ORGANIZATION_NAME, "Example")],
            &[(oid::ORGANIZATION_NAME, "Example"), (CN, "*")],
            &[(oid::ORGANIZATION_NAME, "Example\0"), (CN, "gateway")],
            &[(oid::ORGANIZATION_NAME, "Example"), (CN, "gateway"), (CN, "gateway")],
        ] {
            assert!(!outcome(reference(wrong)), "{wrong:?}");
        }
        // A directoryName of the alternative names is not the subject.
        let alternative = [GeneralName::DirectoryName(common_name("gateway"))];
        assert!(!matches(&reference(&[(CN, "gateway")]), &alternative));
    }

    #[test]
    fn the_common_name_stands_in_only_by_setting_and_without_alternative_names() {
        let subject = common_name("www.example.com");
        let reference = [host("www.example.com")];
        let outcome =
            |alternative, settings| code(check_identity(&reference, &subject, alternative, settings));
        assert_eq!(outcome(None, &PLAIN), Some(Code::IdentityMismatch));
        assert_eq!(outcome(None, &FALLBACK), None);
        let network = [192, 0, 2, 1];
        let alternatives = [
            dns("other.example.com"),
            dns(""),
            ip(&network),
            mail("a@www.example.com"),
            uri("https://www.example.com/"),
            GeneralName::DirectoryName(subject.clone()),
            GeneralName::RegisteredId(CN),
        ];
        for name in alternatives.chunks(1) {
            assert_eq!(outcome(Some(name), &FALLBACK), Some(Code::IdentityMismatch), "{name:?}");
        }
        assert_eq!(outcome(Some(&[]), &FALLBACK), Some(Code::IdentityMismatch));
        let matching = [dns("www.example.com")];
        let other_subject = common_name("other.example.com");
        assert_eq!(code(check_identity(&reference, &other_subject, Some(&matching), &FALLBACK)), None);
    }

    #[test]
    fn a_common_name_is_matched_like_the_name_it_spells() {
        for (reference, presented, expected) in [
            ("www.example.com", "WWW.example.com", true),
            ("www.example.com", "wwx.example.com", false),
            ("www.example.com", "*.example.com", true),
            ("www.example.com", "www.*.com", false),
            ("www.example.com", "www.example.com\0", false),
            ("www.example.com", "www.example.com\0.evil.example", false),
            ("www.example.com", "www.ex\u{e4}mple.com", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "192.0.2.*", false),
            ("192.0.2.1", "*.0.2.1", false),
            ("192.0.2.1", "192.000.002.001", false),
            ("2001:db8::1", "2001:DB8::1", true),
            ("2001:db8::1", "2001:db8::2", false),
            ("2001:db8::1", "2001:db8::*", false),
        ] {
            let outcome = check_identity(&[host(reference)], &common_name(presented), None, &FALLBACK);
            assert_eq!(outcome.is_ok(), expected, "{reference} {presented:?}");
        }
        let twice = Name::of_attributes(&[(CN, "www.example.com"), (CN, "www.example.com")]);
        assert!(check_identity(&[host("www.example.com")], &twice, None, &FALLBACK).is_err());
        let elsewhere = Name::of_attributes(&[(oid::ORGANIZATION_NAME, "www.example.com")]);
        assert!(check_identity(&[host("www.example.com")], &elsewhere, None, &FALLBACK).is_err());
    }

    #[test]
    fn any_reference_may_match_and_none_never_does() {
        let subject = Name::of_attributes(&[]);
        let names = [dns("b.example")];
        let both = [host("a.example"), host("b.example")];
        assert_eq!(code(check_identity(&both, &subject, Some(&names), &PLAIN)), None);
        let mismatch = Some(Code::IdentityMismatch);
        assert_eq!(code(check_identity(&[], &subject, Some(&names), &PLAIN)), mismatch);
        assert_eq!(code(check_identity(&both, &subject, Some(&[]), &PLAIN)), mismatch);
        assert_eq!(code(check_identity(&both, &subject, None, &PLAIN)), mismatch);
    }

    #[test]
    fn a_reference_that_names_nothing_is_refused() {
        use NameFault::{
            Address, Character, Empty, EmptyLabel, HostMissing, LocalPart, NumericLastLabel, Wildcard,
        };
        for (text, fault) in [
            ("", Empty),
            (".", Empty),
            ("example.com..", EmptyLabel),
            ("*.example.com", Wildcard),
            ("foo_bar.example.com", Character),
            ("example.com:443", Character),
            ("example.com\0", Character),
            ("192.0.2", NumericLastLabel),
            ("192.0.2.256", NumericLastLabel),
            ("192.0.2.1.", NumericLastLabel),
            ("[2001:db8::1", Address),
            ("[fe80::1%eth0]", Address),
            ("[192.0.2.1]", Address),
        ] {
            assert_eq!(ReferenceIdentifier::host(text), Err(fault), "{text:?}");
        }
        assert_eq!(ReferenceIdentifier::address(&[1, 2, 3]), Err(Address));
        assert_eq!(ReferenceIdentifier::mail("example.com"), Err(LocalPart));
        assert_eq!(ReferenceIdentifier::uri("urn:a"), Err(HostMissing));
        assert_eq!(ReferenceIdentifier::uri("example.com"), Err(NameFault::Scheme));
        assert_eq!(ReferenceIdentifier::directory(Name::of_attributes(&[])), Err(Empty));
    }

    #[test]
    fn a_mismatch_shows_what_was_expected_and_presented() {
        let names = [dns("b.example"), ip(&[192, 0, 2, 1])];
        let (_, details) =
            check_identity(&[host("a.example")], &common_name("b"), Some(&names), &PLAIN).unwrap_err();
        let expected = vec![
            ("form", Value::text("dNSName")),
            ("expected", Value::text("a.example")),
            ("subject", Value::text("CN=b")),
            ("form", Value::text("dNSName")),
            ("presented", Value::text("b.example")),
            ("form", Value::text("iPAddress")),
            ("presented", Value::text("192.0.2.1")),
            ("presentedNames", Value::Number(2)),
        ];
        assert_eq!(details, expected);
    }

    #[test]
    fn what_is_shown_does_not_grow_with_the_certificate() {
        let long = "a".repeat(60_000);
        let mut names = vec![dns(&long), GeneralName::OtherName(CN, vec![0; 60_000]), ip(&[0; 60_000])];
        names.extend((0..10_000).map(|number| dns(&format!("n{number}.example"))));
        let (_, details) =
            check_identity(&[host("a.example")], &common_name(&long), Some(&names), &PLAIN).unwrap_err();
        let presented = details.iter().filter(|(name, _)| *name == "presented").count();
        assert_eq!((presented, details.last()), (8, Some(&("presentedNames", Value::Number(10_003)))));
        for (name, value) in &details {
            let length = match value {
                Value::Text(text) => text.chars().count(),
                Value::Octets(octets) => octets.len(),
                Value::Number(_) | Value::Oid(_) | Value::Time(_) => 0,
            };
            assert!(length <= 256, "{name} {length}");
        }
    }
}
