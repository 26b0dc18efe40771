#!/usr/bin/env bash
# Runs the GitHub action and the pre-commit hooks on hostile repositories. Needs Python 3, git and bash.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m target/judges)
mkdir -p "$folder"
[ -x "$folder/venv-action/bin/python" ] || python3 -m venv "$folder/venv-action"
"$folder/venv-action/bin/pip" install --quiet --disable-pip-version-check pyyaml==6.0.3 pre-commit==4.3.0
cargo build --quiet --locked -p sfn-tasks-cli
"$folder/venv-action/bin/python" tools/action_check.py "${CARGO_TARGET_DIR:-target}/debug/sfn-tasks" --pre-commit "$folder/venv-action/bin/pre-commit"
