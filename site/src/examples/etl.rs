//! # ETL: a Glue job, then an Athena query
//!
//! `run_job` makes each task wait until its job has ended. A job that fails is retried twice. If it fails again, the workflow sends a message and the execution fails.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::{athena, glue, sns};

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let report_failure = Task::new(
        "Report failure",
        sns::Publish::new().topic_arn(reference("AlertsTopicArn")).message(path("$.error.Cause")),
    )
    .next(Fail::new("Failed").error("Etl.Failed"));

    let load = Task::new("Load", glue::StartJobRun::new().job_name("load-orders").arguments("--date", path("$.date")))
        .run_job()
        .retry(Retry::on([errors::TASK_FAILED]).interval(Duration::from_secs(60)).max_attempts(2))
        .result_path("$.load")
        .catch(Catch::all().result_path("$.error"), report_failure);

    let report = Task::new(
        "Report",
        athena::StartQueryExecution::new()
            .query_string("INSERT INTO daily SELECT day, sum(total) FROM orders GROUP BY day")
            .query_execution_context(athena::QueryExecutionContext::new().database("sales"))
            .work_group("reports"),
    )
    .run_job()
    .discard_result()
    .catch(Catch::all().result_path("$.error"), goto("Report failure"));

    StateMachine::new(load.next(report))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::{Mock, Runner};

    #[test]
    fn a_job_is_tried_three_times() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let failed = Runner::new(machine.asl())
            .mock("Load", Mock::fails("States.TaskFailed", "no such bucket"))
            .mock("Report failure", json!({ "MessageId": "1" }))
            .run(json!({ "date": "2026-01-31" }))?;
        assert_eq!(failed.error(), Some("Etl.Failed"));
        assert_eq!(failed.calls("Load").len(), 3);

        let done = Runner::new(machine.asl())
            .mock("Load", json!({ "JobRunState": "SUCCEEDED" }))
            .mock("Report", json!({}))
            .run(json!({ "date": "2026-01-31" }))?;
        assert_eq!(done.way(), ["Load", "Report"]);
        Ok(())
    }
}
