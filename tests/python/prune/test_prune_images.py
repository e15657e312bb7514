# SPDX-License-Identifier: Apache-2.0
"""From a checkpoint of ResNet-20 to bundles with and without samples, on random images and on the real ones."""
import filecmp
from pathlib import Path

import numpy as np
import pytest
from prune_images import IMAGES, resnet20_state, write_cifar10

from prune import checkpoint, convolution, reference
from prune.bundle.read import read_bundle
from prune.cli import main
from prune.data import DATA_SETS, cifar10
from prune.networks import NETWORKS

torch = pytest.importorskip("torch", reason="the networks come through PyTorch")
PUBLISHED = cifar10.data_folder() / "resnet20" / "resnet20-12fca82f.th"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder, an imported network `net`, and `w3`, its S-window weights without samples."""
    path = tmp_path_factory.mktemp("images")
    write_cifar10(path / "data")
    torch.save(resnet20_state(), path / "net.th")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SQUEEZEBAR_DATA", str(path / "data"))
        assert main(["import", str(path / "net.th"), "--network", "resnet20", "-o", str(path / "net")]) == 0
        arguments = ["--scheme", "s_window", "--calibration-samples", "2", "--images", "4", "-o", str(path / "w3")]
        assert main(["quantise", str(path / "net"), *arguments]) == 0
    return path


@pytest.fixture(autouse=True)
def use_data(request, monkeypatch):
    if "folder" in request.fixturenames:
        monkeypatch.setenv("SQUEEZEBAR_DATA", str(request.getfixturevalue("folder") / "data"))


def same(a, b, *except_for):
    names = sorted(str(p.relative_to(a)) for p in a.rglob("*") if p.is_file() and p.name not in except_for)
    assert names == sorted(str(p.relative_to(b)) for p in b.rglob("*") if p.is_file() and p.name not in except_for)
    return filecmp.cmpfiles(a, b, names, shallow=False)[1:] == ([], [])


def test_provenance_says_how_the_weights_came_about(folder):
    provenance = read_bundle(folder / "w3").provenance
    assert provenance["scheme"] == "s_window" and provenance["accuracy_images"] == 4
    assert provenance["scheme_options"] == {"window": 3, "bits": 8, "weight_scale": "max"}
    assert provenance["preparation"] == {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]}
    assert len(provenance["bit_sparsity"]) == 8 and len(provenance["bit_sparsity_by_layer"]) == 20
    assert "--scheme s_window --window 3 --bits 8 --weight-scale max" in provenance["command"]
    assert "file net.th, SHA-256" in provenance["source"]


def test_every_weight_is_in_the_pattern(folder):
    for weight in read_bundle(folder / "w3").network.weights().values():
        codes = np.unique(np.abs(weight.astype(int)))
        assert weight.dtype == np.int16 and codes.max() <= 224
        assert all(len(f"{code:b}".rstrip("0")) <= 3 for code in codes.tolist())


def test_samples_can_be_left_out_and_added_later(folder, tmp_path, capsys):
    whole, none, later = (str(tmp_path / name) for name in ("whole", "none", "later"))
    shared = ["--name", "trial", "--expected", "2"]
    assert main(["export", str(folder / "w3"), *shared, "--samples", "3", "-o", whole]) == 0
    assert main(["export", str(folder / "w3"), *shared, "--samples", "0", "-o", none]) == 0
    assert f"wrote bundle {none}: no samples" in capsys.readouterr().out
    assert not list(Path(none).glob("inputs.npy")) and not (Path(none) / "expected").exists()
    assert main(["samples", none, "--count", "3", "--expected", "2", "-o", later]) == 0
    assert same(Path(whole), Path(later), "provenance.yaml", "files.json")
    command = read_bundle(later).provenance["command"].splitlines()
    assert command[-1].endswith("samples none --count 3 --expected 2 -o later")
    assert main(["samples", later, "--count", "0", "-o", str(tmp_path / "again")]) == 0
    assert same(Path(none), tmp_path / "again", "provenance.yaml", "files.json")


def test_exported_samples_are_prepared(folder, tmp_path):
    assert main(["export", str(folder / "w3"), "-o", str(tmp_path / "b")]) == 0
    bundle = read_bundle(tmp_path / "b")
    held_out = DATA_SETS.get("cifar10")().held_out
    q = bundle.network.input.quantisation
    mean, deviation = (np.reshape(v, (3, 1, 1)) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    real = (held_out.inputs / 255 - mean) / deviation
    assert len(bundle.inputs) == IMAGES
    assert np.abs((bundle.inputs - float(q.zero_point)) * q.scale - real).max() < q.scale
    np.testing.assert_array_equal(bundle.labels, held_out.labels)


def test_recorded_accuracy_is_checked_on_the_samples_it_was_measured_with(folder, tmp_path, capsys):
    for count in (4, IMAGES):
        assert main(["export", str(folder / "w3"), "--samples", str(count), "-o", str(tmp_path / str(count))]) == 0
    path = tmp_path / "4" / "provenance.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join("quantised_accuracy_top1: 0.99" if "quantised_acc" in l else l for l in lines) + "\n")
    assert main(["verify", str(tmp_path / "4")]) == 2
    assert "the reference's accuracy is" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / str(IMAGES))]) == 0


def test_samples_that_do_not_fit_are_refused(folder, tmp_path, capsys):
    bundle, output = tmp_path / "b", str(tmp_path / "never")
    assert main(["export", str(folder / "w3"), "--samples", "0", "-o", str(bundle)]) == 0
    assert main(["samples", str(bundle), "--count", "1000", "-o", output]) == 2
    assert f"1000 samples are wanted, 'cifar10' holds out {IMAGES}; give a smaller number" in capsys.readouterr().err
    text = (bundle / "provenance.yaml").read_text()
    for old, new, message in (
        ("data: cifar10", "data: digits", "samples of 'digits' do not fit the network"),
        ("deviation: [0.229", "deviation: [0.5", "its codes are not those of 'cifar10'"),
        ("deviation: [0.229", "deviation: [-1.0", "preparation: deviation:"),
        ("  mean: [0.485, 0.456, 0.406]\n", "", "preparation: key 'mean' is missing"),
        ("data: cifar10", "data: imagenet", "unknown data set 'imagenet'"),
    ):
        (bundle / "provenance.yaml").write_text(text.replace(old, new))
        assert main(["samples", str(bundle), "--count", "2", "-o", output]) == 2
        assert message in capsys.readouterr().err
    assert not Path(output).exists()


def test_without_the_data_it_says_where_to_put_them(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SQUEEZEBAR_DATA", str(tmp_path))
    for arguments in (["quantise", folder / "net"], ["samples", folder / "w3"]):
        assert main([*map(str, arguments), "-o", str(tmp_path / "never")]) == 2
        assert "set SQUEEZEBAR_DATA to the folder that holds cifar10/" in capsys.readouterr().err


def test_checkpoints_can_be_small(folder, tmp_path):
    for name in ("first", "second"):
        assert main(["checkpoint", str(folder / "net"), "--half", "-o", str(tmp_path / name / "net16")]) == 2
        (tmp_path / name).mkdir()
        assert main(["checkpoint", str(folder / "net"), "--half", "-o", str(tmp_path / name / "net16")]) == 0
    assert same(tmp_path / "first", tmp_path / "second")
    small, source = checkpoint.load(tmp_path / "first" / "net16"), checkpoint.load(folder / "net")
    for name, array in source.parameters.items():
        exact = array.ndim == 1
        expected = array if exact else array.astype(np.float16).astype(np.float32)
        np.testing.assert_array_equal(small.parameters[name], expected, strict=True)
    size = {p: (p / "parameters.npz").stat().st_size for p in (folder / "net", tmp_path / "first" / "net16")}
    assert size[tmp_path / "first" / "net16"] < 0.55 * size[folder / "net"]
    assert (small.origin, small.network) == (source.origin, "resnet20") and len(small.commands) == 2
    assert (tmp_path / "first" / "net16" / "log.csv").read_bytes() == (folder / "net" / "log.csv").read_bytes()


def test_weights_beyond_float16_are_refused(folder, tmp_path, capsys):
    source = checkpoint.load(folder / "net")
    source.parameters["conv0.weight"][0] = 1e5
    checkpoint.save(source, "", tmp_path / "large")
    assert main(["checkpoint", str(tmp_path / "large"), "--half", "-o", str(tmp_path / "never")]) == 2
    assert "conv0.weight: holds numbers beyond float16" in capsys.readouterr().err


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The published checkpoint of ResNet-20 and CIFAR-10."""
    if not PUBLISHED.exists():
        pytest.skip(f"{PUBLISHED} is not there; set SQUEEZEBAR_DATA to the folder of networks and images")
    from prune import state_dict

    network = NETWORKS.get("resnet20")
    data = DATA_SETS.get("cifar10")()
    return network.build(), state_dict.read(PUBLISHED, network.build().parameter_shapes(), network.published), data


@pytest.mark.slow
def test_published_network_is_as_accurate_as_published(published):
    """91.73 % of all 10000 test images, which is 91.5 % of the first 1000."""
    from prune.training import accuracy

    assert accuracy(*published, limit=1000) == 0.915


@pytest.mark.slow
@pytest.mark.parametrize("scheme, least", [("uniform", 0.91), ("s_window", 0.88)])
def test_quantisation_keeps_the_accuracy(published, scheme, least):
    from prune_samples import with_scheme

    from prune.quantise import quantise

    graph, parameters, data = published
    network, folded = quantise("r", graph, parameters, data, *with_scheme(scheme, calibration_samples=32))
    codes = folded.preparation.codes(data, data.held_out.inputs[:1000], network.input.quantisation)
    logits = reference.run(network, codes, convolution.fastest(1000))
    assert reference.accuracy(logits, data.held_out.labels[:1000]) >= least
