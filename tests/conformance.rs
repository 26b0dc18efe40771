//! Compares the interpreter with executions that were recorded on AWS, and prints each case that differs, and the totals of
//! each category.
//!
//! The recordings are not part of the project. `SFN_CONFORMANCE` names their folder; the default is `../shared/conformance`.
//! Without them, the test is skipped. `tests/conformance_known.txt` has the cases that are known to differ, with the reason.
//! A case there that no longer differs fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::run::{FieldValidation, Mock, Runner, StateTest, TaskError, Timestamp};
use sfn_tasks::value::Json;

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SFN_CONFORMANCE").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance"));
    folder.is_dir().then_some(folder)
}

#[test]
fn executions_end_as_on_aws() {
    let Some(folder) = folder() else {
        println!("no recordings: set SFN_CONFORMANCE to their folder");
        return;
    };
    let only = std::env::var("SFN_CONFORMANCE_ONLY").unwrap_or_default();
    // Also run cases whose recordings are incomplete. They do not fail the test.
    let all = std::env::var_os("SFN_CONFORMANCE_ALL").is_some();
    let known: BTreeMap<&str, &str> =
        include_str!("conformance_known.txt").lines().filter_map(|line| line.split_once(": ")).collect();
    let mut files: Vec<PathBuf> =
        folder.read_dir().expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut totals: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut unexpected = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).expect("JSON");
            let id = text_of(&case["id"]);
            if !id.contains(&only) {
                continue;
            }
            let total = totals.entry(text_of(&case["category"]).to_owned()).or_default();
            if case["offline"] != true && !all {
                total[2] += 1;
                continue;
            }
            let differences = match text_of(&case["kind"]) {
                "execution" => execution(&case),
                "test-state" => test_state(&case),
                _ => validation(&case),
            };
            let expected = known.get(id);
            if differences.is_empty() {
                total[0] += 1;
                if expected.is_some() {
                    unexpected.push(format!("{id} is known to differ, but does not: take it out of the list"));
                }
            } else {
                total[1] += 1;
                println!("{id}\n  {}", differences.join("\n  "));
                if expected.is_none() {
                    unexpected.push(id.to_owned());
                }
            }
        }
    }
    let mut sum = [0; 3];
    for (category, total) in &totals {
        println!("{category:20} {:4} agree {:3} differ {:3} not judged", total[0], total[1], total[2]);
        (0..3).for_each(|at| sum[at] += total[at]);
    }
    println!("{:20} {:4} agree {:3} differ {:3} not judged", "all", sum[0], sum[1], sum[2]);
    // Of recordings that are not in the list, 99 % must agree.
    match std::env::var_os("SFN_CONFORMANCE") {
        None => assert!(unexpected.is_empty(), "differ: {}", unexpected.join("\n")),
        Some(_) => assert!(sum[0] * 100 >= (sum[0] + sum[1]) * 99, "{} of {} differ", sum[1], sum[0] + sum[1]),
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn has(case: &Value, need: &str) -> bool {
    list(&case["needs"]).iter().any(|found| found == need)
}

/// The recorded response of a call, as a mock.
fn mock(call: &Value) -> Mock {
    if call.get("event").is_none_or(Value::is_null) {
        return Mock::returns(call["result"].clone());
    }
    let limited = call.get("timeoutInSeconds").is_some() || call.get("heartbeatInSeconds").is_some();
    if call["error"] == "States.Timeout" && call["cause"].is_null() && limited {
        return Mock::never();
    }
    Mock::fails(text_of(&call["error"]), text_of(&call["cause"]))
}

fn runner<'a>(machine: &'a StateMachine, case: &Value) -> Runner<'a> {
    let mut runner = Runner::new(machine);
    if case["type"] == "EXPRESS" {
        runner = runner.express();
    }
    // Of some executions, only the output shows the context.
    let told = if case["context"].is_object() {
        &case["context"]
    } else {
        context_in(&case["output"]).unwrap_or(&Value::Null)
    };
    let context = |pointer: &str| told.pointer(pointer).and_then(Value::as_str);
    if let Some(id) = context("/Execution/Id") {
        runner = runner.execution_arn(id);
    }
    if let Some(name) = context("/Execution/Name") {
        runner = runner.execution_name(name);
    }
    if let Some(role) = context("/Execution/RoleArn") {
        runner = runner.role_arn(role);
    }
    if let Some(id) = context("/StateMachine/Id") {
        runner = runner.machine_arn(id);
    }
    if let Some(name) = context("/StateMachine/Name") {
        runner = runner.machine_name(name);
    }
    for (state, calls) in case["tasks"].as_object().into_iter().flatten() {
        let calls = list(calls);
        let iterated = calls.iter().any(|call| call.get("iteration").is_some());
        if !iterated {
            if let Some(mock) = calls.iter().map(mock).reduce(Mock::then) {
                runner = runner.mock(state, mock);
            }
            continue;
        }
        let left = Arc::new(Mutex::new(calls.to_vec()));
        let answers = Mock::calls(move |call| {
            let mut left = left.lock().expect("no panic");
            let index = call.iteration().last().map(|index| json!(index));
            let at = left
                .iter()
                .position(|recorded| {
                    let item = list(&recorded["iteration"]).last().and_then(|place| place.get(1)).cloned();
                    item == index
                })
                .unwrap_or(0);
            if left.is_empty() {
                return Err(TaskError::new("no more calls were recorded", ""));
            }
            let recorded = left.remove(at);
            match recorded.get("event").is_none_or(Value::is_null) {
                true => Ok(Json::from(recorded["result"].clone())),
                false => Err(TaskError::new(text_of(&recorded["error"]), text_of(&recorded["cause"]))),
            }
        });
        runner = runner.mock(state, answers);
    }
    runner
}

fn context_in(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(object) if object.contains_key("Execution") && object.contains_key("StateMachine") => Some(value),
        Value::Object(object) => object.values().find_map(context_in),
        Value::Array(elements) => elements.iter().find_map(context_in),
        _ => None,
    }
}

fn execution(case: &Value) -> Vec<String> {
    let machine = StateMachine::new(Json::from(case["definition"].clone()));
    let run = match runner(&machine, case).run(case["input"].clone()) {
        Ok(run) => run,
        Err(problem) => return vec![format!("not run: {problem}")],
    };
    let judge = Judge::new(case);
    let mut differences = Vec::new();
    let mut compare = |what: &str, recorded: &Value, ours: &Value| {
        if !judge.same(recorded, ours) {
            differences.push(format!("{what}\n    recorded {}\n    ours     {}", short(recorded), short(ours)));
        }
    };
    compare("status", &case["status"], &json!(run.status().name()));
    compare("output", &case["output"], &run.output().map_or(Value::Null, Value::from));
    compare("error", &case["error"], &json!(run.error()));
    compare("cause", &case["cause"], &json!(run.cause()));
    if case["states"].is_array() {
        let mut ours: Vec<_> =
            run.steps().iter().filter(|step| step.end_order().is_some() && !step.in_child_execution()).collect();
        ours.sort_by_key(|step| step.end_order());
        let ours: Vec<Value> = ours
            .into_iter()
            .map(|step| {
                json!({
                    "name": step.state(),
                    "type": step.state_type().name(),
                    "input": Value::from(step.input()),
                    "output": step.output().map(Value::from),
                    "assigned": step.assigned().map(Value::from).filter(|assigned| *assigned != json!({})),
                })
            })
            .collect();
        let recorded: Vec<Value> = list(&case["states"])
            .iter()
            .map(|state| {
                json!({
                    "name": state["name"], "type": state["type"], "input": state["input"],
                    "output": state["output"], "assigned": state["assigned"],
                })
            })
            .collect();
        if recorded.len() != ours.len() {
            let names = |states: &[Value]| {
                states.iter().map(|state| text_of(&state["name"]).to_owned()).collect::<Vec<_>>().join(", ")
            };
            compare("states", &json!(names(&recorded)), &json!(names(&ours)));
        } else if has(case, "parallel") || has(case, "unordered-events") {
            let mut left: Vec<&Value> = ours.iter().collect();
            for state in &recorded {
                match left.iter().position(|ours| judge.same(state, ours)) {
                    Some(at) => drop(left.remove(at)),
                    None => compare("a state", state, left.first().copied().unwrap_or(&Value::Null)),
                }
            }
        } else {
            for (recorded, ours) in recorded.iter().zip(&ours) {
                compare(&format!("state {}", text_of(&recorded["name"])), recorded, ours);
            }
        }
    }
    for (state, calls) in case["tasks"].as_object().into_iter().flatten() {
        let ours = run.calls(state);
        compare(&format!("calls of {state}"), &json!(list(calls).len()), &json!(ours.len()));
        for (recorded, ours) in list(calls).iter().zip(&ours) {
            compare(&format!("parameters of {state}"), &recorded["parameters"], &Value::from(ours.parameters()));
            for (name, seconds) in
                [("timeoutInSeconds", ours.timeout_seconds()), ("heartbeatInSeconds", ours.heartbeat_seconds())]
            {
                compare(name, recorded.get(name).unwrap_or(&Value::Null), &json!(seconds));
            }
        }
    }
    differences
}

/// The response of TestState.
fn test_state(case: &Value) -> Vec<String> {
    let definition = Json::from(case["definition"].clone());
    let mut test = match case["stateName"].as_str() {
        Some(name) if case["definition"].get("States").is_some() => StateTest::of(&StateMachine::new(definition), name),
        _ => StateTest::alone(definition),
    };
    let mock = &case["mock"];
    if let Some(result) = mock["result"].as_str() {
        test = test.returns_text(result);
    }
    if mock["errorOutput"].is_object() {
        test = test.fails(text_of(&mock["errorOutput"]["error"]), text_of(&mock["errorOutput"]["cause"]));
    }
    if let Some(mode) = mock["fieldValidationMode"].as_str().and_then(FieldValidation::from_name) {
        test = test.field_validation(mode);
    }
    if case["variables"].is_object() {
        test = test.variables(case["variables"].clone());
    }
    if !case["context"].is_null() {
        test = test.context(case["context"].clone());
    }
    if let Some(role) = case["roleArn"].as_str() {
        test = test.role_arn(role);
    }
    // The account of all recordings.
    test = test.place("us-east-1", "111111111111");
    let configuration = &case["stateConfiguration"];
    let count = |name: &str| configuration[name].as_u64().map(|count| count as u32);
    if let Some(count) = count("retrierRetryCount") {
        test = test.retrier_retry_count(count);
    }
    if let Some(count) = count("mapIterationFailureCount") {
        test = test.map_iteration_failure_count(count);
    }
    // Without an input, the API uses an empty object.
    let input = if case["input"].is_null() { json!({}) } else { case["input"].clone() };
    let answer = test.reveal_secrets(case["revealSecrets"] == true).run(input);
    let judge = Judge::new(case);
    let mut differences = Vec::new();
    let mut compare = |what: &str, recorded: &Value, ours: &Value| {
        if !judge.same(recorded, ours) {
            differences.push(format!("{what}\n    recorded {}\n    ours     {}", short(recorded), short(ours)));
        }
    };
    let null = Value::Null;
    match answer {
        Err(error) => {
            compare("status", &case["status"], &json!("API_ERROR"));
            compare("error", &case["error"], &json!({ "Code": error.code, "Message": error.message }));
        }
        Ok(answer) => {
            compare("status", &case["status"], &json!(answer.status()));
            compare("output", &case["output"], &answer.output().map_or(Value::Null, Value::from));
            compare("error", &case["error"], &json!(answer.error()));
            compare("cause", &case["cause"], &json!(answer.cause()));
            compare("nextState", case.get("nextState").unwrap_or(&null), &json!(answer.next_state()));
            if let Some(inspection) = case.get("inspectionData") {
                compare("inspectionData", inspection, &Value::from(&Json::Object(answer.inspection().clone())));
            }
        }
    }
    differences
}

/// Whether AWS accepts the definition. The messages are not compared.
fn validation(case: &Value) -> Vec<String> {
    let machine = StateMachine::new(Json::from(case["definition"].clone()));
    let options = sfn_tasks::check::Options::default().express(case["type"] == "EXPRESS");
    let errors: Vec<String> = sfn_tasks::check::check(&machine, &options)
        .iter()
        .filter(|finding| finding.severity == sfn_tasks::check::Severity::Error)
        .map(ToString::to_string)
        .collect();
    match (case["accepted"] == true, errors.is_empty()) {
        (true, false) => vec![format!("AWS takes it, but we say: {}", errors.join("; "))],
        (false, true) => vec!["AWS refuses it, and we do not".to_owned()],
        _ => Vec::new(),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(1500) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Compares according to the notes of the recordings.
struct Judge {
    /// Placeholders in the recordings.
    wildcards: BTreeSet<String>,
}

impl Judge {
    fn new(case: &Value) -> Self {
        let named = list(&case["wildcards"]).iter().filter_map(Value::as_str).map(str::to_owned);
        Self { wildcards: named.chain(["date", "timestamp"].map(str::to_owned)).collect() }
    }

    fn same(&self, recorded: &Value, ours: &Value) -> bool {
        match (recorded, ours) {
            (Value::String(recorded), _) if self.wildcards.contains(recorded) => true,
            // `start-time`, `entered-time` and similar texts are placeholders for a time.
            (Value::String(recorded), Value::String(ours))
                if (recorded.ends_with("-time") || recorded.ends_with("-date"))
                    && (Timestamp::parse(ours).is_some() || Timestamp::parse(&format!("{ours}Z")).is_some()) =>
            {
                true
            }
            (Value::String(recorded), Value::String(ours)) => {
                recorded == ours || self.same_json(recorded, ours) || self.same_text(recorded, ours)
            }
            // A placeholder in a response that the run used.
            (_, Value::String(ours)) if self.wildcards.contains(ours) => true,
            (Value::Number(recorded), Value::Number(ours)) => recorded.as_f64() == ours.as_f64(),
            (Value::Array(recorded), Value::Array(ours)) => {
                recorded.len() == ours.len()
                    && recorded.iter().zip(ours).all(|(recorded, ours)| self.same(recorded, ours))
            }
            (Value::Object(recorded), Value::Object(ours)) => {
                // The context object had no `RedriveCount` before November 2023, and has none in synchronous executions.
                let ignored = |name: &str| {
                    name == "SdkHttpMetadata"
                        || name == "SdkResponseMetadata"
                        || (name == "RedriveCount" && !recorded.contains_key(name) && recorded.contains_key("RoleArn"))
                };
                let count =
                    |object: &serde_json::Map<String, Value>| object.keys().filter(|name| !ignored(name)).count();
                count(recorded) == count(ours)
                    && recorded
                        .iter()
                        .filter(|(name, _)| !ignored(name))
                        .all(|(name, value)| ours.get(name).is_some_and(|ours| self.same(value, ours)))
            }
            _ => recorded == ours,
        }
    }

    fn same_json(&self, recorded: &str, ours: &str) -> bool {
        let parse = |text: &str| {
            let json: Option<Value> = text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok()).flatten();
            json
        };
        parse(recorded).zip(parse(ours)).is_some_and(|(recorded, ours)| self.same(&recorded, &ours))
    }

    /// A placeholder in a text matches anything.
    fn same_text(&self, recorded: &str, ours: &str) -> bool {
        let mut pattern = String::from("(?s)^");
        let mut rest = recorded;
        let mut holes = 0;
        while let Some(start) = rest.find('<') {
            let Some(length) = rest[start..].find('>') else { break };
            pattern += &regex::escape(&rest[..start]);
            pattern += ".*";
            holes += 1;
            rest = &rest[start + length + 1..];
        }
        pattern += &regex::escape(rest);
        pattern += "$";
        holes > 0 && regex::Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(ours))
    }
}
