//! The facts of a service, as text that the library reads when a program first asks for them. `catalog/facts.rs` of the
//! library describes the format. A change of the format needs a new `VERSION`.

use std::fmt::Write;

use crate::model::{
    Action, Bounds, Custom, Enumeration, Member, Pattern, Preset, Rule, Service, Shape, Statement, Structure, Type,
    When,
};
use crate::spec;

/// The method of the library that reads this format.
pub(crate) const VERSION: &str = "v1";

pub(crate) fn text(service: &Service) -> String {
    let mut writer = Writer { text: String::new(), service };
    writer.all();
    writer.text + "\n"
}

/// The position of a structure in its service.
pub(crate) fn structure_index(service: &Service, name: &str) -> usize {
    structures(service).position(|it| it.name == name).unwrap_or_default()
}

fn structures(service: &Service) -> impl Iterator<Item = &Structure> {
    service.types.iter().filter_map(|kind| match kind {
        Type::Structure(it) => Some(it),
        Type::Enumeration(_) => None,
    })
}

fn enumerations(service: &Service) -> impl Iterator<Item = &Enumeration> {
    service.types.iter().filter_map(|kind| match kind {
        Type::Enumeration(it) => Some(it),
        Type::Structure(_) => None,
    })
}

struct Writer<'s> {
    text: String,
    service: &'s Service,
}

impl Writer<'_> {
    fn all(&mut self) {
        let service = self.service;
        self.texts_of([&service.title, &service.docs, &service.url]);
        self.list(enumerations(service), |it, enumeration| {
            it.line();
            it.text(&enumeration.name);
            it.list(enumeration.values.iter().zip(enumeration.variants()), |it, ((value, docs), variant)| {
                it.texts_of([value, docs, &variant]);
            });
        });
        self.list(structures(service), Self::structure);
        self.list(&service.actions, Self::action);
    }

    /// The generated setter of a parameter or member; `None` if a handwritten one replaces it.
    fn setter(&mut self, member: &Member, custom: &[Custom]) {
        let is_handwritten = member.fixed || custom.iter().any(|custom| custom.sets.contains(&member.name));
        self.option((!is_handwritten).then_some(&member.setter), |it, setter| it.text(setter));
    }

    fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(arguments);
    }

    fn line(&mut self) {
        self.text.push('\n');
    }

    fn mark(&mut self, mark: char) {
        self.text.push(mark);
    }

    fn text(&mut self, text: &str) {
        self.put(format_args!("{}:{text}", text.len()));
    }

    fn texts_of<const N: usize>(&mut self, texts: [&String; N]) {
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn number(&mut self, number: u64) {
        self.put(format_args!("{number};"));
    }

    fn float(&mut self, number: f64) {
        self.text(&number.to_string());
    }

    fn flag(&mut self, flag: bool) {
        self.mark(if flag { 't' } else { 'f' });
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => {
                self.mark('+');
                write(self, value);
            }
            None => self.mark('-'),
        }
    }

    fn list<T>(&mut self, values: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        let values: Vec<T> = values.into_iter().collect();
        self.number(values.len() as u64);
        values.into_iter().for_each(|value| write(self, value));
    }

    fn texts(&mut self, texts: &[String]) {
        self.list(texts, |it, text| it.text(text));
    }

    fn action(&mut self, action: &Action) {
        self.line();
        self.texts_of([&action.name, &action.docs, &action.url]);
        self.option(action.sdk.as_ref(), |it, call| it.text(call));
        self.option(action.error_prefix.as_ref(), |it, prefix| it.text(prefix));
        self.list(&action.patterns, Self::pattern);
        self.structure_with(&action.structure, &action.custom);
        self.option(action.resource_member.as_ref(), |it, member| it.text(member));
        self.option(action.body_member.as_ref(), |it, member| it.text(member));
        self.list(&action.retry, Self::retry);
        self.list(&action.errors, |it, (name, docs)| it.texts_of([name, docs]));
        self.option(action.calls.as_ref(), |it, call| it.text(call));
        self.option(action.output.as_ref(), Self::shape);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        self.line();
        self.texts_of([&pattern.key, &pattern.resource, &pattern.url]);
        self.texts(&pattern.token_in);
        self.list(&pattern.statements, Self::statement);
        self.texts(&pattern.result);
        self.option(pattern.result_of.as_ref(), |it, path| it.text(path));
    }

    fn statement(&mut self, statement: &Statement) {
        self.line();
        self.texts(&statement.actions);
        self.texts(&statement.resources);
        self.list(&statement.conditions, |it, (operator, key, value)| it.texts_of([operator, key, value]));
        self.option(statement.when.as_ref(), |it, member| it.text(member));
        self.option(statement.unless.as_ref(), |it, member| it.text(member));
        self.option(statement.depends_on.as_ref(), |it, what| it.text(what));
        self.texts_of([&statement.reason, &statement.why, &statement.url]);
    }

    fn retry(&mut self, retry: &spec::Retry) {
        self.line();
        self.texts(&retry.error_equals);
        self.number(retry.interval_seconds);
        self.number(retry.max_attempts);
        self.float(retry.backoff_rate);
        self.texts_of([&retry.why, &retry.url]);
    }

    fn structure(&mut self, structure: &Structure) {
        self.structure_with(structure, &[]);
    }

    fn structure_with(&mut self, structure: &Structure, custom: &[Custom]) {
        self.line();
        self.text(&structure.name);
        self.flag(structure.union);
        self.flag(structure.custom.is_none());
        self.list(&structure.members, |it, member| {
            it.member(member);
            it.setter(member, custom);
        });
        self.list(&structure.rules, Self::rule);
    }

    fn member(&mut self, member: &Member) {
        self.line();
        self.texts_of([&member.name, &member.docs]);
        self.flag(member.required);
        self.shape(&member.shape);
        self.option(member.preset.as_ref(), |it, preset| match preset {
            Preset::Constant { json, why, url } => {
                it.mark('c');
                it.texts_of([json, why, url]);
            }
            Preset::Expression { json_path, jsonata, why, url } => {
                it.mark('x');
                it.texts_of([json_path, jsonata, why, url]);
            }
        });
        self.option(member.deprecated.as_ref(), |it, deprecated| {
            it.option(deprecated.instead.as_ref(), |it, name| it.text(name));
            it.text(&deprecated.why);
        });
        self.flag(member.fixed);
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::String { length, pattern, format, refuses } => {
                self.mark('s');
                self.bounds(length);
                self.option(pattern.as_ref(), |it, pattern| it.text(pattern));
                self.option(format.as_ref(), |it, format| it.text(format));
                self.refusals(refuses);
            }
            Shape::Integer { range, unit } => {
                self.mark('i');
                self.range(range, unit.as_ref());
            }
            Shape::Number { range } => {
                self.mark('n');
                self.range(range, None);
            }
            Shape::Boolean => self.mark('b'),
            Shape::Timestamp => self.mark('d'),
            Shape::Blob => self.mark('x'),
            Shape::Json => self.mark('j'),
            Shape::List { items: inner, count } => {
                self.mark('l');
                self.shape(inner);
                self.bounds(count);
            }
            Shape::Map { values: inner, count, refuses } => {
                self.mark('m');
                self.shape(inner);
                self.bounds(count);
                self.refusals(refuses);
            }
            Shape::Enumeration(name) => {
                self.mark('e');
                let index = enumerations(self.service).position(|it| it.name == *name).unwrap_or_default();
                self.number(index as u64);
            }
            Shape::Structure(name) => {
                self.mark('o');
                self.number(structure_index(self.service, name) as u64);
            }
        }
    }

    fn refusals(&mut self, refusals: &[spec::Refusal]) {
        self.list(refusals, |it, refusal| it.texts_of([&refusal.pattern, &refusal.why]));
    }

    fn bounds(&mut self, bounds: &Bounds<u64>) {
        self.option(bounds.min, Self::number);
        self.option(bounds.max, Self::number);
    }

    fn range(&mut self, bounds: &Bounds<f64>, unit: Option<&String>) {
        self.option(bounds.min, Self::float);
        self.option(bounds.max, Self::float);
        self.option(unit, |it, unit| it.text(unit));
    }

    fn rule(&mut self, rule: &Rule) {
        self.line();
        self.list(&rule.when, |it, when| match when {
            When::Present(member) => {
                it.mark('p');
                it.text(member);
            }
            When::Absent(member) => {
                it.mark('a');
                it.text(member);
            }
            When::Equals(member, value) => {
                it.mark('e');
                it.texts_of([member, value]);
            }
            When::Matches(member, pattern) => {
                it.mark('m');
                it.texts_of([member, pattern]);
            }
            When::Differs(member, pattern) => {
                it.mark('d');
                it.texts_of([member, pattern]);
            }
        });
        self.text(rule.demand);
        self.texts(&rule.members);
        self.text(&rule.message);
        self.flag(rule.warning);
    }
}
