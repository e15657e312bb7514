# SPDX-License-Identifier: Apache-2.0
"""A PyTorch module with the layers of a float graph, and the way of parameters in and out of it."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from prune import evaluation
from prune.errors import UserError
from prune.graph import WEIGHTED


class TorchModel(nn.Module):
    """Computes a `prune.graph.Graph`: (N, C, H, W) -> (N, outputs)."""

    def __init__(self, graph, channels_last=False):
        super().__init__()
        self._graph = graph
        self._layout = torch.channels_last if channels_last else torch.contiguous_format
        shapes = graph.shapes()
        self._layers = nn.ModuleList(_module(node, shapes[node.inputs[0]]) for node in graph.nodes)
        self.to(memory_format=self._layout)

    def forward(self, x):
        modules = {node.name: module for node, module in zip(self._graph.nodes, self._layers)}

        def compute(node, operands):
            return operands[0] + operands[1] if node.op == "add" else modules[node.name](operands[0])

        values = {self._graph.input: x.contiguous(memory_format=self._layout)}
        return evaluation.walk(self._graph.nodes, values, self._graph.output, compute).flatten(1)

    def samples_at_a_time(self, most):
        """How many samples fit the memory of an evaluation, 1 to `most`."""
        graph = self._graph
        value_bytes = torch.finfo(torch.float32).bits // 8
        return evaluation.samples_at_a_time(graph.nodes, graph.input, graph.shapes(), graph.output, most, value_bytes)

    def weights(self):
        """The prunable weights, as trainable tensors by layer name."""
        pairs = zip(self._graph.nodes, self._layers)
        return {node.name: module.weight for node, module in pairs if node.op in WEIGHTED}

    def arrays(self):
        """Copies of all parameters by name ("conv1.weight"), float32."""
        return {name: np.array(tensor.detach().numpy(), order="C") for name, tensor in self._tensors().items()}

    def load(self, arrays):
        """Takes over parameters given by name, which must be exactly those of the graph."""
        with torch.no_grad():
            for name, tensor in self._tensors().items():
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(arrays[name])))

    def _tensors(self):
        result = {}
        modules = {node.name: module for node, module in zip(self._graph.nodes, self._layers)}
        for name in self._graph.parameter_shapes():
            layer, part = name.rsplit(".", 1)
            result[name] = getattr(modules[layer], part)
        return result


class _Linear(nn.Linear):
    """A linear layer over all of (C, H, W), in c-major order, that returns (C, 1, 1) per sample."""

    def forward(self, x):
        return super().forward(x.flatten(1))[:, :, None, None]


class _Subsample(nn.Module):
    """Every stride-th pixel, with channels of zeros before and after."""

    def __init__(self, stride, channel_padding):
        super().__init__()
        self._stride, self._padding = stride, channel_padding

    def forward(self, x):
        return functional.pad(x[:, :, :: self._stride[0], :: self._stride[1]], (0, 0, 0, 0, *self._padding))


class _Normalise(nn.Module):
    """(x - mean) / deviation by channel."""

    def __init__(self, mean, deviation):
        super().__init__()
        self._mean, self._deviation = (torch.tensor(v).reshape(-1, 1, 1) for v in (mean, deviation))

    def forward(self, x):
        return (x - self._mean) / self._deviation


def _module(node, shape):
    a = node.attributes
    if node.op == "conv2d":
        return nn.Conv2d(shape[0], a["channels"], a["kernel"], a["stride"], a["padding"], bias=a["bias"])
    if node.op == "linear":
        return _Linear(int(np.prod(shape)), a["channels"], bias=a["bias"])
    if node.op == "batch_norm":
        return nn.BatchNorm2d(shape[0], eps=a["epsilon"])
    if node.op == "max_pool":
        return nn.MaxPool2d(a["kernel"], a["stride"], a["padding"])
    if node.op == "average_pool":
        return nn.AvgPool2d(a["kernel"], a["stride"], a["padding"], count_include_pad=a["count_include_pad"])
    if node.op == "relu":
        return nn.ReLU()
    if node.op == "subsample":
        return _Subsample(a["stride"], a["channel_padding"])
    if node.op == "normalise":
        return _Normalise(a["mean"], a["deviation"])
    if node.op == "add":
        return nn.Identity()
    raise UserError(f"layer {node.name!r}: operator {node.op!r} cannot be trained")
