# SPDX-License-Identifier: Apache-2.0
"""resolved.yaml as a flat list of settings: key, value, where the value comes from, and the section's source."""
import dataclasses
from pathlib import Path

import yaml

from prune.bundle import yaml_text
from prune.errors import UserError
from results.files import read_text


@dataclasses.dataclass(frozen=True)
class Setting:
    """`value` as the file has it (with its unit), `origin` FILE:LINE:COLUMN, "default" or the option of the command
    line, `source` the sentence of the section that says where its numbers come from."""

    value: str
    origin: str
    source: str


def read_config(path, remedy):
    """Key ("adc.bits") -> Setting, in the order of the file; UserError when it is no YAML mapping of sections."""
    text = read_text(path, remedy)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise UserError.at(Path(path), f"is nested too deeply; {remedy}") from None
    except yaml.YAMLError as error:
        place, what = yaml_text.mistake(error, Path(path))
        raise UserError.at(place, f"{what}; {remedy}") from None
    if not isinstance(root, yaml.MappingNode):
        raise UserError.at(f"{Path(path)}:1:1", f"holds no sections; {remedy}")
    found = list(_scalars(root, "", text))
    sources = {key.rpartition(".")[0]: value for key, value, _ in found if key.endswith(".source")}
    return {
        key: Setting(value, origin, sources.get(key.split(".")[0], ""))
        for key, value, origin in found
        if not key.endswith(".source") and key != "version"
    }


def _scalars(node, prefix, text):
    """(key, value, origin) of every value below the mapping `node`; a list is one value."""
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        if isinstance(value, yaml.MappingNode):
            yield from _scalars(value, f"{name}.", text)
        else:
            plain = value.value if isinstance(value, yaml.ScalarNode) else _slice(value, text)
            yield name, plain, _comment_after(value, text)


def _slice(node, text):
    return text[node.start_mark.index : node.end_mark.index]


def _comment_after(node, text):
    """The comment that ends the line of a value; the program writes the origin there."""
    end = text.find("\n", node.end_mark.index)
    rest = text[node.end_mark.index : end if end >= 0 else len(text)].strip()
    return rest[1:].strip() if rest.startswith("#") else ""
