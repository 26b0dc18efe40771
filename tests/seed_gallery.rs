//! Compares tasks of this library with those of the AWS CDK. `tests/cdk/golden` has the definitions of the CDK; see
//! `tests/cdk/render.mjs`. `docs/differences-from-cdk.md` explains each difference.

#![allow(clippy::unwrap_used)]

#[expect(dead_code, reason = "the example has a `main`")]
#[path = "../examples/seed_gallery.rs"]
mod example;
#[path = "seed_gallery/properties.rs"]
mod properties;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

/// The positions at which two documents differ.
fn differences(ours: &Value, cdk: &Value, at: &str, found: &mut BTreeSet<String>) {
    match (ours, cdk) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().chain(b.keys()) {
                let at = format!("{at}/{name}");
                match (a.get(name), b.get(name)) {
                    (Some(a), Some(b)) => differences(a, b, &at, found),
                    (Some(_), None) => drop(found.insert(format!("+{at}"))),
                    _ => drop(found.insert(format!("-{at}"))),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &format!("{at}/{index}"), found);
            }
        }
        _ if ours != cdk => drop(found.insert(format!("~{at}"))),
        _ => {}
    }
}

/// Compares a set with its golden files. A known difference is the name of a case (or its beginning, with `*`) and a
/// position: `~` if the values differ, `+` if only we have one, `-` if only the CDK has one.
fn compare(set: &str, ours: Vec<(String, String)>, known: &[(&str, &[&str])]) {
    let folder = format!("tests/cdk/golden/{set}");
    let mut goldens: BTreeMap<String, Value> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
        })
        .collect();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (name, text) in &ours {
        let Some(cdk) = goldens.remove(name) else {
            wrong.push(format!("{name}: no golden file"));
            continue;
        };
        let mut found = BTreeSet::new();
        differences(&serde_json::from_str(text).unwrap(), &cdk, "", &mut found);
        // The same member in either query language.
        let found: BTreeSet<String> = found.iter().map(|it| it.replace("/Arguments", "/Parameters")).collect();
        let mut expected = BTreeSet::new();
        for (case, places) in known {
            if *case == name || case.strip_suffix('*').is_some_and(|start| name.starts_with(start)) {
                used.insert(*case);
                expected.extend(places.iter().map(|place| (*place).to_owned()));
            }
        }
        if found != expected {
            wrong.push(format!("{name}:\n  found    {found:?}\n  expected {expected:?}\n  ours {text}\n  cdk  {cdk}"));
        }
    }
    wrong.extend(goldens.keys().map(|name| format!("{name}: we have no such case")));
    let unused = known.iter().filter(|(case, _)| !used.contains(case));
    wrong.extend(unused.map(|(case, _)| format!("{case}: no such case any more")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_examples_of_the_readme_are_those_of_the_cdk() {
    let gallery = example::gallery().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(gallery.len(), 41);
    let ours = gallery.into_iter().map(|(name, machine)| (name.to_owned(), machine.to_string())).collect();
    compare(
        "gallery",
        ours,
        &[
            // The CDK rejects a path as the location.
            ("06b-athena-start-query-execution-jsonpath-location", &["+/StartAt", "+/States", "-/refused"]),
            // `https://` instead of `s3://`.
            ("31-sagemaker-create-training-job", &["~/States/TrainSagemaker/Parameters/OutputDataConfig/S3OutputPath"]),
        ],
    );
}

#[test]
fn every_task_of_the_seed_is_that_of_the_cdk() {
    let container = |index: usize| {
        let members = ["ContainerHostname", "Environment", "Image", "Mode", "ModelPackageName"];
        let place = format!("/States/Task/Parameters/Containers/{index}");
        let ours = members.map(|member| format!("+{place}/{member}"));
        ours.into_iter().chain([format!("-{place}/parameters")]).collect::<Vec<_>>()
    };
    let pipeline: Vec<String> = container(0)
        .into_iter()
        .chain(container(1))
        .chain(["-/States/Task/Parameters/PrimaryContainer".to_owned()])
        .collect();
    let pipeline: Vec<&str> = pipeline.iter().map(String::as_str).collect();
    compare(
        "properties",
        properties::cases(),
        &[
            // An empty structure, or `null`.
            ("athena-start-minimal*", &["-/States/Task/Parameters/ResultConfiguration"]),
            ("glue-minimal.jsonata", &["-/States/Task/Parameters/NotificationProperty"]),
            ("glue-minimal.sync.jsonata", &["-/States/Task/Parameters/NotificationProperty"]),
            // The default of the service.
            ("dynamodb-get-minimal*", &["-/States/Task/Parameters/ConsistentRead"]),
            // `false` is dropped.
            ("ecs-private*", &["+/States/Task/Parameters/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp"]),
            // The retriers that AWS recommends for every call of a function.
            ("evaluate", &["+/States/Task/Retry"]),
            // An object instead of the API's list.
            ("sagemaker-endpoint*", &["~/States/Task/Parameters/Tags"]),
            // Containers in a wrapper that the API does not have, in addition to a primary container.
            ("sagemaker-pipeline*", &pipeline),
            // `https://` instead of `s3://`, and a dropped structure.
            (
                "sagemaker-training-full*",
                &[
                    "+/States/Task/Parameters/InputDataConfig/0/ShuffleConfig",
                    "~/States/Task/Parameters/InputDataConfig/0/DataSource/S3DataSource/S3Uri",
                    "~/States/Task/Parameters/OutputDataConfig/S3OutputPath",
                ],
            ),
            // A JSONPath in a JSONata machine.
            ("states-minimal.jsonata", &["~/States/Task/Parameters/Input"]),
            ("states-minimal.sync.jsonata", &["~/States/Task/Parameters/Input"]),
        ],
    );
}
