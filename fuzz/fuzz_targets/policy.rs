//! The derivation of a policy never panics, and the policy can be written.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::iam::{Options, Scope, Target, derive};

fuzz_target!(|text: &str| {
    if let Ok(machine) = Source::new(text, Format::Json).state_machine() {
        let options = Options::default().name("n").logging().tracing().encryption_key("arn:aws:kms:eu-west-1:123456789012:key/k");
        for options in [Options::default(), options] {
            let (policy, problems) = derive(&machine, &Scope::default(), &options);
            for problem in &problems {
                assert!(!problem.message.is_empty() && machine.json().pointer(&problem.pointer).is_some());
            }
            let written = policy.to_json(&Target::Plain);
            assert_eq!(written.get("Version").and_then(|version| version.as_str()), Some("2012-10-17"));
            let _ = (policy.size(), policy.documents());
            let again = derive(&machine, &Scope::default(), &options).0;
            assert_eq!(again.to_json(&Target::Plain), written, "the same on every run");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
