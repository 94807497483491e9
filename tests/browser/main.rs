//! The portal's pieces in a browser, found as a person finds them: by role,
//! label and text.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod components;
mod controls;
mod fields;
mod stage;
mod standing;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
