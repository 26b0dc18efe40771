//! # Fan-out over the objects of a bucket
//!
//! A distributed Map lists the bucket and starts an Express child execution for each batch of 100 objects, at most 200 at the same time. Up to 5 % may fail.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let index = Task::new(
        "Index batch",
        lambda::Invoke::new().function_name(reference("IndexFunctionArn")).payload_response_only(),
    );

    let each = DistributedMap::new("Index all", ExecutionType::Express, index)
        .item_reader(ItemReader::objects().bucket("example-documents").prefix("incoming/"))
        .item_batcher(ItemBatcher::new().max_items_per_batch(100))
        .max_concurrency(200)
        .tolerated_failure_percentage(5.0)
        .discard_result();

    StateMachine::new(each)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::Runner;

    #[test]
    fn a_hundred_objects_go_into_a_batch() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let objects: Vec<_> = (0..250).map(|n| json!({ "Key": format!("incoming/{n}") })).collect();
        let run = Runner::new(machine.asl())
            .mock("Index all", json!(objects))
            .mock("Index batch", json!({}))
            .run(json!({}))?;
        run.output()?;
        assert_eq!(run.calls("Index batch").len(), 3);
        Ok(())
    }
}
