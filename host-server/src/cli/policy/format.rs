//! `assayer policy format`: one layout for every document. Spaces, empty lines, quotation marks and the breaking of lists
//! are ours; the order, the comments and the spelling of numbers stay the author's. What a document means is the
//! engine's to say, and is compared before anything is printed.

use std::fs;

use clap::Args;
use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, KeyMut, RawString, Table, Value};

use super::{Accepted, canonical, session};
use crate::cli::{Console, Exit, Failure, written};

/// The widest line that a list stays on.
const WIDEST: usize = 100;
/// What stands before an item of a list with a line of its own.
const INDENT: &str = "    ";

/// The options of `policy format`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The policy document (TOML).
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Write the file instead of printing it.
    #[arg(long, conflicts_with = "check")]
    pub write: bool,
    /// Print nothing; exit with 1 where the layout is another one.
    #[arg(long)]
    pub check: bool,
}

/// Runs `policy format`.
///
/// # Errors
/// When the document is not accepted or cannot be written, or the engine fails.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut session = session()?;
    let document = Accepted::read(&mut session, &arguments.file)?;
    let laid_out = layout(&document.text)?;
    if canonical(&mut session, &arguments.file, &laid_out)? != document.canonical {
        return Err(Failure::Fault("the new layout would be another policy; nothing was written".to_owned()));
    }
    if arguments.check {
        return Ok(if laid_out == document.text { Exit::Allow } else { Exit::Deny });
    }
    if arguments.write {
        if laid_out != document.text {
            fs::write(&arguments.file, &laid_out).map_err(|error| {
                Failure::of_input(
                    &arguments.file,
                    format!("cannot be written ({error})"),
                    "nothing was changed",
                )
            })?;
        }
        return Ok(Exit::Allow);
    }
    written(console.document(laid_out.trim_end_matches('\n')), Exit::Allow)
}

/// The same document in our layout.
pub(super) fn layout(text: &str) -> Result<String, Failure> {
    let mut document: DocumentMut = text
        .trim_start_matches('\u{feff}')
        .parse()
        .map_err(|error| Failure::Fault(format!("the engine accepts what is no TOML: {error}")))?;
    let trailing = lines(raw(Some(document.trailing())), Above::Something);
    table(document.as_table_mut());
    document.set_trailing(trailing);
    let text = document.to_string();
    let text = text.trim_matches('\n');
    Ok(if text.is_empty() { String::new() } else { format!("{text}\n") })
}

/// What stands above a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    /// The heading of its table, or nothing.
    Heading,
    /// Another line.
    Something,
}

fn table(table: &mut Table) {
    entries(table, Above::Heading);
}

fn entries(table: &mut Table, mut above: Above) {
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Value(value) => {
                assignment(&mut key, value, above);
            }
            Item::Table(below) if below.is_dotted() => {
                key.dotted_decor_mut().clear();
                entries(below, above);
            }
            Item::Table(below) => {
                plain(&mut key);
                heading(below.decor_mut());
                self::table(below);
            }
            Item::ArrayOfTables(list) => {
                plain(&mut key);
                for below in list.iter_mut() {
                    heading(below.decor_mut());
                    self::table(below);
                }
            }
            Item::None => {}
        }
        above = Above::Something;
    }
}

fn plain(key: &mut KeyMut<'_>) {
    key.leaf_decor_mut().clear();
    key.dotted_decor_mut().clear();
}

/// `# comment`, `key = value  # comment`.
fn assignment(key: &mut KeyMut<'_>, assigned: &mut Value, above: Above) {
    let prefix = lines(raw(key.leaf_decor().prefix()), above);
    key.dotted_decor_mut().clear();
    *key.leaf_decor_mut() = Decor::new(prefix, " ");
    let width = key.get().chars().count().saturating_add(3);
    let suffix = remark(raw(assigned.decor().suffix()));
    value(assigned, width);
    *assigned.decor_mut() = Decor::new(" ", suffix);
}

/// An empty line, comments, `[table]  # comment`.
fn heading(decor: &mut Decor) {
    let comments = lines(raw(decor.prefix()), Above::Heading);
    let suffix = remark(raw(decor.suffix()));
    *decor = Decor::new(format!("\n{comments}"), suffix);
}

/// Comments on lines of their own; several empty lines are one, and below a heading none.
fn lines(text: &str, above: Above) -> String {
    let mut kept = String::new();
    let mut is_empty = above == Above::Heading;
    for line in text.split_inclusive('\n') {
        let (comment, ends) = (line.trim(), line.ends_with('\n'));
        if !comment.is_empty() {
            kept.push_str(comment);
            kept.push('\n');
            is_empty = false;
        } else if ends && !is_empty {
            kept.push('\n');
            is_empty = true;
        }
    }
    kept
}

/// A comment behind something on its line.
fn remark(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        comment => format!("  {comment}"),
    }
}

fn raw(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}

fn value(value: &mut Value, width: usize) {
    match value {
        Value::String(text) => {
            let quoted = |letter: char| matches!(letter, ' '..='~') && letter != '"' && letter != '\\';
            if text.value().chars().all(quoted) {
                text.fmt();
            }
        }
        Value::Array(list) => array(list, width),
        Value::InlineTable(below) => inline(below),
        _ => {}
    }
}

/// A list stays on one line where it fits and holds no comment.
fn array(list: &mut Array, width: usize) {
    let comment = |text: &str| text.contains('#');
    take_last(list);
    if list.iter().any(|item| comment(raw(item.decor().suffix()))) {
        // such as a comment before a comma: it has its reason
        return;
    }
    let above = list.iter().any(|item| comment(raw(item.decor().prefix())));
    let comments = above || comment(raw(Some(list.trailing())));
    for item in list.iter_mut() {
        value(item, WIDEST);
    }
    let shown: usize = list.iter().map(|item| bare(item).chars().count().saturating_add(2)).sum();
    if !comments && width.saturating_add(shown) <= WIDEST {
        return one_line(list);
    }
    let mut first = true;
    for item in list.iter_mut() {
        let prefix = broken(raw(item.decor().prefix()), first);
        *item.decor_mut() = Decor::new(format!("{prefix}{INDENT}"), "");
        first = false;
    }
    let trailing = broken(raw(Some(list.trailing())), first);
    list.set_trailing(trailing);
    list.set_trailing_comma(!first);
}

/// What follows the last item without a comma belongs to the end of the list, as it does with one.
fn take_last(list: &mut Array) {
    let mut trailing = raw(Some(list.trailing())).to_owned();
    if let Some(last) = list.iter_mut().last().filter(|_| !trailing.contains('#')) {
        let suffix = raw(last.decor().suffix()).to_owned();
        last.decor_mut().set_suffix("");
        trailing.insert_str(0, &suffix);
        list.set_trailing(trailing);
    }
}

fn one_line(list: &mut Array) {
    let mut prefix = "";
    for item in list.iter_mut() {
        *item.decor_mut() = Decor::new(prefix, "");
        prefix = " ";
    }
    list.set_trailing("");
    list.set_trailing_comma(false);
}

/// What stands between two items with lines of their own: a comment behind the one before, then comments above the next.
fn broken(text: &str, is_first: bool) -> String {
    let mut lines = text.split('\n');
    let behind = lines.next().unwrap_or_default().trim();
    let mut kept = match (behind, is_first) {
        ("", _) => "\n".to_owned(),
        (comment, true) => format!(" {comment}\n"),
        (comment, false) => format!("  {comment}\n"),
    };
    for comment in lines.map(str::trim).filter(|line| !line.is_empty()) {
        kept.push_str(&format!("{INDENT}{comment}\n"));
    }
    kept
}

/// A value without what stands around it.
fn bare(value: &Value) -> String {
    let mut value = value.clone();
    value.decor_mut().clear();
    value.to_string().trim().to_owned()
}

/// `{ key = value, key = value }`, unless there are comments in it.
fn inline(below: &mut InlineTable) {
    if below.to_string().contains('#') {
        return;
    }
    below.fmt();
    for (_, item) in below.iter_mut() {
        value(item, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let once = layout(text).unwrap();
        assert_eq!(once, expected);
        assert_eq!(layout(&once).unwrap(), once, "a second time changes nothing");
    }

    #[test]
    fn one_layout_for_spaces_empty_lines_and_quotation_marks() {
        check(
            "\n\n  profile='rfc5280'   #  why\n\n\n\n# about\n   fips =true\n[ path ]#p\n\n maximum-intermediates=  3\nexplicit-policy = true\n",
            "profile = \"rfc5280\"  #  why\n\n# about\nfips = true\n\n[path]  #p\nmaximum-intermediates = 3\nexplicit-policy = true\n",
        );
        check("path . explicit-policy=true", "path.explicit-policy = true\n");
        check(
            "crl={uri='certificate',missing-number = 'accept'}",
            "crl = { uri = \"certificate\", missing-number = \"accept\" }\n",
        );
        check("", "");
        check("# alone\n", "# alone\n");
        check("fips = true\n\n\n# the end\n\n", "fips = true\n\n# the end\n");
    }

    #[test]
    fn lists_are_broken_where_they_are_long_or_commented() {
        check("a = [ 'x'\n , \"y\" , ]\n", "a = [\"x\", \"y\"]\n");
        let long: Vec<String> = (0..12).map(|number| format!("\"word-{number:04}\"")).collect();
        let expected = format!("a = [\n    {},\n]\n", long.join(",\n    "));
        check(&format!("a = [{}]", long.join(",")), &expected);
        check(
            "a = [ # all\n'x', # first\n # above\n  'y'\n # last\n]\n",
            "a = [ # all\n    \"x\",  # first\n    # above\n    \"y\",\n    # last\n]\n",
        );
    }

    #[test]
    fn items_of_lists_of_tables_keep_their_comments() {
        check(
            "[[purposes]]\nname = 'a'\n# the other\n[[purposes]] # b\nname = \"b\"\n",
            "[[purposes]]\nname = \"a\"\n\n# the other\n[[purposes]]  # b\nname = \"b\"\n",
        );
    }
}
