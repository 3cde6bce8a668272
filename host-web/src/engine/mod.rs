//! The typed door to the engine: the very core module that the server runs, in an instance of this page.
//!
//! Nothing is judged here. A trap ends the instance, never the page: the next question gets a new one.

pub(crate) mod contract;
mod glue;
pub(crate) mod said;
pub(crate) mod recorded;
pub(crate) mod kept;

use std::cell::RefCell;

use js_sys::{Function, Object, Promise, Uint8Array, WebAssembly};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use contract::{Bundle, Cluster, Item, Operation, Outcome, Refusal, StoredAs, Validation};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// An input cannot be used: the engine says which and why.
    Refused(Refusal),
    /// The engine failed, or could not be loaded: our fault.
    Fault(String),
}

/// What an answer is.
pub(crate) type Answer<T> = Result<T, Problem>;

/// A policy document is read as it says (`request.mode`).
const AS_WRITTEN: &str = "as-written";
/// Paths end in an anchor (`request.trust-role`).
const ISSUER: &str = "issuer";
/// The file that the engine is in.
const CORE_MODULE: &str = "engine.core.wasm";
/// The file that says which component that is a part of.
const IDENTITY: &str = "engine.json";

/// An instance of the engine.
#[derive(Clone)]
pub(crate) struct Engine {
    exports: glue::Exports,
}

thread_local! {
    /// The compiled core module with its hash, so that an instance that trapped is replaced at once.
    static MODULE: RefCell<Option<(WebAssembly::Module, String)>> = const { RefCell::new(None) };
    /// The instance in use.
    static INSTANCE: RefCell<Option<Engine>> = const { RefCell::new(None) };
    /// SHA-256 of the component, in hexadecimal.
    static COMPONENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What the build says of the engine that lies beside this code.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Identity {
    component: String,
    core_module: String,
}

/// The instance in use, loaded when it is first asked for.
///
/// # Errors
/// [`Problem::Fault`] when the core module cannot be loaded or made an instance of.
pub(crate) async fn engine() -> Answer<Engine> {
    if let Some(engine) = INSTANCE.with_borrow(Clone::clone) {
        return Ok(engine);
    }
    let (module, _) = module().await?;
    let engine = Engine { exports: instance(&module).await.map_err(|error| fault(&error))? };
    INSTANCE.set(Some(engine.clone()));
    Ok(engine)
}

/// SHA-256 of the core module that this page runs, in hexadecimal: of the octets that were loaded.
///
/// # Errors
/// As [`engine`].
pub(crate) async fn core_module_sha256() -> Answer<String> {
    module().await.map(|(_, sha256)| sha256)
}

/// SHA-256 of the component that the core module of this page was cut out of, in hexadecimal: what capsules name an
/// engine by. The build says it, and is believed where it says the truth about the core module.
///
/// # Errors
/// As [`engine`], and where the build speaks of another core module.
pub(crate) async fn component_sha256() -> Answer<String> {
    if let Some(known) = COMPONENT.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let core_module = core_module_sha256().await?;
    let identity: Identity = serde_json::from_slice(&loaded(&glue::address(IDENTITY)).await?)
        .map_err(|error| Problem::Fault(error.to_string()))?;
    if identity.core_module != core_module {
        return Err(Problem::Fault(crate::text::playground::OTHER_ENGINE.to_owned()));
    }
    COMPONENT.set(Some(identity.component.clone()));
    Ok(identity.component)
}

/// The octets at an address, such as trust anchors beside a page.
///
/// # Errors
/// [`Problem::Fault`] when there is nothing to be had.
pub(crate) async fn loaded(address: &str) -> Answer<Vec<u8>> {
    let octets = glue::load(address).await.map_err(|error| fault(&error))?;
    Ok(octets.to_vec())
}

async fn module() -> Answer<(WebAssembly::Module, String)> {
    if let Some(known) = MODULE.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let octets = glue::load(&glue::address(CORE_MODULE)).await.map_err(|error| fault(&error))?;
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(octets.to_vec()));
    let compiled = JsFuture::from(WebAssembly::compile(&octets)).await.map_err(|error| fault(&error))?;
    let known = (compiled.unchecked_into::<WebAssembly::Module>(), sha256);
    MODULE.set(Some(known.clone()));
    Ok(known)
}

/// Beside the core module there are two of a few octets each, which tie its functions together.
async fn instance(module: &WebAssembly::Module) -> Result<glue::Exports, JsValue> {
    let module = module.clone();
    let give: Closure<dyn Fn(String) -> Promise> = Closure::new(move |name: String| {
        if name == CORE_MODULE {
            return Promise::resolve(&JsValue::from(module.clone()));
        }
        future_to_promise(async move {
            let octets = glue::load(&glue::address(&name)).await?;
            JsFuture::from(WebAssembly::compile(&octets)).await
        })
    });
    let function: &Function = give.as_ref().unchecked_ref();
    glue::instantiate(function, &Object::new()).await.map(JsCast::unchecked_into)
}

/// What was thrown, as a fault.
fn fault(thrown: &JsValue) -> Problem {
    let error = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    Problem::Fault(error.or_else(|| thrown.as_string()).unwrap_or_else(|| format!("{thrown:?}")))
}

/// What was thrown by a function of the engine: a refusal, or the instance is gone.
fn problem(thrown: &JsValue) -> Problem {
    let payload = glue::payload(thrown);
    if !payload.is_undefined()
        && let Ok(refusal) = serde_wasm_bindgen::from_value(payload)
    {
        return Problem::Refused(refusal);
    }
    INSTANCE.set(None);
    kept::forget();
    fault(thrown)
}

fn value<T: Serialize>(value: &T) -> Answer<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(|error| Problem::Fault(error.to_string()))
}

fn read<T: DeserializeOwned>(answer: Result<JsValue, JsValue>) -> Answer<T> {
    let value = answer.map_err(|thrown| problem(&thrown))?;
    serde_wasm_bindgen::from_value(value).map_err(|error| Problem::Fault(error.to_string()))
}

fn octets_of(value: JsValue) -> Vec<u8> {
    value.unchecked_into::<Uint8Array>().to_vec()
}

impl Engine {
    /// The certificates in a file.
    pub(crate) fn read_bundle(&self, file: &[u8]) -> Answer<Bundle> {
        read(self.exports.inspect().read_bundle(file))
    }

    /// The CRLs in a file, DER.
    pub(crate) fn read_crls(&self, file: &[u8]) -> Answer<Vec<Vec<u8>>> {
        let lists = self.exports.inspect().read_crls(file).map_err(|thrown| problem(&thrown))?;
        Ok(js_sys::Array::from(&lists).iter().map(octets_of).collect())
    }

    /// What a CRL says of itself.
    pub(crate) fn index_crl(&self, crl: &[u8]) -> Answer<contract::CrlKeys> {
        read(self.exports.inspect().index_crl(crl))
    }

    /// The certificates that an OCSP response carries.
    pub(crate) fn read_response(&self, response: &[u8]) -> Answer<Vec<Vec<u8>>> {
        let carried = self.exports.inspect().read_response(response).map_err(|thrown| problem(&thrown))?;
        Ok(js_sys::Array::from(&carried).iter().map(octets_of).collect())
    }

    /// A certificate's description as the engine's JSON document.
    pub(crate) fn describe_document(&self, certificate: &[u8]) -> Answer<String> {
        read(self.exports.inspect().describe_document(certificate))
    }

    /// The description of the request in a file, as the engine's JSON document.
    pub(crate) fn describe_request_document(&self, file: &[u8]) -> Answer<String> {
        read(self.exports.inspect().describe_request_document(file))
    }

    /// What a certificate is indexed by.
    pub(crate) fn index_keys(&self, certificate: &[u8]) -> Answer<contract::Keys> {
        read(self.exports.management().index_keys(certificate))
    }

    /// Everything that is wrong with a policy document as it is written; nothing where it is accepted.
    pub(crate) fn problems(&self, document: &str) -> Answer<Vec<Refusal>> {
        read(self.exports.policy().problems(document, AS_WRITTEN))
    }

    /// A validator under a policy document as it is written.
    pub(crate) fn validator(&self, policy: &str) -> Answer<Validator> {
        self.validator_in(policy, AS_WRITTEN)
    }

    /// A validator under a policy document that is read in a mode of the contract (`request.mode`).
    pub(crate) fn validator_in(&self, policy: &str, mode: &str) -> Answer<Validator> {
        let made = self.exports.evaluate().validator().create(policy, mode);
        made.map(|made| Validator { made: made.unchecked_into() }).map_err(|thrown| problem(&thrown))
    }
}

/// What many questions share: settings, anchors and CRLs.
pub(crate) struct Validator {
    made: glue::Validator,
}

impl Drop for Validator {
    fn drop(&mut self) {
        glue::dispose(&self.made);
    }
}

impl Validator {
    /// Trusts a certificate: paths may end in it.
    pub(crate) fn add_anchor(&self, certificate: &[u8]) -> Answer<()> {
        self.add_anchor_as(certificate, ISSUER)
    }

    /// Trusts a certificate in a role of the contract (`request.trust-role`), or distrusts it.
    pub(crate) fn add_anchor_as(&self, certificate: &[u8], role: &str) -> Answer<()> {
        self.made.add_anchor(certificate, role).map(drop).map_err(|thrown| problem(&thrown))
    }

    /// Believes what a responder says about certificates of an issuer, or of any.
    pub(crate) fn designate_responder(&self, certificate: &[u8], issuer: Option<&[u8]>) -> Answer<()> {
        let designated = self.made.designate_responder(certificate, issuer.map(<[u8]>::to_vec));
        designated.map(drop).map_err(|thrown| problem(&thrown))
    }

    /// Believes a certificate that lies in a trust store as far as its kind allows.
    pub(crate) fn add_stored(
        &self,
        certificate: &[u8],
        active_from: Option<i64>,
        at: i64,
    ) -> Answer<StoredAs> {
        read(self.made.add_stored(certificate, active_from, at))
    }

    /// Judges.
    pub(crate) fn evaluate(&self, question: &Validation, evidence: &[Item]) -> Answer<Outcome> {
        read(self.made.evaluate(&value(question)?, &value(&evidence)?))
    }

    /// What an operation would do, as the engine's JSON document.
    pub(crate) fn plan(&self, cluster: &Cluster, operation: &Operation, at: i64) -> Answer<String> {
        let planned: contract::Plan = read(self.made.plan(&value(cluster)?, &value(operation)?, at))?;
        Ok(planned.document)
    }

    /// The settings in force, as a policy document.
    pub(crate) fn settings(&self) -> Answer<String> {
        read(self.made.settings())
    }
}
