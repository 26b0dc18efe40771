//! Builds and renders state machines with mixed tasks, and renders the same text from a ready-made `serde_json::Value`.
//!
//! `cargo bench --bench build_and_render`. `cargo bench --bench ratio` compares with the AWS CDK.

use divan::{Bencher, black_box};
use sfn_tasks::StateMachine;

mod chain;

use chain::chain;

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

const SIZES: [usize; 4] = [1, 100, 1_000, 10_000];

fn main() {
    divan::main();
}

/// Builds and renders without checks, for the comparison with the CDK.
#[divan::bench(args = SIZES)]
fn build_and_render(bencher: Bencher<'_, '_>, tasks: usize) {
    bencher
        .bench(|| StateMachine::builder(chain(black_box(tasks))).build_unchecked().map(|machine| machine.to_string()));
}

/// Builds and renders with all checks.
#[divan::bench(args = SIZES)]
fn build_check_and_render(bencher: Bencher<'_, '_>, tasks: usize) {
    bencher.bench(|| StateMachine::new(chain(black_box(tasks))).map(|machine| machine.to_string()));
}

/// Renders an existing state machine.
#[divan::bench(args = SIZES)]
fn render(bencher: Bencher<'_, '_>, tasks: usize) {
    let machine = StateMachine::builder(chain(tasks)).build_unchecked().expect("the chain can be written");
    bencher.bench(|| black_box(&machine).to_string());
}

/// serde_json renders the same text from its own tree, for comparison with `render`.
#[divan::bench(args = SIZES)]
fn render_with_serde_json(bencher: Bencher<'_, '_>, tasks: usize) {
    let machine = StateMachine::builder(chain(tasks)).build_unchecked().expect("the chain can be written");
    let value: serde_json::Value = machine.asl().json().into();
    bencher.bench(|| black_box(&value).to_string());
}
