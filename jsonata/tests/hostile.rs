//! Hostile expressions: they end soon, with an error or a value, and never panic.
#![cfg(feature = "evaluate")]

use sfn_tasks_jsonata::evaluate::{Settings, Value, evaluate};
use sfn_tasks_jsonata::{Syntax, parse};

fn run(text: &str) -> Result<Option<serde_json::Value>, String> {
    let ast = parse(text, Syntax::Plain).map_err(|error| error.to_string())?;
    let settings = Settings { work: 2_000_000, ..Settings::default() };
    let value = evaluate(&ast, Value::Undefined, [], &settings).map_err(|error| error.to_string())?;
    value.to_json().map_err(|error| error.to_string())
}

#[test]
fn work_and_memory_are_bounded() {
    for text in [
        "($f := function($n) { $f($n + 1) }; $f(0))",
        "($f := function($n) { 1 + $f($n + 1) }; $f(0))",
        "($f := function($s) { $f($s & $s) }; $f('aaaa'))",
        "($f := function($a) { $f([$a, $a]) }; $f([1, 2]))",
        "($f := function($a) { $f([[$a]]) }; $f(1))",
        "($f := function($a) { $f({'a': $a}) }; $f(1))",
        "($f := function($g) { $f(function() { $g }) }; $f(1))",
        "($f := function($g, $n) { $f(function() { $g() }, $n + 1) }; $f(function() { 1 }, 0))",
        "{'a': 1} ~> |$|{'u': $}|",
        "[1..100000000]",
        "$count([1..9000000])",
        "$range(0, 1e18, 1)",
        "$pad('a', 1e18)",
        "$pad('a', -1e300)",
        "$reduce([1..100000], function($a, $b) { $a & 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' })",
        "$reduce([1..3000], $zip)",
        "[1..5000].[1..5000]",
        "($x := [1..3000]; $x@$a.$x@$b.$x@$c.($a + $b + $c))",
        "($y := function($f) { $f($f) }; $y($y))",
        "$map([1..100000], function($i) { $map([1..100000], function($j) { $j }) })",
    ] {
        assert!(run(text).is_err(), "{text}");
    }
}

#[test]
fn deep_values_fit_the_stack_of_a_thread() {
    let deep = (0..990).fold(Value::Number(1.0), |inner, level| match level % 2 {
        0 => Value::array(vec![inner]),
        _ => Value::object([("a", inner)]),
    });
    for text in [
        "$string($x)",
        "$x = $clone($x)",
        "$x ~> |**|{'b': 1}|",
        "$x.**",
        "$x.*",
        "$count($distinct([$x, $clone($x)]))",
        "$x.a.a.a",
        "$boolean($x)",
        "$keys($x)",
        "$spread($x)",
    ] {
        let ast = parse(text, Syntax::Plain).expect("JSONata");
        let value = evaluate(&ast, Value::Undefined, [("x", deep.clone())], &Settings::default());
        let _ = value.map(|value| value.to_json());
    }
}

#[test]
fn strange_arguments_are_no_reason_to_panic() {
    let values = [
        "1e308",
        "-1e308",
        "0",
        "-1",
        "1.5",
        "1e-320",
        "''",
        "'é𝄞'",
        "'aé𝄞b'",
        "null",
        "true",
        "[]",
        "[[]]",
        "[1,'a']",
        "{}",
        "{'a':{'b':[1]}}",
        "function($a){$a}",
        "/𝄞|/",
        "/(a)?/",
        "$nothing",
        "$length",
        "'[Y,9999-9999]'",
        "'[M[D'",
        "'#;#;#'",
        "'0.0e0'",
        "'1e400'",
        "'0000-00-00'",
        "'I'",
        "'w'",
        "'Ww;o'",
        "'#,##0.00'",
        "(1/0)",
        "(0/0)",
        "'[Z999999]'",
        "'[h#1][P][X][x][w][W][E][z]'",
    ];
    for function in sfn_tasks_jsonata::functions::all() {
        let name = function.name;
        for first in values {
            let _ = run(&format!("${name}({first})"));
            for second in values {
                let _ = run(&format!("${name}({first}, {second})"));
                let _ = run(&format!("{first}.${name}({second})"));
                let _ = run(&format!("${name}({first}, {second}, 3)"));
                let _ = run(&format!("${name}({first}, {second}, 'a', -2)"));
            }
        }
    }
    for operator in ["+", "-", "*", "/", "%", "=", "!=", "<", "&", "in", "and", "~>", "..", "??", "?:"] {
        for first in values {
            for second in values {
                let _ = run(&format!("[{first} {operator} {second}]"));
                let _ = run(&format!("({first})[{second}]{{'a': $}}"));
            }
        }
    }
}

#[test]
fn step_functions_adds_functions() {
    let json = |text: &str| run(text).expect("a value").expect("not undefined").to_string();
    assert_eq!(json("$partition([1, 2, 3], 2)"), "[[1,2],[3]]");
    assert_eq!(json("$partition([1], 2)"), "[[1]]");
    assert_eq!(json("$range(0, 9, 3)"), "[0,3,6,9]");
    assert_eq!(json("$range(3, 1, -1)"), "[3,2,1]");
    assert_eq!(json("$parse('{\"a\":[1]}').a"), "[1]");
    assert_eq!(json("$hash('a', 'MD5')"), "\"0cc175b9c0f1b6a831c399e269772661\"");
    assert_eq!(json("$hash('a', 'SHA-1')"), "\"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8\"");
    assert_eq!(json("$random(7) = $random(7) and $random() != $random()"), "true");
    // The following results were measured on AWS: github.com/floci-io/floci, issues 2736 and 2737.
    assert_eq!(json("$random(42)"), "0.7275636800328681");
    assert_eq!(json("$partition([1, 2, 3])"), "[[1,2,3]]");
    assert_eq!(json("$partition([1, 2, 3, 4, 5], 2.9)"), "[[1,2],[3,4],[5]]");
    assert_eq!(json("$range(-1.7, 2, 1)"), "[-1,0,1,2]");
    assert_eq!(json("$range(3, 3, 1)"), "3");
    for nothing in [
        "$partition([], 2)",
        "$partition([1], 0)",
        "$range(5, 1, 1)",
        "$range(1, 5, 0)",
        "$range(1, 5)",
        "$hash('a')",
        "$parse()",
    ] {
        assert_eq!(run(nothing), Ok(None), "{nothing}");
    }
    for (wrong, message) in [
        ("$partition([1], -1)", "D3137: Second argument must be zero or greater"),
        ("$parse('{')", "D3137: Invalid JSON"),
        ("$parse('')", "D3137: Invalid JSON"),
        ("$parse('1e400')", "D3137: Invalid JSON"),
        ("$hash('a', 'md5')", "D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"),
        ("$hash(42, 'MD5')", "T0410: Argument 1 of function \"hash\" does not match function signature"),
        ("$range(1)", "T0410: Argument 2 of function \"range\" does not match function signature"),
    ] {
        assert_eq!(run(wrong), Err(message.to_owned()), "{wrong}");
    }
    assert_eq!(json("[1/0, -1/0, 0/0]"), "[\"Infinity\",\"-Infinity\",\"NaN\"]");
    assert_eq!(json("$length($uuid())"), "36");
    assert_eq!(run("$eval('1')"), Err("T1006: Attempted to invoke a non-function".into()));
    assert_eq!(run("$nothing"), Ok(None));
    assert_eq!(run("function($a) { $a }"), Err("a function is not JSON".into()));
    assert_eq!(
        run("$substring('a', 'b')"),
        Err("T0410: Argument 2 of function \"substring\" does not match function signature".into())
    );
    assert_eq!(run("'a' + 1"), Err("T2001: The left side of the \"+\" operator must evaluate to a number".into()));
    assert_eq!(run("sum([1])"), Err("T1005: Attempted to invoke a non-function. Did you mean $sum?".into()));
    assert_eq!(run("$error('mine')"), Err("D3137: mine".into()));
}
