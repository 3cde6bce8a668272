//! `assayer policy init`: a document with every key as a profile has it, each with one line of what it means. The values
//! are the engine's own form of the profile, the lines those of the schema for editors; no word of either is here.

use clap::Args;
use serde_json::Value as Json;

use super::{canonical, session};
use crate::cli::{Console, Exit, Failure, file, said};

/// The schema for editors, which says what every key means.
const SCHEMA: &str = include_str!("../../../../engine/schema/policy.schema.json");

/// The options of `policy init`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The profile to start from, such as rfc5280, public-web, uc-legacy or ndcpp-4.0.
    #[arg(long, value_name = "NAME", default_value = "rfc5280")]
    pub profile: String,
    /// Write to this file, which must not be there yet, instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
}

/// Runs `policy init`.
///
/// # Errors
/// When there is no such profile, the file cannot be written, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    // in quotation marks, and without any that could end them
    let named = format!("profile = \"{}\"\n", arguments.profile.escape_default());
    let settings = canonical(&mut session, "--profile", &named)?;
    let schema: Json = serde_json::from_str(SCHEMA).map_err(said::fault)?;
    let text = super::format::layout(&Commented::of(&schema, &settings))?;
    file::save(console, arguments.out.as_deref(), text.as_bytes())
}

/// The document under construction.
struct Commented<'s> {
    schema: &'s Json,
    text: String,
    /// The table that lines belong to, and whether its keys were told before.
    table: Option<(&'s str, Told)>,
    /// Keys of that table that were written.
    seen: Vec<&'s str>,
}

/// Whether the keys of a table were told before, in an item of the same list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

impl<'s> Commented<'s> {
    fn of(schema: &'s Json, settings: &'s str) -> String {
        let introduction = "Every key with the value of its profile. A line that is removed leaves it so; an unknown key, \
                            word or value is refused with its line and column.";
        let mut page = Self { schema, text: String::new(), table: None, seen: Vec::new() };
        page.comment(introduction);
        page.text.push('\n');
        let mut told: Vec<&str> = Vec::new();
        for line in settings.lines() {
            if let Some(table) = line.strip_prefix('[').map(|rest| rest.trim_matches(['[', ']'])) {
                page.rest();
                page.table = Some((table, if told.contains(&table) { Told::Yes } else { Told::No }));
                told.push(table);
                page.heading(line);
            } else if let Some((key, _)) = line.split_once(" = ") {
                page.line(key.trim_matches('"'), line);
            }
        }
        page.rest();
        page.lists(&told);
        page.text
    }

    /// What the schema says of a table, or of a key of it.
    fn meaning(&self, key: Option<&str>) -> Option<&'s Json> {
        let properties = self.schema.get("properties")?;
        let Some((table, _)) = self.table else { return properties.get(key?) };
        let table = properties.get(table)?;
        let Some(key) = key else { return Some(table) };
        table.get("items").unwrap_or(table).get("properties")?.get(key)
    }

    fn heading(&mut self, line: &str) {
        self.text.push('\n');
        if self.table.is_some_and(|(_, told)| told == Told::No)
            && let Some(meaning) = self.meaning(None)
        {
            self.comment(&described(self.schema, meaning));
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn line(&mut self, key: &'s str, line: &str) {
        self.seen.push(key);
        if self.table.is_none_or(|(_, told)| told == Told::No) {
            let title =
                self.table.filter(|(table, _)| *table == "levels").map(|_| engine_wording::title(key));
            let meaning = self.meaning(Some(key)).map(|meaning| described(self.schema, meaning));
            let told = match (title, meaning) {
                (Some(title), Some(clause)) => format!("{title}. {clause}"),
                (_, meaning) => meaning.unwrap_or_default(),
            };
            self.comment(&told);
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The keys of the table that the profile leaves out.
    fn rest(&mut self) {
        let table = self.table.filter(|(_, told)| *told == Told::No);
        let known = table.and_then(|_| self.meaning(None)).and_then(|table| table.get("properties"));
        let left: Vec<(&String, &Json)> = known
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .filter(|(key, _)| !self.seen.contains(&key.as_str()))
            .collect();
        for (key, meaning) in left {
            self.comment(&format!("{} Not set: {key} = …", described(self.schema, meaning)));
        }
        self.seen.clear();
    }

    /// The lists of tables that the profile leaves out.
    fn lists(&mut self, told: &[&str]) {
        let properties = self.schema.get("properties").and_then(Json::as_object);
        for (name, meaning) in properties.into_iter().flatten() {
            let items = meaning.pointer("/items/properties").and_then(Json::as_object);
            let Some(items) = items.filter(|_| !told.contains(&name.as_str())) else { continue };
            self.text.push('\n');
            self.comment(&format!("{} None: [[{name}]] with", described(self.schema, meaning)));
            for (key, meaning) in items {
                self.comment(&format!("  {key} = …  {}", described(self.schema, meaning)));
            }
        }
    }

    fn comment(&mut self, text: &str) {
        self.text.push_str("# ");
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }
}

/// What a key is for, and what it may be.
fn described(schema: &Json, meaning: &Json) -> String {
    let text = meaning.get("description").and_then(Json::as_str).unwrap_or_default();
    let accepted = accepted(schema, meaning);
    let stop = if text.is_empty() || text.ends_with('.') { "" } else { "." };
    match accepted {
        Some(accepted) => format!("{text}{stop} {accepted}"),
        None => format!("{text}{stop}"),
    }
}

/// The words or the range of a value.
fn accepted(schema: &Json, meaning: &Json) -> Option<String> {
    let reference = |meaning: &Json| {
        let pointer = meaning.get("$ref")?.as_str()?.strip_prefix('#')?;
        schema.pointer(pointer).cloned()
    };
    let meaning = reference(meaning).unwrap_or_else(|| meaning.clone());
    if let Some(words) = meaning.get("enum").and_then(Json::as_array) {
        let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
        return Some(format!("One of: {}.", words.join(", ")));
    }
    if let (Some(minimum), Some(maximum)) = (meaning.get("minimum"), meaning.get("maximum")) {
        return Some(format!("From {minimum} to {maximum}."));
    }
    let items = meaning.get("items").filter(|items| items.get("properties").is_none())?;
    let words = accepted(schema, items)?;
    words.strip_prefix("One of").map(|words| format!("Of{words}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::contract::request::Mode;

    const PROFILES: [&str; 6] =
        ["rfc5280", "public-web", "uc-legacy", "ndcpp-2.2e", "ndcpp-3.0e", "ndcpp-4.0"];

    fn page(profile: &str) -> (String, String) {
        let mut session = session().unwrap();
        let settings = canonical(&mut session, "", &format!("profile = \"{profile}\"")).unwrap();
        let schema: Json = serde_json::from_str(SCHEMA).unwrap();
        (Commented::of(&schema, &settings), settings)
    }

    #[test]
    fn what_is_printed_means_exactly_the_profile() {
        let mut session = session().unwrap();
        for profile in PROFILES {
            let (text, settings) = page(profile);
            assert_eq!(session.policy_problems(&text, Mode::AsWritten).unwrap().len(), 0, "{profile}");
            assert_eq!(canonical(&mut session, "", &text).unwrap(), settings, "{profile}");
        }
    }

    #[test]
    fn every_key_of_the_schema_is_told_and_every_line_has_its_comment() {
        let schema: Json = serde_json::from_str(SCHEMA).unwrap();
        let (text, _) = page("rfc5280");
        for (name, table) in schema["properties"].as_object().unwrap() {
            let items = table.get("items").unwrap_or(table);
            for key in items["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
                assert!(
                    text.contains(&format!("{key} = ")) || text.contains(&format!("\"{key}\" = ")),
                    "{name}.{key}"
                );
            }
        }
        let lines: Vec<&str> = text.lines().collect();
        let mut purposes = 0;
        for pair in lines.windows(2) {
            purposes += usize::from(pair[0] == "[[purposes]]");
            let bare = pair[1].contains(" = ") && !pair[1].starts_with('#') && purposes < 2;
            assert!(!bare || pair[0].starts_with("# ") && pair[0].len() > 10, "{pair:?}");
        }
    }

    #[test]
    fn a_profile_that_is_none_is_refused_with_those_there_are() {
        let mut session = session().unwrap();
        let failure = canonical(&mut session, "--profile", "profile = \"rfc5281\"\n").err().unwrap();
        let line = failure.to_string();
        assert!(line.starts_with("--profile, line 1") && line.contains("did you mean \"rfc5280\""), "{line}");
    }
}
