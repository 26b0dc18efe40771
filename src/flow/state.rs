//! The effect of a state on its input.

use std::collections::BTreeMap;

use super::accepts::{self, Accepts};
use super::fields::{Data, describe, in_json_path, is_expression};
use super::machine::{Flow, Place};
use super::task::has_token;
use super::value::{Rest, Value, origin};
use super::{Kind, MAX_PAYLOAD};
use crate::asl::{Node, ProcessorMode, QueryLanguage, State, StateType};
use crate::expression::json_path::{JsonPath, SegmentKind};
use crate::value::Json;

/// The next state (`None` if the machine ends) and its input.
pub(super) type Exit<'s> = (Option<&'s str>, Value);

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

/// The form of a caught error.
fn error_output() -> Value {
    let members = ["Error", "Cause"].map(|name| (name.to_owned(), Value::string()));
    Value::object(members.into(), Rest::None, origin("an error that was caught"))
}

impl Flow {
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
