//! A PostgreSQL of the tests' own: in a temporary directory, on a free port, with a password, stopped when the last
//! test lets go of it. It is shared, because making one takes seconds; every test has a database of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Server {
    programs: PathBuf,
    directory: PathBuf,
    pub(crate) port: u16,
}

/// The server that runs, or a new one.
pub(crate) fn server() -> Arc<Server> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Server::start());
        *shared = Arc::downgrade(&server);
        server
    })
}

impl Server {
    fn start() -> Self {
        let programs = programs();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("assayer-pg-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        ran(&command("mkdir", Path::new("mkdir")).arg("-m").arg("700").arg(&directory).output().unwrap());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, directory, port };
        let secret = server.directory.join("secret");
        ran(&server
            .run("sh")
            .args(["-c", "umask 077; printf secret > \"$0\""])
            .arg(&secret)
            .output()
            .unwrap());
        ran(&server
            .run("initdb")
            .args([
                "--no-sync",
                "--username=assayer",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .arg(format!("--pwfile={}", secret.display()))
            .arg(server.directory.join("data"))
            .output()
            .unwrap());
        // the operating system is not switched off here: what PostgreSQL wrote, it has
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -c unix_socket_directories={}",
            server.directory.display()
        );
        let started = server
            .run("pg_ctl")
            .args(["start", "-w", "-s", "-t", "60", "-o", &options, "-D"])
            .arg(server.directory.join("data"))
            .arg("-l")
            .arg(server.directory.join("log"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let log = fs::read_to_string(server.directory.join("log")).unwrap_or_default();
        assert!(started.success(), "PostgreSQL did not start:\n{log}");
        server
    }

    /// A database of its own.
    pub(crate) fn database(&self) -> String {
        let name = format!("d{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let made = self
            .run("createdb")
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "assayer", &name])
            .env("PGPASSWORD", "secret")
            .output();
        ran(&made.unwrap());
        self.url("secret", &name)
    }

    pub(crate) fn url(&self, password: &str, database: &str) -> String {
        format!("postgres://assayer:{password}@127.0.0.1:{}/{database}", self.port)
    }

    fn run(&self, program: &str) -> Command {
        command(program, &self.programs.join(program))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self
            .run("pg_ctl")
            .args(["stop", "-m", "immediate", "-w", "-s", "-D"])
            .arg(self.directory.join("data"))
            .status();
        let _ = fs::remove_dir_all(&self.directory);
        assert!(stopped.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

/// PostgreSQL refuses to run as root: then all of it is done as its own user.
fn command(program: &str, path: &Path) -> Command {
    let path = if path.exists() { path.as_os_str().to_owned() } else { program.into() };
    let id = Command::new("id").arg("-u").output().unwrap();
    let mut command = if id.stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--preserve-environment", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.current_dir("/");
    command
}

fn ran(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The newest that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found =
        versions.map(|version| version.path().join("bin")).filter(|path| path.join("postgres").exists());
    found.max().expect("PostgreSQL is missing: install the package postgresql, as .ci/test does")
}
