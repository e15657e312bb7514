# SPDX-License-Identifier: Apache-2.0
"""How to quantise all but the weights; declared once for the command line, the checks and the provenance."""
from prune.options import Option

OPTIONS = (
    Option("activation_bits", int, 8, "Bits of an activation.", minimum=2, maximum=16),
    Option(
        "output_bits",
        int,
        16,
        "Bits of the network's signed output; many, so that logits do not tie.",
        minimum=2,
        maximum=16,
    ),
    Option(
        "calibration",
        str,
        "max",
        "The range of an activation is the largest value seen (max) or a percentile of the values (percentile).",
        choices=("max", "percentile"),
    ),
    Option("percentile", float, 99.9, "Percentile used by --calibration percentile.", minimum=50.0, maximum=100.0),
    Option("calibration_samples", int, 512, "Training samples to calibrate with; fewer if there are fewer.", minimum=1),
    Option(
        "signed_activations",
        str,
        "symmetric",
        "How to store activations that can be negative: as signed codes about zero (symmetric; needs a 1-bit DAC "
        "if a crossbar reads them) or as unsigned codes with a zero point (affine).",
        choices=("symmetric", "affine"),
    ),
)
