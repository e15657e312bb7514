# SPDX-License-Identifier: Apache-2.0
"""Fixtures shared by the Python tests: the repository, the simulator and a way to run it."""
import os
import signal
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BINARIES = ("build*/release/squeezebar", "build*/squeezebar")
LIMIT_S = 60


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_configure(config):
    # Programs inherit what is ignored (under nohup), but not handlers: those that are interrupted must heed it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    config.addinivalue_line("markers", "slow: takes minutes; run with --slow or chosen by -m")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slow") or config.getoption("-m"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow or -m slow"))


@pytest.fixture(scope="session")
def repository():
    return REPOSITORY


@pytest.fixture(scope="session")
def squeezebar_binary():
    """SQUEEZEBAR_BIN, else the newest binary of the build folders under the repository root."""
    named = os.environ.get("SQUEEZEBAR_BIN")
    if named:
        path = Path(named).resolve()
        if not path.is_file():
            pytest.fail(f"SQUEEZEBAR_BIN names no file: {named}")
        return path
    found = [path for pattern in BINARIES for path in REPOSITORY.glob(pattern) if path.is_file()]
    if not found:
        pytest.skip(f"no simulator: set SQUEEZEBAR_BIN or build it ({' or '.join(BINARIES)})")
    return max(found, key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="session")
def squeezebar(squeezebar_binary):
    """Runs the simulator: squeezebar(*arguments) -> CompletedProcess with text output; a hang fails the test."""

    def run(*arguments, limit_s=LIMIT_S, **options):
        command = [str(squeezebar_binary), *map(str, arguments)]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False,
                                  stdin=subprocess.DEVNULL, **options)
        except subprocess.TimeoutExpired:
            pytest.fail(f"no end within {limit_s} s: {' '.join(command)}")

    return run
