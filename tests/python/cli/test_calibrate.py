# SPDX-License-Identifier: Apache-2.0
"""`calibrate` counts column sums; `adc.range: calibrated` takes its steps from them, and from no others."""
import hashlib
import json
import shutil

import numpy as np
import pytest
import yaml

SAMPLES = "4"


def files_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def config(short):
    """A config of eight images that names a calibration beside it."""
    path = short.with_name("calibrated.yaml")
    path.write_text(f"version: 1\ninclude: [{short.name}]\nadc: {{bits: 4, range: calibrated, calibration: sums}}\n")
    return path


@pytest.fixture
def calibrate(squeezebar, config):
    def make(*arguments, images=SAMPLES):
        result = squeezebar("calibrate", config, "--images", images, *arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    return make


@pytest.fixture
def run(squeezebar, config, tmp_path):
    count = iter(range(100))

    def one(*settings, of=config):
        folder = tmp_path / f"run{next(count)}"
        result = squeezebar("run", of, *(f"--set={setting}" for setting in settings), "-o", folder)
        assert result.returncode == 0, result.stderr
        return json.loads((folder / "summary.json").read_text()), np.load(next((folder / "outputs").iterdir())), folder

    return one


def refusal(squeezebar, *arguments):
    result = squeezebar(*arguments)
    assert result.returncode == 2 and result.stdout == ""
    return result.stderr


def test_the_same_bytes_with_any_threads_and_whatever_the_adcs_are(calibrate, config, tmp_path):
    calibrate()
    first = files_of(config.parent / "sums")
    assert "calibration.yaml" in first and len(first) > 2
    for number, setting in enumerate(["run.threads=2", "run.threads=5", "adc.bits=9", "adc.range=full", "adc.scan=occupied",
                                      "adc.resolution=per_crossbar", "row_pipeline.input_zero_skip=true", "chip.tiles=1"]):
        calibrate("--set", setting, "-o", tmp_path / str(number))
        assert files_of(tmp_path / str(number)) == first, setting
    calibrate("--set", "run.threads=3", "-o", config.parent / "sums")  # an older one is replaced
    assert files_of(config.parent / "sums") == first


def test_what_is_stored_adds_up(calibrate, config, tmp_path):
    told = json.loads(calibrate("--json", "-o", tmp_path / "sums"))
    stored = yaml.safe_load((tmp_path / "sums" / "calibration.yaml").read_text())
    assert told["images"] == stored["images"] == int(SAMPLES) and told["folder"] == str(tmp_path / "sums")
    counts = [np.load(tmp_path / "sums" / layer["histograms"]["file"]) for layer in stored["layers"]]
    assert told["crossbars"] == sum(map(len, counts)) and told["sums"] == sum(int(one.sum()) for one in counts)


def test_images_that_calibrated_are_told_unless_they_are_left_out(calibrate, run, tmp_path):
    calibrate("--set", "run.first_image=3")  # images 3 to 6
    told = [note for note in run()[0]["notes"] if note.startswith("not held out")]
    assert told == ["not held out: 4 of the 8 images also calibrated the ADCs"]
    told = [note for note in run("run.first_image=5", "run.images=20")[0]["notes"] if note.startswith("not held out")]
    assert told == ["not held out: 2 of the 20 images also calibrated the ADCs"]
    for setting in ("run.images=3", "run.first_image=7"):
        assert not any(note.startswith("not held out") for note in run(setting)[0]["notes"])


def test_calibrations_with_other_images_differ(calibrate, config, tmp_path):
    calibrate("-o", tmp_path / "first")
    calibrate("-o", tmp_path / "later", "--set", "run.first_image=4")
    calibrate("-o", tmp_path / "both", images="8")
    first, later, both = (files_of(tmp_path / name) for name in ("first", "later", "both"))
    arrays = [name for name in first if name.endswith(".npy")]
    assert any(first[name] != later[name] for name in arrays)
    for name in arrays:
        parts = [np.load(tmp_path / folder / name).sum(axis=0) for folder in ("first", "later")]
        length = max(map(len, parts))
        total = sum(np.pad(part, (0, length - len(part))) for part in parts)
        assert np.array_equal(np.trim_zeros(total, "b"), np.trim_zeros(np.load(tmp_path / "both" / name).sum(axis=0), "b"))


def test_enough_bits_lose_nothing(calibrate, run, short):
    calibrate()
    wanted = run("adc.resolution=lossless", of=short)[1]
    for by in ("percentile", "least_error"):
        for per in ("layer", "column_block", "crossbar"):
            summary, outputs, _ = run("adc.bits=9", f"adc.calibrate_by={by}", "adc.percentile=100", f"adc.calibrate_per={per}")
            assert np.array_equal(outputs, wanted) and summary["adc_clipped"] == 0


def test_a_percentile_decides_how_many_are_clipped(calibrate, run):
    calibrate()
    clipped = [run("adc.bits=3", "adc.calibrate_by=percentile", f"adc.percentile={p}")[0]["adc_clipped"] for p in (50, 99, 100)]
    assert clipped[0] > clipped[1] > clipped[2]


def test_a_run_tells_its_calibration_and_repeats(calibrate, run, config, short):
    calibrate()
    summary, outputs, folder = run()
    digest = hashlib.sha256((config.parent / "sums" / "calibration.yaml").read_bytes()).hexdigest()
    assert (summary["adc_range"], summary["calibration_hash"]) == ("calibrated", digest)
    page = (folder / "report.html").read_text()
    assert digest in page and "calibrated" in page
    again, same, _ = run(of=folder / "resolved.yaml")
    assert again == summary and np.array_equal(same, outputs)
    plain = run(of=short)[0]
    assert (plain["adc_range"], plain["calibration_hash"]) == ("clip", None)


def test_another_calibration_is_another_run(squeezebar, calibrate, run, config, tmp_path):
    calibrate()
    first, _, folder = run()
    calibrate("--set", "run.images=1", "--force", "-o", config.parent / "sums")
    calibrate("-o", tmp_path / "more", "--set", "run.seed=2")  # nothing is drawn, so the seed has no part
    assert files_of(tmp_path / "more") == files_of(config.parent / "sums")
    result = squeezebar("calibrate", config, "--images", "2")
    assert result.returncode == 0
    second = run()[0]
    assert {part for part, digest in first["config_hash"].items() if second["config_hash"][part] != digest} == {"values"}
    said = refusal(squeezebar, "run", config, "-o", tmp_path / "again", "--reuse", folder, "--set", "run.outputs=false")
    assert "its hardware computes other values" in said


def test_steps_need_sums(squeezebar, short, config):
    said = refusal(squeezebar, "check", short, "--set", "adc.range=calibrated")
    assert "error: adc.calibration: range calibrated needs the sums" in said and f"squeezebar calibrate {short} -o FOLDER" in said
    said = refusal(squeezebar, "check", config)
    assert f"{config}:3:" in said and "there is no folder" in said and f"squeezebar calibrate {config} -o" in said


def test_sums_of_other_hardware_are_refused_key_by_key(squeezebar, calibrate, config):
    calibrate()
    said = refusal(squeezebar, "check", config, "--set", "crossbar.rows=64", "--set", "mapping.signs=magnitude",
                   "--set", "chip.tiles=1")
    assert "was made with crossbar.rows: 128, this config has 64; make it again: squeezebar calibrate" in said
    assert "was made with mapping.signs: differential, this config has magnitude" in said
    assert "error: chip.tiles" in said  # all problems at once
    said = refusal(squeezebar, "run", config, "--set", "mapping.model=conventional")
    assert "mapping.squeeze: off, this config has none" in said and "Traceback" not in said


def test_sums_of_another_workload_are_refused(squeezebar, calibrate, config, repository):
    calibrate()
    said = refusal(squeezebar, "check", config, "--set", f"workload.bundle={repository}/workloads/digits/p90")
    assert "was made for other weights or samples ('digits-p70') than those of 'digits-p90'" in said


@pytest.mark.parametrize("damage, said", [
    (lambda folder: (folder / "layer_0.npy").write_bytes(b"nonsense"), "it is not a .npy file"),
    (lambda folder: np.save(folder / "layer_1.npy", np.load(folder / "layer_1.npy") + 1), "does not match 'layer_1.npy'"),
    (lambda folder: (folder / "layer_0.npy").unlink(), "there is no such file"),
    (lambda folder: (folder / "calibration.yaml").write_text("format: [\n"), "calibration.yaml:"),
    (lambda folder: (folder / "calibration.yaml").write_text(""), "calibration.yaml:1:1: error"),
    (lambda folder: (folder / "calibration.yaml").unlink(), "calibration.yaml: error"),
    (lambda folder: (folder / "calibration.yaml").write_text(
        (folder / "calibration.yaml").read_text().replace("tool_version: ", "tool_version: 0.0.0-")), "was made by version 0.0.0-"),
    (lambda folder: (folder / "calibration.yaml").write_text(
        (folder / "calibration.yaml").read_text().split("  - name")[0] + "  []\n"), "has other crossbars in layer"),
], ids=["nonsense", "changed", "missing", "not_yaml", "empty", "no_file", "version", "no_layers"])
def test_a_damaged_calibration_is_refused(squeezebar, calibrate, config, tmp_path, damage, said):
    calibrate()
    damage(config.parent / "sums")
    for command in (("check", config), ("run", config, "-o", tmp_path / "run")):
        stderr = refusal(squeezebar, *command)
        assert said in stderr and all("error: " in line for line in stderr.splitlines())
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("arguments, said", [
    (["--images", "4000"], "run.images: 4000 are asked for"),
    (["--images", "-1"], "run.images"),
    (["--images", "many"], "run.images"),
    (["--set", "cell.bits=9"], "cell.bits"),
    (["--set", "crossbar.columns=4", "--set", "mapping.model=conventional"], "crossbar.columns"),
    (["--set", "adc.percentile=0"], "adc.percentile"),
    (["--set", "adc.percentile=100.1"], "adc.percentile"),
    (["-o", "/proc/none/here"], "/proc/none/here: error: cannot take a calibration: "),
])
def test_what_cannot_be_is_refused(squeezebar, config, arguments, said):
    assert said in refusal(squeezebar, "calibrate", config, *arguments)
    assert sorted(path.name for path in config.parent.iterdir()) == ["calibrated.yaml", "short.yaml"]


def test_a_folder_of_something_else_is_kept(squeezebar, config, tmp_path):
    (tmp_path / "sums").mkdir()
    (tmp_path / "sums" / "thesis.tex").write_text("all of it")
    said = refusal(squeezebar, "calibrate", config)
    assert "which is not of a calibration" in said and "--force" in said
    assert list(files_of(tmp_path / "sums")) == ["thesis.tex"]
    assert squeezebar("calibrate", config, "--images", "1", "--force").returncode == 0
    assert (tmp_path / "sums" / "thesis.tex").read_text() == "all of it"
    assert (tmp_path / "sums" / "calibration.yaml").is_file()


def test_a_config_with_variants_is_calibrated_one_at_a_time(squeezebar, config):
    config.write_text(config.read_text() + "variants:\n  a: {cell: {bits: 1}}\n  b: {cell: {bits: 2}}\n")
    assert "squeezebar calibrate" in refusal(squeezebar, "calibrate", config)
    assert squeezebar("calibrate", f"{config}#b", "--images", "1").returncode == 0


def test_one_calibration_serves_a_sweep(squeezebar, calibrate, run, config, tmp_path):
    """Ranges and bits from one base config, whose folder is not the current one."""
    calibrate()
    spec = tmp_path / "spec.yaml"
    spec.write_text("version: 1\nbase: calibrated.yaml\naxes:\n  adc.range: [clip, full, calibrated]\n  adc.bits: [3, 5]\n"
                    "  adc.calibrate_per: [layer, crossbar]\n")
    (tmp_path / "elsewhere").mkdir()

    def sweep():
        result = squeezebar("sweep", spec, "-o", tmp_path / "swept", "--store", tmp_path / "points", cwd=tmp_path / "elsewhere")
        assert result.returncode == 0, result.stderr
        points = [json.loads(path.read_text()) for path in (tmp_path / "points").glob("*/*/summary.json")]
        return [point for point in points if point["adc_range"] == "calibrated"], len(points)

    before, points = sweep()
    assert len(before) == 4 and points == 12
    wanted = run("adc.bits=3", "adc.calibrate_per=layer", "run.outputs=true")[0]
    assert any(point["adc_clipped"] == wanted["adc_clipped"] and point["config_hash"]["values"] == wanted["config_hash"]["values"]
               for point in before)
    shutil.rmtree(tmp_path / "sums")
    assert squeezebar("calibrate", config, "--images", "1").returncode == 0
    after, points = sweep()
    hashes = {point["calibration_hash"] for point in after}
    assert points == 16 and len(hashes) == 2, "points of another calibration are others"
