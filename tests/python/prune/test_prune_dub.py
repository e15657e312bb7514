# SPDX-License-Identifier: Apache-2.0
"""D.U.B. and the methods it is compared with: stages, masks, resumption, the short form of the command, mistakes."""
import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from prune_samples import defaults, random_data, random_parameters, residual_graph

from prune import columns
from prune.cli import main
from prune.errors import UserError
from prune.methods import METHODS, alive
from prune.methods.group_lasso import masks_of_groups
from prune.methods.tinyadc import largest_of_segments
from prune.training_options import TRAINING

torch = pytest.importorskip("torch", reason="training needs PyTorch")
from prune import checkpoint, stages  # noqa: E402
from prune.commands.prune import _stages  # noqa: E402
from prune.progress import Progress  # noqa: E402

TRAIN = defaults(TRAINING, epochs=3, batch_size=8, optimiser="sgd", learning_rate=0.05)
QUICK = ["--limit", "100", "--batch-size", "20"]
METHOD_OPTIONS = {
    "dub": {"tile": "4", "lambda_var": "0.1", "lambda_mean": "0.05", "regularise_epochs": "2", "tol": "0.1"},
    "s-dub": {"tile": "4", "lambda_group": "0.1", "tile_epochs": "2", "regularise_epochs": "2", "tol": "0.28"},
    "dub ratio": {"tile": "8", "mode": "ratio", "ratios": "0.6", "regularise_epochs": "2"},
    "group_lasso": {
        "tile": "4",
        "crossbar_groups": "rows",
        "lambda_group": "0.1",
        "regularise_epochs": "2",
        "tol": "0.2",
    },
    "group_lasso ratio": {
        "tile": "8",
        "crossbar_groups": "tiles",
        "regularise_epochs": "2",
        "remove": "levels",
        "ratios": "0.6",
    },
    "tinyadc": {"tile": "8", "column_bits": "2", "regularise_epochs": "2", "rho": "0.1"},
    "n_of_m": {"n": "2", "m": "4"},
    "layer_magnitude": {"ratios": "0.2,0.5,0.8"},
    "bit_slice": {"tol": "0.1"},
}


def method_and_options(name):
    method = METHODS.get({"s-dub": "dub"}.get(name, name.removesuffix(" ratio")))
    return method, method.resolve(METHOD_OPTIONS[name])


class Residual(checkpoint.Checkpoint):
    """A checkpoint of the small residual network, which has no name in the registry."""

    def graph(self):
        return residual_graph()


def source(parameters=None):
    fields = dict.fromkeys(("network", "data", "seed", "method", "options", "commands", "library_versions"))
    return Residual(**fields, parameters=parameters or random_parameters(residual_graph(), seed=2))


def run(folder, name, resume=False, stop_at=None, training=TRAIN):
    """The outcome, and the masks with which each stage started by its name."""
    method, options = method_and_options(name)
    method.check(options, training)
    seen = {}
    progress = Progress(folder / "out", {"run": name}, resume)
    if stop_at is not None:
        _interrupt(progress, stop_at)
    listed = _stages(method, options, training)
    data = random_data((2, 6, 6), samples=40)
    outcome = stages.run(
        listed, source(), data, training, progress, lambda stage, masks: seen.update({stage.name: masks})
    )
    return outcome, seen


def _interrupt(progress, epochs):
    """Stops the run, as Ctrl-C does, when the state of that many epochs is stored."""
    save, done = progress.save, [0]

    def interrupted(state):
        save(state)
        done[0] += 1
        if done[0] == epochs:
            raise KeyboardInterrupt

    progress.save = interrupted


def layers(parameters):
    return source(parameters).weights()


def rows(log):
    return list(csv.DictReader(io.StringIO(log)))


@pytest.mark.parametrize("name", METHOD_OPTIONS)
def test_masks_stay_while_the_rest_is_retrained(tmp_path, name):
    outcome, seen = run(tmp_path, name)
    masks, start = seen["retrain"], layers(source().parameters)
    removed = sum(int((~mask).sum()) for mask in masks.values())
    assert removed > 0 and any(mask.any() for mask in masks.values())
    for layer, weight in layers(outcome.parameters).items():
        assert not weight[~masks[layer]].any(), layer
        assert (weight[masks[layer]] != start[layer][masks[layer]]).all(), layer
    assert masks["fc"].all()


@pytest.mark.parametrize("name", METHOD_OPTIONS)
def test_twice_gives_the_same(tmp_path, name):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    first, second = run(tmp_path / "a", name)[0], run(tmp_path / "b", name)[0]
    assert first.log == second.log
    assert all(np.array_equal(first.parameters[key], second.parameters[key]) for key in first.parameters)


EPOCHS = {"s-dub": 7, "dub": 5, "tinyadc": 5, "bit_slice": 3}


@pytest.mark.parametrize(
    "name, stop_at", [(name, stop) for name, total in EPOCHS.items() for stop in range(1, total + 1)]
)
def test_resumed_run_equals_an_uninterrupted_one(tmp_path, name, stop_at):
    (tmp_path / "whole").mkdir()
    whole = run(tmp_path / "whole", name)[0]
    assert len(rows(whole.log)) == EPOCHS[name]
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, name, stop_at=stop_at)
    resumed = run(tmp_path, name, resume=True)[0]
    assert resumed.log == whole.log
    assert all(np.array_equal(resumed.parameters[key], whole.parameters[key]) for key in whole.parameters)


def test_log_names_the_stages(tmp_path):
    log = rows(run(tmp_path, "s-dub")[0].log)
    assert [(row["stage"], row["epoch"]) for row in log] == [
        *(("tiles", str(epoch)) for epoch in (1, 2)),
        *(("regularise", str(epoch)) for epoch in (1, 2)),
        *(("retrain", str(epoch)) for epoch in (1, 2, 3)),
    ]
    assert all(float(row["penalty"]) > 0 for row in log[:4]) and log[-1]["penalty"] == ""


def test_single_stage_has_the_log_that_it_always_had(tmp_path):
    assert run(tmp_path, "n_of_m")[0].log.splitlines()[0] == "epoch,loss,train_accuracy,held_out_accuracy"


def test_penalty_falls(tmp_path):
    log = rows(run(tmp_path, "dub", training={**TRAIN, "epochs": 1})[0].log)
    assert float(log[1]["penalty"]) < float(log[0]["penalty"])


def test_s_dub_keeps_the_tiles_empty_that_the_group_lasso_emptied(tmp_path):
    outcome, seen = run(tmp_path, "s-dub")
    before, after = seen["regularise"], layers(outcome.parameters)
    empty = sum(int((~mask).sum()) for mask in before.values())
    assert empty > 0 and not any(weight[~before[name]].any() for name, weight in after.items())


def test_dub_is_balanced(tmp_path):
    """Every column of a tile has what its level allows."""
    _, seen = run(tmp_path, "dub ratio")
    for mask in (seen["retrain"][name] for name in ("stem", "a", "b")):
        counts = np.count_nonzero(columns.segments(mask, 8), axis=2)
        assert (counts.max(axis=0) == counts.min(axis=0)).all()


def given(seed=0, shape=(7, 3, 3, 3)):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("groups", ["columns", "rows", "tiles"])
def test_groups_below_the_tolerance_go_as_a_whole(groups):
    weight, tile, tol = given(), 4, 0.9
    options = {"tile": tile, "tol": tol, "crossbar_groups": groups, "layers": "convolutions"}
    mask = masks_of_groups({"conv": weight}, options)["conv"].reshape(7, 27)
    flat, kept = weight.reshape(7, 27), []
    for i in range(0, 7, tile):
        for j in range(0, 27, tile):
            part, stays = flat[i : i + tile, j : j + tile], mask[i : i + tile, j : j + tile]
            pairs = {"columns": zip(part, stays), "rows": zip(part.T, stays.T), "tiles": [(part, stays)]}[groups]
            for group, stay in pairs:
                assert stay.all() == stay.any() == (np.sqrt(np.mean(group.astype(np.float64) ** 2)) > tol)
                kept.append(bool(stay.all()))
    assert any(kept) and not all(kept)


@pytest.mark.parametrize("length, count", [(4, 1), (4, 2), (8, 3), (64, 7), (5, 5)])
def test_largest_of_each_segment_stay(length, count):
    weight = given()
    mask = largest_of_segments(weight, length, count).reshape(7, 27)
    for row, stays in zip(np.abs(weight.reshape(7, 27)), mask):
        for j in range(0, 27, length):
            part, stay = row[j : j + length], stays[j : j + length]
            assert stay.sum() == min(count, part.size) and part[stay].min() >= np.max(part[~stay], initial=0)


def test_equal_weights_stay_in_the_order_of_the_rows():
    mask = largest_of_segments(np.ones((2, 40), np.float32), 20, 3)
    assert mask[:, :3].all() and mask[:, 20:23].all() and mask.sum() == 12


@pytest.mark.parametrize("counting, bound", [("exact", 3), ("dub", 4)])
def test_tinyadc_bounds_every_column(counting, bound):
    method = METHODS.get("tinyadc")
    options = method.resolve({"tile": "16", "column_bits": "2", "counting": counting})
    weight = given(shape=(20, 4, 3, 3))
    layer = columns.statistics(weight * method.masks({"conv": weight}, options)["conv"], 16)
    assert (layer.occupancy == np.array([bound, bound, min(4, bound)])).all()
    assert (layer.exact if counting == "exact" else layer.dub[:, :2]).max() == 2  # the last row block has 4 rows


def test_admm_draws_the_weights_to_the_bound(tmp_path):
    """The residual falls while the pull grows, so less is lost when the bound is enforced."""
    method = METHODS.get("tinyadc")
    listed = _stages(method, method.resolve({**METHOD_OPTIONS["tinyadc"], "regularise_epochs": "12"}), TRAIN)
    progress = Progress(tmp_path / "out", {}, False)
    outcome = stages.run(listed, source(), random_data((2, 6, 6), samples=40), TRAIN, progress, lambda *_: None)
    residual = [float(row["residual"]) for row in rows(outcome.log) if row["stage"] == "admm"]
    assert residual[-1] < 0.2 * residual[0]


def test_ratios_are_by_layer():
    method = METHODS.get("layer_magnitude")
    weights = {name: given(seed, (10, 10, 1, 1)) for seed, name in enumerate("abc")}
    masks = method.masks({**weights, "fc": given(9, (5, 8))}, method.resolve({"ratios": "0.1,0.5,0.93"}))
    assert [int(masks[name].sum()) for name in "abc"] == [90, 50, 7] and masks["fc"].all()


def test_ratios_must_fit_the_layers():
    weights = {name: given() for name in "abc"}
    for name in ("layer_magnitude", "dub"):
        method = METHODS.get(name)
        for ratios, message in (
            ("0.5,0.5", r"2 numbers for 3 layers \(a, b, c\); give one for each, or one for all"),
            ("0.5,1", "0.5,1 is out of range"),
            ("half", "'half' is not a list of numbers"),
            ("nan", "nan is out of range"),
        ):
            mode = {"mode": "ratio"} if name == "dub" else {}
            with pytest.raises(UserError, match=message):
                method.check_weights(weights, method.resolve({"ratios": ratios, **mode}))


def test_alive_is_what_is_not_zero():
    assert alive({"a": np.array([0.0, -1.0])})["a"].tolist() == [False, True]


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dub") / "float"
    assert main(["train", "--epochs", "2", *QUICK, "-o", str(folder)]) == 0
    return folder


def contents(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_short_form_is_the_method_of_prune(digits, tmp_path, capsys):
    own = ["--tile", "32", "--regularise-epochs", "1", "--epochs", "1", *QUICK]
    (tmp_path / "long").mkdir()
    assert main(["dub", str(digits), *own, "-o", str(tmp_path / "d")]) == 0
    text = capsys.readouterr().out
    assert "dub: stage regularise, 1 epochs" in text and "dub: removes" in text and "tiles of 32 x 32 by level" in text
    assert main(["prune", str(digits), "--method", "dub", *own, "-o", str(tmp_path / "long" / "d")]) == 0
    assert contents(tmp_path / "d") == contents(tmp_path / "long" / "d")
    result = checkpoint.load(tmp_path / "d")
    assert result.method == "dub" and set(result.options) == {o.name for o in METHODS.get("dub").options}
    assert "prune prune float --method dub --tile 32 --lambda-var 0.001" in result.commands[-1]
    assert not (tmp_path / "d.training").exists()


MISTAKES = {
    "odd tile": (["dub", "x", "--tile", "48", "-o", "y"], "--tile: 48 is not a power of two; give 32 or 64"),
    "ratios without mode": (["dub", "x", "--ratios", "0.5", "-o", "y"], "give --mode ratio, or leave it out"),
    "mode without ratios": (["dub", "x", "--mode", "ratio", "-o", "y"], "give --ratios, for example 0.8"),
    "option of another method": (
        ["dub", "x", "--sparsity", "0.5", "-o", "y"],
        "unrecognized arguments: --sparsity 0.5",
    ),
    "unknown gate": (["dub", "x", "--gate", "both", "-o", "y"], "--gate: unknown value 'both'"),
    "negative strength": (["dub", "x", "--lambda-var", "-1", "-o", "y"], "--lambda-var: -1 is out of range"),
    "no checkpoint": (["dub", "x", "-o", "y"], "x/checkpoint.json: cannot be read"),
    "no ratios": (["layer_magnitude", "x", "-o", "y"], "--ratios is missing; method layer_magnitude needs it"),
    "more bits than rows": (
        ["tinyadc", "x", "--tile", "8", "--column-bits", "5", "-o", "y"],
        "--column-bits: 5 bits count 31 weights, but a column has 8 rows; give fewer bits or a larger --tile",
    ),
    "more than the group": (["n_of_m", "x", "--n", "9", "--m", "8", "-o", "y"], "--n: 9 weights of 8 cannot stay"),
    "unknown groups": (["group_lasso", "x", "--crossbar-groups", "row", "-o", "y"], "did you mean 'rows'?"),
    "no network of columns": (["columns", "x"], "x: is neither a checkpoint nor a bundle"),
    "ratios of groups": (["group_lasso", "x", "--ratios", "0.5", "-o", "y"], "--ratios: belongs to --remove levels"),
    "odd tile of columns": (["columns", "x", "--tile", "100"], "--tile: 100 is not a power of two; give 64 or 128"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_one_sentence_and_exit_code_2(capsys, tmp_path, monkeypatch, mistake):
    monkeypatch.chdir(tmp_path)
    arguments, message = MISTAKES[mistake]
    assert main(arguments) == 2
    errors = capsys.readouterr().err
    assert ": error: " in errors and errors.count("\n") == 1 and message in errors.replace(": error: ", ": ", 1)
    assert list(tmp_path.iterdir()) == []


def test_ratios_that_do_not_fit_are_told_before_training(digits, tmp_path, capsys):
    command = ["dub", str(digits), "--mode", "ratio", "--ratios", "0.5,0.5", "-o", str(tmp_path / "d")]
    assert main(command) == 2
    assert "2 numbers for 3 layers (conv1, conv2, conv3)" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_regulariser_costs_at_most_half_an_epoch():
    bench = Path(__file__).resolve().parents[2] / "bench" / "regulariser_cost.py"
    done = subprocess.run([sys.executable, str(bench), "--steps", "12"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_methods_have_a_short_form(capsys):
    for name in METHODS.names():
        with pytest.raises(SystemExit) as end:
            main([name, "--help"])
        assert end.value.code == 0 and f"Short for `prune --method {name}`." in capsys.readouterr().out
