use std::sync::Arc;

use accord_runtime::{Identity, Membership, Room};

fn membership(identity: Arc<Identity>, room: Room) -> Membership {
    Membership { identity, room }
}

fn main() {}
