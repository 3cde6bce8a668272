//! The JavaScript that the component was made into, as it is: names and shapes of `engine.js`, and nothing of their
//! meaning.

use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "./engine.js")]
extern "C" {
    /// Makes an instance; `module` gives the compiled core module of a name.
    #[wasm_bindgen(catch)]
    pub(super) async fn instantiate(module: &Function, imports: &Object) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// Every interface of an instance.
    #[derive(Clone)]
    pub(super) type Exports;
    /// What is in a file.
    #[wasm_bindgen(method, getter)]
    pub(super) fn inspect(this: &Exports) -> Inspect;
    /// Looking after certificates.
    #[wasm_bindgen(method, getter)]
    pub(super) fn management(this: &Exports) -> Management;
    /// The decision.
    #[wasm_bindgen(method, getter)]
    pub(super) fn evaluate(this: &Exports) -> Evaluate;
    /// What authors of policies ask.
    #[wasm_bindgen(method, getter)]
    pub(super) fn policy(this: &Exports) -> Policy;

    pub(super) type Policy;
    #[wasm_bindgen(method, catch)]
    pub(super) fn problems(this: &Policy, document: &str, mode: &str) -> Result<JsValue, JsValue>;

    pub(super) type Inspect;
    #[wasm_bindgen(method, catch, js_name = "readBundle")]
    pub(super) fn read_bundle(this: &Inspect, file: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "readCrls")]
    pub(super) fn read_crls(this: &Inspect, file: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "indexCrl")]
    pub(super) fn index_crl(this: &Inspect, crl: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "readResponse")]
    pub(super) fn read_response(this: &Inspect, response: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "describeDocument")]
    pub(super) fn describe_document(this: &Inspect, certificate: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "describeRequestDocument")]
    pub(super) fn describe_request_document(this: &Inspect, file: &[u8]) -> Result<JsValue, JsValue>;

    pub(super) type Management;
    #[wasm_bindgen(method, catch, js_name = "indexKeys")]
    pub(super) fn index_keys(this: &Management, certificate: &[u8]) -> Result<JsValue, JsValue>;

    pub(super) type Evaluate;
    #[wasm_bindgen(method, getter, js_name = "Validator")]
    pub(super) fn validator(this: &Evaluate) -> ValidatorClass;

    pub(super) type ValidatorClass;
    #[wasm_bindgen(method, catch)]
    pub(super) fn create(this: &ValidatorClass, policy: &str, mode: &str) -> Result<JsValue, JsValue>;

    pub(super) type Validator;
    #[wasm_bindgen(method, catch, js_name = "addAnchor")]
    pub(super) fn add_anchor(this: &Validator, certificate: &[u8], role: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "addStored")]
    pub(super) fn add_stored(
        this: &Validator,
        certificate: &[u8],
        active_from: Option<i64>,
        at: i64,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "designateResponder")]
    pub(super) fn designate_responder(
        this: &Validator,
        certificate: &[u8],
        issuer: Option<Vec<u8>>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "evaluate")]
    pub(super) fn evaluate(
        this: &Validator,
        question: &JsValue,
        evidence: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn plan(
        this: &Validator,
        cluster: &JsValue,
        operation: &JsValue,
        at: i64,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn settings(this: &Validator) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static URL: String;
}

/// The address of a file that lies beside this code.
pub(crate) fn address(name: &str) -> String {
    let here = URL.with(Clone::clone);
    here.rsplit_once('/').map_or_else(|| name.to_owned(), |(directory, _)| format!("{directory}/{name}"))
}

/// Loads a file that lies beside this code.
pub(super) async fn load(address: &str) -> Result<Uint8Array, JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response = JsFuture::from(window.fetch_with_str(address)).await?.dyn_into::<web_sys::Response>()?;
    if !response.ok() {
        return Err(JsValue::from_str(&format!("{address}: status {}", response.status())));
    }
    Ok(Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?))
}

/// What a function of the engine threw as its own error; undefined for anything else.
pub(super) fn payload(thrown: &JsValue) -> JsValue {
    Reflect::get(thrown, &JsValue::from_str("payload")).unwrap_or(JsValue::UNDEFINED)
}

/// Gives a resource back.
pub(super) fn dispose(resource: &Validator) {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &JsValue::from_str(name));
    let name = get(&js_sys::global(), "Symbol").and_then(|symbol| get(&symbol, "dispose"));
    let method = name.and_then(|name| Reflect::get(resource.as_ref(), &name));
    if let Some(method) = method.ok().as_ref().and_then(|method| method.dyn_ref::<Function>()) {
        // an instance that trapped gives nothing back
        let _given_back = method.call0(resource.as_ref());
    }
}
