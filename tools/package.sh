#!/usr/bin/env bash
# Packages every published crate, in the order in which they depend on each other, and builds each from its package.
set -euo pipefail
cd "$(dirname "$0")/.."
crates=(sfn-tasks-facts sfn-tasks-rust sfn-tasks-jsonata sfn-tasks-codegen sfn-tasks sfn-tasks-cli)
cargo package --quiet --locked "$@" "${crates[@]/#/--package=}"
printf 'packaged %s\n' "${crates[*]}"
