//! Every JSON definition of the corpus: nothing is lost, and every field is one of ASL.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sfn_tasks::asl::fields::{Content, DEFINITION, FieldSet, STATE};
use sfn_tasks::asl::{Format, Node, Source, StateMachine};

/// The definitions with their names, and whether they are deliberately wrong; empty without the corpus.
fn corpus() -> Vec<(String, String, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(index) = fs::read_to_string(folder.join("index.json")) else {
        println!("skipped: there is no ../shared/corpus");
        return Vec::new();
    };
    let index: Vec<Value> = serde_json::from_str(&index).unwrap();
    let mut definitions = Vec::new();
    for entry in index {
        let file = entry["file"].as_str().unwrap();
        let path: PathBuf = folder.join(file);
        let text = fs::read_to_string(path).unwrap();
        match serde_json::from_str::<Value>(&text) {
            Ok(value) if value.get("States").is_some() => {
                definitions.push((file.to_owned(), text, entry["negative_test"] == true));
            }
            Ok(_) => println!("not a definition, has no `States`: {file}"),
            Err(error) => println!("not JSON: {file}: {error}"),
        }
    }
    definitions
}

#[test]
fn nothing_is_lost() {
    let mut refused = Vec::new();
    for (name, text, _) in corpus() {
        let machine = match StateMachine::from_json(&text) {
            Ok(machine) => machine,
            Err(error) => {
                println!("not accepted: {name}: {error}");
                refused.push(name);
                continue;
            }
        };
        let theirs: Value = serde_json::from_str(&text).unwrap();
        // Compare texts, because the order of members matters too.
        assert_eq!(machine.to_string(), theirs.to_string(), "{name}");
        let rendered = format!("{machine:#}");
        assert_eq!(serde_json::from_str::<Value>(&rendered).unwrap(), theirs, "{name}");
        assert_eq!(StateMachine::from_json(&rendered).unwrap(), machine, "{name}");

        #[cfg(feature = "yaml")]
        assert_eq!(StateMachine::from_yaml(&machine.to_yaml()).unwrap().to_string(), machine.to_string(), "{name}");

        let mut canonical = machine.clone();
        canonical.canonicalize();
        assert_eq!(canonical, machine, "{name}: only the order changes");
        let once = canonical.to_string();
        canonical.canonicalize();
        assert_eq!(canonical.to_string(), once, "{name}");
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_state_has_its_place() {
    for (name, text, _) in corpus() {
        let source = Source::new(text, Format::Json);
        let machine = source.state_machine().unwrap();
        for state in machine.walk() {
            let key = source.locate_key(&state.pointer()).unwrap();
            let key: String = serde_json::from_str(&source.text()[key.bytes]).unwrap();
            assert_eq!(key, state.name(), "{name}");
            let value = source.locate(&state.pointer()).unwrap();
            assert_eq!(source.text().lines().nth(value.line - 1).unwrap().chars().nth(value.column - 1), Some('{'));
        }
    }
}

#[test]
fn the_table_has_every_field_of_a_right_definition() {
    let mut unknown = Vec::new();
    for (name, text, wrong) in corpus() {
        if wrong {
            continue;
        }
        let machine = StateMachine::from_json(&text).unwrap();
        let mut open = vec![(Node::root(machine.json()), &DEFINITION)];
        while let Some((node, set)) = open.pop() {
            for (member, value) in node.members() {
                // A template of a test, whose placeholders are replaced before use.
                if member.starts_with('%') {
                    continue;
                }
                let Some(field) = set.field(member) else {
                    unknown.push(format!("{name}: {}: {} has no such field", value.pointer(), set.name));
                    continue;
                };
                let below: Vec<(Node<'_>, &FieldSet)> = match field.content {
                    Content::Object(set) => vec![(value, set)],
                    Content::Objects(set) => value.elements().map(|element| (element, set)).collect(),
                    Content::States => value.members().map(|(_, state)| (state, &STATE)).collect(),
                    _ => continue,
                };
                open.extend(below);
            }
        }
        for state in machine.walk() {
            for (member, value) in state.members() {
                let Some(field) = STATE.field(member) else { continue };
                if !field.belongs_to(state.state_type()) || !field.speaks(state.query_language()) {
                    let (kind, language) = (state.state_type(), state.query_language());
                    unknown.push(format!("{name}: {}: not in {kind} with {language}", value.pointer()));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}
