//! Programs that must not compile, and the messages of the compiler.
//!
//! Each file in `tests/compile_fail` begins with exactly the errors that it must cause. The notes of an error are not
//! compared: they list the possible types, which change with each spec.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// The features that the files need. Fewer features compile faster.
const FEATURES: &str = r#"["activity", "dynamodb", "ecs", "lambda", "run", "sns", "sqs", "states"]"#;

#[test]
fn a_forgotten_parameter_or_an_unsupported_pattern_does_not_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut manifest = format!(
        "[package]\nname = \"compile-fail\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         sfn-tasks = {{ path = {root:?}, default-features = false, features = {FEATURES} }}\n"
    );
    for entry in fs::read_dir(root.join("tests/compile_fail")).expect("the files are there") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the file can be read");
        let errors = text.lines().filter_map(|line| line.strip_prefix("// error: ")).map(without_paths).collect();
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {path:?}\n"));
        expected.insert(name, errors);
    }
    assert_eq!(compile(root, &manifest), expected);
}

/// The errors of each binary of the package.
fn compile(root: &Path, manifest: &str) -> BTreeMap<String, BTreeSet<String>> {
    let package = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compile-fail");
    fs::create_dir_all(&package).expect("the folder can be made");
    fs::write(package.join("Cargo.toml"), manifest).expect("the manifest can be written");
    // Use the dependency versions of this build.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("the lock file can be copied");
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format", "json"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .expect("cargo runs");
    let mut errors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).expect("cargo writes JSON");
        let text = message["message"]["message"].as_str().unwrap_or_default();
        if message["message"]["level"] == "error" && !text.starts_with("aborting due to") {
            let name = message["target"]["name"].as_str().unwrap_or_default();
            errors.entry(name.to_owned()).or_default().insert(without_paths(text));
        }
    }
    assert!(!errors.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    errors
}

/// The message without the paths of types, which depend on what else is in scope.
fn without_paths(message: &str) -> String {
    let mut short = String::new();
    for word in message.split_inclusive(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '_' | ':')) {
        short.push_str(word.rsplit_once("::").map_or(word, |(_, name)| name));
    }
    short
}
