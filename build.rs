//! Turns the spec files into typed builders and the catalog.

use std::{env, fs};

use sfn_tasks_codegen::Build;

fn main() {
    println!("cargo::rerun-if-changed=spec");
    let mut specs: Vec<String> = fs::read_dir("spec")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.contains('.') && is_wanted(name))
        .collect();
    specs.sort();
    let build = Build::new().module_path("sfn_tasks::tasks");
    specs.iter().fold(build, |build, name| build.spec(format!("spec/{name}.json"))).run();
}

/// Whether the feature of that name is on, or all are. A spec file that has no feature yet is built with all.
fn is_wanted(name: &str) -> bool {
    let is_on = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    is_on("ALL") || is_on(&name.to_uppercase().replace('-', "_"))
}
