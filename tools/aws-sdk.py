"""Writes spec/aws-sdk.txt: the AWS SDK integrations of Step Functions.

Usage: python tools/aws-sdk.py SERVICES.json > spec/aws-sdk.txt   (needs botocore==1.44.5)

SERVICES.json is the guide's list of services joined with the names of botocore's models: for each one
{"prefix", "botocore", "unsupported": [operations]}.
"""

import json
import re
import sys

from botocore.loaders import Loader

HEADER = """# The AWS SDK integrations of Step Functions, from botocore 1.44.5 and the guide's list of services.
# Written by tools/aws-sdk.py; do not edit.
#
# `=service` begins a service; then each line is an action and its parameters, spelled as Step Functions has them:
# `!` before a required one; `#` behind a number, `?` a boolean, `[` a list, `{` an object; `~3` behind one whose strings
# are those of the service's line `~3`, parted by tabs. A service without lines is known by name only. Operations that
# Step Functions leaves out are not listed, nor are sets of more than 60 strings, which grow every other week."""

MOST_VALUES = 60

KINDS = {
    "integer": "#", "long": "#", "float": "#", "double": "#", "boolean": "?", "list": "[", "map": "{", "structure": "{",
}


def spelling(name):
    """The leading run of capitals becomes lower case (but for its last, if a small letter follows), the first letter upper case."""
    run = len(re.match(r"[A-Z]*", name).group())
    if run > 1:
        run -= run < len(name) and name[run].islower()
        name = name[:run].lower() + name[run:]
    return "EqualsValue" if name == "Equals" else name[:1].upper() + name[1:]


def parameters(shapes, operation, enumerations):
    if "input" not in operation:
        return
    shape = shapes[operation["input"]["shape"]]
    required = shape.get("required", [])
    for name, member in shape.get("members", {}).items():
        target = shapes[member["shape"]]
        kind = "" if target.get("document") else KINDS.get(target["type"], "")
        values = target["member"]["shape"] if target["type"] == "list" else member["shape"]
        if 0 < len(shapes[values].get("enum", [])) <= MOST_VALUES:
            kind += f"~{enumerations.setdefault(values, len(enumerations))}"
        # A token against repetition is filled in by the SDK if it is left out.
        given = name in required and not member.get("idempotencyToken")
        yield ("!" if given else "") + spelling(name) + kind


def main():
    services = json.load(open(sys.argv[1]))["services"]
    loader = Loader()
    lines = [HEADER]
    for service in sorted(services, key=lambda service: service["prefix"]):
        lines.append("=" + service["prefix"])
        if not service["botocore"]:
            continue
        model = loader.load_service_model(service["botocore"], "service-2")
        shapes, enumerations = model["shapes"], {}
        for name, operation in sorted(model["operations"].items()):
            if name not in service["unsupported"]:
                action = name[:1].lower() + name[1:]
                lines.append(" ".join([action, *parameters(shapes, operation, enumerations)]))
        for name, number in enumerations.items():
            lines.append(f"~{number} " + "\t".join(shapes[name]["enum"]))
    print("\n".join(lines))


main()
