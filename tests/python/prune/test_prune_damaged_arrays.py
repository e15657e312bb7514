# SPDX-License-Identifier: Apache-2.0
"""Damaged files of arrays: NumPy's errors are of many kinds, what the user reads is one sentence of ours."""
import io
import random

import numpy as np
import pytest

from prune import checkpoint
from prune.bundle import tensors
from prune.errors import UserError


def damaged(content, seed, begin=0, end=None):
    """Three bytes of the content between begin and end replaced."""
    rng, result = random.Random(seed), bytearray(content)
    for _ in range(3):
        result[rng.randrange(begin, end or len(result))] = rng.randrange(256)
    return bytes(result)


@pytest.fixture(scope="module")
def arrays():
    """The bytes of an archive and of a single array."""
    archive, single = io.BytesIO(), io.BytesIO()
    np.savez_compressed(archive, **{"a.weight": np.arange(20, dtype=np.float32), "b": np.zeros((3, 3), np.float32)})
    np.save(single, np.zeros((3, 4), np.float32))
    return archive.getvalue(), single.getvalue()


@pytest.mark.parametrize("seeds", [range(200), range(200, 400)])
def test_damaged_parameters_are_told_in_our_words(tmp_path, arrays, seeds):
    file = tmp_path / "parameters.npz"
    for seed in seeds:
        file.write_bytes(damaged(arrays[seed % 2], seed))
        try:
            checkpoint._load_parameters(file)
        except UserError as error:
            assert str(error) == f"{file}: cannot be read (it is no archive of arrays, or not a whole one); make the checkpoint again"


def test_an_array_in_place_of_an_archive_is_refused(tmp_path, arrays):
    (tmp_path / "parameters.npz").write_bytes(arrays[1])
    with pytest.raises(UserError, match="it is no archive of arrays"):
        checkpoint._load_parameters(tmp_path / "parameters.npz")


def test_parameters_that_are_not_there_say_so(tmp_path):
    with pytest.raises(UserError, match=r"cannot be read \(No such file or directory\)"):
        checkpoint._load_parameters(tmp_path / "parameters.npz")


def test_damaged_headers_are_told_in_our_words(arrays):
    for seed in range(500):
        try:
            tensors._parse("x.npy", damaged(arrays[1], seed, 8, 128), np.dtype("<f4"), (3, 4), "here")
        except UserError as error:
            assert "\n" not in str(error) and str(error).startswith("x.npy: ")
