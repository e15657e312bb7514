# SPDX-License-Identifier: Apache-2.0
"""`squeezebar compare` holds runs against each other and refuses what is no complete run."""
import csv
import io
import json
import re
import shutil

import pytest

from run_folders import flip, listed, relist


@pytest.fixture(scope="module")
def runs(squeezebar_binary, repository, tmp_path_factory):
    """Three runs of four images: plain, squeezed, and the squeezed one again."""
    import subprocess
    folder = tmp_path_factory.mktemp("runs")
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    squeeze = ["--set", "mapping.squeeze=winning", "--set", "mapping.squeeze_degree=2"]
    for name, options in (("plain", []), ("squeezed", squeeze), ("again", squeeze)):
        subprocess.run([squeezebar_binary, "run", config, "-q", "-o", folder / name, "--set", "run.images=4", *options],
                       check=True)
    return folder


@pytest.fixture
def copy(runs, tmp_path):
    """A run that a test may damage."""
    shutil.copytree(runs / "squeezed", tmp_path / "copy")
    return tmp_path / "copy"


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def refused(result, *parts):
    assert (result.returncode, result.stdout) == (2, "")
    for part in parts:
        assert part in result.stderr


def test_the_table(squeezebar, runs):
    result = squeezebar("compare", runs / "plain", runs / "squeezed")
    assert (result.returncode, result.stderr) == (0, "")
    one, other = summary(runs / "plain"), summary(runs / "squeezed")
    line = next(line for line in result.stdout.splitlines() if line.startswith("crossbars allocated"))
    numbers = [one["crossbars"]["allocated"]["total"], other["crossbars"]["allocated"]["total"]]
    assert line.split()[2:] == [str(numbers[0]), str(numbers[1]), f"{numbers[1] / numbers[0]:.2f}x"]
    for part in ("baseline  plain", "mapping.squeeze ", "winning", "weight error", "stalls: input", "TOPS/W", "adc"):
        assert part in result.stdout
    assert all(line == line.rstrip() and len(line) <= 120 for line in result.stdout.splitlines())


def test_json_and_csv(squeezebar, runs):
    folders = [runs / "plain", runs / "squeezed", runs / "again"]
    told = json.loads(squeezebar("compare", *folders, "--json", "--layers", "stalls").stdout)
    metrics = {row["metric"]: row for row in told["metrics"]}
    assert [run["name"] for run in told["runs"]] == ["plain", "squeezed", "again"]
    assert metrics["energy_j/images"]["values"] == [summary(folder)["energy_j"] / 4 for folder in folders]
    assert metrics["cycles"]["ratios"][0] is None and metrics["cycles"]["ratios"][1] > 1
    assert [change["key"] for change in told["config"]] == ["mapping.squeeze", "mapping.squeeze_degree"]
    stalls = summary(folders[1])["stall_cycles"]
    assert told["layers"]["stalls"][-1]["values"][1] == sum(stalls.values())
    rows = list(csv.DictReader(io.StringIO(squeezebar("compare", *folders, "--csv").stdout)))
    assert {row["metric"] for row in rows} == set(metrics)
    assert all(row["squeezed"] == row["again"] for row in rows)


def test_layers(squeezebar, runs):
    text = squeezebar("compare", runs / "plain", runs / "squeezed", "--layers", "cycles", "--layers", "crossbars").stdout
    assert text.count("\nconv3 ") == 2 and text.count("\nall layers") == 1
    refused(squeezebar("compare", runs / "plain", runs / "again", "--layers", "cycels"), "did you mean 'cycles'?")
    refused(squeezebar("compare", runs / "plain", runs / "again", "--layers", "op"), "layers.csv:2: error: op: ")


def test_names(squeezebar, runs):
    told = squeezebar("compare", runs / "plain", runs / "again", "--name", "A", "--name", "B", "--json").stdout
    assert [run["name"] for run in json.loads(told)["runs"]] == ["A", "B"]
    refused(squeezebar("compare", runs / "plain", runs / "again", "--name", "A"), "1 of 2 --name")


def test_expect_equal(squeezebar, runs):
    same = squeezebar("compare", runs / "squeezed", runs / "again", "--expect-equal")
    assert (same.returncode, same.stderr) == (0, "")
    other = squeezebar("compare", runs / "plain", runs / "squeezed", "--expect-equal")
    assert other.returncode == 3
    cycles = [summary(runs / name)["cycles"] for name in ("squeezed", "plain")]
    assert f"\nsqueezed: summary.json: cycles: {cycles[0]}, in the baseline {cycles[1]}\n" in other.stderr
    assert other.stderr.endswith(" more\n")
    told = squeezebar("compare", runs / "plain", runs / "squeezed", "--expect-equal", "--json")
    assert told.returncode == 3 and told.stderr == ""
    keys = {(d["file"], d["key"]) for d in json.loads(told.stdout)["differences"]}
    assert ("layers.csv", "conv1.crossbars") in keys and not json.loads(told.stdout)["equal"]


def test_a_tolerance(squeezebar, runs, copy):
    text = (copy / "summary.json").read_text()
    area = summary(copy)["area_mm2"]
    (copy / "summary.json").write_text(text.replace(f'"area_mm2": {area!r}', f'"area_mm2": {area * (1 + 1e-13)!r}'))
    relist(copy)
    words = ["compare", runs / "squeezed", copy, "--expect-equal"]
    assert squeezebar(*words).returncode == 3
    assert squeezebar(*words, "--tolerance", "1e-12").returncode == 0


def test_every_file_of_a_run_is_held_against_its_list(squeezebar, runs, copy):
    assert squeezebar("compare", runs / "squeezed", copy, "--expect-equal").returncode == 0
    for name in [*listed(copy), "files.json"]:
        whole = (copy / name).read_bytes()
        flip(copy / name, 3 if name == "files.json" else None)
        refused(squeezebar("compare", runs / "squeezed", copy), f"{copy / name}:")
        (copy / name).unlink()
        refused(squeezebar("compare", runs / "squeezed", copy), name)
        (copy / name).write_bytes(whole)
    (copy / "notes.txt").write_text("mine")
    assert squeezebar("compare", runs / "squeezed", copy, "--expect-equal").returncode == 0


def test_another_program_is_told_and_no_difference(squeezebar, runs, copy):
    program = summary(copy)["program"]
    assert program in squeezebar("--version").stdout.split()
    (copy / "summary.json").write_text((copy / "summary.json").read_text().replace(program, "0" * 64))
    relist(copy)
    result = squeezebar("compare", runs / "squeezed", copy, "--expect-equal")
    assert result.returncode == 0 and "programs of different sources" in result.stderr and program in result.stderr


def test_the_page(squeezebar, runs, tmp_path):
    page = tmp_path / "page.html"
    result = squeezebar("compare", runs / "plain", runs / "squeezed", "--html", page, "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    html = page.read_text()
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")
    assert "http" not in html and "<script" not in html and html.count("<svg") > 4
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("place", ["folder", "absent/page.html", "/dev/full/page.html"])
def test_a_page_that_cannot_be_written(squeezebar, runs, tmp_path, place):
    (tmp_path / "folder").mkdir()
    result = squeezebar("compare", runs / "plain", runs / "again", "--html", place, cwd=tmp_path)
    refused(result, f"{place}: error: cannot be written: ")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_warnings(squeezebar, runs, tmp_path, repository):
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    squeezebar("run", config, "-o", tmp_path / "other", "--set", "run.images=2", "--set", "run.seed=7")
    result = squeezebar("compare", runs / "plain", tmp_path / "other")
    assert result.returncode == 0
    assert "different numbers of images" in result.stderr and "different seeds" in result.stderr
    assert squeezebar("compare", runs / "plain", tmp_path / "other", "--quiet").stderr == ""
    told = json.loads(squeezebar("compare", runs / "plain", tmp_path / "other", "--json").stdout)
    assert len(told["warnings"]) == 2


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "energy.csv", "resolved.yaml"])
def test_a_missing_file(squeezebar, runs, copy, name):
    (copy / name).unlink()
    refused(squeezebar("compare", runs / "plain", copy), str(copy), f"{name} is missing", "run it again")


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "energy.csv"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_a_truncated_file(squeezebar, runs, copy, name, share):
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[:int(len(data) * share)])
    refused(squeezebar("compare", runs / "plain", copy), str(copy / name), "error: ")


@pytest.mark.parametrize("name", ["summary.json", "layers.csv", "energy.csv", "resolved.yaml"])
@pytest.mark.parametrize("content", [b"\x00\xff\xfe", b"[[[[[[[[[[", b"{}", b"a,b\n1\n", b'{"images": 1e999}', b'"'],
                         ids=["binary", "brackets", "object", "ragged", "overflow", "quote"])
def test_garbage(squeezebar, runs, copy, name, content):
    (copy / name).write_bytes(content)
    result = squeezebar("compare", runs / "plain", copy)
    if name == "resolved.yaml" and content in (b"{}", b'{"images": 1e999}'):
        assert result.returncode in (0, 2)  # an empty map is YAML
    else:
        refused(result, "error: ")


def test_results_of_another_format(squeezebar, runs, copy):
    text = (copy / "summary.json").read_text()
    (copy / "summary.json").write_text(re.sub(r'"schema_version": 1', '"schema_version": 2', text))
    refused(squeezebar("compare", runs / "plain", copy), "schema_version: is 2, this program reads 1")


def test_a_run_of_an_older_version_lacks_some_figures(squeezebar, runs, copy):
    old = summary(copy)
    for key in ("program", "index_storage_bits", "index_memory_bits", "weight_error", "synthetic"):
        old.pop(key, None)
    (copy / "summary.json").write_text(json.dumps(old))
    (copy / "files.json").unlink()
    result = squeezebar("compare", runs / "squeezed", copy)
    assert result.returncode == 0 and "\u2013" in result.stdout


def test_what_is_no_run_folder(squeezebar, runs, repository, tmp_path):
    plain = runs / "plain"
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    refused(squeezebar("compare", plain, config), "'squeezebar run' it first")
    refused(squeezebar("compare", plain, repository / "workloads" / "digits" / "p70"), "is a bundle")
    refused(squeezebar("compare", plain, tmp_path / "absent"), "there is no such folder")
    refused(squeezebar("compare", plain, plain / "summary.json"), "is not a folder")
    refused(squeezebar("compare", plain, tmp_path), "is not a complete run")
    refused(squeezebar("compare", plain, runs), "holds the runs again, plain and squeezed; name those to compare")
    (tmp_path / ".out.0123456789ab.partial" / "new").mkdir(parents=True)
    for folder in (tmp_path / ".out.0123456789ab.partial", tmp_path / ".out.0123456789ab.partial" / "new"):
        refused(squeezebar("compare", plain, folder), "did not finish")
    refused(squeezebar("compare", plain, "/dev/null"), "is not a folder")


def test_a_page_of_others_is_not_taken_for_that_of_the_variants(squeezebar, repository, tmp_path):
    config = tmp_path / "two.yaml"
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    config.write_text(f"version: 1\ninclude: [{base}]\nrun: {{images: 1}}\nvariants:\n  a: {{adc: {{bits: 5}}}}\n  b: {{adc: {{bits: 6}}}}\n")
    page = tmp_path / "out" / "comparison.html"
    page.parent.mkdir()
    page.write_text("mine")
    refused(squeezebar("run", config, "-o", page.parent), "holds a comparison.html and none of the variants' results")
    assert page.read_text() == "mine"
    assert squeezebar("run", config, "-o", page.parent, "--force", "-q").returncode == 0
    assert page.read_text() != "mine"
    assert squeezebar("run", config, "-o", page.parent, "-q").returncode == 0


def test_a_folder_that_merely_has_a_plan_is_no_sweep(squeezebar, repository, tmp_path):
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    (tmp_path / "spec.yaml").write_text(f"version: 1\nbase: {base}\nset: {{run.images: 1}}\naxes: {{adc.bits: [5]}}\n")
    for name, text in (("plan.json", "{}"), ("store.json", "[]")):
        folder = tmp_path / name.split(".")[0]
        folder.mkdir()
        (folder / name).write_text(text)
        refused(squeezebar("sweep", tmp_path / "spec.yaml", "-o", folder, "--no-report"), "holds something other than a sweep")
        assert (folder / name).read_text() == text
