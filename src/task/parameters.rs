//! The parameters that are set on a builder.

use crate::catalog::{Member, PresetValue, Structure};
use crate::value::{Expression, IntoPayload, Json, Payload, Text, Value};

/// The members that are set on a builder, in the order in which they were set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    members: Vec<(Text, Payload)>,
}

impl Parameters {
    /// No members.
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// Sets a member. An existing member keeps its place.
    pub fn set<T: ?Sized>(mut self, name: impl Into<Text>, value: Value<T>) -> Self {
        if let Some(payload) = value.into_option() {
            *self.slot(name.into()) = payload;
        }
        self
    }

    /// Sets a member, even if the library does not know it. An existing member keeps its place.
    pub fn set_deliberately(mut self, name: impl Into<Text>, payload: impl IntoPayload) -> Self {
        *self.slot(name.into()) = payload.into_payload().deliberate();
        self
    }

    /// Adds an element to a member that is a list.
    ///
    /// An expression can return one element or a whole list, and its text does not show which.
    /// [`element`](crate::value::element) marks an expression that returns one element.
    pub fn append<T: ?Sized>(mut self, name: &'static str, element: Value<T>) -> Self {
        let Some(element) = element.into_option() else { return self };
        let element = match element {
            Payload::Expression(expression) => one_or_all(name, &expression),
            element => element.into_bare(),
        };
        let slot = self.slot(name.into());
        match slot {
            Payload::Null => *slot = Payload::from(vec![element]),
            Payload::Array(elements) => elements.push(element),
            _ => *slot = set_as_a_whole(name, "an element"),
        }
        self
    }

    /// Adds an entry to a member that is a map. An existing key keeps its place.
    pub fn insert<T: ?Sized>(mut self, name: &'static str, key: String, value: Value<T>) -> Self {
        let Some(value) = value.into_option() else { return self };
        let slot = self.slot(name.into());
        match slot {
            Payload::Null | Payload::Object(_) => slot.set(key.into(), value),
            _ => *slot = set_as_a_whole(name, "a member"),
        }
        self
    }

    /// Sets all members of the other parameters. Existing members keep their place.
    pub fn merge(mut self, other: Self) -> Self {
        for (name, payload) in other.members {
            *self.slot(name) = payload;
        }
        self
    }

    /// Removes a member.
    pub fn remove(&mut self, name: &str) -> Option<Payload> {
        let at = self.members.iter().position(|(key, _)| key == name)?;
        Some(self.members.remove(at).1.into_bare())
    }

    /// The names of the members that are set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    /// The object to render. Members that are not set get the presets of the structure.
    pub fn into_payload(self, structure: &Structure) -> Payload {
        self.into_payload_without(structure, None)
    }

    /// Like [`into_payload`](Self::into_payload), without one member, which is rendered elsewhere.
    pub(crate) fn into_payload_without(mut self, structure: &Structure, elsewhere: Option<&str>) -> Payload {
        for member in structure.members.iter().filter(|member| Some(member.name) != elsewhere) {
            if let Some(payload) = preset(member) {
                if !self.members.iter().any(|(name, _)| name == member.name) {
                    self.members.push((member.name.into(), payload));
                }
            }
        }
        Payload::Object(self.members.into())
    }

    /// The value of a member, which is `null` if it is new.
    fn slot(&mut self, name: Text) -> &mut Payload {
        let at = self.members.iter().position(|(key, _)| *key == name).unwrap_or_else(|| {
            self.members.push((name, Payload::Null));
            self.members.len() - 1
        });
        let mut slot = &mut self.members[at].1;
        while let Payload::Deliberate(inner) = slot {
            slot = inner;
        }
        slot
    }
}

fn preset(member: &Member) -> Option<Payload> {
    Some(match member.preset?.value {
        PresetValue::Constant(json) => match serde_json::from_str::<Json>(json) {
            Ok(json) => json.into(),
            Err(error) => Payload::Fault(format!("the preset of `{}` is not JSON: {error}", member.name).into()),
        },
        PresetValue::Expression { json_path, jsonata } => {
            Payload::Expression(Expression::Either { json_path: json_path.into(), jsonata: jsonata.into() })
        }
    })
}

fn one_or_all(name: &str, expression: &Expression) -> Payload {
    let text = match expression {
        Expression::Path(text) | Expression::Intrinsic(text) | Expression::Jsonata(text) => text,
        Expression::Either { json_path, .. } => json_path,
    };
    Payload::Fault(
        format!(
            "`{text}` is set as one element of `{name}`: if it returns the whole list, call the setter with the prefix \
             `set_`; if it returns one element, write `element(…)` around it"
        )
        .into(),
    )
}

fn set_as_a_whole(name: &str, what: &str) -> Payload {
    Payload::Fault(
        format!(
            "`{name}` is already set to an expression for the whole value, so {what} cannot be added: call only one of \
             the two setters"
        )
        .into(),
    )
}
