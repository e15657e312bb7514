# SPDX-License-Identifier: Apache-2.0
"""Tables for other programs: one file each, which registers a function that writes a Sweep to a file."""
import dataclasses

from prune.registry import Registry

FORMATS = Registry("format", "results.formats")


@dataclasses.dataclass(frozen=True)
class Format:
    """`write(sweep, path)` writes the file or raises UserError; `ending` is that of its name, `summary` a sentence."""

    ending: str
    summary: str
    write: object


def table_format(name, ending, summary):
    """Decorator that registers a writer under `name`."""

    def register(function):
        FORMATS.add(name, Format(ending, summary, function))
        return function

    return register
