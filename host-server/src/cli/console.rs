//! The streams, the clock and the looks of one run, so that a test can stand in for a terminal. Nothing else
//! in the command line touches the process.

use std::io::{self, IsTerminal, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use super::Failure;
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
    /// Whether somebody reads questions and answers them.
    pub attendance: Attendance,
}

/// Whether somebody reads questions and answers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// Standard input is a terminal.
    Attended,
    /// It is not.
    Unattended,
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
    /// No colours, lines drawn with Unicode, and nobody to ask.
    pub const PLAIN: Self = Self {
        output_colour: Colour::Hidden,
        errors_colour: Colour::Hidden,
        drawing: Drawing::Unicode,
        attendance: Attendance::Unattended,
    };

    /// What the terminal and the environment ask for.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            output_colour: colour(&io::stdout()),
            errors_colour: colour(&io::stderr()),
            drawing: drawing(|name| std::env::var(name).ok()),
            attendance: if io::stdin().is_terminal() { Attendance::Attended } else { Attendance::Unattended },
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

/// The longest answer of a person that is read, in octets.
const LONGEST_ANSWER: usize = 1024;

impl Console<'_> {
    /// Whether somebody can be asked.
    #[must_use]
    pub fn is_attended(&self) -> bool {
        self.looks.attendance == Attendance::Attended
    }

    /// Asks somebody, beside the output, and reads one line.
    ///
    /// # Errors
    /// When nobody can be asked.
    pub fn asks(&mut self, question: &str) -> Result<String, Failure> {
        if !self.is_attended() {
            return Err(Failure::of_input(
                "--yes",
                "nobody can be asked",
                "give --yes to go on without being asked",
            ));
        }
        let _ = self.errors.write_all(question.as_bytes()).and_then(|()| self.errors.flush());
        let mut line = Vec::new();
        let mut octet = [0];
        while line.len() < LONGEST_ANSWER && self.input.read(&mut octet).is_ok_and(|read| read == 1) {
            if octet == *b"\n" {
                break;
            }
            line.extend_from_slice(&octet);
        }
        Ok(String::from_utf8_lossy(&line).trim().to_owned())
    }

    /// Whether somebody says yes, in this very word, after being told what to be careful of.
    ///
    /// # Errors
    /// When nobody can be asked.
    pub fn confirms(&mut self, caution: &str) -> Result<bool, Failure> {
        if self.is_attended() {
            self.complain(caution);
        }
        Ok(self.asks("Type yes to go on: ")? == "yes")
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

    // R-DEL-5, R-DEL-9
    #[test]
    fn only_the_word_yes_confirms_and_where_nobody_is_nothing_does() {
        let confirms = |input: &str, attendance| {
            let (mut output, mut errors) = (Vec::new(), Vec::new());
            let mut input = input.as_bytes();
            let looks = Looks { attendance, ..Looks::PLAIN };
            let mut console =
                Console { input: &mut input, output: &mut output, errors: &mut errors, looks, now: 0 };
            let confirmed = console.confirms("it cannot be undone");
            (confirmed, String::from_utf8(errors).unwrap(), output.len())
        };
        let asked = "it cannot be undone\nType yes to go on: ".to_owned();
        for (input, expected) in [
            ("yes\n", true),
            ("yes\r\nno\n", true),
            ("y\n", false),
            ("Yes\n", false),
            ("", false),
            ("\nyes\n", false),
        ] {
            let found = confirms(input, Attendance::Attended);
            assert_eq!(found, (Ok(expected), asked.clone(), 0), "{input:?}");
        }
        let (refused, errors, _) = confirms("yes\n", Attendance::Unattended);
        assert_eq!((refused.unwrap_err().exit().status(), errors.as_str()), (2, ""));
    }

    #[test]
    fn colours_are_left_out_of_a_page_and_nothing_else_is() {
        assert_eq!(coloured("\u{1b}[31mDENY\u{1b}[0m └─ a\n", Colour::Hidden), "DENY └─ a\n");
        assert_eq!(coloured("\u{1b}[31mDENY\u{1b}[0m", Colour::Shown), "\u{1b}[31mDENY\u{1b}[0m");
    }
}
