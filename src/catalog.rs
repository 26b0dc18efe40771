//! What is known about every service integration: the facts of the spec files as static tables.
//!
//! The tables are generated from `spec/`, and whole in every build. Nothing else in the library states a fact about an AWS service.

mod facts;
mod json;
mod own;
mod result;
pub(crate) mod sdk;

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

pub use facts::{Facts, StructureRef};
pub(crate) use own::recognize;
pub use result::result;

/// How Step Functions calls a service and what it waits for.
///
/// See [Discover service integration patterns](https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Pattern {
    /// Request Response: the state ends as soon as the service has responded.
    RequestResponse,
    /// Run a Job (`.sync`): the state ends when the job that it started has ended.
    Sync,
    /// Run a Job (`.sync:2`): the same, with the output of a nested execution as JSON instead of a string.
    Sync2,
    /// Wait for a Callback with the Task Token (`.waitForTaskToken`).
    WaitForTaskToken,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Pattern; 4] = [Pattern::RequestResponse, Pattern::Sync, Pattern::Sync2, Pattern::WaitForTaskToken];

    /// The suffix of the resource ARN.
    pub const fn suffix(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        }
    }

    /// The key of the pattern in spec files and in the catalog's JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "requestResponse",
            Pattern::Sync => "sync",
            Pattern::Sync2 => "sync:2",
            Pattern::WaitForTaskToken => "waitForTaskToken",
        }
    }

    /// Whether an Express workflow can use it: only Request Response.
    pub const fn works_in_express(self) -> bool {
        matches!(self, Pattern::RequestResponse)
    }
}

/// AWS's name of the pattern.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Pattern::RequestResponse => "Request Response",
            Pattern::Sync => "Run a Job (.sync)",
            Pattern::Sync2 => "Run a Job (.sync:2)",
            Pattern::WaitForTaskToken => "Wait for Callback (.waitForTaskToken)",
        })
    }
}

/// Every service that has a spec, sorted by name. It does not depend on Cargo features, which choose only builders.
pub fn services() -> &'static [&'static Service] {
    static ALL: OnceLock<Vec<&'static Service>> = OnceLock::new();
    ALL.get_or_init(|| crate::tasks::SERVICES.iter().map(|facts| &***facts).collect())
}

/// The names of the services that are called by the AWS SDK, as in a resource ARN: `aws-sdk:s3`.
pub fn sdk_services() -> impl Iterator<Item = String> {
    sdk::service_names().map(|name| format!("{}{name}", sdk::PREFIX))
}

/// The service with that name, as in a resource ARN: `dynamodb`, or `aws-sdk:s3`.
pub fn service(name: &str) -> Option<&'static Service> {
    if let Some(name) = name.strip_prefix(sdk::PREFIX) {
        return sdk::whole_service(name);
    }
    crate::tasks::SERVICES.iter().find(|facts| facts.name() == name).map(|facts| &***facts)
}

/// The API of that service, by its names in a resource ARN: `dynamodb` and `getItem`, or `aws-sdk:s3` and `copyObject`.
///
/// Of an AWS SDK integration, AWS's own model of the API is known: the types of parameters and results, and the names of
/// errors.
pub fn find(service: &str, action: &str) -> Option<&'static Action> {
    if let Some(service) = service.strip_prefix(sdk::PREFIX) {
        return sdk::action(service, action);
    }
    self::service(service)?.action(action)
}

/// The optimized integration that makes the same call as an AWS SDK integration.
pub(crate) fn optimized(call: &'static Action) -> Option<&'static Action> {
    static BY_CALL: OnceLock<HashMap<(&'static str, &'static str), &'static Action>> = OnceLock::new();
    let by_call = BY_CALL.get_or_init(|| {
        let actions = services().iter().flat_map(|service| service.actions).copied();
        actions
            .map(|action| match action.sdk.and_then(|call| call.split_once(':')) {
                Some(call) => (call, action),
                None => ((action.service, action.name), action),
            })
            .collect()
    });
    by_call.get(&(call.service.strip_prefix(sdk::PREFIX)?, call.name)).copied()
}

/// One service, from one spec file.
#[derive(Debug)]
#[non_exhaustive]
pub struct Service {
    /// The service's part of the resource ARN: `dynamodb`.
    pub name: &'static str,
    /// AWS's name of the service: `Amazon DynamoDB`.
    pub title: &'static str,
    /// What the service is, in Markdown.
    pub docs: &'static str,
    /// The page of the Step Functions guide.
    pub url: &'static str,
    /// The APIs that Step Functions can call.
    pub actions: &'static [&'static Action],
}

impl Service {
    /// The API with that name.
    pub fn action(&self, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.name == name).copied()
    }
}

/// One API of a service.
#[derive(Debug)]
#[non_exhaustive]
pub struct Action {
    /// The service's part of the resource ARN: `dynamodb`.
    pub service: &'static str,
    /// The API's part of the resource ARN: `getItem`.
    pub name: &'static str,
    /// What the API does, in Markdown.
    pub docs: &'static str,
    /// The page of the API.
    pub url: &'static str,
    /// The call of the AWS SDK behind this API, if its names differ: `emr:runJobFlow`.
    pub sdk: Option<&'static str>,
    /// The prefix of the service's error names, before the `.`: `DynamoDB`.
    pub error_prefix: Option<&'static str>,
    /// The patterns that Step Functions supports for this API.
    pub patterns: &'static [PatternSupport],
    /// The parameters.
    pub parameters: &'static Structure,
    /// The parameter that is in the resource ARN and not in `Parameters`: the ARN of an activity or a function.
    pub resource_member: Option<&'static str>,
    /// The parameter whose value is the whole of `Parameters`, if the input of the task is free.
    pub body_member: Option<&'static str>,
    /// Retriers that AWS recommends for every call.
    pub retry: &'static [Retry],
    /// Errors of a state that calls this API, with the service's prefix.
    pub errors: &'static [ErrorName],
    /// The integration that is called, if this one calls your own function, activity, machine or API, or an SDK call
    /// with fixed parameters: `lambda:invoke`.
    pub calls: Option<&'static str>,
    /// The output of the function, activity, machine or API.
    pub output: Option<Shape>,
}

impl Action {
    /// Whether this is an API of an AWS SDK integration.
    pub fn is_sdk(&self) -> bool {
        self.service.starts_with(sdk::PREFIX) || self.calls.is_some_and(|call| call.starts_with(sdk::PREFIX))
    }

    /// The call of the AWS SDK behind an optimized integration, if there is one.
    pub fn counterpart(&self) -> Option<&'static Action> {
        let (service, name) = match self.sdk {
            Some(call) => call.split_once(':')?,
            None => (self.service, self.name),
        };
        sdk::action(service, name)
    }

    /// The support for that pattern, if the API supports it.
    pub fn pattern(&self, pattern: Pattern) -> Option<&'static PatternSupport> {
        self.patterns.iter().find(|support| support.pattern == pattern)
    }
}

/// A pattern of one API.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PatternSupport {
    /// The pattern.
    pub pattern: Pattern,
    /// The resource ARN, with `${Partition}` for the partition.
    pub resource: &'static str,
    /// The page that confirms it.
    pub url: &'static str,
    /// One of these parameters must contain the task token.
    pub token_in: &'static [&'static str],
    /// The permissions that the role of the state machine needs.
    pub statements: &'static [Statement],
    /// The members of the result, if they are known; [`result`] returns their types.
    pub result: &'static [&'static str],
    /// The call of the AWS SDK whose response has the types of the result, and the path in it, if it differs from the
    /// call itself: `glue:getJobRun.JobRun`.
    pub result_of: Option<&'static str>,
}

/// A permission that the role of the state machine needs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Statement {
    /// IAM actions: `dynamodb:GetItem`.
    pub actions: &'static [&'static str],
    /// Templates of resource ARNs. `${Partition}`, `${Region}`, `${Account}` and `${StateMachineName}` belong to the
    /// state machine; any other placeholder is the path of a parameter, with a transform after a bar if necessary:
    /// `${QueueUrl|queueArn}`, and after `=` the value to use if the parameter is not set: `${WorkGroup=primary}`.
    pub resources: &'static [&'static str],
    /// Conditions: operator, key, value. The value is a template too.
    pub conditions: &'static [(&'static str, &'static str, &'static str)],
    /// The statement is needed only if this parameter is set (`JobTemplate`), or has this value (`AuthType=IAM_ROLE`);
    /// a `*` at the end matches any text. Several conditions, separated by ` and `, must all be true.
    pub when: Option<&'static str>,
    /// The statement is needed only if this is not true. Several conditions are separated by ` or `; the statement is
    /// needed only if none of them is true.
    pub unless: Option<&'static str>,
    /// What decides whether the statement is needed, if the definition does not show it: `whether the query changes
    /// tables`.
    pub depends_on: Option<&'static str>,
    /// What the permission is for.
    pub reason: Reason,
    /// Why it is needed, in one sentence.
    pub why: &'static str,
    /// The page that confirms it.
    pub url: &'static str,
}

/// What a permission is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The call itself.
    Call,
    /// Something that the called API does with the permissions of the caller.
    OnBehalf,
    /// To find out whether a job has ended.
    Poll,
    /// To stop the job when the execution is aborted.
    Cancel,
    /// The managed EventBridge rule that reports the end of the job to Step Functions.
    EventRule,
    /// To pass a role to the service.
    PassRole,
    /// To use a customer managed key.
    Encryption,
    /// To write logs.
    Logging,
    /// To write traces.
    Tracing,
    /// To make the call with another role.
    AssumeRole,
    /// The user says that a task needs it.
    Granted,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 11] = [
        Reason::Call,
        Reason::OnBehalf,
        Reason::Poll,
        Reason::Cancel,
        Reason::EventRule,
        Reason::PassRole,
        Reason::Encryption,
        Reason::Logging,
        Reason::Tracing,
        Reason::AssumeRole,
        Reason::Granted,
    ];

    /// The key of the reason in spec files and in JSON output.
    pub const fn key(self) -> &'static str {
        match self {
            Reason::Call => "call",
            Reason::OnBehalf => "onBehalf",
            Reason::Poll => "poll",
            Reason::Cancel => "cancel",
            Reason::EventRule => "eventRule",
            Reason::PassRole => "passRole",
            Reason::Encryption => "encryption",
            Reason::Logging => "logging",
            Reason::Tracing => "tracing",
            Reason::AssumeRole => "assumeRole",
            Reason::Granted => "granted",
        }
    }
}

/// An object with known members.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Structure {
    /// The name of the type; for the parameters of an API, the name of the API.
    pub name: &'static str,
    /// The members.
    pub members: &'static [Member],
    /// Whether exactly one member is set.
    pub union: bool,
    /// Whether the generator writes a builder with this name, with the setters that the members name.
    pub has_builder: bool,
    /// Rules across members.
    pub rules: &'static [Rule],
}

impl Structure {
    /// The member with that name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A member of a structure, or a parameter of an API.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Member {
    /// The name in a definition.
    pub name: &'static str,
    /// Its description, in Markdown.
    pub docs: &'static str,
    /// Whether it must be set.
    pub required: bool,
    /// The type of its value.
    pub shape: Shape,
    /// The value that a builder sets by default.
    pub preset: Option<Preset>,
    /// Why it should no longer be used, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// Whether its value is always the preset.
    pub fixed: bool,
    /// The setter of the builder, if the generator writes one.
    pub setter: Option<&'static str>,
}

/// A deprecated member.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Deprecated {
    /// The member to use instead.
    pub instead: Option<&'static str>,
    /// Why, in one sentence.
    pub why: &'static str,
}

/// What a string, or a key of a map, must not be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Refusal {
    /// A regular expression for the whole string.
    pub pattern: &'static str,
    /// The message for a person who writes it.
    pub why: &'static str,
}

/// A value that a builder sets by default.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Preset {
    /// The value.
    pub value: PresetValue,
    /// Why it is set.
    pub why: &'static str,
    /// The page that confirms it.
    pub url: &'static str,
}

/// The value that a builder sets.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum PresetValue {
    /// A constant, as JSON text.
    Constant(&'static str),
    /// A value that is known only at run time.
    Expression {
        /// As a JSONPath.
        json_path: &'static str,
        /// As a JSONata expression, without its braces.
        jsonata: &'static str,
    },
}

/// The type of a value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// A string.
    String(StringShape),
    /// One of a set of strings.
    Enum(&'static Enumeration),
    /// A whole number.
    Integer(NumberShape),
    /// A number.
    Number(NumberShape),
    /// `true` or `false`.
    Boolean,
    /// An ISO 8601 date and time, or seconds since 1970.
    Timestamp,
    /// Base64 text.
    Blob,
    /// Any JSON value.
    Json,
    /// An array.
    List(&'static ListShape),
    /// An object with free keys.
    Map(&'static MapShape),
    /// An object with known members.
    Structure(StructureRef),
}

/// Bounds of a string.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StringShape {
    /// Minimum number of characters.
    pub min_length: Option<u64>,
    /// Maximum number of characters.
    pub max_length: Option<u64>,
    /// A regular expression that the whole string matches.
    pub pattern: Option<&'static str>,
    /// The format of the text, if it has one: `number`, `json`.
    pub format: Option<&'static str>,
    /// What it must not be.
    pub refuses: &'static [Refusal],
}

/// Bounds of a number.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct NumberShape {
    /// Minimum value.
    pub minimum: Option<f64>,
    /// Maximum value.
    pub maximum: Option<f64>,
    /// The unit, if it is an amount of time or memory: `seconds`, `MiB`.
    pub unit: Option<&'static str>,
}

/// An array.
#[derive(Debug)]
#[non_exhaustive]
pub struct ListShape {
    /// The type of an element.
    pub items: Shape,
    /// Minimum number of elements.
    pub min_items: Option<u64>,
    /// Maximum number of elements.
    pub max_items: Option<u64>,
}

/// An object with free keys.
#[derive(Debug)]
#[non_exhaustive]
pub struct MapShape {
    /// The type of a value.
    pub values: Shape,
    /// Minimum number of members.
    pub min_items: Option<u64>,
    /// Maximum number of members.
    pub max_items: Option<u64>,
    /// Keys that it must not have.
    pub refuses: &'static [Refusal],
}

/// A closed set of strings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Enumeration {
    /// The name of the type.
    pub name: &'static str,
    /// The strings, with their meanings.
    pub values: &'static [(&'static str, &'static str)],
    /// For each string, the variant of the generated enum; none if there is no such enum.
    pub variants: &'static [&'static str],
}

/// A rule across the members of a structure.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The rule applies only if all of these conditions are true.
    pub when: &'static [When],
    /// What the rule requires.
    pub demand: Demand,
    /// The message for a person who breaks it.
    pub message: &'static str,
    /// Whether it is not known that the call fails if the rule is broken.
    pub warning: bool,
}

/// A condition of a rule. The member can be nested: `Instances.InstanceFleets`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum When {
    /// The member is set.
    Present(&'static str),
    /// The member is absent.
    Absent(&'static str),
    /// The member has this value, written as JSON text.
    Equals(&'static str, &'static str),
    /// The member's value is a known string that matches this regular expression as a whole.
    Matches(&'static str, &'static str),
    /// It does not match this regular expression.
    Differs(&'static str, &'static str),
}

/// The requirement of a rule.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Demand {
    /// Exactly one of these members is set.
    ExactlyOneOf(&'static [&'static str]),
    /// At least one of these members is set.
    AtLeastOneOf(&'static [&'static str]),
    /// At most one of these members is set.
    AtMostOneOf(&'static [&'static str]),
    /// Each of these members is set.
    Requires(&'static [&'static str]),
    /// None of these members is set.
    Excludes(&'static [&'static str]),
}

/// A retrier that AWS recommends.
#[derive(Debug)]
#[non_exhaustive]
pub struct Retry {
    /// The errors.
    pub error_equals: &'static [&'static str],
    /// Seconds before the first retry.
    pub interval_seconds: u32,
    /// The maximum number of retries.
    pub max_attempts: u32,
    /// The factor by which each wait grows.
    pub backoff_rate: f64,
    /// Why AWS recommends it.
    pub why: &'static str,
    /// The page that confirms it.
    pub url: &'static str,
}

/// An error of a state.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ErrorName {
    /// The name, with the service's prefix: `Lambda.TooManyRequestsException`.
    pub name: &'static str,
    /// When it occurs.
    pub docs: &'static str,
}
