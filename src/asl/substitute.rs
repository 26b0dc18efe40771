//! Values in the place of references.

use std::collections::BTreeMap;

use super::StateMachine;
use crate::expression::placeholder;
use crate::value::Json;

/// The maximum depth at which a definition is searched for references. A text cannot be nested more deeply.
const MAX_DEPTH: usize = 256;

impl StateMachine {
    /// The definition with values in the place of its references, as `DefinitionSubstitutions` of CloudFormation set
    /// them. References to other names remain.
    ///
    /// In a string, a value is text. A reference without quotation marks becomes what the value is as JSON.
    ///
    /// ```
    /// use sfn_tasks::asl::{Source, Format};
    ///
    /// let text = r#"{"StartAt": "Wait", "States": {"Wait": {
    ///     "Type": "Wait", "Seconds": ${Delay}, "Comment": "for ${Team} in ${Stage}", "End": true
    /// }}}"#;
    /// let machine = Source::new(text, Format::Json).state_machine()?.substitute([("Delay", "60"), ("Team", "shop")]);
    /// let wait = machine.json().pointer("/States/Wait").ok_or("a state")?;
    /// assert_eq!(wait.to_string(), r#"{"Type":"Wait","Seconds":60,"Comment":"for shop in ${Stage}","End":true}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn substitute<N, V>(&self, values: impl IntoIterator<Item = (N, V)>) -> StateMachine
    where
        N: Into<String>,
        V: Into<String>,
    {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let mut json = self.json().clone();
        substitute(&mut json, &values, MAX_DEPTH);
        StateMachine::new(json)
    }
}

fn substitute(json: &mut Json, values: &BTreeMap<String, String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match json {
        Json::String(text) if placeholder::is_in(text) => {
            let (mut replaced, mut end) = (String::new(), 0);
            for range in placeholder::find(text) {
                replaced.push_str(&text[end..range.start]);
                match values.get(&text[range.start + 2..range.end - 1]) {
                    Some(value) => replaced.push_str(value),
                    None => replaced.push_str(&text[range.clone()]),
                }
                end = range.end;
            }
            replaced.push_str(&text[end..]);
            *json = replaced.into();
        }
        Json::Placeholder(name) => {
            if let Some(value) = values.get(&**name) {
                *json =
                    serde_json::from_str::<serde_json::Value>(value).map_or_else(|_| value.clone().into(), Json::from);
            }
        }
        Json::Object(object) => object.iter_mut().for_each(|(_, value)| substitute(value, values, depth)),
        Json::Array(elements) => elements.iter_mut().for_each(|value| substitute(value, values, depth)),
        _ => {}
    }
}
