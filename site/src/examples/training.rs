//! # Train a model
//!
//! A training job of SageMaker AI, named like the execution. The policy lets Step Functions pass the training role to SageMaker AI, and no other role.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::{sagemaker, sns};

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let train = Task::new(
        "Train",
        sagemaker::CreateTrainingJob::new()
            .training_job_name(context::execution_name())
            .role_arn(reference("TrainingRoleArn"))
            .algorithm_specification(
                sagemaker::AlgorithmSpecification::new()
                    .training_image(reference("TrainingImage"))
                    .training_input_mode(sagemaker::TrainingInputMode::FastFile),
            )
            .output_data_config(sagemaker::OutputDataConfig::new().s3_output_path("s3://example-models/"))
            .resource_config(
                sagemaker::ResourceConfig::new()
                    .instance_type("ml.g5.xlarge")
                    .instance_count(1)
                    .volume_size_in_gb(Size::gibibytes(50)),
            )
            .stopping_condition(
                sagemaker::StoppingCondition::new().max_runtime_in_seconds(Duration::from_secs(6 * 60 * 60)),
            ),
    )
    .run_job();

    let notify = Task::new(
        "Notify",
        sns::Publish::new().topic_arn(reference("ModelsTopicArn")).message(path("$.ModelArtifacts.S3ModelArtifacts")),
    );

    StateMachine::new(train.next(notify))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::Runner;

    #[test]
    fn the_place_of_the_model_is_told() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let run = Runner::new(machine.asl())
            .mock("Train", json!({ "ModelArtifacts": { "S3ModelArtifacts": "s3://example-models/1/model.tar.gz" } }))
            .mock("Notify", json!({ "MessageId": "1" }))
            .run(json!({}))?;
        let sent = run.calls("Notify")[0].parameters().to_string();
        assert!(sent.contains("s3://example-models/1/model.tar.gz"), "{sent}");
        Ok(())
    }
}
