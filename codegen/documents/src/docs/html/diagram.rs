//! Flows as sequence diagrams: a list of what happens, which the style draws as arrows between lines of life. The server's
//! is the second, beside that of the client who begins.

use accord_flows::drawing::{Answer, Direction, Flow, Step};

use super::{escape, rich::rich};
use crate::docs::text;

/// The diagram of a flow. It may be wider than the page, and then scrolls separately. Every arrow is a paragraph whose
/// class says which way it goes, and whose line its other end is at: `u`p to the server, or `s`ent there and answered
/// with success; `d`own from it, or down with a `n`o; `a`lone, no arrow at all. An arrow with the same name as the one
/// before it has no text. The script draws successful answers, turns the arrows' names into links, and adds the
/// clients' names for screen readers.
pub(super) fn write(flow: &Flow) -> String {
    let mut names: Vec<&str> = flow.clients.iter().map(String::as_str).collect();
    names.insert(names.len().min(1), "server");
    let heads: String = names.iter().map(|name| format!("<b>{}</b>", escape(name))).collect();
    let steps: String = flow.steps.iter().map(step).collect();
    format!("<div class=flow><p>{heads}<ol>\n{steps}</ol></div>")
}

fn step(step: &Step) -> String {
    let mut clients = step.clients.clone();
    clients.sort_unstable();
    // Several clients are answered once all of them have asked.
    let is_sent = step.answer == Some(Answer::Success) && clients.len() == 1;
    let way = match step.action.direction() {
        Direction::Up if is_sent => 's',
        Direction::Up => 'u',
        Direction::Down => 'd',
        Direction::None => 'a',
    };
    let detail = step.detail.as_ref().map(|detail| format!(" <i>{}</i>", escape(detail))).unwrap_or_default();
    let told = escape(step.action.told()) + &detail;
    let said = |index: usize| if index == 0 || way == 'a' { told.as_str() } else { "" };
    let mut parts: Vec<String> =
        clients.iter().enumerate().map(|(index, &client)| arrow(way, client, said(index))).collect();
    if let Some(answer) = step.answer.as_ref().filter(|_| !is_sent) {
        parts.extend(clients.iter().map(|&client| self::answer(answer, client)));
    }
    parts.extend(step.note.as_ref().map(|note| format!("<p>{}", rich(&text::inline(note)))));
    format!("<li>{}\n", parts.concat())
}

fn answer(answer: &Answer, client: usize) -> String {
    match answer {
        Answer::Success => arrow('d', client, "ok"),
        Answer::Failure(codes) => arrow('n', client, &escape(&codes.join(" or "))),
        Answer::Refusal(words) => arrow('n', client, &escape(words)),
    }
}

fn arrow(way: char, client: usize, told: &str) -> String {
    let lane = if client == 0 { 1 } else { client + 2 };
    format!("<p class={way}{lane}>{told}")
}
