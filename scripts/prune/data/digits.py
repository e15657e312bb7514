# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits that come with scikit-learn: 1797 images of 8 x 8 pixels."""
import numpy as np

from prune.data import DataSet, Split, data_set, stable_order

_HELD_OUT = 599  # a third


@data_set("digits")
def load():
    """Pixels 0..16 are stored as codes 0..255, so that all 8 input bits are in use."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = digits.images.astype(np.int64)
    codes = np.rint(pixels * 255 / 16).astype(np.uint8)[:, np.newaxis]
    labels = digits.target.astype(np.uint8)
    order = stable_order("digits", len(labels))
    held_out, train = order[:_HELD_OUT], order[_HELD_OUT:]
    return DataSet(
        name="digits",
        source="Optical Recognition of Handwritten Digits (UCI), as shipped with scikit-learn (load_digits)",
        bits=8,
        scale=16 / 255,
        zero_point=0,
        train=Split(codes[train], labels[train]),
        held_out=Split(codes[held_out], labels[held_out]),
    )
