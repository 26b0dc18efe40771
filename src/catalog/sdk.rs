//! The AWS SDK integrations, in the catalog's own types.
//!
//! The facts lie packed in the crate `sfn-tasks-facts`. A service is unpacked when a definition first calls it, and a
//! structure is read when somebody first looks into it. What is read is kept for as long as the program runs.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{LazyLock, Mutex};

use sfn_tasks_facts as facts;

use super::{
    Action, Enumeration, ErrorName, ListShape, MapShape, Member, NumberShape, Pattern, PatternSupport, Reason, Service,
    Shape, Statement, StringShape, Structure, StructureRef,
};

/// The prefix of the service's part of the resource ARN.
pub(crate) const PREFIX: &str = "aws-sdk:";

const PAGE: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";

/// The service with that name, without [`PREFIX`].
pub(crate) fn service(name: &str) -> Option<&'static facts::Service> {
    facts::service(name)
}

/// The names of all services, in alphabetical order.
pub(crate) fn service_names() -> impl Iterator<Item = &'static str> + Clone {
    facts::services().iter().map(|service| service.name)
}

/// Something that is built once and kept.
type Kept<K, V> = LazyLock<Mutex<HashMap<K, &'static V>>>;

fn kept<K: Eq + Hash, V>(all: &'static Kept<K, V>, key: K, build: impl FnOnce() -> V) -> &'static V {
    let mut all = all.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    all.entry(key).or_insert_with(|| Box::leak(Box::new(build())))
}

/// The service with all of its APIs, in the catalog's types.
pub(super) fn whole_service(name: &str) -> Option<&'static Service> {
    static SERVICES: Kept<&str, Service> = LazyLock::new(Mutex::default);
    let known = facts::service(name)?;
    let actions = || known.operations().filter_map(|operation| action(known.name, operation.name)).collect::<Vec<_>>();
    Some(kept(&SERVICES, known.name, || Service {
        name: leak(format!("{PREFIX}{}", known.name)),
        title: known.title,
        docs: "Calls by the AWS SDK.",
        url: PAGE,
        actions: actions().leak(),
    }))
}

/// The API with that name.
pub(crate) fn action(service: &str, name: &str) -> Option<&'static Action> {
    static ACTIONS: Kept<(&str, &str), Action> = LazyLock::new(Mutex::default);
    let operation = facts::service(service)?.operation(name)?;
    Some(kept(&ACTIONS, (operation.service.name, operation.name), || build(operation)))
}

fn build(operation: facts::Operation) -> Action {
    let facts::Operation { service, name, .. } = operation;
    let statements = statements(&operation).unwrap_or_default();
    let support = |pattern: Pattern| PatternSupport {
        pattern,
        resource: leak(format!("arn:${{Partition}}:states:::{PREFIX}{}:{name}{}", service.name, pattern.suffix())),
        url: PAGE,
        token_in: &[],
        statements,
        result: &[],
        result_of: None,
    };
    let errors = operation.error_names().map(|(error, is_general)| ErrorName {
        name: leak(error),
        docs: if is_general { "Any other error of the service." } else { "" },
    });
    Action {
        service: leak(format!("{PREFIX}{}", service.name)),
        name,
        docs: "",
        url: leak(operation.url()),
        sdk: None,
        error_prefix: Some(service.error_prefix),
        patterns: Vec::from([Pattern::RequestResponse, Pattern::WaitForTaskToken].map(support)).leak(),
        parameters: operation.input().map_or(&NOTHING, |input| structure(service, &input)),
        resource_member: None,
        body_member: None,
        retry: &[],
        errors: errors.collect::<Vec<_>>().leak(),
        calls: None,
        output: None,
    }
}

/// Whether the permissions of the API's callers are known.
pub(crate) fn has_known_permissions(service: &str, name: &str) -> bool {
    facts::service(service).and_then(|service| service.operation(name)).is_some_and(|it| !it.needs().contains(&"?"))
}

/// None if a line says that they are not known.
fn statements(operation: &facts::Operation) -> Option<&'static [Statement]> {
    let lines = operation.needs();
    let page = operation.service.permissions_page().unwrap_or(PAGE);
    let mentioned = lines.iter().find_map(|line| line.strip_prefix("mention "));
    let statements = lines.iter().filter(|line| !line.starts_with("mention "));
    let statements: Option<Vec<Statement>> = statements.map(|line| statement(line, page, mentioned)).collect();
    statements.map(|statements| &*statements.leak())
}

/// `reason grade actions resources [when=…] [unless=…] [if=operator|key|value] [may]`
fn statement(line: &'static str, page: &'static str, mentioned: Option<&'static str>) -> Option<Statement> {
    let words: Vec<&'static str> = line.split(' ').collect();
    let [reason, _, actions, resources, rest @ ..] = words.as_slice() else { return None };
    let reason = Reason::ALL.into_iter().find(|known| known.key() == *reason)?;
    let setting = |name: &str| rest.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let conditions: Vec<_> = setting("if")
        .and_then(|text| {
            let mut parts = text.splitn(3, '|');
            Some((parts.next()?, parts.next()?, parts.next()?))
        })
        .into_iter()
        .collect();
    Some(Statement {
        actions: actions.split(',').collect::<Vec<_>>().leak(),
        resources: resources.split(',').collect::<Vec<_>>().leak(),
        conditions: conditions.leak(),
        when: setting("when"),
        unless: setting("unless"),
        depends_on: rest.contains(&"may").then(|| depends_on(actions)),
        reason,
        why: match (reason, mentioned) {
            (Reason::Call, Some(others)) => format!(
                "The state calls this API. AWS's reference says that it can also depend on {}, which the policy does not \
                 include; add what your call needs.",
                others.replace(',', ", ")
            )
            .leak(),
            (Reason::PassRole, _) => "The call passes a role to the service.",
            (Reason::Encryption, _) => "The service uses the key on behalf of the caller.",
            (Reason::OnBehalf, _) => "The service does this on behalf of the caller.",
            _ => "The state calls this API.",
        },
        url: page,
    })
}

/// What decides whether a call needs a permission that AWS's reference lists without saying when.
fn depends_on(actions: &str) -> &'static str {
    match actions {
        "iam:CreateServiceLinkedRole" => "whether the account has the service-linked role already",
        _ if actions.starts_with("s3:") => "whether the object has tags, or a version is read",
        _ => "what the service does for this call, which AWS's reference does not document",
    }
}

static NOTHING: Structure = Structure { name: "", members: &[], union: false, has_builder: false, rules: &[] };

/// The response of the API: an object without members if there is none.
pub(super) fn result(service: &str, name: &str) -> Option<&'static Structure> {
    let operation = facts::service(service)?.operation(name)?;
    Some(operation.output().map_or(&NOTHING, |output| structure(operation.service, &output)))
}

/// A structure of a service.
pub(super) fn structure(service: &'static facts::Service, it: &facts::Structure) -> &'static Structure {
    static STRUCTURES: Kept<(&str, &str), Structure> = LazyLock::new(Mutex::default);
    kept(&STRUCTURES, (service.name, it.name), || Structure {
        name: it.name,
        members: members(service, it),
        union: it.is_union,
        has_builder: false,
        rules: &[],
    })
}

/// The members of a structure. They only name their structures, so this ends.
fn members(service: &'static facts::Service, structure: &facts::Structure) -> &'static [Member] {
    let members = structure.members().into_iter().map(|member| Member {
        name: member.name,
        docs: "",
        required: member.required,
        shape: shape(service, &member.shape),
        preset: None,
        deprecated: None,
        fixed: false,
        setter: None,
    });
    members.collect::<Vec<_>>().leak()
}

fn shape(service: &'static facts::Service, shape_of: &facts::Type) -> Shape {
    let number = |bounds: &facts::Bounds| NumberShape { minimum: bounds.least, maximum: bounds.most, unit: None };
    match shape_of {
        facts::Type::String(bounds) => {
            let (min_length, max_length) = lengths(bounds);
            Shape::String(StringShape { min_length, max_length, pattern: None, format: None, refuses: &[] })
        }
        facts::Type::Integer(bounds) => Shape::Integer(number(bounds)),
        facts::Type::Number(bounds) => Shape::Number(number(bounds)),
        facts::Type::Boolean => Shape::Boolean,
        facts::Type::Timestamp => Shape::Timestamp,
        facts::Type::Blob => Shape::Blob,
        facts::Type::Json | facts::Type::Unreadable => Shape::Json,
        facts::Type::Enum(name) => Shape::Enum(enumeration(service, name)),
        facts::Type::Structure(name) => match service.structure(name) {
            Some(it) => Shape::Structure(StructureRef::of_sdk(service, it)),
            None => Shape::Json,
        },
        facts::Type::List(items, bounds) => {
            let (min_items, max_items) = lengths(bounds);
            Shape::List(leaked(ListShape { items: shape(service, items), min_items, max_items }))
        }
        facts::Type::Map(_, values, bounds) => {
            let (min_items, max_items) = lengths(bounds);
            Shape::Map(leaked(MapShape { values: shape(service, values), min_items, max_items, refuses: &[] }))
        }
    }
}

fn enumeration(service: &'static facts::Service, name: &'static str) -> &'static Enumeration {
    static ENUMERATIONS: Kept<(&str, &str), Enumeration> = LazyLock::new(Mutex::default);
    kept(&ENUMERATIONS, (service.name, name), || Enumeration {
        name,
        values: service.enumeration(name).map(|value| (value, "")).collect::<Vec<_>>().leak(),
        variants: &[],
    })
}

fn lengths(bounds: &facts::Bounds) -> (Option<u64>, Option<u64>) {
    let whole = |bound: f64| bound as u64;
    (bounds.least.map(whole), bounds.most.map(whole))
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_have_what_the_guide_lists() {
        assert_eq!(service_names().count(), 414);
        let put = action("s3", "putObject").unwrap();
        let named = |name: &str| put.parameters.member(name);
        assert!(named("Bucket").is_some_and(|bucket| bucket.required));
        // In the spelling of Step Functions, not of the API.
        assert!(named("Acl").is_some() && named("SsekmsKeyId").is_some() && named("ACL").is_none());
        assert!(matches!(named("Metadata").unwrap().shape, Shape::Map(_)));
        let Shape::Enum(classes) = named("StorageClass").unwrap().shape else { panic!("no enumeration") };
        assert!(classes.values.iter().any(|(value, _)| *value == "GLACIER"));
        assert!(action("s3", "PutObject").is_none() && action("nothing", "getObject").is_none());
        // A streaming action that Step Functions does not support.
        assert!(action("bedrockruntime", "converse").is_some() && action("bedrockruntime", "converseStream").is_none());
        assert!(std::ptr::eq(put, action("s3", "putObject").unwrap()));
        assert!(put.errors.iter().any(|error| error.name == "S3.EncryptionTypeMismatchException"));
        assert_eq!(put.patterns[1].resource, "arn:${Partition}:states:::aws-sdk:s3:putObject.waitForTaskToken");
    }

    #[test]
    fn a_type_can_hold_itself() {
        let scan = action("dynamodb", "scan").unwrap();
        let Shape::Map(values) = scan.parameters.member("ExpressionAttributeValues").unwrap().shape else {
            panic!("no map")
        };
        let Shape::Structure(value) = values.values else { panic!("no structure") };
        let Shape::List(list) = value.member("L").unwrap().shape else { panic!("no list") };
        assert!(matches!(list.items, Shape::Structure(inner) if std::ptr::eq(inner.get(), value.get())));
        assert!(format!("{scan:?}").len() < 50_000);
    }
}
