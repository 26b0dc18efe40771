"""Checks the templates of every example and of random state machines with cfn-lint, `terraform fmt`, the schema of the AWS
provider (tools/terraform_schema.py), `terraform validate` if a provider is available, the TypeScript compiler, and the
synthesis of the AWS CDK.

Usage: cargo test --test export_random && python tools/export_check.py DEFINITIONS…   (needs tools/requirements.txt, Node.js;
Terraform is optional)

Each DEFINITIONS file has one definition, an object of definitions, or one in each line. A finding of cfn-lint fails the
check, unless tools/export_check_known.json has it with a reason. An entry there that matches no finding fails too. In an
entry, `*` matches any text.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import terraform_schema

TOOLS = pathlib.Path(__file__).parent
ROOT = TOOLS.parent
CLI = ROOT / "target" / "debug" / "sfn-tasks"
SETTINGS = [
    [],
    ["--logging", "error", "--log-retention", "30", "--tracing", "--tag", "team=a"],
    ["--name", "judged", "--alias", "live", "--retain", "--express"],
]


def definitions(path):
    text = path.read_text()
    if path.suffix == ".jsonl":
        return [(f"{path.stem} {number}", line) for number, line in enumerate(text.split("\n")) if line]
    json_text = json.loads(text)
    if "States" in json_text:
        return [(path.stem, text)]
    return [(name, json.dumps(definition)) for name, definition in json_text.items()]


def export(source, target, folder, settings):
    command = [CLI, "export", source, "--to", target, "--output", folder, *settings]
    done = subprocess.run(command, capture_output=True, text=True)
    # If a target rejects a definition with a reason, there is no template to check.
    if done.returncode == 1 and ("cannot escape" in done.stderr or "permissions" in done.stderr):
        return None
    if done.returncode:
        sys.exit(f"{source} as {target}: {done.stderr}")
    return folder


def lint(files):
    """Findings as `rule path: message`."""
    command = [pathlib.Path(sys.executable).parent / "cfn-lint", "--format", "json", "--", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        sys.exit(f"cfn-lint did not run: {done.stderr}")
    found = json.loads(done.stdout)
    findings = []
    for it in found:
        path = "/".join(str(part) for part in it["Location"].get("Path") or [])
        findings.append((it["Filename"], f"{it['Rule']['Id']} {path}: {it['Message']}"))
    return findings


def explain(findings):
    known = json.loads((TOOLS / "export_check_known.json").read_text())
    patterns = {text: re.compile(".*".join(map(re.escape, text.split("*"))), re.S) for text in known}
    met, failed = set(), 0
    for name, finding in findings:
        meets = [text for text, pattern in patterns.items() if pattern.fullmatch(finding)]
        met.update(meets)
        if not meets:
            failed += 1
            print(f"NEW {name}: {finding[:400]}")
    for text in known.keys() - met:
        failed += 1
        print(f"STALE {text}")
    return failed


def terraform(files):
    """Checks that the provider has everything that each file names, that `terraform fmt` changes nothing, and, if a mirror of
    the provider is set, `terraform validate`."""
    failed = 0
    # The parser of HCL is slow.
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for file, complaints in zip(files, pool.map(terraform_schema.judge, files)):
            for complaint in complaints:
                failed += 1
                print(f"{file}: {complaint}")
    print(f"{len(files)} configurations by the schema of the AWS provider, {failed} errors")
    if not shutil.which("terraform"):
        print("terraform is not installed: `terraform fmt` is skipped")
        return failed
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(files):
            shutil.copy(file, pathlib.Path(folder) / f"{number}.tf")
        done = subprocess.run(["terraform", "fmt", "-check", "-diff", "."], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            failed += 1
            print(done.stdout[:2000], done.stderr[:2000])
    mirror = os.environ.get("SFN_TERRAFORM_MIRROR")
    if not mirror:
        print("SFN_TERRAFORM_MIRROR is not set: without the AWS provider, `terraform validate` is skipped")
        return failed
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(file, pathlib.Path(folder) / "main.tf")
            for command in (["init", "-plugin-dir", mirror], ["validate"]):
                done = subprocess.run(["terraform", *command], cwd=folder, capture_output=True, text=True)
                if done.returncode:
                    failed += 1
                    print(file, done.stdout[:1000], done.stderr[:1000])
                    break
    return failed


def cdk(files):
    """Each construct passes the compiler's strict checks and synthesizes; its definition is that of the template."""
    folder = ROOT / "tests" / "cdk"
    work = folder / "judged"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for number, file in enumerate(files):
        shutil.copy(file, work / f"machine{number}.ts")
    try:
        done = subprocess.run(["node", TOOLS / "export-judges" / "cdk.mjs", work], capture_output=True, text=True, cwd=folder)
        print(done.stdout.strip()[-3000:])
        if done.returncode:
            print(done.stderr[:3000])
        return 1 if done.returncode else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    everything = [pair for path in sys.argv[1:] for pair in definitions(pathlib.Path(path))]
    if not everything:
        sys.exit(__doc__)
    folder = ROOT / "target" / "export-judged"
    shutil.rmtree(folder, ignore_errors=True)
    templates, configurations, constructs = [], [], []
    for number, (name, text) in enumerate(everything):
        source = folder / f"{number}.asl.json"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        settings = SETTINGS[number % len(SETTINGS)]
        for target in ("cloudformation", "sam", "terraform", "cdk"):
            done = export(source, target, folder / f"{number}.{target}", settings)
            if not done:
                continue
            if target == "terraform":
                configurations.append(done / "main.tf")
            elif target == "cdk":
                constructs.append(done / "state-machine.ts")
            else:
                templates.append(done / "template.yaml")
    failed = explain(lint(templates)) + terraform(configurations) + cdk(constructs)
    print(
        f"{len(everything)} definitions: {len(templates)} templates, {len(configurations)} configurations and "
        f"{len(constructs)} constructs, {failed} unexplained"
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
