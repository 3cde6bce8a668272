//! Any text as the expression of a custom rule: reading ends without panic, and what is read prints as a text that reads
//! as the same expression.
#![no_main]

use engine::expression::Expression;
use engine::expression::fact::Scope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for scope in [Scope::Certificate, Scope::Path] {
        match Expression::read(text, scope) {
            Ok(expression) => assert_eq!(Expression::read(&expression.to_string(), scope), Ok(expression)),
            Err(problem) => assert!(problem.at <= text.len()),
        }
    }
});
