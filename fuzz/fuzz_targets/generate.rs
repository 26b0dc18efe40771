//! The generator never panics, and each fault has a position. The input replaces a part of a valid spec, so that most of the
//! spec stays valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_tasks_codegen::{Source, generate};

const SPECS: [&str; 2] = [
    include_str!("../../codegen/tests/billing.json"),
    include_str!("../../examples/private-integration/spec/acme.json"),
];

fuzz_target!(|change: (bool, u16, u8, &str)| {
    let (second, start, length, text) = change;
    let spec = SPECS[usize::from(second)];
    let start = usize::from(start) % spec.len();
    let end = (start + usize::from(length)).min(spec.len());
    let (Some(before), Some(after)) = (spec.get(..start), spec.get(end..)) else { return };
    let spec = format!("{before}{text}{after}");
    if let Err(faults) = generate(&[Source { name: "spec.json", text: &spec }], None) {
        assert!(faults.0.iter().all(|fault| fault.line > 0 && !fault.message.is_empty()), "{faults}");
    }
});
