//! The document that everything else reads.

use std::fmt;
use std::io;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::canonical::canonicalize;
use super::parse::parse_json;
use super::{Machine, Node, ParseError, State, Walk};
use crate::value::Json;

/// A definition in the Amazon States Language, as a tree that keeps everything in its order, whether it is valid or
/// not.
///
/// ```
/// use sfn_tasks::asl::StateMachine;
///
/// let machine: StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let state = machine.walk().next().ok_or("a state")?;
/// assert_eq!((state.name(), state.pointer().as_str()), ("Done", "/States/Done"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateMachine {
    json: Json,
}

impl AsRef<StateMachine> for StateMachine {
    fn as_ref(&self) -> &StateMachine {
        self
    }
}

impl StateMachine {
    /// A definition with this tree. Any tree is accepted; the checker finds its errors.
    pub fn new(json: impl Into<Json>) -> Self {
        Self { json: json.into() }
    }

    /// Parses JSON. Use a [`Source`](super::Source) if you also need the places of values in the text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, or exceeds the [limits](super#limits).
    pub fn from_json(text: &str) -> Result<Self, ParseError> {
        Ok(Self::new(parse_json::<()>(text)?.0))
    }

    /// Parses YAML. Use a [`Source`](super::Source) if you also need the places of values in the text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not YAML, or exceeds the [limits](super#limits).
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str) -> Result<Self, ParseError> {
        super::Source::new(text, super::Format::Yaml).state_machine()
    }

    /// The tree.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The definition with its references replaced by values, as CloudFormation replaces them with
    /// `DefinitionSubstitutions`. References to other names stay.
    ///
    /// In a string, the value is inserted as text. A reference without quotation marks is replaced by the value as
    /// JSON.
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
        json.substitute(&values);
        StateMachine::new(json)
    }

    /// The tree, mutable.
    pub fn json_mut(&mut self) -> &mut Json {
        &mut self.json
    }

    /// The tree.
    pub fn into_json(self) -> Json {
        self.json
    }

    /// The view of the whole definition.
    pub fn definition(&self) -> Machine<'_> {
        Machine::definition(Node::root(&self.json))
    }

    /// The top-level states, in document order.
    pub fn states(&self) -> impl Iterator<Item = State<'_>> {
        self.definition().states()
    }

    /// All states at every depth, in document order.
    pub fn walk(&self) -> Walk<'_> {
        self.definition().walk()
    }

    /// Sorts the fields into their canonical order (`Type` first, `Next` last). Unknown fields come last. The order
    /// of states and inside payloads does not change.
    pub fn canonicalize(&mut self) {
        canonicalize(&mut self.json);
    }

    /// Writes the definition as compact JSON.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_to(writer)
    }

    /// Writes the definition as JSON with one member per line, indented by two spaces.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_pretty_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_pretty_to(writer)
    }

    /// The definition as YAML. See [`Json::to_yaml`].
    pub fn to_yaml(&self) -> String {
        self.json.to_yaml()
    }

    /// Writes the definition as YAML.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_yaml_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_yaml_to(writer)
    }
}

/// JSON: `{}` is compact, `{:#}` writes one member per line, indented by two spaces.
impl fmt::Display for StateMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

/// The definition itself. A [`Serializer`] has no unquoted placeholders, so they become strings.
impl Serialize for StateMachine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StateMachine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(Self::new)
    }
}

/// Parses JSON.
impl FromStr for StateMachine {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_json(text)
    }
}
