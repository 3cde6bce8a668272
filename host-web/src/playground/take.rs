//! How decisions come onto the bench: as files that are dropped or chosen, or from what the server has recorded. What is no
//! decision is named with the reason, and stops nothing.

use js_sys::{Array, Promise, Uint8Array};
use serde::Deserialize;
use sycamore::futures::spawn_local_scoped;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Event, FileList, HtmlInputElement};

use super::board::{Board, Unusable};
use super::recorded::Decision;
use super::run::Slices;
use crate::server::{Answer, Asked, Failure};
use crate::text::playground;

/// The most decisions on the bench.
const MOST: usize = 20_000;
/// The largest file that is read, in octets: a list of 64 MiB as base64 and what belongs to it.
const LARGEST: f64 = 100_663_296.0;
/// The most that the server is asked for at a time, and in one page of its list.
const AT_ONCE: usize = 6;
const PAGE: usize = 500;

/// What came in: decisions, and what is none.
#[derive(Default)]
struct Came {
    decisions: Vec<Decision>,
    unusable: Vec<Unusable>,
}

impl Came {
    fn take(&mut self, name: String, octets: Result<Vec<u8>, String>) {
        match octets.and_then(|octets| Board::pooled(|pool| Decision::read(&octets, pool))) {
            Ok(decision) => self.decisions.push(decision),
            Err(reason) => self.unusable.push(Unusable { name, reason }),
        }
    }

    fn put(&mut self, board: Board) {
        let Self { decisions, unusable } = std::mem::take(self);
        board.add(decisions, unusable);
    }
}

/// The files of an `<input type=file>`, which is empty afterwards.
pub(crate) fn chosen(event: &Event) -> Vec<web_sys::File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    // read before it is emptied: the list is the input's own
    let files = listed(input.files());
    input.set_value("");
    files
}

/// Files as a list.
pub(crate) fn listed(files: Option<FileList>) -> Vec<web_sys::File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|number| files.get(number)).collect()
}

/// Reads files as decisions.
pub(crate) fn decisions(board: Board, files: Vec<web_sys::File>) {
    if files.is_empty() {
        return;
    }
    board.scope.run_in(|| {
        spawn_local_scoped(async move {
            let (mut came, mut slices, total) = (Came::default(), Slices::begin(), files.len());
            for (number, file) in files.into_iter().enumerate() {
                if has_no_room(board, &mut came) {
                    break;
                }
                came.take(file.name(), read(&file).await);
                if slices.is_picture() {
                    board.taking.set(Some((number.saturating_add(1), total)));
                }
                slices.rest().await;
            }
            came.put(board);
            board.taking.set(None);
        });
    });
}

fn has_no_room(board: Board, came: &mut Came) -> bool {
    let there = board.decisions.with_untracked(Vec::len).saturating_add(came.decisions.len());
    if there < MOST {
        return false;
    }
    let reason = crate::text::with(playground::NO_ROOM, &[("most", &MOST.to_string())]);
    came.unusable.push(Unusable { name: playground::REST.to_owned(), reason });
    true
}

/// The octets of a file.
pub(crate) async fn read(file: &web_sys::File) -> Result<Vec<u8>, String> {
    if file.size() > LARGEST {
        return Err(playground::TOO_LARGE.to_owned());
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| crate::text::preview::UNREADABLE.to_owned())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A page of the server's list.
#[derive(Deserialize)]
struct Page {
    items: Vec<Entry>,
    next: Option<String>,
}

/// A decision of it.
#[derive(Deserialize)]
struct Entry {
    id: String,
}

/// Fetches so many of the decisions that the server recorded last. How many there were.
///
/// # Errors
/// [`Failure`] where the server does not list them, or one of them cannot be had.
pub(crate) async fn newest(board: Board, count: usize) -> Answer<usize> {
    let (mut ids, mut after) = (Vec::new(), None::<String>);
    while ids.len() < count {
        let limit = count.saturating_sub(ids.len()).min(PAGE);
        let rest = after.map(|after| format!("&after={after}")).unwrap_or_default();
        let page: Page = Asked::get(format!("/api/v1/capsules?limit={limit}{rest}")).document().await?;
        ids.extend(page.items.into_iter().map(|entry| entry.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let (mut came, mut slices, total) = (Came::default(), Slices::begin(), ids.len());
    let mut done = 0_usize;
    for together in ids.chunks(AT_ONCE) {
        if has_no_room(board, &mut came) {
            break;
        }
        for (id, octets) in together.iter().zip(fetched(together).await?) {
            came.take(id.clone(), Ok(octets));
        }
        done = done.saturating_add(together.len());
        if slices.is_picture() {
            board.taking.set(Some((done, total)));
        }
        slices.rest().await;
    }
    came.put(board);
    Ok(total)
}

/// Some capsules, side by side: one after another each would wait for the network.
async fn fetched(ids: &[String]) -> Answer<Vec<Vec<u8>>> {
    let asked: Array = ids.iter().map(|id| JsValue::from(promised(id.clone()))).collect();
    let came = JsFuture::from(Promise::all(&asked)).await;
    let came = came.map_err(|why| Failure::Unreadable(why.as_string().unwrap_or_default()))?;
    Ok(came.unchecked_into::<Array>().iter().map(|one| Uint8Array::new(&one).to_vec()).collect())
}

fn promised(id: String) -> Promise {
    future_to_promise(async move {
        let octets = Asked::get(format!("/api/v1/capsules/{id}")).octets("application/json").await;
        match octets {
            Ok(octets) => Ok(JsValue::from(Uint8Array::from(octets.as_slice()))),
            Err(failure) => Err(JsValue::from_str(&format!("{failure:?}"))),
        }
    })
}
