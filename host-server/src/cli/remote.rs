//! What every command has in common that asks a server: where it is, who asks, and what becomes of an answer. A refusal by
//! the engine is an answer with exit status 1; whatever keeps the question from being asked ends with 2.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use clap::Args;
use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::page::Page;
use super::{Console, Exit, Failure, file, plan_page, written};
use crate::client::address::{Address, PlainHttp};
use crate::client::document::{Nodes, Outcome, Problem};
use crate::client::{Answer, Ask, Client, ClientFault};
use crate::config::LISTEN;
use crate::fetch::Roots;

/// The environment variable that may hold the server's URL.
const SERVER_VARIABLE: &str = "ASSAYER_SERVER";
/// The environment variable that may hold the token.
const TOKEN_VARIABLE: &str = "ASSAYER_TOKEN";
/// Most octets of a token's file.
const LONGEST_TOKEN: u64 = 4096;

/// Which server is asked, and as whom.
#[derive(Args, Clone, Debug, Default)]
pub struct ServerArguments {
    /// The server; else the one of the environment, else this machine's.
    #[arg(long, value_name = "URL", global = true, help_heading = "Server", help = format!("The server; else ASSAYER_SERVER, else http://{LISTEN}"))]
    pub server: Option<String>,
    /// File with the token, readable by its owner alone; else ASSAYER_TOKEN.
    #[arg(long, value_name = "FILE", global = true, help_heading = "Server")]
    pub token_file: Option<PathBuf>,
    /// Whom the server must be certified by (PEM); else the roots of this machine.
    #[arg(long, value_name = "FILE", global = true, help_heading = "Server")]
    pub ca: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine.
    #[arg(long, global = true, help_heading = "Server")]
    pub insecure_http: bool,
    /// Print the server's own JSON document.
    #[arg(long, global = true, help_heading = "Server")]
    pub json: bool,
}

/// Whether a write is only shown.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct DryRun {
    /// Show what would be done, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Why a command went no further.
#[derive(Debug)]
pub enum Stop {
    /// It could not do its work.
    Failure(Failure),
    /// The server's answer ends it, and was told.
    Told(Exit),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// A server that is asked.
#[derive(Debug)]
pub struct Remote {
    client: Client,
    server: String,
    is_json: bool,
}

/// Opens the way to a server and runs a command.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(
    arguments: &ServerArguments,
    console: &mut Console<'_>,
    command: impl FnOnce(&Remote, &mut Console<'_>) -> Result<Exit, Stop>,
) -> Result<Exit, Failure> {
    let remote = Remote::open(arguments)?;
    match command(&remote, console) {
        Ok(exit) | Err(Stop::Told(exit)) => Ok(exit),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

impl Remote {
    fn open(arguments: &ServerArguments) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let plain = if arguments.insecure_http { PlainHttp::Anywhere } else { PlainHttp::ThisMachine };
        let server = arguments.server.clone().or_else(|| variable(SERVER_VARIABLE));
        let server = server.unwrap_or_else(|| format!("http://{LISTEN}"));
        let address = Address::of_url(&server, plain)
            .map_err(|found| Failure::Question(format!("--server: {server} {found}")))?;
        let token = match &arguments.token_file {
            Some(path) => token_of_file(path)?,
            None => Zeroizing::new(variable(TOKEN_VARIABLE).ok_or_else(no_token)?),
        };
        // RFC 6750 2.1, and nothing that could end a header
        let token = Zeroizing::new(token.trim().to_owned());
        if token.is_empty() || !token.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Err(Failure::of_input("the token", "is none", "give it as the server printed it"));
        }
        let roots = arguments.ca.as_deref().map_or(Ok(Roots::System), roots)?;
        let is_json = arguments.json;
        Ok(Self { client: Client::new(address, token, roots), server, is_json })
    }

    /// Whether the server's own document is wanted.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Asks, and tells whoever asked where the server refuses.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn ask(&self, console: &mut Console<'_>, ask: &Ask) -> Result<Answer, Stop> {
        self.ask_with(console, ask, "file")
    }

    /// The same with a file, under the name it was given by.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn ask_with(&self, console: &mut Console<'_>, ask: &Ask, name: &str) -> Result<Answer, Stop> {
        let answer = self.client.ask(ask).map_err(|fault| self.fault(&fault))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(self.refused(console, &answer, name))
    }

    /// Asks for something that may not be there: `None` where it is not. Nobody is told anything here, so that many may ask at
    /// the same time.
    ///
    /// # Errors
    /// What the server says against it, and faults of the server.
    pub fn fetch(&self, ask: &Ask) -> Result<Option<Answer>, Failure> {
        let answer = self.client.ask(ask).map_err(|fault| self.fault(&fault))?;
        if (200..300).contains(&answer.status) {
            return Ok(Some(answer));
        }
        let Ok(problem) = serde_json::from_slice::<Problem>(&answer.body) else {
            return Err(self.stranger(answer.status));
        };
        let line = sentence(&problem, "file");
        match answer.status {
            404 => Ok(None),
            500.. => Err(Failure::Fault(format!("{}: {line} ({})", self.server, problem.instance))),
            _ => Err(Failure::Question(line)),
        }
    }

    /// What answers is no server of ours.
    fn stranger(&self, status: u16) -> Failure {
        let found = format!("answered with status {status} and no problem document");
        Failure::of_input(&self.server, found, "expected a server of this program")
    }

    fn fault(&self, fault: &ClientFault) -> Failure {
        match fault {
            ClientFault::Unreachable(why) => Failure::of_input(
                &self.server,
                format!("cannot be asked ({why})"),
                "start a server with assayer serve, or name it with --server",
            ),
            ClientFault::Unanswered(why) => Failure::Fault(format!("{}: {why}", self.server)),
        }
    }

    /// What the server said against it.
    fn refused(&self, console: &mut Console<'_>, answer: &Answer, name: &str) -> Stop {
        let Ok(problem) = serde_json::from_slice::<Problem>(&answer.body) else {
            return self.stranger(answer.status).into();
        };
        let exit = match (answer.status, &problem.plan) {
            (422, Some(_)) => Exit::Deny,
            (500.., _) => Exit::Fault,
            _ => Exit::Question,
        };
        if self.is_json {
            return match self.raw(console, answer, exit) {
                Ok(exit) => Stop::Told(exit),
                Err(failure) => failure.into(),
            };
        }
        if let (Exit::Deny, Some(plan)) = (exit, &problem.plan) {
            let mut page = Page::new(console.looks.drawing);
            plan_page::refused(&mut page, plan);
            return match written(console.page(&page.into_text()), exit) {
                Ok(exit) => Stop::Told(exit),
                Err(failure) => failure.into(),
            };
        }
        let line = sentence(&problem, name);
        match exit {
            Exit::Fault => Failure::Fault(format!("{}: {line} ({})", self.server, problem.instance)).into(),
            _ => Failure::Question(line).into(),
        }
    }

    /// Prints the server's document as it is.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn raw(&self, console: &mut Console<'_>, answer: &Answer, exit: Exit) -> Result<Exit, Failure> {
        let mut output = console.output.write_all(&answer.body);
        if !answer.body.ends_with(b"\n") {
            output = output.and_then(|()| console.output.write_all(b"\n"));
        }
        written(output.and_then(|()| console.output.flush()), exit)
    }

    /// A document of the server's.
    ///
    /// # Errors
    /// When it is none that is known here.
    pub fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, Failure> {
        let unknown =
            |error| Failure::Fault(format!("{}: its answer is not understood ({error})", self.server));
        serde_json::from_slice(&answer.body).map_err(unknown)
    }

    /// Asks, and prints the document: as it is, or as a page.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn show<T: DeserializeOwned>(
        &self,
        console: &mut Console<'_>,
        ask: &Ask,
        draw: impl FnOnce(&mut Page, &T),
    ) -> Result<Exit, Stop> {
        let answer = self.ask(console, ask)?;
        Ok(self.print(console, &answer, draw)?)
    }

    /// The same with a file, under the name it was given by.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn show_with<T: DeserializeOwned>(
        &self,
        console: &mut Console<'_>,
        ask: &Ask,
        name: &str,
        draw: impl FnOnce(&mut Page, &T),
    ) -> Result<Exit, Stop> {
        let answer = self.ask_with(console, ask, name)?;
        Ok(self.print(console, &answer, draw)?)
    }

    fn print<T: DeserializeOwned>(
        &self,
        console: &mut Console<'_>,
        answer: &Answer,
        draw: impl FnOnce(&mut Page, &T),
    ) -> Result<Exit, Failure> {
        if self.is_json {
            return self.raw(console, answer, Exit::Allow);
        }
        let document = self.read(answer)?;
        let mut page = Page::new(console.looks.drawing);
        draw(&mut page, &document);
        written(console.page(&page.into_text()), Exit::Allow)
    }

    /// Does what an administrator asked for, or shows it, and prints the plan.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn write(&self, console: &mut Console<'_>, ask: Ask, dry_run: DryRun) -> Result<Exit, Stop> {
        self.write_file(console, ask, (dry_run, "file"))
    }

    /// The same with a file, under the name it was given by.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn write_file(
        &self,
        console: &mut Console<'_>,
        ask: Ask,
        (DryRun { dry_run }, name): (DryRun, &str),
    ) -> Result<Exit, Stop> {
        let ask = ask.with(&[("dry_run", dry_run.then_some("true"))]);
        let answer = self.ask_with(console, &ask, name)?;
        Ok(self.print(console, &answer, plan_page::outcome)?)
    }

    /// Two steps: what would be done is shown, and done when somebody confirms it, on the version that was shown.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn write_confirmed(&self, console: &mut Console<'_>, ask: &Ask, caution: &str) -> Result<Exit, Stop> {
        if self.is_json || !console.is_attended() {
            let remedy = "look at what it would do with --dry-run, then give --yes";
            return Err(Failure::of_input("--yes", "nobody can be asked to confirm", remedy).into());
        }
        let answer = self.ask(console, &ask.clone().with(&[("dry_run", Some("true"))]))?;
        let outcome: Outcome = self.read(&answer)?;
        let mut page = Page::new(console.looks.drawing);
        plan_page::outcome(&mut page, &outcome);
        written(console.page(&page.into_text()), Exit::Allow)?;
        if outcome.plan.effects.is_empty() {
            return Ok(Exit::Allow);
        }
        if !console.confirms(caution)? {
            return Ok(written(console.page("nothing was changed\n"), Exit::Question)?);
        }
        let answer = self.ask(console, &Ask { seen: answer.version, ..ask.clone() })?;
        Ok(self.print(console, &answer, plan_page::done)?)
    }

    /// The node that answers.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn this_node(&self, console: &mut Console<'_>) -> Result<String, Stop> {
        let answer = self.ask(console, &Ask::get("/api/v1/nodes"))?;
        let nodes: Nodes = self.read(&answer)?;
        let this = nodes.items.into_iter().find(|node| node.is_this);
        let missing =
            || Failure::of_input("--distribution", "the server is no node", "name a node of the cluster");
        Ok(this.ok_or_else(missing)?.name)
    }
}

/// A problem in one line, under the name that the file was given by.
fn sentence(problem: &Problem, name: &str) -> String {
    let Problem { detail, code, .. } = problem;
    let hint = if code == "access.token" { "; name it with --token-file or in ASSAYER_TOKEN" } else { "" };
    let input = problem.input.as_deref().unwrap_or_default();
    let line = match input.strip_prefix("file") {
        Some(number) => {
            let rest = detail.strip_prefix(input).unwrap_or(detail).trim_start_matches(": ");
            let place = number.trim().parse::<u64>().ok().map(|number| number.saturating_add(1));
            let place = place.map(|place| format!(": certificate {place}")).unwrap_or_default();
            let separator = if rest.starts_with(',') { "" } else { ": " };
            format!("{name}{place}{separator}{rest}")
        }
        None if input.is_empty() || detail.starts_with(input) => detail.clone(),
        None => format!("{input}: {detail}"),
    };
    format!("{line}{hint} ({code})")
}

fn no_token() -> Failure {
    let remedy =
        format!("give --token-file FILE or set {TOKEN_VARIABLE}; a server prints one at its first start");
    Failure::of_input("--token-file", "there is no token", remedy)
}

/// The token in a file that only its owner may read.
fn token_of_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::of_input(path.display(), format!("cannot be read ({error})"), "expected a file with a token")
    };
    let file = File::open(path).map_err(unreadable)?;
    let mode = file.metadata().map_err(unreadable)?.mode() & 0o7777;
    if mode & 0o077 != 0 {
        let found = format!("may be read by others (mode {mode:03o})");
        return Err(Failure::of_input(path.display(), found, "make it yours alone: chmod 600"));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST_TOKEN).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// The certificates of a PEM file, whom alone the server must be certified by.
fn roots(path: &Path) -> Result<Roots, Failure> {
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    let expected = "expected certificates as PEM";
    let read = std::fs::read(path).map_err(|error| Failure::of_input(path.display(), error, expected))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read).collect();
    let found = found.map_err(|error| Failure::of_input(path.display(), error, expected))?;
    if found.is_empty() {
        return Err(Failure::of_input(path.display(), "holds no certificate", expected));
    }
    Ok(Roots::These(found.iter().map(|der| der.to_vec()).collect()))
}

/// A file as a JSON document carries it, and its name.
///
/// # Errors
/// As [`file::read`].
pub fn carried(console: &mut Console<'_>, name: &str) -> Result<(String, String), Failure> {
    let file = file::read(console, name, &file::CERTIFICATES)?;
    Ok((BASE64.encode(&file.octets), file.name))
}

/// A fingerprint as the API writes it: OpenSSL puts colons between the octets.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    text.chars().filter(|letter| *letter != ':').collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, input: Option<&str>, detail: &str) -> Problem {
        Problem {
            detail: detail.to_owned(),
            instance: String::new(),
            code: code.to_owned(),
            input: input.map(str::to_owned),
            plan: None,
        }
    }

    #[test]
    fn a_problem_names_the_file_and_counts_its_certificates_from_one() {
        for (input, detail, expected) in [
            (Some("file"), "file, line 1: this is text", "a.pem, line 1: this is text (c)"),
            (Some("file"), "file: is empty", "a.pem: is empty (c)"),
            (Some("file 1"), "file 1: not DER", "a.pem: certificate 2: not DER (c)"),
            (Some("fingerprint"), "expected 64 digits", "fingerprint: expected 64 digits (c)"),
            (Some("purpose"), "purpose: unknown", "purpose: unknown (c)"),
            (None, "there is nothing", "there is nothing (c)"),
        ] {
            assert_eq!(sentence(&problem("c", input, detail), "a.pem"), expected);
        }
        assert!(sentence(&problem("access.token", None, "no"), "").contains("ASSAYER_TOKEN"));
    }

    #[test]
    fn fingerprints_are_taken_as_openssl_writes_them() {
        assert_eq!(fingerprint("AB:cd:01"), "abcd01");
    }
}
