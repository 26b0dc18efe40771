// error: required parameter not set: StateMachineArn

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::states;

fn main() {
    let _ = Task::new("Start", states::StartExecution::new().name("n"));
}
