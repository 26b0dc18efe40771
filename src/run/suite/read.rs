//! Reads a file of cases, and reports everything that is wrong in it.

use std::path::PathBuf;
use std::time::Duration;

use super::{Case, Expected, Suite, SuiteFault, is_api};
use crate::run::{FieldValidation, Mock, Mocks, Timestamp};
use crate::value::{Json, Object, escape_token};

impl Suite {
    /// Reads a file of cases, or returns all mistakes in it.
    pub fn read(file: &Json) -> Result<Self, Vec<SuiteFault>> {
        let mut reader = Reader::default();
        let suite = reader.suite(file);
        if reader.faults.is_empty() { Ok(suite) } else { Err(reader.faults) }
    }
}

impl Mocks {
    /// Reads mocks in the form that they have in a file of cases: by the name of a state, an API (`dynamodb:getItem`)
    /// or a resource (`arn:…`).
    pub fn read(json: &Json) -> Result<Self, Vec<SuiteFault>> {
        let mut reader = Reader::default();
        let mocks = reader.mocks(json, "");
        if reader.faults.is_empty() { Ok(mocks) } else { Err(reader.faults) }
    }
}

// The members that the objects of a file can have.
const FILE: [&str; 7] = ["definition", "objects", "machines", "express", "substitutions", "mocks", "cases"];
const CASE: [&str; 9] = ["name", "input", "mocks", "express", "start", "seed", "redrives", "fieldValidation", "expect"];
const EXPECT: [&str; 9] = ["status", "output", "error", "cause", "way", "went", "avoided", "calls", "seconds"];
const MOCK: [&str; 6] = ["return", "throw", "never", "after", "heartbeats", "times"];

#[derive(Default)]
struct Reader {
    faults: Vec<SuiteFault>,
}

impl Reader {
    fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(SuiteFault { pointer: pointer.to_owned(), message: message.into() });
    }

    fn object<'j>(&mut self, json: &'j Json, pointer: &str, what: &str, known: &[&str]) -> Option<&'j Object> {
        let Json::Object(object) = json else {
            self.fault(pointer, format!("{what} must be an object, not {}", json.kind()));
            return None;
        };
        for name in object.names().filter(|name| !known.contains(name) && *name != "$schema") {
            let close = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let close = close.filter(|close| strsim::damerau_levenshtein(close, name) <= 2);
            let hint = match close {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("it has {}", known.join(", ")),
            };
            self.fault(&format!("{pointer}/{}", escape_token(name)), format!("{what} has no `{name}`; {hint}"));
        }
        Some(object)
    }

    fn text(&mut self, object: &Object, name: &str, pointer: &str) -> Option<String> {
        match object.get(name)? {
            Json::String(text) => Some(text.to_string()),
            other => {
                self.fault(&format!("{pointer}/{name}"), format!("`{name}` must be a string, not {}", other.kind()));
                None
            }
        }
    }

    fn number(&mut self, object: &Object, name: &str, pointer: &str) -> Option<f64> {
        match object.get(name)? {
            Json::Number(number) if number.as_f64() >= 0.0 => Some(number.as_f64()),
            other => {
                self.fault(
                    &format!("{pointer}/{name}"),
                    format!("`{name}` must be a number that is not negative, not {other}"),
                );
                None
            }
        }
    }

    fn names(&mut self, object: &Object, name: &str, pointer: &str) -> Option<Vec<String>> {
        let pointer = format!("{pointer}/{name}");
        let list = match object.get(name)? {
            Json::Array(list) => list.as_slice(),
            one @ Json::String(_) => std::slice::from_ref(one),
            other => {
                self.fault(&pointer, format!("`{name}` must be a list of state names, not {}", other.kind()));
                return None;
            }
        };
        let names: Vec<String> = list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        if names.len() < list.len() {
            self.fault(&pointer, format!("`{name}` must be a list of state names"));
        }
        Some(names)
    }

    fn suite(&mut self, file: &Json) -> Suite {
        let mut suite = Suite {
            definition: None,
            objects: None,
            machines: Vec::new(),
            substitutions: Vec::new(),
            express: false,
            cases: Vec::new(),
        };
        let Some(object) = self.object(file, "", "a file of cases", &FILE) else { return suite };
        suite.definition = self.text(object, "definition", "");
        suite.objects = self.text(object, "objects", "").map(PathBuf::from);
        match object.get("machines") {
            None => {}
            Some(Json::Object(machines)) => {
                for name in machines.names() {
                    let path = self.text(machines, name, "/machines");
                    suite.machines.extend(path.map(|path| (name.to_owned(), path)));
                }
            }
            Some(other) => {
                self.fault("/machines", format!("`machines` must be an object of paths, not {}", other.kind()))
            }
        }
        match object.get("substitutions") {
            None => {}
            Some(Json::Object(values)) => {
                for (name, value) in values.iter() {
                    match value {
                        Json::String(text) => suite.substitutions.push((name.to_owned(), text.to_string())),
                        Json::Number(_) | Json::Bool(_) => {
                            suite.substitutions.push((name.to_owned(), value.to_string()))
                        }
                        other => self.fault(
                            &format!("/substitutions/{}", escape_token(name)),
                            format!(
                                "the value of `${{{name}}}` must be a string, a number or a boolean, not {}",
                                other.kind()
                            ),
                        ),
                    }
                }
            }
            Some(other) => {
                self.fault("/substitutions", format!("`substitutions` must be an object, not {}", other.kind()));
            }
        }
        suite.express = object.get("express").and_then(Json::as_bool).unwrap_or(false);
        let shared = object.get("mocks").map(|mocks| self.mocks(mocks, "/mocks")).unwrap_or_default();
        match object.get("cases") {
            Some(Json::Array(cases)) => {
                for (index, case) in cases.iter().enumerate() {
                    let case = self.case(case, &format!("/cases/{index}"), index, &shared);
                    suite.cases.extend(case);
                }
            }
            Some(other) => self.fault("/cases", format!("`cases` must be a list, not {}", other.kind())),
            None => self.fault("", "`cases` is missing: a list of `{ name, input, mocks, expect }`"),
        }
        suite
    }

    fn case(&mut self, case: &Json, pointer: &str, index: usize, shared: &Mocks) -> Option<Case> {
        let object = self.object(case, pointer, "a case", &CASE)?;
        let start = self.text(object, "start", pointer).and_then(|text| {
            let time = Timestamp::parse(&text);
            if time.is_none() {
                self.fault(&format!("{pointer}/start"), "`start` must be a time such as `2025-01-31T12:00:00Z`");
            }
            time
        });
        let validation = self.text(object, "fieldValidation", pointer).and_then(|text| {
            let mode = FieldValidation::from_name(&text);
            if mode.is_none() {
                self.fault(
                    &format!("{pointer}/fieldValidation"),
                    "`fieldValidation` must be `STRICT`, `PRESENT` or `NONE`",
                );
            }
            mode
        });
        let mut mocks = shared.clone();
        if let Some(own) = object.get("mocks") {
            mocks.extend(self.mocks(own, &format!("{pointer}/mocks")));
        }
        let expected = object.get("expect").map(|expect| self.expected(expect, &format!("{pointer}/expect")));
        Some(Case {
            name: self.text(object, "name", pointer).unwrap_or_else(|| format!("case {}", index + 1)),
            input: object.get("input").cloned().unwrap_or_else(|| Json::Object(Object::new())),
            mocks,
            express: object.get("express").and_then(Json::as_bool).unwrap_or(false),
            start,
            seed: self.number(object, "seed", pointer).unwrap_or(0.0) as u64,
            redrives: self.number(object, "redrives", pointer).unwrap_or(0.0) as u64,
            validation: validation.unwrap_or_default(),
            expected: expected.unwrap_or_default(),
        })
    }

    fn expected(&mut self, expect: &Json, pointer: &str) -> Expected {
        let Some(object) = self.object(expect, pointer, "`expect`", &EXPECT) else { return Expected::default() };
        let mut calls = Vec::new();
        if let Some(json) = object.get("calls") {
            let pointer = format!("{pointer}/calls");
            match json {
                Json::Object(states) => {
                    for (state, expected) in states.iter() {
                        match expected {
                            Json::Array(expected) => calls.push((state.to_owned(), expected.to_vec())),
                            _ => self.fault(
                                &format!("{pointer}/{}", escape_token(state)),
                                "the calls of a state must be a list of the parameters that each call sends",
                            ),
                        }
                    }
                }
                other => self.fault(
                    &pointer,
                    format!("`calls` must be an object with a list for each state, not {}", other.kind()),
                ),
            }
        }
        let status = self.text(object, "status", pointer);
        if let Some(status) = status.as_deref().filter(|status| !["SUCCEEDED", "FAILED", "TIMED_OUT"].contains(status))
        {
            let message = format!("`status` must be SUCCEEDED, FAILED or TIMED_OUT, not {status}");
            self.fault(&format!("{pointer}/status"), message);
        }
        Expected {
            status,
            output: object.get("output").cloned(),
            error: self.text(object, "error", pointer),
            cause: self.text(object, "cause", pointer),
            way: self.names(object, "way", pointer),
            went: self.names(object, "went", pointer).unwrap_or_default(),
            avoided: self.names(object, "avoided", pointer).unwrap_or_default(),
            calls,
            seconds: self.number(object, "seconds", pointer),
        }
    }

    fn mocks(&mut self, json: &Json, pointer: &str) -> Mocks {
        let mut mocks = Mocks::new();
        let Json::Object(object) = json else {
            self.fault(
                pointer,
                format!("`mocks` must be an object with a mock for each state or API, not {}", json.kind()),
            );
            return mocks;
        };
        for (name, answers) in object.iter() {
            let pointer = format!("{pointer}/{}", escape_token(name));
            let answers = match answers {
                Json::Array(answers) => answers.as_slice(),
                one => std::slice::from_ref(one),
            };
            let steps: Vec<Mock> = answers
                .iter()
                .enumerate()
                .filter_map(|(index, answer)| {
                    let pointer = if answers.len() > 1 { format!("{pointer}/{index}") } else { pointer.clone() };
                    self.mock(answer, &pointer)
                })
                .collect();
            let Some(mock) = steps.into_iter().reduce(Mock::then) else { continue };
            mocks = match name {
                _ if name.starts_with("arn:") => mocks.resource(name, mock),
                _ if is_api(name) => mocks.api(name, mock),
                _ => mocks.state(name, mock),
            };
        }
        mocks
    }

    fn mock(&mut self, json: &Json, pointer: &str) -> Option<Mock> {
        let object = self.object(json, pointer, "a mock", &MOCK)?;
        let mut mock = match (object.get("return"), object.get("throw"), object.get("never")) {
            (Some(result), None, None) => Mock::returns(result.clone()),
            (None, Some(thrown), None) => {
                let pointer = format!("{pointer}/throw");
                let thrown = self.object(thrown, &pointer, "`throw`", &["error", "cause"])?;
                let error = self.text(thrown, "error", &pointer).unwrap_or_default();
                Mock::fails(error, self.text(thrown, "cause", &pointer).unwrap_or_default())
            }
            (None, None, Some(Json::Bool(true))) => Mock::never(),
            _ => {
                self.fault(
                    pointer,
                    "a mock must have one of `return: VALUE`, `throw: { error, cause }` and `never: true`",
                );
                return None;
            }
        };
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        if let Some(after) = self.number(object, "after", pointer) {
            mock = mock.after(seconds(after));
        }
        if let Some(every) = self.number(object, "heartbeats", pointer) {
            mock = mock.heartbeats(seconds(every));
        }
        if let Some(times) = self.number(object, "times", pointer) {
            mock = mock.times(times as u32);
        }
        Some(mock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_what_is_read() {
        let schema: serde_json::Value = serde_json::from_str(Suite::SCHEMA).unwrap();
        let known = |pointer: &str| {
            let members = schema.pointer(pointer).and_then(serde_json::Value::as_object).unwrap();
            let mut names: Vec<String> = members.keys().filter(|name| *name != "$schema").cloned().collect();
            names.sort();
            names
        };
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(known("/properties"), sorted(&FILE));
        assert_eq!(known("/$defs/case/properties"), sorted(&CASE));
        assert_eq!(known("/$defs/expect/properties"), sorted(&EXPECT));
        assert_eq!(known("/$defs/mock/properties"), sorted(&MOCK));
    }
}
