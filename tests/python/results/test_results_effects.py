# SPDX-License-Identifier: Apache-2.0
"""Main effects, the spread over ADC models, and limits of layers, on cases worked out by hand."""
import dataclasses
import json

import pandas as pd
import pytest

import results
from results import choice, roofline, sensitivity, spread, units


def small_sweep(table):
    """A Sweep of a table; columns a and b are axes, the others metrics."""
    table = pd.DataFrame(table).assign(status="done")
    columns = {name: results.Column(name, "axis" if name in "ab" else "metric") for name in table if name != "status"}
    return results.Sweep("x", {}, table, columns)


def test_main_effect_is_the_range_of_means():
    sweep = small_sweep({"a": [1, 1, 2, 2, 3, 3], "b": ["x", "y"] * 3, "energy_j": [1.0, 3.0, 5.0, 7.0, 2.0, 4.0]})
    effects = sensitivity.main_effects(sweep, "energy_j")
    assert [*effects.index] == ["a", "b"]
    assert effects.loc["a"].tolist() == [4.0, 1, 2]
    assert effects.loc["b"].tolist() == [pytest.approx(2.0), "x", "y"]


def test_points_without_the_metric_take_no_part():
    sweep = small_sweep({"a": [1, 1, 2, 3], "b": [1, 1, 1, 1], "energy_j": [1.0, float("nan"), 5.0, float("nan")]})
    effects = sensitivity.main_effects(sweep, "energy_j")
    assert effects["effect"].to_dict() == {"a": 4.0}


def test_sampled_axis_is_cut_into_ranges():
    sweep = small_sweep(
        {"a": [float(place) for place in range(40)], "energy_j": [float(place // 4) for place in range(40)]}
    )
    effects = sensitivity.main_effects(sweep, "energy_j")
    assert effects.loc["a"].tolist() == [9.0, "0 to 3", "36 to 39"]


def test_equal_values_stay_in_one_range():
    values = [1.0] * 30 + [float(place) for place in range(2, 32)]
    sweep = small_sweep({"a": values, "energy_j": [0.0] * 30 + [6.0] * 30})
    assert sensitivity.main_effects(sweep, "energy_j").loc["a"].tolist()[:2] == [6.0, "1 to 1"]


def test_band_reaches_over_the_models():
    sweep = small_sweep(
        {
            "a": [1, 1, 2],
            "energy_j": [2.0, 4.0, 6.0],
            "energy_per_image_j": [1.0, 2.0, 3.0],
            "energy_by_adc_model_j.p": [1.0, 3.0, 9.0],
            "energy_by_adc_model_j.q": [3.0, 7.0, 5.0],
        }
    )
    total = spread.band(sweep, "energy_j", "a")
    assert total.loc[1].tolist() == [3.0, 2.0, 5.0]
    assert total.loc[2].tolist() == [6.0, 5.0, 9.0]
    assert spread.band(sweep, "energy_per_image_j", "a").loc[1].tolist() == [1.5, 1.0, 2.5]
    plain = dataclasses.replace(sweep, columns={name: c for name, c in sweep.columns.items() if "by_adc_model" not in name})
    assert [*spread.band(plain, "energy_j", "a")] == ["mean"]


def test_latency_is_of_the_first_image_where_numbers_of_images_differ():
    table = {"a": [1, 2], "latency_s": [1.0, 2.0], "latency_first_image_s": [0.1, 0.2], "images": [5, 5]}
    assert choice.latency(small_sweep(table)) == "latency_s"
    assert choice.latency(small_sweep(table | {"images": [5, 10]})) == "latency_first_image_s"


def test_layers_stay_below_their_limits(run_folders):
    run = results.load_run(run_folders / "clipped")
    layers = roofline.layers(run)
    assert layers["ops"].sum() == run.summary["ops"]
    assert (layers["rate"] <= layers["limit"] * (1 + 1e-12)).all()
    noc = run.energy[(run.energy["component"] == "noc") & (run.energy["layer"] == "conv2")]["count"].sum()
    row = run.layers.set_index("layer").loc["conv2"]
    assert layers.at["conv2", "intensity"] == 2 * row["rows"] * row["columns"] * row["waves"] / noc
    states = [
        name for name in row.index if name.endswith("_cycles") and name.split("_")[0] in ("busy", "idle", "stall")
    ]
    assert len(states) == 5
    lanes = sum(row[name] for name in states) / run.summary["cycles"]
    always_busy = layers.at["conv2", "ops"] / (row["busy_cycles"] / lanes / run.summary["clock_hz"])
    assert layers.at["conv2", "limit"] == pytest.approx(always_busy)


def test_a_slow_link_is_the_limit(run_folders):
    run = results.load_run(run_folders / "clipped")
    assert roofline.bandwidth(run) == 4e9
    slow = dataclasses.replace(run, config=run.config | {"noc.bandwidth": results.Setting("1 KB/s", "", "")})
    layers = roofline.layers(slow)
    assert set(layers["bound"]) == {"link"}
    assert layers["limit"].tolist() == pytest.approx((layers["intensity"] * 1000).tolist())
    ideal = dataclasses.replace(run, config=run.config | {"noc.model": results.Setting("ideal", "", "")})
    assert roofline.bandwidth(ideal) is None and set(roofline.layers(ideal)["bound"]) == {"lanes"}


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (3.4580e-6, "J", "3.458 µJ"),
        (0.0, "J", "0 J"),
        (999.99e3, "J", "1 MJ"),
        (1.5, "", "1.5"),
        (2_080_000_000, "", "2.08 G"),
        (0.25, "", "0.25"),
        (1.825, "mm²", "1.825 mm²"),
        (None, "J", "–"),
        (float("nan"), "s", "–"),
        (1e-18, "J", "1 aJ"),
    ],
)
def test_numbers_as_text(value, unit, text):
    assert units.si(value, unit) == text


def test_bandwidths_are_read_in_every_unit_that_the_program_writes(squeezebar):
    known = json.loads(squeezebar("list", "units", "--json").stdout)["units"]
    written = {name: size for name, size in known.items() if size.endswith(" B/s") and "i" not in name}
    assert len(written) == 4
    for name, size in written.items():
        base, exponent = size.split()[0].split("^")
        assert units.bandwidth(f"3 {name}") == 3 * int(base) ** int(exponent)
    assert units.bandwidth("3 Hz") is None
