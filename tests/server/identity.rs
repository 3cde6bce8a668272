//! TLS with a certificate that the server looks after itself, as OpenSSL sees it: made at the first start, exchanged while
//! it runs, refused in one line where it cannot be served.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Asked;
use crate::management::{answered, done, form};
use crate::postgres;
use crate::process::{Place, Server, assayer, run};

const PASSPHRASE: &str = "correct horse battery";
const NODE: &str = "cm2.ex.com";

fn serve(url: &str, name: &str, options: &[&str]) -> Server {
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--node", name]);
    command.args(options).env("ASSAYER_DATABASE_URL", url).env("ASSAYER_PASSPHRASE", PASSPHRASE);
    Server::spawn(&mut command, Place::new())
}

/// What a server shows: the chain, and whether it is believed by an authority in a file.
fn shown(server: &Server, authority: &str, option: &str) -> String {
    let address = server.address().to_string();
    let mut command = Command::new("timeout");
    command.args(["60", "openssl", "s_client", "-connect", &address, "-CAfile", authority]);
    command.args(["-showcerts", option]);
    let (_, output, errors) = run(&mut command);
    output + &errors
}

/// A TLS connection of OpenSSL's that lives as long as it is held.
struct Open(std::process::Child, ChildStdin, BufReader<ChildStdout>);

impl Open {
    fn to(server: &Server) -> Self {
        let address = server.address().to_string();
        // a test that waits for what never comes must end
        let mut command = Command::new("timeout");
        command.args(["120", "openssl", "s_client", "-connect", &address, "-quiet", "-ign_eof"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self(child, input, BufReader::new(output))
    }

    /// The first line of an answer, and then the rest of it.
    fn ask(&mut self) -> String {
        self.1.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let mut first = String::new();
        self.2.read_line(&mut first).unwrap();
        let mut line = String::new();
        while self.2.read_line(&mut line).unwrap() > 2 {
            line.clear();
        }
        let mut body = vec![0; "{\"status\":\"up\"}".len()];
        std::io::Read::read_exact(&mut self.2, &mut body).unwrap();
        first
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_first_certificate_is_made_and_another_takes_its_place_while_it_runs() {
    let database = postgres::server();
    let url = database.database();
    // the interface in the clear, so that the test can speak it; both look after the same certificates
    let managing = serve(&url, "cm1.ex.com", &[]);
    let served = serve(&url, NODE, &["--tls-identity", "tomcat"]);
    assert!(served.uri.starts_with("https://"), "{}", served.uri);
    let slot = done(&managing.get("/api/v1/certificates?kind=identity"));
    assert_eq!(slot["items"][0]["origin"], "self-signed", "{slot}");
    let path = format!("/api/v1/certificates/{}", slot["items"][0]["fingerprint"].as_str().unwrap());
    let own = managing.ask(Asked::new("GET", &path).header("accept", "application/x-pem-file"));
    let own = managing.place.file("own.pem", own.text());
    for option in ["-tls1_2", "-tls1_3"] {
        let said = shown(&served, &own, option);
        assert!(said.contains("Verify return code: 0 (ok)"), "{said}");
    }
    let mut open = Open::to(&served);
    assert!(open.ask().starts_with("HTTP/1.1 200"));
    // a certificate by an authority
    let subject = json!({ "country": "GB", "locality": "London", "organization": "Example Ltd" });
    let fields = json!({ "purpose": "tomcat", "node": NODE, "subject": subject, "key": { "type": "rsa", "bits": 2048, "hash": "SHA256" } });
    let made = done(&managing.post("/api/v1/requests", &fields));
    let request = managing.place.file("tomcat.csr", made["made"][0]["pem"].as_str().unwrap());
    // the server ends connections that say nothing for a while
    assert!(open.ask().starts_with("HTTP/1.1 200"));
    let [authority, certificate] = answered(&managing, &request);
    assert!(open.ask().starts_with("HTTP/1.1 200"));
    let parts = |kind, room| [("kind", kind), ("room", room), ("node", NODE)];
    done(&managing.ask(form("/api/v1/certificates", &authority, &parts("trust", "tomcat-trust")[..2])));
    done(&managing.ask(form("/api/v1/certificates", &certificate, &parts("identity", "tomcat"))));
    let authority = managing.place.file("authority.pem", authority);
    let begun = Instant::now();
    loop {
        assert!(open.ask().starts_with("HTTP/1.1 200"));
        let said = shown(&served, &authority, "-tls1_3");
        if said.contains("Verify return code: 0 (ok)") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{said}");
    }
    assert!(shown(&served, &authority, "-tls1_2").contains("Verify return code: 0 (ok)"));
    // who was connected before still is
    assert!(open.ask().starts_with("HTTP/1.1 200"));
}

#[test]
fn what_cannot_be_served_is_refused_in_one_line() {
    let place = Place::new();
    let data = place.data();
    let start = |passphrase: Option<&str>, options: &[&str]| {
        let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
        command.args(options);
        if let Some(passphrase) = passphrase {
            command.env("ASSAYER_PASSPHRASE", passphrase);
        }
        command
    };
    let refused = |mut command: Command, expected: &str| {
        let (status, _, errors) = run(&mut command);
        let lines: Vec<&str> = errors.lines().filter(|line| line.starts_with("assayer: ")).collect();
        assert_eq!((status, lines.len()), (Some(2), 1), "{errors}");
        assert!(lines[0].contains(expected), "{errors}");
    };
    let identity = ["--tls-identity", "tomcat"];
    refused(start(None, &identity), "there is no passphrase for private keys");
    refused(start(Some(PASSPHRASE), &["--tls-identity", "no-such"]), "tls.identity `no-such`");
    let configuration = place.file("both.toml", "[tls]\nidentity = 'tomcat'\ncertificate = 'a'\nkey = 'b'\n");
    refused(start(Some(PASSPHRASE), &["--config", &configuration]), "tls: expected either");
    // it is made at the first start, kept, and its key opens with the same passphrase only
    let server = Server::spawn(start(Some(PASSPHRASE), &identity).env("X", ""), Place::new());
    drop(server);
    refused(start(Some("another horse battery"), &identity), "the passphrase does not open the private key");
    let again = Server::spawn(start(Some(PASSPHRASE), &identity).env("X", ""), Place::new());
    assert!(again.uri.starts_with("https://"));
}
