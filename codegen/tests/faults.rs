//! A spec with one thing wrong gives exactly the message that says so, at its place.

use sfn_tasks_codegen::{Fault, Source, generate};

const BASE: &str = include_str!("billing.json");

/// The messages for the base with one text in it replaced by another; line and column are left out.
fn faults(wanted: &str, replacement: &str) -> Vec<String> {
    assert!(BASE.contains(wanted), "the base has no {wanted}");
    let text = BASE.replacen(wanted, replacement, 1);
    match generate(&[Source { name: "billing.json", text: &text }], None) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.into_iter().map(|fault| Fault { line: 0, ..fault }.to_string()).collect(),
    }
}

#[track_caller]
fn assert_fault(wanted: &str, replacement: &str, pointer: &str, message: &str) {
    let found = faults(wanted, replacement);
    let expected = format!("billing.json: {pointer}: ");
    assert!(
        found.iter().any(|fault| fault.starts_with(&expected) && fault.contains(message)),
        "no fault at {pointer} with «{message}» among\n{}",
        found.join("\n")
    );
}

#[test]
fn the_base_is_right() {
    assert_eq!(faults("Our own", "Our own"), Vec::<String>::new());
}

#[test]
fn form() {
    let at = |replacement: &str| faults("\"service\": \"billing\",", replacement);
    assert!(at("\"service\": \"billing\"")[0].contains("this is not JSON"), "{:?}", at("\"service\": \"billing\""));
    assert_fault("\"title\"", "\"titel\"", "/titel", "the key `titel` is not known here; did you mean `title`?");
    assert_fault(
        "\"url\": \"https://billing.example/charge\",",
        "\"url\": \"https://a\", \"url\": \"https://b\",",
        "/actions/charge/url",
        "the key `url` is given twice",
    );
    assert_fault(
        "\"docs\": \"Who is charged.\"",
        "\"docs\": \" \"",
        "/actions/charge/parameters/CustomerId/docs",
        "empty",
    );
    assert_fault(
        "\"minLength\": 1",
        "\"minLength\": \"1\"",
        "/actions/charge/parameters/CustomerId/minLength",
        "number",
    );
    assert_fault(", \"docs\": \"The type.\"", "", "/actions/charge/parameters/Type", "the key `docs` is missing");
    assert_fault(
        "[{ \"when\": { \"member\"",
        "[{ \"when\": { \"membr\"",
        "/actions/charge/rules/0/when/membr",
        "not known here",
    );
}

#[test]
fn names() {
    let setter = "/actions/charge/parameters/Type/setter";
    for (written, told) in [
        ("type", "`type` is a keyword of Rust: write `r#type`"),
        ("r#self", "`r#self` is not a Rust name: write `self_`"),
        ("r#foo", "`r#foo` is not a Rust name: write `foo`"),
        ("2fast", "`2fast` is not the name of a setter"),
        ("foo-bar", "write `foo_bar`"),
        ("foo::bar", "write `foo_bar`"),
        ("fooBar", "write `foo_bar`"),
        ("r#", "is not the name of a setter"),
        ("_", "is not the name of a setter"),
    ] {
        assert_fault("\"setter\": \"r#type\"", &format!("\"setter\": \"{written}\""), setter, told);
    }
    assert_fault("\"Note\": {", "\"New\": {", "/actions/charge/parameters/New", "every builder has a method `new`");
    assert_fault(
        "\"Note\": {",
        "\"SetLines\": {",
        "/actions/charge/parameters/SetLines",
        "already has the setter `set_lines`",
    );
    assert_fault("\"billing\"", "\"Billing\"", "/service", "lowercase letters");
    assert_fault(
        "\"Currency\": { \"docs\"",
        "\"Charge\": { \"docs\"",
        "/types/Charge",
        "/actions/charge already has the builder",
    );
}

#[test]
fn types() {
    assert_fault(
        "\"type\": \"boolean\"",
        "\"type\": \"bool\"",
        "/types/Amount/union/Free/type",
        "did you mean `boolean`?",
    );
    assert_fault(
        "#/types/Line",
        "#/types/Lines",
        "/actions/charge/parameters/Lines/items/$ref",
        "did you mean `Line`?",
    );
    assert_fault(
        "\"values\": { \"type\": \"string\" }, ",
        "",
        "/actions/charge/parameters/Labels",
        "gives the type of its elements in `values`",
    );
    assert_fault(
        "\"pattern\": \"[a-z0-9-]+\"",
        "\"pattern\": \"[a-z\"",
        "/actions/charge/parameters/CustomerId/pattern",
        "not a regular expression",
    );
    assert_fault("\"maxItems\": 50", "\"maxItems\": 0", "/actions/charge/parameters/Lines", "the minimum is greater");
    assert_fault(
        "\"unit\": \"days\"",
        "\"unit\": \"weeks\"",
        "/actions/charge/parameters/Grace/unit",
        "the unit `weeks` is unknown",
    );
    assert_fault(
        "\"type\": \"json\"",
        "\"type\": \"json\", \"minLength\": 1",
        "/actions/charge/parameters/Note/minLength",
        "has no meaning",
    );
    assert_fault(
        "\"$ref\": \"#/types/Currency\"",
        "\"type\": \"string\"",
        "/types/Currency",
        "no parameter uses this type",
    );
    assert_fault(
        "\"required\": [\"Text\"]",
        "\"required\": [\"Txt\"]",
        "/types/Line/required/0",
        "did you mean `Text`?",
    );
}

#[test]
fn actions() {
    assert_fault(
        "\"required\": [\"CustomerId\"",
        "\"required\": [\"Customer\"",
        "/actions/charge/required/0",
        "not one of the parameters",
    );
    assert_fault(
        ":charge.waitForTaskToken",
        ":charge.sync",
        "/actions/charge/patterns/waitForTaskToken/resource",
        "is not the resource of this pattern: write",
    );
    assert_fault(
        "\"waitForTaskToken\": {",
        "\"waitForToken\": {",
        "/actions/charge/patterns/waitForToken",
        "did you mean `waitForTaskToken`?",
    );
    assert_fault(
        "customer/${CustomerId}",
        "customer/${Customer}",
        "/actions/charge/patterns/requestResponse/iam/0/resources/0",
        "nothing fills the placeholder `${Customer}`",
    );
    assert_fault(
        "customer/${CustomerId}",
        "customer/${CustomerId|upper}",
        "/actions/charge/patterns/requestResponse/iam/0/resources/0",
        "the transform `upper` is unknown",
    );
    assert_fault(
        "billing:Charge",
        "Charge",
        "/actions/charge/patterns/requestResponse/iam/0/actions/0",
        "is not an IAM action",
    );
    assert_fault(
        "\"reason\": \"call\"",
        "\"reason\": \"because\"",
        "/actions/charge/patterns/requestResponse/iam/0/reason",
        "the reason `because` is unknown",
    );
    assert_fault(
        "\"Lines[].Text\"",
        "\"Lines[].Txt\"",
        "/actions/charge/patterns/waitForTaskToken/tokenIn/1",
        "did you mean `Text`?",
    );
    assert_fault(
        "\"excludes\": [\"Grace\"]",
        "\"excludes\": [\"Grase\"]",
        "/actions/charge/rules/0",
        "did you mean `Grace`?",
    );
    assert_fault("\"excludes\": [\"Grace\"], ", "", "/actions/charge/rules/0", "exactly one of");
}

#[test]
fn examples() {
    assert_fault(
        "\"Grace\": 14",
        "\"Grase\": 14",
        "/actions/charge/examples/0/parameters/Grase",
        "did you mean `Grace`?",
    );
    assert_fault(
        "\"Grace\": 14",
        "\"Grace\": \"14\"",
        "/actions/charge/examples/0/parameters/Grace",
        "a string does not fit here",
    );
    assert_fault(
        "\"Currency\": \"EUR\",",
        "\"Currency\": \"EURO\",",
        "/actions/charge/examples/0/parameters/Currency",
        "did you mean `EUR`?",
    );
    assert_fault(
        "\"CustomerId.$\": \"$.customer\",",
        "",
        "/actions/charge/examples/0/parameters",
        "the required member `CustomerId` is missing",
    );
    assert_fault(
        "\"Free\": true",
        "\"Free\": true, \"Cents\": 1",
        "/actions/charge/examples/0/parameters/Lines/1/Amount",
        "exactly one member",
    );
    assert_fault(
        "\"pattern\": \"waitForTaskToken\", \"parameters\"",
        "\"pattern\": \"sync\", \"parameters\"",
        "/actions/charge/examples/1",
        "is none of the action's",
    );
    assert_fault(
        "\"Currency\": \"EUR\",",
        "\"Currency\": \"USD\",",
        "/actions/charge/examples/0/parameters",
        "a rule refuses this: Dollars are due at once",
    );
}

#[test]
fn what_would_break_the_docs_or_a_policy() {
    let url = "\"url\": \"https://billing.example/charge\"";
    assert_fault(url, "\"url\": \"https://billing.example/)[x](y\"", "/actions/charge/url", "write brackets");
    let resource = "customer/${CustomerId}";
    let at = "/actions/charge/patterns/requestResponse/iam/0/resources/0";
    assert_fault(resource, "customer /${CustomerId}", at, "a sign that no ARN has");
    let sdk = |call: &str| format!("\"sdk\": \"{call}\", {url}");
    assert_fault(url, &sdk("nope:charge"), "/actions/charge/sdk", "no AWS SDK integration of a service `nope`");
    assert_fault(url, &sdk("sqs:sendMesage"), "/actions/charge/sdk", "did you mean `sendMessage`?");
}

#[test]
fn expressions_of_examples() {
    let at = "/actions/charge/examples/0/parameters/CustomerId.$";
    for (written, told) in [
        ("$.customer[", "has a `]` missing"),
        ("$.customer]", "one `]` too many"),
        ("$.customer.", "is not a JSONPath"),
        ("$customer", "is not a JSONPath"),
        ("$.the customer", "is not a JSONPath"),
        ("$$.Nope.Id", "the context object has no `Nope`"),
        ("$$.Execution.ID", "did you mean `Id`?"),
        ("States.Formt('{}', $.a)", "did you mean `States.Format`?"),
        ("States.Format('{}', $.a", "does not end with the `)`"),
        ("States.Format('{}, $.a)", "has a `'` missing"),
    ] {
        assert_fault("\"$.customer\"", &format!("\"{written}\""), at, told);
    }
    let jsonata = faults("\"CustomerId.$\": \"$.customer\"", "\"CustomerId\": \"{% $states.input.customer %}\"");
    assert!(jsonata.iter().any(|fault| fault.contains("is written in JSONPath")), "{jsonata:?}");
    for right in [
        "$",
        "$$",
        "$$.Map.Item.Value",
        "$$.Execution.Input['a']",
        "$$.Execution.Id",
        "$.a['b c'][?(@.d == 'it\\\\'s')].e",
        "$..a",
        "States.UUID()",
    ] {
        assert_eq!(faults("\"$.customer\"", &format!("\"{right}\"")), Vec::<String>::new(), "{right}");
    }
}

#[test]
fn a_statement_of_every_pattern_stands_once_at_the_action() {
    let shared = "\"iam\": [{ \"actions\": [\"billing:Read\"], \"resources\": [\"*\"], \"reason\": \"call\", \"why\": \"It reads.\" }], \"required\": [\"CustomerId\"";
    let wanted = "\"required\": [\"CustomerId\"";
    let text = BASE.replacen(wanted, shared, 1);
    let files = generate(&[Source { name: "billing.json", text: &text }], None).expect("it is right");
    let facts = files.iter().find(|file| file.path.ends_with("billing.facts")).expect("facts come out");
    assert_eq!(facts.text.matches("billing:Read").count(), 2, "one for each pattern");
    assert_fault(
        wanted,
        &shared.replace("billing:Read", "Read"),
        "/actions/charge/iam/0/actions/0",
        "is not an IAM action",
    );
    let twice = shared
        .replace("billing:Read", "billing:Charge")
        .replace("[\"*\"]", "[\"arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}\"]")
        .replace("It reads.", "The state charges the customer.");
    assert_fault(wanted, &twice, "/actions/charge/patterns/requestResponse/iam/0", "is given twice");
}

#[test]
fn what_no_call_could_keep() {
    assert_fault(
        "\"excludes\": [\"Grace\"]",
        "\"excludes\": [\"Lines\"]",
        "/actions/charge/rules/0/excludes",
        "`Lines` is required",
    );
    assert_fault(
        "\"docs\": \"Who is charged.\"",
        "\"docs\": \"Who is charged.\", \"default\": \"nobody\"",
        "/actions/charge/parameters/CustomerId/default",
        "is required",
    );
    assert_fault("\"title\"", "\"errorPrefix\": \"Bill.\", \"title\"", "/errorPrefix", "only letters and digits");
    assert_fault("https://billing.example/\"", "billing\"", "/url", "must begin with `https://`");
    assert_fault(
        "billing:Charge",
        "billing:Chargé",
        "/actions/charge/patterns/requestResponse/iam/0/actions/0",
        "is not an IAM action",
    );
}

#[test]
fn all_faults_come_at_once_and_name_their_files() {
    let one = BASE.replacen("\"title\"", "\"titel\"", 1).replacen("boolean", "bool", 1);
    let two = BASE.replacen("\"billing\"", "\"Billing\"", 1);
    let sources = [Source { name: "one.json", text: &one }, Source { name: "two.json", text: &two }];
    let faults = generate(&sources, None).expect_err("both are faulty").0;
    let files: Vec<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
    assert!(files.iter().filter(|file| **file == "one.json").count() >= 3, "{faults:#?}");
    assert!(files.contains(&"two.json"), "{faults:#?}");
}

#[test]
fn two_files_of_one_service_are_a_fault() {
    let sources = [Source { name: "a/billing.json", text: BASE }, Source { name: "b/billing.json", text: BASE }];
    let faults = generate(&sources, None).expect_err("they clash").to_string();
    assert_eq!(
        faults,
        "b/billing.json:3:14: /service: the module `billing` already belongs to a/billing.json: use another name for one of the services"
    );
}

#[test]
fn no_text_makes_it_panic() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "{\"actions\":{\"a\":{\"parameters\":{\"\":{}}}}}",
        "\u{feff}{}",
        "{\"types\":{\"A\":{\"enum\":{\"\":\"x\"}}}}",
    ] {
        assert!(generate(&[Source { name: "x", text }], None).is_err(), "{text}");
    }
}

#[test]
fn what_is_ones_own_calls_what_exists() {
    const OWN: &str = include_str!("../../examples/private-integration/spec/acme.json");
    let told = |wanted: &str, replacement: &str| {
        assert!(OWN.contains(wanted), "the base has no {wanted}");
        let text = OWN.replacen(wanted, replacement, 1);
        generate(&[Source { name: "acme.json", text: &text }], None)
            .map_or_else(|faults| faults.to_string(), |_| String::new())
    };
    assert_eq!(told("Acme", "Acme"), "");
    for (wanted, replacement, message) in [
        ("lambda:invoke", "lambda:invok", "did you mean `lambda:invoke`?"),
        ("aws-sdk:dynamodb:query", "aws-sdk:dynamodb:qery", "did you mean `query`?"),
        ("aws-sdk:dynamodb:query", "aws-sdk:dynamo:query", "there is no AWS SDK integration of a service `dynamo`"),
        ("\"FunctionName\"", "\"FunctionNam\"", "has no parameter `FunctionNam`; did you mean `FunctionName`?"),
        ("\"FunctionName\"", "\"LogType\"", "`lambda:invoke` needs `FunctionName`"),
        ("\"waitForTaskToken\": {}", "\"sync\": {}", "does not support the pattern `sync`"),
        ("function:pricing", "function:", "is no `FunctionName` of `lambda:invoke`"),
        ("stateMachine:invoice", "activity:invoice", "is no `StateMachineArn` of `states:startExecution`"),
        ("${ReserveFunctionArn}", "${}", "`${}` names nothing"),
        ("\"quantity\": 3", "\"quantity\": 3000", "/quantity: 3000 is out of bounds: at most 1000"),
        ("\"fixed\": {", "\"fixed\": { \"Payload\": 1,", "it is either fixed or free"),
    ] {
        let found = told(wanted, replacement);
        assert!(found.contains(message), "{message}: {found}");
    }
}
