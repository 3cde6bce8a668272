//! How long something still holds, at a glance: the days, and a thin bar of what is left of its whole validity.

use sycamore::prelude::*;

use super::time;

/// The days left with their weight, and the bar, which says nothing that the words do not.
pub(crate) fn at_a_glance(not_before: &str, not_after: &str) -> View {
    let left = time::left(not_before, not_after);
    let bar = share(not_before, not_after).map(|share| {
        let share = share.to_string();
        view! { meter(class="validity", min="0", max="100", value=share, aria-hidden="true") }
    });
    view! {
        div(class="glance") { (left) (bar) }
    }
}

/// What is left, in hundredths of the whole.
fn share(not_before: &str, not_after: &str) -> Option<i64> {
    let (begin, end) = (time::seconds(not_before)?, time::seconds(not_after)?);
    let whole = end.checked_sub(begin).filter(|whole| *whole > 0)?;
    let left = end.checked_sub(time::now())?.clamp(0, whole);
    left.checked_mul(100)?.checked_div(whole)
}
