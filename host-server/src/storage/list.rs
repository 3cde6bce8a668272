//! The list of certificates: what matches all criteria (R-SHOW-3), sorted (R-SHOW-1), a page at a time. A page begins
//! behind the last entry of the one before, not at a count, so that what is put in or taken out meanwhile neither
//! repeats an entry nor hides one.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyArguments;
use sqlx::query::Query as Statement;
use sqlx::{Any, AssertSqlSafe, Row};

use super::Storage;
use super::fault::StorageFault;
use super::record::{Entry, Fingerprint, Usage, node_text, text};
use super::row;
use super::state::folded;

/// Most entries of one page.
pub const PAGE: u32 = 500;

/// Criteria, all of which an entry meets (R-SHOW-3); those that are `None` ask nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The common name contains this, in any case.
    pub common_name_contains: Option<String>,
    /// notAfter is before this moment.
    pub expires_before: Option<i64>,
    /// notAfter is after this moment.
    pub expires_after: Option<i64>,
    /// The kind of key is this one.
    pub key_type: Option<String>,
    /// It is an identity, or is believed (R-SHOW-2).
    pub usage: Option<Usage>,
    /// The slot or store is this one.
    pub room: Option<String>,
    /// The node is this one.
    pub node: Option<NodeFilter>,
    /// The encoding is this one.
    pub fingerprint: Option<Fingerprint>,
}

/// Which nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeFilter {
    /// What is the cluster's.
    Cluster,
    /// What is the node's own.
    Node(String),
    /// What is in effect on the node: its own and the cluster's.
    On(String),
}

super::record::words! {
    /// What a list is sorted by (R-SHOW-1); what is equal stands in the order it came.
    Sort {
        /// The common name, in any case.
        CommonName = "common-name",
        /// notAfter.
        Expiry = "expiry",
        /// The kind of key.
        KeyType = "key-type",
        /// Identities before what is believed.
        Usage = "usage",
    }
}

super::record::words! {
    /// Which way a list is sorted.
    Direction {
        /// The least first.
        Ascending = "ascending",
        /// The greatest first.
        Descending = "descending",
    }
}

/// What a page is asked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The criteria.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    /// Which way.
    pub direction: Direction,
    /// Where the page before ended; the first page when there is none.
    pub after: Option<Cursor>,
    /// How many entries at most; [`PAGE`] bounds it.
    pub size: u32,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            sort: Sort::CommonName,
            direction: Direction::Ascending,
            after: None,
            size: 50,
        }
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

/// Where a page ended: opaque text, of use with the same order alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor that a caller gave back.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text to give out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a cursor holds: the order it is of, and the last entry's place in it.
#[derive(Deserialize, Serialize)]
struct Position {
    sort: String,
    direction: String,
    key: Key,
    id: i64,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Key {
    Number(i64),
    Text(String),
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListFault {
    /// The cursor is none, or is one of another order.
    Cursor,
    /// The storage failed.
    Storage(StorageFault),
}

impl fmt::Display for ListFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cursor => f.write_str("the cursor is not one of this list; begin at its first page"),
            Self::Storage(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for ListFault {}

impl<E: Into<StorageFault>> From<E> for ListFault {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

impl Sort {
    fn column(self) -> &'static str {
        match self {
            Self::CommonName => "e.common_name_sort",
            Self::Expiry => "e.not_after",
            Self::KeyType => "e.key_type",
            Self::Usage => "e.usage",
        }
    }
}

impl Cursor {
    fn read(&self, query: &Query) -> Option<Position> {
        let octets = BASE64URL_NOPAD.decode(self.0.as_bytes()).ok()?;
        let position: Position = serde_json::from_slice(&octets).ok()?;
        let number = matches!(position.key, Key::Number(_));
        let fits = position.sort == query.sort.word()
            && position.direction == query.direction.word()
            && number == (query.sort == Sort::Expiry);
        fits.then_some(position)
    }

    fn behind(entry: &sqlx::any::AnyRow, query: &Query) -> Result<Self, StorageFault> {
        let key = match query.sort {
            Sort::Expiry => Key::Number(entry.try_get("sorted_by")?),
            _ => Key::Text(entry.try_get("sorted_by")?),
        };
        let position = Position {
            sort: query.sort.word().to_owned(),
            direction: query.direction.word().to_owned(),
            key,
            id: entry.try_get("id")?,
        };
        let text = serde_json::to_vec(&position).map_err(|error| StorageFault::Broken(error.to_string()))?;
        Ok(Self(BASE64URL_NOPAD.encode(&text)))
    }
}

/// A value of the condition.
enum Value {
    Number(i64),
    Octets(Vec<u8>),
    Text(String),
}

/// A condition as it grows: text of ours with numbered places, and the values for them.
#[derive(Default)]
struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    /// Adds a criterion; `?` in it is where the value goes.
    fn and(&mut self, criterion: &str, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.text.push_str(" AND ");
        self.text.push_str(&criterion.replace('?', &place));
    }

    /// The criteria of a filter. Where a column is part of an expression, the database is kept from looking for its
    /// values first and sorting all it finds: it walks in the order asked for, and stops when the page is full.
    fn filter(&mut self, filter: &Filter, sort: Sort) {
        if let Some(part) = &filter.common_name_contains {
            self.and("e.common_name_folded LIKE ? ESCAPE '!'", Value::Text(pattern(part)));
        }
        let (before, after) = match sort {
            Sort::Expiry => ("e.not_after < ?", "e.not_after > ?"),
            _ => ("(e.not_after + 0) < ?", "(e.not_after + 0) > ?"),
        };
        if let Some(moment) = filter.expires_before {
            self.and(before, Value::Number(moment));
        }
        if let Some(moment) = filter.expires_after {
            self.and(after, Value::Number(moment));
        }
        if let Some(key_type) = &filter.key_type {
            self.and("(e.key_type || '') = ?", Value::Text(text(key_type)));
        }
        if let Some(usage) = filter.usage {
            self.and("(e.usage || '') = ?", Value::Text(usage.word().to_owned()));
        }
        if let Some(room) = &filter.room {
            self.and("(e.room || '') = ?", Value::Text(text(room)));
        }
        match &filter.node {
            None => {}
            Some(NodeFilter::Cluster) => self.and("e.node = ?", Value::Text(String::new())),
            Some(NodeFilter::Node(node)) => self.and("e.node = ?", Value::Text(node_text(Some(node)))),
            Some(NodeFilter::On(node)) => self.and("e.node IN ('', ?)", Value::Text(node_text(Some(node)))),
        }
        if let Some(fingerprint) = &filter.fingerprint {
            self.and("e.fingerprint = ?", Value::Octets(fingerprint.to_vec()));
        }
    }

    /// What stands behind the last entry of the page before.
    fn behind(&mut self, position: Position, query: &Query) {
        let sign = match query.direction {
            Direction::Ascending => '>',
            Direction::Descending => '<',
        };
        let key = match position.key {
            Key::Number(number) => Value::Number(number),
            Key::Text(key) => Value::Text(text(&key)),
        };
        self.values.push(key);
        let place = self.values.len();
        self.and(
            &format!("({}, e.id) {sign} (${place}, ?)", query.sort.column()),
            Value::Number(position.id),
        );
    }
}

/// What contains `part` literally.
fn pattern(part: &str) -> String {
    let literal = folded(part).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

impl Storage {
    /// A page of the certificates that meet every criterion.
    ///
    /// # Errors
    /// A cursor of another list, and what a database can do wrong.
    pub async fn list(&self, query: &Query) -> Result<Page, ListFault> {
        let mut condition = Condition::default();
        condition.filter(&query.filter, query.sort);
        if let Some(cursor) = &query.after {
            condition.behind(cursor.read(query).ok_or(ListFault::Cursor)?, query);
        }
        let size = usize::try_from(query.size.clamp(1, PAGE)).unwrap_or(1);
        let (columns, column) = (row::ENTRY, query.sort.column());
        let way = match query.direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        let (criteria, most) = (&condition.text, size.saturating_add(1));
        let statement = format!(
            "SELECT {columns}, {column} AS sorted_by FROM entries e WHERE 1 = 1{criteria} \
             ORDER BY {column} {way}, e.id {way} LIMIT {most}"
        );
        // every part of the text is written above; values are bound
        let statement = bound(sqlx::query(AssertSqlSafe(statement)), condition.values);
        let rows = statement.fetch_all(&self.database().reader).await?;
        let shown = rows.get(..size).unwrap_or(&rows);
        let next = match shown.last() {
            Some(last) if rows.len() > size => Some(Cursor::behind(last, query)?),
            _ => None,
        };
        let entries = shown.iter().map(row::entry).collect::<Result<_, _>>()?;
        Ok(Page { entries, next })
    }
}

fn bound(
    statement: Statement<'static, Any, AnyArguments>,
    values: Vec<Value>,
) -> Statement<'static, Any, AnyArguments> {
    values.into_iter().fold(statement, |statement, value| match value {
        Value::Number(number) => statement.bind(number),
        Value::Octets(octets) => statement.bind(octets),
        Value::Text(text) => statement.bind(text),
    })
}
