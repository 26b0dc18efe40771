//! Hostile files: they attack the terminal, the logs, the memory or the files of the user who checks them.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use common::{directory, run};

const GOOD: &str = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;
/// Texts with line breaks that GitHub's runner would execute as commands.
const LINES: &str = r#"{"Comment": "a\n::error::b\n  ##[group]c\n", "StartAt": "d\n ::debug::e", "States": {"d\n ::debug::e": {"Type": "Pass", "Comment": "f\n::g", "End": true}}}"#;
/// Text that a terminal, GitHub's runner or a browser would act on.
const HOSTILE: &str = "x\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2066}\r::error::a\u{2028}##[add-mask]<script>";

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A definition in which every name and every string is hostile.
fn hostile() -> String {
    let name = serde_json::Value::from(format!("{HOSTILE}\n::warning::b"));
    let inner = format!(r#"{{"Type": "Task", "Resource": {name}, "Comment": {name}, {name}: {name}, "Next": {name}}}"#);
    let raw = "\u{9b}31m\u{202e}\u{7f}##[group]";
    let choice = format!(
        r#"{{"Type": "Choice", "Choices": [{{"Variable": {name}, "StringEquals": {name}, "Next": "{raw}"}}], "Default": {name}}}"#
    );
    format!(r#"{{"StartAt": {name}, "States": {{{name}: {inner}, "{raw}": {choice}}}}}"#)
}

/// No hostile text is in the output, and no line begins with text from a file.
fn assert_harmless(bytes: &[u8], what: &str) {
    for line in text(bytes).split('\n') {
        let is_harmful = |sign: char| {
            sign.is_control() || matches!(sign, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}')
        };
        assert!(!line.contains(is_harmful), "{what}: {line:?}");
        let is_own = what.contains("github") && line.contains("title=sfn-tasks");
        assert!(is_own || !line.trim_start().starts_with("::"), "{what}: {line:?}");
    }
}

#[test]
fn nothing_that_a_file_holds_reaches_a_terminal_a_log_or_a_picture() {
    let bare = hostile();
    let template = serde_json::json!({"Resources": {
        format!("{HOSTILE}\n::error::c"): {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": HOSTILE}},
        "Other\n::error::d": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": bare}},
    }});
    let directory = directory(&[
        ("m.asl.json", &bare),
        ("template.json", &template.to_string()),
        ("b.asl.json", "{\u{9b}1m\n"),
        ("lines.asl.json", LINES),
    ]);
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for format in ["text", "json", "sarif", "github"] {
        commands.push(vec!["check", ".", "--format", format]);
    }
    for format in ["dot", "mermaid", "svg"] {
        commands.push(vec!["graph", "m.asl.json", "--format", format]);
    }
    let grant = "\u{9b}31m\u{202e}\u{7f}##[group]";
    commands.push(vec!["policy", "m.asl.json"]);
    commands.push(vec!["policy", "m.asl.json", "--explain", "--grant", grant, "a:B", HOSTILE]);
    commands.push(vec!["policy", "m.asl.json", "--explain", "--json"]);
    commands.push(vec!["policy", "template.json"]);
    commands.push(vec!["diff", "m.asl.json", "b.asl.json"]);
    commands.push(vec!["diff", "m.asl.json", "../none\u{9b}"]);
    commands.push(vec!["fmt", "m.asl.json"]);
    commands.push(vec!["fmt", "--to", "yaml", "m.asl.json"]);
    commands.push(vec!["fmt", "--to", "yaml", "lines.asl.json"]);
    commands.push(vec!["export", "lines.asl.json"]);
    for command in commands {
        let output = run(directory.path(), &command);
        assert!(matches!(output.status.code(), Some(0..=2)), "{command:?}: {:?}", output.status);
        assert_harmless(&output.stdout, &command.join(" "));
        assert_harmless(&output.stderr, "the standard error");
        let errors = text(&output.stderr);
        assert!(!errors.contains("##["), "{command:?}: {errors}");
    }
    let output = run(directory.path(), &["check", ".", "--format", "text"]);
    assert!(!text(&output.stdout).contains("##["), "{}", text(&output.stdout));
}

#[cfg(unix)]
#[test]
fn names_of_files_are_harmless_too() {
    let directory = directory(&[("a\n::error::x\u{1b}[2J.asl.json", "{\"StartAt\": 1}"), ("##[group].asl.json", GOOD)]);
    for format in ["text", "json", "sarif", "github"] {
        let output = run(directory.path(), &["check", ".", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_harmless(&output.stdout, format);
        assert_harmless(&output.stderr, "the standard error");
    }
    let output = run(directory.path(), &["fmt", "--check", "."]);
    assert_harmless(&output.stdout, "fmt");
}

#[cfg(unix)]
#[test]
fn a_link_in_a_directory_does_not_choose_what_is_read() {
    let secret = directory(&[("credentials", "aws_secret_access_key = StartAt hush\n")]);
    let checked = directory(&[("good.asl.json", GOOD), ("kept/real.asl.json", GOOD)]);
    std::os::unix::fs::symlink(secret.path().join("credentials"), checked.path().join("a.asl.json")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", checked.path().join("b.asl.json")).expect("a link");
    std::os::unix::fs::symlink("kept/real.asl.json", checked.path().join("c.asl.json")).expect("a link");
    let output = run(checked.path(), &["check", "."]);
    let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{all}");
    assert!(!all.contains("hush"), "{all}");
    assert!(all.contains("note: a.asl.json is a link to a file outside the directory, and is skipped"), "{all}");
    assert!(all.contains("checked 3 definitions in 3 files"), "{all}");
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_refused() {
    let directory = directory(&[]);
    let output = run(directory.path(), &["check", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "error: /dev/zero cannot be read: it is not a regular file\n");
    // Process substitution: the shell passes a pipe.
    let mut shell = Command::new("bash");
    shell.args(["-c", "\"$0\" check <(printf '%s' \"$1\")"]).arg(cargo_bin!("sfn-tasks")).arg(GOOD);
    let output = shell.current_dir(directory.path()).output().expect("a shell");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_link_that_is_named_does_not_lead_out_of_the_folder_either() {
    let secret = directory(&[("secret.asl.json", "{\"StartAt\": \"hush\"}"), ("d/hidden.asl.json", GOOD)]);
    let checked = directory(&[("kept/real.asl.json", GOOD), ("a.tf", "")]);
    let link = |from: &str, to: &Path| std::os::unix::fs::symlink(to, checked.path().join(from)).expect("a link");
    link("out.asl.json", &secret.path().join("secret.asl.json"));
    link("folder", &secret.path().join("d"));
    link("in.asl.json", Path::new("kept/real.asl.json"));
    link("pipe.asl.json", Path::new("/dev/zero"));
    for arguments in [
        &["check", "out.asl.json"][..],
        &["check", "*.asl.json"],
        &["check", "folder"],
        &["check", "folder/hidden.asl.json"],
        &["check", "folder/*.json"],
        &["graph", "out.asl.json"],
        &["policy", "out.asl.json"],
        &["diff", "in.asl.json", "out.asl.json"],
        &["check", "pipe.asl.json"],
    ] {
        let output = run(checked.path(), arguments);
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {all}");
        assert!(
            all.contains("a symbolic link points outside the searched folder") && !all.contains("hush"),
            "{arguments:?}: {all}"
        );
    }
    assert_eq!(run(checked.path(), &["check", "in.asl.json"]).status.code(), Some(0));
    assert_eq!(run(checked.path(), &["check", "--follow-links", "folder/*.json"]).status.code(), Some(0));
    let root = secret.path().to_str().expect("UTF-8");
    assert_eq!(run(checked.path(), &["check", "--root", root, "folder/hidden.asl.json"]).status.code(), Some(0));
}

#[test]
fn what_is_checked_does_not_hide_itself() {
    let bad = "{\"StartAt\": \"Nowhere\", \"States\": {}}";
    let directory = directory(&[
        ("good.asl.json", GOOD),
        ("bad.asl.json", bad),
        (".ignore", "bad.asl.json\n"),
        ("hidden/good.asl.json", GOOD),
        ("hidden/.x/bad.asl.json", bad),
    ]);
    assert_eq!(run(directory.path(), &["check", "."]).status.code(), Some(1), "`.ignore` is not heeded");
    assert_eq!(run(directory.path(), &["check", "hidden"]).status.code(), Some(0));
    assert_eq!(run(directory.path(), &["check", "hidden", "--no-ignore"]).status.code(), Some(1));
}

#[test]
fn a_specs_file_of_a_configuration_lies_beside_it() {
    let directory = directory(&[("good.asl.json", GOOD), ("sfn-tasks.toml", "specs = [\"/dev/zero\"]\n")]);
    let output = run(directory.path(), &["check", "good.asl.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`/dev/zero` is outside of"), "{}", text(&output.stderr));
}

#[test]
fn what_is_no_definition_is_no_machine() {
    let directory = directory(&[("package.json", "{\"name\": \"x\"}"), ("good.asl.json", GOOD), ("x.tf.json", "{}")]);
    let why = "package.json is not a definition: it has neither `StartAt` nor `States`, and it is not a template with state machines";
    for command in [
        &["policy", "package.json"][..],
        &["graph", "package.json"],
        &["fmt", "package.json"],
        &["diff", "good.asl.json", "package.json"],
        &["check", "package.json", "good.asl.json"],
        &["rust", "package.json"],
        &["export", "package.json"],
    ] {
        let output = run(directory.path(), command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(text(&output.stderr).contains(why), "{command:?}: {}", text(&output.stderr));
    }
    let output = run(directory.path(), &["check", "--allow-empty", "package.json", "good.asl.json"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}

#[test]
fn nothing_to_check_is_not_green() {
    let empty = directory(&[
        ("package.json", "{\"name\": \"x\"}"),
        ("other.yaml", "machines:\n  - StartAt: A\n"),
        ("bucket.yaml", "Resources:\n  B: {Type: AWS::S3::Bucket}\n"),
    ]);
    let output = run(empty.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(errors.contains("error: there is no definition in `.` (3 files searched)\n"), "{errors}");
    assert!(errors.contains("note: other.yaml is skipped: it contains `StartAt`"), "{errors}");
    assert_eq!(run(empty.path(), &["check", ".", "--allow-empty"]).status.code(), Some(0));
}

/// A definition in one line with very many findings. The test limits the size of the output, not the time.
#[test]
fn the_report_of_a_long_line_is_in_proportion() {
    let size = |states: usize| {
        let all: Vec<String> =
            (0..states).map(|at| format!(r#""S{at}":{{"Type":"Pass","Next":"None{at}"}}"#)).collect();
        let text = format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, all.join(","));
        let directory = directory(&[("long.asl.json", &text)]);
        run(directory.path(), &["check", "long.asl.json"]).stdout.len()
    };
    let (one, two) = (size(500), size(1_000));
    assert!(two < one * 22 / 10, "{one} bytes for 500 findings, {two} for 1,000");
}

#[test]
fn explanations_of_wide_tables_are_tables() {
    let name = "n".repeat(70_000);
    let states: Vec<String> = (0..40)
        .map(|at| {
            let name = if at == 0 { name.clone() } else { format!("s{at}") };
            format!(
                r#""{name}": {{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                   "Parameters": {{"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/{at}", "MessageBody": "x"}}}}"#
            )
        })
        .collect();
    let text = format!(r#"{{"StartAt": "s1", "States": {{{}}}}}"#, states.join(","));
    let directory = directory(&[("wide.asl.json", &text)]);
    let output = run(directory.path(), &["policy", "--explain", "wide.asl.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    assert!(output.stdout.len() < 3 * text.len(), "{} bytes", output.stdout.len());
}

fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn findings_are_allowed_by_flags_comments_and_configuration() {
    let send = r#"{"StartAt": "Send", "States": {"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": "$.text"}, "End": true}}}"#;
    let said = send
        .replace(r#""Type": "Task""#, r#""Type": "Task", "Comment": "As it is. sfn-tasks: allow(forgotten-dollar)""#);
    let configuration = "deny = [\"warnings\"]\n[[paths]]\nfiles = [\"old/**\"]\nallow = [\"forgotten-dollar\"]\n";
    let directory = directory(&[
        ("send.asl.json", send),
        ("said.asl.json", &said),
        ("old/send.asl.json", send),
        ("strict/sfn-tasks.toml", configuration),
        ("strict/new/send.asl.json", send),
        ("strict/old/send.asl.json", send),
        ("wrong/sfn-tasks.toml", "deny = [\"warnings\"]\nalow = []\n"),
        ("unknown/sfn-tasks.toml", "allow = [\"forgoten-dollar\"]\n"),
    ]);
    let status = |folder: &str, arguments: &[&str]| {
        let output = run(&directory.path().join(folder), &[&["check"], arguments].concat());
        (output.status.code(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
    };
    assert_eq!(status("", &["send.asl.json"]).0, Some(0));
    assert_eq!(status("", &["send.asl.json", "--deny", "warnings"]).0, Some(1));
    assert_eq!(status("", &["send.asl.json", "--deny", "forgotten-dollar"]).0, Some(1));
    assert_eq!(status("", &["send.asl.json", "--deny", "warnings", "--allow", "forgotten-dollar"]).0, Some(0));
    assert_eq!(status("", &["said.asl.json", "--deny", "warnings"]).0, Some(0));
    assert_eq!(status("", &["said.asl.json", "--deny", "warnings", "--ignore-comments"]).0, Some(1));
    assert_eq!(status("", &["said.asl.json", "--deny", "forgotten-dollar"]).0, Some(1), "no comment wins over a code");
    assert_eq!(status("strict", &["new"]).0, Some(1));
    assert_eq!(status("strict", &["old"]).0, Some(0));
    assert_eq!(status("strict/old", &["send.asl.json"]).0, Some(0), "the configuration above holds");
    assert_eq!(status("strict", &["new", "--no-config"]).0, Some(0));
    let (code, message) = status("wrong", &["../send.asl.json"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("sfn-tasks.toml:2: unknown field `alow`"), "{message}");
    let (code, message) = status("unknown", &["../send.asl.json"]);
    assert_eq!(code, Some(2));
    assert!(
        message.contains("there is no finding with the code `forgoten-dollar`; did you mean `forgotten-dollar`?"),
        "{message}"
    );
}

#[test]
#[cfg(unix)]
fn test_files_lead_nowhere_else() {
    let secret = directory(&[("order.asl.json", GOOD), ("b/k.json", "[1]")]);
    let outside = secret.path().display().to_string();
    let cases = "cases: [{name: a}]\n";
    let checked = directory(&[
        ("t/a.test.yaml", &format!("definition: {outside}/order.asl.json\n{cases}")),
        ("t/b.test.yaml", &format!("definition: ../../{}/order.asl.json\n{cases}", &outside[5..])),
        ("t/c.test.yaml", &format!("definition: ../ok.asl.json\nobjects: {outside}\n{cases}")),
        (
            "t/d.test.yaml",
            &format!("definition: ../ok.asl.json\nmachines: {{Child: ../../../../../../etc/passwd}}\n{cases}"),
        ),
        ("t/e.test.yaml", &format!("definition: ../ok.asl.json\nobjects: ../../x\n{cases}")),
        ("t/f.test.yaml", &format!("definition: ../ok.asl.json\nobjects: new\n{cases}")),
        ("ok.asl.json", GOOD),
    ]);
    for name in ["a", "b", "c", "d", "e"] {
        let output = run(checked.path(), &["test", &format!("t/{name}.test.yaml")]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {told}");
        assert!(told.contains(" is outside of ") && !told.contains("root:"), "{name}: {told}");
    }
    let output = run(checked.path(), &["test", "t/f.test.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // The name of a case cannot act on a terminal or on GitHub's runner.
    let name = serde_json::Value::from(HOSTILE);
    let fails =
        format!(r#"{{"StartAt": {name}, "States": {{{name}: {{"Type": "Fail", "Error": {name}, "Cause": {name}}}}}}}"#);
    let named = directory(&[
        ("fails.asl.json", &fails),
        ("a.asl.json", GOOD),
        ("a.test.json", &format!(r#"{{"cases": [{{"name": {name}, "expect": {{"output": {name}}}}}]}}"#)),
    ]);
    let output = run(named.path(), &["test", "--junit", "report.xml"]);
    let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!all.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']) && !all.contains("\n::"), "{all:?}");
    let output = run(named.path(), &["run", "fails.asl.json", "--step"]);
    let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(
        !all.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']) && !all.contains("\n::") && all.contains("<script>"),
        "{all:?}"
    );
    let junit = std::fs::read_to_string(named.path().join("report.xml")).expect("the report");
    assert!(!junit.contains("<script>") && !junit.contains('\u{1b}'), "{junit}");
}
