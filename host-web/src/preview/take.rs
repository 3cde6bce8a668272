//! How files come in: dropped anywhere on the page, chosen, or pasted. What came stays for the visit, in this page only.

use std::cell::RefCell;
use std::rc::Rc;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DragEvent, Event, FileList, HtmlInputElement};

use super::file::{self, File};
use crate::text::preview;

/// The most files at once.
const MAXIMUM_FILES: u32 = 64;

thread_local! {
    static HELD: RefCell<Vec<Rc<File>>> = const { RefCell::new(Vec::new()) };
}

/// The files of this visit, and whether more are being read.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    /// In the order they came.
    pub(crate) files: Signal<Vec<Rc<File>>>,
    /// Some are being read.
    pub(crate) is_busy: Signal<bool>,
    /// Some are held over the page.
    pub(crate) is_over: Signal<bool>,
}

impl Taken {
    /// No file yet, and none of those that other parts of the page hold.
    pub(crate) fn empty() -> Self {
        Self {
            files: create_signal(Vec::new()),
            is_busy: create_signal(false),
            is_over: create_signal(false),
        }
    }
}

/// What was taken before, and the page as a place to drop more.
pub(crate) fn begin() -> Taken {
    let files = create_signal(HELD.with_borrow(Clone::clone));
    let taken = Taken { files, is_busy: create_signal(false), is_over: create_signal(false) };
    listen("dragover", move |event: DragEvent| {
        event.prevent_default();
        taken.is_over.set(true);
    });
    listen("dragleave", move |_: DragEvent| taken.is_over.set(false));
    listen("drop", move |event: DragEvent| {
        event.prevent_default();
        taken.is_over.set(false);
        take(taken, event.data_transfer().and_then(|carried| carried.files()));
    });
    listen("paste", move |event: ClipboardEvent| pasted(taken, &event));
    taken
}

/// Listens on the whole document for as long as the page is shown.
pub(crate) fn listen<E: JsCast + wasm_bindgen::convert::FromWasmAbi + 'static>(
    name: &'static str,
    mut heard: impl FnMut(E) + 'static,
) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    // what is begun by an event ends with the page
    let scope = use_current_scope();
    let heard: Closure<dyn FnMut(E)> = Closure::new(move |event| scope.run_in(|| heard(event)));
    let _added = document.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    on_cleanup(move || {
        let _removed = document.remove_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    });
}

/// What is pasted into a field belongs there.
fn pasted(taken: Taken, event: &ClipboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")) {
        return;
    }
    let Some(carried) = event.clipboard_data() else { return };
    match carried.files().filter(|files| files.length() > 0) {
        Some(files) => take(taken, Some(files)),
        None => take_text(taken, carried.get_data("text/plain").unwrap_or_default()),
    }
}

/// The files of an `<input type=file>`, which is empty afterwards.
pub(crate) fn chosen(taken: Taken, event: &Event) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        // read before it is emptied: the list is the input's own
        take(taken, input.files());
        input.set_value("");
    }
}

fn take(taken: Taken, files: Option<FileList>) {
    let Some(files) = files else { return };
    let files: Vec<web_sys::File> =
        (0..files.length().min(MAXIMUM_FILES)).filter_map(|number| files.get(number)).collect();
    if files.is_empty() {
        return;
    }
    mark("drop");
    taken.is_busy.set(true);
    spawn_local_scoped(async move {
        let mut read = Vec::with_capacity(files.len());
        for file in files {
            read.push(Rc::new(file::read(file).await));
        }
        show(taken, read);
    });
}

/// A text, such as one or more PEM blocks.
pub(crate) fn take_text(taken: Taken, text: String) {
    if text.is_empty() {
        return;
    }
    mark("drop");
    taken.is_busy.set(true);
    spawn_local_scoped(async move {
        let read = file::recognised(preview::PASTED.to_owned(), text.into_bytes()).await;
        show(taken, vec![Rc::new(read)]);
    });
}

fn show(taken: Taken, read: Vec<Rc<File>>) {
    let mut files = taken.files.get_clone_untracked();
    files.extend(read);
    keep(taken, files);
    taken.is_busy.set(false);
    mark("preview-shown");
}

/// Forgets one of them, or all.
pub(crate) fn forget(taken: Taken, number: Option<usize>) {
    let files = taken.files.get_clone_untracked().into_iter().enumerate();
    let kept = files.filter(|(place, _)| number.is_some_and(|number| number != *place));
    keep(taken, kept.map(|(_, file)| file).collect());
}

fn keep(taken: Taken, files: Vec<Rc<File>>) {
    HELD.set(files.clone());
    taken.files.set(files);
}

/// A mark on the browser's time line, so that tools can say how long a preview took.
fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        let _marked: Result<_, JsValue> = performance.mark(name);
    }
}
