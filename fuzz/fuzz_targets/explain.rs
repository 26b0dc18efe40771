//! The explanation of a policy never panics, and it explains each statement.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::iam::{Options, Scope, derive};

fuzz_target!(|text: &str| {
    if let Ok(machine) = Source::new(text, Format::Json).state_machine() {
        let (policy, _) = derive(&machine, &Scope::default(), &Options::default());
        let explanation = policy.explain();
        assert_eq!(explanation.statements().len(), policy.statements().len());
        assert!(explanation.to_string().len() < 4_000 + 200 * text.len().max(1_000), "in proportion to what it explains");
        let _ = explanation.to_json().to_string();
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
