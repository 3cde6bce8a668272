//! Text to tokens (cel-spec, "Syntax"). Every token keeps the octet it starts at.

use super::{Checked, Problem, ProblemKind, problem};

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Nothing follows.
    End,
    /// Digits, or `0x` with hexadecimal digits.
    Int(u64),
    /// An operator or a bracket.
    Mark(&'static str),
    /// A name or a word of the language.
    Name(&'t str),
    /// What quotation marks held.
    Text(String),
}

/// Longer ones first.
const MARKS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")",
    "[", "]", "{", "}",
];

/// The tokens of `text` with their places; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Checked<Vec<(usize, Token<'_>)>> {
    let mut tokens = Vec::new();
    let mut rest = skip(text);
    loop {
        let at = text.len().saturating_sub(rest.len());
        let (token, after) = next(rest, at)?;
        let is_end = token == Token::End;
        tokens.push((at, token));
        if is_end {
            return Ok(tokens);
        }
        rest = skip(after);
    }
}

/// Leaves out white space and comments, which run to the end of their line.
fn skip(text: &str) -> &str {
    let mut rest = text.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    while let Some(comment) = rest.strip_prefix("//") {
        let line = comment.split_once('\n').map_or("", |(_, after)| after);
        rest = line.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    }
    rest
}

fn next(rest: &str, at: usize) -> Checked<(Token<'_>, &str)> {
    let Some(first) = rest.chars().next() else { return Ok((Token::End, rest)) };
    match first {
        '0'..='9' => number(rest, at),
        '"' | '\'' => text(rest, at, Escapes::Read),
        'a'..='z' | 'A'..='Z' | '_' => word(rest, at),
        _ => {
            let mark = MARKS.iter().find_map(|mark| Some((*mark, rest.strip_prefix(mark)?)));
            let (mark, after) = mark.ok_or_else(|| syntax(at, &first.to_string(), "an expression"))?;
            Ok((Token::Mark(mark), after))
        }
    }
}

pub(super) fn syntax(at: usize, found: &str, expected: &'static str) -> Box<Problem> {
    problem(at, ProblemKind::Syntax { found: found.to_owned(), expected })
}

pub(super) fn unsupported(at: usize, found: &str) -> Box<Problem> {
    problem(at, ProblemKind::Unsupported { found: found.to_owned() })
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Splits off the longest beginning of word characters.
fn split_word(rest: &str) -> (&str, &str) {
    let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

/// A number ends where no letter, digit or fraction follows; those would make it a `double` or a `uint`.
fn number(rest: &str, at: usize) -> Checked<(Token<'_>, &str)> {
    let (written, after) = split_word(rest);
    let fraction =
        after.strip_prefix('.').is_some_and(|after| after.starts_with(|next: char| next.is_ascii_digit()));
    let (digits, radix) = match written.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (written, 10),
    };
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    if fraction || (!is_number && written.contains(['e', 'E']) && radix == 10) {
        return Err(unsupported(at, "double"));
    }
    if !is_number && written.ends_with(['u', 'U']) {
        return Err(unsupported(at, "uint"));
    }
    let number = u64::from_str_radix(digits, radix).ok().filter(|_| is_number);
    number.map(|number| (Token::Int(number), after)).ok_or_else(|| syntax(at, written, "a number of 64 bits"))
}

/// A name, or the letter before quotation marks.
fn word(rest: &str, at: usize) -> Checked<(Token<'_>, &str)> {
    let (name, after) = split_word(rest);
    if after.starts_with(['"', '\'']) {
        return match name {
            "r" | "R" => text(after, at, Escapes::Keep),
            _ => Err(unsupported(at, "bytes")),
        };
    }
    Ok((Token::Name(name), after))
}

/// What a reverse solidus does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// It stands for itself.
    Keep,
    /// It begins an escape.
    Read,
}

/// A text in single or double quotation marks, on one line.
fn text(rest: &str, at: usize, escapes: Escapes) -> Checked<(Token<'static>, &str)> {
    let mut letters = rest.chars();
    let quote = letters.next();
    let mut read = String::new();
    loop {
        let here = at.saturating_add(rest.len().saturating_sub(letters.as_str().len()));
        match letters.next() {
            None | Some('\n' | '\r') => {
                return Err(syntax(at, "a text without end", "a closing quotation mark"));
            }
            letter if letter == quote => return Ok((Token::Text(read), letters.as_str())),
            Some('\\') if escapes == Escapes::Read => {
                let escaped = escape(&mut letters)
                    .ok_or_else(|| syntax(here, "\\", "an escape such as \\n or \\u00e4"))?;
                read.push(escaped);
            }
            Some(letter) => read.push(letter),
        }
    }
}

/// The escapes in common use; CEL has more, which are refused here.
fn escape(letters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match letters.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let mut code = 0_u32;
            for _ in 0..4 {
                code = code.checked_mul(16)?.checked_add(letters.next()?.to_digit(16)?)?;
            }
            char::from_u32(code)?
        }
        letter @ ('\\' | '"' | '\'') => letter,
        _ => return None,
    })
}
