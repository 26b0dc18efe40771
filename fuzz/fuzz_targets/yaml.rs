//! The YAML parser never panics, and a written document reads back equal.
#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;
use sfn_tasks::asl::{Format, Source};

fuzz_target!(|text: &str| {
    let tags = |tag: &str| (tag.len() < 4).then(|| format!("Fn::{tag}"));
    let source = Source::new(text, Format::Yaml).with_tags(tags);
    match source.state_machine() {
        Ok(machine) => {
            reading::read_everything(&source, &machine);
            if nested(machine.json(), 128) {
                reading::write_and_read(&machine);
            }
        }
        Err(error) => assert!(error.location().bytes.end <= text.len()),
    }
});

/// Tags become objects, so a document with tags can be nested deeper than the parser allows.
fn nested(json: &sfn_tasks::value::Json, levels: usize) -> bool {
    use sfn_tasks::value::Json;
    match json {
        Json::Array(elements) => levels > 0 && elements.iter().all(|element| nested(element, levels - 1)),
        Json::Object(object) => levels > 0 && object.iter().all(|(_, value)| nested(value, levels - 1)),
        _ => true,
    }
}
