//! A server with something to look at: people of every role, a policy, a small PKI and a request that waits.
//!
//! Root and issuing authority are in `tomcat-trust`, and so is a certificate that ends within five days. `tomcat` has a
//! self-signed certificate; a request for `CallManager` waits for its certificate. [`Site::chain_pem`] is a chain of
//! three, of which nothing is in the server.

use jiff::{SignedDuration, Timestamp};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use serde_json::json;

use crate::browser::Browser;
use crate::client::Asked;
use crate::managed::{done, fields, pem, serve, upload};
use crate::place::Place::Role;
use crate::process::Server;

/// The accounts, each named as its role, with [`PASSWORD`].
pub(crate) const VIEWER: &str = "viewer";
/// May judge and ask, and change what is no matter of trust.
pub(crate) const OPERATOR: &str = "operator";
/// May read everything that was done.
pub(crate) const AUDITOR: &str = "auditor";
/// May do everything.
pub(crate) const TRUST_ADMIN: &str = "trust-admin";
/// The password of every account.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What the site is ruled by: nobody is asked whether certificates are revoked.
pub(crate) const POLICY: &str = "# the tests' own\n[revocation]\nsources = []\n";

/// A server, gone at the end of the test.
pub(crate) struct Site {
    pub(crate) server: Server,
    /// The root in `tomcat-trust`.
    pub(crate) root: Issued,
    /// What it issued, in `tomcat-trust` too.
    pub(crate) issuing: Issued,
    /// What ends within five days, in `tomcat-trust` too.
    pub(crate) ending: Issued,
}

impl Site {
    /// Starts one, with everything in it.
    pub(crate) fn start() -> Self {
        let server = serve(None);
        for role in [VIEWER, OPERATOR, AUDITOR, TRUST_ADMIN] {
            let account = json!({ "name": role, "role": role, "password": PASSWORD });
            let made = server.post("/api/v1/accounts", &account);
            assert_eq!(made.status, 201, "{}", made.text());
        }
        let policy = Asked::new("PUT", "/api/v1/policies/deployment").body("application/toml", POLICY);
        done(&server.ask(policy));
        let root = Sketch::ca("Site Root").subject("CN=Site Root,O=Example Ltd").issue();
        let issuing = Sketch::ca("Site Issuing").subject("CN=Site Issuing CA,O=Example Ltd");
        let issuing = issuing.issued_by(&root).issue();
        let ending = ending();
        done(&upload(&server, pem(&[&root, &issuing]).as_bytes(), "trust", "tomcat-trust"));
        done(&upload(&server, pem(&[&ending]).as_bytes(), "trust", "tomcat-trust"));
        let own = json!({ "fields": fields("tomcat"), "years": 5 });
        done(&server.post("/api/v1/self-signed", &own));
        done(&server.post("/api/v1/requests", &fields("CallManager")));
        Self { server, root, issuing, ending }
    }

    /// The address of a page.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri)
    }

    /// Signs in as one of the accounts and waits until that is done; the browser is on the first page then.
    #[track_caller]
    pub(crate) fn sign_in(&self, browser: &Browser, account: &str) {
        browser.open(&self.uri("/"));
        browser.type_into("Account", account);
        browser.type_into("Password", PASSWORD);
        browser.press("Enter");
        browser.wait_for(Role("button", "Sign out"));
    }

    /// A chain of three, the certificate of a server first, which a trust store has not seen.
    pub(crate) fn chain_pem(&self) -> String {
        let [root, issuing, leaf] = chain();
        pem(&[&leaf, &issuing, &root])
    }
}

/// A root, what it issued, and the certificate of a server.
pub(crate) fn chain() -> [Issued; 3] {
    let root = Sketch::ca("New Root").subject("CN=New Root,O=Example Ltd").issue();
    let issuing =
        Sketch::ca("New Issuing").subject("CN=New Issuing CA,O=Example Ltd").issued_by(&root).issue();
    let leaf = Sketch::leaf("New Server").subject("CN=www.example.org,O=Example Ltd");
    let leaf = leaf.issued_by(&issuing).eku(&["serverAuth"]).dns("www.example.org").issue();
    [root, issuing, leaf]
}

/// An authority that ends within five days, whenever this runs.
fn ending() -> Issued {
    let day = |days: i64| {
        let moment = Timestamp::now() + SignedDuration::from_hours(24 * days);
        moment.strftime("%Y-%m-%dT00:00:00Z").to_string()
    };
    let sketch = Sketch::ca("Ending Root").key(Key::p256("ending")).subject("CN=Ending Root,O=Example Ltd");
    sketch.valid(&day(-360), &day(5)).issue()
}
