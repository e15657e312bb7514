# SPDX-License-Identifier: Apache-2.0
"""Prints the main figures of a few run folders side by side.

Usage: summary_table.py LABEL=RUN_FOLDER...
"""

import json
import pathlib
import sys

PREFIXES = ((1e-15, "f"), (1e-12, "p"), (1e-9, "n"), (1e-6, "u"), (1e-3, "m"), (1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"))


def quantity(value, unit):
    """`value` in SI with four digits and the largest prefix that leaves at least one before the point."""
    if value is None:
        return "-"
    if value == 0:
        return f"0 {unit}"
    scale, prefix = next((p for p in reversed(PREFIXES) if abs(value) >= p[0]), PREFIXES[0])
    return f"{value / scale:.4g} {prefix}{unit}"


def percent(value):
    return "-" if value is None else f"{100 * value:.2f} %"


def adc_bits(summary):
    """The resolutions in use, from the histogram {bits: number of crossbars or converters}."""
    return ", ".join(sorted(summary["adc_bits_histogram"], key=int)) or "-"


def crossbars(summary):
    """Physical arrays in use: `allocated` counts all layers, or is split into total and conv."""
    allocated = summary["crossbars"]["allocated"]
    return f"{allocated['total'] if isinstance(allocated, dict) else allocated:,}"


ROWS = (
    ("images", lambda s: f"{s['images']:,}"),
    ("accuracy", lambda s: percent(s["accuracy_top1"])),
    ("accuracy, integer reference", lambda s: percent(s["accuracy_reference_top1"])),
    ("energy per image", lambda s: quantity(s["energy_j"] / s["images"], "J")),
    ("latency, first image", lambda s: quantity(s["latency_first_image_s"], "s")),
    ("throughput", lambda s: quantity(s["throughput_images_per_s"], "images/s")),
    ("crossbars", crossbars),
    ("ADC bits", adc_bits),
    ("ADC conversions", lambda s: f"{s['adc_conversions']:,}"),
    ("ADC conversions clipped", lambda s: f"{s['adc_clipped']:,}"),
)


def table(summaries):
    """Text lines: a header, then one line per figure; `summaries` is a list of (label, summary)."""
    cells = [[""] + [label for label, _ in summaries]]
    cells += [[name] + [show(summary) for _, summary in summaries] for name, show in ROWS]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return ["   " + row[0].ljust(widths[0]) + "".join("   " + text.rjust(width) for text, width in zip(row[1:], widths[1:]))
            for row in cells]


def main(arguments):
    summaries = []
    for argument in arguments:
        label, _, folder = argument.partition("=")
        summaries.append((label, json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))))
    print("\n".join(table(summaries)))


if __name__ == "__main__":
    main(sys.argv[1:])
