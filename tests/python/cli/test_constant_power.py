# SPDX-License-Identifier: Apache-2.0
"""A run whose energy is mostly power that the chip draws whatever it does says so, and how to do without."""
import csv
import json

import pytest


@pytest.fixture
def run(squeezebar, repository, tmp_path):
    def run_chip(name, *settings):
        """Runs the digits network on a preset: (folder, summary, what was printed)."""
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        settings = (f"workload.bundle={repository / 'workloads' / 'digits' / 'dense'}", "run.images=1", *settings)
        done = squeezebar("run", repository / "configs" / "chip" / f"{name}.yaml", "-o", folder,
                          *(word for one in settings for word in ("--set", one)))
        assert done.returncode == 0, done.stderr
        return folder, json.loads((folder / "summary.json").read_text()), done.stdout

    return run_chip


def constant_notes(summary):
    return [note for note in summary["notes"] if "is constant power" in note]


def test_links_that_draw_most_of_the_energy_are_told_everywhere(run):
    folder, summary, printed = run("isaac")
    [note] = constant_notes(summary)
    with open(folder / "energy.csv", newline="") as file:
        links = sum(float(row["energy_j"]) for row in csv.DictReader(file) if row["component"] == "chip_link")
    assert note.startswith(f"{100 * links / summary['energy_j']:.2f} % of the energy is constant power")
    assert "component chip_link" in note and "chip_link.count: 0" in note and "configs/chip/isaac_single.yaml" in note
    assert note in printed
    assert note in (folder / "report.html").read_text()


def test_the_single_chip_is_the_chip_without_links(run):
    _, linked, _ = run("isaac")
    _, single, printed = run("isaac_single")
    assert constant_notes(single) == [] and "is constant power" not in printed
    assert single["area_mm2"] == pytest.approx(linked["area_mm2"] - 22.88)
    assert single["energy_j"] == pytest.approx(linked["energy_j"] - 10.4 * linked["latency_s"], rel=1e-6)
    for name in ("latency_s", "accuracy_top1", "adc_conversions", "crossbars", "bit_cycles"):
        assert single[name] == linked[name]


@pytest.mark.parametrize(("share", "is_told"), [(0.49, False), (0.51, True)])
def test_half_of_the_energy_is_the_limit(run, share, is_told):
    _, without, _ = run("isaac_single")
    power = share / (1 - share) * without["energy_j"] / without["latency_s"]
    folder, summary, printed = run("isaac", "chip_link.count=1", f"chip_link.static_power={power} W")
    assert summary["energy_j"] == pytest.approx(without["energy_j"] / (1 - share), rel=1e-6)
    assert len(constant_notes(summary)) == is_told
    assert ("is constant power" in printed) == is_told
    assert ("is constant power" in (folder / "report.html").read_text()) == is_told


def test_leakage_of_idle_tiles_names_the_tiles(run):
    _, summary, _ = run("isaac_single", "adc.leakage_share=0.5")
    [note] = constant_notes(summary)
    assert "component adc" in note and "chip.tiles" in note
    assert constant_notes(run("isaac_single", "adc.leakage_share=0.001", "chip.tiles=5")[1]) == []


def test_a_run_without_energy_has_no_such_note(run):
    assert constant_notes(run("isaac", "run.function=values")[1]) == []
