//! Every word that people read on the pages, one file for each of them: translating the pages is translating this
//! directory. What the engine finds is put into words by `engine-wording`.
//!
//! Sentences with values have places such as `{name}`; [`with`] fills them.

pub(crate) mod frame;
pub(crate) mod common;
pub(crate) mod overview;
pub(crate) mod alarms;
pub(crate) mod settings;
pub(crate) mod candidate;
pub(crate) mod decisions;
pub(crate) mod nodes;
pub(crate) mod audit;
pub(crate) mod accounts;
pub(crate) mod certificates;
pub(crate) mod verdict;
pub(crate) mod description;
pub(crate) mod preview;
pub(crate) mod certificate;
pub(crate) mod deletion;
pub(crate) mod trial;
pub(crate) mod judge;
pub(crate) mod upload;
pub(crate) mod requests;
pub(crate) mod own;
pub(crate) mod issue;
pub(crate) mod playground;

/// A sentence with its values in their places. A value never opens another place.
pub(crate) fn with(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut whole = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            whole.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        whole.push_str(value.map_or(name, |(_, value)| value));
        rest = after;
    }
    whole.push_str(rest);
    whole
}

/// One word for one, another for any other number.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    with(if number == 1 { one } else { many }, &[("number", &number.to_string())])
}
