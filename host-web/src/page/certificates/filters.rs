//! The form of the filters: what is entered becomes the address (R-SHOW-1 to R-SHOW-3).

use sycamore::prelude::*;

use crate::document::catalogue::{Catalogue, Nodes};
use crate::place::Place;
use crate::server::load::Loaded;
use crate::text::{certificates, common};
use crate::widget::{entry, field};

/// Criteria, by their names in the address and in the API's query.
const CRITERIA: [&str; 7] =
    ["common_name", "kind", "room", "node", "key_type", "expires_after", "expires_before"];
/// What a criterion is not, and stays as it is when others change.
const ORDER: [&str; 2] = ["sort", "direction"];
/// Kinds of keys that are met with, as the API names them.
const KEY_TYPES: [&str; 9] =
    ["rsa 1024", "rsa 2048", "rsa 3072", "rsa 4096", "p-256", "p-384", "p-521", "ed25519", "ed448"];

/// The form.
pub(super) fn filters(
    place: &Place,
    catalogue: ReadSignal<Loaded<Catalogue>>,
    nodes: ReadSignal<Loaded<Nodes>>,
) -> View {
    let entered =
        CRITERIA.map(|name| (name, create_signal(place.asked(name).unwrap_or_default().to_owned())));
    let [common_name, kind, room, node, key_type, after, before] = entered.map(|(_, value)| value);
    let order: Vec<(String, String)> =
        place.query.iter().filter(|(name, _)| ORDER.contains(&name.as_str())).cloned().collect();
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let criteria = entered.map(|(name, value)| (name.to_owned(), value.get_clone()));
        super::go(criteria.into_iter().chain(order.clone()).collect());
    };
    let clear = |_| super::go(Vec::new());
    let kinds = [("", common::ALL), ("identity", certificates::IDENTITY), ("trust", certificates::TRUST)];
    let kinds = kinds.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let rooms =
        move || field::choice(certificates::ROOM, room, options(&catalogue.get_clone(), Catalogue::rooms));
    let nodes = move || field::choice(certificates::NODE, node, options(&nodes.get_clone(), Nodes::names));
    let common_name = field::line(certificates::COMMON_NAME, common_name);
    let kind = field::choice(certificates::USAGE, kind, kinds);
    let key_type = entry::suggested(certificates::KEY_TYPE, key_type, &KEY_TYPES);
    let after = entry::day(certificates::EXPIRES_AFTER, after);
    let before = entry::day(certificates::EXPIRES_BEFORE, before);
    view! {
        form(class="filters", role="search", aria-label=certificates::FILTERS, on:submit=apply) {
            (common_name)
            (kind)
            (rooms())
            (nodes())
            (key_type)
            (after)
            (before)
            button(r#type="submit", class="primary") { (common::APPLY) }
            button(r#type="button", on:click=clear) { (certificates::CLEAR) }
        }
    }
}

/// All, and then what there is.
fn options<T>(loaded: &Loaded<T>, names: impl Fn(&T) -> Vec<String>) -> Vec<(String, String)> {
    let names = if let Loaded::Here(here) = loaded { names(here) } else { Vec::new() };
    let all = (String::new(), common::ALL.to_owned());
    [all].into_iter().chain(names.into_iter().map(|name| (name.clone(), name))).collect()
}
