"""Translates definitions into Rust, compiles it, and compares the rendered definitions with the originals.

Usage: python tools/rust_check.py DEFINITIONS…   (with a built `sfn-tasks`)

Each DEFINITIONS file has one definition, an object of definitions, or one in each line; a folder has one in each file. Parts
that `sfn-tasks rust` reports as left out are not compared. A definition that differs otherwise, or whose Rust does not
compile, fails the check.
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent
CLI = ROOT / "target" / "debug" / "sfn-tasks"

MAIN = """\
//! Written by tools/rust_check.py.
%(modules)s
use std::fs;

use sfn_tasks::asl::StateMachine as Definition;

/// Compares numbers by value, not by notation.
fn values(json: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(elements) => elements.into_iter().map(values).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, values(value))).collect(),
        other => other,
    }
}

fn differs(name: &str, file: &str, made: Result<sfn_tasks::StateMachine, sfn_tasks::Problems>) -> bool {
    let text = fs::read_to_string(file).expect("the definition can be read");
    let wanted: Definition = text.parse().expect("the definition can be parsed");
    let made = match made {
        Ok(machine) => machine,
        Err(problems) => {
            println!("{name}: {problems}");
            return true;
        }
    };
    // A placeholder without quotation marks is no JSON.
    let json = |text: String| values(serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)));
    let same = json(made.to_string()) == json(wanted.to_string());
    if !same {
        println!("{name}: it comes back as {made}");
    }
    !same
}

fn main() {
    let results = [
%(calls)s
    ];
    let differ = results.iter().filter(|differs| **differs).count();
    println!("{} definitions as Rust, {differ} differ", results.len());
    std::process::exit(i32::from(differ > 0));
}
"""


def definitions(path):
    if path.is_dir():
        return [pair for file in sorted(path.rglob("*.asl.json")) for pair in definitions(file)]
    text = path.read_text()
    if path.suffix == ".jsonl":
        return [(f"{path.stem} {number}", line) for number, line in enumerate(text.split("\n")) if line]
    try:
        parsed = json.loads(text)
    except ValueError:
        return [(path.stem, text)]
    if "States" in parsed or path.name.endswith(".asl.json"):
        return [(path.stem, text)]
    return [(name, json.dumps(definition)) for name, definition in parsed.items()]


def main():
    everything = [pair for path in sys.argv[1:] for pair in definitions(pathlib.Path(path))]
    if not everything:
        sys.exit(__doc__)
    folder = ROOT / "target" / "rust-judged"
    source = folder / "src"
    source.mkdir(parents=True, exist_ok=True)
    for stale in source.iterdir():
        stale.unlink()
    modules, calls, left_out = [], [], 0
    for number, (name, text) in enumerate(everything):
        file = source / f"{number}.asl.json"
        file.write_text(text)
        command = [CLI, "rust", file, "--function", f"make_{number}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 1:
            left_out += 1
            continue
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        (source / f"m{number}.rs").write_text(done.stdout)
        modules.append(f"mod m{number};")
        calls.append(f"        differs({json.dumps(name, ensure_ascii=False)}, {json.dumps(str(file))}, m{number}::make_{number}()),")
    (source / "main.rs").write_text(MAIN % {"modules": "\n".join(modules), "calls": "\n".join(calls)})
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "rust-judged"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[dependencies]\n'
        'sfn-tasks = { path = "../.." }\nserde_json = "1"\n\n[workspace]\n'
    )
    (folder / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    print(f"{left_out} of {len(everything)} have parts that the builders cannot express")
    sys.exit(subprocess.run(["cargo", "run", "--quiet", "--manifest-path", folder / "Cargo.toml"]).returncode)


if __name__ == "__main__":
    main()
