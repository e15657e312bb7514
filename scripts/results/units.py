# SPDX-License-Identifier: Apache-2.0
"""Numbers as text for people: SI prefixes, fractions as per cent, and names of columns as words."""
import math

_PREFIXES = (
    (1e15, "P"),
    (1e12, "T"),
    (1e9, "G"),
    (1e6, "M"),
    (1e3, "k"),
    (1, ""),
    (1e-3, "m"),
    (1e-6, "µ"),
    (1e-9, "n"),
    (1e-12, "p"),
    (1e-15, "f"),
    (1e-18, "a"),
)
_UNITS = {"J", "s", "W", "Hz", "B", "OP", "OP/s", "B/s", "bits"}  # that take a prefix
_BANDWIDTHS = {"B/s": 1, "KB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9}  # in which resolved.yaml gives them
_FRACTIONS = ("accuracy", "weight_sparsity")
_SUFFIXES = (("_j", "J"), ("_s", "s"), ("_w", "W"), ("_mm2", "mm²"), ("_hz", "Hz"), ("_bits", "bits"))
_WORDS = {
    "accuracy_top1": "Accuracy (top 1)",
    "accuracy_reference_top1": "Accuracy of the integer reference",
    "accuracy_float_top1": "Accuracy in floating point",
    "energy_j": "Energy, all images",
    "energy_per_image_j": "Energy per image",
    "latency_s": "Latency, all images",
    "latency_first_image_s": "Latency of the first image",
    "throughput_images_per_s": "Images per second",
    "area_mm2": "Chip area",
    "power_w": "Average power",
    "tops": "Operations (TOPS)",
    "tops_per_w": "Efficiency (TOPS/W)",
    "tops_per_mm2": "Density (TOPS/mm²)",
    "crossbars.allocated.total": "Crossbars allocated",
    "weight_sparsity": "Sparsity (zero weights)",
    "adc.bits": "ADC resolution (bits)",
    "sqnr_db": "SQNR (dB)",
}
_WEIGHTS = {"weighted": "conversions", "unweighted": "crossbars"}  # parts of `adc_saving`


def si(value, unit="", digits=4):
    """`value` with an SI prefix before `unit` ("3.458 µJ"); "–" for None and NaN."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if value == 0 or (unit and unit not in _UNITS):
        return f"{_plain(value, digits)} {unit}".rstrip()
    size = abs(float(f"{value:.{digits}g}"))  # rounded first: 999.99 k is 1 M
    scale, prefix = next(((s, p) for s, p in _PREFIXES if size >= s), _PREFIXES[-1])
    if not unit and scale < 1:
        return _plain(value, digits)
    return f"{_plain(value / scale, digits)} {prefix}{unit}".rstrip()


def bandwidth(text):
    """Bytes per second of a bandwidth in resolved.yaml ("12.8 GB/s"); None for any other text."""
    number, _, unit = text.partition(" ")
    try:
        return float(number) * _BANDWIDTHS[unit]
    except (ValueError, KeyError):
        return None


def _plain(value, digits):
    return f"{value:.{digits}g}"


def percent(value, digits=4):
    """A fraction as per cent; "–" for None."""
    return "–" if value is None else f"{100 * value:.{digits}g} %"


def is_fraction(name):
    """Whether the figure `name` is a fraction, which people read as per cent."""
    return name.startswith(_FRACTIONS)


def unit_of(name, given=""):
    """The unit of a figure: `given`, else what the end of its name says."""
    if given:
        return {"mm2": "mm²", "1/s": ""}.get(given, given)  # "images per second" says what 1/s would
    if "." in name:
        name = name.split(".")[0]
    return "" if name.endswith("_per_s") else next((unit for end, unit in _SUFFIXES if name.endswith(end)), "")


def words(name):
    """A name of a figure as a label: known ones in words, others as they are."""
    weight, _, of = name.removeprefix("adc_saving.").partition(".")
    if name.startswith("adc_saving.") and weight in _WEIGHTS:
        accounting, _, model = of.partition(".")
        return f"ADC energy saved by {_WEIGHTS[weight]}: {model}" + (", D.U.B." if accounting == "dub" else "")
    if name.startswith("energy_by_component_j."):
        return f"Energy, all images: {name.partition('.')[2]}"
    return _WORDS.get(name, name)
