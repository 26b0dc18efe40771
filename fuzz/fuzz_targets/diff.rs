//! A comparison never panics, and a definition does not differ from itself.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

#[allow(dead_code)]
#[path = "../../cli/src/commands/diff/compare.rs"]
mod compare;

use sfn_tasks::asl::StateMachine;
use sfn_tasks::value::Json;

fuzz_target!(|text: &str| {
    let Some((old, new)) = mutator::two(text) else { return };
    let (old, new) = (StateMachine::new(Json::from(old)), StateMachine::new(Json::from(new)));
    let there = compare::Comparison::of(&old, &new);
    let back = compare::Comparison::of(&new, &old);
    assert_eq!((there.added.len(), there.changed.len()), (back.removed.len(), back.changed.len()));
    assert!(compare::Comparison::of(&old, &old).is_empty());
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
