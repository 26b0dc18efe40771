//! Commands for maintainers. `cargo xtask draft` drafts a spec file from botocore's model of a service (`docs/draft.md`
//! describes the next steps), and `cargo xtask pack` compresses the facts of the AWS SDK integrations.

mod draft;
mod fresh;
mod layout;
mod model;
mod pack;
mod spelling;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

const USAGE: &str = "\
cargo xtask draft SERVICE OPERATION… [--model DIR] [--named NAME]
cargo xtask pack
cargo xtask fresh [--python PYTHON | --botocore VERSION]
cargo xtask check FILE…
cargo xtask fmt [--check] FILE…

  SERVICE      the service's part of the resource ARN, such as `glue`
  OPERATION    an operation of the API, such as `startJobRun`; `createCluster=RunJobFlow`
               if the action has another name than the operation
  --model DIR  the folder with service-2.json or service-2.json.gz, or botocore's `data`; by default,
               that of the botocore of the installed Python
  --named NAME the service's folder in botocore, if it is not SERVICE: `emr` for `elasticmapreduce`

`draft` writes spec/SERVICE.json. If the file exists, it adds only missing parts.
`check` reports the faults of spec files, without a build.
`fmt` formats spec files; with --check, it only lists the files that it would change.
`pack` writes facts/sdk.pack from facts/sdk/.
`fresh` installs the newest botocore (or VERSION) and IAM reference below target/, updates facts/, and prints the changes as a
patch, and what the specs now lack. With --python, it uses the packages of PYTHON.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments of `draft`.
#[derive(Debug, PartialEq)]
struct Request {
    service: String,
    /// The names of the actions, with their operations.
    actions: Vec<(String, String)>,
    models: Option<PathBuf>,
    folder: String,
}

fn run(arguments: Vec<String>) -> Result<String, String> {
    if arguments.iter().any(|argument| ["--help", "-h"].contains(&argument.as_str())) {
        return Ok(USAGE.to_owned());
    }
    let mut arguments = arguments.into_iter();
    match arguments.next().as_deref() {
        Some("draft") => write_draft(&parse(arguments)?),
        Some("pack") => pack::write(),
        Some("fresh") => fresh::run(&arguments.collect::<Vec<_>>()),
        Some("fmt") => fmt(&arguments.collect::<Vec<_>>()),
        Some("check") => check(&arguments.collect::<Vec<_>>()),
        Some("help") => Ok(USAGE.to_owned()),
        Some(other) => Err(format!("There is no command `{other}`.\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Request, String> {
    let (mut words, mut models, mut folder) = (Vec::new(), None, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value.\n\n{USAGE}"));
        match argument.as_str() {
            "--model" => models = Some(PathBuf::from(value()?)),
            "--named" => folder = Some(value()?),
            option if option.starts_with('-') => return Err(format!("There is no option `{option}`.\n\n{USAGE}")),
            _ => words.push(argument),
        }
    }
    let mut words = words.into_iter();
    let service = words.next().ok_or_else(|| USAGE.to_owned())?;
    let actions: Vec<_> = words.map(|word| spelling::action_and_operation(&word)).collect();
    if actions.is_empty() {
        return Err(format!("Name at least one operation of `{service}`.\n\n{USAGE}"));
    }
    let folder = folder.unwrap_or_else(|| service.clone());
    Ok(Request { service, actions, models, folder })
}

/// Reports the faults of spec files.
fn check(files: &[String]) -> Result<String, String> {
    if files.is_empty() {
        return Err(format!("Which files?\n\n{USAGE}"));
    }
    let read = |file: &String| {
        let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        sfn_tasks_codegen::text(file, bytes).map_err(|fault| fault.to_string()).map(|text| (file.clone(), text))
    };
    let mut texts = files.iter().map(read).collect::<Result<Vec<_>, String>>()?;
    let sources: Vec<_> = texts.iter().map(|(name, text)| sfn_tasks_codegen::Source { name, text }).collect();
    let beside = sfn_tasks_codegen::files_beside(&sources);
    // A missing file is reported at the reference to it.
    texts.extend(beside.iter().filter(|file| Path::new(file).exists()).map(read).collect::<Result<Vec<_>, _>>()?);
    let sources: Vec<_> = texts.iter().map(|(name, text)| sfn_tasks_codegen::Source { name, text }).collect();
    let written = sfn_tasks_codegen::generate(&sources, None).map_err(|faults| faults.to_string())?;
    Ok(format!("No faults in {} spec files. The output has {} Rust files.", files.len(), written.len()))
}

/// Formats spec files.
fn fmt(arguments: &[String]) -> Result<String, String> {
    let (options, files): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|it| it.starts_with('-'));
    if let Some(unknown) = options.iter().find(|option| **option != "--check") {
        return Err(format!("There is no option `{unknown}`.\n\n{USAGE}"));
    }
    if files.is_empty() {
        return Err(format!("Which files?\n\n{USAGE}"));
    }
    let mut changed = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        // A key that is given twice would be lost.
        let faults = sfn_tasks_codegen::generate(&[sfn_tasks_codegen::Source { name: file, text: &text }], None).err();
        if let Some(twice) = faults.iter().flat_map(|it| &it.0).find(|fault| fault.message.ends_with("given twice")) {
            return Err(twice.to_string());
        }
        let spec: Value = serde_json::from_str(&text).map_err(|error| format!("{file} is not JSON: {error}"))?;
        let laid_out = layout::text(&spec);
        if laid_out != text {
            if options.is_empty() {
                std::fs::write(file, laid_out).map_err(|error| format!("{file} cannot be written: {error}"))?;
            }
            changed.push(file.as_str());
        }
    }
    match (changed.is_empty(), options.is_empty()) {
        (true, _) => Ok("Nothing to reformat.".to_owned()),
        (_, true) => Ok(format!("Reformatted: {}", changed.join(", "))),
        (_, false) => Err(format!("`cargo xtask fmt` would change {}", changed.join(", "))),
    }
}

fn write_draft(request: &Request) -> Result<String, String> {
    let model = model::Model::find(request.models.as_deref(), &request.folder)?;
    let path = Path::new("spec").join(format!("{}.json", request.service));
    let existing = match std::fs::read_to_string(&path) {
        Ok(text) => {
            Some(serde_json::from_str::<Value>(&text).map_err(|e| format!("{} is not JSON: {e}", path.display()))?)
        }
        Err(_) => None,
    };
    let (spec, mut notes) = draft::draft(&model, &request.service, &request.actions, existing)?;
    notes.extend(model.version().zip(pinned()).filter(|(found, pinned)| found != pinned).map(|(found, pinned)| {
        format!(
            "This is the model of botocore {found}; tools/requirements.txt names {pinned}, with which \
             tools/spec_check.py compares: `pip install -r tools/requirements.txt`."
        )
    }));
    std::fs::write(&path, layout::text(&spec)).map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
    Ok(notes
        .into_iter()
        .chain([format!(
            "Wrote {}. docs/draft.md explains the remaining work; `cargo xtask check {0}` lists it.",
            path.display()
        )])
        .collect::<Vec<_>>()
        .join("\n"))
}

/// The version of botocore that the tools in Python use.
fn pinned() -> Option<&'static str> {
    include_str!("../../tools/requirements.txt").lines().find_map(|line| line.strip_prefix("botocore=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> impl Iterator<Item = String> {
        text.split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn an_action_may_have_another_name_than_its_operation() {
        let request = parse(words("elasticmapreduce createCluster=RunJobFlow AddStep --named emr")).unwrap();
        assert_eq!(request.folder, "emr");
        assert_eq!(request.actions[0], ("createCluster".to_owned(), "RunJobFlow".to_owned()));
        assert_eq!(request.actions[1], ("addStep".to_owned(), "AddStep".to_owned()));
    }

    #[test]
    fn help_is_where_one_asks_for_it() {
        for line in ["--help", "draft --help", "draft glue startJobRun -h", "fmt --help"] {
            assert_eq!(run(words(line).collect()).as_deref(), Ok(USAGE), "{line}");
        }
    }

    #[test]
    fn the_pinned_version_is_found() {
        assert!(pinned().is_some_and(|version| version.split('.').count() == 3), "{:?}", pinned());
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(parse(words("glue")).unwrap_err().contains("at least one operation"));
        assert!(parse(words("glue startJobRun --model")).unwrap_err().contains("needs a value"));
        assert!(parse(words("glue startJobRun --modle x")).unwrap_err().contains("no option `--modle`"));
    }
}
