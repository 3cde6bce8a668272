//! The engine as one component: exports every interface of the contract and calls the engine. It decides
//! nothing; `convert` turns the contract's types into the engine's and back.

mod convert;

use std::cell::RefCell;

use bindings::exports::assayer::engine::{evaluate, evidence, inspect, request, types};

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
    fn read_bundle(_file: Vec<u8>) -> Result<inspect::Bundle, types::Refusal> {
        Err(convert::incomplete())
    }

    fn describe(_certificate: Vec<u8>) -> Result<Vec<inspect::Field>, types::Refusal> {
        Err(convert::incomplete())
    }

    fn describe_document(_certificate: Vec<u8>) -> Result<String, types::Refusal> {
        Err(convert::incomplete())
    }
}

/// What a `validator` of the contract holds.
struct Validator {
    anchors: RefCell<Vec<Vec<u8>>>,
}

impl evaluate::Guest for Component {
    type Validator = Validator;
}

impl evaluate::GuestValidator for Validator {
    fn create(_policy: String) -> Result<evaluate::Validator, types::Refusal> {
        Ok(evaluate::Validator::new(Self { anchors: RefCell::new(Vec::new()) }))
    }

    fn add_anchor(&self, certificate: Vec<u8>, _role: request::TrustRole) -> Result<(), types::Refusal> {
        self.anchors.borrow_mut().push(certificate);
        Ok(())
    }

    fn evaluate(
        &self,
        _question: request::Validation,
        _evidence: Vec<evidence::Item>,
    ) -> Result<evaluate::Outcome, types::Refusal> {
        Err(convert::incomplete())
    }

    fn settings(&self) -> String {
        String::new()
    }
}
