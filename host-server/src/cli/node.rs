//! `assayer node`: the nodes of a cluster from a terminal.

use clap::{Args, Subcommand, ValueEnum};
use hyper::Method;
use serde_json::json;

use super::page::{Ink, Page};
use super::remote::{self, DryRun, Remote, ServerArguments, Stop};
use super::{Console, Exit, Failure};
use crate::client::document::{Node, Nodes};
use crate::client::{Ask, encoded};

/// What is told before a node leaves.
const CAUTION: &str = "What lies on the node alone goes with it and does not come back by itself. Stop its server \
                       first: one that is started again joins again.";

/// The options of `node`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: NodeCommand,
}

/// The commands of `node`.
#[derive(Clone, Debug, Subcommand)]
pub enum NodeCommand {
    /// List the nodes, and which of them decide with the newest version.
    List,
    /// Take a node in, or back.
    Join(JoinArguments),
    /// Take a node out, after showing what goes with it.
    Leave(LeaveArguments),
    /// Give a node another role.
    Role(RoleArguments),
    /// Go over to another release.
    Upgrade(UpgradeArguments),
}

/// The options of `node join`.
#[derive(Args, Clone, Debug)]
pub struct JoinArguments {
    /// Its name.
    #[arg(value_name = "NODE")]
    pub node: String,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// The options of `node leave`.
#[derive(Args, Clone, Debug)]
pub struct LeaveArguments {
    /// Its name.
    #[arg(value_name = "NODE")]
    pub node: String,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
    /// Ask nobody.
    #[arg(long)]
    pub yes: bool,
}

/// The options of `node role`.
#[derive(Args, Clone, Debug)]
pub struct RoleArguments {
    /// Its name.
    #[arg(value_name = "NODE")]
    pub node: String,
    /// The role.
    #[arg(value_name = "ROLE", value_enum)]
    pub role: Role,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// The node from which everything is managed; the one that was is a subscriber then.
    Publisher,
    /// Any other.
    Subscriber,
}

/// The options of `node upgrade`.
#[derive(Args, Clone, Debug)]
pub struct UpgradeArguments {
    /// The release, such as `12.5(1)SU6`, `14` or `15SU3`.
    #[arg(value_name = "RELEASE")]
    pub release: String,
    /// Whether it is only shown.
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// Runs a command of `node`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        NodeCommand::List => remote.show(console, &Ask::get("/api/v1/nodes"), draw_all),
        NodeCommand::Join(JoinArguments { node, dry_run }) => {
            let ask = Ask::write(Method::POST, "/api/v1/nodes", Some(&json!({ "name": node })));
            remote.write(console, ask, *dry_run)
        }
        NodeCommand::Leave(arguments) => leave(remote, console, arguments),
        NodeCommand::Role(RoleArguments { node, role, dry_run }) => {
            let role = match role {
                Role::Publisher => "publisher",
                Role::Subscriber => "subscriber",
            };
            let ask = Ask::write(Method::PATCH, path(node), Some(&json!({ "role": role })));
            remote.write(console, ask, *dry_run)
        }
        NodeCommand::Upgrade(UpgradeArguments { release, dry_run }) => {
            let ask = Ask::write(Method::POST, "/api/v1/upgrades", Some(&json!({ "release": release })));
            remote.write(console, ask, *dry_run)
        }
    })
}

fn leave(remote: &Remote, console: &mut Console<'_>, arguments: &LeaveArguments) -> Result<Exit, Stop> {
    let ask = Ask::write(Method::DELETE, path(&arguments.node), None);
    if arguments.yes || arguments.dry_run.dry_run {
        return remote.write(console, ask, arguments.dry_run);
    }
    remote.write_confirmed(console, &ask, CAUTION)
}

fn path(node: &str) -> String {
    format!("/api/v1/nodes/{}", encoded(node))
}

fn draw_all(page: &mut Page, nodes: &Nodes) {
    let widest = nodes.items.iter().map(|node| node.name.chars().count()).max().unwrap_or(0);
    for node in &nodes.items {
        let Node { role, is_current, last_seen, is_this, .. } = node;
        let state = match (is_current, last_seen) {
            (true, _) => Ink::Good.span("  up to date"),
            (false, Some(seen)) => Ink::Doubtful.span(format!("  behind, heard of at {seen}")),
            (false, None) => Ink::Doubtful.span("  never heard of"),
        };
        let this = Ink::Dim.span(if *is_this { "  answers here" } else { "" });
        let value = [Ink::Plain.span(format!("{role:<10}")), state, this];
        page.entry((0, widest.saturating_add(2)), &[Ink::Bold.span(node.name.as_str())], &value);
    }
}
