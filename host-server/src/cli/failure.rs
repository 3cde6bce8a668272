//! Why a command could not do its work, as one line for people and an exit status. A denied certificate is no
//! failure: it is an answer.

use std::fmt;

/// How the program ended: the exit status that scripts may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The certificate is allowed, or the command did its work.
    Allow,
    /// The certificate is denied.
    Deny,
    /// The question could not be asked: a file or an option is wrong.
    Question,
    /// The fault is ours.
    Fault,
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::Allow => 0,
            Self::Deny => 1,
            Self::Question => 2,
            Self::Fault => 3,
        }
    }
}

/// Why nothing could be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// What was asked, or with which file, cannot be used.
    Question(String),
    /// We failed, whatever was asked.
    Fault(String),
}

impl Failure {
    /// A file or option that cannot be used: what was found, and what to do about it.
    #[must_use]
    pub fn of_input(input: impl fmt::Display, found: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::Question(format!("{input}: {found}; {remedy}"))
    }

    /// The exit status that goes with it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Question(_) => Exit::Question,
            Self::Fault(_) => Exit::Fault,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question(line) => f.write_str(line),
            Self::Fault(line) => write!(f, "fault of ours: {line}"),
        }
    }
}
