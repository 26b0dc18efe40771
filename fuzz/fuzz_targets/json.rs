//! The JSON parser never panics, agrees with serde_json on what is JSON, and a written document reads back equal.
#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;
use sfn_tasks::asl::{Format, Source};

fuzz_target!(|text: &str| {
    let source = Source::new(text, Format::Json);
    let theirs = serde_json::from_str::<sfn_tasks::value::Json>(text);
    match source.state_machine() {
        Ok(machine) => {
            reading::read_everything(&source, &machine);
            reading::write_and_read(&machine);
            assert!(source.locate("").is_some());
        }
        Err(error) => {
            assert!(error.location().bytes.end <= text.len());
            assert!(theirs.is_err(), "{error}");
        }
    }
});
