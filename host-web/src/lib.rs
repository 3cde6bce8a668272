//! The pages, in the order of a visit: [`app`] is the frame, [`element`] is the preview inside other people's pages; [`page`] holds one file for each page, [`preview`] shows
//! what is in files before they leave the machine, [`playground`] judges recorded decisions under a policy as it is typed.
//! Beneath them [`engine`] is the door to the component that runs in
//! this page, [`server`] the door to the API, [`document`] what both of them write, [`widget`] what pages are built of,
//! and [`text`] every word that people read.
//!
//! A host like the server: it asks, shows, and remembers nothing but the token. No rule is in here.

#![expect(
    rustdoc::private_intra_doc_links,
    reason = "whoever reads this reads all of it: nothing here is for other crates"
)]

use wasm_bindgen::prelude::wasm_bindgen;

mod text;
mod random;
mod engine;
mod document;
mod server;
mod widget;
mod preview;
mod playground;
mod page;
mod place;
mod app;
pub mod element;

/// Shows the pages in the document that loaded them.
#[wasm_bindgen(js_name = openPages)]
pub fn open_pages() {
    // where it was, for whoever looks at the console; what people see of it is in `www/start.js`
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
    sycamore::render(app::frame);
}
