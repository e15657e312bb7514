# SPDX-License-Identifier: Apache-2.0
"""Quantisation: float network and calibration samples in, integer network out."""
from prune.quantise.options import OPTIONS
from prune.quantise.lower import quantise

__all__ = ["OPTIONS", "quantise"]
