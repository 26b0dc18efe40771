//! An audit never panics, and the policy of a definition passes the audit of this definition.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{Existing, FindingKind, Options, Scope, Target, audit, derive};
use sfn_tasks::value::Json;

fuzz_target!(|text: &str| {
    let Some((machine, policy)) = mutator::two(text) else { return };
    let machine = StateMachine::new(Json::from(machine));
    let (scope, options) = (Scope::default(), Options::default());
    for finding in &audit(&machine, &scope, &options, &Existing::new(&Json::from(policy))).findings {
        assert!(!finding.message.is_empty());
    }
    let own = derive(&machine, &scope, &options).0.to_json(&Target::Plain);
    for finding in &audit(&machine, &scope, &options, &Existing::new(&own)).findings {
        assert_ne!(finding.kind, FindingKind::Missing, "{}", finding.message);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
