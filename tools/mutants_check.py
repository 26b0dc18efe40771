"""Breaks specs at random, and checks that the build rejects every spec that the JSON Schema rejects.

Usage: python tools/mutants_check.py [NUMBER] [SEED]   (with a built `xtask`)

Each mutant is a spec of the library with one change: a key is removed, added or gets another value. A mutant that
`codegen/service.schema.json` rejects and `generate` accepts fails the check.
"""

import copy
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

import jsonschema

ROOT = pathlib.Path(__file__).parent.parent
XTASK = ROOT / "target" / "debug" / "xtask"
BASES = ["spec/sqs.json", "spec/activity.json", "spec/states.json", "spec/lambda.json",
         "examples/private-integration/spec/acme.json", "codegen/tests/billing.json"]
VALUES = [None, True, False, 0, -1, 1.5, 10**30, "", " ", "x", "X y", "http://a.example", "2fast", "a.b", "$.x", [], ["x"], ["x", "x"],
          [1], {}, {"x": "y"}, {"x": 1}, {"": ""}, [{}], "requestResponse", "#/types/X", "[", "r#self"]


def places(json_, path=()):
    """Every position in the JSON below its root."""
    items = json_.items() if isinstance(json_, dict) else enumerate(json_) if isinstance(json_, list) else ()
    for key, value in items:
        yield path + (key,)
        yield from places(value, path + (key,))


def keys_of(schema):
    """Every key in the schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}) if isinstance(schema.get("properties"), dict) else ()
        for value in schema.values():
            yield from keys_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys_of(value)


def mutant(base, keys, dice):
    """One change, with its name. Positions near the root are as frequent as the many deep ones."""
    spec = copy.deepcopy(base)
    everywhere = list(places(spec))
    # The schema does not describe free values, such as examples.
    everywhere = [path for path in everywhere if not any(key in path[:-1] for key in ("examples", "fixed")) or len(path) < 6]
    depth = dice.randint(1, max(map(len, everywhere)))
    path = dice.choice([it for it in everywhere if len(it) == depth] or everywhere)
    holder = spec
    for key in path[:-1]:
        holder = holder[key]
    key = path[-1]
    change = dice.choice(["drop", "value", "value", "add", "rename", "twice", "letter"])
    if change == "drop":
        del holder[key]
    elif change == "value":
        holder[key] = dice.choice(VALUES)
    elif change == "add":
        target = holder[key] if isinstance(holder[key], dict) else holder
        if isinstance(target, dict):
            target[dice.choice(keys)] = dice.choice(VALUES + [copy.deepcopy(holder[key])])
    elif change == "rename" and isinstance(holder, dict):
        holder[dice.choice(keys + ["2x", "x-y", "X", "x", ""])] = holder.pop(key)
    elif change == "twice" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif change == "letter" and isinstance(holder[key], str) and holder[key]:
        at = dice.randrange(len(holder[key]))
        holder[key] = holder[key][:at] + dice.choice([" ", "$", "é", "_", ""]) + holder[key][at + 1:]
    return spec, f"{change} /{'/'.join(map(str, path))}"


def main():
    number, seed = (int(sys.argv[1]) if len(sys.argv) > 1 else 2000), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    dice = random.Random(seed)
    schema = json.loads((ROOT / "codegen" / "service.schema.json").read_text())
    judge = jsonschema.Draft202012Validator(schema)
    keys = sorted(set(keys_of(schema)))
    bases = [json.loads((ROOT / path).read_text()) for path in BASES]
    folder = ROOT / "target" / "mutants"
    shutil.rmtree(folder, ignore_errors=True)
    refused = {}
    for at in range(number):
        spec, change = mutant(dice.choice(bases), keys, dice)
        fault = next(judge.iter_errors(spec), None)
        if fault is None:
            continue
        name = spec.get("service") if isinstance(spec.get("service"), str) and re.fullmatch(r"[a-z-]+", spec["service"]) else "x"
        path = folder / str(at) / f"{name}.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(spec))
        place = "/".join(map(str, fault.absolute_path))
        refused[str(path.relative_to(ROOT))] = f"{change}: the schema says of /{place}: {fault.message[:200]}"
    told = subprocess.run([XTASK, "check", *refused], capture_output=True, text=True, cwd=ROOT)
    if "panicked" in told.stderr:
        sys.exit(told.stderr)
    # All mutants have the same service; this fault is ignored.
    lines = [line for line in told.stderr.splitlines() if "is that of target/" not in line]
    faulty = {line.split(":", 1)[0] for line in lines}
    taken = [f"{path}: {why}" for path, why in refused.items() if path not in faulty]
    print("\n".join(taken))
    print(f"{number} mutants; the schema rejects {len(refused)}, of which the build accepts {len(taken)}")
    if taken:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
