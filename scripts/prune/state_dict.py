# SPDX-License-Identifier: Apache-2.0
"""Parameters of a network from a state_dict that others published."""
from pathlib import Path

import numpy as np

from prune import torch_file
from prune.errors import UserError

_PARALLEL = "module."  # torch.nn.DataParallel puts it before every name
_COUNTER = "num_batches_tracked"  # of batch normalisation; only training reads it


def read(path, expected, published):
    """Parameters as float32 arrays by name.

    `expected` gives shapes by name, `published` the file's key for a name. Raises UserError with everything that is
    missing, unexpected or does not fit.
    """
    arrays = _arrays(Path(path))
    keys = {name: published(name) for name in expected}
    problems = [f"{key!r} is missing" for key in keys.values() if key not in arrays]
    known = set(keys.values())
    problems += [f"{key!r} is unexpected" for key in arrays if key not in known and not key.endswith(_COUNTER)]
    result = {}
    for name, key in keys.items():
        if key in arrays:
            problem = _problem(arrays[key], expected[name])
            if problem:
                problems.append(f"{key!r} {problem}")
            else:
                result[name] = arrays[key].astype(np.float32)
    if problems:
        raise UserError(f"{path}: does not fit the network: {'; '.join(problems)}; name its network with --network")
    return result


def _problem(array, shape):
    if array.shape != tuple(shape):
        return f"has shape {list(array.shape)} instead of {list(shape)}"
    if array.dtype.kind != "f":
        return f"holds {array.dtype} instead of floating-point numbers"
    with np.errstate(over="ignore"):
        finite = np.isfinite(array.astype(np.float32)).all()
    return "" if finite else "holds numbers that are not finite"


def _arrays(path):
    """The tensors of a state_dict, or of a checkpoint that holds one, by key without the prefix of DataParallel."""
    try:
        content = torch_file.load(path.read_bytes())
        if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
            content = content["state_dict"]
        tensors = isinstance(content, dict) and all(isinstance(v, torch_file.Tensor) for v in content.values())
        if not tensors or not content:
            raise UserError(
                f"{path}: holds no state_dict, a map of tensors; save the model's state_dict() with torch.save"
            )
        arrays = {str(key): tensor.array() for key, tensor in content.items()}
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error}); give a PyTorch file") from None
    except torch_file.FileFault as error:
        raise UserError(
            f"{path}: is not a PyTorch file of tensors only, or not a whole one ({error}); get the file again"
        ) from None
    prefix = _PARALLEL if all(key.startswith(_PARALLEL) for key in arrays) else ""
    return {key[len(prefix) :]: array for key, array in arrays.items()}
