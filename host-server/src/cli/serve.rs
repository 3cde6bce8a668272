//! `assayer serve`: reads the configuration, puts the server together, serves, and stops when it is told to. Whatever
//! is wrong at start is one line and exit status 2.

use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch as channel;
use tokio::task::JoinSet;

use super::{Console, Exit, Failure, said};
use crate::api;
use crate::app::{App, AppFault};
use crate::config::{Configuration, DATABASE_VARIABLE, DatabaseUrl, KeyMode, LISTEN, Tls};
use crate::keys::passphrase::{self, Passphrase};
use crate::listen::Listener;
use crate::storage::Location;
use crate::trusted::follow;
use crate::{log, news, signature, watch};

/// The directory of the embedded database where none is named.
const DATA: &str = "assayer-data";

/// The options of `serve`. They override the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// The configuration (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", help = format!("Address and port, by default {LISTEN}; port 0 takes a free one"))]
    pub listen: Option<SocketAddr>,
    /// Directory of the embedded database.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub data: Option<PathBuf>,
    /// URL of a PostgreSQL database; better in ASSAYER_DATABASE_URL, which other users cannot see.
    #[arg(long, value_name = "URL")]
    pub database: Option<DatabaseUrl>,
    /// The server's own certificate and the chain behind it (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The identity purpose whose certificate is served, such as tomcat; a self-signed one is made where there is none.
    #[arg(long, value_name = "PURPOSE", conflicts_with = "tls_certificate")]
    pub tls_identity: Option<String>,
    /// Serve plain HTTP on an address that others can reach.
    #[arg(long)]
    pub insecure_http: bool,
    /// File with the passphrase for private keys, readable by its owner alone; else ASSAYER_PASSPHRASE.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// This node's name.
    #[arg(long, value_name = "NAME")]
    pub node: Option<String>,
}

/// Runs `serve` until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let configuration = configuration(arguments, variable(DATABASE_VARIABLE).map(DatabaseUrl))?;
    let passphrase = passphrase(&configuration, variable(passphrase::VARIABLE))?;
    log::start(configuration.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(said::fault)?;
    runtime.block_on(serve(&configuration, passphrase, console))?;
    // what still computes is let go; everything that was answered was written before
    runtime.shutdown_background();
    Ok(Exit::Allow)
}

/// The file, and over it the options.
fn configuration(arguments: &Arguments, database: Option<DatabaseUrl>) -> Result<Configuration, Failure> {
    let mut configuration = match &arguments.config {
        Some(file) => {
            let name = file.display();
            let forms = "expected a configuration (TOML)";
            let text =
                std::fs::read_to_string(file).map_err(|error| Failure::of_input(name, error, forms))?;
            let name = file.display();
            Configuration::read(&text).map_err(|fault| Failure::Question(format!("{name}: {fault}")))?
        }
        None => Configuration::default(),
    };
    if let (Some(certificate), Some(key)) = (&arguments.tls_certificate, &arguments.tls_key) {
        let (certificate, key) = (Some(certificate.clone()), Some(key.clone()));
        configuration.tls = Some(Tls { certificate, key, identity: None });
    } else if let Some(identity) = &arguments.tls_identity {
        configuration.tls = Some(Tls { identity: Some(identity.clone()), ..Tls::default() });
    }
    configuration.listen = arguments.listen.unwrap_or(configuration.listen);
    configuration.insecure_http |= arguments.insecure_http;
    if let Some(data) = &arguments.data {
        configuration.data = Some(data.clone());
        configuration.database = None;
    } else if let Some(database) = arguments.database.clone().or(database) {
        configuration.database = Some(database);
        configuration.data = None;
    }
    configuration.keys.passphrase_file =
        arguments.passphrase_file.clone().or(configuration.keys.passphrase_file);
    configuration.node.name = arguments.node.clone().or(configuration.node.name);
    configuration.check().map_err(|fault| Failure::Question(fault.to_string()))?;
    Ok(configuration)
}

/// The passphrase for private keys. In FIPS mode there must be one, and the validated module to use it with.
fn passphrase(
    configuration: &Configuration,
    variable: Option<String>,
) -> Result<Option<Passphrase>, Failure> {
    let keys = &configuration.keys;
    let found = passphrase::find(keys.passphrase_file.as_deref(), variable, keys.mode.approval());
    let found = found.map_err(|fault| Failure::Question(fault.to_string()))?;
    if keys.mode == KeyMode::Fips && !signature::is_validated() {
        return Err(Failure::of_input(
            "keys.mode",
            "this program was built without the validated module",
            "expected `ordinary`, or a program built with the feature `fips`",
        ));
    }
    Ok(found)
}

async fn serve(
    configuration: &Configuration,
    passphrase: Option<Passphrase>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let location = location(configuration)?;
    let mut listener = Listener::bind(configuration).await.map_err(Failure::Question)?;
    let opened = App::open(configuration, &location, passphrase).await;
    let (app, first) = opened.map_err(|fault| match fault {
        AppFault::Engine(fault) => said::fault(fault),
        other => Failure::Question(other.to_string()),
    })?;
    if app.passphrase.is_none() {
        tracing::warn!("there is no passphrase for private keys: none can be made or used");
    }
    let app = Arc::new(app);
    if let Some(shown) = &app.shown {
        app.identity_first().await.map_err(Failure::Question)?;
        listener.show(Arc::clone(shown)).map_err(Failure::Question)?;
    }
    // what cannot be loaded is said in `/readyz`; it can be put right through the server
    // INVARIANT: not borrowed while it is loaded, or whoever tells of a change waits
    let told = *app.storage.watch().borrow();
    follow::load(&app, told).await;
    let stop = stop_on_signals()?;
    let mut lines = String::new();
    if let Some(secret) = first {
        lines.push_str(
            "first start: this token of the account `administrator` is shown once and ends in 7 days:\n",
        );
        lines.push_str(secret.reveal());
        lines.push('\n');
    }
    lines.push_str(&format!("listening on {}\n", listener.uri()));
    // a reader that went away is no reason not to serve
    let _printed = console.page(&lines);
    tracing::info!(
        uri = listener.uri(),
        node = app.node,
        engine = app.pool.engine().info().sha256,
        "started"
    );
    let mut beside = beside(&app, &stop);
    listener.serve(api::router(Arc::clone(&app)), stop).await;
    // whatever they are at becomes real whole or not at all, and is taken up again by whoever comes next
    beside.shutdown().await;
    if let Some(recorder) = &app.recorder {
        watch::capsules::write(&app, recorder).await;
    }
    watch::candidate::end(&app).await;
    app.storage.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// What runs beside the listener, until it is shut down.
fn beside(app: &Arc<App>, stop: &channel::Receiver<bool>) -> JoinSet<()> {
    let mut beside = JoinSet::new();
    beside.spawn(follow::follow(Arc::clone(app)));
    beside.spawn(follow::follow_identity(Arc::clone(app)));
    beside.spawn(watch::recheck(Arc::clone(app)));
    beside.spawn(news::follow::follow(Arc::clone(app)));
    let (listened, mut stopping) = (Arc::clone(app), stop.clone());
    beside.spawn(async move {
        // told or gone, it stops
        let _stops = stopping.wait_for(|stop| *stop).await;
        listened.news.end();
    });
    let (watching, delivering, forgetting) = (Arc::clone(app), Arc::clone(app), Arc::clone(app));
    let (downloading, recording, keeping) = (Arc::clone(app), Arc::clone(app), Arc::clone(app));
    beside.spawn(async move { watch::download(&downloading).await });
    beside.spawn(async move { watch::record(&recording).await });
    beside.spawn(async move { watch::keep_evidence(&keeping).await });
    let (writing, letting_go) = (Arc::clone(app), Arc::clone(app));
    beside.spawn(async move { watch::capsules::keep(&writing).await });
    beside.spawn(async move { watch::forget_capsules(&letting_go).await });
    let comparing = Arc::clone(app);
    beside.spawn(async move { watch::candidate::compare(&comparing).await });
    beside.spawn(async move { watch::look(&watching).await });
    beside.spawn(async move { watch::deliver(&delivering).await });
    beside.spawn(async move { watch::forget(&forgetting).await });
    beside
}

/// Where things are kept. The directory that nobody named is made; one that was named must be there.
fn location(configuration: &Configuration) -> Result<Location, Failure> {
    if let Some(url) = &configuration.database {
        return Ok(Location::Postgres(url.0.clone()));
    }
    if let Some(directory) = &configuration.data {
        return Ok(Location::Directory(directory.clone()));
    }
    let directory = PathBuf::from(DATA);
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&directory);
    made.map_err(|error| Failure::of_input(DATA, error, "name a directory with --data"))?;
    Ok(Location::Directory(directory))
}

/// Turns true at the first SIGTERM or SIGINT.
fn stop_on_signals() -> Result<channel::Receiver<bool>, Failure> {
    let (stop, stopped) = channel::channel(false);
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signal = signal(kind).map_err(said::fault)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            if signal.recv().await.is_some() {
                tracing::info!("stopping");
                let _nobody_left = stop.send(true);
            }
        });
    }
    Ok(stopped)
}
