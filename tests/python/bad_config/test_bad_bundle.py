# SPDX-License-Identifier: Apache-2.0
"""Every fault of a workload bundle is refused with its place in network.yaml, before anything is run."""
import hashlib
import re
import shutil

import numpy as np
import pytest


class Bundle:
    """A copy of a good bundle that can be broken in one place at a time."""

    def __init__(self, folder):
        self.folder = folder
        self.yaml = folder / "network.yaml"

    def edit(self, old, new):
        text = self.yaml.read_text()
        assert old in text, f"network.yaml has no {old!r}"
        self.yaml.write_text(text.replace(old, new, 1))

    def save(self, name, array):
        """Replaces a tensor; dtype, shape and checksum in network.yaml follow."""
        np.save(self.folder / name, array)
        self.describe(name, str(array.dtype), list(array.shape))
        self.sign(name)

    def describe(self, name, dtype, shape):
        self.replace_entry(name, r"dtype: \w+, shape: \[[^\]]*\]", f"dtype: {dtype}, shape: {shape}")

    def sign(self, name):
        digest = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        self.replace_entry(name, r"sha256: \w+", f"sha256: {digest}")

    def replace_entry(self, name, pattern, new):
        text, count = re.subn(rf"(file: {re.escape(name)}, .*?){pattern}", rf"\g<1>{new}", self.yaml.read_text(), count=1)
        assert count == 1, f"network.yaml has no {name} with {pattern}"
        self.yaml.write_text(text)

    def bytes(self, name, content, sign=True):
        (self.folder / name).write_bytes(content)
        if sign:
            self.sign(name)

    def load(self, name):
        return np.load(self.folder / name)

    def line(self, text):
        return next(i for i, line in enumerate(self.yaml.read_text().splitlines(), 1) if text in line)


@pytest.fixture
def bundle(repository, tmp_path):
    folder = tmp_path / "bundle"
    shutil.copytree(repository / "workloads" / "digits" / "dense", folder)
    return Bundle(folder)


@pytest.fixture
def check(squeezebar, repository, tmp_path):
    """Runs `squeezebar check` on the broken bundle and returns what it said."""

    def run(*overrides):
        base = repository / "configs" / "examples" / "digits_isaac.yaml"
        (tmp_path / "config.yaml").write_text(f"version: 1\ninclude: [{base}]\nworkload: {{bundle: bundle}}\n")
        options = [word for override in overrides for word in ("--set", override)]
        return squeezebar("check", "config.yaml", *options, cwd=tmp_path)

    return run


def refused(result, *parts):
    assert result.returncode == 2, f"exit code {result.returncode}\n{result.stdout}{result.stderr}"
    for part in parts:
        assert part in result.stderr


def npy_header(text):
    """A .npy file of version 1.0 with this header and no data."""
    text = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def test_the_unbroken_copy_is_fine(bundle, check):
    assert check().returncode == 0


def test_missing_folder(bundle, check):
    shutil.rmtree(bundle.folder)
    refused(check(), "config.yaml:3:20: error: workload.bundle: ", "bundle")


def test_folder_without_network(bundle, check):
    bundle.yaml.unlink()
    refused(check(), "network.yaml")


def test_missing_tensor(bundle, check):
    (bundle.folder / "conv2.weight.npy").unlink()
    refused(check(), f"network.yaml:{bundle.line('conv2.weight.npy')}:", "conv2.weight.npy")


@pytest.mark.parametrize("name", ["conv1.weight.npy", "inputs.npy", "labels.npy", "expected/outputs.npy"])
def test_changed_bytes(bundle, check, name):
    content = bytearray((bundle.folder / name).read_bytes())
    content[-1] ^= 1
    bundle.bytes(name, content, sign=False)
    refused(check(), f"network.yaml:{bundle.line(name)}:", "sha256")


@pytest.mark.parametrize("name", ["conv1.weight.npy", "conv1.bias.npy", "inputs.npy"])
@pytest.mark.parametrize("kept", [0, 5, 9, 40, -1])
def test_truncated_tensor(bundle, check, name, kept):
    bundle.bytes(name, (bundle.folder / name).read_bytes()[:kept])
    refused(check(), f"network.yaml:{bundle.line(name)}:", name)


def test_bytes_after_the_tensor(bundle, check):
    bundle.bytes("conv1.weight.npy", (bundle.folder / "conv1.weight.npy").read_bytes() + b"\0")
    refused(check(), "conv1.weight.npy")


HEADERS = {
    "huge": "{'descr': '|i1', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
    "overflow": "{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "negative": "{'descr': '|i1', 'fortran_order': False, 'shape': (-16, 1, 3, 3), }",
    "fortran": "{'descr': '|i1', 'fortran_order': True, 'shape': (16, 1, 3, 3), }",
    "big endian": "{'descr': '>i4', 'fortran_order': False, 'shape': (16, 1, 3, 3), }",
    "object": "{'descr': '|O', 'fortran_order': False, 'shape': (16, 1, 3, 3), }",
    "no shape": "{'descr': '|i1', 'fortran_order': False, }",
    "no map": "[1, 2, 3]",
    "code": "__import__('os').system('true')",
    "empty": "",
}


@pytest.mark.parametrize("name", HEADERS)
def test_header_of_a_tensor(bundle, check, name):
    bundle.bytes("conv1.weight.npy", npy_header(HEADERS[name]))
    refused(check(), f"network.yaml:{bundle.line('conv1.weight.npy')}:", "conv1.weight.npy")


def test_header_length_beyond_the_file(bundle, check):
    bundle.bytes("conv1.weight.npy", b"\x93NUMPY\x01\x00\xff\xff{'descr'")
    refused(check(), "conv1.weight.npy")


def test_other_version_of_the_tensor_format(bundle, check):
    bundle.bytes("conv1.weight.npy", b"\x93NUMPY\x03\x00\x10\x00\x00\x00" + b" " * 16)
    refused(check(), "conv1.weight.npy")


def test_shape_that_the_file_does_not_have(bundle, check):
    bundle.describe("conv1.weight.npy", "int8", [16, 1, 3, 4])
    refused(check(), f"network.yaml:{bundle.line('conv1.weight.npy')}:", "shape")


def test_dtype_that_the_file_does_not_have(bundle, check):
    bundle.describe("conv1.bias.npy", "int16", [16])
    refused(check(), f"network.yaml:{bundle.line('conv1.bias.npy')}:", "dtype")


def test_dtype_that_weights_cannot_have(bundle, check):
    bundle.save("conv1.weight.npy", bundle.load("conv1.weight.npy").astype(np.float64))
    refused(check(), "conv1.weight.dtype: must be int8 or int16")


def test_bias_of_another_length(bundle, check):
    bundle.save("conv1.bias.npy", np.zeros(15, np.int32))
    refused(check(), f"network.yaml:{bundle.line('conv1.bias.npy')}:", "bias")


def test_weights_for_other_inputs(bundle, check):
    bundle.save("conv2.weight.npy", np.ones((32, 15, 3, 3), np.int8))
    refused(check(), f"network.yaml:{bundle.line('- name: conv2')}:", "conv2")


def test_weights_beyond_their_bits(bundle, check):
    weights = bundle.load("conv1.weight.npy")
    weights[0, 0, 0, 0] = -128
    bundle.save("conv1.weight.npy", weights)
    refused(check(), f"network.yaml:{bundle.line('conv1.weight.npy')}:", "conv1.weight")


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_multiplier_that_is_no_scale(bundle, check, value):
    multiplier = bundle.load("conv1.multiplier.npy")
    multiplier[3] = value
    bundle.save("conv1.multiplier.npy", multiplier)
    refused(check(), "conv1.multiplier: must be finite and positive")


def test_labels_out_of_range(bundle, check):
    labels = bundle.load("labels.npy")
    labels[7] = 10
    bundle.save("labels.npy", labels)
    refused(check(), f"network.yaml:{bundle.line('labels.npy')}:", "samples.labels")


def test_labels_of_other_length(bundle, check):
    bundle.save("labels.npy", bundle.load("labels.npy")[:-1])
    refused(check(), "samples.labels.shape")


def test_inputs_of_another_shape(bundle, check):
    bundle.save("inputs.npy", bundle.load("inputs.npy")[:, :, :7])
    refused(check(), "samples.inputs.shape")


def test_no_samples(bundle, check):
    bundle.save("inputs.npy", bundle.load("inputs.npy")[:0])
    bundle.save("labels.npy", bundle.load("labels.npy")[:0])
    refused(check(), "samples.inputs")


@pytest.mark.parametrize("adc_bits", [8, 3])
def test_expected_outputs_of_another_arithmetic(bundle, check, squeezebar, tmp_path, adc_bits):
    """Found while running, whether or not the ADCs clip: the run fails and leaves nothing behind."""
    expected = bundle.load("expected/outputs.npy")
    expected[5, 2] += 1
    bundle.save("expected/outputs.npy", expected)
    assert check().returncode == 0
    result = squeezebar("run", "config.yaml", "-o", "out", "--set", f"adc.bits={adc_bits}", cwd=tmp_path)
    assert result.returncode == 1
    assert f"output 2 of sample 5 is {expected[5, 2] - 1}, but the bundle expects {expected[5, 2]}" in result.stderr
    assert not (tmp_path / "out").exists()


def test_expected_outputs_of_another_shape(bundle, check):
    bundle.save("expected/outputs.npy", bundle.load("expected/outputs.npy")[:, :9])
    refused(check(), "expected.outputs.shape")


# What network.yaml may not say: (old text, new text, what the message must contain).
EDITS = {
    "unknown operator": ("op: max_pool", "op: max_poll", ["pool2.op", "max_poll", "did you mean 'max_pool'?"]),
    "cycle": ("inputs: [conv1]", "inputs: [pool3]", ["is part of a cycle or depends on one"]),
    "layer of itself": ("inputs: [conv1]", "inputs: [conv2]", ["cycle"]),
    "unknown input": ("inputs: [conv1]", "inputs: [conv9]", ["conv2.inputs", "conv9"]),
    "unused layer": ("output: fc2", "output: fc1", ["fc2: its output is never used"]),
    "same name twice": ("- name: pool3", "- name: pool2", ["this name is used twice"]),
    "too many inputs": ("inputs: [conv1]", "inputs: [conv1, conv1]", ["conv2.inputs"]),
    "unknown output": ("output: fc2", "output: fc3", ["output: there is no layer 'fc3'"]),
    "unknown key": ("magnitude_bits: 7", "magnitude_bit: 7", ["unknown key 'magnitude_bit'", "did you mean 'magnitude_bits'?"]),
    "missing key": ("  magnitude_bits: 7\n", "", ["magnitude_bits", "missing"]),
    "missing attribute": ("{stride: [1, 1], padding: [1, 1, 1, 1]}", "{stride: [1, 1]}", ["padding"]),
    "unknown attribute": ("{stride: [1, 1], padding", "{groups: 2, stride: [1, 1], padding", ["groups"]),
    "zero stride": ("stride: [1, 1]", "stride: [0, 1]", ["stride"]),
    "huge padding": ("padding: [1, 1, 1, 1]", "padding: [1, 1, 1, 99999999999]", ["padding"]),
    "window beyond the image": ("kernel: [2, 2]", "kernel: [20, 20]", ["pool2"]),
    "no layers": ("layers:", "other: []\nlayerz:", ["layers"]),
    "wrong format": ("format: squeezebar-bundle", "format: something", ["format"]),
    "wrong version": ("version: 1", "version: 2", ["version"]),
    "too many bits": ("{bits: 8, signed: false, scale: 0.01894", "{bits: 17, signed: false, scale: 0.01894", ["bits"]),
    "scale of zero": ("scale: 0.06274509803921569", "scale: 0", ["scale"]),
    "infinite scale": ("scale: 0.06274509803921569", "scale: .inf", ["scale"]),
    "zero point out of range": ("zero_point: 0}\noutput", "zero_point: 256}\noutput", ["zero_point", "256"]),
    "clamp the wrong way": ("min: 0, max: 255}", "min: 255, max: 0}", ["conv1.output.min"]),
    "clamp out of range": ("min: 0, max: 255}", "min: 0, max: 256}", ["conv1.output.min"]),
    "pool that changes the scale": ("scale: 0.021657726425356294, zero_point: 0, min: 0, max: 255}\n- name: conv3",
                                    "scale: 0.02, zero_point: 0, min: 0, max: 255}\n- name: conv3", ["pool2"]),
    "image without size": ("shape: [1, 8, 8]", "shape: [1, 0, 8]", ["shape"]),
    "huge image": ("shape: [1, 8, 8]", "shape: [1, 2000000000, 2000000000]", ["shape"]),
    "file outside the bundle": ("file: conv1.weight.npy", "file: ../../conv1.weight.npy", ["conv1.weight"]),
    "absolute file": ("file: conv1.weight.npy", "file: /etc/passwd", ["conv1.weight"]),
    "checksum that is none": ("sha256: c9a679d3", "sha256: xyz", ["sha256"]),
    "duplicate key": ("  op: linear\n", "  op: linear\n  op: linear\n", ["given twice"]),
    "number in quotes": ("magnitude_bits: 7", "magnitude_bits: '7'", ["magnitude_bits"]),
    "open bracket": ("inputs: [conv1]", "inputs: [conv1", ["not valid YAML"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit_of_the_network(bundle, check, name):
    old, new, parts = EDITS[name]
    bundle.edit(old, new)
    result = check()
    refused(result, *parts)
    assert re.search(r"network\.yaml:\d+:\d+: error: ", result.stderr)


def test_signed_inputs_need_one_dac_bit(bundle, check):
    bundle.edit("zero_point: 0, min: 0, max: 255}\n- name: conv2", "zero_point: 0, min: 0, max: 127}\n- name: conv2")
    bundle.edit("{bits: 8, signed: false, scale: 0.01894", "{bits: 8, signed: true, scale: 0.01894")
    assert check().returncode == 0
    refused(check("dac.bits=2"), "--set dac.bits=2: error: dac.bits: must be 1, because layer 'conv2' has signed inputs")


def test_all_faults_are_told_at_once(bundle, check):
    bundle.edit("stride: [1, 1]", "stride: [0, 1]")
    bundle.edit("padding: [1, 1, 1, 1]", "padding: [1, 1, 1]")
    bundle.edit("scale: 0.01894598712086693", "scale: 0")
    bundle.edit("op: max_pool", "op: max_poll")
    refused(check(), "conv1.attributes.stride", "conv1.attributes.padding", "conv1.output.scale", "pool2.op")
