//! Decisions for other servers under load: `wrk` puts questions as nginx does to a real `assayer serve`, which asks a real
//! `openssl ocsp`, on the loopback interface. Every answer is held to an oracle, and a wrong one fails the run.

mod stage;

use std::process::Command;

use serde::{Deserialize, Serialize};

use self::stage::Stage;

/// Connections that a server is busy with and not overloaded by: it answers 16 at once, and lets 16 wait.
const CALM: usize = 8;
/// Ten times as many, none of which waits before it asks again.
const PRESSED: usize = 80;
/// Seconds of each stretch.
const SECONDS: u32 = 10;
/// Seconds in which every question is answered once, before it is answered from what is kept.
const FILLING: u32 = 5;

/// What `questions.lua` counted.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Counted {
    right: u64,
    shed: u64,
    wrong: u64,
    lost: u64,
    seconds: f64,
    p50_us: f64,
    p99_us: f64,
}

/// One stretch of load.
#[derive(Debug, Serialize)]
struct Row {
    stretch: &'static str,
    connections: usize,
    asked_per_second: f64,
    decisions_per_second: f64,
    p50_milliseconds: f64,
    p99_milliseconds: f64,
    shed_share: f64,
    lost: u64,
    wrong: u64,
}

/// Runs every stretch.
pub(crate) fn run() -> Result<(), String> {
    if Command::new("wrk").arg("-v").output().is_err() {
        return Err("`wrk` is missing; it is in the Debian package `wrk`".to_owned());
    }
    let stage = Stage::set()?;
    let stretches = [
        ("cold: the responder is asked every time", "live", CALM),
        ("cached", "cached", CALM),
        ("cold, overload", "live", PRESSED),
        ("cold, afterwards", "live", CALM),
    ];
    println!("decisions for other servers: wrk, assayer serve and openssl ocsp on this machine\n");
    println!(
        "{:<42} {:>11} {:>9} {:>11} {:>9} {:>9} {:>7} {:>6}",
        "", "connections", "asked/s", "decisions/s", "p50 ms", "p99 ms", "shed", "wrong"
    );
    let mut rows = Vec::new();
    for (stretch, class, connections) in stretches {
        if class == "cached" {
            stage.load(class, connections, FILLING)?;
        }
        let row = row(stretch, connections, stage.load(class, connections, SECONDS)?);
        row.print();
        rows.push(row);
    }
    println!("\n{}", serde_json::json!({ "bench": "load", "rows": rows }));
    judge(&rows)
}

fn row(stretch: &'static str, connections: usize, counted: Counted) -> Row {
    let all = counted.right + counted.shed + counted.wrong;
    let per_second = |number: u64| number as f64 / counted.seconds;
    Row {
        stretch,
        connections,
        asked_per_second: per_second(all),
        decisions_per_second: per_second(counted.right),
        p50_milliseconds: counted.p50_us / 1e3,
        p99_milliseconds: counted.p99_us / 1e3,
        shed_share: counted.shed as f64 / all.max(1) as f64,
        lost: counted.lost,
        wrong: counted.wrong,
    }
}

impl Row {
    fn print(&self) {
        println!(
            "{:<42} {:>11} {:>9.0} {:>11.0} {:>9.1} {:>9.1} {:>6.1}% {:>6}",
            self.stretch,
            self.connections,
            self.asked_per_second,
            self.decisions_per_second,
            self.p50_milliseconds,
            self.p99_milliseconds,
            self.shed_share * 100.0,
            self.wrong
        );
    }
}

/// No answer may be wrong, overload must be turned away, and be over afterwards.
fn judge(rows: &[Row]) -> Result<(), String> {
    for row in rows {
        if row.wrong > 0 {
            return Err(format!("{}: {} wrong answers", row.stretch, row.wrong));
        }
        if row.decisions_per_second == 0.0 {
            return Err(format!("{}: nothing was decided", row.stretch));
        }
        if row.connections == CALM && row.shed_share > 0.0 {
            return Err(format!("{}: questions were turned away", row.stretch));
        }
        if row.connections == PRESSED && row.shed_share == 0.0 {
            return Err(format!("{}: nothing was turned away", row.stretch));
        }
    }
    Ok(())
}
