# SPDX-License-Identifier: Apache-2.0
"""Columns of crossbars: their statistics against loops, published tile counts and ADC gains, and discrete pruning."""
import math

import numpy as np
import pytest

from prune import columns
from prune.cli import main
from prune.levels import layer_threshold, tile_mask

VGG11 = [(64, 3), (128, 64), (256, 128), (256, 256), (512, 256), (512, 512), (512, 512), (512, 512)]
RESNET18_STAGES = [(64, 64), (128, 64), (256, 128), (512, 256)]
SHAPES = [(6, 1, 1, 1), (5, 3, 3, 3), (9, 2, 2, 2), (17, 4, 3, 3), (8, 16), (33, 130), (1, 7)]
TILES = [2, 4, 8, 16, 64]


def sparse(shape, seed=0, kept=0.4):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=shape) * (rng.random(shape) < kept)).astype(np.float32)


def tiles_of(weight, tile):
    """(column block, row block, filters x inputs) of each tile, as the simulator cuts the matrix of a layer."""
    flat = weight.reshape(len(weight), -1)
    for i in range(0, flat.shape[0], tile):
        for j in range(0, flat.shape[1], tile):
            yield i // tile, j // tile, flat[i : i + tile, j : j + tile]


def resnet18():
    """Convolutions of the ResNet-18 of torchvision, (Cout, Cin, kh, kw)."""
    shapes = [(64, 3, 7, 7)]
    for out, before in RESNET18_STAGES:
        shapes += [(out, before, 3, 3)] + [(out, out, 3, 3)] * 3
        shapes += [(out, before, 1, 1)] if out != before else []
    return shapes


@pytest.mark.parametrize("tile, count", [(32, 9002), (64, 2251), (128, 564), (256, 144)])
def test_tiles_of_vgg11_are_as_published(tile, count):
    shapes = [(out, into, 3, 3) for out, into in VGG11]
    assert sum(math.prod(shape) for shape in shapes) == 9217728
    assert columns.tile_count(shapes, tile) == count


def test_tiles_of_resnet18_are_as_published():
    assert sum(math.prod(shape) for shape in resnet18()) == 11166912
    assert columns.tile_count(resnet18(), 64) == 2727


@pytest.mark.parametrize(
    "levels, tile, linear, exponential",
    [([61, 646, 827, 86, 767, 5481, 1134], 32, 7.134, 13.86), ([6, 1964, 757], 64, 1.270, 2.32)],
    ids=["VGG11", "ResNet18"],
)
def test_gains_of_published_histograms(levels, tile, linear, exponential):
    """The headline numbers of D.U.B.: tiles by level, of 32 and of 64 rows."""
    assert round(columns.improvement(levels, tile), 3) == linear
    assert round(columns.improvement(levels, tile, exponential=True), 2) == exponential


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("tile", TILES)
def test_statistics_are_those_of_a_loop(shape, tile):
    for kept in (0.0, 0.1, 0.5, 1.0):
        weight = sparse(shape, kept=kept)
        layer = columns.statistics(weight, tile)
        assert layer.level.size == columns.tile_count([shape], tile)
        for i, j, part in tiles_of(weight, tile):
            fullest = max(np.count_nonzero(row) for row in part)
            zeros = (part.shape[1] - fullest) / part.shape[1]
            level = int(math.log2(tile)) + 1 if fullest == 0 else max(k for k in range(9) if zeros >= 1 - 2.0**-k)
            bits = max(0, int(math.log2(tile)) - level) if fullest > 1 else 0
            exact = math.ceil(math.log2(fullest + 1))
            got = [field[i, j] for field in (layer.occupancy, layer.level, layer.dub, layer.exact)]
            assert got == [fullest, min(level, int(math.log2(tile)) + 1), bits, exact]


def test_full_column_needs_one_bit_more_to_be_exact():
    layer = columns.statistics(np.ones((8, 8), np.float32), 8)
    assert (layer.level, layer.dub, layer.exact) == (0, 3, 4)


def test_summary_adds_up():
    layers = [columns.statistics(sparse(shape, seed), 8) for seed, shape in enumerate(SHAPES)]
    total = columns.summary(layers, 8)
    bits = sum(int(layer.dub.sum()) for layer in layers)
    assert total.tiles == sum(total.levels) == columns.tile_count(SHAPES, 8)
    assert total.linear == total.tiles * 3 / bits
    assert total.exact == total.tiles * 4 / sum(int(layer.exact.sum()) for layer in layers)


def test_empty_network_gains_without_bound():
    total = columns.summary([columns.statistics(np.zeros((4, 9), np.float32), 4)], 4)
    assert total.levels == (0, 0, 0, 3) and total.linear == total.exponential == float("inf")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_segments_join_again(shape):
    weight = sparse(shape)
    np.testing.assert_array_equal(columns.joined(columns.segments(weight, 8), shape), weight)


def published_rule(part, tile, threshold, keep_single):
    """What stays of one tile (filters x inputs), in plain steps after D.U.B."""
    bits = int(math.log2(tile)) + 2
    bins = [1 - 2.0**-k for k in range(bits)] + [1.0]
    sparsity = min(sum(abs(w) <= threshold for w in row) / part.shape[1] for row in part)
    index = max(k for k in range(bits) if sparsity >= bins[k])
    if index == bits - 1:
        return np.abs(part) > threshold
    if index == bits - 2 and not keep_single:
        return np.zeros(part.shape, dtype=bool)
    forced = index < bits - 2 and sparsity >= (bins[index] + bins[index + 1]) / 2
    target = bins[index + 1] if forced else bins[index]
    return np.array([np.abs(row) > np.percentile(np.abs(row.astype(np.float64)), 100 * target) for row in part])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("keep_single", [False, True], ids=["tol", "ratio"])
def test_tiles_are_pruned_by_the_published_rule(shape, tile, keep_single):
    for seed, threshold in enumerate([0.0, 0.3, 0.8, 1.3, 1.8, 2.5, 9.0]):
        weight = sparse(shape, seed, kept=0.9)
        mask = tile_mask(weight, tile, threshold, keep_single).reshape(len(weight), -1)
        for i, j, part in tiles_of(weight, tile):
            expected = published_rule(part, tile, threshold, keep_single)
            got = mask[i * tile : (i + 1) * tile, j * tile : (j + 1) * tile]
            np.testing.assert_array_equal(got & (part != 0), expected & (part != 0))


def nearly(zeros, rows=64):
    """One tile of columns with this many small weights each, of 64 rows; magnitudes all differ."""
    weight = np.linspace(1.0, 2.0, rows * len(zeros), dtype=np.float32).reshape(len(zeros), rows)
    for row, count in zip(weight, zeros):
        row[:count] *= 1e-5
    return weight


@pytest.mark.parametrize(
    "zeros, kept",
    [([39, 60], 32), ([41, 41], 16), ([40, 63], 16), ([31, 50], 32), ([15, 64], 63), ([63, 63], 0), ([62, 64], 2)],
)
def test_fullest_column_decides_for_all(zeros, kept):
    """The examples of the published code: 41 of 64 zeros are forced to 48, 39 are loosened to 32."""
    mask = tile_mask(nearly(zeros), 64, 1e-3, keep_single=False)
    assert mask.sum(axis=1).tolist() == [kept, kept]


def test_single_weights_stay_by_ratio():
    weight = nearly([63, 63])
    assert tile_mask(weight, 64, 1e-3, keep_single=True).sum(axis=1).tolist() == [1, 1]
    empty = weight * 1e-4
    assert not tile_mask(empty, 64, 1e-3, keep_single=True).any()


def test_threshold_of_a_ratio_is_the_percentile():
    weight = np.arange(1, 102, dtype=np.float32).reshape(1, 101)
    assert layer_threshold(-weight, 0.25) == 26.0


def test_command_reports_a_bundle(capsys, tmp_path):
    from test_prune_workloads import DIGITS

    table = tmp_path / "tiles.csv"
    assert main(["columns", str(DIGITS / "p90"), "--tile", "32", "--layers", "all", "--csv", str(table)]) == 0
    out = capsys.readouterr().out
    rows = table.read_text().splitlines()
    assert rows[0] == "layer,column_block,row_block,fullest_column,level,bits_dub,bits_exact"
    assert f"ADC bits of {len(rows) - 1} tiles" in out and "conv3" in out and "fc2" in out
    bits = sum(int(row.split(",")[5]) for row in rows[1:])
    assert f"{(len(rows) - 1) * 5 / bits:.3f} times fewer (linear)" in out
    assert main(["columns", str(DIGITS / "p90"), "--csv", str(table)]) == 2
    assert "already exists; delete it" in capsys.readouterr().err
