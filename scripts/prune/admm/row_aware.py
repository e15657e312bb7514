# SPDX-License-Identifier: Apache-2.0
"""Lowers the few weights that alone keep the most significant bit planes of a crossbar occupied.

A plane that becomes empty needs no crossbar, and no squeeze-out with its longer input stream either (SME, section
III-C); training makes good for the lowered weights.
"""
import numpy as np

from prune import tiles
from prune.options import Option

OPTIONS = (
    Option(
        "row_aware",
        int,
        0,
        "Most significant planes to empty by clipping, in crossbars where few rows occupy them; 0 clips nothing.",
        minimum=0,
        maximum=8,
    ),
    Option("row_aware_rows", int, 1, "Most rows of a crossbar to clip.", minimum=1, maximum=65536),
    Option(
        "row_aware_cap",
        float,
        0.01,
        "Greatest squared error of clipping a crossbar, as a fraction of its sum of squared weights.",
        minimum=0.0,
        maximum=1.0,
    ),
    *tiles.OPTIONS,
)


def clip(codes, magnitudes, levels, bits, options):
    """Codes (rows, columns) with the clipping applied; the inputs stay as they are.

    `codes` are signed, `magnitudes` the |weights| before rounding in steps of the codes (both in the weight matrix's
    shape), `levels(limit)` gives the greatest magnitude of the scheme below `limit`, `bits` are those of a magnitude.
    """
    tiling = tiles.Tiling(options["crossbar_rows"], options["crossbar_columns"])
    energy = _tile_sums(tiling, magnitudes**2)
    result = codes.copy()
    for planes in range(min(options["row_aware"], bits - 1), 0, -1):
        limit = 2 ** (bits - planes)
        top = levels(limit)
        above = np.abs(result) >= limit
        lowered = np.where(above, np.sign(codes) * top, result)
        rows = tiling.row_blocks((tiling.column_blocks(above.astype(np.int64)) > 0).astype(np.int64))
        cost = _tile_sums(tiling, np.where(above, (magnitudes - top) ** 2, 0.0))
        chosen = (rows <= options["row_aware_rows"]) & (cost <= options["row_aware_cap"] * energy)
        chosen &= tiles.occupied_planes(lowered, bits, tiling) < tiles.occupied_planes(result, bits, tiling)
        result = np.where(tiling.spread(chosen, codes.shape), lowered, result)
    return result


def _tile_sums(tiling, array):
    return tiling.row_blocks(tiling.column_blocks(array))
