//! Every transcript of README.md, from its first line to its last, in one place, as a reader would type it.

use std::fs;

use crate::command::{Place, project};
use crate::transcript;

#[test]
fn the_readme_shows_what_happens() {
    let readme = fs::read_to_string(project().join("README.md")).unwrap();
    let exchanges = transcript::exchanges(&readme);
    assert!(exchanges.len() > 10, "README.md shows {} commands only", exchanges.len());
    let mut place = Place::new("readme");
    let mut wrong = String::new();
    for exchange in exchanges {
        let (_, found) = place.run(&exchange.command);
        let lines: Vec<&str> = found.lines().collect();
        if !transcript::matches(&exchange.expected, &lines) {
            wrong += &format!(
                "$ {}\n{found}\n--- README.md says:\n{}\n\n",
                exchange.command,
                exchange.expected.join("\n")
            );
        }
    }
    assert!(wrong.is_empty(), "these need `openssl` and Debian's `ca-certificates`:\n{wrong}");
}

#[test]
fn the_first_block_is_two_commands_that_exist() {
    let readme = fs::read_to_string(project().join("README.md")).unwrap();
    let block = readme.split("```").nth(1).unwrap();
    let commands: Vec<&str> = block.lines().skip(1).collect();
    let [main_job, tests] = commands[..] else { panic!("{commands:?}") };
    assert!(main_job.starts_with("cargo run --release --bin assayer -- verify "), "{main_job}");
    let options = main_job.split_once(" -- ").unwrap().1;
    let (status, page) = Place::new("first-block").run(&format!("assayer {options}"));
    assert_eq!(status, 0, "{page}");
    assert!(project().join(tests).is_file(), "{tests}");
}
