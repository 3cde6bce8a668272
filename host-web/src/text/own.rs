//! Our own certificates: self-signed, made anew, reused.

pub(crate) const NAME: &str = "Own certificates";
pub(crate) const PURPOSE: &str = "Certificate purpose";
pub(crate) const REGENERATE: &str = "Regenerate";
pub(crate) const REGENERATE_THIS: &str = "Regenerate {purpose} ({node})";
pub(crate) const REGENERATE_SAID: &str = "A self-signed certificate with the same key length takes the place of the one there is, even of one by an authority. Do it after business hours: services and phones restart.";
pub(crate) const REGENERATED: &str = "The certificate was made anew";
pub(crate) const SELF_SIGNED: &str = "New self-signed certificate";
pub(crate) const SELF_SIGNED_SAID: &str = "A new key, perhaps of another length, and a certificate signed with it. It takes the place of the one there is.";
pub(crate) const REUSE: &str = "Reuse a certificate";
pub(crate) const REUSE_SAID: &str =
    "A Tomcat certificate for many servers takes the place of the certificate of another purpose.";
pub(crate) const SOURCE: &str = "Tomcat type";
pub(crate) const TARGET: &str = "Replaces the certificate of";
pub(crate) const REUSE_DO: &str = "Replace it";
pub(crate) const REUSED: &str = "The certificate is shared now";
