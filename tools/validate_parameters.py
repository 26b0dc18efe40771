#!/usr/bin/env python3
"""Validates the parameters of tasks with botocore.

    cargo test --test catalog_parameters
    python tools/validate_parameters.py target/tmp/catalog.json target/tmp/seed.json

A file has definitions by name. A value that is known only at run time is assumed to have the type of the API. The tables
below list where Step Functions spells or changes parameters differently.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator
from spec_check import OPERATIONS, SERVICES

# Parameters with a special form in Step Functions, and what the API gets.
RESHAPED = {
    # The S3 locations of the input and output of a model are parameters of Step Functions only.
    "bedrock:invokeModel": lambda it: rest(it, "Input", "Output"),
    # The spec does not describe the settings, so there is nothing to check.
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
    """The parameters that the API gets, in its own spelling."""
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
    # A task contains JSON, which Step Functions sends as text or bytes.
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
    print(f"{validated} tasks validated, {len(faults)} rejected; not an API of botocore: {', '.join(sorted(skipped))}")
    if not validated:
        print("no task was found")
    return 1 if faults or not validated else 0


if __name__ == "__main__":
    sys.exit(main())
