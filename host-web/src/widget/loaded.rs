//! Something that is being asked for, in each of its states.

use sycamore::prelude::*;

use super::{busy, focus, notice};
use crate::server::load::Loaded;
use crate::text::common;

/// Shows what is here, or says why it is not.
pub(crate) fn loaded<T>(state: ReadSignal<Loaded<T>>, show: impl Fn(&T) -> View + 'static) -> View
where
    T: Clone + PartialEq + 'static,
{
    // a copy: while a signal is read in its place, nothing that follows signals can be made
    let shown = move || {
        let state = state.get_clone();
        focus::remember();
        match state {
            Loaded::Waiting => busy::busy(common::LOADING),
            Loaded::Here(here) => show(&here),
            Loaded::Failed(failure) => notice::failure(&failure),
        }
    };
    view! { (shown()) }
}
