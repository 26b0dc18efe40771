"""Writes facts/sdk/: the operations of the AWS SDK integrations, one file for each service.

Usage: python tools/aws_sdk.py [--check]   (needs the packages of tools/requirements.txt)

With --check, it writes nothing, and fails if a file is stale. Afterwards, `cargo xtask pack` compresses the files for the
library.
"""

import json
import pathlib
import re
import sys

from botocore.loaders import Loader

import aws_sdk_iam

ROOT = pathlib.Path(__file__).parent.parent
FACTS = ROOT / "facts"


def spelling(name):
    """Lowers the leading capitals (except the last one if a lowercase letter follows), then raises the first letter."""
    run = len(re.match(r"[A-Z]*", name).group())
    if run > 1:
        run -= run < len(name) and name[run].islower()
        name = name[:run].lower() + name[run:]
    return "EqualsValue" if name == "Equals" else name[:1].upper() + name[1:]


def error(name):
    """The name of the error: that of the exception in the AWS SDK for Java."""
    for end in ("Fault", "Exception"):
        if name.endswith(end):
            name = name.removesuffix(end)
            break
    return spelling(name + "Exception")


def bounds(shape):
    least, most = shape.get("min"), shape.get("max")
    if shape["type"] not in ("integer", "long", "float", "double"):
        least = least or None
    least, most = (None if it is None or abs(it) >= 2**53 else f"{it:g}" if it != int(it) else str(int(it)) for it in (least, most))
    return "" if least is None and most is None else f"{least or ''}..{most or ''}"


SCALARS = {
    "string": "s", "character": "s", "integer": "i", "long": "i", "float": "f", "double": "f", "boolean": "b",
    "timestamp": "t", "blob": "B", "bigdecimal": "f", "biginteger": "i",
}


class Service:
    def __init__(self, name, facts):
        self.name, self.facts = name, facts
        self.model = Loader().load_service_model(facts["botocore"], "service-2")
        self.shapes = self.model["shapes"]
        # An input stream is checked like a structure. The form of an output stream is unknown.
        self.sent = self.streams_sent()
        # The structures and enumerations of the operations, in the order in which they are found.
        self.used = {}

    def streams_sent(self):
        found = set()
        for operation in self.model["operations"].values():
            members = self.shapes[operation["input"]["shape"]].get("members", {}) if "input" in operation else {}
            found |= {it["shape"] for it in members.values() if self.shapes[it["shape"]].get("eventstream")}
        return found

    def operations(self):
        for name, operation in sorted(self.model["operations"].items()):
            if name not in self.facts.get("unsupported", ()):
                yield name[:1].lower() + name[1:], operation

    spelling = staticmethod(spelling)

    def type(self, reference, inside=()):
        name = reference["shape"]
        shape = self.shapes[name]
        if shape.get("document") or shape.get("eventstream") and name not in self.sent or reference.get("jsonvalue") or shape.get("jsonvalue"):
            return "J"
        match shape["type"]:
            case "structure":
                self.used.setdefault(name, None)
                return f"&{name}"
            case "list" | "map":
                # A list that contains itself has no name to refer to.
                if name in inside:
                    return "J"
                inside = (*inside, name)
                if shape["type"] == "list":
                    return f"[{self.type(shape['member'], inside)}]{bounds(shape)}"
                key = self.type(shape["key"], inside)
                key = "" if key == "s" else f"{key}:"
                return f"{{{key}{self.type(shape['value'], inside)}}}{bounds(shape)}"
            case "string" if shape.get("enum"):
                self.used.setdefault(name, None)
                return f"~{name}"
            case scalar:
                return SCALARS[scalar] + (bounds(shape) if scalar not in ("timestamp", "boolean") else "")

    def members(self, name):
        shape = self.shapes[name]
        required = shape.get("required", [])
        for member, reference in shape.get("members", {}).items():
            # If an idempotency token is left out, the SDK sets it.
            given = member in required and not reference.get("idempotencyToken")
            spelled = spelling(member)
            # Existing definitions use both spellings of attribute values.
            if name == "AttributeValue" and self.name.startswith("dynamodb") and spelled != member:
                spelled = f"{member}/{spelled}"
            yield ("!" if given else "") + spelled + "=" + self.type(reference)

    def lines(self):
        metadata = self.model["metadata"]
        uid = metadata.get("uid", f"{metadata['endpointPrefix']}-{metadata['apiVersion']}")
        yield f"={self.name} {self.facts['errors']} {uid} {metadata['serviceFullName']}"
        for action, operation in self.operations():
            words = [action]
            for end in ("input", "output"):
                known = operation.get(end)
                words.append(self.type(known)[1:] if known else "-")
            words += [error(it["shape"]) for it in operation.get("errors", ())]
            yield " ".join(words)
        done = set()
        while len(done) < len(self.used):
            for name in [name for name in self.used if name not in done]:
                done.add(name)
                if self.shapes[name]["type"] == "structure":
                    self.used[name] = " ".join(["|" if self.shapes[name].get("union") else "&", name, *self.members(name)])
                else:
                    self.used[name] = "~ " + name + " " + "\t".join(self.shapes[name]["enum"])
        yield from (self.used[name] for name in sorted(self.used))


def texts():
    services = json.loads((FACTS / "services.json").read_text())["services"]
    iam = aws_sdk_iam.Iam(FACTS)
    for name, facts in services.items():
        if "botocore" not in facts:
            lines = [f"={name} {facts['errors']} - {name}"]
        else:
            service = Service(name, facts)
            lines = [*service.lines(), *iam.lines(service)]
        yield name, "\n".join(lines) + "\n"


def main():
    check, stale = "--check" in sys.argv[1:], []
    folder = FACTS / "sdk"
    known = {path.name for path in folder.glob("*.txt")}
    for name, text in texts():
        path = folder / f"{name}.txt"
        known.discard(path.name)
        if not path.exists() or path.read_text() != text:
            stale.append(path.name)
            if not check:
                path.write_text(text)
    for name in known:
        stale.append(name)
        if not check:
            (folder / name).unlink()
    if check and stale:
        sys.exit(f"stale, run tools/aws_sdk.py: {', '.join(sorted(stale))}")


if __name__ == "__main__":
    main()
