# SPDX-License-Identifier: Apache-2.0
"""Generations of points, each computed by a sweep.

Deb, Pratap, Agarwal, Meyarivan: A fast and elitist multiobjective genetic algorithm: NSGA-II, IEEE Transactions on
Evolutionary Computation 6(2), 2002, in Optuna's implementation.
"""
import csv
import json
import os
import subprocess
import sys
import time

import optuna
import yaml

from prune.errors import UserError, did_you_mean
from prune.interrupt import call
from search.program import paths

_LOOK_S = 5  # between two looks at a sweep that somebody else computes
_SWEEP_FAILED = 1  # exit code of a sweep that has points without results


def search(spec, folder, store, program, options):
    """Runs the search and makes the sweep of all its points in `folder`; returns the exit code."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        directions=list(spec.objectives.values()),
        sampler=optuna.samplers.NSGAIISampler(population_size=spec.population, seed=spec.seed),
    )
    known = {}  # settings of a point -> its row of the table
    generation = 0
    while len(study.trials) < spec.trials:
        count = min(spec.population, spec.trials - len(study.trials))
        trials = [study.ask() for _ in range(count)]
        points = [_suggest(spec, trial) for trial in trials]
        new = [point for point in dict.fromkeys(points) if point not in known]
        if new:
            sweep = folder / "generations" / f"{generation:03}"
            rows = _compute(spec, new, sweep, store, program, options)
            known.update(zip(new, rows))
        for trial, point in zip(trials, points):
            values = _objectives(spec, known[point])
            study.tell(trial, values, state=None if values else optuna.trial.TrialState.FAIL)
        print(f"{len(study.trials)} of {spec.trials} trials, {len(known)} points, {_front(study)} on the front", file=sys.stderr)
        generation += 1
    unfit = sum(row["status"] == "unfit" for row in known.values())
    if unfit:
        print(f"{unfit} of {len(known)} points are unfit and were no candidates; column 'reason' says why", file=sys.stderr)
    return _finish(spec, list(known), folder, store, program)


def _suggest(spec, trial):
    """A point as sorted pairs of key and text, which can be a key of a dict."""
    settings = {}
    for axis in spec.axes:
        if axis.range is None:
            settings |= axis.alternatives[trial.suggest_categorical(axis.name, list(axis.alternatives))]
        elif axis.range.whole:
            number = trial.suggest_int(axis.name, int(axis.range.low), int(axis.range.high), log=axis.range.log)
            settings[axis.name] = axis.range.value(number)
        else:
            number = trial.suggest_float(axis.name, axis.range.low, axis.range.high, log=axis.range.log)
            settings[axis.name] = axis.range.value(number)
    return tuple(sorted((key, json.dumps(value)) for key, value in settings.items()))


def _objectives(spec, row):
    """Values of the objectives; None for a point that failed or is unfit."""
    if row["status"] != "done":
        return None
    figures = [name for name, value in row.items() if _is_number(value)]
    for name in spec.objectives:
        if name not in figures:
            raise UserError.at(spec.file, f"search.objectives: no figure {name} in the results; {did_you_mean(name, figures)}")
    return [float(row[name]) for name in spec.objectives]


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _front(study):
    return len({trial.values and tuple(trial.values) for trial in study.best_trials})


class _Dumper(yaml.SafeDumper):
    """Writes values that occur twice twice: an alias reads worse, and says that they belong together."""

    def ignore_aliases(self, data):
        return True


def _write_sweep(spec, points, file, program):
    """A sweep spec of these points beside which paths mean what they mean beside the search's spec."""
    here = os.path.relpath(spec.file.parent, file.parent)

    def moved(settings):
        return {key: _moved(value, here) if key in paths(program) else value for key, value in settings.items()}

    settings = [moved({key: json.loads(text) for key, text in point}) for point in points]
    columns = {key: [one[key] for one in settings] for key in settings[0]}
    content = {"version": 1, "base": os.path.join(here, spec.base), "zip": [columns]}
    if spec.fixed:
        content["set"] = moved(spec.fixed)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.dump(content, Dumper=_Dumper, sort_keys=False), encoding="utf-8")


def _moved(path, here):
    if isinstance(path, list):
        return [_moved(one, here) for one in path]
    return os.path.join(here, str(path))  # which leaves one alone that starts at the root


def _compute(spec, points, sweep, store, program, options):
    """The table's rows of the points, in their order; waits for engines that compute elsewhere."""
    _write_sweep(spec, points, sweep.with_suffix(".yaml"), program)
    _run(program, "sweep", sweep.with_suffix(".yaml"), "-o", sweep, "--store", store, "--no-report", "--quiet", "--all-may-be-unfit",
         *options)
    while json.loads(_run(program, "sweep", "status", sweep, "--json"))["missing"]:
        time.sleep(_LOOK_S)
    _run(program, "sweep", "merge", sweep, "--no-report", "--quiet")
    with open(sweep / "table.csv", newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def _finish(spec, points, folder, store, program):
    _write_sweep(spec, points, folder / "points.yaml", program)
    return call([program, "sweep", folder / "points.yaml", "-o", folder, "--store", store])[0]


def _run(program, *words):
    code, output = call([program, *words], stdout=subprocess.PIPE)
    if code not in (0, _SWEEP_FAILED):
        raise UserError("the sweep of a generation was refused; see the message above")
    return output
