//! The policies of real definitions are consistent.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{self, Existing, FindingKind, Options, Scope};

#[test]
fn policies_of_real_definitions_are_sound() {
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    let Ok(index) = fs::read_to_string(corpus.join("index.json")) else {
        return println!("skipped: no corpus at {}", corpus.display());
    };
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let (mut files, mut complete, mut statements) = (0, 0, 0);
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for entry in index.as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let Ok(machine) = fs::read_to_string(corpus.join(file)).unwrap().parse::<StateMachine>() else { continue };
        let (policy, problems) = iam::derive(&machine, &Scope::default(), &Options::default());
        files += 1;
        complete += usize::from(problems.is_empty());
        statements += policy.statements().len();
        for problem in &problems {
            *unknown.entry(problem.message.clone()).or_default() += 1;
            assert!(machine.json().pointer(&problem.pointer).is_some(), "{file}: {problem}");
        }
        let text = policy.to_string();
        assert!(!text.contains("$.") && !text.contains("{%") && !text.contains("States."), "{file}: {text}");
        assert_eq!(text, iam::derive(&machine, &Scope::default(), &Options::default()).0.to_string(), "{file}");
        for statement in policy.statements() {
            assert!(!statement.reasons.is_empty() && !statement.resources.is_empty(), "{file}: {statement:?}");
            for resource in &statement.resources {
                let text = resource.to_string();
                let is_arn = text == "*" || text.starts_with("${") || text.matches(':').count() >= 5;
                assert!(is_arn, "{file}: {text}");
            }
        }
        // A derived policy passes its own audit.
        let audit = policy.audit(&Existing::from_json(&text).unwrap());
        assert!(audit.is_clean(), "{file}: {audit}\n{text}");
    }
    println!("{files} definitions, {complete} with nothing unknown, {statements} statements");
    unknown.iter().for_each(|(message, count)| println!("{count} × {message}"));
    assert!(files > 400 && complete * 10 > files * 6, "{complete} of {files}");
}

/// In every policy of the corpus, the audit reports a removed statement and a widened one.
#[test]
fn what_is_taken_away_or_widened_is_noticed() {
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    let Ok(index) = fs::read_to_string(corpus.join("index.json")) else {
        return println!("skipped: no corpus at {}", corpus.display());
    };
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let mut tried = 0;
    for entry in index.as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let Ok(machine) = fs::read_to_string(corpus.join(file)).unwrap().parse::<StateMachine>() else { continue };
        let (policy, _) = iam::derive(&machine, &Scope::default(), &Options::default());
        let document: serde_json::Value = serde_json::from_str(&policy.to_string()).unwrap();
        for (at, statement) in policy.statements().iter().enumerate() {
            let mut without = document.clone();
            without["Statement"].as_array_mut().unwrap().remove(at);
            let audit = policy.audit(&Existing::from_json(&without.to_string()).unwrap());
            for action in &statement.actions {
                assert!(audit.findings.iter().any(|finding| finding.action == *action), "{file}: {action}");
            }
            let too_much = |kind| matches!(kind, FindingKind::Wider | FindingKind::Excess);
            assert!(!audit.findings.iter().any(|finding| too_much(finding.kind)), "{file}: {audit}");
            let service = statement.actions[0].split(':').next().unwrap();
            let mut all_actions = document.clone();
            all_actions["Statement"][at]["Action"] = format!("{service}:*").into();
            let mut everywhere = document.clone();
            everywhere["Statement"][at]["Resource"] = "*".into();
            for (widened, wide) in
                [(all_actions, true), (everywhere, !statement.resources.iter().any(iam::Arn::is_any))]
            {
                let audit = policy.audit(&Existing::from_json(&widened.to_string()).unwrap());
                let found: Vec<FindingKind> = audit.findings.iter().map(|finding| finding.kind).collect();
                assert_eq!(found.contains(&FindingKind::Wider), wide, "{file}: {audit}\n{widened}");
                assert!(!found.contains(&FindingKind::Missing), "{file}: {audit}\n{widened}");
                tried += 1;
            }
        }
    }
    println!("{tried} policies widened");
    assert!(tried > 800, "{tried}");
}
