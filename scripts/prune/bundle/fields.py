# SPDX-License-Identifier: Apache-2.0
"""Strict access to the keys of a YAML map: each is asked for by type and range, and none may be left over."""
import math

from prune.errors import UserError, did_you_mean


class Fields:
    """The keys of one map. `where` ("network.yaml: layer 'conv1'") begins every message."""

    def __init__(self, value, where):
        if not isinstance(value, dict):
            raise UserError.at(where, f"must be a map of keys, not {value!r}")
        self._map = value
        self._asked = set()
        self.where = where

    def has(self, key):
        self._asked.add(key)
        return key in self._map

    def end(self):
        """Refuses the keys that nobody asked for."""
        for key in self._map:
            if key not in self._asked:
                raise UserError.at(self.where, f"unknown key {key!r}; {did_you_mean(key, self._asked)}")

    def map(self, key):
        return Fields(self._get(key), f"{self.where}: {key}")

    def optional_map(self, key):
        return self.map(key) if self.has(key) else None

    def maps(self, key):
        value = self._list(key)
        return [Fields(item, f"{self.where}: {key}[{i}]") for i, item in enumerate(value)]

    def text(self, key):
        value = _as_text(self._get(key))
        if not value:
            self._fail(key, value, "a text")
        return value

    def choice(self, key, choices):
        value = self.text(key)
        if value not in choices:
            raise UserError.at(self.where, f"{key}: unknown value {value!r}; {did_you_mean(value, choices)}")
        return value

    def boolean(self, key):
        value = self._get(key)
        if not isinstance(value, bool):
            self._fail(key, value, "true or false")
        return value

    def integer(self, key, minimum, maximum):
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            self._fail(key, value, f"a whole number from {minimum} to {maximum}")
        return value

    def integers(self, key, minimum, count=None):
        value = self._list(key)
        good = all(isinstance(i, int) and not isinstance(i, bool) and minimum <= i < 2**31 for i in value)
        if not good or (count is not None and len(value) != count):
            self._fail(key, value, f"a list of {count or ''} whole numbers >= {minimum}".replace("  ", " "))
        return value

    def positive(self, key):
        """A positive finite number, as float."""
        value = self._get(key)
        if not _is_positive(value):
            self._fail(key, value, "a positive number")
        return float(value)

    def positives(self, key, count):
        value = self._list(key)
        if len(value) != count or not all(_is_positive(item) for item in value):
            self._fail(key, value, f"a list of {count} positive numbers")
        return [float(item) for item in value]

    def fraction(self, key):
        """A number from 0 to 1; None where there is none."""
        value = self._get(key) if self.has(key) else None
        if value is not None and not (_is_number(value) and 0 <= value <= 1):
            self._fail(key, value, "a fraction from 0 to 1")
        return value

    def numbers(self, key, count):
        value = self._list(key)
        if len(value) != count or not all(_is_number(item) for item in value):
            self._fail(key, value, f"a list of {count} numbers")
        return [float(item) for item in value]

    def texts(self, key, count):
        value = [_as_text(item) for item in self._list(key)]
        if len(value) != count or not all(value):
            self._fail(key, value, f"a list of {count} name{'s' if count > 1 else ''}")
        return value

    def _get(self, key):
        if not self.has(key):
            raise UserError.at(self.where, f"key {key!r} is missing; add it")
        return self._map[key]

    def _list(self, key):
        value = self._get(key)
        if not isinstance(value, list):
            self._fail(key, value, "a list")
        return value

    def _fail(self, key, value, wanted):
        raise UserError.at(self.where, f"{key}: {value!r} is not {wanted}; correct it")


def _as_text(value):
    """What stands for a text: also a whole number or truth value without quotes, as it was written; else None."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, str)) else None


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_positive(value):
    return _is_number(value) and value > 0
