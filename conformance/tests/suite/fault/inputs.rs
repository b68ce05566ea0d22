//! Input from clients that a server misreads, or accepts although it is invalid.

use axum::http::StatusCode;
use serde_json::json;

use super::{Fault, fault};
use crate::proxy::Break;

pub fn faults() -> Vec<Fault> {
    let ids = "rooms/ids_in_another_case[channel]";
    let names = "connection/names_have_bounds";
    vec![
        fault("a channel is found by its id in another case", ids, Break::Sent(|text| Some(small(&text, "channelId")))),
        fault("a message is found by its id in another case", ids, Break::Sent(|text| Some(small(&text, "messageId")))),
        fault("a parent is found by its id in another case", ids, Break::Sent(|text| Some(small(&text, "replyToId")))),
        fault("C1 control characters are taken in an emoji", "schema/add_reaction/emoji", WITHOUT_C1),
        fault("C1 control characters are taken in an id", "schema/join_conversation/conversationId", WITHOUT_C1),
        fault("a user's name of 201 characters is taken", names, {
            rest!("PUT /api/admin/users/", |status, _headers, body| taken(status, body))
        }),
        fault("a channel's name of 201 characters is taken", "connection/names_of_channels_have_bounds", {
            rest!("PUT /api/admin/channels/", |status, _headers, body| taken(status, body))
        }),
        fault("a channel's name is cut to 100 characters", "connection/names_of_channels_have_bounds", {
            rest!("GET /api/channels", |_status, _headers, body| if let Some(name) = body["data"][0]["name"].as_str() {
                body["data"][0]["name"] = name.chars().take(100).collect::<String>().into();
            })
        }),
        fault("a user's name keeps its control characters", names, {
            data!("authenticated", |data| if let Some(name) = data["user"]["name"].as_str() {
                data["user"]["name"] = name.replace(' ', "\u{85}").into();
            })
        }),
    ]
}

const WITHOUT_C1: Break = Break::Sent(|text| Some(text.replace(|c| ('\u{80}'..='\u{9f}').contains(&c), "")));

fn taken(status: &mut StatusCode, body: &mut serde_json::Value) {
    if *status == StatusCode::BAD_REQUEST {
        *status = StatusCode::OK;
        *body = json!({ "data": {} });
    }
}

/// A packet from the client whose id under this key is in lower case, if it is all in upper case.
fn small(text: &str, key: &str) -> String {
    let begin = format!("\"{key}\":\"");
    match text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once('"')?))) {
        Some((before, (id, after))) if id == id.to_uppercase() => {
            format!("{before}{begin}{}\"{after}", id.to_lowercase())
        }
        _ => text.to_owned(),
    }
}
