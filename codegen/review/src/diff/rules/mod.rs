//! The table of rules: each difference, its effect, and the alternative.

mod errors;
mod events;
mod operations;
mod protocol;
mod types;

use super::DiffRule;
pub use errors::*;
pub use events::*;
pub use operations::*;
pub use protocol::*;
pub use types::*;

/// All of them, by section.
static SECTIONS: [&[&DiffRule]; 5] = [protocol::ALL, errors::ALL, events::ALL, operations::ALL, types::ALL];

/// All rules, in the order of the sections of the language.
pub fn rules() -> impl Iterator<Item = &'static DiffRule> + Clone {
    SECTIONS.iter().flat_map(|section| section.iter().copied())
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static DiffRule> {
    rules().find(|rule| rule.id == id)
}

/// Declares rules: `NAME = "id" [wire typescript rust]`, what is different, why it breaks whom, and what to do instead.
macro_rules! table {
    ($( $name:ident = $id:literal [$wire:ident $typescript:ident $rust:ident] $about:literal $why:literal $instead:literal; )*) => {
        $(
            pub static $name: crate::diff::DiffRule = crate::diff::DiffRule {
                id: $id,
                about: $about,
                why: $why,
                instead: $instead,
                wire: table!(@ $wire),
                typescript: table!(@ $typescript),
                rust: table!(@ $rust),
            };
        )*
        pub(super) static ALL: &[&crate::diff::DiffRule] = &[$(&$name),*];
    };
    (@ never) => { crate::diff::Tendency::Never };
    (@ sometimes) => { crate::diff::Tendency::Sometimes };
    (@ always) => { crate::diff::Tendency::Always };
}
use table;
