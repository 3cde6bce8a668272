//! The harness itself finds what it is there to find: on pages of its own, whose faults are known.

use serde_json::json;

use crate::axe;
use crate::axe::accessible;
use crate::browser::Browser;
use crate::client::Asked;
use crate::console::{Level, clean, clean_but_for};
use crate::fault::{FaultServer, Step, answer, good};
use crate::look::{Motion, Network, Scheme};
use crate::managed::fingerprint;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{AUDITOR, OPERATOR, PASSWORD, Site, TRUST_ADMIN, VIEWER, chain};

/// A server that shows pages with this body, under the strictest policy that lets its own scripts run.
fn pages(body: &'static str, script: &'static str) -> FaultServer {
    FaultServer::start(move |received| {
        vec![Step::Send(match received.path() {
            "/" => {
                let policy = "default-src 'none'; script-src 'self'; connect-src 'self'";
                let page = format!(
                    "<!doctype html><html lang=en><head><title>Test</title><link rel=icon href=/icon>\
                     <script src=/script defer></script></head><body>{body}</body></html>"
                );
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
                     Content-Security-Policy: {policy}; img-src 'self'",
                    page.len()
                );
                answer(&head, page.as_bytes())
            }
            "/script" => good("text/javascript", script.as_bytes()),
            "/icon" => good("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "/data" => good("text/plain", b"here"),
            _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        })]
    })
}

/// What a check says when it fails.
fn complaint(check: impl FnOnce()) -> String {
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).unwrap_err();
    failed.downcast_ref::<String>().cloned().unwrap_or_default()
}

const GOOD: &str = "<main><h1>A page</h1><p>All is well.</p></main>";

#[test]
fn errors_on_the_console_are_found_and_a_page_without_is_clean() {
    let Some(browser) = Browser::start() else { return };
    let good = pages(GOOD, "console.log('as it should be'); console.warn('careful');");
    browser.open(&good.uri("/"));
    browser.wait_for(Text("All is well."));
    browser.reload();
    browser.wait_for(Text("All is well."));
    clean(&browser);
    let warnings: Vec<Level> = browser.console().iter().map(|message| message.level).collect();
    assert_eq!(warnings, [Level::Warning; 2]);
    for (script, source, text) in [
        ("console.error('something is wrong')", "console-api", "something is wrong"),
        ("throw new Error('nobody catches this')", "javascript", "nobody catches this"),
        ("Promise.reject(new Error('nobody waits'))", "javascript", "nobody waits"),
        ("fetch('/nothing')", "network", "status of 404"),
    ] {
        browser.forget();
        let bad = pages(GOOD, script);
        browser.open(&bad.uri("/"));
        let said = || browser.console().iter().any(|one| one.source == source && one.text.contains(text));
        let begin = std::time::Instant::now();
        while !said() {
            assert!(begin.elapsed().as_secs() < 30, "{script}: {:?}", browser.console());
        }
        assert!(complaint(|| clean(&browser)).contains(text), "{script}");
        clean_but_for(&browser, &[text]);
        // the page is left before its server is: it must not ask for more
        browser.open("about:blank");
    }
    browser.forget();
    assert!(complaint(|| clean_but_for(&browser, &["never said"])).contains("never said"));
}

#[test]
fn violations_of_the_content_security_policy_are_found() {
    let Some(browser) = Browser::start() else { return };
    for (body, directive) in [
        ("<main><h1>x</h1><script>document.title = 'inline'</script></main>", "violation of script-src-elem"),
        ("<main><h1>x</h1><p style='color: red'>red</p></main>", "violation of style-src-attr"),
        ("<main><h1>x</h1><img alt='' src='http://127.0.0.1:1/x.png'></main>", "violation of img-src"),
    ] {
        browser.forget();
        let page = pages(body, "");
        browser.open(&page.uri("/"));
        browser.wait_for(Text("x"));
        assert_eq!(browser.script("return document.title", &[]), "Test");
        let complaint = complaint(|| clean(&browser));
        assert!(complaint.contains(directive), "{complaint}");
        assert!(complaint.contains("(security)"), "{complaint}");
    }
}

#[test]
fn what_cannot_be_told_without_seeing_is_found() {
    let Some(browser) = Browser::start() else { return };
    let page = pages(
        "<main><h1>x</h1><button id=bare></button><button>Named</button><input id=unlabelled></main>",
        "",
    );
    browser.open(&page.uri("/"));
    if axe::source().is_none() {
        return accessible(&browser);
    }
    let complaint = complaint(|| accessible(&browser));
    for found in ["button-name (critical) at #bare", "label (critical) at #unlabelled"] {
        assert!(complaint.contains(found), "{complaint}");
    }
    assert!(!complaint.contains("Named"), "{complaint}");
    let page = pages(GOOD, "");
    browser.open(&page.uri("/"));
    accessible(&browser);
    clean(&browser);
}

const FILES: &str = "const shown = document.querySelector('output');
const show = async (how, files) => {
  const sizes = await Promise.all([...files].map(async file =>
    [file.name, [...new Uint8Array(await file.arrayBuffer())].join(' ')].join(': ')));
  shown.textContent = how + ' ' + sizes.join(', ');
};
const zone = document.querySelector('#zone');
zone.addEventListener('dragover', event => event.preventDefault());
zone.addEventListener('drop', event => { event.preventDefault(); show('dropped', event.dataTransfer.files); });
document.querySelector('input').addEventListener('change', event => show('chosen', event.target.files));
document.addEventListener('paste', event => { shown.textContent = 'pasted ' + event.clipboardData.getData('text'); });
const link = document.createElement('a');
link.download = 'octets.bin';
link.textContent = 'Download';
link.href = URL.createObjectURL(new Blob([Uint8Array.of(0, 255, 10)]));
document.querySelector('main').append(link);";

#[test]
fn files_and_texts_arrive_as_they_are() {
    let Some(browser) = Browser::start() else { return };
    let page = pages(
        "<main><h1>x</h1><div id=zone>Drop here</div><div id=other>not here</div>\
         <label>File <input type=file multiple hidden></label><output></output></main>",
        FILES,
    );
    browser.open(&page.uri("/"));
    browser.drop_files(Css("#zone"), &[("one.der", &[0, 128, 255]), ("two.pem", b"A\r\n")]);
    browser.wait_for(Text("dropped one.der: 0 128 255, two.pem: 65 13 10"));
    browser.choose_files("input", &[("three.bin", &[7, 0]), ("four.bin", &[])]);
    browser.wait_for(Text("chosen three.bin: 7 0, four.bin:"));
    browser.paste("first\nsecond");
    browser.wait_for(Text("pasted first second"));
    browser.click(Role("link", "Download"));
    assert_eq!(browser.downloaded("octets.bin"), [0, 255, 10]);
    let refused = complaint(|| browser.drop_files(Css("#other"), &[("one.der", &[0])]));
    assert!(refused.contains("takes no files"), "{refused}");
    clean(&browser);
}

const FORM: &str = "document.querySelector('form').addEventListener('submit', event => {
  event.preventDefault();
  const late = document.createElement('p');
  const data = Object.fromEntries(new FormData(event.target));
  setTimeout(() => { late.textContent = `hello ${data.who}, ${data.what}`; }, 200);
  document.querySelector('main').append(late);
});
document.addEventListener('keydown', event => { if (event.key === 'Escape') document.querySelector('form').remove(); });
performance.mark('ready');";

#[test]
fn a_form_is_filled_by_label_and_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let page = pages(
        "<main><h1>x</h1><form><label for=who>Who</label><input id=who name=who value=nobody>\
         <label>What <select name=what><option value=a>First</option><option value=b>Second</option></select></label>\
         <button>Send it</button><button type=button disabled>Not yet</button></form></main>",
        FORM,
    );
    browser.open(&page.uri("/"));
    browser.wait_until("performance.getEntriesByName('ready').length");
    browser.type_into("Who", "Alice");
    assert_eq!(browser.property(Label("Who"), "value"), "Alice");
    browser.choose("What", "Second");
    browser.click(Role("button", "Send it"));
    browser.wait_for(Text("hello Alice, b"));
    browser.fill(Css("#who"), "");
    browser.press("B o b Tab ArrowUp Tab");
    assert_eq!(browser.focused(), ("button".to_owned(), "Send it".to_owned()));
    browser.press("Enter");
    browser.wait_for(Text("hello Bob, a"));
    browser.press("Shift+Tab Shift+Tab");
    assert_eq!(browser.focused(), ("textbox".to_owned(), "Who".to_owned()));
    assert_eq!(browser.text(Css("h1")), "x");
    browser.press("Escape");
    browser.wait_until_gone(Role("button", "Send it"));
    assert!(!browser.shows(Label("Who")) && browser.shows(Role("heading", "x")));
    assert_eq!(browser.performance_marks()[0].0, "ready");
    browser.screenshot("own-form");
    clean(&browser);
}

#[test]
fn without_a_network_nothing_is_fetched() {
    let Some(browser) = Browser::start() else { return };
    let page = pages(GOOD, "");
    browser.open(&page.uri("/"));
    let fetched = || {
        let script = "return fetch('/data').then(answer => answer.text(), error => error.name)";
        browser.script(script, &[])
    };
    assert_eq!(fetched(), "here");
    browser.network(Network::Offline);
    assert_eq!(
        (fetched(), browser.script("return navigator.onLine", &[])),
        (json!("TypeError"), json!(false))
    );
    browser.network(Network::Online);
    assert_eq!(fetched(), "here");
    clean_but_for(&browser, &["ERR_INTERNET_DISCONNECTED"]);
}

#[test]
fn a_page_is_seen_by_night_and_on_a_phone() {
    let Some(browser) = Browser::start() else { return };
    let page = pages(GOOD, "");
    browser.open(&page.uri("/"));
    let seen = || {
        let script = "const is = query => matchMedia(query).matches;
            return [is('(prefers-color-scheme: dark)'), is('(prefers-reduced-motion: reduce)'), innerWidth];";
        browser.script(script, &[])
    };
    browser.emulate(Scheme::Light, Motion::Any, (1280, 900));
    assert_eq!(seen(), json!([false, false, 1280]));
    browser.emulate(Scheme::Dark, Motion::Reduced, (380, 800));
    assert_eq!(seen(), json!([true, true, 380]));
    browser.open(&page.uri("/data"));
    browser.wait_for(Text("here"));
    browser.back();
    browser.wait_for(Text("All is well."));
    assert_eq!(seen(), json!([true, true, 380]));
}

#[test]
fn a_site_has_something_to_look_at() {
    let site = Site::start();
    let list = site.server.get("/api/v1/certificates?kind=trust&room=tomcat-trust").json();
    let there: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|item| item["fingerprint"].as_str()).collect();
    for issued in [&site.root, &site.issuing, &site.ending] {
        assert!(there.contains(&fingerprint(&issued.der).as_str()), "{}: {there:?}", issued.label);
    }
    assert_eq!(site.chain_pem().matches("BEGIN CERTIFICATE").count(), 3);
    assert!(chain().iter().all(|issued| !there.contains(&fingerprint(&issued.der).as_str())));
    assert_eq!(site.server.get("/api/v1/requests").json()["items"].as_array().map(Vec::len), Some(1));
    for account in [VIEWER, OPERATOR, AUDITOR, TRUST_ADMIN] {
        for (password, status) in [(PASSWORD, 200), ("wrong", 401)] {
            let who = json!({ "account": account, "password": password });
            let reply = site.server.send(&Asked::new("POST", "/api/v1/sign-in").json(&who));
            assert_eq!(reply.status, status, "{account}: {}", reply.text());
        }
    }
    let Some(browser) = Browser::start() else { return };
    browser.open(&site.uri("/healthz"));
    assert!(browser.address().ends_with("/healthz"));
}
