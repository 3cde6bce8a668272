//! One WebDriver session, which is one Chromium with a profile of its own: commands as the W3C's WebDriver and the
//! DevTools protocol have them. What a person does with a page is in `browser`.
//!
//! WebDriver is JSON over HTTP/1.1 on the loopback interface, which the server tests' own client speaks; a crate for it
//! would be sixty more to build, with features of their own for those that wasmtime and the server share.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::chromium::{self, Driver};
use crate::client::{self, Asked};

/// Most browsers at a time.
const MOST: usize = 2;
/// No command takes longer; scripts that judge all scenarios take the longest.
const PATIENCE: Duration = Duration::from_secs(200);

static RUNNING: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());
static COUNT: AtomicU32 = AtomicU32::new(0);

/// One of the places for a browser.
struct Turn;

impl Turn {
    fn wait() -> Self {
        let running = RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = RUNNING.1.wait_while(running, |running| *running >= MOST);
        *running.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        RUNNING.1.notify_one();
    }
}

/// A command that chromedriver could not do.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The W3C's word for it, such as `no such element`.
    pub(crate) error: String,
    message: String,
}

impl Failure {
    /// Whether it may be done when the page has moved on.
    pub(crate) fn is_passing(&self) -> bool {
        let passing = [
            "no such element",
            "stale element reference",
            "element not interactable",
            "element click intercepted",
            "invalid element state",
            // while one page makes room for the next, there is nothing to ask
            "javascript error",
            "unknown error",
        ];
        passing.contains(&self.error.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message.lines().next().unwrap_or_default())
    }
}

/// A Chromium that runs.
pub(crate) struct Session {
    driver: Arc<Driver>,
    id: String,
    /// Its profile, its downloads and the files that are given to it.
    pub(crate) directory: PathBuf,
    _turn: Turn,
}

impl Session {
    /// Starts a Chromium, when there is a place for one; none where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let turn = Turn::wait();
        let driver = chromium::driver()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = driver.directory.join(number.to_string());
        for part in ["profile", "downloads", "files"] {
            fs::create_dir_all(directory.join(part)).unwrap();
        }
        let mut session = Self { driver, id: String::new(), directory, _turn: turn };
        let asked = json!({ "capabilities": { "alwaysMatch": session.capabilities() } });
        let made = session.send("POST", "/session", &asked).unwrap_or_else(|failure| panic!("{failure}"));
        session.id = made["sessionId"].as_str().unwrap().to_owned();
        Some(session)
    }

    fn capabilities(&self) -> Value {
        let profile = format!("--user-data-dir={}", self.directory.join("profile").display());
        let mut arguments = vec![
            "--headless=new",
            "--window-size=1280,900",
            "--disable-dev-shm-usage",
            "--disable-breakpad",
            "--disable-background-networking",
            "--disable-component-update",
            "--force-color-profile=srgb",
            "--lang=en-GB",
            &profile,
        ];
        // the sandbox of Chromium cannot be set up by root
        if is_root() {
            arguments.push("--no-sandbox");
        }
        let downloads = self.directory.join("downloads");
        json!({
            "browserName": "chrome",
            "timeouts": { "script": u64::try_from(PATIENCE.as_millis()).unwrap(), "pageLoad": 60_000 },
            "unhandledPromptBehavior": "dismiss and notify",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": self.driver.browser,
                "args": arguments,
                "prefs": { "download.default_directory": downloads, "download.prompt_for_download": false },
            },
        })
    }

    /// A command of WebDriver, below the session's own path.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(method, &format!("/session/{}{path}", self.id), body)
    }

    /// A command of the DevTools protocol.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Result<Value, Failure> {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let mut asked = Asked::new(method, path);
        if method == "POST" {
            asked = asked.json(body);
        }
        let mut stream = client::connect(self.driver.address);
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&asked.octets()).unwrap();
        let (status, mut answer) = answer(stream);
        let value = answer["value"].take();
        if status == 200 {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(Failure { error: text("error"), message: text("message") })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.id.is_empty() {
            // it answers when Chromium has ended
            let _ = self.ask("DELETE", "", &Value::Null);
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Reads an answer as far as its length says: chromedriver leaves connections open.
fn answer(stream: TcpStream) -> (u16, Value) {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    while head.last().is_none_or(|line: &String| !line.trim().is_empty()) {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "chromedriver has gone: {head:?}");
        head.push(line);
    }
    let status = head[0].split(' ').nth(1).unwrap().parse().unwrap();
    let length = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body).unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

/// Whether this process is root's, by the owner of what the kernel shows of it.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
