//! Actions on messages: their expected results, and their effects on the simulated rooms.

use accord_flows::pattern::Variables;
use serde_json::json;

use super::{
    act::MessageAction,
    emission::Emission,
    fixture::{ACTORS, ROOMS, channel_of, emoji_of, first_socket, id_of, profile},
    log::Shows,
    message::Message,
    simulation::Simulation,
    words::Event,
};

impl<'w> Simulation<'w> {
    /// An actor who may do this with a message: its author or, to remove a reaction, a user who has reacted. The
    /// message may be another one, which has a reaction.
    pub(super) fn permitted(&self, action: MessageAction, index: usize, number: u8) -> (usize, usize, MessageAction) {
        let reactions = self.messages.iter().enumerate().filter(|(_, message)| !message.deleted);
        let reactions = reactions.flat_map(|(index, message)| message.reactions.iter().map(move |by| (index, by)));
        let reactions: Vec<_> = reactions.collect();
        if matches!(action, MessageAction::TakeBack(_)) && !reactions.is_empty() {
            let (index, (user, emoji, _)) = reactions[usize::from(number) % reactions.len()];
            return (first_socket(*user), index, MessageAction::TakeBack(*emoji));
        }
        (first_socket(self.messages[index].author), index, action)
    }

    /// Carries out an action on the message at `index`, in its room or in `other_room`.
    pub(super) fn act_on_message(
        &mut self,
        action: MessageAction,
        actor: usize,
        index: usize,
        other_room: Option<usize>,
        acknowledged: bool,
    ) {
        let room = other_room.unwrap_or(self.messages[index].room);
        if matches!(action, MessageAction::Forward(..)) && ROOMS[room].scope != 0 {
            return;
        }
        let user = ACTORS[actor].1;
        let content = self.new_text();
        let (words, variables) = (self.action_words(action, room), self.action_variables(action, room, index));
        variables.set("author", profile(user));
        variables.set("content", content.as_str());
        let emission = Emission { actor, words, variables, acknowledged };
        let logged = self.words[ROOMS[room].scope].logged;
        let sent = (logged && matches!(action, MessageAction::Forward(_, true))).then(|| {
            let original = self.messages[index].content.clone();
            self.new_sent(&original, Some(index))
        });
        if let Some(sent) = &sent {
            emission.variables.set("client", sent.id.as_str());
        }
        if let Some(error) = self.refusal(action, &emission, room, index) {
            return self.fails(&emission, error);
        }
        let known = match action {
            MessageAction::React(emoji) | MessageAction::TakeBack(emoji) => self.reaction(index, user, emoji),
            _ => None,
        };
        match action {
            MessageAction::Edit => {
                let variable = self.succeeds(&emission, room, None, None);
                self.happened(room, &words.room, Shows::Always(format!("${variable}").into()), Some(index));
                let message = &mut self.messages[index];
                (message.content, message.updated) = (content, format!("${variable}.updatedAt"));
                message.changes += 1;
            }
            MessageAction::Delete => {
                let variable = self.succeeds(&emission, room, None, None);
                self.happened(room, &words.room, Shows::Always(format!("${variable}").into()), None);
                self.messages[index].deleted = true;
                self.messages[index].changes += 1;
            }
            MessageAction::React(emoji) => match known {
                // The server acknowledges the existing reaction with the number of the last entry, and emits nothing.
                Some(known) => {
                    let there = format!("${}", self.messages[index].reactions[known].2);
                    let mut step = self.emit(&Emission { acknowledged: true, ..emission });
                    step["ok"] = self.numbered(room, there.into(), self.logs[room].seq());
                    self.steps.push(step);
                }
                None => {
                    let variable = self.succeeds(&emission, room, None, None);
                    self.happened(room, &words.room, Shows::Always(format!("${variable}").into()), Some(index));
                    self.messages[index].reactions.push((user, emoji, variable));
                    self.messages[index].reacted = true;
                    self.messages[index].changes += 1;
                }
            },
            MessageAction::TakeBack(_) => {
                let variable = self.succeeds(&emission, room, None, None);
                self.happened(room, &words.room, Shows::Always(format!("${variable}").into()), Some(index));
                self.messages[index].reactions.remove(known.expect("without a reaction, it is refused"));
                self.messages[index].changes += 1;
            }
            MessageAction::Forward(target, _) => {
                let target = channel_of(target);
                let content = self.messages[index].content.clone();
                let draft = Message { sent, ..self.draft(target, user, content.clone(), None) };
                let pattern = self.pattern(&draft, None);
                let original = json!({ "id": self.messages[index].id(), "content": draft.content });
                let variable = self.succeeds(&emission, target, Some(&pattern), Some(&original));
                self.messages.push(Message { updated: format!("${variable}.updatedAt"), variable, ..draft });
                let copy = self.messages.len() - 1;
                let shows = Shows::Forwarded { original: index, content, copy };
                self.happened(target, &words.room, shows, Some(copy));
            }
        }
    }

    /// The event of an action in a room.
    fn action_words(&self, action: MessageAction, room: usize) -> &'w Event {
        let acts = &self.words[ROOMS[room].scope];
        match action {
            MessageAction::Edit => &acts.edit,
            MessageAction::Delete => &acts.delete,
            MessageAction::React(_) => &acts.react,
            MessageAction::TakeBack(_) => &acts.take_back,
            MessageAction::Forward(..) => &acts.forward,
        }
    }

    /// The variables of an action on the message at `index`.
    fn action_variables(&self, action: MessageAction, room: usize, index: usize) -> Variables {
        let variables = self.room_variables(room);
        variables.set("message", self.messages[index].properties());
        variables.set("later", json!({ "$between": [self.messages[index].updated, null] }));
        match action {
            MessageAction::React(emoji) | MessageAction::TakeBack(emoji) => variables.set("emoji", emoji_of(emoji)),
            MessageAction::Forward(target, _) => variables.set("target", id_of(channel_of(target))),
            MessageAction::Edit | MessageAction::Delete => {}
        }
        variables
    }

    /// The error that an action fails with, if it does.
    fn refusal<'e>(
        &self,
        action: MessageAction,
        emission: &Emission<'e>,
        room: usize,
        index: usize,
    ) -> Option<&'e str> {
        let (words, actor, user) = (emission.words, emission.actor, ACTORS[emission.actor].1);
        let found = &self.messages[index];
        let outside = matches!(action, MessageAction::Forward(target, _) if !self.is_member(actor, channel_of(target)));
        if !self.is_member(actor, room) || outside {
            Some(&words.denied)
        } else if found.room != room || found.deleted {
            Some(&words.missing)
        } else if matches!(action, MessageAction::Edit | MessageAction::Delete) && found.author != user {
            Some(&words.forbidden)
        } else if matches!(action, MessageAction::TakeBack(emoji) if self.reaction(index, user, emoji).is_none()) {
            Some(&words.absent)
        } else {
            None
        }
    }

    /// The index of a user's reaction among those of a message.
    fn reaction(&self, index: usize, user: usize, emoji: u8) -> Option<usize> {
        let mut reactions = self.messages[index].reactions.iter();
        reactions.position(|(by, known, _)| *by == user && emoji_of(*known) == emoji_of(emoji))
    }
}
