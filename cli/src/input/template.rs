//! The state machines of a template.

use std::path::Path;
use std::rc::Rc;

use sfn_tasks::template::{self, Body, Machine, Root, Template};

use super::definition::{Definition, Origin};
use super::file::{Content, File, Parsed, is_definition};
use super::files::without_dot;
use super::reach::reach;
use super::terraform::Homes;
use super::{Fault, Found};

/// The definitions of all state machines in the template.
///
/// `homes` has the positions of definitions in a Terraform file.
pub(super) fn definitions(file: &Rc<File>, template: Template, homes: &mut Homes) -> Found {
    let template = Rc::new(template);
    let mut found = Found::default();
    for (machine, body) in template.machines(file.source()) {
        let home = homes.remove(&machine.id);
        let place = match &home {
            Some(home) => home.place(file),
            None => place(file, &machine.pointer),
        };
        let name = machine.id.clone();
        let origin = |machine| Origin { file: file.clone(), template: template.clone(), machine };
        match body {
            Body::Here(inner) => {
                found.definitions.push(Ok(Definition::new(file.clone(), *inner)
                    .of(origin(machine))
                    .at(home.and_then(|home| home.places))));
            }
            Body::Broken(template::Fault { location, message }) => {
                found.definitions.push(Err(Fault { file: file.clone(), location, message, is_beside: false }));
            }
            Body::Elsewhere(why) => found.notes.push(format!("{place}: the definition of `{name}` {why}")),
            Body::Wrong(why) => found.errors.push(format!("{place}: {why}")),
            Body::File(path) => match read(file, &template, &machine, &path) {
                Ok(definition) => found.definitions.push(definition.map(|definition| definition.of(origin(machine)))),
                Err(why) => found.errors.push(format!("{place}: the definition of `{name}`: {why}")),
            },
        }
    }
    found
}

/// Reads the file of a definition. It must be below the template's folder, or below `--root`.
fn read(file: &File, template: &Template, machine: &Machine, path: &str) -> Result<Result<Definition, Fault>, String> {
    let folder = file.path().parent().unwrap_or(Path::new(""));
    let root = Root::new(reach().root.as_deref().unwrap_or(folder)).map_err(|error| crate::output::reason(&error))?;
    let path = root.find(folder, path).map_err(|why| match reach().root.as_deref() {
        None if why.contains("outside") => format!("{why}; use `--root DIR` to allow a folder above"),
        _ => why,
    })?;
    let file = File::read_regular(&without_dot(&path))?;
    let may_be_definition = file.source().text().contains("StartAt");
    match file.parse() {
        Ok(Parsed { file, content: Content::Other(json), .. }) if is_definition(&json) => {
            let inner = template.complete(&machine.id, json).map_err(|error| error.to_string())?;
            Ok(Ok(Definition::new(Rc::new(file), inner)))
        }
        Ok(Parsed { file, content: Content::Template(_), .. }) => {
            Err(format!("{} is a template, not a definition", file.name()))
        }
        Ok(Parsed { file, .. }) => Err(format!("{} is not a definition: it has no `StartAt`", file.name())),
        // The file may be secret, so the message shows nothing of its content.
        Err(fault) if !may_be_definition => Err(format!("{} is not a definition", fault.file.name())),
        Err(fault) => Ok(Err(*fault)),
    }
}

fn place(file: &File, pointer: &str) -> String {
    let name = file.name();
    match file.source().locate_key(pointer) {
        Some(location) => format!("{name}:{}:{}", location.line, location.column),
        None => name,
    }
}
