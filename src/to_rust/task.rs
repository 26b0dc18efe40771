//! Tasks, with the typed builder of the integration or as raw tasks.

use sfn_tasks_rust::{Code, array, call, integer, text};

use super::{Writer, value};
use crate::asl::{QueryLanguage, State};
use crate::catalog::{self, Action, Member, Pattern, Shape, Structure};
use crate::expression::resource::{Resource, Target};
use crate::value::{Json, Object};

/// The task, and the names of the fields that it already contains.
pub(super) fn task<'a>(state: &State<'a>, object: &'a Object, writer: &mut Writer) -> (Code, Vec<&'a str>) {
    let resource = state.resource().unwrap_or_default();
    let payload = match state.query_language() {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    // In a template, `Resource` may be an object, which only `field` accepts.
    let is_text = object.get("Resource").is_none_or(|resource| resource.as_str().is_some());
    let done = if is_text { vec!["Resource", payload] } else { vec![payload] };
    let own = own(&writer.own, resource, object.get(payload));
    let is_own = own.is_some();
    let known = own.or_else(|| {
        find(resource, writer.partition.as_deref().unwrap_or("aws"))
            .map(|(action, pattern)| (action, pattern, module(action)))
    });
    let typed = known.and_then(|(action, pattern, module)| {
        let (code, leaves_retry_out) = typed(state, object, (action, pattern, &module), resource, object.get(payload))?;
        Some((code, module, leaves_retry_out))
    });
    if let Some((code, module, leaves_retry_out)) = typed {
        if is_own {
            writer.calls_own = true;
        } else {
            writer.services.insert(module);
        }
        let retry = leaves_retry_out.then_some("Retry");
        return (code, done.into_iter().chain(retry).collect());
    }
    let parameters = match object.get(payload) {
        None => Some(Code::raw("()")),
        Some(json) => value::template(json, state.query_language()),
    };
    match parameters {
        Some(parameters) => (call("Task::raw", [text(state.name()), text(resource), parameters]), done),
        None => (call("Task::raw", [text(state.name()), text(resource), Code::raw("()")]), Vec::new()),
    }
}

fn module(action: &Action) -> String {
    action.service.replace('-', "_")
}

/// The user's own integration that a task calls, and the module of its builder.
fn own(own: &[&'static Action], resource: &str, payload: Option<&Json>) -> Option<(&'static Action, Pattern, String)> {
    let action = catalog::recognize(own, resource, payload)?;
    let suffix = Resource::parse(resource).map_or("", |parsed| parsed.suffix);
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == suffix)?;
    action.pattern(pattern)?;
    Some((action, pattern, format!("tasks::{}", module(action))))
}

/// The typed builder, and whether the default retriers replace those of the definition.
fn typed(
    state: &State<'_>,
    object: &Object,
    (action, pattern, module): (&Action, Pattern, &str),
    resource: &str,
    payload: Option<&Json>,
) -> Option<(Code, bool)> {
    let context = Context { module, language: state.query_language() };
    let mut builder = context.new_of(action.parameters)?;
    if let Some(member) = action.resource_member {
        let member = action.parameters.member(member)?;
        if !member.fixed {
            builder = builder.method(member.setter?, [value::string(resource)]);
        }
    }
    builder = match action.body_member {
        Some(member) => match payload {
            None => builder,
            Some(json) => {
                let member = action.parameters.member(member)?;
                let value = match &member.shape {
                    Shape::Json => value::template(json, context.language),
                    // The payload of an integration of your own has a type.
                    shape => context
                        .jsonata(json)
                        .or_else(|| context.argument(shape, json))
                        .or_else(|| context.unchecked(json)),
                };
                builder.method(member.setter?, [value?])
            }
        },
        None => context.setters(builder, action.parameters, payload?.as_object()?, action.resource_member)?,
    };
    let mut code = call("Task::new", [text(state.name()), builder]);
    let has = |pattern| action.pattern(pattern).is_some();
    code = match pattern {
        Pattern::RequestResponse => code,
        Pattern::Sync if has(Pattern::Sync2) => code.method("run_job_with_text_output", []),
        Pattern::Sync | Pattern::Sync2 => code.method("run_job", []),
        Pattern::WaitForTaskToken => code.method("wait_for_task_token", []),
    };
    let is_advised = is_advised(action, object.get("Retry"));
    if !action.retry.is_empty() && !is_advised {
        code = code.method("without_default_retry", []);
    }
    Some((code, is_advised && !action.retry.is_empty()))
}

fn find(resource: &str, partition: &str) -> Option<(&'static Action, Pattern)> {
    let parsed = Resource::parse(resource)?;
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == parsed.suffix)?;
    let action = match parsed.target {
        Target::Activity => catalog::find("activity", "activity").or_else(activity),
        Target::Function => catalog::find("lambda", "function"),
        Target::Optimized { service, action } => catalog::find(service, action),
        _ => None,
    }?;
    let support = action.pattern(pattern)?;
    let is_own = action.resource_member.is_some();
    (is_own || support.resource.replace("${Partition}", partition) == resource).then_some((action, pattern))
}

/// The only action of the service of activities.
fn activity() -> Option<&'static Action> {
    catalog::service("activity")?.actions.first().copied()
}

/// Whether the retriers are the ones that AWS recommends for the call.
fn is_advised(action: &Action, retry: Option<&Json>) -> bool {
    let retriers = retry.and_then(Json::as_array).unwrap_or_default();
    retriers.len() == action.retry.len()
        && retriers.iter().zip(action.retry).all(|(retrier, advised)| {
            let names: Option<Vec<&str>> = retrier
                .get("ErrorEquals")
                .and_then(Json::as_array)
                .map(|names| names.iter().filter_map(Json::as_str).collect());
            let number = |name: &str| retrier.get(name).and_then(Json::as_number).map(crate::value::Number::as_f64);
            retrier.as_object().is_some_and(|it| it.len() == 4)
                && names.as_deref() == Some(advised.error_equals)
                && number("IntervalSeconds") == Some(f64::from(advised.interval_seconds))
                && number("MaxAttempts") == Some(f64::from(advised.max_attempts))
                && number("BackoffRate") == Some(advised.backoff_rate)
        })
}

struct Context<'c> {
    module: &'c str,
    language: QueryLanguage,
}

impl Context<'_> {
    fn new_of(&self, structure: &Structure) -> Option<Code> {
        structure.has_builder.then(|| call(&format!("{}::{}::new", self.module, structure.name), []))
    }

    /// Calls the setter of each member. `None` if a required member cannot be set, or if the builder would set a
    /// member that is absent.
    fn setters(
        &self,
        mut code: Code,
        structure: &Structure,
        members: &Object,
        elsewhere: Option<&str>,
    ) -> Option<Code> {
        let given = |name: &str| members.contains(name) || members.contains(&format!("{name}.$"));
        for member in structure.members.iter().filter(|member| !member.fixed && Some(member.name) != elsewhere) {
            let is_set = given(member.name);
            if (member.required && !(is_set && member.setter.is_some())) || (member.preset.is_some() && !is_set) {
                return None;
            }
        }
        for (key, json) in members.iter() {
            let dynamic = key.strip_suffix(".$").filter(|_| self.language == QueryLanguage::JsonPath);
            let name = dynamic.unwrap_or(key);
            let member = structure.member(name);
            if member.is_some_and(|member| member.fixed) {
                continue;
            }
            code = match (member, member.and_then(|member| member.setter)) {
                (Some(member), Some(setter)) => {
                    let expression = match dynamic {
                        Some(_) => Some(value::expression(json.as_str()?)?),
                        None => self.jsonata(json),
                    };
                    match expression {
                        Some(expression) => code.method(&whole(member, setter), [expression]),
                        None => self.set(code, member, setter, json)?,
                    }
                }
                // The parameters of an API have a setter for unknown members; a structure does not.
                _ => {
                    let value = match dynamic {
                        Some(_) => value::expression(json.as_str()?)?,
                        None => value::template(json, self.language)?,
                    };
                    code.method("parameter", [text(name), value])
                }
            };
        }
        Some(code)
    }

    fn jsonata(&self, json: &Json) -> Option<Code> {
        let text = json.as_str().filter(|text| self.language == QueryLanguage::Jsonata && text.starts_with("{%"))?;
        value::jsonata(text)
    }

    fn set(&self, code: Code, member: &Member, setter: &str, json: &Json) -> Option<Code> {
        match (&member.shape, json) {
            (Shape::List(list), Json::Array(elements)) if !elements.is_empty() => {
                let is_plain = |json: &Json| !matches!(json, Json::Array(_)) && self.jsonata(json).is_none();
                let arguments: Option<Vec<Code>> = elements
                    .iter()
                    .map(|element| self.argument(&list.items, element).filter(|_| is_plain(element)))
                    .collect();
                Some(match arguments {
                    Some(arguments) => {
                        arguments.into_iter().fold(code, |code, argument| code.method(setter, [argument]))
                    }
                    None => code.method(&whole(member, setter), [self.unchecked(json)?]),
                })
            }
            (Shape::Map(map), Json::Object(members)) if !members.is_empty() => {
                let mut code = code;
                for (key, json) in members.iter() {
                    let (key, value) = match key.strip_suffix(".$").filter(|_| self.language == QueryLanguage::JsonPath)
                    {
                        Some(key) => (key, value::expression(json.as_str()?)?),
                        None => match self.jsonata(json) {
                            Some(expression) => (key, expression),
                            None => (key, self.argument(&map.values, json).or_else(|| self.unchecked(json))?),
                        },
                    };
                    code = code.method(setter, [text(key), value]);
                }
                Some(code)
            }
            (shape, json) => {
                let argument = self.argument(shape, json).filter(|_| !matches!(shape, Shape::List(_) | Shape::Map(_)));
                Some(code.method(&whole(member, setter), [argument.or_else(|| self.unchecked(json))?]))
            }
        }
    }

    /// Any value, without a check of its type.
    fn unchecked(&self, json: &Json) -> Option<Code> {
        Some(call("Value::unchecked", [value::template(json, self.language)?]))
    }

    /// A value of this shape. `None` if the JSON has another shape.
    fn argument(&self, shape: &Shape, json: &Json) -> Option<Code> {
        Some(match (shape, json) {
            (Shape::Enum(enumeration), Json::String(value)) => {
                let index = enumeration.values.iter().position(|(known, _)| known == value)?;
                let variant = enumeration.variants.get(index)?;
                Code::raw(format!("{}::{}::{variant}", self.module, enumeration.name))
            }
            (Shape::Integer(number), Json::Number(value)) => {
                let whole = value.as_u64();
                match (number.unit, whole) {
                    (None, _) => integer(i128::from(value.as_i64()?)),
                    (Some(unit), Some(amount)) => amount_of(unit, amount)?,
                    (Some(_), None) => return None,
                }
            }
            (Shape::Number(_), Json::Number(value)) => value::number(value)?,
            (Shape::String(string), json) if string.format == Some("json") => value::template(json, self.language)?,
            (Shape::Boolean, Json::Bool(value)) => Code::raw(value.to_string()),
            (Shape::String(_) | Shape::Timestamp | Shape::Blob | Shape::Json, Json::String(value)) => {
                value::string(value)
            }
            (Shape::List(list), Json::Array(elements)) if self.is_of_one_type(elements) => {
                array(elements.iter().map(|it| self.argument(&list.items, it)).collect::<Option<Vec<_>>>()?)
            }
            (Shape::Json, json) => value::template(json, self.language)?,
            (Shape::Structure(structure), Json::Object(members)) => self.structure(structure.get(), members)?,
            (_, Json::Placeholder(name)) => call("reference", [text(name)]),
            _ => return None,
        })
    }

    /// Whether the elements can be a Rust array, whose elements have one type.
    fn is_of_one_type(&self, elements: &[Json]) -> bool {
        let is_text = |it: &Json| {
            let is_literal = |text: &str| !value::string(text).to_string().starts_with("reference(");
            it.as_str().is_some_and(is_literal) && self.jsonata(it).is_none()
        };
        let is_all = |is: &dyn Fn(&Json) -> bool| !elements.is_empty() && elements.iter().all(is);
        is_all(&is_text) || is_all(&|it| it.as_object().is_some()) || is_all(&|it| it.as_number().is_some())
    }

    fn structure(&self, structure: &Structure, members: &Object) -> Option<Code> {
        // A structure has no setter for unknown members.
        let names = members.iter().map(|(key, _)| key.strip_suffix(".$").unwrap_or(key));
        let knows = |name: &str| structure.member(name).is_some_and(|member| member.setter.is_some());
        if !structure.has_builder || !names.into_iter().all(knows) {
            return None;
        }
        if !structure.union {
            return self.setters(self.new_of(structure)?, structure, members, None);
        }
        let mut members = members.iter();
        let (Some((key, json)), None) = (members.next(), members.next()) else { return None };
        let dynamic = key.strip_suffix(".$").filter(|_| self.language == QueryLanguage::JsonPath);
        let member = structure.member(dynamic.unwrap_or(key))?;
        let argument = match dynamic {
            Some(_) => value::expression(json.as_str()?)?,
            None => match self.jsonata(json) {
                Some(expression) => expression,
                None => self.argument(&member.shape, json).or_else(|| self.unchecked(json))?,
            },
        };
        Some(call(&format!("{}::{}::{}", self.module, structure.name, member.setter?), [argument]))
    }
}

/// The setter of the whole value, for a setter that adds a single element.
fn whole(member: &Member, setter: &str) -> String {
    match member.shape {
        Shape::List(_) | Shape::Map(_) => format!("set_{}", setter.trim_start_matches("r#")),
        _ => setter.to_owned(),
    }
}

/// An amount of time or memory.
fn amount_of(unit: &str, amount: u64) -> Option<Code> {
    let amount_code = || integer(i128::from(amount));
    Some(match unit {
        "milliseconds" => call("Duration::from_millis", [amount_code()]),
        "seconds" => value::duration(amount),
        "minutes" => value::product(amount, "60"),
        "hours" => value::product(amount, "60 * 60"),
        "days" => value::product(amount, "24 * 60 * 60"),
        "MiB" => call("Size::mebibytes", [amount_code()]),
        "GiB" => call("Size::gibibytes", [amount_code()]),
        _ => return None,
    })
}
