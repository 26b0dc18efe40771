//! Programs that generate workflows: values of any depth, chains of any length, lists of tasks, stored values.

#![allow(clippy::unwrap_used)]

use sfn_tasks::check::Diagnostic;
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::{lambda, sns, sqs};
use sfn_tasks::value::{Json, Object};

const DEEP: usize = 100_000;

#[test]
fn deep_json_is_dropped_and_printed() {
    let arrays = (0..DEEP).fold(Json::Null, |inner, _| Json::from(vec![inner]));
    assert_eq!(arrays.to_string().len(), 4 + 2 * DEEP);
    assert_eq!(format!("{arrays:?}").len(), 4 + 2 * DEEP);
    let objects = (0..DEEP).fold(Json::Null, |inner, _| {
        let mut object = Object::new();
        object.insert("a", inner);
        object.into()
    });
    assert_eq!(objects.to_string().len(), 4 + 6 * DEEP);
    drop((arrays, objects));
}

#[test]
fn deep_values_are_cloned_and_compared() {
    let arrays = |core: Json| (0..DEEP).fold(core, |inner, _| Json::from(vec![Json::Null, inner, Json::from("x")]));
    let objects = |core: Json| {
        (0..DEEP).fold(core, |inner, at| {
            // The order of members does not matter.
            let members = [("a", inner), ("b", Json::from(1))];
            if at % 2 == 0 { members.into_iter().collect::<Object>() } else { members.into_iter().rev().collect() }
                .into()
        })
    };
    for deep in [arrays(Json::Null), objects(Json::Null)] {
        assert!(deep.clone() == deep);
        assert_eq!(deep.clone().to_string(), deep.to_string());
        let error = serde_json::to_string(&deep).unwrap_err().to_string();
        assert!(error.contains("nested more than 256 levels"), "{error}");
    }
    assert!(arrays(1.into()) != arrays(2.into()) && objects(1.into()) != objects(2.into()));
    assert!(objects(1.into()) != arrays(1.into()));

    let list = |core: Payload| (0..DEEP).fold(core, |inner, _| payload!([1, inner]));
    let object = |core: Payload| (0..DEEP).fold(core, |inner, _| payload!({ "a": inner, "b": path("$.b") }));
    for deep in [list(1.into()), object(1.into())] {
        assert!(deep.clone() == deep);
    }
    assert!(list(1.into()) != list(2.into()) && object(1.into()) != object(2.into()));

    let nested = |core: Condition| {
        (0..DEEP).fold(core, |inner, at| if at % 2 == 0 { not(inner) } else { any([var("$.b").is_present(), inner]) })
    };
    assert!(nested(var("$.a").is_present()).clone() == nested(var("$.a").is_present()));
    assert!(nested(var("$.a").is_present()) != nested(var("$.c").is_present()));
}

#[test]
fn clones_and_comparisons_see_every_part() {
    let parts = r#"{"a":[1,1.0,"x",true,null,{}],"b":{"c":[[],[[]]]},"d":${E}}"#;
    let json: Json = parts.replace("${E}", "0").parse::<serde_json::Value>().map(Json::from).unwrap();
    assert_eq!(json.clone().to_string(), json.to_string());
    for (from, to) in
        [("1.0", "1"), ("true", "false"), ("\"x\"", "\"y\""), ("[[]]", "[]"), ("\"c\"", "\"e\""), (":0", ":null")]
    {
        let other = json.to_string().replacen(from, to, 1).parse::<serde_json::Value>().map(Json::from).unwrap();
        assert!(json != other && other == other.clone(), "{from} → {to}");
    }
    let payload = || payload!({ "a": [1, "x", path("$.x"), reference("R"), null], "b": {} });
    assert_eq!(payload().clone(), payload());
    for other in [
        payload!({ "b": {}, "a": [1, "x", path("$.x"), reference("R"), null] }),
        payload!({ "a": [1, "x", path("$.y"), reference("R"), null], "b": {} }),
        payload!({ "a": [1, "x", path("$.x"), reference("R")], "b": {} }),
        payload!({ "a": [1, "x", path("$.x"), reference("R"), null], "b": [] }),
        Payload::from([payload()]),
    ] {
        assert!(payload() != other, "{other:?}");
    }
}

#[test]
fn what_is_known_of_a_call_can_be_stored() {
    let action = sfn_tasks::catalog::find("sqs", "sendMessage").unwrap();
    let stored = serde_json::to_value(action).unwrap();
    assert_eq!(stored["service"], "sqs");
    assert_eq!(stored["parameters"][0]["name"], "QueueUrl");
    assert_eq!(stored["iam"]["requestResponse"][0]["actions"][0], "sqs:SendMessage");
    let service = serde_json::to_value(sfn_tasks::catalog::service("sqs").unwrap()).unwrap();
    assert_eq!(service["actions"][0], stored);
    // A stored value names an entry of the catalog, and is read as this entry.
    for (name, call) in [("sqs", "sendMessage"), ("aws-sdk:s3", "copyObject")] {
        let action = sfn_tasks::catalog::find(name, call).unwrap();
        let read: &sfn_tasks::catalog::Action = serde_json::from_value(serde_json::to_value(action).unwrap()).unwrap();
        assert_eq!((read.service, read.name), (action.service, action.name));
        assert_eq!(serde_json::to_value(read).unwrap(), serde_json::to_value(action).unwrap());
    }
    let read: &sfn_tasks::catalog::Service = serde_json::from_value(service).unwrap();
    assert_eq!(read.name, "sqs");
    let unknown = serde_json::from_str::<&sfn_tasks::catalog::Action>(r#"{"service": "sqs", "action": "send"}"#);
    assert!(unknown.unwrap_err().to_string().contains("no call `sqs:send`"));
}

#[test]
fn a_policy_can_be_stored() {
    let call = Task::new("A", sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body("x"));
    let policy = StateMachine::new(call).unwrap().policy(&Scope::default()).unwrap();
    let stored = serde_json::to_string(&policy).unwrap();
    let read: sfn_tasks::iam::Policy = serde_json::from_str(&stored).unwrap();
    assert_eq!((stored, read.to_string()), (policy.to_string(), policy.to_string()));
    let resources = |policy: &sfn_tasks::iam::Policy| policy.statements()[0].resources.clone();
    assert_eq!(resources(&read), resources(&policy));
}

#[test]
fn deep_payloads_and_conditions_are_problems_not_overflows() {
    let list = || (0..DEEP).fold(payload!(null), |inner, _| payload!([inner]));
    let object = || (0..DEEP).fold(payload!(null), |inner, _| payload!({ "a": inner }));
    assert!(format!("{:?}", list()).len() < 10_000);
    for payload in [list(), object(), Payload::from((0..DEEP).fold(Json::Null, |inner, _| Json::from(vec![inner])))] {
        let problems = StateMachine::new(Pass::new("A").result(payload)).unwrap_err().to_string();
        assert!(problems.contains("nested more than 100 levels deep"), "{problems}");
    }
    for payload in [list(), object()] {
        let call = intrinsic::array([payload]);
        assert!(StateMachine::new(Pass::new("A").parameters(payload!({ "a": call }))).is_err());
    }
    let nested =
        (0..DEEP).fold(var("$.a").is_present(), |inner, at| if at % 2 == 0 { not(inner) } else { all([inner]) });
    assert!(format!("{nested:?}").len() < 10_000);
    let choice = Choice::new("C").when(nested, Succeed::new("S")).otherwise(Fail::new("F"));
    let problems = StateMachine::new(choice).unwrap_err().to_string();
    assert!(problems.contains("conditions are nested more than"), "{problems}");
}

#[test]
fn long_chains_are_built_in_proportion_from_either_end() {
    let name = |at: usize| format!("s{at}");
    let from_the_back = |count: usize| {
        let chain = (0..count).rev().fold(Chain::default(), |rest, at| Pass::new(name(at)).next(rest));
        let nested = (0..count).rev().fold(Chain::from(Succeed::new("end")), |rest, at| {
            let choice = Choice::new(name(at)).when(var("$.a").is_present(), Pass::new(format!("p{at}")));
            choice.otherwise(rest).into()
        });
        drop(nested.next(Pass::new("meet")));
        chain
    };
    // Quadratic work would take minutes.
    let forward: Chain = (0..50_000).map(|at| Pass::new(name(at))).collect();
    assert!(from_the_back(50_000) == forward);
}

#[test]
fn ends_stay_the_ends_of_a_chain_whichever_side_is_longer() {
    let fork = |name: &str| {
        Choice::new(name)
            .when(var("$.a").is_present(), Pass::new(format!("{name} 1")))
            .when(var("$.b").is_present(), Pass::new(format!("{name} 2")))
            .otherwise(Fail::new(format!("{name} 3")))
    };
    let long = |name: &str| (0..5).map(|at| Pass::new(format!("{name} {at}"))).collect::<Chain>();
    for chain in [
        fork("F").next(long("L")).next(Succeed::new("End")),
        long("L").next(fork("F")).next(Succeed::new("End")),
        Pass::new("P").next(fork("F").next(long("L").next(Succeed::new("End")))),
    ] {
        let machine = StateMachine::new(chain).unwrap();
        let next = |state: &str| {
            machine.asl().json().pointer(&format!("/States/{state}/Next")).and_then(Json::as_str).map(str::to_owned)
        };
        assert_eq!(next("F 1"), next("F 2"));
        assert!(next("F 1").is_some() && machine.to_string().contains("\"End\":{\"Type\":\"Succeed\"}"), "{machine}");
    }
}

#[test]
fn an_empty_chain_adds_nothing_and_is_no_machine() {
    let chain = Chain::default().next(Pass::new("A")).next(Chain::default()).next(Pass::new("B"));
    assert_eq!(chain, Pass::new("A").next(Pass::new("B")));
    assert_eq!(chain.start(), "A");
    assert!(StateMachine::new(Chain::default()).is_err());
    assert!(StateMachine::new(Parallel::new("P").branches([Pass::new("A"), Pass::new("B")])).is_ok());
}

#[test]
fn different_tasks_of_one_list_are_treated_alike() {
    let tasks = vec![
        Task::new("A", lambda::Invoke::new().function_name("f")).without_default_retry().erase(),
        Task::new("B", sns::Publish::new().topic_arn(reference("Topic")).message("x")).erase(),
        Task::raw("C", "arn:aws:states:::aws-sdk:s3:listBuckets", payload!({})).erase(),
    ];
    assert_eq!(tasks.iter().map(Task::name).collect::<Vec<_>>(), ["A", "B", "C"]);
    let chain: Chain = tasks
        .into_iter()
        .map(|task| {
            task.retry(Retry::on([errors::TIMEOUT, "Orders.Busy"])).catch(Catch::on(errors::ALL), Fail::new("F"))
        })
        .collect();
    let text = StateMachine::new(chain).unwrap().to_string();
    assert_eq!(text.matches(r#""ErrorEquals":["States.Timeout","Orders.Busy"]"#).count(), 3, "{text}");
}

#[test]
fn names_of_errors_come_one_by_one_or_in_lists() {
    let own = String::from("Own");
    let list = vec![errors::TIMEOUT.to_owned(), own.clone()];
    for (one, other) in [
        (Retry::on("Own"), Retry::on(&own)),
        (Retry::on(["Own"]), Retry::on(own.clone())),
        (Retry::on(&list), Retry::on([errors::TIMEOUT, "Own"])),
        (Retry::on(ErrorName::from("Own")), Retry::on(vec![ErrorName::from_static("Own")])),
    ] {
        assert_eq!(one, other);
    }
    assert_eq!(errors::lambda::SERVICE_EXCEPTION, "Lambda.ServiceException");
}

#[test]
fn a_builder_that_is_not_complete_has_a_name() {
    fn with_body(send: sqs::SendMessage<sqs::missing::QueueUrl, sqs::missing::MessageBody>) -> Waiting {
        send.message_body("x")
    }
    type Waiting = sqs::SendMessage<sqs::missing::QueueUrl>;
    let send = with_body(sqs::SendMessage::new()).queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/q");
    assert_eq!(send, send.clone());
    assert!(StateMachine::new(Task::new("A", send)).is_ok());
}

#[test]
fn what_is_stored_comes_back() {
    let machine = StateMachine::new(Pass::new("A").result(payload!({ "n": 1.50 })).next(Succeed::new("B"))).unwrap();
    let text = serde_json::to_string(&machine).unwrap();
    assert_eq!(text, machine.to_string());
    assert_eq!(serde_json::from_str::<StateMachine>(&text).unwrap(), machine);
    assert_eq!(serde_json::from_str::<sfn_tasks::asl::StateMachine>(&text).unwrap(), *machine.asl());
    let wrong = r#"{"StartAt": "A", "States": {"B": {"Type": "Succeed"}}}"#;
    let error = serde_json::from_str::<StateMachine>(wrong).unwrap_err().to_string();
    assert!(error.contains("unknown-state"), "{error}");
    assert!(StateMachine::try_from(wrong.parse::<sfn_tasks::asl::StateMachine>().unwrap()).is_err());

    let problems = StateMachine::new(Pass::new("A").next(goto("B"))).unwrap_err();
    for problem in &problems {
        let text = serde_json::to_string(problem).unwrap();
        assert_eq!(&serde_json::from_str::<Diagnostic>(&text).unwrap(), problem);
    }
    let first: Diagnostic = problems.clone().into_iter().next().unwrap();
    let error: Box<dyn std::error::Error> = Box::new(first.clone());
    assert!(error.to_string().contains("unknown-state"));
    assert_eq!(Problems::from(first).len(), 1);
}

#[test]
fn a_comparison_takes_whatever_tells_its_type() {
    let name = String::from("x");
    let conditions = [
        var("$.a").equals(1_u8),
        var("$.a").equals(1.5_f32),
        var("$.a").equals(&name),
        var("$.a").equals(name.clone()),
        var("$.a").equals(errors::TIMEOUT),
        var("$.a").equals(ErrorName::from("Own")),
        var("$.a").equals(true),
    ];
    let choice = conditions.into_iter().fold(Choice::new("C"), |choice, it| choice.when(it, goto("D")));
    assert!(StateMachine::new(choice.otherwise(Succeed::new("D"))).is_ok());
}

#[test]
fn one_or_several_of_what_is_granted() {
    let policy = |task: Task<_>| StateMachine::new(task).unwrap().policy(&Scope::default()).unwrap();
    let task = || Task::new("Tell", sns::Publish::new().topic_arn("${Topic}").message("m"));
    let several = ["kms:Decrypt", "kms:GenerateDataKey"].map(str::to_owned).to_vec();
    let one = policy(task().grant("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k"));
    assert!(one.statements().iter().any(|it| it.actions == ["kms:Decrypt"]), "{one:?}");
    let both = policy(task().grant(&several, ["arn:aws:kms:eu-west-1:111122223333:key/k"]));
    assert!(both.statements().iter().any(|it| it.actions == several), "{both:?}");
}

#[test]
fn a_condition_is_negated_by_the_operator_or_the_function() {
    assert_eq!(!var("$.a").is_present(), not(var("$.a").is_present()));
}
