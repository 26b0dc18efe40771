#!/usr/bin/env python3
"""Compares the JSON Schema of definitions with the checker, using an independent validator.

    pip install jsonschema pyyaml
    tools/schema_check.py target/debug/sfn-tasks FILE...

The schema must be valid, and it must accept every definition in which `sfn-tasks check` finds no error.
"""

import json
import subprocess
import sys

import jsonschema
import yaml


def main() -> int:
    program, files = sys.argv[1], sys.argv[2:]
    schema = json.loads(subprocess.run([program, "schema"], check=True, capture_output=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    agree = refused = missed = skipped = 0
    for name in files:
        findings = subprocess.run(
            [program, "check", "--no-config", "--format", "json", "--", name], capture_output=True, text=True
        )
        # The file contains no definition.
        if findings.returncode == 2:
            skipped += 1
            continue
        try:
            with open(name, encoding="utf-8-sig") as file:
                document = yaml.safe_load(file) if name.endswith((".yaml", ".yml")) else json.load(file)
            errors = [finding for finding in json.loads(findings.stdout) if finding["severity"] == "error"]
        except (ValueError, yaml.YAMLError):
            skipped += 1
            continue
        found = next(validator.iter_errors(document), None)
        if found is None:
            missed += bool(errors)
            agree += not errors
        elif errors:
            agree += 1
        else:
            refused += 1
            path = "/".join(map(str, found.absolute_path))
            print(f"{name}: /{path}: {found.message[:200]}")
    print(f"{agree} agree, {missed} with errors match the schema, {skipped} are not definitions in plain JSON or YAML, {refused} are wrongly rejected")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
