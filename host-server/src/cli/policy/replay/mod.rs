//! `assayer policy replay`: recorded decisions under another policy. Every decision that flips is told with its certificate
//! and the findings that make it. What is decided is the engine's; `source` says where capsules come from, `told` how what
//! becomes of them is written.

mod source;
mod told;

use std::path::PathBuf;

use clap::Args;

use self::source::{Place, Unread};
use self::told::Telling;
use super::{Accepted, session};
use crate::capsule::again::Arithmetic;
use crate::capsule::under::{self, Halt, Judged};
use crate::cli::remote::{self, ServerArguments, Stop};
use crate::cli::{Console, Exit, Failure, Format, question, said};
use crate::component::{Allocation, Engine};

/// The options of `policy replay`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document that decisions are judged under.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Decisions that were saved: files, or directories of them.
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "server")]
    pub capsules: Vec<String>,
    /// Decisions that this server has recorded.
    #[arg(long, value_name = "URL", conflicts_with = "capsules")]
    pub server: Option<String>,
    /// File with the server's token, readable by its owner alone; else ASSAYER_TOKEN.
    #[arg(long, value_name = "FILE", conflicts_with = "capsules")]
    pub token_file: Option<PathBuf>,
    /// Whom the server must be certified by (PEM); else the roots of this machine.
    #[arg(long, value_name = "FILE", conflicts_with = "capsules")]
    pub ca: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine.
    #[arg(long, conflicts_with = "capsules")]
    pub insecure_http: bool,
    /// Only what was recorded at this moment or later.
    #[arg(long, value_name = "RFC3339", value_parser = question::moment, allow_hyphen_values = true)]
    pub since: Option<i64>,
    /// Have the engine verify every signature itself, instead of this host's library, each once: slower, and the same.
    #[arg(long)]
    pub engine_signatures: bool,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Runs `policy replay`.
///
/// # Errors
/// When the policy or no capsule can be used, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // what the engine refuses is told before anything is read or asked for
    let policy = Accepted::read(&mut session()?, &arguments.new)?;
    let Some(server) = &arguments.server else {
        let places = source::files(&arguments.capsules)?;
        let read = |place: &Place| source::of_file(place, arguments.since);
        return replay((arguments, &policy), console, places.into_iter().map(Ok), read);
    };
    let asked = ServerArguments {
        server: Some(server.clone()),
        token_file: arguments.token_file.clone(),
        ca: arguments.ca.clone(),
        insecure_http: arguments.insecure_http,
        json: false,
    };
    remote::run(&asked, console, |remote, console| {
        let places = source::Listed::of(remote, arguments.since);
        let read = |place: &Place| source::of_server(remote, place);
        replay((arguments, &policy), console, places, read).map_err(Stop::Failure)
    })
}

fn replay(
    (arguments, policy): (&Arguments, &Accepted),
    console: &mut Console<'_>,
    places: impl Iterator<Item = Result<Place, Failure>>,
    read: impl Fn(&Place) -> Result<Option<engine_capsule::Record>, Unread> + Sync,
) -> Result<Exit, Failure> {
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    let arithmetic = if arguments.engine_signatures { Arithmetic::Engine } else { Arithmetic::Host };
    let ours = engine.info().sha256;
    let mut telling = Telling::begin((&arguments.new, policy.hash()), ours, arguments.format);
    let told = |place: Place, judged: Result<Option<Judged>, Unread>| match judged {
        Ok(judged) => telling.tell(console, &place, judged),
        Err(Unread::Unusable(why)) => telling.unusable(console, &place, &why),
        Err(Unread::Ends(failure)) => Err(failure),
    };
    let run = under::each((&engine, arithmetic, &policy.text), places, read, told);
    run.map_err(|halt| match halt {
        Halt::Fault(fault) => said::fault(fault),
        Halt::Policy(refusal) => said::refusal(&arguments.new, &refusal),
        Halt::Other(failure) => failure,
    })?;
    telling.end(console)
}
