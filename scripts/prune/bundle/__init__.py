# SPDX-License-Identifier: Apache-2.0
"""Workload bundles, the folders that the simulator reads: their writer, their strict reader and their check."""
import dataclasses

import numpy as np

from prune.quantised import QuantisedNetwork

MARKER = "network.yaml"
PROVENANCE = "provenance.yaml"
FORMAT = "squeezebar-bundle"
VERSION = 1


@dataclasses.dataclass(frozen=True)
class Bundle:
    """A quantised network with, optionally, samples and the reference's outputs for the first of them.

    `inputs` (N, C, H, W) are stored codes, `labels` (N,) class numbers, `expected` (n, outputs) stored codes.
    `provenance` is the content of provenance.yaml.
    """

    network: QuantisedNetwork
    provenance: dict
    inputs: np.ndarray = None
    labels: np.ndarray = None
    expected: np.ndarray = None
