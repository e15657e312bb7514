#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what every text file of the repository must keep, beyond what clang-format and the compilers see.

Usage: style.py [REPOSITORY]

Prints `file:line: error: ...` for every violation; exit status 1 when there is one.
"""

import os
import pathlib
import re
import sys

CPP_COLUMNS = 110
MOST_LINES = 500

CPP = {".cpp", ".h"}
CODE = CPP | {".py", ".sh", ".cmake"}
TEXT = CODE | {".yaml", ".yml", ".md", ".json", ".cff", ".toml", ".txt", ".html", ".css", ".bib"}
# Words are checked in text only; these folders are made by builds and runs.
SKIPPED_FOLDERS = {".git", "build", "runs", "__pycache__", ".pytest_cache", ".cache", ".venv", ".mypy_cache", ".hypothesis"}

# Marks of unfinished work, places on one author's machine, and talk about how the text came about.
BANNED = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "finish it, or say what is missing in docs/limits.md"),
    (re.compile(r"\b(placeholder|for now|not implemented|not yet implemented)\b", re.I), "finish it, or say what is missing in docs/limits.md"),
    (re.compile(r"(?<![\w.$}/])/(work|home|root|Users)/"), "a path of one machine"),
    (re.compile(r"\b(issue|ticket|pull request) #?\d|\b(this|last|next|previous) session\b", re.I), "tell what is so, not how it came about"),
    (re.compile(r"\b(design|papers|style|contract)\.md\b"), "a document that is not in the repository"),
]


def kind_of(path, first_line):
    """The suffix that stands for the file's language; scripts without one go by their first line."""
    if path.name == "CMakeLists.txt":
        return ".cmake"
    if not path.suffix and first_line.startswith("#!"):
        return ".py" if "python" in first_line else ".sh"
    return path.suffix


def check(path, text):
    """[(line, text)] for the file at `path` (relative to the repository) with this content."""
    lines = text.split("\n")
    kind = kind_of(path, lines[0])
    if kind not in TEXT:
        return []
    found = []
    if text and not text.endswith("\n"):
        found.append((len(lines), "no newline at the end of the file"))
    if kind in CODE and text and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(lines[:2]):
        found.append((1, "the first line must be the SPDX line (// or # SPDX-License-Identifier: Apache-2.0)"))
    if kind == ".h" and "#pragma once" not in lines:
        found.append((1, "a header needs #pragma once"))
    if kind in CPP | {".py"} and len(lines) - 1 > MOST_LINES:
        found.append((MOST_LINES, f"{len(lines) - 1} lines; split the file by purpose (at most {MOST_LINES})"))
    for number, line in enumerate(lines, start=1):
        found += [(number, problem) for problem in line_problems(path, kind, line)]
    return found


def line_problems(path, kind, line):
    if "\t" in line:
        yield "a tab"
    if line.endswith("\r"):
        yield "a carriage return at the end of the line"
    elif line != line.rstrip() and kind != ".md":
        yield "blanks at the end of the line"
    if kind in CPP and len(line) > CPP_COLUMNS:
        yield f"{len(line)} columns (at most {CPP_COLUMNS})"
    if path.parts[:2] != ("scripts", "lint"):  # where the words themselves stand
        for pattern, advice in BANNED:
            match = pattern.search(line)
            if match:
                yield f"'{match.group(0)}': {advice}"


def files(root):
    """Paths of the repository's files, relative to its root; made folders are left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("build-"))
        for name in sorted(names):
            yield (pathlib.Path(folder) / name).relative_to(root)


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).resolve().parents[2])
    failed = False
    for path in files(root):
        try:
            with open(root / path, encoding="utf-8", newline="") as file:
                text = file.read()
        except UnicodeDecodeError:
            if kind_of(path, "") in TEXT:
                print(f"{path}:1: error: not UTF-8")
                failed = True
            continue
        for line, problem in check(path, text):
            print(f"{path}:{line}: error: {problem}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
