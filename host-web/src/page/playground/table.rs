//! The list of decisions: what each is about, what was decided, and what is decided under the document, with the rule that
//! makes it flip.

use std::rc::Rc;

use engine_capsule::{Cause, Change, Class, Compared, Decision as Decided, Outcome};
use engine_wording::escape;
use sycamore::prelude::*;

use super::decisions::{class, judgement};
use crate::playground::board::{Board, Chosen};
use crate::playground::judge::{Judgement, Sameness};
use crate::text::{self, playground};
use crate::widget::notice::{Weight, badge};
use crate::widget::{field, focus};

/// Rows that are shown before somebody asks for more.
const ROWS: usize = 100;
/// The verdict's heading, which is where the next step is once a decision is chosen.
pub(super) const CHOSEN: &str = "chosen-decision";

/// Which decisions are shown.
pub(super) struct Filter;

impl Filter {
    /// All of them.
    pub(super) const EVERYTHING: &'static str = "everything";
    /// Those that flip.
    const FLIPS: &'static str = "flips";

    fn words() -> Vec<(String, String)> {
        let first = [
            (Self::EVERYTHING.to_owned(), playground::EVERYTHING.to_owned()),
            (Self::FLIPS.to_owned(), playground::ONLY_FLIPS.to_owned()),
        ];
        let rest = playground::CLASSES.iter().map(|(word, said)| ((*word).to_owned(), (*said).to_owned()));
        first.into_iter().chain(rest).collect()
    }

    fn shows(wanted: &str, judgement: Option<&Rc<Judgement>>) -> bool {
        if wanted == Self::EVERYTHING {
            return true;
        }
        let Some(class) = judgement.map(|judgement| class(judgement)) else { return false };
        match wanted {
            Self::FLIPS => matches!(class, Class::AllowToDeny | Class::DenyToAllow),
            other => class.word() == other,
        }
    }
}

/// The list.
pub(super) fn part(board: Board, filter: Signal<String>) -> View {
    let most = create_signal(ROWS);
    let fitting = create_selector(move || {
        let wanted = filter.get_clone();
        board.judgements.with(|judgements| {
            let fits = |(_, one): &(usize, &Option<Rc<Judgement>>)| Filter::shows(&wanted, one.as_ref());
            judgements.iter().enumerate().filter(fits).map(|(place, _)| place).collect::<Vec<_>>()
        })
    });
    let visible = create_selector(move || {
        fitting.with(|fitting| fitting.iter().copied().take(most.get()).collect::<Vec<usize>>())
    });
    let choice = field::choice(playground::SHOW, filter, Filter::words());
    let rows = view! { Keyed(list=visible, view=move |place| row(board, place), key=|place| *place) };
    let more = move || {
        if fitting.with(Vec::len) <= most.get() {
            return View::new();
        }
        let show = move |_: web_sys::MouseEvent| most.set(most.get_untracked().saturating_mul(4));
        view! { button(r#type="button", on:click=show) { (playground::MORE_ROWS) } }
    };
    let is_empty = move || board.decisions.with(Vec::is_empty);
    view! {
        div(hidden=is_empty()) {
            (choice)
            div(class="scrolled", tabindex="0", role="region", aria-label=playground::DECISIONS) {
                table(class="decisions") {
                    thead { tr {
                        th(scope="col") { (playground::CERTIFICATE) }
                        th(scope="col") { (playground::RECORDED) }
                        th(scope="col") { (playground::NOW) }
                    } }
                    tbody { (rows) }
                }
            }
            (more())
        }
    }
}

fn row(board: Board, place: usize) -> View {
    let decision = board.decisions.with_untracked(|decisions| decisions.get(place).cloned());
    let Some(decision) = decision else { return View::new() };
    let judgement = judgement(board, place);
    let subject = decision.subject.clone();
    let purpose = decision.purpose().map_or_else(|| playground::NO_PURPOSE.to_owned(), escape);
    let recorded = decided(decision.decided());
    let now = move || now(judgement.get_clone().as_deref());
    let current =
        move || board.chosen.with(|chosen| *chosen == Some(Chosen::Decision(place))).then_some("true");
    let choose = move |_: web_sys::MouseEvent| {
        board.chosen.set(Some(Chosen::Decision(place)));
        focus::focus(CHOSEN.to_owned());
    };
    view! {
        tr(aria-current=current()) {
            th(scope="row") {
                button(r#type="button", class="link", on:click=choose) { (subject) }
                span(class="beside") { (purpose) }
            }
            td { (recorded) }
            td { (now()) }
        }
    }
}

/// A decision in a word.
pub(super) fn decided(decision: Decided) -> View {
    let said = playground::DECISIONS_SHORT.iter().find(|(word, _)| *word == decision.word());
    let weight = if decision == Decided::Allow { Weight::Good } else { Weight::Bad };
    badge(weight, said.map_or("", |(_, said)| said))
}

fn now(judgement: Option<&Judgement>) -> View {
    let Some(judgement) = judgement else {
        return view! { span(class="aside") { (playground::WAITING) } };
    };
    let outcome = match &judgement.outcome {
        Ok(outcome) => outcome,
        Err(reason) => return beside(badge(Weight::Bad, playground::UNDECIDED), escape(reason)),
    };
    match outcome {
        Outcome::Decided(compared) => of_two(compared, &judgement.sameness),
        Outcome::AsksForMore { asked, then } => {
            let more = badge(Weight::Warning, playground::ASKS_FOR_MORE);
            let (then, asked) = (of_two(then, &judgement.sameness), asked.join("; "));
            view! { (then) " " (more) span(class="beside") { (asked) } }
        }
        Outcome::CannotBeAsked { reason, .. } => {
            beside(badge(Weight::Bad, playground::CANNOT_BE_ASKED), reason.clone())
        }
    }
}

fn beside(first: View, said: String) -> View {
    view! { (first) span(class="beside") { (said) } }
}

fn of_two(compared: &Compared, sameness: &Sameness) -> View {
    let now = decided(compared.after);
    if compared.before != compared.after {
        let flip = badge(Weight::Warning, playground::FLIP);
        let causes: Vec<View> = compared
            .causes
            .iter()
            .map(cause)
            .map(|cause| view! { span(class="beside cause") { (cause) } })
            .collect();
        return view! { (now) " " (flip) (causes) };
    }
    let said = match (sameness, compared.class()) {
        (Sameness::Octets, _) => playground::SAME_OCTETS,
        (Sameness::Other(_), _) => playground::OTHER_OCTETS,
        (_, Class::Same) => playground::SAME_DECISION,
        _ => playground::OTHER_REASONS,
    };
    beside(now, said.to_owned())
}

/// The rule that flips a decision: a deployment's own by its name, another by what it says.
pub(super) fn cause(cause: &Cause) -> String {
    let said = match &cause.own {
        Some(own) => text::with(
            playground::OWN_RULE,
            &[("rule", &escape(&own.rule)), ("message", &escape(&own.message))],
        ),
        None => cause.sentence.clone(),
    };
    let sentence = match cause.change {
        Change::New => playground::NEW,
        Change::Gone => playground::GONE,
    };
    text::with(sentence, &[("cause", &said)])
}
