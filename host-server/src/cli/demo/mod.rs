//! `assayer demo`: a throw-away PKI with its own OCSP responder and CRL on loopback, and what the engine makes of it.
//! Everything takes the way of `verify --online`: the component decides, the loop asks, the fetcher fetches; only the
//! loopback address is allowed besides. Nothing is left behind unless `--keep` says where.

mod authority;
mod responder;
mod steps;

use std::path::Path;
use std::{fs, io};

use clap::Args;

use self::authority::{Party, Revoked, Sources};
use self::responder::{Desk, Records, Server, Status};
use self::steps::{Responder, STEPS, Step};
use super::page::{Ink, Page};
use super::revocation::nonce_seed_of_system;
use super::{Console, Exit, Failure, said, status_page, written};
use crate::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use crate::component::contract::verdict::{Decision, Severity, Verdict};
use crate::component::{Allocation, Engine};
use crate::fetch::guard::{Guard, Ports, Prefix};
use crate::fetch::{Fetcher, Settings};
use crate::resolve::{self, Means, Question};

/// The options of `demo`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Wait for Enter after each step.
    #[arg(long)]
    pub step: bool,
    /// Keep the certificates and the CRL in this directory, DER.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<String>,
}

/// The modes, in the order in which a step announces its decisions.
const MODES: [(Mode, &str); 2] = [(Mode::AsWritten, "default"), (Mode::CommonCriteria, "Common Criteria")];
/// The serial number of the first step's certificate; those before it are the authority's and its delegate's.
const FIRST_SERIAL: u8 = 10;
/// The demonstration's own addresses.
const LOOPBACK: Prefix = Prefix::V4 { bits: 0x7f00_0000, length: 8 };

/// Runs `demo`.
///
/// # Errors
/// When the demonstration cannot be set up, or a verdict is not the one announced.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let world = World::make(console.now)?;
    if let Some(directory) = &arguments.keep {
        world.keep(directory)?;
    }
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let mut wrong = 0_usize;
    let mut output = console.page(&introduction(console));
    for (number, step) in STEPS.iter().enumerate() {
        let (page, met) = world.show(&engine, number, step, console)?;
        output = output.and_then(|()| console.page(&page));
        wrong = wrong.saturating_add(usize::from(!met));
        if arguments.step {
            wait(console);
        }
    }
    if wrong > 0 {
        return Err(Failure::Fault(format!(
            "{wrong} of {} steps did not come out as announced",
            STEPS.len()
        )));
    }
    let end = format!("\nAll {} steps came out as announced.\n", STEPS.len());
    written(output.and_then(|()| console.page(&end)), Exit::Allow)
}

fn introduction(console: &Console<'_>) -> String {
    let mut page = Page::new(console.looks.drawing);
    let text = "An authority made for this demonstration issues certificates; its OCSP responder and its CRL are at \
                127.0.0.1 until the end. Each certificate is judged as by `assayer verify --online --allow 127.0.0.0/8 \
                --allow-port any`, once by default and once with --cc. The verdict announced for each step is checked.";
    page.line(("", ""), &[Ink::Plain.span(text)]);
    page.into_text()
}

/// Waits for the end of a line, or of the input.
fn wait(console: &mut Console<'_>) {
    let mut octet = [0];
    while matches!(console.input.read(&mut octet), Ok(1)) && octet != *b"\n" {}
}

/// Everybody who takes part.
struct World {
    authority: Vec<u8>,
    central: Vec<u8>,
    servers: Vec<Vec<u8>>,
    crl: Vec<u8>,
    server: Server,
    now: i64,
}

impl World {
    fn make(now: i64) -> Result<Self, Failure> {
        // nobody has the keys but this run
        let seed = nonce_seed_of_system()?;
        let authority = Party::authority("Demo CA", &seed, now);
        let central = Party::authority("Central", &seed, now).delegate("Central Responder", now);
        let crl = authority.crl(&revoked(), now);
        let (here, nobody) =
            (responder::listener().map_err(no_port)?, responder::listener().map_err(no_port)?);
        let base = format!("http://{}", here.local_addr().map_err(no_port)?);
        let dead = format!("http://{}", nobody.local_addr().map_err(no_port)?);
        let servers = STEPS.iter().zip(FIRST_SERIAL..).map(|(step, serial)| {
            let ocsp = match step.responder {
                Responder::At(path) => format!("{base}{path}"),
                Responder::Nobody => dead.clone(),
            };
            let sources =
                Sources { ocsp: Some(ocsp), crl: step.names_crl.then(|| format!("{base}/demo.crl")) };
            authority.server(step.server, serial, &sources, now).certificate
        });
        let servers = servers.collect();
        drop(nobody);
        let certificates = (authority.certificate.clone(), central.certificate.clone());
        let desks = desks(authority, central, (&seed, now));
        let records = Records { statuses: statuses(), crl: crl.clone(), now, desks };
        let server = Server::start(here, records).map_err(said::fault)?;
        Ok(Self { authority: certificates.0, central: certificates.1, servers, crl, server, now })
    }

    /// Judges one certificate in both modes and draws what happened.
    fn show(
        &self,
        engine: &Engine,
        number: usize,
        step: &Step,
        console: &Console<'_>,
    ) -> Result<(String, bool), Failure> {
        let mut page = Page::new(console.looks.drawing);
        page.heading(&format!("{}. {}", number.saturating_add(1), step.title));
        page.line(("   ", "   "), &[Ink::Plain.span(step.situation)]);
        let mut is_met = true;
        for (place, (mode, name)) in MODES.into_iter().enumerate() {
            let (verdict, asked) = self.judge(engine, number, step, mode)?;
            let met = step.is_met(place, &verdict);
            is_met &= met;
            if place == 0 {
                for line in self.server.heard() {
                    page.line(("   ", "     "), &[Ink::Dim.span(format!("the server got: {line}"))]);
                }
                status_page::asked_lines(&mut page, "   ", &asked);
                if let Some(target) = verdict.path.first() {
                    status_page::lines(&mut page, "   ", target);
                }
            }
            self.server.heard();
            verdict_line(&mut page, name, &verdict);
            if !met {
                page.line(("   ", "   "), &[Ink::Bad.span("this is not what was announced")]);
            }
        }
        Ok((page.into_text(), is_met))
    }

    fn judge(
        &self,
        engine: &Engine,
        number: usize,
        step: &Step,
        mode: Mode,
    ) -> Result<(Verdict, Vec<resolve::Asked>), Failure> {
        let mut session = engine.session().map_err(said::fault)?;
        let refused = |refusal: &_| said::refusal("demo", refusal);
        let validator =
            session.validator("", mode).map_err(said::fault)?.map_err(|refusal| refused(&refusal))?;
        let added =
            session.add_anchor(&validator, &self.authority, TrustRole::Issuer).map_err(said::fault)?;
        added.map_err(|refusal| refused(&refusal))?;
        if step.designates {
            let designated = session.designate_responder(&validator, &self.central, None);
            designated.map_err(said::fault)?.map_err(|refusal| refused(&refusal))?;
        }
        let validation = Validation {
            target: self.servers.get(number).cloned().unwrap_or_default(),
            untrusted: Vec::new(),
            at: self.now,
            purpose: Some("server-auth".to_owned()),
            names: vec![ReferenceIdentifier::Dns(step.server.to_owned())],
            nonce_seed: Some(nonce_seed_of_system()?),
            answers_signature_checks: false,
        };
        let guard = Guard { allowed: vec![LOOPBACK], ports: Ports::Any };
        let fetcher = Fetcher::new(Settings { guard, ..Settings::default() });
        let means = Means { fetcher: Some(fetcher), ..Means::offline(self.now) };
        let mut question = Question { session: &mut session, validator: &validator, validation: &validation };
        let resolved = resolve::resolve_blocking(&mut question, Vec::new(), &means).map_err(said::fault)?;
        Ok((resolved.verdict, resolved.asked))
    }

    /// Writes what was made to a directory, which is made where it is missing.
    fn keep(&self, directory: &str) -> Result<(), Failure> {
        let unwritable = |error: io::Error| {
            Failure::of_input(directory, format!("cannot be written ({error})"), "name another directory")
        };
        let path = Path::new(directory);
        fs::create_dir_all(path).map_err(unwritable)?;
        let files = STEPS.iter().map(|step| format!("{}.der", step.server)).zip(&self.servers);
        let others =
            [("authority.der", &self.authority), ("central.der", &self.central), ("demo.crl", &self.crl)];
        for (name, octets) in files.chain(others.map(|(name, octets)| (name.to_owned(), octets))) {
            fs::write(path.join(name), octets).map_err(unwritable)?;
        }
        Ok(())
    }
}

fn no_port(error: io::Error) -> Failure {
    Failure::Fault(format!("no port on 127.0.0.1 can be had ({error})"))
}

fn statuses() -> Vec<(u8, Status)> {
    let records = STEPS.iter().zip(FIRST_SERIAL..);
    records.filter_map(|(step, serial)| Some((serial, step.record?))).collect()
}

fn revoked() -> Vec<Revoked> {
    let revoked = |(serial, status)| match status {
        Status::Revoked(reason) => Some(Revoked { serial, reason }),
        Status::Good | Status::Unknown => None,
    };
    statuses().into_iter().filter_map(revoked).collect()
}

/// Who signs answers at which path.
fn desks(authority: Party, central: Party, (seed, now): (&[u8], i64)) -> Vec<Desk> {
    let desk = |path, signer, sends_certificate| Desk { path, signer, under_name: None, sends_certificate };
    let delegate = authority.delegate("Demo OCSP Delegate", now);
    let impostor = Party::authority("Impostor", seed, now);
    let foreign = Party::authority("Another CA", seed, now).delegate("Another OCSP Delegate", now);
    let under_name = Some(authority.party.name.clone());
    vec![
        Desk { under_name, ..desk("/impostor", impostor, false) },
        desk("/authority", authority, false),
        desk("/delegate", delegate, true),
        desk("/central", central, true),
        desk("/foreign", foreign, true),
    ]
}

/// The decision in one mode, and what refused or is to be looked at.
fn verdict_line(page: &mut Page, mode: &str, verdict: &Verdict) {
    let word = match verdict.decision {
        Decision::Allow => Ink::Good.span("ALLOW"),
        Decision::Deny => Ink::Bad.span("DENY "),
    };
    let first = [Severity::Deny, Severity::Warn]
        .into_iter()
        .find_map(|severity| verdict.findings.iter().find(|finding| finding.severity == severity));
    let why = first.map_or_else(
        || "Every check passed".to_owned(),
        |finding| format!("{} ({})", engine_wording::title(&finding.code), finding.code),
    );
    page.entry((3, 21), &[Ink::Bold.span(mode)], &[word, Ink::Plain.span(format!("  {why}"))]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Looks;
    use crate::cli::console::clock;

    fn demonstrate(arguments: &Arguments) -> (Result<Exit, Failure>, String) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut io::empty(),
            output: &mut output,
            errors: &mut errors,
            looks: Looks::PLAIN,
            now: clock(),
        };
        let exit = run(arguments, &mut console);
        (exit, String::from_utf8(output).unwrap())
    }

    #[test]
    fn every_step_comes_out_as_announced_and_nothing_is_left() {
        let directory = std::env::temp_dir().join(format!("assayer-demo-{}", std::process::id()));
        let keep = Some(directory.to_str().unwrap().to_owned());
        let (exit, page) = demonstrate(&Arguments { step: true, keep });
        assert_eq!(exit, Ok(Exit::Allow), "{page}");
        assert!(page.ends_with("\nAll 12 steps came out as announced.\n"), "{page}");
        assert_eq!(page.matches("\n   Common Criteria  ").count(), STEPS.len(), "{page}");
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for told in [
            "the server got: OCSP request about serial 0a, nonce of 32 octets; answered good",
            "the server got: GET of the CRL; sent the CRL",
            "signed by CN=Demo OCSP Delegate, a delegate of the authority",
            "designated as a trusted responder; it is no delegate: the authority that issued",
            "the signature of the answer is not genuine",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert_eq!(fs::read_dir(&directory).unwrap().count(), STEPS.len() + 3);
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_verdict_that_was_not_announced_is_noticed() {
        let world = World::make(clock()).unwrap();
        let engine = Engine::load(Allocation::OnDemand).unwrap();
        let step = STEPS.iter().position(|step| step.status == "revoked").unwrap();
        let (verdict, _) = world.judge(&engine, step, &STEPS[step], Mode::AsWritten).unwrap();
        assert!(STEPS[step].is_met(0, &verdict));
        assert!(!STEPS[0].is_met(0, &verdict));
        let otherwise = Step { decisions: [Decision::Allow; 2], ..STEPS[step] };
        assert!(!otherwise.is_met(0, &verdict));
    }
}
