//! Files that people keep, and texts for the clipboard.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Gives a file to the person.
pub(crate) fn save(name: &str, media_type: &str, octets: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(octets));
    let properties = BlobPropertyBag::new();
    properties.set_type(media_type);
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &properties) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let document = web_sys::window().and_then(|window| window.document());
    let anchor = document.and_then(|document| document.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    let _given_back = Url::revoke_object_url(&address);
}

/// Puts a text on the clipboard.
pub(crate) fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        let _copied = window.navigator().clipboard().write_text(text);
    }
}

/// A name for a file that every system takes: what may mislead or be refused is left out.
pub(crate) fn file_name(wanted: &str) -> String {
    let is_good = |sign: &char| sign.is_alphanumeric() || "._- ".contains(*sign);
    let name: String = wanted.chars().filter(is_good).take(100).collect();
    name.trim_matches(['.', ' ']).to_owned()
}
