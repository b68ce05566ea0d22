//! Values with placeholders: templates, which make a value to send, and patterns, which match a received value.
//!
//! Both are written as the value itself, in YAML:
//!
//! | written | as a template | as a pattern |
//! | --- | --- | --- |
//! | `$name`, `$name.key.0` | the variable, or what is inside it | equal to that |
//! | `a ${name} b` | text with the variable in it | equal to that |
//! | `{ '${name}': 1 }` | the key is the variable | the same |
//! | `$$5` | the text `$5` | the same |
//! | `<id>`, `<time>`, `<text>`, `<string>`, `<integer>`, `<boolean>`, `<object>`, `<array>`, `<any>` | | anything of the kind |
//! | `<id: name>` | | the same, and kept as the variable `name` |
//! | `<absent>` | | the key is not there |
//! | `{ $op: … }` | [what it makes](Template) | what it asks for |
//! | an object | its members made | has at least these members |
//! | a list | its items made | exactly these items |
//! | anything else | itself | equal to it |

mod check;
mod kind;
mod matching;
mod template;
mod variables;

pub use check::{Pattern, Template};
pub use kind::Kind;
pub use matching::{Mismatch, matches};
pub use template::fill;
pub use variables::Variables;

/// Shortens a value for a message.
pub fn shown(value: &serde_json::Value) -> String {
    const MAX_CHARACTERS: usize = 400;
    let text = value.to_string();
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((cut, _)) => format!("{}… ({} bytes)", &text[..cut], text.len()),
        None => text,
    }
}
