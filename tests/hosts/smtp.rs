//! A mail server in a process of its own: aiosmtpd, with a certificate made by openssl. `.ci/test` installs both.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Debian's own, for which `python3-aiosmtpd` is installed.
const PYTHON: &str = "/usr/bin/python3";

pub(crate) struct MailServer {
    child: Option<Child>,
    directory: PathBuf,
    pub(crate) port: u16,
}

impl MailServer {
    /// Starts one: `plain`, `starttls` or `smtps`. `None`, with a line, where aiosmtpd is not installed.
    pub(crate) fn start(mode: &str) -> Option<Self> {
        let there = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            eprintln!("NOT RUN: there is no aiosmtpd; .ci/test installs it");
            return None;
        }
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("assayer-smtp-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(directory.join("mail")).unwrap();
        if mode != "plain" {
            certify(&directory);
        }
        let mut server = Self { child: None, directory, port: 0 };
        server.again(mode);
        Some(server)
    }

    /// Starts it once more, on the port it had.
    pub(crate) fn again(&mut self, mode: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts/smtp.py");
        let mut child = Command::new(PYTHON)
            .arg(script)
            .arg(&self.directory)
            .args([mode, &self.port.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.port = line.trim().parse().unwrap();
        self.child = Some(child);
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What it is certified by.
    pub(crate) fn authority(&self) -> PathBuf {
        self.directory.join("certificate.pem")
    }

    /// A file that tells it what to do; empty text takes it away.
    pub(crate) fn tell(&self, name: &str, text: &str) {
        let path = self.directory.join(name);
        if text.is_empty() {
            let _ = std::fs::remove_file(path);
        } else {
            std::fs::write(path, text).unwrap();
        }
    }

    /// Everything that it has taken so far.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.directory.join("mail"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        paths
            .iter()
            .map(|path| Mail(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()))
            .collect()
    }

    /// The same once there are so many.
    pub(crate) fn await_taken(&self, count: usize) -> Vec<Mail> {
        let started = Instant::now();
        loop {
            let taken = self.taken();
            if taken.len() >= count {
                return taken;
            }
            assert!(started.elapsed() < Duration::from_secs(120), "{} mails", taken.len());
            std::thread::yield_now();
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A message and its envelope.
pub(crate) struct Mail(pub(crate) Value);

impl Mail {
    pub(crate) fn to(&self) -> &str {
        self.0["to"][0].as_str().unwrap()
    }

    pub(crate) fn head(&self) -> &str {
        self.text().split_once("\r\n\r\n").unwrap().0
    }

    fn text(&self) -> &str {
        self.0["message"].as_str().unwrap()
    }

    /// The value of a header, unfolded.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.head().replace("\r\n ", " ");
        let values: Vec<_> =
            head.lines().filter_map(|line| line.strip_prefix(&format!("{name}: "))).collect();
        assert_eq!(values.len(), 1, "{name}: {head}");
        values[0].to_owned()
    }

    /// The text, decoded.
    pub(crate) fn body(&self) -> String {
        let body = self.text().split_once("\r\n\r\n").unwrap().1.replace("\r\n", "\n");
        match self.header("Content-Transfer-Encoding").as_str() {
            "quoted-printable" => of_quoted_printable(&body),
            "7bit" => body,
            other => panic!("{other}"),
        }
    }

    /// The numbers of the alarms in it.
    pub(crate) fn alarms(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .body()
            .lines()
            .filter_map(|line| line.strip_prefix("   Alarm: "))
            .map(str::to_owned)
            .collect();
        ids.sort();
        ids
    }
}

/// RFC 2045 6.7.
fn of_quoted_printable(text: &str) -> String {
    let text = text.replace("=\n", "");
    let (mut octets, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first == b'=' {
            octets.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
            rest = &rest[2..];
        } else {
            octets.push(*first);
        }
    }
    String::from_utf8(octets).unwrap()
}

/// A certificate for 127.0.0.1, which is its own authority.
fn certify(directory: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
        ])
        .args(["-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(directory.join("key.pem"))
        .arg("-out")
        .arg(directory.join("certificate.pem"))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
}
