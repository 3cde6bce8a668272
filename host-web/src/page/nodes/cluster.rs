//! What the cluster is set to: its product, its release, and what is switched on.

use serde::{Deserialize, Serialize};
use sycamore::prelude::*;

use crate::server::load::load;
use crate::server::{Asked, session};
use crate::text::nodes;
use crate::widget::deed::{Deed, deed};
use crate::widget::field;
use crate::widget::loaded::loaded;

/// The settings.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
struct Cluster {
    product: String,
    release: String,
    features: Vec<String>,
}

/// The part of the page.
pub(super) fn part() -> View {
    let deed = deed();
    let saved = create_signal(0_u32);
    let known = load(&[], move || {
        saved.track();
        Asked::get("/api/v1/cluster").versioned::<Cluster>()
    });
    let shown = loaded(known, move |(cluster, version): &(Cluster, Option<String>)| {
        form(cluster, version.clone(), (deed, saved))
    });
    let said = deed.said();
    view! {
        (said)
        (shown)
    }
}

fn form(cluster: &Cluster, version: Option<String>, (deed, saved): (Deed, Signal<u32>)) -> View {
    let (product, release) = (create_signal(cluster.product.clone()), create_signal(cluster.release.clone()));
    let features = nodes::FEATURE_NAMES
        .map(|(word, said)| (word, said, create_signal(cluster.features.iter().any(|known| known == word))));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let on = features.iter().filter(|(_, _, is_on)| is_on.get_untracked());
        let wanted = Cluster {
            product: product.get_clone_untracked(),
            release: release.get_clone_untracked(),
            features: on.map(|(word, _, _)| (*word).to_owned()).collect(),
        };
        let asked = Asked::write("PUT", "/api/v1/cluster").json(&wanted).if_match(version.as_deref());
        deed.start(&["cluster", "nodes", "certificates"], asked.document::<Cluster>(), move |_| {
            saved.set(saved.get_untracked().wrapping_add(1));
            nodes::SAVED.to_owned()
        });
    };
    let products = nodes::PRODUCTS.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let switches: Vec<View> = features.iter().map(|(_, said, is_on)| field::switch(said, *is_on)).collect();
    let (product, release) =
        (field::choice(nodes::PRODUCT, product, products), field::line(nodes::RELEASE, release));
    let may = session::may("policy.manage");
    view! {
        form(on:submit=submit) {
            p(class="aside") { (nodes::CLUSTER_MEANS) }
            (product)
            (release)
            fieldset {
                legend { (nodes::FEATURES) }
                (switches)
            }
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=!may || deed.is_busy()) { (nodes::SAVE) }
            }
        }
    }
}
