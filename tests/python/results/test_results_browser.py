# SPDX-License-Identifier: Apache-2.0
"""The reports in a browser: charts are drawn, links and filters work, nothing is complained about or asked for."""
import shutil
import time

import pytest
from results_browser import LIMIT_S, opened

import results
from results import pareto, sensitivity, spread
from results.cli import main


def assert_calm(browser):
    """Nothing on the console, nothing loaded beside the page, and no more than the window's width."""
    assert [
        entry for entry in browser.get_log("browser") if entry["source"] != "rendering"
    ] == []  # that is the driver's
    loaded = "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !/^(data|blob):/.test(name))"
    assert browser.execute_script(loaded) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(scope="module")
def run_page_file(run_folders, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "run.html"
    assert main(["report", str(run_folders / "clipped"), "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def sweep_page_file(sweep_folder, tmp_path_factory):
    """The report of a copy of the sweep, with a folder for its first point beside it."""
    folder = shutil.copytree(sweep_folder, tmp_path_factory.mktemp("page") / "sweep")
    sweep = results.load_sweep(folder)
    run = folder / sweep.table["run"][0]
    run.mkdir(parents=True)
    (run / "report.html").write_text("<title>the run</title>")
    assert main(["report", str(folder)]) == 0
    return folder / "report.html"


def test_run_report_is_drawn(browser, run_page_file):
    opened(browser, run_page_file)
    drawn = browser.execute_script(
        "return [...document.querySelectorAll('.drawing')].map((plot) => [plot.id, plot.querySelectorAll('.point, .slice').length])"
    )
    assert len(drawn) == 15 and all(count for _, count in drawn), drawn
    assert_calm(browser)


def test_config_search_shows_what_is_looked_for(browser, run_page_file):
    opened(browser, run_page_file)
    shown = browser.execute_script(
        """
        const field = document.getElementById("config-search");
        field.value = "adc.rate";
        field.dispatchEvent(new Event("input"));
        return [...document.querySelectorAll(".config tr")].filter((row) => row.checkVisibility()).map((row) => row.cells[0].textContent);"""
    )
    assert shown == ["adc.rate", "adc.rate_bits"]
    assert_calm(browser)


def test_theme_follows_the_button(browser, run_page_file):
    opened(browser, run_page_file)
    look = """return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor,
        document.querySelector(".barlayer .point path").style.fill]"""
    before = browser.execute_script(look)
    browser.execute_script("document.getElementById('theme').click()")
    time.sleep(0.5)
    after = browser.execute_script(look)
    assert {before[0], after[0]} == {"light", "dark"}
    assert before[1] != after[1] and before[2] != after[2]
    browser.execute_script("localStorage.clear()")
    assert_calm(browser)


def test_sweep_report_is_drawn_and_agrees_with_python(browser, sweep_page_file):
    opened(browser, sweep_page_file)
    sweep = results.load_sweep(sweep_page_file.parent)
    points = browser.execute_script(
        "return [...document.querySelectorAll('.drawing')].map((plot) => [plot.id, plot.data?.length ?? 0])"
    )
    assert dict(points).keys() == {
        "plot-pareto",
        "plot-trend-1",
        "plot-trend-2",
        "plot-spread",
        "plot-sensitivity",
        "plot-parallel",
    }
    assert all(count for _, count in points)
    objectives, on_front = pareto.of_sweep(sweep)
    assert browser.execute_script(
        "return [...sweep.front(sweep.shown(), arguments[0])].sort((a, b) => a - b)", objectives
    ) == [*on_front[on_front].index]
    for metric in ("accuracy_top1", "latency_s"):
        effects = browser.execute_script(
            "return sweep.effects(arguments[0]).map((row) => [row.axis, row.effect, row.low.value, row.high.value])",
            metric,
        )
        expected = sensitivity.main_effects(sweep, metric)
        assert [row[0] for row in effects] == [*expected.index]
        for axis, effect, low, high in effects:
            assert effect == pytest.approx(expected.at[axis, "effect"])
            assert axis == "noc.latency" or (low, high) == (expected.at[axis, "lowest"], expected.at[axis, "highest"])
    ticks = browser.execute_script("return charts.tickTexts('latency_s', [0.2195, 0.219511, 0.219522])")
    assert ticks == ["219.5 ms", "219.51 ms", "219.52 ms"]
    band = browser.execute_script(
        "return document.getElementById('plot-spread').data.slice(0, 2).map((trace) => [...trace.y])"
    )
    table = spread.band(sweep, "energy_per_image_j", "adc.bits")
    assert band == [pytest.approx(table["low"].tolist()), pytest.approx(table["high"].tolist())]
    assert_calm(browser)


def test_filters_and_the_table_work(browser, sweep_page_file):
    opened(browser, sweep_page_file)
    sweep = results.load_sweep(sweep_page_file.parent)
    count = "return document.getElementById('table-count').textContent"
    assert browser.execute_script(count).startswith("120 points")
    browser.execute_script(
        "[...document.querySelectorAll('.chip')].find((chip) => chip.textContent === 'digits-p90').click()"
    )
    wanted = sweep.done[sweep.done["workload"] == "digits-p90"]
    assert browser.execute_script(count).startswith(f"{len(wanted)} points")
    browser.execute_script(
        """const field = document.querySelector("[aria-label='Filter accuracy_top1']");
        field.value = ">=90"; field.dispatchEvent(new Event("input"));"""
    )
    best = wanted[wanted["accuracy_top1"] >= 0.9].sort_values(["energy_per_image_j", "point"])
    browser.execute_script("document.querySelector('th[data-name=energy_per_image_j] button').click()")
    assert browser.execute_script(count).startswith(f"{len(best)} points")
    shown = browser.execute_script(
        "return [...document.querySelectorAll('#table-body tr')].map((row) => Number(row.cells[0].textContent.replaceAll(',', '')))"
    )
    assert shown == [*best["point"]][:25]
    assert_calm(browser)


def test_point_opens_and_leads_to_its_run(browser, sweep_page_file):
    opened(browser, sweep_page_file)
    clicked = """const plot = document.getElementById("plot-pareto");
        plot.emit("plotly_click", {points: [{customdata: 0}]});
        return [document.getElementById("panel").hidden, document.getElementById("panel").innerText]"""
    hidden, text = browser.execute_script(clicked)
    assert not hidden and "Point 1" in text and "digits-p50" in text and "Energy per image" in text
    browser.execute_script("document.getElementById('panel-link').click()")
    ends = time.monotonic() + LIMIT_S
    while browser.title != "the run":
        assert time.monotonic() < ends, browser.current_url
        time.sleep(0.05)
