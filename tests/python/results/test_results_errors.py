# SPDX-License-Identifier: Apache-2.0
"""Whatever is wrong with a folder is one sentence that names the file, with exit code 2."""
import json

import pytest

from prune import file_list
from results.cli import main


def refused(capsys, *arguments):
    """The error that the command prints."""
    assert main([str(argument) for argument in arguments]) == 2
    text = capsys.readouterr().err
    assert (text.startswith("error: ") or ": error: " in text) and text.count("\n") == 1 and "Traceback" not in text
    return text.replace(": error: ", ": ", 1)


def edited(path, change):
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def without_end(text):
    return text[:-7]


def with_row_cut(text):
    return text.rstrip("\n").rpartition(",")[0] + "\n"


def in_json(**values):
    return lambda text: json.dumps(json.loads(text) | values)


RUN_FAULTS = {
    "summary cut off": ("summary.json", without_end, "is not JSON"),
    "summary no JSON": ("summary.json", lambda text: "latency: 3\n", "is not JSON"),
    "summary no object": ("summary.json", lambda text: "[1]", "holds no JSON object"),
    "summary NaN": (
        "summary.json",
        lambda text: text.replace('"energy_j": ', '"energy_j": NaN, "x": '),
        "NaN is no number",
    ),
    "summary infinite": (
        "summary.json",
        lambda text: text.replace('"energy_j": ', '"energy_j": Infinity, "x": '),
        "Infinity",
    ),
    "summary deep": ("summary.json", lambda text: "[" * 100000, "summary.json"),
    "other schema": ("summary.json", in_json(schema_version=9), "schema_version is 9"),
    "no workload": ("summary.json", in_json(workload=None), "workload: None is not of type 'string'"),
    "other energy": ("summary.json", in_json(energy_j=1.0), "its rows sum to"),
    "layers cut off": ("layers.csv", without_end, "is cut off"),
    "layers short row": ("layers.csv", with_row_cut, "cells below"),
    "layers empty": ("layers.csv", lambda text: "", "is empty"),
    "layers no column": ("layers.csv", lambda text: text.replace("layer,", "name,", 1), "lacks the column 'layer'"),
    "layers no count": ("layers.csv", lambda text: text.replace("waves,", "wave,", 1), "lacks the column 'waves'"),
    "layers twice": ("layers.csv", lambda text: text.replace("conv2,", "conv1,", 1), "two rows of the layer 'conv1'"),
    "layers empty cell": (
        "layers.csv",
        lambda text: text.replace(",conv2d,9,", ",conv2d,,", 1),
        "'rows' has an empty cell",
    ),
    "energy strange layer": (
        "energy.csv",
        lambda text: text.replace(",conv1,", ",conv9,", 1),
        "layer 'conv9' is not in layers.csv",
    ),
    "layers text": ("layers.csv", lambda text: text.replace(",conv2d,9,", ",conv2d,nine,", 1), "column 'rows'"),
    "energy infinite": (
        "energy.csv",
        lambda text: text.replace("drive,", "drive,1e999,1\n#", 1).split("#")[0],
        "not finite",
    ),
    "energy twice": ("energy.csv", lambda text: text.replace("count", "energy_j", 1), "two columns"),
    "energy a row lost": (
        "energy.csv",
        lambda text: text.replace(text.split("\n")[1] + "\n", "", 1),
        "its rows sum to",
    ),
    "config no YAML": ("resolved.yaml", lambda text: "adc: [", "is not YAML"),
    "config place": ("resolved.yaml", lambda text: "adc: [", ":1:7: is not YAML: expected the node content"),
    "config too deep": ("resolved.yaml", lambda text: "adc: " + "[" * 3000, "is nested too deeply"),
    "layers a word": ("layers.csv", lambda text: text.replace(",conv2d,9,", ",conv2d,nine,", 1), "holds 'nine', which is no number"),
    "summary endless number": ("summary.json", lambda text: '{"a": ' + "9" * 5000 + "}", "has too many digits"),
    "config a list": ("resolved.yaml", lambda text: "- 1\n", "holds no sections"),
}


@pytest.mark.parametrize("fault", RUN_FAULTS)
def test_spoilt_run_is_refused(fault, broken_run, capsys):
    name, change, expected = RUN_FAULTS[fault]
    edited(broken_run / name, change)
    text = refused(capsys, "report", broken_run)
    assert str(broken_run / name) in text and expected in text
    assert not (broken_run / "interactive.html").exists()


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "energy.csv", "resolved.yaml"])
def test_missing_file_of_a_run_is_named(name, broken_run, capsys):
    (broken_run / name).unlink()
    text = refused(capsys, "report", broken_run)
    assert name in text


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "resolved.yaml"])
def test_bytes_that_are_no_text_are_refused(name, broken_run, capsys):
    (broken_run / name).write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in refused(capsys, "figures", broken_run)


SWEEP_FAULTS = {
    "about no JSON": ("table.json", without_end, "is not JSON"),
    "about no columns": ("table.json", in_json(columns=None), "columns: None is not of type 'array'"),
    "about a bad role": (
        "table.json",
        in_json(columns=[{"name": "a", "role": "axes"}]),
        "columns.0.role: 'axes' is not one of",
    ),
    "about other schema": ("table.json", in_json(schema_version=2), "schema_version is 2"),
    "about twice": (
        "table.json",
        lambda text: text.replace('"name": "images"', '"name": "area_mm2"'),
        "two columns 'area_mm2'",
    ),
    "table cut off": ("table.csv", without_end, "is cut off"),
    "table short row": ("table.csv", with_row_cut, "is cut off"),
    "table rows lost": (
        "table.csv",
        lambda text: text[: text.rindex("\n", 0, -1) + 1],
        "119 points, table.json has 120",
    ),
    "table empty": ("table.csv", lambda text: "", "is empty"),
    "table no status": ("table.csv", lambda text: text.replace(",status,", ",state,", 1), "lacks the column 'status'"),
    "table odd status": (
        "table.csv",
        lambda text: text.replace(",done,", ",finished,", 1),
        "table.csv:2: status is 'finished'",
    ),
    "table text": ("table.csv", lambda text: text.replace(",done,,", ",done,,x,y,z", 1), "table.csv"),
    "table long row": ("table.csv", lambda text: text.replace("\n", "," * 50 + "\n", 2).replace("," * 50, "", 1), "row 2 has "),
    "table infinite": ("table.csv", lambda text: text.replace(",20.0,", ",inf,", 1), "not finite"),
    "table words": ("table.csv", lambda text: text.replace(",20.0,", ",twenty,", 1), "column 'images'"),
    "table unknown column": (
        "table.csv",
        lambda text: text.replace(",images,", ",pictures,", 1),
        "lacks the column 'images'",
    ),
}


@pytest.mark.parametrize("fault", SWEEP_FAULTS)
def test_spoilt_sweep_is_refused(fault, broken_sweep, capsys):
    name, change, expected = SWEEP_FAULTS[fault]
    edited(broken_sweep / name, change)
    text = refused(capsys, "report", broken_sweep)
    assert str(broken_sweep / name) in text and expected in text


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_missing_file_of_a_sweep_is_named(name, broken_sweep, capsys):
    (broken_sweep / name).unlink()
    assert name in refused(capsys, "report", broken_sweep)


def test_other_folders_and_arguments_are_refused(tmp_path, sweep_folder, capsys):
    assert "no such folder" in refused(capsys, "report", tmp_path / "absent")
    assert "holds neither summary.json" in refused(capsys, "report", tmp_path)
    assert "unrecognized" in refused(capsys, "report", tmp_path, "--colour")
    assert "invalid choice" in refused(capsys, "draw", tmp_path)
    assert "is a folder" in refused(capsys, "report", sweep_folder, "-o", tmp_path)
    assert "cannot be written" in refused(capsys, "report", sweep_folder, "-o", tmp_path / "a" / "b.html")
    assert "cannot be written" in refused(
        capsys, "export", sweep_folder, "--format", "sqlite", "-o", tmp_path / "a" / "b"
    )
    assert "did you mean 'sqlite'" in refused(capsys, "export", sweep_folder, "--format", "sqlit")
    assert "did you mean 'pareto'" in refused(capsys, "figures", sweep_folder, "--only", "paretto")
    assert "folder of a sweep" in refused(capsys, "figures", sweep_folder, "--only", "roofline")
    (tmp_path / "file").write_text("")
    assert "cannot be made" in refused(capsys, "figures", sweep_folder, "-o", tmp_path / "file" / "x")
    assert not list(tmp_path.glob(".*partial"))


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "energy.csv", "resolved.yaml"])
def test_a_file_that_reads_and_is_not_what_the_run_wrote(broken_run, capsys, name):
    edited(broken_run / name, lambda text: text.replace("\n", " \n", 1) if name == "resolved.yaml" else _other_digit(text))
    assert f"{broken_run / name}: is not the file that was written" in refused(capsys, "report", broken_run)


def _other_digit(text):
    """Another value of a figure that no sum is held against: the last digit of the file, or of an energy its last zero."""
    if text.startswith("component,"):
        return text.replace(",0\n", ",0.0\n", 1)
    at = max(text.rfind(digit) for digit in "123456789")
    return text[:at] + ("2" if text[at] != "2" else "3") + text[at + 1 :]


def test_pages_and_figures_are_entered_in_the_list(broken_run, capsys):
    assert main(["report", str(broken_run)]) == 0
    assert main(["figures", str(broken_run), "--only", "roofline"]) == 0
    holds, files = file_list.read(broken_run)
    assert holds == "results"
    for name in ("interactive.html", "figures/roofline.svg", "summary.json"):
        assert files[name] == file_list.digest_of(broken_run / name)
    assert set(file_list.files_in(broken_run)) == {*files, "files.json", "host.json"}
