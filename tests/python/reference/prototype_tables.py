# SPDX-License-Identifier: Apache-2.0
"""What squeezing and grouping do to random weights in the shapes of the CIFAR ResNet-18: crossbars, cycles, loss.

Weights are drawn per layer by NumPy's PCG64, quantised to SME's pattern of 3 consecutive bits out of 8 (scale: a power
of two per layer) and laid out on 128 x 128 crossbars of one-bit cells, magnitudes only, for 8-bit inputs. Prints the
tables for several seeds:

    python3 tests/python/reference/prototype_tables.py --seeds 5
"""
import argparse
from dataclasses import dataclass

import numpy as np

import s_window
import squeeze as sq

R, PLANES, WINDOW, ACTIVATION_BITS, DEGREES = 128, 8, 3, 8, (1, 2, 3)
# (input channels, kernel size, output channels, how many) of the convolutions
SHAPES = [(3, 3, 64, 1), (64, 3, 64, 4), (64, 3, 128, 1), (128, 3, 128, 3), (64, 1, 128, 1), (128, 3, 256, 1),
          (256, 3, 256, 3), (128, 1, 256, 1), (256, 3, 512, 1), (512, 3, 512, 3), (256, 1, 512, 1)]
DISTRIBUTIONS = {
    "gaussian": lambda random, shape: random.standard_normal(shape),
    "laplace": lambda random, shape: random.laplace(size=shape),
    "t5": lambda random, shape: random.standard_t(5, shape),
    "t3": lambda random, shape: random.standard_t(3, shape),
}


@dataclass
class LayerFacts:
    """All that squeezing needs of a layer, by row and column block of one layer.

    ones: bit i is set where any weight has bit i; first: first plane; loss: squared error by degree of shift; each
    [rows, column blocks].
    """

    ones: np.ndarray
    first: np.ndarray
    loss: list
    squared_weight: int


def facts(codes):
    """`codes`: integer weights [rows, channels]."""
    edges = np.arange(0, codes.shape[1], R)
    magnitudes = np.abs(codes)
    loss = [np.add.reduceat((magnitudes % 2**d) ** 2, edges, axis=1) for d in range(max(DEGREES) + 1)]
    ones = np.bitwise_or.reduceat(magnitudes, edges, axis=1)
    first = np.stack([sq.first_planes(column[:, None], PLANES, 1) for column in ones.T], axis=1)
    return LayerFacts(ones, first, loss, int((magnitudes**2).sum()))


def random_network(distribution, seed):
    random = np.random.Generator(np.random.PCG64(seed))
    layers = []
    for channels, kernel, filters, count in SHAPES:
        for _ in range(count):
            weights = DISTRIBUTIONS[distribution](random, (channels * kernel * kernel, filters))
            scale = s_window.power_of_two_scale(weights, WINDOW)
            layers.append(facts(s_window.codes(weights, WINDOW, PLANES, scale)))
    return layers


@dataclass
class Totals:
    """occupied: row groups that occupy each plane, most significant first; cycles: sum of the stream lengths;
    crossbar_cycles: sum of occupied planes x stream length; error: squared."""

    occupied: np.ndarray
    cycles: int = 0
    crossbar_cycles: int = 0
    error: int = 0

    @property
    def crossbars(self):
        return int(self.occupied.sum())


def squeezed_block(layer, rows, degree, mode):
    """By column block of one row block: OR of the stored weights, stream length, squared error."""
    shift = sq.steps(layer.first[rows], degree, mode)
    stored = np.bitwise_or.reduce(layer.ones[rows] >> shift, axis=0)
    error = np.choose(shift, [loss[rows] for loss in layer.loss]).sum(axis=0)
    return stored, ACTIVATION_BITS + shift.max(axis=0), error


def planes_of(stored):
    """Number of occupied planes of each group."""
    return sum((stored >> bit) & 1 for bit in range(PLANES))


def totals(layers, degree, grouping="original", mode="exact", policy="all"):
    """The whole network squeezed by `degree`."""
    result = Totals(np.zeros(PLANES, dtype=np.int64))
    for layer in layers:
        order = np.arange(len(layer.ones))
        if grouping == "sorted" and degree:
            order = sq.sorted_rows(np.bitwise_or.reduce(layer.ones, axis=1)[:, None], degree, PLANES, 1)
        for top in range(0, len(order), R):
            rows = order[top : top + R]
            stored, cycles, error = squeezed_block(layer, rows, degree, mode)
            if policy == "winning":
                plain, plain_cycles, _ = squeezed_block(layer, rows, 0, mode)
                wins = ((planes_of(stored) <= planes_of(plain))
                        & (planes_of(stored) * cycles < planes_of(plain) * plain_cycles))
                stored, cycles = np.where(wins, stored, plain), np.where(wins, cycles, plain_cycles)
                error = np.where(wins, error, 0)
            result.occupied += [int((stored >> (PLANES - 1 - plane) & 1).sum()) for plane in range(PLANES)]
            result.cycles += int(cycles.sum())
            result.crossbar_cycles += int((planes_of(stored) * cycles).sum())
            result.error += int(error.sum())
    return result


def groups(layers):
    return sum(-(-len(layer.ones) // R) * layer.ones.shape[1] for layer in layers)


def squeeze_row(layers, degree, **options):
    """Cycles and crossbar-cycles for original and sorted rows and the relative squared error of the original order."""
    original, grouped = (totals(layers, degree, order, **options) for order in ("original", "sorted"))
    dense = groups(layers) * PLANES * ACTIVATION_BITS
    weight = sum(layer.squared_weight for layer in layers)
    return (original.cycles, grouped.cycles, original.crossbar_cycles / dense, grouped.crossbar_cycles / dense,
            original.error / weight)


def main():
    parser = argparse.ArgumentParser(description="Print the tables of crossbars, cycles and loss of random weights.")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    for name in DISTRIBUTIONS:
        networks = [random_network(name, seed) for seed in range(options.seeds)]
        plain = [totals(layers, 0) for layers in networks]
        print(f"{name}: crossbars by seed {[t.crossbars for t in plain]}, "
              f"mean occupied groups by plane {np.mean([t.occupied for t in plain], axis=0).tolist()}", flush=True)
        for mode, policy in (("exact", "all"), ("exact", "winning"), ("mask", "all"), ("mask", "winning")):
            for degree in DEGREES:
                rows = np.array([squeeze_row(layers, degree, mode=mode, policy=policy) for layers in networks])
                values, spread = rows.mean(axis=0), rows.std(axis=0)
                print(f"  {mode:5} {policy:7} D={degree}: cycles {values[0]:.0f} (sd {spread[0]:.0f}) sorted "
                      f"{values[1]:.0f} (sd {spread[1]:.0f}), crossbar-cycles {values[2]:.3f} (sd {spread[2]:.3f}) "
                      f"sorted {values[3]:.3f} (sd {spread[3]:.3f}), error {values[4]:.2e} (sd {spread[4]:.1e})",
                      flush=True)


if __name__ == "__main__":
    main()
