//! `assayer inspect`: every field and extension of the certificates in a file, or of the request in it, known or not. Nothing
//! is judged.

use clap::Args;
use serde::Deserialize;

use super::page::{Ink, Page, Span};
use super::{Console, Exit, Failure, Format, file, said, written};
use crate::component::contract::inspect::{Bundle, Field, Form};
use crate::component::contract::types::Refusal;
use crate::component::{Allocation, Engine, Session};

/// The widest label that values still stand beside.
const WIDEST_LABEL: usize = 36;

/// The options of `inspect`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The file: PEM, DER or PKCS #7, told apart by content; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// How the description is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Runs `inspect`.
///
/// # Errors
/// When the file cannot be used, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let file = file::read(console, &arguments.file, &file::CERTIFICATES)?;
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let mut session = engine.session().map_err(said::fault)?;
    let bundle = match session.read_bundle(&file.octets).map_err(said::fault)? {
        Ok(bundle) => bundle,
        Err(refusal) if refusal.code == REQUEST => {
            return of_request(&mut session, &file, (arguments.format, console));
        }
        Err(refusal) => return Err(said::refusal(&file.name, &refusal)),
    };
    let output = match arguments.format {
        Format::Json => {
            let document = document(&mut session, &file.name, &bundle)?;
            console.document(&document)
        }
        Format::Text => {
            let mut page = Page::new(console.looks.drawing);
            draw(&mut page, &mut session, &file.name, &bundle)?;
            console.page(&page.into_text())
        }
    };
    written(output, Exit::Allow)
}

/// What the engine says of a file that is a request.
const REQUEST: &str = "input.certificate-request";

fn of_request(
    session: &mut Session,
    file: &file::File,
    (format, console): (Format, &mut Console<'_>),
) -> Result<Exit, Failure> {
    let described = session.describe_request_document(&file.octets).map_err(said::fault)?;
    let document = described.map_err(|refusal| said::refusal(&file.name, &refusal))?;
    let output = match format {
        Format::Json => console.document(&document),
        Format::Text => {
            let nested: Nested = serde_json::from_str(&document)
                .map_err(|error| Failure::Fault(format!("the engine's description: {error}")))?;
            let mut fields = Vec::new();
            flatten(nested.fields, 0, &mut fields);
            let mut page = Page::new(console.looks.drawing);
            page.line(("", ""), &[Ink::Bold.span(format!("{}: a certificate request", file.name))]);
            page.gap();
            describe(&mut page, &fields);
            console.page(&page.into_text())
        }
    };
    written(output, Exit::Allow)
}

/// The lines of a document, nested.
#[derive(Deserialize)]
struct Nested {
    fields: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    label: String,
    oid: Option<String>,
    critical: Option<bool>,
    #[serde(default)]
    value: String,
    #[serde(default)]
    fields: Vec<Self>,
}

/// The engine bounds how deep they go.
fn flatten(lines: Vec<Line>, depth: u8, fields: &mut Vec<Field>) {
    for Line { label, oid, critical, value, fields: below } in lines {
        fields.push(Field { depth, label, oid, value, critical });
        flatten(below, depth.saturating_add(1), fields);
    }
}

/// The engine's own document for a single certificate; for several an object with the list of them.
fn document(session: &mut Session, name: &str, bundle: &Bundle) -> Result<String, Failure> {
    let mut documents = Vec::new();
    for (place, certificate) in bundle.certificates.iter().enumerate() {
        let described = session.describe_document(certificate).map_err(said::fault)?;
        documents.push(described.map_err(|refusal| refused(name, bundle, place, &refusal))?);
    }
    match documents.as_slice() {
        [single] => Ok(single.clone()),
        several => Ok(format!("{{\"certificates\":[{}]}}", several.join(","))),
    }
}

fn draw(page: &mut Page, session: &mut Session, name: &str, bundle: &Bundle) -> Result<(), Failure> {
    let count = bundle.certificates.len();
    let plural = if count == 1 { "certificate" } else { "certificates" };
    let heading = format!("{name}: {}, {count} {plural}", form(bundle.form));
    page.line(("", ""), &[Ink::Bold.span(heading)]);
    for (place, certificate) in bundle.certificates.iter().enumerate() {
        let described = session.describe(certificate).map_err(said::fault)?;
        let fields = described.map_err(|refusal| refused(name, bundle, place, &refusal))?;
        if count > 1 {
            page.heading(&format!("Certificate {} of {count}", place.saturating_add(1)));
        } else {
            page.gap();
        }
        describe(page, &fields);
    }
    Ok(())
}

fn refused(name: &str, bundle: &Bundle, place: usize, refusal: &Refusal) -> Failure {
    let name = match bundle.certificates.len() {
        1 => name.to_owned(),
        count => format!("{name}: certificate {} of {count}", place.saturating_add(1)),
    };
    said::refusal(&name, refusal)
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Der => "DER",
        Form::Pem => "PEM",
        Form::Pkcs7Der => "PKCS #7 in DER",
        Form::Pkcs7Pem => "PKCS #7 in PEM",
    }
}

/// Every field, labels in one column and values in another.
pub fn describe(page: &mut Page, fields: &[Field]) {
    let widest = fields.iter().map(label_width).max().unwrap_or(0);
    let column = widest.min(WIDEST_LABEL).saturating_add(2);
    for field in fields {
        page.entry((indent(field), column), &label(field), &value(field));
    }
}

fn indent(field: &Field) -> usize {
    usize::from(field.depth).saturating_mul(2)
}

fn label_width(field: &Field) -> usize {
    let critical = if field.critical == Some(true) { " critical".len() } else { 0 };
    indent(field).saturating_add(field.label.chars().count()).saturating_add(critical)
}

fn label(field: &Field) -> Vec<Span> {
    let mut label = vec![Ink::Bold.span(field.label.clone())];
    if field.critical == Some(true) {
        label.push(Ink::Doubtful.span(" critical"));
    }
    label
}

fn value(field: &Field) -> Vec<Span> {
    let oid = field.oid.as_ref().filter(|oid| **oid != field.value);
    match (field.value.as_str(), oid) {
        ("", None) => Vec::new(),
        ("", Some(oid)) => vec![Ink::Dim.span(oid.clone())],
        (value, None) => vec![Ink::Plain.span(value)],
        (value, Some(oid)) => vec![Ink::Plain.span(value), Ink::Dim.span(format!("  {oid}"))],
    }
}
