//! How [`Malformed`] is told: its values by name, for a refusal or a finding. It decides nothing.

use super::{Detail, Value};
use crate::der::{Malformed, Problem, tag_name};

impl Malformed {
    /// What is wrong and where, name by name: `problem`, `field`, `offset`, and what was expected and found.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let mut details = vec![
            Detail { name: "problem", value: Value::text(self.code()) },
            Detail { name: "field", value: Value::text(self.field) },
            Detail { name: "offset", value: Value::count(self.offset) },
        ];
        match self.problem {
            Problem::UnexpectedTag { expected, found } => {
                let found = found.map_or_else(|| "nothing".to_owned(), tag_name);
                details.push(Detail { name: "expected", value: Value::text(tag_name(expected)) });
                details.push(Detail { name: "found", value: Value::text(found) });
            }
            Problem::TooLarge { limit } => details.push(Detail { name: "limit", value: Value::count(limit) }),
            _ => {}
        }
        details
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_tag_names_both_tags() {
        let problem = Problem::UnexpectedTag { expected: 0x30, found: Some(0xa3) };
        let details = Malformed { offset: 7, field: "subject", problem }.details();
        let text =
            |name: &str| details.iter().find(|detail| detail.name == name).map(|detail| detail.value.clone());
        assert_eq!(text("problem"), Some(Value::text("unexpected-tag")));
        assert_eq!(text("expected"), Some(Value::text("SEQUENCE")));
        assert_eq!(text("found"), Some(Value::text("[3]")));
        assert_eq!(text("offset"), Some(Value::Number(7)));
    }

    #[test]
    fn the_end_of_an_element_is_found_as_nothing_and_a_limit_is_told() {
        let problem = Problem::UnexpectedTag { expected: 0x02, found: None };
        assert_eq!(Malformed { offset: 0, field: "a", problem }.details()[4].value, Value::text("nothing"));
        let problem = Problem::TooLarge { limit: 9 };
        assert_eq!(Malformed { offset: 0, field: "a", problem }.details()[3].value, Value::Number(9));
    }
}
