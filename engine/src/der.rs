//! The strict DER reader and [`Malformed`]. It knows no certificate field: callers name what they read.
//!
//! BER freedoms are refused everywhere (X.690 10, 11): indefinite lengths, padded lengths and integers,
//! booleans other than 00 and FF, unused bits that are set, strings in parts. Lengths are read by the `der`
//! crate; this reader adds tags, offsets into the input, field names and bounds. It never allocates by a declared
//! length and never recurses, so depth is the caller's: every nested structure is entered by name.

use der::{Decode, Length, Reader as _, SliceReader};

use crate::oid::Oid;
use crate::time::{Instant, TimeForm};

mod malformed;
mod tag;
pub mod write;

pub use malformed::{Decoded, Malformed, Problem};
pub use tag::*;

/// Deepest nesting that [`check_nesting`] accepts.
pub const MAXIMUM_DEPTH: usize = 32;

/// Reads DER elements one after another from one enclosing element.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

/// One element: its tag, its content, and where both lie.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The tag octet.
    pub tag: Tag,
    /// The content octets.
    pub content: &'a [u8],
    /// The whole element, tag and length included.
    pub encoded: &'a [u8],
    /// Offset of the tag octet in the whole input.
    pub offset: usize,
}

impl Element<'_> {
    /// Offset of the first content octet in the whole input.
    #[must_use]
    pub fn content_offset(&self) -> usize {
        self.offset.saturating_add(self.encoded.len().saturating_sub(self.content.len()))
    }

    /// A [`Malformed`] that points at this element.
    #[must_use]
    pub fn malformed(&self, field: &'static str, problem: Problem) -> Malformed {
        Malformed { offset: self.offset, field, problem }
    }
}

impl<'a> Reader<'a> {
    /// Reads from the start of a whole input.
    #[must_use]
    pub fn new(input: &'a [u8]) -> Self {
        Self { rest: input, offset: 0 }
    }

    /// Reads the content of `element`.
    #[must_use]
    pub fn inside(element: &Element<'a>) -> Self {
        Self { rest: element.content, offset: element.content_offset() }
    }

    /// Offset of the next octet in the whole input.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// No octet is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag octet of the next element.
    #[must_use]
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().copied()
    }

    /// A [`Malformed`] that points at the next octet.
    #[must_use]
    pub fn malformed(&self, field: &'static str, problem: Problem) -> Malformed {
        Malformed { offset: self.offset, field, problem }
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// [`Problem::TrailingData`].
    pub fn finish(self, field: &'static str) -> Decoded<()> {
        if self.is_empty() { Ok(()) } else { Err(self.malformed(field, Problem::TrailingData)) }
    }

    /// The next element, whatever its tag.
    ///
    /// # Errors
    /// [`Problem::Truncated`] or [`Problem::LengthNotDefinite`].
    pub fn any(&mut self, field: &'static str) -> Decoded<Element<'a>> {
        let (header_length, content_length) = self.header(field)?;
        let total = header_length.saturating_add(content_length);
        let (encoded, rest) =
            self.rest.split_at_checked(total).ok_or_else(|| self.malformed(field, Problem::Truncated))?;
        let tag = encoded.first().copied().ok_or_else(|| self.malformed(field, Problem::Truncated))?;
        let content = encoded.get(header_length..).unwrap_or_default();
        let element = Element { tag, content, encoded, offset: self.offset };
        self.rest = rest;
        self.offset = self.offset.saturating_add(total);
        Ok(element)
    }

    /// The lengths of the next header and of the content it declares.
    fn header(&self, field: &'static str) -> Decoded<(usize, usize)> {
        let (tag, rest) = self.rest.split_first().ok_or_else(|| self.malformed(field, Problem::Truncated))?;
        if !is_der_tag(*tag) {
            let problem = Problem::UnexpectedTag { expected: SEQUENCE, found: Some(*tag) };
            return Err(self.malformed(field, problem));
        }
        let mut reader = SliceReader::new(rest)
            .map_err(|_| self.malformed(field, Problem::TooLarge { limit: 1 << 28 }))?;
        let length = Length::decode(&mut reader).map_err(|error| match error.kind() {
            der::ErrorKind::Incomplete { .. } => self.malformed(field, Problem::Truncated),
            _ => self.malformed(field, Problem::LengthNotDefinite),
        })?;
        let length_octets = usize::try_from(reader.position()).unwrap_or(usize::MAX);
        Ok((length_octets.saturating_add(1), usize::try_from(length).unwrap_or(usize::MAX)))
    }

    /// The next element, which must have `tag`.
    ///
    /// # Errors
    /// [`Problem::UnexpectedTag`] and those of [`Reader::any`].
    pub fn element(&mut self, tag: Tag, field: &'static str) -> Decoded<Element<'a>> {
        match self.peek() {
            Some(found) if found == tag => self.any(field),
            found => Err(self.malformed(field, Problem::UnexpectedTag { expected: tag, found })),
        }
    }

    /// The next element if it has `tag`.
    ///
    /// # Errors
    /// Those of [`Reader::any`].
    pub fn optional(&mut self, tag: Tag, field: &'static str) -> Decoded<Option<Element<'a>>> {
        if self.peek() == Some(tag) { self.any(field).map(Some) } else { Ok(None) }
    }

    /// Enters the next element, which must have `tag`, with a reader of its own.
    ///
    /// # Errors
    /// Those of [`Reader::element`].
    pub fn nested(&mut self, tag: Tag, field: &'static str) -> Decoded<Reader<'a>> {
        self.element(tag, field).map(|element| Reader::inside(&element))
    }

    /// The elements of a SEQUENCE SIZE (1..MAX) OF, in order.
    ///
    /// # Errors
    /// [`Problem::Empty`] and those of [`Reader::sequence_of`].
    pub fn list_of<T>(
        &mut self,
        tag: Tag,
        field: &'static str,
        read: impl FnMut(&mut Reader<'a>) -> Decoded<T>,
    ) -> Decoded<Vec<T>> {
        let at = self.clone();
        let items = self.sequence_of(tag, field, read)?;
        if items.is_empty() { Err(at.malformed(field, Problem::Empty)) } else { Ok(items) }
    }

    /// The elements of a SEQUENCE OF, in order.
    ///
    /// # Errors
    /// Those of [`Reader::element`] and of `read`.
    pub fn sequence_of<T>(
        &mut self,
        tag: Tag,
        field: &'static str,
        mut read: impl FnMut(&mut Reader<'a>) -> Decoded<T>,
    ) -> Decoded<Vec<T>> {
        let mut inner = self.nested(tag, field)?;
        // Counted first: a list that grows by doubling would hold three times what a hostile input is worth.
        let mut items = Vec::with_capacity(inner.clone().count_elements(field));
        while !inner.is_empty() {
            items.push(read(&mut inner)?);
        }
        Ok(items)
    }

    /// How many elements can be read, without a look inside.
    fn count_elements(mut self, field: &'static str) -> usize {
        std::iter::from_fn(|| self.any(field).ok()).count()
    }

    /// An OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// [`Problem::InvalidObjectIdentifier`] and those of [`Reader::element`].
    pub fn oid(&mut self, field: &'static str) -> Decoded<Oid> {
        let element = self.element(OBJECT_IDENTIFIER, field)?;
        Oid::from_content(element.content)
            .ok_or_else(|| element.malformed(field, Problem::InvalidObjectIdentifier))
    }

    /// A BOOLEAN that is `DEFAULT FALSE`: absent, or present and TRUE.
    ///
    /// # Errors
    /// [`Problem::BooleanNotCanonical`], [`Problem::EncodedDefault`].
    pub fn default_false(&mut self, tag: Tag, field: &'static str) -> Decoded<bool> {
        match self.optional(tag, field)? {
            None => Ok(false),
            Some(element) => match element.content {
                [0xff] => Ok(true),
                [0x00] => Err(element.malformed(field, Problem::EncodedDefault)),
                _ => Err(element.malformed(field, Problem::BooleanNotCanonical)),
            },
        }
    }

    /// An INTEGER's content octets: minimal two's complement, any size, any sign.
    ///
    /// # Errors
    /// [`Problem::IntegerNotMinimal`] and those of [`Reader::element`].
    pub fn integer(&mut self, field: &'static str) -> Decoded<&'a [u8]> {
        let element = self.element(INTEGER, field)?;
        integer_content(&element, field)
    }

    /// An INTEGER's content octets under an implicit tag, if it stands here.
    ///
    /// # Errors
    /// [`Problem::IntegerNotMinimal`] and those of [`Reader::any`].
    pub fn optional_integer(&mut self, tag: Tag, field: &'static str) -> Decoded<Option<&'a [u8]>> {
        self.optional(tag, field)?.map(|element| integer_content(&element, field)).transpose()
    }

    /// A non-negative INTEGER that fits 32 bits.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`] and those of [`Reader::integer`].
    pub fn small_integer(&mut self, tag: Tag, field: &'static str) -> Decoded<u32> {
        let element = self.element(tag, field)?;
        let content = integer_content(&element, field)?;
        let negative = content.first().is_some_and(|octet| octet & 0x80 != 0);
        let value = content
            .iter()
            .try_fold(0_u32, |value, octet| value.checked_mul(256)?.checked_add(u32::from(*octet)));
        value.filter(|_| !negative).ok_or_else(|| element.malformed(field, Problem::OutOfRange))
    }

    /// A non-negative INTEGER, saturated at `u32::MAX`: for counts that no certification path reaches.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`] when negative, and those of [`Reader::integer`].
    pub fn saturated_integer(&mut self, tag: Tag, field: &'static str) -> Decoded<u32> {
        let element = self.element(tag, field)?;
        let content = integer_content(&element, field)?;
        if content.first().is_some_and(|octet| octet & 0x80 != 0) {
            return Err(element.malformed(field, Problem::OutOfRange));
        }
        let value = content
            .iter()
            .try_fold(0_u32, |value, octet| value.checked_mul(256)?.checked_add(u32::from(*octet)));
        Ok(value.unwrap_or(u32::MAX))
    }

    /// A positive INTEGER: its magnitude, big-endian without leading zeros.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`] when zero or negative, and those of [`Reader::integer`].
    pub fn positive_integer(&mut self, field: &'static str) -> Decoded<&'a [u8]> {
        let element = self.element(INTEGER, field)?;
        match integer_content(&element, field)? {
            [0] => Err(element.malformed(field, Problem::OutOfRange)),
            [first, ..] if first & 0x80 != 0 => Err(element.malformed(field, Problem::OutOfRange)),
            [0, magnitude @ ..] | magnitude => Ok(magnitude),
        }
    }

    /// A BIT STRING: its octets and how many low bits of the last one are unused.
    ///
    /// # Errors
    /// [`Problem::BitStringPadding`] and those of [`Reader::element`].
    pub fn bit_string(&mut self, tag: Tag, field: &'static str) -> Decoded<(&'a [u8], u8)> {
        let element = self.element(tag, field)?;
        let padding = || element.malformed(field, Problem::BitStringPadding);
        let (unused, octets) = element.content.split_first().ok_or_else(padding)?;
        let mask = if *unused < 8 { (1_u16 << unused).saturating_sub(1) } else { u16::MAX };
        let sound = match octets.last() {
            None => *unused == 0,
            Some(last) => *unused < 8 && u16::from(*last) & mask == 0,
        };
        if sound { Ok((octets, *unused)) } else { Err(padding()) }
    }

    /// A BIT STRING whose bits fill whole octets, as keys and signatures do.
    ///
    /// # Errors
    /// Those of [`Reader::bit_string`].
    pub fn octet_aligned_bit_string(&mut self, field: &'static str) -> Decoded<&'a [u8]> {
        let at = self.clone();
        match self.bit_string(BIT_STRING, field)? {
            (octets, 0) => Ok(octets),
            _ => Err(at.malformed(field, Problem::BitStringPadding)),
        }
    }

    /// A `Time`: UTCTime or GeneralizedTime in the one form RFC 5280 4.1.2.5 allows.
    ///
    /// # Errors
    /// [`Problem::InvalidTime`] and those of [`Reader::any`].
    pub fn time(&mut self, field: &'static str) -> Decoded<(Instant, TimeForm)> {
        let element = self.any(field)?;
        let read = match element.tag {
            UTC_TIME => Instant::from_utc_time(element.content).map(|time| (time, TimeForm::UtcTime)),
            GENERALIZED_TIME => {
                Instant::from_generalized_time(element.content).map(|time| (time, TimeForm::GeneralizedTime))
            }
            found => {
                let problem = Problem::UnexpectedTag { expected: UTC_TIME, found: Some(found) };
                return Err(element.malformed(field, problem));
            }
        };
        read.ok_or_else(|| element.malformed(field, Problem::InvalidTime))
    }
}

fn integer_content<'a>(element: &Element<'a>, field: &'static str) -> Decoded<&'a [u8]> {
    let minimal = match element.content {
        [] => false,
        [0x00, next, ..] => next & 0x80 != 0,
        [0xff, next, ..] => next & 0x80 == 0,
        _ => true,
    };
    if minimal { Ok(element.content) } else { Err(element.malformed(field, Problem::IntegerNotMinimal)) }
}

/// Refuses input nested deeper than [`MAXIMUM_DEPTH`] before anything looks inside it.
/// Walks constructed elements with a counter, never by recursion; what is not DER is left to the reader.
///
/// # Errors
/// [`Problem::TooDeep`].
pub fn check_nesting(input: &[u8]) -> Decoded<()> {
    let mut ends: Vec<usize> = Vec::new();
    let mut reader = Reader::new(input);
    while !reader.is_empty() {
        while ends.last().is_some_and(|end| reader.offset >= *end) {
            ends.pop();
        }
        let at = reader.clone();
        let Ok(element) = reader.any("nesting") else { return Ok(()) };
        if element.tag & 0x20 != 0 && !element.content.is_empty() {
            if ends.len() >= MAXIMUM_DEPTH {
                return Err(at.malformed("nesting", Problem::TooDeep));
            }
            ends.push(reader.offset);
            let inside = element.content_offset();
            reader = Reader { rest: input.get(inside..).unwrap_or_default(), offset: inside };
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<u8> {
        let mut inside: Vec<u8> = Vec::new();
        for _ in 0..depth {
            // Built back to front, so that a hundred thousand levels take no quadratic copying.
            let length = inside.len();
            match length {
                0..=0x7f => inside.push(u8::try_from(length).unwrap()),
                _ => {
                    let octets = length.to_be_bytes();
                    let significant: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
                    inside.extend(significant.iter().rev());
                    inside.push(0x80 | u8::try_from(significant.len()).unwrap());
                }
            }
            inside.push(SEQUENCE);
        }
        inside.reverse();
        inside
    }

    #[test]
    fn nesting_is_accepted_up_to_the_limit_and_not_beyond() {
        for depth in [0, 1, MAXIMUM_DEPTH] {
            assert_eq!(check_nesting(&nested(depth)), Ok(()), "{depth}");
        }
        // The innermost SEQUENCE is empty and counts for nothing.
        assert_eq!(check_nesting(&nested(MAXIMUM_DEPTH + 1)), Ok(()));
        for depth in [MAXIMUM_DEPTH + 2, 1_000, 100_000] {
            assert_eq!(check_nesting(&nested(depth)).unwrap_err().problem, Problem::TooDeep, "{depth}");
        }
    }

    #[test]
    fn siblings_are_no_nesting() {
        let inner = [0x30, 0x02, 0x05, 0x00].repeat(1000);
        let whole = [&[0x30, 0x82, 0x0f, 0xa0][..], &inner].concat();
        assert_eq!(check_nesting(&whole), Ok(()));
    }

    fn any(input: &[u8]) -> Result<usize, Problem> {
        let mut reader = Reader::new(input);
        reader.any("x").map(|element| element.content.len()).map_err(|malformed| malformed.problem)
    }

    #[test]
    fn lengths_are_definite_minimal_and_inside_the_input() {
        assert_eq!(any(&[0x04, 0x01, 0xaa]), Ok(1));
        assert_eq!(any(&[&[0x04, 0x81, 0x80][..], &[0; 0x80]].concat()), Ok(0x80));
        assert_eq!(any(&[0x30, 0x80, 0, 0]), Err(Problem::LengthNotDefinite));
        assert_eq!(any(&[0x04, 0x81, 0x01, 0xaa]), Err(Problem::LengthNotDefinite));
        assert_eq!(
            any(&[&[0x04, 0x82, 0x00, 0x80][..], &[0; 0x80]].concat()),
            Err(Problem::LengthNotDefinite)
        );
        assert_eq!(any(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), Err(Problem::Truncated));
        assert_eq!(any(&[0x04, 0x85, 1, 0, 0, 0, 0, 0]), Err(Problem::LengthNotDefinite));
        assert_eq!(any(&[0x04, 0x84, 0x0f, 0xff, 0xff, 0xff, 0]), Err(Problem::Truncated));
        assert_eq!(any(&[0x04, 0x02, 0xaa]), Err(Problem::Truncated));
        assert_eq!(any(&[0x04]), Err(Problem::Truncated));
        assert_eq!(any(&[0x04, 0x82, 0x01]), Err(Problem::Truncated));
        assert_eq!(any(&[]), Err(Problem::Truncated));
    }

    #[test]
    fn tags_der_does_not_use_are_refused() {
        for tag in [0x00, 0x1f, 0x3f, 0xbf, 0x24, 0x23, 0x2c, 0x10, 0x11, 0x22] {
            assert!(matches!(any(&[tag, 0]), Err(Problem::UnexpectedTag { .. })), "{tag:x}");
        }
        for tag in [0x1c, 0x1b, 0x30, 0x31, 0x28, 0x80, 0xa0, 0x41, 0xfe] {
            assert_eq!(any(&[tag, 0]), Ok(0), "{tag:x}");
        }
    }

    fn problem<T>(decoded: Decoded<T>) -> Option<Problem> {
        decoded.err().map(|malformed| malformed.problem)
    }

    #[test]
    fn integers_are_minimal() {
        let read = |input: &[u8]| Reader::new(input).integer("x").map(<[u8]>::to_vec);
        for input in [&[2, 1, 0][..], &[2, 1, 0x80], &[2, 2, 0, 0x80], &[2, 2, 0xff, 0x7f], &[2, 1, 0xff]] {
            assert_eq!(read(input).unwrap(), input[2..]);
        }
        for input in [&[2, 0][..], &[2, 2, 0, 0x7f], &[2, 2, 0xff, 0x80], &[2, 2, 0, 0]] {
            assert_eq!(problem(read(input)), Some(Problem::IntegerNotMinimal));
        }
    }

    #[test]
    fn bounded_integers() {
        let small = |input: &[u8]| Reader::new(input).small_integer(INTEGER, "x");
        let saturated = |input: &[u8]| Reader::new(input).saturated_integer(INTEGER, "x");
        let largest = [2, 5, 0, 0xff, 0xff, 0xff, 0xff];
        assert_eq!((small(&largest), saturated(&largest)), (Ok(u32::MAX), Ok(u32::MAX)));
        let larger = [2, 5, 1, 0, 0, 0, 0];
        assert_eq!((problem(small(&larger)), saturated(&larger)), (Some(Problem::OutOfRange), Ok(u32::MAX)));
        let negative = [2, 1, 0xff];
        assert_eq!(problem(small(&negative)), Some(Problem::OutOfRange));
        assert_eq!(problem(saturated(&negative)), Some(Problem::OutOfRange));
        assert_eq!((small(&[2, 1, 0]), saturated(&[2, 1, 0])), (Ok(0), Ok(0)));
    }

    #[test]
    fn positive_integers_lose_their_sign_octet() {
        let read = |input: &[u8]| Reader::new(input).positive_integer("x").map(<[u8]>::to_vec);
        assert_eq!(read(&[2, 2, 0, 0x80]), Ok(vec![0x80]));
        assert_eq!(read(&[2, 1, 1]), Ok(vec![1]));
        for input in [&[2, 1, 0][..], &[2, 1, 0x80]] {
            assert_eq!(problem(read(input)), Some(Problem::OutOfRange));
        }
    }

    #[test]
    fn booleans_are_ff_or_left_out() {
        let read = |input: &[u8]| Reader::new(input).default_false(BOOLEAN, "x");
        assert_eq!((read(&[]), read(&[1, 1, 0xff]), read(&[5, 0])), (Ok(false), Ok(true), Ok(false)));
        assert_eq!(problem(read(&[1, 1, 0])), Some(Problem::EncodedDefault));
        for input in [&[1, 1, 1][..], &[1, 0], &[1, 2, 0xff, 0xff]] {
            assert_eq!(problem(read(input)), Some(Problem::BooleanNotCanonical));
        }
    }

    #[test]
    fn unused_bits_are_below_8_and_zero() {
        let read =
            |input: &[u8]| Reader::new(input).bit_string(BIT_STRING, "x").map(|(octets, _)| octets.len());
        assert_eq!((read(&[3, 1, 0]), read(&[3, 2, 7, 0x80]), read(&[3, 2, 0, 1])), (Ok(0), Ok(1), Ok(1)));
        for input in [&[3, 0][..], &[3, 1, 1], &[3, 2, 8, 0], &[3, 2, 1, 1], &[3, 2, 7, 0xc0]] {
            assert_eq!(problem(read(input)), Some(Problem::BitStringPadding));
        }
        let aligned = |input: &[u8]| Reader::new(input).octet_aligned_bit_string("x").map(<[u8]>::len);
        assert_eq!(
            (aligned(&[3, 2, 0, 1]), problem(aligned(&[3, 2, 1, 2]))),
            (Ok(1), Some(Problem::BitStringPadding))
        );
    }

    #[test]
    fn times_keep_their_form_and_offsets_count_from_the_start() {
        let input = [&[0x30, 0x0f, 0x17, 0x0d][..], b"500101000000Z"].concat();
        let mut reader = Reader::new(&input).nested(SEQUENCE, "validity").unwrap();
        let (time, form) = reader.time("notBefore").unwrap();
        assert_eq!((time.to_string().as_str(), form), ("1950-01-01T00:00:00Z", TimeForm::UtcTime));
        let end = reader.time("notAfter").unwrap_err();
        assert_eq!((end.offset, end.field, end.problem), (17, "notAfter", Problem::Truncated));
        let mut reader = Reader::new(b"\x17\x0b5001010000Z");
        assert_eq!(problem(reader.time("x")), Some(Problem::InvalidTime));
        let mut reader = Reader::new(b"\x18\x1199991231235959.0Z");
        assert_eq!(problem(reader.time("x")), Some(Problem::InvalidTime));
        assert_eq!(
            problem(Reader::new(b"\x0c\x0d500101000000Z").time("x")),
            Some(Problem::UnexpectedTag { expected: UTC_TIME, found: Some(UTF8_STRING) })
        );
    }

    #[test]
    fn what_follows_the_last_element_is_refused() {
        let mut reader = Reader::new(&[5, 0, 0]);
        reader.element(NULL, "x").unwrap();
        let trailing = reader.finish("x").unwrap_err();
        assert_eq!((trailing.offset, trailing.code()), (2, "trailing-data"));
    }

    #[test]
    fn an_identifier_keeps_arcs_of_any_size_and_a_megabyte_of_arcs_is_refused() {
        // 2.5.29.(2^32 + 15) must not be read as 2.5.29.15.
        let wide = [6, 7, 0x55, 0x1d, 0x90, 0x80, 0x80, 0x80, 0x0f];
        let read = Reader::new(&wide).oid("x").unwrap();
        assert_eq!(read.to_string(), "2.5.29.4294967311");
        assert_ne!(read, crate::oid::KEY_USAGE);
        assert_eq!(
            problem(Reader::new(&[6, 3, 0x55, 0x80, 0x0f]).oid("x")),
            Some(Problem::InvalidObjectIdentifier)
        );
        let huge = [&[6, 0x83, 0x10, 0x00, 0x00][..], &vec![1; 0x10_0000]].concat();
        assert_eq!(problem(Reader::new(&huge).oid("x")), Some(Problem::InvalidObjectIdentifier));
    }

    #[test]
    fn a_list_has_an_element() {
        let read = |input: &[u8]| Reader::new(input).list_of(SEQUENCE, "x", |inner| inner.oid("x"));
        assert_eq!(problem(read(&[0x30, 0])), Some(Problem::Empty));
        assert_eq!(read(&[0x30, 3, 6, 1, 0x55]).unwrap().len(), 1);
    }

    #[test]
    fn tags_are_named_as_asn_1_writes_them() {
        for (tag, name) in
            [(0x30, "SEQUENCE"), (0x03, "BIT STRING"), (0xa3, "[3]"), (0x82, "[2]"), (0x41, "0x41")]
        {
            assert_eq!(tag_name(tag), name);
        }
    }
}
