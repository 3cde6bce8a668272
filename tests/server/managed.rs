//! A server that looks after certificates, and what its tests send it: forms with files, fields of a request.

use pki::certificate::Issued;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::process::{Place, Server, assayer};

pub(crate) const NODE: &str = "cm1.ex.com";

/// A server that can keep keys, on a database or on a directory of its own.
pub(crate) fn serve(database: Option<&str>) -> Server {
    let place = Place::new();
    let data = place.data();
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--node", NODE]);
    match database {
        Some(url) => command.env("ASSAYER_DATABASE_URL", url),
        None => command.args(["--data", &data]),
    };
    Server::spawn(command.env("ASSAYER_PASSPHRASE", "correct horse battery"), place)
}

const BOUNDARY: &str = "----assayer";

/// A form with a file.
pub(crate) fn form(path: &str, file: &[u8], parts: &[(&str, &str)]) -> Asked {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Asked::new("POST", path).body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// Puts a file into a room, with a form.
pub(crate) fn upload(server: &Server, file: &[u8], kind: &str, room: &str) -> Reply {
    server.ask(form("/api/v1/certificates", file, &[("kind", kind), ("room", room)]))
}

/// What was answered to something that is done.
#[track_caller]
pub(crate) fn done(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// SHA-256 of a certificate, in hexadecimal.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(der).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Certificates as PEM, one after another.
pub(crate) fn pem(certificates: &[&Issued]) -> String {
    use base64ct::Encoding;
    let block = |issued: &&Issued| {
        let text = base64ct::Base64::encode_string(&issued.der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    };
    certificates.iter().map(block).collect()
}

/// What a request for this purpose says.
pub(crate) fn fields(purpose: &str) -> Value {
    let subject = json!({ "country": "GB", "locality": "London", "organization": "Example Ltd" });
    json!({ "purpose": purpose, "node": NODE, "subject": subject,
        "key": { "type": "rsa", "bits": 2048, "hash": "SHA256" } })
}
