"""Compares what `Ref` and `Fn::GetAtt` of each resource type return (src/template/types.rs) with the resource schemas of
CloudFormation in cfn-lint: `Ref` returns the primary identifier, and `Fn::GetAtt` a read-only property.

Usage: python tools/types_check.py   (needs tools/requirements.txt)

A difference fails the check, unless KNOWN has it with a reason. An entry there that is no longer a difference fails too.
"""

import pathlib
import re
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

ROOT = pathlib.Path(__file__).parent.parent
REGION = "us-east-1"

KNOWN = {
    "AWS::ApiGateway::Stage: its primary identifier is RestApiId and StageName; `Ref` returns Name here":
        "the page of the type says that `Ref` returns the name of the stage",
    "AWS::ApiGatewayV2::Stage: its primary identifier is ApiId and StageName; `Ref` returns Name here":
        "the page of the type says that `Ref` returns the name of the stage",
    "AWS::Batch::JobDefinition: its primary identifier is JobDefinitionName; `Ref` returns Arn here":
        "the page of the type says that `Ref` returns the ARN with the revision",
    "AWS::Bedrock::AgentAlias: its primary identifier is AgentId and AgentAliasId; `Ref` returns Other here":
        "`Ref` joins the two with a bar",
    "AWS::CodeBuild::Project: its primary identifier is Id; `Ref` returns its name Name here":
        "the page of the type says that `Ref` returns the name",
    "AWS::Events::EventBus: it has no attribute `Policy`": "an attribute of older templates, which the CDK's reference still has",
    "AWS::Glue::Table: it has no attribute `Id`": "the page of the type has it; the schema has no attributes at all",
    "AWS::Glue::Table: its primary identifier is CatalogId and DatabaseName and Name; `Ref` returns Name here":
        "the page of the type says that `Ref` returns the name of the table",
}

TYPE = re.compile(r'\bof\(\s*"(AWS::[\w:]+)",\s*(\w+),\s*"([^"]*)",\s*"([^"]*)",\s*&\[(.*?)\],?\s*\)', re.S)


def complaints(name, reference, name_property, arn, attributes):
    if name.startswith("AWS::Serverless::"):
        return
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, name)
    except Exception:
        yield "there is no such type"
        return
    properties = set(schema.schema.get("properties", {}))
    gives = set(schema.get_atts)
    identifiers = [it.removeprefix("/properties/") for it in schema.schema.get("primaryIdentifier", [])]
    own = [identifier for identifier in identifiers if identifier not in re.findall(r"\$\{@(\w+)\}", arn)]
    identifier = own[0] if len(own) == 1 else None
    if name_property and name_property not in properties:
        yield f"it has no property `{name_property}`"
    for used in re.findall(r"\$\{@(\w+)\}", arn):
        if used not in properties:
            yield f"it has no property `{used}`"
    for attribute, _ in attributes:
        if attribute not in gives:
            yield f"it has no attribute `{attribute}`"
    ours = {attribute for attribute, gives in attributes}
    for attribute in sorted(gives):
        if attribute == "Arn" and attribute not in ours:
            yield "its attribute `Arn` is not in the table"
    kinds = dict(attributes)
    for attribute, kind in attributes:
        is_arn = attribute.endswith("Arn")
        if is_arn and kind not in ("Arn", "OtherArn"):
            yield f"`{attribute}` is {kind} here"
    if identifier is None:
        yield f"its primary identifier is {' and '.join(identifiers)}; `Ref` returns {reference} here"
        return
    is_arn = identifier.endswith(("Arn", "ARN"))
    if is_arn != (reference == "Arn") and kinds.get(identifier) != reference:
        yield f"its primary identifier is {identifier}; `Ref` returns {reference} here"
    if reference == "Name" and name_property and identifier != name_property:
        yield f"its primary identifier is {identifier}; `Ref` returns its name {name_property} here"
    if reference == "Url" and not identifier.endswith("Url"):
        yield f"its primary identifier is {identifier}; `Ref` returns a URL here"


def main():
    text = (ROOT / "src" / "template" / "types.rs").read_text()
    types = TYPE.findall(text)
    if len(types) != len(re.findall(r'\bof\(\s*"AWS::', text)):
        sys.exit("a line of the table cannot be read")
    found, failed, attributes = set(), 0, 0
    for name, reference, name_property, arn, rest in types:
        pairs = re.findall(r'\("([^"]+)", (\w+)\)', rest)
        attributes += len(pairs)
        for complaint in complaints(name, reference, name_property, arn, pairs):
            line = f"{name}: {complaint}"
            found.add(line)
            if line not in KNOWN:
                failed += 1
                print(f"NEW {line}")
    for line in KNOWN.keys() - found:
        failed += 1
        print(f"STALE {line}")
    print(f"{len(types)} types with {attributes} attributes, {len(KNOWN)} differences explained, {failed} not")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
