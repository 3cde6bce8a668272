//! The sessions of README.md that need a server, as a reader would type them beside one.

use std::process::Command;

use crate::contract::project;
use crate::process::{Place, Server, assayer, run};
use crate::transcript;

/// A section of README.md: from its title to the next of that level or above.
fn section(title: &str) -> String {
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    let (_, after) = readme.split_once(&format!("\n{title}\n")).unwrap();
    let level = title.split(' ').next().unwrap();
    let ends = (2..=level.len()).filter_map(|level| after.find(&format!("\n{} ", "#".repeat(level))));
    after[..ends.min().unwrap_or(after.len())].to_owned()
}

/// Types what a section shows into a shell, and compares.
fn replay(title: &str, least: usize) {
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--node", "node-1.example.org"]);
    let place = Place::new();
    command.args(["--data", &place.data()]).env("ASSAYER_PASSPHRASE", "correct horse battery");
    let server = Server::spawn(&mut command, place);
    let exchanges = transcript::exchanges(&section(title).replace("```sh-session", "```console"));
    assert!(exchanges.len() >= least, "{exchanges:?}");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_assayer-under-test"), server.place.path().join("assayer"))
        .unwrap();
    let mut status = 0;
    let mut wrong = String::new();
    for exchange in exchanges {
        let script = format!("exec 2>&1; PATH=.:$PATH; (exit {status}); {}", exchange.command);
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(server.place.path()).env("LC_ALL", "C.UTF-8");
        shell.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", server.token.as_ref().unwrap());
        let (ended, found, _) = run(&mut shell);
        status = ended.unwrap();
        if !transcript::matches(&exchange.expected, &found.lines().collect::<Vec<_>>()) {
            wrong += &format!(
                "$ {}\n{found}--- README.md says:\n{}\n\n",
                exchange.command,
                exchange.expected.join("\n")
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_terminal_shows_what_the_readme_shows() {
    replay("## Manage from a terminal", 10);
}

#[test]
fn a_policy_changes_as_the_readme_shows() {
    replay("## A change of policy, from the first line to promotion", 10);
}
