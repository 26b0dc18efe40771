//! `sfn-tasks`: checks, formats, draws and explains definitions of AWS Step Functions workflows.

mod arguments;
mod commands;
mod configuration;
mod input;
mod output;
#[cfg(test)]
mod pages;
mod replace;
mod report;
mod specs;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use configuration::Configuration;
use output::{Failure, Output, Status};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.color);
    input::set_reach(input::Reach {
        root: arguments.root,
        follow_links: arguments.follow_links,
        no_ignore: arguments.no_ignore,
    });
    let configuration = match arguments.no_config {
        true => Ok(Configuration::default()),
        false => Configuration::load(arguments.config.as_deref()),
    };
    let status = configuration.map_err(Failure::from).and_then(|configuration| {
        let mut files = configuration.specs()?;
        files.extend(arguments.spec.iter().cloned());
        specs::set(&files)?;
        let status = run(&arguments.command, &configuration, &mut output)?;
        output.finish()?;
        Ok(status)
    });
    ExitCode::from(match status {
        Ok(status) => status as u8,
        // The reader has closed the pipe, such as `head`. That is not a failure.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Status::Clean as u8,
        Err(failure) => {
            failure.complain();
            Status::Unusable as u8
        }
    })
}

fn run(command: &Command, configuration: &Configuration, output: &mut Output) -> Result<Status, Failure> {
    match command {
        Command::Check(arguments) => commands::check::run(arguments, configuration, output),
        Command::Policy(arguments) => commands::policy::run(&configuration.complete(arguments), output),
        Command::Fmt(arguments) => commands::fmt::run(arguments, output),
        Command::Graph(arguments) => commands::graph::run(arguments, output),
        Command::Catalog(arguments) => commands::catalog::run(arguments, output),
        Command::Diff(arguments) => commands::diff::run(arguments, output),
        Command::Export(arguments) => commands::export::run(arguments, output),
        Command::Rust(arguments) => commands::rust::run(arguments, output),
        Command::Run(arguments) => commands::run::run(arguments, configuration, output),
        Command::Test(arguments) => commands::test::run(arguments, output),
        Command::Schema(arguments) => commands::schema::run(arguments, output),
        Command::Completions { shell } => commands::about::completions(*shell, output),
        Command::Man => commands::about::man(output),
    }
}
