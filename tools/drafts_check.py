"""Drafts a spec of every service of botocore, fills in its texts, runs the generator, and compiles a few.

Usage: python tools/drafts_check.py [--sample NUMBER] [--day DAY] [SERVICE…]   (with a built `xtask`)

It drafts the first six operations of each service. Every draft must be without faults. A sample that changes with the day
of the year must compile without warnings, and the examples in its docs must pass. With SERVICE…, it drafts and compiles
these.
"""

import argparse
import concurrent.futures
import datetime
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys

import botocore

ROOT = pathlib.Path(__file__).parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute()
XTASK = TARGET / "debug" / "xtask"
DATA = pathlib.Path(botocore.__file__).parent / "data"
FOLDER = ROOT / "target" / "drafts"
OPERATIONS = 6


def fill(json_, key=""):
    """Writes the texts that a person would write."""
    if isinstance(json_, dict):
        return {name: fill(value, name) for name, value in json_.items()}
    if isinstance(json_, list):
        return [fill(value, key) for value in json_]
    if json_ == "":
        return "https://docs.example/page" if key == "url" else "Written by machine."
    return json_


def value(shape, types, depth):
    """A value of the shape; nothing if only a path is possible."""
    if "$ref" in shape:
        kind = types[shape["$ref"].rsplit("/", 1)[1]]
        if "enum" in kind:
            return next(iter(kind["enum"]))
        if depth > 3:
            return None
        if "union" in kind:
            return dict([member(*next(iter(kind["union"].items())), types, depth + 1)])
        return dict(member(name, kind["members"][name], types, depth + 1) for name in kind.get("required", []))
    match shape["type"]:
        case "boolean":
            return True
        case "integer":
            return max(int(shape.get("minimum", 1)), min(1, int(shape.get("maximum", 1))))
        case "number":
            return max(shape.get("minimum", 0.5), min(0.5, shape.get("maximum", 0.5)))
        case "json":
            return {"a": [1, {"b.$": "$.b"}]}
        case "list" if not shape.get("minItems", 0) > 1:
            inner = value(shape["items"], types, depth + 1)
            return None if inner is None else [inner]
        case "map" if not shape.get("minItems", 0) > 1:
            inner = value(shape["values"], types, depth + 1)
            return {"key.$": "$.value"} if inner is None else {"key": inner}
    return None


def member(name, shape, types, depth):
    found = value(shape, types, depth)
    return (f"{name}.$", "$.some['thing'][0]") if found is None else (name, found)


def name_of(folder):
    return folder.lower().replace("_", "-")


def draft(folder):
    model = max((DATA / folder).iterdir()) / "service-2.json.gz"
    operations = list(json.loads(gzip.decompress(model.read_bytes()))["operations"])[:OPERATIONS]
    name = name_of(folder)
    command = [XTASK, "draft", name, *operations, "--named", folder, "--model", DATA]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    path = FOLDER / "spec" / f"{name}.json"
    if done.returncode:
        return f"{name}: {done.stderr.strip()}"
    spec = fill(json.loads(path.read_text()))
    types = spec.get("types", {})
    for action in spec["actions"].values():
        given = dict(member(it, action["parameters"][it], types, 0) for it in action.get("required", []))
        action["examples"] = [{"title": "By machine", "parameters": given}]
    path.write_text(json.dumps(spec, indent=1))
    return None


def compile_(names):
    folder = ROOT / "target" / "drafts-judged"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "src").mkdir(parents=True)
    specs = "".join(f'.spec("../drafts/spec/{name}.json")' for name in names)
    (folder / "build.rs").write_text(
        f'fn main() {{ sfn_tasks_codegen::Build::new().module_path("drafts_judged::tasks"){specs}.run(); }}\n'
    )
    (folder / "src" / "lib.rs").write_text(
        '//! Written by tools/drafts_check.py.\n#![deny(warnings, missing_docs)]\n'
        'pub mod tasks { //! Drafts.\ninclude!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs")); }\n'
    )
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "drafts-judged"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[dependencies]\n'
        'sfn-tasks = { path = "../.." }\n\n[build-dependencies]\nsfn-tasks-codegen = { path = "../../codegen" }\n\n[workspace]\n'
    )
    (folder / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    for arguments in (["check"], ["test", "--doc"]):
        command = ["cargo", *arguments, "--quiet", "--manifest-path", folder / "Cargo.toml"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(names)}: cargo {arguments[0]}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=5)
    parser.add_argument("--day", type=int, default=datetime.date.today().timetuple().tm_yday)
    parser.add_argument("services", nargs="*")
    arguments = parser.parse_args()
    folders = arguments.services or sorted(
        it.name for it in DATA.iterdir() if it.is_dir() and list(it.glob("*/service-2.json.gz"))
    )
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "spec").mkdir(parents=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        undrafted = [message for message in pool.map(draft, folders) if message]
    files = sorted(str(path) for path in (FOLDER / "spec").iterdir())
    told = subprocess.run([XTASK, "check", *files], capture_output=True, text=True)
    print(told.stdout.strip())
    if undrafted or told.returncode:
        sys.exit("\n".join([*undrafted, told.stderr]))
    names = [pathlib.Path(file).stem for file in files]
    start = arguments.day * arguments.sample
    sample = names if arguments.services else sorted({names[(start + at) % len(names)] for at in range(arguments.sample)})
    compile_(sample)
    print(f"{len(names)} services drafted; compiled, with their examples: {' '.join(sample)}")


if __name__ == "__main__":
    main()
