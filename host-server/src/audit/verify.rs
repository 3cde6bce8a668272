//! Whether a chain of records is whole: numbers without a gap, each hash over its record and the hash before. It reads
//! no file and no database, so that an auditor may hold any copy to it.

use std::fmt;

use super::canonical::canonical;
use super::record::{BEGINNING, Hash, Record};

/// The end of a chain that holds: what to write down elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last record; 0 when there is none.
    pub sequence: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Where a chain does not hold, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The number the record there should have.
    pub at: i64,
    /// Why.
    pub why: Flaw,
}

/// Why a chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The record was changed: its hash is another.
    Changed,
    /// The record has another number: records are missing, or stand in another order.
    Gap,
    /// Nothing can be read there.
    Unreadable,
    /// The records end before, or after, the head that is kept beside them.
    OtherHead,
    /// The record does not continue the one before.
    Unlinked,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Flaw::Changed => "was changed: its hash does not match",
            Flaw::Gap => "is missing, or stands elsewhere",
            Flaw::Unreadable => "cannot be read, or is not in its canonical form",
            Flaw::OtherHead => "should be the next one, but the head kept beside the records is another",
            Flaw::Unlinked => "does not continue the one before",
        };
        write!(f, "record {} {why}", self.at)
    }
}

/// A chain, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Verifier(Head);

impl Default for Verifier {
    fn default() -> Self {
        Self(Head { sequence: 0, hash: BEGINNING })
    }
}

impl Verifier {
    /// Takes the next record.
    ///
    /// # Errors
    /// Where and why the chain does not hold.
    pub fn take(&mut self, record: &Record) -> Result<(), Broken> {
        let at = self.0.sequence.saturating_add(1);
        let broken = |why| Err(Broken { at, why });
        if record.sequence != at {
            return broken(Flaw::Gap);
        }
        if record.previous != self.0.hash {
            return broken(Flaw::Unlinked);
        }
        if record.hash != record.computed_hash() {
            return broken(Flaw::Changed);
        }
        // what is hashed as text must be what is read as JSON
        if canonical(&record.details_json()).as_ref() != Some(&record.details) {
            return broken(Flaw::Unreadable);
        }
        self.0 = Head { sequence: at, hash: record.hash };
        Ok(())
    }

    /// What was to be the next record cannot be read.
    #[must_use]
    pub fn unreadable(&self) -> Broken {
        Broken { at: self.0.sequence.saturating_add(1), why: Flaw::Unreadable }
    }

    /// The chain up to here.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0
    }

    /// The chain, which must end at `head`.
    ///
    /// # Errors
    /// When it ends elsewhere.
    pub fn ends_at(&self, head: Head) -> Result<Head, Broken> {
        if self.0 == head {
            return Ok(head);
        }
        Err(Broken { at: self.0.sequence.saturating_add(1), why: Flaw::OtherHead })
    }
}

/// Whether these records, from the first, are a whole chain; `None` is one that cannot be read.
///
/// # Errors
/// Where and why it is not.
pub fn verify(records: impl IntoIterator<Item = Option<Record>>) -> Result<Head, Broken> {
    let mut verifier = Verifier::default();
    for record in records {
        verifier.take(&record.ok_or_else(|| verifier.unreadable())?)?;
    }
    Ok(verifier.head())
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::chain;
    use super::*;

    fn broken(records: Vec<Record>) -> (i64, Flaw) {
        let broken = verify(records.into_iter().map(Some)).unwrap_err();
        (broken.at, broken.why)
    }

    #[test]
    fn a_whole_chain_holds_and_ends_at_its_last_record() {
        let records = chain(5);
        let head = Head { sequence: 5, hash: records[4].hash };
        assert_eq!(verify(records.into_iter().map(Some)), Ok(head));
        assert_eq!(verify([]), Ok(Head { sequence: 0, hash: BEGINNING }));
    }

    #[test]
    fn any_change_shows_where_it_is() {
        let change = |edit: fn(&mut Record)| {
            let mut records = chain(5);
            edit(&mut records[2]);
            broken(records)
        };
        assert_eq!(change(|record| record.who.push('x')), (3, Flaw::Changed));
        assert_eq!(change(|record| record.time += 1), (3, Flaw::Changed));
        assert_eq!(change(|record| record.details = "{}".to_owned()), (3, Flaw::Changed));
        assert_eq!(change(|record| record.hash[31] ^= 1), (3, Flaw::Changed));
        assert_eq!(change(|record| record.previous[0] ^= 1), (3, Flaw::Unlinked));
        // changed with its hash computed anew: the next one tells
        let again = |record: &mut Record| {
            record.who.push('x');
            record.hash = record.computed_hash();
        };
        assert_eq!(change(again), (4, Flaw::Unlinked));
    }

    #[test]
    fn records_that_were_taken_out_put_in_or_moved_show() {
        let mut records = chain(5);
        records.remove(1);
        assert_eq!(broken(records), (2, Flaw::Gap));
        let mut records = chain(5);
        records.swap(3, 4);
        assert_eq!(broken(records), (4, Flaw::Gap));
        let mut records = chain(5);
        let twice = records[2].clone();
        records.insert(2, twice);
        assert_eq!(broken(records), (4, Flaw::Gap));
        assert_eq!(broken(chain(5).split_off(1)), (1, Flaw::Gap));
    }

    #[test]
    fn details_with_another_reading_than_their_hash_are_refused() {
        let mut records = chain(2);
        records[1].details = "{\"a\":\"b\", \"n\":2}".to_owned();
        records[1].hash = records[1].computed_hash();
        assert_eq!(broken(records), (2, Flaw::Unreadable));
    }

    #[test]
    fn an_end_that_was_cut_off_shows_by_the_head_beside_it() {
        let records = chain(5);
        let head = Head { sequence: 5, hash: records[4].hash };
        let mut verifier = Verifier::default();
        for record in records.iter().take(4) {
            verifier.take(record).unwrap();
        }
        assert_eq!(verifier.ends_at(head), Err(Broken { at: 5, why: Flaw::OtherHead }));
        verifier.take(&records[4]).unwrap();
        assert_eq!(verifier.ends_at(head), Ok(head));
    }
}
