//! How the component is compiled. The build script and the server both read this file, because machine code
//! made under other settings is refused.

use wasmtime::{Config, Inlining, OptLevel};

/// The settings of the compiler: speed, and of WebAssembly no more than the component uses.
pub(crate) fn configuration() -> Config {
    let mut configuration = Config::new();
    configuration
        .cranelift_opt_level(OptLevel::Speed)
        // worth a sixth of the time of an RSA verification, a third of an ECDSA one
        .compiler_inlining(Inlining::Yes)
        // the backstop on time. Epochs rather than fuel: a counter that is read, not one that is written
        .epoch_interruption(true)
        .wasm_tail_call(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_simd(false)
        .wasm_relaxed_simd(false);
    configuration
}
