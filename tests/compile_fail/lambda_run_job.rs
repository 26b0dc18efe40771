// error: `Invoke` does not support the pattern Run a Job (.sync)

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() {
    let _ = Task::new("Invoke", lambda::Invoke::new().function_name("f")).run_job();
}
