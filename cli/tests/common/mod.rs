//! Runs the program in a directory made for one test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// A directory with these files.
pub(crate) fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("the directory of the file");
        fs::write(path, text).expect("the file");
    }
    directory
}

pub(crate) fn sfn_tasks(directory: &Path) -> Command {
    let mut command = Command::new(cargo_bin!("sfn-tasks"));
    command.current_dir(directory).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Output {
    sfn_tasks(directory).args(arguments).output().expect("the program runs")
}
