//! A machine of our own integration beside one of sfn-tasks.

use private_integration::tasks::billing::{Amount, Charge, Currency, Line};
use private_integration::tasks::errors::billing as errors;
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::sns;

#[test]
fn our_own_integration_works_like_any_other() {
    let charge = Task::new(
        "Charge",
        Charge::new()
            .customer_id(path("$.customer.id"))
            .lines(Line::new().text("Shipping").amount(Amount::cents(490)))
            .currency(Currency::Eur)
            .grace(Duration::from_secs(14 * 24 * 60 * 60))
            .note(payload!({ "token": task_token() })),
    )
    .wait_for_task_token()
    .timeout(Duration::from_secs(3600))
    .without_default_retry()
    .catch(Catch::on([errors::BUSY]), Fail::new("Busy"));
    let tell = Task::new("Tell", sns::Publish::new().topic_arn(reference("TopicArn")).message("charged"));
    let machine = StateMachine::new(charge.next(tell)).expect("the machine is right");
    assert_eq!(
        machine.asl().json().pointer("/States/Charge").map(ToString::to_string).as_deref(),
        Some(concat!(
            r#"{"Type":"Task","Resource":"arn:aws:states:::billing:charge.waitForTaskToken","#,
            r#""Parameters":{"CustomerId.$":"$.customer.id","Lines":[{"Text":"Shipping","Amount":{"Cents":490}}],"#,
            r#""Currency":"EUR","Grace":14,"Note":{"token.$":"$$.Task.Token"}},"TimeoutSeconds":3600,"#,
            r#""Catch":[{"ErrorEquals":["Billing.Busy"],"Next":"Busy"}],"Next":"Tell"}"#
        ))
    );
}

#[test]
fn what_does_not_divide_is_reported_at_its_place() {
    let charge =
        Charge::new().customer_id("42").lines(Line::new().text("Shipping")).grace(Duration::from_secs(36 * 60 * 60));
    let problems = StateMachine::new(Task::new("Charge", charge)).expect_err("a day and a half").to_string();
    assert!(problems.contains("/States/Charge/Parameters/Grace: 129600s is no whole number of days"), "{problems}");
}

#[test]
fn calls_of_the_aws_sdk_are_typed() {
    use private_integration::tasks::{s3, scheduler};

    let copy = Task::new(
        "Copy",
        s3::CopyObject::new()
            .bucket("archive")
            .copy_source(path("$.source"))
            .key(path("$.key"))
            .storage_class(s3::StorageClass::DeepArchive),
    )
    .catch(Catch::on([private_integration::tasks::errors::s3::S3_EXCEPTION]), Fail::new("Gone"));
    let target = scheduler::Target::new().arn(reference("FunctionArn")).role_arn(reference("SchedulerRoleArn"));
    let schedule = scheduler::CreateSchedule::new()
        .name("nightly")
        .schedule_expression("rate(1 day)")
        .flexible_time_window(scheduler::FlexibleTimeWindow::new().mode(scheduler::FlexibleTimeWindowMode::Off))
        .target(target);
    let machine = StateMachine::new(copy.next(Task::new("Schedule", schedule))).expect("the machine is right");
    assert_eq!(
        machine.asl().json().pointer("/States/Copy").map(ToString::to_string).as_deref(),
        Some(concat!(
            r#"{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:copyObject","#,
            r#""Parameters":{"Bucket":"archive","CopySource.$":"$.source","Key.$":"$.key","StorageClass":"DEEP_ARCHIVE"},"#,
            r#""Catch":[{"ErrorEquals":["S3.S3Exception"],"Next":"Gone"}],"Next":"Schedule"}"#
        ))
    );
    let policy = machine.policy(&sfn_tasks::iam::Scope::default()).expect("what it needs is known");
    let roles: Vec<String> = policy
        .statements()
        .iter()
        .filter(|it| it.actions == ["iam:PassRole"])
        .flat_map(|it| it.resources.iter().map(ToString::to_string))
        .collect();
    assert_eq!(roles, ["${SchedulerRoleArn}"]);
}
