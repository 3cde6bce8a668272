//! Rules of a deployment's own, back to text: the expression as its tree is written, whatever its white space was.

use super::{Page, list, quoted};
use crate::settings::custom::CustomRule;
use crate::settings::document::key;

pub(super) fn rule(page: &mut Page, rule: &CustomRule) {
    page.heading("[[rules]]");
    page.line("id", &quoted(&rule.id));
    page.line("when", &escaped(&rule.when.to_string()));
    page.word("effect", key::EFFECTS, &rule.effect);
    page.line("message", &escaped(&rule.message));
    if !rule.purposes.is_empty() {
        page.line("purposes", &list(&rule.purposes));
    }
    page.word("each", key::SCOPES_OF_RULES, &rule.each);
}

/// In quotation marks. Neither text holds control characters: expressions write them as escapes, messages have none.
fn escaped(text: &str) -> String {
    quoted(&text.replace('\\', "\\\\").replace('"', "\\\""))
}
