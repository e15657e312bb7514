# SPDX-License-Identifier: Apache-2.0
"""`squeezebar map` counts every step of the chain, as many crossbars as a run allocates, without a simulation."""
import csv
import io
import json

import pytest

STEPS = ["conventional", "sliced"] + ["squeezed"] * 6 + ["grouped"] * 4 + ["configured"]


@pytest.fixture
def good(repository):
    return repository / "configs" / "examples" / "digits_sme.yaml"


def mapped(squeezebar, config, *options):
    result = squeezebar("map", config, "--json", *options)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def sets(**values):
    return [word for key, value in values.items() for word in ("--set", f"mapping.{key}={value}")]


def step(facts, name, squeeze=None, degree=None):
    return next(s for s in facts["steps"]
                if s["step"] == name and s.get("squeeze") == squeeze and s.get("degree") == degree)


def test_steps_and_totals(squeezebar, good):
    facts = mapped(squeezebar, good)
    assert [s["step"] for s in facts["steps"]] == STEPS
    assert [layer["layer"] for layer in facts["layers"]] == ["conv1", "conv2", "conv3", "fc1", "fc2"]
    for key in ("row_groups", "conventional", "dense_sliced", "allocated"):
        assert facts["total"][key] == sum(layer[key] for layer in facts["layers"])
        assert facts["conv"][key] == sum(layer[key] for layer in facts["layers"] if layer["op"] == "conv2d")
    assert facts["total"]["allocated"] <= facts["total"]["dense_sliced"]
    for one in facts["steps"]:
        assert one["total"]["crossbars"] == sum(layer["crossbars"] for layer in one["layers"])
        for layer in one["layers"]:
            assert layer["crossbars"] == sum(layer["planes"])
            assert layer["index_storage_bits"]["total"] == sum(
                bits for part, bits in layer["index_storage_bits"].items() if part != "total")


def test_a_squeeze_that_wins_never_takes_more(squeezebar, good):
    facts = mapped(squeezebar, good, *sets(signs="magnitude"))
    sliced = step(facts, "sliced")["total"]
    for degree in (1, 2, 3):
        squeezed = step(facts, "squeezed", "winning", degree)["total"]
        assert squeezed["crossbars"] <= sliced["crossbars"]
        assert squeezed["crossbar_bit_cycles_per_wave"] <= sliced["crossbar_bit_cycles_per_wave"]
    assert step(facts, "squeezed", "winning", 1)["total"]["weight_error"] > 0
    assert sliced["weight_error"] == 0


WAYS = [
    {},
    {"signs": "magnitude"},
    {"squeeze": "winning", "squeeze_degree": 2},
    {"squeeze": "all", "squeeze_degree": 3, "squeeze_mode": "exact", "signs": "magnitude"},
    {"squeeze": "auto", "squeeze_degree": 3, "grouping": "sorted"},
    {"model": "conventional"},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_configured_counts_are_those_of_a_run(squeezebar, good, tmp_path, way):
    options = sets(**way) + ["--set", "crossbar.rows=32", "--set", "crossbar.columns=32", "--set", "chip.tiles=64"]
    facts = mapped(squeezebar, good, *options)
    result = squeezebar("run", good, "-o", tmp_path / "out", "--set", "run.images=1", "--set", "run.function=values",
                        "--set", "adc.resolution=lossless", *options)
    assert result.returncode == 0, result.stderr
    run = json.loads((tmp_path / "out" / "summary.json").read_text())
    configured = step(facts, "configured")["total"]
    assert configured["crossbars"] == run["crossbars"]["allocated"]["total"]
    assert facts["total"]["conventional"] == run["crossbars"]["conventional"]["total"]
    assert facts["total"]["dense_sliced"] == run["crossbars"]["dense_sliced"]["total"]
    assert configured["index_storage_bits"] == run["index_storage_bits"]
    assert configured["squared_error"] == run["weight_error"]["squared_error"]
    assert [str(facts["total"]["adc_bits_lossless"])] == list(run["adc_bits_histogram"])
    with open(tmp_path / "out" / "layers.csv", newline="") as file:
        layers = {row["layer"]: row for row in csv.DictReader(file)}
    for layer in step(facts, "configured")["layers"]:
        row = layers[layer["layer"]]
        assert layer["crossbars"] == int(row["crossbars"])
        squeezed = sum(int(item.split(":")[1]) for item in row["squeeze_degrees"].split() if not item.startswith("0:"))
        assert layer["row_groups_squeezed"] == squeezed


def test_the_step_equals_the_same_config(squeezebar, good):
    for name, squeeze, degree, keys in (("squeezed", "winning", 2, {}), ("squeezed", "all", 3, {}),
                                        ("grouped", "winning", 1, {"grouping": "sorted"}),
                                        ("grouped", "auto", 3, {"grouping": "sorted"})):
        facts = mapped(squeezebar, good, "--set", "crossbar.rows=16", *sets(squeeze=squeeze, squeeze_degree=degree, **keys))
        assert step(facts, name, squeeze, degree)["total"] == step(facts, "configured")["total"]


def test_csv_and_text_hold_what_json_holds(squeezebar, good):
    facts = mapped(squeezebar, good)
    rows = list(csv.DictReader(io.StringIO(squeezebar("map", good, "--csv").stdout)))
    assert len(rows) == len(STEPS) * 5
    total = sum(int(row["crossbars"]) for row in rows if row["step"] == "configured")
    assert total == facts["total"]["allocated"]
    text = squeezebar("map", good).stdout
    line = next(line for line in text.splitlines() if line.startswith("all layers"))
    assert int(line.split()[3]) == step(facts, "sliced")["total"]["crossbars"]
    assert all(len(line) <= 120 for line in text.splitlines())
    for part in ("squeezed, D=2, every group", "grouped, auto to D=3", "permutation", "lossless"):
        assert part in text
    planes = squeezebar("map", good, "--planes").stdout
    assert planes.count("\nconv3 ") == 2 and text.count("\nconv3 ") == 1


def test_offset_signs_cannot_be_squeezed(squeezebar, repository):
    config = repository / "configs" / "examples" / "digits_isaac.yaml"
    facts = mapped(squeezebar, config)
    assert step(facts, "squeezed", "winning", 1)["total"] is None
    assert step(facts, "conventional")["total"]["crossbars"] == facts["total"]["allocated"]
    assert "mapping.signs=differential" in squeezebar("map", config).stdout


def test_wide_cells_have_few_planes(squeezebar, good):
    facts = mapped(squeezebar, good, "--set", "cell.bits=4")
    assert facts["layers"][0]["planes"] == 2
    assert step(facts, "squeezed", "winning", 1)["total"] is not None
    assert step(facts, "squeezed", "winning", 2)["total"] is None


def test_a_network_that_does_not_fit_the_chip_is_counted(squeezebar, good):
    options = ["--set", "chip.tiles=1", "--set", "crossbar.rows=8", "--set", "crossbar.columns=8"]
    assert squeezebar("check", good, *options).returncode == 2
    assert mapped(squeezebar, good, *options)["total"]["allocated"] > 1000


def test_what_cannot_be_mapped_is_refused(squeezebar, good):
    result = squeezebar("map", good, *sets(squeeze="winning", squeeze_degree=12))
    assert result.returncode == 2 and "mapping.squeeze_degree" in result.stderr and result.stdout == ""
    assert squeezebar("map", good, "--set", "workload.bundle=absent").returncode == 2


def test_a_variant_must_be_named(squeezebar, good, tmp_path):
    (tmp_path / "v.yaml").write_text(f"version: 1\ninclude: [{good}]\nvariants:\n  a: {{mapping: {{signs: magnitude}}}}\n"
                                     "  b: {mapping: {squeeze: winning}}\n")
    result = squeezebar("map", "v.yaml", cwd=tmp_path)
    assert result.returncode == 2 and "name one of a and b, as in squeezebar map v.yaml#a" in result.stderr
    assert json.loads(squeezebar("map", "v.yaml#a", "--json", cwd=tmp_path).stdout)["signs"] == "magnitude"
