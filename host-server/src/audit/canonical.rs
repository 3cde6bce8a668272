//! The one text of a JSON value, as RFC 8785 has it: members sorted by the UTF-16 code units of their names, no
//! space, the shortest escapes. Numbers are whole numbers, so its hardest part does not arise.

use serde_json::Value;

/// The canonical text; `None` when a number is not a whole number.
#[must_use]
pub fn canonical(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            // RFC 8785 3.2.3
            sorted.sort_by(|left, right| left.0.encode_utf16().cmp(right.0.encode_utf16()));
            out.push('{');
            for (position, (name, item)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(item, out)?;
            }
            out.push('}');
        }
        Value::Number(number) if number.is_f64() => return None,
        // RFC 8785 3.2.2: serde_json writes literals and strings as it asks
        other => out.push_str(&other.to_string()),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_by_utf_16_and_nothing_is_spaced() {
        // U+10000 is written with surrogates, which sort before U+FFFD
        let value = json!({"b": [1, true, null], "a": {"\u{fffd}": 1, "\u{10000}": 2}, "": "\u{7}\n\"é"});
        let expected =
            "{\"\":\"\\u0007\\n\\\"é\",\"a\":{\"\u{10000}\":2,\"\u{fffd}\":1},\"b\":[1,true,null]}";
        assert_eq!(canonical(&value).unwrap(), expected);
    }

    #[test]
    fn a_fraction_has_no_canonical_text() {
        assert_eq!(canonical(&json!({"a": [1.5]})), None);
    }
}
