use std::sync::Arc;

use accord_runtime::{Identity, Membership, Proofs, Room, auth::Verified};

fn proven(identity: Arc<Identity>, room: Room) -> Membership {
    Membership::proven(identity, room)
}

fn proofs(caller: Verified, room: Room) -> Proofs {
    Proofs::new(caller, vec![room], Default::default())
}

fn main() {}
