"""Evaluates the exported templates of definitions, and compares the results with what went in: the definition with a value
for each reference, and the policy that `sfn-tasks policy` derives.

This program evaluates CloudFormation as documented. SAM is evaluated after AWS's own transform (samtranslator), and a construct
after its synthesis by the CDK. `terraform` evaluates the expressions of Terraform. A parser of YAML 1.1 and one of YAML 1.2
read the templates.

Usage: python tools/export_values.py DEFINITIONS…   (needs tools/requirements.txt and Node.js; Terraform is optional)

DEFINITIONS are files as for tools/export_check.py. The kind of a reference's binding differs from definition to definition.
"""

import functools
import json
import logging
import os
import pathlib
import re
import shutil
import subprocess
import sys

import ruamel.yaml
import yaml
from samtranslator.translator.transform import transform

import export_check
from export_check import CLI, ROOT, TOOLS

FOLDER = ROOT / "target" / "export-values"
PSEUDO = {
    "AWS::Partition": "aws-cn",
    "AWS::Region": "cn-north-1",
    "AWS::AccountId": "111122223333",
    "AWS::URLSuffix": "amazonaws.com.cn",
    "AWS::StackName": "judged",
}
ACTIVITY = "arn:aws-cn:states:cn-north-1:111122223333:activity:"
# In a text outside of strings, and in a string.
UNQUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{([^}]*)\}')
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_.:-]*)\}")
# What each target and parser could interpret.
AWKWARD = "\"\\\n\r%{ if }`'\u2028%%{<<JSON"
# The kinds of bindings that each target has.
KINDS = {
    "cloudformation": ["parameter", "Ref", "GetAtt", "Sub", "ImportValue", "literal"],
    "sam": ["parameter", "Ref", "GetAtt", "Sub", "ImportValue", "literal"],
    "terraform": ["parameter", "Expression", "literal"],
    "cdk": ["parameter", "Expression", "ImportValue", "literal"],
}
sys.setrecursionlimit(20_000)
logging.disable()
# samtranslator needs a region.
os.environ["AWS_DEFAULT_REGION"] = PSEUDO["AWS::Region"]


class Fault(Exception):
    pass


def same(left, right):
    """Equality of JSON values: `1e3` is `1000.0`, but `true` is not `1`."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def difference(left, right, path=""):
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        return next((difference(left[it], right[it], f"{path}/{it}") for it in left if not same(left[it], right[it])), "")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return next((difference(a, b, f"{path}/{i}") for i, (a, b) in enumerate(zip(left, right)) if not same(a, b)), "")
    return f"{path}: expected {str(left)[:300]!r}, found {str(right)[:300]!r}"


# What goes in


class Case:
    """A definition with a value and a binding for each of its references."""

    def __init__(self, number, target, name, text):
        self.name = f"{name} as {target}"
        self.target = target
        self.folder = FOLDER / f"{number}.{target}"
        self.source = FOLDER / f"{number}.asl.json"
        self.unquoted = {name for name in UNQUOTED.findall(text) if name}
        names = set(REFERENCE.findall(json.dumps(self.read(text, dict.fromkeys(self.unquoted, "0")))))
        self.values, self.bindings, self.environment, self.literals = {}, {}, {}, {}
        # The policy shows which references are URLs of queues and ARNs of state machines.
        self.plain = derived(self.source)
        for position, reference in enumerate(sorted(names | self.unquoted)):
            self.bind(reference, KINDS[target][(number + position) % len(KINDS[target])])
        complete = self.read(text, self.values)
        self.expected = filled(complete, self.values)
        # The policy of a value that is known can be narrower.
        self.known = filled(complete, self.literals)

    @staticmethod
    def read(text, values):
        """The definition with a value for each reference that has no quotation marks."""
        return json.loads(UNQUOTED.sub(lambda found: values[found[1]] if found[1] else found[0], text))

    def bind(self, name, kind):
        if name in PSEUDO:
            self.values[name] = PSEUDO[name]
            return
        key = re.sub("[^A-Za-z0-9]", "", name)
        is_arn = name.lower().endswith("arn")
        if name in self.unquoted:
            value = '[1e3, {"Ref": null}]'
        elif is_arn or f"${{{name}|stateMachineName}}" in self.plain:
            value = f"arn:aws-cn:states:cn-north-1:111122223333:stateMachine:{key}"
        elif f"${{{name}|queueName}}" in self.plain:
            value = f"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/{key}"
        elif kind == "literal":
            value = f"{key}{AWKWARD}"
        else:
            value = f"v-{key}"
        if "Activity" in key:
            kind = "Activity"
        elif kind == "Sub" and is_arn:
            kind = "parameter"
        attribute = "Arn" if is_arn else "Name"
        # The binding, and the name and the value of what it names. A parameter is found by its description.
        binding, named, known = {
            "parameter": (None, None, value),
            "literal": (value, None, value),
            "Ref": (f"!Ref J{key}", f"J{key}", value),
            "GetAtt": (f"!GetAtt J{key}.{attribute}", f"J{key}.{attribute}", value),
            "Sub": (f"!Sub ${{J{key}}}{value[1:]}", f"J{key}", value[0]),
            "ImportValue": (f"!ImportValue J{key}", f"import J{key}", value),
            "Activity": (f"!Activity act-{key}", None, value),
            "Expression": (f"!Expression cdk.Fn.importValue('J{key}')", f"import J{key}", value)
            if self.target == "cdk"
            else (f"!Expression local.judge_{key}.{attribute.lower()}", key, value),
        }[kind]
        self.values[name] = value if kind != "Activity" else f"{ACTIVITY}act-{key}"
        if binding:
            self.bindings[name] = binding
        if named:
            self.environment[named] = known
        if kind == "literal":
            self.literals[name] = value

    def export(self, *settings):
        command = [CLI, "export", self.source, "--to", self.target, "--output", self.folder, *settings]
        for name, value in self.bindings.items():
            command += ["--bind", f"{name}={value}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 1 and ("cannot escape" in done.stderr or "permissions" in done.stderr):
            return False
        if done.returncode:
            raise Fault(f"export: {done.stderr[:500]}")
        return True

    def policy(self, machine):
        """The policy of the role with the values."""
        source = self.folder / "known.asl.json"
        source.write_text(json.dumps(self.known))
        activities = [name for name, binding in self.bindings.items() if binding.startswith("!Activity")]
        plain = derived(source, "--name", machine, *(f"--reference={name}=activity-arn" for name in activities))
        if not plain:
            return set()
        values = {**self.values, "Partition": "aws-cn", "Region": "cn-north-1", "Account": "111122223333"}
        split = {"queueAccount": ("/", 3), "queueName": ("/", 4), "stateMachineName": (":", 6)}
        for name, value in self.values.items():
            # Only Terraform has a function for it.
            values[f"{name}|lowercase"] = value.lower() if self.target == "terraform" else value
            for function, (separator, index) in split.items():
                values[f"{name}|{function}"] = [*value.split(separator), *[""] * index][index]
        # Without a value, it is text: for IAM, `${$}` is a dollar sign.
        found = json.loads(re.sub(r"\$\{(?![*?$]\})", "${$}{", json.dumps(filled(json.loads(plain), values))))
        return statements(found if isinstance(found, list) else [found])

    def compare(self, definition, policies, machine):
        if not same(self.expected, definition):
            raise Fault("definition" + difference(self.expected, definition))
        expected, found = self.policy(machine), statements(policies)
        if expected != found:
            raise Fault(f"policy: expected {sorted(expected - found)[:3]}, found {sorted(found - expected)[:3]}")


def filled(value, values):
    """The JSON value with each `${Name}` that has a value."""
    if isinstance(value, str):
        return re.sub(r"\$\{([^{}]+)\}", lambda found: values.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [filled(it, values) for it in value]
    if isinstance(value, dict):
        return {filled(name, values): filled(it, values) for name, it in value.items()}
    return value


@functools.cache
def derived(source, *settings):
    """What `sfn-tasks policy` writes."""
    done = subprocess.run([CLI, "policy", source, *settings], capture_output=True, text=True)
    if not done.stdout and "needs no permission" not in done.stderr and "permissions" not in done.stderr:
        raise Fault(f"policy: {done.stderr}")
    return done.stdout


def statements(policies):
    """The statements of all documents, in a form that does not depend on their order."""
    every = set()
    for policy in policies:
        for statement in policy["Statement"]:
            members = {"Condition": {}, **statement}
            for name in ("Action", "Resource"):
                members[name] = sorted({members[name]} if isinstance(members[name], str) else {*members[name]})
            every.add(json.dumps(members, sort_keys=True))
    return every


# CloudFormation, from its documentation


class Stack:
    def __init__(self, case, template):
        self.case, self.template = case, template
        self.environment = {**PSEUDO, **case.environment}
        for name, parameter in template.get("Parameters", {}).items():
            reference = re.search("value of (.*) in the definition$", parameter["Description"])
            self.environment[name] = case.values[reference[1]] if reference else parameter["Default"]
        for name, resource in template["Resources"].items():
            self.environment[name] = self.environment[f"{name}.Arn"] = f"<{name}>"
            if resource["Type"] == "AWS::StepFunctions::Activity":
                activity = resource["Properties"]["Name"]
                self.environment[name] = ACTIVITY + activity

    def named(self, name):
        if name not in self.environment:
            raise Fault(f"the template has no `{name}`")
        return self.environment[name]

    def value(self, it):
        if it is None:
            raise Fault("null in the template")
        if isinstance(it, list):
            return [self.value(element) for element in it]
        if not isinstance(it, dict):
            return it
        if "Fn::Transform" in it:
            raise Fault("the template calls a macro")
        if len(it) != 1:
            return {name: self.value(element) for name, element in it.items()}
        (function, argument) = next(iter(it.items()))
        if function == "Ref":
            return self.named(argument)
        if function == "Fn::GetAtt":
            return self.named(argument if isinstance(argument, str) else ".".join(argument))
        if function == "Fn::Sub":
            return self.sub(*(argument if isinstance(argument, list) else [argument, {}]))
        argument = self.value(argument)
        match function:
            case "Fn::ImportValue":
                return self.named(f"import {argument}")
            case "Fn::Join":
                return argument[0].join(argument[1])
            case "Fn::Split":
                return argument[1].split(argument[0])
            case "Fn::Select":
                return argument[1][int(argument[0])]
        if function.startswith("Fn::") or function == "Condition":
            raise Fault(f"the template calls {function}")
        return {function: argument}

    def sub(self, text, variables):
        def value(found):
            if found[1].startswith("!"):
                return "${" + found[1][1:] + "}"
            if not re.fullmatch("[A-Za-z0-9_.:]+", found[1]):
                raise Fault(f"Fn::Sub rejects {found[0]}")
            return self.value(variables[found[1]]) if found[1] in variables else self.named(found[1])

        if re.search(r"\$\{[^}]*$", text):
            raise Fault("Fn::Sub rejects `${` without `}`")
        return re.sub(r"\$\{([^}]*)\}", value, text)

    def definition(self, properties):
        if "DefinitionUri" in properties:
            text = (self.case.folder / properties["DefinitionUri"]).read_text()
        elif "DefinitionString" in properties:
            text = self.value(properties["DefinitionString"])
        else:
            text = json.dumps(self.value(properties["Definition"]))
        if isinstance(properties.get("DefinitionString"), dict) and "Fn::Sub" in properties["DefinitionString"]:
            return json.loads(text)
        substitutions = self.value(properties.get("DefinitionSubstitutions", {}))
        if strange := {*re.findall(r"\$\{([^}]*)", text)} - substitutions.keys():
            raise Fault(f"{strange} in the definition is not substituted")
        return json.loads(re.sub(r"\$\{([^}]*)\}", lambda found: substitutions[found[1]], text))

    def machine(self):
        [machine] = [it for it in self.template["Resources"].values() if it["Type"].endswith("::StateMachine")]
        return machine

    def compare(self):
        properties = self.machine()["Properties"]
        definition = self.definition(properties)
        policies = []
        for resource in self.template["Resources"].values():
            its = resource.get("Properties", {})
            if resource["Type"] == "AWS::IAM::Role" and "states" in json.dumps(its["AssumeRolePolicyDocument"]):
                policies += [self.value(it["PolicyDocument"]) for it in its.get("Policies", [])]
            elif resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
                policies.append(self.value(its["PolicyDocument"]))
        title = self.value(properties.get("StateMachineName", properties.get("Name", "judged")))
        self.case.compare(definition, policies, title)


def by_yaml_1_1(text):
    return yaml.load(text, Loader=yaml.SafeLoader if len(text) < 20_000 else yaml.CSafeLoader)


def by_yaml_1_2(text):
    return ruamel.yaml.YAML(typ="safe", pure=len(text) < 20_000).load(text)


def cloud_formation(case):
    """The whole template as JSON, and a fragment as YAML."""
    written = json.loads((case.folder / "template.json").read_text())
    Stack(case, written).compare()
    whole = {name: it for name, it in written.items() if name not in ("AWSTemplateFormatVersion", "Outputs")}
    case.export("--fragment")
    text = (case.folder / "template.yaml").read_text()
    for parser in (by_yaml_1_1, by_yaml_1_2):
        parsed = parser(text)
        if not same(whole, parsed):
            raise Fault(f"{parser.__name__}{difference(whole, parsed)}")


class ManagedPolicies:
    """samtranslator asks AWS for these. The templates name none."""

    def load(self):
        return {}


def sam(case):
    stack = Stack(case, by_yaml_1_1((case.folder / "template.yaml").read_text()))
    stack.compare()
    if "Definition" in stack.machine()["Properties"]:
        Stack(case, transform(stack.template, {}, ManagedPolicies())).compare()


# Terraform


def expressions(text):
    """The locals of a configuration, and each attribute of its resources: type, label, name, expression."""
    found, block, lines = [], None, iter(text.split("\n"))
    for line in lines:
        if head := re.fullmatch(r'(resource|data|variable|output|locals)(?: "([^"]*)")?(?: "([^"]*)")? \{', line):
            block = head.groups()
        elif line == "}":
            block = None
        elif attribute := re.fullmatch(r"  (\w+) *= (.*)", line):
            value = [attribute[2]]
            if value[0] == "<<JSON":
                while value[-1] != "JSON":
                    value.append(next(lines))
            elif value[0].endswith(("{", "[", "(")):
                while not re.match(r"  \S", value[-1]):
                    value.append(next(lines))
            found.append((*block, attribute[1], "\n".join(value)))
    return found


def terraform(cases):
    if not shutil.which("terraform"):
        # No package registry has it, so a machine without it can only skip this part.
        print("Terraform is not installed: its configurations are not evaluated")
        return []
    root, faults, calls = FOLDER / "terraform", [], {}
    root.mkdir()
    for number, case in enumerate(cases):
        name, inputs = f"m{number}", module(case, root / f"m{number}")
        calls[number] = f'module "{name}" {{\n  source = "./{name}"\n{inputs}}}\n'
        calls[number] += f'output "{name}" {{\n  value = module.{name}\n}}\n'
    commands = [["init"], ["apply", "-auto-approve"]]
    while commands:
        (root / "main.tf").write_text("".join(calls.values()))
        done = subprocess.run(["terraform", *commands[0], "-no-color"], cwd=root, capture_output=True, text=True)
        if not done.returncode:
            commands.pop(0)
            continue
        # Without the modules that Terraform rejects, it can evaluate the others.
        rejected = {int(it) for it in re.findall(r"on m(\d+)/main.tf", done.stderr)} & calls.keys()
        if not rejected:
            sys.exit(f"terraform {commands[0]}: {done.stderr[:3000]}")
        for number in rejected:
            del calls[number]
            faults.append(f"{cases[number].name}: Terraform rejects {root}/m{number}")
    done = subprocess.run(["terraform", "output", "-json"], cwd=root, capture_output=True, text=True)
    found = json.loads(done.stdout)
    for number in calls:
        its, case = found[f"m{number}"]["value"], cases[number]
        try:
            [definition] = [json.loads(it) for name, it in its.items() if name.endswith("_definition")]
            [machine] = [it for name, it in its.items() if name.endswith("_name")]
            case.compare(definition, [json.loads(it) for name, it in its.items() if name.endswith("_policy")], machine)
        except (Fault, ValueError, LookupError) as fault:
            faults.append(f"{case.name}: {fault}")
    return faults


def module(case, folder):
    """A module whose outputs are the attributes to compare. Returns its arguments."""
    text = (case.folder / "main.tf").read_text()
    for attribute, value in (
        ("aws_partition.current.partition", PSEUDO["AWS::Partition"]),
        ("aws_partition.current.dns_suffix", PSEUDO["AWS::URLSuffix"]),
        ("aws_region.current.id", PSEUDO["AWS::Region"]),
        ("aws_caller_identity.current.account_id", PSEUDO["AWS::AccountId"]),
    ):
        text = text.replace(f"data.{attribute}", f'"{value}"')
    for _, type_, label, name, value in expressions(text):
        if (type_, name) == ("aws_sfn_activity", "name"):
            text = text.replace(f"aws_sfn_activity.{label}.arn", f'"{ACTIVITY}{value[1:-1]}"')
    wanted = {("aws_sfn_state_machine", "definition"), ("aws_sfn_state_machine", "name")}
    wanted |= {("aws_iam_role_policy", "policy"), ("aws_iam_policy", "policy")}
    written, inputs = [], ""
    for kind, type_, label, name, value in expressions(text):
        if kind == "locals":
            written.append(f"locals {{\n  {name} = {value}\n}}\n")
        elif kind == "variable" and name == "description":
            reference = re.search("value of (.*) in the definition", value)[1]
            inputs += f"  {type_} = {json.dumps(case.values[reference])}\n"
            written.append(f'variable "{type_}" {{\n  type = string\n}}\n')
        elif (type_, name) in wanted:
            written.append(f'output "{type_}_{label}_{name}" {{\n  value = {value}\n}}\n')
    for key, value in case.environment.items():
        text = json.dumps(value)
        written.append(f"locals {{\n  judge_{key} = {{ arn = {text}, name = {text} }}\n}}\n")
    folder.mkdir()
    (folder / "main.tf").write_text("".join(written))
    return inputs


# The CDK


def cdk(cases):
    # The compiler finds the CDK in a folder above.
    work = ROOT / "tests" / "cdk" / "judged"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        for number, case in enumerate(cases):
            shutil.copy(case.folder / "state-machine.ts", work / f"machine{number}.ts")
        done = subprocess.run(
            ["node", TOOLS / "export-judges" / "cdk.mjs", work], capture_output=True, text=True, cwd=work.parent
        )
        faults = [done.stdout[:3000] + done.stderr[:1000]] if done.returncode else []
        for number, case in enumerate(cases):
            text = (work / f"machine{number}.ts").read_text()
            properties = re.findall(r"/\*\* The value of (.*) in the definition. \*/\n  readonly (\w+):", text)
            case.environment |= {f"import property {name}": case.values[reference] for reference, name in properties}
            try:
                template = json.loads((work / f"machine{number}.json").read_text())
                template.pop("Parameters", None)
                Stack(case, template).compare()
            except FileNotFoundError:
                pass
            except (Fault, ValueError, LookupError) as fault:
                faults.append(f"{case.name}: {fault}")
        return faults
    finally:
        shutil.rmtree(work, ignore_errors=True)


EVALUATE = {"cloudformation": cloud_formation, "sam": sam}


def main():
    everything = [pair for path in sys.argv[1:] for pair in export_check.definitions(pathlib.Path(path))]
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    exported = {target: [] for target in KINDS}
    faults = []
    for number, (name, text) in enumerate(everything):
        (FOLDER / f"{number}.asl.json").write_text(text)
        for target in KINDS:
            try:
                case = Case(number, target, f"{number} {name}", text)
                if case.export(*(["--format", "json"] if target == "cloudformation" else [])):
                    exported[target].append(case)
                    if target in EVALUATE:
                        EVALUATE[target](case)
            except (Fault, ValueError, LookupError, yaml.YAMLError, ruamel.yaml.YAMLError) as fault:
                faults.append(f"{number} {name} as {target}: {type(fault).__name__} {fault}")
    faults += terraform(exported["terraform"]) + cdk(exported["cdk"])
    for fault in faults:
        print(fault[:600].replace("\n", " "))
    counts = ", ".join(f"{len(cases)} {target}" for target, cases in exported.items())
    print(f"{len(everything)} definitions ({counts}), {len(faults)} differences")
    sys.exit(1 if faults or not all(exported.values()) else 0)


if __name__ == "__main__":
    main()
