//! What `verify` is given about revocation: lists and responses from files, designated responders, and whether and
//! from where the rest may be fetched. Nothing is decoded or judged here.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Args;
use engine_capsule::{Octets, Trusted};

use super::file::{self, Source};
use super::{Console, Failure, said, verify};
use crate::component::contract::evidence::{Answered, Item};
use crate::component::limits::Ceilings;
use crate::component::{Session, Validator};
use crate::fetch::guard::{Guard, Ports, Prefix};
use crate::fetch::{Fetcher, Settings};
use crate::resolve::Means;

/// The options about revocation.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Certificate revocation lists (CRLs), PEM or DER: a file or a directory.
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<String>,
    /// An OCSP response (DER), such as a server sends along.
    #[arg(long, value_name = "FILE")]
    pub ocsp: Vec<String>,
    /// A certificate that is trusted to sign OCSP responses about certificates of any issuer.
    #[arg(long, value_name = "FILE")]
    pub responder: Vec<String>,
    /// Fetch what is missing: OCSP responses, CRLs and certificates of issuers. Without it nothing is fetched.
    #[arg(long)]
    pub online: bool,
    /// A range of addresses of one's own that may be fetched from, such as 10.0.0.0/8. Default: none but public ones.
    #[arg(long, value_name = "CIDR", requires = "online")]
    pub allow: Vec<Prefix>,
    /// A port that may be fetched from beside 80 and 443, or `any`.
    #[arg(long, value_name = "PORT", requires = "online", value_parser = port)]
    pub allow_port: Vec<Port>,
}

/// A port given to `--allow-port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// Any port.
    Any,
    /// This one.
    This(u16),
}

/// A port, or `any`.
fn port(text: &str) -> Result<Port, String> {
    match text.parse() {
        _ if text == "any" => Ok(Port::Any),
        Ok(number) if number != 0 => Ok(Port::This(number)),
        _ => Err("expected a port from 1 to 65535, or `any`".to_owned()),
    }
}

/// The files, read but not looked into.
#[derive(Debug)]
pub struct Files {
    crls: Vec<(String, Source)>,
    responses: Vec<file::File>,
}

impl Files {
    /// Reads the files that the options name.
    ///
    /// # Errors
    /// For the first one that cannot be read.
    pub fn read(arguments: &Arguments, console: &mut Console<'_>) -> Result<Self, Failure> {
        let crl = |name: &String| Ok((name.clone(), file::read_source(name, &file::CRLS)?));
        let crls = arguments.crl.iter().map(crl).collect::<Result<_, Failure>>()?;
        let response = |name: &String| file::read(console, name, &file::OCSP_RESPONSE);
        Ok(Self { crls, responses: arguments.ocsp.iter().map(response).collect::<Result<_, _>>()? })
    }

    /// Memory and time for a session that gets these files, and with `means` whatever is fetched.
    ///
    /// A list is held as a file, as evidence of the call, decoded and indexed; a list in PEM is held twice more. The
    /// ceilings are a backstop: real lists stay far below them.
    #[must_use]
    pub fn ceilings(&self, means: &Means) -> Ceilings {
        let octets = |source: &Source| match source {
            Source::File(file) => file.octets.len(),
            Source::Directory(files) => files.iter().flatten().map(|file| file.octets.len()).sum(),
        };
        let given: usize = self.crls.iter().map(|(_, source)| octets(source)).sum();
        let fetched = if means.fetcher.is_some() { MOST_FETCHED } else { 0 };
        let extra = given.saturating_add(fetched).saturating_mul(COPIES);
        if extra <= SMALL {
            return Ceilings::DEFAULT;
        }
        let memory = Ceilings::DEFAULT.memory.saturating_add(extra).min(MOST_MEMORY);
        Ceilings { memory, time: Duration::from_secs(120) }
    }

    /// Lists and responses as evidence, each list once.
    ///
    /// # Errors
    /// When a named file holds no revocation list.
    pub fn evidence(self, console: &mut Console<'_>, session: &mut Session) -> Result<Vec<Item>, Failure> {
        let mut known = BTreeSet::new();
        let mut items = Vec::new();
        for (name, source) in self.crls {
            let mut usable = 0_usize;
            verify::each_file(console, source, |file| {
                let lists = session.read_crls(&file.octets).map_err(said::fault)?;
                let lists = lists.map_err(|refusal| said::refusal(&file.name, &refusal))?;
                usable = usable.saturating_add(lists.len());
                let new = lists.into_iter().filter(|list| known.insert(list.clone()));
                items.extend(new.map(|body| Item::Crl(Answered { request_id: None, body })));
                Ok(())
            })?;
            if usable == 0 {
                return Err(Failure::of_input(name, "holds no usable CRL", "nothing was decided"));
            }
        }
        let supplied = |file: file::File| Answered { request_id: None, body: file.octets };
        items.extend(self.responses.into_iter().map(supplied).map(Item::OcspResponse));
        Ok(items)
    }
}

/// How often the octets of a list are in memory at once, at most.
const COPIES: usize = 8;
/// What the usual ceiling has room for.
const SMALL: usize = 16 * 1024 * 1024;
/// Four of the largest lists that are fetched under default settings.
const MOST_FETCHED: usize = 4 * 32 * 1024 * 1024;
/// A component has 4 GiB at the very most; a little less leaves room for what is not memory of a list.
const MOST_MEMORY: usize = 3 * 1024 * 1024 * 1024;

/// Designates the certificates of `--responder`.
///
/// # Errors
/// When a file cannot be read, or holds no certificate.
pub fn designate(
    arguments: &Arguments,
    console: &mut Console<'_>,
    session: &mut Session,
    validator: &Validator,
) -> Result<Vec<Trusted>, Failure> {
    let mut told = Vec::new();
    for name in &arguments.responder {
        let file = file::read(console, name, &file::CERTIFICATES)?;
        for certificate in verify::bundle(session, &file)? {
            session
                .designate_responder(validator, &certificate, None)
                .map_err(said::fault)?
                .map_err(|refusal| said::refusal(name, &refusal))?;
            told.push(Trusted::Responder { issuer: None, certificate: Octets(certificate) });
        }
    }
    Ok(told)
}

/// What a question may be answered with.
#[must_use]
pub fn means(arguments: &Arguments, now: i64) -> Means {
    if !arguments.online {
        return Means::offline(now);
    }
    let mut guard = Guard { allowed: arguments.allow.clone(), ..Guard::default() };
    for port in &arguments.allow_port {
        match (port, &mut guard.ports) {
            (Port::Any, ports) => *ports = Ports::Any,
            (Port::This(number), Ports::These(ports)) => drop(ports.insert(*number)),
            (Port::This(_), Ports::Any) => {}
        }
    }
    Means { fetcher: Some(Fetcher::new(Settings { guard, ..Settings::default() })), ..Means::offline(now) }
}

/// What nobody can guess, from the operating system; nothing where nothing is fetched.
///
/// # Errors
/// When the system has none to give.
pub fn nonce_seed(arguments: &Arguments) -> Result<Option<Vec<u8>>, Failure> {
    if !arguments.online {
        return Ok(None);
    }
    nonce_seed_of_system().map(Some)
}

/// 32 octets that nobody can guess, from the operating system.
///
/// # Errors
/// When the system has none to give.
pub fn nonce_seed_of_system() -> Result<Vec<u8>, Failure> {
    let mut seed = vec![0; 32];
    aws_lc_rs::rand::fill(&mut seed).map_err(|_| Failure::Fault("no random octets can be had".to_owned()))?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_numbers_or_any() {
        assert_eq!(port("any"), Ok(Port::Any));
        assert_eq!(port("1"), Ok(Port::This(1)));
        assert_eq!(port("65535"), Ok(Port::This(65535)));
        assert!(["0", "65536", "-1", "http", ""].iter().all(|text| port(text).is_err()));
    }

    #[test]
    fn nothing_is_fetched_and_no_nonce_is_made_unless_asked_for() {
        let offline = Arguments::default();
        assert!(means(&offline, 0).fetcher.is_none());
        assert_eq!(nonce_seed(&offline), Ok(None));
        let online = Arguments { online: true, ..offline };
        assert!(means(&online, 0).fetcher.is_some());
        let seeds = [nonce_seed(&online).unwrap().unwrap(), nonce_seed(&online).unwrap().unwrap()];
        assert!(seeds.iter().all(|seed| seed.len() == 32) && seeds[0] != seeds[1]);
    }

    #[test]
    fn a_large_list_raises_the_ceiling_and_a_small_one_does_not() {
        let ceilings = |octets| {
            let file = file::File { name: String::new(), octets: vec![0; octets] };
            let files = Files { crls: vec![(String::new(), Source::File(file))], responses: Vec::new() };
            files.ceilings(&Means::offline(0))
        };
        assert_eq!(ceilings(SMALL / COPIES), Ceilings::DEFAULT);
        assert!(ceilings(SMALL / COPIES + 1).memory > Ceilings::DEFAULT.memory);
        assert!(ceilings(32 * 1024 * 1024).memory >= 256 * 1024 * 1024);
    }
}
