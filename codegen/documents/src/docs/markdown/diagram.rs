//! Flows as sequence diagrams of Mermaid.

use accord_flows::drawing::{Answer, Direction, Flow, Step};

/// The diagram of a flow: the server stands beside the client that begins.
pub(super) fn mermaid(flow: &Flow) -> String {
    let participant = |(index, name): (usize, &String)| format!("  participant c{index} as {}\n", label(name));
    let mut participants: Vec<String> = flow.clients.iter().enumerate().map(participant).collect();
    participants.insert(participants.len().min(1), "  participant s as server\n".to_owned());
    let steps: String = flow.steps.iter().flat_map(lines).map(|line| format!("  {line}\n")).collect();
    format!("\n```mermaid\nsequenceDiagram\n{}{steps}```\n", participants.concat())
}

fn lines(step: &Step) -> Vec<String> {
    let detail = step.detail.as_ref().map(|detail| format!("<br/>{}", label(detail))).unwrap_or_default();
    let told = format!("{}{detail}", label(step.action.told()));
    let line = |client: &usize| match step.action.direction() {
        Direction::Up => format!("c{client}->>s: {told}"),
        Direction::Down => format!("s->>c{client}: {told}"),
        Direction::None => format!("Note over c{client}: {told}"),
    };
    let answer = match &step.answer {
        None => None,
        Some(Answer::Success) => Some("ok".to_owned()),
        Some(Answer::Failure(errors)) => Some(errors.join(" or ")),
        Some(Answer::Refusal(words)) => Some(label(words)),
    };
    let answer = |client: &usize| answer.as_ref().map(|answer| format!("s-->>c{client}: {answer}"));
    let note = step.note.as_ref().map(|note| format!("Note over s: {}", label(note)));
    let lines = step.clients.iter().map(line).chain(step.clients.iter().filter_map(answer));
    lines.chain(note).collect()
}

/// A text that ends no line and begins nothing.
fn label(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' | ';' | '<' | '>' | '`' => label.push_str(&format!("#{};", u32::from(character))),
            character if character.is_control() => label.push(' '),
            other => label.push(other),
        }
    }
    label
}
