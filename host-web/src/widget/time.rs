//! Moments as people read them: the date in the form everybody reads the same way, and how far away it is.

use sycamore::prelude::*;

use super::notice::{Weight, badge};
use crate::text::{self, certificates};

const DAY: i64 = 86_400;

/// Now, in seconds since 1970.
pub(crate) fn now() -> i64 {
    // a clock that shows times before the year 200,000 fits
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "saturates; milliseconds are whole"
    )]
    let milliseconds = js_sys::Date::now() as i64;
    milliseconds.div_euclid(1_000)
}

/// A moment of the API or the engine (RFC 3339), in seconds since 1970.
pub(crate) fn seconds(moment: &str) -> Option<i64> {
    let milliseconds = js_sys::Date::parse(moment);
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "saturates; not a number is not here"
    )]
    (!milliseconds.is_nan()).then_some((milliseconds / 1_000.0).floor() as i64)
}

/// A moment in the form of the API, from seconds since 1970.
pub(crate) fn written(seconds: i64) -> String {
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "seconds of this age are exact")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(seconds as f64 * 1_000.0));
    let text: String = date.to_iso_string().into();
    text.replace(".000Z", "Z")
}

/// The day and time of a moment, in UTC.
pub(crate) fn moment(moment: &str) -> View {
    let shown = moment.replace('T', " ").replace('Z', " UTC");
    let exact = moment.to_owned();
    view! { time(datetime=exact) { (shown) } }
}

/// How long something still holds, with a weight.
pub(crate) fn left(not_before: &str, not_after: &str) -> View {
    let (Some(begin), Some(end)) = (seconds(not_before), seconds(not_after)) else { return View::new() };
    let now = now();
    if now < begin {
        return badge(Weight::Warning, certificates::NOT_YET);
    }
    if now > end {
        return badge(Weight::Bad, certificates::ENDED);
    }
    let days = (end - now).div_euclid(DAY);
    let weight = match days {
        ..7 => Weight::Bad,
        7..30 => Weight::Warning,
        _ => Weight::Good,
    };
    badge(
        weight,
        text::counted(usize::try_from(days).unwrap_or(0), certificates::ONE_DAY, certificates::DAYS),
    )
}
