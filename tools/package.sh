#!/usr/bin/env bash
# Packages every published crate, in the order in which they depend on each other, and builds each from its package.
set -euo pipefail
cd "$(dirname "$0")/.."
# Cargo keeps what it unpacked and built of the crates that the others depend on, and looks at nothing but their version:
# without this, a crate would be built with the dependency of an earlier run.
export CARGO_TARGET_DIR=target/packages
rm -rf "$CARGO_TARGET_DIR" "${CARGO_HOME:-$HOME/.cargo}"/registry/src/-*/sfn-tasks*
crates=(sfn-tasks-facts sfn-tasks-rust sfn-tasks-jsonata sfn-tasks-codegen sfn-tasks sfn-tasks-cli)
cargo package --quiet --locked "$@" "${crates[@]/#/--package=}"
printf 'packaged %s\n' "${crates[*]}"
