//! The level of every rule: what a deployment makes of it where its standard leaves room.

use super::{Code, Severity};

/// What happens when a rule is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing; the finding is dropped.
    Ignore,
    /// It is told.
    Inform,
    /// It is told as something to look at.
    Warn,
    /// The path is refused.
    Deny,
}

impl Level {
    /// The severity of a finding at this level; `None` drops it.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Ignore => None,
            Self::Inform => Some(Severity::Inform),
            Self::Warn => Some(Severity::Warn),
            Self::Deny => Some(Severity::Deny),
        }
    }

    /// Reads the word used in a policy document.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ignore" => Some(Self::Ignore),
            "inform" => Some(Self::Inform),
            "warn" => Some(Self::Warn),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }

    /// The word used in a policy document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Inform => "inform",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// The level of every code: its default, unless a profile or the administrator said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// In the order of codes.
    changed: Vec<(Code, Level)>,
}

/// The standard leaves no room to change this level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedLevel;

impl Levels {
    /// The level in force for `code`.
    #[must_use]
    pub fn of(&self, code: Code) -> Level {
        let changed = self.changed.iter().find(|(known, _)| *known == code);
        changed.map_or_else(|| code.default_level(), |(_, level)| *level)
    }

    /// Changes the level of `code`.
    ///
    /// # Errors
    /// [`FixedLevel`] when the standard leaves no room: such a rule always denies.
    pub fn set(&mut self, code: Code, level: Level) -> Result<(), FixedLevel> {
        if code.is_fixed() && level != Level::Deny {
            return Err(FixedLevel);
        }
        // Only differences from the default are kept, so that equal levels compare equal.
        self.changed.retain(|(known, _)| *known != code);
        if level != code.default_level() {
            let place = self.changed.partition_point(|(known, _)| *known < code);
            self.changed.insert(place, (code, level));
        }
        Ok(())
    }

    /// Raises the level of `code` to deny; it stays where it is deny already.
    pub fn deny(&mut self, code: Code) {
        // Deny is the one level that no code refuses.
        let _ = self.set(code, Level::Deny);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_set_back_to_its_default_leaves_no_trace() {
        let mut levels = Levels::default();
        levels.set(Code::SerialZero, Level::Deny).unwrap();
        assert_eq!(levels.of(Code::SerialZero), Level::Deny);
        assert_ne!(levels, Levels::default());
        levels.set(Code::SerialZero, Code::SerialZero.default_level()).unwrap();
        assert_eq!(levels, Levels::default());
    }

    #[test]
    fn deny_is_a_level_of_every_code_and_the_only_one_of_a_fixed_code() {
        let mut levels = Levels::default();
        for code in Code::ALL {
            levels.deny(*code);
            assert_eq!(levels.of(*code), Level::Deny, "{}", code.as_str());
        }
        assert_eq!(levels.set(Code::Revoked, Level::Warn), Err(FixedLevel));
    }
}
