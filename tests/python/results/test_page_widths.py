# SPDX-License-Identifier: Apache-2.0
"""No page is wider than its window, and nothing sticks out of its card: wide tables and charts scroll inside it."""
import shutil

import pytest
import yaml
from results_browser import opened, window

from results.cli import main

WIDTHS = (390, 768, 1280, 1440)
LONG = "one_word_that_no_browser_breaks_by_itself_however_narrow_the_card_is_in_which_it_stands"
PAGES = ("sme", "clipped", "values", "sre", "long", "comparison", "interactive", "interactive long")

# Elements outside of their card by more than rounding, unless a part of it scrolls or is cut there.
STICKING_OUT = """
document.querySelectorAll("details").forEach((part) => { part.open = true; });
const held = (element) => {
  for (let part = element.parentElement; part; part = part.parentElement)
    if (getComputedStyle(part).overflowX !== "visible" || part.matches("svg")) return true;
  return false;
};
return [...document.querySelectorAll("main *")].filter((element) => {
  if (!element.checkVisibility() || held(element)) return false;
  const card = element.parentElement.closest("section, .card, main").getBoundingClientRect();
  const own = element.getBoundingClientRect();
  return own.left < card.left - 1 || own.right > card.right + 1;
}).map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`);"""


def assert_fits(browser, width):
    with window(browser, width):
        assert browser.execute_script(STICKING_OUT) == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def long_bundle(repository, tmp_path_factory):
    """The digits network under a long name and with a layer of a long name, in a folder of a long name."""
    folder = shutil.copytree(repository / "workloads" / "digits" / "p70", tmp_path_factory.mktemp("bundle") / LONG)
    network = yaml.safe_load((folder / "network.yaml").read_text())
    network["name"] = LONG
    for layer in network["layers"]:
        layer["name"] = layer["name"].replace("conv2", LONG)
        layer["inputs"] = [name.replace("conv2", LONG) for name in layer["inputs"]]
    (folder / "network.yaml").write_text(yaml.safe_dump(network, sort_keys=False))
    return folder


@pytest.fixture(scope="module")
def pages(squeezebar, repository, run_folders, long_bundle, tmp_path_factory):
    """The pages by name."""
    base = tmp_path_factory.mktemp("pages")
    examples = repository / "configs" / "examples"

    def succeed(*arguments):
        done = squeezebar(*arguments)
        assert done.returncode == 0, done.stderr

    succeed("run", examples / "digits_sre.yaml", "-q", "--set", "run.images=1", "-o", base / "sre")
    succeed("run", examples / "digits_sme.yaml", "-q", "--set", "run.images=1", "--set", f"workload.bundle={long_bundle}",
            "-o", base / LONG)
    runs = {name: run_folders / name for name in ("sme", "clipped", "values")} | {"sre": base / "sre", "long": base / LONG}
    succeed("compare", *runs.values(), "--html", base / "comparison.html", "--config", "--layers", "energy")
    for name, run in (("interactive", "clipped"), ("interactive long", "long")):
        assert main(["report", str(runs[run]), "-o", str(base / f"{name}.html")]) == 0
    drawn = {name: base / f"{name}.html" for name in PAGES if name not in runs}
    return {name: folder / "report.html" for name, folder in runs.items()} | drawn


@pytest.mark.parametrize("page", PAGES)
def test_pages_fit_their_window(page, pages, browser):
    opened(browser, pages[page])
    for width in WIDTHS:
        assert_fits(browser, width)


@pytest.mark.slow
def test_many_layers_fit_their_window(squeezebar, repository, browser, tmp_path):
    config = repository / "configs" / "papers" / "sme" / "resnet20_trained.yaml"
    done = squeezebar("run", f"{config}#s3", "-q", "--set", "run.images=1", "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    opened(browser, tmp_path / "run" / "report.html")
    for width in WIDTHS:
        assert_fits(browser, width)


def test_report_of_a_sweep_fits_its_window(squeezebar, repository, long_bundle, browser, tmp_path):
    """Values of an axis that are long words are chips, legends, rows and choices."""
    spec = {"version": 1, "base": str(repository / "configs" / "examples" / "digits_sme.yaml"),
            "set": {"run.images": 1, "run.function": "exact"},
            "axes": {"adc.bits": [4, 8], "workload.bundle": [str(long_bundle), str(repository / "workloads/digits/p70")]}}
    (tmp_path / f"{LONG}.yaml").write_text(yaml.safe_dump(spec))
    done = squeezebar("sweep", tmp_path / f"{LONG}.yaml", "-q", "-o", tmp_path / "sweep")
    assert done.returncode == 0, done.stderr
    if not (tmp_path / "sweep" / "report.html").exists():
        assert main(["report", str(tmp_path / "sweep")]) == 0
    opened(browser, tmp_path / "sweep" / "report.html")
    for width in WIDTHS:
        assert_fits(browser, width)


@pytest.mark.slow
def test_report_of_all_sections_fits_its_window(sweep_folder, browser, tmp_path):
    assert main(["report", str(sweep_folder), "-o", str(tmp_path / "sweep.html")]) == 0
    opened(browser, tmp_path / "sweep.html")
    for width in WIDTHS:
        assert_fits(browser, width)
