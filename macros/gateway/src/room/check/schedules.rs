//! Scripts, and the orders in which they are played.

use std::env;

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    sabotage::Sabotage,
    script::{Change, Script, Step, join, join_since, write},
    stay::Broken,
    world::{Choice, World},
};

/// The scripts whose every order is tried.
fn small() -> Vec<Script> {
    use Change::{Add, Hide, Remove, RemoveOneOfMany, Say};
    let script =
        |before: Vec<Change>, threads| Script { before, threads, page: 1, ring: 2, unreliable: false, together: false };
    let says = |count: usize| vec![Say; count];
    vec![
        // A join while entries are added.
        script(says(1), vec![write(says(3)), join(10)]),
        Script { unreliable: true, ..script(says(1), vec![write(says(2)), join(10)]) },
        Script { ring: 0, page: 2, ..script(says(1), vec![write(says(2)), join(10)]) },
        // Replays.
        script(vec![Say, Hide, Say], vec![write(says(2)), join_since(10, 0), join(20)]),
        Script { page: 3, ..script(vec![Say, Hide, Say, Say], vec![write(says(2)), join_since(10, 1)]) },
        // Two at once, and one that leaves.
        script(says(1), vec![write(says(1)), join(10), join(20)]),
        script(says(2), vec![write(says(1)), join_since(10, 1), join(20)]),
        script(says(2), vec![write(says(2)), [join_since(10, 0), vec![Step::Leave(10)], join(10)].concat()]),
        // Evictions.
        script(says(1), vec![write([Say, Remove(1), Say]), join(10)]),
        script(says(1), vec![write([RemoveOneOfMany(1), Say]), join(10), join(20)]),
        script(says(2), vec![write([Say, RemoveOneOfMany(1)]), join_since(10, 0), join(11)]),
        script(vec![Say, Remove(1), Say, Add(1)], vec![write([Say, Remove(1)]), join_since(10, 0)]),
        script(says(1), vec![write([Remove(1), Add(1)]), [join(10), join(10)].concat()]),
        script(says(3), vec![[join_since(10, 0), write([Remove(1), Add(1)]), join_since(10, 3)].concat()]),
        script(says(3), vec![[join_since(10, 0), write([RemoveOneOfMany(1), Add(1)]), join(10)].concat()]),
        script(says(2), vec![[join_since(10, 0), write([RemoveOneOfMany(2)]), write([Remove(1)])].concat()]),
        script(says(2), vec![write([Remove(1), Add(1), Say]), [join_since(10, 0), join_since(10, 1)].concat()]),
        // Answers that come too late.
        script(
            says(1),
            vec![[join(10), vec![Step::Leave(10)], join(20)].concat(), write([RemoveOneOfMany(1), RemoveOneOfMany(2)])],
        ),
        script(
            says(1),
            vec![
                [join(10), vec![Step::Leave(10)], join(10)].concat(),
                join(20),
                write([RemoveOneOfMany(0), RemoveOneOfMany(1)]),
            ],
        ),
        script(
            says(1),
            vec![[join(10), join(10)].concat(), [vec![Step::Look, Step::Restore], write(says(1))].concat()],
        ),
        script(
            says(1),
            vec![
                [
                    join(20),
                    vec![Step::Approach(10), Step::Position(10), Step::Enter(10, None)],
                    write([RemoveOneOfMany(0)]),
                    vec![Step::Start(10), Step::Leave(10)],
                    vec![Step::Approach(10), Step::Position(10), Step::Enter(10, None)],
                    write([RemoveOneOfMany(1)]),
                    vec![Step::Start(10)],
                ]
                .concat(),
            ],
        ),
        // The log drops entries, or is replaced.
        script(says(2), vec![[write(says(1)), vec![Step::Forget(0)], write(says(1))].concat(), join_since(10, 1)]),
        script(says(2), vec![[vec![Step::Restore], write(says(1))].concat(), join(10), join_since(20, 1)]),
    ]
}

/// A random script.
fn large(random: &mut StdRng) -> Script {
    let change = |random: &mut StdRng| match random.random_range(0..12) {
        0 => Change::Remove(random.random_range(0..3)),
        1 => Change::RemoveOneOfMany(random.random_range(0..3)),
        2..=4 => Change::Add(random.random_range(0..3)),
        5 => Change::Hide,
        _ => Change::Say,
    };
    let before: Vec<Change> = (0..random.random_range(0..5)).map(|_| change(random)).collect();
    let newest = before.len() as u64;
    let writer = |random: &mut StdRng| {
        let mut steps = Vec::new();
        for _ in 0..random.random_range(1..8) {
            steps.push(match random.random_range(0..40) {
                0 => Step::Forget(random.random_range(0..3)),
                1 => Step::Restore,
                2..=4 => Step::Look,
                _ => Step::Write((0..random.random_range(1..4)).map(|_| change(random)).collect()),
            });
        }
        steps
    };
    let member = |socket: u64, random: &mut StdRng| {
        let mut steps = Vec::new();
        for _ in 0..random.random_range(1..4) {
            match random.random_range(0..5) {
                0 => steps.push(Step::Leave(socket)),
                1 | 2 => steps.extend(join(socket)),
                _ => steps.extend(join_since(socket, random.random_range(0..=newest))),
            }
        }
        steps
    };
    let mut threads = vec![writer(random), writer(random)];
    for socket in [0, 10, 11, 20] {
        if random.random_bool(0.7) {
            threads.push(member(socket, random));
        }
    }
    let (page, ring) = (random.random_range(1..4), random.random_range(0..4));
    let [unreliable, together] = [random.random_bool(0.5), random.random_bool(0.5)];
    Script { before, threads, page, ring, unreliable, together }
}

/// Plays all orders of the remaining steps; returns their number.
fn play_all(world: &World, most: usize, played: &mut Vec<Choice>) -> Result<usize, Broken> {
    let choices = world.choices();
    if choices.is_empty() {
        world.clone().finish().map_err(|broken| format!("{broken} in the end of {played:?}"))?;
        return Ok(1);
    }
    let mut count = 0;
    for choice in choices {
        if count >= most {
            break;
        }
        let mut next = world.clone();
        played.push(choice);
        next.take(choice).map_err(|broken| format!("{broken} after {played:?}"))?;
        count += play_all(&next, most - count, played)?;
        played.pop();
    }
    Ok(count)
}

/// Plays a random order.
fn play_one(script: Script, sabotage: Option<Sabotage>, random: &mut StdRng) -> Result<(), Broken> {
    let mut world = World::new(script, sabotage);
    let mut played = Vec::new();
    loop {
        let choices = world.choices();
        if choices.is_empty() {
            return world.finish().map_err(|broken| format!("{broken} in the end of {played:?}"));
        }
        let choice = choices[random.random_range(0..choices.len())];
        played.push(choice);
        world.take(choice).map_err(|broken| format!("{broken} after {played:?}"))?;
    }
}

/// The number of schedules of a script, or of random ones, which `ACCORD_SCHEDULES` overrides.
fn count(few: usize) -> usize {
    env::var("ACCORD_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

#[test]
fn room_all_orders_of_a_few_things_are_right() {
    for (number, script) in small().into_iter().enumerate() {
        let played = play_all(&World::new(script, None), count(1000), &mut Vec::new());
        assert!(played.is_ok(), "script {number}: {played:?}");
    }
}

#[test]
fn room_random_orders_of_many_things_are_right() {
    for seed in 0..count(3000) as u64 {
        let mut random = StdRng::seed_from_u64(seed);
        let script =
            if seed % 2 == 0 { large(&mut random) } else { small().swap_remove(random.random_range(0..small().len())) };
        assert_eq!(play_one(script, None, &mut random), Ok(()), "with seed {seed}");
    }
}

#[test]
fn room_whatever_goes_wrong_is_found() {
    for sabotage in Sabotage::ALL {
        let is_found = |seed: u64| {
            let mut random = StdRng::seed_from_u64(seed);
            let script = large(&mut random);
            play_one(script, Some(sabotage), &mut random).is_err()
        };
        assert!((0..1000).any(is_found), "{sabotage:?} is not found");
    }
}
