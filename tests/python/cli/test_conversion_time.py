# SPDX-License-Identifier: Apache-2.0
"""The length of a bit-cycle against exact fractions, through the whole program."""
import csv
import math
import random
from fractions import Fraction

import pytest

WAVES, BIT_CYCLES, TAIL_STAGES, COLUMNS = 64, 8, 4, 128  # of conv1 on SME's banks, with 8-bit inputs


@pytest.fixture
def bit_cycle(squeezebar, repository, tmp_path):
    """Cycles of a bit-cycle of the digits network's first layer under these keys."""

    def measure(clock, *keys):
        config = repository / "configs" / "examples" / "digits_sme.yaml"
        settings = [part for key in (f"chip.clock={clock} Hz", "run.images=1", *keys) for part in ("--set", key)]
        out = tmp_path / "run"
        result = squeezebar("run", config, *settings, "-o", out, "--force", "-q")
        assert result.returncode == 0, result.stderr
        with open(out / "layers.csv", newline="") as table:
            layer = next(row for row in csv.DictReader(table) if row["layer"] == "conv1")
        cycles = round(float(layer["latency_s"]) * clock)
        assert cycles % (WAVES * BIT_CYCLES + TAIL_STAGES) == 0
        return cycles // (WAVES * BIT_CYCLES + TAIL_STAGES)

    return measure


@pytest.mark.parametrize("bits", range(1, 13))
def test_a_comparison_takes_its_share(bit_cycle, bits):
    keys = (f"adc.bits={bits}", "adc.conversion_time=sar", "adc.rate=1 GHz", "adc.rate_bits=7", "crossbar.read_time=1 ns")
    assert bit_cycle(10**9, "adc.model=linear", *keys) == COLUMNS * (bits + 1) // 8


@pytest.mark.parametrize("seed", range(12))
def test_random_rates(bit_cycle, seed):
    draw = random.Random(seed)
    bits, rate_bits, clock = draw.randint(1, 12), draw.randint(1, 12), draw.randint(10**8, 2 * 10**9)
    rate = Fraction(draw.randint(10**6, 10**13), 1000)
    read = Fraction(draw.randint(1000, 10**8), 10**15)
    conversions = COLUMNS / (rate * (rate_bits + 1) / (bits + 1))
    overlap = draw.random() < 0.5
    exact = max(read, conversions) if overlap else read + conversions
    keys = (f"adc.rate={float(rate):.3f} Hz", f"adc.rate_bits={rate_bits}", f"adc.bits={bits}",
            f"crossbar.read_time={read * 10**15} fs", f"sample_hold.overlap={str(overlap).lower()}")
    assert bit_cycle(clock, "adc.model=linear", "adc.conversion_time=sar", *keys) == math.ceil(exact * clock)
