# SPDX-License-Identifier: Apache-2.0
"""Registries that fill themselves from the files of a package: a new file is a new entry."""
import importlib
import pkgutil

from prune.errors import UserError, did_you_mean


class Registry:
    """Name -> entry, for the entries that the modules of `package` register when they are imported."""

    def __init__(self, kind, package):
        self._kind = kind
        self._package = package
        self._entries = {}
        self._loaded = False

    def add(self, name, entry):
        """Registers `entry`; a second entry of the same name is a mistake of the programmer."""
        if name in self._entries:
            raise ValueError(f"{self._kind} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def names(self):
        self._load()
        return sorted(self._entries)

    def get(self, name):
        self._load()
        if name not in self._entries:
            raise UserError(f"unknown {self._kind} {name!r}; {did_you_mean(name, self._entries)}")
        return self._entries[name]

    def _load(self):
        if self._loaded:
            return
        self._loaded = True
        package = importlib.import_module(self._package)
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            importlib.import_module(f"{self._package}.{module}")
