# SPDX-License-Identifier: Apache-2.0
"""Files and folders that are prepared under a hidden name beside their final one, each held by a lock (flock).

The names, ".NAME.<12 random hexadecimal digits>.partial", and the files in the folders are those of the simulator, and
each clears what killed processes of the other left.
"""
import contextlib
import fcntl
import os
import re
import secrets
import shutil
from pathlib import Path

from prune import interrupt

_NAME = re.compile(r"\.(.+)\.[0-9a-f]{12}\.partial", re.DOTALL)
_OLDER = r"\.{}\.[0-9a-z_]{{8}}\.partial"  # of versions that locked nothing
_LOCK, _FRESH, _OLD = "lock", "new", "old"


def name_beside(path):
    """A name for what will be `path` that nobody else has."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")


def _lock(path, create=os.O_CREAT, wait=0):
    """An open file that holds the lock of `path`; None if another process has it or took the file away."""
    descriptor = os.open(path, os.O_RDWR | create | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except OSError as error:
        if not isinstance(error, (BlockingIOError, FileNotFoundError)):
            return descriptor  # a file system that does not lock files
    os.close(descriptor)
    return None


@contextlib.contextmanager
def locked(path):
    """Waits for the lock of a file that is replaced by those who hold it; nothing to hold if it is not there."""
    descriptor = None
    try:
        while descriptor is None and os.path.exists(path) and os.access(path, os.W_OK):
            with contextlib.suppress(FileNotFoundError):
                descriptor = _lock(path, create=0, wait=True)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def clear(path):
    """Removes what killed writers left beside `path`; a result that one had put aside goes back to its place."""
    older = re.compile(_OLDER.format(re.escape(path.name)))
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        found = [entry for entry in entries if _NAME.fullmatch(entry.name) or older.fullmatch(entry.name)]
        for entry in found:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    _clear_folder(Path(entry.path), is_older=not _NAME.fullmatch(entry.name))
                elif _NAME.fullmatch(entry.name):
                    _clear_file(entry.path)


def _clear_folder(folder, is_older):
    if not is_older and os.listdir(folder) and not (folder / _LOCK).exists():
        return  # of another program
    descriptor = _lock(folder / _LOCK)
    if descriptor is None:
        return
    try:
        target = folder.with_name(_NAME.fullmatch(folder.name)[1]) if not is_older else None
        if target is not None and (folder / _OLD).exists() and not os.path.lexists(target):
            os.rename(folder / _OLD, target)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _clear_file(path):
    descriptor = _lock(path, create=0)
    if descriptor is not None:
        os.unlink(path)
        os.close(descriptor)


@contextlib.contextmanager
def new_file(path):
    """Yields the path of an empty file that becomes `path` when the block ends without an exception."""
    path = Path(path)
    clear(path)
    descriptor, temporary = None, None

    def discard():
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)

    with interrupt.at_stake(discard):
        try:
            with interrupt.held():
                while descriptor is None:
                    temporary = name_beside(path)
                    descriptor = _lock(temporary)
            yield temporary
            os.replace(temporary, path)
        finally:
            discard()
            if descriptor is not None:
                os.close(descriptor)


class Folder:
    """A hidden folder beside `path` in which its successor is prepared, until the block ends."""

    def __init__(self, path):
        self._target = path
        self._guard = None
        self._lock = None
        self._held = contextlib.ExitStack()

    def __enter__(self):
        clear(self._target)
        self._held.callback(self._close)
        self._held.enter_context(interrupt.at_stake(self._discard))
        try:
            with interrupt.held():
                while self._lock is None:
                    self._guard = name_beside(self._target)
                    self._guard.mkdir()
                    with contextlib.suppress(FileNotFoundError):  # somebody who clears may come before the lock
                        self._lock = _lock(self._guard / _LOCK)
                self.fresh.mkdir()
        except BaseException:
            self._held.close()
            raise
        return self

    def __exit__(self, *_):
        self._held.close()

    @property
    def fresh(self):
        return self._guard / _FRESH

    def put_in_place(self):
        """Puts the successor in the target's place; the predecessor goes."""
        with interrupt.held():
            if not self._target.exists():
                os.rename(self.fresh, self._target)
                return
            old = self._guard / _OLD
            os.rename(self._target, old)
            try:
                os.rename(self.fresh, self._target)
            except OSError:
                os.rename(old, self._target)
                raise

    def _discard(self):
        if self._guard is not None:
            shutil.rmtree(self._guard, ignore_errors=True)

    def _close(self):
        self._discard()
        if self._lock is not None:
            os.close(self._lock)
