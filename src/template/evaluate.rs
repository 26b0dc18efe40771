//! CloudFormation's functions, as far as their values are known without a deployment.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use super::definition::{Piece, member};
use super::machine::is_machine;
use super::substitute::expand;
use super::types::{Gives, ResourceType};
use super::{Resource, Template, TooLarge};
use crate::asl::MAX_LENGTH;
use crate::expression::placeholder;
use crate::value::{Json, Object};

/// The maximum depth of nested functions. A text cannot be nested more deeply; a tree that a program built could.
pub(super) const MAX_DEPTH: usize = 128;

/// How many names of resources are followed: a name can contain the name of another resource.
const MAX_NAMES: usize = 4;

/// The form of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Unchanged: `${Orders.Arn}`.
    Plain,
    /// As the value that they will have, so that texts with the same meaning are equal: the ARN of the table `Orders`
    /// is `arn:…:table/${Orders#name}`, or `arn:…:table/orders` if the template names the table. A name that AWS
    /// generates has `#`.
    Physical,
}

/// Evaluates functions. An unknown value becomes a placeholder.
pub(super) struct Evaluation<'t> {
    template: &'t Template,
    names: Names,
    /// How many more bytes may be created.
    left: Cell<usize>,
    /// How many names of resources are being resolved.
    naming: Cell<usize>,
    /// The function behind each placeholder, by its name.
    functions: RefCell<BTreeMap<String, Json>>,
    /// The text that `${!Literal}` writes, which is not a reference.
    pub(super) literals: RefCell<Vec<String>>,
}

/// The name of the function call and its argument.
pub(super) fn function(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object().filter(|object| object.len() == 1)?;
    let (name, argument) = object.iter().next()?;
    let is_reference = name == "Ref" && argument.as_str().is_some();
    (is_reference || name.starts_with("Fn::")).then_some((name, argument))
}

impl<'t> Evaluation<'t> {
    pub(super) fn new(template: &'t Template, names: Names) -> Self {
        Self {
            template,
            names,
            left: Cell::new(MAX_LENGTH),
            naming: Cell::new(0),
            functions: RefCell::default(),
            literals: RefCell::default(),
        }
    }

    /// The functions behind the placeholders, by name.
    pub(super) fn functions(self) -> BTreeMap<String, Json> {
        self.functions.into_inner()
    }

    /// The same, while more can follow.
    pub(super) fn known(&self) -> std::cell::Ref<'_, BTreeMap<String, Json>> {
        self.functions.borrow()
    }

    /// The tree with each function replaced by its value.
    pub(super) fn tree(&self, json: &Json) -> Result<Json, TooLarge> {
        if let Some((name, argument)) = function(json) {
            return self.value(name, argument, json);
        }
        Ok(match json {
            Json::Array(elements) => {
                Json::Array(elements.iter().map(|element| self.tree(element)).collect::<Result<_, _>>()?)
            }
            Json::Object(object) => {
                let mut resolved = Object::with_capacity(object.len());
                for (name, value) in object.iter() {
                    resolved.insert(name.to_owned(), self.tree(value)?);
                }
                Json::Object(resolved)
            }
            other => other.clone(),
        })
    }

    fn value(&self, name: &str, argument: &Json, json: &Json) -> Result<Json, TooLarge> {
        let is_text = !matches!(name, "Fn::ToJsonString" | "Fn::Split" | "Fn::GetAZs");
        match argument.as_str() {
            // A parameter can be a number.
            Some(parameter) if name == "Ref" && self.template.is_number(parameter) => {
                Ok(Json::Placeholder(parameter.to_owned().into()))
            }
            _ if is_text => match self.text(json, 0)? {
                text if self.functions.borrow().contains_key(inside(&text)) && name == "Fn::If" => {
                    Ok(Json::Placeholder(inside(&text).to_owned().into()))
                }
                text => Ok(text.into()),
            },
            _ => Ok(Json::Placeholder(self.token(json).into())),
        }
    }

    /// The text of a value.
    pub(super) fn text(&self, json: &Json, depth: usize) -> Result<String, TooLarge> {
        let text = self.whole(json, depth)?;
        self.spend(text.len())?;
        Ok(text)
    }

    fn whole(&self, json: &Json, depth: usize) -> Result<String, TooLarge> {
        if depth == MAX_DEPTH {
            return Err(TooLarge);
        }
        let depth = depth + 1;
        let opaque = || Ok(format!("${{{}}}", self.token(json)));
        match (json, function(json)) {
            (Json::String(text), _) => Ok(self.with_dynamic(text)),
            (Json::Number(_) | Json::Bool(_), _) => Ok(json.to_string()),
            (Json::Placeholder(name), _) => Ok(format!("${{{name}}}")),
            (_, Some(("Ref", Json::String(id)))) => Ok(self.reference(id)),
            (_, Some(("Fn::GetAtt", path))) => match attribute(path) {
                Some(path) => Ok(self.reference(&path)),
                None => opaque(),
            },
            (_, Some(("Fn::Sub", Json::String(text)))) => self.sub(text, &BTreeMap::new()),
            (_, Some(("Fn::Sub", Json::Array(elements)))) => {
                let Some(text) = elements.first().and_then(Json::as_str) else { return opaque() };
                let values = self.values(elements.get(1).and_then(Json::as_object), depth)?;
                self.sub(text, &values)
            }
            (_, Some(("Fn::Join", Json::Array(arguments)))) => match arguments.as_slice() {
                [Json::String(separator), Json::Array(parts)] => {
                    let parts: Result<Vec<String>, TooLarge> =
                        parts.iter().map(|part| self.text(part, depth)).collect();
                    let parts = parts?;
                    self.spend(parts.len() * separator.len())?;
                    Ok(parts.join(separator))
                }
                _ => opaque(),
            },
            (_, Some(("Fn::If", Json::Array(arguments)))) => match arguments.as_slice() {
                [_, one, other] => {
                    let (one, other) = (self.text(one, depth)?, self.text(other, depth)?);
                    if one == other { Ok(one) } else { opaque() }
                }
                _ => opaque(),
            },
            (_, Some(("Fn::FindInMap", Json::Array(keys)))) => match self.in_map(keys, depth)? {
                Some(found) => self.text(found, depth),
                None => opaque(),
            },
            (_, Some(("Fn::Select", Json::Array(arguments)))) => match arguments.as_slice() {
                [index, elements] => {
                    let index = index.as_str().map_or_else(|| index.to_string(), str::to_owned);
                    let Ok(index) = index.parse::<usize>() else { return opaque() };
                    match (elements, function(elements)) {
                        (Json::Array(elements), _) => match elements.get(index) {
                            Some(element) => self.text(element, depth),
                            None => opaque(),
                        },
                        (_, Some(("Fn::Split", Json::Array(arguments)))) => match arguments.as_slice() {
                            [Json::String(separator), whole] => {
                                if let Some(part) = self.part_of_arn(whole, separator, index) {
                                    return Ok(part);
                                }
                                let whole = self.text(whole, depth)?;
                                match part(&whole, separator, index) {
                                    Some(part) => Ok(part.to_owned()),
                                    None => opaque(),
                                }
                            }
                            _ => opaque(),
                        },
                        _ => opaque(),
                    }
                }
                _ => opaque(),
            },
            _ => opaque(),
        }
    }

    /// The text of each value.
    pub(super) fn values<'v>(
        &self,
        object: Option<&'v Object>,
        depth: usize,
    ) -> Result<BTreeMap<&'v str, String>, TooLarge> {
        let values = object.into_iter().flat_map(Object::iter);
        values.map(|(name, value)| Ok((name, self.text(value, depth)?))).collect()
    }

    fn sub(&self, text: &str, values: &BTreeMap<&str, String>) -> Result<String, TooLarge> {
        let mut left = self.left.get();
        let text = expand(text, &mut left, |name| match name.strip_prefix('!') {
            Some(literal) => {
                self.literals.borrow_mut().push(literal.to_owned());
                Some(format!("${{{literal}}}"))
            }
            None => Some(values.get(name.trim()).cloned().unwrap_or_else(|| self.reference(name.trim()))),
        })?;
        Ok(self.with_dynamic(&text))
    }

    /// The text with a placeholder for each dynamic reference: `{{resolve:ssm:/orders/table}}`.
    fn with_dynamic(&self, text: &str) -> String {
        const START: &str = "{{resolve:";
        let (mut known, mut rest) = (String::new(), text);
        while let Some(start) = rest.find(START) {
            let Some(braces) = rest[start..].find("}}").map(|length| start + length) else { break };
            // A placeholder before the end ends with the same character.
            let end = braces + rest[braces..].bytes().take_while(|byte| *byte == b'}').count();
            let mut call = Object::new();
            call.insert("Fn::Sub", rest[start..end].to_owned());
            let mut name = format!("resolve.{:08x}", hash(&rest[start..end]));
            // With this name, it is recognized as an ARN.
            if rest[start..end].trim_end_matches('}').to_ascii_lowercase().ends_with("arn") {
                name.push_str(".Arn");
            }
            known.push_str(&rest[..start]);
            known.push_str(&format!("${{{name}}}"));
            self.functions.borrow_mut().entry(name).or_insert_with(|| call.into());
            rest = &rest[end..];
        }
        known.push_str(rest);
        known
    }

    /// The part of an ARN that a reference returns, between two separators.
    fn part_of_arn(&self, whole: &Json, separator: &str, index: usize) -> Option<String> {
        let path = match function(whole)? {
            ("Ref", Json::String(id)) => id.to_string(),
            ("Fn::GetAtt", path) => attribute(path)?,
            _ => return None,
        };
        let (resource, attribute) = self.template.resource_of(&path)?;
        let known = ResourceType::find(resource.kind())?;
        let gives = attribute.map_or(Some(known.reference), |attribute| known.attribute(attribute));
        // A name never contains a colon. Names of some types contain slashes.
        let is_one_part = match separator {
            ":" => true,
            "/" => {
                !known.arn.contains("${/")
                    && !["AWS::Logs::LogGroup", "AWS::SecretsManager::Secret"].contains(&known.name)
            }
            _ => false,
        };
        if gives != Some(Gives::Arn) || known.arn.is_empty() || !is_one_part {
            return None;
        }
        let part = &known.arn[between(known.arn, separator, index)?];
        match (part.contains("${") && !part.contains("${AWS::"), self.names) {
            // Only the function shows which part it is.
            (true, Names::Plain) => None,
            _ => Some(self.filled(part, known, resource)),
        }
    }

    /// Appends the text of a definition's string to `all`, and returns the origins of its parts. None if it cannot be a
    /// definition.
    ///
    /// `Fn::Sub` remains unchanged: its values are inserted after the text is parsed.
    pub(super) fn pieces(&self, json: &Json, pointer: &str, all: &mut String) -> Result<Option<Vec<Piece>>, TooLarge> {
        let mut add = |text: &str, pointer: &str, literal| {
            self.spend(text.len())?;
            all.push_str(text);
            Ok(Piece { length: text.len(), pointer: pointer.to_owned(), literal })
        };
        Ok(match (json, function(json)) {
            (Json::String(text), _) => Some(vec![add(text, pointer, true)?]),
            (_, Some(("Fn::Sub", Json::String(text)))) => Some(vec![add(text, &member(pointer, "Fn::Sub"), true)?]),
            (_, Some(("Fn::Sub", Json::Array(elements)))) => match elements.first().and_then(Json::as_str) {
                Some(text) => Some(vec![add(text, &format!("{}/0", member(pointer, "Fn::Sub")), true)?]),
                None => None,
            },
            (_, Some(("Fn::Join", Json::Array(arguments)))) => match arguments.as_slice() {
                [Json::String(separator), Json::Array(parts)] => {
                    let pointer = member(pointer, "Fn::Join");
                    let mut found = Vec::new();
                    for (index, part) in parts.iter().enumerate() {
                        let at = format!("{pointer}/1/{index}");
                        if index > 0 && !separator.is_empty() {
                            found.push(add(separator, &at, false)?);
                        }
                        found.push(match part {
                            Json::String(text) => add(text, &at, true)?,
                            part => add(&self.text(part, 0)?, &at, false)?,
                        });
                    }
                    Some(found)
                }
                _ => None,
            },
            _ => None,
        })
    }

    fn spend(&self, bytes: usize) -> Result<(), TooLarge> {
        self.left.set(self.left.get().checked_sub(bytes).ok_or(TooLarge)?);
        Ok(())
    }

    /// The name of the placeholder for a function.
    pub(super) fn token(&self, json: &Json) -> String {
        let (name, argument) = function(json).unwrap_or(("Value", json));
        let name = name.trim_start_matches("Fn::");
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_.:/".contains(sign);
        let name = match (argument, part_of_reference(json)) {
            (Json::String(text), _) if text.chars().all(plain) => format!("{name}.{text}"),
            (_, Some(part)) => part,
            // The same function has the same name everywhere.
            _ => format!("{name}.{:08x}", hash(&json.to_string())),
        };
        self.functions.borrow_mut().entry(name.clone()).or_insert_with(|| json.clone());
        name
    }

    /// The value in a mapping: by its keys, or because it is the same for every first key. `DefaultValue` is used if it
    /// is missing.
    fn in_map<'a>(&'a self, keys: &'a [Json], depth: usize) -> Result<Option<&'a Json>, TooLarge> {
        let (Some(map), [_, first, second, rest @ ..]) = (keys.first().and_then(Json::as_str), keys) else {
            return Ok(None);
        };
        let otherwise = rest.first().and_then(|options| options.get("DefaultValue"));
        let Some(map) = self.template.json().get("Mappings").and_then(|mappings| mappings.get(map)) else {
            return Ok(otherwise);
        };
        let (first, second) = (self.text(first, depth)?, self.text(second, depth)?);
        if second.contains("${") {
            return Ok(None);
        }
        if !first.contains("${") {
            return Ok(map.get(&first).and_then(|values| values.get(&second)).or(otherwise));
        }
        let mut all = map.as_object().into_iter().flat_map(Object::iter).map(|(_, values)| values.get(&second));
        let one = all.next().flatten();
        Ok(one
            .filter(|one| all.all(|other| other == Some(*one)) && otherwise.is_none_or(|otherwise| otherwise == *one)))
    }

    /// The text for `Ref` of a name, or `Fn::GetAtt` of `Name.Attribute`.
    fn reference(&self, name: &str) -> String {
        match self.names {
            Names::Plain => format!("${{{name}}}"),
            Names::Physical => self.physical(name),
        }
    }

    /// The value of a reference after the deployment.
    fn physical(&self, name: &str) -> String {
        let plain = || format!("${{{name}}}");
        let Some((resource, attribute)) = self.template.resource_of(name) else { return plain() };
        let own = |what: &str| format!("${{{}#{what}}}", resource.id());
        // The value of an unknown type, of a stack or of a custom resource can be anything.
        let Some(known) = ResourceType::find(resource.kind()) else { return plain() };
        let gives = match attribute {
            None => Some(known.reference),
            // SAM generates these resources.
            Some("Alias") if resource.kind() == "AWS::Serverless::Function" => {
                return match self.named(resource.property("AutoPublishAlias")) {
                    Some(alias) => format!("{}:{alias}", self.arn(known, resource)),
                    _ => own("Alias"),
                };
            }
            // It is not an attribute, but the intention is clear.
            Some(attribute) if attribute == known.name_property => Some(Gives::Name),
            Some(attribute) => known.attribute(attribute),
        };
        match gives {
            Some(Gives::Arn) if !known.arn.is_empty() => self.arn(known, resource),
            Some(Gives::Name | Gives::Id) => self.name(known, resource),
            Some(Gives::Url) if resource.kind() == "AWS::SQS::Queue" => format!(
                "https://sqs.${{AWS::Region}}.${{AWS::URLSuffix}}/${{AWS::AccountId}}/{}",
                self.name(known, resource)
            ),
            // With this name, it is recognized as an ARN.
            Some(Gives::Arn) => own("Arn"),
            _ => own(attribute.unwrap_or("ref")),
        }
    }

    /// The name of a resource: from the template, or generated by AWS.
    fn name(&self, known: &ResourceType, resource: &Resource) -> String {
        let made_up = || match is_machine(resource.kind()) {
            // The name begins with the logical ID, without the name of the stack.
            true => format!("{0}-${{{0}#name}}", resource.id()),
            false => format!("${{{}#name}}", resource.id()),
        };
        self.named(resource.property(known.name_property)).unwrap_or_else(made_up)
    }

    /// The text of a property that contains a name, if it is known.
    fn named(&self, property: Option<&Json>) -> Option<String> {
        let naming = self.naming.get();
        if naming == MAX_NAMES {
            return None;
        }
        self.naming.set(naming + 1);
        let text = property.and_then(|property| self.text(property, 0).ok());
        self.naming.set(naming);
        text
    }

    fn arn(&self, known: &ResourceType, resource: &Resource) -> String {
        self.filled(known.arn, known, resource)
    }

    /// The format of an ARN, or a part of it, filled with the values of the resource.
    fn filled(&self, form: &str, known: &ResourceType, resource: &Resource) -> String {
        let (mut arn, mut end) = (String::new(), 0);
        for range in placeholder::find(form) {
            arn.push_str(&form[end..range.start]);
            let name = &form[range.start + 2..range.end - 1];
            match (name, name.strip_prefix('@'), name.strip_prefix('#')) {
                ("Name", ..) => arn.push_str(&self.name(known, resource)),
                // The name can begin with a slash.
                ("/Name", ..) => {
                    let name = self.name(known, resource);
                    arn.push_str(if name.starts_with('/') { "" } else { "/" });
                    arn.push_str(&name);
                }
                (_, Some(property), _) => {
                    match self.named(resource.property(property)) {
                        // A function and a cluster can be named by their ARNs.
                        Some(text) => {
                            let is_arn = |kind: &str| text.rsplit_once(kind).map(|(_, name)| name);
                            arn.push_str(is_arn(":function:").or(is_arn(":cluster/")).unwrap_or(&text));
                        }
                        _ => arn.push_str(&format!("${{{}#{property}}}", resource.id())),
                    }
                }
                (_, _, Some(what)) => arn.push_str(&format!("${{{}#{what}}}", resource.id())),
                _ => arn.push_str(&form[range.clone()]),
            }
            end = range.end;
        }
        arn.push_str(&form[end..]);
        arn
    }

    /// The ARN of a resource; none if the ARN of its type is not known.
    pub(super) fn arn_of(&self, resource: &Resource) -> Option<String> {
        let known = ResourceType::find(resource.kind()).filter(|known| !known.arn.is_empty())?;
        Some(self.arn(known, resource))
    }

    /// The name of a resource.
    pub(super) fn name_of(&self, resource: &Resource) -> Option<String> {
        Some(self.name(ResourceType::find(resource.kind())?, resource))
    }
}

/// Fowler, Noll and Vo's hash.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The part of a text between two separators. None if a placeholder before its end could contain a separator.
fn part<'t>(text: &'t str, separator: &str, index: usize) -> Option<&'t str> {
    if !matches!(separator, ":" | "/") {
        return None;
    }
    // A part of an ARN, or a name that AWS generates, contains neither a colon nor a slash.
    let is_one_part = |name: &str| {
        matches!(name, "AWS::Partition" | "AWS::Region" | "AWS::AccountId" | "AWS::StackName" | "AWS::URLSuffix")
            || name.ends_with("#name")
            || name.ends_with("#revision")
    };
    let part = between(text, separator, index)?;
    let mut before = placeholder::find(text).take_while(|range| range.start < part.end);
    before.all(|range| is_one_part(&text[range.start + 2..range.end - 1])).then(|| &text[part])
}

/// The position of the part with that index, between separators that are not in placeholders.
fn between(text: &str, separator: &str, index: usize) -> Option<Range<usize>> {
    let mut from = 0;
    // The text after the last placeholder is the end.
    let literals = placeholder::find(text)
        .chain(std::iter::once(text.len()..text.len()))
        .map(|range| std::mem::replace(&mut from, range.end)..range.start);
    let mut separators = literals
        .flat_map(|literal| text[literal.clone()].match_indices(separator).map(move |(at, _)| literal.start + at));
    let start = match index.checked_sub(1) {
        Some(before) => separators.nth(before)? + separator.len(),
        None => 0,
    };
    Some(start..separators.next().unwrap_or(text.len()))
}

/// The name of a part of a reference's value, between separators: `Select.QueueArn:5`, `Select.TableArn/1`.
fn part_of_reference(json: &Json) -> Option<String> {
    let ("Fn::Select", Json::Array(select)) = function(json)? else { return None };
    let [index, split] = select.as_slice() else { return None };
    let ("Fn::Split", Json::Array(split)) = function(split)? else { return None };
    let [Json::String(separator), whole] = split.as_slice() else { return None };
    let path = match function(whole)? {
        ("Ref", Json::String(id)) => id.to_string(),
        ("Fn::GetAtt", path) => attribute(path)?,
        _ => return None,
    };
    let index: usize = index.as_str().map_or_else(|| index.to_string(), str::to_owned).parse().ok()?;
    matches!(&**separator, ":" | "/").then(|| format!("Select.{path}{separator}{index}"))
}

/// The content of the only placeholder in a text.
fn inside(text: &str) -> &str {
    text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or_default()
}

/// `Name.Attribute`
pub(super) fn attribute(path: &Json) -> Option<String> {
    match path {
        Json::String(path) => Some(path.to_string()),
        Json::Array(path) => Some(path.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?.join(".")),
        _ => None,
    }
}
