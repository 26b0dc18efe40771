//! `fmt`: the canonical form of definitions.

mod comments;

use std::io::Write;
use std::path::{Path, PathBuf};

use sfn_tasks::asl::Format;

use crate::arguments::{Fmt, Language};
use crate::input::{Definition, Fault, Otherwise, is_stdin, load};
use crate::output::{Failure, Output, Status, complain, reason, shown};
use crate::replace;

pub(crate) fn run(arguments: &Fmt, output: &mut Output) -> Result<Status, Failure> {
    if arguments.write && arguments.files.iter().any(|path| is_stdin(path)) {
        return Err("`--write` needs a file: it cannot change the standard input".to_owned().into());
    }
    let inputs = load(&arguments.files, Otherwise::Refuse);
    let mut status = inputs.status;
    let (files, in_templates): (Vec<_>, Vec<_>) =
        inputs.definitions.iter().partition(|definition| definition.as_ref().map_or(true, Definition::is_whole_file));
    if let (true, Some(Ok(first))) = (files.is_empty(), in_templates.first()) {
        let message = format!("{} is in a template; `fmt` formats only definitions that are files", first.title());
        return Err(message.into());
    }
    for definition in files {
        match format(definition.as_ref(), arguments) {
            Ok(formatted) => status = status.max(deliver(&formatted, arguments, output)?),
            Err(why) => {
                complain(why);
                status = Status::Unusable;
            }
        }
    }
    Ok(status)
}

/// A file in its canonical form.
struct Formatted<'a> {
    definition: &'a Definition,
    language: Language,
    text: String,
}

fn format<'a>(definition: Result<&'a Definition, &Fault>, arguments: &Fmt) -> Result<Formatted<'a>, String> {
    let definition = definition.map_err(ToString::to_string)?;
    let source = definition.file().source();
    if source.format() == Format::Yaml && !arguments.drop_comments && !arguments.check {
        if let Some(line) = comments::first_comment(source, definition.machine().json()) {
            let name = definition.file().name();
            return Err(format!(
                "{name}:{line}: the comment would be lost; `--drop-comments` formats the file without it"
            ));
        }
    }
    let mut machine = source.state_machine().map_err(|error| error.to_string())?;
    machine.canonicalize();
    let own = if source.format() == Format::Yaml { Language::Yaml } else { Language::Json };
    let language = arguments.to.unwrap_or(own);
    let text = match language {
        Language::Json => format!("{machine:#}\n"),
        Language::Yaml => machine.to_yaml(),
    };
    Ok(Formatted { definition, language, text })
}

fn deliver(formatted: &Formatted<'_>, arguments: &Fmt, output: &mut Output) -> Result<Status, Failure> {
    let file = formatted.definition.file();
    let is_same = file.source().text() == formatted.text;
    if arguments.check {
        if is_same {
            return Ok(Status::Clean);
        }
        writeln!(output, "{}", shown(file.name()))?;
        return Ok(Status::Findings);
    }
    if !arguments.write {
        output.write_all(formatted.text.as_bytes())?;
        return Ok(Status::Clean);
    }
    let target = target(file.path(), formatted.language);
    if target != file.path() && target.exists() {
        complain(format!("{} already exists and is not overwritten", target.display()));
        return Ok(Status::Unusable);
    }
    if target == file.path() && is_same {
        return Ok(Status::Clean);
    }
    match replace::write(&target, file.path(), formatted.text.as_bytes()) {
        Ok(()) => Ok(Status::Clean),
        Err(error) => {
            complain(format!("{} cannot be written: {}", target.display(), reason(&error)));
            Ok(Status::Unusable)
        }
    }
}

/// The file to write: the same file, or one next to it if the format changes.
fn target(path: &Path, language: Language) -> PathBuf {
    let is_yaml = Format::of_path(path) == Format::Yaml;
    match language {
        Language::Json if is_yaml => path.with_extension("json"),
        Language::Yaml if !is_yaml => path.with_extension("yaml"),
        _ => path.to_owned(),
    }
}
