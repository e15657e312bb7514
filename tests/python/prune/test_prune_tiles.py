# SPDX-License-Identifier: Apache-2.0
"""Crossbars of a weight matrix, block pruning and row-aware clipping, against plain loops."""
import numpy as np
import pytest

from prune import tiles
from prune.admm import row_aware
from prune.admm.projection import occupied_crossbars, zero_bits
from prune.methods import METHODS
from prune.schemes import SCHEMES

BLOCK = METHODS.get("block")
ADMM = METHODS.get("admm")


def matrix(rows, columns, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, columns))


def each_tile(array, rows, columns):
    for r in range(0, array.shape[0], rows):
        for c in range(0, array.shape[1], columns):
            yield array[r : r + rows, c : c + columns]


def test_matrix_rows_are_inputs_in_the_order_of_the_weights():
    weight = np.arange(2 * 3 * 2 * 2).reshape(2, 3, 2, 2)
    assert tiles.matrix(weight)[:, 1].tolist() == weight[1].ravel().tolist()
    assert (tiles.unfold(tiles.matrix(weight), weight.shape) == weight).all()


@pytest.mark.parametrize("rows, columns", [(4, 3), (5, 5), (128, 128), (1, 1)])
def test_packing_counts_as_loops_do(rows, columns):
    weights = matrix(13, 7) * (np.random.default_rng(1).random((13, 7)) < 0.2)
    found = tiles.packing(weights, tiles.Tiling(rows, columns))
    assert found.tiles == len(list(each_tile(weights, rows, columns)))
    assert found.occupied == sum(tile.any() for tile in each_tile(weights, rows, columns))
    blocks = [weights[:, c : c + columns] for c in range(0, 7, columns)]
    assert found.rows_packed == sum(-(-int(block.any(axis=1).sum()) // rows) for block in blocks)
    blocks = [weights[r : r + rows] for r in range(0, 13, rows)]
    assert found.columns_packed == sum(-(-int(block.any(axis=0).sum()) // columns) for block in blocks)


def test_bit_planes_count_as_loops_do():
    codes = [np.array([[5, -3], [0, 1]]), np.array([[4, 0, 0]])]
    assert zero_bits(codes, 3) == [1 - 2 / 7, 1 - 1 / 7, 1 - 3 / 7]
    assert occupied_crossbars(codes, 3, tiles.Tiling(128, 128)) == 4
    assert occupied_crossbars(codes, 3, tiles.Tiling(1, 1)) == 6  # a crossbar for each one


@pytest.mark.parametrize("groups", ["rows", "columns", "both"])
@pytest.mark.parametrize("scope", ["global", "layer"])
def test_block_pruning_removes_whole_groups_only(groups, scope):
    weights = {"a": matrix(6, 40, 1).reshape(6, 10, 2, 2), "b": matrix(10, 33, 2)}
    options = BLOCK.resolve(
        {"sparsity": "0.5", "groups": groups, "scope": scope, "crossbar_rows": "16", "crossbar_columns": "4"}
    )
    for name, mask in BLOCK.masks(weights, options).items():
        for tile in each_tile(tiles.matrix(mask), 16, 4):
            rows, columns = tile.any(axis=1), tile.any(axis=0)
            assert (tile == np.outer(rows, columns)).all()
            assert groups == "both" or (columns if groups == "rows" else rows).all() or not tile.any()
        assert abs(1 - mask.mean() - 0.5) < (0.1 if scope == "layer" else 0.5) and mask.any(), name


def test_block_pruning_keeps_the_strongest_rows_of_each_crossbar():
    weight = np.ones((4, 8))
    weight[:2, :4] = 3.0  # outputs 0 and 1 (crossbar column block 0) live on the first crossbar's rows
    weight[2:, 4:] = 3.0
    options = BLOCK.resolve({"sparsity": "0.5", "crossbar_rows": "4", "crossbar_columns": "2"})
    assert (BLOCK.masks({"a": weight}, options)["a"] == (weight == 3.0)).all()


def test_block_pruning_ranks_layers_alike_whatever_their_scale():
    weights = {"a": matrix(8, 64, 1), "b": 1000 * matrix(8, 64, 1)}
    masks = BLOCK.masks(weights, BLOCK.resolve({"sparsity": "0.5"}))
    assert (masks["a"] == masks["b"]).all()


def test_block_report_shows_what_packs():
    weights = {"a": matrix(128, 512)}
    options = BLOCK.resolve({"sparsity": "0.5"})
    pruned = {"a": weights["a"] * BLOCK.masks(weights, options)["a"]}
    lines = BLOCK.report(pruned, options)
    assert lines[0].split()[1:] == "4 crossbars, 4 not empty, 2 with rows packed, 4 with columns packed".split()
    assert lines[1].startswith("crossbars per bit: 4 before, 4 not empty, 2 packed")


def clipped(codes, magnitudes=None, **options):
    given = {"row_aware": "1", "row_aware_cap": "1", "crossbar_rows": "4", "crossbar_columns": "2", **options}
    magnitudes = np.abs(codes).astype(float) if magnitudes is None else magnitudes
    scheme, bits = SCHEMES.get("s_window"), 8

    def below(limit):
        legal = [c for c in range(limit) if scheme.nearest(np.array([float(c)]), {"window": 3, "bits": bits})[0] == c]
        return max(legal)

    return row_aware.clip(codes, magnitudes, below, bits, ADMM.resolve(given))


def occupied(codes, position):
    """Tiles of 4 x 2 whose plane `position` of 8 holds a one."""
    return [bool((np.abs(tile) >> (8 - position) & 1).any()) for tile in each_tile(codes, 4, 2)]


CODES = np.array([[-192, 5], [3, 7], [1, 160], [9, 112], [128, 2], [6, 96], [-12, 4], [16, 1]])


def test_clipping_empties_the_first_plane_where_one_row_occupies_it():
    result = clipped(CODES)
    assert occupied(CODES, 1) == [True, True] and occupied(result, 1) == [True, False]
    assert (result[:4] == CODES[:4]).all() and result[4, 0] == 112  # two rows above, one below: 0.4375 is 112
    assert (result[5:] == CODES[5:]).all()


def test_clipping_leaves_a_crossbar_whose_planes_would_not_get_fewer():
    """0.4375 would bring ones into the second, third and fourth plane."""
    codes = np.array([[128, 1], [1, 2], [1, 1], [3, 1]])
    assert (clipped(codes) == codes).all()


def test_clipping_takes_as_many_rows_as_allowed():
    result = clipped(CODES, row_aware_rows="2")
    assert occupied(result, 1) == [False, False]
    assert result[0, 0] == -112 and result[2, 1] == 112


def test_clipping_empties_two_planes():
    result = clipped(CODES, row_aware="2", row_aware_rows="2")
    assert occupied(result, 1) == [False, False] and occupied(result, 2) == [True, False]
    assert (result[4, 0], result[5, 1]) == (56, 56)  # 0.21875
    assert result[3, 1] == 112  # three rows reach the second plane of the first crossbar: only its first is emptied


def test_clipping_obeys_the_cap():
    """The first crossbar's two rows cost (192-112)^2 + (160-112)^2, the second's one (128-112)^2."""
    energy = [float((tile**2).sum()) for tile in each_tile(CODES, 4, 2)]
    relative = [(80**2 + 48**2) / energy[0], 16**2 / energy[1]]
    assert relative[1] < relative[0]
    options = {"row_aware_rows": "2"}
    assert occupied(clipped(CODES, row_aware_cap=str(relative[1] * 0.99), **options), 1) == [True, True]
    assert occupied(clipped(CODES, row_aware_cap=str(relative[1] * 1.01), **options), 1) == [True, False]
    assert occupied(clipped(CODES, row_aware_cap=str(relative[0] * 1.01), **options), 1) == [False, False]
