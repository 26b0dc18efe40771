// error: `Option<_>` is no path

use sfn_tasks::prelude::*;

fn main() {
    let _ = Pass::new("A").result_path(None);
}
