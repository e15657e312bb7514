# SPDX-License-Identifier: Apache-2.0
"""Which of many figures stand for accuracy, energy and latency, and which come first."""
MAIN = (
    "accuracy_top1",
    "energy_per_image_j",
    "latency_s",
    "throughput_images_per_s",
    "area_mm2",
    "tops_per_w",
    "tops_per_mm2",
    "power_w",
    "energy_j",
    "latency_first_image_s",
    "crossbars.allocated.total",
    "adc_clipped",
    "sqnr_db",
    "weight_error.relative",
    "weight_sparsity",
    "index_storage_bits.total",
    "adc_conversions",
    "bit_cycles",
)
_MORE_IS_BETTER = (
    "accuracy",
    "throughput",
    "tops",
    "sqnr",
    "peak.tops",
    "adc_saving.unweighted",
    "adc_saving.weighted",
    "adc_saving.weights.conv.",
    "adc_saving.weights.total.",
)


def more_is_better(name):
    return name.startswith(_MORE_IS_BETTER)


def known(sweep, name):
    """Whether any simulated point has this metric."""
    return name in sweep.table and bool(sweep.done[name].notna().any())


def accuracy(sweep):
    return _first(sweep, ("accuracy_top1",))


def energy(sweep):
    return _first(sweep, ("energy_per_image_j", "energy_j"))


def latency(sweep):
    """Of all images where every point ran as many; else of the first image, which does not depend on the number."""
    same = "images" not in sweep.table or sweep.done["images"].nunique() <= 1
    return _first(sweep, ("latency_s", "latency_first_image_s") if same else ("latency_first_image_s", "latency_s"))


def objectives(sweep):
    """Names of the accuracy, energy and latency columns, without those that no point has."""
    return [name for name in (accuracy(sweep), energy(sweep), latency(sweep)) if name]


def varying(sweep):
    """Metrics that differ between simulated points, the main ones first, then in the order of the table."""
    done = sweep.done
    names = [name for name in sweep.metrics if done[name].nunique(dropna=True) > 1]
    first = [name for name in MAIN if name in names]
    return first + [name for name in names if name not in first]


def _first(sweep, names):
    return next((name for name in names if known(sweep, name)), None)
