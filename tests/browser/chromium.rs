//! Chromium and chromedriver: where they are, and the one chromedriver that all tests of this binary share. It starts with
//! the first browser and ends with the last one, and nothing of it outlives this process, however that ends.
//!
//! `.ci/test` installs the Debian packages `chromium` and `chromium-driver`; where it could not, tests say so and end.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The shell between us and chromedriver. When our end of its standard input closes, whether we are done or were killed,
/// it ends everything in its process group, which is chromedriver and every Chromium.
const KEEPER: &str = "\"$@\" & trap '' TERM; read -r end; kill -TERM 0; wait; kill -KILL 0";

/// A chromedriver that runs.
pub(crate) struct Driver {
    keeper: Child,
    /// Chromium itself.
    pub(crate) browser: PathBuf,
    /// Where chromedriver listens.
    pub(crate) address: SocketAddr,
    /// Below which browsers have their directories.
    pub(crate) directory: PathBuf,
}

/// The chromedriver that runs, or a new one; none where the programs are not installed.
pub(crate) fn driver() -> Option<Arc<Driver>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return Some(running);
    }
    let browser = program(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]);
    let chromedriver = program(&["chromedriver"]);
    let (Some(browser), Some(chromedriver)) = (browser, chromedriver) else {
        eprintln!("NOT RUN: there is no chromium with chromedriver; .ci/test installs them");
        return None;
    };
    let driver = Arc::new(Driver::start(browser, &chromedriver));
    *shared = Arc::downgrade(&driver);
    Some(driver)
}

/// The first of these programs that is installed.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let paths = names.iter().flat_map(|name| directories.iter().map(move |directory| directory.join(name)));
    paths.into_iter().find(|path| path.is_file())
}

impl Driver {
    fn start(browser: PathBuf, chromedriver: &Path) -> Self {
        sweep();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = temporary().join(format!("browser-{}-{number}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).arg(chromedriver).arg("--port=0");
        // what browsers write beside their profiles goes with the directory, too
        command.env("TMPDIR", &directory).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = command.spawn().unwrap();
        let mut lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let port = loop {
            let Some(Ok(line)) = lines.next() else { panic!("chromedriver did not start") };
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').parse().unwrap();
            }
        };
        // it must not wait for somebody to read what it says
        std::thread::spawn(move || lines.for_each(drop));
        Self { keeper, browser, address: SocketAddr::from(([127, 0, 0, 1], port)), directory }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Cargo's directory for what tests write.
fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Where pictures go.
pub(crate) fn screenshots() -> PathBuf {
    let directory = temporary().parent().unwrap().join("screenshots");
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Removes what a process left that was killed.
fn sweep() {
    for entry in fs::read_dir(temporary()).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix("browser-").and_then(|rest| rest.split('-').next());
        if process.is_some_and(|number| !Path::new("/proc").join(number).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
