//! What is in files, what would be decided about them, and what an upload would do.

pub(crate) const NAME: &str = "Preview and upload";
pub(crate) const INTRODUCTION: &str = "Files are read by the engine in this page. Nothing leaves this machine until you press a button that says so, and it works with the network unplugged.";
pub(crate) const DROP: &str = "Drop files anywhere on this page, paste them, or choose them here.";
pub(crate) const DROP_WHAT: &str =
    "Certificates, chains, requests, revocation lists and OCSP responses, as PEM, DER or PKCS #7";
pub(crate) const CHOOSE: &str = "Choose files";
pub(crate) const PASTE: &str = "Paste PEM text";
pub(crate) const SHOW_TEXT: &str = "Show what it is";
pub(crate) const PASTED: &str = "Pasted text";
pub(crate) const READING: &str = "Reading …";
pub(crate) const SHOWN_ONE: &str = "One file is shown";
pub(crate) const SHOWN: &str = "{number} files are shown";
pub(crate) const FORGET: &str = "Forget {name}";
pub(crate) const FORGET_SHORT: &str = "Forget";
pub(crate) const FORGET_ALL: &str = "Forget all files";
pub(crate) const UNREADABLE: &str = "the browser could not read the file";
pub(crate) const TOO_LARGE: &str = "This file has {size} MiB and was not read: at most {most} MiB are looked at. Certificates are far smaller; is it the right file?";
pub(crate) const SECRET: &str = "Nothing of it is shown or kept, and it must not be uploaded anywhere. If others may have seen it, replace the key and its certificate.";
pub(crate) const REQUEST: &str = "A request for a certificate (PKCS #10), not yet a certificate";
pub(crate) const REQUEST_MORE: &str = "Nothing of it is verified here. A request that waits on the server is compared with the certificate when that is about to be uploaded.";
pub(crate) const FORMS: [(&str, &str); 4] =
    [("der", "DER"), ("pem", "PEM"), ("pkcs7-der", "PKCS #7 in DER"), ("pkcs7-pem", "PKCS #7 in PEM")];
pub(crate) const ONE_CERTIFICATE: &str = "one certificate";
pub(crate) const CERTIFICATES: &str = "{number} certificates";
pub(crate) const OUT_OF_ORDER: &str = "The certificates are not in the usual order";
pub(crate) const RIGHT_ORDER: &str = "Decisions here do not depend on it, but many servers send the file as it is. The right order is that of the picture below: the target first, and after each certificate the one that issued it.";
pub(crate) const ONE_LIST: &str = "One certificate revocation list (CRL)";
pub(crate) const LISTS: &str = "{number} certificate revocation lists (CRL)";
pub(crate) const LIST_ISSUER: &str = "Issuer";
pub(crate) const LIST_NUMBER: &str = "CRL number";
pub(crate) const THIS_UPDATE: &str = "This update";
pub(crate) const NEXT_UPDATE: &str = "Next update";
pub(crate) const LIST_NUMBER_OID: &str = "2.5.29.20 · hexadecimal";
pub(crate) const NOT_GIVEN: &str = "not given";
pub(crate) const NOT_YET: &str = "not yet";
pub(crate) const OVERDUE: &str = "a newer list is due";
pub(crate) const ISSUER_THERE: &str = "A certificate of this name is among the files.";
pub(crate) const ISSUER_ABSENT: &str = "No certificate of this name is among the files.";
pub(crate) const FINGERPRINT: &str = "SHA-256 Fingerprint";
pub(crate) const SIZE: &str = "Size";
pub(crate) const ONE_OCTET: &str = "one octet";
pub(crate) const OCTETS: &str = "{number} octets";
pub(crate) const SAYS: &str = "What it says of certificates beside it";
pub(crate) const SAYS_MEANS: &str =
    "Read as if their issuer were trusted. It is a look at this file, and no decision about a certificate.";
pub(crate) const SAYS_OF_NOBODY: &str = "Nothing to ask about: no certificate is among the files together with the one that issued it. Add both, and it is shown who signed this and what it says.";
pub(crate) const SAYS_NOTHING: &str =
    "It was not looked at, because the certificate does not hold in any case: {reason}";
pub(crate) const ISSUED_BY: &str = "issued by {issuer}";
pub(crate) const LIST_MORE: &str =
    "Which other certificates it lists is not shown: this page asks about those that are among the files.";
pub(crate) const RESPONSE: &str = "An OCSP response.";
pub(crate) const ONE_CARRIED: &str = "It carries one certificate, of its signer perhaps.";
pub(crate) const CARRIED: &str = "It carries {number} certificates.";
pub(crate) const RESPONSE_MORE: &str = "About whom it is, and when it was signed, is shown only together with the certificates that it is about.";
