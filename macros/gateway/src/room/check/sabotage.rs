//! Ways in which a reader could go wrong, to show that the checks find them.

use std::sync::Arc;

use crate::room::effect::{Effect, Receivers};

#[derive(Clone, Copy, Debug)]
pub(super) enum Sabotage {
    /// A joining socket is not sent the first of some entries.
    SkipFirst,
    /// A joining socket is sent the last of some entries again.
    Overlap,
    /// An evicted socket leaves one batch too late.
    EvictLate,
    /// No socket is evicted.
    EvictNobody,
    /// A socket learns that it has caught up before it has.
    CaughtUpEarly,
    /// A socket never learns that it has caught up.
    CaughtUpNever,
    /// A read is forgotten.
    ForgetRead,
    /// A question about the room's members is forgotten.
    ForgetQuestion,
    /// Two sends change places.
    Reorder,
    /// A socket is attached before it receives the entries that it lacks.
    AttachEarly,
    /// A socket is cut off without a reason.
    Cut,
    /// No socket is cut off.
    CutNobody,
}

impl Sabotage {
    pub(super) const ALL: [Sabotage; 12] = [
        Sabotage::SkipFirst,
        Sabotage::Overlap,
        Sabotage::EvictLate,
        Sabotage::EvictNobody,
        Sabotage::CaughtUpEarly,
        Sabotage::CaughtUpNever,
        Sabotage::ForgetRead,
        Sabotage::ForgetQuestion,
        Sabotage::Reorder,
        Sabotage::AttachEarly,
        Sabotage::Cut,
        Sabotage::CutNobody,
    ];

    /// Replaces the effects of a correct reader by those of a faulty one.
    pub(super) fn apply(self, effects: &mut Vec<Effect>) {
        let is_send = |effect: &Effect| matches!(effect, Effect::Send(..));
        match self {
            Sabotage::SkipFirst => {
                for effect in effects {
                    if let Effect::Send(Receivers::Joining(_), items) = effect {
                        items.remove(0);
                    }
                }
            }
            Sabotage::Overlap => {
                for effect in effects {
                    if let Effect::Send(Receivers::Joining(_), items) = effect {
                        items.extend(items.last().map(Arc::clone));
                    }
                }
            }
            Sabotage::EvictLate => {
                for index in 1..effects.len() {
                    if matches!(effects[index - 1], Effect::Evict(_)) && is_send(&effects[index]) {
                        effects.swap(index - 1, index);
                    }
                }
            }
            Sabotage::EvictNobody => effects.retain(|effect| !matches!(effect, Effect::Evict(_))),
            Sabotage::CaughtUpEarly => {
                if let Some(index) = effects.iter().position(|effect| matches!(effect, Effect::CaughtUp(..))) {
                    let told = effects.remove(index);
                    effects.insert(0, told);
                }
            }
            Sabotage::CaughtUpNever => effects.retain(|effect| !matches!(effect, Effect::CaughtUp(..))),
            Sabotage::ForgetRead => effects.retain(|effect| !matches!(effect, Effect::Read(..))),
            Sabotage::ForgetQuestion => effects.retain(|effect| !matches!(effect, Effect::Ask(..))),
            Sabotage::Reorder => {
                let sends: Vec<usize> = (0..effects.len()).filter(|index| is_send(&effects[*index])).collect();
                if let [first, second, ..] = sends[..] {
                    effects.swap(first, second);
                }
            }
            Sabotage::AttachEarly => {
                if let Some(index) = effects.iter().position(|effect| matches!(effect, Effect::Attach(_))) {
                    let attach = effects.remove(index);
                    effects.insert(0, attach);
                }
            }
            Sabotage::Cut => {
                for effect in effects {
                    if let Effect::Attach(socket) = effect {
                        *effect = Effect::Cut(*socket);
                    }
                }
            }
            Sabotage::CutNobody => effects.retain(|effect| !matches!(effect, Effect::Cut(_))),
        }
    }
}
