//! The engine as one component: exports every interface of the contract and calls the engine. It decides
//! nothing; `convert` turns the contract's types into the engine's and back.

mod convert;
mod authoring;
mod management;
mod watching;

use std::cell::RefCell;

use engine::certificate::signing_request::SigningRequest;
use engine::certificate::{Certificate, bundle, describe};
use engine::comparison::ComparedCrls;
use engine::policy::recheck::{Use, interval_seconds};
use engine::revocation::crl::CertificateList;
use engine::revocation::ocsp::OcspResponse;
use engine::revocation::source::watched_crls;
use engine::time::Instant;
use engine::{Request, evaluate as decide};

use bindings::exports::assayer::engine::{
    evaluate, evidence, inspect, management as plans, request, types, watching as expiring,
};

/// Generated from the contract.
#[expect(unsafe_code, reason = "generated code")]
mod bindings {
    use super::Component;
    wit_bindgen::generate!({ path: "../../wit", world: "assayer" });
    export!(Component);
}

/// Carries the exports; holds nothing.
struct Component;

impl inspect::Guest for Component {
    fn read_bundle(file: Vec<u8>) -> Result<inspect::Bundle, types::Refusal> {
        bundle::read_bundle(&file).map(convert::bundle).map_err(|refused| convert::refused(&refused))
    }

    fn read_crls(file: Vec<u8>) -> Result<Vec<Vec<u8>>, types::Refusal> {
        bundle::read_crls(&file).map_err(|refused| convert::refused(&refused))
    }

    fn index_crl(crl: Vec<u8>) -> Result<inspect::CrlKeys, types::Refusal> {
        let crl = CertificateList::decode(crl).map_err(|malformed| convert::malformed(&malformed, "crl"))?;
        Ok(convert::crl_keys(&crl))
    }

    fn read_response(response: Vec<u8>) -> Result<Vec<Vec<u8>>, types::Refusal> {
        match OcspResponse::decode(&response) {
            Ok(OcspResponse::Basic(response)) => {
                Ok(response.certificates.into_iter().flatten().map(|certificate| certificate.der).collect())
            }
            Ok(_) => Ok(Vec::new()),
            Err(malformed) => Err(convert::malformed(&malformed, "response")),
        }
    }

    fn describe(certificate: Vec<u8>) -> Result<Vec<inspect::Field>, types::Refusal> {
        let fields = describe::describe(&decode(&certificate)?);
        Ok(fields.into_iter().map(convert::field).collect())
    }

    fn describe_request_document(file: Vec<u8>) -> Result<String, types::Refusal> {
        let der = bundle::read_request(&file).map_err(|refused| convert::refused(&refused))?;
        let request =
            SigningRequest::decode(&der).map_err(|malformed| convert::malformed(&malformed, "request"))?;
        Ok(describe::describe_request_document(&request))
    }

    fn describe_document(certificate: Vec<u8>) -> Result<String, types::Refusal> {
        decode(&certificate).map(|certificate| describe::describe_document(&certificate))
    }
}

fn decode(certificate: &[u8]) -> Result<Certificate, types::Refusal> {
    Certificate::decode(certificate).map_err(|malformed| convert::malformed(&malformed, "certificate"))
}

/// What a `validator` of the contract holds. The contract's functions take it shared; the component has one
/// thread and no call of it leads back into it.
struct Validator(RefCell<engine::Validator>);

impl evaluate::Guest for Component {
    type Validator = Validator;
}

impl evaluate::GuestValidator for Validator {
    fn create(policy: String, mode: request::Mode) -> Result<evaluate::Validator, types::Refusal> {
        let made = engine::Validator::new(&policy, convert::mode(mode))
            .map_err(|error| convert::document_error(&error))?;
        Ok(evaluate::Validator::new(Self(RefCell::new(made))))
    }

    fn add_anchor(&self, certificate: Vec<u8>, role: request::TrustRole) -> Result<(), types::Refusal> {
        let added = self.0.borrow_mut().add_anchor(&certificate, convert::trust_role(role));
        added.map_err(|malformed| convert::malformed(&malformed, "anchor"))
    }

    fn add_stored(
        &self,
        certificate: Vec<u8>,
        active_from: Option<types::Instant>,
        at: types::Instant,
    ) -> Result<evaluate::StoredAs, types::Refusal> {
        let (active_from, at) = (active_from.map(Instant::from_unix), Instant::from_unix(at));
        let added = self.0.borrow_mut().add_stored(&certificate, active_from, at);
        added.map(convert::stored_as).map_err(|malformed| convert::malformed(&malformed, "stored"))
    }

    fn designate_responder(
        &self,
        certificate: Vec<u8>,
        issuer: Option<Vec<u8>>,
    ) -> Result<(), types::Refusal> {
        let designated = self.0.borrow_mut().designate_responder(&certificate, issuer.as_deref());
        designated.map_err(|malformed| convert::malformed(&malformed, "responder"))
    }

    fn add_crl(&self, crl: Vec<u8>) -> Result<(), types::Refusal> {
        self.0.borrow_mut().add_crl(crl).map_err(|malformed| convert::malformed(&malformed, "crl"))
    }

    fn compare_crls(
        &self,
        before: Vec<u8>,
        after: Vec<u8>,
        issuer: Vec<u8>,
    ) -> Result<evaluate::CrlDifference, types::Refusal> {
        let validator = self.0.borrow();
        let lists = ComparedCrls::new(&validator, before, after, &issuer)
            .map_err(|error| convert::incomparable(&error))?;
        let difference = lists.difference().map_err(|error| convert::incomparable(&error))?;
        Ok(convert::crl_difference(&difference))
    }

    fn watched_crls(&self, certificate: Option<Vec<u8>>) -> Result<Vec<evidence::Retrieval>, types::Refusal> {
        let certificate = certificate.as_deref().map(decode).transpose()?;
        let watched = watched_crls(certificate.as_ref(), self.0.borrow().settings());
        Ok(convert::list(watched, convert::retrieval))
    }

    fn evaluate(
        &self,
        question: request::Validation,
        evidence: Vec<evidence::Item>,
    ) -> Result<evaluate::Outcome, types::Refusal> {
        let validator = self.0.borrow();
        let question = convert::question(&question)?;
        let request =
            Request::new(&question, validator.settings()).map_err(|error| convert::unusable(&error))?;
        let evidence: Vec<_> = evidence.into_iter().map(convert::item).collect();
        let outcome = decide(&validator, &request, &evidence).map_err(|error| convert::unusable(&error))?;
        Ok(convert::outcome(outcome))
    }

    fn recheck_seconds(&self, behind: Option<evaluate::Connection>) -> Option<u64> {
        let used = behind.map_or(Use::Kept, |connection| Use::Connection(convert::connection(connection)));
        interval_seconds(&self.0.borrow().settings().periodic, used)
    }

    fn expiry(&self, watched: Vec<expiring::Watched>, at: types::Instant) -> Vec<expiring::Expiry> {
        watching::expiry(self.0.borrow().settings(), &watched, at)
    }

    fn watch_seconds(&self, soonest: Option<types::Instant>, at: types::Instant) -> Option<u64> {
        watching::seconds(self.0.borrow().settings(), soonest, at)
    }

    fn look_ahead(&self) -> Option<u64> {
        watching::look_ahead(self.0.borrow().settings())
    }

    fn recipients(&self) -> Vec<String> {
        watching::recipients(self.0.borrow().settings())
    }

    fn plan(
        &self,
        cluster: plans::Cluster,
        operation: plans::Operation,
        at: types::Instant,
    ) -> Result<plans::Plan, types::Refusal> {
        management::plan(self.0.borrow().settings(), cluster, operation, at)
    }

    fn restart_advice(&self, cluster: plans::Cluster) -> Result<Vec<plans::Advice>, types::Refusal> {
        management::restart_advice(self.0.borrow().settings(), cluster)
    }

    fn settings(&self) -> String {
        engine::settings::document::format(self.0.borrow().settings())
    }

    fn node_policy(
        &self,
        document: String,
        release: String,
        role: plans::NodeRole,
    ) -> Result<String, types::Refusal> {
        management::check_node_policy(&release, role)?;
        let node = engine::settings::document::parse_own(self.0.borrow().settings(), &document);
        let node = node.map_err(|error| convert::document_error(&error))?;
        Ok(engine::settings::document::format(&node))
    }
}
