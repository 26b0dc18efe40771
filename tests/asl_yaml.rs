//! YAML: parsed with the core schema of YAML 1.2; written YAML reads back equal.
#![cfg(feature = "yaml")]
#![allow(clippy::unwrap_used)]

use serde_json::json;
use sfn_tasks::asl::{Format, Node, Source, StateMachine};
use sfn_tasks::value::Json;

fn yaml(text: &str) -> Json {
    Source::new(text, Format::Yaml).parse().unwrap()
}

fn error(text: &str) -> String {
    Source::new(text, Format::Yaml).parse().unwrap_err().to_string()
}

const DEFINITION: &str = "# An order.
Comment: Ä small one
StartAt: Get
States:
  Get:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters:
      FunctionName: ${Function}
      Payload: {a: 1, \"b\": [x, 2.0], 'c': ~}
    Retry:
    - ErrorEquals: [States.ALL]
      BackoffRate: 1.50
    Next: Shape
  Shape:
    Type: Pass
    QueryLanguage: JSONata
    Output: >-
      {% $states
      .input %}
    Assign:
      text: |
        one
        two
    End: true
";

#[test]
fn a_definition_is_read() {
    let machine = StateMachine::from_yaml(DEFINITION).unwrap();
    let expected = concat!(
        r#"{"Comment":"Ä small one","StartAt":"Get","States":{"Get":{"Type":"Task","#,
        r#""Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"${Function}","#,
        r#""Payload":{"a":1,"b":["x",2.0],"c":null}},"Retry":[{"ErrorEquals":["States.ALL"],"BackoffRate":1.50}],"#,
        r#""Next":"Shape"},"Shape":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states .input %}","#,
        r#""Assign":{"text":"one\ntwo\n"},"End":true}}}"#,
    );
    assert_eq!(machine.to_string(), expected);
}

#[test]
fn every_value_has_its_place() {
    for text in [DEFINITION.to_owned(), format!("\u{feff}{DEFINITION}"), DEFINITION.replace('\n', "\r\n")] {
        let source = Source::new(text, Format::Yaml);
        let machine = source.state_machine().unwrap();
        let at = |pointer: &str| {
            let place = source.locate(pointer).unwrap();
            (place.line, place.column, &source.text()[place.bytes])
        };
        assert_eq!(at("/Comment"), (2, 10, "Ä small one"));
        assert_eq!(at("/States/Get/Parameters/Payload/b/1"), (10, 32, "2.0"));
        assert_eq!(at("/States/Get/Parameters/Payload").2, "{a: 1, \"b\": [x, 2.0], 'c': ~}");
        assert_eq!(at("/States/Get/Parameters/Payload/c").2, "~");
        assert_eq!(at("/States/Shape/End"), (25, 10, "true"));
        assert_eq!((at("/States/Get/Retry").0, at("/States/Get/Retry").1), (12, 7));
        assert!(at("/States/Get").2.ends_with("Next: Shape"), "{}", at("/States/Get").2);
        assert_eq!((at("/States/Get/Retry/0").0, at("/States/Get/Retry/0").1), (12, 7));
        let mut open = vec![Node::root(machine.json())];
        while let Some(node) = open.pop() {
            let place = source.locate(&node.pointer()).unwrap();
            if let Json::String(text) = node.json() {
                let first = text.split_whitespace().next().unwrap();
                assert!(source.text()[place.bytes].contains(first), "{}", node.pointer());
            }
            for (name, member) in node.members() {
                let key = source.locate_key(&member.pointer()).unwrap();
                assert_eq!(source.text()[key.bytes].trim_matches(['"', '\'']), name);
                open.push(member);
            }
            open.extend(node.elements());
        }
    }
}

#[test]
fn scalars_follow_the_core_schema() {
    for (text, expected) in [
        ("~", "null"),
        ("Null", "null"),
        ("", "null"),
        ("True", "true"),
        ("yes", "\"yes\""),
        ("'true'", "\"true\""),
        ("1", "1"),
        ("+1", "1"),
        ("-007", "\"-007\""),
        ("012345678901", "\"012345678901\""),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("1.0", "1.0"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("1.", "1.0"),
        ("1.e3", "1.0e3"),
        ("1e3", "1e3"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1_000", "\"1_000\""),
        ("0b1", "\"0b1\""),
        ("+", "\"+\""),
        (".", "\".\""),
        ("1.2.3", "\"1.2.3\""),
        ("2024-01-01T00:00:00Z", "\"2024-01-01T00:00:00Z\""),
        ("12:30", "\"12:30\""),
        ("!!str 1", "\"1\""),
        ("!!int \"1\"", "1"),
        ("!!bool 'true'", "true"),
        ("!!map {b: !!null ''}", "{\"b\":null}"),
        ("$.a[0]", "\"$.a[0]\""),
        ("{1: 2, true: x}", "{\"1\":2,\"true\":\"x\"}"),
    ] {
        assert_eq!(yaml(&format!("a: {text}\n")).get("a").unwrap().to_string(), expected, "{text}");
    }
}

#[test]
fn what_json_lacks_is_refused() {
    for (text, expected) in [
        ("", "line 1, column 1: the text is empty"),
        ("# nothing\n", "line 1, column 1: the text is empty"),
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1: the object has two members with the name `a`"),
        ("a: 1\n\"a\": 2", "line 2, column 1: the object has two members with the name `a`"),
        ("a: .inf", "line 1, column 4: JSON has no number `.inf`"),
        ("a: -.INF", "line 1, column 4: JSON has no number `-.INF`"),
        ("a: .nan", "line 1, column 4: JSON has no number `.nan`"),
        ("[1, 2]: 3", "line 1, column 1: a name must be a string, not an array or an object"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "line 3, column 3: YAML 1.2 has no merge key `<<`: repeat the members here"),
        ("ä: !Sub x", "line 1, column 4: the tag `!Sub` is not allowed here"),
        ("a: !Sub [x]", "line 1, column 4: the tag `!Sub` is not allowed here"),
        ("a: !!int x", "line 1, column 4: the tag `!!int` is not allowed here"),
        ("a: !!set {}", "line 1, column 4: the tag `!!set` is not allowed here"),
        ("!Sub a: 1", "line 1, column 1: a name cannot have a tag"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1: a second document starts here, but a definition is a single document"),
        ("a: &x [*x]", "line 1, column 8: this alias is inside the value that it repeats"),
        (": 1", "line 1, column 1: a name is missing before this `:`"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert!(error("a: [1\nb: 2").starts_with("line 2"));
    assert!(error("a: *unknown").contains("unknown"), "{}", error("a: *unknown"));
}

#[test]
fn aliases_are_written_out_within_bounds() {
    let text = "a: &retry\n- {ErrorEquals: [&all States.ALL]}\nb: *retry\nc: *all\n*all : 1\n";
    let retry = json!([{"ErrorEquals": ["States.ALL"]}]);
    let expected = json!({"a": retry, "b": retry, "c": "States.ALL", "States.ALL": 1});
    assert_eq!(serde_json::Value::from(&yaml(text)), expected);

    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for n in 1..12 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
        laughs += &format!("a{n}: &a{n} [{aliases}]\n");
    }
    assert!(error(&laughs).contains("with its aliases expanded, the document is larger than"), "{}", error(&laughs));

    let mut deep = "a0: &a0 []\n".to_owned();
    for n in 1..200 {
        deep += &format!("a{n}: &a{n} [*a{}]\n", n - 1);
    }
    assert!(error(&deep).contains("nested too deeply"), "{}", error(&deep));
}

#[test]
fn depth_is_bounded() {
    assert!(error(&"[".repeat(100_000)).contains("deep") || error(&"[".repeat(100_000)).contains("recursion"));
    let block: String = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert!(error(&block).contains("nested too deeply"));
    assert!(error(&"- ".repeat(100_000)).contains("nested too deeply"));
}

#[test]
fn tags_may_become_members() {
    let tags = |tag: &str| (tag == "Sub" || tag == "Ref").then(|| format!("Fn::{tag}"));
    let source = Source::new("a: !Sub ${X}\nb: !Sub\n- x\n- {y: !Ref z}\n", Format::Yaml).with_tags(tags);
    let expected = json!({"a": {"Fn::Sub": "${X}"}, "b": {"Fn::Sub": ["x", {"y": {"Fn::Ref": "z"}}]}});
    assert_eq!(serde_json::Value::from(&source.parse().unwrap()), expected);
    let place = source.locate("/b/Fn::Sub/1/y/Fn::Ref").unwrap();
    assert_eq!(&source.text()[place.bytes], "!Ref z");
    let source = Source::new("a: !GetAtt b.c", Format::Yaml).with_tags(tags);
    assert!(source.parse().is_err());
}

#[test]
fn what_is_written_is_what_a_person_would_write() {
    let text = r#"{"Comment": "A: b", "StartAt": "Get", "States": {"Get": {"Type": "Task", "Resource": "${Arn}",
        "Parameters": {"yes": "no", "n": 1.0, "x": [], "y": {}, "z": [[1, 2], [{"a": null, "b": "${X}"}]], "m": ${Max}},
        "Output": "{% 1 %}", "ResultPath": "$.a", "Cause": "one\n  two\n\nthree", "End": true}}}"#;
    let machine = StateMachine::from_json(text).unwrap();
    let expected = r#"Comment: "A: b"
StartAt: Get
States:
  Get:
    Type: Task
    Resource: "${Arn}"
    Parameters:
      "yes": "no"
      "n": 1.0
      x: []
      "y": {}
      z:
        - - 1
          - 2
        - - a: null
            b: "${X}"
      m: ${Max}
    Output: "{% 1 %}"
    ResultPath: $.a
    Cause: |-
      one
        two

      three
    End: true
"#;
    assert_eq!(machine.to_yaml(), expected);
}

#[test]
fn strings_come_back() {
    let strings = [
        "",
        " ",
        "a ",
        " a",
        "a\n",
        "\na",
        "a\n\n",
        "a\nb",
        "a\n b\n",
        " a\nb",
        "a\n\nb\n",
        "a\n \nb",
        "a\tb\nc",
        "a\r\nb",
        "-",
        "- a",
        "?",
        ": a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "a#b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'",
        "\"",
        "%",
        "@",
        "`",
        "[a]",
        "{a}",
        "a, b",
        "null",
        "Null",
        "~",
        "true",
        "YES",
        "y",
        "1",
        "1.0",
        "0x1",
        "1e3",
        ".5",
        "-1",
        "+1",
        "---",
        "...",
        "--- a",
        "a\n---\nb",
        "a\n...\nb",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{feff}a\nb",
        "\u{7f}",
        "\u{0}",
        "😀",
        "a😀\nb",
        "ä",
        "${A}",
        "$.a",
        "<<",
        "=",
        "2024-01-01",
        "1:30",
        "\\",
        "a\\nb",
        "a\u{a0}b",
        "${A}\n${B}",
        "# a\nb",
        "- a\n- b",
    ];
    for text in strings {
        for json in [
            Json::from(text.to_owned()),
            Json::from(vec![Json::from(text.to_owned()), Json::from(vec![Json::from(text.to_owned())])]),
            Json::Object([(text.to_owned(), Json::from(text.to_owned()))].into_iter().collect()),
        ] {
            let written = json.to_yaml();
            let read = Source::new(&*written, Format::Yaml).parse();
            assert_eq!(read.as_ref(), Ok(&json), "{text:?}\n{written}");
        }
    }
    // YAML allows 1,024 characters before a colon, and an escape sequence has six.
    let long = [("k".repeat(3000), Json::from(1)), ("\u{1}".repeat(200), Json::from(vec![true.into()]))];
    let long = Json::Object(long.into_iter().collect());
    assert_eq!(yaml(&long.to_yaml()), long);
}

#[test]
fn numbers_have_a_form_that_yaml_1_1_reads() {
    for (number, wanted) in [
        ("1e3", "1.0e+3"),
        ("-1.5E3", "-1.5e+3"),
        ("2e-7", "2.0e-7"),
        ("2.5e+10", "2.5e+10"),
        ("1.50", "1.50"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        let read = Source::new(number, Format::Json).parse().unwrap();
        assert_eq!(read.to_yaml(), format!("{wanted}\n"));
        assert_eq!(wanted.parse::<f64>(), number.parse(), "the value is the same");
    }
}

#[test]
fn what_stands_within_brackets_need_not_be_indented() {
    let text = "A:\n    B: [\n    1,\n    ]\n    C: {\n        \"x\": [\n            2\n    ]\n    }\n    D: ä\n";
    let source = Source::new(text, Format::Yaml);
    let json = source.parse().expect("the parsers of most tools take it");
    assert_eq!(json.to_string(), r#"{"A":{"B":[1],"C":{"x":[2]},"D":"ä"}}"#);
    let place = source.locate("/A/D").expect("it is there");
    assert_eq!((place.line, place.column), (10, 8));
    // A later fault still has the right position.
    let error =
        Source::new("A:\n    B: [\n        1,\n    ]\n  C: 1\n", Format::Yaml).parse().expect_err("no indentation");
    assert_eq!(error.location().line, 5);
}
