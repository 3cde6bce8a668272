//! The streams, the clock and the looks of one run, so that a test can stand in for a terminal. Nothing else
//! in the command line touches the process.

use std::io::{self, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use super::page::Drawing;

/// What a command reads from and writes to.
pub struct Console<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output: the answer and nothing else.
    pub output: &'a mut dyn Write,
    /// Standard error: failures and notes.
    pub errors: &'a mut dyn Write,
    /// How pages are drawn.
    pub looks: Looks,
    /// The current time, in seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
}

/// How pages are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// Colours on standard output.
    pub output_colour: Colour,
    /// Colours on standard error.
    pub errors_colour: Colour,
    /// Which characters lines are drawn with.
    pub drawing: Drawing,
}

/// Whether colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// They are.
    Shown,
    /// They are left out.
    Hidden,
}

impl Looks {
    /// No colours, and lines drawn with Unicode.
    pub const PLAIN: Self =
        Self { output_colour: Colour::Hidden, errors_colour: Colour::Hidden, drawing: Drawing::Unicode };

    /// What the terminal and the environment ask for.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            output_colour: colour(&io::stdout()),
            errors_colour: colour(&io::stderr()),
            drawing: drawing(|name| std::env::var(name).ok()),
        }
    }
}

/// The seconds of the system's clock, rounded down. A clock before 1970 counts as 1970.
#[must_use]
pub fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Console<'_> {
    /// Writes a page to standard output, in one go.
    ///
    /// # Errors
    /// When the stream cannot be written.
    pub fn page(&mut self, page: &str) -> io::Result<()> {
        self.output.write_all(coloured(page, self.looks.output_colour).as_bytes())?;
        self.output.flush()
    }

    /// Writes a document to standard output, byte for byte, with a line end.
    ///
    /// # Errors
    /// When the stream cannot be written.
    pub fn document(&mut self, document: &str) -> io::Result<()> {
        self.output.write_all(format!("{document}\n").as_bytes())?;
        self.output.flush()
    }

    /// Writes one line to standard error. That it cannot be written is no reason to fail differently.
    pub fn complain(&mut self, line: &str) {
        let line = coloured(line, self.looks.errors_colour);
        let _ = self.errors.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.errors.flush());
    }
}

fn coloured(text: &str, colour: Colour) -> String {
    match colour {
        Colour::Shown => text.to_owned(),
        Colour::Hidden => anstream::adapter::strip_str(text).to_string(),
    }
}

/// `NO_COLOR`, `CLICOLOR` and `TERM` as anstream reads them, and never without a terminal unless forced.
fn colour(stream: &impl anstream::stream::RawStream) -> Colour {
    match anstream::AutoStream::choice(stream) {
        anstream::ColorChoice::Never => Colour::Hidden,
        _ => Colour::Shown,
    }
}

/// The first of the locale's variables that says anything decides, as POSIX orders them.
fn drawing(variable: impl Fn(&str) -> Option<String>) -> Drawing {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|text| !text.is_empty());
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    if locale.ends_with("utf-8") || locale.ends_with("utf8") { Drawing::Unicode } else { Drawing::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_drawn_as_the_locale_allows() {
        let with = |pairs: &'static [(&str, &str)]| {
            drawing(move |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned())
            })
        };
        assert_eq!(with(&[("LANG", "en_GB.UTF-8")]), Drawing::Unicode);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "C.utf8")]), Drawing::Unicode);
        assert_eq!(with(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]), Drawing::Ascii);
        assert_eq!(with(&[("LC_CTYPE", "POSIX"), ("LANG", "en_GB.UTF-8")]), Drawing::Ascii);
        assert_eq!(with(&[]), Drawing::Ascii);
    }

    #[test]
    fn colours_are_left_out_of_a_page_and_nothing_else_is() {
        assert_eq!(coloured("\u{1b}[31mDENY\u{1b}[0m └─ a\n", Colour::Hidden), "DENY └─ a\n");
        assert_eq!(coloured("\u{1b}[31mDENY\u{1b}[0m", Colour::Shown), "\u{1b}[31mDENY\u{1b}[0m");
    }
}
