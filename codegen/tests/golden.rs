//! Compares the output for a small spec with golden files, and tests that it is deterministic.
//!
//! `UPDATE=1 cargo test -p sfn-tasks-codegen` updates the files. `examples/private-integration`, which is built from the same
//! spec, tests that they compile and work.

use std::path::Path;
use std::{env, fs};

use sfn_tasks_codegen::{File, Source, generate};

fn files() -> Vec<File> {
    let spec = include_str!("billing.json");
    generate(&[Source { name: "billing.json", text: spec }], Some("private_integration::tasks"))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn the_files_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut stale = Vec::new();
    for file in files() {
        let path = folder.join(&file.path);
        if fs::read_to_string(&path).unwrap_or_default() == file.text {
            continue;
        }
        if env::var_os("UPDATE").is_some() {
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
            fs::write(&path, &file.text).expect("the file can be written");
        }
        stale.push(file.path);
    }
    assert!(
        stale.is_empty(),
        "{stale:?} differ; look at them with: UPDATE=1 cargo test -p sfn-tasks-codegen; git diff"
    );
}

#[test]
fn the_same_specs_give_the_same_bytes_in_any_order() {
    let lambda = include_str!("../../spec/lambda.json");
    let sqs = include_str!("../../spec/sqs.json");
    let (lambda, sqs) = (Source { name: "a", text: lambda }, Source { name: "b", text: sqs });
    assert_eq!(generate(&[lambda, sqs], None), generate(&[sqs, lambda], None));
}

#[test]
fn every_spec_of_the_library_is_without_fault_and_its_examples_are_rendered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    for entry in fs::read_dir(folder).expect("the specs stand beside") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|it| it == "json") && !path.ends_with("service.schema.json") {
            let text = fs::read_to_string(&path).expect("a spec can be read");
            // Only files with a service are specs. The library reads the other tables itself.
            if !text.contains("\"service\": ") {
                continue;
            }
            let name = path.display().to_string();
            let files =
                generate(&[Source { name: &name, text: &text }], None).unwrap_or_else(|faults| panic!("{faults}"));
            assert!(files.iter().any(|file| file.text.contains("let task = Task::new(")), "{name} shows no example");
        }
    }
}

#[test]
fn the_smallest_spec_of_the_contributing_guide_is_without_fault() {
    let guide = include_str!("../../CONTRIBUTING.md");
    let spec =
        guide.split_once("```json\n").and_then(|(_, rest)| rest.split_once("```")).expect("the guide shows a spec").0;
    let files =
        generate(&[Source { name: "greeter.json", text: spec }], None).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(files.iter().any(|file| file.text.contains("Greet::new().name(path(\"$.name\")).warmth(Warmth::Hot)")));
}

#[test]
fn the_guide_shows_a_spec_of_what_is_ones_own_that_is_without_fault() {
    let guide = include_str!("../../CONTRIBUTING.md");
    let spec = guide.split("```json\n").nth(2).and_then(|rest| rest.split_once("```")).expect("the guide shows two").0;
    let files = generate(&[Source { name: "acme.json", text: spec }], None).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(files.iter().any(|file| file.text.contains("Quote::new().payload(Order::new()")));
}

#[test]
fn the_specs_of_the_library_have_the_schema_of_the_package() {
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/service.schema.json");
    if env::var_os("UPDATE").is_some() {
        fs::write(&copy, sfn_tasks_codegen::SCHEMA).expect("the copy can be written");
    }
    let copy = fs::read_to_string(copy).expect("the copy can be read");
    assert!(
        copy == sfn_tasks_codegen::SCHEMA,
        "UPDATE=1 cargo test -p sfn-tasks-codegen copies codegen/service.schema.json"
    );
}
