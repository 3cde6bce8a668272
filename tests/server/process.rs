//! One server in a process of its own, with a directory of its own, gone at the end of the test.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::client::{Asked, Reply};
use crate::contract;
use crate::postgres;

/// A directory of its own, removed at the end.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("assayer-server-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("data")).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn data(&self) -> String {
        self.0.join("data").to_str().unwrap().to_owned()
    }

    pub(crate) fn file(&self, name: &str, octets: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, octets).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program, with none of the environment that it would read.
pub(crate) fn assayer(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assayer-under-test"));
    command.args(arguments).env_remove("ASSAYER_PASSPHRASE").env_remove("ASSAYER_DATABASE_URL");
    command.env_remove("ASSAYER_SERVER").env_remove("ASSAYER_TOKEN");
    command
}

/// A server.
pub(crate) struct Server {
    child: Child,
    errors: Option<JoinHandle<String>>,
    pub(crate) uri: String,
    /// The administrator's token that was printed at the first start.
    pub(crate) token: Option<String>,
    /// What it printed before it listened.
    pub(crate) printed: String,
    pub(crate) place: Place,
}

impl Server {
    /// Starts a server with a directory of its own.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// The same with further options.
    pub(crate) fn with(options: &[&str]) -> Self {
        Self::at(Place::new(), options)
    }

    /// The same with a configuration.
    pub(crate) fn configured(configuration: &str) -> Self {
        let place = Place::new();
        let file = place.file("assayer.toml", configuration);
        Self::at(place, &["--config", &file])
    }

    /// Starts a server on the data of a place.
    pub(crate) fn at(place: Place, options: &[&str]) -> Self {
        let data = place.data();
        let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
        Self::spawn(command.args(options), place)
    }

    /// Starts a command that serves.
    pub(crate) fn spawn(command: &mut Command, place: Place) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let mut printed = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let uri = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = child.wait();
                panic!("it did not start: {printed}{}", errors.join().unwrap());
            };
            if let Some(uri) = line.strip_prefix("listening on ") {
                break uri.to_owned();
            }
            printed.push_str(&line);
            printed.push('\n');
        };
        let token = printed.split_whitespace().find(|word| word.starts_with("assayer_")).map(str::to_owned);
        Self { child, errors: Some(errors), uri, token, printed, place }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.uri.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Sends a request as it is and holds the answer to the description.
    pub(crate) fn send(&self, asked: &Asked) -> Reply {
        let reply = asked.send(self.address());
        contract::check(asked, &reply);
        reply
    }

    /// Sends a request as the administrator.
    pub(crate) fn ask(&self, asked: Asked) -> Reply {
        let asked = match &self.token {
            Some(token) => asked.header("authorization", &format!("Bearer {token}")),
            None => asked,
        };
        self.send(&asked)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask(Asked::new("GET", path))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask(Asked::new("POST", path).json(body))
    }

    /// Asks it to stop.
    pub(crate) fn signal(&self, name: &str) {
        let number = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &number]).status().unwrap().success());
    }

    /// Waits for it to end: its status and its log.
    pub(crate) fn ended(mut self) -> (Option<i32>, String, Place) {
        let status = self.child.wait().unwrap();
        let log = self.errors.take().unwrap().join().unwrap();
        let place = std::mem::replace(&mut self.place, Place::new());
        (status.code(), log, place)
    }

    /// Stops it: its log and its place.
    pub(crate) fn stop(self) -> (String, Place) {
        self.signal("-TERM");
        let (status, log, place) = self.ended();
        assert_eq!(status, Some(0), "{log}");
        (log, place)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a test on a server of each database.
pub(crate) fn on_both(test: impl Fn(&Server)) {
    test(&Server::start());
    let database = postgres::server();
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0"]);
    test(&Server::spawn(command.env("ASSAYER_DATABASE_URL", database.database()), Place::new()));
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}
