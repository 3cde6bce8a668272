//! The subject of a request or of a certificate made here: which fields, how they must be written, and their DER
//! (RFC 5280 4.1.2.6, appendix A.1). What the common name should be is [`super::distribution`]'s.

use super::code::ManagementCode as Code;
use super::plan::{About, Plan};
use crate::certificate::name_syntax::DnsName;
use crate::der::{self, Tag, write};
use crate::finding::Value;
use crate::oid::{self, Oid};

/// The fields of a subject as an administrator enters them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectFields {
    /// countryName, two letters.
    pub country: Option<String>,
    /// stateOrProvinceName.
    pub state: Option<String>,
    /// localityName.
    pub locality: Option<String>,
    /// organizationName.
    pub organization: Option<String>,
    /// organizationalUnitName. It is left out unless the next field says otherwise (R-CSR-15, R-CSR-16, R-SS-5).
    pub organizational_unit: Option<String>,
    /// Include the organisational unit.
    pub include_organizational_unit: bool,
    /// commonName; `None` for the one that follows from the distribution (R-CSR-14).
    pub common_name: Option<String>,
}

/// What is known of one field: its name in findings, its type, its string type and the most characters it may have.
struct Field {
    name: &'static str,
    kind: Oid,
    tag: Tag,
    maximum: usize,
}

/// RFC 5280 appendix A.1: ub-state-name, ub-locality-name, ub-organization-name, ub-organizational-unit-name,
/// ub-common-name. The order is that of the written name.
static FIELDS: [Field; 6] = [
    Field { name: "country", kind: oid::COUNTRY_NAME, tag: der::PRINTABLE_STRING, maximum: 2 },
    Field { name: "state", kind: oid::STATE_OR_PROVINCE_NAME, tag: der::UTF8_STRING, maximum: 128 },
    Field { name: "locality", kind: oid::LOCALITY_NAME, tag: der::UTF8_STRING, maximum: 128 },
    Field { name: "organization", kind: oid::ORGANIZATION_NAME, tag: der::UTF8_STRING, maximum: 64 },
    Field {
        name: "organizationalUnit",
        kind: oid::ORGANIZATIONAL_UNIT_NAME,
        tag: der::UTF8_STRING,
        maximum: 64,
    },
    Field { name: "commonName", kind: oid::COMMON_NAME, tag: der::UTF8_STRING, maximum: 64 },
];

/// Fields a request must have; those of a certificate made here may all be absent (R-CSR-3).
const NEEDED_IN_REQUESTS: [&str; 3] = ["country", "locality", "organization"];

impl SubjectFields {
    /// The values in the order of [`FIELDS`], the organisational unit only where it is included.
    fn values<'a>(&'a self, common_name: &'a str) -> [Option<&'a str>; 6] {
        let unit = self.organizational_unit.as_deref().filter(|_| self.include_organizational_unit);
        [
            self.country.as_deref(),
            self.state.as_deref(),
            self.locality.as_deref(),
            self.organization.as_deref(),
            unit,
            Some(common_name),
        ]
    }

    /// Reports fields that are not written as they must be.
    pub(super) fn check(&self, plan: &mut Plan, common_name: &str) {
        for (field, value) in FIELDS.iter().zip(self.values(common_name)) {
            if let Some(text) = value {
                field.check(plan, text);
            }
        }
        if self.include_organizational_unit && self.organizational_unit.is_none() {
            report_missing(plan, "organizationalUnit");
        }
        if common_name.contains('*') {
            report_wildcard(plan, "commonName", common_name);
        }
    }

    /// Reports fields that a request must have and that are not given (R-CSR-3).
    pub(super) fn check_needed(&self, plan: &mut Plan) {
        for (field, value) in FIELDS.iter().zip(self.values("")) {
            if value.is_none() && NEEDED_IN_REQUESTS.contains(&field.name) {
                report_missing(plan, field.name);
            }
        }
    }

    /// The subject's DER: one attribute in each relative distinguished name.
    pub(super) fn encode(&self, common_name: &str) -> Vec<u8> {
        let given = FIELDS.iter().zip(self.values(common_name));
        let parts: Vec<Vec<u8>> =
            given.filter_map(|(field, value)| value.map(|text| field.encode(text))).collect();
        write::sequence(&parts)
    }
}

impl Field {
    fn check(&self, plan: &mut Plan, text: &str) {
        let characters = text.chars().count();
        if characters > self.maximum {
            let details = vec![
                ("field", Value::text(self.name)),
                ("found", Value::count(characters)),
                ("maximum", Value::count(self.maximum)),
            ];
            return plan.report(Code::FieldTooLong, About::OPERATION, details);
        }
        let (sound, accepted) = if self.tag == der::PRINTABLE_STRING {
            // X.520 6.3.1: the codes of ISO 3166, which are written in capitals.
            let sound = characters == 2 && text.bytes().all(|octet| octet.is_ascii_uppercase());
            (sound, "two letters from A to Z")
        } else {
            let sound = !text.is_empty() && text.trim() == text && !text.chars().any(is_invisible);
            (sound, "text without control or invisible characters, not empty, no space at either end")
        };
        if !sound {
            let details = vec![
                ("field", Value::text(self.name)),
                ("found", Value::text(text)),
                ("accepted", Value::text(accepted)),
            ];
            plan.report(Code::FieldInvalid, About::OPERATION, details);
        }
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let attribute = [write::object_identifier(&self.kind), write::element(self.tag, text.as_bytes())];
        write::set_of_one(&write::sequence(&attribute))
    }
}

/// Controls, and what reorders or hides the text around it: a name must look like what it is.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Most names that one certificate protects: with names of the greatest length they fill the cap of a certificate.
pub(super) const MAXIMUM_NAMES: usize = 200;

/// Reports what is no host name, and yields what is. Other scripts are written as A-labels (RFC 5280 7.2).
pub(super) fn check_host_name(plan: &mut Plan, field: &'static str, text: &str) -> bool {
    if text.contains('*') {
        report_wildcard(plan, field, text);
        return false;
    }
    let fault = match DnsName::parse(text) {
        Ok(_) => return true,
        Err(fault) => fault,
    };
    let details = vec![
        ("field", Value::text(field)),
        ("found", Value::text(text)),
        ("fault", Value::text(fault.as_str())),
        ("accepted", Value::text("host name in ASCII, other scripts as xn-- labels")),
    ];
    plan.report(Code::HostNameInvalid, About::OPERATION, details);
    false
}

/// R-TS-8: wildcard certificates are not supported, so none is asked for.
pub(super) fn report_wildcard(plan: &mut Plan, field: &'static str, text: &str) {
    let details = vec![
        ("field", Value::text(field)),
        ("found", Value::text(text)),
        ("accepted", Value::text("every name written out")),
    ];
    plan.report(Code::WildcardRequested, About::OPERATION, details);
}

pub(super) fn report_missing(plan: &mut Plan, field: &'static str) {
    plan.report(Code::FieldMissing, About::OPERATION, vec![("field", Value::text(field))]);
}

#[cfg(test)]
mod tests;
