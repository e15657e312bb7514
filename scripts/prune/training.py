# SPDX-License-Identifier: Apache-2.0
"""Deterministic training of a float network, with an optional constraint on its weights."""
import contextlib
import dataclasses
import sys

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from prune import evaluation
from prune.augment import AUGMENTATIONS
from prune.constraint import Constraint
from prune.errors import UserError
from prune.torch_model import TorchModel

_MOST_SAMPLES = 500  # at a time, when a network is evaluated


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Trained parameters by name, and what to log of each epoch, by column."""

    parameters: dict
    rows: list

    @property
    def log(self):
        return log_text(self.rows)


def log_text(rows):
    """Rows of a log as CSV text; columns that a row lacks stay empty."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(columns)] + [",".join(str(row.get(c, "")) for c in columns) for row in rows]
    return "\n".join(lines) + "\n"


def train(graph, data, options, parameters=None, constraint=None, progress=None):
    """Trains a float graph with the declared `prune.training_options`; the learning rate falls as a cosine.

    Starts from `parameters` if given, otherwise from a random network. `constraint` acts on the weights at each step
    and epoch (see `Constraint`). The state after each epoch goes to `progress` (see `prune.progress.Progress`), and
    training goes on from what is already there. The held-out samples are measured after each epoch and never decide
    anything. Repeatable for a number of threads, on one type of processor and the same library versions.
    """
    with _determinism(options):
        model = TorchModel(graph, channels_last=options["layout"] == "channels_last")
        if parameters is not None:
            model.load(parameters)
        run = _Run(model, data, options, constraint or Constraint(), progress)
        run.epochs()
        parameters = model.arrays()
    if not all(np.isfinite(array).all() for array in parameters.values()):
        raise UserError("training diverged: weights are no longer finite; give a smaller --learning-rate")
    return Outcome(parameters, run.rows)


def accuracy(graph, parameters, data, threads=1, limit=None):
    """Top-1 accuracy of a float network on the held-out samples, or on the first `limit` of them."""
    return float(np.mean(right(graph, parameters, data, threads, limit)))


def right(graph, parameters, data, threads=1, limit=None):
    """Which of these samples the float network classifies right, a bool for each."""
    with _determinism({"threads": threads, "seed": 0}):
        model = TorchModel(graph)
        model.load(parameters)
        return _right(model, _Split(data, data.held_out, limit)).numpy()


@contextlib.contextmanager
def _determinism(options):
    """A fixed number of threads and deterministic algorithms: the order of floating-point sums is then fixed."""
    threads = torch.get_num_threads()
    torch.set_num_threads(options["threads"])
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(options["seed"])
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)
        torch.set_num_threads(threads)


class _Split:
    """Samples that stay stored codes until a batch is drawn from them."""

    def __init__(self, data, split, limit=None):
        self._data = data
        inputs = np.array(split.inputs[:limit])
        # Not every PyTorch has unsigned types of more than 8 bits.
        self.codes = torch.from_numpy(inputs if inputs.dtype == np.uint8 else inputs.astype(np.int32))
        self.labels = torch.from_numpy(split.labels[:limit].astype(np.int64))

    def real(self, codes):
        return torch.from_numpy(self._data.real(codes.numpy()).astype(np.float32))


class _Run:
    """One training run: model, optimiser, schedule and where they stand."""

    def __init__(self, model, data, options, constraint, progress):
        self._model, self._options, self._constraint, self._progress = model, options, constraint, progress
        self._train = _Split(data, data.train, options["limit"] or None)
        self._held_out = _Split(data, data.held_out)
        self._augment = AUGMENTATIONS[options["augment"]]
        self._optimiser = _optimiser(model, options)
        self._batches = max(1, -(-len(self._train.labels) // options["batch_size"]))
        self._warmup = options["warmup_epochs"] * self._batches
        steps = max(1, options["epochs"] * self._batches - self._warmup)
        self._schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self._optimiser, T_max=steps)
        self._done, self.rows = 0, []
        constraint.begin(model)
        if progress is not None and (state := progress.load()) is not None:
            self._restore(state)

    def epochs(self):
        total = self._options["epochs"]
        if total == 0:
            self._constraint.untrained(self._model)
            self.rows.append({"epoch": 0, "held_out_accuracy": f"{self._held_out_accuracy():.6f}"})
            return
        with tqdm(
            total=total * self._batches,
            initial=self._done * self._batches,
            unit="batch",
            disable=not sys.stderr.isatty(),
            leave=False,
        ) as bar:
            while self._done < total:
                self._constraint.begin_epoch(self._model, self._done, total)
                loss, train_accuracy = self._epoch(bar)
                self._done += 1
                extra = self._constraint.end_epoch(self._model, self._done, total)
                held_out = self._held_out_accuracy()
                row = {"epoch": self._done, "loss": f"{loss:.6f}", "train_accuracy": f"{train_accuracy:.6f}"}
                self.rows.append({**row, "held_out_accuracy": f"{held_out:.6f}", **extra})
                notes = "".join(f"  {key} {extra[key]}" for key in self._constraint.shown if key in extra)
                result = f"loss {loss:.4f}  accuracy: training {train_accuracy:.2%}, held out {held_out:.2%}{notes}"
                tqdm.write(f"epoch {self._done:3d}/{total}  {result}", file=sys.stderr)
                if self._progress is not None:
                    self._progress.save(self._state())

    def _held_out_accuracy(self):
        return int(_right(self._model, self._held_out).sum()) / len(self._held_out.labels)

    def _epoch(self, bar):
        """Mean loss and accuracy over one pass, measured while training."""
        self._model.train()
        total_loss, correct, labels = 0.0, 0, self._train.labels
        for index, chosen in enumerate(torch.randperm(len(labels)).split(self._options["batch_size"])):
            if len(chosen) == 1 and len(labels) > 1:
                continue  # batch normalisation has no variance of a single sample
            self._warm_up(self._done * self._batches + index)
            self._optimiser.zero_grad()
            logits = self._model(self._train.real(self._augment(self._train.codes[chosen])))
            loss = functional.cross_entropy(logits, labels[chosen])
            self._constraint.regularised(self._model, loss).backward()
            self._optimiser.step()
            if self._done * self._batches + index >= self._warmup:
                self._schedule.step()
            self._constraint.after_step(self._model)
            total_loss += loss.item() * len(chosen)
            correct += int((logits.argmax(1) == labels[chosen]).sum())
            bar.update()
        return total_loss / len(labels), correct / len(labels)

    def _warm_up(self, step):
        """A linear rise of the learning rate over the first steps; the cosine starts behind it."""
        if step <= self._warmup and self._warmup:
            for group in self._optimiser.param_groups:
                group["lr"] = self._options["learning_rate"] * min(1.0, (step + 1) / self._warmup)

    def _state(self):
        return {
            "epoch": self._done,
            "rows": self.rows,
            "model": self._model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "random": torch.get_rng_state(),
            "constraint": self._constraint.state(),
        }

    def _restore(self, state):
        self._done, self.rows = state["epoch"], state["rows"]
        self._model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        self._constraint.restore(state["constraint"])
        torch.set_rng_state(state["random"])


def _optimiser(model, options):
    rates = {"lr": options["learning_rate"], "weight_decay": options["weight_decay"]}
    if options["optimiser"] == "sgd":
        return torch.optim.SGD(model.parameters(), momentum=0.9, nesterov=True, **rates)
    return torch.optim.Adam(model.parameters(), **rates)


@torch.no_grad()
def _right(model, split):
    model.eval()
    step = model.samples_at_a_time(_MOST_SAMPLES)
    batches = zip(split.codes.split(step), split.labels.split(step))
    return torch.cat([model(split.real(codes)).argmax(1) == labels for codes, labels in batches])
