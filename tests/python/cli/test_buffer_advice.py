# SPDX-License-Identifier: Apache-2.0
"""Buffers that are too small: the size that is advised works, and values alone need none."""
import re

import pytest

ADVICE = re.compile(r"the least (buffer\.\w+) that works is (\d+) B")


@pytest.mark.parametrize("key", ["buffer.input_size", "buffer.output_size"])
@pytest.mark.parametrize("replicas", [1, 40])
def test_the_advice_is_exact(squeezebar, repository, key, replicas):
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    settings = ["--set", f"mapping.replicas={replicas}", "--set", "chip.tiles=128"]

    def check(size):
        return squeezebar("check", config, *settings, "--set", f"{key}={size} B")

    named = set(ADVICE.findall(check(1).stderr))
    assert len(named) == 1
    advised, size = named.pop()
    assert advised == key
    assert check(int(size)).returncode == 0
    assert check(int(size) - 1).returncode == 2


def test_values_alone_need_neither_buffers_nor_tiles(squeezebar, repository, tmp_path):
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    small = ["--set", "run.images=2", "--set", "run.outputs=true", "--set", "chip.tiles=1", "--set", "buffer.input_size=1 B",
             "--set", "tile.elements=1", "--set", "element.crossbars=2", "--set", "mapping.placement=longest_first"]
    assert squeezebar("check", config, *small).returncode == 2
    values = ["--set", "run.function=values"]
    assert squeezebar("check", config, *small, *values).returncode == 0
    assert squeezebar("run", config, *small, *values, "-o", tmp_path / "small", "-q").returncode == 0
    large = ["--set", "run.images=2", "--set", "run.outputs=true"]
    assert squeezebar("run", config, *large, "-o", tmp_path / "large", "-q").returncode == 0
    small_outputs, large_outputs = (next((tmp_path / name / "outputs").iterdir()).read_bytes() for name in ("small", "large"))
    assert small_outputs == large_outputs
