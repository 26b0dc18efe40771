// error: `InvokeActivity` does not support the pattern Run a Job (.sync)

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::activity;

fn main() {
    let _ = Task::new("Work", activity::InvokeActivity::new().activity_arn(reference("Arn"))).run_job();
}
