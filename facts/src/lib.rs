//! Facts about the APIs of AWS: the operations of each AWS SDK integration of Step Functions, with the types of their
//! parameters and results, and the permissions that they need.
//!
//! `tools/aws_sdk.py` writes the files in `sdk/`, one for each service. `sdk.pack` contains them compressed. A service is
//! decompressed when a program first asks for it.
//!
//! ```
//! let operation = sfn_tasks_facts::service("s3").and_then(|s3| s3.operation("copyObject"));
//! let input = operation.and_then(|operation| operation.input()).map(|input| input.members());
//! assert!(input.is_some_and(|members| members.iter().any(|member| member.name == "CopySource" && member.required)));
//! ```

mod pack;
mod types;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use types::{Bounds, Member, Type};

/// A service with AWS SDK integrations.
#[derive(Debug)]
pub struct Service {
    /// The service's part of the resource ARN: `cloudwatchlogs`.
    pub name: &'static str,
    /// The prefix of the names of its errors: `CloudWatchLogs`.
    pub error_prefix: &'static str,
    /// The name of the API model in AWS's documentation, such as `s3-2006-03-01`; `-` if the operations are unknown.
    pub uid: &'static str,
    /// AWS's name of the service: `Amazon CloudWatch Logs`.
    pub title: &'static str,
    packed: &'static [u8],
    size: usize,
    lines: OnceLock<Lines>,
}

/// The lines of a service, by kind.
#[derive(Debug, Default)]
struct Lines {
    operations: Vec<(&'static str, &'static str)>,
    /// AWS's page about the permissions.
    page: Option<&'static str>,
    needs: HashMap<&'static str, Vec<&'static str>>,
    /// The members, and whether exactly one must be set.
    structures: HashMap<&'static str, (&'static str, bool)>,
    enumerations: HashMap<&'static str, &'static str>,
}

/// Every service, in the order of their names.
pub fn services() -> &'static [Service] {
    static SERVICES: OnceLock<Vec<Service>> = OnceLock::new();
    SERVICES.get_or_init(pack::services)
}

/// The service with this name.
pub fn service(name: &str) -> Option<&'static Service> {
    let services = services();
    services.binary_search_by(|service| service.name.cmp(name)).ok().map(|at| &services[at])
}

impl Service {
    /// Whether the operations are known. For a few services, only the name is known.
    pub fn is_known(&self) -> bool {
        self.uid != "-"
    }

    /// The text of the service, as in `sdk/`.
    pub fn text(&self) -> String {
        pack::unpack(self.packed, self.size)
    }

    fn lines(&'static self) -> &'static Lines {
        self.lines.get_or_init(|| Lines::of(self.text().leak()))
    }

    /// AWS's page about the permissions of the service.
    pub fn permissions_page(&'static self) -> Option<&'static str> {
        self.lines().page
    }

    /// The operations, in the order of their names.
    pub fn operations(&'static self) -> impl ExactSizeIterator<Item = Operation> + Clone {
        self.lines().operations.iter().map(move |(name, words)| Operation { service: self, name, words })
    }

    /// The operation with this name: `copyObject`.
    pub fn operation(&'static self, name: &str) -> Option<Operation> {
        let operations = &self.lines().operations;
        let at = operations.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
        let (name, words) = operations[at];
        Some(Operation { service: self, name, words })
    }

    /// The structure with this name, from the type of a member.
    pub fn structure(&'static self, name: &str) -> Option<Structure> {
        let (name, (members, is_union)) = self.lines().structures.get_key_value(name)?;
        Some(Structure { name, members, is_union: *is_union })
    }

    /// The values of an enumeration, by the name in the type of a member.
    pub fn enumeration(&'static self, name: &str) -> impl Iterator<Item = &'static str> + Clone {
        let values = self.lines().enumerations.get(name).copied();
        values.into_iter().flat_map(|values| values.split('\t'))
    }
}

impl Lines {
    fn of(text: &'static str) -> Self {
        let mut lines = Self::default();
        for line in text.lines() {
            let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (name, words) = rest.split_once(' ').unwrap_or((rest, ""));
            match first {
                "&" | "|" => drop(lines.structures.insert(name, (words, first == "|"))),
                "~" => drop(lines.enumerations.insert(name, words)),
                "+" => lines.needs.entry(name).or_default().push(words),
                "@" => lines.page = Some(rest),
                _ if first.starts_with('=') => {}
                _ => lines.operations.push((first, rest)),
            }
        }
        lines.operations.sort_unstable();
        lines
    }
}

/// An operation of a service.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The service.
    pub service: &'static Service,
    /// The operation's part of the resource ARN: `copyObject`.
    pub name: &'static str,
    /// The input, the output and the errors.
    words: &'static str,
}

impl Operation {
    fn word(&self, at: usize) -> Option<Structure> {
        self.service.structure(self.words.split(' ').nth(at)?)
    }

    /// The parameters; `None` if the operation has no input.
    pub fn input(&self) -> Option<Structure> {
        self.word(0)
    }

    /// The result; `None` if the operation returns nothing.
    pub fn output(&self) -> Option<Structure> {
        self.word(1)
    }

    /// The documented errors, without the service's prefix: `NoSuchKeyException`.
    pub fn errors(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.words.split(' ').skip(2)
    }

    /// The names of the errors with the service's prefix: `S3.NoSuchKeyException`. The flag marks the error for everything
    /// that is not documented: `S3.S3Exception`.
    pub fn error_names(&self) -> impl Iterator<Item = (String, bool)> {
        let prefix = self.service.error_prefix;
        let documented = self.errors().map(move |error| (format!("{prefix}.{error}"), false));
        documented.chain([(format!("{prefix}.{prefix}Exception"), true)])
    }

    /// The permissions that the caller needs, one statement in each line.
    pub fn needs(&self) -> &'static [&'static str] {
        self.service.lines().needs.get(self.name).map_or(&[], Vec::as_slice)
    }

    /// The page of the API.
    pub fn url(&self) -> String {
        let mut name = self.name.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        format!("https://docs.aws.amazon.com/goto/WebAPI/{}/{name}", self.service.uid)
    }
}

/// An object with known members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure {
    /// The name of the type in the API's model.
    pub name: &'static str,
    /// Whether exactly one member must be set.
    pub is_union: bool,
    members: &'static str,
}

impl Structure {
    /// The members, in the spelling of Step Functions.
    pub fn members(&self) -> Vec<Member> {
        self.members.split_ascii_whitespace().flat_map(types::members).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_holds_the_texts() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk");
        for service in services() {
            let text = std::fs::read_to_string(folder.join(format!("{}.txt", service.name))).unwrap();
            assert!(text == service.text(), "{} is stale in sdk.pack: run `cargo xtask pack`", service.name);
        }
        assert_eq!(services().len(), std::fs::read_dir(folder).unwrap().count());
    }

    #[test]
    fn every_name_leads_somewhere() {
        let mut operations = 0;
        for service in services() {
            for operation in service.operations() {
                operations += 1;
                let words: Vec<&str> = operation.words.split(' ').collect();
                assert_eq!(operation.input().is_some(), words[0] != "-", "{} {}", service.name, operation.name);
                assert_eq!(operation.output().is_some(), words[1] != "-", "{} {}", service.name, operation.name);
            }
            for name in service.lines().structures.keys() {
                for member in service.structure(name).unwrap().members() {
                    assert!(follows(service, &member.shape), "{} {name}: {member:?}", service.name);
                }
            }
        }
        assert!(operations > 17_000, "{operations}");
    }

    fn follows(service: &'static Service, shape: &Type) -> bool {
        match shape {
            Type::Structure(name) => service.structure(name).is_some(),
            Type::Enum(name) => service.enumeration(name).next().is_some(),
            Type::List(items, _) => follows(service, items),
            Type::Map(keys, values, _) => follows(service, keys) && follows(service, values),
            Type::Unreadable => false,
            _ => true,
        }
    }
}
