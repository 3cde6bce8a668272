//! The first page: does anything need somebody?

use serde::Deserialize;
use sycamore::prelude::*;

use crate::place::Place;
use crate::server::Asked;
use crate::server::load::load;
use crate::text::{self, overview};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, notice};

/// A page of alarms, as far as this page counts them.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Alarms {
    items: Vec<Alarm>,
}

/// An alarm, as far as it is named here.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Alarm {
    subject: String,
}

/// The page.
pub(crate) fn page(_: Place) -> View {
    let alarms = load(&["alarms"], || Asked::get("/api/v1/alarms?state=open&limit=500").document());
    let matters = loaded(alarms, |alarms: &Alarms| matters(&alarms.items));
    view! {
        h1 { (overview::NAME) }
        (matters)
    }
}

fn matters(alarms: &[Alarm]) -> View {
    if alarms.is_empty() {
        return notice(Weight::Good, overview::NOTHING_NEEDED, View::new());
    }
    let title = text::counted(alarms.len(), overview::NEEDED_ONE, overview::NEEDED);
    let items: Vec<View> = alarms
        .iter()
        .map(|alarm| {
            let subject = alarm.subject.clone();
            view! { li { (subject) } }
        })
        .collect();
    notice(Weight::Warning, title, view! { ul { (items) } })
}
