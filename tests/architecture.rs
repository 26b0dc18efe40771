//! Checks which module uses which, with the table of `docs/architecture.md`.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The modules in the rows of the table.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string("docs/architecture.md").unwrap();
    let (_, section) = text.split_once("## Modules of the library").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let names = |cell: &str| -> BTreeSet<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(|name| name.split("::").next().unwrap_or(name).to_owned()).collect()
    };
    let mut rows = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let mut uses = names(cells[3]);
        uses.extend(names(cells[1]));
        rows.extend(names(cells[1]).into_iter().map(|module| (module, uses.clone())));
    }
    rows
}

/// The modules that the code of a file uses by their paths, without tests and comments.
fn used(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut found = BTreeSet::new();
    for line in lines {
        // In a string it is text.
        let is_code = |at: &(usize, &str)| line[..at.0].matches('"').count() % 2 == 0;
        for (at, _) in line.match_indices("crate::").filter(is_code) {
            let rest = &line[at + "crate::".len()..];
            let list = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or(rest);
            for path in list.split(',').take(if rest.starts_with('{') { usize::MAX } else { 1 }) {
                let name: String = path.trim().chars().take_while(|sign| sign.is_lowercase() || *sign == '_').collect();
                found.insert(name);
            }
        }
    }
    found
}

fn files(path: &Path, to: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), to);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs")
        && !path.file_stem().unwrap().to_string_lossy().ends_with("_test")
    {
        to.push(fs::read_to_string(path).unwrap());
    }
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let table = table();
    assert!(table.len() > 15, "the table has rows: {table:?}");
    let mut faults = Vec::new();
    for (module, allowed) in table.iter().filter(|(module, _)| *module != "machine") {
        let mut texts = Vec::new();
        files(&Path::new("src").join(module), &mut texts);
        let file = Path::new("src").join(format!("{module}.rs"));
        if file.is_file() {
            files(&file, &mut texts);
        }
        assert!(!texts.is_empty(), "`{module}` is a module");
        let used: BTreeSet<String> = texts.iter().flat_map(|text| used(text)).collect();
        for other in used.iter().filter(|other| table.contains_key(*other) && !allowed.contains(*other)) {
            faults.push(format!("{module} uses {other}"));
        }
    }
    assert!(faults.is_empty(), "docs/architecture.md does not allow this: {faults:#?}");
}
