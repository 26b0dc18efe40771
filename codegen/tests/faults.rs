//! A spec with one fault gives exactly the message for this fault, at its position.

use sfn_tasks_codegen::{Fault, Source, generate};

const BASE: &str = include_str!("billing.json");

/// The messages for the base spec after a replacement, without line and column.
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
    assert_fault("\"title\"", "\"titel\"", "/titel", "the key `titel` is unknown here; did you mean `title`?");
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
        "unknown here",
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
        "needs the type of its elements in `values`",
    );
    assert_fault(
        "\"pattern\": \"[a-z0-9-]+\"",
        "\"pattern\": \"[a-z\"",
        "/actions/charge/parameters/CustomerId/pattern",
        "not a valid regular expression",
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
        "does not apply",
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
        "the placeholder `${Customer}` is not a parameter",
    );
    assert_fault(
        "customer/${CustomerId}",
        "customer/${CustomerId|upper}",
        "/actions/charge/patterns/requestResponse/iam/0/resources/0",
        "the transform `upper` is unknown",
    );
    assert_fault(
        "${Account}:customer",
        "111122223333:customer",
        "/actions/charge/patterns/requestResponse/iam/0/resources/0",
        "write `${Account}`",
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
    assert_fault("\"Grace\": 14", "\"Grace\": \"14\"", "/actions/charge/examples/0/parameters/Grace", "not a string");
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
        "set exactly one member",
    );
    assert_fault(
        "\"pattern\": \"waitForTaskToken\", \"parameters\"",
        "\"pattern\": \"sync\", \"parameters\"",
        "/actions/charge/examples/1",
        "does not support the pattern `sync` of this example",
    );
    assert_fault(
        "\"Currency\": \"EUR\",",
        "\"Currency\": \"USD\",",
        "/actions/charge/examples/0/parameters",
        "the example breaks a rule: Dollars are due at once",
    );
}

#[test]
fn what_would_break_the_docs_or_a_policy() {
    let url = "\"url\": \"https://billing.example/charge\"";
    assert_fault(url, "\"url\": \"https://billing.example/)[x](y\"", "/actions/charge/url", "percent-encode brackets");
    let resource = "customer/${CustomerId}";
    let at = "/actions/charge/patterns/requestResponse/iam/0/resources/0";
    assert_fault(resource, "customer /${CustomerId}", at, "a character that an ARN cannot have");
    let sdk = |call: &str| format!("\"sdk\": \"{call}\", {url}");
    assert_fault(url, &sdk("nope:charge"), "/actions/charge/sdk", "no AWS SDK integration of a service `nope`");
    assert_fault(url, &sdk("sqs:sendMesage"), "/actions/charge/sdk", "did you mean `sendMessage`?");
}

#[test]
fn expressions_of_examples() {
    let at = "/actions/charge/examples/0/parameters/CustomerId.$";
    for (written, told) in [
        ("$.customer[", "a `]` is missing"),
        ("$.customer]", "an unmatched `]`"),
        ("$.customer.", "is not a JSONPath"),
        ("$customer", "is not a JSONPath"),
        ("$.the customer", "is not a JSONPath"),
        ("$$.Nope.Id", "the context object has no `Nope`"),
        ("$$.Execution.ID", "did you mean `Id`?"),
        ("States.Formt('{}', $.a)", "did you mean `States.Format`?"),
        ("States.Format('{}', $.a", "does not end with the `)`"),
        ("States.Format('{}, $.a)", "a `'` is missing"),
    ] {
        assert_fault("\"$.customer\"", &format!("\"{written}\""), at, told);
    }
    let jsonata = faults("\"CustomerId.$\": \"$.customer\"", "\"CustomerId\": \"{% $states.input.customer %}\"");
    assert!(jsonata.iter().any(|fault| fault.contains("examples are written in JSONPath")), "{jsonata:?}");
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
fn a_text_that_is_no_json_is_told_with_what_to_write() {
    let service = "\"service\": \"billing\",";
    for (written, told) in [
        ("// Ours.\n", "JSON has no comments: write the text into `notes`"),
        ("'service': 'billing',", "a string is enclosed in `\"`"),
        ("\"service\": NaN,", "a value is missing here"),
        ("\"service\": \"\\ud800\",", "half of a surrogate pair is not"),
        ("\"service\": \"bill\ting\",", "a tab as `\\t`"),
        ("}", "remove the comma before this bracket"),
    ] {
        let found = faults(service, written);
        assert!(found.len() == 1 && found[0].contains(told), "{written}: {told}: {found:?}");
    }
    let alone = |text: &str| generate(&[Source { name: "x.json", text }], None).expect_err("it is no spec").to_string();
    assert_eq!(alone(" \n"), "x.json:2:1: this is not JSON: the file is empty");
    assert!(alone(&BASE[..BASE.len() - 3]).contains("the file ends too early"));
    assert!(alone(&format!("{BASE}{BASE}")).contains("remove what follows it"));
    assert!(alone(&"[".repeat(1000)).contains("the nesting is too deep"));
}

#[test]
fn encodings_have_names() {
    let told = |bytes: Vec<u8>| sfn_tasks_codegen::text("x.json", bytes).expect_err("it is not UTF-8").to_string();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    assert!(told(wide("\u{feff}{}")).contains("UTF-16 or UTF-32: save it as UTF-8"));
    assert!(told(wide("{}")).starts_with("x.json:1:2: the byte 0 is not allowed"));
    assert!(told(b"{\n\"a\": \"\xfc\"}".to_vec()).starts_with("x.json:2:7: the byte 0xfc is not UTF-8"));
}

/// A part that cannot be read does not cause faults elsewhere.
#[test]
fn a_part_of_the_wrong_kind_is_one_fault() {
    for (wanted, replacement, told) in [
        (
            "\"actions\": {\n    \"charge\"",
            "\"actions\": [1], \"action\": {\n    \"charge\"",
            "expected an object, not an array",
        ),
        (
            "\"required\": [\"CustomerId\", \"Lines\"]",
            "\"required\": { \"Lines\": true }",
            "expected an array, not an object",
        ),
        (
            "\"parameters\": {\n        \"CustomerId\"",
            "\"parameters\": null, \"x\": {\n        \"CustomerId\"",
            "expected an object, not null",
        ),
        ("\"actions\": [\"billing:Charge\"]", "\"actions\": \"billing:Charge\"", "expected an array, not a string"),
        ("\"actions\": [\"billing:Charge\"]", "\"actions\": []", "the list is empty"),
        ("\"EUR\": \"Euro.\"", "\"EUR\": 1", "expected a string, not a number"),
    ] {
        let found = faults(wanted, replacement);
        assert!(found.iter().any(|fault| fault.contains(told)), "{replacement}: {found:?}");
        assert!(found.iter().all(|fault| fault.contains(told) || fault.contains("is unknown here")), "{found:?}");
    }
}

#[test]
fn an_unknown_key_is_told_with_those_that_are_known() {
    assert_fault(
        "\"equals\": \"USD\"",
        "\"is\": \"USD\"",
        "/actions/charge/rules/0/when/is",
        "the known keys are `member`, `equals`, `absent`, `matches`, `differs`",
    );
    let fault = faults("\"minLength\": 1", "\"length\": 1").remove(0);
    assert!(fault.ends_with("the key `length` is unknown here"), "too many to list: {fault}");
}

#[test]
fn marks_and_numbers() {
    let rule = "\"excludes\": [\"Grace\"], ";
    let warning = format!("{rule}\"warning\": false, ");
    assert_fault(rule, &warning, "/actions/charge/rules/0/warning", "write `true`, or leave the key out");
    let at = "/actions/charge/parameters/CustomerId/maxLength";
    for (written, told) in [("\"36\"", "not a string"), ("36.5", "not 36.5"), ("3e1", "not 30.0"), ("-1", "not -1")] {
        assert_fault("\"maxLength\": 36", &format!("\"maxLength\": {written}"), at, told);
    }
    let at = "/actions/charge/parameters/Grace/maximum";
    for written in ["90.5", "1e300"] {
        assert_fault(
            "\"maximum\": 90",
            &format!("\"maximum\": {written}"),
            at,
            "a bound of an integer must be a whole number",
        );
    }
    let found = faults("\"intervalSeconds\": 2", "\"intervalSeconds\": \"2\"");
    assert!(found.len() == 1 && found[0].contains("not a string"), "{found:?}");
}

#[test]
fn statements_say_something() {
    let resources = "\"resources\": [\"arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}\"]";
    let at = "/actions/charge/patterns/requestResponse/iam/0";
    let star = resources.replace("[", "[\"*\", ");
    assert_fault(resources, &star, &format!("{at}/resources"), "`*` already includes every resource");
    let actions = "\"actions\": [\"billing:Charge\"]";
    let twice = "\"actions\": [\"billing:Charge\", \"billing:CHARGE\"]";
    assert_fault(actions, twice, &format!("{at}/actions/1"), "is given twice");
    assert_fault(actions, "\"actions\": [\"billing:charge\"]", &format!("{at}/actions/0"), "is not an IAM action");
    let pass = "\"actions\": [\"iam:PassRole\"]";
    assert_fault(actions, pass, &format!("{at}/reason"), "use both, or neither");
    assert_fault("\"reason\": \"call\"", "\"reason\": \"passRole\"", &format!("{at}/reason"), "use both, or neither");
    let at = "/actions/charge/patterns/waitForTaskToken/iam/0";
    let when = "\"when\": \"Grace\"";
    assert_fault(when, "\"when\": \"CustomerId\"", &format!("{at}/when"), "is required, so it is always set");
    assert_fault(when, "\"unless\": \"CustomerId\"", &format!("{at}/unless"), "the statement is never needed");
    let both = format!("{when}, \"unless\": \"Grace\"");
    assert_fault(when, &both, &format!("{at}/unless"), "`unless` equals `when`");
    let condition = "{ \"billing:Mode\": \"live\" }";
    let at = format!("{at}/conditions/StringEquals");
    assert_fault(condition, "{}", &at, "a condition needs at least one key");
    assert_fault(condition, "{ \"Mode\": \"live\" }", &format!("{at}/Mode"), "is not a key of a condition");
    let unfilled = "{ \"billing:Mode\": \"${Mode}\" }";
    assert_fault(condition, unfilled, &format!("{at}/billing:Mode"), "the placeholder `${Mode}` is not a parameter");
}

#[test]
fn a_role_may_make_the_call() {
    let reason = "\"reason\": \"call\"";
    assert_fault(
        reason,
        "\"reason\": \"logging\"",
        "/actions/charge/patterns/requestResponse/iam",
        "allows the call itself",
    );
    assert_eq!(faults(reason, "\"reason\": \"onBehalf\""), Vec::<String>::new());
}

#[test]
fn the_same_statement_with_another_reason_why_is_the_same() {
    let statement = "\"why\": \"The state charges the customer.\"\n            }";
    let again = format!(
        "{statement}, {{ \"actions\": [\"billing:Charge\"], \"reason\": \"call\", \"why\": \"Again.\", \"resources\": [\"arn:${{Partition}}:billing:${{Region}}:${{Account}}:customer/${{CustomerId}}\"] }}"
    );
    assert_fault(statement, &again, "/actions/charge/patterns/requestResponse/iam/1", "is given twice");
}

#[test]
fn rules_demand_something_that_a_call_can_do() {
    let rule = "\"when\": { \"member\": \"Currency\", \"equals\": \"USD\" }, \"excludes\": [\"Grace\"]";
    for (written, place, told) in [
        ("\"when\": { \"member\": \"Grace\" }, \"requires\": [\"Lines\"]", "requires", "the rule has no effect"),
        ("\"when\": { \"member\": \"Grace\" }, \"requires\": [\"Grace\", \"Note\"]", "requires", "do not name it here"),
        ("\"when\": { \"member\": \"Grace\" }, \"excludes\": [\"Grace\"]", "excludes", "no call can satisfy"),
        ("\"exactlyOneOf\": [\"Lines\", \"CustomerId\"]", "exactlyOneOf", "no call can satisfy"),
        ("\"atLeastOneOf\": [\"Lines\", \"Note\"]", "atLeastOneOf", "the rule has no effect"),
        ("\"when\": { \"member\": \"Lines\", \"absent\": true }, \"requires\": [\"Note\"]", "when", "is never absent"),
        ("\"when\": [], \"requires\": [\"Note\"]", "when", "the list is empty"),
        (
            "\"when\": [{ \"member\": \"Currency\", \"equals\": \"USD\" }, { \"member\": \"Currency\", \"equals\": \"EUR\" }], \"requires\": [\"Note\"]",
            "when",
            "the rule never applies",
        ),
    ] {
        assert_fault(rule, written, &format!("/actions/charge/rules/0/{place}"), told);
    }
    let twice = format!("{rule}, \"message\": \"No.\" }}, {{ {rule}, \"message\": \"No.\" }}, {{ {rule}");
    assert_fault(rule, &twice, "/actions/charge/rules/1", "the same rule is given twice");
    // A rule can refuse a value like this.
    let refused = "\"when\": { \"member\": \"Currency\", \"equals\": \"USD\" }, \"excludes\": [\"Currency\"]";
    assert_eq!(faults(rule, refused), Vec::<String>::new());
}

#[test]
fn retriers_wait_for_errors_that_come() {
    let names = "\"errorEquals\": [\"Billing.Busy\"]";
    let at = "/actions/charge/retry/0/errorEquals";
    assert_fault(names, "\"errorEquals\": [\"Billing.Bussy\"]", &format!("{at}/0"), "did you mean `Billing.Busy`?");
    let all = "\"errorEquals\": [\"Billing.Busy\", \"States.ALL\"]";
    assert_fault(names, all, &format!("{at}/1"), "`States.ALL` must be the only name");
    let retry = "\"retry\": [";
    let first = "\"retry\": [{ \"errorEquals\": [\"States.ALL\"], \"intervalSeconds\": 1, \"maxAttempts\": 1, \"backoffRate\": 1, \"why\": \"W.\", \"url\": \"https://a.example\" }, ";
    assert_fault(retry, first, &format!("{at}/0"), "its retrier must be the last");
    assert_eq!(faults(names, "\"errorEquals\": [\"States.Timeout\"]"), Vec::<String>::new());
}

#[test]
fn results_have_members_and_their_calls_exist() {
    let token = "\"tokenIn\": [\"Note\", \"Lines[].Text\"]";
    let at = "/actions/charge/patterns/waitForTaskToken";
    let result = |text: &str| format!("{token}, \"result\": [\"{text}\"]");
    assert_fault(token, &result("$.Id"), &format!("{at}/result/0"), "is not a member of the result");
    for (path, told) in [
        ("glu:getJobRun", "no AWS SDK integration of a service `glu`"),
        ("glue:getJobRn", "did you mean `getJobRun`?"),
        ("glue:getJobRun.JobRn", "did you mean `JobRun`?"),
        ("glue:getJobRuns.JobRuns", "write `JobRuns[]` for an element"),
        ("glue:getJobRun.JobRun.Id", "has no members"),
    ] {
        assert_fault(token, &format!("{token}, \"resultOf\": \"{path}\""), &format!("{at}/resultOf"), told);
    }
    assert_eq!(faults(token, &format!("{token}, \"resultOf\": \"glue:getJobRuns.JobRuns[]\"")), Vec::<String>::new());
}

#[test]
fn members_that_contradict_themselves() {
    let note = "\"docs\": \"Who is charged.\"";
    let old = format!("{note}, \"deprecated\": {{ \"why\": \"Old.\" }}");
    assert_fault(note, &old, "/actions/charge/parameters/CustomerId/deprecated", "every call must set it");
    let note = "\"docs\": \"Labels.\"";
    let old = format!("{note}, \"deprecated\": {{ \"use\": \"Labels\", \"why\": \"Old.\" }}");
    assert_fault(note, &old, "/actions/charge/parameters/Labels/deprecated/use", "cannot replace itself");
    let at = "/actions/charge/parameters/Note/preset/jsonata";
    for (written, told) in [
        ("{% $states.input %}", "without `{%` and `%}`"),
        ("$string($states.input", "a `)` is missing"),
        ("{ \\\"a\\\": 1 ]", "an unmatched `]`"),
    ] {
        assert_fault("\"$states.input\"", &format!("\"{written}\""), at, told);
    }
    assert_eq!(faults("\"$states.input\"", "\"$states.input.{ \\\"a)\\\": 'it(' }\""), Vec::<String>::new());
    let special = "\"required\": [\"CustomerId\", \"Lines\"]";
    let both = format!("\"bodyMember\": \"CustomerId\", \"resourceMember\": \"CustomerId\", {special}");
    assert_fault(special, &both, "/actions/charge/bodyMember", "cannot be both");
}

#[test]
fn examples_show_something_new_and_compile() {
    let title = "\"title\": \"Charge and wait\"";
    let same = "\"title\": \"Again\", \"pattern\": \"waitForTaskToken\", \"parameters\": { \"CustomerId\": \"42\", \"Lines\": [{ \"Text\": \"Shipping\" }], \"Note\": { \"token.$\": \"$$.Task.Token\" } } }, { \"title\": \"Charge and wait\"";
    assert_fault(title, same, "/actions/charge/examples/2/parameters", "has the same parameters");
    let pattern = "\"pattern\": \"waitForTaskToken\", \"parameters\"";
    let at = "/actions/charge/examples/1/parameters/CustomerId";
    for rust in ["; panic!()", "name(\\\"x\\\")", ".name", ".name(\\\"x\\\"", ".a(1) + 1", ".f(1) }"] {
        let written = format!("\"rust\": {{ \"CustomerId\": \"{rust}\" }}, {pattern}");
        assert_fault(pattern, &written, at, "is not a chain of setters");
    }
    let written = format!("\"rust\": {{ \"CustomerId\": \".customer_id(\\\"42\\\").r#type(\\\"a\\\")\" }}, {pattern}");
    assert_eq!(faults(pattern, &written), Vec::<String>::new());
}

/// Cargo interprets each line of a build script's output as a separate message.
#[test]
fn a_fault_is_one_line() {
    let found = faults("\"Note\": {", "\"No\\ncargo::rustc-env=A=B\": {");
    assert!(found.iter().any(|fault| fault.contains("/No\\ncargo::rustc-env=A=B: ")), "{found:?}");
    assert!(found.iter().all(|fault| !fault.contains('\n')), "{found:?}");
}

#[test]
fn a_pattern_allows_something_and_can_be_enforced() {
    let (wanted, at) = ("\"pattern\": \"[a-z0-9-]+\"", "/actions/charge/parameters/CustomerId");
    for (pattern, message) in [
        ("[a-z]{40}", "has at least 40 characters, and `maxLength` is 36"),
        ("[a&&b]", "no text matches this pattern"),
        ("(a{1000}){1000}", "too large to be compiled"),
    ] {
        assert_fault(wanted, &format!("\"pattern\": \"{pattern}\""), &format!("{at}/pattern"), message);
    }
    let refuses = r#""refuses": [{ "pattern": ".*", "why": "Nothing is right." }]"#;
    assert_fault(wanted, refuses, &format!("{at}/refuses/0/pattern"), "this refuses every text");
}

#[test]
fn an_error_of_step_functions_is_one_that_a_task_can_have() {
    let at = "/actions/charge/errors/States.Timout";
    assert_fault("\"Billing.Busy\": \"", "\"States.Timout\": \"", at, "did you mean `States.Timeout`?");
    let found = faults("\"Billing.Busy\": \"", "\"States.Timeout\": \"");
    assert!(!found.iter().any(|fault| fault.contains("no task fails")), "{found:?}");
}

#[test]
fn a_list_in_the_place_of_an_object_is_one_fault() {
    let text = r#"{"service": "billing", "title": "T", "docs": "D.", "url": "https://example.com", "actions": []}"#;
    let faults = generate(&[Source { name: "billing.json", text }], None).expect_err("it is faulty").0;
    assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/actions"], "{faults:?}");
}

#[test]
fn faults_have_the_order_of_the_file() {
    let text = BASE.replacen("\"title\"", "\"titel\"", 1).replacen("boolean", "bool", 1).replacen(
        "billing:Charge",
        "Charge",
        1,
    );
    let faults = generate(&[Source { name: "billing.json", text: &text }], None).expect_err("it is faulty").0;
    assert!(faults.len() > 3 && faults.is_sorted_by_key(|fault| (fault.line, fault.column)), "{faults:#?}");
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
        "b/billing.json:3:14: /service: the module `billing` already belongs to a/billing.json: rename one of the services"
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
        ("\"FunctionName\"", "\"LogType\"", "`lambda:invoke` requires `FunctionName`"),
        ("\"waitForTaskToken\": {}", "\"sync\": {}", "does not support the pattern `sync`"),
        ("function:pricing", "function:", "is not a valid `FunctionName` of `lambda:invoke`"),
        ("stateMachine:invoice", "activity:invoice", "is not a valid `StateMachineArn` of `states:startExecution`"),
        ("${ReserveFunctionArn}", "${}", "`${}` is not a valid placeholder"),
        ("\"quantity\": 3", "\"quantity\": 3000", "/quantity: 3000 is out of bounds: at most 1000"),
        ("\"fixed\": {", "\"fixed\": { \"Payload\": 1,", "is in `fixed` and in `parameters`"),
        (
            "arn:aws:events:eu-central-1",
            "carrier",
            "/InvocationConfig/ConnectionArn: this is not the ARN of a connection",
        ),
        (
            "\"ConnectionArn\":",
            "\"ConnectonArn\":",
            "there is no member `ConnectonArn` here; did you mean `ConnectionArn`?",
        ),
        (
            "\"TableName\": \"orders\"",
            "\"TableName\": \"orders\", \"KeyConditions\": {\"a\": {}}",
            "the member `ComparisonOperator` is missing",
        ),
        (
            "\"TableName\": \"orders\"",
            "\"TableName\": \"orders\", \"KeyConditions\": {\"a\": {\"ComparisonOperator\": \"EQL\"}}",
            "`EQL` is not one of the values",
        ),
        (
            "\"TableName\": \"orders\"",
            "\"TableName\": \"orders\", \"ExclusiveStartKey\": {\"a\": {\"Z\": \"1\"}}",
            "there is no member `Z` here",
        ),
    ] {
        let found = told(wanted, replacement);
        assert!(found.contains(message), "{message}: {found}");
    }
}
