# SPDX-License-Identifier: Apache-2.0
"""Reads PyTorch files that hold tensors, numbers, texts, lists and maps; such a file cannot run any code of its own."""
import contextlib
import pickle
import types

import torch

# All that a pickle of such things refers to; storages are resolved by torch.load itself.
_ALLOWED = {
    ("collections", "OrderedDict"),
    ("torch._utils", "_rebuild_parameter"),
    ("torch._utils", "_rebuild_tensor"),
    ("torch._utils", "_rebuild_tensor_v2"),
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it refers to {module}.{name}")
        return super().find_class(module, name)


_PICKLE = types.ModuleType("tensors_only")
_PICKLE.Unpickler = _Unpickler
_PICKLE.load = lambda file, **options: _Unpickler(file, **options).load()


def load(path):
    """The content of a file written by torch.save, on the CPU; raises what torch.load raises."""
    with _numbers_allowed():
        return torch.load(path, map_location="cpu", weights_only=True)


@contextlib.contextmanager
def _numbers_allowed():
    """Up to PyTorch 1.13 weights_only refuses plain numbers, and torch.load ignores a pickle_module it is given.

    There the unpickler of weights_only is replaced; where a version has another one, its own is as strict.
    """
    serialization, name = torch.serialization, "_weights_only_unpickler"
    original = getattr(serialization, name, None)
    if original is None or hasattr(original, "BINFLOAT"):
        yield
        return
    setattr(serialization, name, _PICKLE)
    try:
        yield
    finally:
        setattr(serialization, name, original)
