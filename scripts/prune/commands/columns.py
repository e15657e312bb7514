# SPDX-License-Identifier: Apache-2.0
"""Reports how many weights the crossbar columns of a network hold, and the ADC bits that follow from it.

For each layer: tiles by level k, the fullest column and the mean ADC bits, log2(N) - k, as D.U.B. counts them; then the
unweighted gain over ADCs for full columns. --csv writes a line for each tile.
"""
from pathlib import Path

import numpy as np

from prune import checkpoint, columns
from prune.bundle import MARKER
from prune.bundle.read import read_bundle
from prune.column_options import LAYERS, TILE, check_tile, selected
from prune.errors import UserError
from prune.options import add_arguments as add_options, parsed

_HEADER = "layer,column_block,row_block,fullest_column,level,bits_dub,bits_exact"


def add_arguments(parser):
    parser.add_argument("network", metavar="FOLDER", help="a checkpoint, a quantised network or a bundle")
    add_options(parser, (TILE, LAYERS))
    parser.add_argument("--csv", metavar="FILE", help="also write the figures of every tile to a new file")


def run(arguments):
    options = parsed((TILE, LAYERS), arguments, "columns")
    check_tile(options)
    weights = selected(_weights(Path(arguments.network)), options)
    if not weights:
        raise UserError.at(arguments.network, "has no such layers; give --layers all")
    if arguments.csv:
        _write(arguments.csv, _table(weights, options["tile"]))
    for line in columns.lines(weights, options["tile"]):
        print(line)


def _weights(folder):
    """Weights by layer of a checkpoint or a bundle, whichever the folder is."""
    if (folder / checkpoint.MARKER).is_file():
        return checkpoint.load(folder).weights()
    if (folder / MARKER).is_file():
        return read_bundle(folder).network.weights()
    raise UserError.at(folder, "is neither a checkpoint nor a bundle; give a folder that `prune` or `quantise` wrote")


def _table(weights, tile):
    rows = [_HEADER]
    for name, weight in weights.items():
        layer = columns.statistics(weight, tile)
        for place in np.ndindex(layer.level.shape):
            figures = (field[place] for field in (layer.occupancy, layer.level, layer.dub, layer.exact))
            rows.append(",".join(map(str, (name, *place, *figures))))
    return "\n".join(rows) + "\n"


def _write(path, text):
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError.at(path, "already exists; delete it or give another name to --csv") from None
    except OSError as error:
        raise UserError.at(path, f"cannot be written ({error.strerror}); give another name to --csv") from None
