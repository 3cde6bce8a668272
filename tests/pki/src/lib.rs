//! tests/pki
