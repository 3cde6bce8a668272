//! The parts of a page, each with an address of its own.

use sycamore::prelude::*;

/// A part of a page.
pub(crate) struct Tab {
    /// Its address.
    pub(crate) address: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// It is the one that is shown.
    pub(crate) is_current: bool,
}

/// The parts, in their order.
pub(crate) fn tabs(name: &'static str, parts: Vec<Tab>) -> View {
    let items: Vec<View> = parts.into_iter().map(item).collect();
    view! { nav(class="tabs", aria-label=name) { ul { (items) } } }
}

fn item(tab: Tab) -> View {
    let current = tab.is_current.then_some("page");
    let (address, name) = (tab.address, tab.name);
    view! { li { a(href=address, aria-current=current) { (name) } } }
}
