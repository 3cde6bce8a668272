//! The audit as a file: one record a line, from the first, in its canonical text. It reads and verifies; what it is
//! written to is the caller's.

use std::io::BufRead;

use super::record::Record;
use super::verify::{Broken, Head, Verifier};

/// The longest line that is read: a record is small.
const LINE: u64 = 1 << 20;

/// Why a file was not verified.
#[derive(Debug)]
pub enum ExportFault {
    /// The chain does not hold.
    Broken(Broken),
    /// The file cannot be read.
    Unreadable(std::io::Error),
}

/// Whether the lines are a whole chain.
///
/// # Errors
/// Where and why they are not, or that they cannot be read.
pub fn verify_lines(mut lines: impl BufRead) -> Result<Head, ExportFault> {
    let mut verifier = Verifier::default();
    let mut line = String::new();
    loop {
        line.clear();
        let read = std::io::Read::take(&mut lines, LINE).read_line(&mut line);
        match read {
            Ok(0) => return Ok(verifier.head()),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(ExportFault::Broken(verifier.unreadable()));
            }
            Err(error) => return Err(ExportFault::Unreadable(error)),
        }
        let record = line.strip_suffix('\n').and_then(Record::from_line);
        let record = record.ok_or_else(|| ExportFault::Broken(verifier.unreadable()))?;
        verifier.take(&record).map_err(ExportFault::Broken)?;
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::chain;
    use super::super::verify::Flaw;
    use super::*;

    fn file() -> String {
        chain(3).iter().map(|record| record.to_line() + "\n").collect()
    }

    fn flaw(text: &str) -> (i64, Flaw) {
        match verify_lines(text.as_bytes()) {
            Err(ExportFault::Broken(broken)) => (broken.at, broken.why),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_holds_as_its_records_do() {
        assert_eq!(verify_lines(file().as_bytes()).unwrap().sequence, 3);
        assert_eq!(verify_lines(&b""[..]).unwrap().sequence, 0);
    }

    #[test]
    fn any_flipped_octet_breaks_it() {
        let whole = file().into_bytes();
        for place in 0..whole.len() {
            let mut octets = whole.clone();
            octets[place] ^= 1;
            assert!(matches!(verify_lines(&octets[..]), Err(ExportFault::Broken(_))), "octet {place}");
        }
    }

    #[test]
    fn a_file_that_was_cut_shows_the_place() {
        let whole = file();
        assert_eq!(flaw(&whole[..whole.len() - 1]), (3, Flaw::Unreadable));
        assert_eq!(flaw(whole.split_once('\n').unwrap().1), (1, Flaw::Gap));
        assert_eq!(flaw(&format!("{whole}\n")), (4, Flaw::Unreadable));
    }
}
