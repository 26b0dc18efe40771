//! The two query languages.

use std::fmt;

/// The language in which a state selects and transforms data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum QueryLanguage {
    /// `JSONPath`: `"Key.$": "$.a"`. The default.
    #[default]
    JsonPath,
    /// `JSONata`: `"Key": "{% $states.input.a %}"`.
    Jsonata,
}

impl QueryLanguage {
    /// Both query languages.
    pub const ALL: &'static [QueryLanguage] = &[QueryLanguage::JsonPath, QueryLanguage::Jsonata];

    /// The query language with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.name() == name)
    }

    /// The name, as in the field `QueryLanguage`.
    pub const fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}

impl fmt::Display for QueryLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
