//! Converts a payload to JSON in the query language of its state.

use super::intrinsic::write_argument;
use super::payload::{MAX_DEPTH, too_deep};
use super::{Elements, Expression, Json, Members, Object, Payload, QueryLanguage, Text, escape_token, in_braces};

/// An error in a payload, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) pointer: String,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// The findings of the conversion.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// All errors
    pub(crate) faults: Vec<Fault>,
    /// The places of values that the user marked as deliberate
    pub(crate) deliberate: Vec<String>,
}

/// The place of a value: a linked list on the stack, whose text is only written for an error.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// The pointer of the start
    Root(&'a str),
    Name(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    pub(crate) fn root(pointer: &'a str) -> Self {
        At { parent: None, step: Step::Root(pointer) }
    }

    pub(crate) fn name(&'a self, name: &'a str) -> Self {
        At { parent: Some(self), step: Step::Name(name) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        At { parent: Some(self), step: Step::Index(index) }
    }

    /// The JSON Pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = self.parent.map(At::pointer).unwrap_or_default();
        match self.step {
            Step::Root(root) => pointer.push_str(root),
            Step::Name(name) => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
        pointer
    }
}

/// A converted value.
pub(crate) enum Lowered {
    /// JSON for the key itself
    Plain(Json),
    /// A path or an intrinsic function of a JSONPath state, for the key with `.$`
    Dynamic(Text),
}

/// Converts the payloads of one state.
pub(crate) struct Lowering<'a> {
    pub(crate) language: QueryLanguage,
    pub(crate) faults: &'a mut Faults,
}

impl Lowering<'_> {
    pub(crate) fn fault(&mut self, at: &At<'_>, message: impl Into<String>, help: Option<String>) {
        self.faults.faults.push(Fault { pointer: at.pointer(), message: message.into(), help });
    }

    /// Marks the value at this place as deliberate.
    pub(crate) fn believe(&mut self, at: &At<'_>) {
        self.faults.deliberate.push(at.pointer());
    }

    /// Sets a member, with the key that the query language needs.
    pub(crate) fn member(&mut self, object: &mut Object, name: Text, payload: Payload, at: &At<'_>) {
        self.member_at_depth(object, name, payload, at, 0);
    }

    fn member_at_depth(&mut self, object: &mut Object, name: Text, payload: Payload, at: &At<'_>, depth: usize) {
        let is_deliberate = matches!(payload, Payload::Deliberate(_));
        let (name, json) = match self.lower_at_depth(payload, at, depth) {
            Lowered::Plain(json) => (name, json),
            Lowered::Dynamic(expression) => (format!("{name}.$").into(), Json::String(expression)),
        };
        if is_deliberate {
            let name = escape_token(&name);
            let parent = at.parent.map(At::pointer).unwrap_or_default();
            self.faults.deliberate.push(format!("{parent}/{name}"));
        }
        object.push(name, json);
    }

    pub(crate) fn lower(&mut self, payload: Payload, at: &At<'_>) -> Lowered {
        self.lower_at_depth(payload, at, 0)
    }

    fn lower_at_depth(&mut self, payload: Payload, at: &At<'_>, depth: usize) -> Lowered {
        if depth > MAX_DEPTH {
            self.fault(at, too_deep(), None);
            return Lowered::Plain(Json::Null);
        }
        Lowered::Plain(match payload {
            Payload::Null => Json::Null,
            Payload::Bool(value) => Json::Bool(value),
            Payload::Number(number) => Json::Number(number),
            Payload::String(text) => Json::String(self.literal(text)),
            Payload::Array(elements) => return self.array(elements, at, depth),
            Payload::Object(members) => Json::Object(self.object(members, at, depth)),
            Payload::Expression(expression) => return self.expression(expression, at),
            Payload::Placeholder(name) => Json::Placeholder(name),
            Payload::Deliberate(inner) => {
                self.faults.deliberate.push(at.pointer());
                return self.lower_at_depth(*inner, at, depth);
            }
            Payload::Fault(reason) => {
                self.fault(at, reason, None);
                Json::Null
            }
        })
    }

    /// A literal string that looks like a JSONata expression becomes an expression that returns the string.
    fn literal(&self, text: Text) -> Text {
        if self.language == QueryLanguage::Jsonata && text.starts_with("{%") && text.ends_with("%}") {
            let quoted = serde_json::Value::String(text.into_owned()).to_string();
            return format!("{{% {quoted} %}}").into();
        }
        text
    }

    fn object(&mut self, members: Members, at: &At<'_>, depth: usize) -> Object {
        let mut object = Object::with_capacity(members.len());
        for (name, value) in members {
            let name_for_pointer = name.clone();
            let at = at.name(&name_for_pointer);
            if self.language == QueryLanguage::JsonPath && name.ends_with(".$") {
                self.fault(
                    &at,
                    format!(
                        "the key `{name}` ends with `.$`, and Step Functions reads the value of such a key as a path"
                    ),
                    Some(format!("write the key `{}` with `path(…)` as its value", name.trim_end_matches(".$"))),
                );
            }
            self.member_at_depth(&mut object, name, value, &at, depth + 1);
        }
        object
    }

    /// In a JSONPath state, an element cannot be a path. A list with such elements becomes a call of `States.Array`.
    fn array(&mut self, elements: Elements<Payload>, at: &At<'_>, depth: usize) -> Lowered {
        let dynamic = |element: &Payload| matches!(element.bare(), Payload::Expression(_));
        if self.language == QueryLanguage::JsonPath && elements.iter().any(dynamic) {
            let mut call = String::new();
            if let Err(reason) = write_argument(&mut call, &Payload::Array(elements)) {
                self.fault(at, reason, None);
            }
            return Lowered::Dynamic(call.into());
        }
        let lowered = elements.into_iter().enumerate().map(|(index, element)| {
            match self.lower_at_depth(element, &at.index(index), depth + 1) {
                Lowered::Plain(json) => json,
                // Only a nested list with a run-time element gets here.
                Lowered::Dynamic(call) => {
                    self.fault(
                        &at.index(index),
                        format!("a list within a list cannot have run-time elements here: {call}"),
                        Some("create the outer list with `intrinsic::array(…)`, or use JSONata".to_owned()),
                    );
                    Json::Null
                }
            }
        });
        Lowered::Plain(Json::Array(lowered.collect()))
    }

    fn expression(&mut self, expression: Expression, at: &At<'_>) -> Lowered {
        match (self.language, expression) {
            (
                QueryLanguage::JsonPath,
                Expression::Path(text) | Expression::Intrinsic(text) | Expression::Either { json_path: text, .. },
            ) => Lowered::Dynamic(text),
            (QueryLanguage::Jsonata, Expression::Jsonata(text) | Expression::Either { jsonata: text, .. }) => {
                Lowered::Plain(Json::String(in_braces(&text).into()))
            }
            (QueryLanguage::JsonPath, Expression::Jsonata(text)) => {
                self.fault(
                    at,
                    format!("the JSONata expression `{text}` is used in a JSONPath state"),
                    Some(
                        "write `path(…)`, or add `.query_language(QueryLanguage::Jsonata)` to the state or, by \
                         `StateMachine::builder`, to the machine"
                            .to_owned(),
                    ),
                );
                Lowered::Plain(Json::Null)
            }
            (QueryLanguage::Jsonata, Expression::Path(text)) => {
                let help = in_jsonata(&text).map(|jsonata| format!("write `jsonata({jsonata:?})`"));
                self.fault(at, format!("the JSONPath `{text}` is used in a JSONata state"), help);
                Lowered::Plain(Json::Null)
            }
            (QueryLanguage::Jsonata, Expression::Intrinsic(text)) => {
                self.fault(
                    at,
                    format!("the intrinsic function `{text}` is used in a JSONata state"),
                    Some("write it as a JSONata expression; JSONata has its own functions".to_owned()),
                );
                Lowered::Plain(Json::Null)
            }
        }
    }
}

/// The JSONata form of a simple path.
fn in_jsonata(path: &str) -> Option<String> {
    if path.contains(['*', '?', '@', '(', '\'']) || path.contains("..") {
        return None;
    }
    Some(if let Some(rest) = path.strip_prefix("$$") {
        format!("$states.context{rest}")
    } else if path == "$" || path.starts_with("$.") || path.starts_with("$[") {
        format!("$states.input{}", &path[1..])
    } else {
        path.to_owned()
    })
}
