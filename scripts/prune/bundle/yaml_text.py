# SPDX-License-Identifier: Apache-2.0
"""YAML as squeezebar understands it: the same strict subset as the simulator, and a stable way to write it."""
import math
import re

import yaml

from prune.errors import UserError

_MAX_BYTES = 16 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_VALUES = 250_000
_NULL = "tag:yaml.org,2002:null"


def _refuse(problem, at):
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _check_expanded(root):
    """Holds what aliases expand to within the limits of the simulator."""
    sizes = {}  # (values, levels) by node

    def measure(node):
        if id(node) not in sizes:
            below = [measure(child) for child in _children(node)]
            values = 1 + sum(values for values, _ in below)
            sizes[id(node)] = (values, 1 + max((levels for _, levels in below), default=0))
        return sizes[id(node)]

    values, levels = measure(root)
    if values > _MAX_VALUES:
        _refuse(f"more than {_MAX_VALUES} values (aliases expanded)", root)
    if levels > _MAX_DEPTH:
        _refuse("nested too deeply", root)


def _children(node):
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


class Flow(dict):
    """A map that is written on one line, like all lists but those of maps."""


class _Loader(yaml.SafeLoader):
    """Numbers as in JSON, bools only true and false, no duplicate keys, no merge keys, no tags.

    Aliases stand for copies of what their anchor holds.
    """

    yaml_implicit_resolvers = {}

    def __init__(self, text):
        super().__init__(text)
        self._open = []  # the anchors around the node that is read, None for those without

    def compose_document(self):
        node = super().compose_document()
        _check_expanded(node)
        return node

    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            if isinstance(parent, yaml.MappingNode) and index is None:
                _refuse("an alias cannot be a key", event)
            if event.anchor in self._open:
                _refuse("an alias cannot stand inside its own anchor", event)
            return super().compose_node(parent, index)
        if event.tag not in (None, "!"):
            _refuse("YAML tags are not allowed", event)
        if len(self._open) == _MAX_DEPTH:
            _refuse("nested too deeply", event)
        self.anchors.pop(event.anchor, None)  # an anchor may be given anew
        self._open.append(event.anchor)
        node = super().compose_node(parent, index)
        self._open.pop()
        return node

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _NULL:
                _refuse("keys must be plain words", key)
            if key.value == "<<" and key.style is None:
                _refuse("merge keys ('<<') are not supported", key)
            if key.value in seen:
                _refuse(f"key {key.value!r} stands here twice", key)
            seen.add(key.value)
            key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)

    def flatten_mapping(self, node):
        """No merge keys to resolve."""

    def parse_bool(self, node):
        return node.value == "true"

    def parse_int(self, node):
        if len(node.value) > 20:
            raise yaml.MarkedYAMLError(problem="the number has too many digits", problem_mark=node.start_mark)
        return int(node.value)

    def parse_float(self, node):
        return float(node.value)


_Loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]*)\Z"), list("-0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)\Z"),
    list("-0123456789"),
)
_Loader.add_constructor("tag:yaml.org,2002:bool", _Loader.parse_bool)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.parse_int)
_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.parse_float)


def load(path):
    """The map in a YAML file; raises UserError with line and column for anything else."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError.at(path, f"cannot be read ({error.strerror}); give the folder of a bundle") from None
    if len(data) > _MAX_BYTES:
        raise UserError.at(path, "is larger than 16 MiB; keep tensors in .npy files")
    try:
        value = yaml.load(data.decode("utf-8"), Loader=_Loader)  # _Loader is a SafeLoader: builds plain values only
    except UnicodeDecodeError:
        raise UserError.at(path, "is not UTF-8 text; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise UserError.at(place, f"{error.problem}; correct the YAML") from None
    except (yaml.YAMLError, ValueError) as error:
        raise UserError.at(path, f"is not valid YAML{_character(error)}; correct it") from None
    if not isinstance(value, dict):
        raise UserError.at(f"{path}:1:1", "must hold a map of keys; give the folder of a bundle")
    return value


def mistake(error, path):
    """(place, what) of an error of the YAML library over a file."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(path), f"is not YAML{_character(error)}"
    return f"{path}:{mark.line + 1}:{mark.column + 1}", f"is not YAML: {error.problem or error.context}"


def _character(error):
    """The character that may not stand in YAML, if it is that."""
    if not isinstance(error, yaml.reader.ReaderError):
        return ""
    return f" (it holds the character U+{error.character:04X})" if isinstance(error.character, int) else ""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True

    def represent_flow(self, data):
        return self.represent_mapping("tag:yaml.org,2002:map", list(data.items()), flow_style=True)

    def represent_items(self, data):
        one_line = not any(isinstance(item, dict) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=one_line)

    def represent_text(self, data):
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_number(self, data):
        if not math.isfinite(data):
            raise ValueError(f"{data} cannot be written to a bundle")
        return super().represent_float(data)


_Dumper.add_representer(Flow, _Dumper.represent_flow)
_Dumper.add_representer(list, _Dumper.represent_items)
_Dumper.add_representer(tuple, _Dumper.represent_items)
_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(float, _Dumper.represent_number)


def dump(value, path):
    """Writes a map in the order of its keys; numbers as the shortest text that reads back the same."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=2**20)
    path.write_text(text, encoding="utf-8", newline="\n")
