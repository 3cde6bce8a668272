//! The entries of a CRL, checked in one pass and found by serial number (RFC 5280 5.1.2.6, 5.3).
//!
//! Sixteen octets are kept for each entry: the beginning of its serial number, where it stands, and where the
//! certificateIssuer that holds for it stands. A list of 32 MiB has at most 1.7 million entries, so the index
//! adds less than 27 MiB to it, and a lookup is a binary search. Serial numbers are compared as whole content
//! octets: length and sign count, and no prefix ever matches.
//!
//! Entries may be unsorted and serial numbers may stand twice; what is said most firmly counts. Whether a
//! critical entry extension that is not processed spoils the list is for [`super::crl_check`].

use std::collections::BTreeSet;

use super::crl::{CertificateList, CrlVersion, check_size};
use super::{Revocation, RevocationReason};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::der::{self, Decoded, Element, Problem, Reader};
use crate::oid::{self, Oid};
use crate::time::Instant;

/// A CRL whose every entry is well-formed, with an index to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedCrl {
    list: CertificateList,
    /// Sorted by serial number, certificateIssuer and place.
    slots: Vec<Slot>,
    unprocessed_critical: Option<Oid>,
    names_certificate_issuer: bool,
}

/// What is kept for one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    /// The first eight content octets of the serial number, with zeros after a shorter one.
    prefix: u64,
    /// Offset of the entry in the CRL.
    entry: u32,
    /// Offset of the certificateIssuer value that holds for it; zero means the CRL issuer.
    issuer: u32,
}

/// One entry, RFC 5280 5.1.2.6 and 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The content octets of userCertificate.
    pub serial_number: &'a [u8],
    /// revocationDate.
    pub revocation_date: Instant,
    /// reasonCode, RFC 5280 5.3.1.
    pub reason: Option<RevocationReason>,
    /// invalidityDate, RFC 5280 5.3.2.
    pub invalidity_date: Option<Instant>,
    /// The encoding of the certificateIssuer that holds for this entry, its own or an earlier entry's
    /// (RFC 5280 5.3.3); `None` means the CRL issuer.
    pub certificate_issuer: Option<&'a [u8]>,
}

impl Entry<'_> {
    /// When and why.
    #[must_use]
    pub fn revocation(&self) -> Revocation {
        Revocation { at: self.revocation_date, reason: self.reason }
    }

    /// How firmly this entry says that the certificate is revoked: removed, on hold, for good.
    fn firmness(&self) -> u8 {
        match self.reason {
            Some(RevocationReason::RemoveFromCrl) => 0,
            Some(RevocationReason::CertificateHold) => 1,
            _ => 2,
        }
    }

    /// The firmer of two entries for one certificate, the earlier date where they are equal.
    pub(super) fn firmer(self, other: Self) -> Self {
        let rank = |entry: &Self| (entry.firmness(), std::cmp::Reverse(entry.revocation_date));
        if rank(&other) > rank(&self) { other } else { self }
    }
}

impl IndexedCrl {
    /// Decodes a CRL and every entry of it.
    ///
    /// # Errors
    /// [`Malformed`](der::Malformed), with the offset in `der` of what is wrong.
    pub fn decode(der: Vec<u8>) -> Decoded<Self> {
        let list = CertificateList::decode(der)?;
        let mut pass = Pass::default();
        let octets = list.der.get(..list.entries().end).unwrap_or_default();
        if let Some(content) = entries_content(&list) {
            pass.read(content, list.version)?;
        }
        let Pass { mut slots, unprocessed_critical, names_certificate_issuer, .. } = pass;
        let key = |slot: &Slot| (serial_at(octets, slot), issuer_at(octets, slot));
        slots.sort_unstable_by(|one, other| {
            let order = one.prefix.cmp(&other.prefix);
            order.then_with(|| (key(one), one.entry).cmp(&(key(other), other.entry)))
        });
        // One slot for each certificate, so that no lookup is long because a list repeats itself.
        let mut last: Option<(u32, Entry<'_>)> = None;
        slots.dedup_by(|next, kept| {
            if next.prefix != kept.prefix || key(next) != key(kept) {
                return false;
            }
            // What is kept is decoded once for all that repeat it.
            let known = last.filter(|(place, _)| *place == kept.entry).map(|(_, entry)| entry);
            let known = known.or_else(|| entry_at(octets, list.version, kept));
            let repeated = entry_at(octets, list.version, next);
            let firmest = known.zip(repeated).map(|(known, repeated)| known.firmer(repeated));
            if firmest != known {
                kept.entry = next.entry;
            }
            last = firmest.map(|entry| (kept.entry, entry));
            true
        });
        Ok(Self { list, slots, unprocessed_critical, names_certificate_issuer })
    }

    /// Everything but the entries.
    #[must_use]
    pub fn list(&self) -> &CertificateList {
        &self.list
    }

    /// How many certificates are listed.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.slots.len()
    }

    /// The first critical entry extension that is not processed here (RFC 5280 5.3).
    #[must_use]
    pub fn unprocessed_critical_entry_extension(&self) -> Option<&Oid> {
        self.unprocessed_critical.as_ref()
    }

    /// Whether any entry has certificateIssuer, as only those of an indirect CRL may (RFC 5280 5.3.3).
    #[must_use]
    pub fn names_certificate_issuer(&self) -> bool {
        self.names_certificate_issuer
    }

    /// The entry for the certificate with this issuer and these content octets of its serial number.
    /// Microseconds, unless an indirect CRL holds one serial number under very many issuers.
    #[must_use]
    pub fn find(&self, issuer: &Name, serial_number: &[u8]) -> Option<Entry<'_>> {
        let octets = self.list.der.as_slice();
        let wanted = (prefix(serial_number), serial_number);
        let start = self.slots.partition_point(|slot| (slot.prefix, serial_at(octets, slot)) < wanted);
        let rest = self.slots.get(start..).unwrap_or_default();
        let same = rest.iter().take_while(|slot| serial_at(octets, slot) == serial_number);
        // Entries under one certificateIssuer are neighbours, so each is decoded once.
        let mut last = None;
        let of_issuer = same.filter(|slot| match last {
            Some((offset, matches)) if offset == slot.issuer => matches,
            _ => {
                let matches = self.is_issued_by(slot, issuer);
                last = Some((slot.issuer, matches));
                matches
            }
        });
        of_issuer.filter_map(|slot| self.entry(slot)).reduce(Entry::firmer)
    }

    /// The entries sorted by serial number and certificateIssuer, one for each certificate.
    pub fn sorted(&self) -> impl Iterator<Item = Entry<'_>> {
        self.slots.iter().filter_map(|slot| self.entry(slot))
    }

    fn is_issued_by(&self, slot: &Slot, issuer: &Name) -> bool {
        let Some(encoded) = issuer_at(&self.list.der, slot) else { return *issuer == self.list.issuer };
        let names = GeneralName::decode_list(&mut Reader::new(encoded), der::SEQUENCE, "certificateIssuer");
        names.unwrap_or_default().iter().any(|name| match name {
            GeneralName::DirectoryName(name) => name == issuer,
            _ => false,
        })
    }

    /// INVARIANT: every entry has been read before, so `None` does not happen.
    fn entry(&self, slot: &Slot) -> Option<Entry<'_>> {
        let entry = entry_at(&self.list.der, self.list.version, slot)?;
        Some(Entry { certificate_issuer: issuer_at(&self.list.der, slot), ..entry })
    }
}

/// revokedCertificates as an element whose offset is its place in the whole CRL.
fn entries_content(list: &CertificateList) -> Option<Reader<'_>> {
    let range = list.entries();
    // INVARIANT: the range is that of a SEQUENCE, or empty.
    let element = Reader::new(list.der.get(range.clone())?).any("revokedCertificates").ok()?;
    Some(Reader::inside(&Element { offset: range.start, ..element }))
}

/// The one pass over the entries.
#[derive(Default)]
struct Pass {
    slots: Vec<Slot>,
    /// The certificateIssuer in force, RFC 5280 5.3.3.
    issuer: u32,
    unprocessed_critical: Option<Oid>,
    names_certificate_issuer: bool,
}

impl Pass {
    fn read(&mut self, mut reader: Reader<'_>, version: CrlVersion) -> Decoded<()> {
        let mut counted = reader.clone();
        // Counted first, so that the index never grows by doubling.
        let count = std::iter::from_fn(|| counted.any("revokedCertificates").ok()).count();
        self.slots.reserve_exact(count);
        while !reader.is_empty() {
            check_size(&reader, "revokedCertificates")?;
            let entry = offset(reader.offset());
            let read = RawEntry::decode(&mut reader, version)?;
            if let Some(issuer) = read.issuer_offset {
                self.issuer = offset(issuer);
                self.names_certificate_issuer = true;
            }
            if self.unprocessed_critical.is_none() {
                self.unprocessed_critical = read.unprocessed_critical;
            }
            let prefix = prefix(read.entry.serial_number);
            self.slots.push(Slot { prefix, entry, issuer: self.issuer });
        }
        Ok(())
    }
}

/// INVARIANT: a CRL is shorter than `u32::MAX`, so nothing is cut off.
fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// An entry as it stands, with what else the pass must know.
struct RawEntry<'a> {
    entry: Entry<'a>,
    issuer_offset: Option<usize>,
    unprocessed_critical: Option<Oid>,
}

impl<'a> RawEntry<'a> {
    fn decode(reader: &mut Reader<'a>, version: CrlVersion) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "revokedCertificates")?;
        let serial_number = inner.integer("revokedCertificates.userCertificate")?;
        let (revocation_date, _) = inner.time("revokedCertificates.revocationDate")?;
        let entry = Entry {
            serial_number,
            revocation_date,
            reason: None,
            invalidity_date: None,
            certificate_issuer: None,
        };
        let mut raw = Self { entry, issuer_offset: None, unprocessed_critical: None };
        if !inner.is_empty() {
            // RFC 5280 5.1.2.6: in v2 only.
            if version == CrlVersion::V1 {
                return Err(inner.malformed("crlEntryExtensions", Problem::NotInThisVersion));
            }
            raw.decode_extensions(&mut inner)?;
        }
        inner.finish("revokedCertificates")?;
        Ok(raw)
    }

    /// The entry's extensions, none of which stands twice. Nothing is allocated for those known here.
    fn decode_extensions(&mut self, reader: &mut Reader<'a>) -> Decoded<()> {
        let list = reader.element(der::SEQUENCE, "crlEntryExtensions")?;
        if list.content.is_empty() {
            return Err(list.malformed("crlEntryExtensions", Problem::Empty));
        }
        let mut inner = Reader::inside(&list);
        let mut unknown: BTreeSet<Oid> = BTreeSet::new();
        while !inner.is_empty() {
            let at = inner.clone();
            let mut extension = inner.nested(der::SEQUENCE, "crlEntryExtensions")?;
            let kind = extension.element(der::OBJECT_IDENTIFIER, "crlEntryExtensions.extnID")?;
            let critical = extension.default_false(der::BOOLEAN, "crlEntryExtensions.critical")?;
            let value = extension.element(der::OCTET_STRING, "crlEntryExtensions.extnValue")?;
            extension.finish("crlEntryExtensions")?;
            let new = match self.decode_known(kind.content, &value)? {
                Known::New => true,
                Known::Again => false,
                Known::Not => {
                    let kind = Oid::from_content(kind.content).ok_or_else(|| {
                        kind.malformed("crlEntryExtensions.extnID", Problem::InvalidObjectIdentifier)
                    })?;
                    if critical && self.unprocessed_critical.is_none() {
                        self.unprocessed_critical = Some(kind.clone());
                    }
                    unknown.insert(kind)
                }
            };
            if !new {
                return Err(at.malformed("crlEntryExtensions", Problem::Duplicate));
            }
        }
        Ok(())
    }

    fn decode_known(&mut self, kind: &[u8], value: &Element<'a>) -> Decoded<Known> {
        let mut reader = Reader::inside(value);
        let (field, again) = if kind == oid::CRL_REASON.content() {
            let reason = decode_reason(&mut reader)?;
            ("cRLReason", self.entry.reason.replace(reason).is_some())
        } else if kind == oid::INVALIDITY_DATE.content() {
            let date = decode_invalidity_date(&mut reader)?;
            ("invalidityDate", self.entry.invalidity_date.replace(date).is_some())
        } else if kind == oid::CERTIFICATE_ISSUER.content() {
            let at = reader.offset();
            GeneralName::decode_list(&mut reader, der::SEQUENCE, "certificateIssuer")?;
            ("certificateIssuer", self.issuer_offset.replace(at).is_some())
        } else {
            return Ok(Known::Not);
        };
        reader.finish(field)?;
        Ok(if again { Known::Again } else { Known::New })
    }
}

/// Whether an entry extension is known, and whether it stood before.
enum Known {
    New,
    Again,
    Not,
}

/// CRLReason, RFC 5280 5.3.1; 7 is not used.
fn decode_reason(reader: &mut Reader<'_>) -> Decoded<RevocationReason> {
    let at = reader.clone();
    let number = reader.small_integer(der::ENUMERATED, "cRLReason")?;
    RevocationReason::from_number(number).ok_or_else(|| at.malformed("cRLReason", Problem::OutOfRange))
}

/// InvalidityDate, RFC 5280 5.3.2: GeneralizedTime alone.
fn decode_invalidity_date(reader: &mut Reader<'_>) -> Decoded<Instant> {
    let element = reader.element(der::GENERALIZED_TIME, "invalidityDate")?;
    Instant::from_generalized_time(element.content)
        .ok_or_else(|| element.malformed("invalidityDate", Problem::InvalidTime))
}

fn prefix(serial_number: &[u8]) -> u64 {
    let mut octets = [0; 8];
    for (place, octet) in octets.iter_mut().zip(serial_number) {
        *place = *octet;
    }
    u64::from_be_bytes(octets)
}

fn from(octets: &[u8], offset: u32) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| octets.get(offset..)).unwrap_or_default()
}

/// The serial number of an entry that has been read before: its headers are skipped, not checked again.
fn serial_at<'a>(octets: &'a [u8], slot: &Slot) -> &'a [u8] {
    content_at(content_at(from(octets, slot.entry)))
}

/// The entry of a slot, without what earlier ones say about it.
fn entry_at<'a>(octets: &'a [u8], version: CrlVersion, slot: &Slot) -> Option<Entry<'a>> {
    RawEntry::decode(&mut Reader::new(from(octets, slot.entry)), version).ok().map(|raw| raw.entry)
}

/// The encoding of the certificateIssuer that holds for an entry.
fn issuer_at<'a>(octets: &'a [u8], slot: &Slot) -> Option<&'a [u8]> {
    if slot.issuer == 0 {
        return None;
    }
    let mut reader = Reader::new(from(octets, slot.issuer));
    reader.any("certificateIssuer").ok().map(|element| element.encoded)
}

/// The content of the element at the start of `octets`, which is known to be DER.
fn content_at(octets: &[u8]) -> &[u8] {
    let Some((_, rest)) = octets.split_first() else { return &[] };
    let Some((first, rest)) = rest.split_first() else { return &[] };
    if *first < 0x80 {
        return rest.get(..usize::from(*first)).unwrap_or_default();
    }
    let Some((length, rest)) = rest.split_at_checked(usize::from(first & 0x7f)) else { return &[] };
    let length =
        length.iter().fold(0_usize, |sum, octet| sum.saturating_mul(256).saturating_add(usize::from(*octet)));
    rest.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::certificate::Sketch;
    use pki::crl::{CrlSketch, Scope, certificate_issuer, entry, reason_code};
    use pki::extension::Extension;
    use pki::{der as write, name, time};

    fn sketch() -> CrlSketch {
        CrlSketch::by(&Sketch::ca("root").issue())
    }

    fn index(sketch: &CrlSketch) -> IndexedCrl {
        IndexedCrl::decode(sketch.issue()).unwrap()
    }

    fn refused(sketch: &CrlSketch) -> (&'static str, Problem) {
        let malformed = IndexedCrl::decode(sketch.issue()).unwrap_err();
        (malformed.field, malformed.problem)
    }

    fn distinguished(text: &str) -> Name {
        Name::decode(&mut Reader::new(&name::distinguished(text)), "name").unwrap()
    }

    fn root() -> Name {
        distinguished("CN=root")
    }

    fn date() -> Vec<u8> {
        time::encode("2025-01-01T00:00:00Z", time::Form::ByYear)
    }

    #[test]
    fn entries_are_found_by_exact_serial_number_in_any_order() {
        let serials: Vec<Vec<u8>> = (1..=300_u64)
            .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1)
            .map(|n| n.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect())
            .map(|octets: Vec<u8>| if octets[0] & 0x80 == 0 { octets } else { [&[0][..], &octets].concat() })
            .collect();
        let crl = index(&serials.iter().fold(sketch(), |sketch, serial| sketch.revoke(serial)));
        assert_eq!(crl.entry_count(), 300);
        for serial in &serials {
            assert_eq!(crl.find(&root(), serial).unwrap().serial_number, serial.as_slice());
        }
        assert_eq!(crl.find(&root(), &[1]), None);
        assert_eq!(crl.find(&distinguished("CN=other"), &serials[0]), None);
        let sorted: Vec<&[u8]> = crl.sorted().map(|entry| entry.serial_number).collect();
        assert!(sorted.is_sorted() && sorted.len() == 300);
    }

    #[test]
    fn o_05_a_serial_number_never_matches_its_prefix_or_extension() {
        let long = [0x11; 24];
        let crl = index(&sketch().revoke(&long).revoke(&[0x22, 0]));
        assert!(crl.find(&root(), &long).is_some());
        for other in
            [&long[..8], &long[..20], &long[..23], &[0x11; 25], &[0x22], &[0x22, 0, 0], &[0, 0x22], &[]]
        {
            assert_eq!(crl.find(&root(), other), None, "{other:?}");
        }
    }

    #[test]
    fn serial_numbers_may_be_negative_zero_and_very_long() {
        let serials = [vec![0xff], vec![0], vec![0x7f; 127], vec![0x7f; 128], vec![0x7f; 400]];
        let crl = index(&serials.iter().fold(sketch(), |sketch, serial| sketch.revoke(serial)));
        for serial in &serials {
            assert_eq!(crl.find(&root(), serial).unwrap().serial_number, serial.as_slice());
        }
    }

    #[test]
    fn entry_extensions_are_decoded() {
        let invalid_since = Extension::new(
            "invalidityDate",
            false,
            time::encode("2020-01-01T00:00:00Z", time::Form::Generalized),
        );
        let crl = index(&sketch().entry(&[7], &[reason_code(1), invalid_since]));
        let entry = crl.find(&root(), &[7]).unwrap();
        assert_eq!(entry.reason, Some(RevocationReason::KeyCompromise));
        assert_eq!(entry.invalidity_date.unwrap().to_string(), "2020-01-01T00:00:00Z");
        assert_eq!(entry.revocation_date.to_string(), pki::crl::THIS_UPDATE);
    }

    #[test]
    fn every_reason_code_and_those_that_do_not_exist() {
        for code in 0..=11 {
            let crl = IndexedCrl::decode(sketch().revoke_because(&[7], code).issue());
            assert_eq!(crl.is_ok(), code != 7 && code != 11, "{code}");
        }
        assert_eq!(refused(&sketch().revoke_because(&[7], 0xff)), ("cRLReason", Problem::OutOfRange));
    }

    #[test]
    fn entry_extensions_are_in_version_2_only_never_empty_never_twice() {
        let first = sketch().version_raw(&[]).without("*");
        assert_eq!(index(&first.clone().revoke(&[7])).entry_count(), 1);
        assert_eq!(
            refused(&first.revoke_because(&[7], 1)),
            ("crlEntryExtensions", Problem::NotInThisVersion)
        );
        let duplicate = ("crlEntryExtensions", Problem::Duplicate);
        assert_eq!(refused(&sketch().entry(&[7], &[reason_code(1), reason_code(1)])), duplicate);
        let odd = Extension::new("1.2.3.4", false, vec![]);
        assert_eq!(refused(&sketch().entry(&[7], &[odd.clone(), odd])), duplicate);
        let empty = write::sequence(&[write::integer(&[7]), date(), write::sequence(&[])]);
        assert_eq!(refused(&sketch().entries_raw(&empty)), ("crlEntryExtensions", Problem::Empty));
    }

    #[test]
    fn c_04_unknown_critical_entry_extensions_are_recorded() {
        let odd = |critical| Extension::new("1.2.3.4", critical, vec![1]);
        let crl = index(&sketch().revoke(&[1]).entry(&[2], &[odd(true)]).entry(&[3], &[odd(false)]));
        assert_eq!(crl.unprocessed_critical_entry_extension().unwrap().to_string(), "1.2.3.4");
        let harmless = index(&sketch().entry(&[3], &[odd(false)]));
        assert_eq!(harmless.unprocessed_critical_entry_extension(), None);
    }

    #[test]
    fn c_17_a_certificate_issuer_holds_for_the_entries_after_it() {
        let other = certificate_issuer(&["directory:CN=other"]);
        let third = certificate_issuer(&["dns:a.example", "directory:CN=THIRD", "directory:CN=fourth"]);
        let crl = index(
            &sketch()
                .scope(&Scope::default().flag(4))
                .revoke(&[1])
                .entry(&[2], std::slice::from_ref(&other))
                .revoke(&[3])
                .entry(&[4], &[reason_code(1), third])
                .revoke(&[1]),
        );
        assert!(crl.names_certificate_issuer());
        let found = |issuer: &str, serial: u8| crl.find(&distinguished(issuer), &[serial]).is_some();
        let expected = [
            ("CN=root", [true, false, false, false]),
            ("CN=other", [false, true, true, false]),
            ("CN=third", [true, false, false, true]),
            ("CN=fourth", [true, false, false, true]),
        ];
        for (issuer, serials) in expected {
            assert_eq!([1, 2, 3, 4].map(|serial| found(issuer, serial)), serials, "{issuer}");
        }
    }

    #[test]
    fn duplicates_count_as_the_firmest_and_then_the_earliest() {
        let crl = index(
            &sketch()
                .revoke_because(&[7], 8)
                .revoke_because(&[7], 6)
                .revoke_because(&[9], 6)
                .revoke_because(&[9], 8),
        );
        for serial in [7, 9] {
            let entry = crl.find(&root(), &[serial]).unwrap();
            assert_eq!(entry.reason, Some(RevocationReason::CertificateHold));
        }
        let earlier = entry(&[7], &date(), &[]);
        let crl = index(&sketch().revoke_because(&[7], 1).entries_raw(&earlier).revoke_because(&[7], 6));
        let entry = crl.find(&root(), &[7]).unwrap();
        assert_eq!(
            (entry.reason, entry.revocation_date.to_string().as_str()),
            (None, "2025-01-01T00:00:00Z")
        );
    }

    #[test]
    fn every_entry_is_checked() {
        let sound = entry(&[7], &date(), &[]);
        let bad: [(Vec<u8>, &str, Problem); 5] = [
            (
                write::sequence(&[write::integer(&[7])]),
                "revokedCertificates.revocationDate",
                Problem::Truncated,
            ),
            (entry(&[0, 1], &date(), &[]), "revokedCertificates.userCertificate", Problem::IntegerNotMinimal),
            (
                entry(&[1], &write::text(0x17, "251301000000Z"), &[]),
                "revokedCertificates.revocationDate",
                Problem::InvalidTime,
            ),
            (
                write::sequence(&[write::integer(&[7]), date(), write::sequence(&[]), write::null()]),
                "crlEntryExtensions",
                Problem::Empty,
            ),
            (
                write::sequence(&[write::integer(&[7]), date(), write::null()]),
                "crlEntryExtensions",
                Problem::UnexpectedTag { expected: der::SEQUENCE, found: Some(der::NULL) },
            ),
        ];
        for (encoding, field, problem) in bad {
            let sketch = sketch().entries_raw(&sound).entries_raw(&encoding).entries_raw(&sound);
            assert_eq!(refused(&sketch), (field, problem));
        }
        let truncated = [sound.clone(), sound[..5].to_vec()].concat();
        assert_eq!(refused(&sketch().entries_raw(&truncated)).1, Problem::Truncated);
    }

    #[test]
    fn malformed_offsets_are_those_of_the_whole_list() {
        let bad = entry(&[0, 1], &date(), &[]);
        let der = sketch().entries_raw(&bad).issue();
        let malformed = IndexedCrl::decode(der.clone()).unwrap_err();
        assert_eq!(der[malformed.offset..malformed.offset + 4], [2, 2, 0, 1]);
    }

    #[test]
    fn c_20_a_long_unsorted_list_with_duplicates_is_indexed() {
        let count = 20_000_u32;
        let mut entries = Vec::new();
        for number in (1..=count).rev().chain(1..=5) {
            entries.extend(entry(&[&[0x40; 20][..], &number.to_be_bytes()].concat(), &date(), &[]));
        }
        let crl = index(&sketch().entries_raw(&entries));
        assert_eq!(crl.entry_count(), 20_000);
        for number in [1, 5, 6, count] {
            assert!(crl.find(&root(), &[&[0x40; 20][..], &number.to_be_bytes()].concat()).is_some());
        }
        assert_eq!(crl.find(&root(), &[&[0x40; 20][..], &[0; 4]].concat()), None);
        assert_eq!(crl.find(&root(), &[0x40; 20]), None);
    }
}
