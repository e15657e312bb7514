# SPDX-License-Identifier: Apache-2.0
"""What a run gave, in a few sentences and cards."""
import dataclasses

from results.units import percent, si


@dataclasses.dataclass(frozen=True)
class Card:
    title: str
    figure: str
    lines: tuple


def verdict(run):
    """Three or four sentences about the run."""
    summary = run.summary
    text = [
        f"{summary['workload']} ran on {summary['crossbars']['allocated']['total']:,} crossbars with "
        f"{summary.get('mapping_scheme', 'unknown')} mapping; {_images(summary)} simulated."
    ]
    if run.timed:
        text.append(_energy(summary))
        text.append(f"The first image is ready after {si(summary['latency_first_image_s'], 's')}.")
    else:
        text.append("Values only were computed (run.function: values): there are no times and no energies.")
    if summary.get("accuracy_top1") is not None:
        text.append(
            f"{percent(summary['accuracy_top1'])} of the images are classified right, "
            f"{percent(summary.get('accuracy_reference_top1'))} by the integer reference."
        )
    return " ".join(text)


def _energy(summary):
    taken = f"An image takes {si(summary['energy_j'] / summary['images'], 'J')}"
    component, energy = max(summary["energy_by_component_j"].items(), key=lambda item: item[1])
    if energy <= 0:
        return f"{taken}."
    return f"{taken}, {percent(energy / summary['energy_j'], 3)} of it in the component {component}."


def _images(summary):
    return "1 image was" if summary["images"] == 1 else f"{summary['images']:,} images were"


def cards(run):
    """[Card] of the main figures; those of time and energy only where the run has them."""
    summary = run.summary
    found = _timed_cards(summary) if run.timed else []
    accuracy = summary.get("accuracy_top1")
    if accuracy is not None:
        lines = (
            f"integer reference {percent(summary.get('accuracy_reference_top1'))}",
            f"floating point {percent(summary.get('accuracy_float_top1'))}",
        )
        found.append(Card("Accuracy (top 1)", percent(accuracy), lines))
    crossbars = summary["crossbars"]
    found.append(
        Card(
            "Crossbars allocated",
            f"{crossbars['allocated']['total']:,}",
            tuple(
                f"{crossbars[key]['total']:,} {words}"
                for key, words in (("conventional", "conventional"), ("dense_sliced", "dense sliced"))
                if key in crossbars
            ),
        )
    )
    conversions = summary.get("adc_conversions") or 0
    clipped = percent((summary.get("adc_clipped") or 0) / conversions, 3) if conversions else "0 %"
    found.append(Card("ADC conversions", si(conversions), (f"{clipped} clipped", f"model: {summary.get('adc_model')}")))
    if summary.get("area_mm2"):
        found.append(Card("Chip area", si(summary["area_mm2"], "mm²"), ("every component, used or not",)))
    if summary.get("peak"):
        peak = summary["peak"]
        found.append(
            Card(
                "Peak efficiency",
                si(peak["tops_per_w"], "TOPS/W"),
                (si(peak["tops"], "TOPS"), si(peak["tops_per_mm2"], "TOPS/mm²")),
            )
        )
    return found


def _timed_cards(summary):
    images = summary["images"]
    rate = summary.get("throughput_images_per_s")
    return [
        Card(
            "Energy per image",
            si(summary["energy_j"] / images, "J"),
            (
                f"{si(summary['energy_j'], 'J')} for {images:,} {'image' if images == 1 else 'images'}",
                f"{si(summary['power_w'], 'W')} on average",
                si(summary["tops_per_w"], "TOPS/W"),
            ),
        ),
        Card(
            "Latency, first image",
            si(summary["latency_first_image_s"], "s"),
            (
                f"{si(summary['latency_s'], 's')} for all",
                f"{summary['cycles']:,} cycles of {si(summary['clock_hz'], 'Hz')}",
            ),
        ),
        Card("Images per second", si(rate), (f"{summary['tops']:.4g} TOPS", f"schedule: {summary['schedule']}")),
    ]


def notes(run):
    """What a reader must know: notes of the run, what was drawn instead of measured, and what is extrapolated."""
    summary = run.summary
    said = summary.get("notes", [])
    found = [
        f"Synthetic: {phrase}." for phrase in summary.get("synthetic", []) if not any(phrase in note for note in said)
    ]
    if summary.get("adc_extrapolated"):
        found.append(
            f"Extrapolated: the cost model “{summary['adc_model']}” of the ADC was not made for this resolution or rate."
        )
    found += [f"{note[:1].upper()}{note[1:]}." for note in said]
    if summary.get("devices") == "ideal":
        found.append("Devices: ideal (no variation, drift, wire resistance or stuck cells).")
    found.append(
        f"ADC cost model: {summary.get('adc_model')}. Cost models of ADCs differ widely; compare several before a conclusion."
    )
    return found
