//! Texts that are not shown as they were written.

use serde_json::Value;

use super::{Fault, fault};
use crate::proxy::Told;

/// Changes the texts of a channel's history.
macro_rules! each_text {
    (|$text:ident| $change:expr) => {
        page!(|_, _, messages| for message in messages {
            let $text = message["content"].as_str().unwrap_or_default();
            let changed: String = $change;
            message["content"] = changed.into();
        })
    };
}

pub fn faults() -> Vec<Fault> {
    let texts = "messages/special_texts_everywhere[channel]";
    let direct = "messages/special_texts_everywhere[conversation]";
    vec![
        fault("a new message's text is composed", texts, {
            data!("new_message", |data| replace(&mut data, "e\u{301}", "\u{e9}"))
        }),
        fault("a new message's control characters are left out", texts, {
            data!("new_message", |data| replace(&mut data, "\u{7}", ""))
        }),
        fault("a new message's C1 control characters are left out", texts, {
            data!("new_message", |data| replace(&mut data, "\u{80}", ""))
        }),
        fault("an acknowledged text has no byte order mark", direct, {
            ack!(|answer| replace(&mut answer["data"], "\u{feff}", ""))
        }),
        fault("an edited text has no white space at its end", texts, {
            data!("message_edited", |data| replace(&mut data, "\n \t\n", ""))
        }),
        fault("a replayed text has other ends of lines", texts, {
            told!(Told::Replayed(_), |data| replace(data, "\u{2028}", "\n"))
        }),
        fault("history has other ends of lines", texts, each_text!(|text| text.replace("\r\n", "\n"))),
        fault("history has no variation selectors", texts, each_text!(|text| text.replace('\u{fe0f}', ""))),
        fault("history escapes markup", texts, each_text!(|text| text.replace('<', "&lt;"))),
        fault("history cuts long texts", texts, each_text!(|text| text.chars().take(1000).collect())),
        fault("a reply cuts the long text of its parent", texts, {
            data!("new_message", |data| if let Some(text) = data["replyTo"]["content"].as_str() {
                data["replyTo"]["content"] = text.chars().take(1000).collect::<String>().into();
            })
        }),
    ]
}

fn replace(data: &mut Value, from: &str, to: &str) {
    if let Some(text) = data["content"].as_str() {
        data["content"] = text.replace(from, to).into();
    }
}
