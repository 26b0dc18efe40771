#!/usr/bin/env python3
"""Breaks paths of real definitions, and counts the mistakes that the checker reports.

    python tools/path_mutants.py sfn-tasks FOLDER... [--seed 1] [--each 250]

`sfn-tasks` is the binary. The folders have definitions (`*.json`) and recorded executions (`*.jsonl` whose objects have a
`definition`). A mutant has one change: a name in a path that does not exist, a level more or less, an index, `.sync` added
to a resource or removed. The input of an execution and the result of a function can be anything, so many mutants may be
correct; compare the counts before and after a change of the checker. Findings in originals are printed, so that a person
can check them.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

CODES = {
    "context-object", "context-not-here", "impossible-path", "unlikely-path", "items-not-a-list", "comparison-type",
    "expression-type", "jsonata-operation", "intrinsic-function",
}
JSON_PATH = re.compile(r"(?<!\$)\$(?:\.[A-Za-z_]\w*|\[\d+\])+")
JSONATA = re.compile(r"\$states\.(?:result|input)(?:\.[A-Za-z_]\w*|\[\d+\])+|\$[a-zA-Z_]\w*(?:\.[A-Za-z_]\w*)+")
FIELDS = ("InputPath", "OutputPath", "ItemsPath", "Variable", "SecondsPath", "TimestampPath")
FILES_A_RUN = 200


def definitions(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            texts = []
            if path.suffix == ".json":
                texts = [(path.name, path.read_text(errors="replace"))]
            elif path.suffix == ".jsonl":
                texts = [(f"{path.name}:{at}", line) for at, line in enumerate(path.read_text().splitlines(), 1)]
            for name, text in texts:
                try:
                    json_ = json.loads(text)
                    if path.suffix == ".jsonl":
                        json_ = json_.get("definition")
                        json_ = json.loads(json_) if isinstance(json_, str) else json_
                except (ValueError, AttributeError):
                    continue
                if isinstance(json_, dict) and "StartAt" in json_ and isinstance(json_.get("States"), dict):
                    yield name, json_


def leaves(json_, path=()):
    if isinstance(json_, (dict, list)):
        for key, value in json_.items() if isinstance(json_, dict) else enumerate(json_):
            yield from leaves(value, (*path, key))
    elif isinstance(json_, str) and path:
        yield path, json_


def changed(json_, path, value):
    """A copy of the definition with another text at one position. Unchanged parts are shared."""
    if not path:
        return value
    first, *rest = path
    if isinstance(json_, list):
        return [changed(it, rest, value) if at == first else it for at, it in enumerate(json_)]
    return {key: changed(it, rest, value) if key == first else it for key, it in json_.items()}


def wrong_paths(path):
    """The kinds of mistakes, and the broken path for each."""
    start = re.match(r"\$states\.\w+|\$\w*", path).group()
    steps = re.findall(r"\.[A-Za-z_]\w*|\[\d+\]", path[len(start):])
    if not steps:
        return
    renamed = lambda step: step + "Xy" if step[0] == "." else ".Xy"
    yield "last name", start + "".join([*steps[:-1], renamed(steps[-1])])
    yield "first name", start + "".join([renamed(steps[0]), *steps[1:]])
    yield "level more", start + "".join([".Payload", *steps])
    yield "index", start + "".join([*steps, "[0]"])
    if len(steps) > 1:
        yield "level less", start + "".join(steps[1:])
        yield "level less inside", start + "".join([*steps[:-2], steps[-1]])


def mutants(json_):
    for path, text in leaves(json_):
        if "Comment" in path or path[-1] in ("Cause", "Error"):
            continue
        if path[-1] == "Resource":
            if re.search(r":::(?!aws-sdk)[\w-]+:\w+\.sync$", text):
                yield ".sync taken away", changed(json_, path, text.removesuffix(".sync"))
            elif re.search(r":(startJobRun|startQueryExecution|submitJob|runTask|startBuild|createCluster)$", text):
                yield ".sync added", changed(json_, path, text + ".sync")
            continue
        is_jsonata = text.startswith("{%")
        if not is_jsonata and path[-1] not in FIELDS and not str(path[-1]).endswith(".$"):
            continue
        for match in (JSONATA if is_jsonata else JSON_PATH).finditer(text):
            for kind, wrong in wrong_paths(match.group()):
                language = "JSONata" if is_jsonata else "JSONPath"
                yield f"{kind}, {language}", changed(json_, path, text[:match.start()] + wrong + text[match.end():])


def told(binary, all_):
    """The findings of each definition, by its number."""
    found = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for at, json_ in enumerate(all_):
            files.append(pathlib.Path(folder) / f"{at:06}.asl.json")
            files[-1].write_text(json.dumps(json_))
        for start in range(0, len(files), FILES_A_RUN):
            run = subprocess.run(
                [binary, "check", "--format", "json", *map(str, files[start:start + FILES_A_RUN])], capture_output=True, text=True
            )
            if run.returncode not in (0, 1):
                sys.exit(run.stderr)
            for finding in json.loads(run.stdout):
                if finding["code"] in CODES:
                    found[int(pathlib.Path(finding["file"]).name[:6])].append(finding)
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("folders", nargs="+")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--each", type=int, default=250)
    arguments = arguments.parse_args()
    originals = list(definitions(arguments.folders))
    found = told(arguments.binary, [json_ for _, json_ in originals])
    for at, findings in found.items():
        print(f"{originals[at][0]}: {findings[0]['pointer']}: {findings[0]['message']}")
    print(f"{len(originals)} originals, {len(found)} have findings")
    kinds = collections.defaultdict(list)
    for at, (_, json_) in enumerate(originals):
        if at not in found:
            for kind, mutant in mutants(json_):
                kinds[kind].append(mutant)
    dice = random.Random(arguments.seed)
    for kind, all_ in sorted(kinds.items()):
        some = dice.sample(all_, min(arguments.each, len(all_)))
        print(f"{kind}: {len(told(arguments.binary, some))} of {len(some)}")
    return 0 if originals else 1


if __name__ == "__main__":
    sys.exit(main())
