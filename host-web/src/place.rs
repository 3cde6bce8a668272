//! Where in the pages one is: the part of the address after `#`, such as `certificates/ab01?room=tomcat`. It works from
//! any address the page is served at, and with the network unplugged.

use sycamore::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A place: a page, what is looked at on it, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The page's word in addresses; empty for the first page.
    pub(crate) page: String,
    /// What is looked at, from the general to the particular.
    pub(crate) rest: Vec<String>,
    /// Filters and the like, in their order.
    pub(crate) query: Vec<(String, String)>,
}

impl Place {
    /// Reads what follows `#`.
    pub(crate) fn of(hash: &str) -> Self {
        let hash = hash.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let mut parts = path.split('/').filter(|part| !part.is_empty()).map(decoded);
        Self {
            page: parts.next().unwrap_or_default(),
            rest: parts.collect(),
            query: query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (decoded(name), decoded(value)))
                .collect(),
        }
    }

    /// The address, with `#`.
    pub(crate) fn address(&self) -> String {
        let mut address = format!("#/{}", encoded(&self.page));
        for part in &self.rest {
            address.push('/');
            address.push_str(&encoded(part));
        }
        for (number, (name, value)) in self.query.iter().enumerate() {
            address.push(if number == 0 { '?' } else { '&' });
            address.push_str(&format!("{}={}", encoded(name), encoded(value)));
        }
        address
    }

    /// A value of the query.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

fn decoded(text: &str) -> String {
    js_sys::decode_uri_component(&text.replace('+', " ")).map_or_else(|_| text.to_owned(), String::from)
}

/// The place one is at, followed for as long as the page lives.
pub(crate) fn followed() -> ReadSignal<Place> {
    let place = create_signal(here());
    let moved: Closure<dyn Fn()> = Closure::new(move || place.set(here()));
    if let Some(window) = web_sys::window() {
        let function = moved.as_ref().unchecked_ref();
        let _added = window.add_event_listener_with_callback("hashchange", function);
    }
    // for as long as the page lives
    moved.forget();
    *place
}

fn here() -> Place {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    Place::of(&hash.unwrap_or_default())
}

/// Goes to a place.
pub(crate) fn go(address: &str) {
    if let Some(window) = web_sys::window() {
        let _moved = window.location().set_hash(address);
    }
}
