//! The state machines of a plan or state of Terraform (`terraform show -json`), and their roles, as CloudFormation
//! resources.
//!
//! A plan does not contain the ARNs of resources that do not exist yet. The role of a state machine or a policy is then
//! in the `configuration` of the plan, which lists the references of each expression.

use std::collections::BTreeMap;

use sfn_tasks::template::Resource;
use sfn_tasks::value::{Json, Object};

use super::homes::MACHINE;
use super::terraform;

/// A resource of a plan.
struct Planned<'p> {
    address: &'p str,
    kind: &'p str,
    pointer: String,
    values: &'p Json,
    /// Its expressions in the configuration.
    expressions: Option<&'p Json>,
}

/// The state machines of a plan or state, with their roles. `None` if the document is neither, or has no state machine.
pub(super) fn resources(json: &Json) -> Option<Vec<Resource>> {
    json.get("format_version").and(json.get("terraform_version"))?;
    let base = if json.get("planned_values").is_some() { "planned_values" } else { "values" };
    let configuration = json.pointer("/configuration/root_module");
    let mut planned = Vec::new();
    for base in [format!("/{base}"), "/prior_state/values".to_owned()] {
        if let Some(root) = json.pointer(&base).and_then(|values| values.get("root_module")) {
            gather(root, format!("{base}/root_module"), configuration, &mut planned);
        }
    }
    // The planned values come before the prior state, so in reverse order the planned ones replace the others.
    let mut plan = Plan { roles: BTreeMap::new(), documents: BTreeMap::new() };
    for it in planned.iter().rev() {
        match it.kind {
            "aws_iam_role" => drop(plan.roles.insert(it.address, name_of(it))),
            "aws_iam_policy_document" => drop(plan.documents.insert(it.address, document_of(it.values, it.address))),
            _ => {}
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut found: Vec<Own> = Vec::new();
    let mut attachments = Vec::new();
    for it in &planned {
        if seen.contains(&it.address) {
            continue;
        }
        seen.push(it.address);
        match it.kind {
            terraform::MACHINE => found.push(it.own(MACHINE, plan.machine(it))),
            "aws_iam_role" => found.push(it.own("AWS::IAM::Role", plan.role(it))),
            "aws_iam_role_policy" => found.push(it.own("AWS::IAM::RolePolicy", plan.policy(it))),
            "aws_iam_policy" => found.push(it.own("AWS::IAM::ManagedPolicy", plan.policy(it))),
            "aws_iam_role_policy_attachment" | "aws_iam_policy_attachment" => attachments.push(it),
            kind => {
                // Another resource that uses a role.
                let attributes = ["role", "role_arn", "execution_role_arn"];
                if let Some(role) = attributes.iter().find_map(|name| plan.role_id(it, name)) {
                    let mut properties = Object::new();
                    properties.insert("RoleArn", call("Ref", role.to_owned()));
                    found.push(it.own(kind, properties));
                }
            }
        }
    }
    if !found.iter().any(|own| own.kind == MACHINE) {
        return None;
    }
    for it in attachments {
        plan.attach(it, &mut found);
    }
    let resource = |own: Own| Resource::new(own.id, own.kind, own.pointer, own.properties.into());
    Some(found.into_iter().map(resource).collect())
}

/// A CloudFormation resource that is being built.
struct Own {
    id: String,
    kind: String,
    pointer: String,
    properties: Object,
}

impl Own {
    fn text(&self, property: &str) -> Option<&str> {
        self.properties.get(property).and_then(Json::as_str)
    }

    /// Adds to a list.
    fn extend(&mut self, property: &str, values: impl IntoIterator<Item = Json>) {
        let known = self.properties.get(property).and_then(Json::as_array).into_iter().flatten().cloned();
        let all: Vec<Json> = known.chain(values).collect();
        self.properties.insert(property.to_owned(), Json::from(all));
    }
}

impl Planned<'_> {
    fn own(&self, kind: &str, properties: Object) -> Own {
        Own { id: self.address.to_owned(), kind: kind.to_owned(), pointer: self.pointer.clone(), properties }
    }

    /// The modules that it is in: `module.a.`
    fn module(&self) -> &str {
        // The address within the module is `type.name`, with `data.` before it for a data source.
        let local = self.address.rfind(&format!("{}.", self.kind)).unwrap_or_default();
        self.address[..local].trim_end_matches("data.")
    }
}

/// All resources of a module, and then those of the modules in it, in the order of the plan.
fn gather<'p>(module: &'p Json, pointer: String, configuration: Option<&'p Json>, planned: &mut Vec<Planned<'p>>) {
    let mut open = vec![(pointer, module, configuration)];
    while let Some((pointer, module, configuration)) = open.pop() {
        let elements = |name: &str| module.get(name).and_then(Json::as_array).into_iter().flatten().enumerate();
        for (at, resource) in elements("resources") {
            let text = |name: &str| resource.get(name).and_then(Json::as_str);
            let (Some(kind), Some(address), Some(values)) =
                (text("type"), text("address").or(text("name")), resource.get("values"))
            else {
                continue;
            };
            let is_own = |own: &&Json| {
                own.get("type").and_then(Json::as_str) == Some(kind)
                    && own.get("name").and_then(Json::as_str) == text("name")
                    && own.get("mode").and_then(Json::as_str).unwrap_or("managed") == text("mode").unwrap_or("managed")
            };
            let all = configuration.and_then(|module| module.get("resources")?.as_array());
            let expressions = all.into_iter().flatten().find(is_own).and_then(|own| own.get("expressions"));
            let pointer = format!("{pointer}/resources/{at}/values");
            planned.push(Planned { address, kind, pointer, values, expressions });
        }
        // The last one that is pushed is the next one that is read.
        for (at, inner) in elements("child_modules").collect::<Vec<_>>().into_iter().rev() {
            // `module.a["x"].module.b`
            let address = inner.get("address").and_then(Json::as_str).unwrap_or_default();
            let name = address.rsplit("module.").next().unwrap_or_default().split('[').next().unwrap_or_default();
            let own = configuration.and_then(|module| module.get("module_calls")?.get(name)?.get("module"));
            open.push((format!("{pointer}/child_modules/{at}"), inner, own));
        }
    }
}

struct Plan<'p> {
    /// The names of the roles, by their addresses.
    roles: BTreeMap<&'p str, String>,
    /// The documents of `aws_iam_policy_document`, by their addresses.
    documents: BTreeMap<&'p str, Json>,
}

impl Plan<'_> {
    fn machine(&self, machine: &Planned<'_>) -> Object {
        let Json::Object(mut properties) = terraform::WORDS.properties(machine.values) else { return Object::new() };
        if let Some(role) = self.role_of(machine, "role_arn") {
            properties.insert("RoleArn", role);
        }
        properties
    }

    fn role(&self, role: &Planned<'_>) -> Object {
        let mut properties = Object::new();
        properties.insert("RoleName", name_of(role));
        let inline = role.values.get("inline_policy").and_then(Json::as_array).into_iter().flatten();
        let policies = inline.map(|policy| {
            let mut own = Object::new();
            own.insert("PolicyDocument", document(policy.get("policy"), role.address));
            Json::from(own)
        });
        let policies: Vec<Json> = policies.collect();
        if !policies.is_empty() {
            properties.insert("Policies", Json::from(policies));
        }
        for (name, own) in
            [("ManagedPolicyArns", "managed_policy_arns"), ("PermissionsBoundary", "permissions_boundary")]
        {
            if let Some(value) =
                role.values.get(own).filter(|value| **value != Json::Null && value.as_str() != Some(""))
            {
                properties.insert(name, value.clone());
            }
        }
        properties
    }

    fn policy(&self, policy: &Planned<'_>) -> Object {
        let mut properties = Object::new();
        let text = policy.values.get("policy").filter(|text| text.as_str().is_some());
        let address = referred(policy, "policy", self.documents.keys().copied());
        let document = match address.and_then(|address| self.documents.get(address)) {
            Some(known) if text.is_none() => known.clone(),
            _ => document(text, policy.address),
        };
        properties.insert("PolicyDocument", document);
        if policy.kind == "aws_iam_policy" {
            properties.insert("ManagedPolicyName", name_of(policy));
        } else if let Some(role) = self.role_of(policy, "role") {
            properties.insert("RoleName", role);
        }
        properties
    }

    /// Adds the policy of an attachment to its roles.
    fn attach(&self, attachment: &Planned<'_>, resources: &mut [Own]) {
        let mut roles: Vec<Json> = self.role_of(attachment, "role").into_iter().collect();
        roles.extend(attachment.values.get("roles").and_then(Json::as_array).into_iter().flatten().cloned());
        let arn = attachment.values.get("policy_arn").and_then(Json::as_str);
        let policies = || resources.iter().filter(|own| own.kind == "AWS::IAM::ManagedPolicy");
        let own = match arn {
            Some(arn) if arn.contains(":aws:policy/") => None,
            Some(arn) => policies().find(|own| own.text("ManagedPolicyName") == arn.rsplit('/').next()),
            None => {
                let address = referred(attachment, "policy_arn", policies().map(|own| own.id.as_str()));
                policies().find(|own| Some(own.id.as_str()) == address)
            }
        };
        if let Some(id) = own.map(|own| own.id.clone()) {
            let policy = resources.iter_mut().find(|own| own.id == id);
            return policy.into_iter().for_each(|policy| policy.extend("Roles", roles.clone()));
        }
        let policy = arn.map_or_else(|| after_apply(attachment.address), |arn| arn.to_owned().into());
        for role in &roles {
            let is_it = |own: &&mut Own| own.kind == "AWS::IAM::Role" && own.text("RoleName") == role.as_str();
            if let Some(role) = resources.iter_mut().find(is_it) {
                role.extend("ManagedPolicyArns", [policy.clone()]);
            }
        }
    }

    /// The name or ARN of the role in an attribute, if the plan contains it.
    fn role_of(&self, resource: &Planned<'_>, attribute: &str) -> Option<Json> {
        if let Some(known) = resource.values.get(attribute).and_then(Json::as_str) {
            return Some(known.to_owned().into());
        }
        let address = referred(resource, attribute, self.roles.keys().copied())?;
        let name = self.roles.get(address)?;
        Some(match attribute {
            "role_arn" => format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}").into(),
            _ => name.clone().into(),
        })
    }

    /// The address of the role in an attribute.
    fn role_id(&self, resource: &Planned<'_>, attribute: &str) -> Option<&str> {
        let name = self.role_of(resource, attribute)?;
        let name = name.as_str()?.rsplit('/').next()?;
        self.roles.iter().find(|(_, known)| *known == name).map(|(address, _)| *address)
    }
}

/// The address that an attribute refers to, among the known ones in the module of the resource.
fn referred<'k>(
    resource: &Planned<'_>,
    attribute: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Option<&'k str> {
    let references = resource.expressions?.get(attribute)?.get("references")?.as_array()?;
    let module = resource.module();
    let index = |address: &str| address.rfind('[').map(|at| address[at..].to_owned()).filter(|it| it.ends_with(']'));
    for reference in references.iter().filter_map(Json::as_str) {
        let reference = without_index(reference);
        let is_it = |address: &&str| {
            address.strip_prefix(module).is_some_and(|local| {
                let local = without_index(local);
                reference == local || reference.strip_prefix(&local).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        // If several match, prefer the one with the same index.
        let same = known.clone().filter(is_it).find(|address| index(address) == index(resource.address));
        if let Some(found) = same.or_else(|| known.clone().find(is_it)) {
            return Some(found);
        }
    }
    None
}

/// The address without indexes in brackets.
fn without_index(address: &str) -> String {
    let mut depth = 0_usize;
    let keep = |letter: &char| match letter {
        '[' => {
            depth += 1;
            false
        }
        ']' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    address.chars().filter(keep).collect()
}

/// A placeholder for a value that is known only after the plan is applied.
fn after_apply(address: &str) -> Json {
    call("Fn::AfterApply", address.to_owned())
}

fn call(function: &str, argument: String) -> Json {
    let mut call = Object::new();
    call.insert(function.to_owned(), argument);
    call.into()
}

/// The name, or the address if the provider generates the name.
fn name_of(resource: &Planned<'_>) -> String {
    let name = resource.values.get("name").and_then(Json::as_str);
    name.map_or_else(|| resource.address.replace('/', "."), str::to_owned)
}

/// A policy document in JSON text.
fn document(text: Option<&Json>, address: &str) -> Json {
    let parsed = text.and_then(Json::as_str).and_then(|text| serde_json::from_str(text).ok());
    parsed.unwrap_or_else(|| after_apply(address))
}

/// The policy of the data source `aws_iam_policy_document`: its `json` attribute if it is known, or else its statements.
fn document_of(values: &Json, address: &str) -> Json {
    if values.get("json").is_some_and(|text| text.as_str().is_some()) {
        return document(values.get("json"), address);
    }
    fn list<'j>(json: &'j Json, name: &str) -> Option<Vec<&'j Json>> {
        Some(json.get(name)?.as_array()?.iter().collect())
    }
    let has = |json: &Json, name: &str| list(json, name).is_some_and(|all| !all.is_empty());
    // A value that is not known yet is missing or null.
    let is_open = |statement: &Json| {
        let open = |name: &str| list(statement, name).is_some_and(|all| all.iter().any(|one| one.as_str().is_none()));
        let neither = |one: &str, other: &str| !has(statement, one) && !has(statement, other);
        open("actions")
            || open("resources")
            || neither("actions", "not_actions")
            || neither("resources", "not_resources")
    };
    let statements = list(values, "statement").unwrap_or_default();
    let others = ["source_policy_documents", "override_policy_documents"];
    if others.iter().any(|name| has(values, name)) || statements.iter().any(|statement| is_open(statement)) {
        return after_apply(address);
    }
    let texts = |it: &Json| match it {
        Json::Array(all) if !all.is_empty() => Some(it.clone()),
        _ => None,
    };
    let statements = statements.into_iter().map(|own| {
        let mut statement = Object::new();
        let member = |name: &str| own.get(name).filter(|value| **value != Json::Null);
        statement.insert("Effect", member("effect").cloned().unwrap_or_else(|| "Allow".into()));
        if let Some(sid) = member("sid") {
            statement.insert("Sid", sid.clone());
        }
        for (name, own) in [
            ("Action", "actions"),
            ("NotAction", "not_actions"),
            ("Resource", "resources"),
            ("NotResource", "not_resources"),
        ] {
            if let Some(values) = member(own).and_then(texts) {
                statement.insert(name, values);
            }
        }
        let mut conditions = Object::new();
        for condition in member("condition").and_then(Json::as_array).into_iter().flatten() {
            let text = |name: &str| condition.get(name).and_then(Json::as_str);
            let (Some(operator), Some(key)) = (text("test"), text("variable")) else { continue };
            let mut keys = conditions.get(operator).and_then(Json::as_object).cloned().unwrap_or_default();
            keys.insert(key.to_owned(), condition.get("values").cloned().unwrap_or_default());
            conditions.insert(operator.to_owned(), keys);
        }
        if !conditions.is_empty() {
            statement.insert("Condition", conditions);
        }
        Json::from(statement)
    });
    let mut policy = Object::new();
    policy.insert("Statement", Json::from(statements.collect::<Vec<Json>>()));
    policy.into()
}
