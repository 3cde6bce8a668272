//! Deleting certificates.

pub(crate) const TITLE: &str = "Delete {name} from {room}";
pub(crate) const IMPACT: &str = "Step 1 of 2: what this would do";
pub(crate) const CAUTION: &str = "Deleting can affect how the system operates";
pub(crate) const CAUTION_SAID: &str = "Whatever is trusted only through this certificate is refused from then on. Read what was found below first.";
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const CONFIRM: &str = "Step 2 of 2: confirm";
pub(crate) const FOR_GOOD: &str = "Deleting cannot be undone";
pub(crate) const FOR_GOOD_SAID: &str =
    "{name} is taken out of {room} ({node}). To have it back, its file has to be uploaded again.";
pub(crate) const TYPE_WORD: &str = "Type delete to confirm";
pub(crate) const WORD: &str = "delete";
pub(crate) const DELETE: &str = "Delete for good";
pub(crate) const BACK: &str = "Back to what it would do";
pub(crate) const DONE: &str = "{name} was deleted from {room}";
