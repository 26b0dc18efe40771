//! Which files are written, and where.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sfn_tasks::catalog;

use crate::markdown::{anchor, without_rustdoc};
use crate::{example_pages, links, reference, sdk};

/// The URL for links to files that are not part of the site: `repository` of `Cargo.toml`, or empty.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn fail(path: &Path) -> impl FnOnce(std::io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// Writes a file if its text differs.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fail(folder))?;
    }
    fs::write(path, text).map_err(fail(path))
}

/// The pages of the reference: name of the file, and text.
pub(crate) fn reference_pages() -> Result<Vec<(String, String)>, String> {
    let mut index = String::from(
        "# Reference\n\nOne page for each service with optimized integrations: patterns, parameters, results, permissions, \
         errors and examples of each API. For all other APIs, see [Calls of the AWS SDK](../sdk.md).\n\n",
    );
    let mut pages = Vec::new();
    for service in catalog::services() {
        let path = root().join("spec").join(format!("{}.json", service.name));
        let text = fs::read_to_string(&path).map_err(fail(&path))?;
        let spec: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = format!("{}.md", service.name);
        let links = service.actions.iter().map(|api| format!("[`{}`]({file}#{})", api.name, anchor(api.name)));
        let apis = links.collect::<Vec<_>>().join(", ");
        index.push_str(&format!("- [{}]({file}) (`{}`): {apis}\n", service.title, service.name));
        pages.push((file, reference::page(service, &spec)));
    }
    pages.push(("index.md".to_owned(), index));
    Ok(pages)
}

/// The generated files that are part of the repository: paths below `docs`, and texts.
fn committed() -> Result<Vec<(PathBuf, String)>, String> {
    let below = |folder: &'static str| move |(name, text): (String, String)| (Path::new(folder).join(name), text);
    let mut files: Vec<_> = reference_pages()?.into_iter().map(below("reference")).collect();
    files.extend(example_pages::pages()?.into_iter().map(below("guides/examples")));
    Ok(files)
}

/// Writes `docs/reference/` and `docs/guides/examples/`.
pub(crate) fn write_reference() -> Result<String, String> {
    let files = committed()?;
    for (path, text) in &files {
        write(&root().join("docs").join(path), text)?;
    }
    Ok(format!("wrote {} files to docs/", files.len()))
}

/// Builds the site, or shows it.
pub(crate) fn site(serve: bool) -> Result<String, String> {
    let target = root().canonicalize().map_err(fail(&root()))?.join("target").join("site");
    let pages = target.join("docs");
    if pages.exists() {
        fs::remove_dir_all(&pages).map_err(fail(&pages))?;
    }
    copy(&root().join("docs"), &pages, "docs")?;
    copy(&root().join("site").join("theme"), &pages, "site/theme")?;
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"] {
        let text = fs::read_to_string(root().join(name)).map_err(fail(Path::new(name)))?;
        write(
            &pages.join(links::page(name).unwrap_or_default()),
            &links::relink(&without_rustdoc(&text), name, REPOSITORY),
        )?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let page = pages.join(links::page(name).unwrap_or_default());
        fs::copy(root().join(name), page).map_err(fail(Path::new(name)))?;
    }
    for (name, text) in reference_pages()? {
        write(&pages.join("reference").join(name), &without_types_in_search(&text))?;
    }
    let calls = write_sdk(&pages.join("sdk"))?;
    let configuration = root().join("site").join("mkdocs.yml");
    let text = fs::read_to_string(&configuration).map_err(fail(&configuration))?;
    let mut nav = "      - reference/index.md\n".to_owned();
    for service in catalog::services() {
        nav.push_str(&format!("      - reference/{}.md\n", service.name));
    }
    let mut text = text.replace("      - reference/index.md\n", &nav);
    if !REPOSITORY.is_empty() {
        text.push_str(&format!("repo_url: {REPOSITORY}\n"));
    }
    write(&target.join("mkdocs.yml"), &text)?;
    mkdocs(&target, serve)?;
    Ok(format!("built target/site/site: {calls} calls of the AWS SDK integrations"))
}

/// Writes the pages of the AWS SDK integrations, and returns how many calls they have.
fn write_sdk(folder: &Path) -> Result<usize, String> {
    let mut index = String::from("# AWS SDK integrations\n\nEvery call that Step Functions can make, by service.\n\n");
    let mut calls = 0;
    for full in catalog::sdk_services() {
        let Some(service) = catalog::service(&full) else { continue };
        let name = full.strip_prefix("aws-sdk:").unwrap_or(&full);
        calls += service.actions.len();
        let number = match service.actions.len() {
            1 => "1 call".to_owned(),
            number => format!("{number} calls"),
        };
        index.push_str(&format!("- [{name}]({name}.md), {}: {number}\n", service.title));
        write(&folder.join(format!("{name}.md")), &ranked("0.5", &sdk::page(name, service)))?;
    }
    write(&folder.join("index.md"), &index)?;
    Ok(calls)
}

/// A page that the search multiplies by that number: guides come before the optimized integrations, and these before the
/// calls of the AWS SDK.
fn ranked(boost: &str, page: &str) -> String {
    format!("---\nsearch:\n  boost: {boost}\n---\n\n{page}")
}

/// A page of the reference whose types are not headings of the search: `LambdaGraderConfig` would come before AWS Lambda.
/// The tables of parameters name each type, so the search still finds it.
fn without_types_in_search(page: &str) -> String {
    let Some((actions, types)) = page.split_once("\n## Types\n") else { return page.to_owned() };
    let mut shown = format!("{actions}\n## Types\n");
    for line in types.split_inclusive('\n') {
        match line.strip_suffix('\n').filter(|line| line.starts_with("### ")) {
            Some(heading) => shown.push_str(&format!("{heading} {{ data-search-exclude }}\n")),
            None => shown.push_str(line),
        }
    }
    shown
}

/// Runs MkDocs in the folder of its configuration.
fn mkdocs(folder: &Path, serve: bool) -> Result<(), String> {
    let mut command = Command::new(python(&folder.join("venv"))?);
    command.args(["-m", "mkdocs"]);
    match serve {
        true => command.arg("serve"),
        false => command.args(["build", "--strict", "--quiet"]),
    };
    // Material for MkDocs would print an advertisement of another tool.
    run(command.env("NO_MKDOCS_2_WARNING", "1").current_dir(folder))
}

/// The Python of an environment that has what `site/requirements.txt` names. It is made the first time, and when the
/// requirements change.
fn python(environment: &Path) -> Result<PathBuf, String> {
    let requirements = root().join("site").join("requirements.txt");
    let wanted = fs::read_to_string(&requirements).map_err(fail(&requirements))?;
    let installed = environment.join("requirements.txt");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read_to_string(&installed).is_ok_and(|present| present == wanted) {
        return Ok(python);
    }
    let outside = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(outside).args(["-m", "venv"]).arg(environment))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&python).args(pip).arg(&requirements))?;
    write(&installed, &wanted)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let line = format!("{command:?}");
    let status = command.status().map_err(|error| format!("{line}: {error}; the site needs Python 3"))?;
    if status.success() { Ok(()) } else { Err(format!("{line} failed")) }
}

/// Copies a folder and what is in it. The links of pages become those of the site; `name` is the folder's in the
/// repository.
fn copy(from: &Path, to: &Path, name: &str) -> Result<(), String> {
    for entry in fs::read_dir(from).map_err(fail(from))? {
        let entry = entry.map_err(fail(from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            copy(&path, &target, &name)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).map_err(fail(&path))?;
            let page = links::relink(&without_rustdoc(&text), &name, REPOSITORY);
            let is_guide = name.starts_with("docs/guides/") && !name.starts_with("docs/guides/examples/");
            write(&target, &if is_guide { ranked("3", &page) } else { page })?;
        } else {
            fs::create_dir_all(to).map_err(fail(to))?;
            fs::copy(&path, &target).map_err(fail(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_leaves_out_the_types_of_a_service() {
        let page = "# A\n\n### Errors\n\n## Types\n\n### B\n\n### C\nc\n";
        let shown =
            "# A\n\n### Errors\n\n## Types\n\n### B { data-search-exclude }\n\n### C { data-search-exclude }\nc\n";
        assert_eq!(without_types_in_search(page), shown);
    }

    #[test]
    fn the_reference_is_what_the_facts_say() {
        for (path, text) in committed().unwrap_or_else(|error| panic!("{error}")) {
            let present = fs::read_to_string(root().join("docs").join(&path)).unwrap_or_default();
            let path = path.display();
            assert!(present == text, "docs/{path} is stale: run `cargo run -p sfn-tasks-site -- reference`");
        }
    }
}
