//! # Run a container on Fargate
//!
//! The task runs in private subnets, gets the name of its file from the input as an environment variable, and ends after an hour at the latest.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::ecs;

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let convert = Task::new(
        "Convert",
        ecs::RunTask::new()
            .cluster(reference("ClusterArn"))
            .task_definition(reference("TaskDefinitionArn"))
            .network_configuration(ecs::NetworkConfiguration::new().awsvpc_configuration(
                ecs::AwsVpcConfiguration::new().assign_public_ip(false).subnets(reference("SubnetId")),
            ))
            .overrides(ecs::TaskOverride::new().container_overrides(
                ecs::ContainerOverride::new().name("converter").environment(("FILE", path("$.file"))),
            ))
            .launch_target(ecs::LaunchTarget::fargate()),
    )
    .run_job()
    .timeout(Duration::from_secs(60 * 60))
    .retry(Retry::on([errors::TASK_FAILED]).interval(Duration::from_secs(30)).max_attempts(2));

    StateMachine::new(convert)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::{Mock, Runner};

    #[test]
    fn a_task_that_hangs_ends_by_its_timeout() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let run =
            Runner::new(machine.asl()).mock("Convert", Mock::never()).run(json!({ "file": "s3://in/film.mov" }))?;
        assert_eq!(run.error(), Some("States.Timeout"));
        assert!(run.calls("Convert")[0].parameters().to_string().contains("s3://in/film.mov"));
        Ok(())
    }
}
