# SPDX-License-Identifier: Apache-2.0
"""Converter steps from the sums of sample inputs, written straight from the definitions, in Python's own integers.

A histogram is a list: how often each sum was converted.
"""
from dataclasses import dataclass, field

import numpy as np
import yaml

STEP_ONE = 256  # converter steps are k / 256


def least_step(total, top):
    """k of the smallest step with which the highest code reaches a sum."""
    return max(STEP_ONE, -(-STEP_ONE * total // top))


def threshold(histogram, percentile):
    """The smallest sum such that at least the share of all sums is no larger."""
    wanted = round(percentile * 1e6) * sum(histogram)
    return next(total for total in range(len(histogram)) if sum(histogram[: total + 1]) * 10**8 >= wanted)


def squared_error(histogram, step, top):
    """Of a step, in 1/256, over all sums."""
    return sum(count * (STEP_ONE * total - min(top, (2 * STEP_ONE * total + step) // (2 * step)) * step) ** 2
               for total, count in enumerate(histogram) if count)


def step_of(histogram, bound, adc_bits, by, percentile):
    top = 2**adc_bits - 1
    if by == "percentile":
        return least_step(threshold(histogram, percentile), top)
    candidates = {STEP_ONE, least_step(bound, top)} | {least_step(total, top) for total, n in enumerate(histogram) if n}
    return min(candidates, key=lambda step: (squared_error(histogram, step, top), step))


@dataclass
class Pool:
    """Crossbars that share a step: their sums, and the largest that any of them can reach."""

    histogram: list = field(default_factory=list)
    bound: int = 0
    steps: dict = field(default_factory=dict)

    def add(self, histogram, bound):
        longer, shorter = sorted([self.histogram, histogram], key=len, reverse=True)
        self.histogram = [n + (shorter[i] if i < len(shorter) else 0) for i, n in enumerate(longer)]
        self.bound = max(self.bound, bound)

    def step(self, adc_bits, by, percentile):
        """None if nothing was seen."""
        if not any(self.histogram):
            return None
        key = adc_bits, by, percentile
        if key not in self.steps:
            self.steps[key] = step_of(self.histogram, self.bound, *key)
        return self.steps[key]


def pools_of(keys, histograms, bounds):
    """One pool for each distinct key; returns that of each crossbar."""
    pools = {key: Pool() for key in keys}
    for key, histogram, bound in zip(keys, histograms, bounds):
        pools[key].add(histogram, bound)
    return [pools[key] for key in keys]


def counted(*sums):
    """A histogram of the entries of some arrays."""
    longest = max((int(part.max()) for part in sums if part.size), default=-1)
    histogram = np.zeros(longest + 1, dtype=np.int64)
    for part in sums:
        histogram += np.bincount(part.ravel(), minlength=longest + 1)
    return histogram.tolist()


def stored_differences(folder, layers):
    """What in a stored calibration is not as in `layers`: histograms by name."""
    problems = []
    stored = yaml.safe_load((folder / "calibration.yaml").read_text())["layers"]
    files = {entry["name"]: entry["histograms"]["file"] for entry in stored}
    if sorted(files) != sorted(layers):
        return [f"layers: {sorted(files)} instead of {sorted(layers)}"]
    for name, histograms in layers.items():
        got = np.load(folder / files[name])
        width = max([1, *(len(np.trim_zeros(histogram, "b")) for histogram in histograms)])
        wanted = np.zeros((len(histograms), width), dtype=np.int64)
        for row, histogram in zip(wanted, histograms):
            trimmed = np.trim_zeros(histogram, "b")
            row[: len(trimmed)] = trimmed
        if got.dtype != np.int64 or not np.array_equal(got, wanted):
            problems.append(f"{name}: histograms differ, {got.shape} instead of {wanted.shape}")
    return problems
