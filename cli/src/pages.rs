//! `docs/cli-reference.md`: every command and option, generated from the definition of the command line.

use std::fmt::Write;
use std::path::Path;

use clap::{Arg, Command, CommandFactory};

use crate::arguments::Arguments;

const HEAD: &str = "\
# Commands and options

This page is generated from the command line's own definition: `UPDATE=1 cargo test -p sfn-tasks-cli commands_and_options`.
[The command line](cli.md) explains files, results and configuration.

";

fn page() -> String {
    let mut root = Arguments::command().max_term_width(0);
    root.build();
    let mut text = HEAD.to_owned();
    text.push_str("| Command | Purpose |\n|---|---|\n");
    let commands: Vec<&Command> = root.get_subcommands().filter(|command| command.get_name() != "help").collect();
    for command in &commands {
        let name = command.get_name();
        let about = command.get_about().map(|about| cell(&about.to_string())).unwrap_or_default();
        let _ = writeln!(text, "| [`{name}`](#{name}) | {about} |");
    }
    let global = |argument: &&Arg| argument.is_global_set();
    let _ = write!(text, "\n## Options of every command\n\n{}", table(root.get_arguments().filter(global)));
    if let Some(status) = root.get_after_help() {
        let _ = write!(text, "```text\n{}\n```\n\n", status.to_string().trim());
    }
    for command in commands {
        let _ = write!(text, "## {}\n\n", command.get_name());
        if let Some(about) = command.get_long_about().or(command.get_about()) {
            for paragraph in about.to_string().split("\n\n") {
                let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
                let _ = write!(text, "{}\n\n", sentence(&paragraph));
            }
        }
        let usage = command.clone().render_usage().to_string();
        let _ = write!(text, "```text\n{}\n```\n\n", usage.trim_start_matches("Usage: ").trim());
        let own = |argument: &&Arg| !argument.is_global_set();
        text.push_str(&table(command.get_arguments().filter(own)));
    }
    format!("{}\n", text.trim_end())
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// A table with a row for each argument that is shown.
fn table<'c>(arguments: impl Iterator<Item = &'c Arg>) -> String {
    let rows: String = arguments.filter(|argument| !argument.is_hide_set()).filter_map(row).collect();
    if rows.is_empty() { rows } else { format!("| Argument | Meaning | Default |\n|---|---|---|\n{rows}\n") }
}

/// Nothing for `--help` and `--version`, which every command has.
fn row(argument: &Arg) -> Option<String> {
    if matches!(argument.get_id().as_str(), "help" | "version") {
        return None;
    }
    let values: String = argument
        .get_value_names()
        .filter(|_| argument.get_action().takes_values())
        .into_iter()
        .flatten()
        .map(|value| format!(" <{value}>"))
        .collect();
    let name = match argument.get_long() {
        Some(long) => format!("--{long}{values}"),
        None => values.trim_start().to_owned(),
    };
    let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut help = sentence(&cell(&help));
    let mut choices = argument.get_possible_values();
    choices.retain(|choice| !choice.is_hide_set());
    if argument.get_action().takes_values() {
        for choice in choices {
            let _ = write!(help, "<br>`{}`", choice.get_name());
            if let Some(docs) = choice.get_help() {
                let _ = write!(help, ": {}", cell(&docs.to_string()));
            }
        }
    }
    let default: Vec<String> = match argument.get_action().takes_values() {
        true => argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect(),
        false => Vec::new(),
    };
    Some(format!("| `{}` | {help} | {} |\n", name.replace('|', "\\|"), default.join(", ")))
}

fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[test]
fn commands_and_options_are_what_the_page_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli-reference.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present == page,
        "docs/cli-reference.md is stale: run `UPDATE=1 cargo test -p sfn-tasks-cli commands_and_options`"
    );
}
