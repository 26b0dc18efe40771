#!/usr/bin/env python3
"""Has botocore validate the parameters of tasks, as it validates those of a call.

    cargo test --test catalog_parameters
    python tools/validate_parameters.py target/tmp/catalog.json target/tmp/seed.json

A file holds definitions by name. What is known only at run time is taken to be of the type that the API wants. How
Step Functions spells and reshapes parameters, where it does, is said below.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator
from spec_check import OPERATIONS, SERVICES

# Parameters that Step Functions takes in a form of its own: what the API gets instead.
RESHAPED = {
    # Where the input and the output of a model lie in Amazon S3 is Step Functions' own business.
    "bedrock:invokeModel": lambda it: rest(it, "Input", "Output"),
    # The spec leaves the settings free, so there is nothing of ours to judge in them.
    "mediaconvert:createJob": lambda it: {**it, "Settings": {}},
    "elasticmapreduce:addStep": lambda it: {
        **rest(it, "ClusterId", "Step"), "JobFlowId": it.get("ClusterId"), "Steps": [it.get("Step")]
    },
    "elasticmapreduce:cancelStep": lambda it: {**rest(it, "StepId"), "StepIds": [it.get("StepId")]},
    "elasticmapreduce:modifyInstanceFleetByName": lambda it: {
        **rest(it, "InstanceFleetName"), "InstanceFleet": {**it.get("InstanceFleet", {}), "InstanceFleetId": "f"}
    },
    "elasticmapreduce:modifyInstanceGroupByName": lambda it: {
        "ClusterId": it.get("ClusterId"), "InstanceGroups": [{**it.get("InstanceGroup", {}), "InstanceGroupId": "g"}]
    },
    "elasticmapreduce:setClusterTerminationProtection": lambda it: {
        **rest(it, "ClusterId"), "JobFlowIds": [it.get("ClusterId")]
    },
    "elasticmapreduce:terminateCluster": lambda it: {"JobFlowIds": [it.get("ClusterId")]},
}


def rest(parameters, *names):
    return {name: value for name, value in parameters.items() if name not in names}


class RunTime:
    """A value that is known only at run time."""


def known(value):
    """The value without the syntax of either query language."""
    if isinstance(value, dict):
        return {
            name.removesuffix(".$"): RunTime() if name.endswith(".$") else known(member) for name, member in value.items()
        }
    if isinstance(value, list):
        return [known(element) for element in value]
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        return RunTime()
    return value


def plausible(shape):
    """Some value of the shape."""
    match shape.type_name:
        case "structure":
            required = {name: plausible(shape.members[name]) for name in shape.required_members}
            if getattr(shape, "is_tagged_union", False):
                name = next(iter(shape.members))
                return {name: plausible(shape.members[name])}
            return required
        case "list":
            return [plausible(shape.member)] * max(1, shape.metadata.get("min", 0))
        case "map":
            return {}
        case "integer" | "long":
            return shape.metadata.get("min", 1)
        case "float" | "double":
            return 1.0
        case "boolean":
            return True
        case "blob":
            return b"x"
        case "timestamp":
            return "2026-01-31T12:00:00Z"
        case _:
            return "x" * max(1, shape.metadata.get("min", 0))


def as_sent(value, shape):
    """What the API is sent, with its own spelling of names."""
    if isinstance(value, RunTime):
        return plausible(shape)
    if shape.type_name == "structure" and isinstance(value, dict):
        if shape.metadata.get("document") or getattr(shape, "is_document_type", False):
            return value
        spelling = {name.lower(): name for name in shape.members}
        return {
            spelling.get(name.lower(), name): as_sent(member, shape.members[spelling[name.lower()]])
            if name.lower() in spelling else member
            for name, member in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [as_sent(element, shape.member) for element in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: as_sent(member, shape.value) for name, member in value.items()}
    # JSON that a task writes as it is, and Step Functions sends as text or bytes.
    if shape.type_name in ("string", "blob") and isinstance(value, (dict, list)):
        return json.dumps(value, default=lambda _: "known at run time")
    return value


def tasks(machine):
    for name, state in machine.get("States", {}).items():
        if state.get("Type") == "Task":
            yield name, state


def operation(session, service, action):
    target = OPERATIONS.get(f"{service}:{action}", f"{SERVICES.get(service, service)}:{action[0].upper()}{action[1:]}")
    if target is None:
        return None
    api, name = target.split(":")
    return session.get_service_model(api).operation_model(name)


def main():
    session = botocore.session.get_session()
    faults, validated, skipped = [], 0, set()
    for path in sys.argv[1:]:
        for case, machine in json.load(open(path, encoding="utf-8")).items():
            for name, task in tasks(machine):
                parts = task["Resource"].split(":::")
                if len(parts) != 2:
                    skipped.add(task["Resource"])
                    continue
                service, action = parts[1].split(".")[0].split(":")[:2]
                model = operation(session, service, action)
                if model is None or model.input_shape is None:
                    skipped.add(f"{service}:{action}")
                    continue
                parameters = known(task.get("Parameters", task.get("Arguments", {})))
                reshape = RESHAPED.get(f"{service}:{action}")
                if reshape:
                    parameters = reshape(parameters)
                report = ParamValidator().validate(as_sent(parameters, model.input_shape), model.input_shape)
                validated += 1
                if report.has_errors():
                    faults.append(f"{case} ({name}, {service}:{action}):\n{report.generate_report()}")
    for fault in faults:
        print(fault)
    print(f"{validated} tasks validated, {len(faults)} refused; not an API of botocore: {', '.join(sorted(skipped))}")
    if not validated:
        print("no task was found")
    return 1 if faults or not validated else 0


if __name__ == "__main__":
    sys.exit(main())
