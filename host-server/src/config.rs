//! The server's configuration: one TOML file, typed, refused at start where it is wrong, with the place and with what
//! was expected. Options of the command line override it. Secrets come from the environment or from files of their
//! own and never stand in it; of a database's URL the password is better left to the environment too.
//!
//! What certificates are judged by is not here: that is the policy document, which the engine reads.

mod alarms;

use std::fmt;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

pub use self::alarms::{Alarms, Webhook};
use crate::decide::candidate::Comparing;
use crate::decide::class::Decisions;
use crate::decide::recorder::Capsules;
use crate::fetch::guard::{Guard, Ports, Prefix};
use crate::fetch::{Fetcher, Settings};
use crate::keys::Approval;

/// The environment variable that may hold the database's URL.
pub const DATABASE_VARIABLE: &str = "ASSAYER_DATABASE_URL";

/// Where the server listens unless told otherwise: this machine only.
pub const LISTEN: &str = "127.0.0.1:8443";

/// Everything that may be chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Configuration {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Plain HTTP on an address that others can reach: only with these words.
    pub insecure_http: bool,
    /// Directory of the embedded database.
    pub data: Option<PathBuf>,
    /// URL of a PostgreSQL database instead.
    pub database: Option<DatabaseUrl>,
    /// The certificate and the key of the server itself.
    pub tls: Option<Tls>,
    /// How much one client may ask for.
    pub limits: Limits,
    /// How much is decided at once.
    pub engine: Engine,
    /// What is written down.
    pub log: Log,
    /// How private keys are kept.
    pub keys: Keys,
    /// This node among others.
    pub node: Node,
    /// What questions may have fetched.
    pub fetch: Fetch,
    /// Where alarms go.
    pub alarms: Alarms,
    /// Decisions for other servers.
    pub decide: Decisions,
    /// Which decisions are recorded, and for how long.
    pub capsules: Capsules,
    /// How decisions are compared with what a candidate policy makes of them.
    pub candidate: Comparing,
}

/// The URL of a database. It may hold a password and is never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(..)")
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

/// The certificate and the key of the server itself: in PEM files, or among those that it looks after.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Tls {
    /// The certificate, with the chain behind it.
    pub certificate: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
    /// The identity purpose whose certificate is served, such as `tomcat`.
    pub identity: Option<String>,
}

/// Where the certificate and the key of the server come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsSource<'a> {
    /// Two PEM files: the certificate with its chain, and the key.
    Files(&'a Path, &'a Path),
    /// The slot of an identity purpose.
    Identity(&'a str),
}

impl Tls {
    /// Where they come from.
    ///
    /// # Errors
    /// [`ConfigurationFault`] where that is not one of the two, whole.
    pub fn source(&self) -> Result<TlsSource<'_>, ConfigurationFault> {
        match (&self.certificate, &self.key, &self.identity) {
            (Some(certificate), Some(key), None) => Ok(TlsSource::Files(certificate, key)),
            (None, None, Some(identity)) => Ok(TlsSource::Identity(identity)),
            _ => Err(wrong(
                "tls: expected either `certificate` and `key`, two files, or `identity`, a purpose of the store"
                    .to_owned(),
            )),
        }
    }
}

/// What questions may have fetched. By default nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fetch {
    /// A question may ask to have OCSP responses, CRLs and issuers' certificates fetched.
    pub online: bool,
    /// Ranges of addresses of one's own that may be fetched from, such as `10.0.0.0/8`, beside public ones.
    pub allow: Vec<Range>,
    /// Ports that may be fetched from, beside 80 and 443.
    pub ports: Vec<u16>,
}

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Range(pub Prefix);

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error| format!("{text}: {error}"))
    }
}

impl Fetch {
    /// What fetches, if anything may be.
    #[must_use]
    pub fn fetcher(&self) -> Option<Fetcher> {
        if !self.online {
            return None;
        }
        let mut guard =
            Guard { allowed: self.allow.iter().map(|range| range.0).collect(), ..Guard::default() };
        if let Ports::These(ports) = &mut guard.ports {
            ports.extend(&self.ports);
        }
        Some(Fetcher::new(Settings { guard, ..Settings::default() }))
    }
}

/// How much one client may ask for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limits {
    /// Largest body of a request, in octets.
    pub body: usize,
    /// Seconds in which a request's head, and then its body, must have come.
    pub receive_seconds: u64,
    /// Seconds after which a request that is not answered is given up.
    pub request_seconds: u64,
    /// Most connections at once.
    pub connections: usize,
    /// Seconds that requests under way get to end when the server is stopped.
    pub stop_seconds: u64,
}

/// How much is decided at once.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Engine {
    /// Instances of the component; 0 takes one for each processor.
    pub instances: u32,
    /// Questions that may wait for one.
    pub queue: usize,
    /// Milliseconds that a question waits at most.
    pub wait_milliseconds: u64,
}

/// What is written down.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Log {
    /// As lines for people or as JSON.
    pub format: LogFormat,
    /// From which level on.
    pub level: LogLevel,
}

/// Forms of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// One line for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Levels of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// What went wrong with us.
    Error,
    /// What somebody should look at.
    Warn,
    /// A line for each request too.
    #[default]
    Info,
    /// Everything.
    Debug,
}

/// How private keys are kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Keys {
    /// Whether only the validated module may be used.
    pub mode: KeyMode,
    /// File with the passphrase, readable by its owner alone.
    pub passphrase_file: Option<PathBuf>,
}

/// Modes of key keeping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyMode {
    /// Whatever is considered sound.
    #[default]
    Ordinary,
    /// Only what the validated module approves of.
    Fips,
}

impl KeyMode {
    /// The same as the keys know it.
    #[must_use]
    pub fn approval(self) -> Approval {
        match self {
            Self::Ordinary => Approval::Any,
            Self::Fips => Approval::Fips,
        }
    }
}

/// This node among others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Node {
    /// Its name; the machine's when there is none.
    pub name: Option<String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            insecure_http: false,
            data: None,
            database: None,
            tls: None,
            limits: Limits::default(),
            engine: Engine::default(),
            log: Log::default(),
            keys: Keys::default(),
            node: Node::default(),
            fetch: Fetch::default(),
            alarms: Alarms::default(),
            decide: Decisions::default(),
            capsules: Capsules::default(),
            candidate: Comparing::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 4 * 1024 * 1024,
            receive_seconds: 15,
            request_seconds: 60,
            connections: 1024,
            stop_seconds: 20,
        }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self { instances: 0, queue: 64, wait_milliseconds: 2000 }
    }
}

impl Limits {
    /// Longest time for a head, and for a body.
    #[must_use]
    pub fn receive(&self) -> Duration {
        Duration::from_secs(self.receive_seconds)
    }

    /// Longest time for an answer.
    #[must_use]
    pub fn request(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    /// Longest time to stop in.
    #[must_use]
    pub fn stop(&self) -> Duration {
        Duration::from_secs(self.stop_seconds)
    }
}

impl Engine {
    /// How many instances there are to be.
    #[must_use]
    pub fn sessions(&self) -> u32 {
        let processors = || std::thread::available_parallelism().map_or(2, usize::from);
        if self.instances > 0 { self.instances } else { u32::try_from(processors()).unwrap_or(2).min(64) }
    }
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationFault {
    /// Line and column from 1, where they are known.
    pub place: Option<(usize, usize)>,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for ConfigurationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigurationFault {}

impl Configuration {
    /// Reads a configuration. What it leaves out has its default.
    ///
    /// # Errors
    /// [`ConfigurationFault`], with what was expected.
    pub fn read(text: &str) -> Result<Self, ConfigurationFault> {
        let read: Self = toml::from_str(text).map_err(|error| ConfigurationFault {
            place: error.span().map(|span| place(text, span.start)),
            message: error.message().trim().replace('\n', " "),
        })?;
        read.check()?;
        Ok(read)
    }

    /// What no type says.
    ///
    /// # Errors
    /// [`ConfigurationFault`], with what was expected.
    pub fn check(&self) -> Result<(), ConfigurationFault> {
        let limits = &self.limits;
        within("limits.body", limits.body, 1024..=64 * 1024 * 1024)?;
        within("limits.receive-seconds", limits.receive_seconds, 1..=3600)?;
        within("limits.request-seconds", limits.request_seconds, 1..=3600)?;
        within("limits.connections", limits.connections, 1..=100_000)?;
        within("limits.stop-seconds", limits.stop_seconds, 0..=3600)?;
        within("engine.instances", self.engine.instances, 0..=256)?;
        within("engine.queue", self.engine.queue, 0..=100_000)?;
        within("engine.wait-milliseconds", self.engine.wait_milliseconds, 0..=600_000)?;
        let name = self.node.name.as_deref().unwrap_or("name");
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        if name.is_empty() || name.len() > 253 || !name.chars().all(plain) {
            return Err(wrong("node.name: expected 1 to 253 of the characters a-z A-Z 0-9 . - _".to_owned()));
        }
        if self.data.is_some() && self.database.is_some() {
            return Err(wrong("data and database: expected one of them, not both".to_owned()));
        }
        if let Some(tls) = &self.tls {
            tls.source()?;
        }
        self.alarms.check().map_err(wrong)?;
        self.capsules.check().map_err(wrong)?;
        self.candidate.check().map_err(wrong)?;
        self.decide.check(self.fetch.online).map_err(wrong)?;
        self.check_transport()
    }

    /// Plain HTTP stays on this machine unless somebody said otherwise in so many words.
    fn check_transport(&self) -> Result<(), ConfigurationFault> {
        if self.tls.is_some() || self.insecure_http || self.listen.ip().is_loopback() {
            return Ok(());
        }
        Err(wrong(format!(
            "listen: {} can be reached by others and there is no certificate; expected tls.certificate and \
             tls.key (--tls-certificate and --tls-key), tls.identity, an address of this machine such as {LISTEN}, or the \
             words insecure-http = true (--insecure-http)",
            self.listen
        )))
    }
}

fn wrong(message: String) -> ConfigurationFault {
    ConfigurationFault { place: None, message }
}

fn within<T: PartialOrd + fmt::Display>(
    name: &str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), ConfigurationFault> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(wrong(format!("{name}: found {value}; expected {} to {}", range.start(), range.end())))
}

/// Line and column of an octet, from 1.
fn place(text: &str, octet: usize) -> (usize, usize) {
    let before = text.get(..octet).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Configuration::read(text).unwrap_err().to_string()
    }

    #[test]
    fn nothing_is_all_defaults_and_everything_can_be_said() {
        let read = Configuration::read("").unwrap();
        assert_eq!(read.listen.to_string(), LISTEN);
        assert!(read.engine.sessions() > 0);
        let all = "listen = '0.0.0.0:443'\ndata = '/var/lib/assayer'\n\
                   [tls]\ncertificate = 'a.pem'\nkey = 'k.pem'\n\
                   [limits]\nbody = 1048576\nreceive-seconds = 5\nrequest-seconds = 9\nconnections = 8\nstop-seconds = 0\n\
                   [engine]\ninstances = 3\nqueue = 0\nwait-milliseconds = 1\n\
                   [log]\nformat = 'json'\nlevel = 'warn'\n\
                   [keys]\nmode = 'fips'\npassphrase-file = 'p'\n\
                   [node]\nname = 'node-1.example.org'\n\
                   [fetch]\nonline = true\nallow = ['10.0.0.0/8', 'fd00::/8']\nports = [8080]\n\
                   [alarms]\nsyslog = 'tls://logs.example.org'\nsyslog-ca = 'ca.pem'\n\
                   smtp = 'smtps://mail.example.org'\nsmtp-ca = 'ca.pem'\nsmtp-user = 'u'\nsmtp-password-file = 'p'\n\
                   mail-from = 'assayer@example.org'\nkeep-days = 30\n\
                   [[alarms.webhook]]\nname = 'chat'\nurl = 'https://chat.example.org/in'\nsecret-file = 's'\nca = 'c'\n";
        let read = Configuration::read(all).unwrap();
        assert_eq!((read.engine.sessions(), read.log.format), (3, LogFormat::Json));
        assert_eq!(read.keys.mode.approval(), Approval::Fips);
    }

    #[test]
    fn every_error_says_where_and_what_was_expected() {
        let unknown = refused("[limits]\nbodies = 1\n");
        assert!(
            unknown.starts_with("line 2, column 1: unknown field `bodies`, expected one of `body`"),
            "{unknown}"
        );
        let level = refused("[log]\nlevel = 'loud'\n");
        assert!(
            level.starts_with("line 2, column 9: unknown variant `loud`, expected one of `error`"),
            "{level}"
        );
        let listen = refused("listen = 'here'\n");
        assert!(listen.starts_with("line 1, column 10: invalid socket address"), "{listen}");
        assert!(refused("listen = \n").starts_with("line 1, column "));
        assert_eq!(refused("[limits]\nbody = 1023\n"), "limits.body: found 1023; expected 1024 to 67108864");
        assert!(Configuration::read("[limits]\nbody = 1024\n").is_ok());
        assert!(Configuration::read("[limits]\nbody = 67108864\n").is_ok());
        assert!(refused("[limits]\nbody = 67108865\n").contains("expected 1024 to 67108864"));
        assert!(refused("[node]\nname = 'a b'\n").starts_with("node.name: expected 1 to 253"));
        assert!(refused("data = 'a'\ndatabase = 'b'\n").contains("expected one of them"));
    }

    #[test]
    fn nothing_is_fetched_unless_told_and_ranges_are_ranges() {
        assert!(Configuration::read("").unwrap().fetch.fetcher().is_none());
        assert!(Configuration::read("[fetch]\nonline = true\n").unwrap().fetch.fetcher().is_some());
        let range = refused("[fetch]\nallow = ['10.0.0.1/8']\n");
        assert!(range.starts_with("line 2, column 9: 10.0.0.1/8: "), "{range}");
    }

    #[test]
    fn a_certificate_comes_from_two_files_or_from_the_store() {
        let read = |tls: &str| Configuration::read(&format!("[tls]\n{tls}"));
        assert_eq!(
            read("identity = 'tomcat'\n").unwrap().tls.unwrap().source(),
            Ok(TlsSource::Identity("tomcat"))
        );
        assert!(read("certificate = 'a'\nkey = 'b'\n").is_ok());
        for wrong in
            ["", "certificate = 'a'\n", "key = 'b'\n", "certificate = 'a'\nkey = 'b'\nidentity = 'tomcat'\n"]
        {
            let found = read(wrong).unwrap_err().to_string();
            assert!(found.starts_with("tls: expected either `certificate` and `key`"), "{found}");
        }
    }

    #[test]
    fn a_database_url_is_not_shown() {
        let read = Configuration::read("database = 'postgres://alice:hunter2@db/assayer'\n").unwrap();
        assert!(!format!("{read:?}").contains("hunter2"));
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_told_in_words() {
        assert!(refused("listen = '0.0.0.0:80'\n").contains("insecure-http = true"));
        assert!(Configuration::read("listen = '0.0.0.0:80'\ninsecure-http = true\n").is_ok());
        assert!(Configuration::read("listen = '[::1]:80'\n").is_ok());
        let tls = "listen = '0.0.0.0:443'\n[tls]\ncertificate = 'a'\nkey = 'b'\n";
        assert!(Configuration::read(tls).is_ok());
    }
}
