//! Options whose names are fixed although this version does not have them yet. Each is refused: an option
//! that is silently ignored would do less than its author relies on.

use super::Failure;
use super::verify::Arguments;

/// Refuses the options that this version does not have.
///
/// # Errors
/// For the first of them that was given.
pub fn check(arguments: &Arguments) -> Result<(), Failure> {
    let given = [("--capsule", arguments.capsule.is_some())];
    match given.into_iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => Err(Failure::of_input(
            option,
            "this option is not available in this version",
            "nothing was decided; leave it out to decide without it",
        )),
    }
}
