# SPDX-License-Identifier: Apache-2.0
"""Bundles of shapes: what the simulator draws, against the NumPy reference, and what it says about it."""
import json
import shutil

import numpy as np
import pytest
import yaml

import network as nw
import synthetic as sy

SIGNED = {"bits": 8, "signed": True, "scale": 1.0, "zero_point": -5, "min": -128, "max": 127}
UNSIGNED = {"bits": 8, "signed": False, "scale": 1.0, "zero_point": 0, "min": 0, "max": 255}
LOGITS = {"bits": 16, "signed": True, "scale": 1.0, "zero_point": 0, "min": -32768, "max": 32767}
CASES = {
    "t4": ({"distribution": "student_t", "degrees_of_freedom": 4, "scheme": "s_window", "window": 3}, "uniform"),
    "t2.5": ({"distribution": "student_t", "degrees_of_freedom": 2.5, "scheme": "uniform", "seed": 7}, "half_normal"),
    "gaussian": ({"distribution": "gaussian", "scheme": "s_window", "window": 2, "seed": 0}, "uniform"),
    "laplace": ({"distribution": "laplace", "scheme": "uniform", "seed": 2**40, "inputs": "half_normal"}, "half_normal"),
}


def conv(name, source, weight, stride, padding, output):
    return {"name": name, "op": "conv2d", "inputs": [source], "magnitude_bits": 8, "weight": {"shape": weight},
            "attributes": {"stride": [stride] * 2, "padding": [padding] * 4}, "output": output}


def description(synthetic):
    """A strided residual block whose shortcut has no weights, and logits."""
    return {
        "format": "squeezebar-bundle", "version": 1, "name": "shapes",
        "input": {"name": "image", "shape": [5, 9, 7], "bits": 8, "signed": True, "scale": 1.0, "zero_point": -3},
        "output": "fc", "synthetic": synthetic,
        "layers": [
            conv("conv1", "image", [20, 5, 3, 3], 1, 1, UNSIGNED),
            conv("conv2", "conv1", [32, 20, 3, 3], 2, 1, SIGNED),
            {"name": "short", "op": "subsample", "inputs": ["conv1"],
             "attributes": {"stride": [2, 2], "channel_padding": [4, 8]}, "output": UNSIGNED},
            {"name": "sum", "op": "add", "inputs": ["conv2", "short"], "attributes": {"multipliers": [1.5, 0.5]},
             "output": UNSIGNED},
            {"name": "fc", "op": "linear", "inputs": ["sum"], "magnitude_bits": 6, "weight": {"shape": [11, 640]},
             "output": LOGITS},
        ],
    }


@pytest.fixture
def shapes(repository, tmp_path):
    """Writes a bundle of shapes and a config for it; returns the config."""

    def write(synthetic, **sections):
        folder = tmp_path / "bundle"
        folder.mkdir(exist_ok=True)
        (folder / "network.yaml").write_text(yaml.safe_dump(description(synthetic)))
        (folder / "provenance.yaml").write_text("source: made by hand\nfloat_accuracy_top1: 0.9\n")
        base = repository / "configs" / "examples" / "digits_sme_lossless.yaml"
        config = {"version": 1, "include": [str(base)], "workload": {"bundle": "bundle"},
                  "run": {"images": 3, "outputs": True}}
        for section, values in sections.items():
            config[section] = config.get(section, {}) | values
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(config))
        return path

    return write


def test_philox_known_answer():
    """kat_vectors of Random123, philox4x32 with 10 rounds."""
    wanted = [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
    counter, key = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0]
    assert sy.philox(counter, key).tolist() == wanted


@pytest.mark.parametrize("name", CASES)
def test_drawn_network(squeezebar, shapes, tmp_path, name):
    synthetic, inputs = CASES[name]
    override = {} if synthetic.get("inputs", "uniform") == inputs else {"inputs": inputs}
    config = shapes(synthetic, run={"seed": 5}, workload=override)
    result = squeezebar("run", config, "-o", tmp_path / "run")
    assert result.returncode == 0, result.stderr
    network, drawn = sy.read_shapes(tmp_path / "bundle", run_seed=5, count=3, drawn_inputs=inputs)
    wanted = nw.integer_reference(network, drawn)["fc"].reshape(3, -1)
    assert len(np.unique(wanted)) > 20
    assert np.array_equal(np.load(tmp_path / "run" / "outputs" / "fc.npy").reshape(3, -1), wanted)


def test_every_report_says_synthetic(squeezebar, shapes, tmp_path):
    config = shapes(CASES["t4"][0])
    result = squeezebar("run", config, "-o", tmp_path / "run")
    assert "shapes (synthetic), 3 images" in result.stdout
    assert "synthetic: weights drawn from student_t (4 degrees of freedom)" in result.stdout
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert [part.split()[0] for part in summary["synthetic"]] == ["weights", "inputs"]
    assert sum(note.startswith("synthetic: ") for note in summary["notes"]) == 2
    assert [summary[f"accuracy_{kind}top1"] for kind in ("", "reference_", "float_")] == [None] * 3
    assert "synthetic: weights drawn" in (tmp_path / "run" / "report.html").read_text()
    for command in ("check", "map"):
        assert "synthetic: weights drawn from student_t" in squeezebar(command, config).stdout
        assert len(json.loads(squeezebar(command, config, "--json").stdout)["synthetic"]) == 2


def test_runs_repeat_and_seeds_differ(squeezebar, shapes, tmp_path):
    config = shapes(CASES["t4"][0])
    for name, options in {"a": [], "b": ["--set", "run.threads=2"], "c": ["--set", "run.seed=2"]}.items():
        assert squeezebar("run", config, "-o", tmp_path / name, *options).returncode == 0
    a, b, c = ((tmp_path / name / "outputs" / "fc.npy").read_bytes() for name in "abc")
    assert a == b != c


def test_one_image_unless_told(squeezebar, shapes):
    config = shapes(CASES["t4"][0], run={"images": 0})
    assert json.loads(squeezebar("check", config, "--json").stdout)["images"] == 1
    assert "1 image to draw" in squeezebar("check", config).stdout


@pytest.fixture
def unsampled(repository, tmp_path):
    """A config for the digits network without its samples."""
    source = repository / "workloads" / "digits" / "p70"
    text = (source / "network.yaml").read_text()
    folder = tmp_path / "bundle"
    folder.mkdir()
    for path in source.glob("*.npy"):
        if path.stem not in ("inputs", "labels"):
            (folder / path.name).write_bytes(path.read_bytes())
    network = yaml.safe_load(text)
    del network["samples"], network["expected"]
    (folder / "network.yaml").write_text(yaml.safe_dump(network))
    (folder / "provenance.yaml").write_bytes((source / "provenance.yaml").read_bytes())
    path = tmp_path / "config.yaml"
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    path.write_text(f"version: 1\ninclude: [{base}]\nworkload: {{bundle: bundle}}\n")
    return path


def test_weights_without_samples(squeezebar, unsampled, tmp_path):
    for command in ("map", "check"):
        assert squeezebar(command, unsampled).returncode == 0
    assert "no images" in squeezebar("check", unsampled).stdout
    result = squeezebar("run", unsampled, "-o", tmp_path / "run")
    assert result.returncode == 2
    assert "config.yaml:3:20: error: workload.bundle: 'digits-p70' has no images to run; export it with samples, or " \
           "draw synthetic ones with workload.inputs: uniform" in result.stderr
    assert not (tmp_path / "run").exists()


def test_images_drawn_for_real_weights(squeezebar, unsampled, tmp_path):
    result = squeezebar("run", unsampled, "-o", tmp_path / "run", "--set", "workload.inputs=uniform", "--set",
                        "run.images=2")
    assert result.returncode == 0, result.stderr
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["synthetic"] == ["inputs drawn from uniform codes"]
    assert summary["accuracy_top1"] is None and summary["accuracy_float_top1"] is None


@pytest.fixture
def float_accuracy(squeezebar, repository, tmp_path):
    """The float accuracy in the results of the digits network with these lines in its provenance.yaml."""
    bundle = tmp_path / "bundle"
    shutil.copytree(repository / "workloads" / "digits" / "p70", bundle)
    base = repository / "configs" / "examples" / "digits_sme.yaml"

    def run(provenance, first=0, images=0, *options):
        (bundle / "provenance.yaml").write_text(provenance)
        given = {"workload.bundle": bundle, "run.images": images, "run.first_image": first, "run.function": "values"}
        settings = [word for key, value in given.items() for word in ("--set", f"{key}={value}")]
        result = squeezebar("run", base, "-o", tmp_path / "run", "--force", *settings, *options)
        assert result.returncode == 0, result.stderr
        summary = json.loads((tmp_path / "run" / "summary.json").read_text())
        assert summary["accuracy_top1"] is not None
        accuracy = summary["accuracy_float_top1"]
        assert ("floating point" in result.stdout) == (accuracy is not None)
        return accuracy

    return run


def test_float_accuracy_is_of_the_same_images_or_not_shown(float_accuracy):
    of_all = "float_accuracy_top1: 0.9\n"
    assert float_accuracy(of_all) == 0.9 and float_accuracy(of_all, 0, 5) is None
    of_others = of_all + "accuracy_images: 10000\n"
    assert float_accuracy(of_others) is None  # all samples of the bundle, but not all that were measured
    of_each = of_others + "float_wrong: [1, 3, 7, 9000]\n"
    assert float_accuracy(of_each) == 596 / 599
    assert float_accuracy(of_each, 0, 5) == 3 / 5 and float_accuracy(of_each, 4, 4) == 3 / 4


def test_float_accuracy_of_reused_activity_is_that_of_the_bundle(float_accuracy, tmp_path):
    assert float_accuracy("source: none\n", 0, 5, "--set", "run.function=exact") is None
    (tmp_path / "run").rename(tmp_path / "first")
    reused = ("--set", "run.function=exact", "--reuse", tmp_path / "first")
    assert float_accuracy("accuracy_images: 5\nfloat_wrong: [1]\n", 0, 5, *reused) == 0.8


def test_digits_bundles_know_the_float_network_on_every_sample(squeezebar, repository, tmp_path):
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    options = ["--set", "run.images=7", "--set", "run.function=values"]
    assert squeezebar("run", base, "-o", tmp_path / "run", *options).returncode == 0
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["accuracy_float_top1"] == 1.0
