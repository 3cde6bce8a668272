//! The pages, in the order of a visit: [`app`] is the frame, [`page`] holds one file for each page, [`preview`] shows
//! what is in files before they leave the machine. Beneath them [`engine`] is the door to the component that runs in
//! this page, [`server`] the door to the API, [`document`] what both of them write, [`widget`] what pages are built of,
//! and [`text`] every word that people read.
//!
//! A host like the server: it asks, shows and remembers nothing but the token. No rule is in here.

use wasm_bindgen::prelude::wasm_bindgen;

mod engine;

/// Starts the page.
#[wasm_bindgen(start)]
pub fn start() {
    wasm_bindgen_futures::spawn_local(async {
        let hash = engine::core_module_sha256().await;
        web_sys::console::log_1(&format!("{hash:?}").into());
        let engine = engine::engine().await.map(drop);
        web_sys::console::log_1(&format!("{engine:?}").into());
    });
}
