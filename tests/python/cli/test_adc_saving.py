# SPDX-License-Identifier: Apache-2.0
"""What a resolution for each crossbar saves: `map` and a run agree, with each other and with D.U.B.'s own count."""
import json

import numpy as np
import pytest
import yaml

ACCOUNTINGS = ("exact", "dub")
SMALL = ("--set", "crossbar.rows=32", "--set", "crossbar.columns=32", "--set", "chip.tiles=64")


@pytest.fixture
def saving_of_run(squeezebar, short, tmp_path):
    """Runs `short` with settings: its `adc_saving` and its summary."""
    count = iter(range(100))

    def one(*settings):
        folder = tmp_path / f"run{next(count)}"
        result = squeezebar("run", short, "--set", "run.images=2", *settings, "-o", folder)
        assert result.returncode == 0, result.stderr
        summary = json.loads((folder / "summary.json").read_text())
        return summary["adc_saving"], summary

    return one


def saving_of_map(squeezebar, config, *settings):
    result = squeezebar("map", config, "--json", *settings)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["adc_saving"]


@pytest.mark.parametrize("scheme", ["bit_sliced", "conventional", "operation_units"])
@pytest.mark.parametrize("signs", ["differential", "magnitude"])
def test_map_and_run_agree(squeezebar, short, saving_of_run, scheme, signs):
    settings = (*SMALL, "--set", f"mapping.model={scheme}", "--set", f"mapping.signs={signs}")
    run, summary = saving_of_run(*settings)
    mapped = saving_of_map(squeezebar, short, *settings)
    assert mapped == {key: value for key, value in run.items() if key not in ("conversions_by_bits", "weighted")}
    for accounting in ACCOUNTINGS:
        assert sum(run["crossbars_by_bits"][accounting].values()) == run["crossbars"]
        assert sum(run["conversions_by_bits"][accounting].values()) == summary["adc_conversions"]
    assert run["crossbars"] - run["crossbars_not_allocated"] == summary["crossbars"]["allocated"]["total"]


def test_figures_are_those_of_the_run_that_has_such_adcs(saving_of_run):
    """The saving is found from any run, and is what a run with the resolutions in question really saves."""
    settings = ("--set", "adc.model=isaac", "--set", "adc.reference_bits=8", "--set", "run.function=exact")
    saving, full = saving_of_run("--set", "adc.bits=8", *settings)
    for accounting in ACCOUNTINGS:
        _, own = saving_of_run("--set", "adc.bits=8", "--set", "adc.resolution=per_crossbar", "--set",
                               f"adc.accounting={accounting}", *settings)
        charged = {int(bits): count for bits, count in own["adc_bits_histogram"].items()}
        needed = {max(1, int(bits)): 0 for bits in saving["conversions_by_bits"][accounting]}
        for bits, count in saving["conversions_by_bits"][accounting].items():
            needed[max(1, int(bits))] += count
        assert charged == needed
        if saving["full_bits"][accounting] == 8:
            ratio = full["energy_by_component_j"]["adc"] / own["energy_by_component_j"]["adc"]
            assert saving["weighted"][accounting]["isaac"] == pytest.approx(ratio, rel=1e-12)


def test_the_actual_resolution_changes_no_figure(saving_of_run):
    fixed, _ = saving_of_run("--set", "adc.bits=8")
    each, _ = saving_of_run("--set", "adc.bits=8", "--set", "adc.resolution=per_crossbar", "--set", "adc.accounting=dub")
    assert (fixed.pop("resolution"), fixed.pop("accounting")) == ("fixed", "exact")
    assert (each.pop("resolution"), each.pop("accounting")) == ("per_crossbar", "dub")
    assert fixed == each


def test_unweighted_figures_follow_from_the_histogram(squeezebar, repository, short):
    saving = saving_of_map(squeezebar, short, "--set", f"workload.bundle={repository}/workloads/digits/p90", "--set",
                           "crossbar.rows=16", "--set", "crossbar.columns=8")
    assert saving["crossbars_not_allocated"] > 0 and saving["full_bits"] == {"exact": 5, "dub": 4}
    for accounting in ACCOUNTINGS:
        histogram = {int(bits): count for bits, count in saving["crossbars_by_bits"][accounting].items()}
        full = saving["full_bits"][accounting]
        bits = sum(bits * count for bits, count in histogram.items())
        assert saving["unweighted_bits"][accounting] == pytest.approx(full * saving["crossbars"] / bits, rel=1e-12)
        histogram[0] = histogram.get(0, 0) - saving["crossbars_not_allocated"]
        joules = sum(count * (0.0 if bits > 1 else 1.63e-15) + count * bits * 0.6425e-3 / 1.2e9 / 6 * (bits > 1)
                     for bits, count in histogram.items())
        wanted = saving["crossbars"] * full * 0.6425e-3 / 1.2e9 / 6 / joules
        assert saving["unweighted"][accounting]["linear"] == pytest.approx(wanted, rel=1e-12)


def test_models_without_a_cost_say_why(squeezebar, short):
    settings = (*SMALL, "--set", "adc.model=table", "--set", "adc.bits=8", "--set", "adc.series_bits=[4, 8]", "--set",
                "adc.series_energy=[1 pJ, 2 pJ]", "--set", "adc.series_area=[1 um2, 2 um2]")
    saving = saving_of_map(squeezebar, short, *settings)
    assert "table" not in saving["unweighted"]["exact"] and "4 to 8 bits" in saving["absent"]["table"]
    assert "survey" in saving["extrapolated"] and "linear" not in saving["extrapolated"]
    saving = saving_of_map(squeezebar, short, *settings, "--set", "adc.extrapolate=linear")
    assert "table" in saving["unweighted"]["exact"] and "table" in saving["extrapolated"] and not saving["absent"]


def test_reused_runs_have_the_same_figures(squeezebar, short, tmp_path):
    def run(name, *settings):
        result = squeezebar("run", short, "--set", "run.outputs=false", *settings, "-o", tmp_path / name)
        assert result.returncode == 0, result.stderr
        return json.loads((tmp_path / name / "summary.json").read_text())["adc_saving"]

    first = run("first", "--keep-values", "1 MB")
    assert run("priced", "--reuse", tmp_path / "first", "--set", "buffer.leakage=1 mW") == first
    assert run("timed", "--reuse", tmp_path / "first", "--set", "chip.clock=700 MHz") == first
    scanned = run("scanned", "--reuse", tmp_path / "first", "--set", "adc.scan=mapped")
    assert scanned["conversions_by_bits"] != first["conversions_by_bits"]


def test_reports_show_the_figures(squeezebar, short, tmp_path):
    result = squeezebar("run", short, "--set", "adc.model=survey", "-o", tmp_path / "run")
    assert result.returncode == 0, result.stderr
    assert "configured: fixed" in result.stdout and "ADC bits needed" in result.stdout and "model survey (extrapolated): " in result.stdout
    page = (tmp_path / "run" / "report.html").read_text()
    assert "What a resolution for each crossbar saves" in page and "survey (extrapolated)" in page
    text = squeezebar("map", short).stdout
    assert "as D.U.B. counts" in text and "D.U.B. on the weights of convolutions" in text


def weights_of(folder):
    """Weights by layer, (outputs, inputs), with whether the layer is a convolution."""
    out = {}
    for file in sorted(folder.glob("*.weight.npy")):
        weight = np.load(file)
        out[file.name] = (weight.reshape(len(weight), -1), weight.ndim == 4)
    return out


def dub_by_hand(weights, n):
    """Tiles by level and sum of bits, column by column as the paper's text has it."""
    levels, bits = {}, 0
    for matrix in weights:
        for row in range(0, matrix.shape[1], n):
            for column in range(0, matrix.shape[0], n):
                tile = matrix[column:column + n, row:row + n]
                fullest = max(np.count_nonzero(tile, axis=1))
                level = max(k for k in range(n.bit_length() + 1) if fullest * 2**k <= tile.shape[1])
                levels[level] = levels.get(level, 0) + 1
                bits += 0 if fullest <= 1 else max(0, n.bit_length() - 1 - level)
    return levels, bits


@pytest.mark.parametrize("tile", [8, 32, 128])
@pytest.mark.parametrize("bundle", ["dense", "p90"])
def test_tiles_of_weights(squeezebar, repository, short, bundle, tile):
    folder = repository / "workloads" / "digits" / bundle
    saving = saving_of_map(squeezebar, short, "--set", f"workload.bundle={folder}", "--set", f"crossbar.rows={tile}",
                           "--set", f"crossbar.columns={tile}")["weights"]
    weights = weights_of(folder)
    for part, chosen in (("conv", [w for w, conv in weights.values() if conv]), ("total", [w for w, _ in weights.values()])):
        levels, bits = dub_by_hand(chosen, tile)
        assert {int(k): count for k, count in saving[part]["by_level"].items() if count} == levels
        count = sum(levels.values())
        assert saving[part]["tiles"] == count
        assert saving[part]["linear"] == pytest.approx(count * (tile.bit_length() - 1) / bits, rel=1e-12)


@pytest.mark.parametrize("tile", [8, 32, 128])
def test_tiles_are_those_of_the_front_end(squeezebar, repository, short, tmp_path, monkeypatch, tile):
    """`python3 -m prune columns` counts the same, on a shipped bundle and on one of random masks."""
    monkeypatch.syspath_prepend(repository / "scripts")
    columns = pytest.importorskip("prune.columns")
    for folder in (repository / "workloads" / "digits" / "p70", random_bundle(repository, tmp_path, tile)):
        saving = saving_of_map(squeezebar, short, "--set", f"workload.bundle={folder}", "--set", f"crossbar.rows={tile}",
                               "--set", f"crossbar.columns={tile}")["weights"]
        weights = weights_of(folder)
        for part in ("conv", "total"):
            layers = [columns.statistics(w, tile) for w, conv in weights.values() if conv or part == "total"]
            wanted = columns.summary(layers, tile)
            assert list(saving[part]["by_level"].values()) == list(wanted.levels)
            for figure in ("linear", "exponential", "exact"):
                assert saving[part][figure] == pytest.approx(getattr(wanted, figure), rel=1e-12)


def random_bundle(repository, tmp_path, seed):
    """The digits network with weights removed at random, in each layer another fraction, without samples."""
    import hashlib
    import re
    import shutil

    folder = tmp_path / f"random{seed}"
    shutil.copytree(repository / "workloads" / "digits" / "dense", folder)
    text = (folder / "network.yaml").read_text()
    random = np.random.default_rng(seed)
    for file in sorted(folder.glob("*.weight.npy")):
        weight = np.load(file)
        keep = random.random(weight.shape) < random.choice([0.01, 0.05, 0.3, 0.8])
        np.save(file, (weight * keep).astype(weight.dtype))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        text = re.sub(rf"(file: {re.escape(file.name)}, .*?sha256: )\w+", rf"\g<1>{digest}", text)
    (folder / "network.yaml").write_text(text)
    return folder


def test_a_model_costs_the_same_whichever_model_the_run_has(saving_of_run):
    """Keys of the run's own model (here of 6 bits, which others declare as well) describe that one alone."""
    own_models = ("exponential", "isaac", "linear")
    runs = {own: saving_of_run("--set", f"adc.model={own}", "--set", "adc.leakage_share=0.1") for own in own_models}
    for own, (saving, summary) in runs.items():
        assert summary["energy_by_adc_model_j"][own] == pytest.approx(summary["energy_j"], rel=1e-12)
        for other, (other_saving, other_summary) in runs.items():
            for model in set(summary["energy_by_adc_model_j"]) - {own, other}:
                assert summary["energy_by_adc_model_j"][model] == other_summary["energy_by_adc_model_j"][model]
                for basis in ("unweighted", "weighted"):
                    for accounting in ACCOUNTINGS:
                        assert saving[basis][accounting][model] == other_saving[basis][accounting][model]
    # What the section `adc` says of any ADC holds for all models.
    _, plain = saving_of_run("--set", "adc.model=linear")
    assert all(plain["energy_by_adc_model_j"][model] != energy for model, energy in runs["linear"][1]["energy_by_adc_model_j"].items())


def test_the_report_says_what_one_bit_costs(saving_of_run, tmp_path):
    saving, _ = saving_of_run()
    assert saving["one_bit"]["isaac"] == "sense amplifier" and saving["one_bit"]["schreier"] == "ADC of 2 bits"
    assert "One bit costs as much as: sense amplifier (" in (tmp_path / "run0" / "report.html").read_text()
    saving, _ = saving_of_run("--set", "adc.one_bit=model")
    assert set(saving["one_bit"].values()) == {"ADC of 1 bit"}


def schreier_config(folder, repository, bits):
    base = yaml.safe_load((repository / "configs" / "circuit" / "sme_adc.yaml").read_text())["adc"]
    adc = {key: base[key] for key in ("scan", "per_crossbar", "rate") if key in base} | {"model": "schreier", "bits": bits}
    sections = yaml.safe_load((repository / "configs" / "chip" / "sme.yaml").read_text())
    chip = repository / "configs" / "chip"
    sections["include"] = [str(chip / file) for file in sections["include"] if "sme_adc" not in file]
    sections |= {"version": 1, "adc": adc, "run": {"images": 2}, "workload": {"bundle": str(repository / "workloads" / "digits" / "p70")}}
    sections["chip"] |= {"tiles": 16}
    path = folder / f"schreier{bits}.yaml"
    path.write_text(yaml.safe_dump(sections))
    return path


def test_fewer_bits_never_cost_more_in_a_run(squeezebar, repository, tmp_path):
    energies = []
    for bits in range(1, 13):
        folder = tmp_path / f"bits{bits}"
        result = squeezebar("run", schreier_config(tmp_path, repository, bits), "-o", folder)
        assert result.returncode == 0, result.stderr
        summary = json.loads((folder / "summary.json").read_text())
        energies.append(summary["energy_by_component_j"]["adc"])
        said = any("as much as an ADC of 2 bits of the model 'schreier'" in note for note in summary["notes"])
        assert said == (bits == 1)
    assert energies == sorted(energies) and energies[0] == energies[1] < energies[2]
