#!/usr/bin/env python3
"""Runs the steps of action.yml and the hooks of .pre-commit-hooks.yaml on a hostile repository.

The steps of the action run like in GitHub's runner: each input becomes a variable, and `bash -e -o pipefail` runs the
script. The installation step is skipped: the given binary is put into its place.

    python tools/action_check.py target/debug/sfn-tasks [--pre-commit PATH]
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
GOOD = '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'
BAD = '{"StartAt": "Gone", "States": {"Done": {"Type": "Succeed", "Comment": "sfn-tasks: allow(all)"}}}'
failures = []


def expect(condition, what, told=""):
    print(f"{'ok' if condition else 'FAILED'}: {what}")
    if not condition:
        failures.append(what)
        print(told)


def action(binary, folder, **inputs):
    """Runs the steps of the action in a folder. Returns the exit status and the output."""
    declared = yaml.safe_load((ROOT / "action.yml").read_text())
    values = {name: str(inputs.pop(name.replace("-", "_"), it.get("default", ""))) for name, it in declared["inputs"].items()}
    assert not inputs, f"no such inputs: {inputs}"
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / "sfn-tasks/bin").mkdir(parents=True)
        (Path(temporary) / "sfn-tasks/bin/sfn-tasks").symlink_to(binary)
        for step in declared["runs"]["steps"]:
            if "cargo install" in step["run"]:
                continue
            # An expression in a script could inject code.
            assert "${{" not in step["run"], "a script contains an expression"
            fill = lambda text: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda it: values[it[1]], text)
            env = {name: fill(text) for name, text in step.get("env", {}).items()}
            run = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=folder, env={"PATH": os.environ["PATH"], "RUNNER_TEMP": temporary, "GITHUB_ACTIONS": "true", **env},
                capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=120,
            )
            if run.returncode:
                break
        return run.returncode, run.stdout, run.stderr


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commands(stdout):
    """The lines that the runner would execute as commands, without our own."""
    lines = re.split(r"[\n\r]", stdout)
    foreign = lambda line: not re.match(r"::(error|warning) file=[^,]*,line=\d+,", line)
    return [line for line in lines if (line.lstrip().startswith("::") and foreign(line)) or ("##[" in line and foreign(line))]


def check_action(binary):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write(folder, {"good.asl.json": GOOD})
        status, out, err = action(binary, folder)
        expect(status == 0, "a correct definition passes", out + err)
        (folder / "good.asl.json").unlink()
        expect(action(binary, folder)[0] == 2, "a run with nothing to check fails")
        expect(action(binary, folder, allow_empty="true")[0] == 0, "unless that is allowed")

        hostile = [
            "a b.asl.json", "-x.asl.json", "--config=x.asl.json", "$(touch pwned).asl.json", "`touch pwned`.asl.json", "a;touch pwned;.asl.json",
            "a\n::set-output name=x::y.asl.json", "a\r::error::x.asl.json", "##[add-mask]x.asl.json", "\x1b[2Jx.asl.json", "é'\"&|.asl.json", "*.asl.json",
        ]
        write(folder, {f"all/{name}": BAD for name in hostile})
        status, out, err = action(binary, folder, files="all")
        expect(status == 1, "wrong definitions with hostile names fail", out + err)
        found = out.count("title=sfn-tasks unknown-state")
        expect(found == len(hostile), f"each of them is reported: {found} of {len(hostile)}", out + err)
        expect(not commands(out) and not commands(err), "no part of a name becomes a command", out + err)
        expect(not list(folder.rglob("pwned")), "no part of a name is executed")
        for name in hostile:
            if "\n" in name or "\r" in name or name == "*.asl.json":
                continue
            listed = name if not name.startswith("-") else f"./{name}"
            status, out, err = action(binary, folder / "all", files=f"\n  \n{listed}\n")
            expect(status == 1, f"{name!r} is checked if it is listed", out + err)
        expect(action(binary, folder / "all", files="-x.asl.json")[0] == 1, "a name that begins with `-` is not an option")
        expect(action(binary, folder, files="$(touch pwned)")[0] == 2 and not (folder / "pwned").exists(), "an input is no script")
        shutil.rmtree(folder / "all")

        write(folder, {
            "bad.asl.json": BAD, "sfn-tasks.toml": 'allow = ["all"]\n', ".ignore": "*\n", ".gitignore": "*.asl.json\n",
            "hidden/.h/bad.asl.json": BAD,
        })
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        status, out, err = action(binary, folder)
        found = out.count("title=sfn-tasks unknown-state")
        expect((status, found) == (1, 2), "neither configuration, comments nor lists of ignored files hide a finding", out + err)
        expect(action(binary, folder, config="sfn-tasks.toml")[0] == 0, "a trusted configuration applies", out + err)
        expect(action(binary, folder, files="bad.asl.json", allow_comments="true")[0] == 1, "a comment of a state allows findings only in this state")

        os.remove(folder / "bad.asl.json")
        os.symlink("/etc/passwd", folder / "bad.asl.json")
        os.mkfifo(folder / "pipe.asl.json")
        write(folder, {"t.yaml": "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: /etc/passwd\n"})
        for files in [".", "bad.asl.json", "*.asl.json", "pipe.asl.json", "t.yaml"]:
            status, out, err = action(binary, folder, files=files)
            expect(status in (1, 2) and "root:" not in out + err, f"links, pipes and paths to other folders are not read: {files}", out + err)

        write(folder, {"bad.asl.json.x": "", "w.asl.json": BAD.replace("Gone", "Done").replace('"Succeed"', '"Succeed", "Foo": 1')})
        status, _, _ = action(binary, folder, files="w.asl.json", sarif="found.sarif")
        log = json.loads((folder / "found.sarif").read_text())
        expect(status == 1 and log["version"] == "2.1.0" and log["runs"][0]["results"], "findings are written as SARIF")


def check_hooks(binary, pre_commit):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        hooks, repository, home = folder / "hooks", folder / "repository", folder / "home"
        for it in (hooks, repository, home, folder / "bin"):
            it.mkdir()
        (folder / "bin/sfn-tasks").symlink_to(binary)
        env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(home)}
        for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
            env.pop(name, None)

        def git(where, *arguments):
            identity = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
            return subprocess.run(["git", *identity, *arguments], cwd=where, env=env, check=True, capture_output=True, text=True).stdout.strip()

        shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
        git(hooks, "init", "-q")
        git(hooks, "add", "-A")
        git(hooks, "commit", "-q", "-m", "hooks")
        revision = git(hooks, "rev-parse", "HEAD")
        entry = {"repo": str(hooks), "rev": revision, "hooks": [{"id": "sfn-tasks-check"}, {"id": "sfn-tasks-fmt"}]}
        write(repository, {".pre-commit-config.yaml": yaml.safe_dump({"repos": [entry]}), "good.asl.json": GOOD, "template.yaml": "Resources: {}\n"})
        git(repository, "init", "-q")

        def run(hook):
            git(repository, "add", "-A")
            done = subprocess.run([pre_commit, "run", hook, "--all-files"], cwd=repository, env=env, capture_output=True, text=True, errors="replace", timeout=300)
            return done.returncode, done.stdout + done.stderr

        status, told = run("sfn-tasks-check")
        expect(status == 0, "the hook passes a correct definition and a template without state machines", told)
        status, told = run("sfn-tasks-fmt")
        expect(status == 1 and "\n  " in (repository / "good.asl.json").read_text(), "the hook formats", told)
        expect(run("sfn-tasks-fmt")[0] == 0, "a formatted file does not change")
        names = ["-x.asl.json", "--help.asl.json", "a b.asl.json", "$(touch pwned).asl.json", "é'\".asl.json", "a\n::error::x.asl.json"]
        write(repository, {name: BAD.replace("allow(all)", "") for name in names})
        status, told = run("sfn-tasks-check")
        expect(status == 1 and told.count("error[unknown-state]") == len(names), "wrong definitions with hostile names fail", told)
        expect(not list(repository.rglob("pwned")) and not commands(told), "no part of a name is executed or becomes a command", told)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--pre-commit", default="pre-commit")
    arguments = parser.parse_args()
    check_action(arguments.binary.resolve())
    check_hooks(arguments.binary.resolve(), str(Path(shutil.which(arguments.pre_commit) or arguments.pre_commit).absolute()))
    print(f"{len(failures)} failures")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
