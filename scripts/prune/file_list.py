# SPDX-License-Identifier: Apache-2.0
"""files.json: name, size and SHA-256 of every file that a command wrote into a folder."""
import hashlib
import json
import os
from pathlib import Path, PurePosixPath

from prune import partial

LIST = "files.json"
_VERSION = 1


def digest(content):
    """(bytes, SHA-256) of what a file holds."""
    return len(content), hashlib.sha256(content).hexdigest()


def digest_of(path):
    """The same of a file."""
    with open(path, "rb") as file:
        hashed = hashlib.sha256()
        while chunk := file.read(1 << 20):
            hashed.update(chunk)
        return file.tell(), hashed.hexdigest()


def files_in(folder):
    """Names of the files in a folder and in its folders, sorted: "expected/outputs.npy"."""
    names = []
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        names += [os.path.relpath(os.path.join(where, name), folder) for name in [*files, *links]]
    return sorted(names)


def read(folder):
    """(what the folder holds, {name: (bytes, SHA-256)}); None if there is no list that reads."""
    try:
        content = json.loads((Path(folder) / LIST).read_text(encoding="utf-8"))
        if content["schema_version"] != _VERSION:
            return None
        files = {entry["name"]: (entry["bytes"], entry["sha256"]) for entry in content["files"]}
        return (content["holds"], files) if all(map(_is_inside, files)) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_inside(name):
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and str(path) == name


def write(folder, holds, files):
    """Replaces the list of a folder in one step."""
    entries = [{"name": name, "bytes": files[name][0], "sha256": files[name][1]} for name in sorted(files)]
    text = json.dumps({"schema_version": _VERSION, "holds": holds, "files": entries}, indent=1, ensure_ascii=False)
    with partial.new_file(Path(folder) / LIST) as file:
        file.write_bytes(text.encode() + b"\n")


def enter(folder, name, found):
    """Enters a file (bytes, SHA-256) in a folder's list, if it has one; several processes may do so at once."""
    with partial.locked(Path(folder) / LIST):
        known = read(folder)
        if known is not None:
            write(folder, known[0], {**known[1], name: found})
