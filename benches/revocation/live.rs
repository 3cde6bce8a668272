//! Whole verdicts against a live `openssl ocsp` on the loopback interface: asked every time, and from the cache of
//! accepted answers; and where the time goes.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use host_server::component::contract::request::{Mode, TrustRole, Validation};
use host_server::component::contract::verdict::RevocationStatus;
use host_server::component::{Allocation, Engine, Session, Validator};
use host_server::fetch::guard::{Guard, Ports};
use host_server::fetch::{Fetcher, Settings};
use host_server::resolve::{Means, Question, resolve};
use host_server::signature;
use serde::Serialize;

use crate::authority::{Authority, Entry};
use crate::responder::Responder;

/// Verdicts that are timed each way.
const VERDICTS: u32 = 200;

/// The figures.
#[derive(Serialize)]
pub(crate) struct Live {
    cold: Pace,
    warm: Pace,
}

/// One way of asking.
#[derive(Serialize)]
struct Pace {
    verdicts_per_second: f64,
    microseconds: f64,
    fetching_microseconds: f64,
    deciding_microseconds: f64,
}

impl Live {
    pub(crate) fn print(&self) {
        println!(
            "whole verdicts about one leaf against a live openssl ocsp, one after the other, {VERDICTS} each way\n"
        );
        println!("{:<28} {:>10} {:>10} {:>10} {:>10}", "", "a second", "µs each", "fetching", "deciding");
        for (label, pace) in [("asked every time", &self.cold), ("from the cache", &self.warm)] {
            println!(
                "{label:<28} {:>10.0} {:>10.0} {:>10.0} {:>10.0}",
                pace.verdicts_per_second,
                pace.microseconds,
                pace.fetching_microseconds,
                pace.deciding_microseconds
            );
        }
    }
}

/// Starts the responder and measures.
pub(crate) fn measure() -> Result<Live, String> {
    let authority = Authority::new();
    authority.issue("leaf", "ca", "1001", LEAF);
    authority.index(&[("1001", Entry::Valid)]);
    let responder = Responder::start(&authority, "ca", &[]);
    // The responder is configured, as its port is not known when the certificate is made.
    let policy =
        format!("[ocsp]\nuri = \"configured\"\nconfigured = [\"http://{}/\"]\n", responder.address());
    let mut asker = Asker::new(&authority, &policy)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let cold = runtime.block_on(asker.pace(fetcher))?;
    let kept = fetcher();
    runtime.block_on(asker.ask(&kept)).map(drop)?;
    let warm = runtime.block_on(asker.pace(|| kept.clone()))?;
    Ok(Live { cold, warm })
}

/// A certificate that names no source of its own.
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
    subjectAltName=DNS:www.example.org\n";

struct Asker {
    session: Session,
    validator: Validator,
    validation: Validation,
}

impl Asker {
    fn new(authority: &Authority, policy: &str) -> Result<Self, String> {
        let engine = Engine::load(Allocation::OnDemand).map_err(|fault| fault.to_string())?;
        let mut session = engine.session().map_err(|fault| fault.to_string())?;
        let validator = session
            .validator(policy, Mode::AsWritten)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        session
            .add_anchor(&validator, &authority.der("root"), TrustRole::Issuer)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        let validation = Validation {
            target: authority.der("leaf"),
            untrusted: vec![authority.der("ca")],
            at: i64::try_from(now.as_secs()).map_err(|error| error.to_string())?,
            purpose: None,
            names: Vec::new(),
            nonce_seed: None,
            answers_signature_checks: true,
        };
        Ok(Self { session, validator, validation })
    }

    /// One verdict; how long fetching took.
    async fn ask(&mut self, fetcher: &Fetcher) -> Result<Duration, String> {
        let means = Means {
            fetcher: Some(fetcher.clone()),
            signatures: Some(signature::answer),
            ..Means::offline(self.validation.at)
        };
        let mut question =
            Question { session: &mut self.session, validator: &self.validator, validation: &self.validation };
        let resolved = resolve(&mut question, Vec::new(), &means).await.map_err(|error| error.to_string())?;
        match resolved.verdict.path.first().map(|leaf| &leaf.status) {
            Some(RevocationStatus::Good) => {}
            other => return Err(format!("not good: {other:?}")),
        }
        let fetched = resolved.asked.iter().filter(|asked| !asked.uri.is_empty());
        Ok(fetched.map(|asked| asked.duration).sum())
    }

    async fn pace(&mut self, fetcher: impl Fn() -> Fetcher) -> Result<Pace, String> {
        let mut fetching = Duration::ZERO;
        let start = Instant::now();
        for _ in 0..VERDICTS {
            fetching += self.ask(&fetcher()).await?;
        }
        let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(VERDICTS);
        let (microseconds, fetching_microseconds) = (each(start.elapsed()), each(fetching));
        Ok(Pace {
            verdicts_per_second: 1e6 / microseconds,
            microseconds,
            fetching_microseconds,
            deciding_microseconds: microseconds - fetching_microseconds,
        })
    }
}

/// One that has kept nothing, and may reach the loopback interface.
fn fetcher() -> Fetcher {
    let allowed = "127.0.0.0/8".parse().into_iter().collect();
    Fetcher::new(Settings { guard: Guard { allowed, ports: Ports::Any }, ..Settings::default() })
}
