# SPDX-License-Identifier: Apache-2.0
"""Configs for the command-line tests: a short run, and one that takes long enough to be stopped."""
import hashlib
import re
import shutil

import numpy as np
import pytest

from cli_sweeps import sweep, tables


@pytest.fixture
def short(repository, tmp_path):
    """A config of eight images."""
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    path = tmp_path / "short.yaml"
    path.write_text(f"version: 1\ninclude: [{base}]\nrun: {{images: 8, outputs: true}}\n")
    return path


@pytest.fixture
def long(repository, tmp_path):
    """A config whose run takes minutes: the samples of the digits network, 400 times over."""
    bundle = tmp_path / "bundle"
    shutil.copytree(repository / "workloads" / "digits" / "p70", bundle)
    text = (bundle / "network.yaml").read_text()
    for name in ("inputs.npy", "labels.npy"):
        array = np.tile(np.load(bundle / name), (400, 1, 1, 1) if name == "inputs.npy" else 400)
        np.save(bundle / name, array)
        digest = hashlib.sha256((bundle / name).read_bytes()).hexdigest()
        text = re.sub(rf"(file: {name}, dtype: \w+, shape: )\[\d+(.*?\], sha256: )\w+", rf"\g<1>[{len(array)}\g<2>{digest}", text)
    (bundle / "network.yaml").write_text(text)
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    path = tmp_path / "long.yaml"
    path.write_text(f"version: 1\ninclude: [{base}]\nworkload: {{bundle: bundle}}\n")
    return path


@pytest.fixture
def spec(short, tmp_path):
    """A sweep of six points of the eight-image run."""
    path = tmp_path / "spec.yaml"
    path.write_text(f"version: 1\nbase: {short.name}\naxes:\n  adc.bits: [3, 4, 5]\n  chip.clock: [1 GHz, 500 MHz]\n")
    return path


@pytest.fixture
def calm(squeezebar, tmp_path):
    """The tables of a sweep that nothing disturbs."""

    def run(spec):
        folder = tmp_path / "calm" / spec.stem
        if not folder.exists():
            sweep(squeezebar, spec, "-o", folder / "out")
        return tables(folder / "out")

    return run
