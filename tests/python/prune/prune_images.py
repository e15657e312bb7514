# SPDX-License-Identifier: Apache-2.0
"""A data folder with a CIFAR-10 of random images, and a state_dict of random numbers that fits ResNet-20."""
import numpy as np

from prune.networks import NETWORKS

IMAGES = 6


def write_cifar10(folder, images=IMAGES):
    """Batch files in CIFAR-10's binary layout under folder/cifar10."""
    (folder / "cifar10").mkdir(parents=True)
    for seed, name in enumerate(("data_batch_1", "test_batch")):
        records = np.random.default_rng(seed).integers(0, 256, size=(images, 3073), dtype=np.uint8)
        records[:, 0] %= 10
        (folder / "cifar10" / f"{name}.bin").write_bytes(records.tobytes())


def resnet20_state(prefix="module."):
    """Random tensors under the published keys of ResNet-20, as a torch state_dict."""
    import torch

    network, rng = NETWORKS.get("resnet20"), np.random.default_rng(1)
    state = {}
    for name, shape in network.build().parameter_shapes().items():
        values = rng.uniform(0.5, 1.5, size=shape) if len(shape) == 1 else rng.normal(size=shape) * 0.1
        key = prefix + network.published(name)
        state[key] = torch.from_numpy(values.astype(np.float32))
        if name.endswith("running_var"):
            state[key.replace("running_var", "num_batches_tracked")] = torch.tensor(7)
    return state
