# SPDX-License-Identifier: Apache-2.0
"""Trainings that follow each other in one run: each starts from the weights that the one before left.

The last one retrains the weights that stay. The state of the run after each epoch holds where in which stage it stands.
"""
import dataclasses
from collections.abc import Callable

import numpy as np

RETRAINING = "retrain"  # the name of the last stage


@dataclasses.dataclass(frozen=True)
class Stage:
    """One training. `masks(weights)` tells the weights that live in it, given those it starts from, by layer;
    `constraint(masks)` returns the `prune.constraint.Constraint` that acts on them.
    """

    name: str
    epochs: int
    masks: Callable
    constraint: Callable


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Trained parameters by name and the log of all stages as CSV text."""

    parameters: dict
    log: str


def run(stages, source, data, options, progress, tell):
    """Trains the checkpoint `source` through `stages` with the `prune.training_options` `options`; returns an Outcome.

    A stage without epochs is left out unless it is the last. `tell(stage, masks)` is called when a stage starts.
    """
    from prune.training import log_text, train

    stages = [stage for stage in stages[:-1] if stage.epochs] + [stages[-1]]
    index, parameters, rows = _where(progress.load(), source.parameters)
    graph = source.graph()
    while True:
        stage = stages[index]
        masks = stage.masks(dataclasses.replace(source, parameters=parameters).weights())
        tell(stage, masks)
        settings = {**options, "epochs": stage.epochs}
        position = _Position(progress, index, parameters, rows)
        outcome = train(graph, data, settings, parameters, stage.constraint(masks), position)
        named = {"stage": stage.name} if len(stages) > 1 else {}
        rows = rows + [{**named, **row} for row in outcome.rows]
        parameters, index = outcome.parameters, index + 1
        if index == len(stages):
            return Outcome(parameters, log_text(rows))


def _where(state, parameters):
    """Index, starting parameters and earlier log rows of the stage that an interrupted run stands in."""
    if state is None:
        return 0, parameters, []
    return state["stage"], {name: np.array(t.numpy()) for name, t in state["parameters"].items()}, state["rows"]


class _Position:
    """The progress of one stage within that of the run."""

    def __init__(self, progress, index, parameters, rows):
        import torch

        self._progress, self._index = progress, index
        self._start = {"stage": index, "rows": rows}
        self._start["parameters"] = {name: torch.from_numpy(array) for name, array in parameters.items()}

    def load(self):
        state = self._progress.load()
        return state["state"] if state is not None and state["stage"] == self._index else None

    def save(self, state):
        self._progress.save({**self._start, "state": state})
