# SPDX-License-Identifier: Apache-2.0
"""Samples of a bundle: how `export` and `samples` take them from a data set, prepare them and check the result."""
import dataclasses

from prune import preparation, provenance, reference
from prune.bundle import MARKER, PROVENANCE
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.data import DATA_SETS
from prune.errors import UserError
from prune.folder import new_folder
from prune.options import Option

EXPECTED = Option("expected", int, 16, "Samples to store expected outputs for, as far as there are any.", minimum=1)


def with_samples(bundle, folder, count, expected):
    """`bundle`, read from `folder`, with the first `count` held-out samples of its data set (None: all; 0: none)."""
    if count == 0:
        return dataclasses.replace(bundle, inputs=None, labels=None, expected=None)
    where = f"{folder}/{PROVENANCE}"
    data = DATA_SETS.get(provenance.text(bundle.provenance, "data", where))()
    network_input = bundle.network.input
    prepared = preparation.from_record(
        bundle.provenance.get("preparation", {}), network_input.shape[0], f"{where}: preparation"
    )
    if data.held_out.inputs.shape[1:] != network_input.shape:
        raise UserError.at(where, f"samples of {data.name!r} do not fit the network; quantise it again")
    if prepared.quantisation(data) != network_input.quantisation:
        raise UserError(
            f"{folder}/{MARKER}: input: its codes are not those of {data.name!r} as {where} prepares them; "
            "quantise the network again"
        )
    if count is not None and count > len(data.held_out.labels):
        raise UserError(
            f"{count} samples are wanted, {data.name!r} holds out {len(data.held_out.labels)}; give a smaller number"
        )
    inputs = prepared.codes(data, data.held_out.inputs[:count], network_input.quantisation)
    outputs = reference.run(bundle.network, inputs[:expected])
    return dataclasses.replace(bundle, inputs=inputs, labels=data.held_out.labels[:count], expected=outputs)


def with_command(bundle, line, folder):
    """`bundle`, read from `folder`, with a command line added to those that made it."""
    command = provenance.text(bundle.provenance, "command", f"{folder}/{PROVENANCE}") + line + "\n"
    return dataclasses.replace(bundle, provenance={**bundle.provenance, "command": command})


def write(bundle, path, force):
    """Writes a bundle folder, which appears only if what is read back agrees with the reference; says so."""
    with new_folder(path, MARKER, force) as folder:
        write_bundle(bundle, folder)
        check = check_bundle(read_bundle(folder), path)
    result = f"{check.images} samples, accuracy {check.accuracy:.2%}" if check.images else "no samples"
    print(f"wrote bundle {path}: {result}")
