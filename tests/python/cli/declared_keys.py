# SPDX-License-Identifier: Apache-2.0
"""The keys that a config has, as the program declares them, with other values that may be legal."""
import dataclasses
import itertools
import json
import re

import yaml

_SPELLINGS = re.compile(r"\(([^|()]*)\|[^()]*\)")  # of one prefix


@dataclasses.dataclass(frozen=True)
class Key:
    name: str
    affects: str  # values, timing or accounting
    others: tuple  # texts of other values, the likeliest first; the program's rules may refuse any of them


class Declarations:
    """What `squeezebar schema` and `squeezebar explain` say of keys."""

    def __init__(self, squeezebar):
        self._squeezebar = squeezebar
        self._sections = json.loads(squeezebar("schema", "--complete").stdout)["properties"]
        self._models = {}

    def keys(self, resolved):
        """[Key] of a resolved config, in its order."""
        found = []
        for section, fields in resolved.items():
            if not isinstance(fields, dict):
                continue
            for name, value in fields.items():
                if name == "model":
                    found.append(self._model(section, value))
                elif name != "source":
                    rule = self._rule(section, fields.get("model"), name)
                    affects = re.search(r"Affects: (\w+)\.$", rule["description"]).group(1)
                    found.append(Key(f"{section}.{name}", affects, tuple(map(_text, _others(rule, value)))))
        return found

    def _rule(self, section, model, name):
        declared = self._sections[section]
        for case in declared.get("allOf", ()):
            if case["if"]["properties"]["model"]["const"] == model:
                return case["then"]["properties"][name]
        return declared["properties"][name]

    def _model(self, section, model):
        if section not in self._models:
            said = self._squeezebar("explain", f"{section}.model").stdout
            self._models[section] = re.search(r"affects: (\w+)", said).group(1)
        names = self._sections[section]["properties"]["model"]["enum"]
        return Key(f"{section}.model", self._models[section], tuple(name for name in names if name != model))


def _others(rule, value):
    if "items" in rule:
        return _other_lists(rule["items"], value)
    if "enum" in rule:
        return [choice for choice in rule["enum"] if choice != value]
    if rule["type"] == "boolean":
        return [not value]
    if rule["type"] in ("integer", "number"):
        return _other_numbers(rule, value)
    if "pattern" in rule:
        return _other_quantities(rule["pattern"], value)
    return [] if rule.get("format") == "path" else ["another"]


def _other_numbers(rule, value):
    low, high = rule.get("minimum", rule.get("exclusiveMinimum")), rule.get("maximum")
    tried = [2 * value, value // 2 if rule["type"] == "integer" else value / 2, value + 1, value - 1, low, high]
    if low is not None and high is not None and rule["type"] == "number":
        tried.insert(0, (low + high) / 2)
    fits = [one for one in tried if one is not None and (low is None or one >= low) and (high is None or one <= high)]
    return [one for one in dict.fromkeys(fits) if one != value]


def _other_quantities(pattern, value):
    number, unit = re.fullmatch(r"([^ A-Za-z]+) *(.*)", value).groups()
    if float(number) != 0:
        return [f"{factor * float(number):.9g} {unit}" for factor in (2, 0.5, 1.25)]
    units = _SPELLINGS.sub(r"\1", pattern[pattern.rindex(" *(") + 3:-2])
    return [f"1 {unit}" for unit in units.split("|")]


def _other_lists(rule, value):
    if value:
        others = [_others(rule, item) for item in value]
        return [list(items) for items in itertools.zip_longest(*others) if None not in items]
    return [[rule["maximum"]] * length for length in range(1, 17)] if "maximum" in rule else []


def _text(value):
    return value if isinstance(value, str) else yaml.safe_dump(value, default_flow_style=True).split("\n...")[0].strip()
