# SPDX-License-Identifier: Apache-2.0
"""However a config is named on the command line, its results have the same bytes."""
import json
import time

import pytest


@pytest.fixture
def tree(repository, tmp_path):
    """A config two folders deep that includes by relative and by absolute path, and links to its folder."""
    folder = tmp_path / "home" / "configs" / "own"
    folder.mkdir(parents=True)
    (tmp_path / "home" / "shared.yaml").write_text("version: 1\nmapping: {signs: magnitude}\n")
    (folder / "config.yaml").write_text(
        f"version: 1\ninclude: [{repository}/configs/examples/digits_sme.yaml, ../../shared.yaml]\n"
        f"run: {{images: 2}}\nworkload: {{bundle: bundle}}\n")
    (folder / "bundle").symlink_to(repository / "workloads" / "digits" / "p70")
    (tmp_path / "link").symlink_to(folder)
    return tmp_path


WAYS = {  # name: (current folder, what is typed)
    "from its folder": ("home/configs/own", "config.yaml"),
    "with a dot": ("home/configs/own", "./config.yaml"),
    "from above": ("home", "configs/own/config.yaml"),
    "down and up": ("home", "configs/../configs//own/config.yaml"),
    "up and down": ("home/configs/own", "../own/config.yaml"),
    "absolute": ("home", "{tree}/home/configs/own/config.yaml"),
    "absolute, up and down": ("home", "{tree}/home/configs/own/../../configs/own/config.yaml"),
}


def test_the_same_config_gives_the_same_bytes(squeezebar, tree):
    folders = []
    for k, (current, typed) in enumerate(WAYS.values()):
        folders.append(tree / f"out{k}")
        result = squeezebar("run", typed.format(tree=tree), "-q", "-o", folders[-1], cwd=tree / current)
        assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in folders[0].iterdir() if path.name not in ("host.json", "files.json"))
    assert {"report.html", "resolved.yaml"} <= set(names)
    for way, folder in zip(WAYS, folders):
        different = [name for name in names if (folder / name).read_bytes() != (folders[0] / name).read_bytes()]
        assert different == [], way


def test_a_linked_folder_gives_the_same_bytes(squeezebar, tree):
    """Includes that go up from a link leave it elsewhere, so this one has none."""
    config = tree / "home" / "configs" / "own" / "config.yaml"
    config.write_text(config.read_text().replace(", ../../shared.yaml", ""))
    for k, typed in enumerate((config, tree / "link" / "config.yaml")):
        assert squeezebar("run", typed, "-q", "-o", tree / f"out{k}").returncode == 0
    for name in ("report.html", "resolved.yaml"):
        assert (tree / "out0" / name).read_bytes() == (tree / "out1" / name).read_bytes(), name


def test_the_resolved_config_still_loads(squeezebar, tree):
    assert squeezebar("run", tree / "home/configs/own/config.yaml", "-q", "-o", tree / "deep" / "out").returncode == 0
    again = squeezebar("run", "deep/out/resolved.yaml", "-q", "-o", tree / "again", cwd=tree)
    assert again.returncode == 0, again.stderr
    assert (tree / "again" / "summary.json").read_bytes() == (tree / "deep" / "out" / "summary.json").read_bytes()


def test_wall_time_covers_the_whole_command(squeezebar, short, tmp_path):
    start = time.monotonic()
    assert squeezebar("run", short, "-q", "-o", tmp_path / "out").returncode == 0
    whole = time.monotonic() - start
    host = json.loads((tmp_path / "out" / "host.json").read_text())
    assert 0 < host["simulation_s"] < host["wall_s"] < whole
