# SPDX-License-Identifier: Apache-2.0
"""CIFAR-10 (Krizhevsky, 2009) in its binary layout: 32 x 32 colour images of 10 classes.

Looks in `cifar10/` of the folder named by SQUEEZEBAR_DATA, else of `../shared/data` beside the repository, for
`test_batch.bin` and at least one of `data_batch_1.bin` .. `data_batch_5.bin`, each as it is or compressed (`.xz`).
"""
import lzma
import os
from pathlib import Path

import numpy as np

from prune.data import DataSet, Split, data_set
from prune.errors import UserError

_RECORD = 1 + 3 * 32 * 32  # a label byte and three planes, row by row
_BATCHES = [f"data_batch_{i}" for i in range(1, 6)]
_REPOSITORY = Path(__file__).resolve().parents[3]


@data_set("cifar10")
def load():
    """Pixels are stored as they are, codes 0..255 for 0..1; held out are the 10000 official test images."""
    folder = data_folder() / "cifar10"
    train = [split for split in (_read(folder, name) for name in _BATCHES) if split is not None]
    held_out = _read(folder, "test_batch")
    if held_out is None or not train:
        raise UserError.at(
            folder,
            f"needs test_batch.bin and one or more of data_batch_1.bin .. data_batch_5.bin, also as .xz "
            "(CIFAR-10, binary version); unpack them there or set SQUEEZEBAR_DATA to the folder that holds cifar10/"
        )
    inputs, labels = (np.concatenate([getattr(split, part) for split in train]) for part in ("inputs", "labels"))
    return DataSet(
        name="cifar10",
        source="CIFAR-10 (A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009)",
        bits=8,
        scale=1 / 255,
        zero_point=0,
        train=Split(inputs, labels),
        held_out=held_out,
    )


def data_folder():
    """The folder of large data sets and networks, whether it exists or not."""
    return Path(os.environ.get("SQUEEZEBAR_DATA") or _REPOSITORY.parent / "shared" / "data")


def _read(folder, name):
    """The images of one batch file, or None if there is no such file."""
    for file, opened in ((folder / f"{name}.bin", open), (folder / f"{name}.bin.xz", lzma.open)):
        try:
            with opened(file, "rb") as stream:
                return _decode(stream.read(), file)
        except FileNotFoundError:
            continue
        except (OSError, EOFError, lzma.LZMAError) as error:
            reason = getattr(error, "strerror", None) or "it is no whole .xz file"
            raise UserError.at(file, f"cannot be read ({reason}); get the file again") from None
    return None


def _decode(content, file):
    if not content or len(content) % _RECORD:
        raise UserError.at(file, f"{len(content)} bytes are no whole number of {_RECORD}-byte images; get it again")
    records = np.frombuffer(content, dtype=np.uint8).reshape(-1, _RECORD)
    if records[:, 0].max() > 9:
        raise UserError.at(file, "has a label above 9, so it is not CIFAR-10's binary version; get it again")
    return Split(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].copy())
