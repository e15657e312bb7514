# SPDX-License-Identifier: Apache-2.0
"""Bundles: written and read back the same, and refused when anything in them is wrong."""
import dataclasses
import filecmp
import hashlib
import os
import re
import shutil

import numpy as np
import pytest
from prune_samples import quantise_residual

from prune import reference
from prune.bundle import Bundle, yaml_text
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.cli import main
from prune.errors import UserError
from prune.quantised import TENSORS, Input, Layer, Quantisation, QuantisedNetwork


@pytest.fixture(scope="module")
def bundle():
    network, _, _, _, data = quantise_residual(zero_point=3)
    logits = reference.run(network, data.held_out.inputs)
    provenance = {
        "source": "random numbers",
        "quantised_accuracy_top1": reference.accuracy(logits, data.held_out.labels),
    }
    return Bundle(network, provenance, data.held_out.inputs, data.held_out.labels, logits[:4])


@pytest.fixture(scope="module")
def written(bundle, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    write_bundle(bundle, folder)
    return folder


@pytest.fixture
def folder(written, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(written, tmp_path / "b")


def edit(folder, old, new):
    """Replaces the only match of a regular expression in network.yaml."""
    path = folder / "network.yaml"
    text, count = re.subn(old, new, path.read_text(), flags=re.DOTALL)
    assert count == 1, f"{old!r} matches {count} times"
    path.write_text(text)


def replace_array(folder, file, array, dtype=None):
    """Overwrites a tensor's file and its reference, so that only the content is wrong."""
    np.save(folder / file, array)
    digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    shape = ", ".join(map(str, array.shape))
    new = f"file: {file}, dtype: {dtype or array.dtype.name}, shape: [{shape}], sha256: {digest}"
    edit(folder, f"file: {re.escape(file)}, dtype: \\w+, shape: [^]]*], sha256: \\w+", new)


def array(folder, file):
    return np.load(folder / file)


def test_reads_back_what_was_written(bundle, written):
    read = read_bundle(written)
    assert read.provenance == bundle.provenance
    assert (read.network.name, read.network.input, read.network.output) == ("residual", bundle.network.input, "fc")
    for a, b in zip(read.network.layers, bundle.network.layers):
        for field in dataclasses.fields(a):
            if field.name in TENSORS and getattr(b, field.name) is not None:
                np.testing.assert_array_equal(getattr(a, field.name), getattr(b, field.name), strict=True)
            else:
                assert getattr(a, field.name) == getattr(b, field.name)
    for name in ("inputs", "labels", "expected"):
        np.testing.assert_array_equal(getattr(read, name), getattr(bundle, name))


def test_same_bundle_gives_the_same_bytes(bundle, written, tmp_path):
    write_bundle(read_bundle(written), tmp_path)
    names = sorted(str(p.relative_to(written)) for p in written.rglob("*") if p.is_file())
    assert filecmp.cmpfiles(written, tmp_path, names, shallow=False) == (names, [], [])


def test_layers_may_stand_in_any_order(written, folder, bundle):
    document = yaml_text.load(folder / "network.yaml")
    document["layers"].reverse()
    yaml_text.dump(document, folder / "network.yaml")
    network = read_bundle(folder).network
    np.testing.assert_array_equal(reference.run(network, bundle.inputs[:4]), bundle.expected)


def test_samples_and_expected_outputs_are_optional(bundle, tmp_path):
    write_bundle(Bundle(bundle.network, bundle.provenance), tmp_path)
    read = read_bundle(tmp_path)
    assert read.inputs is None and check_bundle(read, tmp_path).images == 0


def test_check_compares_and_counts(written):
    check = check_bundle(read_bundle(written), written)
    assert (check.compared, check.images) == (4, 24)
    check = check_bundle(read_bundle(written), written, images=3)
    assert (check.compared, check.images) == (3, 3)


FILE_FAULTS = {
    "missing file": (
        lambda f: (f / "a.weight.npy").unlink(),
        r"a\.weight\.npy: cannot be read .* layer 'a': weight names it",
    ),
    "missing network": (lambda f: (f / "network.yaml").unlink(), r"network\.yaml: cannot be read"),
    "missing provenance": (lambda f: (f / "provenance.yaml").unlink(), r"provenance\.yaml: cannot be read"),
    "flipped byte": (
        lambda f: (f / "a.bias.npy").write_bytes((f / "a.bias.npy").read_bytes()[:-1] + b"\x55"),
        r"a\.bias\.npy: its SHA-256 is .* layer 'a': bias says .* restore the file",
    ),
    "truncated": (lambda f: os.truncate(f / "a.bias.npy", 100), "its SHA-256 is"),
    "not npy": (lambda f: spoil(f, "a.bias.npy", lambda data: b"hello" * 40), "is not a .npy file"),
    "short data": (
        lambda f: spoil(f, "a.bias.npy", lambda data: data[:-4]),
        "holds 12 bytes of data, its shape needs 16",
    ),
    "npy version": (lambda f: spoil(f, "a.bias.npy", lambda d: d[:6] + b"\x04" + d[7:]), "is .npy version 4.0"),
    "wrong dtype": (
        lambda f: replace_array(f, "a.bias.npy", array(f, "a.bias.npy").astype(np.int64), "int32"),
        "holds int64",
    ),
    "wrong shape": (
        lambda f: edit(f, r"(file: a\.bias\.npy, dtype: int32, shape: \[)4", r"\g<1>5"),
        r"has shape \[4\], .* layer 'a': bias says \[5\]",
    ),
    "big-endian": (
        lambda f: replace_array(f, "a.bias.npy", array(f, "a.bias.npy").astype(">i4"), "int32"),
        r"holds >i4, .* says int32",
    ),
    "Fortran order": (
        lambda f: replace_array(f, "a.weight.npy", np.asfortranarray(array(f, "a.weight.npy"))),
        "stored in Fortran order",
    ),
}


def spoil(folder, file, change):
    path = folder / file
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(change(path.read_bytes()))
    edit(folder, old, hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("fault", FILE_FAULTS)
def test_spoiled_files_are_refused(folder, fault):
    spoil_it, message = FILE_FAULTS[fault]
    spoil_it(folder)
    with pytest.raises(UserError, match=message):
        read_bundle(folder)


TEXT_FAULTS = {
    "other format": ("squeezebar-bundle", "tarball", "format: unknown value 'tarball'"),
    "other version": ("version: 1", "version: 2", "version: 2 is not a whole number from 1 to 1"),
    "unknown top key": ("output: fc\n", "output: fc\nmodel: x\n", "unknown key 'model'"),
    "unknown operator": (
        "op: max_pool",
        "op: min_pool",
        "layer 'pool': op: unknown value 'min_pool'; did you mean 'max_pool'",
    ),
    "unknown layer key": ("op: add", "op: add\n  colour: red", "layer 'sum': unknown key 'colour'"),
    "missing key": ("  op: add\n", "", "layer 'sum': key 'op' is missing"),
    "missing input": (r"inputs: \[b, stem\]", "inputs: [b, steam]", "layer 'sum': its input 'steam' does not exist"),
    "one input too few": (r"inputs: \[b, stem\]", "inputs: [b]", "layer 'sum': inputs: .* is not a list of 2 names"),
    "cycle": (r"(name: a\n  op: conv2d\n  inputs: \[)stem", r"\1sum", "layers a, b, sum.* form a cycle"),
    "name twice": ("name: b\n", "name: a\n", "layer 'a': the name is used twice"),
    "bad name": ("name: b\n", "name: ../b\n", "name '../b' is not a word"),
    "no such output": ("output: fc\n", "output: fd\n", "output 'fd' is not the name of a layer"),
    "path outside": (r"file: a\.bias\.npy", "file: ../a.bias.npy", "is not a path inside the bundle"),
    "absolute path": (r"file: a\.bias\.npy", "file: /a.bias.npy", "is not a path inside the bundle"),
    "kernel too large": (r"kernel: \[3, 3\]", "kernel: [9, 3]", "layer 'pool': its 9x3 kernel is larger"),
    "padding too large": (
        r"(kernel: \[3, 3\].*?padding: \[)1",
        r"\g<1>3",
        "layer 'pool': attributes: padding must be smaller",
    ),
    "zero stride": (r"(kernel: \[3, 3\], stride: \[)2", r"\g<1>0", "stride: .* is not a list of 2 whole numbers >= 1"),
    "pool changes scale": (r"(op: max_pool.*?scale: )[0-9.]+", r"\g<1>0.5", "layer 'pool': output: bits, .* copy them"),
    "magnitude": (r"(name: a\n.*?magnitude_bits: )7", r"\g<1>6", "layer 'a': weight: holds a magnitude of 64 or more"),
    "infinite": (r"multipliers: \[[0-9.]+", "multipliers: [.inf", "layer 'sum': attributes: multipliers"),
    "overflowing": (r"multipliers: \[[0-9.]+", "multipliers: [1e999", "layer 'sum': attributes: multipliers"),
    "zero point": ("zero_point: 3}", "zero_point: 256}", "input: zero_point: 256 is not a whole number from 0 to 255"),
    "bool as number": (r"(op: add.*?min: )0", r"\1true", "layer 'sum': output: min: True is not a whole number"),
    "text as number": ("version: 1", "version: '1'", "version: '1' is not a whole number"),
    "duplicate key": ("output: fc\n", "output: fc\noutput: fc\n", r"network\.yaml:6:1: key 'output' stands here twice"),
    "alias": (r"inputs: \[b, stem\]", "inputs: &x [b, *x]", "cannot stand inside its own anchor"),
    "broken YAML": (r"inputs: \[b, stem\]", "inputs: [b, stem", r"network\.yaml:\d+:\d+: "),
    "deep YAML": ("output: fc\n", "output: " + "[" * 2000 + "]" * 2000 + "\n", "nested too deeply"),
    "python object": ("output: fc\n", "output: !!python/name:os.system\n", "YAML tags are not allowed"),
    "bad tagged number": ("version: 1", "version: !!int 1", "YAML tags are not allowed"),
    "not a map": (".*", "- 1", "must hold a map"),
}


@pytest.mark.parametrize("fault", TEXT_FAULTS)
def test_wrong_network_yaml_is_refused(folder, fault):
    old, new, message = TEXT_FAULTS[fault]
    path = folder / "network.yaml"
    text, count = re.subn(old, lambda m: m.expand(new), path.read_text(), count=1, flags=re.DOTALL)
    assert count == 1
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        read_bundle(folder)


CONTENT_FAULTS = {
    "fc.multiplier.npy": (lambda a: a * np.nan, "layer 'fc': multiplier: must hold positive finite numbers"),
    "fc.weight_scale.npy": (lambda a: -a, "layer 'fc': weight_scale: must hold positive"),
    "fc.bias.npy": (lambda a: a[:-1], "layer 'fc': bias: must be int32 of shape"),
    "fc.weight.npy": (lambda a: a[:, :-1], "layer 'fc': weight: takes .* inputs, but 'mean' gives"),
    "a.weight.npy": (lambda a: a.astype(np.int32), "layer 'a': weight: must be int8 or int16 with 4 dimensions"),
    "inputs.npy": (lambda a: a[:, :1], r"inputs: must be of an integer type and shape \[N, 2, 6, 6\]"),
    "labels.npy": (lambda a: a + 5, r"labels: must lie in 0\.\.4"),
    "expected/outputs.npy": (lambda a: np.repeat(a, 10, axis=0), "holds more rows than there are samples"),
}


@pytest.mark.parametrize("file", CONTENT_FAULTS)
def test_wrong_tensors_are_refused(folder, file):
    change, message = CONTENT_FAULTS[file]
    replace_array(folder, file, np.ascontiguousarray(change(array(folder, file))))
    with pytest.raises(UserError, match=message):
        read_bundle(folder)


def test_minus_128_is_refused(folder):
    weight = array(folder, "a.weight.npy")
    weight[0, 0, 0, 0] = -128
    replace_array(folder, "a.weight.npy", weight)
    with pytest.raises(UserError, match="magnitude of 128 or more, but magnitude_bits is 7"):
        read_bundle(folder)


def test_link_to_outside_is_refused(folder, tmp_path):
    (folder / "a.bias.npy").rename(tmp_path / "elsewhere.npy")
    (folder / "a.bias.npy").symlink_to(tmp_path / "elsewhere.npy")
    with pytest.raises(UserError, match="is a link to outside the bundle"):
        read_bundle(folder)


def test_shapes_alone_are_left_to_the_simulator(folder):
    (folder / "network.yaml").write_text((folder / "network.yaml").read_text() + "synthetic: {seed: 1}\n")
    with pytest.raises(UserError, match="synthetic: .* check it with `squeezebar check`"):
        read_bundle(folder)


def test_a_bundle_without_weights_is_verified(tmp_path, capsys):
    q = Quantisation.full(8, False, 1.0, 0)
    network = QuantisedNetwork("flat", Input("x", (1, 2, 2), q), "relu", (Layer("relu", "relu", ("x",), {}, q),))
    write_bundle(Bundle(network, {}), tmp_path)
    assert main(["verify", str(tmp_path)]) == 0
    assert "flat: 1 layers, sparsity 0.00%" in capsys.readouterr().out


def test_what_occurs_twice_is_written_twice(tmp_path):
    twice = {"a": [1, 2]}
    yaml_text.dump({"x": twice, "y": twice}, tmp_path / "n.yaml")
    assert "&" not in (tmp_path / "n.yaml").read_text()


def test_other_expected_outputs_fail_the_check(folder):
    outputs = array(folder, "expected/outputs.npy")
    outputs[2, 1] += 1
    replace_array(folder, "expected/outputs.npy", outputs)
    with pytest.raises(UserError, match="differs from the integer reference in 1 codes, first at sample 2, output 1"):
        check_bundle(read_bundle(folder), "b")


def test_other_accuracy_fails_the_check(bundle):
    wrong = dataclasses.replace(bundle, provenance={"quantised_accuracy_top1": 1.5})
    with pytest.raises(UserError, match="provenance.yaml says 1.5"):
        check_bundle(wrong, "b")


@pytest.mark.parametrize("number", [1e-05, 0.1, 1e22, 5e-324, 1.7976931348623157e308, 1 / 3, 2.0])
def test_numbers_survive_yaml(tmp_path, number):
    yaml_text.dump({"x": number}, tmp_path / "n.yaml")
    assert yaml_text.load(tmp_path / "n.yaml") == {"x": number}


@pytest.mark.parametrize("text", ["null", "~", "Null", "NULL", ""])
def test_yaml_has_words_for_nothing(tmp_path, text):
    (tmp_path / "n.yaml").write_text(f"x: {text}\n")
    assert yaml_text.load(tmp_path / "n.yaml") == {"x": None}


@pytest.mark.parametrize("text", ["yes", "nULL", "0x1F", "010", "1_000", ".inf", "1:30", "2020-01-01", "<<"])
def test_other_yaml_scalars_are_texts(tmp_path, text):
    (tmp_path / "n.yaml").write_text(f"x: {text}\n")
    assert yaml_text.load(tmp_path / "n.yaml") == {"x": text}
