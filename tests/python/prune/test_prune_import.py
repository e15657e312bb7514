# SPDX-License-Identifier: Apache-2.0
"""Published state_dicts as checkpoints: what is taken over, and what is refused."""
import io
import pickle
import tarfile
import warnings
import zipfile

import numpy as np
import pytest
from prune_images import IMAGES, resnet20_state, write_cifar10

from prune import checkpoint
from prune.cli import main
from prune.errors import UserError
from prune.networks import NETWORKS

torch = pytest.importorskip("torch", reason="import reads files of PyTorch")
from prune import pickle_references, state_dict, tensor_pickle  # noqa: E402
from prune.progress import Progress  # noqa: E402


@pytest.fixture(autouse=True)
def no_data(tmp_path, monkeypatch):
    monkeypatch.setenv("SQUEEZEBAR_DATA", str(tmp_path / "data"))


def attempt(tmp_path, content=None, network="resnet20", raw=None):
    """Exit code of an import of torch.save(content), or of the bytes `raw`."""
    file = tmp_path / "net.th"
    file.write_bytes(raw or b"") if content is None else torch.save(content, file)
    return main(["import", str(file), "--network", network, "-o", str(tmp_path / "net")])


def test_resnet20_uses_each_published_key_once():
    network = NETWORKS.get("resnet20")
    keys = [network.published(name) for name in network.build().parameter_shapes()]
    assert len(set(keys)) == len(keys) == 97
    assert {"conv1.weight", "bn1.running_var", "layer2.0.conv2.weight", "layer3.2.bn1.bias", "linear.bias"} <= set(keys)


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: {"state_dict": s, "best_prec1": 91.7, "epoch": 3}])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_takes_over_every_tensor(tmp_path, capsys, wrap, prefix):
    state = resnet20_state(prefix)
    assert attempt(tmp_path, wrap(state)) == 0
    assert "accuracy not measured: " in capsys.readouterr().out
    made = checkpoint.load(tmp_path / "net")
    published = NETWORKS.get("resnet20").published
    for name, array in made.parameters.items():
        np.testing.assert_array_equal(array, state[prefix + published(name)].numpy())
    assert (made.network, made.data, made.method) == ("resnet20", "cifar10", "none")
    assert made.origin.startswith("file net.th, SHA-256 ") and str(tmp_path) not in made.origin + made.commands[0]


def test_measures_the_accuracy_where_the_data_are(tmp_path, capsys):
    write_cifar10(tmp_path / "data")
    assert attempt(tmp_path, resnet20_state()) == 0
    text = capsys.readouterr().out
    assert f"of {IMAGES} held-out samples" in text
    header, row = (tmp_path / "net" / "log.csv").read_text().splitlines()
    assert header == "epoch,held_out_accuracy" and f"{float(row.split(',')[1]):.2%}" in text
    assert main(["evaluate", str(tmp_path / "net")]) == 0
    assert capsys.readouterr().out in text
    assert main(["evaluate", str(tmp_path / "net"), "--images", "2"]) == 0
    of_two = capsys.readouterr().out
    assert "of 2 held-out samples" in of_two
    again = ["import", str(tmp_path / "net.th"), "--network", "resnet20", "--images", "2", "-o", str(tmp_path / "two")]
    assert main(again) == 0 and of_two in capsys.readouterr().out


def test_half_precision_can_be_imported(tmp_path):
    state = {key: t.half() if t.is_floating_point() else t for key, t in resnet20_state().items()}
    assert attempt(tmp_path, state) == 0
    assert checkpoint.load(tmp_path / "net").parameters["conv0.weight"].dtype == np.float32


def test_parameters_can_be_imported(tmp_path):
    state = {key: torch.nn.Parameter(t) if t.is_floating_point() else t for key, t in resnet20_state().items()}
    assert attempt(tmp_path, state) == 0


def test_everything_that_does_not_fit_is_told_at_once(tmp_path, capsys):
    state = resnet20_state()
    del state["module.bn1.bias"]
    state["module.layer4.0.conv1.weight"] = torch.zeros(3)
    state["module.linear.weight"] = torch.zeros(100, 64)
    state["module.linear.bias"] = torch.zeros(10, dtype=torch.int64)
    state["module.conv1.weight"][0, 0, 0, 0] = float("nan")
    assert attempt(tmp_path, state) == 2
    error = capsys.readouterr().err
    for text in (
        "'bn1.bias' is missing",
        "'layer4.0.conv1.weight' is unexpected",
        "'linear.weight' has shape [100, 64] instead of [10, 64]",
        "'linear.bias' holds torch.int64",
        "'conv1.weight' holds numbers that are not finite",
    ):
        assert text in error
    assert error.count("\n") == 1 and not (tmp_path / "net").exists()


def test_wrong_network_is_refused(tmp_path, capsys):
    assert attempt(tmp_path, resnet20_state(), network="digits") == 2
    assert "does not fit the network: 'norm1.weight' is missing" in capsys.readouterr().err
    assert attempt(tmp_path, resnet20_state(), network="resnet18") == 2
    assert "unknown network 'resnet18'" in capsys.readouterr().err


class Malicious:
    def __reduce__(self):
        return (print, ("code of the file runs",))


def test_code_in_a_file_is_not_run(tmp_path, capsys):
    for content in ({"state_dict": Malicious()}, {**resnet20_state(), "extra": Malicious()}):
        torch.save(content, tmp_path / "old", _use_new_zipfile_serialization=False)
        assert attempt(tmp_path, raw=(tmp_path / "old").read_bytes()) == 2
        assert "refers to __builtin__.print" in capsys.readouterr().err
        assert attempt(tmp_path, content) == 2
        text = capsys.readouterr()
        assert "refers to __builtin__.print" in text.err and "code of the file runs" not in text.out + text.err
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert attempt(tmp_path, raw=pickle.dumps(Malicious(), protocol)) == 2
        assert "code of the file runs" not in capsys.readouterr().out


@pytest.mark.parametrize("keep", [0, 100, 5000, -1])
@pytest.mark.parametrize("zipped", [True, False])
def test_truncated_files_are_refused(tmp_path, capsys, keep, zipped):
    torch.save(resnet20_state(), tmp_path / "whole", _use_new_zipfile_serialization=zipped)
    assert attempt(tmp_path, raw=(tmp_path / "whole").read_bytes()[:keep]) == 2
    error = capsys.readouterr().err
    assert "is not a PyTorch file of tensors only, or not a whole one" in error and error.count("\n") == 1


@pytest.mark.parametrize("content", [{}, [1, 2], {"state_dict": {"a": 1}}, {"weight": 3.5}])
def test_files_without_a_state_dict_are_refused(tmp_path, capsys, content):
    assert attempt(tmp_path, content) == 2
    assert "holds no state_dict, a map of tensors" in capsys.readouterr().err


def test_missing_file_is_a_mistake(tmp_path, capsys):
    assert main(["import", str(tmp_path / "none.th"), "--network", "resnet20", "-o", str(tmp_path / "net")]) == 2
    assert "none.th: error: cannot be read (No such file or directory)" in capsys.readouterr().err
    assert main(["import", str(tmp_path), "--network", "resnet20", "-o", str(tmp_path / "net")]) == 2
    assert "cannot be read (Is a directory)" in capsys.readouterr().err


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_are_those_of_pytorch(tmp_path, zipped):
    """Views of one storage, transposed, empty, scalar, of every type, and parameters."""
    base = torch.arange(24.0)
    tensors = {
        "a": base.reshape(4, 6).t(),
        "b": base[3:20:4],
        "c": torch.zeros(0, 3),
        "d": torch.tensor(5, dtype=torch.int16),
        "e": torch.nn.Parameter(torch.rand(2, 3, dtype=torch.float64)),
        "f": torch.tensor([True, False]),
        "g": torch.rand(3).half(),
    }
    torch.save({**tensors, "number": 1.5}, tmp_path / "x", _use_new_zipfile_serialization=zipped)
    content = tensor_pickle.load(tmp_path / "x")
    assert content.pop("number") == 1.5
    for key, tensor in content.items():
        assert tensor.dtype == tensors[key].dtype and torch.equal(tensor.detach(), tensors[key].detach())


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_never_crash(tmp_path, seed):
    rng = np.random.default_rng(seed)
    torch.save({"a": torch.arange(24.0)}, tmp_path / "x", _use_new_zipfile_serialization=bool(seed % 2))
    content = bytearray((tmp_path / "x").read_bytes())
    for place in rng.integers(0, len(content), size=5):
        content[place] = rng.integers(256)
    (tmp_path / "x").write_bytes(content)
    try:
        assert set(state_dict.read(tmp_path / "x", {"a": (24,)}, str)) == {"a"}
    except UserError as error:
        assert "\n" not in str(error)


_ADVICE = (
    "Weights only load failed. In PyTorch 2.6, we changed the default value of the `weights_only` argument.\n"
    "Re-running `torch.load` with `weights_only` set to `False` will likely succeed, "
    "\x1b[1mbut it can result in arbitrary code execution\x1b[0m.\n"
    "\tWeightsUnpickler error: Unsupported global: GLOBAL __builtin__.print was not an allowed global by default."
)


@pytest.fixture
def newer_pytorch(monkeypatch):
    """torch.load as PyTorch 2.6 has it, which refuses everything in a paragraph of advice with colours, and warns."""

    def refuse(*_, **__):
        warnings.warn("\x1b[33mDetected pickle protocol 4\x1b[0m", UserWarning)
        raise pickle.UnpicklingError(_ADVICE)

    monkeypatch.setattr(torch, "load", refuse)


def archive(pickled, name="net/data.pkl"):
    """A zip archive with one member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        written.writestr(name, pickled)
    return stream.getvalue()


def legacy(content):
    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=False)
    return stream.getvalue()


def tar():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as written:
        written.addfile(tarfile.TarInfo("sys_info"))
    return stream.getvalue()


BAD = {
    "empty": (lambda: b"", "it is empty"),
    "text": (lambda: b"weights: none\n", "it is no pickle, or a damaged one"),
    "full stop": (lambda: b"...", "it begins with another pickle than PyTorch's"),
    "bare pickle": (lambda: pickle.dumps({"a": 1}), "it begins with another pickle than PyTorch's"),
    "cut archive": (lambda: archive(pickle.dumps({}))[:-30], "its archive is damaged or cut off"),
    "other archive": (lambda: archive(b"", "readme.txt"), "its archive holds no data.pkl"),
    "program": (lambda: archive(pickle.dumps({}), "net/constants.pkl"), "it holds a TorchScript program"),
    "tar": (tar, "it is a tar archive"),
    "cut stream": (lambda: legacy({"a": 1})[:60], "it is no pickle, or a damaged one"),
    "code in an archive": (lambda: archive(pickle.dumps(Malicious(), 2)), "it refers to __builtin__.print"),
    "code in a stream": (lambda: legacy({"a": Malicious()}), "it refers to __builtin__.print"),
    "code in a bare pickle": (lambda: pickle.dumps(Malicious(), 0), "it refers to __builtin__.print"),
    "code by names on the stack": (lambda: archive(pickle.dumps(Malicious(), 4)), "it refers to builtins.print"),
    "code by a stored name": (
        lambda: archive(b"\x80\x04\x8c\x08builtins\x94\x8c\x05print\x940h\x00h\x01\x93."), "it refers to builtins.print"),
    "code by a hidden name": (
        lambda: archive(b"\x80\x04\x8c\x08builtins\x8c\x05print\x8c\x01a0\x93."), "it refers to something that it works out"),
    "code by an extension": (lambda: archive(b"\x80\x02\x82\x01."), "it refers to the extension 1 of pickle"),
    "code of an instance": (lambda: archive(b"(ios\nsystem\n."), "it refers to os.system"),
    "storage of elsewhere": (lambda: archive(b"cos\nFooStorage\n."), "it refers to os.FooStorage"),
    "nothing that PyTorch loads": (lambda: archive(b"\x80\x02}."), "cannot load it"),
}


@pytest.mark.parametrize("case", BAD)
def test_no_version_of_pytorch_speaks_for_itself(tmp_path, capsys, recwarn, newer_pytorch, case):
    made, reason = BAD[case]
    assert attempt(tmp_path, raw=made()) == 2
    text = capsys.readouterr()
    assert text.err.startswith(f"{tmp_path / 'net.th'}: error: is not a PyTorch file of tensors only, or not a whole one (")
    assert reason in text.err and text.err.count("\n") == 1 and "\x1b" not in text.err and "weights_only" not in text.err
    assert text.out == "" and not recwarn.list and not (tmp_path / "net").exists()


@pytest.mark.parametrize("case", [name for name in BAD if name != "nothing that PyTorch loads"])
def test_such_files_do_not_reach_pytorch(tmp_path, monkeypatch, case):
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("loaded"))
    (tmp_path / "x").write_bytes(BAD[case][0]())
    with pytest.raises(tensor_pickle.NotTensors):
        tensor_pickle.load(tmp_path / "x")


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_what_pytorch_saves_is_looked_at_and_loaded(tmp_path, protocol):
    torch.save({"state_dict": resnet20_state()}, tmp_path / "x", pickle_protocol=protocol)
    pickle_references.check((tmp_path / "x").read_bytes(), tensor_pickle._is_allowed)


def test_the_state_of_training_is_refused_in_our_words(tmp_path, newer_pytorch):
    (tmp_path / "net.training").mkdir()
    for raw in (archive(pickle.dumps(Malicious(), 2)), archive(b"\x80\x02}."), b"", b"text"):
        (tmp_path / "net.training" / "state.pt").write_bytes(raw)
        with pytest.raises(UserError, match=r"state\.pt: cannot be read \([^\n\x1b]*\); delete .* to start again\Z") as told:
            Progress(tmp_path / "net", {}, resume=True).load()
        assert "weights_only" not in str(told.value)
