# SPDX-License-Identifier: Apache-2.0
"""Changes files of run folders, with or without the list that would tell."""
import hashlib
import json


def listed(folder):
    """Names of the files that a folder's list has."""
    return [entry["name"] for entry in json.loads((folder / "files.json").read_text())["files"]]


def relist(folder):
    """Makes the list of a folder that of the files that are there now, for tests of what a reader itself refuses."""
    content = json.loads((folder / "files.json").read_text())
    content["files"] = [entry for entry in content["files"] if (folder / entry["name"]).exists()]
    for entry in content["files"]:
        data = (folder / entry["name"]).read_bytes()
        entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "files.json").write_text(json.dumps(content))


def flip(path, at=None):
    """Changes one bit of a file, in its middle if no place is given."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    path.write_bytes(content)
