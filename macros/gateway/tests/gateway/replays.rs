//! The entries that each socket gets, in any order in which users join rooms with a log, miss entries, are removed and
//! post.

use std::collections::BTreeSet;

use accord_gateway::Config;
use futures_util::future::join_all;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    client::{Client, Server},
    desk::Desk,
};

const USERS: [&str; 3] = ["alice", "bob", "carol"];
const SOCKETS: usize = 5;

/// An action of a socket, which belongs to the user of its index, modulo their number.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It joins the board, and is shown what it has missed if it was there before and wants to.
    Attend(usize, bool),
    Detach(usize),
    Post(usize, usize),
    /// One user is removed, or two at once.
    Remove(usize, bool),
    Invite(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..SOCKETS, any::<bool>()).prop_map(|(socket, since)| Step::Attend(socket, since)),
        2 => (0..SOCKETS).prop_map(Step::Detach),
        6 => (0..SOCKETS, 1..4usize).prop_map(|(socket, count)| Step::Post(socket, count)),
        1 => (0..USERS.len(), any::<bool>()).prop_map(|(user, two)| Step::Remove(user, two)),
        2 => (0..USERS.len()).prop_map(Step::Invite),
    ]
}

/// The entries that a socket has to receive.
#[derive(Clone, Default)]
struct Due {
    attends: bool,
    /// The newest entry that it has, once it has joined.
    has: Option<u64>,
    entries: Vec<u64>,
    catches_up: usize,
}

impl Due {
    fn get(&mut self, seq: u64) {
        self.entries.push(seq);
        self.has = Some(seq);
    }
}

async fn follow(steps: &[Step]) {
    let server = Server::with(Desk::new(&[("lobby", &USERS)]), Config { limits: false, ..Config::default() }).await;
    let mut sockets = join_all((0..SOCKETS).map(|socket| server.join(USERS[socket % USERS.len()]))).await;
    let mut members: BTreeSet<usize> = (0..USERS.len()).collect();
    let (mut due, mut head, mut epoch) = (vec![Due::default(); SOCKETS], 0, Value::Null);
    for step in steps {
        match *step {
            Step::Attend(socket, wants) => {
                let due = &mut due[socket];
                // A socket whose user was removed and joins anew would miss its pending entries, so it first waits for
                // them.
                if !due.attends {
                    drain(&mut sockets[socket], due).await;
                }
                let since = due.has.filter(|_| wants);
                let position = since.map(|seq| json!({ "epoch": epoch, "seq": seq }));
                let answer = sockets[socket].call("attend", &json!({ "board": "lobby", "since": position })).await;
                let may = members.contains(&(socket % USERS.len()));
                assert_eq!(answer["ok"], json!(may), "{step:?}");
                if !may || due.attends {
                    continue;
                }
                epoch = answer["data"]["position"]["epoch"].clone();
                assert_eq!(answer["data"]["position"]["seq"], json!(head));
                if let Some(since) = since {
                    (since + 1..=head).for_each(|seq| due.get(seq));
                    due.catches_up += 1;
                }
                (due.attends, due.has) = (true, Some(head));
            }
            Step::Detach(socket) => {
                // The rest of an unfinished replay would be lost, so it first waits for it, although its user may have
                // been removed.
                drain(&mut sockets[socket], &mut due[socket]).await;
                assert_eq!(sockets[socket].call("detach", &json!({ "board": "lobby" })).await["ok"], json!(true));
                due[socket].attends = false;
            }
            Step::Post(socket, count) => {
                for _ in 0..count {
                    let answer = sockets[socket].call("post", &json!({ "board": "lobby", "text": "x" })).await;
                    let may = members.contains(&(socket % USERS.len()));
                    assert_eq!(answer["ok"], json!(may), "{step:?}");
                    if may {
                        head += 1;
                        assert_eq!(answer["data"]["seq"], json!(head));
                        due.iter_mut().filter(|due| due.attends).for_each(|due| due.get(head));
                    }
                }
            }
            Step::Remove(user, two) => {
                let removed: Vec<usize> = if two { vec![user, (user + 1) % USERS.len()] } else { vec![user] };
                let names: Vec<_> = removed.iter().map(|user| USERS[*user]).collect();
                let body = json!({ "users": names });
                assert_eq!(server.rest("root", "POST /api/boards/lobby/removals", Some(&body)).await.status, 200);
                head += 1;
                members.retain(|user| !removed.contains(user));
                for (socket, due) in due.iter_mut().enumerate().filter(|(_, due)| due.attends) {
                    let user = socket % USERS.len();
                    due.attends = !removed.contains(&user) && members.contains(&user);
                    if due.attends {
                        due.get(head);
                    }
                }
            }
            Step::Invite(user) => {
                let mut rooms = server.desk.members.lock().unwrap();
                rooms.entry("lobby".to_owned()).or_default().insert(USERS[user].to_owned());
                members.insert(user);
            }
        }
    }
    for (socket, due) in sockets.iter_mut().zip(&mut due) {
        drain(socket, due).await;
        assert_eq!(socket.call("tick", &json!({})).await["ok"], json!(true));
        loop {
            match socket.event().await {
                (event, _) if event == "attending" => {}
                (event, _) if event == "tock" => break,
                (event, data) => panic!("{event} {data} is sent to somebody who has everything"),
            }
        }
    }
}

/// Receives all entries that a socket has to receive.
async fn drain(socket: &mut Client, due: &mut Due) {
    let mut expected = due.entries.drain(..);
    let mut next = expected.next();
    while next.is_some() || due.catches_up > 0 {
        match socket.event().await {
            (event, _) if event == "attending" => {}
            (event, _) if event == "caught_up" => due.catches_up -= 1,
            (_, data) => {
                assert_eq!(data["seq"].as_u64(), next, "{data}");
                next = expected.next();
            }
        }
    }
}

#[test]
fn every_socket_gets_every_entry_once_and_in_order_in_any_order_of_steps() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() });
    let steps = prop::collection::vec(step(), 1..60);
    runner
        .run(&steps, |steps| {
            runtime.block_on(follow(&steps));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_user_who_is_removed_while_catching_up_leaves_or_stays_if_added_again() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for two in [false, true] {
        let removed =
            [Step::Attend(0, false), Step::Detach(0), Step::Post(2, 3), Step::Attend(0, true), Step::Remove(0, two)];
        runtime.block_on(follow(&[&removed[..], &[Step::Detach(0)]].concat()));
        // A removal that it is yet to come to, and that concerns others, does not take its place.
        let others = [Step::Remove(1, true), Step::Remove(0, false), Step::Detach(0)];
        runtime.block_on(follow(&[&removed[..4], &others].concat()));
        for since in [false, true] {
            let back = [Step::Invite(0), Step::Attend(0, since), Step::Post(2, 1), Step::Post(0, 1)];
            runtime.block_on(follow(&[&removed[..], &back].concat()));
        }
    }
}
