//! The values that a definition assigns to workflow variables.

use std::collections::BTreeMap;

use super::arn::Arn;
use super::parameters::{Parameters, Presence};
use crate::asl::{Node, QueryLanguage, State, StateMachine};
use crate::value::Json;

/// The maximum depth of nested machines: see `derive`.
const MAX_NESTING: usize = 64;

/// Every `Assign` of each variable, by name.
///
/// The scope of a variable is ignored: if two branches have variables with the same name, it can be either.
#[derive(Debug, Default)]
pub(super) struct Variables(BTreeMap<String, Vec<(Json, QueryLanguage)>>);

impl Variables {
    pub(super) fn of(machine: &StateMachine) -> Self {
        let mut variables = Self::default();
        variables.states(machine.definition().states(), 0);
        variables
    }

    fn states<'s>(&mut self, states: impl Iterator<Item = State<'s>>, depth: usize) {
        for state in states {
            let language = state.query_language();
            self.assign(state.get("Assign"), language);
            for list in ["Choices", "Catch"] {
                let elements = state.get(list).map(|list| list.json().as_array().unwrap_or_default().to_vec());
                for element in elements.unwrap_or_default() {
                    self.assigned(element.get("Assign"), language);
                }
            }
            if depth < MAX_NESTING {
                state.machines().into_iter().for_each(|machine| self.states(machine.states(), depth + 1));
            }
        }
    }

    fn assign(&mut self, assign: Option<Node<'_>>, language: QueryLanguage) {
        self.assigned(assign.as_ref().map(Node::json), language);
    }

    fn assigned(&mut self, assign: Option<&Json>, language: QueryLanguage) {
        for (key, value) in assign.and_then(Json::as_object).into_iter().flat_map(|assign| assign.iter()) {
            let name = match language {
                QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
                QueryLanguage::Jsonata => key,
            };
            let mut alone = crate::value::Object::new();
            alone.insert(key.to_owned(), value.clone());
            self.0.entry(name.to_owned()).or_default().push((alone.into(), language));
        }
    }

    /// The possible values of a variable, or of a member in it, if at least a part of each is known.
    pub(super) fn find(&self, names: &[String]) -> Option<Vec<Arn>> {
        if names.iter().any(|name| name.contains(['.', '[', ']'])) {
            return None;
        }
        let path = names.join(".");
        let mut values = Vec::new();
        for (assign, language) in self.0.get(names.first()?)? {
            let parameters = Parameters {
                payload: Some(assign),
                language: *language,
                fixed: Vec::new(),
                itself: None,
                variables: None,
            };
            let found = parameters.find(&path);
            if found.presence != Presence::Present || found.values.iter().any(Arn::is_any) {
                return None;
            }
            values.extend(found.values.into_iter().filter(|value| !values.contains(value)).collect::<Vec<_>>());
        }
        Some(values)
    }
}
