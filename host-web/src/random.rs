//! Octets that nobody can guess, from the browser.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// The most that a browser gives at a time.
const AT_ONCE: u32 = 65_536;

/// So many octets; none where the browser gives none.
pub(crate) fn octets(count: usize) -> Option<Vec<u8>> {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &JsValue::from_str(name)).ok();
    let crypto = get(&js_sys::global(), "crypto")?;
    let fill: Function = get(&crypto, "getRandomValues")?.dyn_into().ok()?;
    let mut octets = Vec::with_capacity(count);
    while octets.len() < count {
        let rest = u32::try_from(count.saturating_sub(octets.len())).unwrap_or(AT_ONCE);
        let part = Uint8Array::new_with_length(rest.min(AT_ONCE));
        fill.call1(&crypto, &part).ok()?;
        octets.extend(part.to_vec());
    }
    Some(octets)
}
