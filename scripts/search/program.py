# SPDX-License-Identifier: Apache-2.0
"""What the program says of itself: units and the keys that hold paths."""
import functools
import json
import subprocess
from fractions import Fraction

from prune.errors import UserError


_SIGNS = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u00b2": "2"})  # micro sign, Greek mu, superscript two


@functools.cache
def units(program):
    """Name -> (size, SI unit): a GHz is (10^9, "Hz"), a KB (1024, "B")."""
    found = {}
    for name, text in _ask(program, "list", "units", "--json")["units"].items():
        power, si = text.split(" ")
        base, exponent = power.split("^")
        found[name] = (Fraction(int(base)) ** int(exponent), si)
    return found


def unit(program, text):
    """The unit that the program reads from `text` ("GHz", "µs"), as `units` has it; None for others."""
    return units(program).get(text.translate(_SIGNS))


@functools.cache
def figures(program):
    """Names of the figures that a point may have; `*` stands for a component, a model or a number of bits."""
    return frozenset(_ask(program, "list", "figures", "--json")["figures"])


@functools.cache
def paths(program):
    """The keys of a config whose values are paths."""
    sections = _ask(program, "schema")["properties"]
    return frozenset(f"{section}.{key}" for section, schema in sections.items() for key in _paths_below(schema))


def _paths_below(schema):
    """The properties that are paths, those of a section's models too."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return set()
    found = {key for key, value in schema.get("properties", {}).items() if value.get("format") == "path"}
    return found.union(*map(_paths_below, schema.values()))


def _ask(program, *words):
    try:
        result = subprocess.run([program, *words], stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(result.stdout)
    except OSError as error:
        reason = error.strerror
    except subprocess.CalledProcessError as error:
        reason = f"it ended with code {error.returncode}"
    except ValueError:
        reason = "it answered something else than JSON"
    raise UserError(f"cannot ask the simulator {str(program)!r}: {reason}; $SQUEEZEBAR names its program")
