# SPDX-License-Identifier: Apache-2.0
"""Deterministic training on one CPU thread, with or without masks on the weights."""
import contextlib
import dataclasses
import sys

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from prune.errors import UserError
from prune.torch_model import TorchModel


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Trained parameters by name, and the log of the epochs as CSV text."""

    parameters: dict
    log: str


def train(graph, data, options, seed, limit=0, parameters=None, masks=None):
    """Trains a float graph with Adam and a cosine schedule.

    Starts from `parameters` if given, otherwise from a random network. Weights outside `masks` (bool arrays by layer)
    are zero throughout. `limit` > 0 uses only the first training samples. The held-out samples are measured after each
    epoch and never decide anything.
    """
    with _determinism(seed):
        model = TorchModel(graph)
        if parameters is not None:
            model.load(parameters)
        masks = {name: torch.from_numpy(mask) for name, mask in (masks or {}).items()}
        _apply(model, masks)
        first = slice(limit or None)
        split = _tensors(data, data.train.inputs[first], data.train.labels[first])
        held_out = _tensors(data, data.held_out.inputs, data.held_out.labels)
        log = _run_epochs(model, split, held_out, options, masks)
        parameters = model.arrays()
    if not all(np.isfinite(array).all() for array in parameters.values()):
        raise UserError("training diverged: weights are no longer finite; give a smaller --learning-rate")
    return Outcome(parameters, log)


@contextlib.contextmanager
def _determinism(seed):
    """One thread and deterministic algorithms: the order of floating-point sums is then fixed."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)
        torch.set_num_threads(threads)


def _tensors(data, inputs, labels):
    return torch.from_numpy(data.real(inputs).astype(np.float32)), torch.from_numpy(labels.astype(np.int64))


def _run_epochs(model, train_split, held_out, options, masks):
    epochs, batch = options["epochs"], options["batch_size"]
    optimiser = torch.optim.Adam(model.parameters(), lr=options["learning_rate"], weight_decay=options["weight_decay"])
    batches = max(1, -(-len(train_split[1]) // batch))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=max(1, epochs * batches))
    lines = ["epoch,loss,train_accuracy,held_out_accuracy"]
    with tqdm(total=epochs * batches, unit="batch", disable=not sys.stderr.isatty(), leave=False) as bar:
        for epoch in range(1, epochs + 1):
            loss, train_accuracy = _epoch(model, train_split, batch, optimiser, schedule, masks, bar)
            accuracy = _accuracy(model, held_out)
            lines.append(f"{epoch},{loss:.6f},{train_accuracy:.6f},{accuracy:.6f}")
            result = f"loss {loss:.4f}  accuracy: training {train_accuracy:.2%}, held out {accuracy:.2%}"
            tqdm.write(f"epoch {epoch:3d}/{epochs}  {result}", file=sys.stderr)
    return "\n".join(lines) + "\n"


def _epoch(model, split, batch, optimiser, schedule, masks, bar):
    """Mean loss and accuracy over one pass, measured while training."""
    inputs, labels = split
    model.train()
    total_loss, correct = 0.0, 0
    for chosen in torch.randperm(len(labels)).split(batch):
        if len(chosen) == 1 and len(labels) > 1:
            continue  # batch normalisation has no variance of a single sample
        optimiser.zero_grad()
        logits = model(inputs[chosen])
        loss = functional.cross_entropy(logits, labels[chosen])
        loss.backward()
        optimiser.step()
        schedule.step()
        _apply(model, masks)
        total_loss += loss.item() * len(chosen)
        correct += int((logits.argmax(1) == labels[chosen]).sum())
        bar.update()
    return total_loss / len(labels), correct / len(labels)


@torch.no_grad()
def _apply(model, masks):
    for name, weight in model.weights().items():
        if name in masks:
            weight.mul_(masks[name])


@torch.no_grad()
def _accuracy(model, split):
    inputs, labels = split
    model.eval()
    return float((model(inputs).argmax(1) == labels).float().mean())
