//! # Ask a Bedrock model
//!
//! The prompt comes from the input, and the answer becomes part of the output. The policy allows this inference profile, and a foundation model only when it is
//! called [through this profile](https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::bedrock;

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let summarize = Task::new(
        "Summarize",
        bedrock::InvokeModel::new().model_id("eu.amazon.nova-lite-v1:0").body(payload!({
            "messages": [{ "role": "user", "content": [{ "text": path("$.prompt") }] }],
            "inferenceConfig": { "maxTokens": 500 },
        })),
    )
    .retry(Retry::on(["Bedrock.ThrottlingException"]).max_attempts(4).full_jitter())
    .result_path("$.answer");

    StateMachine::new(summarize)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::{Mock, Runner};

    #[test]
    fn a_throttled_call_is_tried_again() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let answer = json!({ "Body": { "output": "short" }, "ContentType": "application/json" });
        let throttled = Mock::fails("Bedrock.ThrottlingException", "slow down").times(2).then(Mock::returns(answer));
        let run = Runner::new(machine.asl()).mock("Summarize", throttled).run(json!({ "prompt": "long" }))?;
        run.output()?;
        assert_eq!(run.calls("Summarize").len(), 3);
        Ok(())
    }
}
