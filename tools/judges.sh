#!/usr/bin/env bash
# Asks independent judges: botocore, the IAM reference, cfn-lint, parliament, AWS's language service, the AWS CDK.
# Installs them below target/judges. Needs Python 3 and Node.js.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m target/judges)
mkdir -p "$folder"

step() { printf '\n-- %s (%s s)\n' "$1" "$SECONDS"; }

step 'install'
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r tools/requirements.txt
npm install --silent --no-audit --no-fund --prefix tests/cdk >/dev/null
npm install --silent --no-audit --no-fund --prefix tools/asl-judges >/dev/null
export PATH=$folder/venv/bin:$PATH

step 'specs against botocore and the IAM reference'
python tools/spec_check.py

step 'definitions against AWS'"'"'s language service and asl-validator'
cargo run --quiet --locked --example order_fulfillment > "$folder/order_fulfillment.asl.json"
cargo run --quiet --locked --example seed_gallery -- --json > "$folder/seed_gallery.json"
node tools/asl-judges/judge.mjs "$folder/order_fulfillment.asl.json" "$folder/seed_gallery.json"
