# SPDX-License-Identifier: Apache-2.0
"""Results of squeezebar in Python: data frames, interactive reports and figures for papers.

>>> import results                                   # with PYTHONPATH=scripts, from the root of the repository
>>> run = results.load_run("runs/digits_sme")
>>> run.energy.groupby("component").energy_j.sum()
>>> sweep = results.load_sweep("sweeps/adc")
>>> sweep.done.plot.scatter("energy_per_image_j", "accuracy_top1")
>>> results.plot.pareto(sweep).figure.savefig("pareto.pdf")
"""
import importlib

_FROM = {
    "Column": "results.sweep",
    "Run": "results.run",
    "Setting": "results.config",
    "Sweep": "results.sweep",
    "load_run": "results.run",
    "load_runs": "results.run",
    "load_sweep": "results.sweep",
}
__all__ = [*_FROM, "plot"]


def __getattr__(name):
    """What is imported when it is first used: the command line tells of a missing library, and few uses take matplotlib."""
    if name == "plot":
        return importlib.import_module("results.plot")
    if name in _FROM:
        return getattr(importlib.import_module(_FROM[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
