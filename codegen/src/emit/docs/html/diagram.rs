//! Flows as sequence diagrams: a list of what happens, which the style draws as arrows between lines of life. The server's
//! is the second, beside that of the client who begins.

use super::{blocks::rich, escape};
use crate::emit::docs::{Answer, Direction, Flow, Step, text};

/// The diagram of a flow. It may be wider than the page, and then scrolls by itself. Every arrow is a `b` whose class says
/// whether it leads up to the server or down, and whose line the other end is at; the script makes links of their names, and says who is meant to those who
/// do not see it.
pub(super) fn write(flow: &Flow) -> String {
    let mut names: Vec<&str> = flow.clients.iter().map(String::as_str).collect();
    names.insert(names.len().min(1), "server");
    let heads: String = names.iter().map(|name| format!("<b>{}</b>", escape(name))).collect();
    let steps: String = flow.steps.iter().map(step).collect();
    format!("<div class=\"flow of{}\">\n<p>{heads}</p>\n<ol>\n{steps}</ol>\n</div>\n", names.len(),)
}

fn step(step: &Step) -> String {
    let class = match step.action.direction() {
        Direction::Up => 'u',
        Direction::Down => 'd',
        Direction::None => 'a',
    };
    let told = escape(step.action.told());
    let detail = step.detail.as_ref().map(|detail| format!(" <small>{}</small>", escape(detail))).unwrap_or_default();
    let arrow = |&client: &usize| format!("<b class={class}{}>{told}{detail}</b>", lane(client));
    let mut clients = step.clients.clone();
    clients.sort_unstable();
    let mut arrows: Vec<String> = clients.iter().map(arrow).collect();
    if let Some(answer) = &step.answer {
        arrows.extend(clients.iter().map(|&client| self::answer(answer, client)));
    }
    arrows.extend(step.note.as_ref().map(|note| format!("<em>{}</em>", rich(&text::inline(note)))));
    format!("<li>{}\n", arrows.join(" "))
}

fn answer(answer: &Answer, client: usize) -> String {
    let lane = lane(client);
    match answer {
        Answer::Success => format!("<b class=d{lane}>ok</b>"),
        Answer::Failure(codes) => format!("<b class=\"d{lane} no\">{}</b>", escape(&codes.join(" or "))),
        Answer::Refusal(words) => format!("<b class=\"d{lane} no\">{}</b>", escape(words)),
    }
}

/// The line of a client.
fn lane(client: usize) -> usize {
    if client == 0 { 1 } else { client + 2 }
}
