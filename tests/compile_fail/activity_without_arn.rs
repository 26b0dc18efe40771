// error: required parameter not set: ActivityArn

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::activity;

fn main() {
    let _ = Task::new("Work", activity::InvokeActivity::new());
}
