//! `cargo xtask fresh`: the facts by the newest botocore and IAM reference, as a patch to review.

use std::path::Path;
use std::process::{Command, Output};

use crate::pack;

/// Writes the facts anew, and gives what changed, and what the specs now lack.
pub(super) fn run(arguments: &[String]) -> Result<String, String> {
    let python = match arguments {
        [] => "python3",
        [option, python] if option == "--python" => python,
        _ => return Err("`fresh` takes `--python PYTHON` and nothing else.".to_owned()),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let command = |program: &str, arguments: &[&str]| -> Result<Output, String> {
        let output = Command::new(program).args(arguments).current_dir(&root).output();
        output.map_err(|error| format!("{program} cannot be run: {error}"))
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let written = command(python, &["tools/aws_sdk.py"])?;
    if !written.status.success() {
        let told = text(&written.stderr);
        return Err(format!("The facts were not written; tools/requirements.txt names what they need.\n{told}"));
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
    // A patch may have words before it.
    Ok(format!(
        "By {}Specs against them:\n{}\n\n{}",
        text(&versions.stdout),
        lacks.join("\n"),
        if patch.is_empty() { "No fact changed." } else { &patch }
    ))
}
