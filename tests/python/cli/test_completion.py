# SPDX-License-Identifier: Apache-2.0
"""Completion and manual page come from the tables of options, so nothing that the program takes is missing in them."""
import json
import shutil
import subprocess

import pytest


def completed(squeezebar, tmp_path, *words):
    script = tmp_path / "completion.bash"
    script.write_text(squeezebar("completion", "bash").stdout)
    shell = (f"compopt() {{ :; }}; source {script}; COMP_WORDS=({' '.join(repr(word) for word in words)}); "
             f"COMP_CWORD={len(words) - 1}; _squeezebar; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout.split()


def commands(squeezebar):
    text = squeezebar("--help").stdout
    return [line.split()[0] for line in text.splitlines() if line.startswith("  ") and not line.startswith("  squeezebar")]


def test_commands_are_completed(squeezebar, tmp_path):
    assert set(completed(squeezebar, tmp_path, "squeezebar", "")) == set(commands(squeezebar)) | {"--help", "--version"}
    assert completed(squeezebar, tmp_path, "squeezebar", "swe") == ["sweep"]


def test_options_are_completed(squeezebar, tmp_path):
    assert completed(squeezebar, tmp_path, "squeezebar", "run", "--for") == ["--force"]
    assert completed(squeezebar, tmp_path, "squeezebar", "sweep", "--engine", "sl") == ["slurm"]


def test_config_keys_are_completed(squeezebar, tmp_path):
    assert "adc.bits=" in completed(squeezebar, tmp_path, "squeezebar", "run", "c.yaml", "--set", "adc.b")
    schema = json.loads(squeezebar("schema").stdout)
    sections = {word.split(".")[0] for word in completed(squeezebar, tmp_path, "squeezebar", "run", "c.yaml", "--set", "")}
    assert sections == set(schema["properties"]) - {"version", "include", "variants"}


def test_the_manual_page_has_every_command_and_formats_cleanly(squeezebar, tmp_path):
    page = squeezebar("completion", "man").stdout
    for name in commands(squeezebar):
        assert f".SS {name}" in page
    if not shutil.which("groff"):
        pytest.skip("needs groff to format the manual page")
    result = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_another_format_is_refused(squeezebar):
    result = squeezebar("completion", "zsh")
    assert result.returncode == 2 and "FORMAT must be bash or man" in result.stderr
