//! A template of CloudFormation or SAM.

use std::fmt;

use crate::value::Json;

/// A template of CloudFormation or SAM. `{:#}` writes it as JSON, [`to_yaml`](Self::to_yaml) as YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(super) json: Json,
    pub(super) files: Vec<(String, String)>,
}

impl Template {
    /// The template as JSON.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The template as YAML.
    pub fn to_yaml(&self) -> String {
        self.json.to_yaml()
    }

    /// The files that must be next to the template, each as name and text.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }
}

/// JSON. `{:#}` writes it on several lines.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}
