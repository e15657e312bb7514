# SPDX-License-Identifier: Apache-2.0
"""Reads PyTorch files that hold tensors, numbers, texts, lists and maps; such a file cannot run any code of its own."""
import contextlib
import io
import pickle
import types
import warnings
from pathlib import Path

import torch

from prune import pickle_references
from prune.pickle_references import NotTensors

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
    """The content of a file written by torch.save, on the CPU.

    Raises OSError, or NotTensors with the same words for every version of PyTorch: what the file refers to is looked at
    before PyTorch sees it, and what PyTorch then says, with advice and colours, is for programmers.
    """
    content = Path(path).read_bytes()
    pickle_references.check(content, _is_allowed)
    try:
        with _numbers_allowed(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception:  # torch.load raises errors of any kind over damaged bytes
        raise NotTensors(f"PyTorch {torch.__version__} cannot load it") from None


def _is_allowed(module, name):
    is_storage = module in ("torch", "torch.cuda", "torch.storage") and name.endswith("Storage")
    return is_storage or (module, name) in _ALLOWED


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
