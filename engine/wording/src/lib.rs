//! Codes to sentences, for every host: the only place with wording for people, so that it can be translated.
//!
//! It takes the codes and values that a verdict, a refusal or a counterfactual carries, and returns one plain
//! sentence without a final stop. It decides nothing, knows no engine type, and never panics: an unknown code
//! is shown as it is, with its values. Values may come from hostile input; they are escaped here.

pub mod alarm;
pub mod change;
pub mod encoding;
pub mod escape;
pub mod finding;
pub mod management;
pub mod refusal;
pub mod stage;
pub mod status;
mod template;

pub use escape::escape;

/// The values that go with a code: what each is, and the value as text.
pub type Details<'d> = &'d [(&'d str, String)];

/// What a finding says, such as `The certificate expired on …`.
#[must_use]
pub fn sentence(code: &str, details: Details<'_>) -> String {
    template::render(template::find(finding::ROWS, code), code, details)
}

/// A finding in three to six words, for lists and headings.
#[must_use]
pub fn title(code: &str) -> &'static str {
    template::find(finding::ROWS, code).map_or("Rule without a title", |row| row.title)
}

/// What a finding of management says.
#[must_use]
pub fn management_sentence(code: &str, details: Details<'_>) -> String {
    template::render(management::find(code), code, details)
}

/// A finding of management in a few words.
#[must_use]
pub fn management_title(code: &str) -> &'static str {
    management::find(code).map_or("Rule without a title", |row| row.title)
}

/// What is to be done after a change, such as `restart Cisco Tomcat`.
#[must_use]
pub fn advice(action: &str, details: Details<'_>) -> String {
    template::render(template::find(management::advice::ROWS, action), action, details)
}

/// Every code of management that has wording.
pub fn known_management_codes() -> impl Iterator<Item = &'static str> {
    management::rows().map(|row| row.code)
}

/// What an alarm says. A host tells nothing else of it to people.
#[must_use]
pub fn alarm_sentence(code: &str, details: Details<'_>) -> String {
    template::render(template::find(alarm::ROWS, code), code, details)
}

/// An alarm in a few words.
#[must_use]
pub fn alarm_title(code: &str) -> &'static str {
    template::find(alarm::ROWS, code).map_or("Alarm without a title", |row| row.title)
}

/// What to do about a certificate that expires, by what it is here for: `identity` or `trust`; about an event, by its code.
#[must_use]
pub fn alarm_action(usage: &str, details: Details<'_>) -> String {
    template::render_only(template::find(alarm::ACTIONS, usage), usage, details)
}

/// The change that would flip a finding, such as `This check would pass if …`.
#[must_use]
pub fn counterfactual(change: &str, details: Details<'_>) -> String {
    let Some(row) = template::find(change::ROWS, change) else {
        return template::render(None, change, details);
    };
    let mut sentence = template::render_only(Some(row), change, details);
    if change == change::OTHER_CERTIFICATE {
        sentence.push(' ');
        sentence.push_str(change::demanded(details));
    }
    sentence
}

/// Why an input cannot be used: which one, where in it, what is wrong, and what to do. `input` is `settings`,
/// `target`, `anchor`, `file` or what else a host calls it.
#[must_use]
pub fn refusal(code: &str, input: &str, details: Details<'_>) -> String {
    refusal::line(code, input, details)
}

/// The same without the input and the place in it, for who shows these himself.
#[must_use]
pub fn refusal_sentence(code: &str, details: Details<'_>) -> String {
    refusal::sentence(code, details)
}

/// Every code of a finding or refusal that has wording.
pub fn known_codes() -> impl Iterator<Item = &'static str> {
    finding::ROWS.iter().chain(refusal::ROWS).map(|row| row.code)
}

/// Every kind of change that has wording.
pub fn known_changes() -> impl Iterator<Item = &'static str> {
    change::ROWS.iter().map(|row| row.code)
}

#[cfg(test)]
mod tests;
