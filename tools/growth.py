#!/usr/bin/env python3
"""Counts the instructions of the command line for inputs of one, two and four times the size.

Instructions, unlike time, are the same on every machine and in every run. For twice the input, more than 2.3 times the
instructions fails. The fixed part (start, reading the facts) is measured and subtracted.

    python tools/growth.py target/release/sfn-tasks > docs/growth.md
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 2.3
TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "${Queue}", "MessageBody": "x"}}


def machine(states, name="S{}", body=lambda at: {"Type": "Pass"}):
    all = {name.format(at): {**body(at), **({"Next": name.format(at + 1)} if at + 1 < states else {"End": True})} for at in range(states)}
    return {"StartAt": name.format(0), "States": all}


def faulty(states):
    return {"StartAt": "S0", "States": {f"S{at}": {"Type": "Pass", "Next": f"None{at}"} for at in range(states)}}


def template(machines):
    resources = {f"Queue{at}": {"Type": "AWS::SQS::Queue"} for at in range(machines)}
    for at in range(machines):
        resources[f"Flow{at}"] = {"Type": "AWS::Serverless::StateMachine", "Properties": {
            "DefinitionSubstitutions": {"Queue": {"Ref": f"Queue{at}"}}, "Definition": machine(3, body=lambda _: TASK)}}
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}


def terraform(machines):
    block = 'resource "aws_sfn_state_machine" "m%d" {\n  definition = jsonencode(%s)\n}\n'
    return "".join(block % (at, json.dumps(machine(10)).replace("$", "$$")) for at in range(machines))


# The measurements: arguments, file name, content by size, and size.
CASES = [
    ("check: states", ["check"], "a.asl.json", lambda size: machine(size), 250),
    ("check: states with tasks", ["check"], "a.asl.json", lambda size: machine(size, body=lambda _: TASK), 250),
    ("check: findings in one long line", ["check"], "a.asl.json", faulty, 250),
    ("check: findings in one long line, as SARIF", ["check", "--format", "sarif"], "a.asl.json", faulty, 250),
    ("check: findings in one long line, for GitHub", ["check", "--format", "github"], "a.asl.json", faulty, 250),
    ("check: long names", ["check"], "a.asl.json", lambda size: machine(60, "n" * size + "{}"), 1000),
    ("check: machines of a template", ["check"], "template.json", template, 40),
    ("check: machines of Terraform", ["check"], "main.tf", terraform, 40),
    ("policy: tasks", ["policy"], "a.asl.json", lambda size: machine(size, body=lambda at: {**TASK, "Parameters": {"QueueUrl": f"https://sqs.eu-west-1.amazonaws.com/123456789012/q{at}", "MessageBody": "x"}}), 50),
    ("policy: explanation of tasks", ["policy", "--explain"], "a.asl.json", lambda size: machine(size, body=lambda _: TASK), 250),
    ("graph: states as Mermaid", ["graph"], "a.asl.json", lambda size: machine(size), 250),
    ("graph: states as SVG", ["graph", "--format", "svg"], "a.asl.json", lambda size: machine(size), 100),
    ("fmt: states", ["fmt"], "a.asl.json", lambda size: machine(size), 250),
]


def instructions(binary, folder, arguments, name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text)
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "--no-config", *arguments, name],
        cwd=folder, capture_output=True, text=True, errors="replace",
    )
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode not in (0, 1) or not counted:
        sys.exit(f"{arguments}: status {run.returncode}\n{run.stderr[-2000:]}")
    return int(counted[1])


def main():
    binary, failed = str(Path(sys.argv[1]).resolve()), False
    print("# How work grows with the input\n")
    print("Instructions in millions (`valgrind --tool=callgrind`), without those for the smallest input of the same kind; written by")
    print("`tools/growth.sh`. For twice the input, the factor is 2 where work is in proportion; more than %s fails.\n" % MOST)
    print("| what | size | 1× | 2× | 4× | 2×/1× | 4×/2× |\n|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for title, arguments, name, content, size in CASES:
            fixed = instructions(binary, Path(folder), arguments, name, content(1))
            one, two, four = (instructions(binary, Path(folder), arguments, name, content(size * times)) - fixed for times in (1, 2, 4))
            bad = two > MOST * one or four > MOST * two
            failed |= bad
            numbers = " | ".join(f"{count / 1e6:.1f}" for count in (one, two, four))
            print(f"| {title} | {size} | {numbers} | {two / one:.2f} | {four / two:.2f}{' **too much**' if bad else ''} |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
