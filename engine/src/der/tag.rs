//! ASN.1 tags of one octet: those certificates use, their names, and which ones DER allows. Names for reading
//! only; no value is decoded here.

/// An ASN.1 tag octet, as it stands in the input.
pub type Tag = u8;

/// BOOLEAN.
pub const BOOLEAN: Tag = 0x01;
/// INTEGER.
pub const INTEGER: Tag = 0x02;
/// BIT STRING.
pub const BIT_STRING: Tag = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: Tag = 0x04;
/// NULL.
pub const NULL: Tag = 0x05;
/// OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: Tag = 0x06;
/// ENUMERATED.
pub const ENUMERATED: Tag = 0x0a;
/// UTF8String.
pub const UTF8_STRING: Tag = 0x0c;
/// SEQUENCE and SEQUENCE OF.
pub const SEQUENCE: Tag = 0x30;
/// SET and SET OF.
pub const SET: Tag = 0x31;
/// NumericString.
pub const NUMERIC_STRING: Tag = 0x12;
/// PrintableString.
pub const PRINTABLE_STRING: Tag = 0x13;
/// TeletexString.
pub const TELETEX_STRING: Tag = 0x14;
/// IA5String.
pub const IA5_STRING: Tag = 0x16;
/// UTCTime.
pub const UTC_TIME: Tag = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: Tag = 0x18;
/// VisibleString.
pub const VISIBLE_STRING: Tag = 0x1a;
/// UniversalString.
pub const UNIVERSAL_STRING: Tag = 0x1c;
/// BMPString.
pub const BMP_STRING: Tag = 0x1e;

/// `[number]`, primitive.
#[must_use]
pub const fn context(number: u8) -> Tag {
    0x80 | number
}

/// `[number]`, constructed.
#[must_use]
pub const fn context_constructed(number: u8) -> Tag {
    0xa0 | number
}

/// The name of a tag as ASN.1 writes it: `SEQUENCE`, `[3]`, or the octet in hexadecimal.
#[must_use]
pub fn tag_name(tag: Tag) -> String {
    let name = match tag {
        BOOLEAN => "BOOLEAN",
        INTEGER => "INTEGER",
        BIT_STRING => "BIT STRING",
        OCTET_STRING => "OCTET STRING",
        NULL => "NULL",
        OBJECT_IDENTIFIER => "OBJECT IDENTIFIER",
        ENUMERATED => "ENUMERATED",
        UTF8_STRING => "UTF8String",
        SEQUENCE => "SEQUENCE",
        SET => "SET",
        NUMERIC_STRING => "NumericString",
        PRINTABLE_STRING => "PrintableString",
        TELETEX_STRING => "TeletexString",
        IA5_STRING => "IA5String",
        UTC_TIME => "UTCTime",
        GENERALIZED_TIME => "GeneralizedTime",
        VISIBLE_STRING => "VisibleString",
        UNIVERSAL_STRING => "UniversalString",
        BMP_STRING => "BMPString",
        0x80..=0xbe if tag & 0x1f != 0x1f => return format!("[{}]", tag & 0x1f),
        _ => return format!("0x{tag:02x}"),
    };
    name.to_owned()
}

/// A tag of one octet that DER allows: universal types are in their one form, so that strings never come in
/// parts (X.690 10.2), and number 0, which ends indefinite lengths in BER, is not used.
pub(super) fn is_der_tag(tag: Tag) -> bool {
    let (class, constructed, number) = (tag & 0xc0, tag & 0x20 != 0, tag & 0x1f);
    match number {
        0x1f => false,
        _ if class != 0 => true,
        0 => false,
        // EXTERNAL, EMBEDDED PDV, SEQUENCE, SET, CHARACTER STRING.
        8 | 11 | 16 | 17 | 29 => constructed,
        _ => !constructed,
    }
}
