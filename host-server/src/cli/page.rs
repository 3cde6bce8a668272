//! Pages of text for people: styled words, wrapped under their margin. Whatever is put on a page is made
//! harmless first, so that no certificate can move the cursor, hide text or reverse its order.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// The widest line that is printed.
pub const WIDTH: usize = 100;
/// The least that is left of a line, however deep its margin.
const NARROWEST: usize = 20;

/// Which characters a page is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// ASCII alone; anything else is shown by its number.
    Ascii,
    /// Unicode.
    Unicode,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As it is.
    Plain,
    /// What names a thing.
    Bold,
    /// What may be skipped.
    Dim,
    /// What is well.
    Good,
    /// What somebody should look at.
    Doubtful,
    /// What is refused.
    Bad,
}

/// A piece of text and how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    text: String,
    ink: Ink,
}

/// A page, written line by line.
#[derive(Debug)]
pub struct Page {
    text: String,
    drawing: Drawing,
}

impl Ink {
    /// `text` in this ink.
    pub fn span(self, text: impl Into<String>) -> Span {
        Span { text: text.into(), ink: self }
    }

    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Bold => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Doubtful => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(drawing: Drawing) -> Self {
        Self { text: String::new(), drawing }
    }

    /// The text, with its styles.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// Leaves a line empty.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A heading over what follows.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.line(("", ""), &[Ink::Bold.span(text)]);
    }

    /// One line after the first margin; what does not fit goes on after the second one.
    pub fn line(&mut self, margins: (&str, &str), spans: &[Span]) {
        self.line_kept(margins, spans, 0);
    }

    /// A label, then a value in a column of its own.
    pub fn entry(&mut self, (indent, column): (usize, usize), label: &[Span], value: &[Span]) {
        let length: usize = label.iter().map(|span| self.drawn(&harmless(&span.text)).chars().count()).sum();
        let used = indent.saturating_add(length);
        let fill = if value.is_empty() { 0 } else { column.saturating_sub(used).max(1) };
        let mut spans = label.to_vec();
        spans.push(Ink::Plain.span(" ".repeat(fill)));
        spans.extend_from_slice(value);
        self.line_kept((&" ".repeat(indent), &" ".repeat(column)), &spans, length.saturating_add(fill));
    }

    /// An entry whose last piece is not broken: where it does not fit beside the others it has a line of its own.
    pub fn entry_closed(&mut self, (indent, column): (usize, usize), label: &[Span], value: &[Span]) {
        let length = |span: &Span| self.drawn(&harmless(&span.text)).chars().count();
        let fits = column.saturating_add(value.iter().map(length).sum()) <= WIDTH;
        match value.split_last() {
            Some((last, others)) if !fits => {
                self.entry((indent, column), label, others);
                let margin = " ".repeat(column);
                self.line((&margin, &margin), &[last.ink.span(last.text.trim_start())]);
            }
            _ => self.entry((indent, column), label, value),
        }
    }

    /// A line whose first `kept` letters are not broken.
    fn line_kept(&mut self, margins: (&str, &str), spans: &[Span], mut kept: usize) {
        let (first, others) = (self.drawn(margins.0), self.drawn(margins.1));
        let letters = self.letters(spans);
        let mut rest = letters.as_slice();
        let mut margin = first.as_str();
        loop {
            let width = WIDTH.saturating_sub(margin.chars().count()).max(NARROWEST);
            let (head, tail) = broken(rest, width, kept);
            self.write(margin, head);
            if tail.is_empty() {
                return;
            }
            (rest, margin, kept) = (tail, others.as_str(), 0);
        }
    }

    fn write(&mut self, margin: &str, letters: Letters<'_>) {
        let mut line = format!("{}{margin}{:#}", Ink::Dim.style(), Ink::Dim.style());
        if margin.trim().is_empty() {
            line = margin.to_owned();
        }
        for run in letters.chunk_by(|a, b| a.1 == b.1) {
            let style = run.first().map_or(Ink::Plain, |(_, ink)| *ink).style();
            let text: String = run.iter().map(|(letter, _)| letter).collect();
            // Writing to a string cannot fail.
            let _ = write!(line, "{style}{text}{style:#}");
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn letters(&self, spans: &[Span]) -> Vec<(char, Ink)> {
        let drawn = |span: &Span| {
            let ink = span.ink;
            self.drawn(&harmless(&span.text)).chars().map(|letter| (letter, ink)).collect::<Vec<_>>()
        };
        spans.iter().flat_map(drawn).collect()
    }

    fn drawn(&self, text: &str) -> String {
        match self.drawing {
            Drawing::Unicode => text.to_owned(),
            Drawing::Ascii => text.chars().fold(String::new(), |text, letter| text + &ascii(letter)),
        }
    }
}

type Letters<'a> = &'a [(char, Ink)];

/// The letters that fit in `width`, broken at the last space after the first `kept` if there is one, and the
/// others.
fn broken(letters: Letters<'_>, width: usize, kept: usize) -> (Letters<'_>, Letters<'_>) {
    if letters.len() <= width {
        return (letters, &[]);
    }
    let is_space = |place: &usize| letters.get(*place).is_some_and(|(letter, _)| *letter == ' ');
    let written = (kept..=width).find(|place| !is_space(place)).unwrap_or(width);
    match (written..=width).rev().find(is_space) {
        Some(place) => {
            let (head, tail) = letters.split_at(place);
            let written =
                head.iter().rposition(|(letter, _)| *letter != ' ').map_or(0, |last| last.saturating_add(1));
            let spaces = tail.iter().take_while(|(letter, _)| *letter == ' ').count();
            (head.get(..written).unwrap_or(head), tail.get(spaces..).unwrap_or_default())
        }
        None => letters.split_at(width),
    }
}

/// Whatever is invisible or steers a display, shown by its number. A quotation mark is neither.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' '..='~' => shown.push(letter),
            _ => shown.push_str(&engine_wording::escape(letter.encode_utf8(&mut [0; 4]))),
        }
    }
    shown
}

/// The drawings of ours in ASCII; of anything else its number.
fn ascii(letter: char) -> String {
    match letter {
        '│' => "|".to_owned(),
        '└' => "`".to_owned(),
        '─' => "-".to_owned(),
        '…' => "...".to_owned(),
        '·' => "-".to_owned(),
        '→' => ">".to_owned(),
        letter if letter.is_ascii() => letter.to_string(),
        letter => letter.escape_unicode().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(drawing: Drawing, margins: (&str, &str), text: &str) -> String {
        let mut page = Page::new(drawing);
        page.line(margins, &[Ink::Plain.span(text)]);
        anstream::adapter::strip_str(&page.into_text()).to_string()
    }

    #[test]
    fn long_lines_break_at_spaces_and_go_on_under_their_margin() {
        let text = plain(Drawing::Unicode, ("> ", "  "), &"word ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("  word")), "{text}");
        assert_eq!(text.matches("word").count(), 40);
    }

    #[test]
    fn a_word_of_exactly_the_width_stays_whole_and_a_longer_one_is_cut() {
        assert_eq!(plain(Drawing::Unicode, ("", ""), &"x".repeat(WIDTH)).lines().count(), 1);
        assert_eq!(plain(Drawing::Unicode, ("", ""), &"x".repeat(WIDTH + 1)).lines().count(), 2);
        assert_eq!(plain(Drawing::Unicode, ("", ""), &"x".repeat(3 * WIDTH)).lines().count(), 3);
    }

    #[test]
    fn hostile_text_cannot_act_on_a_terminal() {
        let hostile = "CN=\u{1b}[2Ja\u{202e}b\u{200b}c\nd\u{9b}e";
        let mut page = Page::new(Drawing::Unicode);
        page.line(("", ""), &[Ink::Plain.span(hostile)]);
        assert_eq!(page.into_text(), "CN=\\u{1b}[2Ja\\u{202e}b\\u{200b}c\\u{a}d\\u{9b}e\n");
    }

    #[test]
    fn ascii_shows_anything_else_by_its_number() {
        assert_eq!(plain(Drawing::Ascii, ("└─ ", ""), "Zürich…"), "`- Z\\u{fc}rich...\n");
    }

    #[test]
    fn values_stand_in_their_column_and_wrap_there() {
        let mut page = Page::new(Drawing::Unicode);
        page.entry((2, 10), &[Ink::Plain.span("Key")], &[Ink::Plain.span("0".repeat(95))]);
        assert_eq!(page.into_text(), format!("  Key     {}\n          00000\n", "0".repeat(90)));
    }
}
