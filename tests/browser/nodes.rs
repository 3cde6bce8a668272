//! Nodes: joining and leaving after a look at what it does.

use crate::admin::{at, go};
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{Site, TRUST_ADMIN, VIEWER};

#[test]
fn a_node_joins_and_leaves_when_its_plan_was_seen() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/nodes"));
    browser.wait_for(Text("answers here"));
    browser.wait_for(Role("heading", "What is missing on nodes"));
    browser.type_into("Name of the new node", "sub-1");
    browser.press("Enter");
    browser.wait_for(Css("dialog .primary"));
    accessible(&browser);
    browser.screenshot("nodes-join");
    browser.click(Css("dialog .primary"));
    browser.wait_for(Text("sub-1 is a node"));
    browser.click(Role("button", "Remove sub-1"));
    browser.click(Css("dialog .primary"));
    browser.wait_for(Text("sub-1 is no longer a node"));
    browser.wait_until_gone(Role("button", "Remove sub-1"));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("nodes");
}

#[test]
fn the_cluster_is_set_and_whoever_may_not_changes_nothing() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/nodes/cluster"));
    browser.click(Label("Mixed mode"));
    browser.click(Role("button", "Save"));
    browser.wait_for(Text("The cluster is set"));
    accessible(&browser);
    let cluster = crate::managed::done(&site.server.get("/api/v1/cluster"));
    assert_eq!(cluster.get("features"), Some(&serde_json::json!(["mixed-mode"])));
    browser.click(Role("button", "Sign out"));
    at(&browser, &site, (VIEWER, "#/nodes"));
    browser.wait_for(Text("answers here"));
    assert!(!browser.shows(Label("Name of the new node")));
    go(&browser, "#/nodes/cluster");
    assert_eq!(browser.property(Role("button", "Save"), "disabled"), true);
    clean(&browser);
}
