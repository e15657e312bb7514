# SPDX-License-Identifier: Apache-2.0
"""Parameters of a network from a PyTorch file that others published; it cannot run any code of its own."""
from pathlib import Path

import numpy as np
import torch

from prune import tensor_pickle
from prune.errors import UserError

_PARALLEL = "module."  # torch.nn.DataParallel puts it before every name
_COUNTER = "num_batches_tracked"  # of batch normalisation; only training reads it


def read(path, expected, published):
    """Parameters as float32 arrays by name.

    `expected` gives shapes by name, `published` the file's key for a name. Raises UserError with everything that is
    missing, unexpected or does not fit.
    """
    tensors = _tensors(Path(path))
    keys = {name: published(name) for name in expected}
    problems = [f"{key!r} is missing" for key in keys.values() if key not in tensors]
    known = set(keys.values())
    problems += [f"{key!r} is unexpected" for key in tensors if key not in known and not key.endswith(_COUNTER)]
    result = {}
    for name, key in keys.items():
        if key in tensors:
            problem = _problem(tensors[key], expected[name])
            if problem:
                problems.append(f"{key!r} {problem}")
            else:
                result[name] = np.array(tensors[key].detach().to(torch.float32).numpy(), order="C")
    if problems:
        raise UserError.at(path, f"does not fit the network: {'; '.join(problems)}; name its network with --network")
    return result


def _problem(tensor, shape):
    if tuple(tensor.shape) != tuple(shape):
        return f"has shape {list(tensor.shape)} instead of {list(shape)}"
    if not tensor.is_floating_point():
        return f"holds {tensor.dtype} instead of floating-point numbers"
    return "" if torch.isfinite(tensor).all() else "holds numbers that are not finite"


def _tensors(path):
    """The tensors of a state_dict, or of a checkpoint that holds one, by key without the prefix of DataParallel."""
    try:
        content = tensor_pickle.load(path)
    except OSError as error:
        raise UserError.at(path, f"cannot be read ({error.strerror}); give a PyTorch file") from None
    except tensor_pickle.NotTensors as error:
        raise UserError.at(
            path,
            f"is not a PyTorch file of tensors only, or not a whole one ({error}); get the file again"
        ) from None
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not content or not all(isinstance(v, torch.Tensor) for v in content.values()):
        raise UserError.at(path, "holds no state_dict, a map of tensors; save the model's state_dict() with torch.save")
    prefix = _PARALLEL if all(str(key).startswith(_PARALLEL) for key in content) else ""
    return {str(key)[len(prefix) :]: tensor for key, tensor in content.items()}
