# SPDX-License-Identifier: Apache-2.0
"""Folders of runs and sweeps as data frames."""
import csv
import json

import numpy as np
import pytest

import results
from results_sweeps import write_sweep


def test_run_has_every_figure_of_its_folder(run_folders):
    run = results.load_run(run_folders / "sme")
    with open(run_folders / "sme" / "energy.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*run.energy["energy_j"]] == [float(row["energy_j"]) for row in rows]
    assert [*run.energy["layer"]] == [row["layer"] for row in rows]
    assert run.summary == json.loads((run_folders / "sme" / "summary.json").read_text())
    by_component = run.energy.groupby("component")["energy_j"].sum()
    for name, value in run.summary["energy_by_component_j"].items():
        assert by_component[name] == pytest.approx(value, rel=1e-12)


def test_config_tells_value_origin_and_source(run_folders):
    config = results.load_run(run_folders / "sme").config
    assert config["run.images"].value == "4"
    assert config["run.images"].origin == "--set run.images=4"
    assert config["adc.leakage"].origin == "default"
    assert config["adc.bits"].origin.endswith("circuit/sme_adc.yaml:5:9")
    assert config["adc.bits"].source.startswith("SME Table I")
    assert config["mapping.squeeze"].value == "off"  # quoted in the file: YAML would read it as false
    assert "adc.source" not in config


def test_config_keeps_the_order_and_lists(tmp_path):
    path = tmp_path / "resolved.yaml"
    path.write_text(
        'version: 1\nadc:\n  b: [1, 2 pJ]  # x.yaml:1:2\n  a: "# no # comment"  # default\n  source: "S: # t"\n'
    )
    config = results.config.read_config(path, "x")
    assert [*config] == ["adc.b", "adc.a"]
    assert config["adc.b"] == results.Setting("[1, 2 pJ]", "x.yaml:1:2", "S: # t")
    assert config["adc.a"] == results.Setting("# no # comment", "default", "S: # t")


def test_runs_become_one_table(run_folders):
    table = results.load_runs([run_folders / "sme", run_folders / "values"])
    assert [*table.index] == [str(run_folders / "sme"), str(run_folders / "values")]
    assert [*table["images"]] == [4, 1]
    assert np.isnan(table["energy_j"].iloc[1])
    assert table["crossbars.allocated.total"].iloc[0] == 112


def test_run_of_values_has_no_times(run_folders):
    assert not results.load_run(run_folders / "values").timed
    assert results.load_run(run_folders / "sme").timed


def test_sweep_types_its_columns(sweep_folder):
    sweep = results.load_sweep(sweep_folder)
    assert sweep.axes == ["workload", "adc.bits", "mapping.squeeze_degree", "noc.latency", "replicate"]
    assert set(sweep.table["workload"]) == {"digits-p50", "digits-p70", "digits-p90"}
    assert set(sweep.table["adc.bits"]) == {3, 4, 5, 6, 8}
    assert len(sweep.table) == 120 and len(sweep.done) == 114
    assert (sweep.table["status"] == "failed").sum() == 5
    assert sweep.table.loc[sweep.table["status"] != "done", "energy_j"].isna().all()
    assert sweep.done["energy_j"].notna().all()
    assert sweep.unit("energy_j") == "J"
    assert sweep.adc_models == {name: f"energy_by_adc_model_j.{name}" for name in ("isaac", "survey", "exponential", "table")}
    assert not set(sweep.adc_models.values()) & set(sweep.metrics)


def test_texts_that_look_like_missing_values_stay_texts(broken_sweep):
    path = broken_sweep / "table.csv"
    path.write_text(path.read_text().replace("digits-p50", "NA").replace("digits-p70", "null"))
    assert set(results.load_sweep(broken_sweep).table["workload"]) == {"NA", "null", "digits-p90"}


def test_quoted_reasons_may_hold_commas_and_lines(broken_sweep):
    path = broken_sweep / "table.csv"
    path.write_text(path.read_text().replace("crossbars: 140 needed, the chip", 'crossbars: ""140"" needed,\nthe chip'))
    reasons = results.load_sweep(broken_sweep).table["reason"]
    assert reasons.str.startswith('crossbars: "140" needed,\nthe chip').sum() == 5


def test_texts_of_the_summary_are_facts_not_metrics(sweep_folder):
    sweep = results.load_sweep(sweep_folder)
    assert sweep.facts == ["adc_model", "adc_extrapolated"] and not set(sweep.facts) & set(sweep.metrics)
    assert set(sweep.done["adc_model"]) == {"linear"}


def test_axis_stands_for_a_metric_of_its_name(broken_sweep):
    path = broken_sweep / "table.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{lines[0]},workload", *(f"{line},digits" for line in lines[1:])]) + "\n")
    about = json.loads((broken_sweep / "table.json").read_text())
    about["columns"].append({"name": "workload", "role": "metric", "type": "text"})
    (broken_sweep / "table.json").write_text(json.dumps(about))
    sweep = results.load_sweep(broken_sweep)
    assert set(sweep.table["workload"]) == {"digits-p50", "digits-p70", "digits-p90"}
    assert "workload" in sweep.axes and "workload" not in sweep.facts


def test_sweep_without_adc_models_has_none(tmp_path):
    assert results.load_sweep(write_sweep(tmp_path / "s", adc_models=False)).adc_models == {}
