//! Recognises PEM, DER and PKCS #7 by content and yields certificates; refuses the rest with a reason.
