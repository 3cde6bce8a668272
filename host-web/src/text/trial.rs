//! Operations in two steps, and what they make.

pub(crate) const AGAIN: &str = "Look again";
pub(crate) const DOING: &str = "It is being done. You can go to another page meanwhile: it is done all the same, and shown there when it is.";
pub(crate) const REFUSED: &str = "This is refused: nothing would be done";
pub(crate) const WOULD_BE_MADE: &str = "What would be made";
pub(crate) const MANY_SERVERS: &str = "many servers";
pub(crate) const KEY_AND_REQUEST: &str =
    "A key ({type}, {bits} bits) and a signing request for {purpose} on {node}, signed with {hash}";
pub(crate) const KEY_AND_CERTIFICATE: &str = "A key ({type}, {bits} bits) and a self-signed certificate for {purpose} on {node}, signed with {hash}, valid for {years} years";
pub(crate) const REQUEST_MADE: &str = "Request for {purpose} ({node})";
pub(crate) const CERTIFICATE_MADE: &str = "Certificate for {purpose} ({node})";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const PREVIEW: &str = "Preview";
pub(crate) const PREVIEWED: &str = "What this would do";
