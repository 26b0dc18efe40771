// error: `Option<_>` is not a path

use sfn_tasks::prelude::*;

fn main() {
    let _ = Pass::new("A").result_path(None);
}
