# SPDX-License-Identifier: Apache-2.0
"""Figures as people write them: 3.458 uJ, 99.50 %, 2,078,117,888, 18.3 thousand. A value fits one that it is rounded to."""
import re
from dataclasses import dataclass

PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
FACTORS = {"%": 0.01, "points": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9, "M": 1e6, "G": 1e9, "kimages/s": 1e3, "dB": 1.0,
           "mm2": 1.0, "mm²": 1.0}
NUMBER = re.compile(r"(?<![\w.])-?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?:e(?P<exponent>[-+]?\d+))?(?![\d_])"
                    r"(?: ?(?P<unit>%|(?:points|thousand|million|billion|kimages/s|dB|mm2|mm²|M|G)(?![\w/])"
                    r"|(?P<prefix>[fpnuµmkKMGT]?)(?:J|s|W|Hz|B)(?![\w/])))?")

SHARED = re.compile(r" (?:to|and) (?=\d)")


@dataclass
class Figure:
    text: str
    value: float
    last_digit: float

    def holds(self, value, relative=None):
        """Whether `value` rounds to this figure, or is as near as `relative` of it."""
        if relative is not None:
            return abs(value - self.value) <= relative * abs(self.value)
        return abs(value - self.value) <= self.last_digit * (0.5 + 1e-6) + abs(value) * 1e-12


def figures_in(text):
    """All figures of a text in their order; the word `none` is 0. In `9 to 11.5 %` both have the unit of the last one."""
    found, unit = [], None
    for match in reversed(list(re.finditer(rf"\bnone\b|{NUMBER.pattern}", text))):
        if match.group() == "none":
            found.append(Figure("none", 0.0, 0.0))
            continue
        shared = unit if not match["unit"] and SHARED.match(text, match.end()) else 1.0
        figure, unit = figure_of(match, shared or 1.0)
        found.append(figure)
    return found[::-1]


def figure_of(match, shared):
    """The figure, and the factor of its unit."""
    unit, prefix = match["unit"] or "", match["prefix"]
    factor = PREFIXES[prefix] if prefix is not None else FACTORS.get(unit, shared)
    decimals = match["decimals"] or ""
    scale = factor * 10.0 ** int(match["exponent"] or 0)
    number = float(match["digits"].replace(",", "") + ("." + decimals if decimals else ""))
    sign = -1.0 if match.group().startswith("-") else 1.0
    return Figure(match.group(), sign * number * scale, 10.0 ** -len(decimals) * scale), factor
