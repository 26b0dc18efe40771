//! Rules that need the template around a definition.

use super::rule::{Proof, Rule};
use super::{Diagnostic, Options, Severity};
use crate::template::{Definition, Gives, Reference, Target, Template};
use crate::value::{Json, escape_token};

pub(super) static RULES: &[&Rule] = &[&UNFILLED, &WRONG, &EXPRESS_CHILD];

static UNFILLED: Rule = Rule {
    code: "unfilled-placeholder",
    severity: Severity::Error,
    proof: &[
        Proof::refusal(
            "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/Check Stock Value/Resource",
            "aws/aws-sam-cli-app-templates#342",
        ),
        Proof::refusal(
            "Template format error: Unresolved resource dependencies [StateMachine.StateMachineName]",
            "aws-samples/serverless-patterns#220",
        ),
    ],
    title: "The template sets each placeholder",
    explanation: "A `${Name}` that neither `DefinitionSubstitutions` nor `Fn::Sub` replaces reaches Step Functions unchanged, \
                  and a reference to something that the template does not contain makes the deployment fail. Reported for \
                  a definition in a template.",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

static WRONG: Rule = Rule {
    code: "wrong-reference",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/Check Stock Value/Resource",
        "aws/aws-sam-cli-app-templates#342",
    )],
    title: "A reference returns the kind of value that its field needs",
    explanation: "`Ref` and `Fn::GetAtt` of a resource return a name, an ARN, a URL or an ID, depending on its type. \
                  `Resource`, `TopicArn` and `StateMachineArn` need an ARN, `QueueUrl` needs a URL. An attribute that \
                  the type does not have is also reported: as a warning, unless only its letter case is wrong. Reported for \
                  a definition in a template.",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

static EXPRESS_CHILD: Rule = Rule {
    code: "express-child",
    severity: Severity::Warning,
    proof: &[],
    title: "`.sync` waits for a Standard workflow",
    explanation: "`states:startExecution.sync` detects the end of the execution with `DescribeExecution`, which Express \
                  workflows do not support. `aws-sdk:sfn:startSyncExecution` waits for one. Reported for a state machine \
                  of the same template.",
    wrong: "",
    right: r#"{"Type": "Succeed"}"#,
    express: false,
};

/// Finds errors between a definition and its template: placeholders that the template does not replace, references to
/// nothing, and references that return another kind of value than the field needs.
pub fn around(definition: &Definition, template: &Template, options: &Options) -> Vec<Diagnostic> {
    let mut walk = Walk { definition, template, findings: Vec::new() };
    walk.value(definition.machine().json(), &mut String::new());
    walk.findings.into_iter().filter_map(|finding| options.levels.apply(finding)).collect()
}

struct Walk<'a> {
    definition: &'a Definition,
    template: &'a Template,
    findings: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn value(&mut self, json: &Json, pointer: &mut String) {
        match json {
            Json::Object(object) => {
                let is_task = object.get("Type").and_then(Json::as_str) == Some("Task");
                if is_task {
                    self.task(json, pointer);
                }
                for (name, value) in object.iter() {
                    let length = pointer.len();
                    pointer.push('/');
                    pointer.push_str(&escape_token(name));
                    self.value(value, pointer);
                    pointer.truncate(length);
                }
            }
            Json::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    let length = pointer.len();
                    pointer.push_str(&format!("/{index}"));
                    self.value(value, pointer);
                    pointer.truncate(length);
                }
            }
            Json::String(text) => {
                for range in crate::expression::placeholder::find(text) {
                    self.name(&text[range.start + 2..range.end - 1], pointer);
                }
            }
            Json::Placeholder(name) => self.name(name, pointer),
            _ => {}
        }
    }

    fn add(&mut self, code: &'static str, severity: Severity, pointer: &str, message: String, help: String) {
        let help = Some(help).filter(|help| !help.is_empty());
        self.findings.push(Diagnostic { code, severity, pointer: pointer.to_owned(), message, help });
    }

    /// Checks a placeholder at any place.
    fn name(&mut self, name: &str, pointer: &str) {
        if self.definition.unfilled().iter().any(|unfilled| unfilled == name) {
            let message = format!("the template does not replace `${{{name}}}`");
            let help = match self.template.resource(name) {
                Some(_) => format!("set `{name}: !Ref {name}` in `DefinitionSubstitutions`, or use `Fn::Sub`"),
                None => format!("define `{name}` in `DefinitionSubstitutions`"),
            };
            return self.add(UNFILLED.code, UNFILLED.severity, pointer, message, help);
        }
        let Some(Reference { target, .. }) = self.definition.references().get(name) else { return };
        match target {
            Target::Nothing => {
                let message = format!("the template has no parameter or resource `{name}`");
                self.add(UNFILLED.code, UNFILLED.severity, pointer, message, String::new());
            }
            Target::NoAttribute { kind } => {
                let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
                let known = crate::template::ResourceType::find(kind);
                let names: Vec<String> = known
                    .into_iter()
                    .flat_map(|known| known.attributes)
                    .map(|(name, _)| format!("`{id}.{name}`"))
                    .collect();
                let message = format!("`{id}` has no attribute `{attribute}`: it is a resource of the type `{kind}`");
                let help =
                    if names.is_empty() { String::new() } else { format!("its attributes are {}", names.join(", ")) };
                // A type can have attributes that are not in the table.
                let is_misspelt =
                    known.is_some_and(|it| it.attributes.iter().any(|(name, _)| name.eq_ignore_ascii_case(attribute)));
                let severity = if is_misspelt { Severity::Error } else { Severity::Warning };
                self.add(WRONG.code, severity, pointer, message, help);
            }
            _ => {}
        }
    }

    fn task(&mut self, task: &Json, pointer: &str) {
        let resource = task.get("Resource").and_then(Json::as_str).unwrap_or_default();
        self.needs(resource, &[Gives::Arn], "an ARN", &format!("{pointer}/Resource"));
        for field in ["Parameters", "Arguments"] {
            let Some(parameters) = task.get(field).and_then(Json::as_object) else { continue };
            for (name, value) in parameters.iter() {
                let Some(text) = value.as_str() else { continue };
                let at = format!("{pointer}/{field}/{}", escape_token(name));
                match name {
                    "QueueUrl" => self.needs(text, &[Gives::Url], "the URL of a queue", &at),
                    "TopicArn" | "StateMachineArn" => self.needs(text, &[Gives::Arn], "an ARN", &at),
                    _ => {}
                }
                let is_sync = resource.contains(":states:startExecution.sync");
                let child =
                    whole(text).filter(|_| name == "StateMachineArn").and_then(|name| self.template.resource(name));
                let express =
                    child.and_then(|child| child.property("StateMachineType").or_else(|| child.property("Type")));
                if is_sync && express.and_then(Json::as_str) == Some("EXPRESS") {
                    let message =
                        format!("`{text}` is an Express workflow, and `.sync` cannot wait for an Express workflow");
                    let help = "use `arn:aws:states:::aws-sdk:sfn:startSyncExecution`, or make it a Standard workflow";
                    self.add(EXPRESS_CHILD.code, EXPRESS_CHILD.severity, &at, message, help.to_owned());
                }
            }
        }
    }

    /// Checks that a text that is a single reference returns one of these kinds of values.
    fn needs(&mut self, text: &str, wanted: &[Gives], what: &str, pointer: &str) {
        let Some(name) = whole(text) else { return };
        let Some((known, gives)) = self.definition.references().get(name).and_then(Reference::resource) else { return };
        if wanted.contains(&gives) || matches!(gives, Gives::Other | Gives::OtherArn) {
            return;
        }
        let id = name.split('.').next().unwrap_or(name);
        let message = format!("`{name}` is {} of the `{}` `{id}`; this field needs {what}", gives.words(), known.name);
        let help = match wanted.iter().find(|wanted| known.reference == **wanted) {
            Some(_) => format!("write `!Ref {id}`"),
            None => match wanted.iter().find_map(|wanted| known.attribute_with(*wanted)) {
                Some(attribute) => format!("write `!GetAtt {id}.{attribute}`"),
                None => String::new(),
            },
        };
        self.add(WRONG.code, WRONG.severity, pointer, message.replace("its ", "the "), help);
    }
}

/// The name, if the text is a single placeholder.
fn whole(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains(['$', '}'])).then_some(name)
}
