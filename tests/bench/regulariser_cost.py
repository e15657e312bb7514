#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what the regulariser of D.U.B. adds to a training step of ResNet-20: one thread, batches of 128 random images.

Usage: regulariser_cost.py [--steps N]

Steps with and without it alternate; the figures are medians of processor time, so that other work on the machine shows
little. Exit status 1 when a step with the regulariser takes more than 1.5 times as long as one without, for any tile.
"""

import argparse
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

from prune.networks import NETWORKS  # noqa: E402
from prune.options import resolve  # noqa: E402
from prune.regularised import Regularised  # noqa: E402
from prune.regularisers import REGULARISERS  # noqa: E402
from prune.torch_model import TorchModel  # noqa: E402

TILES = (32, 64, 128, 256)
LIMIT = 1.5


def step_s(model, optimiser, images, labels, constraint):
    """Processor time of one step in seconds, without or with a constraint."""
    start = time.process_time()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(images), labels)
    if constraint is not None:
        loss = constraint.regularised(model, loss)
    loss.backward()
    optimiser.step()
    return time.process_time() - start


def regularised(tile):
    regulariser = REGULARISERS.get("column_variance")
    given = {"tile": str(tile), "lambda_mean": "1e-4", "missing_columns": "ignored"}
    return Regularised({}, regulariser, {**resolve(regulariser.options, given, "bench"), "layers": "convolutions"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=20, help="steps of each kind (default 20)")
    steps = parser.parse_args().steps
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = TorchModel(NETWORKS.get("resnet20").build(), channels_last=True)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    images, labels = torch.randn(128, 3, 32, 32), torch.randint(10, (128,))
    kinds = {"plain": None, **{f"tile {tile}": regularised(tile) for tile in TILES}}
    times = {name: [] for name in kinds}
    for _ in range(steps + 1):  # the first round warms up
        for name, constraint in kinds.items():
            times[name].append(step_s(model, optimiser, images, labels, constraint))
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}
    for name, seconds in medians.items():
        print(f"{name:<9} {seconds * 1e3:7.1f} ms  {seconds / medians['plain']:.3f} of a plain step")
    return 1 if max(medians.values()) > LIMIT * medians["plain"] else 0


if __name__ == "__main__":
    sys.exit(main())
