//! Generates the typed builders and the catalog from the spec files.

use std::fs;

use sfn_tasks_codegen::Build;

fn main() {
    println!("cargo::rerun-if-changed=spec");
    let mut services: Vec<String> = fs::read_dir("spec")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.contains('.'))
        .collect();
    services.sort();
    let build = Build::new().module_path("sfn_tasks::tasks");
    // Each service has a feature for its builders. Its facts are in every build.
    let add = |build: Build, name: &String| build.spec_behind(format!("spec/{name}.json"), ["all", name.as_str()]);
    services.iter().fold(build, add).run();
}
