//! Links between files of the repository, as links of the site.

/// The page of the site that a file of the repository becomes, or nothing if it is not part of the site.
pub(crate) fn page(file: &str) -> Option<String> {
    match file {
        "README.md" => Some("index.md".to_owned()),
        "CONTRIBUTING.md" | "CHANGELOG.md" | "SECURITY.md" => Some(file.to_lowercase()),
        "LICENSE-MIT" | "LICENSE-APACHE" => Some(format!("{file}.txt")),
        _ => file.strip_prefix("docs/").map(str::to_owned),
    }
}

/// Turns the links of `file` into links of the page that it becomes. A file that is not part of the site is linked in the
/// repository; while the repository has no address, the text stays without a link.
pub(crate) fn relink(text: &str, file: &str, repository: &str) -> String {
    let here = page(file).unwrap_or_else(|| file.to_owned());
    let mut result = String::with_capacity(text.len());
    let mut in_code = false;
    for line in text.split_inclusive('\n') {
        in_code ^= line.trim_start().starts_with("```");
        let mut rest = line;
        while let Some(at) = rest.find("](").filter(|_| !in_code) {
            let (before, link) = (&rest[..at], &rest[at + 2..]);
            result.push_str(before);
            let end = link.find([')', ' ']).unwrap_or(link.len());
            match target(&link[..end], file, &here, repository) {
                Some(target) => {
                    result.push_str("](");
                    result.push_str(&target);
                    rest = &link[end..];
                }
                None => {
                    unlink(&mut result);
                    rest = link.find(')').map_or("", |close| &link[close + 1..]);
                }
            }
        }
        result.push_str(rest);
    }
    result
}

/// Removes the bracket that opens the last link.
fn unlink(text: &mut String) {
    let mut closed = 0;
    let open = text.char_indices().rev().find(|(_, sign)| {
        match sign {
            ']' => closed += 1,
            '[' if closed > 0 => closed -= 1,
            '[' => return true,
            _ => {}
        }
        false
    });
    if let Some((at, _)) = open {
        text.remove(at);
    }
}

/// The target of a link on the site; `None` for a file that is not part of the site.
fn target(link: &str, file: &str, here: &str, repository: &str) -> Option<String> {
    if link.is_empty() || link.starts_with('#') || link.contains("://") || link.starts_with("mailto:") {
        return Some(link.to_owned());
    }
    let (path, anchor) = link.split_once('#').map_or((link, String::new()), |(path, at)| (path, format!("#{at}")));
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(there) = resolve(folder, path) else { return Some(link.to_owned()) };
    match page(&there) {
        Some(page) => Some(format!("{}{anchor}", relative(here, &page))),
        None if repository.is_empty() => None,
        None => Some(format!("{repository}/blob/main/{there}{anchor}")),
    }
}

/// Resolves a path relative to a folder; `None` if it is outside the repository.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The path from one page to another.
fn relative(from: &str, to: &str) -> String {
    let up = from.matches('/').count();
    format!("{}{to}", "../".repeat(up))
}

#[cfg(test)]
mod tests {
    use super::relink;

    #[test]
    fn links_lead_to_pages_or_to_the_repository() {
        let at = |text: &str, file: &str| relink(text, file, "https://host/repo");
        assert_eq!(
            at("[a](docs/cli.md#files) ![b](docs/pictures/b.svg)", "README.md"),
            "[a](cli.md#files) ![b](pictures/b.svg)"
        );
        assert_eq!(at("[a](../CONTRIBUTING.md#x)", "docs/cli.md"), "[a](contributing.md#x)");
        assert_eq!(at("[a](../iam.md)", "docs/guides/x.md"), "[a](../iam.md)");
        assert_eq!(
            at("[a](../../spec/sqs.json)", "docs/guides/x.md"),
            "[a](https://host/repo/blob/main/spec/sqs.json)"
        );
        assert_eq!(at("[a](https://aws.example/) [b](#c)", "README.md"), "[a](https://aws.example/) [b](#c)");
        assert_eq!(at("[MIT](LICENSE-MIT)", "README.md"), "[MIT](LICENSE-MIT.txt)");
        assert_eq!(at("```\n[a](b.md)\n```\n", "docs/x.md"), "```\n[a](b.md)\n```\n");
    }

    #[test]
    fn without_a_repository_a_file_has_no_link() {
        let text = "See [`a[0]`](../spec/sqs.json) and [b](cli.md), or [c](../examples).\n";
        assert_eq!(relink(text, "docs/x.md", ""), "See `a[0]` and [b](cli.md), or c.\n");
    }
}
