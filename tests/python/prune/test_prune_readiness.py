# SPDX-License-Identifier: Apache-2.0
"""Networks and data sets of one's own: taken whole, or refused before training with everything at once."""
import dataclasses

import numpy as np
import pytest
from prune_samples import random_data, random_parameters

from prune import checkpoint
from prune.cli import main
from prune.data import DATA_SETS, Split
from prune.errors import UserError
from prune.graph import Builder
from prune.networks import NETWORKS, Network


def small(net):
    x = net.relu("relu", net.batch_norm("norm", net.conv2d("conv", net.input, 3, 3)))
    return net.linear("fc", x, 5)


def data_of(bits, scale=1.0):
    """Random codes of this many bits, in the type of their storage."""
    dtype, rng = np.uint8 if bits <= 8 else np.uint16, np.random.default_rng(bits)

    def split():
        inputs = rng.integers(0, 2**bits, size=(40, 1, 4, 4)).astype(dtype)
        return Split(inputs, rng.integers(0, 5, size=40).astype(np.uint8))

    return dataclasses.replace(random_data((1, 4, 4)), name="own", bits=bits, scale=scale / 2**bits, train=split(), held_out=split())


@pytest.fixture
def own(monkeypatch):
    """Registers a network and a data set under the name "own"."""
    NETWORKS.names(), DATA_SETS.names()

    def register(body=small, data=None, shape=(1, 4, 4)):
        def build():
            net = Builder("image", shape)
            return net.graph(body(net))

        monkeypatch.setitem(NETWORKS._entries, "own", Network("own", "of a test", "own", build))
        monkeypatch.setitem(DATA_SETS._entries, "own", lambda: data or data_of(8))

    return register


def train(folder):
    pytest.importorskip("torch", reason="training needs PyTorch")
    return main(["train", "--network", "own", "--epochs", "1", "--batch-size", "10", "-o", str(folder / "float")])


@pytest.mark.parametrize("augment", ["none", "crop_flip"])
@pytest.mark.parametrize("bits", [1, 9, 12, 16])
def test_codes_of_any_width_go_all_the_way(own, tmp_path, squeezebar, repository, bits, augment):
    own(data=data_of(bits))
    pytest.importorskip("torch", reason="training needs PyTorch")
    steps = [
        ["train", "--network", "own", "--epochs", "1", "--augment", augment, "-o", "float"],
        ["prune", "float", "--method", "magnitude", "--sparsity", "0.5", "--epochs", "1", "-o", "pruned"],
        ["evaluate", "pruned"],
        ["quantise", "pruned", "-o", "int"],
        ["export", "int", "-o", "bundle"],
        ["verify", "bundle"],
    ]
    folders = {"float", "pruned", "int", "bundle"}
    for step in steps:
        assert main([str(tmp_path / word) if word in folders and i else word for i, word in enumerate(step)]) == 0
    config = repository / "configs/examples/digits_sme.yaml"
    checked = squeezebar("check", config, "--set", f"workload.bundle={tmp_path / 'bundle'}")
    assert checked.returncode == 0, checked.stderr


def without_weights(net):
    return net.relu("relu", net.input)


def same_padding(net):
    return net.linear("fc", net.conv2d("conv", net.input, 3, 3, padding="same"), 5)


def odd_names(net):
    return net.linear("block 1/fc", net.relu("r\u00e9lu", net.linear("fc", net.input, 5)), 5)


def many_faults(net):
    x = net.conv2d("conv", net.input, 3, 3, padding="same", groups=3, dilation=2)
    x = net.batch_norm("norm", net.relu("my relu", x), epsilon=0)
    return net.linear("fc", net.max_pool("pool", x, 2, padding=2), 0)


def unread(net):
    net.conv2d("lost", net.input, 3, 3)
    return net.linear("fc", net.input, 5)


def wrong_normalise(net):
    return net.linear("fc", net.normalise("prepared", net.input, [0.5, 0.5], (0.0,)), 5)


FAULTS = {
    "no weights": (without_weights, ["has no layer with weights"]),
    "same padding": (same_padding, ["'conv': padding 'same' is not a whole number >= 0"]),
    "names": (odd_names, ["'block 1/fc': the name is not a word", "'rélu': the name is not a word"]),
    "many": (
        many_faults,
        [
            "'conv': padding 'same'",
            "groups 3 is not supported",
            "dilation 2 is not supported",
            "'norm': epsilon 0 is not a positive number",
            "'my relu': the name is not a word",
            "'pool': padding (2, 2) must be at most half the kernel (2, 2)",
            "'fc': features 0",
            "'norm': batch_norm cannot be folded",
        ],
    ),
    "unread layer": (unread, ["'lost': no layer reads it"]),
    "normalise": (wrong_normalise, ["mean (0.5, 0.5) is not one number", "deviation (0.0,) is not one positive number"]),
    "padding": (
        lambda net: net.linear("fc", net.conv2d("conv", net.input, 3, 3, padding=(0, 3)), 5),
        ["'conv': padding (0, 3) must be smaller than the kernel (3, 3)"],
    ),
    "kernel": (
        lambda net: net.linear("fc", net.conv2d("conv", net.input, 3, 2.5, stride=(1, 0)), 5),
        ["kernel 2.5 is not", "stride (1, 0) is not"],
    ),
    "too large": (lambda net: net.linear("fc", net.conv2d("conv", net.input, 3, 7), 5), ["kernel is larger than"]),
    "output": (lambda net: net.linear("fc", net.input, 5) and "other", ["the output 'other' is not one of the layers"]),
    "late normalise": (
        lambda net: net.linear("fc", net.normalise("late", net.relu("relu", net.input), [0.5], [1.0]), 5),
        ["'late': normalise must be the only layer that reads the network's input"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_network_is_refused_before_training_with_all_its_faults(own, tmp_path, capsys, fault):
    body, texts = FAULTS[fault]
    own(body)
    assert train(tmp_path) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "error: " in told
    assert [text for text in texts if text not in told] == []
    assert list(tmp_path.iterdir()) == []


def changed(part="train", **changes):
    data = data_of(8)
    return dataclasses.replace(data, **{part: dataclasses.replace(getattr(data, part), **changes)})


DATA_FAULTS = {
    "signed": (changed(inputs=np.zeros((40, 1, 4, 4), np.int64)), "train.inputs holds int64"),
    "too wide": (dataclasses.replace(data_of(12), bits=10), "held_out.inputs holds the code 40"),
    "shape": (changed(inputs=np.zeros((40, 4, 4), np.uint8)), "train.inputs has shape [40, 4, 4]"),
    "empty": (changed("held_out", inputs=np.zeros((0, 1, 4, 4), np.uint8)), "held_out.inputs holds no sample"),
    "class": (changed(labels=np.full(40, 9)), "train.labels holds 9..9; the network has the outputs 0..4"),
    "label count": (changed(labels=np.zeros(3, np.uint8)), "train.labels is uint8 of shape [3]"),
    "label type": (changed(labels=np.zeros(40)), "train.labels is float64"),
    "scale": (dataclasses.replace(data_of(8), scale=0.0), "scale 0.0 is not a positive number"),
    "zero point": (dataclasses.replace(data_of(8), zero_point=256), "zero_point 256 is not one of the codes 0..255"),
    "name": (dataclasses.replace(data_of(8), name="other"), "the name 'other' is not that of a data set"),
    "bits": (dataclasses.replace(data_of(8), bits=17), "bits 17 is not a whole number from 1 to 16"),
}


@pytest.mark.parametrize("fault", DATA_FAULTS)
def test_a_data_set_is_refused_before_training(own, tmp_path, capsys, fault):
    data, text = DATA_FAULTS[fault]
    own(same_padding, data)
    assert train(tmp_path) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "padding 'same'" in told
    own(small, data)
    assert train(tmp_path) == 2
    assert text in capsys.readouterr().err


def test_many_labels_of_a_wide_type_go_into_a_bundle(own, tmp_path):
    own(data=dataclasses.replace(data_of(8), held_out=dataclasses.replace(data_of(8).held_out, labels=np.arange(40) % 5)))
    assert train(tmp_path) == 0
    assert main(["quantise", str(tmp_path / "float"), "-o", str(tmp_path / "int")]) == 0
    assert main(["export", str(tmp_path / "int"), "-o", str(tmp_path / "bundle")]) == 0


def checkpoint_with(folder, **changes):
    parameters = {**random_parameters(NETWORKS.get("own").build(), 1), **changes}
    made = checkpoint.Checkpoint("own", "own", 1, "none", {}, [], {}, parameters)
    checkpoint.save(made, "", folder)
    return folder


def test_a_checkpoint_with_negative_variances_is_refused_with_its_other_faults(own, tmp_path):
    own()
    changes = {
        "norm.running_var": np.array([1, -0.5, 1], np.float32),
        "fc.bias": np.full(5, np.inf, np.float32),
        "conv.bias": np.zeros(4, np.float32),
        "lost.weight": np.zeros(4, np.float32),
    }
    with pytest.raises(UserError) as refused:
        checkpoint.load(checkpoint_with(tmp_path / "float", **changes))
    told = str(refused.value)
    for text in (
        "'norm.running_var' holds the negative variance -0.5",
        "'fc.bias' holds numbers that are not finite",
        "'conv.bias' is not float32 of shape [3]",
        "'lost.weight' is of no layer",
    ):
        assert text in told


def test_negative_variances_are_not_imported(own, tmp_path, capsys):
    torch = pytest.importorskip("torch", reason="import reads files of PyTorch")
    own()
    state = {name: torch.from_numpy(a) for name, a in random_parameters(NETWORKS.get("own").build(), 1).items()}
    state["norm.running_var"][1] = -0.5
    torch.save(state, tmp_path / "net.pt")
    assert main(["import", str(tmp_path / "net.pt"), "--network", "own", "-o", str(tmp_path / "float")]) == 2
    assert "'norm.running_var' holds the negative variance -0.5" in capsys.readouterr().err
    assert not (tmp_path / "float").exists()
