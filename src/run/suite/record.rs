//! Writes a case from what a run did.

use crate::run::Run;
use crate::value::{Json, Object};

/// A case that expects what this run did, and whose mocks answer like its tasks.
pub fn record(name: &str, input: &Json, run: &Run) -> Json {
    let text = |text: &str| Json::from(text.to_owned());
    let mut mocks = Object::new();
    let mut calls = Object::new();
    for call in run.all_calls() {
        let mut answer = Object::new();
        match call.result() {
            Some(Ok(result)) => drop(answer.insert("return", result.clone())),
            Some(Err(error)) if error.error == "States.Timeout" => drop(answer.insert("never", true)),
            Some(Err(error)) => {
                let thrown = Object::from_iter([("error", text(&error.error)), ("cause", text(&error.cause))]);
                answer.insert("throw", thrown);
            }
            None => continue,
        }
        if let Some(took) = call.took.filter(|took| !took.is_zero() && !answer.contains("never")) {
            answer.insert("after", crate::expression::evaluate::number(took.as_secs_f64()));
        }
        for (list, value) in [(&mut mocks, Json::Object(answer)), (&mut calls, call.parameters().clone())] {
            match list.get_mut(call.state()) {
                Some(Json::Array(values)) => values.push(value),
                _ => drop(list.insert(call.state().to_owned(), vec![value])),
            }
        }
    }
    for (_, answers) in mocks.iter_mut() {
        shorten(answers);
    }
    let mut expected = Object::new();
    expected.insert("status", run.status().name());
    match run.output() {
        Ok(output) => drop(expected.insert("output", output.clone())),
        Err(failure) => {
            for (name, value) in [("error", &failure.error), ("cause", &failure.cause)] {
                if let Some(value) = value {
                    expected.insert(name, text(value));
                }
            }
        }
    }
    expected.insert("way", run.way().into_iter().map(text).collect::<Vec<_>>());
    if !calls.is_empty() {
        expected.insert("calls", calls);
    }
    let mut case = Object::from_iter([("name", text(name)), ("input", input.clone())]);
    if !mocks.is_empty() {
        case.insert("mocks", mocks);
    }
    case.insert("expect", expected);
    Json::Object(case)
}

/// Merges consecutive answers that are equal.
fn shorten(answers: &mut Json) {
    let Json::Array(list) = answers else { return };
    let mut groups: Vec<(Json, u64)> = Vec::new();
    for answer in std::mem::take(list) {
        match groups.last_mut() {
            Some((last, times)) if *last == answer => *times += 1,
            _ => groups.push((answer, 1)),
        }
    }
    let count = groups.len();
    for (index, (mut answer, times)) in groups.into_iter().enumerate() {
        // The last answer repeats.
        if let (Json::Object(answer), true) = (&mut answer, times > 1 && index + 1 < count) {
            answer.insert("times", times);
        }
        list.push(answer);
    }
    if let [only] = &mut list[..] {
        *answers = std::mem::take(only);
    }
}
