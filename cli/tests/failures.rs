//! Failures outside of a definition: files, pipes and disks.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use common::{directory, run, sfn_tasks};

const GOOD: &str = "{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}\n";
const BAD: &str = "{\"StartAt\": \"Gone\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}\n";

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("the directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn what_cannot_be_read_does_not_stop_the_others() {
    let directory = directory(&[("bad.asl.json", BAD), ("good.asl.json", GOOD)]);
    fs::write(directory.path().join("latin1.asl.json"), b"{\"Comment\": \"\xfc\"}").expect("the file");
    let output = run(directory.path(), &["check", "none.json", "latin1.asl.json", "bad.asl.json", "good.asl.json"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert_eq!(
        errors.lines().collect::<Vec<_>>(),
        [
            "error: none.json cannot be read: there is no such file",
            "error: latin1.asl.json cannot be read: it is not UTF-8 text",
        ]
    );
    assert!(text(&output.stdout).contains("error[unknown-state]"), "{}", text(&output.stdout));
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_in_a_directory_is_passed_over() {
    let directory = directory(&[("good.asl.json", GOOD)]);
    std::os::unix::fs::symlink("nothing", directory.path().join("link.asl.json")).expect("a link");
    let output = run(directory.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_directory_without_definitions_is_told_of() {
    let directory = directory(&[("notes.txt", "nothing")]);
    let output = run(directory.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "error: there is no definition in `.` (0 files searched)\n");
}

#[test]
fn what_is_not_about_workflows_in_a_directory_is_passed_over() {
    let directory = directory(&[
        ("package.json", "{\"name\": \"x\"}"),
        ("tsconfig.json", "{ // no JSON\n}"),
        ("node_modules/x/bad.asl.json", BAD),
        ("bucket.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket}\n"),
        ("good.asl.json", GOOD),
    ]);
    let output = run(directory.path(), &["check", "."]);
    assert_eq!(
        (output.status.code(), text(&output.stdout), text(&output.stderr)),
        (Some(0), "checked 1 definition in 1 file: no problems found\n", "")
    );
}

#[test]
fn a_file_that_a_template_names_counts_once_and_as_the_template_says() {
    let job = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {"JobName": "x"}, "End": true}}}"#;
    let template = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Type: EXPRESS\n      \
                    DefinitionUri: ./machines/job.asl.json\n";
    let directory = directory(&[("machines/job.asl.json", job), ("template.yaml", template)]);
    let output = run(directory.path(), &["check", ".", "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings:#}");
    assert_eq!(findings[0]["code"], "express-pattern");
    assert_eq!(findings[0]["file"], "machines/job.asl.json");
    assert_eq!(
        run(directory.path(), &["check", "machines"]).status.code(),
        Some(0),
        "by itself it is a Standard workflow"
    );
}

#[test]
fn the_standard_input_is_a_file_too() {
    let directory = directory(&[]);
    for (input, status) in [(GOOD, 0), (BAD, 1), ("StartAt: Done\nStates:\n  Done:\n    Type: Succeed\n", 0), ("", 1)] {
        let mut child = sfn_tasks(directory.path())
            .args(["check", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
        assert_eq!(child.wait().expect("it ends").code(), Some(status), "{input}");
    }
}

#[test]
fn colour_is_for_terminals() {
    let directory = directory(&[("bad.asl.json", BAD)]);
    let is_colored = |arguments: &[&str]| run(directory.path(), arguments).stdout.contains(&0x1b);
    assert!(!is_colored(&["check", "bad.asl.json"]));
    assert!(is_colored(&["check", "--color", "always", "bad.asl.json"]));
}

#[cfg(target_os = "linux")]
#[test]
fn no_color_is_honoured_on_a_terminal() {
    let directory = directory(&[("bad.asl.json", BAD)]);
    // `script` gives the program a terminal.
    let on_terminal = |variables: &[(&str, &str)]| {
        let line = format!("{} check bad.asl.json", cargo_bin!("sfn-tasks").display());
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(directory.path());
        command.env_remove("NO_COLOR").env("TERM", "xterm").envs(variables.iter().copied()).stdin(Stdio::null());
        command.output().map(|output| output.stdout.contains(&0x1b))
    };
    let Ok(colored) = on_terminal(&[]) else {
        println!("skipped: there is no `script` here");
        return;
    };
    assert!(colored);
    assert!(!on_terminal(&[("NO_COLOR", "1")]).expect("`script` runs"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_told_of() {
    let directory = directory(&[("bad.asl.json", BAD)]);
    for arguments in [&["check", "bad.asl.json"][..], &["catalog", "--json"], &["man"], &["completions", "bash"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let output = sfn_tasks(directory.path()).args(arguments).stdout(full).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stderr), "error: the output cannot be written: No space left on device\n");
    }
}

#[cfg(unix)]
#[test]
fn a_broken_pipe_is_quiet() {
    let directory = directory(&[]);
    let mut child = sfn_tasks(directory.path())
        .args(["catalog", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // The catalog is larger than the buffer of a pipe.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}

#[test]
fn formatting_replaces_the_file_and_keeps_its_permissions() {
    let directory = directory(&[("a.asl.json", GOOD)]);
    let file = directory.path().join("a.asl.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
    }
    let before = fs::metadata(&file).expect("the file").permissions();
    assert_eq!(run(directory.path(), &["fmt", "--check", "a.asl.json"]).status.code(), Some(1));
    assert_eq!(run(directory.path(), &["fmt", "--write", "a.asl.json"]).status.code(), Some(0));
    assert!(fs::read_to_string(&file).expect("the file").starts_with("{\n  \"StartAt\": \"Done\",\n"));
    assert_eq!(fs::metadata(&file).expect("the file").permissions(), before);
    assert_eq!(run(directory.path(), &["fmt", "--check", "a.asl.json"]).status.code(), Some(0));
    assert_eq!(names(directory.path()), ["a.asl.json"]);
}

#[test]
fn another_language_is_written_beside_the_file_and_never_over_another() {
    let directory = directory(&[("a.asl.json", GOOD)]);
    assert_eq!(run(directory.path(), &["fmt", "--write", "--to", "yaml", "a.asl.json"]).status.code(), Some(0));
    assert_eq!(names(directory.path()), ["a.asl.json", "a.asl.yaml"]);
    assert_eq!(fs::read_to_string(directory.path().join("a.asl.json")).expect("the file"), GOOD);
    let output = run(directory.path(), &["fmt", "--write", "--to", "yaml", "a.asl.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "error: a.asl.yaml already exists and is not overwritten\n");
}

/// The shell's limit on the size of files simulates a full disk: the write fails, or the program is killed during the
/// write if the signal is not ignored.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stays_as_it_was() {
    for (ignored, status) in [("trap '' XFSZ;", Some(2)), ("", None)] {
        let directory = directory(&[("a.asl.json", GOOD)]);
        let script = format!("{ignored} ulimit -c 0; ulimit -f 0; exec \"$0\" fmt --write a.asl.json");
        let output = Command::new("bash")
            .args(["-c", &script])
            .arg(cargo_bin!("sfn-tasks"))
            .current_dir(directory.path())
            .output()
            .expect("bash runs");
        assert_eq!(output.status.code(), status, "{}", text(&output.stderr));
        assert_eq!(fs::read_to_string(directory.path().join("a.asl.json")).expect("the file"), GOOD);
        if status.is_some() {
            assert_eq!(text(&output.stderr), "error: a.asl.json cannot be written: File too large\n");
            assert_eq!(names(directory.path()), ["a.asl.json"], "no other file is left");
        }
    }
}

#[test]
fn completions_and_the_manual_page_know_all_commands() {
    let directory = directory(&[]);
    for arguments in [&["man"][..], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"]] {
        let output = run(directory.path(), arguments);
        assert_eq!(output.status.code(), Some(0));
        let page = text(&output.stdout);
        for command in ["check", "fmt", "graph", "catalog", "diff"] {
            assert!(page.contains(command), "{arguments:?} lacks {command}");
        }
        assert!(page.contains("drop-comments") || page.contains("drop\\-comments"), "{arguments:?}");
    }
}

#[test]
fn each_mistake_in_a_file_of_cases_or_mocks_is_an_error_of_its_own() {
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}}"#;
    let cases = "cases:\n  - name: one\n    inputs: {}\n    expect: { eror: x }\n";
    let directory =
        directory(&[("a.asl.json", machine), ("a.test.yaml", cases), ("mocks.json", r#"{"A": {"retrun": 1}}"#)]);
    let output = run(directory.path(), &["test", "a.test.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr).lines().collect::<Vec<_>>(),
        [
            "error: a.test.yaml: /cases/0/inputs: a case has no `inputs`; did you mean `input`?",
            "error: a.test.yaml: /cases/0/expect/eror: `expect` has no `eror`; did you mean `error`?",
        ]
    );
    let output = run(directory.path(), &["run", "a.asl.json", "--mocks", "mocks.json"]);
    assert_eq!(output.status.code(), Some(2));
    let errors: Vec<&str> = text(&output.stderr).lines().collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors.iter().all(|error| error.starts_with("error: mocks.json: /A")), "{errors:?}");
}

#[test]
fn export_names_its_own_option_for_what_it_does_not_know() {
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::greeter:greet", "End": true}}}"#;
    let directory = directory(&[("a.asl.json", machine)]);
    let output = run(directory.path(), &["export", "a.asl.json", "--to", "cloudformation"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--grant STATE ACTION RESOURCE"), "{}", text(&output.stderr));
}

#[test]
fn a_run_tells_the_faults_of_a_definition_with_their_places() {
    let unread = "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\"Type\": \"Succeed\"},\n  \"B\": {\"Type\": \"Wait\", \"Secnds\": 4}}}";
    let directory = directory(&[("bad.asl.json", BAD), ("unread.asl.json", unread), ("good.asl.json", GOOD)]);
    let output = run(directory.path(), &["run", "bad.asl.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: bad.asl.json:1:13: there is no state `Gone`"));
    assert!(!text(&output.stderr).contains("error: there is no state"), "told twice: {}", text(&output.stderr));
    // What is wrong in a state that the run does not visit.
    let output = run(directory.path(), &["run", "unread.asl.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("error: unread.asl.json:3:25: a Wait state has no field `Secnds`"),
        "{}",
        text(&output.stderr)
    );
    assert!(text(&output.stdout).starts_with("    0.000 s  A (Succeed)"), "{}", text(&output.stdout));
    let output = run(directory.path(), &["run", "good.asl.json"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}

#[test]
fn an_export_names_the_option_that_binds() {
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Orders}", "End": true}}}"#;
    let directory = directory(&[("a.asl.json", definition)]);
    let output = run(directory.path(), &["export", "a.asl.json", "--unbound", "error"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: a.asl.json:1:61: the reference `${Orders}` has no binding; set it with `--bind 'Orders=VALUE'`; if it is \
         not a reference, write `--bind 'Orders=!Text'`\n"
    );
}
