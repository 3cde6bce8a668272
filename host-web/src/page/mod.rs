//! The pages, one file each, and the one table of them.

pub(crate) mod overview;
pub(crate) mod certificates;
mod certificate;
mod deletion;
pub(crate) mod requests;
pub(crate) mod own;
mod issue;
pub(crate) mod preview;
pub(crate) mod alarms;
pub(crate) mod decisions;
pub(crate) mod playground;
pub(crate) mod settings;
pub(crate) mod nodes;
pub(crate) mod audit;
pub(crate) mod accounts;
mod sign_in;

use sycamore::prelude::*;

pub(crate) use sign_in::sign_in;

use crate::place::Place;
use crate::text;

/// A page of the menu.
pub(crate) struct Page {
    /// Its word in addresses; empty for the first.
    pub(crate) word: &'static str,
    /// Its name for people.
    pub(crate) name: &'static str,
    /// What one must be allowed to do for it to be of use.
    pub(crate) permission: &'static str,
    /// It shows something without a server and without signing in.
    pub(crate) is_open: bool,
    /// What it shows of a place.
    pub(crate) show: fn(Place) -> View,
}

/// Every page, in the order of the menu.
pub(crate) const PAGES: &[Page] = &[
    Page { word: "", name: text::overview::NAME, permission: "read", is_open: false, show: overview::page },
    Page {
        word: "certificates",
        name: text::certificates::NAME,
        permission: "read",
        is_open: false,
        show: certificates::page,
    },
    Page {
        word: "requests",
        name: text::requests::NAME,
        permission: "read",
        is_open: false,
        show: requests::page,
    },
    Page { word: "own", name: text::own::NAME, permission: "read", is_open: false, show: own::page },
    Page {
        word: "preview",
        name: text::preview::NAME,
        permission: "read",
        is_open: true,
        show: preview::page,
    },
    Page {
        word: "decisions",
        name: text::decisions::NAME,
        permission: "read",
        is_open: false,
        show: decisions::page,
    },
    Page {
        word: "playground",
        name: text::playground::NAME,
        permission: "read",
        is_open: true,
        show: playground::page,
    },
    Page { word: "alarms", name: text::alarms::NAME, permission: "read", is_open: false, show: alarms::page },
    Page {
        word: "settings",
        name: text::settings::NAME,
        permission: "read",
        is_open: false,
        show: settings::page,
    },
    Page { word: "nodes", name: text::nodes::NAME, permission: "read", is_open: false, show: nodes::page },
    Page {
        word: "audit",
        name: text::audit::NAME,
        permission: "audit.read",
        is_open: false,
        show: audit::page,
    },
    Page {
        word: "accounts",
        name: text::accounts::NAME,
        permission: "accounts.manage",
        is_open: false,
        show: accounts::page,
    },
];
