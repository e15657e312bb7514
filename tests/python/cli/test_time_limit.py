# SPDX-License-Identifier: Apache-2.0
"""Runs that take more simulated time than can be counted are refused, or end; they never hang."""
import pytest


@pytest.fixture
def slow(squeezebar, repository):
    """The digits network with one conversion per millisecond: 65.5 s an image."""
    config = repository / "configs" / "examples" / "digits_sme.yaml"

    def command(name, images, *options):
        return squeezebar(name, config, "--set", "adc.rate=1kHz", "--set", f"run.images={images}", *options)

    return command


def test_what_cannot_fit_is_refused_before_the_run(slow):
    for images in (290, 599):
        result = slow("check", images)
        assert result.returncode == 2
        assert "run.images: " in result.stderr
        assert "take at least" in result.stderr and "'conv1'" in result.stderr and "adc.rate" in result.stderr


def test_a_run_that_passes_the_limit_ends(slow, tmp_path):
    skipping = ("--set", "row_pipeline.input_zero_skip=true")  # so that no lower bound is known
    assert slow("check", 599, *skipping).returncode == 0
    result = slow("run", 599, *skipping, "-q", "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "of 599 images the run passes 18446.7 s of simulated time" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_longest_run_that_fits_is_whole(slow, tmp_path):
    assert slow("run", 280, "-q", "-o", tmp_path / "out").returncode == 0
