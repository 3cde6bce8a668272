//! `assayer monitor`: what expires, the alarms about it and the ways they go out by, from a terminal.

use clap::{Args, Subcommand, ValueEnum};
use hyper::Method;
use serde_json::{Value, json};

use super::page::{Ink, Page};
use super::remote::{self, Remote, ServerArguments, Stop};
use super::{Console, Exit, Failure};
use crate::client::document::{Alarm, AlarmMatter, Alarms, ChannelState, Dropped, Monitor, Trial};
use crate::client::{Ask, encoded};

/// The options of `monitor`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Which server is asked.
    #[command(flatten)]
    pub server: ServerArguments,
    /// What is asked.
    #[command(subcommand)]
    pub command: MonitorCommand,
}

/// The commands of `monitor`.
#[derive(Clone, Debug, Subcommand)]
pub enum MonitorCommand {
    /// Whether it runs, what it found, and what waits for which way out.
    Status,
    /// List alarms, the newest first.
    Alarms(AlarmsArguments),
    /// Show an alarm.
    Alarm(IdArgument),
    /// Say that an alarm is known: it is told again only when it comes further.
    Acknowledge(IdArgument),
    /// Put an alarm off until a moment.
    Snooze(SnoozeArguments),
    /// Say that an alarm is over.
    Resolve(IdArgument),
    /// Have it looked now.
    Run,
    /// Send a harmless alarm by every way out, and say what became of it.
    Test,
    /// Give up what waits for a way out that there is no more.
    Drop(NameArgument),
}

/// Which alarms.
#[derive(Args, Clone, Debug)]
pub struct AlarmsArguments {
    /// In this state.
    #[arg(long, value_enum)]
    pub state: Option<State>,
    /// Of this kind, such as `expiry.expired`.
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// How many at most, 1 to 500.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: Option<u16>,
    /// Where the last page ended.
    #[arg(long, value_name = "NEXT")]
    pub after: Option<String>,
}

/// What became of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Somebody knows.
    Acknowledged,
    /// Nobody answered yet.
    Open,
    /// It is over.
    Resolved,
}

/// One alarm.
#[derive(Args, Clone, Debug)]
pub struct IdArgument {
    /// Its number.
    #[arg(value_name = "ID")]
    pub id: String,
}

/// One way out.
#[derive(Args, Clone, Debug)]
pub struct NameArgument {
    /// Its name, as `status` shows it.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// The options of `monitor snooze`.
#[derive(Args, Clone, Debug)]
pub struct SnoozeArguments {
    /// Its number.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Not told again before this moment (RFC 3339), within a year.
    #[arg(long, value_name = "TIME")]
    pub until: String,
}

/// Runs a command of `monitor`.
///
/// # Errors
/// What keeps the question from being asked, and faults of the server.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    remote::run(&arguments.server, console, |remote, console| match &arguments.command {
        MonitorCommand::Status => remote.show(console, &Ask::get("/api/v1/monitor"), draw_status),
        MonitorCommand::Alarms(arguments) => remote.show(console, &asked(arguments), draw_alarms),
        MonitorCommand::Alarm(IdArgument { id }) => remote.show(console, &Ask::get(path(id)), draw_alarm),
        MonitorCommand::Acknowledge(IdArgument { id }) => {
            answer(remote, console, id, &json!({ "answer": "acknowledge" }))
        }
        MonitorCommand::Snooze(SnoozeArguments { id, until }) => {
            answer(remote, console, id, &json!({ "answer": "snooze", "until": until }))
        }
        MonitorCommand::Resolve(IdArgument { id }) => {
            answer(remote, console, id, &json!({ "answer": "resolve" }))
        }
        MonitorCommand::Run => {
            remote.show(console, &Ask::write(Method::POST, "/api/v1/monitor/runs", None), draw_status)
        }
        MonitorCommand::Test => test(remote, console),
        MonitorCommand::Drop(NameArgument { name }) => {
            let path = format!("/api/v1/monitor/channels/{}", encoded(name));
            remote.show(console, &Ask::write(Method::DELETE, path, None), |page, dropped: &Dropped| {
                let said = format!("{} that waited for {} were given up", dropped.dropped, dropped.name);
                page.line(("", ""), &[Ink::Plain.span(said)]);
            })
        }
    })
}

fn asked(arguments: &AlarmsArguments) -> Ask {
    let state = arguments.state.and_then(|state| state.to_possible_value());
    let limit = arguments.limit.map(|limit| limit.to_string());
    Ask::get("/api/v1/alarms").with(&[
        ("state", state.as_ref().map(clap::builder::PossibleValue::get_name)),
        ("kind", arguments.kind.as_deref()),
        ("limit", limit.as_deref()),
        ("after", arguments.after.as_deref()),
    ])
}

fn path(id: &str) -> String {
    format!("/api/v1/alarms/{}", encoded(id))
}

fn answer(remote: &Remote, console: &mut Console<'_>, id: &str, answer: &Value) -> Result<Exit, Stop> {
    remote.show(console, &Ask::write(Method::PATCH, path(id), Some(answer)), draw_alarm)
}

/// A way that does not take it is what was asked about, and ends with 1.
fn test(remote: &Remote, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let answer = remote.ask(console, &Ask::write(Method::POST, "/api/v1/monitor/test", None))?;
    let trial: Trial = remote.read(&answer)?;
    let exit = if trial.channels.iter().all(|tried| tried.taken) { Exit::Allow } else { Exit::Deny };
    if remote.is_json() {
        return Ok(remote.raw(console, &answer, exit)?);
    }
    let mut page = Page::new(console.looks.drawing);
    for tried in &trial.channels {
        let said = match &tried.why {
            None => format!("{}  taken", tried.name),
            Some(why) => format!("{}  NOT TAKEN  {why}", tried.name),
        };
        page.line(("", "  "), &[Ink::Plain.span(said)]);
    }
    if trial.channels.is_empty() {
        page.line(("", ""), &[Ink::Plain.span("no way out is configured")]);
    }
    Ok(super::written(console.page(&page.into_text()), exit)?)
}

fn draw_status(page: &mut Page, monitor: &Monitor) {
    let node = monitor.node.as_deref().map(|node| format!("  on {node}")).unwrap_or_default();
    let runs = |label: &str, moment: &Option<String>| {
        moment.as_deref().map(|moment| format!("  {label} {moment}")).unwrap_or_default()
    };
    let (last, next) = (runs("looked", &monitor.last_run), runs("looks next", &monitor.next_run));
    page.line(
        ("", "  "),
        &[Ink::Bold.span(monitor.status.as_str()), Ink::Plain.span(format!("{last}{node}{next}"))],
    );
    if let Some(found) = &monitor.found {
        let counts = format!(
            "{}: {} expired, {} within a day, {} before long",
            counted(found.certificates, "certificate"),
            found.expired,
            found.last_day,
            found.approaching
        );
        page.line(("  ", "  "), &[Ink::Plain.span(counts)]);
        if let Some(fault) = &found.fault {
            page.line(("  ", "  "), &[Ink::Plain.span(format!("the last look failed: {fault}"))]);
        }
    }
    monitor.channels.iter().for_each(|channel| draw_channel(page, channel));
}

fn counted(number: i64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

fn draw_channel(page: &mut Page, channel: &ChannelState) {
    let ChannelState { name, waiting, delivered, .. } = channel;
    let gone = if channel.is_configured { "" } else { "  not configured" };
    let since = channel.oldest.as_deref().map(|since| format!(" since {since}")).unwrap_or_default();
    let said = format!("{name}  {delivered} delivered, {waiting} waiting{since}{gone}");
    page.line(("", "  "), &[Ink::Plain.span(said)]);
    if let Some(why) = &channel.last_error {
        let next =
            channel.next_attempt.as_deref().map(|next| format!("; tried again {next}")).unwrap_or_default();
        page.line(("  ", "  "), &[Ink::Plain.span(format!("{why}{next}"))]);
    }
}

fn draw_alarms(page: &mut Page, alarms: &Alarms) {
    for alarm in &alarms.items {
        draw_head(page, alarm);
        page.line(("  ", "  "), &[Ink::Plain.span(alarm.subject.as_str())]);
    }
    let number = alarms.items.len();
    let counted = if number == 1 { "1 alarm".to_owned() } else { format!("{number} alarms") };
    let more =
        alarms.next.as_deref().map(|next| format!("; there are more: --after {next}")).unwrap_or_default();
    page.line(("", ""), &[Ink::Dim.span(format!("{counted}{more}"))]);
}

fn draw_head(page: &mut Page, alarm: &Alarm) {
    let Alarm { id, kind, severity, state, raised_at, .. } = alarm;
    page.line(
        ("", "  "),
        &[
            Ink::Bold.span(id.as_str()),
            Ink::Plain.span(format!("  {kind}  {severity}  {state}  {raised_at}")),
        ],
    );
}

fn draw_alarm(page: &mut Page, alarm: &Alarm) {
    draw_head(page, alarm);
    page.line(("  ", "  "), &[Ink::Plain.span(alarm.subject.as_str())]);
    if let Some(matter) = alarm.certificate.as_ref().or(alarm.event.as_ref()) {
        draw_matter(page, matter);
    }
    let by = alarm.answered_by.as_deref().map(|by| format!("answered by {by}"));
    let until = alarm.snoozed_until.as_deref().map(|until| format!("not told again before {until}"));
    for said in by.into_iter().chain(until) {
        page.line(("  ", "  "), &[Ink::Dim.span(said)]);
    }
}

fn draw_matter(page: &mut Page, matter: &AlarmMatter) {
    page.line(("  ", "  "), &[Ink::Plain.span(matter.sentence.as_str())]);
    for place in &matter.places {
        let node = place.node.as_deref().map(|node| format!(" on {node}")).unwrap_or_default();
        page.line(("  ", "  "), &[Ink::Plain.span(format!("{}{node} · {}", place.room, place.owner))]);
    }
    page.line(("  ", "  "), &[Ink::Plain.span(matter.action.as_str())]);
    if let Some(fingerprint) = &matter.fingerprint {
        page.line(("  ", "  "), &[Ink::Dim.span(format!("sha256 {fingerprint}"))]);
    }
}
