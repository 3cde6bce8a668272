//! The settings of revocation and of the monitor: a form under the names that the documents give them, the whole document,
//! its versions, and what nodes have of their own. Nothing is saved before it was shown what changes.

mod candidate;
mod form;
mod proposal;
mod text;
mod versions;

use serde::Deserialize;
use sycamore::prelude::*;

use crate::document::policy::{Outcome, Version};
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Answer, Asked, session};
use crate::text::candidate as words;
use crate::text::settings;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, notice};
use crate::widget::tabs::{Tab, tabs};

/// Where the deployment's document is.
const DEPLOYMENT: &str = "/api/v1/policies/deployment";
/// What is asked for again when a document was saved.
const THINGS: &[&str] = &["policy", "nodes", "monitor", "lists"];

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq)]
struct InForce {
    /// Where it is written to.
    path: String,
    /// The state's version.
    version: Option<String>,
    /// The document, as its author wrote it.
    document: String,
    /// Everything, defaults included.
    settings: String,
}

/// The product, as far as settings are kept apart by it (R-OCSP-24, R-MON-16).
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Cluster {
    product: String,
}

/// A node, by name.
#[derive(Deserialize)]
struct Node {
    name: String,
}

/// The nodes.
#[derive(Deserialize)]
struct Nodes {
    items: Vec<Node>,
}

/// The page.
pub(crate) fn page(place: Place) -> View {
    let part = place.rest.first().cloned().unwrap_or_default();
    let tab = |address, name, word: &str| Tab { address, name, is_current: part == word };
    let parts = tabs(
        settings::PARTS,
        vec![
            tab("#/settings", settings::FORM, ""),
            tab("#/settings/document", settings::DOCUMENT, "document"),
            tab("#/settings/candidate", words::NAME, "candidate"),
            tab("#/settings/versions", settings::VERSIONS, "versions"),
            tab("#/settings/nodes", settings::NODES, "nodes"),
        ],
    );
    let product = product();
    let shown = match part.as_str() {
        "document" => {
            of_deployment(|in_force, saved| text::editor(in_force, settings::TEXT.to_owned(), saved))
        }
        "candidate" => candidate::part(&place),
        "versions" => versions::part(),
        "nodes" => text::nodes(place.rest.get(1).cloned()),
        _ => of_deployment(form::part),
    };
    let read_only = if session::may("policy.manage") {
        View::new()
    } else {
        notice(Weight::Note, settings::READ_ONLY, View::new())
    };
    view! {
        h1 { (settings::NAME) }
        (product)
        (parts)
        (read_only)
        (shown)
    }
}

/// Whose settings these are: each product has its own server, its own settings and its own entry (R-OCSP-24, R-MON-16).
fn product() -> View {
    let known = load(&["cluster"], || Asked::get("/api/v1/cluster").document());
    loaded(known, |cluster: &Cluster| {
        let said =
            settings::PRODUCTS.iter().find(|(word, _)| *word == cluster.product).map_or("", |(_, said)| said);
        view! { p(class="aside") { (said) } }
    })
}

/// Something about the deployment's document, made anew each time one was saved here. What others save meanwhile changes
/// nothing under somebody's hands: saving is then refused as out of date.
fn of_deployment(show: impl Fn(&InForce, Signal<u32>) -> View + 'static) -> View {
    let saved = create_signal(0);
    let known = load(&[], move || {
        saved.track();
        in_force()
    });
    loaded(known, move |in_force: &InForce| show(in_force, saved))
}

async fn in_force() -> Answer<InForce> {
    let (version, tag) = Asked::get(DEPLOYMENT).versioned::<Version>().await?;
    let document = version.document;
    let settings = if session::may("policy.manage") {
        let asked = Asked::write("PUT", format!("{DEPLOYMENT}?dry_run")).text("application/toml", &document);
        asked.document::<Outcome>().await?.settings
    } else {
        of_first_node().await?
    };
    Ok(InForce { path: DEPLOYMENT.to_owned(), version: tag, document, settings })
}

/// What holds on the first node, for those who may not try documents.
async fn of_first_node() -> Answer<String> {
    let nodes: Nodes = Asked::get("/api/v1/nodes").document().await?;
    let Some(node) = nodes.items.first() else { return Ok(String::new()) };
    Ok(of_node(&node.name).await?.settings)
}

/// What a node has of its own, and what holds there.
#[derive(Deserialize)]
struct Own {
    document: String,
    settings: String,
}

async fn of_node(name: &str) -> Answer<InForce> {
    let path = format!("/api/v1/nodes/{}/policy", crate::server::encoded(name));
    let (own, version) = Asked::get(path.clone()).versioned::<Own>().await?;
    Ok(InForce { path, version, document: own.document, settings: own.settings })
}
