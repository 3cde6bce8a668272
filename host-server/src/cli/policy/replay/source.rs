//! Where capsules come from: files, or a server's list, page after page. Each is read and verified when its turn comes, by
//! whoever judges it, so that no more are in memory than are judged.

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;

use engine_capsule::{Capsule, MOST_OCTETS, Record};

use crate::cli::file::{self, CAPSULES};
use crate::cli::remote::Remote;
use crate::cli::{Failure, question};
use crate::client::document::Capsules;
use crate::client::{Ask, encoded};

/// How many capsules a page of a server's list has.
const PAGE: &str = "500";

/// Where one capsule is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// At the server, by its root.
    Server(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(root) => f.write_str(root),
        }
    }
}

/// Why a capsule was not judged.
#[derive(Clone, Debug)]
pub(super) enum Unread {
    /// It cannot be used: why, in one line.
    Unusable(String),
    /// Neither can any other.
    Ends(Failure),
}

/// The places of all capsules in files and directories.
pub(super) fn files(names: &[String]) -> Result<Vec<Place>, Failure> {
    let mut places = Vec::new();
    for name in names {
        places.extend(file::paths(name, &CAPSULES)?.into_iter().map(Place::File));
    }
    Ok(places)
}

/// The record in a file; `None` where it was recorded before this moment. Where that was left out it is taken.
pub(super) fn of_file(place: &Place, since: Option<i64>) -> Result<Option<Record>, Unread> {
    let Place::File(path) = place else { return Ok(None) };
    let file = file::read_named(path, &CAPSULES).map_err(|failure| {
        let line = failure.to_string();
        Unread::Unusable(line.strip_prefix(&format!("{place}: ")).unwrap_or(&line).to_owned())
    })?;
    let capsule = Capsule::read(&file.octets).map_err(unusable)?;
    let record = Record::of(&capsule).map_err(unusable)?;
    let at = record.recording.as_ref().map(|recording| recording.at);
    let is_before = since.zip(at).is_some_and(|(since, at)| at < since);
    Ok(if is_before { None } else { Some(record) })
}

/// The record that a server has.
pub(super) fn of_server(remote: &Remote, place: &Place) -> Result<Option<Record>, Unread> {
    let Place::Server(root) = place else { return Ok(None) };
    let ask = Ask::get(format!("/api/v1/capsules/{}", encoded(root))).up_to(MOST_OCTETS);
    let answer = remote.fetch(&ask).map_err(Unread::Ends)?;
    // the oldest go when there is no room for the newest
    let answer = answer.ok_or_else(|| unusable("the server does not have it any more"))?;
    let capsule = Capsule::read(&answer.body).map_err(unusable)?;
    if capsule.root().to_string() != *root {
        return Err(Unread::Unusable(format!("the server gave another capsule, {}", capsule.root())));
    }
    Record::of(&capsule).map(Some).map_err(unusable)
}

fn unusable(why: impl fmt::Display) -> Unread {
    Unread::Unusable(why.to_string())
}

/// The list of a server, the newest first. What is recorded while it is read is not in it.
pub(super) struct Listed<'r> {
    remote: &'r Remote,
    since: Option<i64>,
    /// Where the next page begins; `None` where there is none.
    next: Option<Next>,
    places: VecDeque<Place>,
}

enum Next {
    First,
    After(String),
}

impl<'r> Listed<'r> {
    /// What was recorded at this moment or later.
    pub(super) fn of(remote: &'r Remote, since: Option<i64>) -> Self {
        Self { remote, since, next: Some(Next::First), places: VecDeque::new() }
    }

    fn page(&mut self, next: &Next) -> Result<(), Failure> {
        let since = self.since.map(question::shown);
        let after = match next {
            Next::First => None,
            Next::After(after) => Some(after.as_str()),
        };
        let parameters = [("limit", Some(PAGE)), ("since", since.as_deref()), ("after", after)];
        let ask = Ask::get("/api/v1/capsules").with(&parameters);
        let remedy = "expected a server of this program that records decisions";
        let none = || Failure::of_input("--server", "there is no list of decisions", remedy);
        let page: Capsules = self.remote.read(&self.remote.fetch(&ask)?.ok_or_else(none)?)?;
        self.next = page.next.map(Next::After);
        self.places = page.items.into_iter().map(|listed| Place::Server(listed.id)).collect();
        Ok(())
    }
}

impl Iterator for Listed<'_> {
    type Item = Result<Place, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(place) = self.places.pop_front() {
                return Some(Ok(place));
            }
            let next = self.next.take()?;
            if let Err(failure) = self.page(&next) {
                return Some(Err(failure));
            }
        }
    }
}
