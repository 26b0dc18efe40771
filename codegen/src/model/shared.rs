//! Types from other files (shared types and JSON Schemas), and named shapes. They are inlined before a spec is resolved, so
//! the rest of the generator sees only types of the spec itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{names, shape, values};
use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::json_schema;
use crate::spec::{self, Map, Member, Shape, Type};

/// A file that specs refer to.
pub(crate) struct Beside {
    types: Map<Type>,
    /// The name of the type for each fragment of a reference.
    names: BTreeMap<String, String>,
    /// Whether the file has no faults.
    is_right: bool,
    /// Whether it is a spec. Other specs cannot use its types.
    pub(crate) is_spec: bool,
}

impl Beside {
    /// Reads and checks a file.
    pub(crate) fn read(name: &str, text: &str, report: &Report<'_>) -> Self {
        let mut names = BTreeMap::new();
        if is_spec(text) {
            return Self { types: Map::default(), names, is_right: false, is_spec: true };
        }
        let json = spec::parse(text, report);
        let types = match json {
            None => Map::default(),
            Some(json) if name.ends_with(".types.json") => {
                let types = spec::shared_types(&json, report).unwrap_or_default();
                names.extend(types.names().map(|name| (step("#/types", name), name.to_owned())));
                types
            }
            Some(json) => {
                let found = json_schema::types(&json, file_name(name), report);
                names = found.names;
                found.types
            }
        };
        let mut alone = spec::Service { types: types.clone(), ..spec::Service::default() };
        settle(&mut alone, name, &BTreeMap::new(), report);
        let decided = shape::types(&alone, report);
        shape::check_ends(&decided, report);
        let by_name = decided.iter().map(|kind| (kind.name(), kind)).collect();
        values::check(&alone, &[], &by_name, report);
        Self { types, names, is_right: report.is_empty(), is_spec: false }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a file describes a service.
fn is_spec(text: &str) -> bool {
    let Ok(Json::Object(members)) = serde_json::from_str::<Json>(text) else { return false };
    ["service", "actions"].iter().all(|key| members.iter().any(|(name, _)| name == key))
}

/// The files that a spec refers to, as paths in the form of its own name.
pub(crate) fn files(name: &str, text: &str) -> BTreeSet<String> {
    fn collect(json: &Json, found: &mut BTreeSet<String>, name: &str) {
        match json {
            Json::Object(members) => {
                for (key, value) in members {
                    match value {
                        Json::String(reference) if key == "$ref" => {
                            found.extend(file_of(reference).and_then(|file| beside(name, file)));
                        }
                        value => collect(value, found, name),
                    }
                }
            }
            Json::Array(elements) => elements.iter().for_each(|it| collect(it, found, name)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    if let Ok(json @ Json::Object(_)) = serde_json::from_str::<Json>(text) {
        // A JSON Schema can refer only to itself.
        if matches!(&json, Json::Object(members) if members.iter().any(|(key, _)| key == "service")) {
            collect(&json, &mut found, name);
        }
    }
    found
}

/// The file of a reference to another file.
fn file_of(reference: &str) -> Option<&str> {
    let file = reference.split('#').next().unwrap_or_default();
    (!file.is_empty()).then_some(file)
}

/// The path of a file in the folder of a spec, or below it.
fn beside(name: &str, file: &str) -> Option<String> {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "._-/".contains(sign);
    if !file.ends_with(".json") || !file.split('/').all(is_part) || !file.chars().all(is_sign) {
        return None;
    }
    let folder = &name[..name.len() - file_name(name).len()];
    Some(format!("{folder}{file}"))
}

/// Adds the types from other files to the spec, and inlines named shapes.
pub(crate) fn settle(spec: &mut spec::Service, name: &str, files: &BTreeMap<String, Beside>, report: &Report<'_>) {
    import(spec, name, files, report);
    let is_whole = !spec.actions.0.is_empty();
    let mut texts: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for (name, kind) in &spec.types.0 {
        let url = kind.shape.as_ref().and(kind.url.clone());
        texts.insert(step("#/types", name), (kind.docs.clone(), url));
    }
    let mut used = BTreeSet::new();
    each_shape(spec, &mut |shape, _| used.extend(shape.reference.clone()));
    let shapes = named_shapes(spec, report);
    for (name, _) in spec.types.0.iter().filter(|(_, kind)| kind.shape.is_some()) {
        if is_whole && !used.contains(&step("#/types", name)) && report.is_empty() {
            report.add(step("/types", name), "no parameter uses this type: remove it, or use it");
        }
    }
    spec.types.0.retain(|(_, kind)| kind.shape.is_none());
    each_member(spec, &mut |member, _| {
        let found = member.shape.reference.as_ref().and_then(|reference| texts.get(reference));
        if let Some((docs, url)) = found.filter(|_| member.docs.is_empty()) {
            member.docs.clone_from(docs);
            member.url = member.url.take().or_else(|| url.clone());
        }
    });
    each_shape(spec, &mut |shape, pointer| replace(shape, &shapes, pointer, report));
}

/// Adds the types of other files, and changes the references to them.
fn import(spec: &mut spec::Service, name: &str, files: &BTreeMap<String, Beside>, report: &Report<'_>) {
    let builders: BTreeSet<String> = spec
        .actions
        .0
        .iter()
        .map(|(name, action)| action.name.clone().unwrap_or_else(|| names::type_name(name)))
        .collect();
    let own: BTreeSet<String> = spec.types.names().map(str::to_owned).collect();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut wanted: Vec<(String, Type)> = Vec::new();
    each_shape(spec, &mut |shape, pointer| {
        let Some(reference) = shape.reference.clone() else { return };
        let Some(file) = file_of(&reference) else { return };
        let fragment = &reference[file.len()..];
        let fragment = if fragment.is_empty() { "#" } else { fragment };
        let at = step(pointer, "$ref");
        // A reference that is reported here becomes `json`, so that it causes no other fault.
        let mut written = std::mem::replace(shape, any());
        let Some(path) = beside(name, file) else {
            let told = format!(
                "`{file}` is not a file in this folder: write a name such as `common.types.json`, or `schemas/order.schema.json` for a file in a subfolder"
            );
            return report.add(at, told);
        };
        if path == name {
            return report.add(at, format!("`{file}` is this file: write `{fragment}`"));
        }
        if name.ends_with(".types.json") {
            let told = "a file of types can refer only to its own types: add the type to this file";
            return report.add(at, told);
        }
        let Some(found) = files.get(&path) else {
            return report
                .add(at, format!("`{path}` does not exist or cannot be read: write the path relative to this file"));
        };
        if found.is_spec {
            let told =
                "it is a spec, whose types other specs cannot use: move shared types to a file `NAME.types.json`";
            return report.add(at, told);
        }
        if !found.is_right {
            return;
        }
        let Some(kind) = found.names.get(fragment) else {
            let hint = did_you_mean(fragment, found.names.keys().map(String::as_str));
            return report.add(at, format!("`{file}` has no type `{fragment}`{hint}"));
        };
        let mut is_free = true;
        for (name, kind) in closure(kind, &found.types) {
            let clash = if own.contains(&name) {
                format!("this file and `{file}` both have a type `{name}`: remove one of them")
            } else if builders.contains(&name) {
                format!(
                    "the type `{name}` of `{file}` has the name of a builder of this service: set `name` of the action"
                )
            } else {
                match taken.insert(name.clone(), path.clone()) {
                    None => {
                        wanted.push((name, kind));
                        continue;
                    }
                    Some(earlier) if earlier == path => continue,
                    Some(earlier) => {
                        format!("`{earlier}` and `{path}` both have a type `{name}`: rename one of them")
                    }
                }
            };
            is_free = false;
            report.add(&at, clash);
        }
        if is_free {
            written.reference = Some(step("#/types", kind));
            *shape = written;
        }
    });
    for (name, kind) in wanted {
        report.mute(step("/types", &name));
        spec.types.0.push((name, kind));
    }
}

/// A type, and the types that it uses.
fn closure(name: &str, types: &Map<Type>) -> BTreeMap<String, Type> {
    let mut found: BTreeMap<String, Type> = BTreeMap::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(kind) = types.get(&name).filter(|_| !found.contains_key(&name)) else { continue };
        let mut kind = kind.clone();
        each_shape_of_type(&mut kind, "", &mut |shape, _| {
            let inner = shape.reference.as_ref().and_then(|reference| reference.strip_prefix("#/types/"));
            open.extend(inner.map(str::to_owned));
        });
        found.insert(name, kind);
    }
    found
}

/// The named shapes, without references to other named shapes.
fn named_shapes(spec: &spec::Service, report: &Report<'_>) -> BTreeMap<String, Shape> {
    let written: BTreeMap<String, &Shape> =
        spec.types.0.iter().filter_map(|(name, kind)| Some((step("#/types", name), kind.shape.as_ref()?))).collect();
    let mut done = BTreeMap::new();
    for name in written.keys() {
        resolve(name, &written, &mut done, &mut Vec::new(), spec, report);
    }
    done
}

fn resolve(
    name: &str,
    written: &BTreeMap<String, &Shape>,
    done: &mut BTreeMap<String, Shape>,
    within: &mut Vec<String>,
    spec: &spec::Service,
    report: &Report<'_>,
) {
    let Some(shape) = written.get(name).filter(|_| !done.contains_key(name)) else { return };
    let pointer = name.trim_start_matches('#');
    if within.iter().any(|outer| outer == name) {
        report.add(pointer, "this type refers to itself: give it `members`, one of which refers to it");
        done.insert(name.to_owned(), any());
        return;
    }
    if !names::is_type_name(pointer.trim_start_matches("/types/")) {
        report.add(
            pointer,
            "the name of a type starts with an uppercase letter, has only letters and digits, and is not `Self`",
        );
    }
    within.push(name.to_owned());
    let mut shape = (*shape).clone();
    let mut inner = Vec::new();
    each_shape_within(&mut shape, pointer, &mut |it, _| inner.extend(it.reference.clone()));
    for inner in inner {
        resolve(&inner, written, done, within, spec, report);
    }
    within.pop();
    if done.contains_key(name) {
        return;
    }
    each_shape_within(&mut shape, pointer, &mut |it, at| replace(it, done, at, report));
    if shape::shape(spec, &shape, pointer, report).is_none() {
        shape = any();
    }
    done.insert(name.to_owned(), shape);
}

/// Replaces a reference with the named shape.
fn replace(shape: &mut Shape, shapes: &BTreeMap<String, Shape>, pointer: &str, report: &Report<'_>) {
    if let Some(found) = shape.reference.as_ref().and_then(|reference| shapes.get(reference)) {
        shape::check_keys(shape, "$ref", &[], pointer, report);
        *shape = found.clone();
    }
}

fn any() -> Shape {
    Shape { kind: Some("json".to_owned()), ..Shape::default() }
}

fn each_member(spec: &mut spec::Service, visit: &mut dyn FnMut(&mut Member, &str)) {
    for (name, action) in &mut spec.actions.0 {
        let pointer = step(step("/actions", name).as_str(), "parameters");
        members_of(&mut action.parameters, &pointer, visit);
    }
    for (name, kind) in &mut spec.types.0 {
        members_of_type(kind, &step("/types", name), visit);
    }
}

fn members_of(members: &mut Map<Member>, pointer: &str, visit: &mut dyn FnMut(&mut Member, &str)) {
    members.0.iter_mut().for_each(|(name, member)| visit(member, &step(pointer, name)));
}

fn members_of_type(kind: &mut Type, pointer: &str, visit: &mut dyn FnMut(&mut Member, &str)) {
    for (key, members) in [("members", &mut kind.members), ("union", &mut kind.union)] {
        if let Some(members) = members {
            members_of(members, &step(pointer, key), visit);
        }
    }
}

/// Visits every shape of a spec, inner shapes first.
fn each_shape(spec: &mut spec::Service, visit: &mut dyn FnMut(&mut Shape, &str)) {
    for (name, action) in &mut spec.actions.0 {
        let pointer = step("/actions", name);
        members_of(&mut action.parameters, &step(&pointer, "parameters"), &mut |member, at| {
            each_shape_within(&mut member.shape, at, visit);
        });
        if let Some(output) = &mut action.output {
            each_shape_within(output, &step(&pointer, "output"), visit);
        }
    }
    for (name, kind) in &mut spec.types.0 {
        each_shape_of_type(kind, &step("/types", name), visit);
    }
}

fn each_shape_of_type(kind: &mut Type, pointer: &str, visit: &mut dyn FnMut(&mut Shape, &str)) {
    members_of_type(kind, pointer, &mut |member, at| each_shape_within(&mut member.shape, at, visit));
    if let Some(shape) = &mut kind.shape {
        each_shape_within(shape, pointer, visit);
    }
}

fn each_shape_within(shape: &mut Shape, pointer: &str, visit: &mut dyn FnMut(&mut Shape, &str)) {
    for (key, inner) in [("items", &mut shape.items), ("values", &mut shape.values)] {
        if let Some(inner) = inner {
            each_shape_within(inner, &step(pointer, key), visit);
        }
    }
    visit(shape, pointer);
}
