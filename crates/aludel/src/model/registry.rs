//! The models of the program, as their derives put them into a linker slice.
//!
//! No code runs before `main`: the slice is made by the linker. A crate that nothing names is not linked, and its models
//! are absent; an explicit list of models is the way out.

#![allow(unsafe_code, reason = "linkme declares a slice with #[link_section]; the only such place of the crate")]

use super::Meta;

/// Every model that is linked in, in no order to rely on.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static MODELS: [fn() -> &'static Meta];

/// The models of the bind named `bind` that are linked into the program, in order of module, file and line.
pub fn registered(bind: &str) -> Vec<&'static Meta> {
    let mut found: Vec<&'static Meta> = MODELS.iter().map(|meta| meta()).filter(|meta| meta.bind == bind).collect();
    found.sort_by_key(|meta| (meta.module, meta.file, meta.line, meta.model));
    found
}
