//! Options whose names are fixed although this version does not have them yet. Each is refused: an option
//! that is silently ignored, revocation above all, would allow what its author meant to deny.

use super::Failure;
use super::verify::Arguments;

/// Refuses the options that this version does not have.
///
/// # Errors
/// For the first of them that was given.
pub fn check(arguments: &Arguments) -> Result<(), Failure> {
    let given = [
        ("--crl", !arguments.crl.is_empty()),
        ("--ocsp", !arguments.ocsp.is_empty()),
        ("--online", arguments.online),
        ("--cc", arguments.cc),
        ("--capsule", arguments.capsule.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => Err(Failure::of_input(
            option,
            "this option is not available in this version",
            "nothing was decided; leave it out to decide without it",
        )),
    }
}
