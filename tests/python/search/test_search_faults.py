# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the spec of a search is told in one sentence of ours, whatever YAML and Optuna say."""
import os

import pytest

from search.cli import main

SPEC = """\
version: 1
base: x.yaml
search:
  population: {population}
  objectives: {{energy_per_image_j: minimize}}
  axes:
    {axis}
"""
AXIS = "adc.bits: {from: 2, to: 6}"
SPECS = {
    "too small a generation": (("1", AXIS), "population: must be a whole number from 2 on"),
    "number as a key": (("4", "3: {from: 2, to: 6}"), "search.axes.3: every alternative"),
    "set": (("4", "adc.x: [!!set {a}]"), "a value that no config has"),
    "bytes": (("4", "adc.x: [!!binary aGVsbG8=]"), "a value that no config has"),
    "itself": (("4", "adc.x: &x [*x]"), "a value that no config has"),
    "cut off": (("4", "adc.x: ["), ":8:1: error: is not YAML: expected the node content"),
    "map as a key": (("4", "? [1]\n    : 2"), "is not YAML: found unhashable key"),
    "unknown tag": (("4", "adc.x: [!foo 3]"), "is not YAML: could not determine a constructor"),
    "control character": (("4", "adc.x: \x07"), "is not YAML (it holds the character U+0007)"),
    "endless number": (("4", f"adc.x: {{from: {'9' * 5000}, to: 4}}"), "too many digits"),
    "infinite range": (("4", "adc.x: {from: 1, to: 1.0e+999}"), "to must be a number"),
    "too deep": (("4", "adc.x: " + "[" * 2000 + "]" * 2000), "nested too deeply"),
}


def told(capsys, *arguments):
    assert main(list(map(str, arguments))) == 2
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and "error: " in text and "Traceback" not in text
    return text


@pytest.mark.parametrize("case", SPECS)
def test_a_wrong_spec_is_one_sentence(squeezebar_binary, tmp_path, capsys, monkeypatch, case):
    (population, axis), message = SPECS[case]
    monkeypatch.setenv("SQUEEZEBAR", str(squeezebar_binary))
    (tmp_path / "spec.yaml").write_text(SPEC.format(population=population, axis=axis))
    text = told(capsys, tmp_path / "spec.yaml", "-o", tmp_path / "out")
    assert text.startswith(f"{tmp_path / 'spec.yaml'}:") and message in text


def test_a_spec_that_cannot_be_read_is_one_sentence(tmp_path, capsys):
    assert "cannot be read (No such file or directory)" in told(capsys, tmp_path / "none.yaml")
    assert "cannot be read (Is a directory)" in told(capsys, tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe\xfd")
    assert "is not UTF-8 text" in told(capsys, tmp_path / "latin.yaml")


@pytest.mark.parametrize("program, reason", [("/bin/false", "it ended with code 1"), ("/bin/echo", "something else than JSON"),
                                             ("/none", "No such file or directory")])
def test_another_program_is_one_sentence(tmp_path, capsys, monkeypatch, program, reason):
    monkeypatch.setenv("SQUEEZEBAR", program)
    (tmp_path / "spec.yaml").write_text(SPEC.format(population=4, axis=AXIS))
    assert reason in told(capsys, tmp_path / "spec.yaml", "-o", tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_one_sentence(squeezebar_binary, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SQUEEZEBAR", str(squeezebar_binary))
    (tmp_path / "spec.yaml").write_text(SPEC.format(population=4, axis=AXIS))
    (tmp_path / "file").touch()
    text = told(capsys, tmp_path / "spec.yaml", "-o", tmp_path / "file" / "out")
    assert text.startswith(os.fspath(tmp_path / "file")) and "Not a directory" in text
