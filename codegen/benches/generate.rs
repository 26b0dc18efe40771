//! Generates the Rust of all specs of the library. This is the cost of a build before the compiler starts.
//!
//! `cargo bench -p sfn-tasks-codegen`

use std::fs;
use std::path::Path;

use divan::{Bencher, black_box};
use sfn_tasks_codegen::{Source, generate};

fn main() {
    divan::main();
}

#[divan::bench]
fn all_specs(bencher: Bencher<'_, '_>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let texts: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the specs stand beside")
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            // A file with a dot in its stem is not a spec.
            let is_spec = name.strip_suffix(".json").is_some_and(|stem| !stem.contains('.'));
            is_spec.then(|| Some((name, fs::read_to_string(path).ok()?))).flatten()
        })
        .collect();
    let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    bencher.bench(|| generate(black_box(&sources), Some("sfn_tasks::tasks")).expect("the specs are without fault"));
}
