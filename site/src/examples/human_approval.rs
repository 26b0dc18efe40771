//! # Human approval
//!
//! A function sends the request and the task token to a person. The execution waits for up to a day until a program calls `SendTaskSuccess` with that token.
//! AWS bills Standard workflows [for each state transition](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html), so waiting adds no cost.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::{lambda, sns};

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let ask = Task::new(
        "Ask a person",
        lambda::Invoke::new()
            .function_name(reference("AskFunctionArn"))
            .payload(payload!({ "token": task_token(), "request": path("$.request") })),
    )
    .wait_for_task_token()
    .timeout(Duration::from_secs(24 * 60 * 60))
    .result_path("$.answer")
    .catch(Catch::on([errors::TIMEOUT]).result_path("$.error"), Fail::new("No answer").error("Approval.NoAnswer"));

    let announce = Task::new(
        "Announce approval",
        sns::Publish::new().topic_arn(reference("ApprovedTopicArn")).message(path("$.answer.by")),
    );

    StateMachine::new(
        ask.next(
            Choice::new("Approved?")
                .when(var("$.answer.approved").equals(true), announce)
                .otherwise(Fail::new("Refused").error("Approval.Refused")),
        ),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::{Mock, Runner};

    #[test]
    fn a_person_decides_and_silence_is_no_approval() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let run = |answer: Mock| {
            Runner::new(machine.asl())
                .mock("Ask a person", answer)
                .mock("Announce approval", json!({ "MessageId": "1" }))
                .run(json!({ "request": { "amount": 5000 } }))
        };

        let approved = run(json!({ "approved": true, "by": "Ada" }).into())?;
        assert_eq!(approved.way(), ["Ask a person", "Approved?", "Announce approval"]);
        assert_eq!(run(json!({ "approved": false, "by": "Ada" }).into())?.error(), Some("Approval.Refused"));
        assert_eq!(run(Mock::never())?.error(), Some("Approval.NoAnswer"));
        Ok(())
    }
}
