//! nginx asks `assayer serve` about each request (`auth_request`), configured as README says (R-OCSP-18, R-OCSP-19): real
//! processes, real handshakes, and an application that only admitted clients reach.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use host_server::verifier::rustls::ClientConfig;

use crate::fault::{FaultServer, refusing};
use crate::front::{CLASSES, Line, Listening, application, assayer, escaped, of_readme, status};
use crate::process::Server;
use crate::realm::Realm;
use crate::shake::plain_client;

/// nginx with a server for each class.
struct Nginx(Listening);

impl Nginx {
    fn start(realm: &Realm, (assayer, token): (SocketAddr, &str), application: &FaultServer) -> Self {
        let prefix = realm.path("nginx");
        fs::create_dir_all(&prefix).unwrap();
        let block = of_readme("nginx", "auth_request");
        let put = |addresses: &[SocketAddr]| {
            let servers: String = CLASSES
                .iter()
                .zip(addresses)
                .map(|(class, listen)| {
                    let to = Put {
                        realm,
                        assayer,
                        token,
                        application: application.address(),
                        class,
                        listen: *listen,
                    };
                    to.in_block(&block)
                })
                .collect();
            fs::write(prefix.join("nginx.conf"), format!("{AROUND}http {{\n{PLACES}{servers}}}\n")).unwrap();
            nginx(&prefix)
        };
        Self(Listening::start(CLASSES.len(), "start worker process", put))
    }

    fn of(&self, class: &str) -> SocketAddr {
        let place = CLASSES.iter().position(|known| *known == class).unwrap();
        self.0.addresses[place]
    }
}

fn nginx(prefix: &PathBuf) -> Command {
    let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];
    let program = program.iter().find(|path| fs::exists(path).unwrap_or(false));
    let mut command =
        Command::new(program.expect("the program `nginx`; it is in the Debian package `nginx-light`"));
    command.arg("-p").arg(prefix).args(["-c", "nginx.conf"]);
    command
}

/// What README's block is not about: everything that nginx writes is in its own directory.
const AROUND: &str = "\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {}
";
const PLACES: &str = "\
access_log off;
client_body_temp_path body;
proxy_temp_path proxy;
fastcgi_temp_path fastcgi;
uwsgi_temp_path uwsgi;
scgi_temp_path scgi;
";

/// What takes the place of README's own addresses, files and token.
struct Put<'a> {
    realm: &'a Realm,
    assayer: SocketAddr,
    token: &'a str,
    application: SocketAddr,
    class: &'a str,
    listen: SocketAddr,
}

impl Put<'_> {
    fn in_block(&self, block: &str) -> String {
        let line = |line: &str| format!("{}\n", self.in_line(line));
        block.lines().map(line).collect()
    }

    fn in_line(&self, line: &str) -> String {
        let file = |name: &str| self.realm.path(name).display().to_string();
        let directive = line.split_whitespace().next().unwrap_or_default();
        match directive {
            "listen" => format!("listen {} ssl;", self.listen),
            "ssl_certificate" => format!("ssl_certificate {};", file("unlisted.pem")),
            "ssl_certificate_key" => format!("ssl_certificate_key {};", file("unlisted.key")),
            "proxy_pass" if line.contains("/v1/decide/") => {
                format!("proxy_pass http://{}/v1/decide/auth-request/{};", self.assayer, self.class)
            }
            "proxy_pass" => format!("proxy_pass http://{};", self.application),
            "proxy_set_header" if line.contains("Authorization") => {
                format!("proxy_set_header Authorization \"Bearer {}\";", self.token)
            }
            _ => line.to_owned(),
        }
    }
}

/// Everything that is up.
struct Scene {
    application: FaultServer,
    nginx: Nginx,
    server: Server,
    realm: Realm,
}

impl Scene {
    fn new() -> Self {
        let realm = Realm::new();
        let server = assayer(&realm, "");
        let application = application();
        let token = server.token.clone().unwrap();
        let nginx = Nginx::start(&realm, (server.address(), &token), &application);
        Self { application, nginx, server, realm }
    }

    fn client(&self, leaf: &str) -> Arc<ClientConfig> {
        plain_client(&self.realm, Some(leaf))
    }

    #[track_caller]
    fn status(&self, class: &str, leaf: &str) -> u16 {
        status(self.nginx.of(class), &self.client(leaf), "Connection: close\r\n")
    }
}

// R-CC-1, R-CC-2, R-CC-4, R-OCSP-18
#[test]
fn nginx_follows_the_table() {
    let scene = Scene::new();
    for (leaf, off, on) in
        [("good", 200, 200), ("revoked", 403, 403), ("held", 403, 403), ("unlisted", 200, 403)]
    {
        for (class, expected) in [("off", off), ("on", on), ("strict", off)] {
            assert_eq!(scene.status(class, leaf), expected, "{leaf} {class}");
        }
    }
    scene.realm.unreachable();
    for (class, expected) in [("off", 200), ("on", 403), ("strict", 403)] {
        assert_eq!(scene.status(class, "good"), expected, "unreachable {class}");
    }
    let admitted = 3 + 2 + 1;
    assert_eq!(scene.application.accepted(), admitted, "nobody else reaches the application");
}

/// On one connection, so that nginx sees no new handshake.
// R-OCSP-18, R-OCSP-19
#[test]
fn nginx_refuses_what_was_revoked_a_second_ago() {
    let scene = Scene::new();
    let client = scene.client("good");
    let mut line = Line::open(scene.nginx.of("off"), &client);
    assert_eq!(line.get("").unwrap(), (200, "hello".to_owned()));
    scene.realm.revoke_good();
    assert_eq!(line.get("").unwrap().0, 403);
    // a session that is resumed is asked about too
    assert_eq!(status(scene.nginx.of("off"), &client, ""), 403);
    assert_eq!(scene.application.accepted(), 1);
}

#[test]
fn nginx_refuses_whoever_shows_nothing_or_something_else() {
    let scene = Scene::new();
    let off = scene.nginx.of("off");
    let nobody = plain_client(&scene.realm, None);
    assert_eq!(status(off, &nobody, ""), 401);
    // a client cannot say for itself what only nginx may say
    let forged = format!("X-Client-Cert: {}\r\nX-Client-Verify: SUCCESS\r\n", escaped(&scene.realm, "good"));
    assert_eq!(status(off, &nobody, &forged), 401);
    assert_eq!(status(off, &scene.client("revoked"), &forged), 403);
    scene.realm.make_own("/CN=ca", "DNS:own.example");
    assert_eq!(scene.status("off", "own"), 403);
    // what is over by its own dates nginx refuses by itself
    scene.realm.issue_expired("expired");
    assert_eq!(scene.status("off", "expired"), 400);
    scene.realm.issue("server-only", "1006", ("serverAuth,clientAuth", "serverAuth"));
    assert_ne!(scene.status("off", "server-only"), 200);
    assert_eq!(scene.application.accepted(), 0);
}

#[test]
fn nginx_refuses_where_nobody_answers() {
    let Scene { application, nginx, server, realm } = Scene::new();
    let good = plain_client(&realm, Some("good"));
    assert_eq!(status(nginx.of("off"), &good, ""), 200);
    let address = server.address();
    drop(server);
    assert_eq!(status(nginx.of("off"), &good, ""), 500);
    drop(nginx);
    // a token that is not one, and an address where nobody listens
    let (_held, nobody) = refusing();
    for asked in [(address, "nonsense"), (nobody, "nonsense")] {
        let nginx = Nginx::start(&realm, asked, &application);
        assert_ne!(status(nginx.of("off"), &good, ""), 200);
    }
    let again = assayer(&realm, "");
    let nginx = Nginx::start(&realm, (again.address(), "assayer_nonsense"), &application);
    assert_eq!(status(nginx.of("off"), &good, ""), 401);
    assert_eq!(application.accepted(), 1);
}
