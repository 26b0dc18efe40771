//! Pictures of whole definitions: compares their content with the document, parsed by `serde_json`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::graph::{Picture, SvgOptions, Way};

fn definitions(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(definitions(&path));
        } else if path.to_string_lossy().ends_with(".asl.json") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The pictures in `docs/pictures` show the definitions next to them. `UPDATE=1` updates them.
#[cfg(feature = "all")]
#[test]
fn the_pictures_of_the_documentation_are_up_to_date() {
    let files = definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures"));
    assert_eq!(files.len(), 3);
    for file in files {
        let machine = StateMachine::from_json(&fs::read_to_string(&file).unwrap()).unwrap();
        let title = file.file_name().unwrap().to_string_lossy().replace(".asl.json", "");
        let drawn = Picture::new(&machine).svg(&SvgOptions::default().title(&title));
        let picture = file.with_file_name(format!("{title}.svg"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&picture, &drawn).unwrap();
        }
        let present = fs::read_to_string(&picture).unwrap_or_default();
        assert!(present == drawn, "{} is out of date: run this test with UPDATE=1", picture.display());
    }
}

/// The content of a definition.
#[derive(Default)]
struct Expected {
    states: Vec<String>,
    /// From, to, and whether by `Catch`. Each state machine has a number, because names can repeat in another one.
    ways: BTreeSet<(usize, String, String, bool)>,
    machines: usize,
    starts: usize,
    ends: usize,
}

impl Expected {
    fn read(&mut self, machine: &Value) {
        self.machines += 1;
        let number = self.machines;
        self.starts += usize::from(machine["StartAt"].is_string());
        for (name, state) in machine["States"].as_object().into_iter().flatten() {
            self.states.push(name.clone());
            self.ends += usize::from(state["End"] == true);
            let mut way = |to: &Value, catch: bool| {
                if let Some(to) = to.as_str() {
                    self.ways.insert((number, name.clone(), to.to_owned(), catch));
                }
            };
            let plain = targets(state);
            plain.into_iter().for_each(|to| way(to, false));
            state["Catch"].as_array().into_iter().flatten().for_each(|catcher| way(&catcher["Next"], true));
            for inner in ["ItemProcessor", "Iterator"] {
                if state.get(inner).is_some() {
                    self.read(&state[inner]);
                }
            }
            state["Branches"].as_array().into_iter().flatten().for_each(|branch| self.read(branch));
        }
    }
}

fn targets(state: &Value) -> Vec<&Value> {
    let rules = state["Choices"].as_array().into_iter().flatten().map(|rule| &rule["Next"]);
    rules.chain([&state["Default"], &state["Next"]]).collect()
}

#[test]
fn every_state_and_every_transition_is_drawn() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut files = definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures"));
    if shared.exists() {
        files.extend(definitions(&shared));
    } else {
        println!("only our own definitions: there is no {}", shared.display());
    }
    let mut drawn = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let (Ok(value), Ok(machine)) = (serde_json::from_str::<Value>(&text), StateMachine::from_json(&text)) else {
            continue;
        };
        let mut expected = Expected::default();
        expected.read(&value);
        let picture = Picture::new(&machine).svg(&SvgOptions::default());
        compare(&expected, &picture, &file);
        let arrows = expected.ways.len() + expected.starts + expected.ends;
        let (mermaid, dot) = (Picture::new(&machine).mermaid(), Picture::new(&machine).dot());
        let count = |text: &str, arrows: &[&str]| {
            text.lines()
                .filter(|line| {
                    arrows
                        .iter()
                        .any(|arrow| line.trim_start().split(' ').nth(1).is_some_and(|word| word.starts_with(arrow)))
                })
                .count()
        };
        assert_eq!(count(&mermaid, &["-->", "-.->"]), arrows, "{}\n{mermaid}", file.display());
        assert_eq!(count(&dot, &["->"]), arrows, "{}\n{dot}", file.display());
        assert_eq!(picture, Picture::new(&machine).svg(&SvgOptions::default()));
        drawn += 1;
    }
    assert!(drawn >= 3);
}

fn compare(expected: &Expected, picture: &str, file: &Path) {
    let document = roxmltree::Document::parse(picture).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut titles: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("g"))
        .filter_map(|group| group.first_element_child()?.text())
        .map(|title| title.lines().next().unwrap_or_default())
        .collect();
    let mut take =
        |title: &str| titles.iter().position(|other| *other == title).map(|at| titles.swap_remove(at)).is_some();
    for state in &expected.states {
        assert!(take(state), "{}: {state} is not drawn", file.display());
    }
    for (_, from, to, _) in &expected.ways {
        assert!(take(&format!("{from} → {to}")), "{}: {from} to {to} is not drawn", file.display());
    }
    let lines = document.descendants().filter(|node| node.attribute("class") == Some("line")).count();
    assert_eq!(lines, expected.ways.len() + expected.starts + expected.ends, "{}", file.display());
}

#[test]
fn a_way_is_drawn_over_the_definition() {
    let machine: StateMachine = r#"{"StartAt": "Try", "States": {
        "Try": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "More?",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]},
        "More?": {"Type": "Choice", "Choices": [{"Variable": "$.more", "BooleanEquals": true, "Next": "Try"}], "Default": "Done"},
        "Done": {"Type": "Succeed"}, "Sorry": {"Type": "Fail"}
    }}"#
        .parse()
        .unwrap();
    let way = Way::default()
        .visit("Try", Some("More?"), false)
        .visit("More?", Some("Try"), false)
        .visit("Try", Some("Sorry"), false)
        .visit("Sorry", None, true);
    let svg = Picture::new(&machine).way(&way).svg(&SvgOptions::default());
    roxmltree::Document::parse(&svg).expect("XML");
    for part in [
        "class=\"task taken\"",
        "class=\"succeed left-out\"",
        "class=\"fail failed\"",
        "class=\"catch taken\"",
        ">2 times<",
        ">failed<",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    let dot = Picture::new(&machine).way(&way).dot();
    for part in ["Try\\nLambda: invoke\\n2 times\", color=\"#1d8102\"", "color=\"#d13212\"", "color=\"#c6c6c6\""] {
        assert!(dot.contains(part), "{part} is not in {dot}");
    }
    let mermaid = Picture::new(&machine).way(&way).mermaid();
    assert!(mermaid.contains("2 times") && mermaid.contains("class s"), "{mermaid}");
    // Without a path, the picture shows no part of it.
    assert!(!Picture::new(&machine).way(&Way::default()).svg(&SvgOptions::default()).contains("class=\"task taken"));
}
