//! The document: views, walk, places, parse and render.

#![allow(clippy::unwrap_used)]

use sfn_tasks::asl::{Format, MachineRole, ProcessorMode, QueryLanguage, Source, StateMachine, StateType};
use sfn_tasks::value::Json;

const NESTED: &str = r#"{
  "StartAt": "Get/Item",
  "States": {
    "Get/Item": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:getItem",
      "Parameters": {"TableName": "Orders", "Keys": [1, {"ä": ${Any}}]},
      "Retry": [{"ErrorEquals": ["A", 5, "B"], "MaxAttempts": 3}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Stop"}],
      "Next": "All"
    },
    "All": {
      "Type": "Parallel",
      "QueryLanguage": "JSONata",
      "Branches": [
        {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}},
        {"StartAt": "Each", "States": {"Each": {
          "Type": "Map",
          "QueryLanguage": "JSONata",
          "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Q",
            "States": {"Q": {"Type": "Wait", "Seconds": 5, "End": true}}
          },
          "End": true
        }}}
      ],
      "Next": "Which"
    },
    "Which": {
      "Type": "Choice",
      "Choices": [
        {"And": [{"Variable": "$.a", "IsNull": true}, {"Not": {"Variable": "$.b", "StringEquals": "x"}}], "Next": "Stop"},
        {"Condition": "{% true %}", "Next": "All"}
      ],
      "Default": "Stop"
    },
    "Stop": {"Type": "Fail"},
    "Odd": {"Type": 5, "Next": true, "Choices": "x", "Retry": {}, "Catch": [7], "Resource": ${Arn}}
  }
}"#;

fn nested() -> StateMachine {
    NESTED.parse().unwrap()
}

#[test]
fn a_walk_meets_every_state_in_the_order_of_the_document() {
    let machine = nested();
    let walk: Vec<_> = machine.walk().map(|s| (s.pointer(), s.state_type(), s.query_language())).collect();
    let expected = [
        ("/States/Get~1Item", StateType::Task, QueryLanguage::JsonPath),
        ("/States/All", StateType::Parallel, QueryLanguage::Jsonata),
        // A nested state has the language of the definition, not of the state around it.
        ("/States/All/Branches/0/States/P", StateType::Pass, QueryLanguage::JsonPath),
        ("/States/All/Branches/1/States/Each", StateType::Map, QueryLanguage::Jsonata),
        ("/States/All/Branches/1/States/Each/ItemProcessor/States/Q", StateType::Wait, QueryLanguage::JsonPath),
        ("/States/Which", StateType::Choice, QueryLanguage::JsonPath),
        ("/States/Stop", StateType::Fail, QueryLanguage::JsonPath),
        ("/States/Odd", StateType::Unknown, QueryLanguage::JsonPath),
    ];
    let expected = expected.map(|(pointer, kind, language)| (pointer.to_owned(), kind, language));
    assert_eq!(walk, expected);
    for state in machine.walk() {
        assert!(std::ptr::eq(machine.json().pointer(&state.pointer()).unwrap(), state.json()));
    }
}

#[test]
fn machines_know_where_they_belong() {
    let machine = nested();
    let wait = machine.walk().find(|state| state.name() == "Q").unwrap();
    let processor = wait.machine();
    assert_eq!(processor.role(), MachineRole::ItemProcessor);
    assert_eq!(processor.mode(), Some(ProcessorMode::Distributed));
    assert_eq!(processor.start_at(), Some("Q"));
    let map = processor.parent().unwrap();
    assert_eq!(map.processor().as_ref(), Some(processor));
    assert_eq!((map.name(), map.machine().role()), ("Each", MachineRole::Branch));
    let definition = map.machine().parent().unwrap().machine();
    assert_eq!((definition.role(), definition.parent()), (MachineRole::Definition, None));
}

#[test]
fn members_of_a_state_are_read() {
    let machine = nested();
    let task = machine.definition().state("Get/Item").unwrap();
    assert_eq!(task.resource(), Some("arn:aws:states:::dynamodb:getItem"));
    assert_eq!(task.payload().unwrap().text("TableName"), Some("Orders"));
    let retrier = task.retriers().next().unwrap();
    assert_eq!((retrier.max_attempts(), retrier.error_equals().collect::<Vec<_>>()), (Some(3), vec!["A", "B"]));
    assert_eq!(retrier.member_pointer("a~b"), "/States/Get~1Item/Retry/0/a~0b");
    let ways = |name: &str| -> Vec<String> {
        let state = machine.definition().state(name).unwrap();
        state.transitions().into_iter().map(|way| format!("{} {}", way.target, way.node.pointer())).collect()
    };
    assert_eq!(ways("Get/Item"), ["Stop /States/Get~1Item/Catch/0/Next", "All /States/Get~1Item/Next"]);
    assert_eq!(
        ways("Which"),
        ["Stop /States/Which/Choices/0/Next", "All /States/Which/Choices/1/Next", "Stop /States/Which/Default"]
    );
    let choice = machine.definition().state("Which").unwrap();
    let operands = choice.choices().next().unwrap().operands();
    let inner = operands[1].operands().remove(0);
    assert_eq!((operands.len(), inner.variable()), (2, Some("$.b")));
    assert_eq!(inner.pointer(), "/States/Which/Choices/0/And/1/Not");
}

#[test]
fn a_wrong_document_reads_as_if_nothing_were_there() {
    let machine = nested();
    let odd = machine.definition().state("Odd").unwrap();
    assert_eq!((odd.next(), odd.end(), odd.resource(), odd.payload()), (None, false, None, None));
    assert_eq!((odd.choices().count(), odd.retriers().count(), odd.catchers().count()), (0, 0, 1));
    assert_eq!(odd.catchers().next().unwrap().next(), None);
    assert!(odd.transitions().is_empty() && odd.machines().is_empty());
    for text in ["null", "[]", "{}", r#"{"States": []}"#, r#"{"States": {"A": null}}"#] {
        let machine = StateMachine::from_json(text).unwrap();
        assert!(machine.walk().all(|state| state.state_type() == StateType::Unknown), "{text}");
        assert_eq!(machine.definition().start_at(), None);
    }
}

#[test]
fn a_place_is_that_of_the_value() {
    let source = Source::new(format!("\u{feff}{NESTED}"), Format::Json);
    let at = |pointer: &str| {
        let place = source.locate(pointer).unwrap();
        (place.line, place.column, &source.text()[place.bytes])
    };
    assert_eq!(at("").0, 1);
    assert_eq!(at("/StartAt"), (2, 14, "\"Get/Item\""));
    assert_eq!(at("/States/Get~1Item/Parameters/Keys/1/ä"), (7, 63, "${Any}"));
    assert_eq!(at("/States/All/Branches/1/States/Each/ItemProcessor/States/Q/Seconds"), (23, 57, "5"));
    let key = source.locate_key("/States/Get~1Item/Parameters/Keys/1/ä").unwrap();
    assert_eq!((key.line, key.column, &source.text()[key.bytes]), (7, 58, "\"ä\""));
    assert_eq!(source.locate_key("/States/All/Branches/0"), None);
    assert_eq!(source.locate_nearest("/StartAt"), source.locate("/StartAt"));
    assert_eq!(source.locate_nearest("/States/Stop/Cause/x"), source.locate("/States/Stop"));
    assert_eq!(source.locate_nearest("nothing"), source.locate(""));
    for absent in ["/Nothing", "/States/All/Branches/2", "/States/All/Branches/00", "StartAt", "/StartAt/x"] {
        assert_eq!(source.locate(absent), None, "{absent}");
    }
}

#[test]
fn every_value_has_a_place_that_holds_its_text() {
    let source = Source::new(NESTED, Format::Json);
    let machine = source.state_machine().unwrap();
    let mut open = vec![sfn_tasks::asl::Node::root(machine.json())];
    let mut values = 0;
    while let Some(node) = open.pop() {
        let place = source.locate(&node.pointer()).unwrap();
        let again = Source::new(&source.text()[place.bytes], Format::Json).parse().unwrap();
        assert_eq!(&again, node.json(), "{}", node.pointer());
        open.extend(node.elements());
        open.extend(node.members().map(|(_, member)| member));
        values += 1;
    }
    assert!(values > 60, "{values}");
}

#[test]
fn parse_and_render_are_each_others_inverse() {
    let machine = nested();
    let compact: StateMachine = machine.to_string().parse().unwrap();
    let pretty: StateMachine = format!("{machine:#}").parse().unwrap();
    assert_eq!(format!("{compact:?}"), format!("{machine:?}"), "the order of members too");
    assert_eq!(format!("{pretty:?}"), format!("{machine:?}"));
    let mut written = Vec::new();
    machine.write_to(&mut written).unwrap();
    assert_eq!(written, machine.to_string().into_bytes());
}

#[test]
fn numbers_null_and_placeholders_keep_their_form() {
    let text = r#"{"a":1,"b":1.0,"c":1e0,"d":-0,"e":1.50,"f":123456789012345678901234567890,"g":1E+2,"h":null,"i":${N},"j":"${N}","k":${ A::b.c(d["e"]) }}"#;
    assert_eq!(StateMachine::from_json(text).unwrap().to_string(), text);
    let json = StateMachine::from_json(text).unwrap().into_json();
    assert_ne!(json.get("a"), json.get("b"));
    assert_ne!(json.get("i"), json.get("j"));
    assert_eq!((json.get("h"), json.get("absent")), (Some(&Json::Null), None));
}

#[test]
fn strings_are_read_as_serde_json_reads_them() {
    for text in [r#""""#, r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00""#, r#""ä😀""#, r#""\\""#, "\"\u{7f}\u{2028}\""] {
        let expected: String = serde_json::from_str(text).unwrap();
        assert_eq!(StateMachine::from_json(text).unwrap().json().as_str(), Some(expected.as_str()));
    }
}

#[test]
fn an_error_tells_what_is_wrong_and_where() {
    for (text, expected) in [
        ("", "line 1, column 1: expected a value, found the end of the text"),
        ("{\n  \"a\": 1,\n}", "line 2, column 9: nothing follows this comma before `}`"),
        ("[1 2]", "line 1, column 4: expected `,` or `]`, found `2`"),
        ("{\"a\" 1}", "line 1, column 6: expected `:` after the name `a`, found `1`"),
        ("{a: 1}", "line 1, column 2: expected a name in double quotation marks, found `a`"),
        ("{\"ä\":1,\n\"ä\":2}", "line 2, column 1: the object has two members with the name `ä`"),
        (r#"{"a":1,"\u0061":2}"#, "line 1, column 8: the object has two members with the name `a`"),
        ("[\"a\nb\"]", "line 1, column 2: this string has no closing quotation mark on its line"),
        ("[\"a", "line 1, column 2: this string has no closing quotation mark"),
        ("[\"a\\", "line 1, column 2: this string has no closing quotation mark"),
        ("[\"a\tb\"]", "line 1, column 4: the control character U+0009 must be escaped in a string"),
        (r#"["ab\x"]"#, "line 1, column 6: JSON has no such escape sequence"),
        ("[01]", "line 1, column 2: `01` is not a valid JSON number"),
        ("[1.]", "line 1, column 2: `1.` is not a valid JSON number"),
        ("[True]", "line 1, column 2: `True` is not a value: write text in double quotation marks"),
        ("['a']", "line 1, column 2: JSON strings need double quotation marks"),
        ("[,1]", "line 1, column 2: a value is missing before this comma"),
        ("[1] // one", "line 1, column 5: JSON has no comments: write the text in a `Comment` field"),
        ("{} {}", "line 1, column 4: unexpected text after the end of the document"),
        ("[]]", "line 1, column 3: this closing bracket has no opening bracket"),
        (
            "[$.a]",
            "line 1, column 2: expected a value: write a path in quotation marks, and a placeholder as `${Name}`",
        ),
        (
            "[${}]",
            "line 1, column 2: expected a value: write a path in quotation marks, and a placeholder as `${Name}`",
        ),
    ] {
        assert_eq!(StateMachine::from_json(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn bombs_are_refused() {
    let nested = |depth: usize| StateMachine::from_json(&("[".repeat(depth) + &"]".repeat(depth)));
    assert!(nested(128).is_ok());
    let error = nested(129).unwrap_err();
    assert_eq!(error.location().bytes.start, 128);
    assert!(error.message().starts_with("nested too deeply: arrays and objects are nested more than 128"), "{error}");
    assert!(StateMachine::from_json(&"{\"a\":[".repeat(1_000_000)).is_err());
    let long = format!("\"{}\"", " ".repeat(16 << 20));
    assert!(StateMachine::from_json(&long).unwrap_err().message().contains("1 MiB"));
    let large = format!("[{}0]", "{\"States\": [1, null]},".repeat(100_000));
    assert_eq!(StateMachine::from_json(&large).unwrap().json().as_array().unwrap().len(), 100_001);
}

#[test]
fn a_large_object_is_read_in_time_linear_in_its_size() {
    let members: Vec<String> = (0..100_000).map(|n| format!("\"State {n}\":{{\"Type\":\"Pass\"}}")).collect();
    let text = format!("{{\"States\":{{{}}}}}", members.join(","));
    let machine = StateMachine::from_json(&text).unwrap();
    assert_eq!(machine.walk().count(), 100_000);
    assert_eq!(machine.to_string(), text);
    let twice = text.replace("\"State 99999\"", "\"State 7\"");
    assert!(StateMachine::from_json(&twice).unwrap_err().message().contains("two members with the name `State 7`"));
}

#[test]
fn canonical_order_is_that_of_a_person() {
    let text = r#"{
        "States": {
            "B": {"End": true, "x": 1, "Parameters": {"z": 1, "a": {"Next": 1, "Type": 2}}, "Resource": "r", "Type": "Task",
                  "Catch": [{"Next": "A", "ErrorEquals": ["States.ALL"]}], "Comment": "c"},
            "A": {"Default": "B", "Type": "Choice",
                  "Choices": [{"Next": "B", "Not": {"IsNull": true, "Variable": "$.a"}}]}
        },
        "StartAt": "A",
        "Comment": "top"
    }"#;
    let mut machine: StateMachine = text.parse().unwrap();
    machine.canonicalize();
    let expected = concat!(
        r#"{"Comment":"top","StartAt":"A","States":{"#,
        r#""B":{"Type":"Task","Comment":"c","Resource":"r","Parameters":{"z":1,"a":{"Next":1,"Type":2}},"#,
        r#""Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"}],"End":true,"x":1},"#,
        r#""A":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true},"Next":"B"}],"Default":"B"}}}"#,
    );
    assert_eq!(machine.to_string(), expected);
}

#[test]
fn builders_and_views_agree_on_the_language_of_nested_states() {
    use sfn_tasks::prelude::{Map, Pass, jsonata};
    let each = Pass::new("Both").output(jsonata("$states.input")).query_language(QueryLanguage::Jsonata);
    let map = Map::new("Each", each.next(Pass::new("Path").result_path("$.a")));
    let machine = sfn_tasks::StateMachine::new(map.query_language(QueryLanguage::Jsonata)).unwrap();
    let mut machine = StateMachine::from_json(&machine.to_string()).unwrap();
    let built = machine.to_string();
    machine.canonicalize();
    assert_eq!(machine.to_string(), built, "builders write the canonical order");
    let languages: Vec<_> = machine.walk().map(|state| (state.name(), state.query_language())).collect();
    let (jsonata, json_path) = (QueryLanguage::Jsonata, QueryLanguage::JsonPath);
    assert_eq!(languages, [("Each", jsonata), ("Both", jsonata), ("Path", json_path)]);
}
