//! `test`: runs the test files of definitions.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use sfn_tasks::graph::Way;
use sfn_tasks::run::{CaseResult, PartKind, Report, Suite, SuiteFault};
use sfn_tasks::template::Root;

use crate::arguments::{CoverageFormat, GraphFormat, GraphTheme, Test};
use crate::input::{Definition, load_one, read_document};
use crate::output::{Failure, Output, Status, shown};

/// The endings of test files. The part before the ending is the name of the definition.
const ENDINGS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];

pub(crate) fn run(arguments: &Test, output: &mut Output) -> Result<Status, Failure> {
    let mut files = Vec::new();
    for path in &arguments.files {
        find(path, &mut files)?;
    }
    if files.is_empty() {
        let names: Vec<String> = arguments.files.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::Other(format!(
            "there is no test file in {}\nhelp: write one next to the definition, such as order.test.yaml next to \
             order.asl.json; `sfn-tasks run … --record order.test.yaml` writes a first one",
            names.join(", ")
        )));
    }
    let mut status = Status::Clean;
    let mut reports = Vec::new();
    for file in files {
        match test_file(&file, arguments) {
            Ok((definition, report)) => {
                if let Some(folder) = &arguments.pictures {
                    draw(folder, &file, &definition, &report)?;
                }
                reports.push((file, report));
            }
            Err(failure) => {
                failure.complain();
                status = Status::Unusable;
            }
        }
    }
    let (mut passed, mut failed) = (0, 0);
    for (file, report) in &reports {
        writeln!(output, "{}", shown(file.display()))?;
        for result in report.results() {
            let bad = !result.failures().is_empty();
            if bad {
                failed += 1
            } else {
                passed += 1
            };
            writeln!(output, "  {} {}", if bad { "FAILED" } else { "ok" }, shown(result.name()))?;
            for failure in result.failures() {
                for (at, line) in failure.lines().enumerate() {
                    writeln!(output, "    {}{}", if at > 0 { "| " } else { "" }, shown(line))?;
                }
            }
        }
        match arguments.coverage {
            Some(CoverageFormat::Text) => {
                for line in report.coverage().to_string().lines() {
                    writeln!(output, "  {}", shown(line))?;
                }
            }
            Some(CoverageFormat::Json) => writeln!(output, "{:#}", report.coverage().to_json())?,
            None => {}
        }
        if let Some(least) = arguments.min_coverage {
            let percent = report.coverage().percent();
            if percent < least {
                writeln!(output, "  coverage {percent:.1} % is less than {least} %")?;
                status = status.max(Status::Findings);
            }
        }
    }
    writeln!(output, "{passed} passed, {failed} failed")?;
    if let Some(path) = &arguments.junit {
        std::fs::write(path, junit(&reports))
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    if failed > 0 {
        status = status.max(Status::Findings);
    }
    Ok(status)
}

/// The test files of an argument: the file itself, those in a folder, or the one next to a definition.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_dir() {
        let mut found: Vec<PathBuf> = ignore::Walk::new(path)
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()) && ending(entry.path()).is_some())
            .map(ignore::DirEntry::into_path)
            .collect();
        found.sort();
        files.extend(found);
    } else if !path.exists() {
        return Err(format!("{} does not exist", path.display()));
    } else if ending(path).is_some() {
        files.push(path.to_owned());
    } else {
        let stem = stem(path);
        files.extend(
            ENDINGS.iter().map(|ending| path.with_file_name(format!("{stem}{ending}"))).filter(|path| path.is_file()),
        );
    }
    Ok(())
}

fn ending(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy();
    ENDINGS.into_iter().find(|ending| name.ends_with(ending))
}

/// The name of a definition without `.asl` and the extension.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = ["json", "yaml", "yml"].iter().find_map(|form| name.strip_suffix(&format!(".{form}"))).unwrap_or(&name);
    name.strip_suffix(".asl").unwrap_or(name).to_owned()
}

fn test_file(file: &Path, arguments: &Test) -> Result<(Definition, Report), Failure> {
    let suite = Suite::read(&read_document(file)?).map_err(|faults| list(file, &faults))?;
    let at_file = |message: String| format!("{}: {message}", file.display());
    let folder = file.parent().unwrap_or(Path::new(""));
    let definition = match suite.definition() {
        Some(path) => below(folder, path).map_err(at_file)?,
        None => beside(file)?,
    };
    let definition = load_one(&definition, arguments.machine.as_deref())?;
    let suite = match &arguments.filter {
        Some(part) => suite.filter(part),
        None => suite,
    };
    let others: Vec<(String, Definition)> = suite
        .machines()
        .map(|(name, path)| Ok((name.to_owned(), load_one(&below(folder, path).map_err(at_file)?, None)?)))
        .collect::<Result<_, String>>()?;
    let others: Vec<_> = others.iter().map(|(name, other)| (name.as_str(), other.machine())).collect();
    if let Some(objects) = suite.objects().filter(|objects| folder.join(objects).exists() || !is_plain(objects)) {
        below(folder, &objects.to_string_lossy()).map_err(at_file)?;
    }
    let report = suite.folder(folder).express(definition.is_express()).run_with(definition.machine(), &others);
    Ok((definition, report))
}

/// The path that a test file names. It must be below the current folder, or else below the folder of the test file, also
/// after symbolic links are resolved, because the author of a pull request can change test files.
fn below(folder: &Path, path: &str) -> Result<PathBuf, String> {
    let here = Path::new(".").canonicalize().ok();
    let is_here =
        folder_of(folder).canonicalize().ok().zip(here).is_some_and(|(folder, here)| folder.starts_with(here));
    let root = if is_here { Path::new(".") } else { folder };
    Root::new(root).map_err(|error| error.to_string())?.find(folder, path)
}

fn folder_of(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Whether a path has neither a root nor `..`.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Writes an SVG of the paths of all cases of a file, with the name of the file.
fn draw(folder: &Path, file: &Path, definition: &Definition, report: &Report) -> Result<(), String> {
    let mut way = Way::default();
    for part in report.coverage().parts() {
        way = match part.kind() {
            PartKind::State => way.visited(part.state(), part.runs()).moved(part.state(), None, part.runs()),
            PartKind::Retry(_) => way,
            _ => way.moved(part.state(), part.target(), part.runs()),
        };
    }
    let options = super::graph::options(GraphTheme::Auto, definition);
    let picture = super::graph::draw(definition, Some(&way), GraphFormat::Svg, &options);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = ending(file).map_or(name.as_str(), |ending| &name[..name.len() - ending.len()]);
    let path = folder.join(format!("{stem}.svg"));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, picture))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The definition of a test file, by its name.
pub(super) fn beside(file: &Path) -> Result<PathBuf, String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = ending(file).map_or(name.as_str(), |ending| &name[..name.len() - ending.len()]);
    let forms = ["asl.json", "asl.yaml", "asl.yml", "json", "yaml", "yml"];
    let found = forms.iter().map(|form| file.with_file_name(format!("{stem}.{form}"))).find(|path| path.is_file());
    found.ok_or_else(|| {
        format!(
            "{}: there is no definition {stem}.asl.json or {stem}.asl.yaml next to it\nhelp: add `definition: PATH` to the test file",
            file.display()
        )
    })
}

/// All faults of a file.
pub(super) fn list(path: &Path, faults: &[SuiteFault]) -> Failure {
    Failure::Several(faults.iter().map(|fault| format!("{}: {fault}", path.display())).collect())
}

/// The results as JUnit XML, which most CI servers show.
fn junit(reports: &[(PathBuf, Report)]) -> String {
    let escape = |text: &str| {
        text.chars().fold(String::new(), |mut escaped, sign| {
            match sign {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\n' => escaped.push_str("&#10;"),
                // XML does not allow other control characters.
                sign if sign.is_control() => escaped.push(' '),
                sign => escaped.push(sign),
            }
            escaped
        })
    };
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (file, report) in reports {
        let failed = report.results().iter().filter(|result| !result.failures().is_empty()).count();
        let seconds: f64 = report.results().iter().map(|result| result.took().as_secs_f64()).sum();
        // Writing to a string does not fail.
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" time=\"{seconds:.6}\">",
            escape(&file.display().to_string()),
            report.results().len()
        );
        for result in report.results() {
            let _ = write!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6}\"",
                escape(&file.display().to_string()),
                escape(result.name()),
                result.took().as_secs_f64()
            );
            xml.push_str(&failure(result, escape));
        }
        xml.push_str("  </testsuite>\n");
    }
    xml + "</testsuites>\n"
}

fn failure(result: &CaseResult, escape: impl Fn(&str) -> String) -> String {
    match result.failures() {
        [] => "/>\n".to_owned(),
        [first, ..] => format!(
            ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
            escape(first),
            escape(&result.failures().join("\n"))
        ),
    }
}
