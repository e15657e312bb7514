# SPDX-License-Identifier: Apache-2.0
"""Figures for papers: Axes, sizes, and the same bytes each time."""
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

import results
from results import plot, ticks
from results.cli import main
from results_sweeps import write_sweep

SWEEP_FIGURES = {"accuracy_vs_adc_bits", "energy_vs_adc_bits", "energy_vs_sparsity", "pareto", "sensitivity"}
RUN_FIGURES = {"energy_breakdown", "latency_by_layer", "roofline"}


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("of", ["run", "sweep"])
def test_figures_are_the_same_each_time(of, run_folders, sweep_folder, tmp_path, capsys):
    source = run_folders / "clipped" if of == "run" else sweep_folder
    again = "energy_breakdown" if of == "run" else "pareto"
    assert main(["figures", str(source), "-o", str(tmp_path / "a")]) == 0
    assert main(["figures", str(source), "-o", str(tmp_path / "b"), "--only", again]) == 0
    files = written(tmp_path / "a")
    expected = RUN_FIGURES if of == "run" else SWEEP_FIGURES
    assert set(files) == {f"{name}.{ending}" for name in expected for ending in plot.FORMATS}
    assert {f"{again}.{ending}": files[f"{again}.{ending}"] for ending in plot.FORMATS} == written(tmp_path / "b")
    assert "left out" not in capsys.readouterr().out


def test_pixels_are_those_of_a_column(sweep_folder, tmp_path):
    axes = plot.pareto(results.load_sweep(sweep_folder))
    plot.save(axes, tmp_path / "pareto.png")
    image = Image.open(tmp_path / "pareto.png").convert("L")
    assert image.width == plot.SINGLE * 300
    assert np.asarray(image)[:, [0, -1]].min() == 255, "something reaches the edge"


@pytest.mark.parametrize("name", sorted(SWEEP_FIGURES))
def test_figures_draw_into_given_axes(name, sweep_folder):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert getattr(plot, name)(results.load_sweep(sweep_folder), axes) is axes
    assert isinstance(axes, Axes) and axes.get_xlabel() and (axes.get_ylabel() or name == "sensitivity")


def test_stack_sums_to_the_energy(run_folders):
    run = results.load_run(run_folders / "clipped")
    bars = plot.energy_breakdown(run).patches
    assert sum(bar.get_width() for bar in bars) == pytest.approx(run.summary["energy_j"], rel=1e-9)


def test_band_is_drawn_only_where_there_are_models(tmp_path, sweep_folder):
    from matplotlib.collections import PolyCollection

    def bands(sweep):
        return [part for part in plot.energy_vs_adc_bits(sweep).collections if isinstance(part, PolyCollection)]

    assert len(bands(results.load_sweep(sweep_folder))) == 1
    assert bands(results.load_sweep(write_sweep(tmp_path / "s", adc_models=False))) == []


def test_what_a_folder_lacks_is_left_out_with_a_reason(run_folders, tmp_path, capsys):
    assert main(["figures", str(run_folders / "values"), "-o", str(tmp_path / "f")]) == 0
    assert capsys.readouterr().out.count("left out") == 3
    with pytest.raises(plot.Inapplicable, match="no energies"):
        plot.energy_breakdown(results.load_run(run_folders / "values"))


def test_ticks_whose_labels_would_overlap_are_left_out():
    axes = Figure().subplots()
    for values, kept in (([3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8]), ([0.011, 0.015, 0.016, 0.41], [0.011, 0.41]), ([5], [5])):
        ticks.only(axes.xaxis, values)
        assert [*axes.xaxis.get_majorticklocs()] == kept
