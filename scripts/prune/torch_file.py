# SPDX-License-Identifier: Apache-2.0
"""Tensors from files that torch.save wrote, in its zip format and in the one before PyTorch 1.6.

Such a file is a pickle, and unpickling calls whatever the file names. Here only the few names of tensors are known,
and they mean types of this module; torch.load of PyTorch 1.13 either refuses plain numbers beside the tensors
(weights_only) or runs the file's code.
"""
import collections
import dataclasses
import io
import math
import pickle
import zipfile

import numpy as np

_DTYPES = {
    "FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "BoolStorage": "?", "ByteStorage": "u1",
    "CharStorage": "i1", "ShortStorage": "<i2", "IntStorage": "<i4", "LongStorage": "<i8",
}  # fmt: skip
_MAGIC, _PROTOCOL = 0x1950A86A20F9469CFC6C, 1001  # of the older format
_FAULTS = (
    pickle.UnpicklingError, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError,
    OverflowError, RecursionError, MemoryError, NotImplementedError,
)  # fmt: skip


class FileFault(Exception):
    """The file is damaged, or is not one of tensors; the text says why."""


@dataclasses.dataclass
class Tensor:
    """A view of a storage: `offset`, `size` and `stride` in elements."""

    storage: "_Storage"
    offset: int
    size: tuple
    stride: tuple

    def array(self):
        """A copy as a NumPy array; raises FileFault for a view that does not fit its storage."""
        numbers = (self.offset, *self.size, *self.stride)
        if len(self.size) != len(self.stride) or not all(isinstance(n, int) and n >= 0 for n in numbers):
            raise FileFault("a tensor has no proper shape")
        data = self.storage.array()
        last = self.offset + sum((n - 1) * step for n, step in zip(self.size, self.stride))
        if math.prod(self.size) > len(data) or (0 not in self.size and last >= len(data)):
            raise FileFault("a tensor lies outside its storage")
        if 0 in self.size:
            return np.empty(self.size, data.dtype)
        steps = [step * data.itemsize for step in self.stride]
        return np.array(np.lib.stride_tricks.as_strided(data[self.offset :], self.size, steps), order="C")


@dataclasses.dataclass
class _Storage:
    dtype: np.dtype
    key: str
    count: int
    data: bytes = b""

    def array(self):
        if len(self.data) != self.count * self.dtype.itemsize:
            raise FileFault("a storage is cut short")
        return np.frombuffer(self.data, self.dtype)


def load(content):
    """What torch.save stored in the bytes `content`, with Tensor for every tensor; raises FileFault."""
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            return _load_zip(zipfile.ZipFile(io.BytesIO(content)))
        return _load_old(io.BytesIO(content))
    except _FAULTS as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FileFault(reason) from None


def _load_zip(archive):
    pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise FileFault("it holds no data.pkl")
    folder = pickles[0][: -len("data.pkl")]
    if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder") != b"little":
        raise FileFault("its numbers are big-endian")
    reader = _Unpickler(io.BytesIO(archive.read(pickles[0])))
    result = reader.load()
    for key, storage in reader.storages.items():
        storage.data = archive.read(f"{folder}data/{key}")
    return result


def _load_old(stream):
    if (_Unpickler(stream).load(), _Unpickler(stream).load()) != (_MAGIC, _PROTOCOL):
        raise FileFault("it has no header of PyTorch")
    if not _Unpickler(stream).load()["little_endian"]:
        raise FileFault("its numbers are big-endian")
    reader = _Unpickler(stream)
    result = reader.load()
    for key in _Unpickler(stream).load():
        storage = reader.storages[key]
        stream.read(8)  # the count again
        storage.data = stream.read(storage.count * storage.dtype.itemsize)
    return result


class _Unpickler(pickle.Unpickler):
    """Knows the names of tensors only; collects the storages that the pickle refers to."""

    def __init__(self, stream):
        super().__init__(stream)
        self.storages = {}

    def find_class(self, module, name):
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor"): _tensor,  # before PyTorch 0.4
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch._utils", "_rebuild_parameter"): _parameter,
        }
        if module in ("torch", "torch.cuda") and name in _DTYPES:
            return np.dtype(_DTYPES[name])
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"it refers to {module}.{name}")
        return known[module, name]

    def persistent_load(self, identity):
        kind, dtype, key, _, count, *view = identity
        if kind != "storage" or not isinstance(dtype, np.dtype) or any(part is not None for part in view):
            raise pickle.UnpicklingError("it refers to something other than a storage")
        return self.storages.setdefault(key, _Storage(dtype, key, count))


def _tensor(storage, offset, size, stride, *_):
    return Tensor(storage, offset, tuple(size), tuple(stride))


def _parameter(tensor, *_):
    return tensor
