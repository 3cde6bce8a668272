//! What a file is. The engine says it; here is only in which order it is asked, and what becomes of files that must not be
//! kept: the octets of a private key are written over, and nothing of them is shown.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use crate::document::description::Description;
use crate::engine::contract::{CrlKeys, Keys};
use crate::engine::{self, Answer, Engine, Problem};

/// The most octets of a file that are read: those of the longest list of revoked certificates that the engine looks at.
pub(crate) const MAXIMUM_OCTETS: f64 = 33_554_432.0;

/// A file with what it is.
pub(crate) struct File {
    /// Its name, possibly hostile.
    pub(crate) name: String,
    /// Its octets, where they are of use.
    pub(crate) octets: Vec<u8>,
    /// What it is.
    pub(crate) content: Content,
}

/// What a file is.
pub(crate) enum Content {
    /// Certificates, in the order of the file.
    Certificates {
        /// `der`, `pem`, `pkcs7-der` or `pkcs7-pem`.
        form: String,
        /// Every one of them.
        certificates: Vec<Certificate>,
    },
    /// Lists of revoked certificates: the encoding, and what each says of itself.
    Lists(Vec<(Vec<u8>, CrlKeys)>),
    /// An OCSP response, with the certificates it carries.
    Response(Vec<Certificate>),
    /// A request for a certificate, with everything in it.
    Request(Description),
    /// A private key, or a store that may hold one.
    Secret(Problem),
    /// It is larger than is read.
    TooLarge(f64),
    /// It is of no use, and the engine says why; or the engine failed.
    Unusable(Problem),
}

/// A certificate of a file.
#[derive(Clone)]
pub(crate) struct Certificate {
    /// DER.
    pub(crate) encoding: Vec<u8>,
    /// What it is named and found by.
    pub(crate) keys: Keys,
    /// Everything in it.
    pub(crate) description: Description,
}

impl Certificate {
    /// Subject and issuer have one name.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.keys.subject_key == self.keys.issuer_key
    }
}

impl File {
    /// What it is, in a word that programs read.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Certificates { .. } => "certificates",
            Content::Lists(_) => "revocation-list",
            Content::Response(_) => "ocsp-response",
            Content::Request(_) => "request",
            Content::Secret(Problem::Refused(refusal)) if refusal.code == "input.private-key" => {
                "private-key"
            }
            Content::Secret(_) => "key-store",
            Content::TooLarge(_) => "too-large",
            Content::Unusable(_) => "unknown",
        }
    }

    /// Its certificates.
    pub(crate) fn certificates(&self) -> &[Certificate] {
        match &self.content {
            Content::Certificates { certificates, .. } => certificates,
            _ => &[],
        }
    }
}

/// Reads a file of the browser's and finds out what it is. What is too large is not read at all.
pub(crate) async fn read(file: web_sys::File) -> File {
    let name = file.name();
    if file.size() > MAXIMUM_OCTETS {
        return File { name, octets: Vec::new(), content: Content::TooLarge(file.size()) };
    }
    match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => recognised(name, Uint8Array::new(&buffer).to_vec()).await,
        Err(_) => {
            let problem = Problem::Fault(crate::text::preview::UNREADABLE.to_owned());
            File { name, octets: Vec::new(), content: Content::Unusable(problem) }
        }
    }
}

/// Finds out what octets are.
pub(crate) async fn recognised(name: String, mut octets: Vec<u8>) -> File {
    let content = match engine::engine().await {
        Ok(engine) => content(&engine, &octets),
        Err(problem) => Content::Unusable(problem),
    };
    if matches!(content, Content::Secret(_) | Content::Unusable(_)) {
        octets.fill(0);
        octets = Vec::new();
    }
    File { name, octets, content }
}

fn content(engine: &Engine, octets: &[u8]) -> Content {
    let problem = match engine.read_bundle(octets).and_then(|bundle| {
        let encodings = bundle.certificates.into_iter().map(serde_bytes::ByteBuf::into_vec);
        Ok((bundle.form, described(engine, encodings)?))
    }) {
        Ok((form, certificates)) => return Content::Certificates { form, certificates },
        Err(problem) => problem,
    };
    let Problem::Refused(refusal) = &problem else { return Content::Unusable(problem) };
    let other = match refusal.code.as_str() {
        "input.certificate-request" => request(engine, octets).map(Content::Request),
        "input.crl" | "input.pem-label" => lists(engine, octets).map(Content::Lists),
        "input.ocsp-response" => {
            let carried = engine.read_response(octets);
            carried.and_then(|carried| described(engine, carried)).map(Content::Response)
        }
        "input.private-key" | "input.pkcs12" | "input.jks" | "input.jceks" | "input.ssh-key" => {
            return Content::Secret(problem);
        }
        _ => return Content::Unusable(problem),
    };
    other.unwrap_or(Content::Unusable(problem))
}

fn described(engine: &Engine, encodings: impl IntoIterator<Item = Vec<u8>>) -> Answer<Vec<Certificate>> {
    let described = encodings.into_iter().map(|encoding| {
        let keys = engine.index_keys(&encoding)?;
        let description = read_description(&engine.describe_document(&encoding)?)?;
        Ok(Certificate { encoding, keys, description })
    });
    described.collect()
}

fn request(engine: &Engine, octets: &[u8]) -> Answer<Description> {
    read_description(&engine.describe_request_document(octets)?)
}

fn read_description(document: &str) -> Answer<Description> {
    serde_json::from_str(document).map_err(|error| Problem::Fault(error.to_string()))
}

fn lists(engine: &Engine, octets: &[u8]) -> Answer<Vec<(Vec<u8>, CrlKeys)>> {
    let lists = engine.read_crls(octets)?.into_iter();
    lists.map(|list| engine.index_crl(&list).map(|keys| (list, keys))).collect()
}
