//! Drawing never panics, and every element of an SVG is closed.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::graph::{Picture, SvgOptions};

fuzz_target!(|text: &str| {
    if let Ok(machine) = Source::new(text, Format::Json).state_machine() {
        let picture = Picture::new(&machine);
        assert!(picture.dot().starts_with("digraph"));
        assert!(picture.mermaid().starts_with("flowchart"));
        let picture = picture.svg(&SvgOptions::default());
        assert!(picture.trim_end().ends_with("</svg>"));
        assert!(!picture.contains('\u{1b}'));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
