# SPDX-License-Identifier: Apache-2.0
"""Where a network comes from: the command lines that made it and the libraries they ran on."""
import os
import platform
import shlex

import numpy as np

from prune.errors import UserError


def library_versions(*modules):
    """Versions of Python, NumPy and the given modules, by name."""
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    return {**versions, **{module.__name__: str(module.__version__) for module in modules}}


def processor():
    """The type of processor, on which trained weights depend."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            pairs = (line.split(":", 1) for line in file.read().split("\n\n", 1)[0].splitlines() if ":" in line)
            facts = {key.strip(): value.strip() for key, value in pairs}
    except (OSError, ValueError):
        facts = {}
    name = facts.get("model name") or platform.processor() or platform.machine()
    numbers = [f"{key} {facts[word]}" for key, word in (("family", "cpu family"), ("model", "model")) if word in facts]
    return ", ".join([name, *numbers])


def command_line(name, positional=(), options=None, output=None, flags=()):
    """A command to run in the root of the repository; folders by their last name, so that no host path is recorded."""
    words = ["python3", "-m", "prune", name, *map(last_name, positional)]
    for key, value in (options or {}).items():
        words += ["--" + key.replace("_", "-"), str(value)]
    words += [f"--{flag}" for flag in flags] + ["-o", last_name(output)]
    return "PYTHONPATH=scripts " + shlex.join(words)


def last_name(path):
    """The name of a folder, also of one given as "." or with a slash at the end."""
    return os.path.basename(os.path.abspath(path))


def of_checkpoint(checkpoint, data):
    """The part of provenance.yaml that a checkpoint determines."""
    return {
        "source": f"network {checkpoint.network} trained on {data.source}{_origin(checkpoint)}",
        "network": checkpoint.network,
        "data": checkpoint.data,
        "method": checkpoint.method,
        "options": dict(checkpoint.options),
        "seed": checkpoint.seed,
    }


def _origin(checkpoint):
    return f"; parameters: {checkpoint.origin}" if checkpoint.origin else ""


def text(provenance, key, where):
    """A required text of a provenance map."""
    value = provenance.get(key)
    if not isinstance(value, str):
        raise UserError.at(where, f"key {key!r} is missing or not a text; quantise the checkpoint again")
    return value
