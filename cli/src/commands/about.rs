//! `completions` and `man`.

use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;

use crate::arguments::Arguments;
use crate::output::{Failure, Output, Status};

pub(crate) fn completions(shell: Shell, output: &mut Output) -> Result<Status, Failure> {
    // Written to memory first, because the generator panics if a write fails.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sfn-tasks", &mut script);
    output.write_all(&script)?;
    Ok(Status::Clean)
}

/// One page for the program and all its commands.
pub(crate) fn man(output: &mut Output) -> Result<Status, Failure> {
    let mut command = Arguments::command();
    command.build();
    let page = clap_mangen::Man::new(command.clone()).source(concat!("sfn-tasks ", env!("CARGO_PKG_VERSION")));
    page.render_title(output)?;
    page.render_name_section(output)?;
    page.render_synopsis_section(output)?;
    page.render_description_section(output)?;
    page.render_options_section(output)?;
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let name = inner.get_name().to_owned();
        let page = clap_mangen::Man::new(inner.clone());
        writeln!(output, ".SH {}", name.to_uppercase())?;
        for section in [clap_mangen::Man::render_synopsis_section, clap_mangen::Man::render_description_section] {
            let mut text = Vec::new();
            section(&page, &mut text)?;
            output.write_all(&as_subsection(&text))?;
        }
        let mut text = Vec::new();
        page.render_options_section(&mut text)?;
        output.write_all(&as_subsection(&text))?;
    }
    page.render_extra_section(output)?;
    page.render_version_section(output)?;
    Ok(Status::Clean)
}

/// Moves the heading of a section one level down.
fn as_subsection(section: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(section).replace(".SH ", ".SS ").into_bytes()
}
