//! Certificates in their places: the criteria of a list, and lists and single certificates as pages (R-SHOW-1 to
//! R-SHOW-3, R-SHOW-11).

use clap::{Args, ValueEnum};
use hyper::Method;

use super::page::{Ink, Page};
use super::plan_page::node;
use super::remote::{Remote, Stop, fingerprint};
use super::{Console, Exit, file, inspect, written};
use crate::client::document::{DescribedField, Entries, Entry, Whole};
use crate::client::{Ask, encoded};
use crate::component::contract::inspect::Field;

/// Criteria, all of which hold.
#[derive(Args, Clone, Debug, Default)]
pub struct Criteria {
    /// The common name contains this, in any case.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The validity ends before this moment (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub expires_before: Option<String>,
    /// The validity ends after this moment (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub expires_after: Option<String>,
    /// The kind and size of the key, such as "rsa 2048" and "p-256".
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// In effect on this node.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// What is sorted by.
    #[arg(long, value_enum)]
    pub sort: Option<Sort>,
    /// The greatest first.
    #[arg(long)]
    pub descending: bool,
    /// How many at most, 1 to 500.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: Option<u16>,
    /// All of them, page after page; with --json one document a line.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// By common name.
    CommonName,
    /// By the end of the validity.
    Expiry,
    /// By the kind of key.
    KeyType,
    /// Our own before those that are believed.
    Kind,
}

/// The slot or store that is listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Within<'a> {
    /// `identity` or `trust`.
    pub kind: Option<&'a str>,
    /// Its name.
    pub room: Option<&'a str>,
}

/// The options of `show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArguments {
    /// SHA-256 of the certificate, in hexadecimal, with or without colons.
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// The certificate itself, as PEM.
    #[arg(long, conflicts_with = "der")]
    pub pem: bool,
    /// The certificate itself, as DER.
    #[arg(long)]
    pub der: bool,
    /// Where to write the certificate itself; a file that is there is not replaced.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<String>,
}

/// Runs a list.
///
/// # Errors
/// [`Stop`].
pub fn list(
    remote: &Remote,
    console: &mut Console<'_>,
    criteria: &Criteria,
    within: Within<'_>,
) -> Result<Exit, Stop> {
    let mut after = None;
    let mut page = Page::new(console.looks.drawing);
    let mut number = 0_usize;
    loop {
        let answer = remote.ask(console, &asked(criteria, within, after.as_deref()))?;
        let entries: Entries = remote.read(&answer)?;
        if remote.is_json() {
            remote.raw(console, &answer, Exit::Allow)?;
        }
        entries.items.iter().for_each(|entry| draw(&mut page, entry));
        number = number.saturating_add(entries.items.len());
        after = entries.next;
        if after.is_none() || !criteria.all {
            break;
        }
    }
    if remote.is_json() {
        return Ok(Exit::Allow);
    }
    let counted = if number == 1 { "1 certificate".to_owned() } else { format!("{number} certificates") };
    let more = if after.is_some() { "; there are more, which --all shows" } else { "" };
    page.line(("", ""), &[Ink::Dim.span(format!("{counted}{more}"))]);
    Ok(written(console.page(&page.into_text()), Exit::Allow)?)
}

fn asked(criteria: &Criteria, within: Within<'_>, after: Option<&str>) -> Ask {
    let limit = criteria.limit.map(|limit| limit.to_string());
    let sort = criteria.sort.and_then(|sort| sort.to_possible_value());
    Ask::get("/api/v1/certificates").with(&[
        ("common_name", criteria.name.as_deref()),
        ("expires_before", criteria.expires_before.as_deref()),
        ("expires_after", criteria.expires_after.as_deref()),
        ("key_type", criteria.key.as_deref()),
        ("node", criteria.node.as_deref()),
        ("kind", within.kind),
        ("room", within.room),
        ("sort", sort.as_ref().map(clap::builder::PossibleValue::get_name)),
        ("direction", criteria.descending.then_some("descending")),
        ("limit", limit.as_deref()),
        ("after", after),
    ])
}

/// The certificates of a store whose common names contain a text.
///
/// # Errors
/// [`Stop`].
pub fn matching(
    remote: &Remote,
    console: &mut Console<'_>,
    name: Option<&str>,
    within: Within<'_>,
) -> Result<Vec<Entry>, Stop> {
    let criteria = Criteria { name: name.map(str::to_owned), limit: Some(500), ..Criteria::default() };
    let answer = remote.ask(console, &asked(&criteria, within, None))?;
    Ok(remote.read::<Entries>(&answer)?.items)
}

/// A certificate where it lies in a store.
///
/// # Errors
/// [`Stop`].
pub fn lying(
    remote: &Remote,
    console: &mut Console<'_>,
    certificate: &str,
    within: Within<'_>,
) -> Result<Vec<Entry>, Stop> {
    let ask = asked(&Criteria::default(), within, None);
    let answer = remote.ask(console, &ask.with(&[("fingerprint", Some(&fingerprint(certificate)))]))?;
    Ok(remote.read::<Entries>(&answer)?.items)
}

/// One certificate in its place.
pub fn draw(page: &mut Page, entry: &Entry) {
    page.line(("", "  "), &[Ink::Bold.span(entry.subject.as_str())]);
    let Entry { room, key_type, not_after, origin, .. } = entry;
    let place = format!("{room} on {}", node(entry.node.as_deref()));
    let facts = format!("{place} · {key_type} · until {not_after} · {origin}");
    page.line(("  ", "  "), &[Ink::Plain.span(facts)]);
    page.line(("  ", "  "), &[Ink::Dim.span(format!("sha256 {}", entry.fingerprint))]);
    if !entry.description.is_empty() {
        page.line(("  ", "  "), &[Ink::Plain.span(entry.description.as_str())]);
    }
}

/// Runs `show`: every field as a page, or the certificate as it came, octet for octet (R-SHOW-11).
///
/// # Errors
/// [`Stop`].
pub fn show(remote: &Remote, console: &mut Console<'_>, arguments: &ShowArguments) -> Result<Exit, Stop> {
    let path = format!("/api/v1/certificates/{}", encoded(&fingerprint(&arguments.fingerprint)));
    let form = match (arguments.pem, arguments.der, &arguments.output) {
        (_, true, _) => Some("application/pkix-cert"),
        (true, ..) | (.., Some(_)) => Some("application/x-pem-file"),
        _ => None,
    };
    let Some(form) = form else {
        return remote.show(console, &Ask::get(path), |page, whole: &Whole| {
            whole.places.iter().for_each(|entry| draw(page, entry));
            page.gap();
            inspect::describe(page, &flat(&whole.certificate.fields, 0));
        });
    };
    let answer = remote.ask(console, &Ask::get(path).accepting(form))?;
    Ok(file::save(console, arguments.output.as_deref(), &answer.body)?)
}

/// Fields and those that belong to them, in the order of a page.
fn flat(fields: &[DescribedField], depth: u8) -> Vec<Field> {
    let mut all = Vec::new();
    for field in fields {
        all.push(Field {
            depth,
            label: field.label.clone(),
            oid: field.oid.clone(),
            value: field.value.clone(),
            critical: field.critical,
        });
        all.extend(flat(&field.fields, depth.saturating_add(1)));
    }
    all
}

/// The options of `describe`, but for where the certificate lies.
#[derive(Args, Clone, Debug)]
pub struct DescribeArguments {
    /// SHA-256 of the certificate, in hexadecimal, with or without colons.
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// What is written beside it; an empty text takes it away.
    #[arg(value_name = "TEXT")]
    pub description: String,
    /// On this node alone.
    #[arg(long, value_name = "NODE")]
    pub node: Option<String>,
    /// Show what would be done, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs `describe`.
///
/// # Errors
/// [`Stop`].
pub fn describe(
    remote: &Remote,
    console: &mut Console<'_>,
    arguments: &DescribeArguments,
    (kind, room): (&str, &str),
) -> Result<Exit, Stop> {
    let body = serde_json::json!({ "description": arguments.description });
    let path = path(kind, room, &arguments.fingerprint);
    let dry_run = arguments.dry_run.then_some("true");
    let ask = Ask::write(Method::PATCH, path, Some(&body));
    let ask = ask.with(&[("node", arguments.node.as_deref()), ("dry_run", dry_run)]);
    remote.show(console, &ask, |page, entries: &Entries| {
        entries.items.iter().for_each(|entry| draw(page, entry));
    })
}

/// Where a certificate lies, as a path of the API.
#[must_use]
pub fn path(kind: &str, room: &str, certificate: &str) -> String {
    format!("/api/v1/certificates/{kind}/{}/{}", encoded(room), encoded(&fingerprint(certificate)))
}
