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

from results.config import Setting
from results.run import Run, load_run, load_runs
from results.sweep import Column, Sweep, load_sweep

__all__ = ["Column", "Run", "Setting", "Sweep", "load_run", "load_runs", "load_sweep", "plot"]


def __getattr__(name):
    """`results.plot` is imported when it is first used: it takes matplotlib, which most uses do without."""
    if name == "plot":
        return importlib.import_module("results.plot")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
