# SPDX-License-Identifier: Apache-2.0
"""Training with a regulariser on the weights that a mask lets live."""
from prune.column_options import selected
from prune.constraint import Masks


class Regularised(Masks):
    """Adds the penalty of `regulariser` (`prune.regularisers.Regulariser`) to the loss; `masks` as for `Masks`.

    log.csv gets its mean over the epoch as `penalty`.
    """

    shown = ("penalty",)

    def __init__(self, masks, regulariser, options):
        super().__init__(masks)
        self._regulariser, self._options = regulariser, options
        self._total, self._steps = 0.0, 0

    def begin_epoch(self, model, epoch, epochs):
        self._total, self._steps = 0.0, 0

    def regularised(self, model, loss):
        weights = list(selected(model.weights(), self._options).values())
        penalty = self._regulariser.penalty(weights, self._options)
        self._total, self._steps = self._total + penalty.item(), self._steps + 1
        return loss + penalty

    def end_epoch(self, model, epoch, epochs):
        return {"penalty": f"{self._total / max(1, self._steps):.6g}"}
