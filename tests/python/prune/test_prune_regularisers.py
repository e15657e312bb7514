# SPDX-License-Identifier: Apache-2.0
"""Regularisers: the contract of all, and each against its formula, loops and finite differences."""
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch")
from prune.options import resolve  # noqa: E402
from prune.regularisers import REGULARISERS  # noqa: E402
from prune.regularisers.bit_slice import UNITS, bit_slices  # noqa: E402
from prune.regularisers.column_variance import hoyer_square, one_sided, variance  # noqa: E402
from prune.regularisers.group_lasso import group_squares  # noqa: E402
from prune.segments import columns_of_tiles  # noqa: E402

SHAPES = [(6, 1, 1, 1), (5, 3, 3, 3), (9, 2, 2, 2), (17, 4, 3, 3), (8, 16), (33, 130), (1, 7)]
TILES = [2, 4, 8, 16, 64]


@pytest.fixture(params=REGULARISERS.names())
def regulariser(request):
    return REGULARISERS.get(request.param)


def options(regulariser, **given):
    return resolve(regulariser.options, given, regulariser.name)


def weight(shape, seed=0, dtype=torch.float64):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape)).to(dtype).requires_grad_()


def test_is_described(regulariser):
    assert regulariser.summary.endswith(".") and all(option.doc.endswith(".") for option in regulariser.options)


def test_is_a_finite_scalar_with_a_finite_slope(regulariser):
    for start in (weight((5, 3, 3, 3)), torch.zeros(5, 27, requires_grad=True)):
        penalty = regulariser.penalty([start], options(regulariser))
        penalty.backward()
        assert penalty.shape == () and torch.isfinite(penalty) and torch.isfinite(start.grad).all()


def test_does_not_depend_on_the_layout_in_memory(regulariser):
    planes = weight((5, 6, 3, 3)).detach()
    other = planes.to(memory_format=torch.channels_last)
    assert other.stride() != planes.stride()
    first, second = (regulariser.penalty([w], options(regulariser)) for w in (planes, other))
    assert torch.allclose(first, second, rtol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_hoyer_square_lies_between_one_and_the_number_of_weights(seed):
    rng = np.random.default_rng(seed)
    columns = rng.standard_t(3, size=(50, 64)) * (rng.random((50, 64)) < rng.random((50, 1)))
    columns[:, 0] = 1.0  # none is empty, and none so small that the 1e-6 below shows
    measures = hoyer_square(torch.from_numpy(columns)).numpy()
    counts = (columns != 0).sum(axis=1)
    assert (measures >= 1 - 1e-5).all() and (measures <= counts + 1e-9).all()


def test_hoyer_square_of_equal_weights_is_their_number():
    column = torch.zeros(64, dtype=torch.float64)
    for count in (0, 1, 5, 64):
        column[:count] = -0.5
        assert hoyer_square(column).item() == pytest.approx(count, rel=1e-5)


def slow_columns(weights, tile, padded):
    """The Hoyer-square of the columns of each tile, by loops: a list of lists."""
    tiles = []
    for w in (w.detach().numpy().reshape(len(w), -1) for w in weights):
        for i in range(0, w.shape[0], tile):
            for j in range(0, w.shape[1], tile):
                part = w[i : i + tile, j : j + tile]
                measures = [float(np.abs(c).sum() ** 2 / ((c**2).sum() + 1e-6)) for c in part]
                tiles.append(measures + [0.0] * (tile - len(measures) if padded else 0))
    return tiles


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("missing", ["zero", "ignored"])
def test_variance_of_all_tiles_is_that_of_loops(tile, missing):
    weights = [weight(shape, seed) for seed, shape in enumerate(SHAPES)]
    regulariser = REGULARISERS.get("column_variance")
    given = {"tile": str(tile), "lambda_var": "0.5", "lambda_mean": "0.25", "missing_columns": missing}
    expected = 0.0
    for measures in slow_columns(weights, tile, missing == "zero"):
        expected += 0.5 * (np.var(measures, ddof=1) if len(measures) > 1 else 0.0) + 0.25 * (np.mean(measures) - 1)
    for gate in ("one-sided", "none"):
        penalty = regulariser.penalty(weights, options(regulariser, gate=gate, **given))
        assert penalty.item() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("missing", ["zero", "ignored"])
def test_ungated_slope_is_that_of_finite_differences(missing):
    regulariser = REGULARISERS.get("column_variance")
    settings = options(regulariser, tile="4", gate="none", lambda_mean="0.01", missing_columns=missing)
    start = (weight((6, 2, 3, 1)), weight((3, 5), 1))
    assert torch.autograd.gradcheck(lambda *weights: regulariser.penalty(weights, settings), start)


def test_gate_lets_positive_slopes_through_only():
    measures = torch.tensor([[1.0, 5.0, 9.0, 5.0], [2.0, 2.0, 2.0, 8.0]], dtype=torch.float64, requires_grad=True)
    variance(one_sided(measures)).sum().backward()
    deviation = (measures - measures.mean(1, keepdim=True)).detach()
    assert torch.allclose(measures.grad, (2 * deviation / 3).clamp(min=0))
    assert torch.equal(one_sided(measures), measures)


def test_gated_slope_of_the_weights_is_the_explicit_one():
    """Only columns denser than their tile's mean are pushed: dVar/dH = 2 (H - mean) / (n - 1), the rest is the chain."""
    regulariser, start = REGULARISERS.get("column_variance"), weight((8, 12))
    regulariser.penalty([start], options(regulariser, tile="4", lambda_var="1")).backward()
    expected = np.zeros((8, 12))
    w = start.detach().numpy()
    for i in range(0, 8, 4):
        for j in range(0, 12, 4):
            part = w[i : i + 4, j : j + 4]
            total, squares = np.abs(part).sum(axis=1, keepdims=True), (part**2).sum(axis=1, keepdims=True) + 1e-6
            measures = total**2 / squares
            push = np.maximum(0, 2 * (measures - measures.mean()) / 3)
            slope = 2 * total / squares * np.sign(part) - 2 * total**2 / squares**2 * part
            expected[i : i + 4, j : j + 4] = push * slope
    np.testing.assert_allclose(start.grad.numpy(), expected, rtol=1e-9, atol=1e-12)


def test_mean_is_not_gated():
    """It pushes sparse columns too."""
    regulariser, start = REGULARISERS.get("column_variance"), weight((4, 4))
    regulariser.penalty([start], options(regulariser, tile="4", lambda_var="0", lambda_mean="1")).backward()
    assert (start.grad != 0).any(dim=1).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("tile", TILES)
def test_groups_are_those_of_a_loop(shape, tile):
    start = weight(shape)
    flat = start.detach().numpy().reshape(shape[0], -1)
    blocks = [
        flat[i : i + tile, j : j + tile] for i in range(0, flat.shape[0], tile) for j in range(0, flat.shape[1], tile)
    ]
    sums = {
        "columns": [(column**2).sum() for block in blocks for column in block],
        "rows": [(row**2).sum() for block in blocks for row in block.T],
        "tiles": [(block**2).sum() for block in blocks],
    }
    for groups, expected in sums.items():
        got = group_squares(start, tile, groups).detach().numpy().ravel()
        np.testing.assert_allclose(np.sort(got[got > 0]), np.sort(expected), rtol=1e-12)
        regulariser = REGULARISERS.get("group_lasso")
        settings = options(regulariser, tile=str(tile), crossbar_groups=groups, lambda_group="2")
        assert regulariser.penalty([start], settings).item() == pytest.approx(2 * np.sqrt(expected).sum())


def test_group_lasso_slope_is_that_of_finite_differences():
    regulariser = REGULARISERS.get("group_lasso")
    for groups in ("columns", "rows", "tiles"):
        settings = options(regulariser, tile="4", crossbar_groups=groups)
        assert torch.autograd.gradcheck(lambda w: regulariser.penalty([w], settings), (weight((5, 3, 2, 1)),))


def test_bit_slices_are_the_digits_of_the_codes():
    start = weight((7, 30), dtype=torch.float32)
    scale = 2.0 ** np.ceil(np.log2(start.detach().abs().max().item()))
    codes = np.minimum(np.rint(np.abs(start.detach().numpy()) / scale * 256), 255).astype(int)
    slices = bit_slices(start)
    for position, part in enumerate(slices):
        np.testing.assert_array_equal(part.detach().numpy(), codes >> (6 - 2 * position) & 3)
    assert UNITS == (64, 16, 4, 1)


def test_bit_slice_slope_is_the_published_one():
    """1/64 + 1/16 + 1/4 + 1 for each weight, over the number of slices."""
    start = torch.tensor([[0.3, -0.4, 0.9]], dtype=torch.float64, requires_grad=True)
    regulariser = REGULARISERS.get("bit_slice")
    regulariser.penalty([start], options(regulariser, alpha="1")).backward()
    slope = (1 / 64 + 1 / 16 + 1 / 4 + 1) * 256 / 12
    assert start.grad.tolist()[0] == pytest.approx([slope, -slope, slope])


def test_columns_keep_the_order_of_the_crossbar_rows():
    """Row (channel x kernel height + i) x kernel width + j; a tile holds consecutive ones."""
    order = torch.arange(2 * 3 * 2 * 2, dtype=torch.float64).reshape(2, 3, 2, 2)
    first = columns_of_tiles([order], 4, lambda column: column[..., 0])
    assert first[:, :2].tolist() == [[0, 12], [4, 16], [8, 20]] and not first[:, 2:].any()
