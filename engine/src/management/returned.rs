//! A certificate that an authority returned, against the request it was made for and against what its purpose requires
//! (R-UP-19, R-UP-27 to R-UP-29, R-KUX-11, D-24, D-25). Whether its chain holds is `upload`'s, and whether it may be
//! trusted is [`crate::evaluate()`]'s.

use std::collections::BTreeSet;

use super::accepted_extensions::{is_foreseen, listed};
use super::cluster::PendingRequest;
use super::code::ManagementCode as Code;
use super::key_choice::type_of;
use super::key_usage_table::{Cell, Usage, UsageProfile, Usages, is_forbidden, required};
use super::plan::{About, Plan};
use super::purpose::IdentityPurpose;
use super::release::Product;
use crate::budget::Budget;
use crate::certificate::Certificate;
use crate::certificate::extension::Extensions;
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::certificate::signing_request::SigningRequest;
use crate::der::Malformed;
use crate::finding::Value;
use crate::finding::trace::hexadecimal;
use crate::oid::{self, Oid};
use crate::order;
use crate::settings::KeyUsageBit;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::management::ExtraNames;
use crate::signature::{self, SignatureError, SignedData};

/// What a returned certificate is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    /// The product, which decides between the two tables.
    pub product: Product,
    /// The identity purpose.
    pub purpose: &'a IdentityPurpose,
    /// How the key-usage tables are read.
    pub profile: UsageProfile,
    /// What becomes of names that were not asked for.
    pub extra_names: ExtraNames,
}

/// Reports every difference between `certificate` and the request it was returned for that matters, and every usage
/// that its purpose requires and it lacks. `about` is the certificate in the findings.
pub fn check_returned(
    plan: &mut Plan,
    about: About,
    pending: &PendingRequest,
    certificate: &Certificate,
    expectation: &Expectation<'_>,
) {
    match SigningRequest::decode(&pending.der) {
        Ok(request) => {
            check_key(plan, about, &request, certificate);
            check_names(plan, about, (&request, certificate), expectation.extra_names);
            check_subject(plan, about, &request.subject, &certificate.subject);
            check_usages(plan, about, (Some(&request), certificate), expectation);
        }
        Err(malformed) => report_unreadable(plan, about, &malformed),
    }
}

/// Verifies that a request is signed with the key it is for (RFC 2986 4.2, R-CSR-1).
///
/// # Errors
/// [`SignatureError`].
pub fn verify_possession(
    request: &SigningRequest,
    budget: &mut Budget,
) -> Result<SignatureAlgorithm, SignatureError> {
    let signed = SignedData {
        message: request.signed_part(),
        algorithm: &request.signature_algorithm,
        signature: &request.signature,
    };
    signature::verify(&signed, &request.public_key, None, budget)
}

fn report_unreadable(plan: &mut Plan, about: About, malformed: &Malformed) {
    let details = vec![
        ("field", Value::text(malformed.field)),
        ("offset", Value::count(malformed.offset)),
        ("problem", Value::text(malformed.code())),
    ];
    plan.report(Code::RequestUnreadable, about, details);
}

/// The private key that is kept belongs to the request; another certificate cannot be used with it.
fn check_key(plan: &mut Plan, about: About, request: &SigningRequest, certificate: &Certificate) {
    if request.public_key.der != certificate.public_key.der {
        let details = vec![
            ("expected", Value::text(request.public_key.describe())),
            ("expectedKey", Value::Octets(request.public_key.octets.clone())),
            ("found", Value::text(certificate.public_key.describe())),
            ("foundKey", Value::Octets(certificate.public_key.octets.clone())),
        ];
        plan.report(Code::ReturnedKeyDiffers, about, details);
    }
}

/// D-25: the names are the same set, in any order, letter case of host names aside.
fn check_names(
    plan: &mut Plan,
    about: About,
    (request, certificate): (&SigningRequest, &Certificate),
    extra_names: ExtraNames,
) {
    let (asked, given) = (names(&request.extensions), names(&certificate.extensions));
    let mut report = |code, these: &BTreeSet<Comparable>, others: &BTreeSet<Comparable>| {
        let differing = these.difference(others).map(|name| ("name", Value::text(&name.shown)));
        let details: Vec<_> = differing.collect();
        if !details.is_empty() {
            plan.report(code, about, details);
        }
    };
    report(Code::ReturnedNameMissing, &asked, &given);
    let code = match extra_names {
        ExtraNames::Refuse => Code::ReturnedNameExtra,
        ExtraNames::Warn => Code::ReturnedNameAdded,
    };
    report(code, &given, &asked);
}

/// A name of subjectAltName in a form that is equal for equal names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Comparable {
    form: &'static str,
    octets: Vec<u8>,
    shown: String,
}

fn names(extensions: &Extensions) -> BTreeSet<Comparable> {
    order::set(extensions.subject_alt_name.iter().flatten().map(Comparable::new))
}

impl Comparable {
    fn new(name: &GeneralName) -> Self {
        let text = |text: &str| (text.as_bytes().to_vec(), text.to_owned());
        let (octets, value) = match name {
            // RFC 5280 7.2: host names compare without letter case.
            GeneralName::DnsName(host) => text(&host.to_ascii_lowercase()),
            GeneralName::Rfc822Name(value) | GeneralName::Uri(value) => text(value),
            GeneralName::DirectoryName(name) => (name.der.clone(), name.to_string()),
            GeneralName::RegisteredId(kind) => text(&kind.to_string()),
            GeneralName::OtherName(kind, value) => ([kind.content(), value].concat(), hexadecimal(value)),
            GeneralName::X400Address(octets)
            | GeneralName::EdiPartyName(octets)
            | GeneralName::IpAddress(octets) => (octets.clone(), hexadecimal(octets)),
        };
        let form = name.form();
        Self { form, octets, shown: [form, " ", &value].concat() }
    }
}

/// The common name is the one that was asked for; an organisational unit may be left out (R-UP-19). Authorities replace
/// other attributes by what they have verified, and nothing here depends on those.
fn check_subject(plan: &mut Plan, about: About, asked: &Name, given: &Name) {
    let (expected, found) = (texts(asked, &oid::COMMON_NAME), texts(given, &oid::COMMON_NAME));
    if !same_text(&expected, &found) {
        let named =
            |name, list: &[&str]| -> Vec<_> { list.iter().map(|text| (name, Value::text(*text))).collect() };
        let details = [named("expected", &expected), named("found", &found)].concat();
        plan.report(Code::ReturnedCommonNameDiffers, about, details);
    }
    let units = texts(asked, &oid::ORGANIZATIONAL_UNIT_NAME);
    if !units.is_empty() && texts(given, &oid::ORGANIZATIONAL_UNIT_NAME).is_empty() {
        let details = units.into_iter().map(|unit| ("organizationalUnit", Value::text(unit))).collect();
        plan.report(Code::ReturnedUnitRemoved, about, details);
    }
}

fn texts<'n>(name: &'n Name, kind: &Oid) -> Vec<&'n str> {
    let attributes = name.rdns.iter().flat_map(|rdn| &rdn.attributes);
    attributes.filter(|one| one.kind == *kind).filter_map(|one| one.text.as_deref()).collect()
}

fn same_text(these: &[&str], others: &[&str]) -> bool {
    these.len() == others.len()
        && these.iter().zip(others).all(|(this, other)| this.to_lowercase() == other.to_lowercase())
}

/// Reports usages that are required or were asked for and are missing, and usages that should not be there. Without a
/// request, what the table requires is all there is to compare with (R-KUX-11).
pub fn check_usages(
    plan: &mut Plan,
    about: About,
    (request, certificate): (Option<&SigningRequest>, &Certificate),
    expectation: &Expectation<'_>,
) {
    let purpose = expectation.purpose;
    if purpose.usages.is_empty() {
        return;
    }
    // The rules for a key are those of the key that is there; of another family than the purpose's it is refused anyway.
    let key_type = type_of(&certificate.public_key).unwrap_or(purpose.key_type);
    let required = required(&purpose.usages, key_type, expectation.profile);
    let found = usages(&certificate.extensions);
    let asked = request.map(|request| usages(&request.extensions)).unwrap_or_default();
    for usage in all(&required) {
        if !found.has(&usage) {
            let code = match usage {
                Usage::Key(KeyUsageBit::DataEncipherment) => Code::DataEnciphermentRemoved,
                _ => Code::ReturnedUsageMissing,
            };
            report_usage(plan, about, code, (purpose, &usage));
        }
    }
    for usage in all(&asked).into_iter().filter(|usage| !required.has(usage) && !found.has(usage)) {
        report_usage(plan, about, Code::ReturnedUsageDropped, (purpose, &usage));
    }
    let list = listed(expectation.product, &purpose.name);
    for usage in all(&found) {
        let unwanted = cell(purpose, &usage) == Cell::No
            || (expectation.profile == UsageProfile::StrictPkix && is_forbidden(&usage, key_type));
        if unwanted {
            report_usage(plan, about, Code::ReturnedUsageUnwanted, (purpose, &usage));
        } else if !is_foreseen(&usage, list, &required) {
            report_usage(plan, about, Code::ReturnedUsageUnforeseen, (purpose, &usage));
        }
    }
}

fn cell(purpose: &IdentityPurpose, usage: &Usage) -> Cell {
    purpose.usages.iter().find(|(column, _)| column == usage).map_or(Cell::Blank, |(_, cell)| *cell)
}

/// The usages of a request or certificate; an extension that is absent states none.
fn usages(extensions: &Extensions) -> Usages {
    Usages {
        key: extensions.key_usage.unwrap_or_default(),
        extended: extensions.extended_key_usage.clone().unwrap_or_default(),
    }
}

/// Every usage once.
fn all(usages: &Usages) -> Vec<Usage> {
    let extended = order::set(&usages.extended);
    let key = usages.key.bits().map(Usage::Key);
    extended.into_iter().cloned().map(Usage::Extended).chain(key).collect()
}

fn report_usage(plan: &mut Plan, about: About, code: Code, (purpose, usage): (&IdentityPurpose, &Usage)) {
    let shown = match usage {
        Usage::Extended(kind) if usage.word().is_empty() => Value::Oid(kind.clone()),
        _ => Value::text(usage.word()),
    };
    let details = vec![
        ("purpose", Value::text(&purpose.name)),
        ("usage", shown),
        ("table", Value::text(cell(purpose, usage).word())),
    ];
    plan.report(code, about, details);
}

#[cfg(test)]
mod tests;
