// error: required parameter not set: FunctionName

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() {
    let _ = Task::new("Invoke", lambda::Invoke::new().qualifier("live"));
}
