# SPDX-License-Identifier: Apache-2.0
"""The pages say what the program does: their commands are run, their figures compared, their links followed."""
import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def load_script():
    loader = importlib.machinery.SourceFileLoader("replay_script", str(ROOT / "scripts" / "docs" / "replay"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


script = load_script()
from replaying import links  # noqa: E402  # pylint: disable=wrong-import-position

PAGES = script.all_pages()
EVERY_PAGE = sorted(str(page.relative_to(ROOT)) for top in ("*.md", "docs/**/*.md", "scripts/**/*.md", "workloads/**/*.md")
                    for page in ROOT.glob(top))
SLOW = [page for page in PAGES if any(reason.startswith("slow") for _, _, reason in script.listing(page, quick=True).left_out)]


def held(page, binary, quick):
    report = script.replay(page, binary, quick)
    assert not report.problems, "\n".join(script.lines_of(report, listed=False))


@pytest.mark.parametrize("page", [page for page in PAGES if script.listing(page, quick=True).ran])
def test_quick_steps_of_a_page(squeezebar_binary, page):
    held(page, squeezebar_binary, quick=True)


@pytest.mark.slow
@pytest.mark.parametrize("page", SLOW)
def test_all_steps_of_a_page(squeezebar_binary, page):
    held(page, squeezebar_binary, quick=False)


@pytest.mark.parametrize("page", PAGES)
def test_marks_of_a_page_can_be_read(page):
    assert not script.listing(page).problems


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_links_of_a_page_lead_somewhere(page):
    assert not list(links.problems(ROOT, page))


def test_every_page_is_replayed_or_has_no_commands():
    assert [page for page in EVERY_PAGE if page not in PAGES] == ["CHANGELOG.md", "CONTRIBUTING.md"]


def test_help_and_list_need_no_program():
    run = [sys.executable, str(ROOT / "scripts" / "docs" / "replay"), "--program", "/nowhere"]
    assert "--quick" in subprocess.run([*run, "--help"], capture_output=True, text=True, check=True).stdout
    assert "README.md:" in subprocess.run([*run, "--list", "README.md"], capture_output=True, text=True, check=True).stdout
    refused = subprocess.run([*run, "README.md"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "no program at /nowhere" in refused.stderr
