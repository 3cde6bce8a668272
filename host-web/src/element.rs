//! `<assayer-preview>`: what is in files, and what is decided about them, inside somebody else's page. The shell of the
//! element is JavaScript in `element/`; here is what it shows and tells. Nothing leaves the page.

use std::rc::Rc;

use js_sys::{Array, Function};
use serde::Serialize;
use sycamore::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::engine;
use crate::preview::file::{self, Content, File};
use crate::preview::judge::{self, Judged, Question, Reach, Undecided};
use crate::preview::show;
use crate::preview::take::{self, Taken};
use crate::text::preview;
use crate::widget::notice;
use crate::widget::{field, time, verdict};

/// What is asked about the files, by the element's attributes.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    /// Address of the trust anchors.
    anchors: Option<String>,
    /// Address of the policy document.
    policy: Option<String>,
    /// The purpose.
    purpose: Option<String>,
    /// The DNS name.
    name: Option<String>,
}

/// The detail of `assayer-preview`.
#[derive(Serialize)]
struct Shown {
    files: Vec<ShownFile>,
    verdict: Option<ShownVerdict>,
}

#[derive(Serialize)]
struct ShownFile {
    name: String,
    kind: &'static str,
    fingerprints: Vec<String>,
}

#[derive(Serialize)]
struct ShownVerdict {
    decision: String,
    codes: Vec<String>,
    document: String,
}

/// The detail of `assayer-fault`.
#[derive(Serialize)]
struct Fault {
    reason: String,
}

/// A preview in an element, until it is closed.
#[wasm_bindgen]
pub struct Preview {
    root: RootHandle,
    taken: Taken,
    asked: Signal<Asked>,
}

/// Opens a preview in an element's own tree. `announce` is told the type and the detail (JSON) of every event.
#[wasm_bindgen(js_name = openPreview)]
pub fn open_preview(
    tree: &web_sys::ShadowRoot,
    has_own_field: bool,
    looks: String,
    announce: Function,
) -> Preview {
    let mut parts = None;
    let root = create_root(|| {
        let (taken, asked) = (Taken::empty(), create_signal(Asked::default()));
        parts = Some((taken, asked));
        sycamore::render_in_scope(move || whole(taken, asked, has_own_field, looks, announce), tree);
    });
    let (taken, asked) = parts.unwrap_or_else(|| (Taken::empty(), create_signal(Asked::default())));
    Preview { root, taken, asked }
}

#[wasm_bindgen]
impl Preview {
    /// Shows these files instead of those before.
    pub async fn show(&self, files: Array) {
        let mut read = Vec::new();
        for file in files.iter().filter_map(|file| file.dyn_into::<web_sys::File>().ok()) {
            read.push(Rc::new(file::read(file).await));
        }
        self.taken.files.set(read);
    }

    /// Asks this from now on.
    pub fn ask(
        &self,
        anchors: Option<String>,
        policy: Option<String>,
        purpose: Option<String>,
        name: Option<String>,
    ) {
        let asked = Asked { anchors, policy, purpose, name };
        if self.asked.get_clone_untracked() != asked {
            self.asked.set(asked);
        }
    }

    /// Ends it.
    pub fn close(self) {
        self.root.dispose();
    }
}

/// What the element shows; whatever changes, the question is asked again.
fn whole(taken: Taken, asked: Signal<Asked>, has_own_field: bool, looks: String, announce: Function) -> View {
    let judged = create_signal(None::<Result<Judged, Undecided>>);
    create_effect(move || {
        let (files, asked, announce) = (taken.files.get_clone(), asked.get_clone(), announce.clone());
        if files.is_empty() {
            judged.set(None);
            return;
        }
        sycamore::futures::spawn_local_scoped(async move {
            let outcome = judge(&files, &asked).await;
            tell(&announce, &files, outcome.as_ref());
            judged.set(outcome);
        });
    });
    let shown = move || {
        let files = taken.files.get_clone();
        files.iter().enumerate().map(|(number, file)| show::file(taken, number, file)).collect::<Vec<View>>()
    };
    let decided = move || judged.with(|judged| judged.as_ref().map_or_else(View::new, decision));
    let field = if has_own_field { own_field(taken) } else { View::new() };
    view! {
        link(rel="stylesheet", href=looks)
        div(class="element") {
            (field)
            div(aria-live="polite") { (decided()) }
            (shown())
        }
    }
}

fn own_field(taken: Taken) -> View {
    let id = field::identifier();
    let other = id.clone();
    view! {
        div(class="drop") {
            label(r#for=id, class="choose") { (preview::CHOOSE) }
            input(id=other, r#type="file", multiple=true,
                on:change=move |event: web_sys::Event| take::chosen(taken, &event))
        }
    }
}

fn decision(judged: &Result<Judged, Undecided>) -> View {
    match judged {
        Ok(judged) => verdict::verdict(&judged.verdict),
        Err(Undecided::Engine(problem)) => notice::engine_problem(problem),
        Err(Undecided::Server(failure)) => notice::failure(failure),
        Err(Undecided::NoTarget) => View::new(),
    }
}

/// Decides about the first certificate of the files, where there is one and somebody is trusted.
async fn judge(files: &[Rc<File>], asked: &Asked) -> Option<Result<Judged, Undecided>> {
    let target = files.iter().flat_map(|file| file.certificates()).next()?.keys.fingerprint.to_vec();
    let anchors = asked.anchors.as_ref()?;
    Some(judge_under(files, target, anchors, asked).await)
}

async fn judge_under(
    files: &[Rc<File>],
    target: Vec<u8>,
    anchors: &str,
    asked: &Asked,
) -> Result<Judged, Undecided> {
    let trusted = Rc::new(file::recognised(anchors.to_owned(), engine::loaded(anchors).await?).await);
    if let Content::Unusable(problem) = &trusted.content {
        return Err(Undecided::Engine(problem.clone()));
    }
    let policy = match &asked.policy {
        Some(address) => String::from_utf8_lossy(&engine::loaded(address).await?).into_owned(),
        None => String::new(),
    };
    let anchors = trusted.certificates().iter().map(|anchor| anchor.keys.fingerprint.to_vec()).collect();
    judge::judge(&Question {
        files: files.iter().cloned().chain([trusted]).collect(),
        target,
        anchors,
        policy,
        store: None,
        purpose: asked.purpose.clone(),
        name: asked.name.clone(),
        at: time::now(),
        reach: Reach::Nowhere,
    })
    .await
}

/// Tells the page around what was shown, and that something failed.
fn tell(announce: &Function, files: &[Rc<File>], judged: Option<&Result<Judged, Undecided>>) {
    let verdict = judged.and_then(|judged| judged.as_ref().ok()).map(|judged| ShownVerdict {
        decision: judged.verdict.decision.clone(),
        codes: judged.verdict.findings.iter().map(|finding| finding.code.clone()).collect(),
        document: judged.document.clone(),
    });
    event(
        announce,
        "assayer-preview",
        &Shown { files: files.iter().map(|file| told(file)).collect(), verdict },
    );
    if let Some(Err(reason)) = judged {
        event(announce, "assayer-fault", &Fault { reason: format!("{reason:?}") });
    }
}

fn told(file: &File) -> ShownFile {
    let fingerprints = file.certificates().iter();
    ShownFile {
        name: file.name.clone(),
        kind: file.kind(),
        fingerprints: fingerprints.map(|one| data_encoding::HEXLOWER.encode(&one.keys.fingerprint)).collect(),
    }
}

fn event(announce: &Function, name: &str, detail: &impl Serialize) {
    let detail = serde_json::to_string(detail).unwrap_or_default();
    let (announce, name) = (announce.clone(), JsValue::from_str(name));
    // after what is being shown, so that whoever listens sees it
    spawn_local(async move {
        let _heard = announce.call2(&JsValue::NULL, &name, &JsValue::from_str(&detail));
    });
}
