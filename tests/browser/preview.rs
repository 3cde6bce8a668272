//! What files are, shown before a byte leaves the machine: with the network cut, whatever is dropped.

use pki::certificate::{Issued, Sketch};
use serde_json::json;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::look::{Motion, Network, Scheme};
use crate::managed::pem;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{Site, chain};

/// The page without its network: whatever it shows then, it found out by itself.
pub(crate) fn unplugged(browser: &Browser, site: &Site) {
    browser.open(&site.uri("/#/preview"));
    browser.wait_for(Role("heading", "Preview and upload"));
    // whatever the engine consists of has been loaded when a first file is shown
    browser.drop_files(Css("main"), &[("first.pem", site.chain_pem().as_bytes())]);
    browser.wait_for(Text("One file is shown"));
    browser.network(Network::Offline);
    browser.click(Role("button", "Forget all files"));
    browser.wait_until_gone(Text("One file is shown"));
}

/// Drops one file alone and waits until it is shown.
pub(crate) fn alone(browser: &Browser, name: &str, octets: &[u8]) {
    if browser.shows(Role("button", "Forget all files")) {
        browser.click(Role("button", "Forget all files"));
        browser.wait_until_gone(Text("One file is shown"));
    }
    browser.drop_files(Css("main"), &[(name, octets)]);
    browser.wait_for(Text("One file is shown"));
}

// R-SHOW-4, R-SHOW-5, R-SHOW-6, R-SHOW-7, R-SHOW-8, R-SHOW-9, R-SHOW-10, R-SHOW-12, R-TS-36
#[test]
fn a_chain_is_shown_without_a_network() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    let [_, _, leaf] = chain();
    alone(&browser, "leaf.pem", pem(&[&leaf]).as_bytes());
    for label in ["SubjectDN", "Subject Name", "IssuerDN", "Issuer Name", "Start Date", "Validity From"] {
        browser.wait_for(Text(label));
    }
    for label in ["Final Date", "To", "Public Key", "Key ·", "Signature", "SHA-256 Fingerprint"] {
        browser.wait_for(Text(label));
    }
    browser.wait_for(Text(&crate::managed::fingerprint(&leaf.der)));
    browser.click(Text("Every field and extension"));
    browser.wait_for(Text("Extended Key Usage"));
    browser.wait_for(Text("2.5.29.37"));
    alone(&browser, "chain.pem", site.chain_pem().as_bytes());
    browser.wait_for(Text("PEM: 3 certificates"));
    browser.wait_for(Role("list", "How the certificates belong together, from the target upwards"));
    let marks = browser.performance_marks();
    let begin = marks.iter().filter(|(name, ..)| name == "drop").count();
    let shown = marks.iter().filter(|(name, ..)| name == "preview-shown").count();
    assert_eq!((begin, shown), (3, 3));
    browser.screenshot("preview-chain");
    clean(&browser);
    accessible(&browser);
    browser.emulate(Scheme::Dark, Motion::Reduced, (380, 800));
    browser.screenshot("preview-chain-narrow-dark");
    accessible(&browser);
}

#[test]
fn nothing_that_is_dropped_ends_the_page() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    let [root, issuing, leaf] = chain();
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEXAMPLESECRETEXAMPLESECRETEXAMPLESECRET\n-----END PRIVATE KEY-----\n";
    alone(&browser, "key.pem", key.as_bytes());
    browser.wait_for(Text("this holds a private key"));
    browser.wait_for(Text("must not be uploaded anywhere"));
    assert!(!browser.text(Css("main")).contains("EXAMPLESECRET"));
    browser.screenshot("preview-private-key");
    alone(&browser, "empty.pem", b"");
    browser.wait_for(Text("there is nothing in it"));
    alone(
        &browser,
        "picture.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89",
    );
    browser.wait_for(Text("this is not a readable certificate"));
    alone(&browser, "reversed.pem", pem(&[&root, &issuing, &leaf]).as_bytes());
    browser.wait_for(Text("The certificates are not in the usual order"));
    alone(&browser, "\u{202e}mep.<script>alert(1)<", pem(&[&hostile()]).as_bytes());
    browser.wait_for(Text("\\u{202e}"));
    let page = browser.text(Css("main"));
    assert!(page.contains("<script>") && !page.contains('\u{202e}'), "{page}");
    alone(&browser, "store.p12", &pkcs12());
    browser.wait_for(Text("this is a PKCS #12 file"));
    browser.wait_for(Text("must not be uploaded anywhere"));
    large(&browser);
    alone(&browser, "leaf.pem", pem(&[&leaf]).as_bytes());
    browser.wait_for(Text("PEM: one certificate"));
    clean(&browser);
    accessible(&browser);
}

/// A key and its certificate as a PKCS #12 file, made by OpenSSL.
fn pkcs12() -> Vec<u8> {
    let place = crate::process::Place::new();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (key, certificate, store) = (path("key.pem"), path("certificate.pem"), path("store.p12"));
    let make = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-keyout",
        &key,
        "-out",
        &certificate,
    ];
    let keep =
        ["pkcs12", "-export", "-in", &certificate, "-inkey", &key, "-passout", "pass:x", "-out", &store];
    for arguments in [&make[..], &keep[..]] {
        let (status, _, errors) = crate::process::run(std::process::Command::new("openssl").args(arguments));
        assert_eq!(status, Some(0), "{arguments:?}: {errors}");
    }
    std::fs::read(store).unwrap()
}

fn hostile() -> Issued {
    Sketch::ca("hostile").subject("CN=a\u{202e}b<script>alert(1)</script>,O=Example Ltd").issue()
}

/// 50 MB, made in the page: no test carries them.
fn large(browser: &Browser) {
    let script = "const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(50_000_000)], 'large.der'));
        document.querySelector('main').dispatchEvent(
            new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }));";
    let begin = std::time::Instant::now();
    browser.script(script, &[]);
    browser.wait_for(Text("This file has 48 MiB and was not read"));
    // within seconds, and the page answers at once
    assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(browser.script("return 1", &[]), 1);
}

/// Makes every `read-bundle` trap once when `assayerTrap` is set, as a fault of the engine would.
const TRAP: &str = "const make = WebAssembly.instantiate;
    WebAssembly.instantiate = async (module, imports) => {
      const made = await make(module, imports);
      if (!(made instanceof WebAssembly.Instance)) return made;
      const exports = { ...made.exports };
      for (const name of Object.keys(exports).filter(name => name.endsWith('#read-bundle'))) {
        exports[name] = (...given) => {
          if (!globalThis.assayerTrap) return made.exports[name](...given);
          globalThis.assayerTrap = false;
          throw new WebAssembly.RuntimeError('unreachable');
        };
      }
      return { exports };
    };";

#[test]
fn a_trap_of_the_engine_is_told_as_our_fault_and_the_next_file_is_shown() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": TRAP }));
    browser.open(&site.uri("/#/preview"));
    browser.wait_for(Role("heading", "Preview and upload"));
    browser.script("globalThis.assayerTrap = true;", &[]);
    alone(&browser, "chain.pem", site.chain_pem().as_bytes());
    browser.wait_for(Text("the fault is ours, not your file's"));
    browser.screenshot("preview-trap");
    alone(&browser, "chain.pem", site.chain_pem().as_bytes());
    browser.wait_for(Text("PEM: 3 certificates"));
    clean(&browser);
    accessible(&browser);
}

#[test]
fn a_verdict_is_given_without_a_network_and_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    alone(&browser, "chain.pem", site.chain_pem().as_bytes());
    browser.click(Label("O=Example Ltd,CN=New Root"));
    let decide = ("button".to_owned(), "Decide in this page".to_owned());
    for _ in 0..4 {
        if browser.focused() == decide {
            break;
        }
        browser.press("Tab");
    }
    assert_eq!(browser.focused(), decide);
    browser.press("Enter");
    browser.wait_for(Text("Allow: it may be trusted"));
    browser.wait_for(Role("list", "Certification path, from the target to its trust anchor"));
    browser.screenshot("preview-allow");
    browser.press("Shift+Tab Space Tab Enter");
    browser.wait_for(Text("Deny: it may not be trusted"));
    browser.screenshot("preview-deny");
    clean(&browser);
    accessible(&browser);
}
