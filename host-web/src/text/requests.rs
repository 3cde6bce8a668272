//! Signing requests.

pub(crate) const NAME: &str = "Requests";
pub(crate) const PENDING: &str = "Waiting for their certificates";
pub(crate) const NONE_PENDING: &str = "No request is waiting.";
pub(crate) const NEW: &str = "New request";
pub(crate) const NEW_SAID: &str = "A key is made here and never leaves; the request goes to an authority. It takes the place of one for the same purpose.";
pub(crate) const REQUEST_FOR: &str = "{purpose} ({node})";
pub(crate) const KEY: &str = "Key (SHA-256)";
pub(crate) const PEM: &str = "Show, copy or download the request (PEM)";
pub(crate) const DROP: &str = "Drop the request";
pub(crate) const DROP_THIS: &str = "Drop the request for {purpose} ({node})";
pub(crate) const DROP_SAID: &str = "Its key goes with it: a certificate that an authority issues for it can no longer be used. This cannot be undone.";
