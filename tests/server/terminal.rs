//! The management API from a terminal: every command against a server, as a page and as JSON, and what it says where a
//! file, a token or a server is none.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use serde_json::{Value, json};

use crate::client::Asked;
use crate::management::{NODE, answered, fingerprint, openssl, pem, serve, token};
use crate::process::{Place, Server, assayer, run};
use crate::secure;

pub(crate) type Said = (i32, String, String);

/// Runs a command against a server, as the account of a token.
fn ask_as(server: &Server, token: &str, arguments: &[&str]) -> Said {
    let mut command = assayer(arguments);
    command.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", token).env("LC_ALL", "C.UTF-8");
    let (status, output, errors) = run(&mut command);
    assert!(!errors.contains("panicked"), "{errors}");
    (status.unwrap(), output, errors)
}

pub(crate) fn ask(server: &Server, arguments: &[&str]) -> Said {
    ask_as(server, server.token.as_deref().unwrap(), arguments)
}

/// A command that does its work: its page.
#[track_caller]
pub(crate) fn done(server: &Server, arguments: &[&str]) -> String {
    let (status, output, errors) = ask(server, arguments);
    assert_eq!((status, errors.as_str()), (0, ""), "{arguments:?}: {output}");
    assert!(!output.contains('\u{1b}'), "colours without a terminal: {output}");
    output
}

/// The same, with the server's own document.
#[track_caller]
fn document(server: &Server, arguments: &[&str]) -> Value {
    serde_json::from_str(&done(server, &[arguments, &["--json"]].concat())).unwrap()
}

/// A command that the engine refuses: its page, which names the code.
#[track_caller]
fn refused(server: &Server, arguments: &[&str], code: &str) -> String {
    let (status, page, errors) = ask(server, arguments);
    assert_eq!((status, errors.as_str()), (1, ""), "{arguments:?}: {page}");
    assert!(page.starts_with("REFUSED  nothing was changed\n") && page.contains(code), "{page}");
    let (status, output, _) = ask(server, &[arguments, &["--json"]].concat());
    let problem: Value = serde_json::from_str(&output).unwrap();
    assert_eq!((status, &problem["plan"]["refused"]), (1, &json!(true)), "{output}");
    page
}

/// A question that cannot be asked: one line, which says why.
#[track_caller]
pub(crate) fn unasked((status, output, errors): Said, why: &str) {
    assert_eq!((status, output.as_str(), errors.lines().count()), (2, "", 1), "{errors}");
    assert!(errors.starts_with("assayer: ") && errors.contains(why), "{why}: {errors}");
}

pub(crate) fn path(place: &Place, name: &str) -> String {
    place.path().join(name).to_str().unwrap().to_owned()
}

pub(crate) const SUBJECT: [&str; 6] =
    ["--country", "GB", "--locality", "London", "--organization", "Example Ltd"];

// R-CSR-5, R-CSR-15, R-UP-1, R-UP-16, R-RGN-7, R-SVC-21, R-SVC-22
#[test]
fn a_request_is_made_signed_elsewhere_and_its_certificate_uploaded() {
    let server = serve(None);
    let new = [&["csr", "new", "tomcat"][..], &SUBJECT].concat();
    let shown = done(&server, &[&new[..], &["--dry-run"]].concat());
    assert!(shown.starts_with("DRY RUN  nothing was changed\n"), "{shown}");
    assert!(
        shown.contains(&format!("made          tomcat on {NODE}  a signing request, rsa-2048 with SHA256")),
        "{shown}"
    );
    assert_eq!(done(&server, &["csr", "list"]), "0 requests wait\n");
    let made = done(&server, &new);
    assert!(made.starts_with("DONE ") && made.contains("-----BEGIN CERTIFICATE REQUEST-----"), "{made}");
    assert!(done(&server, &["csr", "list"]).ends_with("1 request waits\n"));
    let text = done(&server, &["csr", "show", "tomcat"]);
    let downloaded = server.get(&format!("/api/v1/requests/tomcat?node={NODE}"));
    assert_eq!(downloaded.text(), text);
    assert_eq!(downloaded.header("content-disposition"), Some("attachment; filename=\"tomcat.csr\""));
    assert!(made.ends_with(&text), "{made}");
    let request = path(&server.place, "tomcat.csr");
    done(&server, &["csr", "show", "tomcat", "-o", &request]);
    assert_eq!(std::fs::read_to_string(&request).unwrap(), text);
    unasked(ask(&server, &["csr", "show", "tomcat", "-o", &request]), "is there already");
    answered(&server, &request);
    let (authority, certificate) = (path(&server.place, "ca.pem"), path(&server.place, "tomcat.pem"));
    let upload = ["cert", "upload", &certificate, "--purpose", "tomcat", "--description", "first"];
    let page = refused(&server, &upload, "identity.issuer-missing");
    assert!(page.contains("R-UP-1"), "{page}");
    assert!(done(&server, &["trust", "add", &authority, "--store", "tomcat-trust"]).contains("put in"));
    let page = done(&server, &upload);
    let restart = page.lines().find(|line| line.contains("restart Cisco Tomcat"));
    assert!(restart.is_some_and(|line| line.contains("required") && line.contains(NODE)), "{page}");
    assert_eq!(done(&server, &["csr", "list"]), "0 requests wait\n");
    let list = document(&server, &["cert", "list", "--purpose", "tomcat"]);
    assert_eq!(
        (&list["items"][0]["description"], &list["items"][0]["origin"]),
        (&json!("first"), &json!("issued"))
    );
    let name = list["items"][0]["fingerprint"].as_str().unwrap();
    done(&server, &["cert", "describe", name, "second", "--purpose", "tomcat"]);
    assert!(done(&server, &["cert", "list", "--usage", "identity"]).contains("\n  second\n"));
}

// R-SHOW-11
#[test]
fn r_show_11_what_is_downloaded_is_octet_for_octet_what_came() {
    let server = serve(None);
    let root = Sketch::ca("root").issue().der;
    let file = server.place.file("root.der", &root);
    done(&server, &["trust", "add", &file, "--store", "tomcat-trust"]);
    let name = fingerprint(&root);
    let of = |accept: &str| {
        let asked = Asked::new("GET", &format!("/api/v1/certificates/{name}")).header("accept", accept);
        server.ask(asked).body
    };
    assert_eq!(of("application/pkix-cert"), root);
    let (der, text) = (path(&server.place, "back.der"), path(&server.place, "back.pem"));
    done(&server, &["trust", "show", &name, "--der", "-o", &der]);
    assert_eq!(std::fs::read(&der).unwrap(), root);
    let mut command = assayer(&["cert", "show", &name.to_uppercase(), "--der"]);
    let command =
        command.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", server.token.as_ref().unwrap());
    assert_eq!(command.output().unwrap().stdout, root);
    done(&server, &["cert", "show", &name, "-o", &text]);
    assert_eq!(of("application/x-pem-file"), std::fs::read(&text).unwrap());
    openssl(&["x509", "-in", &text, "-outform", "DER", "-out", &path(&server.place, "again.der")]);
    assert_eq!(std::fs::read(path(&server.place, "again.der")).unwrap(), root);
    let colons: Vec<&str> = (0..32).map(|octet| &name[octet * 2..octet * 2 + 2]).collect();
    let page = done(&server, &["cert", "show", &colons.join(":")]);
    assert!(page.contains("tomcat-trust on every node") && page.contains("SubjectDN"), "{page}");
    assert_eq!(document(&server, &["cert", "show", &name])["fingerprint"], json!(name));
    unasked(ask(&server, &["cert", "show", &"0".repeat(64)]), "there is no such certificate");
}

/// A root, and an authority that rests on it.
fn chain() -> [Issued; 2] {
    let root = Sketch::ca("Chain Root").issue();
    let below = Sketch::ca("Chain Issuing").key(Key::p256("issuing")).issued_by(&root).issue();
    [root, below]
}

// R-DEL-3, R-DEL-5, R-DEL-6, R-DEL-9
#[test]
fn a_deletion_takes_two_steps_and_cannot_be_undone() {
    let server = serve(None);
    let [root, below] = chain();
    let file = server.place.file("chain.pem", pem(&[&root, &below]));
    let add = ["trust", "add", file.as_str(), "--store", "tomcat-trust"];
    done(&server, &add);
    let (first, second) = (fingerprint(&root.der), fingerprint(&below.der));
    let delete = ["trust", "delete", "tomcat-trust", first.as_str()];
    // nobody is there to confirm, so nothing is done
    unasked(ask(&server, &delete), "--dry-run, then give --yes");
    unasked(ask(&server, &[&delete[..], &["--json"]].concat()), "give --yes");
    let page = done(&server, &[&delete[..], &["--dry-run"]].concat());
    assert!(page.contains("\nChains that break\n") && page.contains("Chain Issuing"), "{page}");
    assert_eq!(document(&server, &["trust", "list"])["items"].as_array().map(Vec::len), Some(2));
    let by_name = |name: &'static str| ["trust", "delete", "tomcat-trust", "--name", name, "--yes"];
    unasked(ask(&server, &by_name("chain")), "finds 2 certificates; name one by its fingerprint");
    unasked(ask(&server, &by_name("nobody")), "finds nothing in tomcat-trust");
    assert!(done(&server, &by_name("ISSUING")).contains("taken out"));
    assert!(!done(&server, &["trust", "list"]).contains(&second));
    done(&server, &[&delete[..], &["--yes"]].concat());
    assert_eq!(done(&server, &["trust", "list"]), "0 certificates\n");
    assert!(done(&server, &[&delete[..], &["--yes"]].concat()).contains("deletion.absent"));
    let page = refused(&server, &add, "upload.deleted-before");
    assert!(page.contains("certificate 1 of the file"), "{page}");
    done(&server, &[&add[..], &["--revive"]].concat());
    assert!(done(&server, &["trust", "list", "--store", "tomcat-trust"]).ends_with("2 certificates\n"));
}

/// Runs a command on a terminal, where somebody types these lines.
fn typed(server: &Server, command: &str, lines: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_assayer-under-test");
    let mut script = Command::new("script");
    script.args(["-q", "-e", "-c", &format!("{program} {command}"), "/dev/null"]);
    script.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", server.token.as_ref().unwrap());
    script.env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // held open until the end: a terminal does not hang up after a line
    let mut keys = child.stdin.take().unwrap();
    keys.write_all(lines.as_bytes()).unwrap();
    let mut page = String::new();
    child.stdout.take().unwrap().read_to_string(&mut page).unwrap();
    (child.wait().unwrap().code(), page.replace('\r', ""))
}

// R-DEL-9, R-DEL-5, R-DEL-4: filter, choose, delete, confirm; `script` is part of every Debian
#[test]
fn somebody_at_a_terminal_chooses_is_warned_and_confirms() {
    let server = serve(None);
    let [root, below] = chain();
    let file = server.place.file("chain.pem", pem(&[&root, &below]));
    done(&server, &["trust", "add", &file, "--store", "tomcat-trust"]);
    let delete = "trust delete tomcat-trust --name CHAIN";
    let (status, page) = typed(&server, delete, "2\nno\n");
    assert_eq!(status, Some(2), "{page}");
    for said in [
        "1.\nCN=Chain Issuing",
        "2.\nCN=Chain Root",
        "Chains that break",
        "cannot be undone",
        "nothing was changed",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (status, page) = typed(&server, delete, "3\n");
    assert!(status == Some(2) && page.contains("expected the number of a line"), "{page}");
    assert!(done(&server, &["trust", "list"]).ends_with("2 certificates\n"));
    let (status, page) = typed(&server, delete, "2\nyes\n");
    assert!(status == Some(0) && page.ends_with("DONE  it is in effect\n"), "{page}");
    let left = done(&server, &["trust", "list"]);
    // by its fingerprint alone, too, somebody sees whose it is
    let issuing = format!("trust delete tomcat-trust {}", fingerprint(&below.der));
    let (status, page) = typed(&server, &issuing, "no\n");
    assert!(status == Some(2) && page.contains("CN=Chain Issuing\n  tomcat-trust on every node"), "{page}");
    assert!(left.contains("Chain Issuing") && left.ends_with("1 certificate\n"), "{left}");
    done(&server, &["node", "join", "cm2.ex.com"]);
    let (status, page) = typed(&server, "node leave cm2.ex.com", "yes\n");
    assert!(status == Some(0) && page.contains("goes with it and does not come back by itself"), "{page}");
}

// R-SHOW-13, R-DEL-1, R-DEL-2, R-RGN-4: what may be done to our own certificates and to trusted ones, and through what
#[test]
fn our_own_are_made_anew_and_never_deleted_and_trusted_ones_are_deleted_and_never_made_anew() {
    let server = serve(None);
    let made =
        document(&server, &[&["cert", "self-signed", "tomcat", "--years", "5"][..], &SUBJECT].concat());
    assert_eq!(made["made"][0]["kind"], "certificate");
    let slot = || {
        let list = document(&server, &["cert", "list", "--purpose", "tomcat"]);
        list["items"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let first = slot();
    refused(&server, &["cert", "delete", &first, "--purpose", "tomcat"], "deletion.self-signed");
    refused(&server, &["cert", "delete", &"0".repeat(64), "--purpose", "tomcat"], "deletion.identity");
    assert!(done(&server, &["cert", "regenerate", "tomcat", "--dry-run"]).starts_with("DRY RUN"));
    assert_eq!(slot(), first);
    done(&server, &["cert", "regenerate", "tomcat"]);
    assert_ne!(slot(), first);
    refused(&server, &["cert", "regenerate", "tomcat-trust"], "management.purpose-unknown");
    refused(&server, &["cert", "reuse", "tomcat", "CallManager-ECDSA"], "reuse.pair");
    let (status, output, _) = ask(&server, &["cert", "reuse", "tomcat", "CallManager"]);
    assert!(status <= 1, "{output}");
    assert!(done(&server, &["cert", "offer", "tomcat"]).contains("years         5, 10, 20\n"));
    assert!(
        done(&server, &["csr", "offer", "tomcat-ECDSA"])
            .contains("key           ec-384 with SHA384, SHA512\n")
    );
    for command in ["completeness", "exchange"] {
        assert!(done(&server, &["cert", command]).contains("COMPLETE"), "{command}");
        assert!(document(&server, &["cert", command])["findings"].is_array());
    }
}

// R-REP-8, R-CSR-9
#[test]
fn nodes_come_and_go_and_one_is_the_publisher() {
    let server = serve(None);
    let list = done(&server, &["node", "list"]);
    assert!(list.starts_with(NODE) && list.contains("publisher") && list.contains("answers here"), "{list}");
    done(&server, &["node", "join", "cm2.ex.com", "--dry-run"]);
    assert_eq!(document(&server, &["node", "list"])["items"].as_array().map(Vec::len), Some(1));
    done(&server, &["node", "join", "cm2.ex.com"]);
    refused(&server, &["node", "leave", NODE, "--yes"], "leaving.publisher");
    refused(&server, &["node", "role", NODE, "subscriber"], "role.publisher-needed");
    let page = done(&server, &["node", "role", "cm2.ex.com", "publisher"]);
    assert!(
        page.contains("publisher     cm2.ex.com") && page.contains(&format!("subscriber    {NODE}")),
        "{page}"
    );
    done(&server, &["node", "role", NODE, "publisher"]);
    let new = |node: &str, key: &str| {
        done(
            &server,
            &[&["csr", "new", "tomcat", "--distribution", node, "--key", key][..], &SUBJECT].concat(),
        )
    };
    new("cm2.ex.com", "rsa-2048");
    new(NODE, "rsa-2048");
    unasked(ask(&server, &["csr", "show", "tomcat"]), "name one with --distribution");
    assert!(done(&server, &["csr", "show", "tomcat", "--distribution", NODE]).contains("REQUEST"));
    let delete = ["csr", "delete", "tomcat", "--distribution", NODE];
    unasked(ask(&server, &delete), "--yes");
    done(&server, &[&delete[..], &["--dry-run"]].concat());
    done(&server, &[&delete[..], &["--yes"]].concat());
    unasked(ask(&server, &delete), "no such request waits");
    assert!(done(&server, &["csr", "list"]).ends_with("1 request waits\n"));
    unasked(ask(&server, &["node", "leave", "cm2.ex.com"]), "--yes");
    assert!(done(&server, &["node", "leave", "cm2.ex.com", "--yes"]).contains("node leaves   cm2.ex.com"));
    assert_eq!(done(&server, &["csr", "list"]), "0 requests wait\n");
    // one for all of them, by the names of all of them
    assert!(new("multi-server", "rsa-3072").contains("tomcat on every node  a signing request, rsa-3072"));
    assert!(done(&server, &["node", "upgrade", "15SU3"]).starts_with("DONE"));
    unasked(ask(&server, &["node", "upgrade", "the newest"]), "is no release");
}

// R-SHOW-1, R-SHOW-2, R-SHOW-3
#[test]
fn a_list_is_filtered_sorted_and_read_to_its_end() {
    let server = serve(None);
    let roots: Vec<Issued> =
        ["Alpha", "Beta", "Gamma"].iter().map(|name| Sketch::ca(name).key(Key::p256(name)).issue()).collect();
    let file = server.place.file("roots.pem", pem(&roots.iter().collect::<Vec<_>>()));
    done(&server, &["trust", "add", &file, "--store", "tomcat-trust", "--description", "three"]);
    let page = done(&server, &["trust", "list", "--limit", "2"]);
    assert!(page.ends_with("2 certificates; there are more, which --all shows\n"), "{page}");
    assert!(
        done(&server, &["trust", "list", "--all", "--store", "tomcat-trust"]).ends_with("3 certificates\n")
    );
    let first = |arguments: &[&str]| {
        let list = document(&server, &[&["cert", "list"], arguments].concat());
        list["items"][0]["common-name"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(first(&["--sort", "common-name", "--descending"]), "Gamma");
    assert_eq!(first(&["--name", "BET", "--usage", "trust", "--key", "p-256", "--node", NODE]), "Beta");
    assert_eq!(first(&["--name", "BET", "--usage", "identity"]), "");
    assert_eq!(first(&["--expires-before", "2001-01-01T00:00:00Z"]), "");
    unasked(ask(&server, &["cert", "list", "--expires-before", "soon"]), "expires_before: ");
}

#[test]
fn a_file_of_no_use_is_named_with_what_is_wrong_in_it() {
    let server = serve(None);
    let [root, below] = chain();
    let add = |name: &str| ask(&server, &["trust", "add", name, "--store", "tomcat-trust"]);
    unasked(add("/no/such.pem"), "/no/such.pem: there is no such file");
    unasked(add(&server.place.file("words.pem", "not a certificate")), "words.pem");
    unasked(
        add(&server.place.file("key.pem", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")),
        "private key",
    );
    unasked(add(&server.place.file("empty.pem", "")), "is empty");
    // the second of two is none, and is named as the second
    let mut broken = below.der.clone();
    broken.truncate(200);
    let broken = Issued { der: broken, ..below.clone() };
    let broken = server.place.file("broken.pem", pem(&[&root, &broken]));
    unasked(add(&broken), "number 2 in the file");
    // the second of two has expired, so neither is put in
    let old =
        Sketch::ca("old").key(Key::p256("old")).valid("2010-01-01T00:00:00Z", "2011-01-01T00:00:00Z").issue();
    let both = server.place.file("both.pem", pem(&[&root, &old]));
    let page = refused(&server, &["trust", "add", &both, "--store", "tomcat-trust"], "upload.expired");
    assert!(page.contains("certificate 2 of the file") && page.contains("R-TS-11"), "{page}");
    assert_eq!(done(&server, &["trust", "list"]), "0 certificates\n");
    refused(&server, &["trust", "add", &both, "--store", "no-such-trust"], "management.purpose-unknown");
    // a text file of another system is as good
    let text = pem(&[&root, &below]).replace('\n', "\r\n");
    let text = server.place.file("crlf.pem", text);
    assert!(done(&server, &["trust", "add", &text, "--store", "tomcat-trust"]).starts_with("DONE"));
}

#[test]
fn a_server_or_a_token_of_no_use_is_one_line() {
    let server = serve(None);
    let secret = server.token.as_deref().unwrap();
    let list = ["cert", "list"];
    unasked(ask_as(&server, "assayer_wrong", &list), "name it with --token-file or in ASSAYER_TOKEN");
    unasked(ask_as(&server, "a b", &list), "the token: is none");
    let viewer = token(&server, "viewer");
    assert_eq!(ask_as(&server, &viewer, &list).0, 0);
    unasked(ask_as(&server, &viewer, &["csr", "new", "tomcat"]), "access.permission");
    unasked(ask(&server, &["csr", "new", "web"]), "tomcat");
    unasked(ask(&server, &["csr", "new", "tomcat", "--key", "long"]), "such as rsa-3072");
    let (status, _, errors) = run(assayer(&list).env("ASSAYER_SERVER", &server.uri));
    unasked((status.unwrap(), String::new(), errors), "there is no token");
    let with = |url: &str| ask(&server, &["cert", "list", "--server", url]);
    unasked(with("http://127.0.0.1:1"), "cannot be asked");
    unasked(with("http://192.0.2.1:8443"), "--insecure-http");
    unasked(with("nonsense"), "expected a server such as");
    let file = server.place.file("token", format!("{secret}\n"));
    let by_file = |mode: &str| {
        assert!(Command::new("chmod").args([mode, &file]).status().unwrap().success());
        let arguments = ["cert", "list", "--token-file", &file, "--server", &server.uri];
        let (status, output, errors) = run(&mut assayer(&arguments));
        (status.unwrap(), output, errors)
    };
    assert_eq!(by_file("600"), (0, "0 certificates\n".to_owned(), String::new()));
    unasked(by_file("644"), "may be read by others (mode 644)");
}

#[test]
fn a_server_over_tls_is_believed_by_the_authority_that_is_named() {
    let (server, certificate) = secure::server();
    assert!(done(&server, &["node", "list", "--ca", &certificate]).contains("publisher"));
    unasked(ask(&server, &["node", "list"]), "TLS");
    let plain = server.uri.replace("https:", "http:");
    unasked(ask(&server, &["node", "list", "--server", &plain]), "is named with https");
    let other = server.place.file("other.pem", pem(&[&Sketch::ca("other").issue()]));
    unasked(ask(&server, &["node", "list", "--ca", &other]), "TLS");
    let none = server.place.file("none.pem", "nothing");
    unasked(ask(&server, &["node", "list", "--ca", &none]), "holds no certificate");
}
