//! The program that libFuzzer runs, guided by code coverage. `tests/fuzz/run` builds and starts it.

#![no_main]

use std::sync::OnceLock;

use accord_fuzz::{Target, target};

static TARGET: OnceLock<&Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = TARGET.get_or_init(|| target(&std::env::var("ACCORD_FUZZ_TARGET").unwrap_or_default()));
    (target.run)(bytes);
});
