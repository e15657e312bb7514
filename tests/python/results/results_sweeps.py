# SPDX-License-Identifier: Apache-2.0
"""Writes folders of sweeps for the tests: invented figures that behave as those of simulations do.

As a program: results_sweeps.py FOLDER [REPLICATES [MORE_METRICS]].
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

_SPARSITY = {"digits-p50": 0.5, "digits-p70": 0.7, "digits-p90": 0.9}
_MODELS = {"isaac": 1.9, "survey": 0.6, "exponential": 1.4}
_AXES = ("workload", "adc.bits", "mapping.squeeze_degree", "noc.latency", "replicate")
_UNITS = {
    "energy_j": "J",
    "energy_per_image_j": "J",
    "latency_s": "s",
    "area_mm2": "mm2",
    "throughput_images_per_s": "1/s",
}


def points(replicates, seed):
    """DataFrame of the axes: every combination of their values, and a sampled value of noc.latency."""
    names = [name for name in _AXES if name != "noc.latency"]
    table = pd.MultiIndex.from_product(
        [_SPARSITY, (3, 4, 5, 6, 8), (0, 1, 2, 3), range(replicates)], names=names
    ).to_frame(index=False)
    table["noc.latency"] = np.random.default_rng(seed).uniform(1e-9, 9e-9, len(table))
    table["id"] = [hashlib.sha256(f"{seed}/{row}".encode()).hexdigest()[:16] for row in range(len(table))]
    return table


def results(table, images, random):
    """`table` with the metrics of every point; energies sum, and throughput follows from latency."""
    bits, degree = table["adc.bits"], table["mapping.squeeze_degree"]
    sparsity = table["workload"].map(_SPARSITY)
    adc = 2e-7 * bits * (1 - 0.1 * degree) * (1 - 0.5 * sparsity) * images
    rest = 1.1e-6 * (1 - 0.4 * sparsity) * images * random.uniform(0.98, 1.02, len(table))
    accuracy = (
        0.99 - 0.4 * np.exp(1.4 * (2.5 - bits)) - 0.02 * degree**2 * sparsity + random.normal(0, 0.004, len(table))
    )
    latency = 5.5e-5 * images * (8 + degree + table["noc.latency"] * 1e8) / 8 * random.uniform(0.99, 1.01, len(table))
    return table.assign(
        **{
            "accuracy_top1": np.round(np.clip(accuracy, 0.1, 1.0), 3),
            "energy_j": adc + rest,
            "latency_s": latency,
            "throughput_images_per_s": images / latency,
            "area_mm2": 1.2 + 0.05 * bits,
            "images": images,
            "crossbars.allocated.total": 112 - 14 * degree,
            "energy_by_component_j.adc": adc,
            "energy_by_component_j.rest": rest,
            "energy_per_image_j": (adc + rest) / images,
            "weight_sparsity": sparsity,
        },
        **{f"energy_by_adc_model_j.{name}": adc * factor * bits / 6 + rest for name, factor in _MODELS.items()},
        # A model without figures for 3 bits, and with few different ones for the others.
        **{"energy_by_adc_model_j.table": (2e-6 * bits * images).where(bits > 3)},
    )


def write_sweep(folder, replicates=2, failed=5, more_metrics=0, adc_models=True, seed=1):
    """Writes table.csv and table.json of 60 x `replicates` points, of which `failed` failed and one is missing;
    `more_metrics` columns of noise beside the usual ones. Returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    table = results(points(replicates, seed), 20, random)
    for number in range(more_metrics):
        table[f"energy_by_component_j.part{number}"] = random.random(len(table))
    if not adc_models:
        table = table[[name for name in table if "by_adc_model" not in name]]
    metrics = [name for name in table if name not in (*_AXES, "id")]
    table = table.assign(adc_model="linear", adc_extrapolated=np.where(table["adc.bits"] == 3, "true", "false"))
    metrics += ["adc_model", "adc_extrapolated"]
    lost = random.choice(len(table), failed + 1, replace=False) if failed else []
    status = np.full(len(table), "done", dtype=object)
    status[lost] = "failed"
    status[lost[-1:]] = "missing"
    table.loc[status != "done", metrics] = np.nan
    reason = np.where(status == "failed", "crossbars: 140 needed, the chip has 96; raise chip.tiles", "")
    run = [f"../points/{name[:2]}/{name}" for name in table["id"]]
    table = table.assign(point=np.arange(1, len(table) + 1), status=status, reason=reason, run=run)
    table = table[["point", "id", *_AXES, "status", "reason", "run", *metrics]]
    table.to_csv(folder / "table.csv", index=False, lineterminator="\n")
    (folder / "table.json").write_text(json.dumps(about(table, metrics), indent=1) + "\n", encoding="utf-8")
    return folder


def about(table, metrics):
    """table.json of a table."""
    done = int((table["status"] == "done").sum())
    columns = [{"name": "point", "role": "point", "unit": "", "description": "Number of the point."}]
    columns += [
        {"name": name, "role": "axis", "unit": "", "description": f"Axis {name}.", "keys": [name]} for name in _AXES
    ]
    columns += [
        {"name": name, "role": "status", "unit": "", "description": ""} for name in ("id", "status", "reason", "run")
    ]
    columns += [
        {
            "name": name,
            "role": "metric",
            "type": "text" if name.startswith("adc_") else "number",
            "unit": _UNITS.get(name, "J" if "energy" in name else ""),
            "description": f"The figure {name}.",
        }
        for name in metrics
    ]
    return {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "spec": "adc_sparsity.yaml",
        "base": "configs/examples/digits_sme.yaml",
        "points": len(table),
        "done": done,
        "failed": int((table["status"] == "failed").sum()),
        "reused": {"values": done // 2, "timing": done // 3, "nothing": done - done // 2},
        "columns": columns,
    }


if __name__ == "__main__":
    write_sweep(sys.argv[1], *map(int, sys.argv[2:3]), more_metrics=int(sys.argv[3]) if len(sys.argv) > 3 else 0)
