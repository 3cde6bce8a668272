//! Whether it was signed: [`verify`] is the only door to cryptography.
