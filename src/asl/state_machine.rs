//! The document that everything else reads.

use std::fmt;
use std::io;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::canonical::canonicalize;
use super::parse::parse_json;
use super::{Machine, Node, ParseError, State, Walk};
use crate::value::Json;

/// A definition in the Amazon States Language: a tree that keeps everything that was written, in its order, whether it
/// is right or wrong.
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
    /// The definition in that tree. Whatever it holds is taken; it is the checker that finds what is wrong with it.
    pub fn new(json: impl Into<Json>) -> Self {
        Self { json: json.into() }
    }

    /// Reads JSON. Use a [`Source`](super::Source) if places in the text are wanted as well.
    pub fn from_json(text: &str) -> Result<Self, ParseError> {
        Ok(Self::new(parse_json::<()>(text)?.0))
    }

    /// Reads YAML. Use a [`Source`](super::Source) if places in the text are wanted as well.
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str) -> Result<Self, ParseError> {
        super::Source::new(text, super::Format::Yaml).state_machine()
    }

    /// The tree.
    pub fn json(&self) -> &Json {
        &self.json
    }

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
        json.substitute(&values);
        StateMachine::new(json)
    }

    /// The tree, to be changed.
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

    /// The states at the top, in the order of the document.
    pub fn states(&self) -> impl Iterator<Item = State<'_>> {
        self.definition().states()
    }

    /// All states at any depth, in the order of the document.
    pub fn walk(&self) -> Walk<'_> {
        self.definition().walk()
    }

    /// Brings the fields into the order in which a person writes them (`Type` first, `Next` last); fields that the
    /// language does not have come last. The order of states and that within payloads stays.
    pub fn canonicalize(&mut self) {
        canonicalize(&mut self.json);
    }

    /// Writes the definition as JSON, without white space.
    pub fn write_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_to(writer)
    }

    /// Writes the definition as JSON with a member a line, indented by two spaces.
    pub fn write_pretty_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_pretty_to(writer)
    }

    /// The definition as YAML. See [`Json::to_yaml`].
    pub fn to_yaml(&self) -> String {
        self.json.to_yaml()
    }

    /// Writes the definition as YAML.
    pub fn write_yaml_to(&self, writer: impl io::Write) -> io::Result<()> {
        self.json.write_yaml_to(writer)
    }
}

/// JSON: `{}` without white space, `{:#}` with a member a line, indented by two spaces.
impl fmt::Display for StateMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

/// As the definition itself. A [`Serializer`] knows no unquoted placeholder; it becomes a string.
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

/// Reads JSON.
impl FromStr for StateMachine {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_json(text)
    }
}
