//! The reference site, written from the facts: `cargo run -p sfn-tasks-site -- build`.
//!
//! `reference` writes `docs/reference/`. It is part of the repository, so that you can read it without the site; a test
//! fails when it is stale. `build` collects the reference, the guides, the other docs and a page for each service of the
//! AWS SDK integrations, and runs MkDocs on them. `serve` does the same, and updates the site while you write.

mod build;
mod example_pages;
mod links;
mod markdown;
mod reference;
mod sdk;

use std::process::ExitCode;

const USAGE: &str = "\
cargo run -p sfn-tasks-site -- reference   writes docs/reference/ and docs/guides/examples/
cargo run -p sfn-tasks-site -- build       builds the site in target/site/
cargo run -p sfn-tasks-site -- serve       builds it and shows it at http://127.0.0.1:8000/

`build` and `serve` need Python 3; they install MkDocs in target/site/venv/ the first time.";

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("reference") => build::write_reference(),
        Some("build") => build::site(false),
        Some("serve") => build::site(true),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
