//! The resources of the loops of CloudFormation's language extensions: `Fn::ForEach`.
//!
//! See <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>.

use super::definition::member;
use super::evaluate::{MAX_DEPTH, function};
use crate::value::{Json, Object};

/// The maximum length of everything that the loops of a template write.
const MAX_WRITTEN: usize = 16 * 1024 * 1024;

/// What a loop writes for one value counts as at least this length, so that loops that write nothing end too.
const MIN_WRITTEN: usize = 1024;

/// The maximum number of nested loops.
const MAX_LOOPS: usize = 5;

/// A resource of a template, which a loop can write.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) resource: Json,
    /// The position in the template, as a JSON Pointer.
    pub(super) pointer: String,
}

/// The identifiers of the loops around a value, each with its value.
type Identifiers<'t> = Vec<(&'t str, String)>;

/// Whether a member of `Resources` is a loop.
pub(super) fn is_loop(name: &str, value: &Json) -> bool {
    as_loop(name, value).is_some()
}

/// All resources of a template, with those of its loops. A loop over unknown values has one of each, with the identifier
/// as it is.
pub(super) fn resources(template: &Json) -> Vec<Written> {
    let mut loops = Loops { template, identifiers: Vec::new(), left: MAX_WRITTEN, all: Vec::new() };
    if let Some(resources) = template.get("Resources").and_then(Json::as_object) {
        loops.gather(resources, "/Resources");
    }
    loops.all
}

struct Loops<'t> {
    template: &'t Json,
    identifiers: Identifiers<'t>,
    /// How much more the loops may write, in bytes.
    left: usize,
    all: Vec<Written>,
}

impl<'t> Loops<'t> {
    fn gather(&mut self, resources: &'t Object, pointer: &str) {
        for (name, value) in resources.iter() {
            let pointer = member(pointer, name);
            let Some((identifier, collection, output)) = as_loop(name, value) else {
                let resource = filled(value, &self.identifiers, MAX_DEPTH);
                self.all.push(Written { id: text(name, &self.identifiers), resource, pointer });
                continue;
            };
            if self.identifiers.len() == MAX_LOOPS {
                continue;
            }
            let length = value.to_string().len().max(MIN_WRITTEN);
            let values = values(collection, self.template, &self.identifiers);
            for value in values.unwrap_or_else(|| vec![format!("${{{identifier}}}")]) {
                let Some(left) = self.left.checked_sub(length) else { return };
                self.left = left;
                self.identifiers.push((identifier, value));
                self.gather(output, &format!("{pointer}/2"));
                self.identifiers.pop();
            }
        }
    }
}

/// The identifier of a loop, its values and its output.
fn as_loop<'t>(name: &str, value: &'t Json) -> Option<(&'t str, &'t Json, &'t Object)> {
    match value.as_array().filter(|_| name.starts_with("Fn::ForEach::"))? {
        [Json::String(identifier), collection, Json::Object(output)] => Some((identifier, collection, output)),
        _ => None,
    }
}

/// The values of a loop: a list, or the default of a parameter. None if they are known only at deployment.
fn values(collection: &Json, template: &Json, identifiers: &Identifiers<'_>) -> Option<Vec<String>> {
    if let Some(("Ref", Json::String(parameter))) = function(collection) {
        let default = template.get("Parameters")?.get(parameter)?.get("Default")?.as_str()?;
        return Some(default.split(',').map(|value| value.trim().to_owned()).collect());
    }
    let text = |element| filled(element, identifiers, MAX_DEPTH).as_str().map(str::to_owned);
    collection.as_array()?.iter().map(text).collect()
}

/// The value with the identifiers replaced.
fn filled(json: &Json, identifiers: &Identifiers<'_>, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1).filter(|_| !identifiers.is_empty()) else { return json.clone() };
    if let Some(("Ref", Json::String(name))) = function(json) {
        if let Some((_, value)) = identifiers.iter().find(|(identifier, _)| *identifier == &**name) {
            return value.clone().into();
        }
    }
    match json {
        Json::String(string) => text(string, identifiers).into(),
        Json::Array(elements) => {
            Json::Array(elements.iter().map(|element| filled(element, identifiers, depth)).collect())
        }
        Json::Object(object) => {
            let mut all = Object::with_capacity(object.len());
            for (name, value) in object.iter() {
                all.insert(text(name, identifiers), filled(value, identifiers, depth));
            }
            Json::Object(all)
        }
        other => other.clone(),
    }
}

/// `${Name}` is the value, and `&{Name}` its letters and digits.
fn text(text: &str, identifiers: &Identifiers<'_>) -> String {
    identifiers.iter().fold(text.to_owned(), |text, (identifier, value)| {
        let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        text.replace(&format!("${{{identifier}}}"), value).replace(&format!("&{{{identifier}}}"), &plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(template: &str) -> Vec<String> {
        let template: Json = serde_json::from_str(template).unwrap();
        resources(&template).into_iter().map(|it| format!("{} {} {}", it.id, it.resource, it.pointer)).collect()
    }

    #[test]
    fn a_loop_writes_a_resource_for_each_value() {
        let template = r#"{"Resources": {"A": {"Type": "${N}"}, "Fn::ForEach::Topics": ["N", ["ok", "a-b"],
            {"Topic&{N}": {"Name": {"Fn::Sub": "${N}-${AWS::Region}"}, "Ref": {"Ref": "N"}}}]}}"#;
        assert_eq!(
            written(template),
            [
                r#"A {"Type":"${N}"} /Resources/A"#,
                r#"Topicok {"Name":{"Fn::Sub":"ok-${AWS::Region}"},"Ref":"ok"} /Resources/Fn::ForEach::Topics/2/Topic&{N}"#,
                r#"Topicab {"Name":{"Fn::Sub":"a-b-${AWS::Region}"},"Ref":"a-b"} /Resources/Fn::ForEach::Topics/2/Topic&{N}"#,
            ]
        );
    }

    #[test]
    fn loops_can_be_nested_and_their_values_a_parameter() {
        let template = r#"{"Parameters": {"Zones": {"Type": "CommaDelimitedList", "Default": "a, b"}}, "Resources": {
            "Fn::ForEach::Outer": ["Zone", {"Ref": "Zones"}, {"Fn::ForEach::Inner": ["N", ["1", "2"], {"T${Zone}${N}": {}}]}]}}"#;
        let ids: Vec<String> = written(template).iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(ids, ["Ta1", "Ta2", "Tb1", "Tb2"]);
        let unknown = template.replace("Default", "Unknown");
        assert_eq!(written(&unknown)[0].split(' ').next(), Some("T${Zone}1"));
        let many = vec!["\"x\""; 1000].join(",");
        let nested = (0..MAX_LOOPS)
            .fold("{}".to_owned(), |inner, at| format!("{{\"Fn::ForEach::L{at}\": [\"N{at}\", [{many}], {inner}]}}"));
        assert_eq!(written(&format!("{{\"Resources\": {nested}}}")), [""; 0]);
        assert_eq!(
            written(r#"{"Resources": {"Fn::ForEach::X": ["N", [5], {}], "Fn::ForEach::Y": null}}"#),
            [r#"Fn::ForEach::Y null /Resources/Fn::ForEach::Y"#]
        );
    }
}
