//! The frame around every page, and signing in.

pub(crate) const BRAND: &str = "Assayer";
pub(crate) const SKIP: &str = "Skip to the page";
pub(crate) const MENU: &str = "Pages";
pub(crate) const SIGNED_IN_AS: &str = "{account} ({role})";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const LIVE: &str = "Live";
pub(crate) const NOT_LIVE: &str = "Not live: changes elsewhere are not shown until the server answers again";
pub(crate) const NO_SUCH_PAGE: &str = "There is no such page";
pub(crate) const TO_OVERVIEW: &str = "To the overview";
pub(crate) const LOOKING: &str = "One moment …";

pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const SIGN_IN_INTRODUCTION: &str = "Decides whether certificates may be trusted, says why, and looks after the stores those decisions rest on.";
pub(crate) const TOKEN: &str = "Token";
pub(crate) const BY_TOKEN: &str =
    "Sign in with a token instead, such as the one that the server's first start prints";
pub(crate) const BY_PASSWORD: &str = "Sign in with a password instead";

pub(crate) const ENGINE: &str = "Engine";
pub(crate) const SAME_ENGINE: &str = "This page and the server decide with the same engine";
pub(crate) const OTHER_ENGINE: &str = "This page runs another engine than the server: load the page again, and do not rely on previews until they agree";
pub(crate) const UNKNOWN_ENGINE: &str = "The server has not been asked which engine it runs";
