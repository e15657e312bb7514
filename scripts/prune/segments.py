# SPDX-License-Identifier: Apache-2.0
"""The columns of crossbars as tensors: what `prune.columns` does to arrays, differentiable and for all layers at once."""
import torch
from torch.nn import functional


def segments(weight, tile):
    """(Cout, ...) -> (Cout, row blocks, N): what each tile holds of each column, with zeros below the last input."""
    flat = weight.flatten(1)
    return functional.pad(flat, (0, -flat.shape[1] % tile)).unflatten(1, (-1, tile))


def by_tile(values, tile):
    """(Cout, row blocks) -> (tiles, N): the values of the columns of each tile, zero where a column is missing."""
    padded = functional.pad(values, (0, 0, 0, -values.shape[0] % tile))
    return padded.unflatten(0, (-1, tile)).transpose(1, 2).flatten(0, 1)


def columns_of_tiles(weights, tile, measure):
    """(tiles of all layers, N): `measure` of each column, a function (..., N) -> (...) of the weights in it."""
    return torch.cat([by_tile(measure(segments(weight, tile)), tile) for weight in weights])
