//! Reading a template never panics, and each finding has a position.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::check::{Options, around, check};
use sfn_tasks::template::{Body, Template};
use sfn_tasks::value::Json;

fuzz_target!(|text: &str| {
    let source = Source::new(text, Format::Json);
    let Ok(json) = source.parse() else { return };
    let template = Template::new(json);
    for (machine, body) in template.machines(&source) {
        match body {
            Body::Here(definition) => {
                let options = Options::default().express(machine.express);
                let findings = [check(definition.machine(), &options), around(&definition, &template, &options)].concat();
                for finding in findings {
                    assert!(definition.locate(&source, &finding.pointer).bytes.end <= text.len());
                    assert!(definition.locate_name(&source, &finding.pointer).bytes.end <= text.len());
                }
            }
            Body::Broken(fault) => assert!(fault.location.bytes.end <= text.len()),
            Body::File(_) => {
                let _ = template.complete(&machine.id, Json::default());
            }
            _ => {}
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
