# SPDX-License-Identifier: Apache-2.0
"""Result folders appear complete or not at all."""
import contextlib
import os
import shutil
from pathlib import Path

from prune import file_list, partial
from prune.errors import UserError

_NAMED = 3  # foreign files that a message names
_OLDER = ("provenance.yaml", "parameters.npz", "log.csv")  # beside the marker and arrays, before there was a list


@contextlib.contextmanager
def new_folder(path, marker, force=False):
    """Yields a temporary folder that becomes `path` when the block ends without an exception.

    An existing folder is replaced only with `force`, and only if it holds a file named `marker`, so that a mistyped
    path never deletes something else; what else lies there stays. A link is followed.
    """
    check_folder(path, marker, force)
    place = Path(os.path.realpath(path))
    try:
        with partial.Folder(place) as prepared:
            yield prepared.fresh
            _list(prepared.fresh, marker)
            foreign = _foreign(place, marker) if place.exists() else []
            _carry(place, prepared.fresh, foreign)
            prepared.put_in_place()
    except OSError as error:
        raise UserError.at(
            path,
            f"cannot be written ({error.strerror}); free some space or choose another folder with -o",
        ) from error


def check_folder(path, marker, force):
    """Raises UserError if `new_folder` would not write to `path`."""
    path = Path(path)
    if not path.name or path.name == "..":
        raise UserError.at(path, "is not the name of a new folder; give one with -o")
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise UserError.at(place.parent, "no such folder; create it first or choose another one with -o")
    if not os.path.lexists(place):
        return
    if not force:
        foreign = _foreign(place, marker) if place.is_dir() else []
        found = ", ".join(map(repr, foreign[:_NAMED])) + (f" and {len(foreign) - _NAMED} more" if foreign[_NAMED:] else "")
        kept = f" (which keeps {found}, not of this command)" if (place / marker).is_file() and foreign else ""
        raise UserError.at(path, f"already exists; give --force to replace it{kept} or choose another folder with -o")
    if not (place / marker).is_file():
        raise UserError.at(
            path,
            f"was not written by this command (it holds no {marker}), so --force does not replace it"
        )


def _list(folder, marker):
    """Lists every file of a folder that is complete."""
    names = file_list.files_in(folder)
    file_list.write(folder, marker, {name: file_list.digest_of(folder / name) for name in names})


def _foreign(folder, marker):
    """Names of the files, and of the empty folders, that no such command wrote."""
    known = file_list.read(folder)

    def is_own(name):
        if known is not None:
            return known[0] == marker and (name in known[1] or name == file_list.LIST)
        return name == marker or name in _OLDER or name.endswith(".npy")

    empty = [Path(where) for where, folders, files in os.walk(folder) if not folders and not files]
    names = [name for name in file_list.files_in(folder) if not is_own(name)]
    return sorted(names + [str(path.relative_to(folder)) for path in empty if path != folder])


def _carry(folder, successor, names):
    """Has the foreign files in the successor too, whose own files win."""
    for name in names:
        source, place = folder / name, successor / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            continue
        if source.is_dir() and not source.is_symlink():
            place.mkdir()
            continue
        try:
            os.link(source, place, follow_symlinks=False)
        except OSError:  # a file system without links
            shutil.copy2(source, place, follow_symlinks=False)
