# SPDX-License-Identifier: Apache-2.0
"""The HTML reports: what they hold, that they load nothing, and that they are the same each time."""
import base64
import html.parser
import json
import re
import shutil

import numpy as np
import pytest

import results
from results import citations, sweep_data
from results.cli import main
from results.run_page import run_page
from results.sections import sections_of
from results.sweep_page import sweep_page
from results_sweeps import write_sweep


class Page(html.parser.HTMLParser):
    """What a page refers to, its scripts by id, its styles and the text that is seen."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.scripts, self.styles, self.policy, self.words = (
            [],
            [],
            [],
            {},
            "",
            "",
            [],
        )
        self._open = ("", None)
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self._open = (tag, values.get("id"))
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        self.loads += [
            value
            for name, value in attributes
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag != "a")
        ]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]

    def handle_endtag(self, tag):
        self._open = ("", None)

    def handle_data(self, data):
        tag, name = self._open
        if tag == "script":
            self.scripts[name] = data
        elif tag == "style":
            self.styles += data
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def run(run_folders):
    return results.load_run(run_folders / "clipped")


@pytest.fixture(scope="module")
def sweep(sweep_folder):
    return results.load_sweep(sweep_folder)


def assert_loads_nothing(page):
    assert page.loads == ["data:,"]  # the icon, which browsers would ask for otherwise
    assert "url(" not in page.styles and "@import" not in page.styles
    assert page.policy.startswith("default-src 'none';")
    assert not re.search(r"https?:|//", page.policy)


def test_reports_load_nothing(run, sweep):
    assert_loads_nothing(Page(run_page(run)))
    assert_loads_nothing(Page(sweep_page(sweep)))


def test_links_lead_to_places_on_the_page(run, sweep):
    for page in (Page(run_page(run)), Page(sweep_page(sweep))):
        assert len(set(page.ids)) == len(page.ids)
        assert page.links and all(link[1:] in page.ids for link in page.links)


def test_commands_write_the_same_bytes_twice(run_folders, sweep_folder, tmp_path, capsys):
    run, sweep = shutil.copytree(run_folders / "clipped", tmp_path / "r"), shutil.copytree(sweep_folder, tmp_path / "s")
    for folder, name in ((run, "interactive.html"), (sweep, "report.html")):
        assert main(["report", str(folder)]) == 0
        first = (folder / name).read_bytes()
        assert main(["report", str(folder), "-o", str(folder / "again.html")]) == 0
        assert (folder / "again.html").read_bytes() == first
    assert str(sweep / "report.html") in capsys.readouterr().out


def test_run_report_has_all_sections(run, run_folders):
    keys = [section.key for section in sections_of(run)]
    assert keys == ["energy", "area", "latency", "utilisation", "conversions", "adc-bits", "interconnect", "roofline"]
    values_only = results.load_run(run_folders / "values")
    assert [section.key for section in sections_of(values_only)] == ["area", "conversions", "adc-bits"]
    assert "Values only were computed" in " ".join(Page(run_page(values_only)).words)


def test_charts_of_energy_sum_to_the_run(run):
    charts = {chart["id"]: chart["figure"] for chart in json.loads(Page(run_page(run)).scripts["charts"])}
    for name in ("chart-energy-0", "chart-energy-2"):
        drawn = sum(value for trace in charts[name]["data"] for value in trace["x"])
        assert drawn == pytest.approx(run.summary["energy_j"], rel=1e-9)
    sunburst = charts["chart-energy-1"]["data"][0]
    inner = sum(value for value, parent in zip(sunburst["values"], sunburst["parents"]) if not parent)
    assert inner == pytest.approx(run.summary["energy_j"], rel=1e-9)
    assert len(set(sunburst["ids"])) == len(sunburst["ids"])
    assert set(sunburst["parents"]) <= {"", *sunburst["ids"]}


def test_lanes_of_every_layer_sum_to_one(run):
    charts = {chart["id"]: chart["figure"] for chart in json.loads(Page(run_page(run)).scripts["charts"])}
    shares = np.sum([trace["x"] for trace in charts["chart-utilisation-0"]["data"]], axis=0)
    assert shares == pytest.approx(np.ones(len(run.layers)))


def test_config_stands_on_the_page_with_origins(run):
    words = [word.strip() for word in Page(run_page(run)).words]
    for key, setting in run.config.items():
        assert key in words and (setting.value in words or not setting.value) and setting.origin in words


def test_papers_are_those_that_the_run_names(run, run_folders):
    isaac = {entry.key: entry.reasons for entry in citations.cited(run.config)}
    assert "adc.model: isaac" in isaac["shafiee2016isaac"] and "kull2013adc" in isaac
    assert "yang2019sre" not in isaac and "liu2023sobsx" not in isaac
    sme = {entry.key for entry in citations.cited(results.load_run(run_folders / "sme").config)}
    assert {"liu2021sme", "shafiee2016isaac"} <= sme and "kull2013adc" not in sme


def test_every_model_of_a_paper_has_an_entry():
    config = {
        "adc.model": results.Setting("survey", "", "SoBS-X; SRE: Aladdin's"),
        "mapping.model": results.Setting("operation_units", "", ""),
    }
    assert [entry.key for entry in citations.cited(config)] == [
        "liu2023sobsx",
        "yang2019sre",
        "andrulis2024adc",
        "murmann_adc_survey",
        "shao2014aladdin",
    ]
    for key, text in citations.entries().items():
        assert re.match(rf"@\w+\{{{key},\n", text) and text.count("{") == text.count("}") and text.endswith("\n}")


def test_synthetic_and_extrapolated_figures_are_labelled(run):
    run.summary.update(synthetic=["weights drawn <b>at random</b>"], adc_extrapolated=True)
    words = " ".join(Page(run_page(run)).words)
    assert "Synthetic: weights drawn <b>at random</b>." in words
    assert "Extrapolated: the cost model “isaac”" in words
    run.summary.update(synthetic=[], adc_extrapolated=False)


def decoded(column, count):
    """The values of a column of the page."""
    if "texts" in column:
        return column["texts"]
    if "doubles" in column:
        return np.frombuffer(base64.b64decode(column["doubles"]), "<f8")
    codes = np.frombuffer(base64.b64decode(column["codes"]), "<u2" if column["bits"] == 16 else np.uint8)
    assert len(codes) == count
    return [column["levels"][code] if code < len(column["levels"]) else None for code in codes]


def test_page_of_a_sweep_has_every_value_once(sweep):
    data = json.loads(Page(sweep_page(sweep)).scripts["sweep"])
    names = [column["name"] for column in data["columns"]]
    assert len(set(names)) == len(names) and set(names) == set(sweep.table)
    for column in data["columns"]:
        for own, expected in zip(decoded(column, 120), sweep.table[column["name"]]):
            assert own == expected or (expected != expected and (own is None or own != own)), column["name"]


def test_columns_take_few_bytes(tmp_path, monkeypatch):
    sweep = results.load_sweep(write_sweep(tmp_path / "s", more_metrics=5))
    monkeypatch.setattr(sweep_data, "MOST_BYTES", 9000)
    columns, left_out = sweep_data.columns(sweep)
    kept = {column["name"] for column in columns}
    assert left_out and not kept & set(left_out)
    assert {"accuracy_top1", "energy_per_image_j", "latency_s", *sweep.axes} <= kept
    assert sum(len(column.get("doubles", "")) for column in columns) <= 9000


def test_names_cannot_break_out_of_the_page(broken_sweep):
    evil = "</script><script>alert(1)</script>"
    about = json.loads((broken_sweep / "table.json").read_text())
    (broken_sweep / "table.json").write_text(json.dumps(about | {"spec": evil, "base": "<img src=x>"}))
    table = broken_sweep / "table.csv"
    table.write_text(table.read_text().replace("digits-p50", evil).replace("raise chip.tiles", evil))
    text = sweep_page(results.load_sweep(broken_sweep))
    page = Page(text)
    assert page.loads == ["data:,"] and f"Sweep {evil}" in "".join(page.words)
    assert evil in json.loads(page.scripts["sweep"])["columns"][0]["levels"]
    assert "alert(1)" not in page.scripts[None]


def test_links_to_runs_follow_the_place_of_the_report(sweep, tmp_path):
    data = json.loads(Page(sweep_page(sweep, sweep.folder.parent)).scripts["sweep"])
    runs = next(column for column in data["columns"] if column["name"] == "run")
    assert decoded(runs, 120)[0] == sweep.table["run"][0].removeprefix("../")


def test_extrapolated_points_are_counted(sweep):
    count = (sweep.done["adc.bits"] == 3).sum()
    assert f"Extrapolated: the cost of the ADC of {count} points" in " ".join(Page(sweep_page(sweep)).words)


def test_failed_points_stand_with_their_reason(sweep):
    words = " ".join(Page(sweep_page(sweep)).words)
    assert "5 points: crossbars: 140 needed, the chip has 96; raise chip.tiles" in words
    assert "1 point: missing" in words


def test_sweep_of_nothing_but_failures_has_a_page(tmp_path):
    sweep = results.load_sweep(write_sweep(tmp_path / "s", replicates=1, failed=59))
    assert len(sweep.done) == 0
    assert "Pareto front" not in "".join(Page(sweep_page(sweep)).words)


def test_band_is_absent_without_other_adc_models(tmp_path):
    sweep = results.load_sweep(write_sweep(tmp_path / "s", adc_models=False))
    assert "plot-spread" not in Page(sweep_page(sweep)).ids


def test_styles_need_no_request(sweep):
    script = Page(sweep_page(sweep)).scripts[None]
    own = script[script.index('"use strict";\nconst report') :]
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|importScripts|import\(", own)
