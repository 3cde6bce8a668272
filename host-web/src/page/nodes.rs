//! Nodes: who decides with which version, what is missing on them, who joins and who leaves; and what the cluster is set
//! to.

mod cluster;

use serde::Deserialize;
use serde_json::json;
use sycamore::prelude::*;

use crate::document::plan::Plan;
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Asked, encoded, session};
use crate::text::{self, nodes};
use crate::widget::deed::deed;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge, notice};
use crate::widget::planned::{Change, planned};
use crate::widget::tabs::{Tab, tabs};
use crate::widget::{field, plan, table};

/// The nodes, and the version that all should have.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Nodes {
    items: Vec<Node>,
    version: i64,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Node {
    name: String,
    role: String,
    loaded_version: Option<i64>,
    is_current: bool,
    last_seen: Option<String>,
    is_this: bool,
}

/// The page.
pub(crate) fn page(place: Place) -> View {
    let of_cluster = place.rest.first().is_some_and(|part| part == "cluster");
    let parts = tabs(
        nodes::PARTS,
        vec![
            Tab { address: "#/nodes", name: nodes::NAME, is_current: !of_cluster },
            Tab { address: "#/nodes/cluster", name: nodes::CLUSTER, is_current: of_cluster },
        ],
    );
    let shown = if of_cluster { cluster::part() } else { list() };
    view! {
        h1 { (nodes::NAME) }
        (parts)
        (shown)
    }
}

fn list() -> View {
    let (deed, change) = (deed(), create_signal(None::<Change>));
    let known = load(&["nodes", "policy", "certificates"], || Asked::get("/api/v1/nodes").document());
    let shown = loaded(known, move |nodes: &Nodes| rows(nodes, change));
    let things = &["nodes", "certificates", "cluster", "requests"];
    let missing = load(things, || Asked::get("/api/v1/completeness").document());
    let missing = loaded(missing, |found: &Plan| findings(found, nodes::COMPLETE));
    let exchange = load(things, || Asked::get("/api/v1/exchange").document());
    let exchange = loaded(exchange, |found: &Plan| findings(found, nodes::EXCHANGED));
    let join = if session::may("nodes.manage") { join(change) } else { View::new() };
    let (said, dialog) = (deed.said(), planned(change, deed));
    view! {
        (said)
        (shown)
        (join)
        section(class="card") {
            h2 { (nodes::COMPLETENESS) }
            (missing)
        }
        section(class="card") {
            h2 { (nodes::EXCHANGE) }
            (exchange)
        }
        (dialog)
    }
}

fn findings(found: &Plan, nothing: &'static str) -> View {
    if found.findings.is_empty() && found.effects.is_empty() && found.advice.is_empty() {
        return notice(Weight::Good, nothing, View::new());
    }
    plan::plan(found)
}

fn rows(nodes: &Nodes, change: Signal<Option<Change>>) -> View {
    let columns = [nodes::NODE, nodes::ROLE, nodes::VERSION, nodes::SEEN, nodes::ACTIONS];
    let rows = nodes.items.iter().map(|node| row(node, nodes.version, change)).collect();
    table::table(nodes::NAME, &columns, rows)
}

fn row(node: &Node, current: i64, change: Signal<Option<Change>>) -> View {
    let name = node.name.clone();
    let this = if node.is_this { badge(Weight::Note, nodes::THIS) } else { View::new() };
    let role = nodes::ROLES.iter().find(|(word, _)| *word == node.role).map_or("", |(_, said)| said);
    let standing = if node.is_current {
        badge(Weight::Good, nodes::CURRENT)
    } else {
        badge(Weight::Warning, nodes::BEHIND)
    };
    let loaded = node.loaded_version.map_or_else(
        || nodes::NEVER.to_owned(),
        |loaded| {
            let values = [("loaded", loaded.to_string()), ("current", current.to_string())];
            text::with(nodes::LOADED, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        },
    );
    table::row(vec![
        table::row_head(view! { (name) " " (this) }),
        table::cell(role),
        table::cell(view! { (standing) " " (loaded) }),
        table::cell(table::moment(node.last_seen.as_deref())),
        table::cell(actions(node, change)),
    ])
}

fn actions(node: &Node, change: Signal<Option<Change>>) -> View {
    let own = format!("#/settings/nodes/{}", encoded(&node.name));
    if !session::may("nodes.manage") {
        return view! { a(href=own) { (nodes::OWN) } };
    }
    let (name, path) = (node.name.clone(), format!("/api/v1/nodes/{}", encoded(&node.name)));
    let said = |sentence: &str| text::with(sentence, &[("name", &name)]);
    let remove = Change {
        title: nodes::LEAVE,
        method: "DELETE",
        path: path.clone(),
        body: None,
        done: said(nodes::LEFT),
    };
    let publisher = Change {
        title: nodes::MAKE_PUBLISHER,
        method: "PATCH",
        path,
        body: Some(json!({ "role": "publisher" })),
        done: said(nodes::PUBLISHER_NOW),
    };
    let (leave_label, publisher_label) = (said(nodes::LEAVE_OF), said(nodes::MAKE_PUBLISHER_OF));
    let is_publisher = node.role == "publisher";
    let leave = move |_: web_sys::MouseEvent| change.set(Some(remove.clone()));
    let promote = move |_: web_sys::MouseEvent| change.set(Some(publisher.clone()));
    view! {
        div(class="actions") {
            a(href=own) { (nodes::OWN) }
            button(r#type="button", disabled=is_publisher, aria-label=publisher_label, on:click=promote) { (nodes::MAKE_PUBLISHER) }
            button(r#type="button", class="dangerous", disabled=is_publisher, aria-label=leave_label, on:click=leave) { (nodes::LEAVE) }
        }
    }
}

fn join(change: Signal<Option<Change>>) -> View {
    let name = create_signal(String::new());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = name.get_clone().trim().to_owned();
        if !name.is_empty() {
            change.set(Some(Change {
                title: nodes::JOIN,
                method: "POST",
                path: "/api/v1/nodes".to_owned(),
                done: text::with(nodes::JOINED, &[("name", &name)]),
                body: Some(json!({ "name": name })),
            }));
        }
    };
    let field = field::line(nodes::JOIN_NAME, name);
    view! {
        form(class="filters", on:submit=submit) {
            (field)
            button(r#type="submit") { (nodes::JOIN) }
        }
    }
}
