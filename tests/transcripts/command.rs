//! A place to run commands in: an empty directory beside the sample files, with `assayer` on the path.

use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

/// A directory of its own, removed at the end.
pub(crate) struct Place {
    directory: PathBuf,
    path: OsString,
    status: i32,
}

/// The top of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

impl Place {
    /// A new place; `name` keeps it apart from those of other tests.
    pub(crate) fn new(name: &str) -> Self {
        let directory = env::temp_dir().join(format!("assayer-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_assayer-under-test"), directory.join("bin/assayer")).unwrap();
        fs::create_dir(directory.join("tests")).unwrap();
        symlink(project().join("tests/samples"), directory.join("tests/samples")).unwrap();
        let mut path = directory.join("bin").into_os_string();
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        Self { directory, path, status: 0 }
    }

    /// The path of a file in the place.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// A program to be started in the place.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.directory.join("bin").join(program));
        command.current_dir(&self.directory).env("PATH", &self.path);
        command
    }

    /// Runs a command as a shell would after the one before, and returns its status with all it printed.
    pub(crate) fn run(&mut self, command: &str) -> (i32, String) {
        let script = format!("exec 2>&1; (exit {}); {command}", self.status);
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&self.directory)
            .env("PATH", &self.path)
            .env("LC_ALL", "C.UTF-8")
            .env_remove("RUST_BACKTRACE")
            .output()
            .unwrap();
        self.status = output.status.code().unwrap_or(-1);
        (self.status, String::from_utf8(output.stdout).unwrap())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}
