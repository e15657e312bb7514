# SPDX-License-Identifier: Apache-2.0
"""Runs sweeps and reads what they left."""
import csv
import resource
import time


def run_sweep(squeezebar, *arguments, code=0, **options):
    result = squeezebar("sweep", *arguments, **options)
    assert result.returncode == code, result.stderr
    return result


def sweep(squeezebar, *arguments, **options):
    return run_sweep(squeezebar, *arguments, "--no-report", **options)


def rows(folder):
    with open(folder / "table.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(folder, name):
    return [row[name] for row in rows(folder)]


def tables(folder):
    """The bytes of every table."""
    return {name: (folder / name).read_bytes() for name in ("table.csv", "table.json", "table.sqlite")}


def results(store):
    """The run folders of a store that are complete."""
    return sorted(path.parent for path in store.glob("*/*/summary.json"))


def leftovers(store):
    """What is neither a run folder nor holds some."""
    return [path for path in store.glob("*/*") if path.name.startswith(".")]


def wait_until(is_true, limit_s=50):
    deadline = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def limit_files(most):
    """For a child process: no file gets larger."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
