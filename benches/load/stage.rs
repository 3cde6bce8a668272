//! What load is put on: an authority with leaves whose answers are known, its responder, and a server with two client
//! classes.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Counted;
use crate::authority::{Authority, Entry};
use crate::responder::Responder;
use crate::store::served::{Server, base64};

/// Leaves of each kind.
const EACH: usize = 40;

/// Everything that is up.
pub(super) struct Stage {
    server: Server,
    _responder: Responder,
    authority: Authority,
}

/// A leaf that names no source of its own: the responder's port is not known when it is made.
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// Kinds of leaves: what the responder says, and the status and code that follow.
const KINDS: [(&str, Option<Entry>, &str); 3] = [
    ("good", Some(Entry::Valid), "204 -"),
    ("revoked", Some(Entry::Revoked("keyCompromise")), "403 revocation.revoked"),
    ("unknown", None, "403 revocation.unknown"),
];

impl Stage {
    pub(super) fn set() -> Result<Self, String> {
        let authority = Authority::new();
        let (mut entries, mut questions) = (Vec::new(), Vec::new());
        for number in 0..EACH * KINDS.len() {
            let (kind, entry, answer) = KINDS.get(number % KINDS.len()).ok_or("no kind")?;
            let (name, serial) =
                (format!("{kind}-{number}"), format!("{:x}", 0x1000 + number).to_uppercase());
            authority.issue(&name, "ca", &serial, LEAF);
            entries.extend(entry.map(|entry| (serial, entry)));
            let pem = fs::read(authority.directory().join(format!("{name}.pem"))).map_err(said)?;
            questions.push(format!("{answer} {}\n", escaped(&pem)));
        }
        let entries: Vec<(&str, Entry)> =
            entries.iter().map(|(serial, entry)| (serial.as_str(), *entry)).collect();
        authority.index(&entries);
        authority.write("questions", &questions.concat());
        let responder = Responder::start(&authority, "ca", &[]);
        let server = server(&authority, &responder)?;
        Ok(Self { server, _responder: responder, authority })
    }

    /// Asks with so many connections for so long.
    pub(super) fn load(&self, class: &str, connections: usize, seconds: u32) -> Result<Counted, String> {
        let number = connections.to_string();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("load/questions.lua");
        let mut command = Command::new("wrk");
        // one connection for each thread, on which answers follow questions
        command.args(["-t", &number, "-c", &number, "-d", &format!("{seconds}s"), "--timeout", "30s", "-s"]);
        command.arg(script).arg(format!("http://{}", self.server.address)).arg("--");
        command.arg(self.authority.directory().join("questions"));
        command.arg(format!("/v1/decide/auth-request/{class}")).arg(&self.server.token);
        let output = command.output().map_err(said)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let figures = text.lines().find_map(|line| line.strip_prefix("figures "));
        let figures =
            figures.ok_or_else(|| format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        serde_json::from_str(figures).map_err(said)
    }
}

fn server(authority: &Authority, responder: &Responder) -> Result<Server, String> {
    let data = authority.directory().join("data");
    fs::create_dir_all(&data).map_err(said)?;
    let policy = format!(
        "[ocsp]\nuri = \"configured\"\nconfigured = [\"http://{}/\"]\n\n[levels]\n\"revocation.unknown\" = \"deny\"\n",
        responder.address()
    );
    authority.write("policy.toml", &policy);
    let policy = authority.directory().join("policy.toml");
    let class = |name: &str, more: &str| class(name, &policy, more);
    let configuration = format!(
        "[log]\nlevel = \"error\"\n[decide]\nat-once = 16\nqueue = 16\n[fetch]\nonline = true\nallow = [\"127.0.0.0/8\"]\nports = [{}]\n{}{}",
        responder.address().port(),
        class("live", ""),
        class("cached", "answers = \"cached\"\ncache-seconds = 600\n"),
    );
    authority.write("assayer.toml", &configuration);
    let file = authority.directory().join("assayer.toml");
    let mut server = Server::start(&data, &["--config", &file.display().to_string()])?;
    for name in ["root", "ca"] {
        let body = serde_json::json!({
            "file": base64(&authority.der(name)), "kind": "trust", "room": "tomcat-trust"
        });
        server.ask("POST", "/api/v1/certificates", &body.to_string())?;
    }
    Ok(server)
}

fn class(name: &str, policy: &Path, more: &str) -> String {
    format!(
        "[[decide.class]]\nname = \"{name}\"\nstore = \"tomcat-trust\"\npurpose = \"client-auth\"\n\
         policy = \"{}\"\n{more}",
        policy.display()
    )
}

/// PEM as nginx escapes it for a header.
fn escaped(pem: &[u8]) -> String {
    let plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"-._~".contains(octet);
    let escape = |octet: &u8| {
        if plain(octet) { char::from(*octet).to_string() } else { format!("%{octet:02X}") }
    };
    pem.iter().map(escape).collect()
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
