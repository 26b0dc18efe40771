//! The effect of a state on its input.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::accepts::{self, Accepts};
use super::machine::{Flow, Place};
use super::path::{self, Dead, Roots, Step};
use super::value::{Origin, Rest, Value};
use super::{Kind, MAX_PAYLOAD, intrinsic, parameters};
use crate::asl::{Node, ProcessorMode, QueryLanguage, State, StateType};
use crate::catalog::{self, Action, Pattern, Shape};
use crate::expression::intrinsic::ArgumentKind;
use crate::expression::json_path::{JsonPath, Root, SegmentKind};
use crate::expression::resource::{Resource, Target};
use crate::expression::{Intrinsic, jsonata, placeholder};
use crate::value::{Json, Number, escape_token};
use sfn_tasks_jsonata::Syntax;

/// The next state (`None` if the machine ends) and its input.
type Exit<'s> = (Option<&'s str>, Value);

/// The values for the fields of a state.
struct Data<'d> {
    /// `$`, or `$states.input`
    input: &'d Value,
    /// `$states.result`
    result: Option<&'d Value>,
    /// `$states.errorOutput`
    error: Option<&'d Value>,
    context: &'d Value,
    language: QueryLanguage,
}

fn in_json_path<'d>(input: &'d Value, context: &'d Value) -> Data<'d> {
    Data { input, result: None, error: None, context, language: QueryLanguage::JsonPath }
}

fn origin(text: impl Into<String>) -> Origin {
    Rc::from(text.into())
}

fn names_of(json: &Json) -> Option<Vec<String>> {
    let path = JsonPath::parse(json.as_str()?).ok()?;
    let names = path.segments.into_iter().map(|segment| match segment.kind {
        SegmentKind::Name(name) => Some(name),
        _ => None,
    });
    names.collect()
}

/// The result of a Map state that writes its results to Amazon S3.
fn written_results() -> Value {
    let words = origin("the result of a Map state with a `ResultWriter`");
    let details = ["Bucket", "Key"].map(|name| (name.to_owned(), Value::string()));
    let details = Value::object(details.into(), Rest::Unlikely, words.clone());
    let known = [("MapRunArn".to_owned(), Value::string()), ("ResultWriterDetails".to_owned(), details)];
    Value::object(known.into(), Rest::Unlikely, words)
}

/// Whether the text is a JSONata expression.
fn is_expression(node: &Node<'_>) -> bool {
    matches!(node.json().as_str().map(jsonata::unwrap), Some(Ok(Some(_))))
}

/// The form of a caught error.
fn error_output() -> Value {
    let members = ["Error", "Cause"].map(|name| (name.to_owned(), Value::string()));
    Value::object(members.into(), Rest::None, origin("an error that was caught"))
}

/// The values that the expressions of a state can read.
struct Readable<'r> {
    flow: &'r Flow,
    data: &'r Data<'r>,
}

impl super::jsonata::Roots for Readable<'_> {
    fn part(&self, name: &str) -> Option<Value> {
        match name {
            "input" => Some(self.data.input.clone()),
            "result" => self.data.result.cloned(),
            "errorOutput" => self.data.error.cloned(),
            "context" => Some(self.data.context.clone()),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Value {
        self.flow.variable(name)
    }
}

impl Flow {
    fn task_result(&mut self, state: &State<'_>) -> Value {
        let own = if self.own.is_empty() { None } else { self.own.get(&state.pointer()).copied() };
        // Whoever has the token answers in place of the job.
        if ["Parameters", "Arguments"].iter().filter_map(|field| state.get(field)).any(|node| reads_token(&node)) {
            return Value::anything();
        }
        let resource = state.resource().unwrap_or_default();
        match own {
            Some(_) => task_result(resource, own),
            None => match self.results.get(resource) {
                Some(known) => known.clone(),
                None => {
                    let result = task_result(resource, None);
                    self.results.insert(resource.to_owned(), result.clone());
                    result
                }
            },
        }
    }

    pub(super) fn state<'s>(&mut self, state: &State<'s>, raw: &Value, place: Place) -> Vec<Exit<'s>> {
        let context = self.context(state, place);
        let exits = match state.query_language() {
            QueryLanguage::JsonPath => self.json_path_state(state, raw, place, &context),
            QueryLanguage::Jsonata => self.jsonata_state(state, raw, place, &context),
        };
        if self.is_reporting {
            self.size(state, raw, exits.last().map(|(_, output)| output));
        }
        exits
    }

    /// Reports the first state whose output is too large. The last way out of a state is that without an error.
    fn size(&mut self, state: &State<'_>, raw: &Value, output: Option<&Value>) {
        let size = output.map_or(0, Value::least_size);
        if size > MAX_PAYLOAD && raw.least_size() <= MAX_PAYLOAD && state.state_type() != StateType::Fail {
            let message =
                format!("the output of this state has at least {size} bytes; it can have at most {MAX_PAYLOAD}");
            self.report(
                Kind::Size,
                state.pointer(),
                message,
                Some("store it in Amazon S3 and pass its key".to_owned()),
            );
        }
    }

    /// The context object, with the members that only some states have.
    fn context(&self, state: &State<'_>, place: Place) -> Value {
        let words = origin("the context object");
        let open = || Value::object(BTreeMap::new(), Rest::Open, words.clone());
        let mut known: BTreeMap<String, Value> = ["State", "StateMachine"].map(|name| (name.to_owned(), open())).into();
        let input = if place.in_child { Value::anything() } else { self.execution_input().clone() };
        let input = BTreeMap::from([("Input".to_owned(), input)]);
        known.insert("Execution".to_owned(), Value::object(input, Rest::Open, words.clone()));
        if place.in_map || state.state_type() == StateType::Map {
            known.insert("Map".to_owned(), Value::anything());
        }
        if has_token(state) {
            known.insert("Task".to_owned(), open());
        }
        Value::object(known, Rest::None, words)
    }

    fn json_path_state<'s>(&mut self, state: &State<'s>, raw: &Value, place: Place, context: &Value) -> Vec<Exit<'s>> {
        let effective = match state.get("InputPath") {
            None => raw.clone(),
            Some(node) if *node.json() == Json::Null => empty(),
            Some(node) => self.path(&node, &in_json_path(raw, context)),
        };
        let kind = state.state_type();
        if kind == StateType::Choice {
            let output = self.output_path(state, effective.clone(), context);
            return self.choice(state, &in_json_path(&effective, context), output);
        }
        for (field, accepts) in accepts::PATHS {
            if let Some(node) = state.get(field) {
                let value = self.path(&node, &in_json_path(&effective, context));
                self.accepted(&node, field, *accepts, &value, QueryLanguage::JsonPath);
            }
        }
        for field in ["ErrorPath", "CausePath"] {
            if let Some(node) = state.get(field) {
                self.expression(&node, &in_json_path(&effective, context));
            }
        }
        let parameters = state.get("Parameters").filter(|_| kind != StateType::Map);
        if let Some(node) = parameters.as_ref().filter(|_| kind == StateType::Task) {
            self.call_parameters(state, node, &in_json_path(&effective, context));
        }
        let parameters = parameters.map(|node| self.template(&node, &in_json_path(&effective, context)));
        if let Some(node) = state.get("Credentials") {
            self.template(&node, &in_json_path(&effective, context));
        }
        let result = match kind {
            StateType::Task => Some(self.task_result(state)),
            StateType::Pass => Some(match (state.get("Result"), parameters) {
                (Some(node), _) => {
                    Value::of_json(node.json(), &origin(format!("the `Result` of the Pass state `{}`", state.name())))
                }
                (None, Some(parameters)) => parameters,
                (None, None) => effective.clone(),
            }),
            StateType::Parallel => Some(self.parallel(state, parameters.as_ref().unwrap_or(&effective), place)),
            StateType::Map => Some(self.map(state, &in_json_path(&effective, context), place)),
            _ => None,
        };
        // `$` in `Assign` is the result, or the input of a state without one.
        self.assignments(state, &in_json_path(result.as_ref().unwrap_or(&effective), context));
        let combined = match result {
            None => effective,
            Some(result) => {
                let selected = match state.get("ResultSelector") {
                    Some(node) => self.template(&node, &in_json_path(&result, context)),
                    None => result,
                };
                self.place_of_result(state, raw);
                combine(state.get("ResultPath"), raw, selected, state)
            }
        };
        let output = self.output_path(state, combined, context);
        let mut exits = self.handlers(state, raw, context);
        exits.extend(onward(state, output));
        exits
    }

    /// Reports a `ResultPath` through a value that is not an object.
    fn place_of_result(&mut self, node: &Node<'_>, raw: &Value) {
        let Some(path) = node.get("ResultPath") else { return };
        let Some(names) = names_of(path.json()) else { return };
        let (mut value, mut alive) = (raw.clone(), "$".to_owned());
        for name in names {
            let is_wrong = !value.anything && !value.is_nothing() && value.object.is_none();
            if is_wrong {
                let message = format!("there is no place for `{alive}.{name}`: `{alive}` is {}", describe(&value));
                return self.report(Kind::Path, path.pointer(), message, None);
            }
            value = value.member(&name).value;
            alive = format!("{alive}.{name}");
        }
    }

    fn output_path(&mut self, state: &State<'_>, value: Value, context: &Value) -> Value {
        match state.get("OutputPath") {
            None => value,
            Some(node) if *node.json() == Json::Null => empty(),
            Some(node) => self.path(&node, &in_json_path(&value, context)),
        }
    }

    fn jsonata_state<'s>(&mut self, state: &State<'s>, input: &Value, place: Place, context: &Value) -> Vec<Exit<'s>> {
        let data = |result| Data { input, result, error: None, context, language: QueryLanguage::Jsonata };
        let kind = state.state_type();
        if kind == StateType::Choice {
            return self.jsonata_choice(state, &data(None));
        }
        if let Some(node) = state.get("Arguments").filter(|_| kind == StateType::Task) {
            self.call_parameters(state, &node, &data(None));
        }
        let arguments = state.get("Arguments").map(|node| self.template(&node, &data(None)));
        if let Some(node) = state.get("Credentials") {
            self.template(&node, &data(None));
        }
        for (field, accepts) in accepts::EXPRESSIONS {
            if let Some(node) = state.get(field) {
                let value = self.template(&node, &data(None));
                if is_expression(&node) {
                    self.accepted(&node, field, *accepts, &value, QueryLanguage::Jsonata);
                }
            }
        }
        let result = match kind {
            StateType::Task => Some(self.task_result(state)),
            StateType::Parallel => Some(self.parallel(state, arguments.as_ref().unwrap_or(input), place)),
            StateType::Map => Some(self.map(state, &data(None), place)),
            _ => None,
        };
        let data = data(result.as_ref());
        self.assignments(state, &data);
        let output = match state.get("Output") {
            Some(node) => self.template(&node, &data),
            None => result.as_ref().unwrap_or(input).clone(),
        };
        let mut exits = self.handlers(state, input, context);
        exits.extend(onward(state, output));
        exits
    }

    /// The state after a caught error.
    fn handlers<'s>(&mut self, state: &State<'s>, raw: &Value, context: &Value) -> Vec<Exit<'s>> {
        let error = error_output();
        let language = state.query_language();
        let mut exits = Vec::new();
        for catcher in state.catchers() {
            let Some(next) = catcher.text("Next") else { continue };
            let output = match language {
                QueryLanguage::JsonPath => {
                    let data = Data { input: &error, result: None, error: None, context, language };
                    self.assignments_of(&catcher, &data);
                    self.place_of_result(&catcher, raw);
                    combine(catcher.get("ResultPath"), raw, error.clone(), state)
                }
                QueryLanguage::Jsonata => {
                    let data = Data { input: raw, result: None, error: Some(&error), context, language };
                    self.assignments_of(&catcher, &data);
                    match catcher.get("Output") {
                        Some(node) => self.template(&node, &data),
                        None => error.clone(),
                    }
                }
            };
            exits.push((Some(next), output));
        }
        exits
    }

    fn parallel(&mut self, state: &State<'_>, input: &Value, place: Place) -> Value {
        let branches = state.machines();
        let outputs = branches.iter().map(|branch| match self.machine(branch, input.clone(), place.in_branch()) {
            // A branch that only fails.
            output if output.is_nothing() => Value::anything(),
            output => output,
        });
        Value::elements(outputs.collect(), origin(format!("the result of the Parallel state `{}`", state.name())))
    }

    fn map(&mut self, state: &State<'_>, data: &Data<'_>, place: Place) -> Value {
        // With a reader, `ItemsPath` is a path into the data that is read.
        let is_read = state.has("ItemReader");
        let (items, place_of_items) = match (state.get("ItemsPath"), state.get("Items")) {
            _ if is_read => (Value::anything(), None),
            (Some(node), _) => (self.path(&node, data), Some(node)),
            (_, Some(node)) => (self.template(&node, data), Some(node)),
            _ => (data.input.clone(), None),
        };
        let is_inline = state.processor().is_some_and(|it| it.mode() == Some(ProcessorMode::Inline));
        let is_json_path = data.language == QueryLanguage::JsonPath;
        let accepts = if is_inline { Accepts::List } else { Accepts::ListOrObject };
        match place_of_items {
            // An expression, or a text that another tool may replace by one.
            Some(node) if !is_json_path && !is_expression(&node) && node.json().as_str().is_some() => {}
            Some(node) if !is_json_path => self.accepted(&node, "Items", accepts, &items, data.language),
            // At a path, the items of a distributed Map state can also be the members of an object.
            at if (is_inline || !is_json_path) && !accepts.fits(&items, false) => {
                let at = at.map_or_else(|| state.pointer(), |node| node.pointer());
                let message = format!("the items of a Map state must be a list, but this is {}", describe(&items));
                self.report(Kind::Items, at, message, None);
            }
            _ => {}
        }
        let item = if is_read || items.object.is_some() { Value::anything() } else { items.any_element() };
        // `$$.Map.Item.Value` is the item; its other members always exist in some form.
        let mut context = data.context.clone();
        let words = origin("the context object");
        let known = BTreeMap::from([("Value".to_owned(), item.clone())]);
        let of_item = Value::object(known, Rest::Open, words.clone());
        context = context.with(
            &["Map"],
            Value::object(BTreeMap::from([("Item".to_owned(), of_item)]), Rest::Open, words.clone()),
            &words,
        );
        let with_item = Data { context: &context, ..*data };
        for field in ["ItemReader", "ResultWriter"] {
            if let Some(node) = state.get(field) {
                self.template(&node, data);
            }
        }
        let selected = match state.get("ItemSelector").or_else(|| state.get("Parameters")) {
            Some(node) => self.template(&node, &with_item),
            None => item,
        };
        if let Some(node) = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")?.get("MaxItemsPath")) {
            let value = self.path(&node, data);
            self.accepted(&node, "MaxItemsPath", Accepts::Number, &value, data.language);
        }
        let given = match state.get("ItemBatcher") {
            Some(batcher) => {
                for field in ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"] {
                    if let Some(node) = batcher.get(field) {
                        let value = self.path(&node, data);
                        self.accepted(&node, field, Accepts::Number, &value, data.language);
                    }
                }
                let mut batch = match self.template(&batcher, data).object {
                    Some(fields) => {
                        fields.known.get("BatchInput").map(|input| ("BatchInput".to_owned(), input.clone()))
                    }
                    None => None,
                }
                .map_or_else(BTreeMap::new, |input| BTreeMap::from([input]));
                let words = origin("a batch of items");
                batch.insert("Items".to_owned(), Value::list(selected, words.clone()));
                Value::object(batch, Rest::None, words)
            }
            None => selected,
        };
        let Some(processor) = state.processor() else { return Value::anything() };
        let output = self.machine(&processor, given, place.in_map(processor.mode()));
        if let Some(writer) = state.get("ResultWriter") {
            return if writer.has("Resource") { written_results() } else { Value::anything() };
        }
        if processor.mode() != Some(ProcessorMode::Inline) && state.has("ItemBatcher") {
            return Value::anything();
        }
        let output = if output.is_nothing() { Value::anything() } else { output };
        Value::list(output, origin(format!("the result of the Map state `{}`", state.name())))
    }

    fn choice<'s>(&mut self, state: &State<'s>, data: &Data<'_>, output: Value) -> Vec<Exit<'s>> {
        let mut exits = Vec::new();
        for (index, rule) in state.choices().enumerate() {
            let mut present = Vec::new();
            tested(&rule, &mut present, 0);
            self.condition(&rule, data, index == 0, &present, 0);
            self.assignments_of(&rule, data);
            exits.extend(rule.text("Next").map(|next| (Some(next), output.clone())));
        }
        self.assignments(state, data);
        exits.extend(state.default().map(|next| (Some(next), output)));
        exits
    }

    /// A comparison, or the comparisons inside it. `is_certain` means that it is evaluated whenever the state runs.
    /// `present` are the paths whose existence the choice rule tests.
    fn condition(&mut self, rule: &Node<'_>, data: &Data<'_>, is_certain: bool, present: &[String], depth: usize) {
        if depth > 32 {
            return;
        }
        for (name, node) in rule.members() {
            match name {
                "And" | "Or" => {
                    for part in node.elements() {
                        self.condition(&part, data, false, present, depth + 1);
                    }
                }
                "Not" => self.condition(&node, data, is_certain, present, depth + 1),
                "Variable" if !rule.has("IsPresent") => {
                    let Some(text) = node.json().as_str() else { continue };
                    match self.look_up(text, data) {
                        Ok(value) => {
                            self.comparison(rule, text, &value);
                            self.operand(rule, data, is_certain && present.is_empty());
                        }
                        Err(mut dead) => {
                            let place = format!("{}{}", dead.alive, dead.step);
                            if !present.iter().any(|path| path.starts_with(&place)) {
                                dead.is_unlikely |= !is_certain || !present.is_empty();
                                self.dead(&node, &dead, data.language);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The path to the other value of a comparison, such as `NumericEqualsPath`.
    fn operand(&mut self, rule: &Node<'_>, data: &Data<'_>, is_certain: bool) {
        for (operator, node) in rule.members().filter(|(name, _)| name.ends_with("Path")) {
            let Some(text) = node.json().as_str() else { continue };
            match self.look_up(text, data) {
                Ok(value) => self.comparison_with(&node, operator, text, &value),
                Err(mut dead) => {
                    dead.is_unlikely |= !is_certain;
                    self.dead(&node, &dead, data.language);
                }
            }
        }
    }

    /// Whether a comparison can ever be true.
    fn comparison(&mut self, rule: &Node<'_>, variable: &str, value: &Value) {
        rule.members().for_each(|(operator, node)| self.comparison_with(&node, operator, variable, value));
    }

    fn comparison_with(&mut self, node: &Node<'_>, operator: &str, path: &str, value: &Value) {
        let wants: (&str, fn(&Value) -> bool) = match operator {
            _ if operator.starts_with("Numeric") => ("a number", |value| value.number),
            _ if operator.starts_with("String") => ("a string", |value| value.string),
            _ if operator.starts_with("Timestamp") => ("a timestamp", |value| value.string),
            _ if operator.starts_with("Boolean") => ("a boolean", |value| value.boolean),
            _ => return,
        };
        if !(value.anything || wants.1(value) || value.is_nothing()) {
            let message = format!("`{operator}` is never true: `{path}` is {}, not {}", describe(value), wants.0);
            self.report(Kind::Comparison, node.pointer(), message, None);
        }
    }

    fn jsonata_choice<'s>(&mut self, state: &State<'s>, data: &Data<'_>) -> Vec<Exit<'s>> {
        let mut exits = Vec::new();
        let output = |flow: &mut Self, node: &Node<'_>| match node.get("Output") {
            Some(node) => flow.template(&node, data),
            None => data.input.clone(),
        };
        for rule in state.choices() {
            if let Some(node) = rule.get("Condition") {
                let value = self.template(&node, data);
                if is_expression(&node) {
                    self.accepted(&node, "Condition", Accepts::Boolean, &value, QueryLanguage::Jsonata);
                }
            }
            self.assignments_of(&rule, data);
            let value = output(self, &rule);
            exits.extend(rule.text("Next").map(|next| (Some(next), value)));
        }
        self.assignments(state, data);
        if let Some(next) = state.default() {
            let value = output(self, state);
            exits.push((Some(next), value));
        }
        exits
    }

    fn assignments(&mut self, state: &State<'_>, data: &Data<'_>) {
        self.assignments_of(state, data);
    }

    fn assignments_of(&mut self, node: &Node<'_>, data: &Data<'_>) {
        let Some(node) = node.get("Assign") else { return };
        for (key, child) in node.members() {
            let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
            let value = match dynamic {
                Some(_) => self.expression(&child, data),
                None => self.template(&child, data),
            };
            self.assign(dynamic.unwrap_or(key), &value);
        }
    }

    /// Reports paths and expressions whose values the parameters of a call do not accept.
    fn call_parameters(&mut self, state: &State<'_>, node: &Node<'_>, data: &Data<'_>) {
        let target = state.resource().and_then(Resource::parse).map(|resource| resource.target);
        let action = match target {
            Some(Target::Optimized { service, action }) => catalog::find(service, action),
            Some(Target::Sdk { service, action }) => catalog::find(&format!("aws-sdk:{service}"), action),
            _ => None,
        };
        let Some(action) = action.filter(|_| self.is_reporting) else { return };
        let is_sdk = action.service.starts_with("aws-sdk:");
        for (key, child) in node.members() {
            let name = key.strip_suffix(".$").unwrap_or(key);
            if let Some(member) = action.parameters.member(name) {
                self.parameter(key, &child, &member.shape, is_sdk, data);
            }
        }
    }

    fn parameter(&mut self, key: &str, node: &Node<'_>, shape: &Shape, is_sdk: bool, data: &Data<'_>) {
        let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
        let value = match dynamic {
            Some(_) => self.expression(node, data),
            None if data.language == QueryLanguage::Jsonata && is_expression(node) => self.template(node, data),
            None => {
                match shape {
                    Shape::Structure(structure) => {
                        for (key, child) in node.members() {
                            if let Some(member) = structure.member(key.strip_suffix(".$").unwrap_or(key)) {
                                self.parameter(key, &child, &member.shape, is_sdk, data);
                            }
                        }
                    }
                    Shape::Map(map) => {
                        node.members().for_each(|(key, child)| self.parameter(key, &child, &map.values, is_sdk, data));
                    }
                    Shape::List(list) => {
                        node.elements().for_each(|child| self.parameter(key, &child, &list.items, is_sdk, data));
                    }
                    _ => {}
                }
                return;
            }
        };
        let name = dynamic.unwrap_or(key);
        if let Some((name, wanted)) = parameters::refused(shape, &value, name, is_sdk) {
            let message = format!("`{name}` must be {wanted}, but the value has another type: {}", describe(&value));
            self.report(Kind::Parameter, node.pointer(), message, None);
        }
    }

    /// A payload template.
    fn template(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let words = || origin("a value that the definition builds");
        match node.json() {
            // It may become an expression.
            Json::String(text) if data.language == QueryLanguage::Jsonata && placeholder::is_in(text) => {
                match jsonata::unwrap(text) {
                    Ok(Some(expression)) => self.jsonata(node, expression, data),
                    _ => Value::anything(),
                }
            }
            Json::String(text) => match jsonata::unwrap(text) {
                Ok(Some(expression)) if data.language == QueryLanguage::Jsonata => self.jsonata(node, expression, data),
                _ => Value::string(),
            },
            Json::Array(_) => {
                let elements: Vec<Node<'_>> = node.elements().collect();
                Value::elements(elements.iter().map(|element| self.template(element, data)).collect(), words())
            }
            json @ Json::Object(_) if placeholder::is_value(json) => Value::anything(),
            Json::Object(_) => {
                let mut known = BTreeMap::new();
                let mut rest = Rest::None;
                for (key, child) in node.members() {
                    let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
                    let value = match dynamic {
                        Some(_) => self.expression(&child, data),
                        None => self.template(&child, data),
                    };
                    if key.contains("${") {
                        rest = Rest::Open;
                    }
                    known.insert(dynamic.unwrap_or(key).to_owned(), value);
                }
                Value::object(known, rest, words())
            }
            json => Value::of_json(json, &words()),
        }
    }

    /// A path or an intrinsic function.
    fn expression(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let Some(text) = node.json().as_str() else { return Value::anything() };
        if !text.starts_with("States.") {
            return self.path(node, data);
        }
        match Intrinsic::parse(text) {
            Ok(call) => self.call(node, &call, data),
            Err(_) => Value::anything(),
        }
    }

    /// A call of an intrinsic function.
    fn call(&mut self, node: &Node<'_>, call: &Intrinsic<'_>, data: &Data<'_>) -> Value {
        let words = origin("a value that the definition builds");
        let constant = |json: Json| Value::of_json(&json, &words);
        let mut given = Vec::new();
        for (at, argument) in call.arguments.iter().enumerate() {
            let value = match &argument.kind {
                ArgumentKind::String(text) => constant(text.text().into()),
                ArgumentKind::Number(number) => constant(Number::from_f64(*number).map_or(Json::Null, Json::Number)),
                ArgumentKind::Boolean(is) => constant(Json::Bool(*is)),
                ArgumentKind::Null => Value::null(),
                ArgumentKind::Path(path) => self.look_up(&written(path), data).unwrap_or_else(|dead| {
                    self.dead(node, &dead, data.language);
                    Value::anything()
                }),
                ArgumentKind::Call(inner) => self.call(node, inner, data),
                ArgumentKind::Placeholder => Value::anything(),
            };
            let wanted = call.accepts(at);
            if !intrinsic::fits(wanted, &value) {
                let (name, is, must) = (call.name, describe(&value), wanted.describe());
                let message = format!("argument {} of `{name}` is {is}, but must be {must}", at + 1);
                self.report(Kind::Argument, node.pointer(), message, None);
            }
            given.push(value);
        }
        if let Some((message, help)) = intrinsic::wrong_number(call, &given) {
            self.report(Kind::Argument, node.pointer(), message, help);
        }
        intrinsic::result(call, given, words)
    }

    /// Reports a value that a field does not accept.
    fn accepted(&mut self, node: &Node<'_>, field: &str, accepts: Accepts, value: &Value, language: QueryLanguage) {
        let is_path = language == QueryLanguage::JsonPath;
        if accepts.fits(value, is_path) {
            return;
        }
        let is = match (&value.constant, accepts) {
            (Some(json @ Json::Number(_)), Accepts::Seconds | Accepts::Percentage) => format!("`{json}`"),
            (Some(json @ Json::String(_)), Accepts::Timestamp) => format!("`{json}`"),
            _ => describe(value),
        };
        let what = match () {
            () if is_path => "the path leads to",
            () if is_expression(node) => "the expression returns",
            () => "this is",
        };
        let message = format!("`{field}` accepts {}, but {what} {is}", accepts.describe());
        self.report(Kind::Type, node.pointer(), message, None);
    }

    fn path(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let Some(text) = node.json().as_str().filter(|text| text.starts_with('$')) else { return Value::anything() };
        match self.look_up(text, data) {
            // Without a value, the state fails.
            Ok(value) => Value { missing: false, ..value },
            Err(dead) => {
                self.dead(node, &dead, data.language);
                Value::anything()
            }
        }
    }

    fn look_up(&self, text: &str, data: &Data<'_>) -> Result<Value, Box<Dead>> {
        let variable = |name: &str| self.variable(name);
        path::json_path(text, &Roots { value: data.input, variable: &variable, context: data.context })
    }

    /// A JSONata expression. If it is only a path, it fails if the path selects nothing; a part of an expression then
    /// has no value.
    fn jsonata(&mut self, node: &Node<'_>, expression: &str, data: &Data<'_>) -> Value {
        let Some(steps) = path::steps(expression) else {
            let Ok(parsed) = sfn_tasks_jsonata::parse(expression, Syntax::Placeholders) else {
                return Value::anything();
            };
            let roots = Readable { flow: self, data };
            let known =
                super::jsonata::read(expression, &parsed, &roots, &origin("a value that the definition builds"));
            for mut dead in known.dead {
                dead.is_unlikely = true;
                self.dead(node, &dead, data.language);
            }
            for problem in known.problems {
                self.report_problem(node.pointer(), expression, problem);
            }
            return Value { missing: false, ..known.value };
        };
        let found = match steps.as_slice() {
            [Step::Name("states"), Step::Name(part), rest @ ..] => {
                let start = match *part {
                    "input" => Some(data.input),
                    "result" => data.result,
                    "errorOutput" => data.error,
                    "context" => Some(data.context),
                    _ => None,
                };
                // Another check reports these where they do not exist.
                let Some(start) = start else { return Value::anything() };
                path::jsonata(start.clone(), &format!("$states.{part}"), rest)
            }
            [Step::Name(name), rest @ ..] => path::jsonata(self.variable(name), &format!("${name}"), rest),
            _ => return Value::anything(),
        };
        match found {
            // Without a value, the state fails.
            Ok(value) => Value { missing: false, ..value },
            Err(dead) => {
                self.dead(node, &dead, data.language);
                Value::anything()
            }
        }
    }

    /// Reports a path that selects nothing.
    fn dead(&mut self, node: &Node<'_>, dead: &Dead, language: QueryLanguage) {
        let Dead { alive, step, there, is_unlikely, instead } = dead;
        let is_context = matches!((alive.as_str(), step.as_str()), ("$$" | "$states.context", ".Task" | ".Map"));
        if is_context {
            let (message, help) = match step.as_str() {
                ".Task" => (
                    "there is no task token here: only a Task state that waits for a callback or a job has one",
                    "append `.waitForTaskToken` to the resource",
                ),
                _ => (
                    "there is no item here: only a Map state and the states inside it have one",
                    "move the reference into `ItemSelector` or the processor of the Map state",
                ),
            };
            return self.report(Kind::Context, node.pointer(), message.to_owned(), Some(help.to_owned()));
        }
        // The context object's members are checked by name.
        let in_context = alive.strip_prefix("$$").or_else(|| alive.strip_prefix("$states.context"));
        let is_data = |rest: &str| [".Map.Item.Value", ".Execution.Input"].iter().any(|data| rest.starts_with(data));
        if in_context.is_some_and(|rest| !is_data(rest)) {
            return;
        }
        let kind = if *is_unlikely { Kind::UnlikelyPath } else { Kind::Path };
        if let Some(instead) = instead {
            let message = format!("no state writes to `{alive}{step}`: a branch writes to `{alive}{instead}`");
            return self.report(kind, node.pointer(), message, Some(format!("did you mean `{alive}{instead}`?")));
        }
        let (why, help) = explain(alive, step, there, language);
        self.report(kind, node.pointer(), format!("there is nothing at `{alive}{step}`: {why}"), help);
    }
}

/// Why a step selects nothing, and the path that was probably intended.
fn explain(alive: &str, step: &str, there: &Value, language: QueryLanguage) -> (String, Option<String>) {
    let name = step.strip_prefix('.');
    let write = |path: String| Some(format!("did you mean `{path}`?"));
    if let (Some(list), None) = (&there.list, &there.object) {
        let why = format!("`{alive}` is a list, {}", list.origin);
        let has = |value: &Value| name.is_some_and(|name| !value.anything && !value.member(name).value.is_nothing());
        let at = list.elements.as_ref().and_then(|elements| elements.iter().position(has));
        let help = match (at, name) {
            (Some(index), _) => write(format!("{alive}[{index}]{step}")),
            (None, Some(_)) if language == QueryLanguage::JsonPath && list.any.anything => {
                write(format!("{alive}[0]{step}"))
            }
            _ => None,
        };
        return (why, help);
    }
    if let (Some(object), Some(name)) = (&there.object, name) {
        let names: Vec<&str> = object.known.keys().map(String::as_str).collect();
        let why = match names.as_slice() {
            [] => format!("`{alive}` has no members ({})", object.origin),
            few if few.len() <= 8 => format!("`{alive}` has only `{}` ({})", few.join("`, `"), object.origin),
            many => format!("`{alive}` has {} other members ({})", many.len(), object.origin),
        };
        // The path one level deeper, if such a member exists there, or a similar name.
        let deeper = object.known.iter().find(|(_, value)| {
            !value.anything && value.object.as_ref().is_some_and(|inner| inner.known.contains_key(name))
        });
        let nearest = names
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), *known))
            .filter(|(distance, known)| *distance <= 2.max(known.len().min(name.len()) / 3))
            .min();
        let help = match (deeper, nearest) {
            (Some((member, _)), _) => write(format!("{alive}.{member}{step}")),
            (None, Some((_, known))) => write(format!("{alive}.{known}")),
            _ => None,
        };
        return (why, help);
    }
    (format!("`{alive}` is {}", describe(there)), None)
}

/// The kinds of a value, for a message.
fn describe(value: &Value) -> String {
    let kinds = [
        (value.null, "null"),
        (value.boolean, "a boolean"),
        (value.number, "a number"),
        (value.string, "a string"),
        (value.list.is_some(), "a list"),
        (value.object.is_some(), "an object"),
        (value.function, "a function"),
    ];
    let kinds: Vec<&str> = kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| kind).collect();
    kinds.join(" or ")
}

fn empty() -> Value {
    Value::object(BTreeMap::new(), Rest::None, origin("a path of `null`"))
}

/// The next state without an error.
fn onward<'s>(state: &State<'s>, output: Value) -> Option<Exit<'s>> {
    match (state.state_type(), state.next()) {
        (StateType::Fail, _) => None,
        (_, Some(next)) => Some((Some(next), output)),
        _ => Some((None, output)),
    }
}

/// The result, inserted at `ResultPath`.
fn combine(path: Option<Node<'_>>, raw: &Value, result: Value, state: &State<'_>) -> Value {
    match path.as_ref().map(Node::json) {
        None => result,
        Some(Json::Null) => raw.clone(),
        Some(json) => match names_of(json) {
            Some(names) if json.as_str().is_some_and(|text| text.starts_with('$') && !text.starts_with("$$")) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                raw.with(&names, result, &origin(format!("the output of the state `{}`", state.name())))
            }
            _ => Value::anything(),
        },
    }
}

/// Whether the state has a task token.
fn has_token(state: &State<'_>) -> bool {
    if state.state_type() != StateType::Task {
        return false;
    }
    let Some(resource) = state.resource() else { return true };
    match Resource::parse(resource) {
        Some(Resource { target: Target::Optimized { .. } | Target::Sdk { .. }, suffix }) => {
            // A job has one too, although the guide does not say so.
            !suffix.is_empty()
        }
        Some(Resource { target: Target::Function, .. }) => false,
        _ => true,
    }
}

/// Whether a payload contains the task token.
fn reads_token(node: &Node<'_>) -> bool {
    let text = node.json().to_string();
    ["$$.Task", "$states.context.Task"].iter().any(|path| text.contains(path))
}

/// The result of a task's call.
fn task_result(resource: &str, own: Option<&'static Action>) -> Value {
    let Some(parsed) = Resource::parse(resource) else { return Value::anything() };
    let Some(pattern) = Pattern::ALL.into_iter().find(|it| it.suffix() == parsed.suffix) else {
        return Value::anything();
    };
    let (name, shape) = match (own, parsed.target) {
        (Some(action), _) => {
            let result = action.pattern(pattern).and_then(|support| action.result(support));
            (format!("{}:{}", action.service, action.name), result)
        }
        (None, Target::Optimized { service, action }) => {
            (format!("{service}:{action}"), catalog::result(service, action, pattern))
        }
        (None, Target::Sdk { service, action }) => {
            let service = format!("aws-sdk:{service}");
            (format!("{service}:{action}"), catalog::result(&service, action, pattern))
        }
        _ => return Value::anything(),
    };
    let Some(shape) = shape else { return Value::anything() };
    let words = origin(format!("the result of `{name}{}`", parsed.suffix));
    let value = Value::of_shape(&shape, &words);
    let Some(object) = &value.object else { return Value::anything() };
    if own.is_some_and(|action| action.body_member.is_some()) {
        // A function or an activity answers with nothing around.
        return value;
    }
    let mut known = object.known.clone();
    for name in ["SdkHttpMetadata", "SdkResponseMetadata"] {
        known.insert(name.to_owned(), Value::anything());
    }
    Value::object(known, object.rest, words)
}

/// The paths whose existence a choice rule tests, in the form of [`Dead`].
fn tested(rule: &Node<'_>, found: &mut Vec<String>, depth: usize) {
    if depth > 32 {
        return;
    }
    if let (true, Some(path)) =
        (rule.has("IsPresent"), rule.text("Variable").and_then(|text| JsonPath::parse(text).ok()))
    {
        let root = match path.root {
            Root::Value => "$".to_owned(),
            Root::Context => "$$".to_owned(),
            Root::Variable(name) => format!("${name}"),
        };
        found.push(path.segments.iter().fold(root, |text, segment| match &segment.kind {
            SegmentKind::Name(name) => format!("{text}.{name}"),
            SegmentKind::Index(index) => format!("{text}[{index}]"),
            _ => text,
        }));
    }
    for (name, node) in rule.members() {
        match name {
            "And" | "Or" => node.elements().for_each(|part| tested(&part, found, depth + 1)),
            "Not" => tested(&node, found, depth + 1),
            _ => {}
        }
    }
}

/// A path, written as text.
fn written(path: &JsonPath<'_>) -> String {
    let mut text = match path.root {
        Root::Value => "$".to_owned(),
        Root::Context => "$$".to_owned(),
        Root::Variable(name) => format!("${name}"),
    };
    for segment in &path.segments {
        match &segment.kind {
            SegmentKind::Name(name) => text.push_str(&format!("['{}']", escape_token(name).replace('\'', "\\'"))),
            SegmentKind::Index(index) => text.push_str(&format!("[{index}]")),
            // The following steps select a list.
            _ => {
                text.push_str("[*]");
                break;
            }
        }
    }
    text
}
