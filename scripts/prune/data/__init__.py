# SPDX-License-Identifier: Apache-2.0
"""Data sets: one file per data set, each adding itself to `DATA_SETS`."""
import dataclasses
import hashlib

import numpy as np

from prune.registry import Registry

DATA_SETS = Registry("data set", "prune.data")


@dataclasses.dataclass(frozen=True)
class Split:
    """Samples as stored codes, (N, C, H, W) in uint8 or uint16, and labels, (N,) whole numbers from 0."""

    inputs: np.ndarray
    labels: np.ndarray


@dataclasses.dataclass(frozen=True)
class DataSet:
    """A labelled data set. The real value of a stored code q is `scale` * (q - `zero_point`)."""

    name: str
    source: str
    bits: int
    scale: float
    zero_point: int
    train: Split
    held_out: Split

    def real(self, inputs):
        """Stored codes as float64 real values."""
        return (inputs.astype(np.float64) - self.zero_point) * self.scale


def data_set(name):
    """Decorator that registers a function returning a DataSet."""
    return lambda load: DATA_SETS.add(name, load)


def stable_order(name, count):
    """A fixed order of `count` samples that depends on `name` only: not on a library, its version or a seed."""
    return sorted(range(count), key=lambda i: hashlib.sha256(f"{name}:{i}".encode()).digest())
