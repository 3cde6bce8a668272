//! The policy document (TOML): text to `Settings`, every error with line and column.
