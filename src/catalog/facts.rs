//! The facts of a service in the format of the generator, read when they are first used.
//!
//! As Rust statics, they would be compiled in every build, with any set of builders. As text they cost a build
//! nothing but their bytes, and a program reads those of the services that it meets.
//!
//! The form: a text is its length, `:` and itself; a number its digits and `;`; a truth value `t` or `f`; what may be
//! absent `-`, or `+` and itself; a list its length as a number, and its elements. Line breaks between them are for
//! people. `render/facts.rs` of the generator writes it.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use super::{
    Action, Demand, Deprecated, Enumeration, ErrorName, ListShape, MapShape, Member, NumberShape, Pattern,
    PatternSupport, Preset, PresetValue, Reason, Refusal, Retry, Rule, Service, Shape, Statement, StringShape,
    Structure, When, own, sdk,
};

/// The facts of one service. They are read when they are first used.
///
/// ```
/// use sfn_tasks::catalog;
///
/// assert_eq!(catalog::service("sqs").map(|service| service.title), Some("Amazon Simple Queue Service"));
/// ```
pub struct Facts {
    name: &'static str,
    text: &'static str,
    read: OnceLock<Read>,
}

/// What was read.
struct Read {
    service: Service,
    structures: &'static [OnceLock<Structure>],
}

impl Facts {
    /// The facts of the service with that name, as the generator of this version writes them. The method is named after
    /// the version of the format, so that the output of another generator does not compile against it.
    #[doc(hidden)]
    pub const fn v1(name: &'static str, text: &'static str) -> Self {
        Self { name, text, read: OnceLock::new() }
    }

    /// The service's part of the resource ARN.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| Reader { rest: self.text, structures: &[], enumerations: &[] }.all(self.name))
    }

    /// A type of the service, by its number.
    #[doc(hidden)]
    pub fn structure(&'static self, index: usize) -> &'static Structure {
        StructureRef(Place::Read(&self.read().structures[index])).get()
    }
}

impl Deref for Facts {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.read().service
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Facts").field(&self.name).finish()
    }
}

/// A structure that a shape refers to. Structures can refer to each other in a circle.
#[derive(Clone, Copy)]
pub struct StructureRef(Place);

/// Where a structure is defined.
#[derive(Clone, Copy)]
enum Place {
    Known(&'static Structure),
    /// In a spec; empty until the spec has been read.
    Read(&'static OnceLock<Structure>),
    /// In AWS's model of a service, by name.
    Sdk(&'static sfn_tasks_facts::Service, sfn_tasks_facts::Structure),
}

impl StructureRef {
    /// The structure.
    pub fn get(self) -> &'static Structure {
        match self.0 {
            Place::Known(structure) => structure,
            Place::Read(cell) => {
                cell.get_or_init(|| Structure { name: "", members: &[], union: false, has_builder: false, rules: &[] })
            }
            Place::Sdk(service, structure) => sdk::structure(service, &structure),
        }
    }

    pub(super) const fn known(structure: &'static Structure) -> Self {
        Self(Place::Known(structure))
    }

    pub(super) const fn of_sdk(
        service: &'static sfn_tasks_facts::Service,
        structure: sfn_tasks_facts::Structure,
    ) -> Self {
        Self(Place::Sdk(service, structure))
    }
}

impl Deref for StructureRef {
    type Target = Structure;

    fn deref(&self) -> &Structure {
        self.get()
    }
}

/// By name: its members can refer back to it.
impl fmt::Debug for StructureRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Reads the text from the beginning. The generator wrote the text, so a mistake in it is a bug; the rest is then read
/// as empty, and the tests of the catalog fail.
struct Reader {
    rest: &'static str,
    structures: &'static [OnceLock<Structure>],
    enumerations: &'static [Enumeration],
}

fn leaked<T>(values: impl IntoIterator<Item = T>) -> &'static [T] {
    Box::leak(values.into_iter().collect::<Box<[T]>>())
}

impl Reader {
    fn all(mut self, name: &'static str) -> Read {
        let (title, docs, url) = (self.text(), self.text(), self.text());
        self.enumerations = self.list(|it| {
            let name = it.text();
            let values = it.list(|it| (it.text(), it.text(), it.text()));
            let variants = leaked(values.iter().map(|(_, _, variant)| *variant));
            Enumeration { name, values: leaked(values.iter().map(|(value, docs, _)| (*value, *docs))), variants }
        });
        self.structures = leaked((0..self.number()).map(|_| OnceLock::new()));
        for cell in self.structures {
            let structure = self.structure();
            cell.get_or_init(|| structure);
        }
        let actions = self.list(|it| it.action(name));
        Read { service: Service { name, title, docs, url, actions }, structures: self.structures }
    }

    fn mark(&mut self) -> u8 {
        self.rest = self.rest.trim_start_matches('\n');
        let mark = self.rest.as_bytes().first().copied().unwrap_or_default();
        self.rest = self.rest.get(1..).unwrap_or_default();
        mark
    }

    /// The text before that character.
    fn until(&mut self, sign: char) -> &'static str {
        let (found, rest) = self.rest.split_once(sign).unwrap_or_default();
        self.rest = rest;
        found.trim_start_matches('\n')
    }

    fn number(&mut self) -> usize {
        self.until(';').parse().unwrap_or_default()
    }

    fn text(&mut self) -> &'static str {
        let length = self.until(':').parse().unwrap_or_default();
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        text
    }

    fn float(&mut self) -> f64 {
        self.text().parse().unwrap_or_default()
    }

    fn flag(&mut self) -> bool {
        self.mark() == b't'
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.mark() == b'+').then(|| read(self))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> &'static [T] {
        let length = self.number();
        leaked((0..length).map(|_| read(self)).collect::<Vec<_>>())
    }

    fn texts(&mut self) -> &'static [&'static str] {
        self.list(Self::text)
    }

    fn action(&mut self, service: &'static str) -> &'static Action {
        let action = Action {
            service,
            name: self.text(),
            docs: self.text(),
            url: self.text(),
            sdk: self.option(Self::text),
            error_prefix: self.option(Self::text),
            patterns: self.list(Self::pattern),
            parameters: Box::leak(Box::new(self.structure())),
            resource_member: self.option(Self::text),
            body_member: self.option(Self::text),
            retry: self.list(Self::retry),
            errors: self.list(|it| ErrorName { name: it.text(), docs: it.text() }),
            calls: self.option(Self::text),
            output: self.option(Self::shape),
        };
        Box::leak(Box::new(own::complete(action)))
    }

    fn pattern(&mut self) -> PatternSupport {
        let key = self.text();
        PatternSupport {
            pattern: Pattern::ALL.into_iter().find(|it| it.key() == key).unwrap_or(Pattern::RequestResponse),
            resource: self.text(),
            url: self.text(),
            token_in: self.texts(),
            statements: self.list(Self::statement),
            result: self.texts(),
            result_of: self.option(Self::text),
        }
    }

    fn statement(&mut self) -> Statement {
        Statement {
            actions: self.texts(),
            resources: self.texts(),
            conditions: self.list(|it| (it.text(), it.text(), it.text())),
            when: self.option(Self::text),
            unless: self.option(Self::text),
            depends_on: self.option(Self::text),
            reason: {
                let key = self.text();
                Reason::ALL.into_iter().find(|it| it.key() == key).unwrap_or(Reason::Call)
            },
            why: self.text(),
            url: self.text(),
        }
    }

    fn retry(&mut self) -> Retry {
        Retry {
            error_equals: self.texts(),
            interval_seconds: u32::try_from(self.number()).unwrap_or(u32::MAX),
            max_attempts: u32::try_from(self.number()).unwrap_or(u32::MAX),
            backoff_rate: self.float(),
            why: self.text(),
            url: self.text(),
        }
    }

    fn structure(&mut self) -> Structure {
        Structure {
            name: self.text(),
            union: self.flag(),
            has_builder: self.flag(),
            members: self.list(Self::member),
            rules: self.list(Self::rule),
        }
    }

    fn member(&mut self) -> Member {
        Member {
            name: self.text(),
            docs: self.text(),
            required: self.flag(),
            shape: self.shape(),
            preset: self.option(Self::preset),
            deprecated: self.option(|it| Deprecated { instead: it.option(Self::text), why: it.text() }),
            fixed: self.flag(),
            setter: self.option(Self::text),
        }
    }

    fn preset(&mut self) -> Preset {
        let value = match self.mark() {
            b'c' => PresetValue::Constant(self.text()),
            _ => PresetValue::Expression { json_path: self.text(), jsonata: self.text() },
        };
        Preset { value, why: self.text(), url: self.text() }
    }

    fn shape(&mut self) -> Shape {
        match self.mark() {
            b's' => Shape::String(StringShape {
                min_length: self.option(Self::bound),
                max_length: self.option(Self::bound),
                pattern: self.option(Self::text),
                format: self.option(Self::text),
                refuses: self.refusals(),
            }),
            b'i' => Shape::Integer(self.range()),
            b'n' => Shape::Number(self.range()),
            b'b' => Shape::Boolean,
            b'd' => Shape::Timestamp,
            b'x' => Shape::Blob,
            b'l' => {
                let items = self.shape();
                let (min_items, max_items) = (self.option(Self::bound), self.option(Self::bound));
                Shape::List(Box::leak(Box::new(ListShape { items, min_items, max_items })))
            }
            b'm' => {
                let values = self.shape();
                let (min_items, max_items) = (self.option(Self::bound), self.option(Self::bound));
                let refuses = self.refusals();
                Shape::Map(Box::leak(Box::new(MapShape { values, min_items, max_items, refuses })))
            }
            b'e' => {
                let index = self.number();
                self.enumerations.get(index).map_or(Shape::Json, Shape::Enum)
            }
            b'o' => {
                let index = self.number();
                self.structures.get(index).map_or(Shape::Json, |cell| Shape::Structure(StructureRef(Place::Read(cell))))
            }
            _ => Shape::Json,
        }
    }

    fn refusals(&mut self) -> &'static [Refusal] {
        self.list(|it| Refusal { pattern: it.text(), why: it.text() })
    }

    fn bound(&mut self) -> u64 {
        self.number() as u64
    }

    fn range(&mut self) -> NumberShape {
        NumberShape {
            minimum: self.option(Self::float),
            maximum: self.option(Self::float),
            unit: self.option(Self::text),
        }
    }

    fn rule(&mut self) -> Rule {
        let when = self.list(|it| match it.mark() {
            b'p' => When::Present(it.text()),
            b'a' => When::Absent(it.text()),
            b'm' => When::Matches(it.text(), it.text()),
            b'd' => When::Differs(it.text(), it.text()),
            _ => When::Equals(it.text(), it.text()),
        });
        let demand = self.text();
        let members = self.texts();
        let demand = match demand {
            "exactlyOneOf" => Demand::ExactlyOneOf(members),
            "atLeastOneOf" => Demand::AtLeastOneOf(members),
            "atMostOneOf" => Demand::AtMostOneOf(members),
            "requires" => Demand::Requires(members),
            _ => Demand::Excludes(members),
        };
        Rule { when, demand, message: self.text(), warning: self.flag() }
    }
}
