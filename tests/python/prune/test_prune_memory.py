# SPDX-License-Identifier: Apache-2.0
"""Memory of the front end: bounded by what one layer works on, whatever the depth of a network and the number of samples."""
import tracemalloc
import weakref

import numpy as np
import prune_memory
import pytest
from prune_samples import random_parameters

from prune import convolution, evaluation, float_reference, reference
from prune.graph import Builder
from prune.quantise.calibrate import calibrate
from prune.quantise.fold import fold

MOST = 1e9  # bytes


def deep_graph(blocks, channels=16, size=24):
    net = Builder("image", (3, size, size))
    x = net.relu("relu", net.conv2d("conv", net.input, channels, 3, padding=1))
    for index in range(blocks):
        y = net.relu(f"relu{index}", net.conv2d(f"conv{index}", x, channels, 3, padding=1))
        x = net.add(f"sum{index}", x, y)
    return net.graph(net.linear("fc", x, 4))


def traced(compute):
    """Most bytes that NumPy held at once."""
    tracemalloc.start()
    try:
        compute()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def of_float(blocks):
    graph = deep_graph(blocks)
    folded = fold(graph, random_parameters(graph, seed=1))
    inputs = np.random.default_rng(1).random((4, *graph.input_shape))
    return lambda: float_reference.run(folded, inputs)


def of_integers(blocks):
    network = prune_memory.bottleneck_network(blocks=(blocks,), widths=(16,), size=48, classes=4)
    inputs = np.random.default_rng(1).integers(0, 256, (4, *network.input.shape), np.uint8)
    return lambda: reference.run(network, inputs)


def of_calibration(blocks):
    graph = deep_graph(blocks)
    folded = fold(graph, random_parameters(graph, seed=1))
    inputs = np.random.default_rng(1).random((4, *graph.input_shape))
    return lambda: calibrate(folded, inputs, lambda values: values, {"calibration": "max"})


@pytest.mark.parametrize("made", [of_float, of_integers, of_calibration])
def test_memory_does_not_grow_with_depth(made):
    deep, shallow = (traced(made(blocks)) for blocks in (12, 3))
    assert deep < 1.1 * shallow


@pytest.mark.parametrize("blocks", [1, 5])
def test_pytorch_forgets_what_nobody_reads(blocks):
    torch = pytest.importorskip("torch", reason="needs PyTorch")
    from prune.torch_model import TorchModel

    graph = deep_graph(blocks)
    alive, most = set(), 0

    class Counted(torch.Tensor):
        """Tensors that say when they come and go."""

        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            nonlocal most
            result = super().__torch_function__(func, types, args, kwargs)
            if isinstance(result, cls) and result.dim() == 4:
                alive.add(id(result))
                weakref.finalize(result, alive.discard, id(result))
                most = max(most, len(alive))
            return result

    with torch.no_grad():
        TorchModel(graph).eval()(torch.zeros(1, *graph.input_shape).as_subclass(Counted))
    assert most <= 5


def test_values_go_when_their_last_reader_is_done():
    graph = deep_graph(3)
    held, most = {"image": 0}, []

    def compute(node, operands):
        most.append(len(held))
        return len(most)

    assert evaluation.walk(graph.nodes, held, "fc", compute) == len(graph.nodes)
    assert max(most) == 2 and list(held) == ["fc"]


def test_an_output_that_others_read_is_kept():
    net = Builder("image", (1, 2, 2))
    a = net.relu("a", net.input)
    graph = net.graph(net.linear("b", a, 1))
    assert evaluation.walk(graph.nodes, {"image": 1}, "a", lambda node, operands: operands[0] + 1) == 2


@pytest.mark.parametrize("size, most, expected", [(4, 32, 32), (224, 10**6, 133), (224, 10, 10), (50_000, 32, 1)])
def test_samples_at_a_time(size, most, expected):
    """One value waits, and a layer works on twice what it reads and writes: 5 x 224 x 224 x 8 bytes, 133 times in 256 MiB."""
    net = Builder("image", (1, size, size))
    graph = net.graph(net.conv2d("a", net.input, 1, 1))
    assert evaluation.samples_at_a_time(graph.nodes, "image", graph.shapes(), "a", most, value_bytes=8) == expected


@pytest.mark.parametrize("band_bytes", [1, 1000, 2**40])
def test_convolutions_do_not_depend_on_bands(monkeypatch, band_bytes):
    rng = np.random.default_rng(4)
    x, weight = rng.integers(-8, 8, (3, 2, 9, 7)), rng.integers(-8, 8, (5, 2, 3, 2)).astype(np.int8)
    expected = convolution.by_numpy(x, weight, (2, 1), (1, 0, 1, 1), 3)
    monkeypatch.setattr(convolution, "_BAND_BYTES", band_bytes)
    np.testing.assert_array_equal(convolution.by_numpy(x, weight, (2, 1), (1, 0, 1, 1), 3), expected)


@pytest.mark.parametrize("budget", [1, 100_000])
def test_results_do_not_depend_on_the_size_of_batches(monkeypatch, budget):
    graph = deep_graph(2, size=6)
    folded = fold(graph, random_parameters(graph, seed=1))
    network = prune_memory.bottleneck_network(blocks=(1,), widths=(4,), size=16, classes=3)
    samples = np.random.default_rng(1).integers(0, 256, (5, *network.input.shape), np.uint8)
    inputs = np.random.default_rng(2).random((5, *graph.input_shape))
    expected = float_reference.run(folded, inputs), reference.run(network, samples)
    monkeypatch.setattr(evaluation, "BATCH_BYTES", budget)
    monkeypatch.setattr(reference, "_BLOCK_BYTES", budget)
    np.testing.assert_array_equal(float_reference.run(folded, inputs), expected[0])
    np.testing.assert_array_equal(reference.run(network, samples), expected[1])


@pytest.mark.slow
@pytest.mark.parametrize("blocks, held_out", [(3, 10_000), (9, 10_000)], ids=["resnet20", "resnet56"])
def test_quantising_takes_less_than_a_gigabyte(tmp_path, blocks, held_out):
    pytest.importorskip("torch", reason="needs PyTorch")
    prune_memory.deep_checkpoint(tmp_path, blocks, (600, held_out))
    assert prune_memory.peak(tmp_path, "quantise", "deep", "-o", "int") < MOST


@pytest.mark.slow
def test_verifying_large_images_takes_less_than_a_gigabyte(tmp_path, repository):
    prune_memory.write_bottleneck(tmp_path / "bundle", 50, blocks=(3, 4, 6, 3), widths=(64, 128, 256, 512), size=224, classes=1000)
    assert prune_memory.peak(repository / "scripts", "verify", tmp_path / "bundle") < MOST
