// error: a mock cannot answer with `&str`

use sfn_tasks::run::Mock;

fn main() {
    let _ = Mock::calls(|_| "done");
}
