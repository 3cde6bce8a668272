//! `assayer engine`: what the engine inside this program is, and a copy of it for embedding elsewhere.

use std::fs::OpenOptions;
use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Console, Exit, Failure, Format, said, written};
use crate::component::{Allocation, Engine, Info};

/// The commands of `engine`.
#[derive(Clone, Debug, Subcommand)]
pub enum EngineCommand {
    /// Show hash, size, imports and exports of the component.
    Info(InfoArguments),
    /// Write the component to a file, for embedding elsewhere.
    Export(ExportArguments),
}

/// The options of `engine info`.
#[derive(Args, Clone, Debug)]
pub struct InfoArguments {
    /// How it is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// The options of `engine export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArguments {
    /// Where to write the component; `-` writes standard output.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Replace a file that is there.
    #[arg(long)]
    pub force: bool,
}

/// Runs a command of `engine`.
///
/// # Errors
/// When the file cannot be written, or the engine fails.
pub fn run(command: &EngineCommand, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let engine = Engine::load(Allocation::OnDemand).map_err(said::fault)?;
    match command {
        EngineCommand::Info(arguments) => show(&engine.info(), arguments.format, console),
        EngineCommand::Export(arguments) => export(engine.bytes(), arguments, console),
    }
}

/// `engine info --format json`.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    version: &'a str,
    sha256: &'a str,
    core_module_sha256: &'a str,
    size: usize,
    imports: &'a [String],
    exports: &'a [String],
}

fn show(info: &Info, format: Format, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Info { sha256, core_module_sha256, size, imports, exports, version } = info;
    let output = match format {
        Format::Json => {
            let document = Document { version, sha256, core_module_sha256, size: *size, imports, exports };
            console.document(&serde_json::to_string(&document).map_err(said::fault)?)
        }
        Format::Text => {
            let (imports, exports) = (names(imports), names(exports));
            console.page(&format!(
                "version  {version}\nsha-256  {sha256}\nmodule   {core_module_sha256}\nsize     {size} octets\nimports  {imports}\nexports  {exports}\n"
            ))
        }
    };
    written(output, Exit::Allow)
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join("\n         ") }
}

fn export(component: &[u8], arguments: &ExportArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if arguments.file == "-" {
        let output = console.output.write_all(component).and_then(|()| console.output.flush());
        return written(output, Exit::Allow);
    }
    let mut options = OpenOptions::new();
    options.write(true);
    if arguments.force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let output = options.open(&arguments.file).and_then(|mut file| file.write_all(component));
    match output {
        Ok(()) => Ok(Exit::Allow),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::of_input(&arguments.file, "is there already", "--force replaces it"))
        }
        Err(error) => Err(Failure::of_input(&arguments.file, error, "name a file that can be written")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::cli::Looks;

    fn answer(command: &EngineCommand) -> (Result<Exit, Failure>, Vec<u8>) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut io::empty(),
            output: &mut output,
            errors: &mut errors,
            looks: Looks::PLAIN,
            now: 0,
        };
        (run(command, &mut console), output)
    }

    fn export_to(file: &str, force: bool) -> (Result<Exit, Failure>, Vec<u8>) {
        answer(&EngineCommand::Export(ExportArguments { file: file.to_owned(), force }))
    }

    #[test]
    fn the_component_imports_nothing_and_says_so() {
        let (exit, output) = answer(&EngineCommand::Info(InfoArguments { format: Format::Text }));
        let output = String::from_utf8(output).unwrap();
        assert_eq!(exit, Ok(Exit::Allow));
        assert!(output.contains("\nimports  none\nexports  assayer:engine/"), "{output}");

        let (_, output) = answer(&EngineCommand::Info(InfoArguments { format: Format::Json }));
        let document: serde_json::Value = serde_json::from_slice(&output).unwrap();
        assert_eq!(document["imports"], serde_json::json!([]));
        assert_eq!(document["exports"].as_array().unwrap().len(), 9);
        assert_eq!(document["sha256"].as_str().unwrap().len(), 64);
    }

    #[test]
    fn standard_output_gets_the_component_and_nothing_else() {
        let (exit, output) = export_to("-", false);
        assert_eq!(exit, Ok(Exit::Allow));
        assert_eq!(output, Engine::load(Allocation::OnDemand).unwrap().bytes());
    }

    #[test]
    fn a_file_is_replaced_only_when_asked() {
        let path = std::env::temp_dir().join(format!("assayer-export-{}.wasm", std::process::id()));
        let name = path.to_str().unwrap();
        fs::write(&path, b"mine").unwrap();
        let refused = format!("{name}: is there already; --force replaces it");
        assert_eq!(export_to(name, false).0, Err(Failure::Question(refused)));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        assert_eq!(export_to(name, true).0, Ok(Exit::Allow));
        assert_eq!(fs::read(&path).unwrap(), Engine::load(Allocation::OnDemand).unwrap().bytes());
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_place_that_cannot_be_written_is_a_wrong_question() {
        let (exit, _) = export_to("/no/such/directory/a.wasm", false);
        assert_eq!(exit.unwrap_err().exit(), Exit::Question);
    }
}
