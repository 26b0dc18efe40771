#!/usr/bin/env bash
# Packages every published crate, each after its dependencies, and builds it from its package.
set -euo pipefail
cd "$(dirname "$0")/.."
# Cargo caches the dependencies by version only. Without this, a crate would be built with a dependency of an earlier run.
export CARGO_TARGET_DIR=target/packages
rm -rf "$CARGO_TARGET_DIR" "${CARGO_HOME:-$HOME/.cargo}"/registry/src/-*/sfn-tasks*
crates=(sfn-tasks-facts sfn-tasks-rust sfn-tasks-jsonata sfn-tasks-codegen sfn-tasks sfn-tasks-cli)
cargo package --quiet --locked "$@" "${crates[@]/#/--package=}"
printf 'packaged %s\n' "${crates[*]}"
