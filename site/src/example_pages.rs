//! The pages of the examples: source, picture, policy with its reasons, and offline test.

use sfn_tasks::graph::SvgOptions;
use sfn_tasks::iam::Scope;
use sfn_tasks_site::examples::{ALL, Example};

use crate::markdown::block;

/// The files below `docs/guides/examples/`: names and texts.
pub(crate) fn pages() -> Result<Vec<(String, String)>, String> {
    let mut index = "# Examples\n\nEach example has a picture, its policy, an offline test and its definition. The project's tests compile \
                     and run all of them.\n\n"
        .to_owned();
    let mut files = Vec::new();
    for example in &ALL {
        let (title, page, picture) = page(example)?;
        let name = example.0;
        index.push_str(&format!("- [{title}]({name}.md)\n"));
        files.push((format!("{name}.md"), page));
        files.push((format!("{name}.svg"), picture));
    }
    files.push(("index.md".to_owned(), index));
    Ok(files)
}

/// The title, the page and the picture.
fn page(&(name, source, machine): &Example) -> Result<(String, String, String), String> {
    let machine = machine().map_err(|problems| format!("{name}: {problems}"))?;
    let policy = machine.policy(&Scope::default()).map_err(|problems| format!("{name}: {problems}"))?;
    let (intro, code): (Vec<&str>, Vec<&str>) = source.lines().partition(|line| line.starts_with("//!"));
    let intro: Vec<&str> =
        intro.iter().map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or("")).collect();
    let title = intro.first().and_then(|line| line.strip_prefix("# ")).unwrap_or(name).to_owned();
    let code = code.join("\n");
    let (program, test) = code.split_once("#[cfg(test)]").ok_or_else(|| format!("{name}: it has no test"))?;
    let text = format!(
        "{}\n\n![{title}: the states and their transitions]({name}.svg)\n\n{}## Its policy\n\n\
         `machine.policy(&Scope::default())` gives:\n\n{}Why each statement is there:\n\n{}## Its offline test\n\n{}\
         ## Its definition\n\n{}",
        intro.join("\n"),
        block("rust", program.trim_start()),
        block("json", &format!("{policy:#}")),
        block("text", &policy.explain().to_string()),
        block("rust", &format!("#[cfg(test)]{test}")),
        block("json", &format!("{machine:#}")),
    );
    let picture = machine.picture().svg(&SvgOptions::default().title(&title));
    Ok((title, text.trim_end().to_owned() + "\n", picture))
}
