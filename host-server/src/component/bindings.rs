//! Generated from the contract, and nothing else.
#![allow(missing_docs, unreachable_pub, reason = "generated code; the contract is documented in wit/")]

wasmtime::component::bindgen!({ path: "../wit", world: "assayer" });
