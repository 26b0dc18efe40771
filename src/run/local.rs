//! The mock files of Step Functions Local.

use super::{Mock, Mocks};
use crate::value::Json;

/// A mistake in a mock file of Step Functions Local.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFault(String);

impl std::fmt::Display for LocalFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LocalFault {}

impl Mocks {
    /// Whether this is a mock file of Step Functions Local.
    pub fn is_step_functions_local(file: &Json) -> bool {
        file.get("StateMachines").is_some() && file.get("MockedResponses").is_some()
    }

    /// The mocks of a test case in a mock file of Step Functions Local: for the state machine of that name, or for the
    /// only one.
    pub fn step_functions_local(file: &Json, machine: Option<&str>, case: &str) -> Result<Self, LocalFault> {
        let fault = |message: String| LocalFault(message);
        let members = |json: Option<&Json>| -> Vec<(String, Json)> {
            let object = json.and_then(Json::as_object);
            object
                .into_iter()
                .flat_map(|object| object.iter())
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect()
        };
        let names = |members: &[(String, Json)]| {
            members.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        let machines = members(file.get("StateMachines"));
        let found = match (machine, machines.as_slice()) {
            (Some(machine), _) => machines.iter().find(|(name, _)| name == machine),
            (None, [only]) => Some(only),
            (None, _) => machines
                .iter()
                .find(|(_, machine)| machine.get("TestCases").is_some_and(|cases| cases.get(case).is_some())),
        };
        let Some((name, machine)) = found else {
            return Err(fault(format!("the mock file has no such state machine; it has {}", names(&machines))));
        };
        let cases = members(machine.get("TestCases"));
        let Some((_, states)) = cases.iter().find(|(name, _)| name == case) else {
            return Err(fault(format!("`{name}` has no test case `{case}`; it has {}", names(&cases))));
        };
        let responses = file.get("MockedResponses");
        let mut mocks = Mocks::new();
        for (state, response) in members(Some(states)) {
            let response = response.as_str().unwrap_or_default();
            let Some(answers) = responses.and_then(|responses| responses.get(response)) else {
                return Err(fault(format!("there is no mocked response `{response}`, which the state `{state}` uses")));
            };
            mocks = mocks.state(state, answers_of(response, answers)?);
        }
        Ok(mocks)
    }
}

/// The answers `0`, `1-2`, … in order.
fn answers_of(response: &str, answers: &Json) -> Result<Mock, LocalFault> {
    let fault = |message: &str| LocalFault(format!("mocked response `{response}`: {message}"));
    let mut steps = Vec::new();
    for (range, answer) in answers.as_object().into_iter().flat_map(|object| object.iter()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.trim().parse::<u32>(), last.trim().parse::<u32>()) else {
            return Err(fault(&format!("`{range}` is neither a number nor a range such as `1-2`")));
        };
        let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let mock = match (answer.get("Return"), answer.get("Throw")) {
            (Some(result), None) => Mock::returns(result.clone()),
            (None, Some(thrown)) => Mock::fails(text(thrown, "Error"), text(thrown, "Cause")),
            _ => return Err(fault(&format!("`{range}` has neither `Return` nor `Throw`"))),
        };
        if last < first {
            return Err(fault(&format!("`{range}` ends before it begins")));
        }
        steps.push((first, last, mock));
    }
    steps.sort_by_key(|(first, ..)| *first);
    let mut next = 0;
    let mut all: Option<Mock> = None;
    for (first, last, mock) in steps {
        if first != next {
            return Err(fault(&format!("there is no answer number {next}")));
        }
        next = last + 1;
        let mock = mock.times(last - first + 1);
        all = Some(match all {
            Some(before) => before.then(mock),
            None => mock,
        });
    }
    all.ok_or_else(|| fault("there is no answer"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::StateMachine;
    use crate::run::Runner;

    #[test]
    fn mock_files_are_read_as_they_are() {
        let file = Json::from(json!({
            "StateMachines": { "Orders": { "TestCases": { "Retries": { "Ask": "Slow" } } } },
            "MockedResponses": { "Slow": {
                "2": { "Return": { "StatusCode": 200, "Payload": 7 } },
                "0-1": { "Throw": { "Error": "Busy", "Cause": "no time" } },
            } },
        }));
        let machine: StateMachine = r#"{ "StartAt": "Ask", "States": { "Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload",
            "Parameters": { "FunctionName": "ask" },
            "Retry": [{ "ErrorEquals": ["Busy"], "MaxAttempts": 2 }], "End": true } } }"#
            .parse()
            .unwrap();
        let mocks = Mocks::step_functions_local(&file, None, "Retries").unwrap();
        let run = Runner::new(&machine).mocks(mocks).run(json!({})).unwrap();
        assert_eq!((run.output().unwrap(), run.calls("Ask").len()), (&json!(7).into(), 3));
        let error = Mocks::step_functions_local(&file, None, "Other").unwrap_err();
        assert!(error.to_string().contains("`Retries`"), "{error}");
    }
}
