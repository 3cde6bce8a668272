//! `assayer trust bulk`: the certificates that phones need when they move between clusters, by way of a directory that the
//! clusters share (R-BULK-6 to R-BULK-8). Which certificates, where they go and in which order is the engine's to say;
//! here files are written, put together and uploaded.
//!
//! ```text
//! DIR/exported/CLUSTER/PURPOSE.FINGERPRINT.pem     what a cluster exported
//! DIR/consolidated/CLUSTER.pem                     the same in one file, once it was consolidated
//! DIR/imported/CLUSTER                             it imported what was consolidated last
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use data_encoding::BASE64;
use hyper::Method;
use serde_json::json;

use super::listing::{self, Within};
use super::remote::{self, DryRun, Remote, ServerArguments, Stop, fingerprint};
use super::{Console, Exit, Failure, said, written};
use crate::client::{Ask, encoded};
use crate::component::contract::management::{BulkDirectory, BulkStep, BulkWork};
use crate::component::{Allocation, Engine};

/// The steps.
#[derive(Clone, Debug, Subcommand)]
pub enum BulkCommand {
    /// Write the certificates of this cluster's phone services to the directory.
    Export(ClusterArguments),
    /// Put together what clusters have exported; asks no server.
    Consolidate(DirectoryArguments),
    /// Put what was consolidated into the trust store of this cluster.
    Import(ImportArguments),
}

/// The directory.
#[derive(Args, Clone, Debug)]
pub struct DirectoryArguments {
    /// The directory that the clusters share.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Extension mobility across clusters (EMCC) is in use.
    #[arg(long)]
    pub emcc: bool,
}

/// The directory, and who comes to it.
#[derive(Args, Clone, Debug)]
pub struct ClusterArguments {
    /// The directory.
    #[command(flatten)]
    pub directory: DirectoryArguments,
    /// The name of this cluster in the directory: letters, digits, hyphens and underscores.
    #[arg(long, value_name = "NAME")]
    pub cluster: String,
}

/// The options of `trust bulk import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArguments {
    /// The directory and the cluster.
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// Certificates that were deleted or replaced before are wanted back.
    #[arg(long)]
    pub revive: bool,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// Runs a step.
///
/// # Errors
/// When another step comes first, the directory cannot be used, or the server refuses.
pub fn run(
    server: &ServerArguments,
    command: &BulkCommand,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        BulkCommand::Consolidate(arguments) => consolidate(arguments, console),
        BulkCommand::Export(arguments) => {
            remote::run(server, console, |remote, console| export(remote, console, arguments))
        }
        BulkCommand::Import(arguments) => {
            remote::run(server, console, |remote, console| import(remote, console, arguments))
        }
    }
}

/// R-BULK-6: what this cluster has of each purpose, as PEM. What it exported before is replaced, and is to be consolidated
/// anew.
fn export(remote: &Remote, console: &mut Console<'_>, arguments: &ClusterArguments) -> Result<Exit, Stop> {
    let (directory, cluster) = (&arguments.directory.directory, named(&arguments.cluster)?);
    let work = planned(BulkStep::Export, cluster, &arguments.directory)?;
    let mut files = Vec::new();
    for purpose in &work.purposes {
        let within = Within { kind: Some("identity"), room: Some(purpose) };
        for entry in listing::matching(remote, console, None, within)? {
            let path = format!("/api/v1/certificates/{}", encoded(&fingerprint(&entry.fingerprint)));
            let answer = remote.ask(console, &Ask::get(path).accepting("application/x-pem-file"))?;
            files.push((format!("{purpose}.{}.pem", fingerprint(&entry.fingerprint)), answer.body.clone()));
        }
    }
    if files.is_empty() {
        let what = format!("has no certificate for {}", work.purposes.join(" or "));
        return Err(Failure::of_input("the cluster", what, "make or upload one first").into());
    }
    files.sort_by(|one, other| one.0.cmp(&other.0));
    // the same certificate lies on several nodes
    files.dedup_by(|one, other| one.0 == other.0);
    let exported = directory.join("exported").join(cluster);
    cleared(&exported)?;
    removed(&directory.join("consolidated").join(format!("{cluster}.pem")))?;
    for (name, octets) in &files {
        let path = exported.join(name);
        fs::write(&path, octets).map_err(|error| unusable(&path, &error))?;
    }
    let text = format!("{} of {cluster} exported to {}\n", counted(files.len()), exported.display());
    Ok(written(console.page(&text), Exit::Allow)?)
}

/// R-BULK-7: one file for each cluster that has exported; what was imported before is to be imported anew.
fn consolidate(arguments: &DirectoryArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let directory = &arguments.directory;
    let work = planned(BulkStep::Consolidate, "", arguments)?;
    cleared(&directory.join("consolidated"))?;
    cleared(&directory.join("imported"))?;
    let mut text = String::new();
    for cluster in names(&directory.join("exported"), "")? {
        let from = directory.join("exported").join(&cluster);
        let mut together = Vec::new();
        let mut count = 0_usize;
        for name in names(&from, ".pem")? {
            if !work.purposes.iter().any(|purpose| name.starts_with(&format!("{purpose}."))) {
                continue;
            }
            let path = from.join(format!("{name}.pem"));
            together.extend(fs::read(&path).map_err(|error| unusable(&path, &error))?);
            together.push(b'\n');
            count = count.saturating_add(1);
        }
        let path = directory.join("consolidated").join(format!("{cluster}.pem"));
        fs::write(&path, together).map_err(|error| unusable(&path, &error))?;
        text.push_str(&format!("{} of {cluster} consolidated\n", counted(count)));
    }
    written(console.page(&text), Exit::Allow)
}

/// R-BULK-8: what was consolidated, cluster by cluster, into the store that phones' trust rests on. Its own certificates
/// the cluster knows already.
fn import(remote: &Remote, console: &mut Console<'_>, arguments: &ImportArguments) -> Result<Exit, Stop> {
    let ClusterArguments { directory, cluster } = &arguments.cluster;
    let cluster = named(cluster)?;
    let work = planned(BulkStep::Import, cluster, directory)?;
    for other in held(&directory.directory)?.consolidated.iter().filter(|other| *other != cluster) {
        let path = directory.directory.join("consolidated").join(format!("{other}.pem"));
        let octets = fs::read(&path).map_err(|error| unusable(&path, &error))?;
        let body = json!({
            "file": BASE64.encode(&octets),
            "kind": "trust",
            "room": work.store,
            "node": None::<String>,
            "description": format!("imported from {other}"),
            "revive": arguments.revive,
        });
        let ask = Ask::write(Method::POST, "/api/v1/certificates", Some(&body));
        remote.write_file(console, ask, (arguments.dry_run, &path.display().to_string()))?;
    }
    if arguments.dry_run.dry_run {
        return Ok(Exit::Allow);
    }
    let imported = directory.directory.join("imported");
    fs::create_dir_all(&imported).map_err(|error| unusable(&imported, &error))?;
    let path = imported.join(cluster);
    fs::write(&path, "").map_err(|error| unusable(&path, &error))?;
    if remote.is_json() {
        return Ok(Exit::Allow);
    }
    Ok(written(console.page(&afterwards(&work)), Exit::Allow)?)
}

/// What is to be done after an import.
fn afterwards(work: &BulkWork) -> String {
    let mut text = String::new();
    for advice in &work.advice {
        let values: Vec<(&str, String)> =
            advice.concerning.iter().map(|name| ("concerning", name.clone())).collect();
        text.push_str(&format!("{}\n", engine_wording::advice(&advice.action, &values)));
    }
    for other in &work.others {
        text.push_str(&format!("import on {other} too\n"));
    }
    text
}

/// What the engine says of a step, in the directory as it is.
fn planned(step: BulkStep, cluster: &str, arguments: &DirectoryArguments) -> Result<BulkWork, Failure> {
    let held = held(&arguments.directory)?;
    let mut session =
        Engine::load(Allocation::OnDemand).and_then(|engine| engine.session()).map_err(said::fault)?;
    let work = session.bulk(step, cluster, &held, arguments.emcc).map_err(said::fault)?;
    work.map_err(|refusal| said::refusal(&arguments.directory.display().to_string(), &refusal))
}

fn held(directory: &Path) -> Result<BulkDirectory, Failure> {
    Ok(BulkDirectory {
        exported: names(&directory.join("exported"), "")?,
        consolidated: names(&directory.join("consolidated"), ".pem")?,
        imported: names(&directory.join("imported"), "")?,
    })
}

/// The names of what lies in a directory, without an ending, sorted; of one that is not there, none.
fn names(directory: &Path, ending: &str) -> Result<Vec<String>, Failure> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| unusable(directory, &error))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unusable(directory, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(ending).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// An empty directory.
fn cleared(directory: &Path) -> Result<(), Failure> {
    for name in names(directory, "")? {
        removed(&directory.join(name))?;
    }
    fs::create_dir_all(directory).map_err(|error| unusable(directory, &error))
}

fn removed(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(path, &error)),
        _ => Ok(()),
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::of_input(
        path.display(),
        format!("cannot be used ({error})"),
        "expected a directory that clusters share",
    )
}

/// A name that is one of a file and leads nowhere else.
fn named(name: &str) -> Result<&str, Failure> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(is_plain) {
        return Ok(name);
    }
    let remedy = "expected letters, digits, hyphens and underscores";
    Err(Failure::of_input("--cluster", format!("\"{}\" is no name", engine_wording::escape(name)), remedy))
}

fn counted(number: usize) -> String {
    if number == 1 { "1 certificate".to_owned() } else { format!("{number} certificates") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_cluster_leads_nowhere_else() {
        for name in ["new", "Old_2", "a-b"] {
            assert!(named(name).is_ok(), "{name}");
        }
        for name in ["", ".", "..", "a/b", "a.pem", "ä", "a\0", &"x".repeat(65)] {
            assert!(named(name).is_err(), "{name}");
        }
    }
}
