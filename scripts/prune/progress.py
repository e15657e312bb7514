# SPDX-License-Identifier: Apache-2.0
"""The state of a training run after its last whole epoch, so that it survives an interruption."""
import json
import os
import shutil
from pathlib import Path

import torch

from prune import tensor_pickle
from prune.errors import UserError
from prune.interrupt import at_stake

_STATE = "state.pt"


class Progress:
    """A folder beside the result folder `output` that holds one state and disappears with `discard`.

    `identity` (a map of plain values) says which run it belongs to: a state of another run is refused.
    """

    def __init__(self, output, identity, resume):
        path = Path(output)
        self.folder = path.parent / f"{path.name}.training"
        self._identity = json.dumps(identity, sort_keys=True)
        if not resume and (self.folder / _STATE).exists():
            raise UserError.at(
                self.folder,
                f"holds the state of an interrupted run; give --resume to go on with it or delete the "
                "folder to start again"
            )

    def load(self):
        """The state saved last, or None if there is none yet."""
        file = self.folder / _STATE
        try:
            content = tensor_pickle.load(file)
        except FileNotFoundError:
            return None
        except (OSError, tensor_pickle.NotTensors) as error:
            reason = getattr(error, "strerror", None) or error
            raise UserError.at(file, f"cannot be read ({reason}); delete {self.folder} to start again") from None
        if not isinstance(content, dict) or content.get("identity") != self._identity or "state" not in content:
            raise UserError.at(
                file,
                f"belongs to a run with other options or another start; give the same options as then, or "
                f"delete {self.folder} to start again"
            )
        return content["state"]

    def save(self, state):
        """Replaces the stored state; a reader sees the old one or the new one."""
        try:
            self.folder.mkdir(exist_ok=True)
            temporary = self.folder / f"{_STATE}.partial"
            with at_stake(lambda: temporary.unlink(missing_ok=True)):
                torch.save({"identity": self._identity, "state": state}, temporary)
            os.replace(temporary, self.folder / _STATE)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "PyTorch could not write all of it"
            raise UserError.at(self.folder, f"the state of training cannot be written ({reason}); free some space") from None

    def discard(self):
        shutil.rmtree(self.folder, ignore_errors=True)
