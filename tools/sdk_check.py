#!/usr/bin/env python3
"""Compares the check of AWS SDK calls with botocore's validator, on random parameters generated from the models.

    python tools/sdk_check.py sfn-tasks [--operations 5000] [--seed 1] [--show 20]

`sfn-tasks` is the binary. Each operation is called once with valid parameters and twice with one mistake: a required member
is missing, a name does not exist, a value has another type, a value or length is below the minimum, a union has no or two
members. Both must agree whether a call is valid. Values that Step Functions accepts and botocore does not (JSON for text
and bytes, `"true"` for true) are not generated.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import botocore.session
from botocore.validate import ParamValidator

from aws_sdk import FACTS, spelling

CODES = {
    "unknown-parameter", "missing-parameter", "parameter-type", "parameter-value", "parameter-rule", "parameter-pattern",
}
MOST_DEPTH = 5
STATES_A_FILE = 400


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def value(self, shape, depth=0):
        chance = self.random.random
        match shape.type_name:
            case "structure":
                if shape.metadata.get("document") or getattr(shape, "is_document_type", False):
                    return {"any": ["thing", 1]}
                return self.structure(shape, depth)
            case "list":
                least = shape.metadata.get("min", 0)
                count = least if depth > MOST_DEPTH else max(least, self.random.randint(0, 2))
                count = min(count, shape.metadata.get("max", count))
                return [self.value(shape.member, depth + 1) for _ in range(min(count, 20))]
            case "map":
                # botocore does not check the number of members of a map; our check does.
                least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 2)
                count = max(least, min(most, 0 if depth > MOST_DEPTH else self.random.randint(0, 2)))
                return {f"{self.text(shape.key)}{at}": self.value(shape.value, depth + 1) for at in range(count)}
            case "integer" | "long":
                least, most = (int(shape.metadata.get(it, other)) for it, other in (("min", 1), ("max", 10**6)))
                return max(least, min(most, least + self.random.randint(0, 5)))
            case "float" | "double":
                return float(shape.metadata.get("min", 0)) + 0.5
            case "boolean":
                return chance() < 0.5
            case "timestamp":
                return "2026-01-31T12:00:00Z"
            case _:
                return self.text(shape)

    def text(self, shape):
        if getattr(shape, "enum", None):
            return self.random.choice(shape.enum)
        least = int(shape.metadata.get("min", 0))
        return "x" * max(least, 1 if shape.metadata.get("max", 1) else 0)

    def structure(self, shape, depth):
        if getattr(shape, "is_tagged_union", False):
            name = self.random.choice(sorted(shape.members))
            return {name: self.value(shape.members[name], depth + 1)}
        made = {}
        for name, member in shape.members.items():
            chance = 0.4 if depth == 0 else 0.25
            token = getattr(member, "metadata", {}).get("idempotencyToken")
            if name in shape.required_members or token or depth <= MOST_DEPTH and self.random.random() < chance:
                made[name] = self.value(member, depth + 1)
        return made

    def places(self, value, shape, path=()):
        """Every value in the parameters, with its shape and position."""
        yield path, value, shape
        if shape.type_name == "structure" and isinstance(value, dict) and not is_document(shape):
            for name, inner in value.items():
                yield from self.places(inner, shape.members[name], (*path, name))
        elif shape.type_name == "list":
            for at, inner in enumerate(value):
                yield from self.places(inner, shape.member, (*path, at))
        elif shape.type_name == "map":
            for name, inner in value.items():
                yield from self.places(inner, shape.value, (*path, name))

    def mistakes(self, value, shape):
        """A mistake in one of the values: its position and the new value."""
        for path, inner, kind in self.places(value, shape):
            match kind.type_name:
                case "structure" if not is_document(kind):
                    if getattr(kind, "is_tagged_union", False):
                        yield path, {}
                        others = [name for name in kind.members if name not in inner]
                        if others:
                            other = self.random.choice(sorted(others))
                            yield path, {**inner, other: self.value(kind.members[other], MOST_DEPTH)}
                    else:
                        for name in kind.required_members:
                            token = kind.members[name].metadata.get("idempotencyToken")
                            if not token and name in inner:
                                yield path, {key: it for key, it in inner.items() if key != name}
                    yield path, {**inner, "Wrng": 1}
                    if path:
                        yield path, ["x"]
                case "list":
                    yield path, {"a": 1}
                    if kind.metadata.get("min", 0) > 0:
                        yield path, inner[: kind.metadata["min"] - 1]
                case "map":
                    yield path, ["x"]
                case "integer" | "long":
                    yield path, "text"
                    yield path, [1]
                    if "min" in kind.metadata and abs(kind.metadata["min"]) < 2**53:
                        yield path, int(kind.metadata["min"]) - 1
                case "float" | "double":
                    yield path, "text"
                    if "min" in kind.metadata and abs(kind.metadata["min"]) < 2**53:
                        yield path, kind.metadata["min"] - 1
                case "boolean":
                    yield path, "maybe"
                    yield path, 1
                case "timestamp":
                    yield path, ["x"]
                    yield path, "never"
                case "string" if not is_json(kind):
                    yield path, 1
                    yield path, True
                    if kind.metadata.get("min", 0) > 0 and not getattr(kind, "enum", None):
                        yield path, "x" * (int(kind.metadata["min"]) - 1)


def is_document(shape):
    return bool(shape.metadata.get("document") or getattr(shape, "is_document_type", False))


def is_json(shape):
    return shape.serialization.get("jsonvalue") or shape.metadata.get("jsonvalue")


def changed(value, path, new):
    if not path:
        return new
    first, *rest = path
    if isinstance(value, list):
        return [changed(it, rest, new) if at == first else it for at, it in enumerate(value)]
    return {name: changed(it, rest, new) if name == first else it for name, it in value.items()}


def as_written(value, shape):
    """The value in the form of a definition."""
    if shape.type_name == "structure" and isinstance(value, dict) and not is_document(shape):
        return {
            (spelling(name) if name in shape.members else name): (
                as_written(it, shape.members[name]) if name in shape.members else it
            )
            for name, it in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [as_written(it, shape.member) for it in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: as_written(it, shape.value) for name, it in value.items()}
    return value


def cases(services, session, maker, wanted):
    operations = [
        (service, it["botocore"], name)
        for service, it in services.items() if "botocore" in it
        for name in session.get_service_model(it["botocore"]).operation_names if name not in it.get("unsupported", ())
    ]
    maker.random.shuffle(operations)
    for service, model, name in sorted(operations[:wanted]):
        shape = session.get_service_model(model).operation_model(name).input_shape
        call = f"{service}:{name[:1].lower()}{name[1:]}"
        if shape is None:
            continue
        right = maker.value(shape)
        yield call, right, shape
        mistakes = list(maker.mistakes(right, shape))
        for path, new in maker.random.sample(mistakes, min(2, len(mistakes))):
            yield call, changed(right, path, new), shape


def ours(binary, calls):
    """The positions of the calls for which our check reports a finding."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(calls), STATES_A_FILE):
            states = {
                f"s{at}": {
                    "Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:{call}",
                    "Parameters": as_written(parameters, shape), "Next": f"s{at + 1}",
                }
                for at, (call, parameters, shape) in enumerate(calls[start:start + STATES_A_FILE], start)
            }
            states[f"s{start + len(states)}"] = {"Type": "Succeed"}
            file = Path(folder) / f"{start:06}.asl.json"
            file.write_text(json.dumps({"StartAt": f"s{start}", "States": states}))
            run = subprocess.run([binary, "check", "--format", "json", str(file)], capture_output=True, text=True)
            if run.returncode not in (0, 1):
                sys.exit(run.stderr)
            for finding in json.loads(run.stdout):
                if finding["code"] in CODES:
                    state = finding["pointer"].split("/")[2]
                    found.setdefault(int(state[1:]), []).append(finding["message"])
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--operations", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", type=int, default=20)
    arguments = arguments.parse_args()
    services = json.loads((FACTS / "services.json").read_text())["services"]
    session = botocore.session.get_session()
    calls = list(cases(services, session, Maker(arguments.seed), arguments.operations))
    found = ours(arguments.binary, calls)
    differences, refused = [], 0
    for at, (call, parameters, shape) in enumerate(calls):
        report = ParamValidator().validate(parameters, shape)
        refused += report.has_errors()
        if report.has_errors() != (at in found):
            theirs = report.generate_report() if report.has_errors() else "is right"
            differences.append(f"{call}: botocore: {theirs}; ours: {found.get(at, 'valid')}")
    for difference in differences[: arguments.show]:
        print(difference)
    print(f"{len(calls)} calls, of which botocore rejects {refused}; {len(differences)} differences")
    return 1 if differences or not calls else 0


if __name__ == "__main__":
    sys.exit(main())
