//! Envoy asks `assayer serve` about each request (`ext_authz` over HTTP), with the filter as README configures it.
//!
//! Envoy is no package of the system: `.ci/test` brings it, and where it could not, the tests say so and end. What Envoy's
//! documentation says that it sends is held to in the tests of the server.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use host_server::verifier::rustls::ClientConfig;
use serde_json::{Value, json};

use crate::contract::project;
use crate::fault::FaultServer;
use crate::front::{CLASSES, Line, Listening, application, assayer, escaped, status};
use crate::process::Server;
use crate::realm::Realm;
use crate::shake::plain_client;

/// The program, where it could be had.
fn program() -> Option<PathBuf> {
    let found = fs::read_dir(project().join("target/envoy/lib")).ok()?.filter_map(Result::ok);
    let mut paths = found.map(|python| python.path().join("site-packages/envoy/_bin/envoy"));
    paths.find(|path| path.exists())
}

struct Scene {
    application: FaultServer,
    envoy: Listening,
    server: Server,
    realm: Realm,
}

impl Scene {
    fn new() -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("note: there is no target/envoy; the tests with Envoy are NOT run");
            return None;
        };
        let realm = Realm::new();
        let server = assayer(&realm, "");
        let application = application();
        let token = server.token.clone().unwrap();
        let file = realm.path("envoy.json");
        let envoy = Listening::start(CLASSES.len(), "starting main dispatch loop", |addresses| {
            let bootstrap = bootstrap(&realm, addresses, (server.address(), &token), application.address());
            fs::write(&file, bootstrap.to_string()).unwrap();
            let mut command = Command::new(&program);
            command.arg("-c").arg(&file).args(["--use-dynamic-base-id", "--concurrency", "1", "-l", "info"]);
            command
        });
        Some(Self { application, envoy, server, realm })
    }

    fn of(&self, class: &str) -> SocketAddr {
        let place = CLASSES.iter().position(|known| *known == class).unwrap();
        self.envoy.addresses[place]
    }

    fn client(&self, leaf: &str) -> Arc<ClientConfig> {
        plain_client(&self.realm, Some(leaf))
    }
}

fn bootstrap(
    realm: &Realm,
    listen: &[SocketAddr],
    assayer: (SocketAddr, &str),
    application: SocketAddr,
) -> Value {
    let listeners = CLASSES.iter().zip(listen);
    let listeners: Vec<Value> =
        listeners.map(|(class, address)| listener(realm, (class, *address), assayer)).collect();
    json!({ "static_resources": {
        "listeners": listeners,
        "clusters": [cluster("application", application), cluster("assayer", assayer.0)],
    }})
}

fn place(address: SocketAddr) -> Value {
    json!({ "socket_address": { "address": address.ip().to_string(), "port_value": address.port() } })
}

fn cluster(name: &str, address: SocketAddr) -> Value {
    json!({
        "name": name,
        "connect_timeout": "5s",
        "load_assignment": { "cluster_name": name, "endpoints": [{ "lb_endpoints": [
            { "endpoint": { "address": place(address) } }
        ]}]},
    })
}

fn typed(kind: &str, mut value: Value) -> Value {
    value["@type"] = json!(format!("type.googleapis.com/envoy.extensions.{kind}"));
    value
}

fn listener(realm: &Realm, (class, address): (&str, SocketAddr), assayer: (SocketAddr, &str)) -> Value {
    let file = |name: &str| json!({ "filename": realm.path(name) });
    let tls = typed(
        "transport_sockets.tls.v3.DownstreamTlsContext",
        json!({ "require_client_certificate": false, "common_tls_context": {
            "tls_certificates": [{
                "certificate_chain": file("unlisted.pem"), "private_key": file("unlisted.key")
            }],
            // a certificate is asked for and not judged: that is what we are asked for
            "validation_context": {
                "trusted_ca": file("ca.pem"), "trust_chain_verification": "ACCEPT_UNTRUSTED"
            },
        }}),
    );
    let router = typed("filters.http.router.v3.Router", json!({}));
    let manager = typed(
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        json!({
            "stat_prefix": class,
            "forward_client_cert_details": "SANITIZE_SET",
            "set_current_client_cert_details": { "cert": true, "chain": true },
            "http_filters": [
                { "name": "envoy.filters.http.ext_authz", "typed_config": ext_authz(class, assayer) },
                { "name": "envoy.filters.http.router", "typed_config": router },
            ],
            "route_config": { "virtual_hosts": [{ "name": "all", "domains": ["*"], "routes": [
                { "match": { "prefix": "/" }, "route": { "cluster": "application" } }
            ]}]},
        }),
    );
    json!({
        "address": place(address),
        "filter_chains": [{
            "transport_socket": { "name": "envoy.transport_sockets.tls", "typed_config": tls },
            "filters": [{ "name": "envoy.filters.network.http_connection_manager", "typed_config": manager }],
        }],
    })
}

fn ext_authz(class: &str, (assayer, token): (SocketAddr, &str)) -> Value {
    let header = json!({ "key": "authorization", "value": format!("Bearer {token}") });
    typed(
        "filters.http.ext_authz.v3.ExtAuthz",
        json!({
            "failure_mode_allow": false,
            "allowed_headers": { "patterns": [{ "exact": "x-forwarded-client-cert" }] },
            "http_service": {
                "server_uri": { "uri": format!("http://{assayer}"), "cluster": "assayer", "timeout": "15s" },
                "path_prefix": format!("/v1/decide/ext-authz/{class}"),
                "authorization_request": { "headers_to_add": [header] },
            },
        }),
    )
}

// R-CC-1, R-CC-2, R-CC-4, R-OCSP-18
#[test]
fn envoy_follows_the_table() {
    let Some(scene) = Scene::new() else { return };
    let status =
        |class: &str, leaf: &str| status(scene.of(class), &scene.client(leaf), "Connection: close\r\n");
    for (leaf, off, on) in
        [("good", 200, 200), ("revoked", 403, 403), ("held", 403, 403), ("unlisted", 200, 403)]
    {
        for (class, expected) in [("off", off), ("on", on), ("strict", off)] {
            assert_eq!(status(class, leaf), expected, "{leaf} {class}");
        }
    }
    scene.realm.issue_expired("expired");
    assert_eq!(status("off", "expired"), 403);
    scene.realm.unreachable();
    for (class, expected) in [("off", 200), ("on", 403), ("strict", 403)] {
        assert_eq!(status(class, "good"), expected, "unreachable {class}");
    }
    assert_eq!(scene.application.accepted(), 3 + 2 + 1, "nobody else reaches the application");
}

// R-OCSP-18, R-OCSP-19
#[test]
fn envoy_refuses_what_was_revoked_a_second_ago_and_who_shows_nothing() {
    let Some(scene) = Scene::new() else { return };
    let mut line = Line::open(scene.of("off"), &scene.client("good"));
    assert_eq!(line.get("").unwrap(), (200, "hello".to_owned()));
    scene.realm.revoke_good();
    assert_eq!(line.get("").unwrap().0, 403);
    let nobody = plain_client(&scene.realm, None);
    let forged = format!("x-forwarded-client-cert: Cert=\"{}\"\r\n", escaped(&scene.realm, "unlisted"));
    for headers in ["", &forged] {
        assert_eq!(status(scene.of("off"), &nobody, headers), 401);
    }
    let Scene { application, envoy, server, realm } = scene;
    let off = envoy.addresses[0];
    drop(server);
    let unlisted = plain_client(&realm, Some("unlisted"));
    assert_eq!(status(off, &unlisted, ""), 403, "Envoy denies where we do not answer");
    assert_eq!(application.accepted(), 1);
}
