//! Shared types, named shapes, and JSON Schemas of payloads.

use sfn_tasks_codegen::{Source, files_beside, generate};

const SPEC: &str = r##"{
  "service": "acme",
  "title": "Acme",
  "docs": "Ours.",
  "url": "https://acme.example/workflows",
  "actions": {
    "quote": {
      "docs": "Prices an order.",
      "url": "https://acme.example/quote",
      "calls": "lambda:invoke",
      "fixed": { "FunctionName": "quote" },
      "required": ["Payload"],
      "parameters": { "Payload": { "$ref": "REFERENCE" } },
      "examples": [{ "title": "Quote", "parameters": { "Payload": EXAMPLE } }]
    }
  }
}"##;

const TYPES: &str = r##"{
  "docs": "What the specs of Acme share.",
  "types": {
    "Order": { "docs": "An order.", "required": ["sku"], "members": { "sku": { "$ref": "#/types/Sku" }, "tone": { "$ref": "#/types/Tone" } } },
    "Sku": { "docs": "The number of an article.", "type": "string", "maxLength": 6 },
    "Tone": { "docs": "A tone.", "enum": { "LOW": "Low.", "HIGH": "High." } }
  }
}"##;

const SCHEMA: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "description": "What is ordered",
  "type": "object",
  "required": ["sku", "lines"],
  "properties": {
    "sku": { "type": "string", "pattern": "^[A-Z]-[0-9]+$", "description": "Number of the article" },
    "quantity": { "type": "integer", "minimum": 1, "exclusiveMaximum": 1001 },
    "state": { "enum": ["new", "old"] },
    "schema_version": { "const": "2" },
    "at": { "type": "string", "format": "date-time" },
    "lines": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/line" } },
    "ship-to": { "type": "object", "properties": { "city": { "type": ["string", "null"] } } },
    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
    "anything": true
  },
  "additionalProperties": false,
  "$defs": { "line": { "type": "object", "required": ["price"], "properties": { "price": { "type": "number", "minimum": 0 } } } }
}"##;

/// The generated files of the service with that file next to it, or the faults.
fn made(reference: &str, example: &str, beside: (&str, &str)) -> Result<String, String> {
    let spec = SPEC.replace("REFERENCE", reference).replace("EXAMPLE", example);
    let sources = [Source { name: "spec/acme.json", text: &spec }, Source { name: beside.0, text: beside.1 }];
    match generate(&sources, None) {
        Ok(files) => Ok(files.into_iter().map(|file| file.text).collect()),
        Err(faults) => Err(faults.to_string()),
    }
}

fn types(reference: &str, example: &str, text: &str) -> Result<String, String> {
    made(reference, example, ("spec/common.types.json", text))
}

fn schema(text: &str) -> Result<String, String> {
    made("order.schema.json", r#"{"sku": "A-1", "lines": [{"price": 1.5}]}"#, ("spec/order.schema.json", text))
}

#[test]
fn a_type_of_another_file_is_one_of_the_spec() {
    let code = types("common.types.json#/types/Order", r#"{"sku": "A-1", "tone": "LOW"}"#, TYPES).expect("it is right");
    assert!(code.contains("pub struct Order<") && code.contains("pub enum Tone"), "{code}");
    // A named shape is not a type in Rust, and its docs are used for members without docs.
    assert!(!code.contains("struct Sku") && code.contains("/// The number of an article."), "{code}");
    let faults = types("common.types.json#/types/Order", r#"{"sku": "A-100000", "tone": "LWO"}"#, TYPES).unwrap_err();
    assert!(faults.contains("`A-100000` has 8 characters; it must have at most 6"), "{faults}");
    assert!(faults.contains("`LWO` is not one of the values of `Tone`; did you mean `LOW`?"), "{faults}");
}

#[test]
fn what_a_spec_refers_to_is_named() {
    let spec = SPEC.replace("REFERENCE", "schemas/order.schema.json#/$defs/line").replace("EXAMPLE", "{}");
    let sources = [Source { name: "spec/acme.json", text: &spec }];
    assert_eq!(files_beside(&sources), ["spec/schemas/order.schema.json"]);
    for outside in ["../order.schema.json", "/etc/order.json", "C:/order.json", "https://acme.example/order.json"] {
        let spec = SPEC.replace("REFERENCE", outside).replace("EXAMPLE", "{}");
        assert!(files_beside(&[Source { name: "spec/acme.json", text: &spec }]).is_empty(), "{outside}");
        let faults = generate(&[Source { name: "spec/acme.json", text: &spec }], None).unwrap_err().to_string();
        assert!(faults.contains("is not a file in this folder"), "{faults}");
    }
}

#[test]
fn a_fault_is_told_in_the_file_that_has_it() {
    let told = |reference: &str, text: &str| types(reference, "{\"sku\": \"A\"}", text).unwrap_err();
    let faults = told("common.types.json#/types/Order", &TYPES.replace("\"string\"", "\"strin\""));
    assert!(faults.starts_with("spec/common.types.json:5:"), "{faults}");
    assert!(faults.contains("/types/Sku/type: the type `strin` is unknown") && faults.lines().count() == 1, "{faults}");
    let faults = told("common.types.json#/types/Odrer", TYPES);
    assert!(faults.starts_with("spec/acme.json:13:") && faults.contains("did you mean `#/types/Order`?"), "{faults}");
    let faults = told("other.types.json#/types/Order", TYPES);
    assert!(faults.contains("`spec/other.types.json` does not exist or cannot be read"), "{faults}");
    let circle = r##"{"docs": "D.", "types": {"L": {"docs": "D.", "type": "list", "items": {"$ref": "#/types/L"}}}}"##;
    assert!(told("common.types.json#/types/L", circle).contains("this type refers to itself"));
}

#[test]
fn files_do_not_lead_to_further_files() {
    let further = TYPES.replace("#/types/Sku", "more.types.json#/types/Sku");
    let faults = types("common.types.json#/types/Order", r#"{"sku": "A-1"}"#, &further).unwrap_err();
    assert!(faults.starts_with("spec/common.types.json:4:"), "{faults}");
    assert!(faults.contains("a file of types can refer only to its own types"), "{faults}");
    let itself = TYPES.replace("#/types/Sku", "common.types.json#/types/Sku");
    let faults = types("common.types.json#/types/Order", r#"{"sku": "A-1"}"#, &itself).unwrap_err();
    assert!(faults.contains("`common.types.json` is this file: write `#/types/Sku`"), "{faults}");
}

/// A spec cannot take types from another spec.
#[test]
fn nothing_is_taken_from_a_spec() {
    let other = SPEC.replace("acme", "other").replace("REFERENCE", "order.schema.json").replace("EXAMPLE", "{}");
    let faults = made("other.json#/types/Order", "{}", ("spec/other.json", &other)).unwrap_err();
    assert!(faults.contains("spec/acme.json:13:") && faults.contains("move shared types"), "{faults}");
    assert!(
        faults.contains("spec/other.json:13:") && faults.contains("`spec/order.schema.json` does not exist"),
        "{faults}"
    );
    let faults = made("acme.json#/types/Order", "{}", ("spec/common.types.json", TYPES)).unwrap_err();
    assert!(faults.contains("`acme.json` is this file: write `#/types/Order`"), "{faults}");
}

#[test]
fn a_json_schema_gives_types() {
    let code = schema(SCHEMA).expect("it is right");
    for part in
        ["pub struct Order<", "pub struct Line<", "pub struct OrderShipTo", "pub enum OrderState", "pub fn ship_to("]
    {
        assert!(code.contains(part), "{part}: {code}");
    }
    let example = r#"{"sku": "A1", "lines": [{"price": -1}], "quantity": 1001, "state": "gone"}"#;
    let faults = made("order.schema.json", example, ("spec/order.schema.json", SCHEMA)).unwrap_err();
    for fault in [
        "`A1` does not match the pattern `[A-Z]-[0-9]+`",
        "-1 is out of bounds: at least 0",
        "1001 is out of bounds: at most 1000",
        "`gone` is not one of the values of `OrderState`",
    ] {
        assert!(faults.contains(fault), "{faults}");
    }
}

#[test]
fn what_a_json_schema_cannot_say_here_is_told() {
    for (from, to, place, told) in [
        (
            "\"type\": \"object\",\n  \"required\"",
            "\"oneOf\": [],\n  \"required\"",
            ":4:12: /oneOf: ",
            "`oneOf` is not supported",
        ),
        (
            "[\"string\", \"null\"]",
            "[\"string\", \"integer\"]",
            "/properties/ship-to/properties/city/type: ",
            "several types",
        ),
        ("#/$defs/line", "#/$defs/lien", ":12:", "did you mean `#/$defs/line`?"),
        ("[\"new\", \"old\"]", "[1, 2]", "/properties/state/enum/0: ", "must be strings"),
        ("\"sku\", \"lines\"", "\"sku\", \"lnes\"", ":5:23: /required/1: ", "did you mean `lines`?"),
        ("^[A-Z]-[0-9]+$", "(?=a)", "/properties/sku/pattern: ", "not a valid regular expression"),
        ("\"price\": {", "\"$price\": {", "", "the name of a member begins with a letter"),
    ] {
        let faults = schema(&SCHEMA.replace(from, to)).unwrap_err();
        let is_there = faults
            .lines()
            .any(|it| it.starts_with("spec/order.schema.json:") && it.contains(place) && it.contains(told));
        assert!(is_there, "{to}: {faults}");
    }
}
