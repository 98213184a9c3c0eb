#!/usr/bin/env python3
"""Writes which libraries the program is linked with, and the texts of their licences.

Reads `cargo metadata` on standard input, and the crates' own files.
"""

import json
import pathlib
import sys

NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE")


def texts(folder):
    """The licences' files of a crate, by name."""
    found = (path for path in folder.iterdir() if path.name.upper().startswith(NAMES))
    return [path for path in sorted(found) if path.is_file()]


def built_in(metadata):
    """The ids of what the program itself needs: not what only builds or tests it."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found, left = set(), [metadata["resolve"]["root"]]
    while left:
        node = left.pop()
        if node in found:
            continue
        found.add(node)
        for needed in nodes[node]["deps"]:
            if any(kind["kind"] is None for kind in needed["dep_kinds"]):
                left.append(needed["pkg"])
    return found - {metadata["resolve"]["root"]}


def main():
    metadata = json.load(sys.stdin)
    needed = built_in(metadata)
    packages = [package for package in metadata["packages"] if package["id"] in needed]
    print("What tidbok is linked with, and under which licences.\n")
    said = {}
    for package in sorted(packages, key=lambda it: (it["name"], it["version"])):
        print(f"{package['name']} {package['version']}: {package['license'] or 'see its text'}")
        for path in texts(pathlib.Path(package["manifest_path"]).parent):
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            said.setdefault(text, []).append(f"{package['name']} {package['version']} ({path.name})")
    for text, whose in said.items():
        print(f"\n{'=' * 80}\n{', '.join(whose)}\n{'=' * 80}\n\n{text}")


main()
