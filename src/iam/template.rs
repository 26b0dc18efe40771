//! The resource templates of the specs, filled in.

use std::collections::BTreeMap;

use super::arn::{Arn, Condition, Piece, ScopePart};
use super::parameters::{Parameters, Presence};
use super::transform::{Filled, transform};
use super::{ReferenceKind, Scope};

/// The maximum number of resources that a template can become before a wildcard replaces them. A longer list of
/// parameters would fill a policy by itself.
const MAX_RESOURCES: usize = 128;

/// The values for templates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) scope: &'a Scope,
    pub(super) references: &'a BTreeMap<String, ReferenceKind>,
    /// The roles that belong to the resource that a value names.
    pub(super) roles: &'a BTreeMap<Arn, Vec<Arn>>,
}

/// A filled template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Resource {
    pub(super) arn: Arn,
    /// Additional conditions, where the resource alone is not enough.
    pub(super) conditions: Vec<Condition>,
}

impl Context<'_> {
    /// Every resource of a template; none if it is for the elements of an empty list.
    pub(super) fn fill(&self, template: &str, parameters: &Parameters<'_>) -> Vec<Resource> {
        let mut filled = vec![Resource::default()];
        let mut rest = template;
        while let Some(start) = rest.find("${") {
            let Some(end) = rest[start..].find('}').map(|length| start + length) else { break };
            let placeholder = &rest[start + 2..end];
            for resource in &mut filled {
                resource.arn = std::mem::take(&mut resource.arn).with_any(&rest[..start]);
            }
            filled = match self.scope_part(placeholder) {
                Some(piece) => {
                    filled.iter_mut().for_each(|resource| resource.arn.push(piece.clone()));
                    filled
                }
                None => self.combine(&filled, self.placeholder(placeholder, parameters)),
            };
            rest = &rest[end + 1..];
        }
        for resource in &mut filled {
            resource.arn = self.resolve(&std::mem::take(&mut resource.arn).with_any(rest));
        }
        filled
    }

    /// The text with the known parts of the scope.
    pub(super) fn resolve(&self, arn: &Arn) -> Arn {
        let mut resolved = Arn::default();
        for piece in arn.pieces() {
            match piece {
                Piece::Scope(part) => resolved.push(self.scope.piece(*part)),
                piece => resolved.push(piece.clone()),
            }
        }
        resolved
    }

    fn scope_part(&self, placeholder: &str) -> Option<Piece> {
        let parts = [ScopePart::Partition, ScopePart::Region, ScopePart::Account];
        parts.into_iter().find(|part| part.name() == placeholder).map(|part| self.scope.piece(part))
    }

    /// The value of a placeholder.
    fn placeholder(&self, placeholder: &str, parameters: &Parameters<'_>) -> Vec<Filled> {
        let (path, function) = match placeholder.split_once('|') {
            Some((path, function)) => (path, Some(function)),
            None => (placeholder, None),
        };
        let (path, fallback) = match path.split_once('=') {
            Some((path, fallback)) => (path, Some(fallback)),
            None => (path, None),
        };
        let path = parameters.set_one(path);
        let found = parameters.find(path);
        let mut values = found.values;
        let is_list = path.contains('[');
        match (found.presence, fallback) {
            (_, Some(fallback)) if found.gaps => values.push(otherwise(fallback)),
            (Presence::Absent, Some(fallback)) => values.push(otherwise(fallback)),
            (Presence::Absent, None) if function == Some("folder") => values.push(Arn::default()),
            (Presence::Absent, None) if !is_list => values.push(Arn::any()),
            _ => {}
        }
        values
            .iter()
            .flat_map(|value| {
                if let (Some("taskRoles" | "profileRole"), Some(roles)) = (function, self.roles.get(value)) {
                    let filled = |role: &Arn| transform(None, role, self.is_arn(role, ""));
                    return roles.iter().flat_map(filled).collect();
                }
                let is_arn = self.is_arn(value, path);
                // The template shows that it is a whole ARN.
                let is_whole = || value.as_reference().is_some_and(|name| self.references.contains_key(name));
                match function {
                    Some("secret") if is_arn && is_whole() => transform(None, value, true),
                    function => transform(function, value, is_arn),
                }
            })
            .collect()
    }

    /// Every beginning with every value.
    fn combine(&self, beginnings: &[Resource], fillings: Vec<Filled>) -> Vec<Resource> {
        let fillings = match beginnings.len() * fillings.len() > MAX_RESOURCES {
            true => vec![Filled::text(Arn::any())],
            false => fillings,
        };
        let mut combined = Vec::with_capacity(beginnings.len() * fillings.len());
        for beginning in beginnings {
            for filling in &fillings {
                let mut resource = beginning.clone();
                if filling.replaces {
                    resource.arn = Arn::default();
                }
                resource.arn.append(&filling.arn);
                resource.conditions.extend(filling.condition.clone());
                combined.push(resource);
            }
        }
        combined
    }

    /// Whether a value is a complete ARN. For a reference, its name or the name of the parameter decides.
    fn is_arn(&self, value: &Arn, path: &str) -> bool {
        let ends_with_arn = |name: &str| name.to_ascii_lowercase().ends_with("arn");
        match value.pieces().first() {
            Some(Piece::Literal(text)) => text.starts_with("arn:"),
            Some(Piece::Reference(name, _)) => match self.references.get(name) {
                Some(kind) => kind.is_arn(),
                None => ends_with_arn(name) || ends_with_arn(path),
            },
            _ => false,
        }
    }
}

/// The value of a parameter that is not set: a name, or `*` for all.
fn otherwise(fallback: &str) -> Arn {
    match fallback {
        "*" => Arn::any(),
        name => Arn::parse(name),
    }
}

/// The template with a wildcard for each parameter.
pub(super) fn with_wildcards(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, (placeholder, after))) =
        rest.split_once("${").and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        text.push_str(before);
        match ["Partition", "Region", "Account"].contains(&placeholder) {
            true => text.push_str(&format!("${{{placeholder}}}")),
            false => text.push('*'),
        }
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::QueryLanguage;
    use crate::value::Json;

    fn fill(template: &str, payload: &str) -> Vec<String> {
        let json: Json = serde_json::from_str(payload).unwrap();
        let context = Context { scope: &Scope::default(), references: &BTreeMap::new(), roles: &BTreeMap::new() };
        let language = QueryLanguage::JsonPath;
        let parameters =
            Parameters { payload: Some(&json), language, fixed: Vec::new(), itself: None, variables: None };
        let filled = context.fill(template, &parameters);
        filled
            .iter()
            .map(|resource| match resource.conditions.first() {
                Some((operator, key, value)) => format!("{} if {operator} {key} {value}", resource.arn),
                None => resource.arn.to_string(),
            })
            .collect()
    }

    const TABLE: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
    const FUNCTION: &str = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName|functionArn}";
    const TASK: &str = "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${T|anyRevision}";

    #[test]
    fn a_name_is_completed_and_an_arn_is_not() {
        let table = |name: &str| fill(TABLE, &format!(r#"{{"TableName": "{name}"}}"#));
        assert_eq!(table("Orders"), ["arn:${Partition}:dynamodb:${Region}:${Account}:table/Orders"]);
        let other = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/Orders";
        assert_eq!(table(other), [other]);
        assert_eq!(table("${Stage}-orders"), ["arn:${Partition}:dynamodb:${Region}:${Account}:table/${Stage}-orders"]);
        assert_eq!(table("${OrdersTableArn}"), ["${OrdersTableArn}"]);
        assert_eq!(table("${Orders.Arn}"), ["${Orders.Arn}"]);
        assert_eq!(
            fill(TABLE, r#"{"TableName.$": "$.t"}"#),
            ["arn:${Partition}:dynamodb:${Region}:${Account}:table/*"]
        );
    }

    #[test]
    fn an_arn_replaces_the_template_up_to_its_placeholder() {
        let qualified = format!("{FUNCTION}:${{Qualifier}}");
        let payload = r#"{"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:f", "Qualifier": "live"}"#;
        assert_eq!(fill(&qualified, payload), ["arn:aws:lambda:eu-west-1:111122223333:function:f:live"]);
        let payload = r#"{"FunctionName": "111122223333:function:f"}"#;
        assert_eq!(fill(FUNCTION, payload), ["arn:${Partition}:lambda:${Region}:111122223333:function:f"]);
        let payload = r#"{"FunctionName": "${FunctionArn}", "Qualifier.$": "$.q"}"#;
        assert_eq!(fill(&qualified, payload), ["${FunctionArn}:*"]);
    }

    #[test]
    fn revisions() {
        let task = |name: &str| fill(TASK, &format!(r#"{{"T": "{name}"}}"#)).join(" ");
        let head = "arn:${Partition}:ecs:${Region}:${Account}:task-definition/";
        assert_eq!(task("family"), format!("{head}family:*"));
        assert_eq!(task("family:3"), format!("{head}family:3"));
        assert_eq!(task("${Family}"), format!("{head}${{Family}} {head}${{Family}}:*"));
        assert_eq!(task("${TaskArn}"), "${TaskArn} ${TaskArn}:*");
        assert_eq!(task("arn:aws:ecs:r:1:task-definition/f:1"), "arn:aws:ecs:r:1:task-definition/f:1");
        assert_eq!(task("arn:aws:ecs:r:1:task-definition/f"), "arn:aws:ecs:r:1:task-definition/f:*");
        assert_eq!(fill(TASK, r#"{"T.$": "$.t"}"#), [format!("{head}*")]);
    }

    #[test]
    fn queues() {
        let queue = |url: &str| fill("${QueueUrl|queueArn}", &format!(r#"{{"QueueUrl": "{url}"}}"#)).join(" ");
        assert_eq!(
            queue("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs.fifo"),
            "arn:${Partition}:sqs:eu-west-1:111122223333:jobs.fifo"
        );
        assert_eq!(
            queue("https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Queue}"),
            "arn:${Partition}:sqs:${Region}:${Account}:${Queue}"
        );
        assert_eq!(
            queue("${QueueUrl}"),
            "arn:${Partition}:sqs:${Region}:${QueueUrl|queueAccount}:${QueueUrl|queueName}"
        );
        assert_eq!(fill("${QueueUrl|queueArn}", r#"{"QueueUrl.$": "$.q"}"#), ["arn:${Partition}:sqs:${Region}:*:*"]);
    }

    #[test]
    fn state_machines_and_their_executions() {
        let execution = "arn:${Partition}:states:${Region}:${Account}:execution:${S|stateMachineName}:*";
        let payload = r#"{"S": "arn:aws:states:eu-west-1:111122223333:stateMachine:child:PROD"}"#;
        assert_eq!(fill("${S|stateMachineArn}", payload), ["arn:aws:states:eu-west-1:111122223333:stateMachine:child"]);
        assert_eq!(fill(execution, payload), ["arn:aws:states:eu-west-1:111122223333:execution:child:*"]);
        let payload = r#"{"S": "${ChildArn}"}"#;
        assert_eq!(fill("${S|stateMachineArn}", payload), ["${ChildArn}"]);
        assert_eq!(
            fill(execution, payload),
            ["arn:${Partition}:states:${Region}:${Account}:execution:${ChildArn|stateMachineName}:*"]
        );
        let payload = r#"{"S.$": "$.s"}"#;
        assert_eq!(
            fill("${S|stateMachineArn}", payload),
            ["arn:${Partition}:states:${Region}:${Account}:stateMachine:*"]
        );
        assert_eq!(fill(execution, payload), ["arn:${Partition}:states:${Region}:${Account}:execution:*:*"]);
    }

    #[test]
    fn keys_and_aliases() {
        let key = |key: &str| {
            fill("arn:${Partition}:kms:${Region}:${Account}:key/${K|kmsKey}", &format!(r#"{{"K": "{key}"}}"#)).join(" ")
        };
        assert_eq!(key("1234"), "arn:${Partition}:kms:${Region}:${Account}:key/1234");
        assert_eq!(key("${KeyArn}"), "${KeyArn}");
        assert_eq!(
            key("alias/mine"),
            "arn:${Partition}:kms:${Region}:${Account}:key/* if ForAnyValue:StringEquals kms:ResourceAliases alias/mine"
        );
        assert_eq!(
            key("arn:aws:kms:eu-west-1:1:alias/mine"),
            "arn:aws:kms:eu-west-1:1:key/* if ForAnyValue:StringEquals kms:ResourceAliases alias/mine"
        );
    }

    #[test]
    fn hosts_of_apis() {
        let api = |host: &str| fill("${Host|apiId}/prod", &format!(r#"{{"Host": "{host}"}}"#)).join(" ");
        let arn = "arn:${Partition}:execute-api:eu-west-1:${Account}:a1b2c3/prod";
        assert_eq!(api("a1b2c3.execute-api.eu-west-1.amazonaws.com"), arn);
        let arn = "arn:${Partition}:execute-api:${Region}:${Account}:${Api}/prod";
        assert_eq!(api("${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"), arn);
        assert_eq!(api("${ApiHost}"), "*/prod");
        assert_eq!(fill("${Host|apiId}/prod", r#"{"Host.$": "$.host"}"#), ["*/prod"]);
    }

    #[test]
    fn of_several_parameters_the_one_that_is_set() {
        let stream = |payload: &str| fill("stream/${StreamARN/StreamName}", payload).join(" ");
        assert_eq!(stream(r#"{"StreamName": "clicks"}"#), "stream/clicks");
        assert_eq!(stream(r#"{"StreamARN": "arn:aws:kinesis:r:1:stream/x"}"#), "arn:aws:kinesis:r:1:stream/x");
        assert_eq!(stream(r#"{"StreamARN.$": "$.arn", "StreamName": "clicks"}"#), "stream/*");
        assert_eq!(stream(r#"{"StreamName": "${ClicksArn}"}"#), "${ClicksArn}");
        assert_eq!(stream("{}"), "stream/*");
        assert_eq!(fill("${A[]/B[]=*}", r#"{"B": ["x"]}"#), ["x"]);
        assert_eq!(fill("${A[]/B[]=*}", "{}"), ["*"]);
    }

    #[test]
    fn an_arn_of_what_is_above_the_resource() {
        let service = |cluster: &str| {
            fill("service/${C=default|lastOf}/${S}", &format!(r#"{{"C": "{cluster}", "S": "web"}}"#)).join(" ")
        };
        assert_eq!(service("main"), "service/main/web");
        assert_eq!(service("arn:aws:ecs:eu-west-1:1:cluster/main"), "service/main/web");
        assert_eq!(service("${ClusterArn}"), "service/*/web");
        assert_eq!(service("arn:aws:ecs:eu-west-1:1:cluster/${Cluster}"), "service/${Cluster}/web");
        assert_eq!(fill("service/${C=default|lastOf}/${S}", r#"{"S": "web"}"#), ["service/default/web"]);
    }

    #[test]
    fn a_name_in_the_place_of_an_id() {
        let group = |id: &str| fill("group:${G|ifArn}", &format!(r#"{{"G": "{id}"}}"#)).join(" ");
        assert_eq!(group("nightly"), "group:*");
        assert_eq!(group("arn:aws:synthetics:r:1:group:x1"), "arn:aws:synthetics:r:1:group:x1");
        assert_eq!(group("${GroupArn}"), "${GroupArn}");
    }

    #[test]
    fn urls_of_s3() {
        let object = |url: &str| fill("arn:aws:s3:::${U|s3Url}", &format!(r#"{{"U": "{url}"}}"#)).join(" ");
        assert_eq!(object("https://b.s3.eu-west-1.amazonaws.com/x/t.yaml"), "arn:aws:s3:::b/x/t.yaml");
        assert_eq!(object("https://b.c.s3-eu-west-1.amazonaws.com/t.yaml"), "arn:aws:s3:::b.c/t.yaml");
        assert_eq!(object("https://s3.amazonaws.com/b/x/t.yaml"), "arn:aws:s3:::b/x/t.yaml");
        assert_eq!(object("https://${Bucket}.s3.amazonaws.com/t.yaml"), "arn:aws:s3:::${Bucket}/t.yaml");
        assert_eq!(object("${Url}"), "arn:aws:s3:::*");
        assert_eq!(object("https://example.com/t.yaml"), "arn:aws:s3:::*");
    }

    #[test]
    fn absent_parameters() {
        assert_eq!(fill("w/${WorkGroup=primary}", "{}"), ["w/primary"]);
        assert_eq!(fill("d/${Database}", "{}"), ["d/*"]);
        assert_eq!(fill("d/${List[].Name}", "{}"), [""; 0]);
        let payload = r#"{"List": [{"Name": "a"}, {}]}"#;
        assert_eq!(fill("d/${List[].Name}", payload), ["d/a"]);
        assert_eq!(fill("d/${List[].Name=default}", payload), ["d/a", "d/default"]);
        assert_eq!(fill("d/${List[]=*}", "{}"), ["d/*"]);
        assert_eq!(fill("d/${List[]=*}", r#"{"List": ["a", "b"]}"#), ["d/a", "d/b"]);
        assert_eq!(fill("b/${Prefix|folder}*", "{}"), ["b/*"]);
        assert_eq!(fill("b/${Prefix|folder}*", r#"{"Prefix": "in"}"#), ["b/in/*"]);
        assert_eq!(fill("b/${Prefix|folder}*", r#"{"Prefix": "in/"}"#), ["b/in/*"]);
        assert_eq!(fill("${Out|s3Objects}", "{}"), ["*/*"]);
        assert_eq!(fill("${Out|s3Objects}", r#"{"Out": "s3://b"}"#), ["b/*"]);
        assert_eq!(fill("${Out|s3Objects}", r#"{"Out": "s3://${B}/x/y"}"#), ["${B}/x/y/*"]);
        assert_eq!(fill("${Out|s3Object}", r#"{"Out": "s3://b/x/y.json"}"#), ["b/x/y.json"]);
        assert_eq!(fill("${Out|s3Object}", r#"{"Out.$": "$.out"}"#), ["*/*"]);
        assert_eq!(fill("${Out|s3Bucket}", r#"{"Out": "s3://b/x/"}"#), ["b"]);
        assert_eq!(fill("${Out|s3Bucket}", r#"{"Out.$": "$.out"}"#), ["*"]);
        assert_eq!(fill("b/${Name|lowercase}", r#"{"Name": "MyModel"}"#), ["b/mymodel"]);
    }
}
