# SPDX-License-Identifier: Apache-2.0
"""Result folders appear complete or not at all."""
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from prune.errors import UserError


@contextlib.contextmanager
def new_folder(path, marker, force=False):
    """Yields a temporary folder that becomes `path` when the block ends without an exception.

    An existing folder is replaced only with `force`, and only if it holds a file named `marker`, so that a
    mistyped path never deletes something else.
    """
    check_folder(path, marker, force)
    path = Path(path)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent))
    except OSError as error:
        raise UserError(f"{path.parent}: cannot be written ({error.strerror}); choose another folder with -o") from None
    try:
        yield temporary
        os.chmod(temporary, 0o777 & ~_umask())
        _replace(temporary, path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot be written ({error.strerror}); free some space or choose another folder"
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def check_folder(path, marker, force):
    """Raises UserError if `new_folder` would not write to `path`."""
    path = Path(path)
    if not path.name or path.name == "..":
        raise UserError(f"{path}: is not the name of a new folder; give one with -o")
    if not path.parent.is_dir():
        raise UserError(f"{path.parent}: no such folder; create it first or choose another one with -o")
    if not os.path.lexists(path):
        return
    if not force:
        raise UserError(f"{path}: already exists; give --force to replace it or choose another folder with -o")
    if path.is_symlink() or not (path / marker).is_file():
        raise UserError(
            f"{path}: was not written by this command (it holds no {marker}), so --force does not replace it"
        )


def _replace(temporary, path):
    if not path.exists():
        os.rename(temporary, path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".old", dir=path.parent))
    os.rename(path, old / path.name)
    try:
        os.rename(temporary, path)
    except OSError:
        os.rename(old / path.name, path)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
