//! Texts with marks, as HTML.

use super::escape;
use crate::docs::page::Inline;

/// A text.
pub(super) fn rich(text: &[Inline]) -> String {
    let part = |part: &Inline| match part {
        Inline::Text(text) => escape(text),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Strong(text) => format!("<strong>{}</strong>", rich(text)),
        Inline::Emphasis(text) => format!("<em>{}</em>", rich(text)),
        Inline::Link(anchor, text) => match text.as_slice() {
            // The style knows what is called by its name in code.
            [Inline::Code(name)] => format!("<a href=#{}>{}</a>", anchor.id(), escape(name)),
            text => format!("<a href=#{}>{}</a>", anchor.id(), rich(text)),
        },
        Inline::Url(url, text) => {
            let url = escape(url).replace('"', "%22");
            format!("<a href=\"{url}\" rel=\"noreferrer\">{}</a>", rich(text))
        }
        // The page says it once, and the script repeats it.
        Inline::Repeated(_) => String::new(),
    };
    text.iter().map(part).collect()
}
