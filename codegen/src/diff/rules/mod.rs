//! The table of rules: what can be different, what that means, and what to do instead.

mod errors;
mod events;
mod operations;
mod protocol;
mod types;

pub use errors::*;
pub use events::*;
pub use operations::*;
pub use protocol::*;
pub use types::*;

use super::Rule;

/// All of them, by section.
pub static SECTIONS: [&[&Rule]; 5] = [protocol::ALL, errors::ALL, events::ALL, operations::ALL, types::ALL];

/// Declares rules: `NAME = "id" [wire typescript rust]`, what is different, why it breaks whom, and what to do instead.
macro_rules! table {
    ($( $name:ident = $id:literal [$wire:ident $typescript:ident $rust:ident] $about:literal $why:literal $instead:literal; )*) => {
        $(
            pub static $name: crate::diff::Rule = crate::diff::Rule {
                id: $id,
                about: $about,
                why: $why,
                instead: $instead,
                wire: table!(@ $wire),
                typescript: table!(@ $typescript),
                rust: table!(@ $rust),
            };
        )*
        pub(super) static ALL: &[&crate::diff::Rule] = &[$(&$name),*];
    };
    (@ never) => { crate::diff::Tendency::Never };
    (@ sometimes) => { crate::diff::Tendency::Sometimes };
    (@ always) => { crate::diff::Tendency::Always };
}
use table;
