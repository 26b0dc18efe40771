//! Variables without a value: compares the findings of the checker with the result of the interpreter.
#![cfg(feature = "run")]

use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Options, Severity, check};
use sfn_tasks::run::Runner;

/// The severity of the finding about the variable, if there is one.
fn told(machine: &StateMachine) -> Option<Severity> {
    let findings = check(machine, &Options::default());
    let other: Vec<_> =
        findings.iter().filter(|it| it.severity == Severity::Error && it.code != "undefined-variable").collect();
    assert!(other.is_empty(), "{other:?}");
    findings.iter().filter(|it| it.code == "undefined-variable").map(|it| it.severity).max()
}

fn succeeds(machine: &StateMachine) -> bool {
    Runner::new(machine).run(serde_json::json!({ "n": 1 })).is_ok_and(|run| run.output().is_ok())
}

fn parse(text: &str) -> StateMachine {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn an_expression_that_needs_the_variable_is_an_error_and_another_a_warning() {
    for expression in [
        "$x",
        "$x.a.b",
        "$x[0]",
        "$x[]",
        "($x)",
        "(1; $x)",
        "-$x",
        "$x + 1",
        "1 - $x",
        "$x > 1",
        "1 <= $x",
        "$x = 1",
        "$x != 1",
        "$x & 'a'",
        "[$x]",
        "{'a': $x}",
        "$x and true",
        "true or $x",
        "$x in [1]",
        "[1..$x]",
        "$exists($x)",
        "$count($x)",
        "$boolean($x)",
        "$not($x)",
        "$exists($x) ? $x : 0",
        "true ? $x : $x.a",
        "true ? $x",
        "$x ?: 1",
        "$x ?? 1",
        "$x ?? $x",
        "$string($x)",
        "$sum($x)",
        "$max($x)",
        "$length($x)",
        "$substring($x, 1)",
        "$uppercase($x)",
        "$join($x)",
        "$keys($x)",
        "$x ~> $string",
        "$x ~> $substring(1)",
        "$x ~> $count",
        "$append($x, [1])",
        "$merge([$x, {'a': 1}])",
        "$y := $x",
        "($y := $x; 1)",
        "$x{'a': 1}",
        "$states.input[n = $x]",
        "$reverse($x)",
        "$number($x)",
        "$parse($x)",
        "$split($x, ',')",
        "$round($x)",
        "$abs($x)",
        "$power($x, 2)",
        "$distinct($x)",
        "$toMillis($x)",
        "$fromMillis($x)",
        "$trim($x)",
        "$contains($x, 'a')",
        "$replace($x, 'a', 'b')",
        "$match($x, /a/)",
        "$pad($x, 3)",
        "$formatNumber($x, '0')",
        "$base64encode($x)",
        "$encodeUrl($x)",
        "$average($x)",
        "$map($x, $string)",
        "$type($x)",
        "$lookup($x, 'a')",
    ] {
        let machine = parse(&format!(
            r#"{{"StartAt": "A", "QueryLanguage": "JSONata", "States": {{"A": {{"Type": "Pass", "Output": {}, "End": true}}}}}}"#,
            serde_json::json!(format!("{{% {expression} %}}"))
        ));
        let severity = told(&machine);
        match succeeds(&machine) {
            true => assert_eq!(severity, Some(Severity::Warning), "{expression}"),
            // The checker cannot predict every failure.
            false => assert!(severity.is_some(), "{expression}"),
        }
    }
    for expression in ["$x", "$x + 1", "$x > 1", "true ? $x : $x.a", "$string($x)", "$x ~> $sum", "$sum($x.a)"] {
        let machine = parse(&format!(
            r#"{{"StartAt": "A", "QueryLanguage": "JSONata", "States": {{"A": {{"Type": "Pass", "Output": "{{% {expression} %}}", "End": true}}}}}}"#
        ));
        assert_eq!(told(&machine), Some(Severity::Error), "{expression}");
    }
}

#[test]
fn a_variable_has_no_value_before_a_state_assigns_it() {
    const PASS: &str = r#""Type": "Pass""#;
    let looped =
        r#"{"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "End"}], "Default": "A"}"#;
    for (states, fails) in [
        // Only a later state assigns it.
        (
            format!(
                r#""A": {{{PASS}, "Parameters": {{"a.$": "$x"}}, "Next": "B"}}, "B": {{{PASS}, "Assign": {{"x": 1}}, "Next": "End"}}"#
            ),
            true,
        ),
        // The state itself does.
        (format!(r#""A": {{{PASS}, "Assign": {{"x": 1, "y.$": "$x"}}, "Next": "End"}}"#), true),
        // Each round except the first has it.
        (format!(r#""A": {{{PASS}, "Assign": {{"x.$": "States.MathAdd($x, 1)"}}, "Next": "B"}}, "B": {looped}"#), true),
        (
            format!(
                r#""A": {{{PASS}, "Assign": {{"x": 1}}, "Next": "B"}}, "B": {{{PASS}, "Assign": {{"x.$": "States.MathAdd($x, 1)"}}, "Next": "C"}}, "C": {looped}"#
            ),
            false,
        ),
        // One of two paths assigns it.
        (
            format!(
                r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericEquals": 1, "Assign": {{"x": 1}}, "Next": "C"}}], "Default": "B"}}, "B": {{{PASS}, "Next": "C"}}, "C": {{{PASS}, "Parameters": {{"a.$": "$x"}}, "Next": "End"}}"#
            ),
            false,
        ),
        // The outer state machine has not assigned it yet, or has.
        (
            format!(
                r#""A": {{"Type": "Parallel", "Branches": [{{"StartAt": "I", "States": {{"I": {{{PASS}, "Parameters": {{"a.$": "$x"}}, "End": true}}}}}}], "Assign": {{"x": 1}}, "Next": "End"}}"#
            ),
            true,
        ),
        (
            format!(
                r#""A": {{{PASS}, "Assign": {{"x": 1}}, "Next": "B"}}, "B": {{"Type": "Parallel", "Branches": [{{"StartAt": "I", "States": {{"I": {{{PASS}, "Parameters": {{"a.$": "$x"}}, "End": true}}}}}}], "Next": "End"}}"#
            ),
            false,
        ),
        // An expression can test whether the variable has a value.
        (
            format!(
                r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$x", "IsPresent": true, "Next": "End"}}], "Default": "B"}}, "B": {{{PASS}, "Assign": {{"x": 1}}, "Next": "End"}}"#
            ),
            false,
        ),
    ] {
        let machine = parse(&format!(r#"{{"StartAt": "A", "States": {{{states}, "End": {{{PASS}, "End": true}}}}}}"#));
        assert_eq!(told(&machine), fails.then_some(Severity::Error), "{states}");
        assert_eq!(succeeds(&machine), !fails, "{states}");
    }
    // An expression that also works without the variable is correct. Loops use it.
    let counted = parse(
        r#"{"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Assign": {"x": "{% $exists($x) ? $x + 1 : 0 %}"}, "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Condition": "{% $x < 3 %}", "Next": "A"}], "Default": "End"}, "End": {"Type": "Succeed"}}}"#,
    );
    assert_eq!(told(&counted), None);
    assert!(succeeds(&counted));
}
