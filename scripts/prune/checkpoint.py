# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: a folder with the float parameters (parameters.npz) and how they came to be (checkpoint.json).

Weights are stored as float32, or as compressed float16 where a checkpoint must be small.
"""
import dataclasses
import hashlib
import io
import json
import warnings
from pathlib import Path

import numpy as np

from prune.errors import UserError
from prune.folder import check_folder, new_folder
from prune.networks import NETWORKS

MARKER = "checkpoint.json"
_PARAMETERS = "parameters.npz"
_LOG = "log.csv"
_FORMAT = {"format": "squeezebar-checkpoint", "version": 1}
_KEYS = ("network", "data", "seed", "method", "options", "commands", "library_versions")
_OPTIONAL = ("origin", "processor")


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    """A trained float network.

    `parameters` maps "layer.part" to float32 arrays. `method` and `options` tell how it was pruned ("none", {} if it
    was not), `commands` the command lines that made it, `library_versions` and `processor` what they ran on (no processor:
    not recorded), `origin` where the parameters come from if they were not trained by these commands.
    """

    network: str
    data: str
    seed: int
    method: str
    options: dict
    commands: list
    library_versions: dict
    parameters: dict
    origin: str = ""
    processor: str = ""

    def graph(self):
        return NETWORKS.get(self.network).build()

    def weights(self):
        """The prunable weights by layer name, in network order."""
        return {name[: -len(".weight")]: self.parameters[name] for name in self.graph().weight_names()}

    def digest(self):
        """SHA-256 over the parameters by name."""
        digest = hashlib.sha256()
        for name in sorted(self.parameters):
            digest.update(name.encode() + b"\0" + self.parameters[name].tobytes())
        return digest.hexdigest()


def check_target(path, force):
    """Refuses a folder that `save` would refuse, before hours of training."""
    check_folder(path, MARKER, force)


def save(checkpoint, log, path, force=False, half=False):
    """Writes a checkpoint folder; `log` is the text of its log.csv.

    With `half` the weights of conv2d and linear layers are rounded to float16, and the file is compressed.
    """
    settings = {**_FORMAT, **{key: getattr(checkpoint, key) for key in _KEYS}}
    settings |= {key: text for key in _OPTIONAL if (text := getattr(checkpoint, key))}
    with new_folder(path, MARKER, force) as folder:
        if half:
            np.savez_compressed(folder / _PARAMETERS, **_halved(checkpoint))
        else:
            np.savez(folder / _PARAMETERS, **checkpoint.parameters)
        (folder / _LOG).write_text(log, encoding="utf-8")
        (folder / MARKER).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _halved(checkpoint):
    weights, result = set(checkpoint.graph().weight_names()), {}
    for name, array in checkpoint.parameters.items():
        with np.errstate(over="ignore"):
            result[name] = array.astype(np.float16) if name in weights else array
        if not np.isfinite(result[name]).all():
            raise UserError(f"{name}: holds numbers beyond float16 (65504); store the checkpoint without --half")
    return result


def load_log(path):
    """The text of a checkpoint folder's log.csv; empty if there is none."""
    try:
        return (Path(path) / _LOG).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def load(path):
    """Reads a checkpoint folder; raises UserError if it is not one or does not fit its network."""
    path = Path(path)
    settings = _load_settings(path / MARKER)
    checkpoint = Checkpoint(
        **{key: settings[key] for key in _KEYS},
        parameters=_load_parameters(path / _PARAMETERS),
        **{key: str(settings.get(key, "")) for key in _OPTIONAL},
    )
    expected = checkpoint.graph().parameter_shapes()
    for name in sorted(set(expected) | set(checkpoint.parameters)):
        array = checkpoint.parameters.get(name)
        fits = array is not None and array.shape == expected.get(name) and array.dtype == np.float32
        if not fits or not np.isfinite(array).all():
            raise UserError.at(
                path / _PARAMETERS,
                f"{name!r} does not fit network {checkpoint.network!r} "
                f"(needed: finite float32 of shape {list(expected.get(name, ()))}); make the checkpoint again"
            )
    return checkpoint


def _load_settings(file):
    try:
        text = file.read_text(encoding="utf-8")
        if not text.strip("\ufeff \t\r\n"):
            raise UserError.at(f"{file}:1:1", "the file is empty; make the checkpoint again")
        settings = json.loads(text)
    except OSError as error:
        raise UserError.at(
            file,
            f"cannot be read ({error.strerror}); give a folder written by `train` or `prune`"
        ) from None
    except json.JSONDecodeError as error:
        place = f"{file}:{error.lineno}:{error.colno}"
        raise UserError.at(place, f"is not valid JSON ({error.msg}); make the checkpoint again") from None
    except (ValueError, RecursionError):
        raise UserError.at(file, "is not valid JSON in UTF-8; make the checkpoint again") from None
    if not isinstance(settings, dict):
        raise UserError.at(f"{file}:1:1", "holds no JSON object, so is not a version 1 checkpoint; make it again")
    if {key: settings.get(key) for key in _FORMAT} != _FORMAT:
        raise UserError.at(file, "is not a version 1 checkpoint; make it again with this version of the front end")
    missing = [key for key in _KEYS if key not in settings]
    if missing:
        raise UserError.at(file, f"lacks {', '.join(missing)}; make the checkpoint again")
    return settings


def _load_parameters(file):
    try:
        content = io.BytesIO(file.read_bytes())
    except OSError as error:
        raise UserError.at(file, f"cannot be read ({error.strerror}); make the checkpoint again") from None
    try:
        with warnings.catch_warnings(), np.load(content, allow_pickle=False) as archive:
            warnings.simplefilter("ignore")  # about the text of a damaged header
            arrays = {name: archive[name] for name in archive.files}
    except MemoryError:
        raise
    except Exception:  # NumPy raises errors of any kind over damaged bytes
        reason = "it is no archive of arrays, or not a whole one"
        raise UserError.at(file, f"cannot be read ({reason}); make the checkpoint again") from None
    return {name: a.astype(np.float32) if a.dtype == np.float16 else a for name, a in arrays.items()}
