"""Checks Terraform configurations with the schema of the AWS provider, without the provider itself: the npm package
`@cdktf/provider-aws` is generated from it, and has every argument, block and attribute of each resource.

Usage: python tools/terraform_schema.py FILES…   (needs tools/requirements.txt and npm)
"""

import functools
import pathlib
import re
import subprocess
import sys
import tarfile

import hcl2

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE, VERSION = "@cdktf/provider-aws", "21.22.1"
# Arguments that every Terraform resource can have.
META = {"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"}


@functools.cache
def package():
    folder = ROOT / "target" / "judges"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"cdktf-provider-aws-{VERSION}.tgz"
    if not file.exists():
        command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return tarfile.open(file)


@functools.cache
def index():
    return {it.name: it for it in package().getmembers()}


class Schema:
    """The arguments, blocks and attributes of a resource or a data source."""

    def __init__(self, kind, is_data):
        folder = ("data-aws-" if is_data else "") + kind.removeprefix("aws_").replace("_", "-")
        names = [f"package/lib/{folder}/index.{suffix}" for suffix in ("js", "d.ts")]
        if names[0] not in index():
            raise KeyError(kind)
        code, types = (package().extractfile(index()[name]).read().decode() for name in names)
        body = code[code.index("synthesizeHclAttributes()"):]
        # Blocks by name, each with the function that writes it.
        self.blocks, self.arguments = {}, set()
        for name, text in self.members(body[:body.index("\n    }\n")]):
            if "isBlock: true" in text:
                self.blocks[name] = re.search(r"(\w+)ToHclTerraform", text)[1]
            else:
                self.arguments.add(name)
        self.inner = {
            found[1]: {name for name, _ in self.members(found[2])}
            for found in re.finditer(r"function (\w+)ToHclTerraform\(struct\) \{(.*?)\n\}", code, re.S)
        }
        self.attributes = {self.snake(it) for it in re.findall(r"^    get (\w+)\(\)", code, re.M)} | {"id"}
        config = re.search(r"export interface \w+Config extends .*?\{(.*?)\n\}", types, re.S)
        required = re.findall(r"readonly (\w+):", config[1] if config else "")
        self.required = {self.snake(it) for it in required}

    @staticmethod
    def members(text):
        return re.findall(r"^ {8,12}(\w+): \{\n(.*?)^ {8,12}\},?$", text, re.M | re.S)

    @staticmethod
    def snake(name):
        return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


def unquoted(name):
    return name.strip('"')


def judge(file):
    """Error messages for everything that the schema does not have."""
    text = file.read_text()
    document = hcl2.loads(text)
    schemas, found = {}, []
    for word, is_data in (("resource", False), ("data", True)):
        for block in document.get(word, []):
            for kind, named in block.items():
                kind = unquoted(kind)
                if not kind.startswith("aws_"):
                    continue
                try:
                    schema = schemas.setdefault((kind, is_data), None) or Schema(kind, is_data)
                except KeyError:
                    found.append(f"there is no {word} `{kind}`")
                    continue
                schemas[kind, is_data] = schema
                for name, values in named.items():
                    own = {key for key in values if not key.startswith("__")}
                    place = f"{kind}.{unquoted(name)}"
                    for key in own - schema.arguments - schema.blocks.keys() - META:
                        found.append(f"{place} has no `{key}`")
                    for key in schema.required - own:
                        found.append(f"{place} lacks `{key}`")
                    for key in own & schema.blocks.keys():
                        for inner in values[key]:
                            strange = {it for it in inner if not it.startswith("__")} - schema.inner[schema.blocks[key]]
                            found += [f"{place}.{key} has no `{it}`" for it in strange]
    for is_data, kind, attribute in re.findall(r"\b(data\.)?(aws_\w+)\.\w+(?:\[[^\]]*\])?\.(\w+)", text):
        schema = schemas.get((kind, bool(is_data)))
        if schema is None:
            found.append(f"`{is_data}{kind}` does not exist, but is referred to")
        elif attribute not in schema.attributes | schema.arguments:
            found.append(f"`{is_data}{kind}` has no attribute `{attribute}`")
    return found


def main():
    files = [pathlib.Path(name) for name in sys.argv[1:]] or sys.exit(__doc__)
    failed = 0
    for file in files:
        for complaint in judge(file):
            failed += 1
            print(f"{file}: {complaint}")
    print(f"{len(files)} configurations by the schema of the AWS provider, {failed} errors")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
