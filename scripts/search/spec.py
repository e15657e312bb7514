# SPDX-License-Identifier: Apache-2.0
"""Reads the spec of a search: a sweep spec whose axes are under `search`, with what is to be optimised."""
import dataclasses
import fnmatch
import json
import math
import re
from pathlib import Path

import yaml

from prune.bundle import yaml_text
from prune.errors import UserError, did_you_mean
from search.program import figures
from search.program import unit as known_unit

_NUMBER = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(.*?)\s*$")
_TOP = {"version", "base", "set", "search"}
_SEARCH = {"trials", "population", "seed", "objectives", "axes"}
_DIRECTIONS = ("maximize", "minimize")


@dataclasses.dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included, in `unit`; whole ones if both bounds are whole and without unit."""

    low: float
    high: float
    unit: str
    log: bool
    whole: bool

    def value(self, number):
        """As a config holds it: 6, 0.25 or "1.5 GHz"; twelve digits tell any two points apart."""
        if self.whole:
            return int(number)
        return f"{number:.12g} {self.unit}" if self.unit else float(f"{number:.12g}")


@dataclasses.dataclass(frozen=True)
class Axis:
    """A dimension of the search: a range of one key, or alternatives, each a dict of keys and values."""

    name: str
    range: Range | None
    alternatives: dict | None  # name -> {key: value}


@dataclasses.dataclass(frozen=True)
class Spec:
    """What to search. `base` is relative to the spec's folder, as paths among the values are."""

    file: Path
    base: str
    fixed: dict
    trials: int
    population: int
    seed: int
    objectives: dict  # metric -> maximize | minimize
    axes: tuple


def read_spec(file, program):
    """Raises UserError, which names the file and the key. The program knows the units."""
    content = _content(file)
    if not isinstance(content, dict):
        raise UserError.at(f"{file}:1:1", "must be a map with version, base and search")
    _check_keys(file, content, _TOP, "a map with version, base and search")
    if content.get("version") != 1:
        raise UserError.at(file, "version: must be 1")
    if not isinstance(content.get("base"), str):
        raise UserError.at(file, "base: name the config that every point starts from")
    search = content.get("search")
    _check_keys(file, search, _SEARCH, "search: must be a map with trials, objectives and axes")
    fixed = content.get("set") or {}
    if not isinstance(fixed, dict):
        raise UserError.at(file, "set: must be a map of keys and values")
    _check_values(file, content)
    axes = tuple(_axis(file, name, value, program) for name, value in _map(file, search, "axes").items())
    _check_twice(file, axes)
    return Spec(
        file=file,
        base=content["base"],
        fixed=fixed,
        trials=_count(file, search, "trials", 100),
        population=_count(file, search, "population", 20, least=2),
        seed=_count(file, search, "seed", 1, least=0),
        objectives=_objectives(file, search, program),
        axes=axes,
    )


def _content(file):
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # _Loader is a SafeLoader
    except OSError as error:
        raise UserError.at(file, f"cannot be read ({error.strerror}); give a spec of a search") from None
    except UnicodeDecodeError:
        raise UserError.at(file, "is not UTF-8 text; save it as UTF-8") from None
    except RecursionError:
        raise UserError.at(file, "is nested too deeply; correct the YAML") from None
    except yaml.YAMLError as error:
        place, what = yaml_text.mistake(error, file)
        raise UserError.at(place, f"{what}; correct it") from None
    except ValueError:
        raise UserError.at(file, "is not YAML (a number with too many digits, or none at all); correct it") from None


class _Loader(yaml.SafeLoader):
    """Dates stay texts, as they are in a config, and so do keys."""

    def construct_mapping(self, node, deep=False):
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str)


def _check_values(file, content):
    try:
        json.dumps(content)
    except (TypeError, ValueError, RecursionError):
        raise UserError.at(file, "holds a value that no config has: a set, bytes, or an alias that holds itself") from None


def _check_keys(file, value, known, what):
    if not isinstance(value, dict):
        raise UserError.at(file, f"{what}")
    for key in value:
        if key not in known:
            raise UserError.at(file, f"unknown key {key!r}; known are {', '.join(sorted(known))}")


def _map(file, search, key):
    value = search.get(key)
    if not isinstance(value, dict) or not value:
        raise UserError.at(file, f"search.{key}: must be a map that is not empty")
    return value


def _count(file, search, key, default, least=1):
    value = search.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UserError.at(file, f"search.{key}: must be a whole number from {least} on, not {value!r}")
    return value


def _objectives(file, search, program):
    objectives = _map(file, search, "objectives")
    known = figures(program)
    for name, direction in objectives.items():
        if not any(fnmatch.fnmatchcase(str(name), figure) for figure in known):
            raise UserError.at(file, f"search.objectives: no figure {name} in the results; {did_you_mean(str(name), known)}")
        if direction not in _DIRECTIONS:
            raise UserError.at(file, f"search.objectives.{name}: must be one of {', '.join(_DIRECTIONS)}, not {direction!r}")
    return objectives


def _axis(file, name, value, program):
    where = f"{file}: search.axes.{name}"
    if isinstance(value, list) and value:
        return Axis(name, None, {str(one): {name: one} for one in value})
    if not isinstance(value, dict) or not value:
        raise UserError.at(where, "must be a list of values, a map with from and to, or named alternatives")
    if "." in name:
        return Axis(name, _range(where, value, program), None)
    keys = {frozenset(one) if isinstance(one, dict) else None for one in value.values()}
    if len(keys) != 1 or None in keys:
        raise UserError.at(where, "every alternative must be a map of the same keys")
    return Axis(name, None, {str(label): one for label, one in value.items()})


def _range(where, value, program):
    if not {"from", "to"} <= set(value) <= {"from", "to", "scale"}:
        raise UserError.at(where, "a range has the keys from, to and scale")
    (low, low_unit), (high, high_unit) = (_bound(where, key, value[key]) for key in ("from", "to"))
    unit = _common_unit(where, low, low_unit, high, high_unit, program)
    low, high = _in_unit(low, low_unit, unit, program), _in_unit(high, high_unit, unit, program)
    log = value.get("scale", "linear")
    if log not in ("linear", "log") or not low < high or (log == "log" and low <= 0):
        raise UserError.at(where, "from must be less than to, scale linear or log, and a logarithmic range above 0")
    whole = not unit and low.is_integer() and high.is_integer()
    return Range(low, high, unit, log == "log", whole)


def _bound(where, key, text):
    """(number, unit)"""
    match = _NUMBER.match(str(text))
    try:
        number, unit = float(match.group(1)), match.group(2)
    except (AttributeError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise UserError.at(where, f"{key} must be a number, with a unit if the key has one, not {text!r}")
    return number, unit


def _common_unit(where, low, low_unit, high, high_unit, program):
    """The unit of both bounds; of two the smaller one, in which both are exact. Zero suits every unit."""
    if low_unit == high_unit or (high == 0 and not high_unit):
        return low_unit
    if low == 0 and not low_unit:
        return high_unit
    known = [known_unit(program, unit) for unit in (low_unit, high_unit)]
    if None in known or known[0][1] != known[1][1]:
        raise UserError.at(where, f"from {_unit_text(low_unit)} and to {_unit_text(high_unit)}; give both in units of one quantity")
    return low_unit if known[0][0] <= known[1][0] else high_unit


def _unit_text(unit):
    return f"is in {unit!r}" if unit else "has no unit"


def _in_unit(number, unit, wanted, program):
    if unit == wanted or not unit:
        return number
    ratio = known_unit(program, unit)[0] / known_unit(program, wanted)[0]
    return number * ratio.numerator / ratio.denominator


def _check_twice(file, axes):
    seen = set()
    for axis in axes:
        for key in {axis.name} if axis.range else set().union(*axis.alternatives.values()):
            if key in seen:
                raise UserError.at(file, f"search.axes: {key!r} is set by two axes")
            seen.add(key)
