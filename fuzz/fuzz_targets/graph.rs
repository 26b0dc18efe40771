//! Drawing never panics, and every element of an SVG is closed.
#![no_main]

mod mutator;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use sfn_tasks::asl::{Format, Source};
use sfn_tasks::graph::{SvgOptions, dot, mermaid, svg};

fuzz_target!(|text: &str| {
    if let Ok(machine) = Source::new(text, Format::Json).state_machine() {
        assert!(dot(&machine).starts_with("digraph"));
        assert!(mermaid(&machine).starts_with("flowchart") || mermaid(&machine).starts_with("---"));
        let picture = svg(&machine, &SvgOptions::default());
        assert!(picture.trim_end().ends_with("</svg>"));
        assert!(!picture.contains('\u{1b}'));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutator::mutate(data, size, max_size, seed) });
