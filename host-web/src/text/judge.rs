//! What would be decided about a certificate of the files.

pub(crate) const NAME: &str = "What would be decided";
pub(crate) const TARGET: &str = "Certificate";
pub(crate) const TRUST: &str = "Trust";
pub(crate) const FILES: &str = "Certificates of the files, as chosen here";
pub(crate) const STORE: &str = "The server's {store}";
pub(crate) const ANCHORS: &str = "Trust anchors for this preview";
pub(crate) const NO_ANCHORS: &str =
    "No self-issued certificate is among the files; nothing can be trusted by them alone.";
pub(crate) const PURPOSE: &str = "Purpose";
pub(crate) const ANY_PURPOSE: &str = "Not asked";
pub(crate) const CARRIED_NAME: &str = "Name that it must carry (optional)";
pub(crate) const REACH: &str = "Let the server ask whether certificates are revoked (sends them to it)";
pub(crate) const DECIDE: &str = "Decide in this page";
pub(crate) const DECIDING: &str = "Deciding …";
pub(crate) const NOT_ASKED: &str = "Whether certificates are revoked was not asked: nothing was fetched";
pub(crate) const NOT_ASKED_MORE: &str =
    "{number} answers of responders or lists were wanted. A decision of the server asks for them.";
pub(crate) const NO_TARGET: &str = "The certificate is not among the files any more";
pub(crate) const NO_END: &str = "the engine asked for more and more";
