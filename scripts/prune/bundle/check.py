# SPDX-License-Identifier: Apache-2.0
"""Checks a bundle against the integer reference."""
import dataclasses

import numpy as np

from prune import convolution, reference
from prune.errors import UserError


@dataclasses.dataclass(frozen=True)
class Check:
    """What the reference found: samples compared and counted, and the accuracy (None without labels)."""

    compared: int
    images: int
    accuracy: float


def check_bundle(bundle, where, images=0):
    """Runs the reference over the first `images` samples (0: all).

    Raises UserError if the expected outputs or, over the samples it was measured with, the recorded accuracy are not
    those of the reference.
    """
    if bundle.inputs is None:
        return Check(0, 0, None)
    inputs = bundle.inputs[: images or None]
    logits = reference.run(bundle.network, inputs, convolution.fastest(len(inputs)))
    compared = 0
    if bundle.expected is not None:
        compared = min(len(bundle.expected), len(inputs))
        _compare(bundle.expected[:compared], logits[:compared], where)
    if bundle.labels is None:
        return Check(compared, len(inputs), None)
    accuracy = reference.accuracy(logits, bundle.labels[: len(inputs)])
    recorded = bundle.provenance.get("quantised_accuracy_top1")
    measured = bundle.provenance.get("accuracy_images", len(bundle.inputs))
    if len(inputs) == measured and recorded is not None and accuracy != recorded:
        raise UserError.at(
            where,
            f"the reference's accuracy is {accuracy}, provenance.yaml says {recorded}; export the bundle again"
        )
    return Check(compared, len(inputs), accuracy)


def _compare(expected, actual, where):
    different = np.argwhere(expected != actual)
    if len(different):
        sample, output = different[0]
        codes = f"{expected[sample, output]} instead of {actual[sample, output]}"
        raise UserError.at(
            where,
            f"expected/outputs.npy differs from the integer reference in {len(different)} codes, "
            f"first at sample {sample}, output {output}: {codes}; export the bundle again"
        )
