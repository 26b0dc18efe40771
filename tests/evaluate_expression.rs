//! Runs the function that evaluates expressions in Node.js, like Lambda.

#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use sfn_tasks::evaluate_expression::{EvaluateExpression, EvaluatingFunction, HANDLER, NodeRuntime};
use sfn_tasks::prelude::*;

/// The result of the handler for each event: its value, or its error.
fn evaluate(events: &[Value]) -> Option<Vec<Result<Value, String>>> {
    let program = format!(
        "{HANDLER}
        const answer = (event) => exports.handler(event).then((it) => ({{ value: it ?? null }}), (it) => ({{ error: it.message }}));
        Promise.all({}.map(answer)).then((all) => console.log(JSON.stringify(all)));",
        Value::from(events)
    );
    let output = match Command::new("node").args(["--input-type=commonjs", "--eval", &program]).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: node cannot be run: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    Some(
        answers
            .into_iter()
            .map(|answer| match answer["error"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(answer["value"].clone()),
            })
            .collect(),
    )
}

fn event(expression: &str, values: Value) -> Value {
    json!({ "expression": expression, "expressionAttributeValues": values })
}

#[test]
fn evaluates_what_a_workflow_computes() {
    let cases = [
        ("$.ms / 1000", json!({ "$.ms": 2500 }), json!(2.5)),
        ("`Now waiting ${$.s} seconds...`", json!({ "$.s": 2 }), json!("Now waiting 2 seconds...")),
        ("`${`${1 + 1}`}${'}'}`", json!({}), json!("2}")),
        ("(1 + 2) * 3 - -4 % 3 + 2 ** 3 ** 2", json!({}), json!(522)),
        ("$.a > 1 && $.b !== 'x' || false", json!({ "$.a": 2, "$.b": "y" }), json!(true)),
        ("$.a ? 'yes' : $.b.c.d", json!({ "$.a": true, "$.b.c.d": null }), json!("yes")),
        ("$.none ?? 'default'", json!({ "$.none": null }), json!("default")),
        ("$.list.length + $.list[1] + $.map['a']", json!({ "$.list": [1, 2], "$.map": { "a": 3 } }), json!(7)),
        ("$.name.trim().toUpperCase().slice(0, 2)", json!({ "$.name": " abc " }), json!("AB")),
        ("$.csv.split(',').join(' & ')", json!({ "$.csv": "a,b" }), json!("a & b")),
        (
            "({ total: Math.round($.a), tags: [$.b, null] })",
            json!({ "$.a": 1.5, "$.b": "x" }),
            json!({ "total": 2, "tags": ["x", null] }),
        ),
        (
            "$$.Execution.Id + $['order-id'] + $total",
            json!({ "$$.Execution.Id": "e", "$['order-id']": 1, "$total": 2 }),
            json!("e12"),
        ),
        ("$.a + $.ab", json!({ "$.a": 1, "$.ab": 10 }), json!(11)),
        ("'\\u0041\\n' + \"\\\"\"", json!({}), json!("A\n\"")),
        // A value stays data, even if it looks like code.
        ("$.v + '!'", json!({ "$.v": "${process.exit()} $.secret" }), json!("${process.exit()} $.secret!")),
        ("$.a.missing", json!({ "$.a": {} }), json!(null)),
    ];
    let events: Vec<Value> = cases.iter().map(|(expression, values, _)| event(expression, values.clone())).collect();
    let Some(answers) = evaluate(&events) else { return };
    for ((expression, _, expected), answer) in cases.into_iter().zip(answers) {
        // JavaScript has one kind of number.
        let same = answer == Ok(expected.clone())
            || answer.as_ref().ok().and_then(Value::as_f64) == expected.as_f64() && expected.is_number();
        assert!(same, "{expression}: {answer:?}, not {expected}");
    }
}

#[test]
fn says_what_is_wrong() {
    let cases = [
        ("$.missing + 1", "no value was passed for the path, at character 1"),
        ("$.a.b.c", "`c` of undefined cannot be read"),
        ("1 +", "ends too early"),
        ("1 2", "no part of an expression"),
        ("'abc", "has no end"),
        ("-2 ** 2", "parentheses"),
        ("total", "`total` is neither a path nor a function"),
    ];
    let events: Vec<Value> = cases.iter().map(|(expression, _)| event(expression, json!({ "$.a": {} }))).collect();
    let Some(answers) = evaluate(&events) else { return };
    for ((expression, message), answer) in cases.iter().zip(answers) {
        assert!(answer.as_ref().is_err_and(|error| error.contains(message)), "{expression}: {answer:?}");
    }
}

#[test]
fn reaches_nothing_but_its_values() {
    let refused = [
        "process.env",
        "globalThis",
        "require('fs')",
        "import('fs')",
        "this",
        "exports",
        "new Date()",
        "eval('1')",
        "Function('return process')()",
        "''.constructor.constructor('return process')()",
        "[].constructor('x')",
        "$.a.constructor('x')",
        "$.a.__defineGetter__('x', 1)",
        "$.a.toString.call(1)",
        "Math.constructor('return process')()",
        "Object.assign({}, $.a)",
        "Object.getPrototypeOf($.a)",
        "JSON.constructor",
        "(() => 1)()",
        "function () {}",
        "$.a = 1",
        "while (true) {}",
        "for (;;) {}",
        "/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')",
        "'a'.padStart(1e9)",
        "$.long.split('').join($.long)",
        "$.long + $.long + $.long + $.long + $.long + $.long",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        "(".repeat(9_000),
        "[".repeat(9_000),
        "1**".repeat(3_000) + "1",
        "`${".repeat(3_000),
        "1+".repeat(6_000) + "1",
        "1?".repeat(3_000),
    ]);
    // These have no value. A property of a prototype does not count.
    let harmless = ["''.constructor", "$.a['constructor']", "$.a.__proto__", "[].__proto__", "$.a['__proto__']"];
    let values = json!({ "$.a": {}, "$.long": "x".repeat(200_000) });
    let refused: Vec<String> = refused.collect();
    let events: Vec<Value> = refused.iter().map(|it| event(it, values.clone())).collect();
    let start = Instant::now();
    let Some(answers) = evaluate(&events) else { return };
    assert!(start.elapsed().as_secs() < 60, "an expression runs for long");
    for (expression, answer) in refused.iter().zip(answers) {
        assert!(answer.is_err(), "{expression:.60}: {answer:?}");
    }
    let events = harmless.map(|it| event(it, values.clone()));
    for (expression, answer) in harmless.iter().zip(evaluate(&events).unwrap_or_default()) {
        assert_eq!(answer, Ok(Value::Null), "{expression}");
    }
    // A key is not a prototype.
    let polluted = event(
        "({ '__proto__': { polluted: 1 } }).polluted ?? ({}).polluted ?? JSON.parse($.json).polluted ?? 'clean'",
        json!({ "$.json": "{\"__proto__\":{\"polluted\":1}}" }),
    );
    for answer in evaluate(&[polluted]).unwrap_or_default() {
        assert_eq!(answer, Ok(json!("clean")));
    }
}

#[test]
fn the_task_passes_the_values_of_the_paths() {
    let task = |expression: &str| {
        StateMachine::new(Task::new("Evaluate", EvaluateExpression::new(expression, reference("Function.Arn"))))
    };
    let machine: Value = serde_json::from_str(&task("$.a.b + `${$.list[0].n}`").unwrap().to_string()).unwrap();
    assert_eq!(
        machine["States"]["Evaluate"]["Parameters"],
        json!({
            "expression": "$.a.b + `${$.list[0].n}`",
            "expressionAttributeValues": { "$.a.b.$": "$.a.b", "$.list[0].n.$": "$.list[0].n" },
        })
    );
    let problems = task("'costs $.total'").unwrap_err().to_string();
    assert!(problems.contains("`$.total` is inside a string"), "{problems}");

    // A JSONata state machine has a better form.
    let jsonata = EvaluateExpression::jsonata("Evaluate", "$states.input.a / 1000");
    let machine = StateMachine::builder(jsonata).query_language(QueryLanguage::Jsonata).build().unwrap();
    assert!(machine.to_string().contains(r#""Output":"{% $states.input.a / 1000 %}""#), "{machine}");
}

#[test]
fn the_function_is_a_resource_of_a_template() {
    let function = EvaluatingFunction::new("Evaluate");
    let resources: Value = serde_json::from_str(&function.resources().to_string()).unwrap();
    let properties = &resources["Evaluate"]["Properties"];
    assert_eq!(properties["Runtime"], "nodejs24.x");
    assert_eq!(properties["Code"]["ZipFile"], HANDLER);
    assert_eq!(properties["Role"], json!({ "Fn::GetAtt": ["EvaluateRole", "Arn"] }));
    assert!(HANDLER.len() < 4 << 20, "CloudFormation takes 4 MiB of inline code");
    let older = function.runtime(NodeRuntime::NODEJS_22_X).resources();
    assert!(older.to_string().contains("nodejs22.x"));
}
