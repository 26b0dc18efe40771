//! The checker never panics, and each finding has a position.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_tasks::asl::{Format, Source};
use sfn_tasks::check::{Options, check};

fuzz_target!(|text: &str| {
    let source = Source::new(text, Format::Json);
    if let Ok(machine) = source.state_machine() {
        for finding in check(&machine, &Options::default()) {
            let place = finding.locate(&source).expect("a finding leads to a value that is there");
            assert!(place.bytes.end <= text.len());
            assert!(!finding.message.is_empty());
        }
    }
});
