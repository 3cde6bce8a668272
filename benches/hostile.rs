//! Input made to be slow.
pub(crate) fn run() -> Result<(), String> {
    Err("no hostile input yet".to_owned())
}
