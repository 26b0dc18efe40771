//! Mutates documents instead of bytes: the parser rejects almost all random bytes, so nothing else would be tested.
//!
//! It parses a document, changes, moves, doubles or removes one of its values, or replaces it by a value from the lists below,
//! and writes the document. Input that is not a document is replaced by a seed.

use serde_json::{Map, Value, json};

/// The seeds: each kind of state, each query language, and some templates.
pub const SEEDS: &[&str] = &[
    include_str!("../seeds/tasks.json"),
    include_str!("../seeds/flow.json"),
    include_str!("../seeds/jsonata.json"),
    include_str!("../seeds/template.json"),
    include_str!("../seeds/serverless.json"),
];

const TEXTS: &[&str] = &[
    "", "$", "$.a", "$.a[*].b[?(@.c==1)]", "$$.Execution.Input", "$states.input.a", "{% $states.input %}", "{% $sum([1,2]) & ' %}",
    "States.Format('{}', $.a)", "States.Array($.a, States.UUID())", "${Name}", "${Queue.Arn}", "${", "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:states:::glue:startJobRun.sync",
    "arn:aws:states:::aws-sdk:s3:copyObject", "arn:aws:states:::states:startExecution.sync:2", "arn:aws:states:::dynamodb:putItem",
    "arn:aws:states:::ecs:runTask.sync", "arn:aws:states:::http:invoke", "arn:aws:states:us-east-1:123456789012:activity:a",
    "arn:aws:lambda:eu-west-1:123456789012:function:f:live", "https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo",
    "Task", "Map", "Parallel", "Choice", "Wait", "Pass", "Succeed", "Fail", "States.ALL", "States.TaskFailed", "JSONata", "JSONPath",
    "DISTRIBUTED", "2024-02-30T00:00:00Z", "é\u{202e}\u{1b}[2J\n::error::", "AWS::StepFunctions::StateMachine", "Allow", "*", "s3:*",
];

const NAMES: &[&str] = &[
    "StartAt", "States", "Type", "Next", "End", "Default", "Choices", "Variable", "StringEquals", "And", "Not", "Condition", "Resource",
    "Parameters", "Arguments", "Output", "Assign", "ResultPath", "ResultSelector", "InputPath", "OutputPath", "ItemsPath", "Items",
    "ItemProcessor", "ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailurePercentage", "MaxConcurrency", "Branches", "Retry",
    "Catch", "ErrorEquals", "IntervalSeconds", "QueryLanguage", "TimeoutSeconds", "HeartbeatSeconds", "Seconds", "Timestamp", "Comment",
    "Credentials", "QueueUrl", "FunctionName", "Payload.$", "Payload", "TableName", "Key", "TopicArn", "Definition", "DefinitionString",
    "DefinitionSubstitutions", "Fn::Sub", "Fn::Join", "Ref", "Fn::GetAtt", "Fn::If", "Policies", "Role", "Statement", "Action", "Effect",
];

struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.next(all.len())]
    }
}

/// For libFuzzer: mutates the first `size` bytes of `data`, and returns the new size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    for _ in 0..4 {
        random.next(2);
    }
    if random.next(16) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut document: Value = match serde_json::from_slice(&data[..size]) {
        Ok(document @ (Value::Object(_) | Value::Array(_))) if random.next(64) > 0 => document,
        _ => serde_json::from_str(SEEDS[random.next(SEEDS.len())]).expect("a seed is JSON"),
    };
    for _ in 0..=random.next(3) {
        let mut at = random.next(count(&document));
        let donor = nth(&document, &mut random.next(count(&document))).cloned();
        if let Some(value) = nth_mut(&mut document, &mut at) {
            change(value, donor, &mut random);
        }
    }
    let text = document.to_string();
    if text.len() > max_size {
        return size.min(max_size);
    }
    data[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

fn change(value: &mut Value, donor: Option<Value>, random: &mut Random) {
    match (value, random.next(8)) {
        (Value::Object(members), 0) => {
            let name = members.keys().nth(random.next(members.len())).cloned();
            name.map(|name| members.remove(&name));
        }
        (Value::Object(members), 1 | 2) => {
            members.insert(random.pick(NAMES).to_owned(), donor.unwrap_or_default());
        }
        (Value::Object(members), 3) => {
            // Rename a member.
            let name = members.keys().nth(random.next(members.len())).cloned();
            if let Some(found) = name.and_then(|name| members.remove(&name)) {
                members.insert(random.pick(NAMES).to_owned(), found);
            }
        }
        (Value::Array(elements), 0) => drop(elements.pop()),
        (Value::Array(elements), 1 | 2) => elements.push(donor.unwrap_or_default()),
        (Value::String(text), 0 | 1) => {
            // Join two strings.
            let mut at = random.next(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, random.pick(TEXTS));
        }
        (value, 4) => *value = donor.unwrap_or_default(),
        (value, 5) => *value = [json!(0), json!(-1), json!(1e300), json!(true), json!(null), json!({}), json!([])][random.next(7)].clone(),
        (value, 6) => *value = json!([value.take()]),
        (value, 7) => {
            let mut around = Map::new();
            around.insert(random.pick(NAMES).to_owned(), value.take());
            *value = around.into();
        }
        (value, _) => *value = random.pick(TEXTS).into(),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(elements) => elements.iter().map(count).sum(),
        _ => 0,
    }
}

fn nth<'a>(value: &'a Value, at: &mut usize) -> Option<&'a Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Object(members) => members.values().find_map(|inner| nth(inner, at)),
        Value::Array(elements) => elements.iter().find_map(|inner| nth(inner, at)),
        _ => None,
    }
}

fn nth_mut<'a>(value: &'a mut Value, at: &mut usize) -> Option<&'a mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Object(members) => members.values_mut().find_map(|inner| nth_mut(inner, at)),
        Value::Array(elements) => elements.iter_mut().find_map(|inner| nth_mut(inner, at)),
        _ => None,
    }
}

/// The two halves of an input, for targets that take two documents: an array of two.
#[allow(dead_code, reason = "one of the targets that include this file takes two")]
pub fn two(text: &str) -> Option<(Value, Value)> {
    match serde_json::from_str(text).ok()? {
        Value::Array(mut both) if both.len() == 2 => Some((both.remove(0), both.remove(0))),
        one @ Value::Object(_) => Some((one.clone(), serde_json::from_str(SEEDS[text.len() % SEEDS.len()]).ok()?)),
        _ => None,
    }
}
