#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the rooms' #include lines point one way, and that SystemC stays where it belongs.

Usage: layering.py [REPOSITORY]

Prints `file:line: error: ...` for every violation; exit status 1 when there is one.
"""

import pathlib
import re
import sys

# A room and the rooms that its files may include (its own goes without saying). "variants" are the plain C++ files of
# models/, "modules" the *_module.* files beside them.
MAY_INCLUDE = {
    "base": set(),
    "terms": {"base"},
    "workload": {"base"},
    "numerics": {"base", "workload"},
    "variants": {"base", "terms"},
    "modules": {"base", "terms", "workload", "numerics", "variants"},
    "engine": {"base", "terms", "workload", "numerics", "variants"},
    "energy": {"base", "terms", "workload", "numerics"},
    "compile": {"base", "terms", "workload", "numerics", "variants", "engine", "energy"},
    "report": {"base", "terms", "workload", "numerics"},
    "compare": {"base", "report"},
    "run": {"base", "terms", "workload", "numerics", "variants", "modules", "engine", "energy", "compile", "report", "compare"},
    "sweep": {"base", "workload", "numerics", "variants", "engine", "energy", "report", "compare"},
    "cli": {"base", "terms", "workload", "numerics", "variants", "engine", "energy", "compile", "report", "compare", "run", "sweep"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SYSTEMC_HEADER = re.compile(r"^(systemc(\.h)?|tlm(\.h)?|sysc/.*|tlm_(core|utils)/.*)$")


def room_of(path):
    """The room of a path relative to the repository (posix), or None outside sim/ and models/."""
    parts = path.split("/")
    if parts[0] == "sim" and len(parts) > 2:
        return parts[1]
    if parts[0] == "models" and len(parts) > 1:
        return "modules" if is_module(path) else "variants"
    return None


def is_module(path):
    return path.startswith("models/") and pathlib.PurePosixPath(path).stem.endswith("_module")


def may_see_systemc(path):
    return is_module(path) or re.fullmatch(r"sim/run/elaborate\.(h|cpp)", path) is not None


def read_includes(text):
    """[(line number, header in quotes or None, header in angle brackets or None)]"""
    matches = ((number, INCLUDE.match(line)) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, match.group(1), match.group(2)) for number, match in matches if match]


class Tree:
    """The sources of the rooms: path relative to the repository -> includes."""

    def __init__(self, texts):
        self.includes = {path: read_includes(text) for path, text in texts.items()}
        self._way_to_systemc = {}

    @classmethod
    def of_repository(cls, root):
        files = (file for folder in ("sim", "models") for file in (root / folder).rglob("*") if file.suffix in (".h", ".cpp"))
        return cls({file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files})

    def way_to_systemc(self, path):
        """The headers from `path` to <systemc>, empty when it does not get there."""
        if path not in self._way_to_systemc:
            self._way_to_systemc[path] = []  # ends include cycles
            for _, quoted, angled in self.includes.get(path, ()):
                if SYSTEMC_HEADER.match(angled or quoted):
                    self._way_to_systemc[path] = [f"<{angled or quoted}>"]
                    break
                way = self.way_to_systemc(quoted) if quoted else []
                if way:
                    self._way_to_systemc[path] = [quoted] + way
                    break
        return self._way_to_systemc[path]

    def violations(self):
        """[(path, line, text)], sorted."""
        found = []
        for path, includes in self.includes.items():
            found += [(path, line, text) for line, quoted, _ in includes if quoted for text in self._wrong_include(path, quoted)]
            way = self.way_to_systemc(path)
            if way and not may_see_systemc(path):
                line = next(number for number, quoted, angled in includes if way[0] in (quoted, f"<{angled or quoted}>"))
                found.append((path, line, f"sees SystemC ({' -> '.join(way)}); only models/**/*_module.* and sim/run/elaborate.* may"))
        return sorted(found)

    def _wrong_include(self, path, header):
        if SYSTEMC_HEADER.match(header):
            return
        room, target = room_of(path), room_of(header)
        if target is None:
            yield f'"{header}" is not a path from the repository\'s root to a room (sim/..., models/...)'
        elif room not in MAY_INCLUDE:
            yield f"the room '{room}' is not in the table of scripts/lint/layering.py"
        elif target != room and target not in MAY_INCLUDE[room]:
            yield f'{room} may not include {target} ("{header}")'


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).resolve().parents[2])
    violations = Tree.of_repository(root).violations()
    for path, line, text in violations:
        print(f"{path}:{line}: error: {text}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
