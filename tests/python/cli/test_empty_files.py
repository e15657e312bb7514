# SPDX-License-Identifier: Apache-2.0
"""A file that holds nothing is told at its first character, whoever reads it and in whatever way it is empty."""
import re
import shutil

import pytest

from cli_sweeps import sweep
from run_folders import relist

EMPTY = {
    "no byte": b"",
    "blanks": b"  \n\n",
    "comments": b"# nothing\n  # yet\n",
    "a marker": b"---\n",
    "a document": b"---\n# nothing\n...\n",
    "null": b"null\n",
    "tilde": b"~\n",
    "byte-order mark": b"\xef\xbb\xbf",
    "blanks after a byte-order mark": b"\xef\xbb\xbf \n",
}


@pytest.fixture(scope="module")
def ground(repository, squeezebar, tmp_path_factory):
    """A config with a bundle of its own, a run, a calibration and a sweep of it."""
    folder = tmp_path_factory.mktemp("empty")
    shutil.copytree(repository / "workloads" / "digits" / "p70", folder / "bundle")
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    (folder / "ok.yaml").write_text(
        f"version: 1\ninclude: [{base}]\nrun: {{images: 1}}\nworkload: {{bundle: bundle}}\n")
    (folder / "include.yaml").write_text("version: 1\ninclude: [empty.yaml]\n")
    (folder / "calibrated.yaml").write_text(
        "version: 1\ninclude: [ok.yaml]\nadc: {range: calibrated, calibration: calibration}\n")
    (folder / "points.yaml").write_text("version: 1\nbase: ok.yaml\naxes:\n  adc.bits: [4]\n")
    for command in (("run", "ok.yaml", "-o", "run"), ("calibrate", "ok.yaml", "-o", "calibration")):
        result = squeezebar(*command, "-q", cwd=folder)
        assert result.returncode == 0, result.stderr
    sweep(squeezebar, folder / "points.yaml", "-o", folder / "sweep")
    return folder


READERS = {  # name: (the file, what reads it)
    "config": ("empty.yaml", ("check", "empty.yaml")),
    "include": ("empty.yaml", ("check", "include.yaml")),
    "network": ("bundle/network.yaml", ("check", "ok.yaml")),
    "provenance": ("bundle/provenance.yaml", ("check", "ok.yaml")),
    "sweep spec": ("empty.yaml", ("sweep", "plan", "empty.yaml")),
    "search spec": ("empty.yaml", ("search", "empty.yaml", "-o", "search")),
    "calibration": ("calibration/calibration.yaml", ("check", "calibrated.yaml")),
    "summary, compared": ("run/summary.json", ("compare", "run", "run")),
    "config of a run, compared": ("run/resolved.yaml", ("compare", "run", "run")),
    "summary, reported": ("run/summary.json", ("report", "run")),
    "config of a run, reported": ("run/resolved.yaml", ("report", "run")),
    "summary, reused": ("run/summary.json", ("run", "ok.yaml", "--reuse", "run", "-o", "again")),
    "list of files, reused": ("run/files.json", ("run", "ok.yaml", "--reuse", "run", "-o", "again")),
    "list of files, compared": ("run/files.json", ("compare", "run", "run")),
    "activity": ("run/activity.json", ("run", "ok.yaml", "--reuse", "run", "-o", "again")),
    "plan": ("sweep/plan.json", ("sweep", "status", "sweep")),
    "store": ("sweep/store.json", ("sweep", "status", "sweep")),
}


@pytest.mark.parametrize("name", READERS)
def test_every_reader_tells_every_empty_form(squeezebar, ground, name):
    file, command = READERS[name]
    path = ground / file
    before = path.read_bytes() if path.exists() else None
    lists = (ground / "run" / "files.json").read_bytes()
    try:
        for form, content in EMPTY.items():
            path.write_bytes(content)
            if path.name != "files.json":
                relist(ground / "run")
            result = squeezebar(*command, cwd=ground)
            assert result.returncode == 2, (form, result.stderr)
            # To JSON, YAML's marker is a mistake at its second character.
            column = r"\d+" if file.endswith(".json") and content.startswith(b"---") else "1"
            assert re.search(rf"{re.escape(file)}:1:{column}: error: ", result.stderr), (form, result.stderr)
            assert "internal error" not in result.stderr and "Traceback" not in result.stderr
    finally:
        (ground / "run" / "files.json").write_bytes(lists)
        path.unlink() if before is None else path.write_bytes(before)
