# SPDX-License-Identifier: Apache-2.0
"""Operations per second of each layer against what its lanes and its link could do.

Operations are 2 x multiply-accumulates of the dense layer, as in summary.json. A layer's intensity is operations per byte
that it receives over the network on chip; with `noc.model: fixed` each pair of connected layers has a link of
`noc.bandwidth`, so the layer can do no more than intensity x bandwidth. Nor can it do more than its lanes (replicas of
row groups) would if they never waited. The chip's peak (`peak.tops`) is for another precision than the network's where
`peak.weight_bits` and `peak.activation_bits` differ from it, so it is no bound of a layer.
"""
import math

import pandas as pd

from results import units

_STATES = {
    "busy_cycles": "busy",
    "stall_input_cycles": "wait for inputs",
    "stall_partial_sum_cycles": "wait for partial sums",
    "stall_output_cycles": "wait for the output buffer",
    "idle_cycles": "idle, other layers take longer",
}


def bandwidth(run):
    """Bytes per second of a link between two layers, None where the network on chip has no limit."""
    if run.value("noc.model") != "fixed" or run.value("noc.bandwidth") is None:
        return None
    return units.bandwidth(run.value("noc.bandwidth"))


def layers(run):
    """DataFrame indexed by layer, for layers with multiply-accumulates: `ops`, `bytes`, `intensity` (op/byte, NaN
    without traffic), `rate` (op/s over the layer's latency), `limit` (op/s), `bound` ("lanes" or "link": which of them
    is the limit) and `lanes` (what its lanes do most of the time)."""
    table = run.layers.set_index("layer")
    table = table[(table["rows"] > 0) & (table["latency_s"] > 0)]
    result = pd.DataFrame({"ops": 2.0 * table["rows"] * table["columns"] * table["waves"]})
    noc = run.energy[(run.energy["component"] == "noc") & (run.energy["layer"] != "")]
    result["bytes"] = noc.groupby("layer")["count"].sum().reindex(result.index).fillna(0)
    result["intensity"] = (result["ops"] / result["bytes"]).where(result["bytes"] > 0)
    result["rate"] = result["ops"] / table["latency_s"]
    lanes = table[[*_STATES]].sum(axis=1) / run.summary["cycles"]
    busy = result["ops"] * lanes * run.summary["clock_hz"] / table["busy_cycles"]
    link = result["intensity"] * (bandwidth(run) or math.inf)
    result["limit"] = busy.where(~(link < busy), link)
    result["bound"] = ["link" if less else "lanes" for less in link < busy]
    result["lanes"] = [_STATES[name] for name in table[[*_STATES]].idxmax(axis=1)]
    return result


def applies(run):
    """Whether the run has what `layers` needs, and operations that are counted as the summary counts them."""
    if not run.timed or not run.summary.get("peak"):
        return False
    products = run.layers["rows"] * run.layers["columns"] * run.layers["waves"]
    return bool(math.isclose(2.0 * products.sum(), run.summary.get("ops") or 0, rel_tol=1e-9))
