//! A decoded CRL, without its entries and without judgement (RFC 5280 5.1, 5.2).
//!
//! The octets are kept once and everything else points into them: a CRL may be 32 MiB long, and nothing is
//! allocated by entry. The entries are read by [`super::crl_index`]. Whether a CRL may be used, for which
//! certificates and when, is for [`super::crl_check`].
//!
//! Where this decoder accepts more than the letter, as the certificate decoder does: ReasonFlags may end in zero
//! bits, and times may be GeneralizedTime before 2050.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::certificate::AlgorithmIdentifier;
use crate::certificate::extension::{
    AuthorityKeyIdentifier, DistributionPoint, DistributionPointName, Extension, decode_reasons,
};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::der::{self, Decoded, Malformed, Problem, Reader};
use crate::oid::{self, Oid};
use crate::time::Instant;

/// No CRL is longer. From OpenSSL's limit for CRLs fetched over HTTP.
pub const MAXIMUM_OCTETS: usize = 32 * 1024 * 1024;
/// No field but the list of entries is longer: decoded fields take several times their encoding. Ours.
pub const MAXIMUM_FIELD_OCTETS: usize = 256 * 1024;
/// Longest cRLNumber, RFC 5280 5.2.3, without the octet that only carries the sign.
pub const MAXIMUM_NUMBER_OCTETS: usize = 20;

/// A decoded CertificateList, RFC 5280 5.1. Every field but the entries is well-formed DER of the right type; it
/// says nothing about truth or use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateList {
    /// The whole encoding.
    pub der: Vec<u8>,
    /// SHA-256 of the whole encoding.
    pub fingerprint: [u8; 32],
    /// version, RFC 5280 5.1.2.1.
    pub version: CrlVersion,
    /// The `signature` field inside the signed part.
    pub signed_algorithm: AlgorithmIdentifier,
    /// The name of the CRL issuer.
    pub issuer: Name,
    /// thisUpdate.
    pub this_update: Instant,
    /// nextUpdate; RFC 5280 5.1.2.5 requires it, its ASN.1 does not.
    pub next_update: Option<Instant>,
    /// The CRL extensions, raw and decoded.
    pub extensions: CrlExtensions,
    /// The signatureAlgorithm field outside the signed part.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature's octets.
    pub signature: Vec<u8>,
    signed_part: Range<usize>,
    entries: Range<usize>,
}

/// Version of a CRL, RFC 5280 5.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrlVersion {
    /// v1: version is absent.
    V1,
    /// v2.
    V2,
}

/// All extensions of a CRL: raw in order, and decoded where the type is known. None stands twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrlExtensions {
    /// Every extension as it stands.
    pub all: Vec<Extension>,
    /// authorityKeyIdentifier, RFC 5280 5.2.1.
    pub authority_key_identifier: Option<AuthorityKeyIdentifier>,
    /// issuerAltName, RFC 5280 5.2.2.
    pub issuer_alt_name: Option<Vec<GeneralName>>,
    /// cRLNumber, RFC 5280 5.2.3.
    pub crl_number: Option<CrlNumber>,
    /// deltaCRLIndicator, RFC 5280 5.2.4: the number of the base CRL.
    pub delta_crl_indicator: Option<CrlNumber>,
    /// issuingDistributionPoint, RFC 5280 5.2.5.
    pub issuing_distribution_point: Option<IssuingDistributionPoint>,
    /// freshestCRL, RFC 5280 5.2.6.
    pub freshest_crl: Option<Vec<DistributionPoint>>,
}

/// A cRLNumber: not negative, at most 20 octets, compared as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrlNumber([u8; MAXIMUM_NUMBER_OCTETS]);

/// RFC 5280 5.2.5. Never wholly empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// distributionPoint.
    pub name: Option<DistributionPointName>,
    /// onlyContainsUserCerts.
    pub only_contains_user_certs: bool,
    /// onlyContainsCACerts.
    pub only_contains_ca_certs: bool,
    /// onlySomeReasons: bit 0 is the top bit of the first octet. An empty BIT STRING is no reason at all.
    pub only_some_reasons: Option<u16>,
    /// indirectCRL.
    pub indirect_crl: bool,
    /// onlyContainsAttributeCerts.
    pub only_contains_attribute_certs: bool,
}

impl CertificateList {
    /// Decodes one CRL but for its entries; nothing may follow it (RFC 5280 5.1).
    ///
    /// # Errors
    /// [`Malformed`], with the offset in `der` of what is wrong.
    pub fn decode(der: Vec<u8>) -> Decoded<Self> {
        if der.len() > MAXIMUM_OCTETS {
            let problem = Problem::TooLarge { limit: MAXIMUM_OCTETS };
            return Err(Malformed { offset: 0, field: "certificateList", problem });
        }
        let mut input = Reader::new(&der);
        let mut outer = input.nested(der::SEQUENCE, "certificateList")?;
        input.finish("certificateList")?;
        let signed = outer.element(der::SEQUENCE, "tbsCertList")?;
        check_size(&outer, "signatureAlgorithm")?;
        let signature_algorithm = AlgorithmIdentifier::decode(&mut outer, "signatureAlgorithm")?;
        check_size(&outer, "signatureValue")?;
        let signature = outer.octet_aligned_bit_string("signatureValue")?.to_vec();
        outer.finish("certificateList")?;
        let signed_part = signed.offset..signed.offset.saturating_add(signed.encoded.len());
        let fields = SignedFields::decode(Reader::inside(&signed))?;
        Ok(Self {
            fingerprint: Sha256::digest(&der).into(),
            version: fields.version,
            signed_algorithm: fields.algorithm,
            issuer: fields.issuer,
            this_update: fields.this_update,
            next_update: fields.next_update,
            extensions: fields.extensions,
            signature_algorithm,
            signature,
            signed_part,
            entries: fields.entries,
            der,
        })
    }

    /// The signed part, exactly as it stands in the input.
    #[must_use]
    pub fn signed_part(&self) -> &[u8] {
        self.der.get(self.signed_part.clone()).unwrap_or_default()
    }

    /// Where revokedCertificates lies in `der`, tag and length included; empty when it is absent.
    pub(super) fn entries(&self) -> Range<usize> {
        self.entries.clone()
    }

    /// Whether this is a delta CRL (RFC 5280 5.2.4).
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.extensions.delta_crl_indicator.is_some()
    }
}

/// TBSCertList, RFC 5280 5.1.2.
struct SignedFields {
    version: CrlVersion,
    algorithm: AlgorithmIdentifier,
    issuer: Name,
    this_update: Instant,
    next_update: Option<Instant>,
    entries: Range<usize>,
    extensions: CrlExtensions,
}

impl SignedFields {
    fn decode(mut reader: Reader<'_>) -> Decoded<Self> {
        let version = CrlVersion::decode(&mut reader)?;
        check_size(&reader, "signature")?;
        let algorithm = AlgorithmIdentifier::decode(&mut reader, "signature")?;
        check_size(&reader, "issuer")?;
        let issuer = Name::decode(&mut reader, "issuer")?;
        let (this_update, _) = reader.time("thisUpdate")?;
        let next_update = match reader.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(reader.time("nextUpdate")?.0),
            _ => None,
        };
        let start = reader.offset();
        // RFC 5280 5.1.2.6: where no certificate is revoked, the list is absent and not empty.
        if let Some(list) = reader.optional(der::SEQUENCE, "revokedCertificates")?
            && list.content.is_empty()
        {
            return Err(list.malformed("revokedCertificates", Problem::Empty));
        }
        let entries = start..reader.offset();
        let extensions = decode_extensions(&mut reader, version)?;
        reader.finish("tbsCertList")?;
        Ok(Self { version, algorithm, issuer, this_update, next_update, entries, extensions })
    }
}

/// The next element is no longer than [`MAXIMUM_FIELD_OCTETS`]; seen before anything is allocated for it.
pub(super) fn check_size(reader: &Reader<'_>, field: &'static str) -> Decoded<()> {
    let element = reader.clone().any(field)?;
    if element.encoded.len() > MAXIMUM_FIELD_OCTETS {
        return Err(element.malformed(field, Problem::TooLarge { limit: MAXIMUM_FIELD_OCTETS }));
    }
    Ok(())
}

impl CrlVersion {
    /// `Version OPTIONAL -- if present, MUST be v2`, RFC 5280 5.1.2.1.
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        if reader.peek() != Some(der::INTEGER) {
            return Ok(Self::V1);
        }
        let at = reader.clone();
        match reader.integer("version")? {
            [1] => Ok(Self::V2),
            _ => Err(at.malformed("version", Problem::UnsupportedVersion)),
        }
    }
}

/// `[0] EXPLICIT Extensions OPTIONAL`, in v2 only (RFC 5280 5.1.2.7).
fn decode_extensions(reader: &mut Reader<'_>, version: CrlVersion) -> Decoded<CrlExtensions> {
    if reader.is_empty() {
        return Ok(CrlExtensions::default());
    }
    let at = reader.clone();
    check_size(reader, "crlExtensions")?;
    let mut inner = reader.nested(der::context_constructed(0), "crlExtensions")?;
    if version == CrlVersion::V1 {
        return Err(at.malformed("crlExtensions", Problem::NotInThisVersion));
    }
    let extensions = CrlExtensions::decode(&mut inner)?;
    inner.finish("crlExtensions")?;
    Ok(extensions)
}

impl CrlExtensions {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut extensions = Self::default();
        let all = Extension::decode_list(reader, "crlExtensions", |kind, value| {
            extensions.decode_known(kind, value)
        })?;
        extensions.all = all;
        Ok(extensions)
    }

    /// Decodes the value of an extension whose type is known here; leaves any other as it stands.
    fn decode_known(&mut self, kind: &Oid, mut value: Reader<'_>) -> Decoded<()> {
        let reader = &mut value;
        let field = oid::label(kind).unwrap_or_default();
        match field {
            "authorityKeyIdentifier" => {
                self.authority_key_identifier = Some(AuthorityKeyIdentifier::decode(reader)?);
            }
            "issuerAltName" => {
                self.issuer_alt_name = Some(GeneralName::decode_list(reader, der::SEQUENCE, field)?);
            }
            "cRLNumber" => self.crl_number = Some(CrlNumber::decode(reader, field)?),
            "deltaCRLIndicator" => self.delta_crl_indicator = Some(CrlNumber::decode(reader, field)?),
            "issuingDistributionPoint" => {
                self.issuing_distribution_point = Some(IssuingDistributionPoint::decode(reader)?);
            }
            "freshestCRL" => self.freshest_crl = Some(DistributionPoint::decode_list(reader, field)?),
            _ => return Ok(()),
        }
        value.finish(field)
    }

    /// Whether the extension of type `kind` is present and critical.
    #[must_use]
    pub fn is_critical(&self, kind: &Oid) -> bool {
        self.all.iter().any(|extension| extension.kind == *kind && extension.critical)
    }

    /// The first critical extension that is not processed here (RFC 5280 5.2).
    #[must_use]
    pub fn unprocessed_critical(&self) -> Option<&Oid> {
        // freshestCRL says only where to look and issuerAltName only who speaks: knowing them is processing them.
        let processed = [
            oid::AUTHORITY_KEY_IDENTIFIER,
            oid::ISSUER_ALT_NAME,
            oid::CRL_NUMBER,
            oid::DELTA_CRL_INDICATOR,
            oid::ISSUING_DISTRIBUTION_POINT,
            oid::FRESHEST_CRL,
        ];
        let mut critical = self.all.iter().filter(|extension| extension.critical);
        critical.find(|extension| !processed.contains(&extension.kind)).map(|extension| &extension.kind)
    }
}

impl CrlNumber {
    /// `INTEGER (0..MAX)` of at most 20 octets, RFC 5280 5.2.3.
    fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        let at = reader.clone();
        let out_of_range = || at.malformed(field, Problem::OutOfRange);
        let magnitude = match reader.integer(field)? {
            [first, ..] if first & 0x80 != 0 => return Err(out_of_range()),
            [0, magnitude @ ..] | magnitude => magnitude,
        };
        let padding = MAXIMUM_NUMBER_OCTETS.checked_sub(magnitude.len()).ok_or_else(out_of_range)?;
        let mut octets = [0; MAXIMUM_NUMBER_OCTETS];
        for (place, octet) in octets.iter_mut().skip(padding).zip(magnitude) {
            *place = *octet;
        }
        Ok(Self(octets))
    }

    /// The number, big-endian in 20 octets.
    #[must_use]
    pub fn octets(&self) -> &[u8; MAXIMUM_NUMBER_OCTETS] {
        &self.0
    }
}

impl IssuingDistributionPoint {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let field = "issuingDistributionPoint";
        let element = reader.element(der::SEQUENCE, field)?;
        // RFC 5280 5.2.5: never an empty sequence.
        if element.content.is_empty() {
            return Err(element.malformed(field, Problem::Empty));
        }
        let mut inner = Reader::inside(&element);
        let name = DistributionPointName::decode(&mut inner, "issuingDistributionPoint.distributionPoint")?;
        let only_contains_user_certs =
            inner.default_false(der::context(1), "issuingDistributionPoint.onlyContainsUserCerts")?;
        let only_contains_ca_certs =
            inner.default_false(der::context(2), "issuingDistributionPoint.onlyContainsCACerts")?;
        let only_some_reasons = decode_reasons(&mut inner, 3, "issuingDistributionPoint.onlySomeReasons")?;
        let indirect_crl = inner.default_false(der::context(4), "issuingDistributionPoint.indirectCRL")?;
        let only_contains_attribute_certs =
            inner.default_false(der::context(5), "issuingDistributionPoint.onlyContainsAttributeCerts")?;
        inner.finish(field)?;
        Ok(Self {
            name,
            only_contains_user_certs,
            only_contains_ca_certs,
            only_some_reasons,
            indirect_crl,
            only_contains_attribute_certs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::certificate::{Issued, Sketch};
    use pki::crl::{CrlSketch, PointName, Scope};
    use pki::der as write;

    fn root() -> Issued {
        Sketch::ca("root").issue()
    }

    fn sketch() -> CrlSketch {
        CrlSketch::by(&root())
    }

    fn refused(sketch: &CrlSketch) -> (&'static str, Problem) {
        let malformed = CertificateList::decode(sketch.issue()).unwrap_err();
        (malformed.field, malformed.problem)
    }

    fn scope_of(scope: &Scope) -> Decoded<IssuingDistributionPoint> {
        CertificateList::decode(sketch().scope(scope).issue())
            .map(|list| list.extensions.issuing_distribution_point.unwrap())
    }

    #[test]
    fn a_sound_list_is_decoded_whole() {
        let der = sketch().revoke(&[7]).issue();
        let list = CertificateList::decode(der.clone()).unwrap();
        assert_eq!((list.version, list.issuer.to_string().as_str()), (CrlVersion::V2, "CN=root"));
        assert_eq!(list.this_update.to_string(), pki::crl::THIS_UPDATE);
        assert_eq!(list.next_update.unwrap().to_string(), pki::crl::NEXT_UPDATE);
        assert_eq!(list.signed_algorithm, list.signature_algorithm);
        assert!(list.extensions.authority_key_identifier.is_some() && !list.is_delta());
        assert_eq!(list.fingerprint, <[u8; 32]>::from(Sha256::digest(&der)));
        assert_eq!(list.signed_part()[0], der::SEQUENCE);
        assert_eq!(list.entries().len(), 2 + 2 + 3 + 15);
    }

    #[test]
    fn next_update_and_entries_may_be_absent_but_never_an_empty_list() {
        let list = CertificateList::decode(sketch().without_next_update().issue()).unwrap();
        assert_eq!((list.next_update, list.entries().len()), (None, 0));
        assert_eq!(refused(&sketch().empty_list()), ("revokedCertificates", Problem::Empty));
    }

    #[test]
    fn version_1_has_no_extensions_and_is_never_written() {
        let bare = sketch().version_raw(&[]).without("*");
        assert_eq!(CertificateList::decode(bare.issue()).unwrap().version, CrlVersion::V1);
        assert_eq!(refused(&sketch().version_raw(&[])), ("crlExtensions", Problem::NotInThisVersion));
        for number in [0, 2] {
            let sketch = sketch().version_raw(&write::number(number));
            assert_eq!(refused(&sketch), ("version", Problem::UnsupportedVersion));
        }
    }

    #[test]
    fn nothing_follows_the_last_field() {
        // What follows entries and extensions is neither.
        assert_eq!(refused(&sketch().trailing(&[5, 0])), ("tbsCertList", Problem::TrailingData));
        let mut der = sketch().issue();
        der.push(0);
        assert_eq!(CertificateList::decode(der).unwrap_err().problem, Problem::TrailingData);
    }

    #[test]
    fn c_05_crl_numbers_of_every_length_and_sign() {
        let with = |content: &[u8]| sketch().extension("cRLNumber", false, write::integer(content));
        for length in 1..=65 {
            let decoded = CertificateList::decode(with(&vec![0x7f; length]).issue());
            assert_eq!(decoded.is_ok(), length <= 20, "{length}");
        }
        let sign_only = [&[0][..], &[0xff; 20]].concat();
        let list = CertificateList::decode(with(&sign_only).issue()).unwrap();
        assert_eq!(list.extensions.crl_number.unwrap().octets(), &[0xff; 20]);
        let out = ("cRLNumber", Problem::OutOfRange);
        assert_eq!(refused(&with(&[&[0][..], &[0xff; 21]].concat())), out);
        assert_eq!(refused(&with(&[0xff])), out);
        assert_eq!(refused(&with(&[])), ("cRLNumber", Problem::IntegerNotMinimal));
        assert_eq!(refused(&with(&[0, 1])), ("cRLNumber", Problem::IntegerNotMinimal));
        let missing = CertificateList::decode(sketch().without("cRLNumber").issue()).unwrap();
        assert_eq!(missing.extensions.crl_number, None);
        let critical = sketch().extension("cRLNumber", true, write::number(1));
        let list = CertificateList::decode(critical.issue()).unwrap();
        assert!(list.extensions.is_critical(&oid::CRL_NUMBER));
        assert_eq!(list.extensions.unprocessed_critical(), None);
    }

    #[test]
    fn crl_numbers_compare_as_numbers() {
        let number = |value: u64| {
            CertificateList::decode(sketch().number(value).issue()).unwrap().extensions.crl_number.unwrap()
        };
        assert!(number(255) < number(256) && number(0) < number(1) && number(128) > number(127));
    }

    #[test]
    fn c_03_only_some_reasons_of_every_shape() {
        let with = |content: &[u8]| {
            scope_of(&Scope::default().field(&write::implicit(3, content)))
                .map(|scope| scope.only_some_reasons)
                .map_err(|malformed| malformed.problem)
        };
        assert_eq!(with(&[0]), Ok(Some(0)));
        assert_eq!(with(&[6, 0x40]), Ok(Some(0x4000)));
        assert_eq!(with(&[7, 0x7f, 0x80]), Ok(Some(0x7f80)));
        assert_eq!(with(&[0, 0x40]), Ok(Some(0x4000)));
        for padding in [&[][..], &[1], &[8, 0], &[6, 0x41], &[0xff, 0]] {
            assert_eq!(with(padding), Err(Problem::BitStringPadding), "{padding:?}");
        }
        assert_eq!(with(&[0, 0, 1]), Err(Problem::OutOfRange));
        assert_eq!(with(&[0, 0, 0, 1]), Err(Problem::OutOfRange));
    }

    #[test]
    fn c_14_empty_and_odd_names_of_distribution_points() {
        let empty = [Vec::new(), write::implicit_constructed(0, &[]), write::implicit_constructed(1, &[])];
        for name in &empty {
            let scope = Scope::default().field(&write::explicit(0, name));
            assert!(scope_of(&scope).is_err(), "{name:?}");
        }
        let odd = [
            "other:1.2.3",
            "mail:",
            "dns:",
            "raw:a300",
            "directory:",
            "raw:a500",
            "uri:",
            "ip:192.0.2.1",
            "registered:1.2.3",
        ];
        for name in odd {
            let scope = Scope::default().name(&PointName::Full(&[name]));
            assert!(scope_of(&scope).is_ok(), "{name}");
        }
        for name in ["raw:a000", "raw:a400", "raw:8700", "raw:8800", "raw:a90130", "raw:a10000"] {
            let scope = Scope::default().name(&PointName::Full(&[name]));
            assert!(scope_of(&scope).is_err(), "{name}");
        }
    }

    #[test]
    fn an_issuing_distribution_point_is_never_empty_and_writes_no_default() {
        assert_eq!(scope_of(&Scope::default()).unwrap_err().problem, Problem::Empty);
        let default = Scope::default().field(&write::implicit(1, &[0]));
        assert_eq!(scope_of(&default).unwrap_err().problem, Problem::EncodedDefault);
        let all = scope_of(&Scope::default().flag(1).flag(2).flag(4).flag(5)).unwrap();
        assert!(all.only_contains_user_certs && all.only_contains_ca_certs);
        assert!(all.indirect_crl && all.only_contains_attribute_certs);
    }

    #[test]
    fn c_04_unknown_critical_extensions_are_kept() {
        let odd = sketch().extension("1.2.3.4", true, vec![1, 2, 3]);
        let list = CertificateList::decode(odd.issue()).unwrap();
        assert_eq!(list.extensions.unprocessed_critical().unwrap().to_string(), "1.2.3.4");
        let twice = sketch().extension("1.2.3.4", false, vec![]).issue();
        assert_eq!(CertificateList::decode(twice).unwrap().extensions.unprocessed_critical(), None);
        // A certificate's extension has no meaning in a CRL, so it is not processed either.
        let foreign = sketch().extension("basicConstraints", true, vec![0x30, 0]);
        let list = CertificateList::decode(foreign.issue()).unwrap();
        assert_eq!(list.extensions.unprocessed_critical(), Some(&oid::BASIC_CONSTRAINTS));
    }

    #[test]
    fn c_13_every_shorter_input_and_every_length_is_refused_or_read_but_never_panics() {
        let scope = Scope::default().name(&PointName::Relative("CN=1")).reasons(&["keyCompromise"]);
        let der = sketch().revoke_because(&[7], 6).delta(1).scope(&scope).issue();
        assert!(super::super::crl_index::IndexedCrl::decode(der.clone()).is_ok());
        for end in 0..der.len() {
            assert!(CertificateList::decode(der[..end].to_vec()).is_err(), "{end}");
        }
        for position in 0..der.len() {
            for value in [0x00, 0x01, 0x30, 0x7f, 0x80, 0x84, 0x88, 0xa0, 0xff] {
                let mut changed = der.clone();
                changed[position] = value;
                let _ = super::super::crl_index::IndexedCrl::decode(changed);
            }
        }
    }

    #[test]
    fn fields_are_bounded_on_both_sides_of_the_cap() {
        let with = |length: usize| {
            CertificateList::decode(sketch().extension("1.2.3.4", false, vec![0; length]).issue())
        };
        assert!(with(MAXIMUM_FIELD_OCTETS - 200).is_ok());
        assert!(matches!(with(MAXIMUM_FIELD_OCTETS).unwrap_err().problem, Problem::TooLarge { .. }));
        let long = CertificateList::decode(vec![0x30; MAXIMUM_OCTETS + 1]).unwrap_err();
        assert_eq!(long.problem, Problem::TooLarge { limit: MAXIMUM_OCTETS });
    }
}
