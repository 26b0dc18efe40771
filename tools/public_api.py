"""The public surface of the library from rustdoc's JSON, one item in each line: `python tools/public_api.py target/doc/sfn_tasks.json`.

`docs/public-api.txt` contains it, so that a review shows every change. For generated builders, it has only the names of
the types, because their setters follow from the specs.
"""

import json
import sys

doc = json.load(open(sys.argv[1]))
index = doc["index"]
lines = set()


def ty(t):
    if t is None:
        return "()"
    (kind, value), = t.items() if isinstance(t, dict) else ((t, None),)
    match kind:
        case "resolved_path":
            return value["path"].split("::")[-1] + args(value.get("args"))
        case "primitive" | "generic":
            return value
        case "borrowed_ref":
            return "&" + ("mut " if value["is_mutable"] else "") + ty(value["type"])
        case "tuple":
            return "(" + ", ".join(map(ty, value)) + ")"
        case "slice":
            return f"[{ty(value)}]"
        case "array":
            return f"[{ty(value['type'])}; {value['len']}]"
        case "impl_trait":
            return "impl " + " + ".join(bound(b) for b in value)
        case "dyn_trait":
            return "dyn " + " + ".join(b["trait"]["path"].split("::")[-1] for b in value["traits"])
        case "qualified_path":
            return f"<{ty(value['self_type'])}>::{value['name']}"
    return kind


def args(value):
    if not value or "angle_bracketed" not in value:
        return ""
    found = [ty(a["type"]) for a in value["angle_bracketed"]["args"] if isinstance(a, dict) and "type" in a]
    return f"<{', '.join(found)}>" if found else ""


def bound(b):
    if "trait_bound" in b:
        trait = b["trait_bound"]["trait"]
        return trait["path"].split("::")[-1] + args(trait.get("args"))
    return "'_"


def signature(item):
    sig = item["inner"]["function"]["sig"]
    inputs = ", ".join(ty(t) for _, t in sig["inputs"])
    output = f" -> {ty(sig['output'])}" if sig["output"] else ""
    return f"fn {item['name']}({inputs}){output}"


def is_shown(item):
    return item["visibility"] in ("public", "default") and not any("hidden" in str(a) for a in item["attrs"])


def members(path, ids):
    for member in (index[str(i)] for i in ids if str(i) in index):
        (kind, inner), = member["inner"].items()
        if not is_shown(member):
            continue
        if kind == "function":
            lines.add(f"{path}::{signature(member)}")
        elif kind == "struct_field":
            lines.add(f"{path}::{member['name']}: {ty(inner)}")
        elif kind in ("variant", "assoc_const", "assoc_type"):
            lines.add(f"{path}::{member['name']} ({kind})")


def visit(item, path, seen):
    (kind, inner), = item["inner"].items()
    if not is_shown(item):
        return
    # Items that are listed elsewhere, or follow from the specs: only the name.
    generated = path.startswith(("sfn_tasks::tasks::", "sfn_tasks::prelude::")) and path != "sfn_tasks::prelude"
    if "errors" in path.split("::")[:-2] or (generated and "::errors::" in path):
        return
    if kind == "module":
        if path in seen:
            return
        lines.add(f"mod {path}")
        if path.startswith("sfn_tasks::prelude::"):
            return
        for child in (index[str(i)] for i in inner["items"] if str(i) in index):
            visit(child, f"{path}::{child['name']}" if child["name"] else path, seen | {path})
    elif kind == "use":
        target = index.get(str(inner["id"]))
        if inner["is_glob"] and target and "module" in target["inner"]:
            for child in (index[str(i)] for i in target["inner"]["module"]["items"] if str(i) in index):
                visit(child, f"{path}::{child['name']}" if child["name"] else path, seen | {path})
        elif target:
            visit(dict(target, visibility="public"), path.rsplit("::", 1)[0] + "::" + inner["name"] if item["name"] else f"{path}::{inner['name']}", seen)
    else:
        exhaustive = "" if kind not in ("struct", "enum") else (" #[non_exhaustive]" if "non_exhaustive" in str(item["attrs"]) else "")
        lines.add(f"{kind} {path}{exhaustive}" if kind != "function" else f"{path.rsplit('::', 1)[0]}::{signature(item)}")
        if generated:
            return
        for implementation in (index[str(i)]["inner"]["impl"] for i in inner.get("impls", []) if str(i) in index) if isinstance(inner, dict) else []:
            if implementation["trait"] is None:
                members(path, implementation["items"])
            elif not implementation["is_synthetic"] and implementation["blanket_impl"] is None:
                lines.add(f"impl {implementation['trait']['path'].split('::')[-1]}{args(implementation['trait'].get('args'))} for {path}")
        if kind == "struct" and isinstance(inner["kind"], dict) and "plain" in inner["kind"]:
            members(path, inner["kind"]["plain"]["fields"])
        members(path, inner.get("variants", []) + inner.get("items", []) if isinstance(inner, dict) else [])


visit(index[str(doc["root"])], "sfn_tasks", frozenset())
print("\n".join(sorted(lines)))
