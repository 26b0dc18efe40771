#!/usr/bin/env bash
# Checks that a crate outside of this workspace builds with the library and a new lock file: our own lock file can hide a
# dependency that no longer supports the oldest compiler. It builds with few features, with each feature that adds
# dependencies, and with all. RUSTC sets the compiler. Then it checks that no dependency needs a C compiler.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"

cat > "$folder/src/main.rs" <<'RUST'
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let machine = StateMachine::new(Task::new("Call", lambda::Invoke::new().function_name("f")))?;
    println!("{machine}\n{}", machine.policy(&Scope::default())?);
    #[cfg(feature = "yaml")]
    machine.to_string().parse::<sfn_tasks::asl::StateMachine>()?;
    #[cfg(feature = "run")]
    sfn_tasks::run::Mocks::new();
    #[cfg(feature = "rust")]
    println!("{}", sfn_tasks::to_rust::module(machine.asl(), &sfn_tasks::to_rust::Options::new("order")).text);
    Ok(())
}
RUST

# Creates a crate that depends on the library with the given features.
manifest() {
  cat <<TOML
[package]
name = "dependent"
version = "0.0.0"
edition = "2024"
rust-version = "$msrv"

[workspace]

[features]
yaml = ["sfn-tasks/yaml"]
run = ["sfn-tasks/run"]
rust = ["sfn-tasks/rust"]
parquet = ["sfn-tasks/parquet"]
all = ["sfn-tasks/all", "yaml", "run", "rust", "parquet"]

[dependencies]
sfn-tasks = { path = "$root", default-features = false, features = ["lambda", "sqs"] }
TOML
}
manifest > "$folder/Cargo.toml"
cd "$folder"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target/dependent}
cargo generate-lockfile --quiet
for features in "" yaml run rust parquet all; do
  cargo check --quiet --features "$features"
  echo "a dependent builds with the features [$features]"
done
echo "compiler: $(${RUSTC:-rustc} --version), with a new lock file"
if tree=$(cargo tree --all-features --edges normal,build --prefix none --format '{p}' | grep -E '^(cc|cmake|bindgen) v' | sort -u) && [ -n "$tree" ]; then
  echo "the library needs a C compiler: $tree" >&2
  exit 1
fi
echo "no C compiler is needed"
