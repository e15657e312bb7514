# SPDX-License-Identifier: Apache-2.0
"""Prices follow the sizes that they were given for, from the config to every file of a run."""
import csv
import json
import re

import pytest

SIZES = [32, 64, 128, 256, 512]


@pytest.fixture
def lossless(repository, tmp_path):
    """The digits network with ADCs that clip nothing, on a chip with room for small crossbars."""

    def write(size):
        path = tmp_path / f"lossless{size}.yaml"
        base = repository / "configs" / "examples" / "digits_sme.yaml"
        path.write_text(
            f"version: 1\ninclude: [{base}]\nrun: {{images: 1}}\nadc: {{resolution: lossless}}\nchip: {{tiles: 64}}\n"
            f"crossbar: {{rows: {size}, columns: {size}}}\n"
        )
        return path

    return write


@pytest.fixture
def run_one(squeezebar, tmp_path):
    def run(config, *settings):
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        options = [word for setting in settings for word in ("--set", setting)]
        done = squeezebar("run", config, "-o", folder, *options)
        assert done.returncode == 0, done.stderr
        return folder, json.loads((folder / "summary.json").read_text()), done.stdout

    return run


def energy_per_read(folder):
    with open(folder / "energy.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["component"] == "crossbar"]
    return sum(float(row["energy_j"]) for row in rows) / sum(int(row["count"]) for row in rows)


def test_energy_per_read_and_area_follow_the_size_of_a_crossbar(run_one, lossless):
    found = {}
    for size in SIZES:
        folder, summary, _ = run_one(lossless(size))
        areas = summary["area_by_component_mm2"]
        found[size] = energy_per_read(folder), areas["crossbar"], areas["mux"], areas["dac"], areas["sample_hold"]
    for size, (energy, array, mux, dac, sample_hold) in found.items():
        cells, lines = (size / 128) ** 2, size / 128
        energy_128, array_128, mux_128, dac_128, sample_hold_128 = found[128]
        assert energy == pytest.approx(energy_128 * cells, rel=1e-12)
        assert array == pytest.approx(array_128 * cells, rel=1e-12)
        assert mux == pytest.approx(mux_128 * lines, rel=1e-12)
        assert dac == pytest.approx(dac_128 * lines, rel=1e-12)
        assert sample_hold == pytest.approx(sample_hold_128 * lines, rel=1e-12)
    assert found[128][0] == pytest.approx(17.33333e-12, rel=1e-12)


def test_a_resolved_config_keeps_what_was_given_and_gives_the_same(run_one, lossless):
    folder, summary, _ = run_one(lossless(64))
    text = (folder / "resolved.yaml").read_text()
    assert re.search(r"energy_per_read: 17.33333 pJ  # .*; scaled to 4.3333325 pJ by crossbar.rows 128 -> 64, ", text)
    assert re.search(r"  cost_rows: 128  # ", text)
    assert re.search(r"\n  energy_per_sample: 58.33333 fJ  # [^;]*\n", text)  # does not follow the columns
    again, summary_again, _ = run_one(folder / "resolved.yaml")
    for name in ("energy.csv", "layers.csv"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    assert summary_again == summary
    strip = re.compile(r"  # .*")
    assert strip.sub("", (again / "resolved.yaml").read_text()) == strip.sub("", text)


def test_what_was_scaled_is_said_wherever_figures_are_read(run_one, squeezebar, lossless):
    config = lossless(64)
    note = (
        "prices scaled to size: crossbar x 0.25 (crossbar.rows 128 -> 64, crossbar.columns 128 -> 64); "
        "mux x 0.5 (crossbar.columns / mux.per_crossbar 128 -> 64; an assumption)"
    )
    folder, summary, text = run_one(config)
    assert summary["notes"] == [note]
    assert note in re.sub(r"\s+", " ", text)
    assert note.replace(">", "&gt;") in (folder / "report.html").read_text()
    checked = squeezebar("check", config, "--json")
    assert json.loads(checked.stdout)["notes"] == [note]
    assert f"note: {note}\n" in squeezebar("check", config).stdout
    assert json.loads(squeezebar("check", lossless(128), "--json").stdout)["notes"] == []


def test_the_rules_explain_themselves(squeezebar):
    listed = json.loads(squeezebar("list", "costs", "--json").stdout)["costs"]
    assert "in proportion to crossbar.rows x crossbar.columns" in listed["crossbar"]
    assert "assumption" not in listed["crossbar"]
    for section in ("mux", "buffer", "input_register", "output_register", "tile_register", "noc", "zero_detect"):
        assert "(assumption: " in listed[section]
    for section, sentence in listed.items():
        assert f"\nPrice: {sentence}\n" in squeezebar("explain", section).stdout
    shown = squeezebar("explain", "mux.area", "--config", "configs/examples/digits_sme.yaml", "--set", "crossbar.columns=64")
    assert "scaled to 264.375 um2 by crossbar.columns / mux.per_crossbar 128 -> 64" in shown.stdout


def test_prices_that_do_not_follow_the_config_are_noted_once(run_one, lossless):
    _, summary, _ = run_one(lossless(128), "cell.bits=2", "technology.node=22 nm", "dac.bits=2")
    (note,) = summary["notes"]
    assert note.startswith("prices that do not follow the config: crossbar is priced for cell.bits 1, not 2; dac is priced for dac.bits 1, not 2; ")
    assert note.endswith("are priced for a technology.node of 32 nm, not 22 nm")


def test_crossbars_of_32_cost_what_was_computed_by_hand(run_one, repository, tmp_path):
    """A sixteenth of SME's crossbar and a quarter of its multiplexer, written out as an author's own prices."""
    papers = repository / "configs" / "papers" / "dub"
    common = (
        f"version: 1\ninclude: [{repository}/configs/chip/sme.yaml, {papers}/crossbars_32.yaml]\nrun: {{images: 1}}\n"
        f"workload: {{bundle: {repository}/workloads/digits/p70}}\n"
    )
    scaled, by_hand = tmp_path / "scaled.yaml", tmp_path / "by_hand.yaml"
    scaled.write_text(common)
    by_hand.write_text(
        common + "crossbar: {energy_per_read: 1.083333 pJ, power: 10.15625 uW, area: 15.859375 um2, cost_rows: 32, cost_columns: 32}\n"
        "mux: {power: 17.5 uW, area: 132.1875 um2, cost_columns: 32}\n"
    )
    _, ours, _ = run_one(scaled)
    _, theirs, _ = run_one(by_hand)
    assert theirs["notes"] == []
    for key in ("energy_j", "area_mm2", "power_w", "tops_per_w", "energy_by_component_j", "area_by_component_mm2", "peak"):
        assert ours[key] == pytest.approx(theirs[key], rel=1e-6, abs=0)
    for key in ("cycles", "adc_conversions", "accuracy_top1", "crossbars"):
        assert ours[key] == theirs[key]
