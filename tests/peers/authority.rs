//! An authority made by the `openssl` program: a root, an issuing CA, leaves, an index of what is revoked, CRLs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A directory with an authority in it; removed when dropped.
pub(crate) struct Authority {
    directory: PathBuf,
}

/// What the index says about a certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    Valid,
    Revoked(&'static str),
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A server's certificate, as far as its authority's URIs are not concerned.
pub(crate) const LEAF: &str = "\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:www.example.org
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
";

/// Runs `openssl`; what it complains about stops the test.
pub(crate) fn openssl(directory: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(directory).stdin(Stdio::null()).output();
    let done = done.expect("the program `openssl`; it is in the Debian package `openssl`");
    assert!(
        done.status.success(),
        "openssl {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&done.stderr)
    );
}

impl Authority {
    /// A root and an issuing CA named after it.
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("assayer-peers-{}-{number}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let authority = Self { directory };
        authority.write("root.ext", CA);
        authority.key("root");
        authority.run(&[
            "req",
            "-x509",
            "-key",
            "root.key",
            "-subj",
            "/CN=Root",
            "-days",
            "3650",
            "-out",
            "root.pem",
            "-config",
            "/dev/null",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
            "-addext",
            "subjectKeyIdentifier=hash",
        ]);
        authority.issue("ca", "root", "10", CA);
        authority.write("index.txt", "");
        authority.write("crlnumber", "01\n");
        authority.write("ca.conf", CA_CONFIGURATION);
        authority
    }

    /// A certificate `name` by `issuer` with this serial number and these extensions.
    pub(crate) fn issue(&self, name: &str, issuer: &str, serial: &str, extensions: &str) {
        self.key(name);
        self.write(&format!("{name}.ext"), extensions);
        let key = format!("{name}.key");
        let request = format!("{name}.csr");
        let subject = format!("/CN={name}");
        self.run(&["req", "-new", "-key", &key, "-subj", &subject, "-out", &request, "-config", "/dev/null"]);
        let serial = format!("0x{serial}");
        self.run(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &format!("{issuer}.pem"),
            "-CAkey",
            &format!("{issuer}.key"),
            "-set_serial",
            &serial,
            "-days",
            "365",
            "-extfile",
            &format!("{name}.ext"),
            "-out",
            &format!("{name}.pem"),
        ]);
    }

    fn key(&self, name: &str) {
        let file = format!("{name}.key");
        self.run(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &file]);
    }

    /// Writes the index of the issuing CA.
    pub(crate) fn index(&self, entries: &[(&str, Entry)]) {
        let line = |(serial, entry): &(&str, Entry)| match entry {
            Entry::Valid => format!("V\t350101000000Z\t\t{serial}\tunknown\t/CN={serial}\n"),
            Entry::Revoked(reason) => {
                format!("R\t350101000000Z\t250101000000Z,{reason}\t{serial}\tunknown\t/CN={serial}\n")
            }
        };
        self.write("index.txt", &entries.iter().map(line).collect::<String>());
    }

    /// The CRL of an issuer by the index, good for a day.
    pub(crate) fn crl(&self, issuer: &str) -> Vec<u8> {
        let (certificate, key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        self.run(&[
            "ca",
            "-gencrl",
            "-config",
            "ca.conf",
            "-cert",
            &certificate,
            "-keyfile",
            &key,
            "-crldays",
            "1",
            "-out",
            "crl.pem",
        ]);
        self.run(&["crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der"]);
        fs::read(self.directory.join("crl.der")).unwrap()
    }

    /// A certificate as DER.
    pub(crate) fn der(&self, name: &str) -> Vec<u8> {
        let file = format!("{name}.der");
        self.run(&["x509", "-in", &format!("{name}.pem"), "-outform", "DER", "-out", &file]);
        fs::read(self.directory.join(file)).unwrap()
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) {
        openssl(&self.directory, arguments);
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.directory);
    }
}

pub(crate) const CA: &str = "\
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
";

const CA_CONFIGURATION: &str = "\
[ca]
default_ca = here
[here]
database = index.txt
crlnumber = crlnumber
default_md = sha256
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
";
