use serde_json::{Value, json};

use super::draft;
use crate::model::Model;

/// A made-up service that bakes bread.
fn bakery() -> Model {
    Model::new(json!({
        "metadata": { "endpointPrefix": "ovens", "signingName": "bakery", "serviceId": "Bread Bakery", "serviceFullName": "Made-up Bakery" },
        "operations": {
            "BakeBread": { "input": { "shape": "BakeBreadRequest" }, "output": { "shape": "BakeBreadResponse" }, "errors": [{ "shape": "OvenColdException" }] },
            "CoolBread": { "input": { "shape": "CoolBreadRequest" } },
            "Sweep": {}
        },
        "shapes": {
            "BakeBreadRequest": { "type": "structure", "required": ["name"], "members": {
                "name": { "shape": "Name" }, "timeInSeconds": { "shape": "Seconds" }, "dough": { "shape": "Dough" },
                "toppings": { "shape": "Toppings" }, "crust": { "shape": "Crust" }, "SKUCode": { "shape": "Text" },
                "labels": { "shape": "Labels" }, "kind": { "shape": "Kind" }, "when": { "shape": "Date" }, "oven": { "shape": "OvenModel" }
            } },
            "BakeBreadResponse": { "type": "structure", "members": { "loafId": { "shape": "Text" } } },
            "CoolBreadRequest": { "type": "structure", "members": { "crust": { "shape": "Crust" } } },
            "Name": { "type": "string", "min": 1, "max": 20, "pattern": "^[a-z]+$" },
            "Text": { "type": "string", "min": 0, "pattern": "(?!x).*" },
            "Seconds": { "type": "integer", "min": 0, "max": 3600 },
            "Dough": { "type": "structure", "required": ["parts"], "members": { "parts": { "shape": "Doughs" }, "share": { "shape": "Share" } } },
            "Doughs": { "type": "list", "member": { "shape": "Dough" }, "min": 1, "max": 5 },
            "Share": { "type": "double", "min": 0, "max": 1 },
            "Toppings": { "type": "list", "member": { "shape": "Text" } },
            "Labels": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Name" }, "max": 3 },
            "Crust": { "type": "string", "enum": ["SOFT", "HARD"] },
            "OvenModel": { "type": "string", "enum": (0..41).map(|i| format!("oven.{i}")).collect::<Vec<_>>() },
            "Kind": { "type": "structure", "union": true, "members": { "rye": { "shape": "Text" }, "wheat": { "shape": "Share" } } },
            "Date": { "type": "timestamp" }
        }
    }))
}

fn names(actions: &[&str]) -> Vec<(String, String)> {
    actions.iter().map(|name| crate::spelling::action_and_operation(name)).collect()
}

#[test]
fn the_facts_of_an_operation_are_all_there() {
    let (spec, notes) = draft(&bakery(), "bakery", &names(&["bakeBread"]), None).unwrap();
    let action = &spec["actions"]["bakeBread"];
    assert_eq!(action["required"], json!(["Name"]));
    let pattern = &action["patterns"]["requestResponse"];
    assert_eq!(pattern["resource"], "arn:${Partition}:states:::bakery:bakeBread");
    assert_eq!(pattern["iam"][0]["actions"], json!(["bakery:BakeBread"]));
    assert_eq!(pattern["result"], json!(["LoafId"]));
    assert_eq!(action["errors"], json!({ "BreadBakery.OvenColdException": "" }));
    let parameters = &action["parameters"];
    assert_eq!(
        parameters["Name"],
        json!({ "type": "string", "minLength": 1, "maxLength": 20, "pattern": "[a-z]+", "docs": "" })
    );
    assert_eq!(
        parameters["TimeInSeconds"],
        json!({ "type": "integer", "minimum": 0, "maximum": 3600, "unit": "seconds", "docs": "" })
    );
    assert_eq!(parameters["SkuCode"], json!({ "type": "string", "docs": "" }));
    assert_eq!(
        parameters["Labels"]["values"],
        json!({ "type": "string", "minLength": 1, "maxLength": 20, "pattern": "[a-z]+" })
    );
    assert_eq!(parameters["When"]["type"], "timestamp");
    assert_eq!(parameters["Oven"]["type"], "string", "a long enum is a string");
    assert_eq!(parameters["Crust"]["$ref"], "#/types/Crust");
    assert_eq!(spec["types"]["Crust"], json!({ "docs": "", "enum": { "SOFT": "", "HARD": "" } }));
    assert_eq!(
        spec["types"]["Kind"]["union"]["Wheat"],
        json!({ "type": "number", "minimum": 0, "maximum": 1, "docs": "" })
    );
    assert!(notes.iter().any(|note| note.contains("`SKUCode` is spelled `SkuCode`")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("`Text`")), "the pattern that was left out is named: {notes:?}");
}

#[test]
fn a_type_may_hold_itself() {
    let (spec, _) = draft(&bakery(), "bakery", &names(&["bakeBread"]), None).unwrap();
    let dough = &spec["types"]["Dough"];
    assert_eq!(dough["required"], json!(["Parts"]));
    assert_eq!(
        dough["members"]["Parts"],
        json!({ "type": "list", "items": { "$ref": "#/types/Dough" }, "minItems": 1, "maxItems": 5, "docs": "" })
    );
}

#[test]
fn an_existing_file_keeps_what_it_has() {
    let (mut first, _) = draft(&bakery(), "bakery", &names(&["bakeBread"]), None).unwrap();
    first["actions"]["bakeBread"]["docs"] = Value::from("Bakes.");
    first["types"]["Crust"]["docs"] = Value::from("How it breaks.");
    let (second, notes) = draft(&bakery(), "bakery", &names(&["bakeBread", "coolBread"]), Some(first.clone())).unwrap();
    assert_eq!(second["actions"]["bakeBread"], first["actions"]["bakeBread"]);
    assert_eq!(second["types"], first["types"]);
    assert_eq!(second["actions"]["coolBread"]["parameters"]["Crust"]["$ref"], "#/types/Crust");
    assert!(notes[0].contains("`bakeBread` is already in the file"));
    assert!(draft(&bakery(), "bakery", &names(&["bakeBread"]), Some(first)).unwrap_err().contains("Nothing to add"));
}

#[test]
fn an_operation_may_take_nothing() {
    let (spec, _) = draft(&bakery(), "bakery", &names(&["tidy=Sweep"]), None).unwrap();
    assert_eq!(spec["actions"]["tidy"]["parameters"], json!({}));
    assert!(spec.get("types").is_none());
    assert!(draft(&bakery(), "bakery", &names(&["mop"]), None).unwrap_err().contains("no operation `Mop`"));
}

/// The statements of a draft from our own tables, for an operation that has these parameters, all of them required.
fn statements(service: &str, operation: &str, parameters: &[&str]) -> Value {
    let members: serde_json::Map<_, _> =
        parameters.iter().map(|name| ((*name).to_owned(), json!({ "shape": "Text" }))).collect();
    let model = Model::new(json!({
        "metadata": { "endpointPrefix": service, "serviceId": service, "serviceFullName": service },
        "operations": { operation: { "input": { "shape": "Request" } } },
        "shapes": {
            "Request": { "type": "structure", "required": parameters, "members": members },
            "Text": { "type": "string" }
        }
    }));
    let (spec, _) = draft(&model, service, &names(&[operation]), None).unwrap();
    let action = &spec["actions"].as_object().unwrap()[&crate::spelling::lower_first(operation)];
    action["patterns"]["requestResponse"]["iam"].clone()
}

#[test]
fn what_is_always_set_is_no_condition_of_a_statement() {
    let iam = statements("acm", "CreateAcmeExternalAccountBinding", &["RoleArn"]);
    let pass = iam.as_array().unwrap().iter().find(|statement| statement["reason"] == "passRole").unwrap();
    assert!(pass.get("when").is_none(), "{pass}");
}

#[test]
fn a_condition_may_compare_a_parameter_with_a_value() {
    let iam = statements("ssm", "AddTagsToResource", &["ResourceType", "ResourceId"]);
    let when: Vec<&Value> = iam.as_array().unwrap().iter().map(|statement| &statement["when"]).collect();
    assert!(when.contains(&&json!("ResourceType=Parameter")), "{iam}");
}
