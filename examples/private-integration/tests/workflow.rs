//! Checks, policies and the catalog support your own integrations like those of AWS.

use private_integration::tasks::acme::{
    Bill, Order, Orders, Pack, Parcel, Quote, Reservation, Reserve, SERVICE, Track, WriteInvoice,
};
use private_integration::tasks::errors;
use sfn_tasks::catalog::{Pattern, Shape};
use sfn_tasks::graph::Picture;
use sfn_tasks::prelude::*;
use sfn_tasks::task::Integration;
use sfn_tasks::{check, iam};

fn quote(quantity: i64) -> Task<impl Integration> {
    Task::new("Quote", Quote::new().payload(Order::new().sku("A-100").quantity(quantity)))
}

fn refusal<I: Integration>(task: Task<I>) -> String {
    StateMachine::new(task).expect_err("there is something wrong").to_string()
}

#[test]
fn the_fixed_parts_stand_in_the_definition() {
    let machine = StateMachine::new(quote(3)).expect("right");
    let state = |field: &str| machine.asl().json().pointer(&format!("/States/Quote/{field}")).map(ToString::to_string);
    assert_eq!(state("Resource").as_deref(), Some(r#""arn:aws:states:::lambda:invoke""#));
    assert_eq!(
        state("Parameters").as_deref(),
        Some(concat!(
            r#"{"Payload":{"sku":"A-100","quantity":3},"#,
            r#""FunctionName":"arn:aws:lambda:eu-central-1:111122223333:function:pricing","Qualifier":"live"}"#
        ))
    );
    assert!(state("Retry").is_some_and(|retry| retry.contains("Lambda.ServiceException")), "the retriers are Lambda's");
    let pack = StateMachine::new(
        Task::new("Pack", Pack::new().input(Parcel::new().order("7"))).timeout(Duration::from_secs(60)),
    )
    .expect("right");
    let resource = pack.asl().json().pointer("/States/Pack/Resource").map(ToString::to_string);
    assert_eq!(resource.as_deref(), Some(r#""arn:aws:states:eu-central-1:111122223333:activity:pack""#));
}

#[test]
fn every_kind_is_checked() {
    assert!(refusal(quote(3000)).contains("`quantity` must be at most 1000, not 3000"));
    let parcel = || Parcel::new().order("1234567890123");
    assert!(refusal(Task::new("Pack", Pack::new().input(parcel()))).contains("`order` has 13 characters"));
    let card = Pack::new().input(Parcel::new().order("1").card("hi"));
    assert!(refusal(Task::new("Pack", card)).contains("Only a gift can have a card"));
    assert!(refusal(Task::new("Track", Track::new().request_body(parcel()))).contains("`order` has 13 characters"));
    let orders = Orders::new().expression_attribute_values(":customer", payload!({ "S": "7" })).limit(51);
    assert!(refusal(Task::new("Orders", orders)).contains("`Limit` must be at most 50, not 51"));
    let bill = Bill::new().customer("7").cents(0);
    let invoice = Task::new("Invoice", WriteInvoice::new().input(bill)).run_job();
    assert!(refusal(invoice).contains("`cents` must be at least 1, not 0"));
}

#[test]
fn a_definition_that_nobody_built_is_checked_too() {
    let machine = StateMachine::new(quote(3)).expect("right").to_string().replace("\"quantity\":3", "\"quantity\":0");
    let machine: sfn_tasks::asl::StateMachine = machine.parse().expect("JSON");
    let findings = |catalog| check::check(&machine, &check::Options::default().catalog(catalog));
    assert_eq!(findings(check::Catalog::default()), []);
    let catalog = SERVICE.actions.iter().copied().fold(check::Catalog::default(), check::Catalog::with);
    let told = findings(catalog);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.contains("`quantity` must be at least 1, not 0"), "{told:?}");
}

#[test]
fn a_misspelt_error_of_the_own_code_is_reported() {
    let told = |name: &str| match StateMachine::new(quote(3).retry(Retry::on(name))) {
        Ok(_) => String::new(),
        Err(problems) => problems.to_string(),
    };
    for (name, right) in [
        ("Pricing.UnknwnSku", "`Pricing.UnknownSku`"),
        ("UnknownSku", "`Pricing.UnknownSku`"),
        ("Lambda.ServiceExcepton", "`Lambda.ServiceException`"),
    ] {
        assert!(told(name).contains(right), "{name}: {}", told(name));
    }
    let reserve = || Task::new("Reserve", Reserve::new().payload(Reservation::new().sku("A-100"))).discard_result();
    let problems = StateMachine::new(reserve().retry(Retry::on("OutOfStok"))).expect_err("it is misspelt").to_string();
    assert!(problems.contains("`OutOfStock`"), "{problems}");
    StateMachine::new(reserve().retry(Retry::on(errors::acme::OUT_OF_STOCK))).expect("right");
    for name in ["Pricing.UnknownSku", "Lambda.TooManyRequestsException", "OutOfStock"] {
        assert_eq!(told(name), "");
    }
}

#[test]
fn a_picture_names_what_is_called() {
    let pack = Task::new("Pack", Pack::new().input(Parcel::new().order("7"))).timeout(Duration::from_secs(60));
    let invoice = Task::new("Invoice", WriteInvoice::new().input(Bill::new().customer("7").cents(1))).run_job();
    let machine = StateMachine::new(quote(3).next(pack).next(invoice)).expect("right");
    let picture = machine.picture().dot();
    for told in ["acme: quote", "acme: pack", "acme: writeInvoice.sync"] {
        assert!(picture.contains(told), "{told}: {picture}");
    }
    let plain = Picture::new(machine.asl());
    assert!(plain.dot().contains("Lambda: invoke"));
    assert_eq!(SERVICE.actions.iter().copied().fold(plain, Picture::integration).dot(), picture);
}

/// Paths of later states are checked against the output in the spec.
#[test]
fn what_is_read_of_an_output_is_checked() {
    let told = |task: Chain, read: &str| {
        let machine = StateMachine::new(task.next(Pass::new("Read").parameters(payload!({ "read": path(read) }))));
        match machine {
            Ok(machine) => machine.warnings().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            Err(problems) => problems.to_string(),
        }
    };
    let quoted = || quote(3).into();
    assert_eq!(told(quoted(), "$.Payload.cents"), "");
    assert!(told(quoted(), "$.Payload.cent").contains("did you mean `$.Payload.cents`?"));
    assert!(told(quoted(), "$.Payload.cent").contains("the result of `acme:quote`"));
    let parcel = || Parcel::new().order("1");
    let packed = || Task::new("Pack", Pack::new().input(parcel())).timeout(Duration::from_secs(60)).into();
    assert_eq!(told(packed(), "$.parcel"), "");
    assert!(told(packed(), "$.parcle").contains("did you mean `$.parcel`?"));
    let tracked = || Task::new("Track", Track::new().request_body(parcel())).into();
    assert_eq!(told(tracked(), "$.ResponseBody.parcel"), "");
    assert!(told(tracked(), "$.ResponseBody.parcle").contains("did you mean `$.ResponseBody.parcel`?"));
    let billed =
        || Task::new("Invoice", WriteInvoice::new().input(Bill::new().customer("7").cents(1))).run_job().into();
    assert_eq!(told(billed(), "$.Output.number"), "");
    assert!(told(billed(), "$.Output.nunber").contains("did you mean `$.Output.number`?"));
    assert_eq!(told(billed(), "$.Input.anything"), "");
}

#[test]
fn a_role_may_do_what_the_fixed_parts_need_and_what_the_spec_adds() {
    let reserve = Reserve::new().payload(Reservation::new().sku("A-100"));
    let orders = Orders::new().expression_attribute_values(":customer", payload!({ "S": path("$.customer") }));
    let reserve = Task::new("Reserve", reserve).discard_result();
    let chain = quote(3).discard_result().next(reserve).next(Task::new("Orders", orders));
    let machine = StateMachine::new(chain).expect("right");
    let policy = machine.policy(&iam::Scope::default().partition("aws")).expect("all is known").to_string();
    for part in [
        "arn:aws:lambda:eu-central-1:111122223333:function:pricing:live",
        "kms:Decrypt",
        "key/stock",
        "dynamodb:Query",
        "table/orders",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
}

#[test]
fn the_answer_has_a_type() {
    let result = |name: &str, pattern| {
        let action = SERVICE.action(name).expect("it is in the spec");
        action.result(action.pattern(pattern).expect("the pattern is supported"))
    };
    let member = |shape: Option<Shape>, name: &str| match shape {
        Some(Shape::Structure(structure)) => structure.get().member(name).map(|member| member.shape),
        other => panic!("{other:?}"),
    };
    let price = member(result("quote", Pattern::RequestResponse), "Payload");
    assert!(matches!(member(price, "cents"), Some(Shape::Integer(_))));
    let invoice = member(result("writeInvoice", Pattern::Sync2), "Output");
    assert!(matches!(member(invoice, "number"), Some(Shape::String(_))));
    assert!(member(result("pack", Pattern::RequestResponse), "parcel").is_some());
    assert!(member(result("track", Pattern::RequestResponse), "ResponseBody").is_some());
}
