# SPDX-License-Identifier: Apache-2.0
"""Deep and large networks of drawn weights, and how much memory a command takes for them."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from prune.bundle import Bundle
from prune.bundle.write import write_bundle
from prune.quantised import Input, Layer, Quantisation, QuantisedNetwork

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"

NETWORK = '''
from prune.graph import Builder
from prune.networks import network
from prune.networks.resnet20 import _block, _convolution, _relu


@network("deep", summary="a ResNet for CIFAR", data="drawn")
def build():
    net = Builder("image", (3, 32, 32))
    x = _relu(net, "0", _convolution(net, "0", net.input, channels=16, stride=1))
    width = 16
    for stage, channels in enumerate((16, 32, 64), start=1):
        for index in range(BLOCKS):
            x = _block(net, f"{stage}_{index}", x, width, channels, 2 if channels > width else 1)
            width = channels
    return net.graph(net.linear("fc", net.average_pool("pool", x, kernel=8), features=10))
'''
DATA = '''
import numpy as np

from prune.data import DataSet, Split, data_set


@data_set("drawn")
def load():
    rng = np.random.default_rng(1)
    splits = (Split(rng.integers(0, 256, (count, 3, 32, 32), np.uint8), rng.integers(0, 10, count).astype(np.uint8))
              for count in (COUNTS))
    return DataSet("drawn", "random numbers", 8, 1 / 255, 0, *splits)
'''
CHECKPOINT = '''
from prune import checkpoint
from prune.networks import NETWORKS
from prune_samples import random_parameters

parameters = random_parameters(NETWORKS.get("deep").build(), 1)
parameters = {name: values * 0.3 if values.ndim > 1 else values for name, values in parameters.items()}
checkpoint.save(checkpoint.Checkpoint(network="deep", data="drawn", seed=1, method="none", options={}, commands=["drawn"],
                                      library_versions={}, parameters=parameters), "", "deep")
'''
PEAK = '''
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
'''


def deep_checkpoint(folder, blocks, counts):
    """A copy of the front end in `folder` with a ResNet of 6 x `blocks` + 2 layers, its drawn data of `counts` training
    and held-out samples, and a checkpoint `deep` of it."""
    shutil.copytree(SCRIPTS / "prune", folder / "prune", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "prune" / "networks" / "deep.py").write_text(NETWORK.replace("BLOCKS", str(blocks)))
    (folder / "prune" / "data" / "drawn.py").write_text(DATA.replace("COUNTS", ", ".join(map(str, counts))))
    path = os.pathsep.join((str(folder), str(Path(__file__).parent)))
    subprocess.run([sys.executable, "-c", CHECKPOINT], cwd=folder, env={**os.environ, "PYTHONPATH": path}, check=True)


def peak(scripts, *arguments):
    """Most bytes that `python3 -m prune` with these arguments had in memory; `scripts` is where it runs."""
    command = [sys.executable, "-c", PEAK, sys.executable, "-m", "prune", *map(str, arguments)]
    done = subprocess.run(command, cwd=scripts, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.splitlines()[-1])


class _Drawn:
    """Layers of an integer network whose weights are drawn."""

    def __init__(self, seed):
        self.layers, self._channels, self._rng = [], {"image": 3}, np.random.default_rng(seed)

    def conv2d(self, name, x, channels, kernel, stride=1, low=0):
        shape = (channels, self._channels[x], kernel, kernel)
        attributes = {"stride": [stride] * 2, "padding": [kernel // 2] * 4}
        return self._weighted(name, "conv2d", x, shape, attributes, low)

    def linear(self, name, x, outputs):
        return self._weighted(name, "linear", x, (outputs, self._channels[x]), {}, -128)

    def add(self, name, a, b):
        return self._layer(name, "add", (a, b), {"multipliers": [0.7, 0.7]}, self._channels[a])

    def pool(self, name, op, x, kernel, stride, padding, **attributes):
        window = {"kernel": [kernel] * 2, "stride": [stride] * 2, "padding": [padding] * 4}
        return self._layer(name, op, (x,), {**window, **attributes}, self._channels[x])

    def _weighted(self, name, op, x, shape, attributes, low):
        weight = self._rng.integers(-127, 128, shape, np.int8)
        gain = np.full(shape[0], 1 / (73 * np.prod(shape[1:]) ** 0.5))
        return self._layer(name, op, (x,), attributes, shape[0], low, magnitude_bits=7, weight=weight,
                           bias=np.zeros(shape[0], np.int32), multiplier=gain, weight_scale=gain)

    def _layer(self, name, op, inputs, attributes, channels, low=0, **tensors):
        output = Quantisation.full(8, low < 0, 1.0, 0)
        self.layers.append(Layer(name, op, inputs, attributes, output, **tensors))
        self._channels[name] = channels
        return name


def bottleneck_network(blocks, widths, size, classes):
    """A ResNet of bottleneck blocks for images of size x size, like those for ImageNet."""
    net = _Drawn(seed=1)
    x = net.conv2d("stem", "image", widths[0], kernel=7, stride=2)
    x = net.pool("pool", "max_pool", x, kernel=3, stride=2, padding=1)
    for stage, (count, width) in enumerate(zip(blocks, widths)):
        for index in range(count):
            name, stride = f"{stage}{index}", 2 if stage and not index else 1
            y = net.conv2d("a" + name, x, width, kernel=1)
            y = net.conv2d("b" + name, y, width, kernel=3, stride=stride)
            y = net.conv2d("c" + name, y, 4 * width, kernel=1, low=-128)
            if not index:
                x = net.conv2d("d" + name, x, 4 * width, kernel=1, stride=stride, low=-128)
            x = net.add("s" + name, y, x)
    rest = size // 2 ** (len(blocks) + 1)
    x = net.pool("mean", "average_pool", x, rest, 1, 0, count_include_pad=True, multiplier=1 / rest**2)
    net.linear("fc", x, classes)
    network_input = Input("image", (3, size, size), Quantisation.full(8, False, 1 / 255, 0))
    return QuantisedNetwork("bottleneck", network_input, "fc", tuple(net.layers))


def write_bottleneck(folder, images, **shape):
    """A bundle of a `bottleneck_network` and images, all drawn."""
    network = bottleneck_network(**shape)
    inputs = np.random.default_rng(2).integers(0, 256, (images, *network.input.shape), np.uint8)
    folder.mkdir()
    write_bundle(Bundle(network, {"float_accuracy_top1": 0.5, "sparsity": 0.0}, inputs, None, None), folder)
