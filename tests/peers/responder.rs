//! `openssl ocsp` as a responder on a free port, stopped when dropped.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use crate::authority::Authority;

/// A running responder.
pub(crate) struct Responder {
    process: Child,
    address: SocketAddr,
}

impl Responder {
    /// Starts one that signs as `signer` about certificates of the issuing CA; `more` are further options.
    pub(crate) fn start(authority: &Authority, signer: &str, more: &[&str]) -> Self {
        // A port that was free a moment ago may be taken by now: then the program ends, and another is tried.
        for _ in 0..20 {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
            if let Some(process) = Self::spawn(authority, signer, more, free.port()) {
                return Self { process, address: SocketAddr::from(([127, 0, 0, 1], free.port())) };
            }
        }
        panic!("no responder could be started")
    }

    fn spawn(authority: &Authority, signer: &str, more: &[&str], port: u16) -> Option<Child> {
        let (certificate, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let port = port.to_string();
        let mut command = Command::new("openssl");
        command
            .args(["ocsp", "-index", "index.txt", "-CA", "ca.pem", "-nmin", "30", "-port", &port])
            .args(["-rsigner", &certificate, "-rkey", &key])
            .args(more)
            .current_dir(authority.directory())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("the program `openssl`");
        let mut lines = BufReader::new(process.stderr.take().expect("its messages")).lines();
        // It says so when it listens; when it cannot, it complains and ends.
        let waits = lines.by_ref().map_while(Result::ok).any(|line| line.contains("waiting for OCSP client"));
        if !waits {
            let _ended = process.wait();
            return None;
        }
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Some(process)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}
