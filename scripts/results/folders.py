# SPDX-License-Identifier: Apache-2.0
"""Tells the folder of a run from that of a sweep."""
import dataclasses
from pathlib import Path

from prune.errors import UserError
from results.run import is_run, load_run
from results.sweep import is_sweep, load_sweep


@dataclasses.dataclass(frozen=True)
class Loaded:
    """`content` is a Sweep if `is_sweep`, else a Run."""

    content: object
    is_sweep: bool


def load(folder):
    """Loaded of a folder; UserError if it is neither of them."""
    if not Path(folder).is_dir():
        raise UserError.at(folder, "no such folder; give the folder of a run or of a sweep")
    if is_sweep(folder):
        return Loaded(load_sweep(folder), True)
    if is_run(folder):
        return Loaded(load_run(folder), False)
    raise UserError.at(
        folder,
        f"holds neither summary.json (a run) nor table.json (a sweep); give a folder that "
        "`squeezebar run` or `squeezebar sweep` wrote"
    )
