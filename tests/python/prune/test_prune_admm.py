# SPDX-License-Identifier: Apache-2.0
"""ADMM fine-tuning: exact patterns, kept masks, and the same bytes whether or not it was interrupted."""
import csv
import io

import numpy as np
import pytest
from prune_samples import defaults, random_data, random_parameters, residual_graph

from prune.admm.projection import Projection, occupied_crossbars
from prune.errors import UserError
from prune.methods import METHODS
from prune.schemes import SCHEMES
from prune.tiles import Tiling
from prune.training_options import TRAINING

ADMM = METHODS.get("admm")
EPOCHS = 5
OPTIONS = defaults(TRAINING, epochs=EPOCHS, batch_size=8, optimiser="sgd", learning_rate=0.05)
SCHEME_OPTIONS = [
    {"scheme": "s_window"},
    {"scheme": "s_window", "window": "2", "bits": "5", "weight_scale": "clip"},
    {"scheme": "s_window", "weight_scale": "learned"},
    {"scheme": "power_of_two"},
    {"scheme": "power_of_two", "weight_scale": "learned"},
    {"scheme": "apot"},
    {"scheme": "apot", "weight_scale": "clip"},
    {"scheme": "uniform"},
]
IDS = ["-".join(given.values()) for given in SCHEME_OPTIONS]


def weight(seed=0, shape=(6, 30)):
    """Heavy tails, as trained weights have them; float32 numbers as float64."""
    return np.random.default_rng(seed).standard_t(4, size=shape).astype(np.float32).astype(np.float64)


def projected_again(values, options):
    """What `quantise` makes of exported weights."""
    return SCHEMES.get(options["scheme"]).project(values.astype(np.float32).astype(np.float64), options)


@pytest.mark.parametrize("given", SCHEME_OPTIONS, ids=IDS)
@pytest.mark.parametrize("row_aware", ["0", "2"])
def test_exported_weights_are_projected_to_themselves(given, row_aware):
    """Also for weights that have moved since the step was fixed, and in float32."""
    options = ADMM.resolve({**given, "row_aware": row_aware, "row_aware_rows": "9", "row_aware_cap": "1"})
    for seed in range(20):
        start = weight(seed)
        projection = Projection(SCHEMES.get(options["scheme"]), options, start, np.ones(start.shape, bool))
        moved = start * np.random.default_rng(seed).uniform(0.6, 1.2, size=start.shape)
        values = projection.final(moved)
        np.testing.assert_allclose(projected_again(values, options).values(), values, rtol=1e-6, atol=0)
        assert np.linalg.norm(values - moved) < (0.3 if row_aware == "0" else 0.8) * np.linalg.norm(moved)


def test_masked_weights_are_projected_to_zero():
    start = weight()
    mask = np.random.default_rng(1).random(start.shape) < 0.5
    for name in SCHEMES.names():
        options = ADMM.resolve({"scheme": name})
        projection = Projection(SCHEMES.get(name), options, start, mask)
        assert not projection.values(start)[~mask].any() and not projection.final(start)[~mask].any()


def test_row_aware_projection_frees_crossbars():
    start = np.clip(weight(3, (64, 512)), -10, 10) / 24  # reaches 0.42
    start.ravel()[[100, 9000, 20368]] = 0.8  # outliers on one row of three of the four crossbars
    counts, ones = [], np.ones(start.shape, bool)
    for row_aware in ("0", "1"):
        options = ADMM.resolve({"row_aware": row_aware, "row_aware_cap": "1"})
        codes = Projection(SCHEMES.get("s_window"), options, start, ones).codes(start)
        counts.append(occupied_crossbars([codes], 8, Tiling(128, 128)))
    assert counts == [31, 28]


def test_options_must_fit():
    options = ADMM.resolve({"settle_epochs": "9"})
    with pytest.raises(UserError, match="--settle-epochs: 9 epochs are more than all 5"):
        ADMM.check(options, OPTIONS)
    with pytest.raises(UserError, match="--window: 3 bits do not fit a magnitude of 2"):
        ADMM.check(ADMM.resolve({"bits": "2"}), OPTIONS)
    with pytest.raises(UserError, match="--window: method admm with scheme uniform has no such option"):
        ADMM.resolve({"scheme": "uniform", "window": "3"})
    with pytest.raises(UserError, match="--sparsity: method admm with scheme s_window has no such option"):
        ADMM.resolve({"sparsity": "0.5"})


torch = pytest.importorskip("torch", reason="training needs PyTorch")
from prune.progress import Progress  # noqa: E402
from prune.training import train  # noqa: E402


def start_parameters(zeros=False):
    parameters = random_parameters(residual_graph(), seed=2)
    if zeros:
        rng = np.random.default_rng(5)
        for name, array in parameters.items():
            if array.ndim > 1:
                array *= rng.random(array.shape) < 0.6
    return parameters


def layer_weights(parameters):
    names = residual_graph().weight_names()
    return {name[: -len(".weight")]: parameters[name] for name in names}


def fine_tune(parameters, progress=None, training=OPTIONS, stop_at=None, **given):
    options = ADMM.resolve(given)
    constraint = ADMM.constraint(ADMM.masks(layer_weights(parameters), options), options)
    if stop_at is not None:
        _interrupt(constraint, stop_at)
    data = random_data((2, 6, 6), samples=40)
    return train(residual_graph(), data, training, parameters, constraint, progress)


def _interrupt(constraint, step):
    """Stops the run, as Ctrl-C does, in the given step."""
    after_step, done = constraint.after_step, [0]

    def interrupted(model):
        after_step(model)
        done[0] += 1
        if done[0] == step:
            raise KeyboardInterrupt

    constraint.after_step = interrupted


def rows(log):
    return list(csv.DictReader(io.StringIO(log)))


@pytest.mark.parametrize("given", SCHEME_OPTIONS, ids=IDS)
def test_trained_weights_are_codes_of_the_scheme(given):
    options = ADMM.resolve(given)
    result = fine_tune(start_parameters(), **given)
    for name, values in layer_weights(result.parameters).items():
        codes = projected_again(values, options)
        np.testing.assert_allclose(codes.values(), values, rtol=1e-6, atol=0, err_msg=name)
        assert codes.codes.any()
    assert float(rows(result.log)[-1]["residual"]) == 0


def test_weights_are_settled_without_settling_epochs_too():
    options = ADMM.resolve({"settle_epochs": "0"})
    result = fine_tune(start_parameters(), settle_epochs="0")
    for values in layer_weights(result.parameters).values():
        np.testing.assert_array_equal(projected_again(values, options).values(), values)


def test_settling_moves_all_but_the_weights():
    training = {**OPTIONS, "epochs": 2}
    start = start_parameters()
    result = fine_tune(start, training=training, settle_epochs="2").parameters
    options = ADMM.resolve({})
    for name, values in layer_weights(result).items():
        codes = projected_again(start[f"{name}.weight"].astype(np.float64), options)
        np.testing.assert_array_equal(codes.values(), values)
    assert all((result[name] != start[name]).any() for name in ("stem_norm.bias", "fc.bias", "b.bias", "a_norm.weight"))


def test_zeros_stay_zero_and_others_move():
    start = start_parameters(zeros=True)
    result = fine_tune(start)
    for name, values in layer_weights(result.parameters).items():
        before = start[f"{name}.weight"]
        assert not values[before == 0].any() and (values[before != 0] != before[before != 0]).any()


def test_a_growing_pull_leads_to_the_scheme():
    training = {**OPTIONS, "epochs": 14}
    log = rows(fine_tune(start_parameters(), training=training, rho="0.1").log)
    residual = [float(row["residual"]) for row in log]
    assert residual[11] < 0.2 * residual[0] and residual[12:] == [0, 0]
    assert [row["rho"] for row in log][:3] == ["0.1", "0.2", "0.4"] and log[-1]["rho"] == ""


def test_rounds_of_several_epochs():
    training = {**OPTIONS, "epochs": 9}
    log = rows(fine_tune(start_parameters(), training=training, round_epochs="2", rho_rounds="2", settle_epochs="1").log)
    assert [row["rho"] for row in log] == [*["0.001"] * 4, *["0.002"] * 4, ""]


def test_log_holds_the_zero_bits_of_each_plane():
    result = fine_tune(start_parameters())
    last = rows(result.log)[-1]
    scheme, options, start = SCHEMES.get("s_window"), ADMM.resolve({}), layer_weights(start_parameters())
    codes = [
        np.abs(scheme.round(w.astype(np.float64), scheme.step(start[name].astype(np.float64), options), options))
        for name, w in layer_weights(result.parameters).items()
    ]
    total = sum(array.size for array in codes)
    for position in range(1, 9):
        ones = sum(int((array >> (8 - position) & 1).sum()) for array in codes)
        assert float(last[f"zeros_{position}"]) == pytest.approx(1 - ones / total, abs=2e-6)
    assert int(last["crossbars"]) == occupied_crossbars(codes, 8, Tiling(128, 128))
    assert list(last)[:4] == ["epoch", "loss", "train_accuracy", "held_out_accuracy"]


def test_exponent_weighting_holds_small_weights_more_firmly():
    from prune.admm.constraint import _by_exponent

    factors = _by_exponent(torch.tensor([0.5, -0.25, 0.75, 0.0, 0.0625]))
    assert (factors / factors[0]).tolist() == [1.0, 2.0, 1.0, 8.0, 8.0] and factors.mean().item() == pytest.approx(1)
    assert _by_exponent(torch.zeros(3)).tolist() == [1.0, 1.0, 1.0]
    plain, weighted = fine_tune(start_parameters()), fine_tune(start_parameters(), weighting="exponent")
    assert plain.log != weighted.log


def test_runs_alike_twice():
    first, second = fine_tune(start_parameters(zeros=True)), fine_tune(start_parameters(zeros=True))
    assert first.log == second.log
    assert all(np.array_equal(first.parameters[name], second.parameters[name]) for name in first.parameters)


# 40 samples in batches of 8 are 5 steps an epoch; the last two of five epochs settle.
@pytest.mark.parametrize("stop_at", [3, 7, 18, 24])
@pytest.mark.parametrize(
    "optimiser, given",
    [("sgd", {}), ("adam", {"weighting": "exponent", "row_aware": "1", "rho": "0.1", "round_epochs": "2"})],
    ids=["sgd", "adam-all-options"],
)
def test_resumed_run_equals_an_uninterrupted_one(tmp_path, stop_at, optimiser, given):
    training = {**OPTIONS, "optimiser": optimiser}
    whole = fine_tune(start_parameters(zeros=True), training=training, **given)
    first = Progress(tmp_path / "out", {"run": 1}, resume=False)
    with pytest.raises(KeyboardInterrupt):
        fine_tune(start_parameters(zeros=True), first, training, stop_at, **given)
    second = Progress(tmp_path / "out", {"run": 1}, resume=True)
    assert (second.load() or {"epoch": 0})["epoch"] == (stop_at - 1) // 5
    resumed = fine_tune(start_parameters(zeros=True), second, training, **given)
    assert resumed.log == whole.log
    assert all(np.array_equal(resumed.parameters[name], whole.parameters[name]) for name in whole.parameters)
